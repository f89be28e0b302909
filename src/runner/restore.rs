//! The end of a run: every workgroup as it was before, every session ended.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::time::{Instant, timeout_at};

use super::bring_back::{LATE_PAUSE, Unrestored, Wanted, bring_back, remove_unseen};
use super::ground::Ground;
use super::limits::Limits;
use super::stage::Stage;

pub use super::bring_back::Restored;

/// After how many workgroups whose restoring was not answered the others are
/// left as they are.
const MOST_UNANSWERED: u32 = 2;

/// How long the sessions may take to end.
const LAST_MOMENTS: Duration = Duration::from_secs(1);

/// What the end of a run came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Restoring {
    /// The requests that it took.
    pub(super) requests: u64,
    /// The workgroups that were looked at and are not in order, in one sentence
    /// for all.
    pub(super) not_in_order: Option<String>,
}

/// Leaves every workgroup as it was before the run and ends every session, as far
/// as the time lasts.
pub(super) async fn restore(stage: &Stage, limits: &Limits, notes: &mut Vec<String>) -> Restoring {
    let mut requests = 0;
    let journal = "the journal knows what is left to be done: `icws-conformance cleanup`, or the next run, does it";
    if limits.is_gone() {
        let left = "the scratch workgroups may hold mailboxes of this run: the target is gone";
        notes.push(left.to_owned());
        if stage.leases.are_kept() {
            notes.push(journal.to_owned());
        }
        return Restoring::default();
    }
    let until = limits.restored_by();
    if limits.is_cut_off()
        && let Some(hook) = &stage.hooks.restore_resource
    {
        // What was cut off may have declared the resource removed.
        let about = if hook.is_about_one_workgroup() {
            stage.workgroups.len()
        } else {
            1
        };
        for workgroup in stage.workgroups.iter().take(about) {
            _ = timeout_at(until, stage.hook(Some(hook), None, workgroup)).await;
        }
    }
    let problems = restore_all(stage, limits, until, &mut requests).await;
    _ = timeout_at(until + LAST_MOMENTS, stage.sessions.end_all()).await;
    let not_in_order = problems.first().map(|first| {
        let remedy = if stage.leases.are_kept() {
            "; `icws-conformance cleanup` does it, or the next run"
        } else {
            ""
        };
        let count = match problems.len() {
            1 => "a workgroup".to_owned(),
            count => format!("{count} workgroups"),
        };
        format!("{count} could not be put in order: {first}{remedy}")
    });
    if !problems.is_empty() && stage.leases.are_kept() {
        notes.push(journal.to_owned());
    }
    notes.extend(problems.into_iter().skip(1));
    Restoring {
        requests,
        not_in_order,
    }
}

/// Restores every workgroup; answers why some are not in order.
async fn restore_all(
    stage: &Stage,
    limits: &Limits,
    until: Instant,
    requests: &mut u64,
) -> Vec<String> {
    let mut problems = Vec::new();
    match timeout_at(until, stage.bring_all_back()).await {
        Ok(Ok(())) => {}
        Ok(Err(trouble)) => problems.push(trouble.into_reason()),
        Err(_) => problems.push("the time to bring the resource back ran out".to_owned()),
    }
    let unanswered = AtomicU32::new(0);
    // Where nothing was late, the run has seen that a look shows what is there.
    let pause = match stage.lag.settling() {
        Some(settling) => settling.max(LATE_PAUSE),
        None if limits.is_cut_off() => LATE_PAUSE,
        None => Duration::ZERO,
    };
    let restored = stage.grounds.iter().map(|ground| async {
        let ground = ground.lock().await;
        let mut requests = 0;
        let tried = async {
            if unanswered.load(Ordering::Relaxed) >= MOST_UNANSWERED {
                return Err(Unrestored::Otherwise("not tried".to_owned()));
            }
            restore_one(stage, &ground, pause, &mut requests).await
        };
        let tried = timeout_at(until, tried).await;
        let problem = match tried {
            Ok(Ok(())) => None,
            Ok(Err(Unrestored::Unanswered(problem))) => {
                unanswered.fetch_add(1, Ordering::Relaxed);
                Some(problem)
            }
            Ok(Err(Unrestored::Otherwise(problem))) => Some(problem),
            Err(_) => Some("the time for it ran out".to_owned()),
        };
        let problem = problem.map(|problem| format!("`{}`: {problem}", ground.workgroup));
        (problem, requests)
    });
    let restored = stream::iter(restored).buffered(stage.at_once);
    let restored: Vec<(Option<String>, u64)> = restored.collect().await;
    *requests += restored.iter().map(|(_, sent)| sent).sum::<u64>();
    problems.extend(restored.into_iter().filter_map(|(told, _)| told));
    problems
}

async fn restore_one(
    stage: &Stage,
    ground: &Ground,
    pause: Duration,
    requests: &mut u64,
) -> Result<(), Unrestored> {
    let workgroup = &ground.workgroup;
    let Some(initial) = &ground.initial else {
        if !stage.leases.is_unseen(workgroup) {
            // One that was not looked at was not changed either, or cannot be.
            return Ok(());
        }
        let left = stage.leases.unseen(workgroup);
        remove_unseen(stage, workgroup, &left, requests).await?;
        return closed(stage, workgroup);
    };
    // The journal was begun before this run's own marker was put there, and may
    // owe more than this run.
    let held = stage.leases.held(workgroup);
    let held = held.as_deref().unwrap_or(initial);
    let wanted = Wanted {
        workgroup,
        held,
        may_go: &|object| stage.is_own(workgroup, object),
        pause,
    };
    bring_back(stage, &wanted, requests).await?;
    closed(stage, workgroup)
}

/// Forgets a workgroup that is in order.
fn closed(stage: &Stage, workgroup: &str) -> Result<(), Unrestored> {
    let ended = stage.leases.end(workgroup);
    ended
        .map_err(|error| Unrestored::Otherwise(format!("the journal could not be closed: {error}")))
}
