//! What holds for every answer, whatever was asked: its label, its JSON, the
//! shape of its error, the header of a 401, and that it is not a 410.

use serde_json::Value;

use super::Circumstances;
use super::challenge;
use super::error_body;
use super::finding::{FindingKind, Verdict};
use crate::client::exchange::Answer;
use crate::contract::errors::{DOCUMENTED_STATUSES, ERROR_STATUSES};
use crate::contract::{rules, wire};
use crate::oracle::json;

/// The body of an answer, read once.
#[derive(Clone, Debug, PartialEq)]
pub struct AnswerBody {
    /// What it says, where it is JSON.
    pub json: Option<Value>,
    /// Why it is not.
    pub not_json: Option<&'static str>,
    /// Whether a byte order mark stands in front of it, which JSON that is sent
    /// must not have (RFC 8259 section 8.1).
    pub byte_order_mark: bool,
}

impl AnswerBody {
    /// Reads the body of an answer.
    pub fn read(answer: &Answer) -> Self {
        match json::parse(&answer.body) {
            Ok(document) => Self {
                json: Some(document.value.into()),
                not_json: None,
                byte_order_mark: document.byte_order_mark,
            },
            Err(json::NotJson(why)) => Self {
                json: None,
                not_json: Some(why),
                byte_order_mark: false,
            },
        }
    }

    /// The members, where it is an object.
    pub fn object(&self) -> Option<&serde_json::Map<String, Value>> {
        self.json.as_ref().and_then(Value::as_object)
    }

    /// What it is, in words.
    pub fn describe(&self) -> String {
        match (&self.json, self.not_json) {
            (Some(Value::Object(_)), _) => "a JSON object".to_owned(),
            (Some(value), _) => super::shape::type_name(value),
            (None, Some("empty")) => "no body".to_owned(),
            (None, why) => format!("a body that is not JSON ({})", why.unwrap_or("unread")),
        }
    }
}

/// One line about an answer: its status and what came with it.
pub fn summary(answer: &Answer, body: &AnswerBody) -> String {
    let what = match (&body.json, answer.body.is_empty()) {
        (_, true) => "no body".to_owned(),
        (Some(value), _) => shorten(&value.to_string()),
        (None, _) => format!(
            "{} that is not JSON",
            shorten(&String::from_utf8_lossy(&answer.body))
        ),
    };
    format!("{} with {what}", answer.status)
}

/// At most 300 characters of a text.
pub fn shorten(text: &str) -> String {
    match text.char_indices().nth(300) {
        Some((end, _)) => format!("{}… ({} bytes in all)", &text[..end], text.len()),
        None => text.to_owned(),
    }
}

/// Adds what the answer breaks by itself.
pub(super) fn examine(
    answer: &Answer,
    body: &AnswerBody,
    circumstances: &Circumstances<'_>,
    verdict: &mut Verdict,
) {
    if !circumstances.removed {
        verdict.check(rules::GONE_2);
        if answer.status == 410 {
            verdict.refute(
                rules::GONE_2,
                FindingKind::Refused,
                "the resource is not removed, yet the answer is 410",
                "any documented status but 410",
                summary(answer, body),
            );
        }
    }
    if DOCUMENTED_STATUSES.contains(&answer.status) {
        examine_label(answer, body, verdict);
    }
    if answer.status == 401 {
        verdict.check(rules::SES_10);
        if let Some(problem) =
            challenge::problem(answer.headers_named(wire::WWW_AUTHENTICATE_HEADER))
        {
            verdict.refute(
                rules::SES_10,
                FindingKind::Answer,
                "a 401 does not say where to authenticate",
                r#"WWW-Authenticate: ICWS realm="ICWS" location="/icws/connection""#,
                format!("401 with {problem}"),
            );
        }
    }
    if ERROR_STATUSES.contains(&answer.status) {
        error_body::examine(answer, body, circumstances, verdict);
    }
}

/// ERR-11: how the body is labelled.
fn examine_label(answer: &Answer, body: &AnswerBody, verdict: &mut Verdict) {
    if answer.body.is_empty() {
        return;
    }
    verdict.check(rules::ERR_11);
    let expected = "Content-Type application/vnd.inin.icws+JSON or application/json, in UTF-8";
    let mut refute = |message: &str, actual: String| {
        verdict.refute(
            rules::ERR_11,
            FindingKind::Answer,
            message,
            expected,
            actual,
        );
    };
    let label = answer
        .header("Content-Type")
        .map(|label| String::from_utf8_lossy(label).into_owned());
    let Some(label) = label else {
        if body.json.is_some() {
            refute(
                "a JSON answer has no label",
                format!("{} without Content-Type", answer.status),
            );
        }
        return;
    };
    let mut parts = label.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default();
    let labelled = [wire::VENDOR_MEDIA_TYPE, wire::PLAIN_MEDIA_TYPE]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(media_type));
    let charset = parts
        .filter_map(|part| part.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .map(|(_, value)| value.trim().trim_matches('"').to_lowercase());
    let in_utf8 = charset.is_none_or(|charset| charset == "utf-8" || charset == "utf8");
    match body.not_json {
        None if body.byte_order_mark => refute(
            "a JSON answer begins with a byte order mark",
            format!(
                "{} with a byte order mark in front of the body",
                answer.status
            ),
        ),
        None if !labelled => refute(
            "a JSON answer is labelled as something else",
            format!("{} with Content-Type {label}", answer.status),
        ),
        None if !in_utf8 => refute(
            "a JSON answer is not labelled as UTF-8",
            format!("{} with Content-Type {label}", answer.status),
        ),
        Some(why) if labelled => refute(
            "an answer labelled as JSON is not valid JSON",
            format!("{} with a body that is not JSON ({why})", answer.status),
        ),
        _ => {}
    }
}
