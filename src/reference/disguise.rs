//! Faults in the answers to updates: right in substance, wrong in form.

use axum::http::StatusCode;
use bytes::Bytes;
use serde_json::{Value, json};

use crate::contract::enums::{
    EXISTING_INSTANCE_ID, INVALID_MAILBOX_FOLDER, REQUIRED_VALUE, UNIQUE_INSTANCE_ID,
};
use crate::contract::{errors, wire};

use super::Fault;
use super::answers::{Answer, Content};
use super::switches::Switches;

/// Gives an answer the forms that the faults order.
pub(super) fn disguise(switches: &Switches, answer: &mut Answer) {
    if switches.is_plain() {
        return;
    }
    match answer.status {
        StatusCode::OK => success(switches, answer),
        status if status.is_client_error() || status.is_server_error() => error(switches, answer),
        _ => {}
    }
}

fn success(switches: &Switches, answer: &mut Answer) {
    let has = |fault| switches.has(fault);
    let Some(body) = answer.json_mut() else {
        return;
    };
    let empty = body["subObjects"].as_array().is_none_or(Vec::is_empty);
    for entry in body["subObjects"].as_array_mut().into_iter().flatten() {
        for (fault, name, value) in ENTRY_ROWS {
            if has(*fault) {
                entry[*name] = value(entry);
            }
        }
    }
    if has(Fault::SubObjectsMissing) || has(Fault::SubObjectsMissingWhenEmpty) && empty {
        *body = json!({});
    } else if has(Fault::SubObjectsNull) {
        body["subObjects"] = Value::Null;
    } else if has(Fault::SuccessIsList) {
        *body = body["subObjects"].take();
    }
    if has(Fault::Success201) {
        answer.status = StatusCode::CREATED;
    } else if has(Fault::Success202) {
        answer.status = StatusCode::ACCEPTED;
    } else if has(Fault::Success204) || has(Fault::Removal204) && empty {
        *answer = Answer::empty(StatusCode::NO_CONTENT);
    } else if has(Fault::SuccessIsEmpty) {
        answer.body = Content::Empty;
    }
}

/// What an entry's property becomes.
type Rewrite = fn(&Value) -> Value;

const ENTRY_ROWS: &[(Fault, &str, Rewrite)] = &[
    (Fault::IdIsNumber, "id", |entry| {
        json!(entry["id"].as_str().map_or(0, str::len))
    }),
    (Fault::IdIsNull, "id", |_| Value::Null),
    (
        Fault::IdIsObject,
        "id",
        |entry| json!({ "id": entry["id"] }),
    ),
    (Fault::UriIsNull, "uri", |_| Value::Null),
    (Fault::UriIsInvalid, "uri", |_| json!("http://[not a uri")),
    (
        Fault::LicenseSetOk,
        "licenseProblems",
        |_| json!([{"licenseErrorType": 0, "license": {"id": "I3_ACCESS_MEDIA"}}]),
    ),
    (
        Fault::LicenseUnknownType,
        "licenseProblems",
        |_| json!([{"licenseErrorType": 7, "license": {"id": "I3_ACCESS_MEDIA"}}]),
    ),
    (
        Fault::LicenseNameless,
        "licenseProblems",
        |_| json!([{"licenseErrorType": 1}]),
    ),
    (Fault::LicenseIsNull, "licenseProblems", |_| Value::Null),
];

fn error(switches: &Switches, answer: &mut Answer) {
    let has = |fault| switches.has(fault);
    let status = answer.status;
    if let Some(body) = answer.json_mut() {
        if body.get("validationErrors").is_some() {
            for found in body["validationErrors"]
                .as_array_mut()
                .into_iter()
                .flatten()
            {
                validation_error(switches, found);
            }
            rewrite(switches, INVALID_ROWS, body);
        } else if body["errorId"] == errors::MALFORMED {
            rewrite(switches, MALFORMED_ROWS, body);
        }
        if status == StatusCode::BAD_REQUEST {
            rewrite(switches, BAD_REQUEST_ROWS, body);
        }
        if status == StatusCode::INTERNAL_SERVER_ERROR {
            rewrite(switches, FAILURE_ROWS, body);
        }
        if status == StatusCode::FORBIDDEN && has(Fault::ForbiddenMessageMissing) {
            *body = json!({});
        }
        rewrite(switches, ERROR_ROWS, body);
        if has(Fault::ErrorIsList) {
            *body = json!([body.take()]);
        }
    }
    let unprocessable = answer
        .json_mut()
        .is_some_and(|body| body.get("validationErrors").is_some());
    if has(Fault::Invalid422) && unprocessable {
        answer.status = StatusCode::UNPROCESSABLE_ENTITY;
    }
    if has(Fault::Failure503) && status == StatusCode::INTERNAL_SERVER_ERROR {
        answer.status = StatusCode::SERVICE_UNAVAILABLE;
    }
    replace_body(switches, status, answer);
}

/// Errors that are no JSON at all.
fn replace_body(switches: &Switches, status: StatusCode, answer: &mut Answer) {
    let has = |fault| switches.has(fault);
    let is = |fault, one| has(fault) && status == one;
    if has(Fault::ErrorIsEmpty)
        || is(Fault::UnauthorizedIsEmpty, StatusCode::UNAUTHORIZED)
        || is(Fault::RemovedIsEmpty, StatusCode::GONE)
    {
        answer.body = Content::Empty;
    } else if has(Fault::ErrorIsText) || is(Fault::FailureIsText, StatusCode::INTERNAL_SERVER_ERROR)
    {
        answer.body = Content::Raw(
            Some("text/plain"),
            Bytes::from_static(b"Something went wrong."),
        );
    } else if is(Fault::NotFoundIsHtml, StatusCode::NOT_FOUND) {
        let page = Bytes::from_static(b"<html><body><h1>404 Not Found</h1></body></html>");
        answer.body = Content::Raw(Some("text/html"), page);
    } else if has(Fault::ErrorLabelText)
        && let Some(body) = answer.json_mut()
    {
        let text = Bytes::from(body.to_string());
        answer.body = Content::Raw(Some("text/plain; charset=utf-8"), text);
    }
}

/// One property that a fault rewrites; `None` leaves it out.
type Row = (Fault, &'static str, fn(&Value) -> Option<Value>);

fn rewrite(switches: &Switches, rows: &[Row], body: &mut Value) {
    for (fault, name, value) in rows {
        if !switches.has(*fault) {
            continue;
        }
        let value = value(&body[*name]);
        if let Some(object) = body.as_object_mut() {
            object.shift_remove(*name);
            if let Some(value) = value {
                object.insert((*name).to_owned(), value);
            }
        }
    }
}

const ERROR_ROWS: &[Row] = &[
    (Fault::MessageMissing, "message", |_| None),
    (Fault::MessageIsNull, "message", |_| Some(Value::Null)),
    (Fault::MessageIsObject, "message", |message| {
        Some(json!({ "text": message }))
    }),
    (Fault::MessageIsEmpty, "message", |_| Some(json!(""))),
    (Fault::StackTrace, "message", |_| {
        Some(json!(
            "System.NullReferenceException\n   at Icws.Configuration.Update.Run(Request request)"
        ))
    }),
    (Fault::ErrorIdIsNumber, "errorId", |_| Some(json!(4711))),
    (Fault::ErrorIdIsNull, "errorId", |_| Some(Value::Null)),
];

const BAD_REQUEST_ROWS: &[Row] = &[
    (Fault::ErrorIdMissing, "errorId", |_| None),
    (Fault::ErrorIdForeign, "errorId", |_| {
        Some(json!("error.request.badRequest"))
    }),
];

const MALFORMED_ROWS: &[Row] = &[
    (Fault::MalformedWithUrn, "__type", |_| {
        Some(json!(wire::CONFIGURATION_ERROR_URN))
    }),
    (Fault::MalformedWithDetails, "validationErrors", |_| {
        Some(json!([{"validationErrorType": 13, "propertyName": "add", "propertyValue": ""}]))
    }),
];

const INVALID_ROWS: &[Row] = &[
    (Fault::InvalidWithoutUrn, "__type", |_| None),
    (Fault::InvalidWithPlainUrn, "__type", |_| {
        Some(json!(wire::ERROR_URN))
    }),
    (Fault::InvalidAsMalformed, "errorId", |_| {
        Some(json!(errors::MALFORMED))
    }),
    (Fault::LicenseErrorsNull, "licenseErrors", |_| {
        Some(Value::Null)
    }),
    (Fault::DetailsMissing, "validationErrors", |_| None),
    (Fault::DetailsEmpty, "validationErrors", |_| Some(json!([]))),
    (Fault::DetailsNull, "validationErrors", |_| {
        Some(Value::Null)
    }),
    (Fault::LicenseErrorSetOk, "licenseErrors", |_| {
        Some(json!([{"licenseErrorType": 0, "license": {"id": "I3_ACCESS_MEDIA"}}]))
    }),
    (Fault::LicenseErrorNameless, "licenseErrors", |_| {
        Some(json!([{"licenseErrorType": 2}]))
    }),
    (Fault::LicenseErrorTypeless, "licenseErrors", |_| {
        Some(json!([{"license": {"id": "I3_ACCESS_MEDIA"}}]))
    }),
];

const FAILURE_ROWS: &[Row] = &[
    (Fault::FailureForeignId, "errorId", |_| {
        Some(json!(errors::MALFORMED))
    }),
    (Fault::FailureAsInvalid, "__type", |_| {
        Some(json!(wire::CONFIGURATION_ERROR_URN))
    }),
];

fn validation_error(switches: &Switches, found: &mut Value) {
    let number = found["validationErrorType"]
        .as_u64()
        .and_then(|n| u16::try_from(n).ok());
    for (fault, from, to) in TYPE_ROWS {
        let applies = match from {
            Some(from) => Some(*from) == number,
            None => number != Some(INVALID_MAILBOX_FOLDER),
        };
        if applies && switches.has(*fault) {
            found["validationErrorType"] = json!(to);
        }
    }
    if number == Some(INVALID_MAILBOX_FOLDER) {
        rewrite(switches, FOLDER_ROWS, found);
    }
    rewrite(switches, VALIDATION_ROWS, found);
}

/// Which type of validation error becomes which; `None` is any but a folder's.
const TYPE_ROWS: &[(Fault, Option<u16>, u16)] = &[
    (Fault::FolderErrorType9, Some(INVALID_MAILBOX_FOLDER), 9),
    (Fault::ErrorType8, Some(REQUIRED_VALUE), 8),
    (Fault::ErrorType47, Some(EXISTING_INSTANCE_ID), 47),
    (Fault::ErrorType47, Some(UNIQUE_INSTANCE_ID), 47),
    (Fault::NewTypeOldServer, None, 39),
    (Fault::Type46Version9, None, 46),
];

const FOLDER_ROWS: &[Row] = &[
    (Fault::FolderErrorNamesMoniker, "propertyName", |_| {
        Some(json!("mailboxMoniker"))
    }),
    (Fault::FolderErrorEmptyValue, "propertyValue", |_| {
        Some(json!(""))
    }),
];

const VALIDATION_ROWS: &[Row] = &[
    (Fault::ErrorTypeNamed, "validationErrorType", |_| {
        Some(json!("invalidMailboxFolder"))
    }),
    (Fault::PropertyNameMissing, "propertyName", |_| None),
    (Fault::PropertyNameForeign, "propertyName", |_| {
        Some(json!("MM_TABLE.FIELD_3"))
    }),
    (Fault::PropertyNameEmpty, "propertyName", |_| {
        Some(json!(""))
    }),
    (Fault::PropertyValueMissing, "propertyValue", |_| None),
    (Fault::PropertyValueNull, "propertyValue", |value| {
        Some(if *value == "" {
            Value::Null
        } else {
            value.clone()
        })
    }),
    (Fault::PropertyValueObject, "propertyValue", |value| {
        Some(json!({ "value": value }))
    }),
];
