//! The opening: the requests that show most of what may be wrong. The plainest
//! updates, two that do much at once, and one request for each reason of a refusal,
//! so that every way of answering is seen before anything is asked in detail.

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use serde_json::{Value, json};

use crate::contract::representation::Field;
use crate::contract::rules::*;
use crate::generate::mailbox::{Names, Shape, names};
use crate::generate::session::{Asker, Cookie, PathId, SessionState, Token};
use crate::generate::text::edges;
use crate::generate::update::{Size, adding, modifying, plain_step, removing, update_of};
use crate::generate::{Case, Fixtures, Step, WorkgroupChoice};
use crate::runner::property::Share;
use crate::runner::{Need, Property};

/// The properties of the family `answer`.
pub const PROPERTIES: &[Property] = &[
    Property {
        id: "answer/success",
        says: "a success is a 200 with a subObjectSet that lists what was added and modified",
        rules: &[
            OK_1, OK_2, OK_3, OK_4, OK_5, EFF_1, EFF_2, FLD_10, ERR_10, ERR_11, ISE_1, ISE_4,
            GONE_2,
        ],
        needs: &[],
        share: Share::Opening,
        strata: |fixtures| vec![the_only_one(fixtures), much(fixtures), texts(fixtures)],
    },
    Property {
        id: "answer/refusal",
        says: "a refusal has a documented status, and a body that says why to people and programs",
        rules: &[
            ERR_1, ERR_2, ERR_3, ERR_4, ERR_5, ERR_6, ERR_7, ERR_8, ERR_9, ERR_10, ERR_11, ERR_12,
            SES_10, ISE_1, ISE_4, GONE_2,
        ],
        needs: &[],
        share: Share::Opening,
        strata: refused,
    },
    Property {
        id: "answer/forbidden",
        says: "a 403 has a body that says why",
        rules: &[ERR_1, ERR_2, ERR_3, ERR_11],
        needs: &[Need::RestrictedUser],
        share: Share::Opening,
        strata: |fixtures| vec![asked_by(fixtures, SessionState::of(Asker::Restricted))],
    },
    Property {
        id: "answer/page",
        says: "answers are about what was asked: no page of something in front comes instead, and not always the same",
        rules: &[ISE_1, ERR_1, ERR_10, OK_1],
        needs: &[],
        share: Share::Pages,
        strata: |_| Vec::new(),
    },
];

/// The only object of a workgroup, before any other could be left behind: added,
/// and removed again.
fn the_only_one(fixtures: &Fixtures) -> BoxedStrategy<Case> {
    let plain = Shape::plain(fixtures);
    names()
        .prop_map(move |names| {
            let added = Step::send(adding(&[plain.named(&names, 1)]));
            let removed = Step::send(removing(&[names.id(1)]));
            Case {
                steps: vec![added.labelled(Some("application/json")), removed],
                ..Case::default()
            }
        })
        .boxed()
}

/// A valid update with something of everything in it.
fn much(fixtures: &Fixtures) -> BoxedStrategy<Case> {
    update_of(fixtures, Size { scene: 8, added: 8 })
}

/// Every string at an edge, each as the address of an object of its own.
fn texts(fixtures: &Fixtures) -> BoxedStrategy<Case> {
    let plain = Shape::plain(fixtures);
    names()
        .prop_map(move |names| {
            let with_text = |(number, (_, text)): (usize, (&str, String))| {
                let mut mailbox = plain.named(&names, number);
                mailbox.email_address = text.into();
                mailbox
            };
            let all: Vec<_> = edges().into_iter().enumerate().map(with_text).collect();
            Case::one(Step::send(adding(&all)))
        })
        .boxed()
}

fn asked_by(fixtures: &Fixtures, state: SessionState) -> BoxedStrategy<Case> {
    plain_step(fixtures)
        .prop_map(move |step| Case::one(step.by(state)))
        .boxed()
}

/// One request for each reason of a refusal.
fn refused(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let absent = WorkgroupChoice::Absent(fixtures.absent_workgroup().to_owned());
    let mut strata = vec![
        asked_by(fixtures, SessionState::token(Token::Absent)),
        asked_by(fixtures, SessionState::token(Token::Garbage)),
        asked_by(fixtures, SessionState::cookie(Cookie::Absent)),
        asked_by(fixtures, SessionState::path(PathId::Unknown)),
        plain_step(fixtures)
            .prop_map(move |step| Case::one(step.of(absent.clone())))
            .boxed(),
        Just(Case::one(Step::send(&b"{\"add\":["[..]))).boxed(),
        Just(Case::one(Step::send(json!([])))).boxed(),
    ];
    let no_folder = fixtures.missing_folder();
    let damages: [(&str, Value); 6] = [
        ("emailAddress", Value::Null),
        ("mailboxMoniker", json!({})),
        ("mailboxType", json!(3)),
        ("canReceiveEncryptedEmail", json!([])),
        ("configurationId", json!({})),
        ("inboundFolder", json!(no_folder)),
    ];
    for (name, value) in damages {
        let plain = Shape {
            mailbox_type: 0,
            ..Shape::plain(fixtures)
        };
        strata.push(
            names()
                .prop_map(move |names| {
                    let mut body = adding(&[plain.named(&names, 1)]);
                    body["add"][0][name] = value.clone();
                    Case::one(Step::send(body))
                })
                .boxed(),
        );
    }
    for refused in [taken, modified_in_vain] {
        let plain = Shape::plain(fixtures);
        strata.push(
            names()
                .prop_map(move |names| refused(&plain, &names))
                .boxed(),
        );
    }
    strata
}

/// An id that is taken (EFF-6).
fn taken(plain: &Shape, names: &Names) -> Case {
    let stored = plain.named(names, 1);
    let mut twin = stored.clone();
    twin.email_address = Field::Value(names.address(2));
    Case::one(Step::send(adding(&[twin]))).with_scene(vec![stored])
}

/// An id that does not exist (EFF-4).
fn modified_in_vain(plain: &Shape, names: &Names) -> Case {
    let object = plain.named(names, 1);
    Case::one(Step::send(modifying(&[object])))
}
