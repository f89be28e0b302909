//! Mending a body's JSON before its shape is checked.

use serde_json::{Map, Value, json};

use crate::contract::enums::MAILBOX_TYPES;
use crate::contract::representation::{
    BULK_UPDATE, CONFIGURATION_ID, Kind, MONITORED_MAILBOX, Representation,
};
use crate::reference::switches::Switches;
use crate::reference::{Fault, Variant};

/// What becomes of one value.
enum Mended {
    Kept,
    Dropped,
    Replaced(Value),
}

use Mended::{Dropped, Kept, Replaced};

/// In which list a mailbox must stand to be mended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum In {
    Add,
    Modify,
    Both,
}

/// One property that a fault treats another way.
struct Row(Fault, In, &'static str, fn(&Value) -> Mended);

/// Mends the body itself: what a server takes for an update that is none.
pub(in crate::reference) fn whole(switches: &Switches, body: Value) -> Value {
    match body {
        Value::Array(items) if switches.has(Fault::ArrayUnwrapped) => {
            items.into_iter().find(Value::is_object).unwrap_or_default()
        }
        Value::Array(_) if switches.has(Fault::ArrayAccepted) => json!({}),
        Value::Null if switches.has(Fault::NullBodyAccepted) => json!({}),
        body => body,
    }
}

/// Mends the lists and the objects in them.
pub(in crate::reference) fn update(switches: &Switches, body: &mut Map<String, Value>) {
    if switches.varies(Variant::PropertiesIgnoreCase) {
        respell(&BULK_UPDATE, body);
    }
    for (name, part) in [("add", In::Add), ("modify", In::Modify)] {
        let mended = body
            .get(name)
            .map_or(Kept, |list| list_of_objects(switches, list));
        settle(body, name, mended);
        if let Some(items) = body.get_mut(name).and_then(Value::as_array_mut) {
            objects(switches, part, items);
        }
    }
    let mended = body
        .get("remove")
        .map_or(Kept, |list| list_of_ids(switches, list));
    settle(body, "remove", mended);
    if let Some(items) = body.get_mut("remove").and_then(Value::as_array_mut) {
        ids(switches, items);
    }
}

fn list_of_objects(switches: &Switches, list: &Value) -> Mended {
    match list {
        Value::Object(_) if switches.has(Fault::ObjectForList) => Replaced(json!([list])),
        list => scalar_list(switches, list),
    }
}

fn list_of_ids(switches: &Switches, list: &Value) -> Mended {
    match list {
        Value::String(_) if switches.has(Fault::TextForList) => Replaced(json!([list])),
        list => scalar_list(switches, list),
    }
}

fn scalar_list(switches: &Switches, list: &Value) -> Mended {
    match list {
        Value::Bool(_) | Value::Number(_) | Value::String(_)
            if switches.has(Fault::ListIgnored) =>
        {
            Dropped
        }
        _ => Kept,
    }
}

fn objects(switches: &Switches, part: In, items: &mut Vec<Value>) {
    if switches.has(Fault::OddElementsSkipped) {
        items.retain(|item| item.is_object() || item.is_null());
    }
    if switches.has(Fault::NullObjectsSkipped) {
        items.retain(|item| !item.is_null());
    }
    for item in items.iter_mut().filter_map(Value::as_object_mut) {
        mailbox(switches, part, item);
    }
    if switches.has(Fault::NamelessModifySkipped) && part == In::Modify {
        items.retain(|item| item.get("configurationId").is_some());
    }
}

fn ids(switches: &Switches, items: &mut Vec<Value>) {
    if switches.has(Fault::OddElementsSkipped) {
        items.retain(|item| item.is_string() || item.is_null());
    }
    if switches.has(Fault::NullIdsSkipped) {
        items.retain(|item| !item.is_null());
    }
    for item in items {
        if switches.has(Fault::IdStringified)
            && let Replaced(text) = to_text(item)
        {
            *item = text;
        }
        if converts(switches) {
            convert(switches, Kind::Text, item);
        }
    }
}

fn mailbox(switches: &Switches, part: In, mailbox: &mut Map<String, Value>) {
    if switches.varies(Variant::PropertiesIgnoreCase) {
        respell(&MONITORED_MAILBOX, mailbox);
    }
    if let Some(Value::Object(id)) = mailbox.get_mut("configurationId") {
        if switches.varies(Variant::PropertiesIgnoreCase) {
            respell(&CONFIGURATION_ID, id);
        }
        for Row(fault, _, name, mend) in ID_ROWS {
            if switches.has(*fault) {
                let mended = id.get(*name).map_or(Kept, mend);
                settle(id, name, mended);
            }
        }
        vary(switches, &CONFIGURATION_ID, id);
    }
    for Row(fault, only, name, mend) in MAILBOX_ROWS {
        if switches.has(*fault) && (*only == part || *only == In::Both) {
            let mended = mailbox.get(*name).map_or(Kept, mend);
            settle(mailbox, name, mended);
        }
    }
    vary(switches, &MONITORED_MAILBOX, mailbox);
}

const MAILBOX_ROWS: &[Row] = &[
    Row(Fault::EmailStringified, In::Both, "emailAddress", to_text),
    Row(
        Fault::MonikerStringified,
        In::Both,
        "mailboxMoniker",
        to_text,
    ),
    Row(Fault::FolderIgnored, In::Both, "inboundFolder", |v| {
        drop_if(!v.is_string() && !v.is_null())
    }),
    Row(
        Fault::EncryptedIgnored,
        In::Both,
        "canReceiveEncryptedEmail",
        |v| drop_if(!v.is_boolean() && !v.is_null()),
    ),
    Row(
        Fault::EncryptedTruthy,
        In::Both,
        "canReceiveEncryptedEmail",
        |v| replace_if(v.is_array() || v.is_object(), json!(true)),
    ),
    Row(Fault::TypeIgnored, In::Both, "mailboxType", |v| {
        drop_if(!v.is_number() && !v.is_null())
    }),
    Row(
        Fault::ConfigurationIdIgnored,
        In::Add,
        "configurationId",
        |v| drop_if(!v.is_object() && !v.is_null()),
    ),
    Row(
        Fault::ConfigurationIdText,
        In::Both,
        "configurationId",
        |v| replace_if(v.is_string(), json!({ "id": v })),
    ),
    Row(Fault::NullEmailAccepted, In::Both, "emailAddress", |v| {
        replace_if(v.is_null(), json!(""))
    }),
    Row(Fault::NullEmailKept, In::Modify, "emailAddress", |v| {
        drop_if(v.is_null())
    }),
    Row(Fault::NullMonikerKept, In::Modify, "mailboxMoniker", |v| {
        drop_if(v.is_null())
    }),
    Row(Fault::NullTypeAccepted, In::Both, "mailboxType", |v| {
        drop_if(v.is_null())
    }),
    Row(
        Fault::NullConfigurationIdAccepted,
        In::Add,
        "configurationId",
        |v| drop_if(v.is_null()),
    ),
    Row(Fault::NullIdAccepted, In::Add, "configurationId", |v| {
        drop_if(v.get("id").is_some_and(Value::is_null))
    }),
    Row(Fault::IdlessAccepted, In::Add, "configurationId", |v| {
        drop_if(v.is_object() && v.get("id").is_none())
    }),
    Row(Fault::Type3Accepted, In::Both, "mailboxType", |v| {
        replace_if(*v == 3, json!(0))
    }),
    Row(Fault::NegativeTypeAccepted, In::Both, "mailboxType", |v| {
        replace_if(*v == -1, json!(0))
    }),
    Row(Fault::TypeTruncated, In::Both, "mailboxType", truncate),
    Row(Fault::TypeWraps, In::Both, "mailboxType", |v| {
        v.as_u64()
            .map_or(Kept, |number| Replaced(json!(number % 256)))
    }),
    Row(Fault::OddTypeIsDefault, In::Both, "mailboxType", |v| {
        drop_if(v.is_number() && ![0, 1, 2].iter().any(|known| v == known))
    }),
];

const ID_ROWS: &[Row] = &[
    Row(Fault::IdStringified, In::Both, "id", to_text),
    Row(Fault::UriUnchecked, In::Both, "uri", |v| {
        drop_if(!v.is_string() && !v.is_null())
    }),
    Row(Fault::NullUriAccepted, In::Both, "uri", |v| {
        drop_if(v.is_null())
    }),
    Row(Fault::DisplayNameUnchecked, In::Both, "displayName", |v| {
        drop_if(!v.is_string())
    }),
];

fn drop_if(condition: bool) -> Mended {
    if condition { Dropped } else { Kept }
}

fn replace_if(condition: bool, by: Value) -> Mended {
    if condition { Replaced(by) } else { Kept }
}

fn to_text(value: &Value) -> Mended {
    replace_if(
        !value.is_string() && !value.is_null(),
        json!(value.to_string()),
    )
}

/// A fraction is cut off where one of the known numbers is left.
fn truncate(value: &Value) -> Mended {
    let whole = value.as_f64().map(f64::trunc);
    match whole {
        Some(whole) if (0.0..=2.0).contains(&whole) => {
            let number = [0, 1, 2]
                .into_iter()
                .find(|known| f64::from(*known) >= whole);
            Replaced(json!(number))
        }
        _ => Kept,
    }
}

fn settle(object: &mut Map<String, Value>, name: &str, mended: Mended) {
    match mended {
        Kept => {}
        // The others keep their order, in which shape errors are found.
        Dropped => _ = object.shift_remove(name),
        Replaced(value) => _ = object.insert(name.to_owned(), value),
    }
}

/// Gives properties that differ in case only their documented names.
fn respell(representation: &Representation, object: &mut Map<String, Value>) {
    for (name, value) in std::mem::take(object) {
        let mut known = representation.properties.iter();
        let known = known.find(|property| property.name.eq_ignore_ascii_case(&name));
        object.insert(
            known.map_or(name, |property| property.name.to_owned()),
            value,
        );
    }
}

/// The conversions that a server may make.
fn vary(switches: &Switches, representation: &Representation, object: &mut Map<String, Value>) {
    for property in representation.properties {
        let Some(value) = object.get_mut(property.name) else {
            continue;
        };
        if converts(switches) {
            convert(switches, property.kind, value);
        }
        if property.name != "mailboxType" {
            continue;
        }
        if switches.varies(Variant::TypeNames)
            && let Some(named) = MAILBOX_TYPES.iter().find(|known| *value == known.name)
        {
            *value = json!(named.number);
        }
        if switches.varies(Variant::WholeFractions)
            && let Some(whole) = MAILBOX_TYPES
                .iter()
                .find(|known| *value == f64::from(known.number))
        {
            *value = json!(whole.number);
        }
    }
}

fn converts(switches: &Switches) -> bool {
    switches.varies(Variant::ScalarsConverted) || switches.varies(Variant::OddConversions)
}

fn convert(switches: &Switches, kind: Kind, value: &mut Value) {
    let odd = switches.varies(Variant::OddConversions);
    let converted = match (kind, &*value) {
        (Kind::Text | Kind::Uri, Value::Bool(is)) if odd => json!(if *is { "1" } else { "" }),
        (Kind::Text | Kind::Uri, Value::Number(_) | Value::Bool(_)) => json!(value.to_string()),
        (Kind::Enum(_), Value::String(text)) => match text.parse::<u16>() {
            Ok(number) => json!(number),
            Err(_) => return,
        },
        (Kind::Boolean, Value::String(text)) => match text.parse::<bool>() {
            Ok(boolean) => json!(boolean),
            Err(_) => return,
        },
        _ => return,
    };
    *value = converted;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(switches: &Switches, body: Value) -> Value {
        let Value::Object(mut object) = body else {
            return whole(switches, body);
        };
        update(switches, &mut object);
        Value::Object(object)
    }

    #[test]
    fn a_strict_server_mends_nothing() {
        let body = json!({"add": [null, {"emailAddress": 5, "mailboxType": 1.5}], "remove": "a"});
        assert_eq!(mended(&Switches::default(), body.clone()), body);
        assert_eq!(mended(&Switches::default(), json!([])), json!([]));
    }

    #[test]
    fn each_fault_mends_its_own_property() {
        for (fault, before, after) in [
            (
                Fault::EmailStringified,
                json!({"emailAddress": [1]}),
                json!({"emailAddress": "[1]"}),
            ),
            (
                Fault::TypeTruncated,
                json!({"mailboxType": 1.5}),
                json!({"mailboxType": 1}),
            ),
            (
                Fault::TypeWraps,
                json!({"mailboxType": 2_147_483_648_u64}),
                json!({"mailboxType": 0}),
            ),
            (
                Fault::OddTypeIsDefault,
                json!({"mailboxType": 3}),
                json!({}),
            ),
            (
                Fault::NullEmailKept,
                json!({"emailAddress": null}),
                json!({}),
            ),
        ] {
            let switches = Switches::new([fault].into(), [].into());
            let body = json!({ "modify": [before] });
            assert_eq!(
                mended(&switches, body),
                json!({ "modify": [after] }),
                "{fault:?}"
            );
        }
    }

    #[test]
    fn scalars_convert_where_the_server_converts_them() {
        let switches = Switches::new([].into(), [Variant::ScalarsConverted].into());
        let body = json!({"add": [{"emailAddress": 5, "mailboxType": "1", "canReceiveEncryptedEmail": "true"}]});
        let expected = json!({"add": [{"emailAddress": "5", "mailboxType": 1, "canReceiveEncryptedEmail": true}]});
        assert_eq!(mended(&switches, body), expected);
    }
}
