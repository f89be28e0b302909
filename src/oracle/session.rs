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
    let [token] = asked.tokens else {
        if asked.tokens.is_empty() {
            add(
                expectation,
                rules::SES_2,
                Level::Must,
                "no token",
                UNAUTHORIZED,
            );
        } else if asked
            .tokens
            .iter()
            .all(|token| named.is_some_and(|session| session.token == *token))
        {
            // The right token twice: the contract does not say.
            maybe(
                expectation,
                rules::SES_3,
                "the token twice",
                UNAUTHORIZED_OR_BAD,
            );
        } else {
            add(
                expectation,
                rules::SES_3,
                Level::Must,
                "two tokens that differ",
                UNAUTHORIZED_OR_BAD,
            );
        }
        return;
    };
    if named.is_some_and(|session| session.token == *token) {
        return;
    }
    match known
        .sessions
        .iter()
        .find(|session| session.token == *token)
    {
        // With an id that was never issued, that alone is the breach.
        Some(_) if named.is_none() => {}
        Some(other) if other.life == SessionLife::Live => {
            add(
                expectation,
                rules::SES_8,
                Level::Should,
                "the token of another session",
                UNAUTHORIZED,
            );
        }
        Some(_) => add(
            expectation,
            rules::SES_4,
            Level::Should,
            "the token of an ended session",
            UNAUTHORIZED,
        ),
        None if token.is_empty() => {
            add(
                expectation,
                rules::SES_3,
                Level::Must,
                "an empty token",
                UNAUTHORIZED,
            );
        }
        None => add(
            expectation,
            rules::SES_3,
            Level::Must,
            "a token that was never issued",
            UNAUTHORIZED,
        ),
    }
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
            add(
                expectation,
                rules::SES_5,
                Level::Must,
                "no cookie",
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
        .map(|(_, value)| value.trim_matches('"'))
        .collect();
    match values.as_slice() {
        [] => {
            let of_another = asked.cookies.iter().any(|(cookie, value)| {
                known
                    .sessions
                    .iter()
                    .any(|other| wire::cookie_name(other.id) == *cookie && other.cookie == *value)
            });
            if of_another {
                add(
                    expectation,
                    rules::SES_9,
                    Level::Should,
                    "only the cookie of another session",
                    UNAUTHORIZED_OR_BAD,
                );
            } else {
                add(
                    expectation,
                    rules::SES_5,
                    Level::Must,
                    "no cookie",
                    UNAUTHORIZED_OR_BAD,
                );
            }
        }
        [value] if *value == session.cookie => {}
        [value] => match known.sessions.iter().find(|other| other.cookie == *value) {
            Some(other) if other.life == SessionLife::Live => {
                add(
                    expectation,
                    rules::SES_9,
                    Level::Should,
                    "the cookie of another session",
                    UNAUTHORIZED_OR_BAD,
                );
            }
            Some(_) => add(
                expectation,
                rules::SES_4,
                Level::Should,
                "the cookie of an ended session",
                UNAUTHORIZED_OR_BAD,
            ),
            None if value.is_empty() => {
                add(
                    expectation,
                    rules::SES_6,
                    Level::Must,
                    "an empty cookie",
                    UNAUTHORIZED_OR_BAD,
                );
            }
            None => add(
                expectation,
                rules::SES_6,
                Level::Must,
                "a cookie value that was never issued",
                UNAUTHORIZED_OR_BAD,
            ),
        },
        several if several.contains(&session.cookie) => {
            maybe(
                expectation,
                rules::SES_6,
                "the session's cookie twice",
                UNAUTHORIZED_OR_BAD,
            );
        }
        _ => add(
            expectation,
            rules::SES_6,
            Level::Must,
            "a cookie value that was never issued",
            UNAUTHORIZED_OR_BAD,
        ),
    }
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
