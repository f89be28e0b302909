//! Values of another type that a server forgives in some places only: in one
//! list, behind the first object, in one form.

use serde_json::{Map, Value, json};

use crate::contract::representation::{Kind, MONITORED_MAILBOX};
use crate::reference::Fault;
use crate::reference::switches::Switches;

/// What a body that is no object is taken for.
pub(in crate::reference) fn whole(switches: &Switches, body: Value) -> Value {
    match &body {
        Value::String(text) if switches.has(Fault::QuotedJsonAccepted) => {
            match serde_json::from_str(text) {
                Ok(Value::Object(object)) => Value::Object(object),
                _ => body,
            }
        }
        scalar if switches.has(Fault::FalsyBodyAccepted) && is_falsy(scalar) => json!({}),
        _ => body,
    }
}

fn is_falsy(value: &Value) -> bool {
    *value == json!(false) || *value == json!(0) || *value == json!("")
}

/// Mends the lists and the objects in them.
pub(in crate::reference) fn update(switches: &Switches, body: &mut Map<String, Value>) {
    for name in ["add", "modify", "remove"] {
        let falsy = body.get(name).is_some_and(is_falsy);
        if falsy && switches.has(Fault::FalsyForList) {
            body.shift_remove(name);
        }
        if let Some(value) = body.get_mut(name) {
            list(switches, value);
        }
    }
    for name in ["add", "modify"] {
        let Some(items) = body.get_mut(name).and_then(Value::as_array_mut) else {
            continue;
        };
        let modified = name == "modify";
        for (index, item) in items.iter_mut().enumerate() {
            if let Value::Object(mailbox) = item {
                object(switches, modified, index, mailbox);
            }
        }
        if modified {
            items.retain(|item| !is_skipped(switches, item));
        }
    }
    if let Some(items) = body.get_mut("remove").and_then(Value::as_array_mut) {
        ids(switches, items);
    }
}

fn list(switches: &Switches, value: &mut Value) {
    if let Value::Object(object) = value {
        let empty = object.is_empty() && switches.has(Fault::EmptyObjectForList);
        if empty || switches.has(Fault::KeyedObjectForList) {
            *value = object.values().cloned().collect();
        }
    }
    if let Value::Array(items) = value
        && switches.has(Fault::LastNullSkipped)
        && items.last().is_some_and(Value::is_null)
    {
        items.pop();
    }
}

fn ids(switches: &Switches, items: &mut Vec<Value>) {
    if switches.has(Fault::NestedRemoveFlattened) {
        let nested = std::mem::take(items);
        for item in nested {
            match item {
                Value::Array(inner) => items.extend(inner),
                item => items.push(item),
            }
        }
    }
    for item in items {
        if switches.has(Fault::ObjectsInRemove) {
            let id = item.pointer("/id").or(item.pointer("/configurationId/id"));
            if let Some(id) = id.filter(|id| id.is_string()).cloned() {
                *item = id;
            }
        }
    }
}

/// Whether a modified object that has no name is passed over.
fn is_skipped(switches: &Switches, item: &Value) -> bool {
    match item.get("configurationId") {
        Some(Value::Null) => switches.has(Fault::NullNamedModifySkipped),
        Some(Value::Object(name)) => {
            name.get("id").is_none() && switches.has(Fault::IdlessModifySkipped)
        }
        _ => false,
    }
}

fn object(switches: &Switches, modified: bool, index: usize, mailbox: &mut Map<String, Value>) {
    let unchecked = switches.has(Fault::LaterTypesUnchecked) && index > 0
        || switches.has(Fault::EleventhTypeUnchecked) && index >= 10
        || switches.has(Fault::ModifyTypesUnchecked) && modified;
    if unchecked {
        mailbox.retain(|name, value| {
            let property = MONITORED_MAILBOX.property(name);
            value.is_null() || property.is_none_or(|property| is_of(property.kind, value))
        });
    }
    for Row(fault, place, name, mend) in ROWS {
        let here = match place {
            Place::Add => !modified,
            Place::Modify => modified,
            Place::Both => true,
        };
        if !here || !switches.has(*fault) {
            continue;
        }
        match mailbox.get(*name).map(mend) {
            Some(Mended::Dropped) => _ = mailbox.shift_remove(*name),
            Some(Mended::Replaced(value)) => _ = mailbox.insert((*name).to_owned(), value),
            Some(Mended::Kept) | None => {}
        }
    }
}

fn is_of(kind: Kind, value: &Value) -> bool {
    match kind {
        Kind::Boolean => value.is_boolean(),
        Kind::Text | Kind::Uri => value.is_string(),
        Kind::Enum(_) => value.is_number(),
        Kind::TextList | Kind::List(_) => value.is_array(),
        Kind::Object(_) => value.is_object(),
    }
}

/// What becomes of one value.
enum Mended {
    Kept,
    Dropped,
    Replaced(Value),
}

use Mended::{Dropped, Kept, Replaced};

/// In which list a value must stand to be mended.
#[derive(Clone, Copy)]
enum Place {
    Add,
    Modify,
    Both,
}

/// One property that a fault treats another way.
struct Row(Fault, Place, &'static str, fn(&Value) -> Mended);

const ENCRYPTED: &str = "canReceiveEncryptedEmail";

const ROWS: &[Row] = &[
    Row(Fault::EncryptedNumbers, Place::Both, ENCRYPTED, |v| {
        if *v == 0 || *v == 1 {
            Replaced(json!(*v == 1))
        } else {
            Kept
        }
    }),
    Row(Fault::EncryptedWords, Place::Both, ENCRYPTED, |v| {
        match v.as_str() {
            Some("yes" | "on" | "Y" | "y" | "1") => Replaced(json!(true)),
            Some("no" | "off" | "N" | "n" | "0" | "") => Replaced(json!(false)),
            _ => Kept,
        }
    }),
    Row(
        Fault::BooleanTypes,
        Place::Both,
        "mailboxType",
        |v| match v {
            Value::Bool(is) => Replaced(json!(u8::from(*is))),
            _ => Kept,
        },
    ),
    Row(Fault::EmptyTextIsZero, Place::Both, "mailboxType", |v| {
        if *v == "" { Replaced(json!(0)) } else { Kept }
    }),
    Row(Fault::TypeOfList, Place::Both, "mailboxType", only_number),
    Row(Fault::EmailOfList, Place::Both, "emailAddress", only_text),
    Row(Fault::FolderOfList, Place::Both, "inboundFolder", only_text),
    Row(Fault::NamesInList, Place::Both, "configurationId", |v| {
        only(v).filter(|v| v.is_object()).map_or(Kept, Replaced)
    }),
    Row(Fault::NullTypeInAdd, Place::Add, "mailboxType", drop_null),
    Row(
        Fault::NullTypeInModify,
        Place::Modify,
        "mailboxType",
        drop_null,
    ),
    Row(
        Fault::NullMonikerInAdd,
        Place::Add,
        "mailboxMoniker",
        empty_null,
    ),
    Row(
        Fault::NullEmailClears,
        Place::Modify,
        "emailAddress",
        empty_null,
    ),
    Row(
        Fault::OddTypeInModifyIgnored,
        Place::Modify,
        "mailboxType",
        |v| {
            let known = [0, 1, 2].iter().any(|known| v == known);
            if v.is_number() && !known {
                Dropped
            } else {
                Kept
            }
        },
    ),
    Row(Fault::TypeWraps32, Place::Both, "mailboxType", |v| {
        v.as_i64()
            .map_or(Kept, |number| Replaced(json!(number.rem_euclid(1 << 32))))
    }),
    Row(Fault::TypeRounded, Place::Both, "mailboxType", |v| {
        let rounded = v.as_f64().filter(|_| !v.is_u64()).map(f64::round);
        let known = [0, 1, 2]
            .into_iter()
            .find(|known| rounded == Some(f64::from(*known)));
        known.map_or(Kept, |known| Replaced(json!(known)))
    }),
];

fn only(value: &Value) -> Option<Value> {
    match value.as_array()?.as_slice() {
        [one] => Some(one.clone()),
        _ => None,
    }
}

fn only_number(value: &Value) -> Mended {
    only(value).filter(Value::is_number).map_or(Kept, Replaced)
}

fn only_text(value: &Value) -> Mended {
    only(value).filter(Value::is_string).map_or(Kept, Replaced)
}

fn drop_null(value: &Value) -> Mended {
    if value.is_null() { Dropped } else { Kept }
}

fn empty_null(value: &Value) -> Mended {
    if value.is_null() {
        Replaced(json!(""))
    } else {
        Kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_forgives_in_its_own_place() {
        for (fault, before, after) in [
            (
                Fault::ModifyTypesUnchecked,
                json!({"add": [{"emailAddress": 5}], "modify": [{"emailAddress": 5}]}),
                json!({"add": [{"emailAddress": 5}], "modify": [{}]}),
            ),
            (
                Fault::NullTypeInAdd,
                json!({"add": [{"mailboxType": null}], "modify": [{"mailboxType": null}]}),
                json!({"add": [{}], "modify": [{"mailboxType": null}]}),
            ),
            (
                Fault::ObjectsInRemove,
                json!({"remove": [{"id": "a"}, {"configurationId": {"id": "b"}}]}),
                json!({"remove": ["a", "b"]}),
            ),
            (
                Fault::TypeWraps32,
                json!({"add": [{"mailboxType": 4_294_967_297_u64}]}),
                json!({"add": [{"mailboxType": 1}]}),
            ),
        ] {
            let switches = Switches::new([fault].into(), [].into());
            let mut body = before.as_object().expect("an object").clone();
            update(&switches, &mut body);
            assert_eq!(Value::Object(body), after, "{fault:?}");
        }
    }
}
