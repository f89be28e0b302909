//! Whims about what an update asks for of what is stored.

use axum::http::StatusCode;

use crate::contract::enums::{UNIQUE_INSTANCE_ID, is_inbound};
use crate::contract::representation::{BulkUpdate, Field, MonitoredMailbox};
use crate::reference::Fault;
use crate::reference::decode::{listed, removed};
use crate::reference::store::{Directory, Mailbox, Store, Workgroup};

use super::Deed::{self, Answers, Fails, Invalid};
use super::update::written;

/// What an update meets.
pub(in crate::reference) struct Meeting<'a> {
    /// What it asks for.
    pub(in crate::reference) update: &'a BulkUpdate,
    /// The workgroup it asks it of, with its name.
    pub(in crate::reference) held: &'a Workgroup,
    pub(in crate::reference) name: &'a str,
    /// All others.
    pub(in crate::reference) store: &'a Store,
    /// The known mailboxes.
    pub(in crate::reference) directory: &'a Directory,
    /// The ids that the workgroup once held.
    pub(in crate::reference) removed: &'a [String],
}

/// Whether the server minds a meeting.
type OfMeeting = fn(&Meeting<'_>) -> bool;

/// Every whim.
pub(super) const WHIMS: &[(Fault, OfMeeting, Deed)] = &[
    (
        Fault::SameEmailRefused,
        |m| m.any_added_like(|a, h| a.email_address.value() == Some(&h.email_address)),
        Invalid(14, "emailAddress"),
    ),
    (
        Fault::SameMonikerRefused,
        |m| m.any_added_like(|a, h| a.mailbox_moniker.value() == Some(&h.moniker)),
        Invalid(14, "mailboxMoniker"),
    ),
    (
        Fault::IdElsewhereRefused,
        |m| m.added_ids().any(|id| m.store.has_elsewhere(m.name, id)),
        Invalid(UNIQUE_INSTANCE_ID, "configurationId.id"),
    ),
    (
        Fault::WorkgroupFullRefused,
        |m| m.held.mailboxes.len() + listed(&m.update.add).len() > 50 + removed(m.update).len(),
        Invalid(10, "add"),
    ),
    (
        Fault::RemovedIdTaken,
        |m| {
            m.added_ids()
                .any(|id| m.removed.iter().any(|gone| gone == id))
        },
        Invalid(UNIQUE_INSTANCE_ID, "configurationId.id"),
    ),
    (
        Fault::TakenId500,
        |m| m.added_ids().any(|id| m.held.mailboxes.contains_key(id)),
        Fails,
    ),
    (
        Fault::TakenId412,
        |m| m.added_ids().any(|id| m.held.mailboxes.contains_key(id)),
        Answers(StatusCode::PRECONDITION_FAILED),
    ),
    (
        Fault::UnknownModify500,
        |m| m.unknown().next().is_some(),
        Fails,
    ),
    (
        Fault::UnknownModify410,
        |m| m.unknown().next().is_some(),
        Answers(StatusCode::GONE),
    ),
    (
        Fault::RemovedModify410,
        |m| {
            m.unknown()
                .any(|id| m.removed.iter().any(|gone| gone == id))
        },
        Answers(StatusCode::GONE),
    ),
    (
        Fault::UnknownRemove410,
        |m| {
            removed(m.update)
                .iter()
                .any(|id| !m.held.mailboxes.contains_key(id))
        },
        Answers(StatusCode::GONE),
    ),
    (
        Fault::UnknownMoniker500,
        |m| {
            m.monikers()
                .any(|moniker| m.directory.folders(moniker).is_none())
        },
        Fails,
    ),
    (
        Fault::UnknownMonikerFolder500,
        |m| {
            written(m.update).any(|given| {
                let moniker = given.mailbox_moniker.value();
                moniker.is_some_and(|moniker| m.directory.folders(moniker).is_none())
                    && given.inbound_folder.value().is_some()
            })
        },
        Fails,
    ),
    (
        Fault::OutboundMonikerFixed,
        |m| m.any_change(|held, given| held.mailbox_type == 1 && changes_moniker(held, given)),
        Invalid(32, "inboundFolder"),
    ),
    (
        Fault::FolderlessMonikerFixed,
        |m| {
            m.any_change(|held, given| {
                is_inbound(held.mailbox_type)
                    && held.folder.is_none()
                    && given.inbound_folder.is_absent()
                    && changes_moniker(held, given)
            })
        },
        Invalid(32, "inboundFolder"),
    ),
    (
        Fault::OutboundStays,
        |m| {
            m.any_change(|held, given| {
                held.mailbox_type == 1 && given.mailbox_type.value().is_some_and(|t| is_inbound(*t))
            })
        },
        Invalid(31, "mailboxType"),
    ),
    (
        Fault::TypeChangeWithNullRefused,
        |m| {
            m.any_change(|held, given| {
                held.folder.is_some()
                    && given.mailbox_type == Field::Value(1)
                    && given.inbound_folder == Field::Null
            })
        },
        Invalid(32, "inboundFolder"),
    ),
];

fn changes_moniker(held: &Mailbox, given: &MonitoredMailbox) -> bool {
    given
        .mailbox_moniker
        .value()
        .is_some_and(|moniker| *moniker != held.moniker)
}

impl Meeting<'_> {
    fn added_ids(&self) -> impl Iterator<Item = &str> {
        listed(&self.update.add)
            .iter()
            .filter_map(MonitoredMailbox::id)
    }

    fn any_added_like(&self, alike: fn(&MonitoredMailbox, &Mailbox) -> bool) -> bool {
        let added = listed(&self.update.add);
        let mut held = self.held.mailboxes.values();
        held.any(|held| added.iter().any(|added| alike(added, held)))
    }

    fn unknown(&self) -> impl Iterator<Item = &str> {
        let named = listed(&self.update.modify)
            .iter()
            .filter_map(MonitoredMailbox::id);
        named.filter(|id| !self.held.mailboxes.contains_key(*id))
    }

    fn monikers(&self) -> impl Iterator<Item = &String> {
        written(self.update).filter_map(|given| given.mailbox_moniker.value())
    }

    fn any_change(&self, which: fn(&Mailbox, &MonitoredMailbox) -> bool) -> bool {
        listed(&self.update.modify).iter().any(|given| {
            let held = given.id().and_then(|id| self.held.mailboxes.get(id));
            held.is_some_and(|held| which(held, given))
        })
    }
}
