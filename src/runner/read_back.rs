//! A workgroup's monitored mailboxes, read from the body of a read-back.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::judge::AnswerBody;
use crate::judge::shape::integer;
use crate::oracle::Stored;

/// The most commas and opening brackets that a read-back may have: those of some
/// thirty thousand mailboxes. What is read of it takes a hundred times as much
/// memory as these.
const MARKS_MAX: usize = 400_000;

/// What a read-back shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadBack {
    /// The mailboxes.
    pub stored: Vec<Stored>,
    /// Whether it has the list of mailboxes, be that empty.
    pub is_listed: bool,
}
/// The longest id that is sent back: each is part of many requests.
const ID_BYTES_MAX: usize = 1024;

/// Reads a read-back; `Err` says what is wrong with it. Null, an empty list
/// and nothing at all are one: no mailboxes.
pub fn read(body: &AnswerBody) -> Result<ReadBack, String> {
    let members = body
        .object()
        .ok_or_else(|| format!("expected a JSON object, got {}", body.describe()))?;
    match members.get("monitoredMailboxes") {
        None | Some(Value::Null) => Ok(ReadBack::default()),
        Some(Value::Array(items)) => {
            let stored = mailboxes(items)?;
            let longest = stored.iter().map(|object| object.id.len()).max();
            match longest.filter(|length| *length > ID_BYTES_MAX) {
                Some(length) => Err(format!(
                    "expected ids of at most {ID_BYTES_MAX} bytes, got one of {length}"
                )),
                None => Ok(ReadBack {
                    stored,
                    is_listed: true,
                }),
            }
        }
        Some(_) => Err("expected `monitoredMailboxes` to be a list".to_owned()),
    }
}

/// Why the body of a read-back is not read at all, if it is not: its bytes are
/// bounded already, but what they say may take many times as much.
pub fn too_much(body: &[u8]) -> Option<&'static str> {
    let marks = body
        .iter()
        .filter(|byte| matches!(byte, b',' | b'[' | b'{'));
    let is_too_much = marks.count() > MARKS_MAX;
    is_too_much.then_some("it has more values than those of thirty thousand mailboxes")
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
        let body = AnswerBody {
            json: Some(value),
            not_json: None,
            byte_order_mark: false,
        };
        super::read(&body).map(|read| read.stored)
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

    #[test]
    fn a_body_without_the_list_is_told_from_an_empty_one() {
        let is_listed = |json: Value| {
            let body = AnswerBody {
                json: Some(json),
                not_json: None,
                byte_order_mark: false,
            };
            super::read(&body).map(|read| read.is_listed)
        };
        assert_eq!(is_listed(json!({"monitoredMailboxes": []})), Ok(true));
        assert_eq!(is_listed(json!({"monitoredMailboxes": null})), Ok(false));
        assert_eq!(is_listed(json!({})), Ok(false));
    }

    #[test]
    fn more_values_than_thirty_thousand_mailboxes_have_are_too_much() {
        let mailbox = json!({
            "configurationId": { "id": "m00aa-1", "displayName": null, "uri": "/icws/1" },
            "emailAddress": "m00aa-1@acme.test",
            "mailboxMoniker": "EX:support@acme.test",
            "mailboxType": 1,
            "inboundFolder": null,
            "canReceiveEncryptedEmail": false,
        });
        let list = |count| serde_json::to_vec(&vec![&mailbox; count]).expect("JSON");
        assert_eq!(too_much(&list(30_000)), None);
        assert!(too_much(&list(60_000)).is_some());
    }
}
