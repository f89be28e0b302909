//! The end of a run: every workgroup as it was before, every session ended.

use super::ground::Ground;
use super::limits::Limits;
use super::stage::{Stage, Trouble};

/// Leaves every workgroup as it was before the run and ends every session;
/// answers the requests that this took.
pub(super) async fn restore(stage: &Stage, limits: &Limits, notes: &mut Vec<String>) -> u64 {
    let mut requests = 0;
    if !limits.is_gone() {
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
    for _ in 0..2 {
        let now = stage
            .read(&ground.workgroup, requests)
            .await
            .map_err(Trouble::reason)?;
        let Some(update) = ground.restoring(&now) else {
            return Ok(());
        };
        stage
            .update(&ground.workgroup, &update, requests)
            .await
            .map_err(Trouble::reason)?;
    }
    let now = stage
        .read(&ground.workgroup, requests)
        .await
        .map_err(Trouble::reason)?;
    match ground.restoring(&now) {
        None => Ok(()),
        Some(_) => Err("it does not hold what it held before".to_owned()),
    }
}
