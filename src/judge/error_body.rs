//! The body of an error answer (ERR, ISE-2).

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value};

use super::Circumstances;
use super::answer::{AnswerBody, summary};
use super::configuration_error::{examine_license_error, examine_validation_error};
use super::finding::{FindingKind, Verdict};
use super::shape::{integer, type_name};
use crate::client::exchange::Answer;
use crate::contract::enums::INVALID_MAILBOX_FOLDER;
use crate::contract::errors::{CONFIGURATION_UPDATE, ERROR_IDS, ErrorType, MALFORMED};
use crate::contract::{rules, wire};

/// The parts of an error body that checks look at.
#[derive(Clone, Copy, Debug)]
pub struct ErrorReading<'a> {
    members: &'a Map<String, Value>,
}

impl<'a> ErrorReading<'a> {
    /// Reads an error body; `None` where it is no JSON object.
    pub fn of(body: &'a AnswerBody) -> Option<Self> {
        body.object().map(|members| Self { members })
    }

    fn error_id(&self) -> Option<&'a str> {
        self.members.get("errorId").and_then(Value::as_str)
    }

    fn type_urn(&self) -> Option<&'a str> {
        self.members.get("__type").and_then(Value::as_str)
    }

    /// Whether it means to be a configurationError, by any of its marks.
    pub fn is_configuration_error(&self) -> bool {
        self.type_urn() == Some(wire::CONFIGURATION_ERROR_URN)
            || self.error_id() == Some(CONFIGURATION_UPDATE)
            || self.members.contains_key("validationErrors")
            || self.members.contains_key("licenseErrors")
    }

    fn list(&self, name: &str) -> &'a [Value] {
        self.members
            .get(name)
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }

    /// The name and value of every validationError of type 32.
    pub fn invalid_folders(&self) -> Vec<(&'a str, &'a str)> {
        let text = |error: &'a Value, name: &str| {
            error.get(name).and_then(Value::as_str).unwrap_or_default()
        };
        self.list("validationErrors")
            .iter()
            .filter(|error| {
                error.get("validationErrorType").and_then(integer)
                    == Some(u64::from(INVALID_MAILBOX_FOLDER))
            })
            .map(|error| (text(error, "propertyName"), text(error, "propertyValue")))
            .collect()
    }

    /// Whether any validationError names that property.
    pub fn names(&self, property: &str) -> bool {
        self.list("validationErrors").iter().any(|error| {
            error
                .get("propertyName")
                .and_then(Value::as_str)
                .is_some_and(|name| last_name(name).eq_ignore_ascii_case(property))
        })
    }
}

/// The last name of a path such as `add[0].inboundFolder`, `/add/0/id` or
/// `$['add'][0]['id']`.
pub fn last_name(path: &str) -> &str {
    path.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'))
        .rfind(|part| !part.is_empty() && !part.chars().all(|c| c.is_ascii_digit()))
        .unwrap_or(path)
}

/// Adds what the body of a documented error breaks by itself.
pub(super) fn examine(
    answer: &Answer,
    body: &AnswerBody,
    circumstances: &Circumstances<'_>,
    verdict: &mut Verdict,
) {
    verdict.check(rules::ERR_1);
    let Some(members) = body.object() else {
        verdict.refute(
            rules::ERR_1,
            FindingKind::Answer,
            format!("a {} has no error body", answer.status),
            "a JSON object with a string `message`",
            format!("{} with {}", answer.status, body.describe()),
        );
        return;
    };
    examine_message(answer, members, body, verdict);
    examine_error_id(answer, members, verdict);
    match answer.status {
        400 => examine_bad_request(members, circumstances, verdict),
        500 => examine_failure(answer, body, members, circumstances, verdict),
        _ => {}
    }
}

/// Places in a server's source, as runtimes print them.
static STACK_TRACE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?m)Traceback \(most recent call last\)|\bpanicked at\b|goroutine \d+ \[",
        r"|^\s*at [\w.$<>`]+(\.[\w$<>`]+)+\s*\(|^\s*at [\w.$<> ]+ \(.+:\d+:\d+\)",
        r#"|^\s*File "[^"]+", line \d+|\bstack backtrace:"#,
        r"|[\w-]+\.(cs|java|kt|py|rs|go|js|ts|rb|php|cpp|cc|c):(line )?\d+",
    ))
    .expect("the pattern is constant")
});

/// ERR-1 and ERR-2.
fn examine_message(
    answer: &Answer,
    members: &Map<String, Value>,
    body: &AnswerBody,
    verdict: &mut Verdict,
) {
    match members.get("message") {
        Some(Value::String(message)) => {
            verdict.check(rules::ERR_2);
            if message.trim().is_empty() {
                verdict.refute(
                    rules::ERR_2,
                    FindingKind::Answer,
                    "an error's message is empty",
                    "a message that says something",
                    summary(answer, body),
                );
            } else if let Some(place) = STACK_TRACE.find(message) {
                verdict.refute(
                    rules::ERR_2,
                    FindingKind::Answer,
                    "an error's message shows the server's inside",
                    "a message without a stack trace or a source position",
                    format!("a message with `{}`", place.as_str().trim()),
                );
            }
        }
        other => verdict.refute(
            rules::ERR_1,
            FindingKind::Answer,
            format!("a {} has no message", answer.status),
            "a JSON object with a string `message`",
            match other {
                None => format!("{} without `message`", answer.status),
                Some(value) => format!("{} whose message is {}", answer.status, type_name(value)),
            },
        ),
    }
}

/// ERR-3 and ERR-4.
fn examine_error_id(answer: &Answer, members: &Map<String, Value>, verdict: &mut Verdict) {
    verdict.check(rules::ERR_3);
    let id = members.get("errorId");
    if let Some(id) = id.filter(|id| !id.is_string()) {
        verdict.refute(
            rules::ERR_3,
            FindingKind::Answer,
            "an errorId is no string",
            "a string, or no errorId",
            format!("an errorId that is {}", type_name(id)),
        );
        return;
    }
    if answer.status == 400 {
        verdict.check(rules::ERR_4);
        let documented = ERROR_IDS
            .iter()
            .any(|known| known.status == 400 && Some(known.id) == id.and_then(Value::as_str));
        if !documented || id.and_then(Value::as_str).is_some_and(is_of_the_connection) {
            verdict.refute(
                rules::ERR_4,
                FindingKind::Answer,
                "a 400 does not name one of its documented error ids",
                format!("errorId `{MALFORMED}` or `{CONFIGURATION_UPDATE}`"),
                id.map_or("no errorId".to_owned(), |id| format!("errorId {id}")),
            );
        }
    }
}

/// The 400 of `POST /icws/connection` is none of this endpoint's.
fn is_of_the_connection(id: &str) -> bool {
    id == crate::contract::errors::AUTHENTICATION_FAILURE
}

/// ERR-5 to ERR-9 and ERR-12.
fn examine_bad_request(
    members: &Map<String, Value>,
    circumstances: &Circumstances<'_>,
    verdict: &mut Verdict,
) {
    verdict.check(rules::ERR_5);
    let reading = ErrorReading { members };
    let is_typed = reading.type_urn() == Some(wire::CONFIGURATION_ERROR_URN);
    let has_lists = ["validationErrors", "licenseErrors"]
        .iter()
        .any(|name| members.contains_key(*name));
    let mixed = match reading.error_id() {
        Some(CONFIGURATION_UPDATE) if !is_typed => {
            Some("errorId configuration.update without the __type of a configurationError")
        }
        Some(MALFORMED)
            if members
                .get("__type")
                .is_some_and(|urn| urn != wire::ERROR_URN) =>
        {
            Some("errorId malformed with the __type of another error")
        }
        _ if has_lists && !is_typed => {
            Some("validationErrors or licenseErrors without the __type of a configurationError")
        }
        _ => None,
    };
    let shapes = "errorId malformed without a __type or with urn:inin.com:common:error, or errorId \
                  configuration.update with __type urn:inin.com:configuration:configurationError";
    if let Some(mixed) = mixed {
        verdict.refute(
            rules::ERR_5,
            FindingKind::Answer,
            "the two shapes of a 400 are mixed",
            shapes,
            mixed,
        );
    }
    for name in ["validationErrors", "licenseErrors"] {
        if let Some(value) = members.get(name).filter(|value| !value.is_array()) {
            verdict.refute(
                rules::ERR_5,
                FindingKind::Answer,
                format!("{name} is no list"),
                format!("a list, or no {name}"),
                format!("{name} that is {}", type_name(value)),
            );
        }
    }
    if is_typed {
        verdict.check(rules::ERR_6);
        // Held too where there is none: what is sent is whole.
        verdict.check(rules::ERR_9);
        if reading.list("validationErrors").is_empty() && reading.list("licenseErrors").is_empty() {
            verdict.refute(
                rules::ERR_6,
                FindingKind::Answer,
                "a configurationError does not say what is wrong",
                "at least one validationError or licenseError",
                "a configurationError without any",
            );
        }
    }
    for error in reading.list("validationErrors") {
        examine_validation_error(error, circumstances, verdict);
    }
    for error in reading.list("licenseErrors") {
        examine_license_error(error, verdict);
    }
}

/// ISE-2.
fn examine_failure(
    answer: &Answer,
    body: &AnswerBody,
    members: &Map<String, Value>,
    circumstances: &Circumstances<'_>,
    verdict: &mut Verdict,
) {
    verdict.check(rules::ISE_2);
    let reading = ErrorReading { members };
    let mut refute = |message: &str, expected: &str, actual: String| {
        verdict.refute(rules::ISE_2, FindingKind::Answer, message, expected, actual);
    };
    let expected_id =
        "errorId `error.request.internalServerError` or `error.request.timeout`, or none";
    if let Some(id) = reading.error_id() {
        let documented = ERROR_IDS.iter().find(|known| {
            known.status == 500 && known.error_type == ErrorType::Plain && known.id == id
        });
        match documented {
            None => refute(
                "a 500 names an undocumented errorId",
                expected_id,
                format!("errorId `{id}`"),
            ),
            Some(known)
                if circumstances
                    .feature_version
                    .is_some_and(|version| version < known.since) =>
            {
                refute(
                    "a 500 names an errorId that is newer than the server's configuration feature",
                    "no errorId",
                    format!("errorId `{id}`"),
                );
            }
            Some(_) => {}
        }
    }
    let foreign_type = members
        .get("__type")
        .is_some_and(|urn| urn != wire::ERROR_URN);
    let has_lists = ["validationErrors", "licenseErrors"]
        .iter()
        .any(|name| members.contains_key(*name));
    if foreign_type || has_lists {
        refute(
            "a 500 is not of the plain error type",
            "a plain error",
            summary(answer, body),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stack_traces_are_told_from_plain_talk() {
        for leak in [
            "boom\n   at Some.Name.Space.Method(String x) in C:\\a\\File.cs:line 12",
            "Traceback (most recent call last):\n  File \"x.py\", line 3",
            "thread 'main' panicked at src/main.rs:4:5",
            "Error\n    at Object.<anonymous> (/app/server.js:10:5)",
            "java.lang.X\n\tat com.acme.Foo.bar(Foo.java:12)",
            "failed in update.go:77",
        ] {
            assert!(STACK_TRACE.is_match(leak), "{leak}");
        }
        for fine in [
            "expected `,` or `}` at line 1 column 12",
            "The session is invalid. Authenticate at /icws/connection (again).",
            "at least one of add, modify (or remove)",
            "unexpected token at 3:12",
            "the mailbox m3f9a-1@acme.test: 32",
        ] {
            assert!(!STACK_TRACE.is_match(fine), "{fine}");
        }
    }

    #[test]
    fn the_last_name_of_a_path() {
        for path in [
            "inboundFolder",
            "add[0].inboundFolder",
            "/add/0/inboundFolder",
            "add.inboundFolder[1]",
            "$['add'][0]['inboundFolder']",
            "add[0][\"inboundFolder\"]",
            "add > 0 > inboundFolder",
        ] {
            assert_eq!(last_name(path), "inboundFolder", "{path}");
        }
        assert_eq!(last_name(""), "");
        assert_eq!(last_name("[0]"), "[0]");
    }
}
