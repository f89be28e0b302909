//! The endpoint under test: the order of its checks and its answers.
//!
//! Session, workgroup, right, removal, media type, body, validation: each
//! check answers alone, and only what passes all of them changes anything.

use axum::http::{HeaderMap, StatusCode, header};
use serde_json::json;

use crate::contract::representation::{BulkUpdate, SubObjectSet, UpdateOperationResult};
use crate::contract::wire;

use super::answers::{Answer, Failure};
use super::apply::{Draft, Outcome};
use super::decode::decode;
use super::router::Call;
use super::server::{ProvokedKind, Server};
use super::sessions::Caller;

/// Answers an update.
pub(super) async fn update(
    server: &Server,
    call: &Call<'_>,
    session: Option<String>,
    workgroup: Option<String>,
) -> Answer {
    match accept(server, call, session, workgroup.as_deref()).await {
        Ok(answer) | Err(answer) => answer,
    }
}

async fn accept(
    server: &Server,
    call: &Call<'_>,
    session: Option<String>,
    workgroup: Option<&str>,
) -> Result<Answer, Answer> {
    let caller = server.admit(call.headers, session)?;
    let workgroup = existing(server, workgroup)?;
    check_right(server, &caller)?;
    check_removal(server, &workgroup)?;
    check_media_type(call.headers)?;
    let update = decode(&server.switches, call.body)?;
    apply(server, &workgroup, &caller, &update)
}

/// The stored id of the workgroup.
fn existing(server: &Server, workgroup: Option<&str>) -> Result<String, Answer> {
    workgroup
        .and_then(|id| server.store().find(id))
        .ok_or_else(Answer::no_such_workgroup)
}

fn check_right(server: &Server, caller: &Caller) -> Result<(), Answer> {
    if server.user(caller.user).may_modify {
        return Ok(());
    }
    Err(Answer::error(
        StatusCode::FORBIDDEN,
        "The user has no right to modify workgroups.",
    ))
}

fn check_removal(server: &Server, workgroup: &str) -> Result<(), Answer> {
    let provoked = server.provoked();
    if provoked.all_removed || provoked.removed.contains(workgroup) {
        return Err(Answer::error(StatusCode::GONE, "The resource was removed."));
    }
    Ok(())
}

/// Both documented media types, in UTF-8, or none at all.
fn check_media_type(headers: &HeaderMap) -> Result<(), Answer> {
    let Some(given) = headers.get(header::CONTENT_TYPE) else {
        return Ok(());
    };
    let mut parts = given.to_str().unwrap_or_default().split(';').map(str::trim);
    let known = parts.next().is_some_and(|media_type| {
        [wire::VENDOR_MEDIA_TYPE, wire::PLAIN_MEDIA_TYPE]
            .iter()
            .any(|known| media_type.eq_ignore_ascii_case(known))
    });
    let in_utf8 = parts
        .filter_map(|parameter| parameter.split_once('='))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .all(|(_, value)| value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8"));
    if known && in_utf8 {
        Ok(())
    } else {
        Err(Answer::error(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "The body must be JSON in UTF-8.",
        ))
    }
}

/// Validates against what is stored, and takes the update in whole.
fn apply(
    server: &Server,
    workgroup: &str,
    caller: &Caller,
    update: &BulkUpdate,
) -> Result<Answer, Answer> {
    let mut store = server.store();
    let (held, mut next_number) = store.parts(workgroup);
    let Some(held) = held else {
        return Err(Answer::no_such_workgroup());
    };
    let draft = Draft::new(&server.switches, &server.directory, held);
    let outcome = draft.run(update, &mut next_number);
    if !outcome.errors.is_empty() {
        return Err(Answer::invalid(&outcome.errors));
    }
    if let Some(failure) = server.provoked().take_failure(workgroup) {
        return Err(fail(failure));
    }
    let answer = success(workgroup, caller, &outcome);
    held.commit(outcome.changes);
    Ok(answer)
}

fn fail(kind: ProvokedKind) -> Answer {
    match kind {
        ProvokedKind::Answered(kind) => Answer::failure(kind),
        ProvokedKind::Panic => panic!("the control surface asked this update to panic"),
    }
}

/// 200 with the id of every object added or modified.
fn success(workgroup: &str, caller: &Caller, outcome: &Outcome) -> Answer {
    let listed = outcome.touched.iter().map(|id| UpdateOperationResult {
        id: id.clone(),
        uri: Some(mailbox_uri(&caller.session_id, workgroup, id)),
        license_problems: None,
    });
    let body = SubObjectSet {
        sub_objects: Some(listed.collect()),
    };
    Answer::json(StatusCode::OK, json!(body))
}

/// Where a monitored mailbox can be had.
pub(super) fn mailbox_uri(session_id: &str, workgroup: &str, id: &str) -> String {
    let path = wire::update_path(session_id, workgroup);
    format!("{path}/{}", wire::segment(id))
}

/// A 500 for what nobody foresaw.
pub(super) fn unforeseen() -> Answer {
    Answer::failure(Failure::Internal)
}
