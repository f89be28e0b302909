//! The end of a run: every workgroup as it was before, every session ended.

use super::ground::{Ground, Restoration};
use super::limits::Limits;
use super::stage::{Stage, Trouble};

/// Leaves every workgroup as it was before the run and ends every session;
/// answers the requests that this took.
pub(super) async fn restore(stage: &Stage, limits: &Limits, notes: &mut Vec<String>) -> u64 {
    let (mut requests, mut unanswered) = (0, 0);
    if !limits.is_gone() {
        for ground in &stage.grounds {
            let mut ground = ground.lock().await;
            let restored = match unanswered {
                MOST_UNANSWERED.. => Err(Unrestored::Unanswered("not tried".to_owned())),
                _ => restore_one(stage, &mut ground, &mut requests).await,
            };
            let problem = match restored {
                Ok(()) => continue,
                Err(Unrestored::Unanswered(problem)) => {
                    unanswered += 1;
                    problem
                }
                Err(Unrestored::Otherwise(problem)) => problem,
            };
            notes.push(format!(
                "`{}` could not be restored: {problem}",
                ground.workgroup
            ));
        }
        stage.sessions.end_all().await;
    } else {
        notes.push(
            "the scratch workgroups may hold mailboxes of this run: the target is gone".to_owned(),
        );
    }
    requests
}

/// After how many workgroups whose restoring was not answered the others are
/// left as they are.
const MOST_UNANSWERED: u32 = 2;

/// How many objects are removed at once.
const PART: usize = 200;

/// Why a workgroup does not hold what it held before.
enum Unrestored {
    /// The target did not answer.
    Unanswered(String),
    /// It did.
    Otherwise(String),
}

async fn restore_one(
    stage: &Stage,
    ground: &mut Ground,
    requests: &mut u64,
) -> Result<(), Unrestored> {
    let unanswered = |trouble: Trouble| Unrestored::Unanswered(trouble.reason());
    if ground.initial.is_none() {
        return Ok(());
    }
    for _ in 0..2 {
        let now = stage
            .read_whole(&ground.workgroup, requests)
            .await
            .map_err(unanswered)?;
        let Some(Restoration { remove, update }) = ground.restoring(&now) else {
            return Ok(());
        };
        for part in remove.chunks(PART) {
            let removed = stage.remove(&ground.workgroup, part, requests).await;
            removed.map_err(unanswered)?;
        }
        if let Some(update) = update {
            let exchange = stage.update(&ground.workgroup, &update, requests).await;
            if let Err(fault) = exchange.map_err(unanswered)?.outcome {
                return Err(Unrestored::Unanswered(fault.to_string()));
            }
        }
    }
    let now = stage
        .read_whole(&ground.workgroup, requests)
        .await
        .map_err(unanswered)?;
    match ground.restoring(&now) {
        None => Ok(()),
        Some(_) => {
            let problem = "it does not hold what it held before";
            Err(Unrestored::Otherwise(problem.to_owned()))
        }
    }
}
