//! The cases of a run in batches: drawn, and fired as concurrently as the
//! workgroups allow, in an order that does not depend on it.

use futures_util::{StreamExt, stream};
use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};

use super::collect::Collected;
use super::event::Event;
use super::fire::Fired;
use super::ground::Ground;
use super::limits::Limits;
use super::property::Need;
use super::run::{DEFAULT_CASES, Plan};
use super::shard::ELSEWHERE;
use super::spent::Spent;
use super::stage::{Stage, Trouble};
use super::tally::Tally;
use crate::generate::Case;

/// How many consecutive cases of a property are fired on one workgroup, one
/// after the other: what one reads back, the next starts from.
const BATCH: usize = 4;

/// Some consecutive cases of one property.
struct Batch {
    /// Its place in the whole run, whatever the shard.
    number: usize,
    property: usize,
    first: usize,
    last: usize,
    ground: usize,
}

/// Fires every case of every property that the target can be asked.
pub(super) async fn fire_all(
    plan: &Plan,
    stage: &Stage,
    limits: &Limits,
    collected: &mut [Collected],
    tally: &mut Tally,
    spent: &mut Spent,
    tell: &mut dyn FnMut(Event<'_>),
) {
    let mut strata: Vec<Vec<BoxedStrategy<Case>>> = Vec::new();
    let mut planned = Vec::new();
    for (number, property) in plan.properties.iter().enumerate() {
        if let Some(missing) = property
            .needs
            .iter()
            .find(|need| stage.lacks(**need, &plan.profile))
        {
            collected[number].inapplicable = Some(missing.reason());
            strata.push(Vec::new());
            planned.push(0);
            continue;
        }
        let drawn_from = (property.strata)(&stage.fixtures);
        let cases = if drawn_from.is_empty() {
            0
        } else {
            property
                .share
                .cases(drawn_from.len(), plan.cases, DEFAULT_CASES)
        };
        planned.push(cases);
        strata.push(drawn_from);
    }
    let here =
        || batches(&planned, stage.grounds.len()).filter(|batch| plan.shard.holds(batch.number));
    for batch in here() {
        collected[batch.property].planned += batch.last - batch.first;
    }
    for (collected, planned) in collected.iter_mut().zip(&planned) {
        if *planned > 0 && collected.planned == 0 {
            collected.inapplicable = Some(ELSEWHERE);
        }
    }
    let concurrency = if stage.sessions.one_per_user {
        1
    } else {
        plan.profile.limits.concurrency
    };
    let strata = &strata;
    let mut fired = stream::iter(here())
        .map(|batch| async move {
            let results = fire_batch(plan, stage, limits, strata, &batch).await;
            (batch, results)
        })
        .buffered(concurrency);
    let mut running = None;
    while let Some((batch, results)) = fired.next().await {
        let collected = &mut collected[batch.property];
        if running != Some(batch.property) {
            running = Some(batch.property);
            tell(Event::Started {
                id: collected.property.id,
                cases: collected.planned,
            });
        }
        tell(Event::Fired {
            cases: results.len(),
        });
        for (index, case, result) in results {
            if let Some(Trouble::Gone(reason)) = &result.trouble {
                limits.gone(reason.clone());
            }
            tally.count(&result);
            spent.count(&result);
            collected.add(index, batch.ground, case, result);
        }
    }
}

/// Every batch of a run of that many cases of each property, in rounds: the
/// first case of every property, then the next few of each, and so on, so that
/// a run that ends early has seen something of everything. A case is played on
/// the same workgroup wherever it is fired.
fn batches(planned: &[usize], grounds: usize) -> impl Iterator<Item = Batch> {
    let most = planned.iter().copied().max().unwrap_or_default();
    let starts = std::iter::once(0).chain((1..most).step_by(BATCH));
    let of_round = move |first: usize| {
        let property = planned.iter().enumerate();
        property.filter_map(move |(property, cases)| {
            let last = if first == 0 { 1 } else { first + BATCH };
            (first < *cases).then_some((property, first, last.min(*cases)))
        })
    };
    let all = starts.flat_map(of_round).enumerate();
    all.map(move |(number, (property, first, last))| Batch {
        number,
        property,
        first,
        last,
        ground: number % grounds,
    })
}

/// The cases of one batch, one after the other on one workgroup.
async fn fire_batch(
    plan: &Plan,
    stage: &Stage,
    limits: &Limits,
    strata: &[Vec<BoxedStrategy<Case>>],
    batch: &Batch,
) -> Vec<(usize, Option<Case>, Fired)> {
    let property = &plan.properties[batch.property];
    let strata = &strata[batch.property];
    let mut results = Vec::new();
    let needs_witness = property.needs.contains(&Need::SecondWorkgroup);
    with_grounds(
        stage,
        batch.ground,
        needs_witness,
        async |ground, mut witness| {
            // Who looked last depends on the order of the batches.
            ground.known = None;
            if let Some(witness) = witness.as_deref_mut() {
                witness.known = None;
            }
            for index in batch.first..batch.last {
                if !limits.may_go_on() {
                    break;
                }
                let strategy = &strata[index % strata.len()];
                let Ok(tree) = strategy.new_tree(&mut plan.seed.runner(property.id, index)) else {
                    continue;
                };
                let case = tree.current();
                let fired = stage.fire(&case, ground, witness.as_deref_mut()).await;
                if let Some(Trouble::Gone(reason)) = &fired.trouble {
                    limits.gone(reason.clone());
                }
                // What showed nothing is drawn again where it is wanted.
                let case = Some(case).filter(|_| !fired.findings.is_empty());
                results.push((index, case, fired));
            }
        },
    )
    .await;
    results
}

/// Does something while holding a workgroup, and the next one as a witness
/// where one is needed. Locks are taken in the order of the profile, so that
/// no two holders wait for each other.
pub(super) async fn with_grounds<T>(
    stage: &Stage,
    ground: usize,
    needs_witness: bool,
    work: impl AsyncFnOnce(&mut Ground, Option<&mut Ground>) -> T,
) -> T {
    let witness = (ground + 1) % stage.grounds.len();
    if !needs_witness || witness == ground {
        let mut ground = stage.grounds[ground].lock().await;
        return work(&mut ground, None).await;
    }
    let mut first = stage.grounds[ground.min(witness)].lock().await;
    let mut second = stage.grounds[ground.max(witness)].lock().await;
    if ground < witness {
        work(&mut first, Some(&mut second)).await
    } else {
        work(&mut second, Some(&mut first)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_is_in_one_batch_and_every_property_begins_early() {
        let planned = [3, 0, 10, 1];
        let mut fired = vec![Vec::new(); planned.len()];
        let all: Vec<Batch> = batches(&planned, 2).collect();
        for batch in &all {
            fired[batch.property].extend(batch.first..batch.last);
        }
        for (fired, planned) in fired.iter().zip(planned) {
            assert_eq!(*fired, (0..planned).collect::<Vec<_>>());
        }
        let began: Vec<_> = all.iter().take(3).map(|batch| batch.property).collect();
        assert_eq!(began, [0, 2, 3]);
        let numbers = all.iter().map(|batch| batch.number);
        assert!(numbers.eq(0..all.len()));
    }
}
