//! Faults in the form of one kind of answer only: one status, one kind of
//! error, one place in a list.

use axum::http::StatusCode;
use bytes::Bytes;
use serde_json::Value;

use crate::contract::errors;

mod properties;
mod rewrites;

use super::Fault;
use super::answers::{Answer, Content};
use super::switches::Switches;

/// Which answers a mask is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum On {
    Success,
    Malformed,
    Invalid,
    Status(u16),
    Error,
}

/// Gives an answer the masks that the faults order.
pub(super) fn mask(switches: &Switches, answer: &mut Answer) {
    if switches.is_plain() {
        return;
    }
    let kind = kind(answer);
    let status = answer.status.as_u16();
    let is_for = |on: On| match on {
        On::Status(one) => one == status,
        On::Error => status >= 400,
        on => Some(on) == kind,
    };
    for (fault, on, rewrite) in rewrites::ROWS {
        if switches.has(*fault)
            && is_for(*on)
            && let Some(body) = answer.json_mut()
        {
            rewrite(body);
        }
    }
    for (fault, on, name, value) in properties::ROWS {
        if switches.has(*fault)
            && is_for(*on)
            && let Some(object) = answer.json_mut().and_then(Value::as_object_mut)
        {
            object.shift_remove(*name);
            if let Some(value) = value() {
                object.insert((*name).to_owned(), value);
            }
        }
    }
    for (fault, on, label, text) in properties::TEXTS {
        if switches.has(*fault) && is_for(*on) {
            let text = match (text, answer.json_mut()) {
                (None, Some(body)) => body.to_string(),
                (text, _) => text.unwrap_or_default().to_owned(),
            };
            answer.body = if text.is_empty() {
                Content::Empty
            } else {
                Content::Raw(Some(label), Bytes::from(text))
            };
        }
    }
    status_of(switches, kind, answer);
}

fn kind(answer: &mut Answer) -> Option<On> {
    let status = answer.status;
    let body = answer.json_mut()?;
    if status == StatusCode::OK {
        Some(On::Success)
    } else if body.get("validationErrors").is_some() {
        Some(On::Invalid)
    } else {
        (body["errorId"] == errors::MALFORMED).then_some(On::Malformed)
    }
}

fn status_of(switches: &Switches, kind: Option<On>, answer: &mut Answer) {
    let missing = answer.json_mut().is_some_and(|body| {
        let found = body["validationErrors"].as_array();
        found.is_some_and(|all| all.iter().any(|found| found["validationErrorType"] == 4))
    });
    if switches.has(Fault::Missing422) && missing {
        answer.status = StatusCode::UNPROCESSABLE_ENTITY;
    }
    let adds = kind == Some(On::Success) && {
        let body = answer.json_mut();
        body.is_some_and(|body| {
            body["subObjects"]
                .as_array()
                .is_some_and(|all| !all.is_empty())
        })
    };
    if switches.has(Fault::Adding201) && adds {
        answer.status = StatusCode::CREATED;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::wire;

    #[test]
    fn a_mask_is_worn_by_its_own_answers_only() {
        let switches = Switches::new([Fault::InvalidErrorIdMissing].into(), [].into());
        let mut malformed = Answer::malformed("no");
        mask(&switches, &mut malformed);
        assert_eq!(
            malformed.json_mut().expect("JSON")["errorId"],
            errors::MALFORMED
        );
        let mut invalid = Answer::invalid(&[]);
        mask(&switches, &mut invalid);
        let body = invalid.json_mut().expect("JSON");
        assert_eq!(body.get("errorId"), None);
        assert_eq!(body["__type"], wire::CONFIGURATION_ERROR_URN);
    }
}
