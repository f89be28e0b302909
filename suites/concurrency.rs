//! Concurrent updates of one workgroup: whatever they were answered and left,
//! some one-after-another order must explain it.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use serde_json::{Value, json};

use crate::contract::representation::{Field, MonitoredMailbox};
use crate::contract::rules::*;
use crate::generate::mailbox::{Names, Shape, names};
use crate::generate::update::{adding, as_json, modifying, removing};
use crate::generate::{Case, Fixtures, Step};
use crate::runner::property::Share;
use crate::runner::{Need, Property};

/// The properties of the family `concurrency`.
pub const PROPERTIES: &[Property] = &[
    Property {
        id: "concurrency/burst",
        says: "concurrent updates of one workgroup are explained by some one-after-another order",
        rules: &[EFF_10, EFF_8, ISE_1],
        needs: &[Need::ReadBack],
        share: Share::Budget,
        strata: bursts,
    },
    Property {
        id: "concurrency/crowd",
        says: "many concurrent updates of one workgroup that do not meet are all accepted",
        rules: &[EFF_10, EFF_8, ISE_1],
        needs: &[Need::ReadBack],
        share: Share::Strata,
        strata: |fixtures| {
            let plain = Shape::plain(fixtures);
            let adds = names().prop_map(move |names| burst(&plain, &names, &[Update::Add; CROWD]));
            let nothing = Case {
                steps: vec![Step::send(json!({})); CROWD],
                at_once: true,
                ..Case::default()
            };
            vec![adds.boxed(), Just(nothing).boxed()]
        },
    },
];

/// The objects that every burst begins with.
const STORED: usize = 3;

/// How many updates are a crowd: more than a small pool has connections or workers, and
/// no more than a run has under way where the profile says nothing.
const CROWD: usize = 16;

/// What an update of a burst does. No update names one id in two lists, so that
/// what a server makes of that (EFF-7) plays no part.
#[derive(Clone, Copy, Debug)]
enum Update {
    /// Adds an object of its own.
    Add,
    /// Adds an object whose id other updates add as well (EFF-6).
    AddContended,
    /// Gives one object another address and no more than that.
    Address(usize),
    /// Turns encryption on for one object, and no more than that.
    Encryption(usize),
    /// Gives two objects addresses of its own: both or none are seen.
    Two(usize, usize),
    /// Removes one object.
    Remove(usize),
    /// Removes one object and adds another in its stead.
    Replace(usize),
    /// Gives one object an address of its own and adds an object whose id other
    /// updates add or remove as well.
    AddressAndAdd(usize),
    /// Gives one object an address of its own and removes that id.
    AddressAndRemove(usize),
}

/// Each way of meeting on its own, and all of them mixed.
fn bursts(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    use Update::{
        Add, AddContended, Address, AddressAndAdd, AddressAndRemove, Encryption, Remove, Replace,
        Two,
    };
    let object = || 0..STORED;
    let mixed = prop_oneof![
        Just(Add),
        Just(AddContended),
        object().prop_map(Address),
        object().prop_map(Encryption),
        (object(), 1..STORED).prop_map(|(one, far)| Two(one, (one + far) % STORED)),
        object().prop_map(Remove),
        object().prop_map(Replace),
    ];
    [
        vec(Just(Add), 4..=6).boxed(),
        vec(object().prop_map(Address), 4..=6).boxed(),
        vec(prop_oneof![Just(Address(0)), Just(Encryption(0))], 4..=6).boxed(),
        vec(prop_oneof![Just(Two(0, 1)), Just(Two(1, 0))], 4..=6).boxed(),
        vec(Just(AddContended), 2..=6).boxed(),
        vec(prop_oneof![Just(Remove(0)), Just(Address(0))], 3..=6).boxed(),
        vec(
            prop_oneof![Just(Replace(0)), Just(Replace(1)), Just(Add)],
            3..=6,
        )
        .boxed(),
        vec(
            prop_oneof![Just(AddressAndAdd(0)), Just(AddressAndRemove(0))],
            2..=5,
        )
        .boxed(),
        vec(mixed, 2..=6).boxed(),
    ]
    .into_iter()
    .map(|updates| {
        let plain = Shape::plain(fixtures);
        (names(), updates)
            .prop_map(move |(names, updates)| burst(&plain, &names, &updates))
            .boxed()
    })
    .collect()
}

fn burst(plain: &Shape, names: &Names, updates: &[Update]) -> Case {
    let body = |(number, update): (usize, &Update)| body(plain, names, number, *update);
    Case {
        scene: (0..STORED)
            .map(|object| plain.named(names, object))
            .collect(),
        steps: updates
            .iter()
            .enumerate()
            .map(body)
            .map(Step::send)
            .collect(),
        at_once: true,
        ..Case::default()
    }
}

fn body(plain: &Shape, names: &Names, number: usize, update: Update) -> Value {
    // Every address is new, so that each object can be found by it.
    let address = |object: usize| names.address(100 * (number + 1) + object);
    let moved = |object: usize| {
        let mut mailbox = plain.named(names, object);
        mailbox.email_address = address(object).into();
        mailbox.can_receive_encrypted_email = Field::Absent;
        mailbox
    };
    let added = |id: usize| -> MonitoredMailbox {
        let mut mailbox = plain.named(names, id);
        mailbox.email_address = address(0).into();
        mailbox
    };
    match update {
        Update::Add => adding(&[added(10 + number)]),
        Update::AddContended => adding(&[added(9)]),
        Update::Address(object) => modifying(&[moved(object)]),
        Update::Encryption(object) => json!({ "modify": [{
            "configurationId": { "id": names.id(object) },
            "canReceiveEncryptedEmail": true,
        }] }),
        Update::Two(one, other) => modifying(&[moved(one), moved(other)]),
        Update::Remove(object) => removing(&[names.id(object)]),
        Update::AddressAndAdd(object) => json!({
            "add": [as_json(&added(9))],
            "modify": [as_json(&moved(object))],
        }),
        Update::AddressAndRemove(object) => json!({
            "modify": [as_json(&moved(object))],
            "remove": [names.id(9)],
        }),
        Update::Replace(object) => json!({
            "add": [as_json(&added(10 + number))],
            "remove": [names.id(object)],
        }),
    }
}
