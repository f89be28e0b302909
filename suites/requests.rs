//! The request around the body: its label and its size.

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;

use crate::contract::rules::*;
use crate::generate::bytes;
use crate::generate::form::LABELS;
use crate::generate::mailbox::{Shape, names};
use crate::generate::update::{adding, modifying, plain_step, removing};
use crate::generate::{Case, Fixtures, Step};
use crate::runner::Property;
use crate::runner::property::Share;

/// The properties of the family `request`.
pub const PROPERTIES: &[Property] = &[
    Property {
        id: "request/media-type",
        says: "both documented media types are accepted, in any case, with and without charset",
        rules: &[REP_13],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| labelled(fixtures, &LABELS),
    },
    Property {
        id: "request/other-media-type",
        says: "what another Content-Type, or none, is answered",
        rules: &[REP_14],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| {
            let mut strata = labelled(fixtures, OTHERS);
            strata.push(
                plain_step(fixtures)
                    .prop_map(|step| Case::one(step.labelled(None)))
                    .boxed(),
            );
            strata
        },
    },
    Property {
        id: "request/size",
        says: "an update of many objects, and a body of up to a megabyte, is accepted",
        rules: &[REP_1, REP_16, OK_3, EFF_1],
        needs: &[],
        share: Share::Once,
        strata: |fixtures| {
            vec![
                many(fixtures, 12, Touch::Add),
                many(fixtures, 60, Touch::Add),
                many(fixtures, 130, Touch::Modify),
                many(fixtures, 120, Touch::Add),
                padded(fixtures, 70_000),
                padded(fixtures, 600_000),
                padded(fixtures, MOST_BYTES),
                many(fixtures, 513, Touch::Add),
            ]
        },
    },
    Property {
        id: "request/long-remove",
        says: "a long list of existing ids in remove is accepted",
        rules: &[REP_15],
        needs: &[],
        share: Share::Once,
        strata: |fixtures| {
            [25, 120, 300, 1100]
                .map(|count| many(fixtures, count, Touch::Remove))
                .to_vec()
        },
    },
];

/// The longest body that REP-16 speaks of, in bytes.
const MOST_BYTES: usize = (1 << 20) - 1;

const OTHERS: &[&str] = &[
    "text/plain",
    "text/json",
    "application/xml",
    "application/x-www-form-urlencoded",
    "application/octet-stream",
    "application/json; charset=iso-8859-1",
];
fn labelled(fixtures: &Fixtures, labels: &'static [&'static str]) -> Vec<BoxedStrategy<Case>> {
    // A value that is not the default shows whether it was read.
    let shape = Shape {
        encrypted: true.into(),
        ..Shape::plain(fixtures)
    };
    labels
        .iter()
        .map(|label| {
            let shape = shape.clone();
            names()
                .prop_map(move |names| {
                    let step = Step::send(adding(&[shape.named(&names, 1)]));
                    Case::one(step.labelled(Some(label)))
                })
                .boxed()
        })
        .collect()
}

#[derive(Clone, Copy, Debug)]
enum Touch {
    Add,
    Modify,
    Remove,
}

/// An update that touches that many objects in one list.
fn many(fixtures: &Fixtures, count: usize, touch: Touch) -> BoxedStrategy<Case> {
    // A value that is not the default shows whether it was read.
    let plain = Shape {
        encrypted: true.into(),
        ..Shape::plain(fixtures)
    };
    names()
        .prop_map(move |names| {
            let objects: Vec<_> = (1..=count)
                .map(|number| plain.named(&names, number))
                .collect();
            match touch {
                Touch::Add => Case::one(Step::send(adding(&objects))),
                Touch::Modify => {
                    let mut changed = objects.clone();
                    for (number, object) in changed.iter_mut().enumerate() {
                        object.email_address = names.address(1000 + number).into();
                    }
                    Case::one(Step::send(modifying(&changed))).with_scene(objects)
                }
                Touch::Remove => {
                    let ids: Vec<_> = (1..=count).map(|number| names.id(number)).collect();
                    Case::one(Step::send(removing(&ids))).with_scene(objects)
                }
            }
        })
        .boxed()
}

/// One added object whose body is made that long by white space.
fn padded(fixtures: &Fixtures, length: usize) -> BoxedStrategy<Case> {
    let plain = Shape::plain(fixtures);
    names()
        .prop_map(move |names| {
            let valid = adding(&[plain.named(&names, 1)]).to_string();
            Case::one(Step::send(bytes::padded(&valid, length)))
        })
        .boxed()
}
