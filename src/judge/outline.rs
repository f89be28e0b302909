//! The outline of an answer: status, the headers that the contract speaks of,
//! and the body with every varying value replaced by its kind. Two releases of
//! a target that answer alike have the same outlines, whatever was sent.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::AnswerBody;
use crate::client::exchange::Answer;
use crate::client::secret::digest;
use crate::contract::wire;

/// The properties whose values are names of the contract, kept as they are.
const KEPT: &[&str] = &[
    "__type",
    "errorId",
    "validationErrorType",
    "licenseErrorType",
];

/// A longer name, or a longer value that is a name, is told by its length and a
/// digest alone: cut, it could end amid a secret.
const NAME_BYTES_MAX: usize = 200;

/// The most members of an object, and the most kinds of elements, that are told.
const MEMBERS_MAX: usize = 64;
const KINDS_MAX: usize = 32;

/// The longest outline; what is longer is told by its length and a digest.
const BYTES_MAX: usize = 8 * 1024;

/// The outline of one answer, of bounded size.
pub fn outline(answer: &Answer, body: &AnswerBody) -> Value {
    let mut headers = Map::new();
    if let Some(label) = answer.header("Content-Type") {
        headers.insert(
            "Content-Type".to_owned(),
            name(&String::from_utf8_lossy(label)).into(),
        );
    }
    if answer.header(wire::WWW_AUTHENTICATE_HEADER).is_some() {
        headers.insert(
            wire::WWW_AUTHENTICATE_HEADER.to_owned(),
            "a challenge".into(),
        );
    }
    let mut body = match &body.json {
        Some(value) => kind(value),
        None => body.describe().into(),
    };
    let text = body.to_string();
    if text.len() > BYTES_MAX {
        body = told("an outline", &text).into();
    }
    json!({ "status": answer.status, "headers": headers, "body": body })
}

/// A name as it is, where it is not too long for one.
fn name(text: &str) -> String {
    match text.len() {
        0..=NAME_BYTES_MAX => text.to_owned(),
        _ => told("a text", text),
    }
}

fn told(what: &str, text: &str) -> String {
    format!("{what} of {} bytes, digest {}", text.len(), digest(text))
}

/// A value with what varies replaced by its kind. The elements of a list are
/// told once for each kind.
fn kind(value: &Value) -> Value {
    match value {
        Value::Null => "null".into(),
        Value::Bool(_) => "a boolean".into(),
        Value::Number(_) => "a number".into(),
        Value::String(_) => "a string".into(),
        Value::Array(items) => {
            let mut kinds: BTreeMap<String, Value> = BTreeMap::new();
            for item in items {
                let kind = kind(item);
                kinds.insert(kind.to_string(), kind);
                if kinds.len() > KINDS_MAX {
                    kinds.pop_last();
                    kinds.insert("\u{10ffff}".to_owned(), "and other kinds".into());
                    break;
                }
            }
            Value::Array(kinds.into_values().collect())
        }
        Value::Object(members) => {
            let mut kinds: Vec<(String, Value)> = members
                .iter()
                .take(MEMBERS_MAX)
                .map(|(key, value)| (name(key), kind_of_member(key, value)))
                .collect();
            kinds.sort_by(|one, other| one.0.cmp(&other.0));
            let left = members.len().saturating_sub(MEMBERS_MAX);
            if left > 0 {
                kinds.push(("…".to_owned(), format!("and {left} more members").into()));
            }
            Value::Object(kinds.into_iter().collect())
        }
    }
}

fn kind_of_member(key: &str, value: &Value) -> Value {
    match value {
        Value::String(text) if KEPT.contains(&key) => name(text).into(),
        Value::Null | Value::Bool(_) | Value::Number(_) if KEPT.contains(&key) => value.clone(),
        _ => kind(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_varies_is_told_by_its_kind() {
        let value =
            json!({"message": "m", "errorId": "error.x", "list": [{"id": "1"}, {"id": "2"}, null]});
        assert_eq!(
            kind(&value),
            json!({"errorId": "error.x", "list": ["null", {"id": "a string"}], "message": "a string"})
        );
    }

    #[test]
    fn an_outline_is_short_whatever_the_answer() {
        let long = "x".repeat(900_000);
        let many: Map<String, Value> = (0..5_000)
            .map(|number| {
                (
                    format!("m{number}"),
                    json!({ format!("n{number}"): number }),
                )
            })
            .collect();
        let kinds: Vec<Value> = (0..5_000)
            .map(|number| json!({ format!("n{number}"): 1 }))
            .collect();
        for value in [
            json!({ "errorId": long }),
            json!({ (long.as_str()): 1 }),
            json!({ "many": many, "kinds": kinds }),
            json!(vec![json!({}); 300_000]),
        ] {
            let answer = Answer {
                status: 200,
                headers: vec![("content-type".to_owned(), long.clone().into_bytes())],
                body: value.to_string().into(),
            };
            let outline = outline(&answer, &AnswerBody::read(&answer)).to_string();
            assert!(outline.len() < 2 * BYTES_MAX, "{} bytes", outline.len());
            assert!(
                outline.contains("of 900000 bytes, digest "),
                "{outline:.200}"
            );
        }
        let told = |text: &str| kind(&json!({ "errorId": text.repeat(300) }));
        assert_ne!(told("a"), told("b"));
    }
}
