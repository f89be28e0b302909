//! What updates do to the store: ids, wholeness, and several updates in a row.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use serde_json::{Map, Value, json};

use crate::contract::representation::Field;
use crate::contract::rules::*;
use crate::generate::mailbox::{Names, Shape, names, shape};
use crate::generate::update::{adding, as_json, modifying, removing};
use crate::generate::{Case, Fixtures, Step};
use crate::runner::Property;
use crate::runner::property::Share;

/// The properties of the family `effect`.
pub const PROPERTIES: &[Property] = &[
    Property {
        id: "effect/unknown-modify",
        says: "modify of an id that does not exist is refused and never creates",
        rules: &[EFF_4, EFF_3],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| {
            with_company(fixtures, "modify", |plain, names| {
                as_json(&plain.named(names, 99))
            })
        },
    },
    Property {
        id: "effect/unknown-remove",
        says: "what remove of an id that does not exist is answered",
        rules: &[EFF_5],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| with_company(fixtures, "remove", |_, names| json!(names.id(99))),
    },
    Property {
        id: "effect/taken-id",
        says: "add with an id that is taken, or twice in one list, is refused",
        rules: &[EFF_6, EFF_8, EFF_3],
        needs: &[],
        share: Share::Strata,
        strata: taken_ids,
    },
    Property {
        id: "effect/one-id-in-several-places",
        says: "what is answered when lists name one id several times",
        rules: &[EFF_7, EFF_8],
        needs: &[],
        share: Share::Strata,
        strata: repeated_ids,
    },
    Property {
        id: "effect/ids",
        says: "an update touches the objects that it names and no others, however alike their ids",
        rules: &[EFF_1, EFF_2, EFF_8, REP_1],
        needs: &[],
        share: Share::Strata,
        strata: alike_ids,
    },
    Property {
        id: "effect/repeated-modify",
        says: "the same modify sent twice is accepted twice and leaves the same state",
        rules: &[EFF_9],
        needs: &[],
        share: Share::Strata,
        strata: repeated_modify,
    },
    Property {
        id: "effect/sequence",
        says: "several updates in a row leave what they say, each judged by the state before it",
        rules: &[EFF_1, EFF_2, EFF_3, EFF_4, EFF_6, EFF_8, FLD_4, FLD_7],
        needs: &[],
        share: Share::Budget,
        strata: |fixtures| vec![sequence(fixtures)],
    },
];

/// One element of a list: alone, behind a valid one, in front of a valid one,
/// and beside another list that has something to do.
fn with_company(
    fixtures: &Fixtures,
    list: &'static str,
    element: fn(&Shape, &Names) -> Value,
) -> Vec<BoxedStrategy<Case>> {
    let plain = Shape::plain(fixtures);
    (0..4)
        .map(|company| {
            let plain = plain.clone();
            names()
                .prop_map(move |names| {
                    let stored = plain.named(&names, 1);
                    let mut changed = stored.clone();
                    changed.email_address = names.address(51).into();
                    let valid = if list == "remove" {
                        json!(names.id(1))
                    } else {
                        as_json(&changed)
                    };
                    let odd = element(&plain, &names);
                    let body = match company {
                        0 => json!({ list: [odd] }),
                        1 => json!({ list: [valid, odd] }),
                        2 => json!({ list: [odd, valid] }),
                        _ => json!({ list: [odd], "add": [as_json(&plain.named(&names, 2))] }),
                    };
                    Case::one(Step::send(body)).with_scene(vec![stored])
                })
                .boxed()
        })
        .collect()
}

fn taken_ids(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let plain = Shape::plain(fixtures);
    (0..4)
        .map(|form| {
            let plain = plain.clone();
            names()
                .prop_map(move |names| {
                    let stored = plain.named(&names, 1);
                    let mut twin = plain.named(&names, 1);
                    twin.email_address = names.address(51).into();
                    let other = plain.named(&names, 2);
                    let mut other_twin = other.clone();
                    other_twin.email_address = names.address(52).into();
                    let added = match form {
                        0 => vec![twin],
                        1 => vec![other, twin],
                        2 => vec![other, other_twin],
                        _ => vec![stored.clone()],
                    };
                    Case::one(Step::send(adding(&added))).with_scene(vec![stored])
                })
                .boxed()
        })
        .collect()
}

fn repeated_ids(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let plain = Shape::plain(fixtures);
    (0..7)
        .map(|form| {
            let plain = plain.clone();
            names()
                .prop_map(move |names| {
                    let stored = plain.named(&names, 1);
                    let mut changed = stored.clone();
                    changed.email_address = names.address(51).into();
                    let mut again = stored.clone();
                    again.email_address = names.address(52).into();
                    let (id, new) = (names.id(1), plain.named(&names, 2));
                    let body = match form {
                        0 => json!({ "modify": [as_json(&changed), as_json(&again)] }),
                        1 => json!({ "remove": [id, id] }),
                        2 => json!({ "modify": [as_json(&changed)], "remove": [id] }),
                        3 => json!({ "add": [as_json(&changed)], "remove": [id] }),
                        4 => json!({ "add": [as_json(&new)], "modify": [as_json(&new)] }),
                        5 => json!({ "add": [as_json(&new)], "remove": [names.id(2)] }),
                        _ => {
                            let mut upper = new.clone();
                            if let Field::Value(id) = &mut upper.configuration_id {
                                id.id = names.id(1).to_uppercase();
                            }
                            json!({ "add": [as_json(&upper)] })
                        }
                    };
                    Case::one(Step::send(body)).with_scene(vec![stored])
                })
                .boxed()
        })
        .collect()
}

/// Ids that begin alike, look like numbers, or need encoding in a path.
fn alike_ids(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let plain = Shape::plain(fixtures);
    let endings: [[&str; 3]; 6] = [
        ["", "1", "10"],
        ["-a", "-ab", "-abc"],
        [".1", ".10", ".1.0"],
        ["/x", "/x/y", "%2Fx"],
        [" x", " x ", "x "],
        ["ä", "äö", "\u{1f4e8}"],
    ];
    let mut strata = Vec::new();
    for endings in endings {
        for touch in ["modify", "remove"] {
            let plain = plain.clone();
            strata.push(
                names()
                    .prop_map(move |names| {
                        let scene: Vec<_> = endings
                            .iter()
                            .enumerate()
                            .map(|(number, ending)| {
                                let mut object = plain.named(&names, number + 1);
                                if let Field::Value(id) = &mut object.configuration_id {
                                    id.id = format!("{}{ending}", names.id(1));
                                }
                                object
                            })
                            .collect();
                        let first = &scene[0];
                        let body = if touch == "remove" {
                            removing(&[first.id().unwrap_or_default().to_owned()])
                        } else {
                            let mut changed = first.clone();
                            changed.email_address = names.address(51).into();
                            modifying(&[changed])
                        };
                        Case::one(Step::send(body)).with_scene(scene)
                    })
                    .boxed(),
            );
        }
    }
    strata
}

fn repeated_modify(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let one = |to: Shape, stored: Shape| {
        names()
            .prop_map(move |names| {
                let object = stored.named(&names, 1);
                let mut changed = to.named(&names, 1);
                changed.email_address = names.address(51).into();
                let step = Step::send(modifying(&[changed]));
                Case {
                    scene: vec![object],
                    steps: vec![step.clone(), step],
                    ..Case::default()
                }
            })
            .boxed()
    };
    vec![
        one(Shape::plain(fixtures), Shape::plain(fixtures)),
        one(Shape::inbound(fixtures), Shape::plain(fixtures)),
    ]
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
fn sequence(fixtures: &Fixtures) -> BoxedStrategy<Case> {
    let object = 1_usize..5;
    let operation = prop_oneof![
        3 => (object.clone(), shape(fixtures)).prop_map(|(object, shape)| Operation::Add(object, shape)),
        3 => (object.clone(), shape(fixtures)).prop_map(|(object, shape)| Operation::Modify(object, shape)),
        2 => object.prop_map(Operation::Remove),
    ];
    let scene = vec(shape(fixtures), 0..4);
    (names(), scene, vec(vec(operation, 1..4), 2..6))
        .prop_map(|(names, scene, updates)| Case {
            scene: scene
                .iter()
                .enumerate()
                .map(|(number, shape)| shape.named(&names, number + 1))
                .collect(),
            steps: updates
                .iter()
                .enumerate()
                .map(|(round, operations)| Step::send(body_of(&names, round, operations)))
                .collect(),
            ..Case::default()
        })
        .boxed()
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
