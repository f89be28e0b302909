//! The end of a run: every workgroup as it was before, every session ended. And
//! how a workgroup comes to hold again what it held.

use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::{StreamExt, stream};

use super::foreign::is_foreign;
use super::ground::{Ground, Restoration};
use super::limits::Limits;
use super::stage::Stage;
use super::trouble::Trouble;
use crate::generate::Case;
use crate::oracle::Stored;

/// After how many workgroups whose restoring was not answered the others are
/// left as they are.
const MOST_UNANSWERED: u32 = 2;

/// How many objects are removed at once.
const PART: usize = 200;

/// How often it is tried.
const TRIES: usize = 2;

/// What restoring a workgroup came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// How many objects of the run were there.
    pub removed: usize,
    /// How many objects were brought back, or made as they were.
    pub brought_back: usize,
    /// How many objects are there that are somebody else's.
    pub left_alone: usize,
}

/// Why a workgroup does not hold what it held before.
#[derive(Debug)]
pub(super) enum Unrestored {
    /// The target did not answer.
    Unanswered(String),
    /// It did.
    Otherwise(String),
}

impl Unrestored {
    /// In words.
    pub(super) fn reason(self) -> String {
        match self {
            Self::Unanswered(reason) | Self::Otherwise(reason) => reason,
        }
    }
}

/// Leaves every workgroup as it was before the run and ends every session;
/// answers the requests that this took.
pub(super) async fn restore(stage: &Stage, limits: &Limits, notes: &mut Vec<String>) -> u64 {
    let mut requests = 0;
    let unrestored = match limits.is_gone() {
        true => {
            let left = "the scratch workgroups may hold mailboxes of this run: the target is gone";
            notes.push(left.to_owned());
            true
        }
        false => {
            let unrestored = restore_all(stage, notes, &mut requests).await;
            stage.sessions.end_all().await;
            unrestored
        }
    };
    if unrestored && stage.leases.are_kept() {
        notes.push(
            "the journal knows what is left to be done: `icws-conformance cleanup`, or the next run, does it".to_owned(),
        );
    }
    requests
}

/// Restores every workgroup; answers whether any could not be.
async fn restore_all(stage: &Stage, notes: &mut Vec<String>, requests: &mut u64) -> bool {
    if let Err(trouble) = stage.bring_all_back().await {
        notes.push(trouble.into_reason());
    }
    let unanswered = AtomicU32::new(0);
    let restored = stage.grounds.iter().map(|ground| async {
        let ground = ground.lock().await;
        let mut requests = 0;
        // One that was not looked at was not changed either, or cannot be.
        let problem = match &ground.initial {
            None => None,
            Some(_) if unanswered.load(Ordering::Relaxed) >= MOST_UNANSWERED => {
                Some("not tried".to_owned())
            }
            Some(initial) => match restore_one(stage, &ground, initial, &mut requests).await {
                Ok(()) => stage
                    .leases
                    .end(&ground.workgroup)
                    .err()
                    .map(|error| format!("the journal could not be closed: {error}")),
                Err(Unrestored::Unanswered(problem)) => {
                    unanswered.fetch_add(1, Ordering::Relaxed);
                    Some(problem)
                }
                Err(Unrestored::Otherwise(problem)) => Some(problem),
            },
        };
        let problem = problem
            .map(|problem| format!("`{}` could not be restored: {problem}", ground.workgroup));
        (problem, requests)
    });
    let restored = stream::iter(restored).buffered(stage.at_once);
    let restored: Vec<(Option<String>, u64)> = restored.collect().await;
    *requests += restored.iter().map(|(_, sent)| sent).sum::<u64>();
    let problems: Vec<String> = restored.into_iter().filter_map(|(told, _)| told).collect();
    let unrestored = !problems.is_empty();
    notes.extend(problems);
    unrestored
}

async fn restore_one(
    stage: &Stage,
    ground: &Ground,
    initial: &[Stored],
    requests: &mut u64,
) -> Result<(), Unrestored> {
    // The journal was begun before this run's own marker was put there, and may
    // owe more than this run.
    let held = stage.leases.held(&ground.workgroup);
    let held = held.as_deref().unwrap_or(initial);
    // Without a journal nobody else uses the target.
    let may_go = |object: &Stored| {
        let claimed = stage.leases.claims(&ground.workgroup, object);
        claimed.unwrap_or_else(|| !is_foreign(object, &Case::default()))
    };
    bring_back(stage, &ground.workgroup, held, may_go, requests).await?;
    Ok(())
}

/// Makes a workgroup hold what it held: what is gone or has changed comes back,
/// and of what is new, what `may_go` is removed.
pub(super) async fn bring_back(
    stage: &Stage,
    workgroup: &str,
    held: &[Stored],
    may_go: impl Fn(&Stored) -> bool,
    requests: &mut u64,
) -> Result<Restored, Unrestored> {
    let unanswered = |trouble: Trouble| Unrestored::Unanswered(trouble.into_reason());
    let mut restored = Restored::default();
    for tried in 0..=TRIES {
        let now = stage
            .read_whole(workgroup, requests)
            .await
            .map_err(unanswered)?;
        let Some(Restoration { remove, update }) = Restoration::of(held, &now, &may_go) else {
            restored.left_alone = now.len().saturating_sub(held.len());
            return Ok(restored);
        };
        let count = |list: &str| {
            let list = update.as_ref().and_then(|update| update[list].as_array());
            list.map_or(0, Vec::len)
        };
        let lost = count("add") + count("modify");
        if tried == TRIES {
            return Err(Unrestored::Otherwise(format!(
                "the target answers, but does not do it: {} of the run still there, {lost} not as it was",
                remove.len()
            )));
        }
        if tried == 0 {
            (restored.removed, restored.brought_back) = (remove.len(), lost);
        }
        for part in remove.chunks(PART) {
            let removed = stage.remove(workgroup, part, requests).await;
            removed.map_err(unanswered)?;
        }
        if let Some(update) = update {
            let exchange = stage.update(workgroup, &update, requests).await;
            if let Err(fault) = exchange.map_err(unanswered)?.outcome {
                return Err(Unrestored::Unanswered(fault.to_string()));
            }
        }
    }
    unreachable!("the last turn returns")
}
