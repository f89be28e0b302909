//! Faults around an update as a whole: what is answered before anything is
//! looked at, who is forgiven, and what is kept of the answer.

use std::time::{Duration, Instant};

use axum::http::{StatusCode, header};
use serde_json::json;

use crate::contract::wire;

use super::answers::{Answer, Content, Failure};
use super::decode::{decode, listed, removed};
use super::path::Segment;
use super::router::Call;
use super::server::Server;
use super::sessions::{Caller, Denial};
use super::{Fault, admission, cookies, forms};

/// What a hasty server answers without looking any further.
pub(super) fn hasty(server: &Server, call: &Call<'_>, session: &Segment) -> Option<Answer> {
    let has = |fault| server.switches.has(fault);
    let failure = || Some(Answer::failure(Failure::Internal));
    let session = session.as_deref().unwrap_or_default();
    if has(Fault::FailureLosesSession) && server.memory().met.contains(&format!("failed {session}"))
    {
        return Some(server.denied(Denial::WrongToken));
    }
    let digits = session.chars().all(|c| c.is_ascii_digit());
    if has(Fault::SessionIdFormat500) && !digits
        || has(Fault::SessionIdLong500) && session.chars().count() > 19
    {
        return failure();
    }
    let base64 = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
    for token in admission::tokens(call.headers) {
        if has(Fault::TokenFormat500) && !(token.len() % 4 == 0 && token.chars().all(base64))
            || has(Fault::TokenLength500) && token.len() != 88
        {
            return failure();
        }
    }
    let name = wire::cookie_name(session);
    let own = |(given, _): &&(String, String)| *given == name;
    for (_, value) in cookies::all(call.headers).iter().filter(own) {
        if has(Fault::CookieFormat500) && !is_guid(value) {
            return failure();
        }
    }
    let too_long = |(fault, most): &(Fault, usize)| has(*fault) && call.body.len() > *most;
    if LONGEST.iter().any(too_long) {
        let message = "The body is too long.";
        return Some(Answer::error(StatusCode::PAYLOAD_TOO_LARGE, message));
    }
    if has(Fault::LongBodyDrops) && call.body.len() > 256 * 1024 {
        return Some(broken());
    }
    if has(Fault::EmptyBodyBeforeSession) && call.body.is_empty() {
        return Some(Answer::malformed("the body is missing"));
    }
    now_and_then(server)
}

/// The longest body that each fault bears, in bytes.
const LONGEST: &[(Fault, usize)] = &[
    (Fault::Body100k413, 100_000),
    (Fault::Body512k413, 512 * 1024),
    (Fault::Body1000k413, 1_000_000),
];

fn is_guid(value: &str) -> bool {
    value.len() == 36 && value.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}

fn broken() -> Answer {
    let mut answer = Answer::empty(StatusCode::BAD_REQUEST);
    answer.body = Content::Broken;
    answer
}

/// Faults of one request out of many.
fn now_and_then(server: &Server) -> Option<Answer> {
    let has = |fault| server.switches.has(fault);
    let number = {
        let mut memory = server.memory();
        memory.updates += 1;
        memory.updates
    };
    if has(Fault::Every20th401) && number % 20 == 0 {
        return Some(server.denied(Denial::WrongToken));
    }
    if has(Fault::Every40th500) && number % 40 == 0 {
        return Some(Answer::failure(Failure::Internal));
    }
    (has(Fault::Every40thDrops) && number % 40 == 0).then(broken)
}

/// Remembers that somebody only asked something in a session.
pub(super) fn look(server: &Server, session: Option<&str>) {
    let has = |fault| server.switches.has(fault);
    if has(Fault::LookRevivesExpired) || has(Fault::LookRevivesEnded) {
        let mark = format!("looked {}", session.unwrap_or_default());
        server.memory().met.insert(mark);
    }
}

fn looked(server: &Server, session: &str) -> bool {
    server.memory().met.contains(&format!("looked {session}"))
}

/// A request that is let in although its session does not allow it.
pub(super) fn forgiven(
    server: &Server,
    call: &Call<'_>,
    session: &Segment,
    denial: Denial,
) -> Option<Caller> {
    let has = |fault| server.switches.has(fault);
    let session = session.as_deref()?;
    let met = |what: &str| !server.memory().met.insert(format!("{what} {session}"));
    let forgiven = match denial {
        Denial::NoToken => {
            let asked = decode(&server.switches, call.body).ok();
            let (mut nothing, mut removal) = (false, false);
            if let Some(update) = &asked {
                let writes = !listed(&update.add).is_empty() || !listed(&update.modify).is_empty();
                nothing = !writes && removed(update).is_empty();
                removal = !writes && !removed(update).is_empty();
            }
            let media_type = call.headers.get(header::CONTENT_TYPE);
            let media_type = media_type.and_then(|value| value.to_str().ok());
            let plain = media_type.is_some_and(|given| {
                given
                    .to_ascii_lowercase()
                    .starts_with(wire::PLAIN_MEDIA_TYPE)
            });
            has(Fault::TokenlessPlainJson) && plain
                || has(Fault::TokenlessNothing) && nothing
                || has(Fault::TokenlessRemoval) && removal
        }
        Denial::ExpiredSession => {
            has(Fault::ExpiredRevives) && met("expired")
                || has(Fault::LookRevivesExpired) && looked(server, session)
        }
        Denial::EndedSession => {
            has(Fault::EndedGrace) && !met("ended")
                || has(Fault::LookRevivesEnded) && looked(server, session)
        }
        _ => false,
    };
    if forgiven || forms::forgives(&server.switches, call, denial) {
        server.sessions().owner(session)
    } else {
        None
    }
}

/// How many updates a crowded server has room for.
const POOL: u32 = 12;

/// An update under way, counted until it is dropped.
pub(super) struct UnderWay<'a> {
    server: &'a Server,
    what: Option<String>,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        if let Some(what) = &self.what
            && let Some(count) = self.server.memory().busy.get_mut(what)
        {
            *count -= 1;
        }
    }
}

/// Counts an update among those under way, or refuses it because of them.
pub(super) async fn enter<'a>(
    server: &'a Server,
    session: &Segment,
    workgroup: Option<&str>,
) -> Result<UnderWay<'a>, Answer> {
    let has = |fault| server.switches.has(fault);
    let most = if has(Fault::Crowd500) { POOL } else { 1 };
    let what = if has(Fault::Crowd500) {
        Some("everybody".to_owned())
    } else if has(Fault::BusySession401) {
        session.clone()
    } else if has(Fault::BusyWorkgroup500) || has(Fault::BusyWorkgroup409) {
        workgroup.map(str::to_owned)
    } else {
        None
    };
    let Some(what) = what else {
        return Ok(UnderWay { server, what: None });
    };
    {
        let mut memory = server.memory();
        let count = memory.busy.entry(what.clone()).or_default();
        if *count >= most {
            drop(memory);
            return Err(if has(Fault::BusySession401) {
                server.denied(Denial::WrongToken)
            } else if has(Fault::BusyWorkgroup500) || has(Fault::Crowd500) {
                Answer::failure(Failure::Internal)
            } else {
                Answer::error(StatusCode::CONFLICT, "The workgroup is being updated.")
            });
        }
        *count += 1;
    }
    let under_way = UnderWay {
        server,
        what: Some(what),
    };
    tokio::time::sleep(Duration::from_millis(2)).await;
    Ok(under_way)
}

/// The answer that was given to the same body before.
pub(super) fn recalled(server: &Server, call: &Call<'_>, workgroup: &str) -> Option<Answer> {
    let has = |fault| server.switches.has(fault);
    let caches = has(Fault::AnswerCached) || has(Fault::RefusalRemembered);
    let mut memory = server.memory();
    if has(Fault::RepeatUnlisted) {
        let before = memory
            .last_body
            .insert(workgroup.to_owned(), call.body.to_vec());
        if before.as_deref() == Some(call.body) {
            return Some(Answer::json(StatusCode::OK, json!({ "subObjects": [] })));
        }
    }
    if has(Fault::FailureLocks) && memory.poisoned.contains(workgroup)
        || has(Fault::RefusalPoisons) && memory.poisoned.remove(workgroup)
    {
        return Some(Answer::failure(Failure::Internal));
    }
    if has(Fault::AnswerCachedASecond)
        && let Some((at, body)) = memory
            .recent
            .get(&(workgroup.to_owned(), call.body.to_vec()))
        && at.elapsed() < Duration::from_secs(1)
    {
        return Some(Answer::json(StatusCode::OK, body.clone()));
    }
    if !caches {
        return None;
    }
    let key = (workgroup.to_owned(), call.body.to_vec());
    let (status, body) = memory.answers.get(&key)?;
    Some(Answer::json(*status, body.clone()))
}

/// Keeps what later updates are answered by.
pub(super) fn remembered(
    server: &Server,
    call: &Call<'_>,
    workgroup: &str,
    session_id: &str,
    answer: &mut Answer,
) {
    let has = |fault| server.switches.has(fault);
    let status = answer.status;
    let kept = has(Fault::AnswerCached) && status == StatusCode::OK
        || has(Fault::RefusalRemembered) && status == StatusCode::BAD_REQUEST;
    if kept && let Some(body) = answer.json_mut() {
        let key = (workgroup.to_owned(), call.body.to_vec());
        server.memory().answers.insert(key, (status, body.clone()));
    }
    if has(Fault::AnswerCachedASecond)
        && status == StatusCode::OK
        && let Some(body) = answer.json_mut()
    {
        let key = (workgroup.to_owned(), call.body.to_vec());
        let kept = (Instant::now(), body.clone());
        server.memory().recent.insert(key, kept);
    }
    let invalid = answer
        .json_mut()
        .is_some_and(|body| body.get("validationErrors").is_some());
    if has(Fault::RefusalPoisons) && invalid
        || has(Fault::FailureLocks) && status == StatusCode::INTERNAL_SERVER_ERROR
    {
        server.memory().poisoned.insert(workgroup.to_owned());
    }
    if has(Fault::FailureLosesSession) && status == StatusCode::INTERNAL_SERVER_ERROR {
        server.memory().met.insert(format!("failed {session_id}"));
    }
}

/// Ends a session after ten refusals in a row.
pub(super) fn lose_patience(server: &Server, session: &Segment, status: StatusCode) {
    let Some(session) = session.as_deref() else {
        return;
    };
    if !server.switches.has(Fault::TenRefusalsEnd) {
        return;
    }
    let refusals = {
        let mut memory = server.memory();
        let refusals = memory.refused.entry(session.to_owned()).or_default();
        *refusals = if status == StatusCode::BAD_REQUEST {
            *refusals + 1
        } else {
            0
        };
        *refusals
    };
    if refusals == 10 {
        server.sessions().end(session);
    }
}
