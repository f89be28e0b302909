//! Whims about the JSON of a body, before its shape is checked.

use serde_json::{Map, Value};

use crate::contract::representation::{BULK_UPDATE, CONFIGURATION_ID, MONITORED_MAILBOX};
use crate::reference::Fault;

use super::Deed::{self, Fails, Malformed};

const LISTS: [&str; 3] = ["add", "modify", "remove"];

/// Whether the server minds a body.
type OfJson = fn(&Map<String, Value>) -> bool;

/// Every whim.
pub(super) const WHIMS: &[(Fault, OfJson, Deed)] = &[
    (
        Fault::TypeUrnNotFirst,
        |b| {
            let late = |o: &Map<String, Value>| o.keys().skip(1).any(|name| name == "__type");
            late(b) || mailboxes(b, &LISTS).any(late)
        },
        Malformed,
    ),
    (
        Fault::NameUrnRefused,
        |b| {
            mailboxes(b, &LISTS).any(|m| {
                m.get("configurationId")
                    .is_some_and(|id| id.get("__type").is_some())
            })
        },
        Malformed,
    ),
    (
        Fault::NameNotFirst,
        |b| {
            mailboxes(b, &LISTS).any(|m| {
                let mut names = m.keys().filter(|name| *name != "__type").skip(1);
                names.any(|name| name == "configurationId")
            })
        },
        Malformed,
    ),
    (
        Fault::ListOrderRefused,
        |b| {
            let given = b.keys().filter(|name| LISTS.contains(&name.as_str()));
            !given.is_sorted()
        },
        Malformed,
    ),
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
        Fault::ModifyUrnRefused,
        |b| mailboxes(b, &["modify"]).any(|m| m.contains_key("__type")),
        Malformed,
    ),
    (
        Fault::NameUrn500,
        |b| {
            mailboxes(b, &LISTS).any(|m| {
                let urn = m.get("configurationId").and_then(|name| name.get("__type"));
                urn.is_some_and(|urn| !urn.is_string())
            })
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
