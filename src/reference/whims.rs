//! What a server refuses, or fails on, although it should not: one row for
//! each whim.

use axum::http::StatusCode;
use serde_json::{Map, Value};

use crate::contract::enums::{UNIQUE_INSTANCE_ID, is_inbound};
use crate::contract::representation::{
    BULK_UPDATE, BulkUpdate, CONFIGURATION_ID, Field, MONITORED_MAILBOX, MonitoredMailbox,
    ValidationError,
};

use super::Fault;
use super::answers::{Answer, Failure};
use super::decode::{listed, removed};
use super::store::{Directory, Mailbox, Store, Workgroup};
use super::switches::Switches;

/// What a whim answers.
enum Deed {
    Malformed,
    Invalid(u16, &'static str),
    Fails,
    Answers(StatusCode),
}

use Deed::{Answers, Fails, Invalid, Malformed};

impl Deed {
    fn answer(&self) -> Answer {
        match self {
            Malformed => Answer::malformed("the update is not accepted"),
            Invalid(number, name) => Answer::invalid(&[ValidationError {
                validation_error_type: *number,
                property_name: (*name).to_owned(),
                property_value: String::new(),
            }]),
            Fails => Answer::failure(Failure::Internal),
            Answers(status) => Answer::error(*status, "The update is not accepted."),
        }
    }
}

/// Objects to what stands in a body before its shape is checked.
pub(super) fn of_json(switches: &Switches, body: &Map<String, Value>) -> Result<(), Answer> {
    first(switches, JSON, |minds| minds(body))
}

/// Objects to what an update asks for.
pub(super) fn of_update(switches: &Switches, update: &BulkUpdate) -> Result<(), Answer> {
    first(switches, UPDATE, |minds| minds(update))
}

/// What an update meets.
pub(super) struct Meeting<'a> {
    /// What it asks for.
    pub(super) update: &'a BulkUpdate,
    /// The workgroup it asks it of, with its name.
    pub(super) held: &'a Workgroup,
    pub(super) name: &'a str,
    /// All others.
    pub(super) store: &'a Store,
    /// The known mailboxes.
    pub(super) directory: &'a Directory,
    /// The ids that the workgroup once held.
    pub(super) removed: &'a [String],
}

/// Objects to what an update asks for of what is stored.
pub(super) fn of_meeting(switches: &Switches, meeting: &Meeting<'_>) -> Result<(), Answer> {
    first(switches, MEETING, |minds| minds(meeting))
}

fn first<T: Copy>(
    switches: &Switches,
    rows: &[(Fault, T, Deed)],
    applies: impl Fn(T) -> bool,
) -> Result<(), Answer> {
    let mut rows = rows.iter();
    match rows.find(|(fault, minds, _)| switches.has(*fault) && applies(*minds)) {
        Some((_, _, deed)) => Err(deed.answer()),
        None => Ok(()),
    }
}

const LISTS: [&str; 3] = ["add", "modify", "remove"];

type OfJson = fn(&Map<String, Value>) -> bool;

const JSON: &[(Fault, OfJson, Deed)] = &[
    (Fault::NullAddRefused, |b| is_null(b, "add"), Malformed),
    (
        Fault::NullModifyRefused,
        |b| is_null(b, "modify"),
        Malformed,
    ),
    (
        Fault::NullBesideRefused,
        |b| any_list(b, Value::is_null) && any_list(b, is_full),
        Malformed,
    ),
    (Fault::NullList500, |b| any_list(b, Value::is_null), Fails),
    (
        Fault::OutboundNullFolderRefused,
        |b| {
            mailboxes(b, &LISTS)
                .any(|m| m.get("mailboxType") == Some(&1.into()) && is_null(m, "inboundFolder"))
        },
        Malformed,
    ),
    (
        Fault::NullFolderInModifyRefused,
        |b| mailboxes(b, &["modify"]).any(|m| is_null(m, "inboundFolder")),
        Malformed,
    ),
    (
        Fault::NullEncryptedInModifyRefused,
        |b| mailboxes(b, &["modify"]).any(|m| is_null(m, "canReceiveEncryptedEmail")),
        Malformed,
    ),
    (
        Fault::EmptyRemoveRefused,
        |b| b.get("remove").is_some_and(is_empty),
        Malformed,
    ),
    (
        Fault::EmptyBesideRefused,
        |b| any_list(b, is_empty) && any_list(b, is_full),
        Malformed,
    ),
    (
        Fault::BigType500,
        |b| type_of_any(b, |number| number.abs() > f64::from(i32::MAX)),
        Fails,
    ),
    (
        Fault::NegativeType500,
        |b| type_of_any(b, |number| number < 0.0),
        Fails,
    ),
    (
        Fault::HugeNumber500,
        |b| b.values().any(has_huge_number),
        Fails,
    ),
    (
        Fault::OddTypeUrn500,
        |b| {
            let odd = |o: &Map<String, Value>| o.get("__type").is_some_and(|urn| !urn.is_string());
            odd(b) || mailboxes(b, &LISTS).any(odd)
        },
        Fails,
    ),
    (
        Fault::UnknownProperty500,
        |b| {
            let unknown = |name: &String| *name != "__type";
            b.keys()
                .any(|name| unknown(name) && BULK_UPDATE.property(name).is_none())
                || mailboxes(b, &LISTS).any(|m| {
                    m.keys()
                        .any(|name| unknown(name) && MONITORED_MAILBOX.property(name).is_none())
                })
                || mailboxes(b, &LISTS)
                    .filter_map(|m| m.get("configurationId")?.as_object())
                    .flat_map(Map::keys)
                    .any(|name| unknown(name) && CONFIGURATION_ID.property(name).is_none())
        },
        Fails,
    ),
    (
        Fault::WrongNameType500,
        |b| {
            mailboxes(b, &LISTS).any(|m| {
                let name = m.get("configurationId");
                name.is_some_and(|name| !name.is_object() && !name.is_null())
            })
        },
        Fails,
    ),
    (
        Fault::OddRemove500,
        |b| items(b, "remove").any(|item| !item.is_string()),
        Fails,
    ),
    (
        Fault::NullElement500,
        |b| {
            items(b, "add")
                .chain(items(b, "modify"))
                .any(Value::is_null)
        },
        Fails,
    ),
];

fn is_null(object: &Map<String, Value>, name: &str) -> bool {
    object.get(name).is_some_and(Value::is_null)
}

fn is_empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty)
}

fn is_full(value: &Value) -> bool {
    value.as_array().is_some_and(|items| !items.is_empty())
}

fn any_list(body: &Map<String, Value>, which: fn(&Value) -> bool) -> bool {
    LISTS.iter().filter_map(|name| body.get(*name)).any(which)
}

fn items<'a>(body: &'a Map<String, Value>, name: &str) -> impl Iterator<Item = &'a Value> {
    body.get(name)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn mailboxes<'a>(
    body: &'a Map<String, Value>,
    lists: &'a [&str],
) -> impl Iterator<Item = &'a Map<String, Value>> {
    lists
        .iter()
        .flat_map(|name| items(body, name))
        .filter_map(Value::as_object)
}

fn type_of_any(body: &Map<String, Value>, which: fn(f64) -> bool) -> bool {
    mailboxes(body, &LISTS)
        .filter_map(|m| m.get("mailboxType")?.as_f64())
        .any(which)
}

fn has_huge_number(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.as_f64().is_some_and(|number| number.abs() > 1.9e19),
        Value::Array(items) => items.iter().any(has_huge_number),
        Value::Object(object) => object.values().any(has_huge_number),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}

type OfUpdate = fn(&BulkUpdate) -> bool;

const UPDATE: &[(Fault, OfUpdate, Deed)] = &[
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

fn written(update: &BulkUpdate) -> impl Iterator<Item = &MonitoredMailbox> {
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

type OfMeeting = fn(&Meeting<'_>) -> bool;

const MEETING: &[(Fault, OfMeeting, Deed)] = &[
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
