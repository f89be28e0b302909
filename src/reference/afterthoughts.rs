//! What a server makes of a mailbox after it was checked and before it is
//! stored: properties that a modify does not reach, and others that it drags
//! along.

use crate::contract::enums::is_inbound;

use super::Fault;
use super::store::{Changes, Mailbox, Workgroup};
use super::switches::Switches;

/// Changes what an update would store.
pub(super) fn add(switches: &Switches, held: &Workgroup, changes: &mut Changes) {
    for (id, after) in changes.iter_mut() {
        let Some(after) = after else {
            continue;
        };
        for (fault, think) in ROWS {
            if switches.has(*fault) {
                think(held.mailboxes.get(id), after);
            }
        }
    }
    let added = |id: &String| !held.mailboxes.contains_key(id);
    let full = held.mailboxes.len() >= FULL && changes.keys().any(added);
    if full && switches.has(Fault::FullWorkgroupLoses) {
        changes.retain(|id, _| !added(id));
    }
    if full
        && switches.has(Fault::FullWorkgroupEvicts)
        && let Some(first) = held.mailboxes.keys().find(|id| !changes.contains_key(*id))
    {
        changes.insert(first.clone(), None);
    }
}

/// How many objects fill a workgroup.
const FULL: usize = 50;

/// What was stored, if anything, and what would be.
type Afterthought = fn(Option<&Mailbox>, &mut Mailbox);

const ROWS: &[(Fault, Afterthought)] = &[
    (Fault::ModifySkipsType, |before, after| {
        if let Some(before) = before {
            after.mailbox_type = before.mailbox_type;
        }
    }),
    (Fault::ModifySkipsMoniker, |before, after| {
        if let Some(before) = before {
            after.moniker.clone_from(&before.moniker);
        }
    }),
    (Fault::ModifySkipsEncrypted, |before, after| {
        if let Some(before) = before {
            after.encrypted = before.encrypted;
        }
    }),
    (Fault::ModifySkipsFolder, |before, after| {
        if let Some(before) = before
            && after.folder.is_some()
        {
            after.folder.clone_from(&before.folder);
        }
    }),
    (Fault::TypeChangeResetsEncrypted, |before, after| {
        if before.is_some_and(|before| before.mailbox_type != after.mailbox_type) {
            after.encrypted = Some(false);
        }
    }),
    (Fault::InboundChangeClears, |before, after| {
        let both =
            |before: &Mailbox| is_inbound(before.mailbox_type) && is_inbound(after.mailbox_type);
        if before.is_some_and(|before| both(before) && before.mailbox_type != after.mailbox_type) {
            after.folder = None;
        }
    }),
    (Fault::MonikerChangeResets, |before, after| {
        let same = |before: &Mailbox| before.folder == after.folder;
        if before.is_some_and(|before| before.moniker != after.moniker && same(before)) {
            after.folder = None;
        }
    }),
    (Fault::EmailChangeClears, |before, after| {
        let moved = |before: &Mailbox| before.email_address != after.email_address;
        if before.is_some_and(|before| moved(before) && before.folder == after.folder) {
            after.folder = None;
        }
    }),
    (Fault::OutboundGetsInbox, |before, after| {
        let turned = before.is_some_and(|before| before.mailbox_type == 1);
        if turned && is_inbound(after.mailbox_type) && after.folder.is_none() {
            after.folder = Some("Inbox".to_owned());
        }
    }),
    (Fault::UnknownMonikerClears, |before, after| {
        let changed = before.is_some_and(|before| before.moniker != after.moniker);
        if changed && !after.moniker.ends_with("@acme.test") {
            after.folder = None;
        }
    }),
    (Fault::NullFolderEmpty, |_, after| {
        after.folder.get_or_insert_default();
    }),
    (Fault::OutboundNeverEncrypted, |_, after| {
        if after.mailbox_type == 1 {
            after.encrypted = Some(false);
        }
    }),
    (Fault::ModifiedTextTrimmed, |before, after| {
        if before.is_some() {
            after.email_address = after.email_address.trim().to_owned();
        }
    }),
];
