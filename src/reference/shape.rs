//! Whether a JSON object has the shape of its representation: types, nulls,
//! enum numbers and what is always required.

use std::fmt::{self, Write};

use serde_json::{Map, Value};

use crate::contract::enums::{REQUIRED_VALUE, value_of};
use crate::contract::representation::{Kind, Property, Representation, ValidationError};

/// `validationErrorType`: the value is none of those allowed.
pub(super) const VALID_VALUES: u16 = 9;

/// What is wrong with the shape of a body.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// Of what breaks the representation, the first (400m).
    pub(super) malformed: Option<String>,
    /// The path of that property.
    pub(super) malformed_at: String,
    /// What a validator objects to (400c).
    pub(super) invalid: Vec<ValidationError>,
}

/// Checks a body against its representation.
pub(super) fn check(
    representation: &'static Representation,
    body: &Map<String, Value>,
) -> Findings {
    let mut walk = Walk::default();
    walk.object(representation, body);
    walk.findings
}

/// Where in the body the walk is.
#[derive(Clone, Copy, Debug)]
enum Step {
    Property(&'static str),
    Index(usize),
}

#[derive(Debug, Default)]
struct Walk {
    path: Vec<Step>,
    findings: Findings,
}

impl Walk {
    fn object(&mut self, representation: &'static Representation, object: &Map<String, Value>) {
        for property in representation.properties {
            self.path.push(Step::Property(property.name));
            match object.get(property.name) {
                None if property.required => self.invalid(REQUIRED_VALUE, String::new()),
                None => {}
                Some(value) => self.property(property, value),
            }
            self.path.pop();
        }
    }

    fn property(&mut self, property: &'static Property, value: &Value) {
        if value.is_null() {
            if !property.nullable {
                self.malformed("must not be null");
            }
            return;
        }
        match (property.kind, value) {
            (Kind::Boolean, Value::Bool(_)) | (Kind::Text | Kind::Uri, Value::String(_)) => {}
            (Kind::Enum(table), Value::Number(number)) => {
                if number
                    .as_u64()
                    .and_then(|number| value_of(table, number))
                    .is_none()
                {
                    self.invalid(VALID_VALUES, number.to_string());
                }
            }
            (Kind::Object(representation), Value::Object(object)) => {
                self.object(representation, object);
            }
            (Kind::TextList, Value::Array(items)) => {
                self.items(items, "a string", |_, item| item.is_string());
            }
            (Kind::List(representation), Value::Array(items)) => {
                self.items(items, "an object", |walk, item| {
                    item.as_object()
                        .map(|object| walk.object(representation, object))
                        .is_some()
                });
            }
            (kind, _) => self.malformed(expected(kind)),
        }
    }

    fn items(
        &mut self,
        items: &[Value],
        expected: &str,
        mut fits: impl FnMut(&mut Self, &Value) -> bool,
    ) {
        for (index, item) in items.iter().enumerate() {
            self.path.push(Step::Index(index));
            if !fits(self, item) {
                self.malformed(&format!("must be {expected}"));
            }
            self.path.pop();
        }
    }

    fn malformed(&mut self, what: &str) {
        if self.findings.malformed.is_none() {
            self.findings.malformed_at = Path(&self.path).to_string();
            self.findings.malformed = Some(format!("`{}` {what}", self.findings.malformed_at));
        }
    }

    fn invalid(&mut self, validation_error_type: u16, property_value: String) {
        self.findings.invalid.push(ValidationError {
            validation_error_type,
            property_name: Path(&self.path).to_string(),
            property_value,
        });
    }
}

const fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::Boolean => "must be a boolean",
        Kind::Text | Kind::Uri => "must be a string",
        Kind::Enum(_) => "must be a number",
        Kind::TextList | Kind::List(_) => "must be a list",
        Kind::Object(_) => "must be an object",
    }
}

/// Writes a path such as `add[0].inboundFolder`.
struct Path<'a>(&'a [Step]);

impl fmt::Display for Path<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, step) in self.0.iter().enumerate() {
            match step {
                Step::Property(name) => {
                    if place > 0 {
                        out.write_char('.')?;
                    }
                    out.write_str(name)?;
                }
                Step::Index(index) => write!(out, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::representation::BULK_UPDATE;
    use serde_json::json;

    fn check_json(body: &Value) -> Findings {
        check(&BULK_UPDATE, body.as_object().expect("an object"))
    }

    #[test]
    fn the_first_breach_of_shape_is_named_by_its_path() {
        let found = check_json(&json!({"add": [{}, {"emailAddress": 5}], "remove": [null]}));
        let message = found.malformed.expect("malformed");
        assert_eq!(message, "`add[1].emailAddress` must be a string");
    }

    #[test]
    fn a_number_outside_the_table_is_for_the_validator() {
        for number in [
            json!(3),
            json!(-1),
            json!(1.5),
            json!(2_147_483_648_u64),
            json!(1e300),
        ] {
            let found = check_json(&json!({"modify": [{"mailboxType": number}]}));
            assert!(found.malformed.is_none());
            assert_eq!(found.invalid[0].validation_error_type, VALID_VALUES);
            assert_eq!(found.invalid[0].property_name, "modify[0].mailboxType");
        }
    }

    #[test]
    fn nulls_are_refused_only_where_the_table_says() {
        let legal = json!({"add": null, "modify": [{"inboundFolder": null}], "remove": null});
        assert!(check_json(&legal).malformed.is_none());
        for illegal in [
            json!({"add": [null]}),
            json!({"add": [{"emailAddress": null}]}),
            json!({"add": [{"configurationId": null}]}),
            json!({"add": [{"configurationId": {"id": null}}]}),
            json!({"remove": [null]}),
        ] {
            assert!(check_json(&illegal).malformed.is_some(), "{illegal}");
        }
    }
}
