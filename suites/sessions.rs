//! Who asks: every way in which a session can be wrong, and the live ones that
//! must be accepted.

mod refused;

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;

use refused::{in_every_light, several_wrongs};

use crate::contract::rules::*;
use crate::generate::session::{Asker, Cookie, Damage, Life, PathId, SessionState, Token};
use crate::generate::update::plain_step;
use crate::generate::{Case, Fixtures, HeaderSpelling, Prelude};
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
        strata: |fixtures| {
            let states = [
                SessionState::LIVE,
                SessionState::life(Life::Fresh),
                SessionState::of(Asker::Second),
            ];
            of_states(fixtures, &states)
        },
    },
    Property {
        id: "session/after-refusals",
        says: "a live session stays live when requests with wrong credentials or bodies were refused",
        rules: &[SES_1],
        needs: &[Need::FreshSession],
        share: Share::Strata,
        strata: |fixtures| {
            let wrong = [
                SessionState::cookie(Cookie::Garbage),
                SessionState::token(Token::Garbage),
                SessionState::cookie(Cookie::Absent),
                SessionState::token(Token::Absent),
                SessionState::token(Token::Damaged(Damage::MiddleChanged)),
                SessionState::cookie(Cookie::Damaged(Damage::MiddleChanged)),
            ];
            // By a session of its own, so that nothing right comes in between.
            let fresh = |state| SessionState {
                life: Life::Fresh,
                ..state
            };
            let times = [1, MANY_REFUSALS].into_iter();
            let preludes =
                times.flat_map(|times| wrong.map(|state| Prelude::Refused(fresh(state), times)));
            preludes
                .chain([Prelude::Malformed(1), Prelude::Malformed(MANY_MALFORMED)])
                .map(|prelude| {
                    plain_step(fixtures)
                        .prop_map(move |step| {
                            Case::one(step.by(fresh(SessionState::LIVE)).after(prelude))
                        })
                        .boxed()
                })
                .collect()
        },
    },
    Property {
        id: "session/missing-token",
        says: "a request without the CSRF header is refused and changes nothing",
        rules: &[SES_2, SES_10, SES_13],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| {
            let states = [
                SessionState::token(Token::Absent),
                SessionState::token(Token::InOtherHeaders),
                SessionState {
                    cookie: Cookie::BesideToken,
                    ..SessionState::token(Token::Absent)
                },
            ];
            of_states(fixtures, &states)
        },
    },
    Property {
        id: "session/wrong-token",
        says: "a token that was never issued is refused and changes nothing",
        rules: &[SES_3, SES_10, SES_13],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| {
            let mut tokens = vec![Token::Garbage, Token::Empty];
            tokens.extend(Damage::ALL.map(Token::Damaged));
            tokens.extend([Token::Twice, Token::OwnCookie, Token::OwnId, Token::Null]);
            let mut states: Vec<_> = tokens.into_iter().map(SessionState::token).collect();
            states.push(SessionState {
                cookie: Cookie::BesideToken,
                ..SessionState::token(Token::Garbage)
            });
            of_states(fixtures, &states)
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
                SessionState {
                    asker: Asker::Restricted,
                    ..SessionState::life(Life::Ended)
                },
            ];
            let mut strata = of_states(fixtures, &states);
            let login = Prelude::AnotherSessionEnds(Asker::Privileged);
            strata.push(twice(fixtures, states[0], Some(login)));
            strata.push(twice(fixtures, states[0], Some(Prelude::OwnLook)));
            strata
        },
    },
    Property {
        id: "session/expired",
        says: "a session that has expired is refused and changes nothing",
        rules: &[SES_4, SES_10, SES_12, SES_13],
        needs: &[Need::ExpireSession],
        share: Share::Strata,
        strata: |fixtures| {
            let expired = SessionState::life(Life::Expired);
            let of_the_restricted = SessionState {
                asker: Asker::Restricted,
                ..expired
            };
            let mut strata = of_states(fixtures, &[expired, of_the_restricted]);
            strata.push(twice(fixtures, expired, None));
            strata.push(twice(fixtures, expired, Some(Prelude::OwnLook)));
            let login = Prelude::AnotherSessionEnds(Asker::Privileged);
            strata.push(twice(fixtures, expired, Some(login)));
            strata.push(in_every_light(fixtures, expired));
            strata
        },
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
            let mut cookies = vec![Cookie::Garbage, Cookie::Empty];
            // Escapes at the end of a value may be decoded: their letters are no part of it.
            let damages = Damage::ALL.into_iter();
            let damages = damages.filter(|damage| *damage != Damage::EndInOtherCase);
            cookies.extend(damages.map(Cookie::Damaged));
            cookies.extend([
                Cookie::Twice,
                Cookie::Quoted,
                Cookie::OwnToken,
                Cookie::Zeros,
            ]);
            let states: Vec<_> = cookies.into_iter().map(SessionState::cookie).collect();
            of_states(fixtures, &states)
        },
    },
    Property {
        id: "session/wrong-id",
        says: "a session id that was never issued is refused and changes nothing",
        rules: &[SES_7, SES_13],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| of_states(fixtures, &PathId::NEVER_ISSUED.map(SessionState::path)),
    },
    Property {
        id: "session/token-of-another",
        says: "the token of another live session is refused and changes nothing",
        rules: &[SES_8, SES_12, SES_13],
        needs: &[Need::AnotherSession],
        share: Share::Strata,
        strata: |fixtures| {
            let states = [Token::OfAnother, Token::OfSecond].map(SessionState::token);
            let mut strata = of_states(fixtures, &states);
            strata.push(in_every_light(fixtures, states[0]));
            strata
        },
    },
    Property {
        id: "session/cookie-of-another",
        says: "the cookie of another live session is refused and changes nothing",
        rules: &[SES_9, SES_12, SES_13],
        needs: &[Need::AnotherSession],
        share: Share::Strata,
        strata: |fixtures| {
            let states = [
                SessionState::cookie(Cookie::OfAnother),
                SessionState::path(PathId::OfAnother),
                SessionState::cookie(Cookie::OfSecond),
                SessionState {
                    token: Token::OfAnother,
                    ..SessionState::cookie(Cookie::OfAnother)
                },
                SessionState {
                    token: Token::OfSecond,
                    ..SessionState::cookie(Cookie::OfSecond)
                },
            ];
            let mut strata = of_states(fixtures, &states);
            strata.push(in_every_light(fixtures, states[0]));
            strata
        },
    },
    Property {
        id: "session/another-ends",
        says: "a live session stays live when another one is ended",
        rules: &[SES_1],
        needs: &[Need::AnotherSession],
        share: Share::Strata,
        strata: |fixtures| after_each(fixtures, Prelude::AnotherSessionEnds),
    },
    Property {
        id: "session/another-expires",
        says: "a live session stays live when another one expires",
        rules: &[SES_1],
        needs: &[Need::AnotherSession, Need::ExpireOneSession],
        share: Share::Strata,
        strata: |fixtures| after_each(fixtures, Prelude::AnotherSessionExpires),
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
                &[Cookie::AmongOthers, Cookie::AmongOdd, Cookie::AmongMany]
                    .map(SessionState::cookie),
            ));
            strata
        },
    },
    Property {
        id: "session/cookie-beside-another",
        says: "the cookie of another session beside the session's own is ignored",
        rules: &[SES_11],
        needs: &[Need::AnotherSession],
        share: Share::Strata,
        strata: |fixtures| {
            of_states(
                fixtures,
                &[Cookie::BeforeAnother, Cookie::AfterAnother].map(SessionState::cookie),
            )
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
                SessionState::path(PathId::Malformed),
                SessionState::life(Life::Ended),
                SessionState {
                    asker: Asker::Restricted,
                    ..SessionState::token(Token::Absent)
                },
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

/// How many refusals in a row are no reason to end a session.
const MANY_REFUSALS: u8 = 6;

/// How often a session sends what is malformed: a client with a mistake does it
/// all day.
const MANY_MALFORMED: u8 = 12;

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

/// The plainest update after what became of a session beside: the other user's and
/// one of the same user.
fn after_each(fixtures: &Fixtures, prelude: fn(Asker) -> Prelude) -> Vec<BoxedStrategy<Case>> {
    [Asker::Restricted, Asker::Privileged]
        .into_iter()
        .map(|asker| {
            plain_step(fixtures)
                .prop_map(move |step| Case::one(step.after(prelude(asker))))
                .boxed()
        })
        .collect()
}

/// The plainest update twice by the same session, with something in between.
fn twice(
    fixtures: &Fixtures,
    state: SessionState,
    between: Option<Prelude>,
) -> BoxedStrategy<Case> {
    plain_step(fixtures)
        .prop_map(move |step| {
            let first = step.by(state);
            let mut second = first.clone();
            second.prelude = between;
            Case {
                steps: vec![first, second],
                ..Case::default()
            }
        })
        .boxed()
}
