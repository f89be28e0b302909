//! Ids: what they are stored under, and those that the server gives.

use std::borrow::Cow;

use super::Draft;
use crate::reference::Variant;

impl Draft<'_> {
    /// What an id is stored under.
    pub(super) fn key<'b>(&self, id: &'b str) -> Cow<'b, str> {
        if self.varies(Variant::IdsIgnoreCase) {
            Cow::Owned(id.to_lowercase())
        } else {
            Cow::Borrowed(id)
        }
    }

    pub(super) fn next_number(&mut self) -> u64 {
        *self.last_number += 1;
        *self.last_number
    }

    /// Whether no object has that id, before the update and so far.
    pub(super) fn is_free(&self, id: &str) -> bool {
        self.stored(id).is_none() && !self.workgroup.mailboxes.contains_key(id)
    }

    /// Whether added objects get their ids from the server, whatever they came
    /// with.
    pub(super) fn gives_ids(&self) -> bool {
        [
            Variant::ServerGivenIds,
            Variant::NumericIds,
            Variant::LowestFreeIds,
            Variant::GuidIds,
            Variant::OddGivenIds,
        ]
        .iter()
        .any(|variant| self.varies(*variant))
    }

    /// Whether the server gives another id for that one.
    pub(super) fn replaces(&self, id: &str) -> bool {
        let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        self.varies(Variant::IdsGivenWhenOdd) && !id.chars().all(plain)
            || self.varies(Variant::IdsCut) && id.chars().count() > 40
    }

    /// The beginning of an id, made unique.
    pub(super) fn cut_id(&mut self, id: &str) -> String {
        let start: String = id.chars().take(40).collect();
        format!("{start}~{}", self.next_number())
    }

    pub(super) fn free_id(&mut self) -> String {
        loop {
            let number = self.next_number();
            let candidate = if self.varies(Variant::NumericIds) {
                (1000 + number).to_string()
            } else if self.varies(Variant::LowestFreeIds) {
                let mut free = (1..=number).map(|n| n.to_string());
                free.find(|id| self.is_free(id)).unwrap_or_default()
            } else if self.varies(Variant::GuidIds) {
                format!("{{6F9619FF-8B86-D011-B42D-{number:012X}}}")
            } else if self.varies(Variant::OddGivenIds) {
                format!("Mailbox #{number} (é)/\"x\" ")
            } else {
                format!("monitored-mailbox-{number}")
            };
            if !candidate.is_empty() && self.stored(&self.key(&candidate)).is_none() {
                return candidate;
            }
        }
    }
}
