//! What an update does to a workgroup: computed beside it, so that it can be
//! taken in whole or not at all (EFF-3).
//!
//! The lists apply in the order remove, modify, add, each in its own order.

mod naming;
mod values;

use std::collections::HashSet;

use crate::contract::enums::{EXISTING_INSTANCE_ID, INVALID_MAILBOX_FOLDER, UNIQUE_INSTANCE_ID};
use crate::contract::representation::{BulkUpdate, MonitoredMailbox, ValidationError};

use super::decode::listed;
use super::distortion::distorted;
use super::folders::{self, Candidate};
use super::store::{Changes, Directory, Mailbox, Workgroup};
use super::switches::Switches;
use super::{Fault, Variant};

/// `validationErrorType`: the property is not applicable with the others.
pub(super) const TYPE_CHANGE: u16 = 31;

/// The most validation errors that one answer lists.
const LISTED_ERRORS_MAX: usize = 100;

/// An update's outcome, not yet taken in.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// What changes in the store.
    pub(super) changes: Changes,
    /// The ids added, each once, in order.
    pub(super) added: Vec<String>,
    /// The ids modified, each once, in order.
    pub(super) modified: Vec<String>,
    /// The ids named in modify once more.
    pub(super) repeated: Vec<String>,
    /// How many were added before the first error.
    pub(super) added_ahead: usize,
    /// Whether an id in remove did not exist.
    pub(super) removed_unknown: bool,
    /// What the validators found; the update is refused if anything.
    pub(super) errors: Vec<ValidationError>,
}

/// An update being computed against a workgroup that stays as it is.
pub(super) struct Draft<'a> {
    switches: &'a Switches,
    directory: &'a Directory,
    workgroup: &'a Workgroup,
    last_number: &'a mut u64,
    listed: HashSet<String>,
    outcome: Outcome,
}

impl<'a> Draft<'a> {
    /// Starts an update. `last_number` is the last that the server put
    /// into an id of its own.
    pub(super) fn new(
        switches: &'a Switches,
        directory: &'a Directory,
        workgroup: &'a Workgroup,
        last_number: &'a mut u64,
    ) -> Self {
        Self {
            switches,
            directory,
            workgroup,
            last_number,
            listed: HashSet::new(),
            outcome: Outcome::default(),
        }
    }

    /// Computes the whole update.
    pub(super) fn run(mut self, update: &BulkUpdate) -> Outcome {
        let steps: [fn(&mut Self, &BulkUpdate); 3] = if self.varies(Variant::AddModifyRemove) {
            [Self::add_all, Self::modify_all, Self::remove_all]
        } else if self.varies(Variant::AddRemoveModify) {
            [Self::add_all, Self::remove_all, Self::modify_all]
        } else if self.varies(Variant::ModifyRemoveAdd) {
            [Self::modify_all, Self::remove_all, Self::add_all]
        } else if self.varies(Variant::RemoveAddModify) {
            [Self::remove_all, Self::add_all, Self::modify_all]
        } else if self.varies(Variant::ModifyAddRemove) {
            [Self::modify_all, Self::add_all, Self::remove_all]
        } else {
            [Self::remove_all, Self::modify_all, Self::add_all]
        };
        for step in steps {
            step(&mut self, update);
        }
        self.outcome.errors.truncate(LISTED_ERRORS_MAX);
        self.outcome
    }

    fn remove_all(&mut self, update: &BulkUpdate) {
        let ids = update.remove.value().map_or(&[][..], Vec::as_slice);
        for (index, id) in ids.iter().enumerate() {
            let forgotten = index > 0 && index + 1 == ids.len();
            if !(forgotten && self.has(Fault::LastRemoveForgotten)) {
                self.remove(id);
            }
        }
        let nothing =
            ids.is_empty() && listed(&update.add).is_empty() && listed(&update.modify).is_empty();
        if nothing && self.has(Fault::EmptyUpdateClears)
            || !ids.is_empty() && self.has(Fault::RemoveRemovesAll)
        {
            self.remove_every(|_| true);
        }
    }

    /// An id that does not exist is removed already.
    fn remove(&mut self, id: &str) {
        let key = self.key(id).into_owned();
        if self.stored(&key).is_none() {
            self.outcome.removed_unknown = true;
        } else if !self.has(Fault::RemoveDoesNothing) {
            self.outcome.changes.insert(key, None);
        }
        if self.has(Fault::RemoveByPrefix) && !id.is_empty() {
            self.remove_every(|known| known.starts_with(id));
        }
    }

    fn remove_every(&mut self, which: impl Fn(&str) -> bool) {
        let chosen = self.workgroup.mailboxes.keys().filter(|id| which(id));
        let removed = chosen.map(|id| (id.clone(), None));
        self.outcome.changes.extend(removed);
    }

    fn modify_all(&mut self, update: &BulkUpdate) {
        for (index, given) in listed(&update.modify).iter().enumerate() {
            self.modify(index, given);
        }
    }

    fn modify(&mut self, index: usize, given: &MonitoredMailbox) {
        let id = given.id().unwrap_or_default();
        let key = self.key(id).into_owned();
        let Some(before) = self.stored(&key).cloned() else {
            if self.has(Fault::UnknownModifyCreates) {
                self.add(index, given);
            } else if !self.has(Fault::UnknownModifyAccepted) {
                let name = format!("modify[{index}].configurationId.id");
                self.refuse(EXISTING_INSTANCE_ID, name, id);
            }
            return;
        };
        let mut after = before.clone();
        self.reset(&mut after, given);
        self.assign(&mut after, given, Some(&before));
        let fits = self.check(
            "modify",
            Candidate {
                index,
                given,
                before: Some(&before),
                after: &mut after,
            },
        );
        if !fits {
            return;
        }
        if self.has(Fault::SameModifyRefused) && after == before {
            let name = format!("modify[{index}].configurationId.id");
            self.refuse(0, name, id);
            return;
        }
        if self.has(Fault::ModifyTouchesTwins) && !given.email_address.is_absent() {
            self.touch_twins(&before, &after);
        }
        let lost = self.has(Fault::ModifyDoesNothing)
            || self.has(Fault::SecondModifyLost) && index == 1
            || self.has(Fault::ThirdModifyLost) && index == 2
            || self.varies(Variant::FirstModifyWins) && self.listed.contains(&after.id);
        let listed = !(self.has(Fault::SameModifyUnlisted) && after == before);
        let id = after.id.clone();
        self.keep(key, if lost { before } else { after });
        if listed && self.listed.insert(id.clone()) {
            self.outcome.modified.push(id);
        } else if listed {
            self.outcome.repeated.push(id);
        }
    }

    fn touch_twins(&mut self, before: &Mailbox, after: &Mailbox) {
        for (id, twin) in &self.workgroup.mailboxes {
            if twin.moniker == before.moniker {
                let email_address = after.email_address.clone();
                let touched = Mailbox {
                    email_address,
                    ..twin.clone()
                };
                self.outcome
                    .changes
                    .entry(id.clone())
                    .or_insert(Some(touched));
            }
        }
    }

    fn add_all(&mut self, update: &BulkUpdate) {
        let added = listed(&update.add);
        if !added.is_empty() && self.has(Fault::AddReplacesAll) {
            self.remove_every(|_| true);
        }
        for (index, given) in added.iter().enumerate() {
            self.add(index, given);
        }
    }

    fn add(&mut self, index: usize, given: &MonitoredMailbox) {
        let id = match given.id() {
            Some(id) => self.id_for(id),
            None => self.free_id(),
        };
        let mut key = self.key(&id).into_owned();
        if self.stored(&key).is_some() {
            let twin = !self.workgroup.mailboxes.contains_key(&key);
            let overwrites =
                self.has(Fault::TakenIdOverwrites) || twin && self.has(Fault::TwinsInAddAccepted);
            if self.has(Fault::TakenIdIgnored) {
                return;
            }
            if self.has(Fault::TakenIdDuplicates) || self.has(Fault::IdsByCount) {
                key = format!("{key}\0{}", self.next_number());
            } else if !overwrites {
                let name = format!("add[{index}].configurationId.id");
                self.refuse(UNIQUE_INSTANCE_ID, name, &id);
                return;
            }
        }
        let mut mailbox = self.new_mailbox(id, given);
        self.assign(&mut mailbox, given, None);
        let fits = self.check(
            "add",
            Candidate {
                index,
                given,
                before: None,
                after: &mut mailbox,
            },
        );
        if !fits {
            return;
        }
        if self.listed.insert(mailbox.id.clone()) {
            self.outcome.added.push(mailbox.id.clone());
            if self.outcome.errors.is_empty() {
                self.outcome.added_ahead = self.outcome.added.len();
            }
        }
        if self.has(Fault::AddLosesFolder) {
            mailbox.folder = None;
        }
        let lost =
            self.has(Fault::AddNotStored) || self.has(Fault::SecondAddNotStored) && index == 1;
        if !lost {
            self.keep(key, mailbox);
        }
    }

    /// Refuses a folder that does not fit.
    fn check(&mut self, list: &str, candidate: Candidate<'_>) -> bool {
        let index = candidate.index;
        let folder = candidate.after.folder.clone().unwrap_or_default();
        let moniker = candidate.after.moniker.clone();
        let refused = self.varies(Variant::UnknownMonikerRefused)
            || self.varies(Variant::UnknownMonikerMalformed);
        if refused && self.directory.folders(&moniker).is_none() {
            self.refuse(3, format!("{list}[{index}].mailboxMoniker"), &moniker);
            return false;
        }
        let by_moniker = candidate.before.is_some() && candidate.given.inbound_folder.is_absent();
        let by_type = by_moniker && candidate.after.mailbox_type == 1;
        let unchecked = candidate.before.is_none()
            && !self.outcome.modified.is_empty()
            && self.has(Fault::AddFolderBesideModify);
        let fits = unchecked || folders::fits(self.switches, self.directory, candidate);
        if !fits {
            let name = format!("{list}[{index}].inboundFolder");
            let named_moniker = self.has(Fault::FolderErrorMonikerValue)
                || by_moniker && self.has(Fault::MonikerErrorValue);
            let value = if named_moniker {
                &moniker
            } else if by_moniker && self.has(Fault::MonikerErrorNoValue) {
                ""
            } else {
                &folder
            };
            let number = if by_moniker && self.has(Fault::MonikerErrorType3) {
                3
            } else if by_type && self.varies(Variant::TypeChangeMalformed) {
                TYPE_CHANGE
            } else {
                INVALID_MAILBOX_FOLDER
            };
            self.refuse(number, name, value);
        }
        fits
    }

    /// The mailbox of that key as the update has left it so far.
    fn stored(&self, key: &str) -> Option<&Mailbox> {
        match self.outcome.changes.get(key) {
            Some(changed) => changed.as_ref(),
            None => self.workgroup.mailboxes.get(key),
        }
    }

    fn keep(&mut self, key: String, mailbox: Mailbox) {
        let mailbox = distorted(self.switches, mailbox);
        self.outcome.changes.insert(key, Some(mailbox));
    }

    fn refuse(&mut self, validation_error_type: u16, property_name: String, value: &str) {
        self.outcome.errors.push(ValidationError {
            validation_error_type,
            property_name,
            property_value: value.to_owned(),
        });
    }

    fn has(&self, fault: Fault) -> bool {
        self.switches.has(fault)
    }

    fn varies(&self, variant: Variant) -> bool {
        self.switches.varies(variant)
    }
}
