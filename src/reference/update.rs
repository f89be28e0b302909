//! The endpoint under test: the order of its checks and its answers.
//!
//! Session, workgroup, right, removal, media type, body, validation: each
//! check answers alone, and only what passes all of them changes anything.

use std::time::Duration;

use axum::http::{HeaderMap, StatusCode, header};
use serde_json::json;

use crate::contract::representation::BulkUpdate;
use crate::contract::wire;

use super::answers::{Answer, Failure};
use super::decode::{decode, listed};
use super::effect::apply;
use super::path::Segment;
use super::router::Call;
use super::server::Server;
use super::sessions::{Caller, Denial};
use super::{Fault, Variant, disguise};

/// Answers an update.
pub(super) async fn update(
    server: &Server,
    call: &Call<'_>,
    session: Segment,
    workgroup: Segment,
) -> Answer {
    let result = accept(server, call, session, workgroup.as_deref()).await;
    let mut answer = result.unwrap_or_else(|refusal| refusal);
    disguise::disguise(&server.switches, &mut answer);
    answer
}

/// The checks behind the session's.
#[derive(Clone, Copy)]
enum Check {
    Workgroup,
    Right,
    Removal,
    MediaType,
    Body,
}

async fn accept(
    server: &Server,
    call: &Call<'_>,
    session: Segment,
    workgroup: Option<&str>,
) -> Result<Answer, Answer> {
    if server.switches.has(Fault::WorkgroupBeforeSession) {
        existing(server, workgroup)?;
    }
    if server.switches.has(Fault::BodyBeforeSession) {
        decode(&server.switches, call.body)?;
    }
    let caller = match server.recognise(call.headers, session) {
        Ok(caller) => caller,
        Err(denial) => {
            apply_although_denied(server, call, workgroup, denial).await;
            return Err(server.denied(denial));
        }
    };
    check_session_whims(server, call, &caller)?;
    let mut checks = [
        Check::Workgroup,
        Check::Right,
        Check::Removal,
        Check::MediaType,
        Check::Body,
    ];
    if server.switches.varies(Variant::BodyFirst) {
        checks.rotate_right(2);
    }
    if server.switches.varies(Variant::RightsFirst) {
        checks = [
            Check::Right,
            Check::Workgroup,
            Check::Removal,
            Check::MediaType,
            Check::Body,
        ];
    }
    let mut found = String::new();
    let mut update = BulkUpdate::default();
    for check in checks {
        match check {
            Check::Workgroup => found = existing(server, workgroup)?,
            Check::Right => check_right(server, call, &caller, workgroup).await?,
            Check::Removal => check_removal(server, call, &found).await?,
            Check::MediaType => check_media_type(server, call.headers)?,
            Check::Body => update = decode(&server.switches, call.body)?,
        }
    }
    if server.switches.has(Fault::NeverAnswers)
        && update.remove.value().is_some_and(|ids| !ids.is_empty())
    {
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
    apply(server, &found, &caller.session_id, &update).await
}

fn check_session_whims(server: &Server, call: &Call<'_>, caller: &Caller) -> Result<(), Answer> {
    let has = |fault| server.switches.has(fault);
    let tired = has(Fault::TiredSession) && server.sessions().count_update(&caller.session_id) > 50;
    if tired || has(Fault::LongBody401) && call.body.len() > 16 * 1024 {
        return Err(server.denied(Denial::WrongToken));
    }
    if has(Fault::LongBody413) && call.body.len() > 64 * 1024 {
        return Err(Answer::error(
            StatusCode::PAYLOAD_TOO_LARGE,
            "The body is too long.",
        ));
    }
    Ok(())
}

/// The stored id of the workgroup.
fn existing(server: &Server, workgroup: Option<&str>) -> Result<String, Answer> {
    let has = |fault| server.switches.has(fault);
    let Some(id) = workgroup else {
        return Err(Answer::no_such_workgroup());
    };
    if has(Fault::LongWorkgroup414) && id.chars().count() > 100 {
        return Err(Answer::error(
            StatusCode::URI_TOO_LONG,
            "The path is too long.",
        ));
    }
    let mut store = server.store();
    if let Some(found) = store.find(&server.switches, id) {
        return Ok(found);
    }
    if has(Fault::AbsentWorkgroupCreated) {
        store.create(id);
        return Ok(id.to_owned());
    }
    let message = "The workgroup does not exist.";
    Err(if has(Fault::AbsentWorkgroup200) {
        Answer::json(StatusCode::OK, json!({ "subObjects": [] }))
    } else if has(Fault::AbsentWorkgroup400) || has(Fault::OddWorkgroup400) && !id.is_ascii() {
        Answer::malformed(message)
    } else if has(Fault::AbsentWorkgroup403) {
        Answer::error(StatusCode::FORBIDDEN, message)
    } else if has(Fault::AbsentWorkgroup410) {
        Answer::error(StatusCode::GONE, message)
    } else if has(Fault::AbsentWorkgroup500) {
        Answer::failure(Failure::Internal)
    } else {
        Answer::no_such_workgroup()
    })
}

async fn check_right(
    server: &Server,
    call: &Call<'_>,
    caller: &Caller,
    workgroup: Option<&str>,
) -> Result<(), Answer> {
    let has = |fault| server.switches.has(fault);
    if server.user(caller.user).may_modify || has(Fault::RightsUnchecked) {
        return Ok(());
    }
    let asked = decode(&server.switches, call.body).ok();
    let adds = asked
        .as_ref()
        .is_none_or(|update| !listed(&update.add).is_empty());
    if has(Fault::RightsForAddOnly) && !adds {
        return Ok(());
    }
    if let Some(mut update) = asked {
        if has(Fault::ForbiddenRemoves) {
            update = BulkUpdate {
                remove: update.remove,
                ..BulkUpdate::default()
            };
        }
        if has(Fault::ForbiddenApplied) || has(Fault::ForbiddenRemoves) {
            slip_in(server, workgroup, &update).await;
        }
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

async fn check_removal(server: &Server, call: &Call<'_>, workgroup: &str) -> Result<(), Answer> {
    let has = |fault| server.switches.has(fault);
    if !server.provoked().is_removed(workgroup) || has(Fault::Removed200) {
        return Ok(());
    }
    if has(Fault::RemovedApplied)
        && let Ok(update) = decode(&server.switches, call.body)
    {
        slip_in(server, Some(workgroup), &update).await;
    }
    let status = if has(Fault::Removed404) {
        StatusCode::NOT_FOUND
    } else {
        StatusCode::GONE
    };
    Err(Answer::error(status, "The resource was removed."))
}

/// Both documented media types, in UTF-8, or none at all.
fn check_media_type(server: &Server, headers: &HeaderMap) -> Result<(), Answer> {
    let (has, varies) = (
        |fault| server.switches.has(fault),
        |variant| server.switches.varies(variant),
    );
    let refused = |status| Err(Answer::error(status, "The body must be JSON in UTF-8."));
    let Some(given) = headers.get(header::CONTENT_TYPE) else {
        return if varies(Variant::MissingMediaType415) {
            refused(StatusCode::UNSUPPORTED_MEDIA_TYPE)
        } else {
            Ok(())
        };
    };
    let mut parts = given.to_str().unwrap_or_default().split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default();
    let is = |known: &str| {
        media_type == known || media_type.eq_ignore_ascii_case(known) && !has(Fault::MediaTypeCase)
    };
    let known = is(wire::VENDOR_MEDIA_TYPE) && !has(Fault::VendorMediaType415)
        || is(wire::PLAIN_MEDIA_TYPE) && !has(Fault::PlainMediaType415);
    let in_utf8 = parts
        .filter_map(|parameter| parameter.split_once('='))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .all(|(_, value)| {
            value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8") && !has(Fault::Charset415)
        });
    if known && in_utf8 || varies(Variant::OtherMediaTypesAccepted) {
        Ok(())
    } else if varies(Variant::OtherMediaTypes406) {
        refused(StatusCode::NOT_ACCEPTABLE)
    } else if varies(Variant::OtherMediaTypes400) {
        Err(Answer::malformed("The body must be JSON in UTF-8."))
    } else {
        refused(StatusCode::UNSUPPORTED_MEDIA_TYPE)
    }
}

/// Faults that apply what is answered 401.
async fn apply_although_denied(
    server: &Server,
    call: &Call<'_>,
    workgroup: Option<&str>,
    denial: Denial,
) {
    let token = matches!(denial, Denial::NoToken | Denial::WrongToken);
    let cookie = matches!(denial, Denial::NoCookie | Denial::WrongCookie);
    let applied = token && server.switches.has(Fault::RefusedTokenApplied)
        || cookie && server.switches.has(Fault::RefusedCookieApplied);
    if applied && let Ok(update) = decode(&server.switches, call.body) {
        slip_in(server, workgroup, &update).await;
    }
}

/// Applies an update whose answer says otherwise.
async fn slip_in(server: &Server, workgroup: Option<&str>, update: &BulkUpdate) {
    if let Ok(found) = existing(server, workgroup) {
        // Whatever comes of it, the answer is another one.
        let _ = apply(server, &found, "0", update).await;
    }
}
