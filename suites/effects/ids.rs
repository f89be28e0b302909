//! Ids: taken, repeated, alike, of another workgroup, and of what is removed.

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use serde_json::{Value, json};

use crate::contract::representation::{Field, MonitoredMailbox};
use crate::generate::mailbox::{Shape, names};
use crate::generate::update::{adding, as_json, modifying, removing};
use crate::generate::{Case, Fixtures, Step};

pub(super) fn taken_ids(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let plain = Shape::plain(fixtures);
    (0..7)
        .map(|form| {
            let plain = plain.clone();
            names()
                .prop_map(move |names| {
                    let stored = plain.named(&names, 1);
                    let twin = plain.readdressed(&names, 1, 51);
                    let other = plain.named(&names, 2);
                    let other_twin = plain.readdressed(&names, 2, 52);
                    let fresh =
                        |count: usize| (3..3 + count).map(|number| plain.named(&names, number));
                    let added = match form {
                        0 => vec![twin],
                        1 => vec![other, twin],
                        2 => vec![other, other_twin],
                        3 => vec![stored.clone()],
                        // Others stand between the two, or in front of the one.
                        4 => [other]
                            .into_iter()
                            .chain(fresh(1))
                            .chain([other_twin])
                            .collect(),
                        5 => [other]
                            .into_iter()
                            .chain(fresh(11))
                            .chain([other_twin])
                            .collect(),
                        _ => fresh(11).chain([twin]).collect(),
                    };
                    Case::one(Step::send(adding(&added))).with_scene(vec![stored])
                })
                .boxed()
        })
        .collect()
}

pub(super) fn repeated_ids(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let plain = Shape::plain(fixtures);
    (0..11)
        .map(|form| {
            let plain = plain.clone();
            names()
                .prop_map(move |names| {
                    let stored = plain.named(&names, 1);
                    let changed = plain.readdressed(&names, 1, 51);
                    let again = plain.readdressed(&names, 1, 52);
                    let (id, new) = (names.id(1), plain.named(&names, 2));
                    let beside = plain.named(&names, 3);
                    let beside_changed = plain.readdressed(&names, 3, 53);
                    let body = match form {
                        0 => json!({ "modify": [as_json(&changed), as_json(&again)] }),
                        1 => json!({ "remove": [id, id] }),
                        2 => json!({ "modify": [as_json(&changed)], "remove": [id] }),
                        3 => json!({ "add": [as_json(&changed)], "remove": [id] }),
                        4 => json!({ "add": [as_json(&new)], "modify": [as_json(&new)] }),
                        5 => json!({ "add": [as_json(&new)], "remove": [names.id(2)] }),
                        6 => {
                            let mut upper = new.clone();
                            set_id(&mut upper, &names.id(1).to_uppercase());
                            json!({ "add": [as_json(&upper)] })
                        }
                        7 => modifying(&[changed, beside_changed, again]),
                        8 => json!({ "remove": [id, names.id(3), id] }),
                        9 => json!({ "remove": [id, id, names.id(3)] }),
                        _ => json!({
                            "add": [as_json(&new)],
                            "modify": [as_json(&changed)],
                            "remove": [id],
                        }),
                    };
                    Case::one(Step::send(body)).with_scene(vec![stored, beside])
                })
                .boxed()
        })
        .collect()
}

fn set_id(mailbox: &mut MonitoredMailbox, new: &str) {
    if let Field::Value(id) = &mut mailbox.configuration_id {
        new.clone_into(&mut id.id);
    }
}

/// What an update does with the id that matters.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Touch {
    Add,
    Modify,
    Remove,
}

impl Touch {
    /// The body that does it with that object.
    fn body(self, object: MonitoredMailbox) -> Value {
        match self {
            Self::Add => adding(&[object]),
            Self::Modify => modifying(&[object]),
            Self::Remove => removing(&[object.id().unwrap_or_default().to_owned()]),
        }
    }
}

/// How much longer a long id is than a plain one: longer than any column.
const LONG_ID: usize = 300;

/// The name for people of an object.
fn desk(id: &str) -> String {
    format!("Desk of {id}")
}

/// Objects of those ids are stored; one id is touched.
fn touching(
    fixtures: &Fixtures,
    stored: &'static [&'static str],
    touch: Touch,
    touched: &'static str,
) -> BoxedStrategy<Case> {
    let plain = Shape::plain(fixtures);
    names()
        .prop_map(move |names| {
            let written = |id: &str| {
                id.replace("{id}", &names.id(1))
                    .replace("{beginning}", names.id(1).trim_end_matches('1'))
                    .replace("{number}", &names.number().to_string())
                    .replace("{address}", &names.address(1))
                    .replace("{moniker}", &plain.moniker)
                    .replace("{name}", &desk(&names.id(1)))
                    .replace("{long}", &"x".repeat(LONG_ID))
                    .replace("{middling}", &"x".repeat(LONG_ID / 4))
            };
            let scene: Vec<_> = stored
                .iter()
                .enumerate()
                .map(|(number, id)| {
                    let mut object = plain.named(&names, number + 1);
                    set_id(&mut object, &written(id));
                    if let Field::Value(id) = &mut object.configuration_id {
                        id.display_name = desk(&names.id(number + 1)).into();
                    }
                    object
                })
                .collect();
            let mut object = plain.named(&names, 51);
            set_id(&mut object, &written(touched));
            Case::one(Step::send(touch.body(object))).with_scene(scene)
        })
        .boxed()
}

/// Ids that begin alike, look like numbers, or need encoding in a path.
pub(super) fn alike_ids(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    // The first of each row is touched.
    const ROWS: &[&[&str]] = &[
        &["{id}", "{id}1", "{id}10"],
        &["{id}-a", "{id}-ab", "{id}-abc"],
        &["{id}.1", "{id}.10", "{id}.1.0"],
        &["{id}/x", "{id}/x/y", "{id}%2Fx"],
        &["{id} x", "{id} x ", "{id}x "],
        &["{id}ä", "{id}äö", "{id}\u{1f4e8}"],
        &["{number}", "0{number}", "{number}.0"],
        &["{id}", "{address}", "{id}*"],
        &["{id}{long}", "{id}{long}y", "{id}{long}z"],
        &["{id}e\u{301}", "{id}f", "{id}g"],
        &["{id}e\u{301}", "{id}\u{e9}", "{id}e"],
        &["{id}\u{b2}", "{id}2", "{id}\u{200b}2"],
        &["{id}\u{1f4e8}", "{id}\u{1f4e9}", "{id}"],
        &["{id}+x", "{id} x", "{id}%20x"],
        &["{id}'s", "{id}\"s", "{id}\\s"],
        &[" {id}x ", "{id}x", "{id}y"],
    ];
    ROWS.iter()
        .flat_map(|row| {
            let (first, others) = row.split_first().expect("a row has ids");
            [
                touching(fixtures, row, Touch::Modify, first),
                touching(fixtures, row, Touch::Remove, first),
                touching(fixtures, others, Touch::Add, first),
            ]
        })
        .collect()
}

/// Ids that do not exist, though a server that trims, counts, searches or
/// evaluates what it is given may find something under them.
pub(super) fn near_ids(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    const STORED: &[&str] = &["{id}", "{id}0", "{number}"];
    const NEAR: &[&str] = &[
        "{id} ",
        " {id}",
        "\t{id}",
        "",
        " ",
        "*",
        "%",
        "{id}*",
        "{id}%",
        "{id}?",
        "{id}_",
        ".*",
        "0",
        "1",
        "-1",
        "0{number}",
        "{number}.0",
        "+{number}",
        "{beginning}",
        "{id},{id}0",
        "{id};{id}0",
        "{address}",
        "{moniker}",
        "{name}",
        "\"{id}\"",
        "{id}\u{200b}",
        "{id}/",
        "{id}%20",
        "' OR '1'='1",
        "null",
        "undefined",
        "true",
    ];
    // What is stored, and the same to the eye or once it is decoded.
    const ALIKE: [(&[&str], &str); 7] = [
        (&["{id}{long}y"], "{id}{long}z"),
        (&["{id}{middling}y"], "{id}{middling}z"),
        (&["{id}&x"], "{id}&amp;x"),
        (&["{id} x"], "{id}+x"),
        (&["{id}e\u{301}"], "{id}\u{e9}"),
        (&["{id}\u{e9}"], "{id}e\u{301}"),
        (&["{id}A"], "{id}%41"),
    ];
    NEAR.iter()
        .map(|near| (STORED, *near))
        .chain(ALIKE)
        .flat_map(|(stored, near)| {
            [Touch::Remove, Touch::Modify].map(|touch| touching(fixtures, stored, touch, near))
        })
        // A server may have its own reasons to refuse such an id as malformed.
        .chain([touching(fixtures, STORED, Touch::Remove, "{id}\u{0}x")])
        .collect()
}

pub(super) fn ids_elsewhere(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    [Touch::Modify, Touch::Remove, Touch::Add]
        .map(|touch| {
            let plain = Shape::plain(fixtures);
            names()
                .prop_map(move |names| {
                    let elsewhere = plain.named(&names, 1);
                    let object = plain.readdressed(&names, 1, 51);
                    Case {
                        scene: vec![plain.named(&names, 2)],
                        witness: Some(vec![elsewhere]),
                        steps: vec![Step::send(touch.body(object))],
                        ..Case::default()
                    }
                })
                .boxed()
        })
        .to_vec()
}

/// An object is removed; what comes next has its id.
pub(super) fn ids_again(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let (plain, inbound) = (Shape::plain(fixtures), Shape::inbound(fixtures));
    let bare = Shape {
        folder: Field::Absent,
        ..inbound.clone()
    };
    let rows: [(Shape, Shape, Touch); 4] = [
        (plain.clone(), plain.clone(), Touch::Add),
        (inbound, bare, Touch::Add),
        (plain.clone(), plain.clone(), Touch::Modify),
        (plain.clone(), plain, Touch::Remove),
    ];
    rows.into_iter()
        .map(|(old, new, touch)| {
            names()
                .prop_map(move |names| {
                    let mut stored = old.named(&names, 1);
                    stored.can_receive_encrypted_email = true.into();
                    let next = new.readdressed(&names, 1, 51);
                    let removal = removing(&[names.id(1)]);
                    Case {
                        scene: vec![stored, old.named(&names, 2)],
                        steps: vec![Step::send(removal), Step::send(touch.body(next))],
                        ..Case::default()
                    }
                })
                .boxed()
        })
        .collect()
}

/// An address that another object has: no rule wants it for one alone.
pub(super) fn shared_addresses(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    (0..7)
        .map(|form| {
            let plain = Shape::plain(fixtures);
            names()
                .prop_map(move |names| {
                    let with_address_of_1 = |number| plain.readdressed(&names, number, 1);
                    let scene = [1, 2].map(|number| plain.named(&names, number)).to_vec();
                    let without_id = || {
                        let mut object = plain.named(&names, 3);
                        object.configuration_id = Field::Absent;
                        adding(&[object])
                    };
                    let mut encrypted = with_address_of_1(2);
                    encrypted.can_receive_encrypted_email = true.into();
                    let twin = || modifying(&[with_address_of_1(2)]);
                    let bodies = match form {
                        0 => vec![adding(&[with_address_of_1(3)])],
                        1 => vec![twin()],
                        2 => vec![adding(&[with_address_of_1(3), with_address_of_1(4)])],
                        // With two of one address stored, each is still itself.
                        3 => vec![twin(), removing(&[names.id(2)])],
                        4 => vec![twin(), modifying(&[encrypted])],
                        5 => {
                            let mut added = with_address_of_1(3);
                            added.can_receive_encrypted_email = true.into();
                            vec![adding(&[added])]
                        }
                        // The same update to the letter is another object.
                        _ => vec![without_id(), without_id()],
                    };
                    Case::in_a_row(bodies).with_scene(scene)
                })
                .boxed()
        })
        .collect()
}

/// Ids that the server gives to what comes without one are given to nothing
/// else, whatever was removed in between.
pub(super) fn given_ids(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    (0..4)
        .map(|form| {
            let plain = Shape::plain(fixtures);
            names()
                .prop_map(move |names| {
                    let without_ids = |numbers: std::ops::Range<usize>| {
                        let objects: Vec<_> = numbers
                            .map(|number| {
                                let mut object = plain.named(&names, number);
                                object.configuration_id = Field::Absent;
                                object
                            })
                            .collect();
                        adding(&objects)
                    };
                    let remove = |number| removing(&[names.id(number)]);
                    let change =
                        |number| modifying(&[plain.readdressed(&names, number, number + 50)]);
                    let bodies = match form {
                        3 => vec![without_ids(1..4), change(1), remove(2)],
                        0 => vec![without_ids(1..4), remove(1), without_ids(4..5)],
                        1 => vec![without_ids(1..4), remove(3), without_ids(4..6)],
                        _ => vec![without_ids(1..2), without_ids(2..3), without_ids(3..6)],
                    };
                    Case::in_a_row(bodies)
                })
                .boxed()
        })
        .collect()
}
