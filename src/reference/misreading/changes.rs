//! Misreadings that turn on what is held: changes that are taken for none, and
//! what is removed or kept besides.

use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization;

use crate::contract::representation::{Field, MonitoredMailbox};
use crate::reference::Fault;
use crate::reference::decode::{listed, removed};
use crate::reference::store::{Mailbox, Workgroup};

use super::{Misreading, forget, list};

/// Every such misreading.
pub(super) const ROWS: &[(Fault, Misreading)] = &[
    (Fault::CaseChangeIgnored, |u, held| {
        each_held(&mut u.modify, held, |given, held| {
            forget(&mut given.email_address, |address| {
                address.to_lowercase() == held.email_address.to_lowercase()
            });
        });
    }),
    (Fault::ComposedChangeIgnored, |u, held| {
        each_held(&mut u.modify, held, |given, held| {
            forget(&mut given.mailbox_moniker, |moniker| {
                moniker.nfc().eq(held.moniker.nfc())
            });
        });
    }),
    (Fault::ModifyDerivesMoniker, |u, _| {
        for given in list(&mut u.modify) {
            if let (Field::Value(address), Field::Absent) =
                (&given.email_address, &given.mailbox_moniker)
            {
                given.mailbox_moniker = Field::Value(format!("SMTP:{address}"));
            }
        }
    }),
    (Fault::ModifyIdComposed, |u, held| {
        for given in list(&mut u.modify) {
            if let Field::Value(name) = &mut given.configuration_id
                && !held.mailboxes.contains_key(&name.id)
                && let Some(known) = composed_alike(held, &name.id)
            {
                name.id = known;
            }
        }
    }),
    (Fault::RemoveIdComposed, |u, held| {
        for id in list(&mut u.remove) {
            if !held.mailboxes.contains_key(id)
                && let Some(known) = composed_alike(held, id)
            {
                *id = known;
            }
        }
    }),
    (Fault::RemoveNulEnds, |u, _| {
        for id in list(&mut u.remove) {
            *id = id.split('\0').next().unwrap_or_default().to_owned();
        }
    }),
    (Fault::RemoveDecoded, |u, _| {
        for id in list(&mut u.remove) {
            *id = percent_decode_str(id).decode_utf8_lossy().into_owned();
        }
    }),
    (Fault::SameEmailReplaces, |u, held| {
        let replaced = held.mailboxes.values().filter(|held| {
            let mut added = listed(&u.add).iter();
            added.any(|given| {
                given.email_address.value() == Some(&held.email_address)
                    && given.id() != Some(&held.id)
            })
        });
        let replaced: Vec<_> = replaced.map(|held| held.id.clone()).collect();
        if !replaced.is_empty() {
            list(&mut u.remove).extend(replaced);
        }
    }),
    (Fault::LastMailboxStays, |u, held| {
        let leaves = |id: &String| removed(u).contains(id);
        if listed(&u.add).is_empty()
            && held.mailboxes.keys().all(leaves)
            && let Some(last) = removed(u)
                .iter()
                .rfind(|id| held.mailboxes.contains_key(*id))
        {
            let last = last.clone();
            list(&mut u.remove).retain(|id| *id != last);
        }
    }),
    (Fault::ThreeListsForgetRemove, |u, _| {
        if !listed(&u.add).is_empty() && !listed(&u.modify).is_empty() {
            u.remove = Field::Absent;
        }
    }),
];

/// The id held that is the same with its accents composed.
fn composed_alike(held: &Workgroup, id: &str) -> Option<String> {
    let mut known = held.mailboxes.keys();
    known.find(|known| known.nfc().eq(id.nfc())).cloned()
}

/// Changes each object of modify by what is held of that id.
fn each_held(
    modified: &mut Field<Vec<MonitoredMailbox>>,
    held: &Workgroup,
    change: fn(&mut MonitoredMailbox, &Mailbox),
) {
    for given in list(modified) {
        let held = given.id().and_then(|id| held.mailboxes.get(id));
        if let Some(held) = held {
            change(given, held);
        }
    }
}
