//! Who asks (SES, ACC): the credentials of a request against the sessions
//! that the target issued.

use super::expectation::{AnswerKind, Breach, Expectation};
use super::known::{Asked, Known, KnownSession, SessionLife};
use crate::contract::rules::{self, Level, RuleId};
use crate::contract::wire;

const UNAUTHORIZED: &[AnswerKind] = &[AnswerKind::Unauthorized];
const UNAUTHORIZED_OR_BAD: &[AnswerKind] = &[AnswerKind::Unauthorized, AnswerKind::BadRequest];
const UNKNOWN_SESSION: &[AnswerKind] = &[
    AnswerKind::Unauthorized,
    AnswerKind::BadRequest,
    AnswerKind::NotFound,
];

/// Adds what the request's credentials deserve.
pub(super) fn examine(asked: &Asked<'_>, known: &Known<'_>, expectation: &mut Expectation) {
    let named = known
        .sessions
        .iter()
        .find(|session| session.id == asked.session_id);
    match named {
        None => add(
            expectation,
            rules::SES_7,
            Level::Must,
            "a session id that was never issued",
            UNKNOWN_SESSION,
        ),
        Some(session) => match session.life {
            SessionLife::Live => {}
            SessionLife::Ended => add(
                expectation,
                rules::SES_4,
                Level::Must,
                "an ended session",
                UNKNOWN_SESSION,
            ),
            SessionLife::Expired => add(
                expectation,
                rules::SES_4,
                Level::Must,
                "an expired session",
                UNAUTHORIZED,
            ),
        },
    }
    examine_token(asked, known, named, expectation);
    examine_cookie(asked, known, named, expectation);
    if expectation.is_authenticated() {
        if asked.unusual_spelling {
            expectation.feature(rules::SES_11, "header names in another case", true);
        }
        if asked.cookies.len() > 1 {
            expectation.feature(
                rules::SES_11,
                "other cookies beside the session's own",
                true,
            );
        }
        if let Some(language) = named.and_then(|session| session.language) {
            let what = format!("a session in {language}");
            expectation.feature(rules::SES_14, what, true);
        }
        if named.is_some_and(|session| !session.may_modify) {
            expectation.breach(
                rules::ACC_1,
                "a user without the right to modify",
                &[AnswerKind::Forbidden],
            );
        }
    }
}

fn examine_token(
    asked: &Asked<'_>,
    known: &Known<'_>,
    named: Option<&KnownSession<'_>>,
    expectation: &mut Expectation,
) {
    // White space around a field's value is no part of it.
    let tokens: Vec<&str> = asked
        .tokens
        .iter()
        .map(|token| token.trim_matches([' ', '\t']))
        .collect();
    let is_own = |token: &&str| named.is_some_and(|session| session.token == *token);
    let answers = match tokens.as_slice() {
        [] => {
            let what = "no token";
            return add(expectation, rules::SES_2, Level::Must, what, UNAUTHORIZED);
        }
        [token] if is_own(token) => return,
        [_] => UNAUTHORIZED,
        several if several.iter().any(is_own) => {
            // The right token among several: the contract does not say.
            let what = if several.iter().all(is_own) {
                "the token twice"
            } else {
                "the token beside another"
            };
            return maybe(expectation, rules::SES_3, what, UNAUTHORIZED_OR_BAD);
        }
        _ => UNAUTHORIZED_OR_BAD,
    };
    let issued = tokens
        .iter()
        .find_map(|token| known.sessions.iter().find(|other| other.token == *token));
    let (rule, level, what) = match issued {
        // With an id that was never issued, that alone is the breach.
        Some(_) if named.is_none() => return,
        Some(other) if other.life == SessionLife::Live => {
            (rules::SES_8, Level::Should, "the token of another session")
        }
        Some(_) => (rules::SES_4, Level::Should, "the token of an ended session"),
        None if tokens.len() > 1 => (rules::SES_3, Level::Must, "several tokens, none issued"),
        None if tokens.concat().is_empty() => (rules::SES_3, Level::Must, "an empty token"),
        None => (rules::SES_3, Level::Must, "a token that was never issued"),
    };
    add(expectation, rule, level, what, answers);
}

fn examine_cookie(
    asked: &Asked<'_>,
    known: &Known<'_>,
    named: Option<&KnownSession<'_>>,
    expectation: &mut Expectation,
) {
    let Some(session) = named else {
        // Which cookie belongs to an id that was never issued, nobody can say.
        if asked.cookies.is_empty() {
            let what = "no cookie";
            add(
                expectation,
                rules::SES_5,
                Level::Must,
                what,
                UNAUTHORIZED_OR_BAD,
            );
        }
        return;
    };
    let name = wire::cookie_name(session.id);
    let values: Vec<&str> = asked
        .cookies
        .iter()
        .filter(|(cookie, _)| *cookie == name)
        .map(|(_, value)| *value)
        .collect();
    if values == [session.cookie] {
        return;
    }
    if values.is_empty() {
        return examine_other_cookies(asked, known, session, expectation);
    }
    // Whether quotes belong to a cookie's value, servers disagree.
    let unquoted = |value: &&str| value.trim_matches('"') == session.cookie.trim_matches('"');
    let open = if values.contains(&session.cookie) {
        Some("the session's cookie twice")
    } else if values.iter().any(unquoted) {
        Some("the session's cookie with other quotes")
    } else {
        None
    };
    if let Some(what) = open {
        return maybe(expectation, rules::SES_6, what, UNAUTHORIZED_OR_BAD);
    }
    let issued = values
        .iter()
        .find_map(|value| known.sessions.iter().find(|other| other.cookie == *value));
    let (rule, level, what) = match issued {
        Some(other) if other.life == SessionLife::Live => {
            (rules::SES_9, Level::Should, "the cookie of another session")
        }
        Some(_) => (
            rules::SES_4,
            Level::Should,
            "the cookie of an ended session",
        ),
        None if values.concat().is_empty() => (rules::SES_6, Level::Must, "an empty cookie"),
        None => (
            rules::SES_6,
            Level::Must,
            "a cookie value that was never issued",
        ),
    };
    add(expectation, rule, level, what, UNAUTHORIZED_OR_BAD);
}

/// No cookie has the session's name: whose are those that there are?
fn examine_other_cookies(
    asked: &Asked<'_>,
    known: &Known<'_>,
    session: &KnownSession<'_>,
    expectation: &mut Expectation,
) {
    let prefix = wire::cookie_name("");
    let own_value =
        |(name, value): &(&str, &str)| name.starts_with(&prefix) && *value == session.cookie;
    if asked.cookies.iter().any(own_value) {
        // A server that names its cookie another way gets it back so.
        let what = "the session's cookie under another name";
        return maybe(expectation, rules::SES_5, what, UNAUTHORIZED_OR_BAD);
    }
    let of_another = |(name, value): &(&str, &str)| {
        known.sessions.iter().any(|other| {
            other.life == SessionLife::Live
                && wire::cookie_name(other.id) == *name
                && other.cookie == *value
        })
    };
    let (rule, level, what) = if asked.cookies.iter().any(of_another) {
        (
            rules::SES_9,
            Level::Should,
            "only the cookie of another session",
        )
    } else {
        (rules::SES_5, Level::Must, "no cookie")
    };
    add(expectation, rule, level, what, UNAUTHORIZED_OR_BAD);
}

fn add(
    expectation: &mut Expectation,
    rule: RuleId,
    level: Level,
    what: &str,
    answers: &[AnswerKind],
) {
    expectation.authentication.push(Breach {
        rule,
        level,
        what: what.to_owned(),
        answers: answers.to_vec(),
        certain: true,
        folder: None,
    });
}

/// Open: accepted or refused so.
fn maybe(expectation: &mut Expectation, rule: RuleId, what: &str, answers: &[AnswerKind]) {
    expectation.authentication.push(Breach {
        rule,
        level: Level::Open,
        what: what.to_owned(),
        answers: answers.to_vec(),
        certain: false,
        folder: None,
    });
}
