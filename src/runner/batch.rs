//! The cases of a run in batches: drawn, and fired as concurrently as the
//! workgroups allow, in an order that does not depend on it.

use futures_util::future::join_all;
use futures_util::{StreamExt, stream};
use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};

use super::around::Found;
use super::collect::Collected;
use super::event::Event;
use super::fire::Look;
use super::ground::{Ground, Witnesses};
use super::limits::{Enough, Limits};
use super::order::{Batch, Order, Place, batches, stratum};
use super::property::Need;
use super::run::{DEFAULT_CASES, Goal, Plan};
use super::shard::ELSEWHERE;
use super::spent::Spent;
use super::stage::Stage;
use super::surroundings::scenes;
use super::tally::Tally;
use super::volley::{Shot, Volley};
use crate::contract::rules::ISE_4;
use crate::generate::Case;

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
