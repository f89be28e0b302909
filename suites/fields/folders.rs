//! Folders against types and mailboxes (FLD-1 to FLD-4, FLD-7).

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use serde_json::json;

use super::{NOBODY, added, added_among, modified, modified_among};
use crate::contract::representation::{Field, MonitoredMailbox};
use crate::generate::damage::{folder_damages, near_folders};
use crate::generate::mailbox::{Names, Shape, names};
use crate::generate::update::{Neighbours, as_json, modifying};
use crate::generate::{Case, Fixtures, Step};

/// A modify that says everything that a shape has.
fn modified_to(
    neighbours: impl Strategy<Value = Neighbours> + 'static,
    fixtures: &Fixtures,
    shape: Shape,
) -> BoxedStrategy<Case> {
    modified_among(neighbours, Shape::plain(fixtures), move |changed| {
        changed.mailbox_moniker = shape.moniker.clone().into();
        changed.mailbox_type = shape.mailbox_type.into();
        changed.inbound_folder = shape.folder.clone();
    })
}

pub(super) fn wrong_folders(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let mut strata = Vec::new();
    let mut kinds = Vec::new();
    for (kind, shape) in folder_damages(fixtures) {
        let own = shape.clone();
        let make = move |names: &Names| as_json(&own.named(names, 1));
        // The first of each kind alone and late; all of them somewhere.
        if !kinds.contains(&kind) {
            let late = Just(Neighbours::LAST_OF_TWELVE);
            strata.push(added_among(Just(Neighbours::NONE), fixtures, make.clone()));
            strata.push(added_among(late, fixtures, make.clone()));
            strata.push(modified_to(late, fixtures, shape.clone()));
            kinds.push(kind);
        }
        strata.push(added(fixtures, make));
        strata.push(modified_to(Neighbours::drawn(), fixtures, shape));
    }
    strata.extend(nameless(fixtures));
    strata.extend(two_wrong(fixtures));
    strata.extend(by_the_folder_alone(fixtures));
    strata.extend(beside_others(fixtures));
    // Whether anybody knows the moniker is no matter where nothing is received.
    let nobody = Shape {
        moniker: NOBODY.to_owned(),
        folder: fixtures.missing_folder().into(),
        ..Shape::plain(fixtures)
    };
    let own = nobody.clone();
    strata.push(added(fixtures, move |names| as_json(&own.named(names, 1))));
    strata.push(modified_to(Neighbours::drawn(), fixtures, nobody));
    // A name that only looks like a folder's is another name.
    for (at, (moniker, folder)) in near_folders(fixtures).into_iter().enumerate() {
        let shape = Shape {
            moniker,
            mailbox_type: [0, 2][at % 2],
            folder: folder.into(),
            ..Shape::plain(fixtures)
        };
        if at % 3 == 2 {
            strata.push(modified_to(Neighbours::drawn(), fixtures, shape));
        } else {
            let make = move |names: &Names| as_json(&shape.named(names, 1));
            strata.push(added(fixtures, make));
        }
    }
    strata
}

/// Objects that come without an id, and so late that a server has long begun.
fn nameless(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let mut kinds = folder_damages(fixtures);
    kinds.dedup_by(|(one, _), (other, _)| one == other);
    let strata = kinds.into_iter().flat_map(|(_, shape)| {
        [Neighbours::NONE, Neighbours::LAST_OF_SEVENTY].map(|neighbours| {
            let shape = shape.clone();
            added_among(Just(neighbours), fixtures, move |names| {
                let mut object = shape.named(names, 1);
                object.configuration_id = Field::Absent;
                as_json(&object)
            })
        })
    });
    strata.collect()
}

/// By a modify that gives the folder and leaves the type, or all else, as it is
/// stored.
fn by_the_folder_alone(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let existing = fixtures
        .plainest_place()
        .map(|(_, folder)| folder.to_owned());
    let both_ways = Shape {
        mailbox_type: 2,
        ..Shape::inbound(fixtures)
    };
    let bare = Shape {
        folder: Field::Null,
        ..Shape::inbound(fixtures)
    };
    let mut strata = Vec::new();
    for (stored, folder) in [
        (Shape::plain(fixtures), existing.unwrap_or_default()),
        (Shape::inbound(fixtures), fixtures.missing_folder()),
        (both_ways, fixtures.missing_folder()),
        (bare, fixtures.missing_folder()),
    ] {
        for with_names in [true, false] {
            let folder = folder.clone();
            strata.push(modified(stored.clone(), move |changed| {
                changed.mailbox_type = Field::Absent;
                changed.inbound_folder = folder.clone().into();
                if !with_names {
                    changed.email_address = Field::Absent;
                    changed.mailbox_moniker = Field::Absent;
                }
            }));
        }
    }
    strata
}

/// Beside what is in order: an object of the same mailbox with a folder that it
/// has, in front or behind, and lists that have something valid to do.
fn beside_others(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let good = Shape::inbound(fixtures);
    let bad = Shape {
        folder: fixtures.missing_folder().into(),
        ..good.clone()
    };
    let plain = Shape::plain(fixtures);
    (0..6)
        .map(|form| {
            let (good, bad, plain) = (good.clone(), bad.clone(), plain.clone());
            names()
                .prop_map(move |names| {
                    let object = |shape: &Shape, number| as_json(&shape.named(&names, number));
                    let changed = |shape: &Shape, number| {
                        as_json(&shape.readdressed(&names, number, number + 50))
                    };
                    let body = match form {
                        0 => json!({ "add": [object(&good, 4), object(&bad, 5)] }),
                        1 => json!({ "add": [object(&bad, 5), object(&good, 4)] }),
                        2 => json!({ "modify": [changed(&good, 1), changed(&bad, 2)] }),
                        3 => json!({ "modify": [changed(&bad, 2), changed(&good, 1)] }),
                        4 => json!({
                            "add": [object(&bad, 5)],
                            "modify": [changed(&plain, 1)],
                            "remove": [names.id(2)],
                        }),
                        _ => json!({
                            "add": [object(&good, 4)],
                            "modify": [changed(&bad, 2)],
                            "remove": [names.id(3)],
                        }),
                    };
                    let stored = |number| plain.named(&names, number);
                    Case::one(Step::send(body)).with_scene((1..4).map(stored).collect())
                })
                .boxed()
        })
        .collect()
}

/// Two objects of one update, each with a folder that is wrong: in one list, and
/// in two.
fn two_wrong(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let stored = Shape::plain(fixtures);
    let (Some(outbound), Some(inbound)) = (
        wrong(fixtures, "a folder on an outbound mailbox"),
        wrong(fixtures, "a folder that no mailbox has"),
    ) else {
        return Vec::new();
    };
    [false, true]
        .map(|in_two_lists| {
            let (stored, outbound, inbound) = (stored.clone(), outbound.clone(), inbound.clone());
            names()
                .prop_map(move |names| {
                    let one = as_json(&outbound.named(&names, 1));
                    let other = as_json(&inbound.named(&names, 2));
                    if in_two_lists {
                        Case::one(Step::send(json!({ "add": [one], "modify": [other] })))
                            .with_scene(vec![stored.named(&names, 2)])
                    } else {
                        Case::one(Step::send(json!({ "add": [one, other] })))
                    }
                })
                .boxed()
        })
        .to_vec()
}

/// The first wrong shape of that kind.
fn wrong(fixtures: &Fixtures, wanted: &str) -> Option<Shape> {
    let mut all = folder_damages(fixtures).into_iter();
    all.find_map(|(kind, shape)| (kind == wanted).then_some(shape))
}

pub(super) fn inbound(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let mut strata = Vec::new();
    let mut places: Vec<(&str, Field<String>)> = fixtures
        .places()
        .into_iter()
        .map(|(moniker, folder)| (moniker, folder.to_owned().into()))
        .collect();
    for (moniker, _) in &fixtures.mailboxes {
        places.push((moniker, Field::Null));
        places.push((moniker, Field::Absent));
    }
    for (moniker, folder) in places {
        for mailbox_type in [0, 2] {
            let shape = Shape {
                moniker: moniker.to_owned(),
                mailbox_type,
                folder: folder.clone(),
                ..Shape::plain(fixtures)
            };
            let own = shape.clone();
            strata.push(added(fixtures, move |names| as_json(&own.named(names, 1))));
            strata.push(modified(Shape::plain(fixtures), move |changed| {
                changed.mailbox_moniker = shape.moniker.clone().into();
                changed.mailbox_type = shape.mailbox_type.into();
                changed.inbound_folder = shape.folder.clone();
            }));
        }
    }
    strata
}

pub(super) fn moved(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let moves: Vec<(String, String, String)> = fixtures
        .folder_losing_moves()
        .into_iter()
        .map(|(from, folder, to)| (from.to_owned(), folder.to_owned(), to.to_owned()))
        .collect();
    let mut strata = Vec::new();
    if let Some((from, folder, to)) = moves.first() {
        let stored = Shape {
            moniker: from.clone(),
            mailbox_type: 0,
            folder: folder.clone().into(),
            ..Shape::plain(fixtures)
        };
        strata.extend(moved_otherwise(&stored, to));
    }
    for (at, (from, folder, to)) in moves.into_iter().enumerate() {
        for mailbox_type in [0_u16, 2] {
            let stored = Shape {
                moniker: from.clone(),
                mailbox_type,
                folder: folder.clone().into(),
                ..Shape::plain(fixtures)
            };
            let to = to.clone();
            strata.push(modified(stored.clone(), {
                let to = to.clone();
                move |changed| {
                    changed.mailbox_moniker = to.clone().into();
                    changed.inbound_folder = Field::Absent;
                    changed.mailbox_type = Field::Absent;
                }
            }));
            strata.push(modified(stored, move |changed| {
                changed.mailbox_moniker = to.clone().into();
                if (at + usize::from(mailbox_type) / 2).is_multiple_of(2) {
                    // Whatever else changes in the same breath.
                    changed.inbound_folder = Field::Absent;
                    changed.mailbox_type = (2 - mailbox_type).into();
                    changed.can_receive_encrypted_email = true.into();
                } else {
                    // With the folder let go as well, the move is valid.
                    changed.inbound_folder = Field::Null;
                }
            }));
        }
    }
    strata
}

/// A move to a mailbox that lacks the folder: beside an added object, of an object
/// that was modified before, and from a mailbox that nobody knows.
fn moved_otherwise(stored: &Shape, to: &str) -> Vec<BoxedStrategy<Case>> {
    (0..3)
        .map(|form| {
            let (stored, to) = (stored.clone(), to.to_owned());
            names()
                .prop_map(move |names| {
                    let mut moved = stored.named(&names, 1);
                    moved.mailbox_moniker = to.clone().into();
                    moved.inbound_folder = Field::Absent;
                    let mut body = modifying(&[moved]);
                    let mut before = stored.readdressed(&names, 1, 51);
                    let step = match form {
                        0 => {
                            body["add"] = json!([as_json(&stored.named(&names, 2))]);
                            None
                        }
                        1 => Some(modifying(&[before])),
                        _ => {
                            before.mailbox_moniker = NOBODY.to_owned().into();
                            Some(modifying(&[before]))
                        }
                    };
                    Case {
                        scene: vec![stored.named(&names, 1)],
                        steps: step.into_iter().chain([body]).map(Step::send).collect(),
                        ..Case::default()
                    }
                })
                .boxed()
        })
        .collect()
}

/// The moniker changes, alone and with the type, to one that has the folder.
pub(super) fn kept(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let mut strata = Vec::new();
    for (from, folder, to) in fixtures.folder_keeping_moves() {
        for mailbox_type in [0_u16, 2] {
            let stored = Shape {
                moniker: from.to_owned(),
                mailbox_type: 0,
                folder: folder.to_owned().into(),
                ..Shape::plain(fixtures)
            };
            let to = to.to_owned();
            strata.push(modified(stored, move |changed| {
                changed.mailbox_moniker = to.clone().into();
                changed.mailbox_type = mailbox_type.into();
                changed.inbound_folder = Field::Absent;
            }));
        }
    }
    strata
}

/// An inbound mailbox becomes outbound, which has no folder, and inbound again:
/// nothing gives it one.
fn there_and_back(inbound: &Shape) -> BoxedStrategy<Case> {
    let inbound = inbound.clone();
    names()
        .prop_map(move |names| {
            let change = |mailbox_type: u16, folder| {
                let mut changed = inbound.named(&names, 1);
                changed.mailbox_type = mailbox_type.into();
                changed.inbound_folder = folder;
                Step::send(modifying(&[changed]))
            };
            Case {
                scene: vec![inbound.named(&names, 1)],
                steps: vec![change(1, Field::Null), change(0, Field::Absent)],
                ..Case::default()
            }
        })
        .boxed()
}

pub(super) fn type_changed(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let inbound = Shape::inbound(fixtures);
    let bare = Shape {
        folder: Field::Absent,
        ..inbound.clone()
    };
    let folder = inbound.folder.clone();
    let change = |mailbox_type: u16, folder: Field<String>| {
        move |changed: &mut MonitoredMailbox| {
            changed.mailbox_type = mailbox_type.into();
            changed.inbound_folder = folder.clone();
        }
    };
    vec![
        modified(inbound.clone(), change(1, Field::Absent)),
        modified(inbound.clone(), change(1, Field::Null)),
        modified(inbound.clone(), change(1, folder.clone())),
        modified(bare, change(1, folder.clone())),
        there_and_back(&inbound),
        modified(inbound.clone(), change(2, Field::Absent)),
        modified(inbound, change(2, folder.clone())),
        modified(Shape::plain(fixtures), change(0, folder)),
        modified(Shape::plain(fixtures), change(0, Field::Absent)),
    ]
}
