//! Whims about what an update asks for.

use crate::contract::representation::{BulkUpdate, Field, MonitoredMailbox};
use crate::reference::Fault;
use crate::reference::decode::{listed, removed};

use super::Deed::{self, Fails, Invalid, Malformed};

/// Whether the server minds an update.
type OfUpdate = fn(&BulkUpdate) -> bool;

/// Every whim.
pub(super) const WHIMS: &[(Fault, OfUpdate, Deed)] = &[
    (
        Fault::NamelessAddRefused,
        |u| listed(&u.add).iter().any(|m| m.id().is_none()),
        Invalid(4, "configurationId"),
    ),
    (
        Fault::NamelessAdd500,
        |u| listed(&u.add).iter().any(|m| m.id().is_none()),
        Fails,
    ),
    (
        Fault::UntypedAdd500,
        |u| listed(&u.add).iter().any(|m| m.mailbox_type.is_absent()),
        Fails,
    ),
    (
        Fault::QuoteText500,
        |u| any_text(u, |t| t.contains('\'')),
        Fails,
    ),
    (
        Fault::NulText500,
        |u| any_text(u, |t| t.contains('\0')),
        Fails,
    ),
    (
        Fault::PercentText500,
        |u| any_text(u, |t| t.contains('%')),
        Fails,
    ),
    (
        Fault::BraceText500,
        |u| any_text(u, |t| t.contains(['{', '}'])),
        Fails,
    ),
    (
        Fault::EmptyText500,
        |u| {
            let empty = |text: &Field<String>| text.value().is_some_and(String::is_empty);
            written(u).any(|m| empty(&m.email_address) || empty(&m.mailbox_moniker))
        },
        Fails,
    ),
    (
        Fault::EmptyId500,
        |u| written(u).any(|m| m.id() == Some("")) || removed(u).iter().any(String::is_empty),
        Fails,
    ),
    (
        Fault::TwiceInRemove500,
        |u| twice(removed(u).iter().map(String::as_str)),
        Fails,
    ),
    (
        Fault::TwiceInModify500,
        |u| twice(listed(&u.modify).iter().filter_map(MonitoredMailbox::id)),
        Fails,
    ),
    (
        Fault::TwinsInAdd500,
        |u| twice(listed(&u.add).iter().filter_map(MonitoredMailbox::id)),
        Fails,
    ),
    (Fault::ModifyRemoved500, |u| overlap(u, &u.modify), Fails),
    (Fault::AddRemoved500, |u| overlap(u, &u.add), Fails),
    (
        Fault::Adds51Refused,
        |u| listed(&u.add).len() > 50,
        Invalid(10, "add"),
    ),
    (
        Fault::Adds101Refused,
        |u| listed(&u.add).len() > 100,
        Invalid(10, "add"),
    ),
    (
        Fault::ManyModifiesRefused,
        |u| listed(&u.modify).len() > 10,
        Invalid(10, "modify"),
    ),
    (
        Fault::Remove256Refused,
        |u| removed(u).len() > 255,
        Invalid(10, "remove"),
    ),
    (
        Fault::Remove1001Refused,
        |u| removed(u).len() > 1000,
        Invalid(10, "remove"),
    ),
    (Fault::Remove1001500, |u| removed(u).len() > 1000, Fails),
    (
        Fault::ThreeListsRefused,
        |u| !listed(&u.add).is_empty() && !listed(&u.modify).is_empty() && !removed(u).is_empty(),
        Malformed,
    ),
    (
        Fault::AddModifyRefused,
        |u| !listed(&u.add).is_empty() && !listed(&u.modify).is_empty(),
        Malformed,
    ),
    (
        Fault::DisplayNameNeeded,
        |u| {
            let names = listed(&u.add)
                .iter()
                .filter_map(|m| m.configuration_id.value());
            names.into_iter().any(|name| name.display_name.is_absent())
        },
        Invalid(4, "displayName"),
    ),
    (
        Fault::EncryptedOutboundRefused,
        |u| {
            written(u).any(|m| {
                m.mailbox_type == Field::Value(1)
                    && m.can_receive_encrypted_email == Field::Value(true)
            })
        },
        Invalid(31, "canReceiveEncryptedEmail"),
    ),
    (
        Fault::LongIdRefused,
        |u| {
            let long = |m: &MonitoredMailbox| m.id().is_some_and(|id| id.chars().count() > 64);
            listed(&u.add).iter().any(long)
        },
        Invalid(6, "configurationId.id"),
    ),
    (
        Fault::OddIdRefused,
        |u| {
            let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            let odd = |m: &MonitoredMailbox| m.id().is_some_and(|id| !id.chars().all(plain));
            listed(&u.add).iter().any(odd)
        },
        Invalid(24, "configurationId.id"),
    ),
];

/// Every object added or modified.
pub(super) fn written(update: &BulkUpdate) -> impl Iterator<Item = &MonitoredMailbox> {
    listed(&update.add).iter().chain(listed(&update.modify))
}

fn any_text(update: &BulkUpdate, which: fn(&str) -> bool) -> bool {
    written(update)
        .flat_map(|m| [m.email_address.value(), m.mailbox_moniker.value()])
        .flatten()
        .any(|text| which(text))
}

fn twice<'a>(ids: impl Iterator<Item = &'a str>) -> bool {
    let mut seen = std::collections::HashSet::new();
    ids.into_iter().any(|id| !seen.insert(id))
}

fn overlap(update: &BulkUpdate, list: &Field<Vec<MonitoredMailbox>>) -> bool {
    let removed = removed(update);
    let named = listed(list).iter().filter_map(MonitoredMailbox::id);
    named
        .into_iter()
        .any(|id| removed.iter().any(|gone| gone == id))
}
