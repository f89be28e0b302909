//! The fields of a mailbox: folders against types and mailboxes, defaults,
//! strings that must read back exactly.

mod folders;
mod texts;

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use serde_json::{Value, json};

use crate::contract::representation::{Field, MonitoredMailbox};
use crate::contract::rules::*;
use crate::generate::mailbox::{Names, Shape, names};
use crate::generate::update::{Neighbours, adding, as_json, modifying};
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
        strata: folders::wrong_folders,
    },
    Property {
        id: "field/inbound",
        says: "an inbound mailbox with any existing folder, with null or without is accepted",
        rules: &[FLD_3],
        needs: &[],
        share: Share::Strata,
        strata: folders::inbound,
    },
    Property {
        id: "field/moved",
        says: "a change to a mailbox that lacks the current folder is refused with type 32",
        rules: &[FLD_4, FLD_7, FLD_8, EFF_3],
        needs: &[Need::LosableFolder],
        share: Share::Strata,
        strata: folders::moved,
    },
    Property {
        id: "field/kept",
        says: "a change to a mailbox that has the current folder as well keeps it",
        rules: &[REP_1, EFF_2],
        needs: &[],
        share: Share::Strata,
        strata: folders::kept,
    },
    Property {
        id: "field/type-changed",
        says: "no change of mailboxType leaves an outbound mailbox with a folder",
        rules: &[FLD_7, FLD_1],
        needs: &[],
        share: Share::Strata,
        strata: folders::type_changed,
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
        rules: &[FLD_10, FLD_11, REP_1],
        needs: &[Need::ReadBack],
        share: Share::Strata,
        strata: texts::exact,
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

/// The same, with a change that knows the names of the case.
fn modified_by(
    stored: Shape,
    change: impl Fn(&mut MonitoredMailbox, &Names) + Clone + 'static,
) -> BoxedStrategy<Case> {
    names()
        .prop_map(move |names| {
            let object = stored.named(&names, 1);
            let mut changed = object.clone();
            change(&mut changed, &names);
            Case::one(Step::send(modifying(&[changed]))).with_scene(vec![object])
        })
        .boxed()
}

fn modified_among(
    neighbours: impl Strategy<Value = Neighbours> + 'static,
    stored: Shape,
    change: impl Fn(&mut MonitoredMailbox) + Clone + 'static,
) -> BoxedStrategy<Case> {
    (names(), neighbours)
        .prop_map(move |(names, neighbours)| {
            let object = stored.named(&names, 1);
            let mut changed = stored.readdressed(&names, 1, 51);
            change(&mut changed);
            let mut scene = vec![object];
            let elements = neighbours.around(as_json(&changed), |number| {
                let other = stored.named(&names, number);
                let valid = stored.readdressed(&names, number, number + 200);
                scene.push(other);
                as_json(&valid)
            });
            Case::one(Step::send(json!({ "modify": elements }))).with_scene(scene)
        })
        .boxed()
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

/// A moniker that no target can be expected to know.
const NOBODY: &str = "EX:nobody@nowhere.test";

/// Whatever type it gets, it must not have a folder that its mailbox lacks.
fn typeless_with_missing_folder(fixtures: &Fixtures) -> BoxedStrategy<Case> {
    let (inbound, folder) = (Shape::inbound(fixtures), fixtures.missing_folder());
    names()
        .prop_map(move |names| {
            let mut mailbox = inbound.named(&names, 1);
            mailbox.mailbox_type = Field::Absent;
            mailbox.inbound_folder = folder.clone().into();
            Case::one(Step::send(adding(&[mailbox])))
        })
        .boxed()
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
        with(|mailbox| mailbox.mailbox_moniker = NOBODY.to_owned().into()),
        with(|mailbox| {
            mailbox.mailbox_moniker = NOBODY.to_owned().into();
            mailbox.mailbox_type = 0.into();
            mailbox.inbound_folder = "Inbox".to_owned().into();
        }),
        with(|mailbox| {
            mailbox.mailbox_type = 0.into();
            mailbox.inbound_folder = String::new().into();
        }),
        with(|mailbox| mailbox.mailbox_type = Field::Absent),
        typeless_with_missing_folder(fixtures),
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
        modified(Shape::inbound(fixtures), |changed| {
            changed.mailbox_moniker = NOBODY.to_owned().into();
            changed.inbound_folder = Field::Absent;
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
