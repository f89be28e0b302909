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
use super::stage::{Stage, Trouble};
use super::tally::Tally;
use crate::generate::Case;

/// How many consecutive cases of a property are fired on one workgroup, one
/// after the other: what one reads back, the next starts from.
const BATCH: usize = 4;

/// Some consecutive cases of one property.
struct Batch {
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
    tell: &mut dyn FnMut(Event<'_>),
) {
    let mut strata: Vec<Vec<BoxedStrategy<Case>>> = Vec::new();
    let mut batches = Vec::new();
    let mut numbered = 0;
    for (number, property) in plan.properties.iter().enumerate() {
        if let Some(missing) = property
            .needs
            .iter()
            .find(|need| stage.lacks(**need, &plan.profile))
        {
            collected[number].inapplicable = Some(missing.reason());
            strata.push(Vec::new());
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
        collected[number].planned = 0;
        for first in (0..cases).step_by(BATCH) {
            let last = (first + BATCH).min(cases);
            // Numbered through the whole run, whatever the shard: a case is
            // played on the same workgroup wherever it is fired.
            let ground = numbered % stage.grounds.len();
            if plan.shard.holds(numbered) {
                collected[number].planned += last - first;
                batches.push(Batch {
                    property: number,
                    first,
                    last,
                    ground,
                });
            }
            numbered += 1;
        }
        if cases > 0 && collected[number].planned == 0 {
            collected[number].inapplicable = Some(ELSEWHERE);
        }
        strata.push(drawn_from);
    }
    let concurrency = if stage.sessions.one_per_user {
        1
    } else {
        plan.profile.limits.concurrency
    };
    let strata = &strata;
    let mut fired = stream::iter(batches)
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
            collected.add(index, batch.ground, case, result);
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
) -> Vec<(usize, Case, Fired)> {
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
