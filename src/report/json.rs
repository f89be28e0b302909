//! The JSON report of a run: what other programs read.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::client::Redacted;
use crate::contract::{fingerprint, wire};
use crate::gate::{Named, Ruling};
use crate::runner::outcome::{self, OpenAnswer, RuleReport, TargetReport};
use crate::runner::{Finding, Outcome, PropertyReport, Report};

use super::curl::curl;
use super::document::{Document, Ended, First, Found, Minimal, Open, Property, Rule, Target, Tool};
use super::printable::{clean_json, excerpt, excerpt_of_lines};
use super::replay_file::ReplayFiles;

pub use super::document::SCHEMA;

/// The most bytes of requests and scripts in a report.
const REQUESTS_BYTES_MAX: usize = 6 * 1024 * 1024;

/// How much is shown of a request for which there is no room.
const SHORT_CHARACTERS: usize = 200;

/// The report as pretty JSON that ends with a line feed.
pub fn json(report: &Report, ruling: &Ruling, replays: &ReplayFiles) -> Vec<u8> {
    document(report, ruling, replays).json()
}

/// The report as data, of a run that came to that.
pub fn document(report: &Report, ruling: &Ruling, replays: &ReplayFiles) -> Document {
    let properties = report.properties.iter();
    let closing = report.standing.closing.iter();
    let mut document = Document {
        schema: SCHEMA.to_owned(),
        decision: ruling.decision,
        exit_code: ruling.exit_code,
        line: ruling.line.to_string(),
        scope: ruling.asked.scope,
        gate: ruling.gate,
        tool: Tool {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            contract: Some(fingerprint()),
        },
        seed: report.seed.to_string(),
        shard: None,
        everything: None,
        budget: None,
        strict: ruling.asked.strict,
        target: target(&report.target, ruling.asked.named),
        requests: report.requests,
        cases: report.cases,
        elapsed_ms: report.elapsed_ms,
        properties: properties
            .map(|one| property(one, &report.target, replays))
            .collect(),
        rules: report.rules.iter().map(rule).collect(),
        open: report.open.iter().map(open).collect(),
        shapes: texts(&report.outlines),
        baseline: report.standing.baseline.clone(),
        drift: report.standing.drift.clone(),
        failures: closing.map(|one| one.says().to_owned()).collect(),
        stale_waivers: report.standing.stale_waivers.clone(),
        unjudged: report.unjudged.clone(),
        notes: report.notes.clone(),
    };
    fit(document
        .properties
        .iter_mut()
        .flat_map(|property| &mut property.findings));
    document
}

/// Leaves out the scripts and the long bodies of those findings for which there
/// is no room: their replay files have them.
fn fit<'a>(findings: impl Iterator<Item = &'a mut Found>) {
    let mut room = REQUESTS_BYTES_MAX;
    for found in findings {
        let minimal = &mut found.minimal;
        let before = minimal.before.iter().map(String::len).sum::<usize>();
        let bytes = found.curl.len() + minimal.body.len() + before;
        room = room.saturating_sub(bytes);
        if room > 0 {
            continue;
        }
        found.curl = format!("# left out of a long report: a script of {bytes} bytes");
        minimal.body = excerpt_of_lines(&minimal.body, SHORT_CHARACTERS);
        minimal.before = minimal
            .before
            .iter()
            .map(|before| excerpt(before, SHORT_CHARACTERS))
            .collect();
    }
}

impl Document {
    /// Pretty JSON that ends with a line feed.
    pub fn json(&self) -> Vec<u8> {
        let mut json = clean_json(self).expect("strings, numbers and lists are always JSON");
        json.push(b'\n');
        json
    }
}

fn target(target: &TargetReport, named: Named) -> Target {
    let version = target.feature_version;
    let feature = |version| (wire::CONFIGURATION_FEATURE.to_owned(), version);
    Target {
        name: target.name.clone(),
        base_url: target.base_url.trim_end_matches('/').to_owned(),
        named,
        features: version.map(feature).into_iter().collect(),
        accept_invalid: target.accept_invalid,
    }
}

fn property(property: &PropertyReport, target: &TargetReport, replays: &ReplayFiles) -> Property {
    let findings = property.findings.iter();
    Property {
        id: property.id.to_owned(),
        outcome: match property.outcome {
            Outcome::Held => Ended::Held,
            Outcome::Refuted => Ended::Refuted,
            Outcome::Inapplicable(_) => Ended::Inapplicable,
            Outcome::Inconclusive(_) => Ended::Inconclusive,
        },
        cases: property.cases,
        requests: property.requests,
        rules: property
            .rules
            .iter()
            .map(|rule| rule.as_str().to_owned())
            .collect(),
        reason: property.outcome.reason().map(str::to_owned),
        unjudged: property.unjudged.list(),
        not_offered: property.not_offered.list(),
        shortfall: property.shortfall.clone(),
        causes: BTreeMap::new(),
        findings: findings
            .map(|finding| found(finding, target, replays))
            .collect(),
        firsts: Vec::new(),
    }
}

/// The report of a shard: with what the others need to know of it.
pub fn of_shard(document: Document, report: &Report, replays: &ReplayFiles) -> Document {
    let found = |finding: &Finding| found(finding, &report.target, replays);
    let first = |first: &outcome::First| First {
        rule: first.rule.as_str().to_owned(),
        cause: first.cause.to_string(),
        cases_to_find: first.cases_to_find,
        seen: first.seen,
        shown: found(&first.shown),
        unreduced: first.unreduced.as_ref().map(found),
    };
    let mut document = document;
    for (told, property) in document.properties.iter_mut().zip(&report.properties) {
        told.firsts = property.firsts.iter().map(first).collect();
        told.causes = property.causes.clone();
    }
    let firsts = document.properties.iter_mut();
    let firsts = firsts.flat_map(|property| &mut property.firsts);
    fit(firsts.flat_map(|first| first.unreduced.iter_mut().chain([&mut first.shown])));
    document
}

fn found(finding: &Finding, target: &TargetReport, replays: &ReplayFiles) -> Found {
    let minimal = &finding.minimal;
    Found {
        identity: finding.identity(),
        rule: finding.rule.as_str().to_owned(),
        level: finding.level,
        cause: finding.cause.to_string(),
        message: finding.message.to_string(),
        expected: texts(&finding.expected),
        actual: finding.actual.to_string(),
        confirmed: format!("{} of 3", finding.confirmed),
        seen: finding.seen,
        cases_to_find: finding.cases_to_find,
        requests_to_find: finding.requests_to_find,
        beside: texts(&finding.beside),
        waived: finding.waived,
        known: finding.known,
        kind: Some(finding.kind),
        explained_by: finding.explained_by.clone(),
        minimal: Minimal {
            method: minimal.method.to_owned(),
            path: minimal.path.to_string(),
            headers: headers(&minimal.headers),
            body: minimal.body.to_string(),
            before: texts(&minimal.before),
        },
        replay: replays.command(finding),
        curl: curl(target, &replays.access, finding),
    }
}

fn headers(headers: &[(String, Redacted)]) -> Map<String, Value> {
    let mut joined: Vec<(&str, String)> = Vec::new();
    for (name, value) in headers {
        let known = joined
            .iter_mut()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        match known {
            Some((_, values)) => values.push_str(&format!(", {value}")),
            None => joined.push((name, value.to_string())),
        }
    }
    let members = joined.into_iter();
    members
        .map(|(name, value)| (name.to_owned(), Value::from(value)))
        .collect()
}

fn texts(redacted: &[Redacted]) -> Vec<String> {
    redacted.iter().map(ToString::to_string).collect()
}

fn rule(rule: &RuleReport) -> Rule {
    Rule {
        id: rule.id.as_str().to_owned(),
        level: rule.id.level(),
        status: rule.status,
        checks: rule.checks,
        reason: rule.reason.clone(),
        partly: rule.partly.clone(),
    }
}

fn open(open: &OpenAnswer) -> Open {
    Open {
        rule: open.rule.as_str().to_owned(),
        question: open.question.to_string(),
        answer: open.answer.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::rules::RULES;
    use crate::gate::Asked;
    use crate::report::samples;
    use serde_json::{Value, json};

    fn rendered(report: &Report) -> Value {
        let ruling = Ruling::of(report, Asked::default());
        let text = super::json(report, &ruling, &ReplayFiles::default());
        serde_json::from_slice(&text).expect("JSON")
    }

    fn keys(value: &Value) -> Vec<&str> {
        let object = value.as_object().expect("an object");
        object.keys().map(String::as_str).collect()
    }

    #[test]
    fn the_names_are_the_promised_ones() {
        let report = rendered(&samples::every_outcome());
        let promised = "schema decision exit_code line scope gate tool seed strict target requests cases elapsed_ms \
                        properties rules open shapes unjudged notes";
        assert_eq!(keys(&report).join(" "), promised);
        assert_eq!(report["schema"], "icws-conformance/report/1");
        assert_eq!(
            keys(&report["target"]).join(" "),
            "name base_url named features accept_invalid"
        );
        let ruled = ["scope", "gate"].map(|name| report[name].as_str());
        assert_eq!(ruled, [Some("whole"), Some("closed")]);
        assert_eq!(report["target"]["named"], "flag");
        let line = report["line"].as_str().expect("a text");
        assert!(
            line.starts_with("staging does not conform (2 rules violated"),
            "{line}"
        );
        assert_eq!(report["target"]["features"], json!({ "configuration": 10 }));
        let property = &report["properties"][3];
        let promised = "id outcome cases requests rules reason unjudged not_offered findings";
        assert_eq!(keys(property).join(" "), promised);
        let finding = &property["findings"][0];
        let promised = "identity rule level cause message expected actual confirmed seen \
                        cases_to_find requests_to_find waived kind minimal replay curl";
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
            "id level status checks reason partly"
        );
        let open = json!({
            "rule": "EFF-5", "question": "remove of an id that does not exist", "answer": "200",
        });
        assert_eq!(report["open"], json!([open]));
    }

    #[test]
    fn a_report_reads_back_as_it_was_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("r.json");
        let mut written = samples::document(&samples::every_outcome());
        written.shard = Some("1/3".to_owned());
        std::fs::write(&path, written.json()).expect("a file");
        assert_eq!(crate::report::document::read(&path), Ok(written));
        std::fs::write(&path, "{\"schema\": \"icws-conformance/report/2\"}").expect("a file");
        let error = crate::report::document::read(&path).expect_err("another schema");
        assert!(
            error.to_string().contains("this version reads `"),
            "{error}"
        );
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
