//! The form in which something is asked, which must not matter: neither to what is
//! accepted, nor to a single guard.

use proptest::prelude::*;
use proptest::strategy::{BoxedStrategy, Just};
use serde_json::{Value, json};

use crate::contract::representation::MonitoredMailbox;
use crate::contract::rules::*;
use crate::contract::{Framing, Writing};
use crate::generate::form::{ACCEPTS, FORMS, OPEN_ACCEPTS};
use crate::generate::mailbox::{Names, Shape, names};
use crate::generate::session::{
    Asker, Cookie, Damage, Language, Life, PathId, SessionState, Token,
};
use crate::generate::update::{adding, as_json, modifying, removing};
use crate::generate::{Body, Case, Connection, Fixtures, Step, WorkgroupChoice};
use crate::runner::property::Share;
use crate::runner::{Need, Property};

/// The properties of the family `form`.
pub const PROPERTIES: &[Property] = &[
    Property {
        id: "form/framing",
        says: "how a request is framed does not matter",
        rules: &[REP_18, EFF_1],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| {
            let framings = Framing::ALL.into_iter().skip(1);
            let steps = framings.flat_map(|framing| {
                let with = move |step: Step| step.framed(framing);
                each_update(fixtures).map(|update| changed(update, with))
            });
            steps.collect()
        },
    },
    Property {
        id: "form/path",
        says: "a letter of the workgroup's id and its escape are one, whatever the case of the hex digits",
        rules: &[REP_1, EFF_1],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| {
            let writings = Writing::ALL.into_iter().skip(1);
            let steps = writings.flat_map(|writing| {
                let with = move |step: Step| step.written(writing);
                each_update(fixtures).map(|update| changed(update, with))
            });
            steps.collect()
        },
    },
    Property {
        id: "form/language",
        says: "what is answered and stored does not depend on the language of the session",
        rules: &[SES_14, SES_2, SES_5],
        needs: &[Need::FreshSession],
        share: Share::Strata,
        strata: |fixtures| {
            let cases = [&each_update(fixtures)[..3], &wrong(fixtures)].concat();
            let languages = Language::OTHERS.into_iter().enumerate();
            let strata = languages.flat_map(|(number, language)| {
                let state = SessionState::life(Life::FreshIn(language));
                let by = move |step: Step| step.by(state);
                // Each language meets some, and all together meet each.
                let met = cases.iter().cloned().enumerate();
                met.filter(move |(case, _)| case % 3 == number % 3)
                    .map(move |(_, case)| changed(case, by))
            });
            let unauthenticated = Language::OTHERS.into_iter().flat_map(|language| {
                let life = Life::FreshIn(language);
                let states = [
                    SessionState::token(Token::Absent),
                    SessionState::cookie(Cookie::Absent),
                ];
                let states = states.map(|state| SessionState { life, ..state });
                states.map(|state| {
                    let [add, ..] = each_update(fixtures);
                    changed(add, move |step| step.by(state))
                })
            });
            strata.chain(unauthenticated).collect()
        },
    },
    Property {
        id: "form/accept",
        says: "Accept left out, */*, and whatever holds a documented media type is accepted",
        rules: &[REP_19],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| {
            let [add, _, remove, _] = each_update(fixtures);
            let accepts = ACCEPTS.into_iter().skip(1);
            let steps = accepts.flat_map(|accept| {
                let with = move |step: Step| step.accepting(accept);
                [add.clone(), remove.clone()].map(|update| changed(update, with))
            });
            steps.collect()
        },
    },
    Property {
        id: "form/other-accept",
        says: "what another Accept is answered",
        rules: &[REP_19],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| {
            let [add, ..] = each_update(fixtures);
            let with = |accept| move |step: Step| step.accepting(Some(accept));
            OPEN_ACCEPTS
                .map(|accept| changed(add.clone(), with(accept)))
                .to_vec()
        },
    },
    Property {
        id: "form/update",
        says: "what is accepted in one form is accepted in all",
        rules: &[REP_13, REP_18, REP_19, SES_11, EFF_1],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| in_all_forms(&each_update(fixtures)),
    },
    Property {
        id: "form/session",
        says: "a request that is refused for its session is refused in every form",
        rules: &[SES_2, SES_3, SES_4, SES_5, SES_6, SES_7, SES_13],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| {
            let states = [
                SessionState::token(Token::Absent),
                SessionState::token(Token::Garbage),
                SessionState::token(Token::Damaged(Damage::MiddleChanged)),
                SessionState::cookie(Cookie::Absent),
                SessionState::cookie(Cookie::Garbage),
                SessionState::cookie(Cookie::Damaged(Damage::MiddleChanged)),
                SessionState::path(PathId::Unknown),
                SessionState::life(Life::Ended),
            ];
            refused(fixtures, &states)
        },
    },
    Property {
        id: "form/expired",
        says: "an expired session is refused in every form",
        rules: &[SES_4, SES_13],
        needs: &[Need::ExpireSession],
        share: Share::Strata,
        strata: |fixtures| refused(fixtures, &[SessionState::life(Life::Expired)]),
    },
    Property {
        id: "form/another-session",
        says: "token and cookie of another session are refused in every form",
        rules: &[SES_8, SES_9, SES_13],
        needs: &[Need::AnotherSession],
        share: Share::Strata,
        strata: |fixtures| {
            let states = [
                SessionState::token(Token::OfAnother),
                SessionState::cookie(Cookie::OfAnother),
            ];
            refused(fixtures, &states)
        },
    },
    Property {
        id: "form/rights",
        says: "a user without the right to modify is refused in every form",
        rules: &[ACC_1, ACC_2],
        needs: &[Need::RestrictedUser],
        share: Share::Strata,
        strata: |fixtures| refused(fixtures, &[SessionState::of(Asker::Restricted)]),
    },
    Property {
        id: "form/body",
        says: "a body that is refused is refused in every form",
        rules: &[
            REP_2, REP_3, REP_4, REP_5, REP_7, REP_9, REP_10, FLD_1, FLD_2, EFF_4, WG_1,
        ],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| in_all_forms(&wrong(fixtures)),
    },
];

type Drawn = BoxedStrategy<Case>;

/// The case with every request changed.
fn changed(case: Drawn, change: impl Fn(Step) -> Step + 'static) -> Drawn {
    case.prop_map(move |mut case| {
        case.steps = case.steps.into_iter().map(&change).collect();
        case
    })
    .boxed()
}

/// Some of the cases on connections of their own, which say that they close: that must
/// not matter either.
fn on_its_own(case: Drawn, number: usize) -> Drawn {
    case.prop_map(move |mut case| {
        if number.is_multiple_of(3) {
            case.connection = Connection::Own;
        }
        case
    })
    .boxed()
}

/// Each of these in every form.
fn in_all_forms(cases: &[Drawn]) -> Vec<Drawn> {
    let forms = (0..FORMS).flat_map(|number| {
        let cases = cases.iter().cloned().enumerate();
        cases.map(move |(turn, case)| {
            let case = changed(case, move |step| step.in_form(number, turn));
            on_its_own(case, number + turn)
        })
    });
    forms.collect()
}

/// Each of these states in every form, each form with another update.
fn refused(fixtures: &Fixtures, states: &[SessionState]) -> Vec<Drawn> {
    let updates = each_update(fixtures);
    let forms = (0..FORMS).flat_map(|number| {
        let updates = &updates;
        let states = states.iter().copied().enumerate();
        states.map(move |(turn, state)| {
            let update = updates[(number + turn) % updates.len()].clone();
            let case = changed(update, move |step| step.by(state).in_form(number, turn));
            on_its_own(case, number + turn)
        })
    });
    forms.collect()
}

/// An object added, one modified, one removed, and a body that is read in more
/// than one piece.
fn each_update(fixtures: &Fixtures) -> [Drawn; 4] {
    let shape = Shape {
        // A value that is not the default shows whether it was read.
        encrypted: true.into(),
        ..Shape::plain(fixtures)
    };
    let of = |make: fn(&Shape, &Names) -> (Value, Vec<MonitoredMailbox>)| {
        let shape = shape.clone();
        names()
            .prop_map(move |names| {
                let (body, scene) = make(&shape, &names);
                Case::one(Step::send(body)).with_scene(scene)
            })
            .boxed()
    };
    [
        of(|shape, names| (adding(&[shape.named(names, 1)]), Vec::new())),
        of(|shape, names| {
            let changed = shape.readdressed(names, 1, 51);
            (modifying(&[changed]), vec![shape.named(names, 1)])
        }),
        of(|shape, names| (removing(&[names.id(1)]), vec![shape.named(names, 1)])),
        of(|shape, names| {
            let objects: Vec<_> = (1..=MANY)
                .map(|number| shape.named(names, number))
                .collect();
            (adding(&objects), Vec::new())
        }),
    ]
}

/// How many objects make a body of some kilobytes.
const MANY: usize = 40;

/// One request for each ground on which a body, or a workgroup, is refused.
fn wrong(fixtures: &Fixtures) -> Vec<Drawn> {
    let plain = Shape::plain(fixtures);
    let (folder, missing) = (
        fixtures
            .plainest_place()
            .map(|(_, folder)| folder.to_owned()),
        fixtures.missing_folder(),
    );
    let inbound = Shape::inbound(fixtures);
    let is_inbound = fixtures.plainest_place().is_some();
    let without = |name: &'static str| {
        let plain = plain.clone();
        move |names: &Names| {
            let mut object = as_json(&plain.named(names, 1));
            if let Some(members) = object.as_object_mut() {
                members.remove(name);
            }
            json!({ "add": [object] })
        }
    };
    let with = |name: &'static str, value: Value| {
        let plain = plain.clone();
        move |names: &Names| {
            let mut object = as_json(&plain.named(names, 1));
            object[name] = value.clone();
            json!({ "add": [object] })
        }
    };
    let mut cases = vec![
        Just(Case::one(Step::send(Body::Bytes(b"{\"add\": [".to_vec())))).boxed(),
        Just(Case::one(Step::send(json!([])))).boxed(),
        drawn(without("emailAddress")),
        drawn(without("mailboxMoniker")),
        drawn(with("mailboxType", json!(7))),
        drawn(with("emailAddress", json!([]))),
        drawn(with("emailAddress", Value::Null)),
        drawn(with("configurationId", json!({ "displayName": "no id" }))),
        drawn(|_| json!({ "add": [null] })),
        drawn(|_| json!({ "remove": "no list" })),
        drawn({
            let plain = plain.clone();
            move |names| modifying(&[plain.named(names, 1)])
        }),
    ];
    if let Some(folder) = folder {
        cases.push(drawn(with("inboundFolder", json!(folder))));
    }
    if is_inbound {
        cases.push(drawn(move |names| {
            let mut object = inbound.named(names, 1);
            object.inbound_folder = missing.clone().into();
            adding(&[object])
        }));
    }
    let absent = WorkgroupChoice::Absent(fixtures.absent_workgroup().to_owned());
    let in_absent = drawn(move |names| adding(&[plain.named(names, 1)]));
    cases.push(changed(in_absent, move |step| step.of(absent.clone())));
    cases
}

/// A request with a body that the names of its case make.
fn drawn(body: impl Fn(&Names) -> Value + 'static) -> Drawn {
    names()
        .prop_map(move |names| Case::one(Step::send(body(&names))))
        .boxed()
}
