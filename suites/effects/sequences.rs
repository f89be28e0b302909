//! Several updates in a row: what each finds is what those before left.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::BoxedStrategy;
use serde_json::{Map, Value, json};

use crate::generate::mailbox::{Names, Shape, names, shape};
use crate::generate::session::{Asker, SessionState};
use crate::generate::update::{adding, as_json, modifying, removing};
use crate::generate::{Case, Fixtures, Step};

/// One update of a sequence.
#[derive(Clone, Debug)]
enum Update {
    /// It says something of its own.
    New(Vec<Operation>),
    /// It says what an earlier one said, to the letter.
    Again(Index),
}

/// One thing that an update of a sequence does with one of a few objects.
#[derive(Clone, Debug)]
enum Operation {
    Add(usize, Shape),
    Modify(usize, Shape),
    Remove(usize),
}

/// Plain operations in plain vectors: dropping them is all that shrinking
/// needs. Which of them are valid depends on what came before; the oracle
/// knows.
pub(super) fn sequence(fixtures: &Fixtures) -> BoxedStrategy<Case> {
    let object = 1_usize..5;
    let operation = prop_oneof![
        3 => (object.clone(), shape(fixtures)).prop_map(|(object, shape)| Operation::Add(object, shape)),
        3 => (object.clone(), shape(fixtures)).prop_map(|(object, shape)| Operation::Modify(object, shape)),
        2 => object.prop_map(Operation::Remove),
    ];
    let update = prop_oneof![
        5 => vec(operation, 1..4).prop_map(Update::New),
        1 => any::<Index>().prop_map(Update::Again),
    ];
    let update = (update, prop::bool::weighted(0.2));
    let scene = vec(shape(fixtures), 0..4);
    (names(), scene, vec(update, 2..7))
        .prop_map(|(names, scene, updates)| Case {
            scene: scene
                .iter()
                .enumerate()
                .map(|(number, shape)| shape.named(&names, number + 1))
                .collect(),
            steps: steps_of(&names, &updates),
            ..Case::default()
        })
        .boxed()
}

/// The steps of updates, some of them by a second session.
fn steps_of(names: &Names, updates: &[(Update, bool)]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for (round, (update, by_second)) in updates.iter().enumerate() {
        let step = match update {
            Update::New(operations) => Step::send(body_of(names, round, operations)),
            Update::Again(earlier) if !steps.is_empty() => earlier.get(&steps).clone(),
            Update::Again(_) => continue,
        };
        steps.push(if *by_second {
            step.by(SessionState::of(Asker::Second))
        } else {
            step
        });
    }
    steps
}

/// Sessions of one user take turns at the same objects.
pub(super) fn two_sessions(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let second = SessionState::of(Asker::Second);
    (0..3)
        .map(|form| {
            let plain = Shape::plain(fixtures);
            names()
                .prop_map(move |names| {
                    let with_address = |number: usize, address| {
                        let changed = plain.readdressed(&names, number, address);
                        Step::send(modifying(&[changed]))
                    };
                    let flag = |number: usize| {
                        Step::send(json!({ "modify": [{
                            "configurationId": { "id": names.id(number) },
                            "canReceiveEncryptedEmail": true,
                        }] }))
                    };
                    let remove = |number| Step::send(removing(&[names.id(number)]));
                    let add = |number| Step::send(adding(&[plain.named(&names, number)]));
                    let steps = match form {
                        0 => vec![with_address(1, 51), with_address(1, 52).by(second), flag(1)],
                        1 => vec![add(3), remove(3).by(second), add(3), flag(3).by(second)],
                        _ => vec![flag(1), remove(2).by(second), with_address(1, 51), add(2)],
                    };
                    Case {
                        scene: vec![plain.named(&names, 1), plain.named(&names, 2)],
                        steps,
                        ..Case::default()
                    }
                })
                .boxed()
        })
        .collect()
}

/// What was true of a body once need not be true of it again: something happens
/// in between that turns its answer, or its effect, around.
pub(super) fn said_again(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    (0..7)
        .map(|form| {
            let plain = Shape::plain(fixtures);
            names()
                .prop_map(move |names| {
                    let object = plain.named(&names, 1);
                    let with_address = |number| modifying(&[plain.readdressed(&names, 1, number)]);
                    let (add, remove) = (
                        adding(std::slice::from_ref(&object)),
                        removing(&[names.id(1)]),
                    );
                    let flag = |on: bool| {
                        let id = json!({ "id": names.id(1) });
                        json!({ "modify": [
                            { "configurationId": id, "canReceiveEncryptedEmail": on },
                        ] })
                    };
                    let (scene, bodies) = match form {
                        0 => (
                            vec![object.clone()],
                            vec![with_address(51), with_address(52), with_address(51)],
                        ),
                        1 => (vec![], vec![add.clone(), remove, add]),
                        2 => (vec![object.clone()], vec![remove.clone(), add, remove]),
                        3 => (vec![], vec![with_address(51), add, with_address(51)]),
                        4 => (
                            vec![object.clone()],
                            vec![flag(true), flag(false), flag(true)],
                        ),
                        5 => (
                            vec![object.clone()],
                            vec![with_address(51), with_address(52), remove],
                        ),
                        _ => (vec![object.clone()], (51..57).map(with_address).collect()),
                    };
                    Case::in_a_row(bodies).with_scene(scene)
                })
                .boxed()
        })
        .collect()
}

fn body_of(names: &Names, round: usize, operations: &[Operation]) -> Value {
    let mut body = Map::new();
    let mut push = |list: &str, value: Value| {
        let items = body.entry(list).or_insert_with(|| json!([]));
        if let Value::Array(items) = items {
            items.push(value);
        }
    };
    for (number, operation) in operations.iter().enumerate() {
        // Every address is new, so that each object can be found by it.
        let address = names.address(100 * (round + 1) + number);
        match operation {
            Operation::Add(object, shape) => {
                let mut mailbox = shape.named(names, *object);
                mailbox.email_address = address.into();
                push("add", as_json(&mailbox));
            }
            Operation::Modify(object, shape) => {
                let mut mailbox = shape.named(names, *object);
                mailbox.email_address = address.into();
                push("modify", as_json(&mailbox));
            }
            Operation::Remove(object) => push("remove", json!(names.id(*object))),
        }
    }
    Value::Object(body)
}
