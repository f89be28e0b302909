//! Legal oddities in the form of answers: how properties are named in
//! errors, what messages say, and what else an answer carries.

use axum::http::{HeaderName, StatusCode};
use serde_json::{Value, json};

use crate::contract::enums::INVALID_MAILBOX_FOLDER;
use crate::contract::errors;

use super::Variant;
use super::switches::Switches;

/// Gives an answer's body its oddities.
pub(super) fn garnish(switches: &Switches, status: StatusCode, body: &mut Value) {
    let varies = |variant| switches.varies(variant);
    if body.get("message").is_some() {
        message(switches, status, body);
    }
    let own = OWN_IDS.iter().find(|(known, _)| *known == status.as_u16());
    if varies(Variant::ErrorIdsEverywhere)
        && let Some((_, id)) = own
    {
        body["errorId"] = json!(id);
    }
    if let Some(found) = body
        .get_mut("validationErrors")
        .and_then(Value::as_array_mut)
    {
        validation_errors(switches, found);
        if varies(Variant::LicenseErrorsBeside) {
            body["licenseErrors"] = json!([{
                "licenseErrorType": 2,
                "license": {"id": "I3_ACCESS_MEDIA", "displayName": null, "uri": "/icws/licenses/1"},
            }]);
        } else if varies(Variant::LicenseErrorsEmpty) {
            body["licenseErrors"] = json!([]);
        }
    }
    if varies(Variant::LicenseProblemsEmpty) {
        let entries = body.get_mut("subObjects").and_then(Value::as_array_mut);
        for entry in entries.into_iter().flatten() {
            entry["licenseProblems"] = json!([]);
        }
    }
    let held = body
        .get_mut("monitoredMailboxes")
        .and_then(Value::as_array_mut);
    for mailbox in held.into_iter().flatten() {
        if varies(Variant::ReadBackRich) {
            mailbox["__type"] = json!("urn:inin.com:configuration.people:monitoredMailbox");
            mailbox["createdDate"] = json!("20240101T000000Z");
            mailbox["customAttributes"] = json!({ "tags": [1, null] });
        }
        if varies(Variant::ReadBackFractional) {
            mailbox["mailboxType"] = json!(mailbox["mailboxType"].as_f64());
        }
        if varies(Variant::ReadBackNamed) {
            let id = mailbox["configurationId"]["id"].clone();
            mailbox["configurationId"]["displayName"] = id;
        }
    }
    let features = body
        .get_mut("featureInfoList")
        .and_then(Value::as_array_mut);
    for feature in features.into_iter().flatten() {
        if varies(Variant::VersionFractional) {
            feature["version"] = json!(feature["version"].as_f64());
        }
    }
    if varies(Variant::ReadBackRich) && body.get("monitoredMailboxes").is_some() {
        body["isActive"] = json!(true);
        body["members"] = json!([]);
    }
}

/// The errorIds that a server may give where none is documented.
const OWN_IDS: &[(u16, &str)] = &[
    (401, "error.request.connection.sessionInvalid"),
    (403, "error.request.accessDenied"),
    (404, "error.request.configuration.notFound"),
    (410, "error.request.resourceRemoved"),
];

fn message(switches: &Switches, status: StatusCode, body: &mut Value) {
    let varies = |variant| switches.varies(variant);
    if varies(Variant::LongMessages) {
        body["message"] = json!("The update was not accepted. ".repeat(1000));
    }
    if varies(Variant::EchoingMessages) {
        body["message"] = json!(
            "Not accepted:\n  at add[0] (the first object): look at inboundFolder.\n  Ask at Support.Desk, line 12, if in doubt."
        );
    }
    if status != StatusCode::BAD_REQUEST || body["errorId"] != errors::MALFORMED {
        return;
    }
    for (variant, text) in PARSERS {
        if varies(*variant) {
            body["message"] = json!(text);
        }
    }
}

/// What well-known parsers say of a body that is no JSON.
const PARSERS: &[(Variant, &str)] = &[
    (
        Variant::JacksonMessages,
        "Unexpected end-of-input: expected close marker for Object (start marker at [Source: (String)\"{\"; line: 1, column: 1])\n at [Source: (String)\"{\"; line: 1, column: 2]",
    ),
    (
        Variant::NewtonsoftMessages,
        "Unexpected end when reading JSON. Path 'add[0].emailAddress', line 1, position 31.",
    ),
    (
        Variant::NodeMessages,
        "Unexpected token } in JSON at position 31",
    ),
    (
        Variant::PythonMessages,
        "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
    ),
];

fn validation_errors(switches: &Switches, found: &mut Vec<Value>) {
    let varies = |variant| switches.varies(variant);
    if varies(Variant::FirstErrorOnly) {
        found.truncate(1);
    }
    if varies(Variant::ErrorsReversed) {
        found.reverse();
    }
    if varies(Variant::ErrorsDoubled) {
        found.extend(found.clone());
    }
    for found in found.iter_mut() {
        if varies(Variant::LateErrorTypes) && found["validationErrorType"] != INVALID_MAILBOX_FOLDER
        {
            found["validationErrorType"] = json!(46);
        }
    }
    if varies(Variant::ListErrorBeside) {
        found.push(json!({
            "validationErrorType": 11,
            "propertyName": "add",
            "propertyValue": "",
        }));
    }
    for found in found {
        let name = found["propertyName"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        for (variant, respell) in PATHS {
            if varies(*variant) {
                found["propertyName"] = json!(respell(&name));
            }
        }
        if varies(Variant::ValuesSpelled) && found["propertyValue"] == "" {
            found["propertyValue"] = json!("(null)");
        }
    }
}

/// What becomes of a path.
type Respell = fn(&str) -> String;

/// How a path such as `add[0].inboundFolder` may be written.
const PATHS: &[(Variant, Respell)] = &[
    (Variant::PathsDotted, |path| {
        path.replace('[', ".").replace(']', "")
    }),
    (Variant::PathsPointer, |path| {
        format!("/{}", path.replace(['[', '.'], "/").replace(']', ""))
    }),
    (Variant::PathsDollar, |path| format!("$.{path}")),
    (Variant::PathsPascal, |path| {
        let capital = |part: &str| {
            let first: String = part.chars().take(1).flat_map(char::to_uppercase).collect();
            first + part.get(1..).unwrap_or_default()
        };
        path.split('.').map(capital).collect::<Vec<_>>().join(".")
    }),
    (Variant::PathsQuoted, |path| {
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        let rest = rest.split('.').filter(|part| !part.is_empty());
        rest.fold(first.to_owned(), |path, part| format!("{path}['{part}']"))
    }),
    (Variant::PathsBare, |path| {
        path.rsplit('.').next().unwrap_or_default().to_owned()
    }),
    (Variant::PathsQualified, |path| {
        format!("monitoredMailboxesBulkUpdate.{path}")
    }),
];

/// The headers of a gateway.
pub(super) fn headers(switches: &Switches) -> Vec<(HeaderName, String)> {
    if !switches.varies(Variant::ProxyHeaders) {
        return Vec::new();
    }
    let named =
        |(name, value): (&'static str, &str)| (HeaderName::from_static(name), value.to_owned());
    [
        ("server", "gateway/2.1"),
        ("via", "1.1 gateway-7 (cache), 1.0 inner"),
        ("x-request-id", "7f3e"),
        ("x-powered-by", "ICWS"),
        ("vary", "Accept-Encoding, Cookie"),
        ("cache-control", "no-store, max-age=0"),
        ("strict-transport-security", "max-age=31536000"),
        ("content-language", "en"),
        (
            "set-cookie",
            "LB=node-3; Path=/; Expires=Fri, 31 Dec 2100 23:59:59 GMT",
        ),
        ("ratelimit-remaining", "999"),
    ]
    .map(named)
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_keeps_its_parts_in_every_spelling() {
        for (variant, expected) in [
            (Variant::PathsDotted, "add.0.inboundFolder"),
            (Variant::PathsPointer, "/add/0/inboundFolder"),
            (Variant::PathsDollar, "$.add[0].inboundFolder"),
            (Variant::PathsPascal, "Add[0].InboundFolder"),
            (Variant::PathsBare, "inboundFolder"),
            (Variant::PathsQuoted, "add[0]['inboundFolder']"),
        ] {
            let row = PATHS.iter().find(|(known, _)| *known == variant);
            let (_, respell) = row.expect("a row");
            assert_eq!(respell("add[0].inboundFolder"), expected);
        }
    }
}
