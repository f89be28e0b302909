//! What an update does to a workgroup: computed beside it, so that it can be
//! taken in whole or not at all (EFF-3).
//!
//! The lists apply in the order remove, modify, add, each in its own order.

use crate::contract::enums::{
    EXISTING_INSTANCE_ID, INVALID_MAILBOX_FOLDER, UNIQUE_INSTANCE_ID, is_inbound,
};
use crate::contract::representation::{BulkUpdate, Field, MonitoredMailbox, ValidationError};

use super::decode::listed;
use super::store::{Changes, Directory, Mailbox, Workgroup};
use super::switches::Switches;

/// The most validation errors that one answer lists.
const LISTED_ERRORS_MAX: usize = 100;

/// An update's outcome, not yet taken in.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// What changes in the store.
    pub(super) changes: Changes,
    /// The ids added or modified, each once, in order.
    pub(super) touched: Vec<String>,
    /// What the validators found; the update is refused if anything.
    pub(super) errors: Vec<ValidationError>,
}

/// An update being computed against a workgroup that stays as it is.
pub(super) struct Draft<'a> {
    pub(super) switches: &'a Switches,
    pub(super) directory: &'a Directory,
    pub(super) workgroup: &'a Workgroup,
    outcome: Outcome,
}

impl<'a> Draft<'a> {
    pub(super) fn new(
        switches: &'a Switches,
        directory: &'a Directory,
        workgroup: &'a Workgroup,
    ) -> Self {
        Self {
            switches,
            directory,
            workgroup,
            outcome: Outcome::default(),
        }
    }

    /// Computes the whole update. `next_number` numbers the ids that the
    /// server gives.
    pub(super) fn run(
        mut self,
        update: &BulkUpdate,
        next_number: &mut dyn FnMut() -> u64,
    ) -> Outcome {
        for id in update.remove.value().into_iter().flatten() {
            self.remove(id);
        }
        for (index, given) in listed(&update.modify).iter().enumerate() {
            self.modify(index, given);
        }
        for (index, given) in listed(&update.add).iter().enumerate() {
            self.add(index, given, next_number);
        }
        self.outcome.errors.truncate(LISTED_ERRORS_MAX);
        self.outcome
    }

    /// An id that does not exist is removed already.
    fn remove(&mut self, id: &str) {
        if self.stored(id).is_some() {
            self.outcome.changes.insert(id.to_owned(), None);
        }
    }

    fn modify(&mut self, index: usize, given: &MonitoredMailbox) {
        let id = given.id().unwrap_or_default();
        let Some(before) = self.stored(id) else {
            let name = format!("modify[{index}].configurationId.id");
            self.refuse(EXISTING_INSTANCE_ID, name, id);
            return;
        };
        let mut after = before.clone();
        assign(&mut after, given);
        self.check_folder("modify", index, &after);
        self.keep(after);
    }

    fn add(
        &mut self,
        index: usize,
        given: &MonitoredMailbox,
        next_number: &mut dyn FnMut() -> u64,
    ) {
        let id = match given.id() {
            Some(id) => id.to_owned(),
            None => self.free_id(next_number),
        };
        if self.stored(&id).is_some() {
            let name = format!("add[{index}].configurationId.id");
            self.refuse(UNIQUE_INSTANCE_ID, name, &id);
            return;
        }
        let mut mailbox = Mailbox {
            id,
            display_name: None,
            uri: None,
            email_address: String::new(),
            moniker: String::new(),
            mailbox_type: 0,
            folder: None,
            encrypted: Some(false),
        };
        assign(&mut mailbox, given);
        if let Some(named) = given.configuration_id.value() {
            mailbox.display_name = named.display_name.value().cloned();
        }
        self.check_folder("add", index, &mailbox);
        self.keep(mailbox);
    }

    /// A folder needs an inbound type, and a mailbox that has it if the
    /// mailbox is known (FLD-1, FLD-2, FLD-4, FLD-7).
    fn check_folder(&mut self, list: &str, index: usize, mailbox: &Mailbox) {
        let Some(folder) = &mailbox.folder else {
            return;
        };
        let fits = is_inbound(mailbox.mailbox_type)
            && self
                .directory
                .folders(&mailbox.moniker)
                .is_none_or(|folders| folders.contains(folder));
        if !fits {
            let name = format!("{list}[{index}].inboundFolder");
            self.refuse(INVALID_MAILBOX_FOLDER, name, folder);
        }
    }

    /// The mailbox of that id as the update has left it so far.
    fn stored(&self, id: &str) -> Option<&Mailbox> {
        match self.outcome.changes.get(id) {
            Some(changed) => changed.as_ref(),
            None => self.workgroup.mailboxes.get(id),
        }
    }

    fn free_id(&self, next_number: &mut dyn FnMut() -> u64) -> String {
        loop {
            let candidate = format!("monitored-mailbox-{}", next_number());
            if self.stored(&candidate).is_none() {
                return candidate;
            }
        }
    }

    fn keep(&mut self, mailbox: Mailbox) {
        let id = mailbox.id.clone();
        // A second modify of one id, or an add after its removal, is listed once.
        let known = self.outcome.changes.insert(id.clone(), Some(mailbox));
        if !matches!(known, Some(Some(_))) {
            self.outcome.touched.push(id);
        }
    }

    fn refuse(&mut self, validation_error_type: u16, property_name: String, value: &str) {
        self.outcome.errors.push(ValidationError {
            validation_error_type,
            property_name,
            property_value: value.to_owned(),
        });
    }
}

/// Takes the given values over. What is left out stays as it is; null is the
/// default of a property that may be null.
fn assign(mailbox: &mut Mailbox, given: &MonitoredMailbox) {
    if let Field::Value(address) = &given.email_address {
        mailbox.email_address.clone_from(address);
    }
    if let Field::Value(moniker) = &given.mailbox_moniker {
        mailbox.moniker.clone_from(moniker);
    }
    if let Field::Value(mailbox_type) = given.mailbox_type {
        mailbox.mailbox_type = mailbox_type;
    }
    if !given.inbound_folder.is_absent() {
        mailbox.folder = given.inbound_folder.value().cloned();
    }
    if !given.can_receive_encrypted_email.is_absent() {
        mailbox.encrypted = Some(given.can_receive_encrypted_email == Field::Value(true));
    }
}
