//! The fields of a mailbox: folders against types and mailboxes, defaults,
//! strings that must read back exactly.

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use serde_json::{Value, json};

use crate::contract::representation::{Field, MonitoredMailbox};
use crate::contract::rules::*;
use crate::generate::damage::{folder_damages, near_folders};
use crate::generate::mailbox::{Names, Shape, names};
use crate::generate::text::edges;
use crate::generate::update::{Neighbours, adding, as_json};
use crate::generate::{Case, Fixtures, Step};
use crate::runner::property::Share;
use crate::runner::{Need, Property};

/// The properties of the family `field`.
pub const PROPERTIES: &[Property] = &[
    Property {
        id: "field/wrong-folder",
        says: "a folder on an outbound mailbox, or one that the mailbox lacks, is refused with type 32",
        rules: &[FLD_1, FLD_2, FLD_7, FLD_8, EFF_3],
        needs: &[],
        share: Share::Strata,
        strata: wrong_folders,
    },
    Property {
        id: "field/inbound",
        says: "an inbound mailbox with any existing folder, with null or without is accepted",
        rules: &[FLD_3],
        needs: &[],
        share: Share::Strata,
        strata: inbound,
    },
    Property {
        id: "field/moved",
        says: "a change to a mailbox that lacks the current folder is refused with type 32",
        rules: &[FLD_4, FLD_7, FLD_8, EFF_3],
        needs: &[Need::LosableFolder],
        share: Share::Strata,
        strata: moved,
    },
    Property {
        id: "field/kept",
        says: "a change to a mailbox that has the current folder as well keeps it",
        rules: &[REP_1, EFF_2],
        needs: &[],
        share: Share::Strata,
        strata: kept,
    },
    Property {
        id: "field/type-changed",
        says: "no change of mailboxType leaves an outbound mailbox with a folder",
        rules: &[FLD_7, FLD_1],
        needs: &[],
        share: Share::Strata,
        strata: type_changed,
    },
    Property {
        id: "field/defaults",
        says: "canReceiveEncryptedEmail that is null or left out reads back as false",
        rules: &[FLD_5, FLD_6],
        needs: &[Need::ReadBack],
        share: Share::Strata,
        strata: defaults,
    },
    Property {
        id: "field/exact",
        says: "a string that was accepted reads back exactly",
        rules: &[FLD_10, REP_1],
        needs: &[Need::ReadBack],
        share: Share::Strata,
        strata: exact,
    },
    Property {
        id: "field/open",
        says: "what odd addresses, unknown monikers, empty strings and a missing mailboxType are answered",
        rules: &[FLD_9, REP_8],
        needs: &[],
        share: Share::Strata,
        strata: open,
    },
];

/// Puts an added object alone, or among valid ones.
fn added(
    fixtures: &Fixtures,
    make: impl Fn(&Names) -> Value + Clone + 'static,
) -> BoxedStrategy<Case> {
    added_among(Neighbours::drawn(), fixtures, make)
}

fn added_among(
    neighbours: impl Strategy<Value = Neighbours> + 'static,
    fixtures: &Fixtures,
    make: impl Fn(&Names) -> Value + Clone + 'static,
) -> BoxedStrategy<Case> {
    let plain = Shape::plain(fixtures);
    (names(), neighbours)
        .prop_map(move |(names, neighbours)| {
            let valid = |number| as_json(&plain.named(&names, number));
            let elements = neighbours.around(make(&names), valid);
            Case::one(Step::send(json!({ "add": elements })))
        })
        .boxed()
}

/// Stores one shape and modifies it to another, alone or among valid changes.
fn modified(
    stored: Shape,
    change: impl Fn(&mut MonitoredMailbox) + Clone + 'static,
) -> BoxedStrategy<Case> {
    modified_among(Neighbours::drawn(), stored, change)
}

fn modified_among(
    neighbours: impl Strategy<Value = Neighbours> + 'static,
    stored: Shape,
    change: impl Fn(&mut MonitoredMailbox) + Clone + 'static,
) -> BoxedStrategy<Case> {
    (names(), neighbours)
        .prop_map(move |(names, neighbours)| {
            let object = stored.named(&names, 1);
            let mut changed = object.clone();
            changed.email_address = names.address(51).into();
            change(&mut changed);
            let mut scene = vec![object];
            let elements = neighbours.around(as_json(&changed), |number| {
                let other = stored.named(&names, number);
                let mut valid = other.clone();
                valid.email_address = names.address(number + 200).into();
                scene.push(other);
                as_json(&valid)
            });
            Case::one(Step::send(json!({ "modify": elements }))).with_scene(scene)
        })
        .boxed()
}

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

fn wrong_folders(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
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
    // And by a modify that says the folder only.
    let existing = fixtures
        .plainest_place()
        .map(|(_, folder)| folder.to_owned())
        .unwrap_or_default();
    strata.push(modified(Shape::plain(fixtures), move |changed| {
        changed.mailbox_type = Field::Absent;
        changed.inbound_folder = existing.clone().into();
    }));
    let missing = fixtures.missing_folder();
    strata.push(modified(Shape::inbound(fixtures), move |changed| {
        changed.mailbox_type = Field::Absent;
        changed.inbound_folder = missing.clone().into();
    }));
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

fn inbound(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
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

fn moved(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let moves: Vec<(String, String, String)> = fixtures
        .folder_losing_moves()
        .into_iter()
        .map(|(from, folder, to)| (from.to_owned(), folder.to_owned(), to.to_owned()))
        .collect();
    let mut strata = Vec::new();
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

/// The moniker changes, alone and with the type, to one that has the folder.
fn kept(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
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

fn type_changed(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let inbound = Shape::inbound(fixtures);
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
        modified(inbound.clone(), change(2, Field::Absent)),
        modified(inbound, change(2, folder.clone())),
        modified(Shape::plain(fixtures), change(0, folder)),
        modified(Shape::plain(fixtures), change(0, Field::Absent)),
    ]
}

fn defaults(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let mut strata = Vec::new();
    for encrypted in [
        Field::Absent,
        Field::Null,
        Field::Value(true),
        Field::Value(false),
    ] {
        let shape = Shape {
            encrypted: encrypted.clone(),
            ..Shape::plain(fixtures)
        };
        strata.push(added(fixtures, move |names| {
            as_json(&shape.named(names, 1))
        }));
        let stored = Shape {
            encrypted: Field::Value(true),
            ..Shape::plain(fixtures)
        };
        strata.push(modified(stored, move |changed| {
            changed.can_receive_encrypted_email = encrypted.clone();
        }));
    }
    strata
}

/// Each string at an edge, as an address, as an unknown moniker and in an id.
fn exact(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let plain = Shape::plain(fixtures);
    let mut strata = Vec::new();
    for (_, text) in edges() {
        for place in ["emailAddress", "mailboxMoniker", "id"] {
            let (plain, text) = (plain.clone(), text.clone());
            strata.push(
                names()
                    .prop_map(move |names| {
                        let mut mailbox = plain.named(&names, 1);
                        match place {
                            "emailAddress" => mailbox.email_address = text.clone().into(),
                            "mailboxMoniker" => mailbox.mailbox_moniker = text.clone().into(),
                            _ => {
                                if let Field::Value(id) = &mut mailbox.configuration_id {
                                    id.id = format!("{}{text}", names.id(1));
                                }
                            }
                        }
                        Case::one(Step::send(adding(&[mailbox])))
                    })
                    .boxed(),
            );
        }
        strata.push(modified(plain.clone(), move |changed| {
            changed.email_address = text.clone().into();
        }));
    }
    // Addresses that no server has a reason to refuse: only their case, their
    // length or their punctuation is not the usual.
    for address in [
        "Mixed.Case+tag@Acme.Test",
        "a@b.test",
        "first.last-x_y@sub.domain.acme.test",
    ] {
        strata.push(modified(plain.clone(), move |changed| {
            changed.email_address = address.to_owned().into();
        }));
        let plain = plain.clone();
        strata.push(
            names()
                .prop_map(move |names| {
                    let mut mailbox = plain.named(&names, 1);
                    mailbox.email_address = address.to_owned().into();
                    Case::one(Step::send(adding(&[mailbox])))
                })
                .boxed(),
        );
    }
    strata
}

fn open(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let plain = Shape::plain(fixtures);
    let with = |change: fn(&mut MonitoredMailbox)| {
        let plain = plain.clone();
        names()
            .prop_map(move |names| {
                let mut mailbox = plain.named(&names, 1);
                change(&mut mailbox);
                Case::one(Step::send(adding(&[mailbox])))
            })
            .boxed()
    };
    vec![
        with(|mailbox| mailbox.email_address = String::new().into()),
        with(|mailbox| mailbox.email_address = "no address".to_owned().into()),
        with(|mailbox| mailbox.mailbox_moniker = String::new().into()),
        with(|mailbox| mailbox.mailbox_moniker = "EX:nobody@nowhere.test".to_owned().into()),
        with(|mailbox| {
            mailbox.mailbox_moniker = "EX:nobody@nowhere.test".to_owned().into();
            mailbox.mailbox_type = 0.into();
            mailbox.inbound_folder = "Inbox".to_owned().into();
        }),
        with(|mailbox| {
            mailbox.mailbox_type = 0.into();
            mailbox.inbound_folder = String::new().into();
        }),
        with(|mailbox| mailbox.mailbox_type = Field::Absent),
        with(|mailbox| mailbox.inbound_folder = String::new().into()),
        with(|mailbox| mailbox.email_address = " ".to_owned().into()),
        with(|mailbox| {
            if let Field::Value(id) = &mut mailbox.configuration_id {
                id.id = String::new();
            }
        }),
        modified(plain.clone(), |changed| {
            changed.email_address = String::new().into()
        }),
        modified(plain.clone(), |changed| {
            changed.mailbox_moniker = String::new().into()
        }),
        modified(Shape::inbound(fixtures), |changed| {
            changed.inbound_folder = String::new().into()
        }),
        modified(plain.clone(), |changed| {
            changed.email_address = Field::Absent
        }),
        modified(plain.clone(), |changed| {
            changed.mailbox_moniker = Field::Absent
        }),
        modified(plain, |changed| {
            changed.email_address = Field::Absent;
            changed.mailbox_moniker = Field::Absent;
            changed.mailbox_type = Field::Absent;
            changed.can_receive_encrypted_email = true.into();
        }),
    ]
}
