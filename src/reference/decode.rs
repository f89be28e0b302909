//! From the body of an update to what it asks for, or to the 400 it deserves.
//!
//! What breaks JSON or the representation is malformed (400m); what a
//! validator objects to, a missing value or a number outside its table, is
//! invalid (400c). Where both are found, the first speaks alone.

use serde_json::{Map, Value};

use crate::contract::enums::REQUIRED_VALUE;
use crate::contract::representation::{
    BULK_UPDATE, BulkUpdate, Field, MonitoredMailbox, ValidationError,
};

use super::answers::{Answer, Failure};
use super::switches::Switches;
use super::{Fault, Variant, leniency, shape, strictness, text, whims};

/// `validationErrorType`: the value is not in a valid format.
const VALID_FORMAT: u16 = 13;

/// Reads a body.
pub(super) fn decode(switches: &Switches, body: &[u8]) -> Result<BulkUpdate, Answer> {
    let mut value = text::parse(switches, body)?;
    if !switches.is_plain() {
        value = leniency::values::whole(switches, leniency::tree::whole(switches, value));
    }
    let mut object = match value {
        Value::Object(object) => object,
        Value::Array(_) => return Err(text::malformed(switches, "the body is no JSON object")),
        _ if switches.has(Fault::Scalar500) => return Err(Answer::failure(Failure::Internal)),
        _ => return Err(text::malformed(switches, "the body is no JSON object")),
    };
    if !switches.is_plain() {
        leniency::tree::update(switches, &mut object);
        leniency::values::update(switches, &mut object);
        strictness::of_json(switches, &object)?;
        whims::of_json(switches, &object)?;
    }
    let update = read(switches, object)?;
    strictness::of_update(switches, &update)?;
    whims::of_update(switches, &update)?;
    Ok(update)
}

fn read(switches: &Switches, object: Map<String, Value>) -> Result<BulkUpdate, Answer> {
    let mut found = shape::check(&BULK_UPDATE, &object);
    if switches.varies(Variant::ShapeErrorsInvalid) && found.malformed.is_some() {
        return Err(Answer::invalid(&[ValidationError {
            validation_error_type: VALID_FORMAT,
            property_name: found.malformed_at,
            property_value: String::new(),
        }]));
    }
    if switches.varies(Variant::ShapeErrorsMalformed) && !found.invalid.is_empty() {
        return Err(Answer::malformed("a value is missing or out of range"));
    }
    if let Some(why) = found.malformed {
        return Err(if switches.has(Fault::WrongType500) {
            Answer::failure(Failure::Internal)
        } else {
            Answer::malformed(&why)
        });
    }
    if !found.invalid.is_empty() {
        return Err(Answer::invalid(&found.invalid));
    }
    let update = serde_json::from_value::<BulkUpdate>(Value::Object(object))
        .map_err(|error| Answer::malformed(&format!("the body is no update: {error}")))?;
    found.invalid = missing(switches, &update);
    if found.invalid.is_empty() {
        Ok(update)
    } else if switches.varies(Variant::ShapeErrorsMalformed) {
        Err(Answer::malformed("a value is missing"))
    } else {
        Err(Answer::invalid(&found.invalid))
    }
}

/// What is required of the objects of one list only (REP-7, REP-9).
fn missing(switches: &Switches, update: &BulkUpdate) -> Vec<ValidationError> {
    let has = |fault| switches.has(fault);
    let mut found = Vec::new();
    let mut require = |list: &str, index: usize, name: &str, given: bool| {
        if !given {
            found.push(ValidationError {
                validation_error_type: REQUIRED_VALUE,
                property_name: format!("{list}[{index}].{name}"),
                property_value: String::new(),
            });
        }
    };
    for (index, added) in listed(&update.add).iter().enumerate() {
        if index > 0 && has(Fault::FirstAddedOnly)
            || has(Fault::UnneededBesideRemove) && !removed(update).is_empty()
        {
            break;
        }
        let email = !added.email_address.is_absent() || has(Fault::MissingEmailAccepted);
        require("add", index, "emailAddress", email);
        let moniker = !added.mailbox_moniker.is_absent()
            || has(Fault::MissingMonikerAccepted)
            || has(Fault::OutboundNeedsNoMoniker) && added.mailbox_type == Field::Value(1);
        require("add", index, "mailboxMoniker", moniker);
        let typed =
            !added.mailbox_type.is_absent() || !switches.varies(Variant::MissingTypeRefused);
        require("add", index, "mailboxType", typed);
    }
    let all = switches.varies(Variant::ModifyNeedsAll);
    for (index, modified) in listed(&update.modify).iter().enumerate() {
        let named = modified.id().is_some()
            || has(Fault::ModifyByEmail) && !modified.email_address.is_absent();
        require("modify", index, "configurationId", named);
        require(
            "modify",
            index,
            "emailAddress",
            !all || !modified.email_address.is_absent(),
        );
        require(
            "modify",
            index,
            "mailboxMoniker",
            !all || !modified.mailbox_moniker.is_absent(),
        );
    }
    found
}

/// The ids in remove; none where it is absent or null.
pub(super) fn removed(update: &BulkUpdate) -> &[String] {
    update.remove.value().map_or(&[], Vec::as_slice)
}

/// The objects of a list; none where it is absent or null.
pub(super) fn listed(list: &Field<Vec<MonitoredMailbox>>) -> &[MonitoredMailbox] {
    list.value().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::errors;

    fn error_id(body: &str) -> Option<String> {
        let mut answer = decode(&Switches::default(), body.as_bytes()).err()?;
        let body = answer.json_mut().expect("errors are JSON");
        Some(
            body["errorId"]
                .as_str()
                .expect("a 400 is identified")
                .to_owned(),
        )
    }

    #[test]
    fn a_body_that_conforms_is_read() {
        for body in [
            "{}",
            r#"{"add":null,"modify":[],"remove":["a"],"foreign":{"x":1}}"#,
        ] {
            assert_eq!(error_id(body), None, "{body}");
        }
    }

    #[test]
    fn each_breach_has_its_kind_of_400() {
        for (body, expected) in [
            ("[]", errors::MALFORMED),
            ("null", errors::MALFORMED),
            (r#"{"add":{}}"#, errors::MALFORMED),
            (
                r#"{"add":[{"emailAddress":null,"mailboxType":3}]}"#,
                errors::MALFORMED,
            ),
            (
                r#"{"add":[{"emailAddress":"a"}]}"#,
                errors::CONFIGURATION_UPDATE,
            ),
            (
                r#"{"modify":[{"emailAddress":"a"}]}"#,
                errors::CONFIGURATION_UPDATE,
            ),
            (
                r#"{"modify":[{"configurationId":{}}]}"#,
                errors::CONFIGURATION_UPDATE,
            ),
        ] {
            assert_eq!(error_id(body).as_deref(), Some(expected), "{body}");
        }
    }
}
