//! What an earlier run left to be done: a workgroup is put in order by what the
//! journal says of it, and by nothing else.

use std::path::Path;

use futures_util::{StreamExt, stream};

use super::bring_back::{LATE_PAUSE, Restored, Unrestored, Wanted, bring_back, remove_unseen};
use super::journal::{Entry, Journal, Leases};
use super::list_history::OfWorkgroup;
use super::preflight::{reach, refuse_taken};
use super::run::RunError;
use super::stage::Stage;
use crate::client::Redacted;
use crate::target::Profile;

/// One scratch workgroup, and what became of it.
#[derive(Clone, Debug)]
pub struct Cleaned {
    /// The workgroup.
    pub workgroup: String,
    /// What was done, or why it could not be.
    pub outcome: Result<Restored, Redacted>,
}

/// Puts every scratch workgroup of the profile in order of which the journal in
/// that folder says that it is not. Where there is none, nothing is sent.
///
/// # Errors
/// Where the journal cannot be used, another run has a workgroup, or the target
/// cannot be reached.
pub async fn cleanup(profile: &Profile, journal: &Path) -> Result<Vec<Cleaned>, RunError> {
    let journal = Journal::of(journal, profile.base_url.as_str());
    // The profile may have named others when they were changed.
    let mut workgroups = profile.workgroups.scratch.clone();
    let owing = journal.owing()?.into_iter();
    workgroups.extend(owing.filter(|id| !profile.workgroups.scratch.contains(id)));
    let leases = Leases::take(&journal, &workgroups)?;
    if leases.are_in_order() {
        return Ok(Vec::new());
    }
    let (stage, mut requests) = reach(profile, leases).await?;
    // Where nobody can look, there is no marker to be seen either.
    if stage.read_back
        && let Err(taken) = refuse_taken(&stage, &workgroups, &mut requests).await
    {
        stage.sessions.end_all().await;
        let reason = stage.client.secrets().redact(&taken);
        return Err(RunError::Target(reason.to_string()));
    }
    let cleaned = put_all_in_order(&stage, &workgroups, &mut requests).await;
    stage.sessions.end_all().await;
    let cleaned = cleaned.into_iter();
    let cleaned = cleaned.map(|(workgroup, outcome)| Cleaned {
        workgroup,
        outcome: outcome.map_err(|problem| stage.client.secrets().redact(&problem.reason())),
    });
    Ok(cleaned.collect())
}

/// Does what earlier runs left to be done in these workgroups, some at a time, and
/// answers what became of each of which there was something.
pub(super) async fn put_all_in_order(
    stage: &Stage,
    workgroups: &[String],
    requests: &mut u64,
) -> Vec<(String, Result<Restored, Unrestored>)> {
    let entries = workgroups
        .iter()
        .filter_map(|workgroup| stage.leases.left_behind(workgroup));
    let done = entries.map(|entry| async move {
        let mut requests = 0;
        let outcome = put_in_order(stage, &entry, &mut requests).await;
        (entry.workgroup, outcome, requests)
    });
    let done: Vec<_> = stream::iter(done).buffered(stage.at_once).collect().await;
    let done = done.into_iter().map(|(workgroup, outcome, sent)| {
        *requests += sent;
        (workgroup, outcome)
    });
    done.collect()
}

/// Does what the entry leaves to be done, and forgets it once two looks agree that
/// it was; where nobody can look, once it was answered.
async fn put_in_order(
    stage: &Stage,
    entry: &Entry,
    requests: &mut u64,
) -> Result<Restored, Unrestored> {
    let workgroup = &entry.workgroup;
    // A run that ended while the resource was declared removed left it so, and no update
    // is accepted before it is back. Whether that failed is seen by what follows.
    if let Some(restore) = &stage.hooks.restore_resource {
        _ = stage.hook(Some(restore), None, workgroup).await;
    }
    stage.lists.resume(workgroup, entry.lists);
    stage.lag.expect(entry.late_ms);
    let restored = if entry.is_unseen && !stage.read_back {
        remove_unseen(stage, workgroup, &entry.unseen.ids(), requests).await?
    } else {
        let wanted = Wanted {
            workgroup,
            held: &entry.held,
            may_go: &|object| entry.claims(object),
            pause: LATE_PAUSE,
        };
        bring_back(stage, &wanted, requests).await?
    };
    let ended = stage.leases.end(workgroup);
    ended.map_err(|error| {
        Unrestored::Otherwise(format!("the journal could not be closed: {error}"))
    })?;
    stage.lists.resume(workgroup, OfWorkgroup::default());
    Ok(restored)
}
