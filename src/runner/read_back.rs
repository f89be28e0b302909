//! A workgroup's monitored mailboxes, read from the body of a read-back.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::judge::AnswerBody;
use crate::judge::shape::integer;
use crate::oracle::Stored;

/// The longest id that is sent back: each is part of many requests.
const ID_BYTES_MAX: usize = 1024;

/// Reads a read-back; `Err` says what is wrong with it. Null, an empty list
/// and nothing at all are one: no mailboxes.
pub fn stored(body: &AnswerBody) -> Result<Vec<Stored>, String> {
    let members = body
        .object()
        .ok_or_else(|| format!("expected a JSON object, got {}", body.describe()))?;
    match members.get("monitoredMailboxes") {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(items)) => {
            let stored = mailboxes(items)?;
            let longest = stored.iter().map(|object| object.id.len()).max();
            match longest.filter(|length| *length > ID_BYTES_MAX) {
                Some(length) => Err(format!(
                    "expected ids of at most {ID_BYTES_MAX} bytes, got one of {length}"
                )),
                None => Ok(stored),
            }
        }
        Some(_) => Err("expected `monitoredMailboxes` to be a list".to_owned()),
    }
}

/// Reads the list in it.
pub fn mailboxes(items: &[Value]) -> Result<Vec<Stored>, String> {
    items.iter().map(one).collect()
}

fn one(item: &Value) -> Result<Stored, String> {
    let id = item
        .get("configurationId")
        .and_then(|id| id.get("id"))
        .and_then(Value::as_str)
        .ok_or("expected every monitored mailbox to have a `configurationId` with an `id`")?;
    let values: BTreeMap<&'static str, Value> = Stored::properties()
        .filter_map(|name| {
            let value = item.get(name).filter(|value| !value.is_null())?;
            // A number is the same however it is written.
            let whole = integer(value).filter(|_| value.is_number());
            Some((name, whole.map_or_else(|| value.clone(), Value::from)))
        })
        .collect();
    Ok(Stored {
        id: id.to_owned(),
        values,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: Value) -> Result<Vec<Stored>, String> {
        stored(&AnswerBody {
            json: Some(value),
            not_json: None,
            byte_order_mark: false,
        })
    }

    #[test]
    fn nothing_null_and_an_empty_list_are_one() {
        for value in [
            json!({}),
            json!({"monitoredMailboxes": null}),
            json!({"monitoredMailboxes": []}),
        ] {
            assert_eq!(read(value), Ok(Vec::new()));
        }
    }

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        let with = |number: Value| {
            read(
                json!({"monitoredMailboxes": [{"configurationId": {"id": "1"}, "mailboxType": number}]}),
            )
        };
        assert_eq!(with(json!(1)), with(json!(1.0)));
        assert_ne!(with(json!(1)), with(json!(2.0)));
        assert_ne!(with(json!(1)), with(json!("1")));
    }

    #[test]
    fn null_and_nothing_are_one() {
        let with = json!({"monitoredMailboxes": [{"configurationId": {"id": "1"}, "inboundFolder": null}]});
        let without = json!({"monitoredMailboxes": [{"configurationId": {"id": "1"}}]});
        assert_eq!(read(with), read(without));
        assert!(read(json!({"monitoredMailboxes": [{}]})).is_err());
        assert!(read(json!([])).is_err());
    }
}
