//! Ids: what they are stored under, and those that the server gives.

use std::borrow::Cow;

use super::Draft;
use crate::reference::{Fault, Variant};

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
    fn is_free(&self, id: &str) -> bool {
        self.stored(id).is_none() && !self.workgroup.mailboxes.contains_key(id)
    }

    /// Whether added objects get their ids from the server, whatever they came
    /// with.
    fn gives_ids(&self) -> bool {
        let variants = [
            Variant::ServerGivenIds,
            Variant::NumericIds,
            Variant::LowestFreeIds,
            Variant::GuidIds,
            Variant::OddGivenIds,
        ];
        self.has(Fault::IdsByCount) || variants.iter().any(|variant| self.varies(*variant))
    }

    /// The id of an added object that came with that one.
    pub(super) fn id_for(&mut self, given: &str) -> String {
        if self.varies(Variant::UpperGivenIds) {
            self.unique(given.to_uppercase())
        } else if self.varies(Variant::PrefixedIds) {
            self.unique(format!("MM:{given}"))
        } else if !self.gives_ids() && !self.replaces(given) {
            given.to_owned()
        } else if self.varies(Variant::IdsCut) {
            self.cut_id(given)
        } else {
            self.free_id()
        }
    }

    /// That id, with a number behind where it is taken.
    fn unique(&mut self, id: String) -> String {
        if self.is_free(&self.key(&id)) {
            return id;
        }
        format!("{id}~{}", self.next_number())
    }

    /// Whether the server gives another id for that one.
    fn replaces(&self, id: &str) -> bool {
        let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        self.varies(Variant::IdsGivenWhenOdd) && !id.chars().all(plain)
            || self.varies(Variant::IdsCut) && id.chars().count() > 40
    }

    /// The beginning of an id, made unique.
    fn cut_id(&mut self, id: &str) -> String {
        let start: String = id.chars().take(40).collect();
        format!("{start}~{}", self.next_number())
    }

    /// How many objects the workgroup holds, as the update has left it so far.
    fn count(&self) -> usize {
        let held = &self.workgroup.mailboxes;
        let changes = &self.outcome.changes;
        let kept = held.keys().filter(|key| !changes.contains_key(*key));
        kept.count() + changes.values().flatten().count()
    }

    /// An id of the server's own.
    pub(super) fn free_id(&mut self) -> String {
        if self.has(Fault::IdsByCount) {
            return format!("mailbox-{}", self.count() + 1);
        }
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
