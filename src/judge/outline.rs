//! The outline of an answer: status, the headers that the contract speaks of,
//! and the body with every varying value replaced by its kind. Two releases of
//! a target that answer alike have the same outlines, whatever was sent.

use serde_json::{Map, Value, json};

use super::AnswerBody;
use crate::client::exchange::Answer;
use crate::contract::wire;

/// The properties whose values are names of the contract, kept as they are.
const KEPT: &[&str] = &[
    "__type",
    "errorId",
    "validationErrorType",
    "licenseErrorType",
];

/// The outline of one answer.
pub fn outline(answer: &Answer, body: &AnswerBody) -> Value {
    let mut headers = Map::new();
    if let Some(label) = answer.header("Content-Type") {
        headers.insert(
            "Content-Type".to_owned(),
            String::from_utf8_lossy(label).into(),
        );
    }
    if answer.header(wire::WWW_AUTHENTICATE_HEADER).is_some() {
        headers.insert(
            wire::WWW_AUTHENTICATE_HEADER.to_owned(),
            "a challenge".into(),
        );
    }
    let body = match &body.json {
        Some(value) => kind(value),
        None => body.describe().into(),
    };
    json!({ "status": answer.status, "headers": headers, "body": body })
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
            let mut kinds: Vec<Value> = items.iter().map(kind).collect();
            kinds.sort_by_key(Value::to_string);
            kinds.dedup();
            Value::Array(kinds)
        }
        Value::Object(members) => {
            let mut kinds: Vec<(String, Value)> = members
                .iter()
                .map(|(name, value)| {
                    let kept =
                        KEPT.contains(&name.as_str()) && !value.is_object() && !value.is_array();
                    (name.clone(), if kept { value.clone() } else { kind(value) })
                })
                .collect();
            kinds.sort_by(|one, other| one.0.cmp(&other.0));
            Value::Object(kinds.into_iter().collect())
        }
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
}
