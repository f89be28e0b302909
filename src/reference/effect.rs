//! The effect of an update that passed its checks: validated against what is
//! stored, taken in whole, and answered.

use std::collections::HashSet;
use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;

use crate::contract::enums::{EXISTING_INSTANCE_ID, INVALID_MAILBOX_FOLDER, UNIQUE_INSTANCE_ID};
use crate::contract::representation::{
    BulkUpdate, SubObjectSet, UpdateOperationResult, ValidationError,
};
use crate::contract::wire;

use super::answers::Answer;
use super::apply::{Draft, Outcome};
use super::decode::listed;
use super::server::{ProvokedKind, Server};
use super::store::{Changes, Workgroup};
use super::{Fault, Variant, strictness};

/// Validates against what is stored, and takes the update in whole.
pub(super) async fn apply(
    server: &Server,
    workgroup: &str,
    session_id: &str,
    update: &BulkUpdate,
) -> Result<Answer, Answer> {
    let has = |fault| server.switches.has(fault);
    let stale = stale_copy(server, workgroup).await;
    let mut store = server.store();
    let (held, last_number) = store.parts(workgroup);
    let Some(held) = held else {
        return Err(Answer::no_such_workgroup());
    };
    if let Some(stale) = stale {
        *held = stale;
    }
    if has(Fault::EmptyWorkgroup410) && held.mailboxes.is_empty() && listed(&update.add).is_empty()
    {
        return Err(Answer::error(StatusCode::GONE, "The resource was removed."));
    }
    let draft = Draft::new(&server.switches, &server.directory, held, last_number);
    let outcome = draft.run(update);
    if !outcome.errors.is_empty() {
        if has(Fault::PartialAdd) {
            held.commit(outcome.changes);
        } else if has(Fault::PartialRemove) {
            held.commit(
                outcome
                    .changes
                    .into_iter()
                    .filter(|(_, left)| left.is_none())
                    .collect(),
            );
        }
        return Err(refusal(server, &outcome.errors));
    }
    if outcome.removed_unknown {
        strictness::unknown_remove(&server.switches)?;
    }
    // Taken in a statement of its own, so that its lock is given back at once.
    let failure = server.provoked().take_failure(workgroup);
    if let Some(failure) = failure {
        if has(Fault::FailureHalfApplied) {
            let half = outcome.changes.len() / 2;
            held.commit(outcome.changes.into_iter().take(half).collect());
        }
        return Err(fail(server, failure));
    }
    let named = update.remove.value().map_or(&[][..], Vec::as_slice);
    let ids = listing(server, &outcome, named, held);
    let everywhere = copy_if(
        has(Fault::NeighbourWritten) || has(Fault::RemovesEverywhere),
        &outcome.changes,
    );
    held.commit(outcome.changes);
    if has(Fault::NeighbourWritten)
        && let Some(neighbour) = store.neighbour(workgroup)
    {
        neighbour.commit(everywhere);
    } else if has(Fault::RemovesEverywhere) {
        store.remove_everywhere(&everywhere);
    }
    Ok(success(session_id, workgroup, ids))
}

/// What a server reads that then waits before it writes.
async fn stale_copy(server: &Server, workgroup: &str) -> Option<Workgroup> {
    if !server.switches.has(Fault::LostUpdate) {
        return None;
    }
    let copy = server.store().workgroup(workgroup).cloned();
    tokio::time::sleep(Duration::from_millis(5)).await;
    copy
}

/// The answer to an update with validation errors.
fn refusal(server: &Server, errors: &[ValidationError]) -> Answer {
    let found = |fault, number| {
        server.switches.has(fault)
            && errors
                .iter()
                .any(|error| error.validation_error_type == number)
    };
    if found(Fault::UnknownModify404, EXISTING_INSTANCE_ID) {
        return Answer::error(StatusCode::NOT_FOUND, "The mailbox does not exist.");
    }
    if found(Fault::TakenId409, UNIQUE_INSTANCE_ID) {
        return Answer::error(StatusCode::CONFLICT, "The mailbox exists already.");
    }
    if found(Fault::UnknownModifyPlain, EXISTING_INSTANCE_ID)
        || found(Fault::FolderErrorPlain, INVALID_MAILBOX_FOLDER)
    {
        return Answer::malformed("The update has errors.");
    }
    Answer::invalid(errors)
}

fn fail(server: &Server, kind: ProvokedKind) -> Answer {
    if server.switches.has(Fault::FailureKills) {
        server.provoked().dead = true;
    }
    match kind {
        ProvokedKind::Answered(kind) => Answer::failure(kind),
        ProvokedKind::Panic => panic!("the control surface asked this update to panic"),
    }
}

/// The ids that a success lists: of every object added or modified.
fn listing(
    server: &Server,
    outcome: &Outcome,
    removed: &[String],
    held: &Workgroup,
) -> Vec<String> {
    let has = |fault| server.switches.has(fault);
    let mut ids = Vec::new();
    if !has(Fault::AddedUnlisted) {
        ids.extend_from_slice(&outcome.added);
    }
    if !has(Fault::ModifiedUnlisted) || outcome.added.is_empty() {
        ids.extend_from_slice(&outcome.modified);
    }
    if has(Fault::LastUnlisted) && ids.len() > 1 {
        ids.pop();
    }
    if has(Fault::ListedTwice) {
        ids.extend(ids.clone());
    }
    if has(Fault::StrangerListed) {
        ids.push("no-such-mailbox".to_owned());
    }
    if has(Fault::AllListed) {
        let others = held.mailboxes.keys().filter(|id| !ids.contains(id));
        let others: Vec<_> = others.cloned().collect();
        ids.extend(others);
    }
    if server.switches.varies(Variant::RemovedListed) {
        let others = removed.iter().filter(|id| !ids.contains(id));
        let others: Vec<_> = others.cloned().collect();
        ids.extend(others);
        let mut seen = HashSet::new();
        ids.retain(|id| seen.insert(id.clone()));
    }
    ids
}

/// 200 with those ids.
fn success(session_id: &str, workgroup: &str, ids: Vec<String>) -> Answer {
    let base = wire::update_path(session_id, workgroup);
    let listed = ids.into_iter().map(|id| UpdateOperationResult {
        uri: Some(mailbox_uri(&base, &id)),
        id,
        license_problems: None,
    });
    let body = SubObjectSet {
        sub_objects: Some(listed.collect()),
    };
    Answer::json(StatusCode::OK, json!(body))
}

/// Where a monitored mailbox can be had, below its workgroup's mailboxes.
pub(super) fn mailbox_uri(base: &str, id: &str) -> String {
    format!("{base}/{}", wire::segment(id))
}

fn copy_if(needed: bool, changes: &Changes) -> Changes {
    if needed {
        changes.clone()
    } else {
        Changes::new()
    }
}
