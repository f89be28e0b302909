//! Whether the caller may modify the workgroup (ACC-1), and what is answered
//! otherwise.

use axum::http::StatusCode;

use crate::contract::representation::{BulkUpdate, MonitoredMailbox};

use super::answers::{Answer, Failure};
use super::decode::{decode, listed, removed};
use super::router::Call;
use super::server::Server;
use super::sessions::Caller;
use super::update::slip_in;
use super::{Fault, forms};

/// Lets a caller with the right pass.
pub(super) async fn check(
    server: &Server,
    call: &Call<'_>,
    caller: &Caller,
    workgroup: Option<&str>,
) -> Result<(), Answer> {
    let has = |fault| server.switches.has(fault);
    let mut user = caller.user;
    if has(Fault::RightsOfLastLogin) {
        user = server.memory().last_login.unwrap_or(user);
    }
    let mut may_modify = server.user(user).may_modify
        || has(Fault::RightsUnchecked)
        || forms::needs_no_right(&server.switches, call);
    if has(Fault::RightsRemembered)
        && let Some(workgroup) = workgroup
    {
        let mut memory = server.memory();
        let met = &mut memory.met;
        if may_modify {
            met.insert(workgroup.to_owned());
        }
        may_modify |= met.contains(workgroup);
    }
    if may_modify {
        return Ok(());
    }
    let asked = decode(&server.switches, call.body).ok();
    if let Some(update) = &asked
        && (excused(server, update) || excused_by_what_is_held(server, workgroup, update))
    {
        return Ok(());
    }
    if let Some(update) = asked {
        slip_past(server, workgroup, update).await;
    }
    if has(Fault::ForbiddenEnds) {
        server.sessions().end(&caller.session_id);
    }
    let message = "The user has no right to modify workgroups.";
    Err(if has(Fault::Rights401) {
        Answer::unauthenticated(message)
    } else if has(Fault::Rights404) {
        Answer::error(StatusCode::NOT_FOUND, message)
    } else if has(Fault::Rights500) {
        Answer::failure(Failure::Internal)
    } else {
        Answer::error(StatusCode::FORBIDDEN, message)
    })
}

/// Whether the right is not asked for.
fn excused(server: &Server, update: &BulkUpdate) -> bool {
    let has = |fault| server.switches.has(fault);
    let adds = !listed(&update.add).is_empty();
    let modifies = !listed(&update.modify).is_empty();
    let removes = !removed(update).is_empty();
    has(Fault::RightsForAddOnly) && !adds
        || has(Fault::RightsForNothing) && !adds && !modifies && !removes
        || has(Fault::RightsNotForModify) && modifies && !adds && !removes
        || has(Fault::RightsNotForRemove) && removes && !adds && !modifies
        || has(Fault::RightsNotForEncrypted)
            && modifies
            && !adds
            && !removes
            && listed(&update.modify).iter().all(gives_encrypted_alone)
}

/// Whether the right is not asked for because of what the workgroup holds.
fn excused_by_what_is_held(server: &Server, workgroup: Option<&str>, update: &BulkUpdate) -> bool {
    let has = |fault| server.switches.has(fault);
    if !has(Fault::RightsNotForEmpty) && !has(Fault::RightsNotForUnknown) {
        return false;
    }
    let store = server.store();
    let found = workgroup.and_then(|id| store.find(&server.switches, id));
    let Some(held) = found.and_then(|id| store.workgroup(&id)) else {
        return false;
    };
    let removed = removed(update);
    let unknown = removed.iter().all(|id| !held.mailboxes.contains_key(id));
    let only_removes = listed(&update.add).is_empty() && listed(&update.modify).is_empty();
    has(Fault::RightsNotForEmpty) && held.mailboxes.is_empty()
        || has(Fault::RightsNotForUnknown) && only_removes && !removed.is_empty() && unknown
}

fn gives_encrypted_alone(given: &MonitoredMailbox) -> bool {
    !given.can_receive_encrypted_email.is_absent()
        && given.email_address.is_absent()
        && given.mailbox_moniker.is_absent()
        && given.mailbox_type.is_absent()
        && given.inbound_folder.is_absent()
}

/// Faults that apply what is answered 403.
async fn slip_past(server: &Server, workgroup: Option<&str>, update: BulkUpdate) {
    let has = |fault| server.switches.has(fault);
    let applied = if has(Fault::ForbiddenRemoves) {
        BulkUpdate {
            remove: update.remove,
            ..BulkUpdate::default()
        }
    } else if has(Fault::ForbiddenModifies) {
        BulkUpdate {
            modify: update.modify,
            ..BulkUpdate::default()
        }
    } else if has(Fault::ForbiddenApplied) {
        update
    } else {
        return;
    };
    slip_in(server, workgroup, &applied).await;
}
