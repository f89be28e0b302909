//! One run: from a plan to a report. First every case is fired, then what was
//! found is shrunk, then the target is left as it was.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use thiserror::Error;
use tokio_util::sync::CancellationToken;

use super::collect::Collected;
use super::event::Event;
use super::fire::Fired;
use super::ground::Ground;
use super::outcome::{Report, TargetReport};
use super::preflight::{Ready, prepare};
use super::property::{Need, Property};
use super::seed::Seed;
use super::shard::Shard;
use super::shrink::Budget;
use super::spent::Spent;
use super::stage::{Stage, Trouble};
use super::tally::Tally;
use crate::client::ClientError;
use crate::generate::Case;
use crate::target::Profile;

/// The number of cases of a property that draws freely, unless asked for more.
pub const DEFAULT_CASES: usize = 48;

/// How many consecutive cases of a property are fired on one workgroup, one
/// after the other: what one reads back, the next starts from.
const BATCH: usize = 4;

/// What is to be run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The target.
    pub profile: Profile,
    /// The properties, in the order of the report.
    pub properties: Vec<Property>,
    /// Where every case derives from.
    pub seed: Seed,
    /// The cases of a property that draws freely; [`DEFAULT_CASES`] unless
    /// the user asked for another number.
    pub cases: usize,
    /// Which of the cases are fired; [`Shard::WHOLE`] for all.
    pub shard: Shard,
    /// The time after which no further case is started.
    pub max_time: Option<Duration>,
    /// Cancelled when the user wants an end: nothing more is started, and the
    /// target is left in order.
    pub stop: CancellationToken,
}

/// Why there is nothing to report.
#[derive(Debug, Error)]
pub enum RunError {
    /// The profile's origin or certificates cannot be used: a matter of usage.
    #[error("failed to prepare the client: {0}")]
    Client(#[from] ClientError),
    /// The target cannot be judged at all: not reached, no session, broken
    /// fixtures. The text is one clear message.
    #[error("{0}")]
    Target(String),
}

/// When a run ends before its time.
#[derive(Debug)]
pub(super) struct Limits {
    deadline: Option<Instant>,
    stop: CancellationToken,
    gone: OnceLock<String>,
}

impl Limits {
    /// Whether another case may be started.
    pub(super) fn may_go_on(&self) -> bool {
        self.gone.get().is_none() && !self.stop.is_cancelled() && !self.is_late()
    }

    fn is_late(&self) -> bool {
        self.deadline
            .is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// Notes that the target stopped answering.
    pub(super) fn gone(&self, reason: String) {
        // The first reason stands; later ones follow from it.
        let _ = self.gone.set(reason);
    }

    /// Why the run ended early, if it did.
    pub(super) fn reason(&self) -> Option<String> {
        if let Some(reason) = self.gone.get() {
            Some(reason.clone())
        } else if self.stop.is_cancelled() {
            Some("the run was interrupted".to_owned())
        } else if self.is_late() {
            Some("the time of --max-time ran out".to_owned())
        } else {
            None
        }
    }
}

/// Some consecutive cases of one property.
struct Batch {
    property: usize,
    first: usize,
    last: usize,
    ground: usize,
}

/// Runs the plan, telling what happens as it happens.
///
/// # Errors
/// Where nothing could be judged at all. A target that vanishes in mid-run is
/// no error: the report says so.
pub async fn run(plan: Plan, tell: &mut dyn FnMut(Event<'_>)) -> Result<Report, RunError> {
    let started = Instant::now();
    let ready = prepare(&plan).await?;
    tell(Event::Ready {
        properties: plan.properties.len(),
    });
    let limits = Limits {
        deadline: plan.max_time.map(|time| started + time),
        stop: plan.stop.clone(),
        gone: OnceLock::new(),
    };
    let Ready {
        stage,
        mut notes,
        mut requests,
        mut accepted,
        mut rejected,
    } = ready;
    let mut tally = Tally::default();
    let mut collected: Vec<Collected> = plan
        .properties
        .iter()
        .map(|property| Collected::new(*property))
        .collect();
    let mut spent = Spent::new(requests);
    fire_all(
        &plan,
        &stage,
        &limits,
        &mut collected,
        &mut tally,
        &mut spent,
        tell,
    )
    .await;
    let early = limits.reason();
    let budget = Budget::new(&limits);
    let mut reports = Vec::new();
    for collected in collected {
        accepted |= collected.accepted;
        rejected |= collected.rejected;
        let report = collected
            .conclude(&stage, &budget, early.as_deref(), &mut notes, tell)
            .await;
        requests += report.requests;
        tell(Event::Finished(&report));
        reports.push(report);
    }
    requests += restore(&stage, &limits, &mut notes).await;
    let mut unjudged = Vec::new();
    unjudged.extend(limits.reason());
    if !accepted {
        unjudged.push(
            "no update was accepted: the run did not reach the target's own logic".to_owned(),
        );
    }
    if !rejected {
        unjudged.push(
            "no update was refused: the run did not reach the target's own validation".to_owned(),
        );
    }
    if stage.sessions.lost() > 0 {
        notes.push(format!(
            "the target dropped a live session {} times; it was opened again",
            stage.sessions.lost()
        ));
    }
    let secrets = stage.client.secrets();
    let report = Report {
        seed: plan.seed,
        target: TargetReport {
            name: plan.profile.name.clone(),
            base_url: stage.base_url.clone(),
            feature_version: stage.feature_version,
            accept_invalid: plan.profile.tls.accept_invalid,
        },
        requests,
        cases: reports.iter().map(|report| report.cases).sum(),
        first_breach: spent.first_breach,
        elapsed_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        rules: tally.rules(&reports),
        open: tally.open(secrets),
        outlines: tally.outlines(secrets),
        properties: reports,
        unjudged: unjudged
            .iter()
            .map(|reason| secrets.redact(reason).to_string())
            .collect(),
        notes: notes
            .iter()
            .map(|note| secrets.redact(note).to_string())
            .collect(),
    };
    tell(Event::Done(&report));
    Ok(report)
}

/// Fires every case of every property that the target can be asked.
async fn fire_all(
    plan: &Plan,
    stage: &Stage,
    limits: &Limits,
    collected: &mut [Collected],
    tally: &mut Tally,
    spent: &mut Spent,
    tell: &mut dyn FnMut(Event<'_>),
) {
    let mut strata: Vec<Vec<BoxedStrategy<Case>>> = Vec::new();
    let mut batches = Vec::new();
    let mut numbered = 0;
    for (number, property) in plan.properties.iter().enumerate() {
        if let Some(missing) = property.needs.iter().find(|need| !offers(stage, **need)) {
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
            collected[number].inapplicable = Some("its cases are in other shards");
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
            spent.count(&result);
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

fn offers(stage: &Stage, need: Need) -> bool {
    let hooks = &stage.hooks;
    match need {
        Need::ReadBack => stage.read_back,
        Need::RestrictedUser => stage.sessions.has_restricted(),
        Need::AnotherSession => stage.sessions.has_restricted() || !stage.sessions.one_per_user,
        Need::ExpireSession => hooks.expire_session.is_some(),
        Need::FailNext => hooks.fail_next.is_some(),
        Need::RemoveResource => hooks.remove_resource.is_some() && hooks.restore_resource.is_some(),
        Need::SecondWorkgroup => stage.grounds.len() > 1,
        Need::LosableFolder => !stage.fixtures.folder_losing_moves().is_empty(),
    }
}

/// Leaves every workgroup as it was before the run and ends every session;
/// answers the requests that this took.
async fn restore(stage: &Stage, limits: &Limits, notes: &mut Vec<String>) -> u64 {
    let mut requests = 0;
    if limits.gone.get().is_none() {
        for ground in &stage.grounds {
            let mut ground = ground.lock().await;
            if let Err(problem) = restore_one(stage, &mut ground, &mut requests).await {
                notes.push(format!(
                    "`{}` could not be restored: {problem}",
                    ground.workgroup
                ));
            }
        }
        stage.sessions.end_all().await;
    } else {
        notes.push(
            "the scratch workgroups may hold mailboxes of this run: the target is gone".to_owned(),
        );
    }
    requests
}

async fn restore_one(stage: &Stage, ground: &mut Ground, requests: &mut u64) -> Result<(), String> {
    if ground.initial.is_none() {
        return Ok(());
    }
    let in_words = |trouble| match trouble {
        Trouble::Inconclusive(text) | Trouble::Gone(text) => text,
    };
    for _ in 0..2 {
        let now = stage
            .read(&ground.workgroup, requests)
            .await
            .map_err(in_words)?;
        let Some(update) = ground.restoring(&now) else {
            return Ok(());
        };
        stage
            .update(&ground.workgroup, &update, requests)
            .await
            .map_err(in_words)?;
    }
    let now = stage
        .read(&ground.workgroup, requests)
        .await
        .map_err(in_words)?;
    match ground.restoring(&now) {
        None => Ok(()),
        Some(_) => Err("it does not hold what it held before".to_owned()),
    }
}
