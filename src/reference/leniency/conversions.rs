//! The conversions between scalars that a server may make (REP-4, REP-10).

use serde_json::{Map, Value, json};

use crate::contract::enums::MAILBOX_TYPES;
use crate::contract::representation::{Kind, Representation};
use crate::reference::Variant;
use crate::reference::switches::Switches;

/// The conversions that a server may make.
pub(super) fn vary(
    switches: &Switches,
    representation: &Representation,
    object: &mut Map<String, Value>,
) {
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

/// Whether scalars are converted.
pub(super) fn converts(switches: &Switches) -> bool {
    switches.varies(Variant::ScalarsConverted) || switches.varies(Variant::OddConversions)
}

/// Converts one value to what its property is.
pub(super) fn convert(switches: &Switches, kind: Kind, value: &mut Value) {
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
