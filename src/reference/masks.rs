//! Faults in the form of one kind of answer only: one status, one kind of
//! error, one place in a list.

use axum::http::StatusCode;
use bytes::Bytes;
use serde_json::{Value, json};

use crate::contract::enums::{EXISTING_INSTANCE_ID, INVALID_MAILBOX_FOLDER, UNIQUE_INSTANCE_ID};
use crate::contract::errors;

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
    for (fault, on, rewrite) in REWRITES {
        if switches.has(*fault)
            && is_for(*on)
            && let Some(body) = answer.json_mut()
        {
            rewrite(body);
        }
    }
    for (fault, on, name, value) in PROPERTIES {
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
    for (fault, on, label, text) in TEXTS {
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

/// A property that a mask sets, or leaves out.
type Property = (Fault, On, &'static str, fn() -> Option<Value>);

const PROPERTIES: &[Property] = &[
    (
        Fault::UnauthorizedMessageMissing,
        On::Status(401),
        "message",
        || None,
    ),
    (
        Fault::NotFoundMessageMissing,
        On::Status(404),
        "message",
        || None,
    ),
    (
        Fault::RemovedMessageMissing,
        On::Status(410),
        "message",
        || None,
    ),
    (
        Fault::FailureMessageMissing,
        On::Status(500),
        "message",
        || None,
    ),
    (Fault::InvalidMessageMissing, On::Invalid, "message", || {
        None
    }),
    (
        Fault::MalformedMessageMissing,
        On::Malformed,
        "message",
        || None,
    ),
    (
        Fault::UnauthorizedMessageEmpty,
        On::Status(401),
        "message",
        || Some(json!("")),
    ),
    (
        Fault::NotFoundMessageEmpty,
        On::Status(404),
        "message",
        || Some(json!("")),
    ),
    (
        Fault::RemovedMessageEmpty,
        On::Status(410),
        "message",
        || Some(json!("")),
    ),
    (
        Fault::FailureMessageEmpty,
        On::Status(500),
        "message",
        || Some(json!("")),
    ),
    (Fault::JavaTrace, On::Status(500), "message", || {
        Some(json!(
            "java.lang.NullPointerException: null\n\tat com.acme.icws.Update.run(Update.java:118)\n\tat com.acme.icws.Server.serve(Server.java:42)"
        ))
    }),
    (Fault::PythonTrace, On::Malformed, "message", || {
        Some(json!(
            "Traceback (most recent call last):\n  File \"/srv/icws/update.py\", line 31, in update\n    body = json.loads(text)\nValueError: bad"
        ))
    }),
    (Fault::NodeTrace, On::Malformed, "message", || {
        Some(json!(
            "SyntaxError: Unexpected token\n    at JSON.parse (<anonymous>)\n    at parse (/srv/icws/node_modules/body-parser/lib/types/json.js:92:19)"
        ))
    }),
    (Fault::RustPanic, On::Status(500), "message", || {
        Some(json!(
            "thread 'main' panicked at src/update.rs:31:9: called `Option::unwrap()` on a `None` value"
        ))
    }),
    (Fault::PhpPosition, On::Malformed, "message", || {
        Some(json!(
            "Fatal error: Uncaught TypeError in /var/www/icws/update.php:31 Stack trace: #0 {main}"
        ))
    }),
    (
        Fault::NotFoundErrorIdNumber,
        On::Status(404),
        "errorId",
        || Some(json!(404)),
    ),
    (
        Fault::UnauthorizedErrorIdNull,
        On::Status(401),
        "errorId",
        || Some(Value::Null),
    ),
    (Fault::InvalidErrorIdMissing, On::Invalid, "errorId", || {
        None
    }),
    (
        Fault::MalformedErrorIdMissing,
        On::Malformed,
        "errorId",
        || None,
    ),
    (Fault::ErrorIdEmpty, On::Malformed, "errorId", || {
        Some(json!(""))
    }),
    (Fault::MalformedForeignUrn, On::Malformed, "__type", || {
        Some(json!("urn:inin.com:common:malformedError"))
    }),
    (
        Fault::MalformedNullDetails,
        On::Malformed,
        "validationErrors",
        || Some(Value::Null),
    ),
    (
        Fault::MalformedNullDetails,
        On::Malformed,
        "licenseErrors",
        || Some(Value::Null),
    ),
    (
        Fault::MalformedEmptyDetails,
        On::Malformed,
        "validationErrors",
        || Some(json!([])),
    ),
    (
        Fault::LicenseErrorText,
        On::Invalid,
        "licenseErrors",
        || Some(json!([{"licenseErrorType": "2", "license": {"id": "I3_ACCESS_MEDIA"}}])),
    ),
    (
        Fault::LicenseErrorIdless,
        On::Invalid,
        "licenseErrors",
        || Some(json!([{"licenseErrorType": 2, "license": {"displayName": "Media"}}])),
    ),
    (
        Fault::LicenseErrorUnknown,
        On::Invalid,
        "licenseErrors",
        || Some(json!([{"licenseErrorType": 4, "license": {"id": "I3_ACCESS_MEDIA"}}])),
    ),
];

/// Bodies that are no labelled JSON; without a text, the JSON itself.
const TEXTS: &[(Fault, On, &str, Option<&str>)] = &[
    (
        Fault::NotFoundIsEmpty,
        On::Status(404),
        "text/plain",
        Some(""),
    ),
    (
        Fault::ForbiddenIsHtml,
        On::Status(403),
        "text/html",
        Some("<html><body><h1>403 Forbidden</h1></body></html>"),
    ),
    (
        Fault::MalformedIsText,
        On::Malformed,
        "text/plain; charset=utf-8",
        Some("Failed to parse the request body as JSON"),
    ),
    (
        Fault::SuccessLabelText,
        On::Success,
        "text/plain; charset=utf-8",
        None,
    ),
    (
        Fault::UnauthorizedLabelHtml,
        On::Status(401),
        "text/html; charset=utf-8",
        None,
    ),
];

/// What a mask makes of a body.
type Rewrite = fn(&mut Value);

const REWRITES: &[(Fault, On, Rewrite)] = &[
    (Fault::MessagePascal, On::Error, |body| {
        rename(body, "message", "Message")
    }),
    (Fault::ProblemDetails, On::Malformed, |body| {
        let detail = body["message"].take();
        *body =
            json!({"type": "about:blank", "title": "Bad Request", "status": 400, "detail": detail});
    }),
    (Fault::ErrorIdOtherCase, On::Status(400), |body| {
        let lower = body["errorId"].as_str().map(str::to_lowercase);
        body["errorId"] = json!(lower);
    }),
    (Fault::SecondErrorPartial, On::Invalid, |body| {
        if let Some(all) = body["validationErrors"].as_array_mut()
            && all.len() > 1
            && let Some(last) = all.last_mut().and_then(Value::as_object_mut)
        {
            last.shift_remove("propertyValue");
        }
    }),
    (Fault::NullErrorListed, On::Invalid, |body| {
        if let Some(all) = body["validationErrors"].as_array_mut() {
            all.push(Value::Null);
        }
    }),
    (Fault::ErrorTypeText, On::Invalid, |body| {
        each(body, |found| {
            found["validationErrorType"] = json!(found["validationErrorType"].to_string())
        });
    }),
    (Fault::ErrorTypeNegative, On::Invalid, |body| {
        each(body, |found| {
            let number = &found["validationErrorType"];
            if *number == EXISTING_INSTANCE_ID || *number == UNIQUE_INSTANCE_ID {
                found["validationErrorType"] = json!(-1);
            }
        });
    }),
    (Fault::DetailsMap, On::Invalid, |body| {
        let mut map = json!({});
        each(body, |found| {
            if let Some(name) = found["propertyName"].as_str() {
                map[name] = found.clone();
            }
        });
        body["validationErrors"] = map;
    }),
    (Fault::PropertyNameNull, On::Invalid, |body| {
        each(body, |found| found["propertyName"] = Value::Null);
    }),
    (Fault::PropertyValueNumeric, On::Invalid, |body| {
        each(body, |found| numeric(&mut found["propertyValue"]));
    }),
    (Fault::PropertyNameLabel, On::Invalid, |body| {
        each(body, |found| {
            if found["validationErrorType"] != INVALID_MAILBOX_FOLDER {
                found["propertyName"] = json!("The label for people");
            }
        });
    }),
    (Fault::PropertyNameIndexOnly, On::Invalid, |body| {
        each(body, |found| {
            let name = found["propertyName"].as_str().unwrap_or_default();
            found["propertyName"] = json!(name.split('.').next());
        });
    }),
    (Fault::FolderErrorNamesFolder, On::Invalid, |body| {
        each_folder(body, |found| found["propertyName"] = json!("folder"));
    }),
    (Fault::FolderErrorLowerCase, On::Invalid, |body| {
        each_folder(body, |found| respell(found, |value| value.to_lowercase()));
    }),
    (Fault::FolderErrorLeaf, On::Invalid, |body| {
        each_folder(body, |found| {
            respell(found, |value| {
                value.rsplit('/').next().unwrap_or_default().to_owned()
            });
        });
    }),
    (Fault::FolderErrorCut, On::Invalid, |body| {
        each_folder(body, |found| {
            respell(found, |value| value.chars().take(10).collect())
        });
    }),
    (Fault::SubObjectsPascal, On::Success, |body| {
        rename(body, "subObjects", "SubObjects")
    }),
    (Fault::SubObjectsMap, On::Success, |body| {
        let mut map = json!({});
        for entry in entries(body) {
            let id = entry["id"].as_str().unwrap_or_default().to_owned();
            map[id] = entry.clone();
        }
        body["subObjects"] = map;
    }),
    (Fault::SubObjectsTexts, On::Success, |body| {
        let ids: Vec<_> = entries(body)
            .iter()
            .map(|entry| entry["id"].clone())
            .collect();
        body["subObjects"] = json!(ids);
    }),
    (Fault::IdPascal, On::Success, |body| {
        for entry in entries(body) {
            rename(entry, "id", "Id");
        }
    }),
    (Fault::NumericIdsAsNumbers, On::Success, |body| {
        for entry in entries(body) {
            numeric(&mut entry["id"]);
        }
    }),
    (Fault::UriIsNumber, On::Success, |body| {
        for entry in entries(body) {
            entry["uri"] = json!(7);
        }
    }),
    (Fault::LicenseIdless, On::Success, |body| {
        problems(
            body,
            &json!([{"licenseErrorType": 1, "license": {"displayName": "Media"}}]),
        );
    }),
    (Fault::LicenseTypeText, On::Success, |body| {
        problems(
            body,
            &json!([{"licenseErrorType": "1", "license": {"id": "I3_ACCESS_MEDIA"}}]),
        );
    }),
    (Fault::LicenseIsObject, On::Success, |body| {
        problems(
            body,
            &json!({"licenseErrorType": 1, "license": {"id": "I3_ACCESS_MEDIA"}}),
        );
    }),
    (Fault::SecondLicenseSetOk, On::Success, |body| {
        let all = entries(body);
        if all.len() > 1
            && let Some(last) = all.last_mut()
        {
            last["licenseProblems"] =
                json!([{"licenseErrorType": 0, "license": {"id": "I3_ACCESS_MEDIA"}}]);
        }
    }),
];

fn rename(object: &mut Value, name: &str, other: &str) {
    if let Some(object) = object.as_object_mut()
        && let Some(value) = object.shift_remove(name)
    {
        object.insert(other.to_owned(), value);
    }
}

fn each(body: &mut Value, mut rewrite: impl FnMut(&mut Value)) {
    let all = body["validationErrors"].as_array_mut();
    all.into_iter().flatten().for_each(&mut rewrite);
}

fn each_folder(body: &mut Value, rewrite: fn(&mut Value)) {
    each(body, |found| {
        if found["validationErrorType"] == INVALID_MAILBOX_FOLDER {
            rewrite(found);
        }
    });
}

fn respell(found: &mut Value, spelling: fn(&str) -> String) {
    let value = found["propertyValue"].as_str().unwrap_or_default();
    found["propertyValue"] = json!(spelling(value));
}

/// The entries of a success; none where there is no list.
fn entries(body: &mut Value) -> &mut [Value] {
    body["subObjects"]
        .as_array_mut()
        .map_or(&mut [], Vec::as_mut_slice)
}

fn problems(body: &mut Value, problems: &Value) {
    for entry in entries(body) {
        entry["licenseProblems"] = problems.clone();
    }
}

/// Text that looks like a number becomes one.
fn numeric(value: &mut Value) {
    let number = value
        .as_str()
        .and_then(|text| text.parse::<serde_json::Number>().ok());
    if let Some(number) = number {
        *value = Value::Number(number);
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
