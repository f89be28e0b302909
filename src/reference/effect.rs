//! The effect of an update that passed its checks: validated against what is
//! stored, taken in whole, and answered.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::json;

use crate::contract::enums::{EXISTING_INSTANCE_ID, INVALID_MAILBOX_FOLDER, UNIQUE_INSTANCE_ID};
use crate::contract::representation::{
    BulkUpdate, Field, SubObjectSet, UpdateOperationResult, ValidationError,
};
use crate::contract::wire;

use super::answers::{Answer, Failure};
use super::apply::{Draft, Outcome, TYPE_CHANGE};
use super::decode::{listed, removed};
use super::listing::listing;
use super::server::{ProvokedKind, Server};
use super::store::{Changes, Store, Workgroup};
use super::whims::{self, Meeting};
use super::{Fault, Variant, afterthoughts, misreading, races, strictness};

/// Validates against what is stored, and takes the update in whole.
pub(super) async fn apply(
    server: &Server,
    workgroup: &str,
    session_id: &str,
    update: &BulkUpdate,
) -> Result<Answer, Answer> {
    let early = races::early_copy(server, workgroup).await;
    let (ids, rest) = take_in(server, workgroup, session_id, update, early)?;
    if let Some(rest) = rest {
        races::write_second_half(server, workgroup, rest).await;
    }
    let ids = races::crossed(server, workgroup, ids).await;
    let only_modified = listed(&update.add).is_empty() && !ids.is_empty();
    if server.switches.has(Fault::ModifySubObjectsNull) && only_modified {
        return Ok(Answer::json(StatusCode::OK, json!({ "subObjects": null })));
    }
    Ok(success(server, session_id, workgroup, ids))
}

/// The ids that are listed, and what a faulty server writes later.
fn take_in(
    server: &Server,
    workgroup: &str,
    session_id: &str,
    update: &BulkUpdate,
    early: Option<Workgroup>,
) -> Result<(Vec<String>, Option<Changes>), Answer> {
    let has = |fault| server.switches.has(fault);
    let mut store = server.store();
    let misread;
    let mut update = update;
    if !server.switches.is_plain() {
        misread = meet(server, &store, workgroup, update)?;
        update = &misread;
    }
    let (held, last_number) = store.parts(workgroup);
    let Some(held) = held else {
        return Err(Answer::no_such_workgroup());
    };
    let named = removed(update);
    if has(Fault::EmptyWorkgroup410) && held.mailboxes.is_empty() && listed(&update.add).is_empty()
    {
        return Err(Answer::error(StatusCode::GONE, "The resource was removed."));
    }
    if let Some(early) = &early {
        if has(Fault::LostUpdate) {
            held.clone_from(early);
        }
        if has(Fault::RemoveRace500) && races::is_lost(early, held, named) {
            return Err(Answer::failure(Failure::Internal));
        }
    }
    let old;
    let base = match &early {
        Some(early) if has(Fault::AddRaces) => early,
        _ if has(Fault::ModifyFromOldCopy) => {
            old = old_copy(server, workgroup, held);
            &old
        }
        _ => held,
    };
    let draft = Draft::new(&server.switches, &server.directory, base, last_number);
    let mut outcome = draft.run(update);
    afterthoughts::add(&server.switches, held, &mut outcome.changes);
    if !outcome.errors.is_empty() {
        let refusal = refusal(server, &outcome.errors);
        let left = left_over(server, held, outcome);
        if has(Fault::RefusedAppliedLater) {
            server.memory().pending.insert(workgroup.to_owned(), left);
        } else {
            held.commit(left);
        }
        return Err(refusal);
    }
    if outcome.removed_unknown {
        if has(Fault::UnknownRemoveApplied) {
            held.commit(outcome.changes);
            return Err(Answer::error(
                StatusCode::NOT_FOUND,
                "An id does not exist.",
            ));
        }
        strictness::unknown_remove(&server.switches)?;
    }
    // Taken in a statement of its own, so that its lock is given back at once.
    let failure = server.provoked().take_failure(workgroup);
    if let Some(failure) = failure {
        half_apply(server, held, outcome.changes);
        return Err(fail(server, failure));
    }
    let ids = listing(server, workgroup, &outcome, named, held);
    remember(server, session_id, workgroup, update, held);
    let mut changes = outcome.changes;
    if has(Fault::RefusedAppliedLater)
        && let Some(pending) = server.memory().pending.remove(workgroup)
    {
        changes.extend(pending);
    }
    let everywhere = copy_if(
        has(Fault::NeighbourWritten) || has(Fault::RemovesEverywhere),
        &changes,
    );
    let (first, rest) = races::halves(&server.switches, held, changes);
    held.commit(first);
    write_elsewhere(server, &mut store, workgroup, update, everywhere);
    Ok((ids, rest))
}

/// What a server minds about an update, and what it makes of it.
fn meet(
    server: &Server,
    store: &Store,
    workgroup: &str,
    update: &BulkUpdate,
) -> Result<BulkUpdate, Answer> {
    let Some(held) = store.workgroup(workgroup) else {
        return Err(Answer::no_such_workgroup());
    };
    let memory = server.memory();
    let gone = memory.removed.get(workgroup);
    let gone_ids: Vec<_> = gone.into_iter().flat_map(BTreeMap::keys).cloned().collect();
    whims::of_meeting(
        &server.switches,
        &Meeting {
            update,
            held,
            name: workgroup,
            store,
            directory: &server.directory,
            removed: &gone_ids,
        },
    )?;
    let last = memory.last_added.as_ref();
    let mut update = misreading::misread(&server.switches, update, held, gone, last);
    if server.switches.has(Fault::ModifiesElsewhere)
        && let Field::Value(modified) = &mut update.modify
    {
        modified.retain(|given| {
            let id = given.id().unwrap_or_default();
            held.mailboxes.contains_key(id) || !store.has_elsewhere(workgroup, id)
        });
    }
    Ok(update)
}

/// The workgroup with its objects as they were first met.
fn old_copy(server: &Server, workgroup: &str, held: &Workgroup) -> Workgroup {
    let mut memory = server.memory();
    let first = memory.first.entry(workgroup.to_owned()).or_default();
    first
        .mailboxes
        .retain(|id, _| held.mailboxes.contains_key(id));
    for (id, mailbox) in &held.mailboxes {
        let mailbox = mailbox.clone();
        first.mailboxes.entry(id.clone()).or_insert(mailbox);
    }
    first.clone()
}

/// What of a refused update is applied all the same.
fn left_over(server: &Server, held: &Workgroup, outcome: Outcome) -> Changes {
    let has = |fault| server.switches.has(fault);
    let known = |id: &String| held.mailboxes.contains_key(id);
    let changes = outcome.changes.into_iter();
    if has(Fault::PartialAdd) || has(Fault::RefusedAppliedLater) {
        changes.collect()
    } else if has(Fault::PartialRemove) {
        changes.filter(|(_, left)| left.is_none()).collect()
    } else if has(Fault::PartialModify) {
        changes
            .filter(|(id, left)| left.is_some() && known(id))
            .collect()
    } else if has(Fault::PartialAhead) {
        let ahead = &outcome.added[..outcome.added_ahead];
        changes.filter(|(id, _)| ahead.contains(id)).collect()
    } else if has(Fault::PartialBatches) && outcome.added.len() >= 10 {
        changes
            .filter(|(id, _)| outcome.added[..10].contains(id))
            .collect()
    } else {
        Changes::new()
    }
}

/// What of a failed update is applied all the same.
fn half_apply(server: &Server, held: &mut Workgroup, changes: Changes) {
    let has = |fault| server.switches.has(fault);
    if has(Fault::FailureHalfApplied) {
        let half = changes.len() / 2;
        held.commit(changes.into_iter().take(half).collect());
    } else if has(Fault::FailureRemoves) {
        held.commit(
            changes
                .into_iter()
                .filter(|(_, left)| left.is_none())
                .collect(),
        );
    } else if has(Fault::FailureAdds) || has(Fault::FailureModifies) {
        let adds = has(Fault::FailureAdds);
        let known = |id: &String| held.mailboxes.contains_key(id);
        let kept = changes
            .into_iter()
            .filter(|(id, left)| left.is_some() && known(id) != adds);
        let kept = kept.collect();
        held.commit(kept);
    } else if has(Fault::FailureClears) {
        held.mailboxes.clear();
    }
}

/// Keeps what faults need of an update that is about to be taken in.
fn remember(
    server: &Server,
    session_id: &str,
    workgroup: &str,
    update: &BulkUpdate,
    held: &Workgroup,
) {
    if server.switches.is_plain() {
        return;
    }
    let mut memory = server.memory();
    memory.before.insert(workgroup.to_owned(), held.clone());
    let own = (session_id.to_owned(), workgroup.to_owned());
    memory.views.remove(&own);
    let gone = memory.removed.entry(workgroup.to_owned()).or_default();
    let leaving = removed(update)
        .iter()
        .filter_map(|id| held.mailboxes.get(id));
    gone.extend(leaving.map(|mailbox| (mailbox.id.clone(), mailbox.clone())));
    if let Some(last) = listed(&update.add).last() {
        memory.last_added = Some(last.clone());
    }
}

/// Faults that write in other workgroups.
fn write_elsewhere(
    server: &Server,
    store: &mut Store,
    workgroup: &str,
    update: &BulkUpdate,
    everywhere: Changes,
) {
    let has = |fault| server.switches.has(fault);
    if has(Fault::NeighbourWritten)
        && let Some(neighbour) = store.neighbour(workgroup)
    {
        neighbour.commit(everywhere);
    } else if has(Fault::RemovesEverywhere) {
        store.remove_everywhere(&everywhere);
    }
    if has(Fault::RemovesElsewhere) {
        for id in removed(update) {
            for other in store.elsewhere(workgroup, id) {
                other.mailboxes.remove(id);
            }
        }
    }
    if has(Fault::ModifiesEverywhere) || has(Fault::ModifiesElsewhere) {
        for given in listed(&update.modify) {
            let (Some(id), Some(address)) = (given.id(), given.email_address.value()) else {
                continue;
            };
            for other in store.elsewhere(workgroup, id) {
                if let Some(twin) = other.mailboxes.get_mut(id) {
                    twin.email_address.clone_from(address);
                }
            }
        }
    }
}

/// The answer to an update with validation errors.
fn refusal(server: &Server, errors: &[ValidationError]) -> Answer {
    let found = |fault, number| {
        server.switches.has(fault)
            && errors
                .iter()
                .any(|error| error.validation_error_type == number)
    };
    if errors.len() > 1 && server.switches.has(Fault::TwoErrors500) {
        return Answer::failure(Failure::Internal);
    }
    if errors.len() > 1 && server.switches.has(Fault::TwoErrorsMalformed) {
        return Answer::malformed("The update has several errors.");
    }
    if server.switches.varies(Variant::TypeChangeMalformed)
        && errors
            .iter()
            .any(|error| error.validation_error_type == TYPE_CHANGE)
    {
        return Answer::malformed("The type cannot be changed so.");
    }
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
    let unknown_moniker = errors.iter().any(|error| error.validation_error_type == 3);
    if server.switches.varies(Variant::UnknownMonikerMalformed) && unknown_moniker {
        return Answer::malformed("The moniker is unknown.");
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

/// 200 with those ids.
fn success(server: &Server, session_id: &str, workgroup: &str, ids: Vec<String>) -> Answer {
    let has = |fault| server.switches.has(fault);
    let varies = |variant| server.switches.varies(variant);
    let base = wire::update_path(session_id, workgroup);
    let uri = |id: &str| {
        if has(Fault::UriUnencoded) {
            format!("{base}/{id}")
        } else if has(Fault::UriBackslashes) {
            mailbox_uri(&base, id).replace('/', "\\")
        } else if varies(Variant::UrisAbsolute) {
            format!("https://icws.test:8019{}", mailbox_uri(&base, id))
        } else if varies(Variant::UrisRelative) {
            mailbox_uri("monitored-mailboxes", id)
        } else if varies(Variant::UrisEmpty) {
            String::new()
        } else if varies(Variant::UrisLong) {
            format!("{}?path={}", mailbox_uri(&base, id), "a/".repeat(2000))
        } else {
            mailbox_uri(&base, id)
        }
    };
    let listed = ids.into_iter().map(|id| UpdateOperationResult {
        uri: Some(uri(&id)),
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
