//! The endpoint under test: the order of its checks and its answers.
//!
//! Session, workgroup, right, removal, media type, body, validation: each
//! check answers alone, and only what passes all of them changes anything.

use std::time::Duration;

use axum::http::StatusCode;

use crate::contract::representation::BulkUpdate;

use super::address::{self, existing};
use super::answers::Answer;
use super::decode::{decode, listed, removed};
use super::effect::apply;
use super::path::Segment;
use super::router::Call;
use super::server::Server;
use super::sessions::{Caller, Denial};
use super::{
    Fault, Variant, disguise, forms, lapses, leniency, masks, media_type, rights, spelling,
};

/// Answers an update.
pub(super) async fn update(
    server: &Server,
    call: &Call<'_>,
    session: Segment,
    workgroup: Segment,
) -> Answer {
    let result = accept(server, call, session.clone(), workgroup.as_deref()).await;
    let mut answer = result.unwrap_or_else(|refusal| refusal);
    lapses::lose_patience(server, &session, answer.status);
    forms::translate(server, session.as_deref(), &mut answer);
    disguise::disguise(&server.switches, &mut answer);
    masks::mask(&server.switches, &mut answer);
    spelling::misspell(&server.switches, &mut answer);
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

/// In which order the checks are made; any order is legal.
fn order(server: &Server) -> [Check; 5] {
    use Check::{Body, MediaType, Removal, Right, Workgroup};
    let varies = |variant| server.switches.varies(variant);
    if varies(Variant::BodyFirst) {
        [MediaType, Body, Workgroup, Right, Removal]
    } else if varies(Variant::RightsFirst) {
        [Right, Workgroup, Removal, MediaType, Body]
    } else if varies(Variant::RightsLast) {
        [Workgroup, Removal, MediaType, Body, Right]
    } else if varies(Variant::RemovalFirst) {
        [Workgroup, Removal, Right, MediaType, Body]
    } else if varies(Variant::RemovalLast) {
        [Workgroup, Right, MediaType, Body, Removal]
    } else {
        [Workgroup, Right, Removal, MediaType, Body]
    }
}

async fn accept(
    server: &Server,
    call: &Call<'_>,
    session: Segment,
    workgroup: Option<&str>,
) -> Result<Answer, Answer> {
    let caller = admitted(server, call, session.clone(), workgroup).await?;
    let _under_way = lapses::enter(server, &session, workgroup).await?;
    check_session_whims(server, call, &caller)?;
    forms::check_language(server, &caller.session_id)?;
    let mut found = String::new();
    let mut update = BulkUpdate::default();
    for check in order(server) {
        match check {
            Check::Workgroup => found = workgroup_of(server, call, workgroup)?,
            Check::Right => rights::check(server, call, &caller, workgroup).await?,
            Check::Removal => check_removal(server, call, &found).await?,
            Check::MediaType => media_type::check(&server.switches, call.headers)?,
            Check::Body => update = body(server, call, workgroup).await?,
        }
    }
    if server.switches.has(Fault::NeverAnswers) && !removed(&update).is_empty() {
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
    if let Some(answer) = lapses::recalled(server, call, &found) {
        return Ok(answer);
    }
    let result = apply(server, &found, &caller.session_id, &update).await;
    if server.switches.is_plain() {
        return result;
    }
    let mut answer = result.unwrap_or_else(|refusal| refusal);
    lapses::remembered(server, call, &found, &caller.session_id, &mut answer);
    Ok(answer)
}

/// Lets the caller in, or has the answer of an unauthenticated request.
async fn admitted(
    server: &Server,
    call: &Call<'_>,
    session: Segment,
    workgroup: Option<&str>,
) -> Result<Caller, Answer> {
    let has = |fault| server.switches.has(fault);
    if server.switches.varies(Variant::OddPaths400) && address::is_odd(workgroup) {
        return Err(Answer::malformed("The path is malformed."));
    }
    if let Some(answer) = lapses::hasty(server, call, &session) {
        return Err(answer);
    }
    if let Some(answer) = forms::refused(&server.switches, call) {
        return Err(answer);
    }
    if has(Fault::WorkgroupBeforeSession) {
        existing(server, workgroup)?;
    }
    if has(Fault::RemovedBeforeSession) {
        let found = existing(server, workgroup).unwrap_or_default();
        check_removal(server, call, &found).await?;
    }
    if has(Fault::MediaTypeBeforeSession) {
        media_type::check(&server.switches, call.headers)?;
    }
    if has(Fault::BodyBeforeSession) {
        decode(&server.switches, call.body)?;
    }
    match server.recognise(call.headers, session.clone()) {
        Ok(caller) => Ok(caller),
        Err(denial) => match lapses::forgiven(server, call, &session, denial) {
            Some(caller) => Ok(caller),
            None => {
                if has(Fault::LongBodyBeforeSession) && call.body.len() > 64 * 1024 {
                    let message = "The body is too long.";
                    return Err(Answer::error(StatusCode::PAYLOAD_TOO_LARGE, message));
                }
                apply_although_denied(server, call, workgroup, denial).await;
                Err(server.denied(denial))
            }
        },
    }
}

fn workgroup_of(
    server: &Server,
    call: &Call<'_>,
    workgroup: Option<&str>,
) -> Result<String, Answer> {
    existing(server, workgroup).map_err(|refusal| {
        let asked = decode(&server.switches, call.body).unwrap_or_default();
        let writes = !listed(&asked.add).is_empty() || !listed(&asked.modify).is_empty();
        let removes = !removed(&asked).is_empty();
        let (nothing, removal) = (!writes && !removes, !writes && removes);
        address::overlooked(&server.switches, nothing, removal).unwrap_or(refusal)
    })
}

/// Reads the body; faults apply what is right in one that is wrong.
async fn body(
    server: &Server,
    call: &Call<'_>,
    workgroup: Option<&str>,
) -> Result<BulkUpdate, Answer> {
    let result = decode(&server.switches, call.body);
    if result.is_err() && forms::reads_anything(&server.switches, call) {
        return Ok(BulkUpdate::default());
    }
    if result.is_err()
        && let Some(rest) = leniency::remains::of(&server.switches, call.body)
    {
        slip_in(server, workgroup, &rest).await;
    }
    result
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

async fn check_removal(server: &Server, call: &Call<'_>, workgroup: &str) -> Result<(), Answer> {
    let has = |fault| server.switches.has(fault);
    let is_removed = is_removed(server, workgroup);
    if !is_removed || has(Fault::Removed200) {
        return Ok(());
    }
    let asked = decode(&server.switches, call.body);
    if has(Fault::RemovedNothing200)
        && let Ok(update) = &asked
        && listed(&update.add).is_empty()
        && listed(&update.modify).is_empty()
        && removed(update).is_empty()
    {
        return Ok(());
    }
    if has(Fault::RemovedApplied)
        && let Ok(update) = asked
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

fn is_removed(server: &Server, workgroup: &str) -> bool {
    let has = |fault| server.switches.has(fault);
    let is_removed = server.provoked().is_removed(workgroup);
    if has(Fault::RestoredStill410) {
        let mark = format!("gone {workgroup}");
        let mut memory = server.memory();
        if is_removed {
            memory.met.insert(mark);
        } else if memory.met.remove(&mark) {
            return true;
        }
    }
    is_removed || has(Fault::RemovedOneRemovesAll) && !server.provoked().removed.is_empty()
}

/// Faults that apply what is answered 401.
async fn apply_although_denied(
    server: &Server,
    call: &Call<'_>,
    workgroup: Option<&str>,
    denial: Denial,
) {
    let has = |fault| server.switches.has(fault);
    let token = matches!(denial, Denial::NoToken | Denial::WrongToken);
    let cookie = matches!(denial, Denial::NoCookie | Denial::WrongCookie);
    let applied = token && has(Fault::RefusedTokenApplied)
        || cookie && has(Fault::RefusedCookieApplied)
        || denial == Denial::ExpiredSession && has(Fault::ExpiredApplied)
        || denial == Denial::EndedSession && has(Fault::EndedApplied);
    let removes = (token || cookie) && has(Fault::RefusedRemoves);
    if !applied && !removes {
        return;
    }
    if let Ok(mut update) = decode(&server.switches, call.body) {
        if removes {
            update = BulkUpdate {
                remove: update.remove,
                ..BulkUpdate::default()
            };
        }
        slip_in(server, workgroup, &update).await;
    }
}

/// Applies an update whose answer says otherwise.
pub(super) async fn slip_in(server: &Server, workgroup: Option<&str>, update: &BulkUpdate) {
    if let Ok(found) = existing(server, workgroup) {
        // Whatever comes of it, the answer is another one.
        let _ = apply(server, &found, "0", update).await;
    }
}
