//! What holds for every answer, whatever was asked: its label, its JSON, the
//! shape of its error, the header of a 401, and that it is not a 410.

use serde_json::Value;

use super::Circumstances;
use super::challenge;
use super::error_body;
use super::finding::{FindingKind, Verdict};
use crate::client::exchange::Answer;
use crate::client::secret::kept;
use crate::contract::errors::{DOCUMENTED_STATUSES, ERROR_STATUSES};
use crate::contract::{rules, wire};
use crate::oracle::Expectation;
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
        (Some(value), _) => kept(value.to_string()),
        (None, _) => format!(
            "what is not JSON: {}",
            kept(String::from_utf8_lossy(&answer.body))
        ),
    };
    format!("{} with {what}", answer.status)
}

/// Adds what the answer breaks by itself. On a path that WG-1 leaves open the
/// body of a refusal is free: what stands in front may have answered.
pub(super) fn examine(
    expectation: &Expectation,
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
    let is_free = expectation.open_path && (400..500).contains(&answer.status);
    if DOCUMENTED_STATUSES.contains(&answer.status) && !is_free {
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
    if ERROR_STATUSES.contains(&answer.status) && !is_free {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::RuleId;
    use crate::oracle::IdRegime;

    /// The rules that a gateway's own page breaks in the place of an answer.
    fn broken_by_a_page(status: u16, open_path: bool) -> Vec<RuleId> {
        let page = Answer {
            status,
            headers: vec![("Content-Type".to_owned(), b"application/json".to_vec())],
            body: "<html><h1>No</h1></html>".into(),
        };
        let expectation = Expectation {
            open_path,
            ..Expectation::default()
        };
        let circumstances = Circumstances {
            feature_version: None,
            removed: false,
            fails_next: false,
            mailboxes: &[],
            ids: IdRegime::Client,
        };
        let mut verdict = Verdict::new("a page".to_owned(), status);
        let body = AnswerBody::read(&page);
        examine(&expectation, &page, &body, &circumstances, &mut verdict);
        verdict
            .findings
            .iter()
            .map(|finding| finding.rule)
            .collect()
    }

    #[test]
    fn the_body_of_a_refusal_is_free_on_an_open_path_alone() {
        for status in [400, 404] {
            assert_eq!(broken_by_a_page(status, true), [], "{status}");
            assert_eq!(
                broken_by_a_page(status, false),
                [rules::ERR_11, rules::ERR_1],
                "{status}"
            );
        }
        // Neither is a refusal.
        assert_eq!(broken_by_a_page(200, true), [rules::ERR_11]);
        assert_eq!(broken_by_a_page(500, true), [rules::ERR_11, rules::ERR_1]);
    }
}
