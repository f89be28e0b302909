//! What is stored: workgroups and their monitored mailboxes.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::{Mutex, PoisonError};

use crate::contract::representation::{ConfigurationId, Field, MonitoredMailbox};

use super::switches::Switches;
use super::{Fault, Fixtures, MailboxFixture, Variant, address};

/// A monitored mailbox as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mailbox {
    pub(super) id: String,
    pub(super) display_name: Option<String>,
    /// The client's own uri, where the server keeps it.
    pub(super) uri: Option<String>,
    pub(super) email_address: String,
    pub(super) moniker: String,
    pub(super) mailbox_type: u16,
    pub(super) folder: Option<String>,
    /// `None` is nothing a correct server stores.
    pub(super) encrypted: Option<bool>,
}

/// A workgroup's mailboxes by id.
#[derive(Clone, Debug, Default)]
pub(super) struct Workgroup {
    pub(super) mailboxes: BTreeMap<String, Mailbox>,
}

/// What one update does: by id, the mailbox that is stored from then on, or
/// `None` for one that is removed.
pub(super) type Changes = BTreeMap<String, Option<Mailbox>>;

impl Workgroup {
    /// Takes all of one update's changes in.
    pub(super) fn commit(&mut self, changes: Changes) {
        for (id, mailbox) in changes {
            match mailbox {
                Some(mailbox) => self.mailboxes.insert(id, mailbox),
                None => self.mailboxes.remove(&id),
            };
        }
    }
}

/// Every workgroup by id.
#[derive(Debug)]
pub(super) struct Store {
    workgroups: BTreeMap<String, Workgroup>,
    given: u64,
}

impl Store {
    pub(super) fn new(fixtures: &Fixtures) -> Self {
        let workgroups = fixtures.workgroups.iter().map(|workgroup| {
            let held = workgroup.monitored.iter().map(stored);
            let mailboxes = held.map(|mailbox| (mailbox.id.clone(), mailbox)).collect();
            (workgroup.id.clone(), Workgroup { mailboxes })
        });
        Self {
            workgroups: workgroups.collect(),
            given: 0,
        }
    }

    /// The stored id of the workgroup that a client calls so.
    pub(super) fn find(&self, switches: &Switches, id: &str) -> Option<String> {
        let id = if switches.has(Fault::WorkgroupTrimmed) {
            id.trim()
        } else {
            id
        };
        if let Some((known, _)) = self.workgroups.get_key_value(id) {
            return Some(known.clone());
        }
        let mut known = self.workgroups.keys();
        let found = known.find(|known| {
            switches.varies(Variant::WorkgroupsIgnoreCase)
                && known.to_lowercase() == id.to_lowercase()
                || switches.has(Fault::WorkgroupPrefix) && id.starts_with(known.as_str())
                || address::alike(switches, id, known)
        });
        found.cloned()
    }

    /// Makes a workgroup that holds nothing.
    pub(super) fn create(&mut self, id: &str) {
        self.workgroups.insert(id.to_owned(), Workgroup::default());
    }

    /// The workgroup that stands behind that one, the first behind the last.
    pub(super) fn neighbour(&mut self, id: &str) -> Option<&mut Workgroup> {
        let behind = (Bound::Excluded(id.to_owned()), Bound::Unbounded);
        let next = self.workgroups.range(behind).next();
        let next = next
            .or_else(|| self.workgroups.first_key_value())?
            .0
            .clone();
        self.workgroups.get_mut(&next)
    }

    /// Removes what those changes remove from every workgroup.
    pub(super) fn remove_everywhere(&mut self, changes: &Changes) {
        for workgroup in self.workgroups.values_mut() {
            let removed = |id: &String| matches!(changes.get(id), Some(None));
            workgroup.mailboxes.retain(|id, _| !removed(id));
        }
    }

    /// Whether another workgroup has an object of that id.
    pub(super) fn has_elsewhere(&self, workgroup: &str, id: &str) -> bool {
        let mut others = self
            .workgroups
            .iter()
            .filter(|(name, _)| *name != workgroup);
        others.any(|(_, other)| other.mailboxes.contains_key(id))
    }

    /// The other workgroups' objects of that id, to be written.
    pub(super) fn elsewhere(&mut self, workgroup: &str, id: &str) -> Vec<&mut Workgroup> {
        let others = self.workgroups.iter_mut();
        others
            .filter(|(name, other)| *name != workgroup && other.mailboxes.contains_key(id))
            .map(|(_, other)| other)
            .collect()
    }

    /// The workgroup of that stored id.
    pub(super) fn workgroup(&self, id: &str) -> Option<&Workgroup> {
        self.workgroups.get(id)
    }

    /// The workgroup of that stored id, and the last number that the server
    /// put into an id of its own.
    pub(super) fn parts(&mut self, id: &str) -> (Option<&mut Workgroup>, &mut u64) {
        (self.workgroups.get_mut(id), &mut self.given)
    }
}

/// A fixture as it is stored.
fn stored(mailbox: &MonitoredMailbox) -> Mailbox {
    let text = |field: &Field<String>| field.value().cloned();
    Mailbox {
        id: mailbox.id().unwrap_or_default().to_owned(),
        display_name: None,
        uri: None,
        email_address: text(&mailbox.email_address).unwrap_or_default(),
        moniker: text(&mailbox.mailbox_moniker).unwrap_or_default(),
        mailbox_type: mailbox.mailbox_type.value().copied().unwrap_or_default(),
        folder: text(&mailbox.inbound_folder),
        encrypted: Some(mailbox.can_receive_encrypted_email == Field::Value(true)),
    }
}

impl Mailbox {
    /// The mailbox as the read-back shows it, nulls as `None`.
    pub(super) fn shown(&self, uri: String) -> MonitoredMailbox {
        let nullable = |text: &Option<String>| text.clone().map_or(Field::Null, Field::Value);
        MonitoredMailbox {
            configuration_id: Field::Value(ConfigurationId {
                id: self.id.clone(),
                display_name: nullable(&self.display_name),
                uri: Field::Value(self.uri.clone().unwrap_or(uri)),
            }),
            email_address: Field::Value(self.email_address.clone()),
            mailbox_moniker: Field::Value(self.moniker.clone()),
            mailbox_type: Field::Value(self.mailbox_type),
            inbound_folder: nullable(&self.folder),
            can_receive_encrypted_email: self.encrypted.map_or(Field::Null, Field::Value),
        }
    }
}

/// The mailboxes that the server knows, with their folders.
#[derive(Debug)]
pub(super) struct Directory {
    folders: HashMap<String, BTreeSet<String>>,
    /// Folders that were once found in some mailbox.
    met: Mutex<BTreeSet<String>>,
}

impl Directory {
    pub(super) fn new(mailboxes: &[MailboxFixture]) -> Self {
        let known = mailboxes.iter().map(|mailbox| {
            let folders = mailbox.folders.iter().cloned().collect();
            (mailbox.moniker.clone(), folders)
        });
        Self {
            folders: known.collect(),
            met: Mutex::default(),
        }
    }

    /// The folders behind a moniker; `None` where the moniker is unknown.
    pub(super) fn folders(&self, moniker: &str) -> Option<&BTreeSet<String>> {
        self.folders.get(moniker)
    }

    /// Keeps a folder's name for [`Self::has_met`].
    pub(super) fn meet(&self, switches: &Switches, folder: &str) {
        if switches.has(Fault::FolderCacheByName) {
            let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
            met.insert(folder.to_owned());
        }
    }

    /// Whether a folder of that name was once found.
    pub(super) fn has_met(&self, folder: &str) -> bool {
        let met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        met.contains(folder)
    }

    /// Whether any mailbox has that folder.
    pub(super) fn any_has(&self, folder: &str) -> bool {
        self.folders
            .values()
            .any(|folders| folders.contains(folder))
    }
}
