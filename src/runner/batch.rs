//! The cases of a run in batches: drawn, and fired as concurrently as the
//! workgroups allow, in an order that does not depend on it.

use std::collections::BTreeSet;
use std::ops::Range;

use futures_util::future::join_all;
use futures_util::{StreamExt, stream};
use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};

use super::around::Found;
use super::collect::Collected;
use super::event::Event;
use super::fire::Look;
use super::ground::{Ground, Witnesses};
use super::limits::{Enough, Limits};
use super::property::{Need, Property, Share};
use super::run::{DEFAULT_CASES, Goal, Plan};
use super::shard::ELSEWHERE;
use super::spent::Spent;
use super::stage::Stage;
use super::surroundings::scenes;
use super::tally::Tally;
use super::volley::{Shot, Volley};
use crate::contract::RuleId;
use crate::contract::rules::ISE_4;
use crate::generate::Case;

/// How many further cases of a property are fired on one workgroup, one
/// after the other: what one reads back, the next starts from.
const BATCH: usize = 8;

/// How many cases of the opening, or first cases of properties, make a batch.
const FIRST_BATCH: usize = 8;

/// Which cases of each property come in the first rounds.
const EARLY_ROUNDS: [Range<usize>; 3] = [0..1, 1..3, 3..7];

/// Of so many batches the cases of one have the workgroup to themselves, each after
/// the other: what happens to the first object, and to the last, is seen there.
const APART: usize = 13;

/// Cases with more bytes in their bodies are drawn when it is their turn.
const LARGE: usize = 1 << 14;

/// How many other workgroups a case watches at most.
const MOST_WITNESSES: usize = 15;

/// After how many requests of cases that were not answered in time no further
/// case is drawn.
const MOST_UNANSWERED: usize = 5;

/// The same, with those counted that set scenes and clean up: they are no
/// findings yet.
const MOST_UNANSWERED_IN_ALL: usize = 24;

/// Some cases that are fired one after the other on one workgroup.
struct Batch {
    /// Its place in the whole run, whatever the shard.
    number: usize,
    cases: Vec<Place>,
    ground: usize,
}

/// Where a case stands: its property, and its index there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    property: usize,
    index: usize,
}

/// How often a case is sent again, at the end of the run, that could not be judged
/// for something that may pass. Once it was tried again at once already.
const LATE_TRIES: usize = 2;

/// Where what came of the cases goes.
pub(super) struct Outcomes<'a> {
    /// The cases by property.
    pub(super) collected: &'a mut [Collected],
    /// What was checked and seen.
    pub(super) tally: &'a mut Tally,
    /// What was spent.
    pub(super) spent: &'a mut Spent,
    /// What is wrong with the updates that cleared away, each once.
    pub(super) clearing: &'a mut Vec<Found>,
    /// The property whose case came in last.
    pub(super) running: Option<usize>,
    /// Whoever wants to hear of it.
    pub(super) tell: &'a mut dyn FnMut(Event<'_>),
}

/// What is to be fired: the strategies of each property, and how many cases.
struct Drawing {
    strata: Vec<Vec<BoxedStrategy<Case>>>,
    planned: Vec<usize>,
}

/// A case that could not be judged for something that may pass, with its ground.
struct Postponed {
    ground: usize,
    shot: Shot,
}

/// Fires every case of every property that the target can be asked.
pub(super) async fn fire_all(
    plan: &Plan,
    stage: &Stage,
    limits: &Limits,
    outcomes: &mut Outcomes<'_>,
) {
    let drawing = Drawing::of(plan, stage, outcomes.collected);
    let order = Order::of(&plan.properties, &drawing.planned);
    let here = || {
        let all = batches(&drawing.planned, &order, stage.grounds.len());
        all.filter(|batch| plan.shard.holds(batch.number))
    };
    for place in here().flat_map(|batch| batch.cases) {
        outcomes.collected[place.property].planned += 1;
    }
    for (collected, planned) in outcomes.collected.iter_mut().zip(&drawing.planned) {
        if *planned > 0 && collected.planned == 0 {
            collected.inapplicable = Some(ELSEWHERE);
        }
    }
    let concurrency = if stage.sessions.one_per_user {
        1
    } else {
        plan.profile.limits.concurrency
    };
    let strata = &drawing.strata;
    let mut fired = stream::iter(here())
        .map(|batch| async move {
            let results = fire_batch(plan, stage, limits, strata, &batch).await;
            (batch.ground, results)
        })
        .buffered(concurrency);
    let mut watch = Watch::default();
    let mut postponed = Vec::new();
    while let Some((ground, results)) = fired.next().await {
        if limits.is_enough() {
            // Which cases were under way by then is a matter of chance.
            continue;
        }
        watch.count(plan.goal.as_ref(), &results);
        for shot in results {
            if shot.fired.may_pass() {
                postponed.push(Postponed { ground, shot });
            } else {
                outcomes.take(ground, shot, limits);
            }
        }
        watch.end_what_has_seen_enough(limits);
    }
    drop(fired);
    for Postponed { ground, mut shot } in postponed {
        let needs = plan.properties[shot.place.property].needs;
        let needs_witness = needs.contains(&Need::SecondWorkgroup);
        for _ in 0..LATE_TRIES {
            if !limits.may_draw() || !shot.fired.may_pass() {
                break;
            }
            shot = with_grounds(stage, ground, needs_witness, async |ground, witnesses| {
                shot.again(stage, ground, witnesses).await
            })
            .await;
        }
        outcomes.take(ground, shot, limits);
    }
}

impl Drawing {
    /// Asks each property what it has to draw for this target.
    fn of(plan: &Plan, stage: &Stage, collected: &mut [Collected]) -> Self {
        let mut drawing = Self {
            strata: Vec::new(),
            planned: Vec::new(),
        };
        for (number, property) in plan.properties.iter().enumerate() {
            let mut needs = property.needs.iter();
            let missing = needs.find(|need| stage.lacks(**need, &plan.profile));
            let strata = match missing {
                Some(missing) => {
                    collected[number].inapplicable = Some(missing.reason());
                    Vec::new()
                }
                None => (property.strata)(&stage.fixtures),
            };
            let share = property.share;
            drawing.planned.push(match strata.len() {
                0 => 0,
                all => share.cases(all, plan.cases, DEFAULT_CASES),
            });
            drawing.strata.push(strata);
        }
        drawing
    }
}

impl Outcomes<'_> {
    /// Takes in what came of the next case.
    fn take(&mut self, ground: usize, shot: Shot, limits: &Limits) {
        let Shot {
            place,
            case,
            mut fired,
        } = shot;
        for found in std::mem::take(&mut fired.of_clearing) {
            let mut told = self.clearing.iter();
            if !told.any(|told| (told.rule, &told.cause) == (found.rule, &found.cause)) {
                self.clearing.push(found);
            }
        }
        let collected = &mut self.collected[place.property];
        if self.running != Some(place.property) {
            self.running = Some(place.property);
            (self.tell)(Event::Started {
                id: collected.property.id,
                cases: collected.planned,
            });
        }
        (self.tell)(Event::Fired { cases: 1 });
        limits.heed(fired.trouble.as_ref());
        self.tally.count(&fired);
        self.spent.count(&fired);
        // What showed nothing is drawn again where it is wanted.
        let case = Some(case).filter(|_| !fired.findings.is_empty());
        collected.add(place.index, ground, case, fired);
    }
}

/// What ends a run before its cases do.
#[derive(Default)]
struct Watch {
    unanswered: usize,
    around: usize,
    is_met: bool,
}

impl Watch {
    /// Takes in what came of a batch.
    fn count(&mut self, goal: Option<&Goal>, results: &[Shot]) {
        let findings = results.iter().flat_map(|shot| &shot.fired.findings);
        for (_, finding) in findings {
            self.unanswered += usize::from(finding.rule == ISE_4);
            self.is_met |= goal.is_some_and(|goal| goal.is_met_by(finding));
        }
        let around = results.iter().map(|shot| shot.fired.unanswered);
        self.around += around.sum::<usize>();
    }

    /// Ends the run where it found what it looked for, or the rest would take hours.
    fn end_what_has_seen_enough(&self, limits: &Limits) {
        let in_all = self.unanswered + self.around;
        if self.is_met {
            limits.enough(Enough::Found);
        } else if self.unanswered >= MOST_UNANSWERED || in_all >= MOST_UNANSWERED_IN_ALL {
            limits.enough(Enough::Silent(in_all));
        }
    }
}

/// In which order the properties of a run begin, by their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Order {
    /// Those whose cases all come before any other's.
    opening: Vec<usize>,
    /// The first cases of the others: always the one next whose rules nothing
    /// before was aimed at are the most, so that a run says early what there is
    /// to say.
    firsts: Vec<usize>,
    /// The same in the order of the report.
    others: Vec<usize>,
}

impl Order {
    fn of(properties: &[Property], planned: &[usize]) -> Self {
        let asked = (0..properties.len()).filter(|number| planned[*number] > 0);
        let (opening, others): (Vec<usize>, Vec<usize>) =
            asked.partition(|number| properties[*number].share == Share::Opening);
        let rules = |number: &usize| properties[*number].rules.iter().copied();
        let mut aimed_at: BTreeSet<RuleId> = opening.iter().flat_map(rules).collect();
        let (mut left, mut firsts) = (others.clone(), Vec::new());
        while !left.is_empty() {
            let new = |number: &usize| {
                rules(number)
                    .filter(|rule| !aimed_at.contains(rule))
                    .count()
            };
            let most = left.iter().map(new).max();
            let next = left.iter().position(|number| Some(new(number)) == most);
            let next = left.remove(next.unwrap_or_default());
            aimed_at.extend(rules(&next));
            firsts.push(next);
        }
        Self {
            opening,
            firsts,
            others,
        }
    }
}

/// Every batch of a run of that many cases of each property: first the opening,
/// then in rounds the first case of every other property, the next two of each, the
/// next four, and so on, so that a run that ends early has seen something of
/// everything. A case is played on the same workgroup wherever it is fired.
fn batches(planned: &[usize], order: &Order, grounds: usize) -> impl Iterator<Item = Batch> {
    let place = |property| move |index| Place { property, index };
    let opening = order
        .opening
        .iter()
        .flat_map(|property| (0..planned[*property]).map(place(*property)));
    let firsts = order.firsts.clone();
    let early = EARLY_ROUNDS.into_iter().flat_map(move |round| {
        let of_round = firsts.clone().into_iter().flat_map(move |property| {
            let end = planned[property].min(round.end);
            (round.start.min(end)..end).map(place(property))
        });
        in_batches(of_round.collect())
    });
    let others = order.others.clone();
    let opening = in_batches(opening.collect());
    let most = others.iter().map(|property| planned[*property]).max();
    let [.., last] = EARLY_ROUNDS;
    let rounds = (last.end..most.unwrap_or_default()).step_by(BATCH);
    let later = rounds.flat_map(move |first| {
        let of_round = others.clone().into_iter().map(move |property| {
            let of_it = first..planned[property].min(first + BATCH);
            of_it.map(place(property)).collect::<Vec<_>>()
        });
        of_round.filter(|cases| !cases.is_empty())
    });
    let all = opening.into_iter().chain(early).chain(later).enumerate();
    all.map(move |(number, cases)| Batch {
        number,
        cases,
        ground: number % grounds,
    })
}

/// Cases of several properties in batches.
fn in_batches(places: Vec<Place>) -> Vec<Vec<Place>> {
    places.chunks(FIRST_BATCH).map(<[Place]>::to_vec).collect()
}

/// The cases of one batch, one after the other on one workgroup.
async fn fire_batch(
    plan: &Plan,
    stage: &Stage,
    limits: &Limits,
    strata: &[Vec<BoxedStrategy<Case>>],
    batch: &Batch,
) -> Vec<Shot> {
    let needs_witness = batch.cases.iter().any(|place| {
        let needs = plan.properties[place.property].needs;
        needs.contains(&Need::SecondWorkgroup)
    });
    with_grounds(
        stage,
        batch.ground,
        needs_witness,
        async |ground, witnesses| {
            if !stage.read_back {
                ground.known = None;
            }
            let draw = |place: &Place| draw(plan, stage, strata, place);
            let look = if batch.number % APART == APART - 1 {
                Look::Later
            } else {
                Look::Shared
            };
            // The large ones would decide how much memory a run takes.
            let is_small = |case: &Case| case.body_bytes() <= LARGE;
            let drawn = batch.cases.iter().map(|place| draw(place).filter(is_small));
            let mut drawn: Vec<Option<Case>> = drawn.collect();
            let of_those = drawn.iter().flatten().filter(|case| stage.may_share(case));
            let mut volley = Volley::new(stage, look, scenes(of_those));
            for (place, drawn) in batch.cases.iter().zip(&mut drawn) {
                if !limits.may_draw() {
                    break;
                }
                let Some(case) = drawn.take().or_else(|| draw(place)) else {
                    continue;
                };
                let property = &plan.properties[place.property];
                let watched = property.needs.contains(&Need::SecondWorkgroup);
                let watching = if watched { witnesses.len() } else { 0 };
                let witnesses = &mut witnesses[..watching];
                let case = in_its_form(plan, place, case);
                volley.fire(*place, case, ground, witnesses).await;
                limits.heed(volley.trouble());
            }
            volley.end(ground).await
        },
    )
    .await
}

/// Draws a case.
fn draw(
    plan: &Plan,
    stage: &Stage,
    strata: &[Vec<BoxedStrategy<Case>>],
    place: &Place,
) -> Option<Case> {
    let property = &plan.properties[place.property];
    let strata = &strata[place.property];
    let strategy = &strata[stratum(place.index, strata.len())];
    let mut runner = plan.seed.runner(property.id, place.index);
    let case = strategy.new_tree(&mut runner).ok()?.current();
    let case = case.in_turn(place.index);
    Some(if stage.sessions.has_restricted() {
        case
    } else {
        case.without_the_restricted()
    })
}

/// Three of four cases of a property in another form, beside the plain one.
fn in_its_form(plan: &Plan, place: &Place, case: Case) -> (Case, Option<Case>) {
    if place.index.is_multiple_of(4) {
        return (case, None);
    }
    let property = plan.properties[place.property].id;
    match case.in_drawn_form(plan.seed.form(property, place.index)) {
        Some(in_form) => (in_form, Some(case)),
        None => (case, None),
    }
}

/// Which of that many strategies a case is drawn from: each in its turn, the
/// first one first, and then far from those before, so that the first cases of
/// a property are of many kinds.
fn stratum(index: usize, strata: usize) -> usize {
    // The golden section leaves the largest gaps between neighbours.
    let wanted = (strata as f64 * 0.618).round() as usize;
    let stride = (wanted.max(1)..).find(|stride| coprime(*stride, strata));
    index * stride.unwrap_or(1) % strata
}

const fn coprime(mut one: usize, mut other: usize) -> bool {
    while other > 0 {
        (one, other) = (other, one % other);
    }
    one == 1
}

/// Does something while holding a workgroup, and others as witnesses where they
/// are needed, the next one first. Whoever comes first queues for all of them
/// first: no two holders wait for each other, and what happens on a workgroup
/// happens in the same order at any concurrency.
pub(super) async fn with_grounds<T>(
    stage: &Stage,
    ground: usize,
    needs_witness: bool,
    work: impl AsyncFnOnce(&mut Ground, &mut Witnesses<'_>) -> T,
) -> T {
    let all = stage.grounds.len();
    let most = if needs_witness { MOST_WITNESSES } else { 0 };
    let distance = |place: usize| (place + all - ground) % all;
    let mut places: Vec<usize> = (0..all).filter(|place| distance(*place) <= most).collect();
    places.sort_by_key(|place| distance(*place));
    let locks = places.iter().map(|place| stage.grounds[*place].lock());
    let mut held = join_all(locks).await;
    let (ground, witnesses) = held.split_first_mut().expect("a ground is no distance off");
    for witness in witnesses.iter_mut() {
        // As for the ground: somebody else held it.
        witness.known = None;
    }
    work(ground, witnesses).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::rules::{OK_1, OK_2, OK_3, OK_5, REP_1};

    #[test]
    fn every_case_is_in_one_batch_and_every_property_begins_early() {
        let planned = [3, 0, 10, 1];
        let order = Order {
            opening: vec![3],
            firsts: vec![2, 0],
            others: vec![0, 2],
        };
        let mut fired = vec![Vec::new(); planned.len()];
        let all: Vec<Batch> = batches(&planned, &order, 2).collect();
        let places: Vec<Place> = all.iter().flat_map(|batch| batch.cases.clone()).collect();
        for place in &places {
            fired[place.property].push(place.index);
        }
        for (fired, planned) in fired.iter().zip(planned) {
            assert_eq!(*fired, (0..planned).collect::<Vec<_>>());
        }
        let began: Vec<_> = places.iter().take(3).map(|place| place.property).collect();
        assert_eq!(began, [3, 2, 0]);
        let numbers = all.iter().map(|batch| batch.number);
        assert!(numbers.eq(0..all.len()));
    }

    #[test]
    fn what_is_aimed_at_new_rules_begins_first() {
        const fn property(share: Share, rules: &'static [RuleId]) -> Property {
            Property {
                id: "family/words",
                says: "",
                rules,
                needs: &[],
                share,
                strata: |_| Vec::new(),
            }
        }
        let properties = [
            property(Share::Strata, &[OK_1]),
            property(Share::Strata, &[OK_1, REP_1]),
            property(Share::Strata, &[REP_1]),
            property(Share::Opening, &[OK_1]),
            property(Share::Strata, &[OK_2, OK_3]),
            property(Share::Strata, &[OK_5]),
        ];
        let order = Order::of(&properties, &[1, 1, 1, 1, 1, 0]);
        assert_eq!(order.opening, [3]);
        assert_eq!(order.firsts, [4, 1, 0, 2]);
        assert_eq!(order.others, [0, 1, 2, 4]);
    }

    #[test]
    fn every_stratum_has_its_turn_and_the_first_is_first() {
        for strata in 1..200 {
            let mut turns: Vec<_> = (0..strata).map(|index| stratum(index, strata)).collect();
            assert_eq!(turns[0], 0);
            turns.sort_unstable();
            assert!(turns.into_iter().eq(0..strata), "{strata}");
        }
        assert_eq!([1, 2, 3].map(|index| stratum(index, 100)), [63, 26, 89]);
    }
}
