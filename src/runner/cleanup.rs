//! What an earlier run left to be done: a workgroup is put in order by what the
//! journal says of it, and by nothing else.

use std::path::Path;

use super::journal::{Entry, Journal, Leases};
use super::preflight::{reach, refuse_taken};
use super::restore::{Restored, Unrestored, bring_back};
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
    if let Err(taken) = refuse_taken(&stage, &workgroups, &mut requests).await {
        stage.sessions.end_all().await;
        let reason = stage.client.secrets().redact(&taken);
        return Err(RunError::Target(reason.to_string()));
    }
    let mut cleaned = Vec::new();
    for workgroup in &workgroups {
        let Some(entry) = stage.leases.left_behind(workgroup) else {
            continue;
        };
        let outcome = put_in_order(&stage, &entry, &mut requests).await;
        cleaned.push(Cleaned {
            workgroup: workgroup.clone(),
            outcome: outcome.map_err(|problem| stage.client.secrets().redact(&problem.reason())),
        });
    }
    stage.sessions.end_all().await;
    Ok(cleaned)
}

/// Does what the entry leaves to be done, and forgets it once that was seen.
pub(super) async fn put_in_order(
    stage: &Stage,
    entry: &Entry,
    requests: &mut u64,
) -> Result<Restored, Unrestored> {
    // A run that ended while the resource was declared removed left it so, and no update
    // is accepted before it is back. Whether that failed is seen by what follows.
    if let Some(restore) = &stage.hooks.restore_resource {
        _ = stage.hook(Some(restore), None, &entry.workgroup).await;
    }
    let claimed = |object: &_| entry.claims(object);
    let restored = bring_back(stage, &entry.workgroup, &entry.held, claimed, requests).await?;
    let ended = stage.leases.end(&entry.workgroup);
    ended.map_err(|error| {
        Unrestored::Otherwise(format!("the journal could not be closed: {error}"))
    })?;
    Ok(restored)
}
