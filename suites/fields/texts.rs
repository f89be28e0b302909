//! Texts that must read back exactly: at the edges of what a store can hold, by the
//! hundred, and changes that only a careful comparison sees.

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;

use super::{NOBODY, modified, modified_by};
use crate::contract::representation::Field;
use crate::generate::mailbox::{Names, Shape, names};
use crate::generate::text::{GREAT_LENGTHS, edges, groups};
use crate::generate::update::{adding, modifying};
use crate::generate::{Case, Fixtures, Step};

/// Each string at an edge, as an address, as an unknown moniker and in an id.
pub(super) fn exact(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let plain = Shape::plain(fixtures);
    let mut strata = Vec::new();
    for (_, text) in edges() {
        for place in ["emailAddress", "mailboxMoniker", "id"] {
            strata.push(with_texts(fixtures, text.clone(), place));
        }
        let moniker = text.clone();
        strata.push(modified(plain.clone(), move |changed| {
            changed.email_address = text.clone().into();
        }));
        strata.push(modified(plain.clone(), move |changed| {
            changed.mailbox_moniker = moniker.clone().into();
        }));
    }
    for length in GREAT_LENGTHS {
        let text = "y".repeat(length);
        strata.push(with_texts(fixtures, text.clone(), "emailAddress"));
        strata.push(modified(plain.clone(), move |changed| {
            changed.mailbox_moniker = text.clone().into();
        }));
    }
    strata.extend(many_texts(&plain));
    // A change that only a careful comparison sees.
    let small_changes: [fn(&str) -> String; 3] = [
        |address| address.to_uppercase(),
        |address| format!("{address} "),
        |address| address.replacen('@', "x@", 1),
    ];
    for change in small_changes {
        strata.push(modified_by(plain.clone(), move |changed, names| {
            changed.email_address = change(&names.address(1)).into();
        }));
        let moniker = change(&plain.moniker);
        strata.push(modified(plain.clone(), move |changed| {
            changed.mailbox_moniker = moniker.clone().into();
        }));
    }
    // The same text to the eye, and another one.
    let texts = [["Caf\u{e9}", "Cafe\u{301}"], ["Cafe\u{301}", "Caf\u{e9}"]];
    for (texts, is_address) in texts
        .into_iter()
        .flat_map(|texts| [(texts, false), (texts, true)])
    {
        let plain = plain.clone();
        strata.push(
            names()
                .prop_map(move |names| {
                    let steps = texts.map(|text| {
                        let mut changed = plain.named(&names, 1);
                        if is_address {
                            changed.email_address = text.to_owned().into()
                        } else {
                            changed.mailbox_moniker = text.to_owned().into()
                        }
                        Step::send(modifying(&[changed]))
                    });
                    Case {
                        scene: vec![plain.named(&names, 1)],
                        steps: steps.to_vec(),
                        ..Case::default()
                    }
                })
                .boxed(),
        );
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

/// Groups of texts, each in one place of as many objects: in addresses and
/// monikers that are added, in addresses that are modified, and in folders of
/// mailboxes that nobody knows.
fn many_texts(plain: &Shape) -> Vec<BoxedStrategy<Case>> {
    let inbound = Shape {
        moniker: NOBODY.to_owned(),
        mailbox_type: 0,
        ..plain.clone()
    };
    let mut strata = Vec::new();
    for texts in groups() {
        for place in [
            "emailAddress",
            "mailboxMoniker",
            "inboundFolder",
            "modified",
        ] {
            let (texts, plain, inbound) = (texts.clone(), plain.clone(), inbound.clone());
            let case = move |names: Names| {
                let texts = texts.iter().cloned().enumerate();
                let objects = texts.map(|(number, text)| {
                    let shape = if place == "inboundFolder" {
                        &inbound
                    } else {
                        &plain
                    };
                    let mut object = shape.named(&names, number);
                    match place {
                        "mailboxMoniker" => object.mailbox_moniker = text.into(),
                        "inboundFolder" => object.inbound_folder = text.into(),
                        _ => object.email_address = text.into(),
                    }
                    object
                });
                let objects: Vec<_> = objects.collect();
                if place != "modified" {
                    return Case::one(Step::send(adding(&objects)));
                }
                let stored = (0..objects.len()).map(|number| plain.named(&names, number));
                Case::one(Step::send(modifying(&objects))).with_scene(stored.collect())
            };
            strata.push(names().prop_map(case).boxed());
        }
    }
    strata
}

/// So many bytes has the name that makes an id one of a case, at most.
const OWN_ID_MAX: usize = 32;

/// An added object with that text in one place.
fn with_texts(fixtures: &Fixtures, text: String, place: &'static str) -> BoxedStrategy<Case> {
    let plain = Shape::plain(fixtures);
    names()
        .prop_map(move |names| {
            let mut mailbox = plain.named(&names, 1);
            match place {
                "emailAddress" => mailbox.email_address = text.clone().into(),
                "mailboxMoniker" => mailbox.mailbox_moniker = text.clone().into(),
                _ => {
                    if let Field::Value(id) = &mut mailbox.configuration_id {
                        let own = names.id(1);
                        // A length is that of the whole id.
                        let rest = text.get(own.len()..).filter(|_| text.len() > OWN_ID_MAX);
                        id.id = format!("{own}{}", rest.unwrap_or(&text));
                    }
                }
            }
            Case::one(Step::send(adding(&[mailbox])))
        })
        .boxed()
}
