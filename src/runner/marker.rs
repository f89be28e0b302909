//! The mailbox that tells runs on other machines, which see no lock of this one,
//! that the scratch workgroups are taken.
//!
//! It stands in one of them for as long as the run lasts: in the one whose id
//! sorts last, so that two runs with the same workgroups look at the same place.
//! The others stay as they are, because what happens to the only mailbox of a
//! workgroup is seen in no other.

use crate::contract::representation::{ConfigurationId, Field, MonitoredMailbox};
use crate::generate::Fixtures;
use crate::generate::mailbox::{DOMAIN, Names, Shape};
use crate::oracle::Stored;

/// How its address begins. The tag in it is that of no case.
const BEGINNING: &str = "icws-lease-mfffd-0";

/// A marker that no other run has.
pub(super) fn new(fixtures: &Fixtures) -> MonitoredMailbox {
    let id = format!("{BEGINNING}{:07x}", rand::random::<u32>() >> 4);
    MonitoredMailbox {
        email_address: Field::Value(format!("{id}@{DOMAIN}")),
        configuration_id: Field::Value(ConfigurationId {
            id,
            ..ConfigurationId::default()
        }),
        ..Shape::plain(fixtures).named(&Names::new(0xfffd), 0)
    }
}

/// Whether that is a marker, of whichever run.
pub(super) fn is_marker(object: &Stored) -> bool {
    let address = object.text("emailAddress").unwrap_or_default();
    address.starts_with(BEGINNING) || object.id.starts_with(BEGINNING)
}

/// The addresses of all markers among these.
pub(super) fn among(stored: &[Stored]) -> impl Iterator<Item = &str> {
    let markers = stored.iter().filter(|object| is_marker(object));
    markers.map(|object| object.text("emailAddress").unwrap_or_default())
}
