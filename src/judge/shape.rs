//! Is an object of an answer whole? The property table of the contract,
//! applied to JSON.

use serde_json::Value;

use crate::contract::enums::value_of;
use crate::contract::representation::{Kind, Property, Representation};
use crate::oracle::body::is_uri_like;

/// After so many problems of one object no further element is looked at.
const PROBLEMS_MAX: usize = 20;

/// What is wrong with `value` as that representation: one sentence each. What
/// is not in the table may be there and may be anything.
pub fn problems(value: &Value, representation: &Representation) -> Vec<String> {
    let Value::Object(members) = value else {
        return vec![format!(
            "{} is {}, not an object",
            representation.name,
            type_name(value)
        )];
    };
    let mut problems = Vec::new();
    for property in representation.properties {
        match members.get(property.name) {
            None if property.required => {
                problems.push(format!("{} has no {}", representation.name, property.name));
            }
            None => {}
            Some(Value::Null) if property.nullable => {}
            Some(value) => property_problems(value, property, &mut problems),
        }
    }
    problems
}

fn property_problems(value: &Value, property: &Property, problems: &mut Vec<String>) {
    let name = property.name;
    let expected = match property.kind {
        Kind::Boolean if value.is_boolean() => return,
        Kind::Boolean => "a boolean",
        Kind::Text if value.is_string() => return,
        Kind::Text => "a string",
        Kind::Uri => match value.as_str() {
            Some(text) if is_uri_like(text) => return,
            Some(_) => "a URI reference",
            None => "a string",
        },
        Kind::Enum(table) => match integer(value) {
            Some(number) if value_of(table, number).is_some() => return,
            Some(number) => {
                problems.push(format!("{name} is {number}, which is not documented"));
                return;
            }
            None => "a documented number",
        },
        Kind::TextList
            if value
                .as_array()
                .is_some_and(|items| items.iter().all(Value::is_string)) =>
        {
            return;
        }
        Kind::TextList => "a list of strings",
        Kind::List(representation) => match value {
            Value::Array(items) => {
                for item in items {
                    problems.extend(self::problems(item, representation));
                    if problems.len() >= PROBLEMS_MAX {
                        break;
                    }
                }
                return;
            }
            _ => "a list",
        },
        Kind::Object(representation) => {
            problems.extend(self::problems(value, representation));
            return;
        }
    };
    problems.push(format!("{name} is {}, not {expected}", type_name(value)));
}

/// A whole number, however it is written (`1`, `1.0`).
pub fn integer(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| {
        let number = value.as_f64()?;
        let whole = number.fract() == 0.0 && (0.0..1e15).contains(&number);
        // The range was just checked, so the conversion is exact.
        whole.then_some(number as u64)
    })
}

/// The JSON type in words, with the value where it is short.
pub fn type_name(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) if text.len() <= 60 => format!("the string {value}"),
        Value::String(_) => "a string".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::representation::{UPDATE_OPERATION_RESULT, VALIDATION_ERROR};
    use serde_json::json;

    #[test]
    fn a_whole_object_has_no_problems() {
        let whole = json!({"validationErrorType": 32.0, "propertyName": "", "propertyValue": "", "more": 1});
        assert!(problems(&whole, &VALIDATION_ERROR).is_empty());
    }

    #[test]
    fn each_problem_is_named() {
        let found = problems(
            &json!({"validationErrorType": 8, "propertyName": null}),
            &VALIDATION_ERROR,
        );
        assert_eq!(
            found,
            [
                "validationErrorType is 8, which is not documented",
                "propertyName is null, not a string",
                "validationError has no propertyValue",
            ]
        );
        let entry = json!({"id": "1", "uri": "a b", "licenseProblems": [{"licenseErrorType": 1}]});
        assert_eq!(
            problems(&entry, &UPDATE_OPERATION_RESULT),
            [
                "uri is the string \"a b\", not a URI reference",
                "licenseError has no license"
            ]
        );
    }
}
