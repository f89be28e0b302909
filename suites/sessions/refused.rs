//! What is refused for its session alone, whatever else it asks.

use proptest::prelude::*;
use proptest::strategy::{BoxedStrategy, Just};
use serde_json::{Value, json};

use crate::generate::bytes;
use crate::generate::mailbox::{Names, Shape, names};
use crate::generate::session::{Asker, Cookie, Damage, Life, PathId, SessionState, Token};
use crate::generate::update::{Size, adding, modifying, removing, update};
use crate::generate::{Case, Fixtures, Step, WorkgroupChoice};

/// One state with everything that a server may look at before it asks who asks:
/// valid bodies of each kind, malformed, empty and long ones, every sort of
/// label, and a workgroup that does not exist.
pub(super) fn in_every_light(fixtures: &Fixtures, state: SessionState) -> BoxedStrategy<Case> {
    let absent = WorkgroupChoice::Absent(fixtures.absent_workgroup().to_owned());
    let plain = Shape::plain(fixtures);
    names()
        .prop_map(move |names: Names| {
            let stored = plain.named(&names, 1);
            let changed = plain.readdressed(&names, 1, 51);
            let valid = adding(&[plain.named(&names, 2)]);
            let long = bytes::padded(&valid.to_string(), 70_000);
            let steps = [
                Step::send(valid.clone()),
                Step::send(&b"{"[..]),
                Step::send(json!({"add": [{}]})),
                Step::send(json!({"add": [null]})),
                Step::send(json!({"remove": {}})),
                Step::send(json!({"modify": [{"mailboxType": 9}]})),
                Step::send(&b"{\"\xFF\":1}"[..]),
                Step::send(valid.clone()).of(absent.clone()),
                Step::send(Value::Null).of(absent.clone()),
                Step::send(json!({})),
                Step::send(modifying(&[changed])),
                Step::send(removing(&[names.id(1)])),
                Step::send(valid.clone()).labelled(Some("application/json")),
                Step::send(valid.clone()).labelled(Some("text/plain")),
                Step::send(valid).labelled(None),
                Step::send(&b""[..]),
                Step::send(&b""[..]).labelled(None),
                Step::send(long),
            ];
            Case {
                steps: steps.into_iter().map(|step| step.by(state)).collect(),
                ..Case::default()
            }
            .with_scene(vec![stored])
        })
        .boxed()
}

/// Token, cookie and path drawn apart, and what is asked as well.
pub(super) fn several_wrongs(fixtures: &Fixtures) -> BoxedStrategy<Case> {
    let token = prop::sample::select(vec![
        Token::Own,
        Token::Absent,
        Token::Garbage,
        Token::Empty,
        Token::Damaged(Damage::MiddleChanged),
        Token::Damaged(Damage::LastChanged),
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
