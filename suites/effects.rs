//! What updates do to the store: ids, wholeness, and several updates in a row.

mod ids;
mod sequences;

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use serde_json::{Value, json};

use crate::contract::rules::*;
use crate::generate::mailbox::{Names, Shape, names};
use crate::generate::update::{Neighbours, adding, as_json, modifying, removing};
use crate::generate::{Case, Fixtures, Step};
use crate::runner::property::Share;
use crate::runner::{Need, Property};

/// The properties of the family `effect`.
pub const PROPERTIES: &[Property] = &[
    Property {
        id: "effect/unknown-modify",
        says: "modify of an id that does not exist is refused and never creates",
        rules: &[EFF_4, EFF_3],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| {
            let elements: [fn(&Shape, &Names) -> Value; 3] = [
                |plain, names| as_json(&plain.named(names, 99)),
                // With the address of one that exists.
                |plain, names| as_json(&plain.readdressed(names, 99, 1)),
                |_, names| json!({ "configurationId": { "id": names.id(99) } }),
            ];
            let strata = elements.into_iter();
            strata
                .flat_map(|element| with_company(fixtures, "modify", element))
                .collect()
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
        strata: ids::taken_ids,
    },
    Property {
        id: "effect/one-id-in-several-places",
        says: "what is answered when lists name one id several times",
        rules: &[EFF_7, EFF_8],
        needs: &[],
        share: Share::Strata,
        strata: ids::repeated_ids,
    },
    Property {
        id: "effect/ids",
        says: "an update touches the objects that it names and no others, however alike their ids",
        rules: &[EFF_1, EFF_2, EFF_8, REP_1],
        needs: &[],
        share: Share::Strata,
        strata: ids::alike_ids,
    },
    Property {
        id: "effect/near-ids",
        says: "an id that only looks like one that exists names no object",
        rules: &[EFF_2, EFF_4, EFF_5, EFF_3, ISE_1],
        needs: &[],
        share: Share::Strata,
        strata: ids::near_ids,
    },
    Property {
        id: "effect/shared-address",
        says: "an emailAddress that another object has may be given to an object as well",
        rules: &[REP_1, EFF_1, EFF_2],
        needs: &[],
        share: Share::Strata,
        strata: ids::shared_addresses,
    },
    Property {
        id: "effect/given-ids",
        says: "an object that comes without an id gets one that no other has",
        rules: &[REP_1, EFF_1, EFF_8, OK_3],
        needs: &[],
        share: Share::Strata,
        strata: ids::given_ids,
    },
    Property {
        id: "effect/ids-elsewhere",
        says: "an id of another workgroup names nothing here, and may be added",
        rules: &[EFF_4, WG_2, REP_1],
        needs: &[Need::ReadBack, Need::SecondWorkgroup],
        share: Share::Strata,
        strata: ids::ids_elsewhere,
    },
    Property {
        id: "effect/id-again",
        says: "an id that was removed names nothing, and is free for an object of its own",
        rules: &[REP_1, EFF_1, EFF_4, FLD_6],
        needs: &[],
        share: Share::Strata,
        strata: ids::ids_again,
    },
    Property {
        id: "effect/among-many",
        says: "an update of a workgroup that holds many objects does what it says and no more",
        rules: &[REP_1, EFF_1, EFF_2, EFF_6, OK_3],
        needs: &[],
        share: Share::Strata,
        strata: among_many,
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
        id: "effect/said-again",
        says: "an update is answered and applied by what is stored now, whatever the same one came to before",
        rules: &[REP_1, EFF_1, EFF_4],
        needs: &[],
        share: Share::Strata,
        strata: sequences::said_again,
    },
    Property {
        id: "effect/two-sessions",
        says: "what one session has stored is there for another, and is not undone by it",
        rules: &[EFF_1, EFF_2],
        needs: &[],
        share: Share::Strata,
        strata: sequences::two_sessions,
    },
    Property {
        id: "effect/sequence",
        says: "several updates in a row leave what they say, each judged by the state before it",
        rules: &[EFF_1, EFF_2, EFF_3, EFF_4, EFF_6, EFF_8, FLD_4, FLD_7],
        needs: &[],
        share: Share::Budget,
        strata: |fixtures| vec![sequences::sequence(fixtures)],
    },
];

/// One element of a list: alone, behind a valid one, in front of a valid one,
/// and beside another list that has something to do, be it much.
fn with_company(
    fixtures: &Fixtures,
    list: &'static str,
    element: fn(&Shape, &Names) -> Value,
) -> Vec<BoxedStrategy<Case>> {
    let plain = Shape::plain(fixtures);
    (0..6)
        .map(|company| {
            let plain = plain.clone();
            names()
                .prop_map(move |names| {
                    let odd = element(&plain, &names);
                    let valid = |number: usize| match list {
                        "remove" => json!(names.id(number)),
                        _ => as_json(&plain.readdressed(&names, number, number + 50)),
                    };
                    let mut scene = vec![plain.named(&names, 1)];
                    let body = match company {
                        0 => json!({ list: [odd] }),
                        1 => json!({ list: [valid(1), odd] }),
                        2 => json!({ list: [odd, valid(1)] }),
                        5 => {
                            let many: Vec<Value> = (1..7).map(valid).chain([odd]).collect();
                            scene.extend((2..7).map(|number| plain.named(&names, number)));
                            json!({ list: many })
                        }
                        _ => {
                            let number_added = if company == 3 { 1 } else { 12 };
                            let added: Vec<Value> = (2..2 + number_added)
                                .map(|number| as_json(&plain.named(&names, number)))
                                .collect();
                            json!({ list: [odd], "add": added })
                        }
                    };
                    Case::one(Step::send(body)).with_scene(scene)
                })
                .boxed()
        })
        .collect()
}

/// How many objects stand in a workgroup that holds many.
const MANY: usize = 110;

fn among_many(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    (0..5)
        .map(|form| {
            let plain = Shape::plain(fixtures);
            names()
                .prop_map(move |names| {
                    let scene: Vec<_> = (1..=MANY)
                        .map(|number| plain.named(&names, number))
                        .collect();
                    let moved = plain.readdressed(&names, MANY, 500);
                    let valid = |number| as_json(&plain.named(&names, number + MANY));
                    let late = Neighbours::LAST_OF_TWELVE;
                    let body = match form {
                        0 => adding(&[plain.named(&names, MANY + 1)]),
                        1 => modifying(&[moved]),
                        2 => removing(&[names.id(MANY)]),
                        3 => json!({ "add": late.around(valid(1), valid) }),
                        _ => json!({ "add": late.around(as_json(&moved), valid) }),
                    };
                    Case::one(Step::send(body)).with_scene(scene)
                })
                .boxed()
        })
        .collect()
}

fn repeated_modify(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let one = |to: Shape, stored: Shape| {
        names()
            .prop_map(move |names| {
                let object = stored.named(&names, 1);
                let changed = to.readdressed(&names, 1, 51);
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
