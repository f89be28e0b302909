//! Masks that set or leave out one property, and those that put a text in
//! the body's place.

use serde_json::{Value, json};

use crate::reference::Fault;

use super::On;

/// A property that a mask sets, or leaves out.
type Property = (Fault, On, &'static str, fn() -> Option<Value>);

/// Every such mask.
pub(super) const ROWS: &[Property] = &[
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
    (Fault::InvalidMessageEmpty, On::Invalid, "message", || {
        Some(json!(""))
    }),
    (
        Fault::ForbiddenMessageEmpty,
        On::Status(403),
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
pub(super) const TEXTS: &[(Fault, On, &str, Option<&str>)] = &[
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
