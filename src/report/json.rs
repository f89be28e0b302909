//! The JSON report: what other programs read. Its names are promises.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::client::Redacted;
use crate::contract::wire;
use crate::gate::Decision;
use crate::runner::outcome::{OpenAnswer, RuleReport, TargetReport};
use crate::runner::{Finding, PropertyReport, Report};

use super::curl::curl;
use super::replay_file::ReplayFiles;

/// The version of the format.
pub const SCHEMA: &str = "icws-conformance/report/1";

/// The report as pretty JSON that ends with a line feed.
pub fn json(report: &Report, decision: Decision, exit_code: u8, replays: &ReplayFiles) -> Vec<u8> {
    let document = Document {
        schema: SCHEMA,
        decision: decision.as_str(),
        exit_code,
        tool: Tool {
            version: env!("CARGO_PKG_VERSION"),
        },
        seed: report.seed.to_string(),
        target: Target::of(&report.target),
        requests: report.requests,
        cases: report.cases,
        elapsed_ms: report.elapsed_ms,
        properties: report
            .properties
            .iter()
            .map(|property| Property::of(property, &report.target, replays))
            .collect(),
        rules: report.rules.iter().map(Rule::of).collect(),
        open: report.open.iter().map(Open::of).collect(),
        unjudged: &report.unjudged,
        notes: &report.notes,
    };
    let mut json =
        serde_json::to_vec_pretty(&document).expect("strings, numbers and lists are always JSON");
    json.push(b'\n');
    json
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    decision: &'static str,
    exit_code: u8,
    tool: Tool,
    seed: String,
    target: Target<'a>,
    requests: u64,
    cases: usize,
    elapsed_ms: u64,
    properties: Vec<Property<'a>>,
    rules: Vec<Rule<'a>>,
    open: Vec<Open<'a>>,
    unjudged: &'a [String],
    notes: &'a [String],
}

#[derive(Serialize)]
struct Tool {
    version: &'static str,
}

#[derive(Serialize)]
struct Target<'a> {
    name: &'a str,
    base_url: &'a str,
    features: BTreeMap<&'static str, u32>,
    accept_invalid: bool,
}

impl<'a> Target<'a> {
    fn of(target: &'a TargetReport) -> Self {
        let version = target.feature_version;
        Self {
            name: &target.name,
            base_url: target.base_url.trim_end_matches('/'),
            features: version
                .map(|version| (wire::CONFIGURATION_FEATURE, version))
                .into_iter()
                .collect(),
            accept_invalid: target.accept_invalid,
        }
    }
}

#[derive(Serialize)]
struct Property<'a> {
    id: &'a str,
    outcome: &'static str,
    cases: usize,
    requests: u64,
    rules: Vec<&'static str>,
    reason: Option<&'a str>,
    findings: Vec<Found<'a>>,
}

impl<'a> Property<'a> {
    fn of(property: &'a PropertyReport, target: &TargetReport, replays: &ReplayFiles) -> Self {
        Self {
            id: property.id,
            outcome: property.outcome.as_str(),
            cases: property.cases,
            requests: property.requests,
            rules: property.rules.iter().map(|rule| rule.as_str()).collect(),
            reason: property.outcome.reason(),
            findings: property
                .findings
                .iter()
                .map(|finding| Found::of(finding, target, replays))
                .collect(),
        }
    }
}

#[derive(Serialize)]
struct Found<'a> {
    identity: String,
    rule: &'static str,
    level: &'static str,
    cause: &'a Redacted,
    message: &'a Redacted,
    expected: &'a [Redacted],
    actual: &'a Redacted,
    confirmed: String,
    seen: usize,
    cases_to_find: usize,
    requests_to_find: u64,
    waived: bool,
    minimal: Minimal<'a>,
    replay: Option<String>,
    curl: String,
}

impl<'a> Found<'a> {
    fn of(finding: &'a Finding, target: &TargetReport, replays: &ReplayFiles) -> Self {
        Self {
            identity: finding.identity(),
            rule: finding.rule.as_str(),
            level: finding.level.as_str(),
            cause: &finding.cause,
            message: &finding.message,
            expected: &finding.expected,
            actual: &finding.actual,
            confirmed: format!("{} of 3", finding.confirmed),
            seen: finding.seen,
            cases_to_find: finding.cases_to_find,
            requests_to_find: finding.requests_to_find,
            waived: finding.waived,
            minimal: Minimal {
                method: finding.minimal.method,
                path: &finding.minimal.path,
                headers: Headers(&finding.minimal.headers),
                body: &finding.minimal.body,
                before: &finding.minimal.before,
            },
            replay: replays.command(finding),
            curl: curl(target, &replays.access, finding),
        }
    }
}

#[derive(Serialize)]
struct Minimal<'a> {
    method: &'static str,
    path: &'a Redacted,
    headers: Headers<'a>,
    body: &'a Redacted,
    before: &'a [Redacted],
}

/// Headers as an object. One that was sent twice is one member, joined by a
/// comma as in RFC 9110 section 5.3, since JSON knows no repeated keys.
struct Headers<'a>(&'a [(String, Redacted)]);

impl Serialize for Headers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut joined: Vec<(&str, String)> = Vec::new();
        for (name, value) in self.0 {
            let known = joined
                .iter_mut()
                .find(|(known, _)| known.eq_ignore_ascii_case(name));
            match known {
                Some((_, values)) => values.push_str(&format!(", {value}")),
                None => joined.push((name, value.to_string())),
            }
        }
        let mut map = serializer.serialize_map(Some(joined.len()))?;
        for (name, value) in joined {
            map.serialize_entry(name, &value)?;
        }
        map.end()
    }
}

#[derive(Serialize)]
struct Rule<'a> {
    id: &'static str,
    level: &'static str,
    status: &'static str,
    checks: u64,
    reason: Option<&'a str>,
}

impl<'a> Rule<'a> {
    fn of(rule: &'a RuleReport) -> Self {
        Self {
            id: rule.id.as_str(),
            level: rule.id.level().as_str(),
            status: rule.status.as_str(),
            checks: rule.checks,
            reason: rule.reason.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct Open<'a> {
    rule: &'static str,
    question: &'a Redacted,
    answer: &'a Redacted,
}

impl<'a> Open<'a> {
    fn of(open: &'a OpenAnswer) -> Self {
        Self {
            rule: open.rule.as_str(),
            question: &open.question,
            answer: &open.answer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::rules::RULES;
    use crate::report::samples;
    use serde_json::{Value, json};

    fn rendered(report: &Report) -> Value {
        let files = ReplayFiles::default();
        let text = super::json(report, Decision::Violates, 1, &files);
        serde_json::from_slice(&text).expect("JSON")
    }

    fn keys(value: &Value) -> Vec<&str> {
        let object = value.as_object().expect("an object");
        object.keys().map(String::as_str).collect()
    }

    #[test]
    fn the_names_are_the_promised_ones() {
        let report = rendered(&samples::every_outcome());
        let promised = "schema decision exit_code tool seed target requests cases elapsed_ms \
                        properties rules open unjudged notes";
        assert_eq!(keys(&report).join(" "), promised);
        assert_eq!(report["schema"], "icws-conformance/report/1");
        assert_eq!(report["target"]["features"], json!({ "configuration": 10 }));
        let property = &report["properties"][3];
        let promised = "id outcome cases requests rules reason findings";
        assert_eq!(keys(property).join(" "), promised);
        let finding = &property["findings"][0];
        let promised = "identity rule level cause message expected actual confirmed seen \
                        cases_to_find requests_to_find waived minimal replay curl";
        assert_eq!(keys(finding).join(" "), promised);
        assert_eq!(
            finding["identity"],
            "session/missing-token · SES-2 · no token"
        );
        assert_eq!(finding["confirmed"], "3 of 3");
        let promised = "method path headers body before";
        assert_eq!(keys(&finding["minimal"]).join(" "), promised);
        assert_eq!(
            keys(&report["rules"][0]).join(" "),
            "id level status checks reason"
        );
        let open = json!({
            "rule": "EFF-5", "question": "remove of an id that does not exist", "answer": "200",
        });
        assert_eq!(report["open"], json!([open]));
    }

    #[test]
    fn every_outcome_and_every_rule_is_there() {
        let report = rendered(&samples::every_outcome());
        let outcomes = |outcome: &str| {
            let properties = report["properties"].as_array().expect("a list");
            properties
                .iter()
                .filter(|p| p["outcome"] == outcome)
                .count()
        };
        assert_eq!(
            ["held", "refuted", "inapplicable", "inconclusive"].map(outcomes),
            [1, 3, 1, 1]
        );
        let rules = report["rules"].as_array().expect("a list");
        assert_eq!(rules.len(), RULES.len());
        let untested = rules.iter().find(|rule| rule["status"] == "not_tested");
        assert!(
            untested
                .expect("one")
                .get("reason")
                .is_some_and(Value::is_string)
        );
    }

    #[test]
    fn a_header_that_was_sent_twice_is_one_member() {
        let mut report = samples::every_outcome();
        let headers = &mut report.properties[3].findings[0].minimal.headers;
        *headers = vec![
            ("X-A".to_owned(), "1".into()),
            ("X-B".to_owned(), "2".into()),
            ("x-a".to_owned(), "3".into()),
        ];
        let report = rendered(&report);
        let headers = &report["properties"][3]["findings"][0]["minimal"]["headers"];
        assert_eq!(*headers, json!({ "X-A": "1, 3", "X-B": "2" }));
    }
}
