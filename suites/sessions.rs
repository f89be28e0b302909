//! Who asks: every way in which a session can be wrong, and the live ones that
//! must be accepted.

use proptest::prelude::*;
use proptest::strategy::{BoxedStrategy, Just};
use serde_json::Value;

use crate::contract::rules::*;
use crate::generate::mailbox::{Names, Shape, names};
use crate::generate::session::{Asker, Cookie, Life, PathId, SessionState, Token};
use crate::generate::update::{Size, adding, plain_step, update};
use crate::generate::{Case, Fixtures, HeaderSpelling, Prelude, Step, WorkgroupChoice};
use crate::runner::property::Share;
use crate::runner::{Need, Property};

/// The properties of the family `session`.
pub const PROPERTIES: &[Property] = &[
    Property {
        id: "session/live",
        says: "an update by a live session is accepted",
        rules: &[SES_1, REP_1],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| of_states(fixtures, &[SessionState::LIVE]),
    },
    Property {
        id: "session/missing-token",
        says: "a request without the CSRF header is refused and changes nothing",
        rules: &[SES_2, SES_10, SES_13],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| of_states(fixtures, &[SessionState::token(Token::Absent)]),
    },
    Property {
        id: "session/wrong-token",
        says: "a token that was never issued is refused and changes nothing",
        rules: &[SES_3, SES_10, SES_13],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| {
            let tokens = [
                Token::Garbage,
                Token::Empty,
                Token::MiddleChanged,
                Token::Truncated,
                Token::Extended,
                Token::OtherCase,
                Token::Twice,
            ];
            of_states(fixtures, &tokens.map(SessionState::token))
        },
    },
    Property {
        id: "session/ended",
        says: "a session that its client ended is refused and changes nothing",
        rules: &[SES_4, SES_10, SES_13],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| {
            let states = [
                SessionState::life(Life::Ended),
                SessionState::token(Token::OfEnded),
                SessionState::cookie(Cookie::OfEnded),
            ];
            of_states(fixtures, &states)
        },
    },
    Property {
        id: "session/expired",
        says: "a session that has expired is refused and changes nothing",
        rules: &[SES_4, SES_10, SES_13],
        needs: &[Need::ExpireSession],
        share: Share::Strata,
        strata: |fixtures| of_states(fixtures, &[SessionState::life(Life::Expired)]),
    },
    Property {
        id: "session/missing-cookie",
        says: "a request without the session cookie is refused and changes nothing",
        rules: &[SES_5, SES_13],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| {
            of_states(
                fixtures,
                &[Cookie::Absent, Cookie::OtherNames].map(SessionState::cookie),
            )
        },
    },
    Property {
        id: "session/wrong-cookie",
        says: "a cookie value that was never issued is refused and changes nothing",
        rules: &[SES_6, SES_13],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| {
            let cookies = [
                Cookie::Garbage,
                Cookie::Empty,
                Cookie::MiddleChanged,
                Cookie::Truncated,
                Cookie::OtherCase,
                Cookie::Twice,
            ];
            of_states(fixtures, &cookies.map(SessionState::cookie))
        },
    },
    Property {
        id: "session/wrong-id",
        says: "a session id that was never issued is refused and changes nothing",
        rules: &[SES_7, SES_13],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| {
            let ids = [
                PathId::Unknown,
                PathId::Malformed,
                PathId::ZeroInFront,
                PathId::Extended,
            ];
            of_states(fixtures, &ids.map(SessionState::path))
        },
    },
    Property {
        id: "session/token-of-another",
        says: "the token of another live session is refused and changes nothing",
        rules: &[SES_8, SES_13],
        needs: &[Need::AnotherSession],
        share: Share::Strata,
        strata: |fixtures| of_states(fixtures, &[SessionState::token(Token::OfAnother)]),
    },
    Property {
        id: "session/cookie-of-another",
        says: "the cookie of another live session is refused and changes nothing",
        rules: &[SES_9, SES_13],
        needs: &[Need::AnotherSession],
        share: Share::Strata,
        strata: |fixtures| {
            let states = [
                SessionState::cookie(Cookie::OfAnother),
                SessionState::path(PathId::OfAnother),
            ];
            of_states(fixtures, &states)
        },
    },
    Property {
        id: "session/another-ends",
        says: "a live session stays live when another one is ended",
        rules: &[SES_1],
        needs: &[Need::AnotherSession],
        share: Share::Strata,
        strata: |fixtures| {
            [Asker::Restricted, Asker::Privileged]
                .into_iter()
                .map(|asker| {
                    plain_step(fixtures)
                        .prop_map(move |step| {
                            Case::one(step.after(Prelude::AnotherSessionEnds(asker)))
                        })
                        .boxed()
                })
                .collect()
        },
    },
    Property {
        id: "session/spelling",
        says: "header names in any case and cookies beside the session's own are accepted",
        rules: &[SES_11],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| {
            let spellings = [
                HeaderSpelling::Documented,
                HeaderSpelling::Lower,
                HeaderSpelling::Upper,
            ];
            let mut strata: Vec<BoxedStrategy<Case>> = spellings
                .into_iter()
                .map(|spelling| {
                    plain_step(fixtures)
                        .prop_map(move |step| Case::one(step.spelt(spelling)))
                        .boxed()
                })
                .collect();
            strata.extend(of_states(
                fixtures,
                &[SessionState::cookie(Cookie::AmongOthers)],
            ));
            strata
        },
    },
    Property {
        id: "session/learns-nothing",
        says: "what an unauthenticated request is answered does not depend on workgroup and body",
        rules: &[SES_12],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| {
            let states = [
                SessionState::token(Token::Absent),
                SessionState::token(Token::Garbage),
                SessionState::cookie(Cookie::Absent),
                SessionState::cookie(Cookie::Garbage),
                SessionState::path(PathId::Unknown),
                SessionState::life(Life::Ended),
            ];
            states
                .into_iter()
                .map(|state| in_every_light(fixtures, state))
                .collect()
        },
    },
    Property {
        id: "session/combined",
        says: "a session that is wrong in several ways is refused and changes nothing",
        rules: &[SES_2, SES_3, SES_5, SES_6, SES_7, SES_13],
        needs: &[],
        share: Share::Budget,
        strata: |fixtures| vec![several_wrongs(fixtures)],
    },
];

/// Each state with the plainest update.
fn of_states(fixtures: &Fixtures, states: &[SessionState]) -> Vec<BoxedStrategy<Case>> {
    states
        .iter()
        .map(|state| {
            let state = *state;
            plain_step(fixtures)
                .prop_map(move |step| Case::one(step.by(state)))
                .boxed()
        })
        .collect()
}

/// One state with a valid body, with malformed ones and with a workgroup that
/// does not exist.
fn in_every_light(fixtures: &Fixtures, state: SessionState) -> BoxedStrategy<Case> {
    let absent = WorkgroupChoice::Absent(fixtures.absent_workgroup().to_owned());
    let plain = Shape::plain(fixtures);
    names()
        .prop_map(move |names: Names| {
            let valid = adding(&[plain.named(&names, 1)]);
            let steps = [
                Step::send(valid.clone()),
                Step::send(&b"{"[..]),
                Step::send(serde_json::json!({"add": [{}]})),
                Step::send(valid).of(absent.clone()),
                Step::send(Value::Null).of(absent.clone()),
            ];
            Case {
                steps: steps.into_iter().map(|step| step.by(state)).collect(),
                ..Case::default()
            }
        })
        .boxed()
}

fn several_wrongs(fixtures: &Fixtures) -> BoxedStrategy<Case> {
    let token = prop::sample::select(vec![
        Token::Own,
        Token::Absent,
        Token::Garbage,
        Token::Empty,
        Token::MiddleChanged,
    ]);
    let cookie = prop::sample::select(vec![
        Cookie::Own,
        Cookie::Absent,
        Cookie::Garbage,
        Cookie::Empty,
        Cookie::AmongOthers,
    ]);
    let path = prop::sample::select(vec![
        PathId::Own,
        PathId::Own,
        PathId::Unknown,
        PathId::Malformed,
    ]);
    let absent = fixtures.absent_workgroup().to_owned();
    let body =
        prop_oneof![3 => Just(None), 1 => Just(Some(&b"{"[..])), 1 => Just(Some(&b"[]"[..]))];
    (
        token,
        cookie,
        path,
        any::<bool>(),
        body,
        update(fixtures, Size { scene: 2, added: 2 }),
        prop::bool::weighted(0.2),
    )
        .prop_map(
            move |(token, cookie, path, restricted, body, mut case, elsewhere)| {
                let asker = if restricted {
                    Asker::Restricted
                } else {
                    Asker::Privileged
                };
                let workgroup = if elsewhere {
                    WorkgroupChoice::Absent(absent.clone())
                } else {
                    WorkgroupChoice::Leased
                };
                let state = SessionState {
                    asker,
                    life: Life::Live,
                    token,
                    cookie,
                    path,
                };
                for step in &mut case.steps {
                    step.session = state;
                    step.workgroup = workgroup.clone();
                    if let Some(bytes) = body {
                        step.body = bytes.into();
                    }
                }
                case
            },
        )
        .boxed()
}
