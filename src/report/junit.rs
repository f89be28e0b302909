//! The report as JUnit XML, for the test views of GitLab, Jenkins, GitHub and
//! their like. It keeps to what Jenkins accepts: rule ids stand on the suites,
//! since its schema knows no properties of a test case.
//!
//! | a property                                  | its test case |
//! |---------------------------------------------|---------------|
//! | has a finding that fails the gate           | failure       |
//! | is inconclusive, or too little was judged   | error         |
//! | is inapplicable                             | skipped       |
//! | held, or has warnings, waived and known findings only | passed |
//!
//! Most consumers read the first `failure` of a test case alone, so there is
//! one, with all findings that fail the gate; what else was found stands in
//! `system-out`. The suite `run` says whether the run as a whole could judge.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::document::{Document, Ended, Found, Property};
use super::finding_text::{SENTENCE_MAX, finding_text};
use super::printable::{excerpt, printable};
use super::refutation::counted;

/// The suite of what concerns the whole run; no family is called so.
pub const RUN: &str = "run";
/// The one test case of [`RUN`].
pub const JUDGED: &str = "run/could-be-judged";

/// The most findings of a test case that are shown whole; a fault of every
/// answer shows in every property.
const WHOLE_MAX: usize = 5;
/// The most findings of a test case that are named beside.
const NAMED_MAX: usize = 50;
/// The most reasons or notes of the run that are shown.
const LINES_MAX: usize = 100;

/// The report as XML that ends with a line feed.
pub fn junit(document: &Document) -> Vec<u8> {
    let mut report = Report::new("icws-conformance");
    report.set_time(Duration::from_millis(document.elapsed_ms));
    report.add_test_suite(run(document));
    let mut families: Vec<TestSuite> = Vec::new();
    for property in &document.properties {
        let family = text(property.family());
        let known = families
            .iter()
            .position(|suite| suite.name.as_str() == family);
        let place = known.unwrap_or_else(|| {
            families.push(TestSuite::new(family));
            families.len() - 1
        });
        let suite = &mut families[place];
        let rules = text(&property.rules.join(" "));
        suite.add_property((format!("rules of {}", text(&property.id)), rules));
        suite.add_test_case(test_case(document, property));
    }
    report.add_test_suites(families);
    let xml = report
        .to_string()
        .expect("a string takes all, and no text holds what XML cannot");
    // The crate counts what was skipped on the root too, where the schema of
    // Jenkins has no such attribute. Only a name of ours stands before it.
    let skipped = format!(" skipped=\"{}\"", report.skipped);
    xml.replacen(&skipped, "", 1).into_bytes()
}

/// What XML can hold of a text. The crate would leave out the rest in silence.
fn text(text: &str) -> String {
    excerpt(text, SENTENCE_MAX)
}

/// What concerns the run as a whole.
fn run(document: &Document) -> TestSuite {
    let mut suite = TestSuite::new(RUN);
    let target = &document.target;
    for (name, value) in [
        ("line", text(&document.line)),
        ("decision", document.decision.as_str().to_owned()),
        ("gate", document.gate.as_str().to_owned()),
        ("scope", document.scope.as_str().to_owned()),
        ("exit_code", document.exit_code.to_string()),
        ("seed", text(&document.seed)),
        ("shard", text(document.shard.as_deref().unwrap_or("1/1"))),
        ("target", text(&target.name)),
        ("base_url", text(&target.base_url)),
        ("named", target.named.as_str().to_owned()),
        ("version", text(&document.tool.version)),
        ("cases", document.cases.to_string()),
        ("requests", document.requests.to_string()),
    ] {
        suite.add_property(quick_junit::Property::new(name, value));
    }
    let mut status = TestCaseStatus::success();
    if let Some(first) = document.failures.first() {
        status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_type("gate");
        status.set_message(text(first));
        status.set_description(lines(&document.failures));
    } else if let Some(first) = document.unjudged.first() {
        status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_type("unjudged");
        status.set_message(text(first));
        status.set_description(lines(&document.unjudged));
    }
    let mut case = TestCase::new(JUDGED, status);
    case.set_classname(RUN);
    let mut said = vec![document.line.clone()];
    said.extend(document.notes.iter().cloned());
    said.retain(|line| !line.is_empty());
    if !said.is_empty() {
        case.set_system_out(lines(&said));
    }
    suite.add_test_case(case);
    suite
}

fn lines(texts: &[String]) -> String {
    let shown = texts.iter().take(LINES_MAX);
    let mut lines: Vec<_> = shown.map(|line| text(line)).collect();
    let left = texts.len().saturating_sub(LINES_MAX);
    if left > 0 {
        lines.push(format!("and {left} more"));
    }
    lines.join("\n")
}

fn test_case(document: &Document, property: &Property) -> TestCase {
    let (mut failing, beside): (Vec<&Found>, Vec<&Found>) = property
        .findings
        .iter()
        .partition(|found| document.fails(found));
    // The most binding one gives the type, which consumers group by.
    failing.sort_by_key(|found| std::cmp::Reverse(found.level));
    let reason = || text(property.reason.as_deref().unwrap_or_default());
    let status = match (failing.first(), property.outcome) {
        (Some(first), _) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type(printable(&first.rule));
            let mut message = text(&first.message);
            if failing.len() > 1 {
                let more = counted(failing.len() as u64 - 1, "more finding");
                message.push_str(&format!(" (and {more})"));
            }
            status.set_message(message);
            status.set_description(all(&failing));
            status
        }
        (None, Ended::Inconclusive) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_type(Ended::Inconclusive.as_str());
            status.set_message(reason());
            status
        }
        (None, Ended::Inapplicable) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(reason());
            status
        }
        (None, Ended::Held | Ended::Refuted) => match &property.shortfall {
            // What was found does not count, and the rest was not seen.
            Some(short) => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
                status.set_type(Ended::Inconclusive.as_str());
                status.set_message(text(short));
                status
            }
            None => TestCaseStatus::success(),
        },
    };
    let mut case = TestCase::new(text(&property.id), status);
    case.set_classname(text(property.family()));
    if !beside.is_empty() {
        case.set_system_out(all(&beside));
    }
    case
}

/// The findings as text: the first ones whole, others by name.
fn all(findings: &[&Found]) -> String {
    let whole = findings.iter().take(WHOLE_MAX);
    let mut texts: Vec<_> = whole.map(|found| finding_text(found)).collect();
    let rest = findings.iter().skip(WHOLE_MAX);
    let named = rest.clone().take(NAMED_MAX);
    let mut named: Vec<_> = named
        .map(|found| format!("also: {}\n", text(&found.identity)))
        .collect();
    let left = rest.count().saturating_sub(NAMED_MAX);
    if left > 0 {
        named.push(format!("also: {}\n", counted(left as u64, "more finding")));
    }
    if !named.is_empty() {
        texts.push(named.concat());
    }
    texts.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Level;
    use crate::report::samples;

    fn sample() -> Document {
        samples::document(&samples::every_outcome())
    }

    fn rendered(document: &Document) -> String {
        String::from_utf8(junit(document)).expect("UTF-8")
    }

    /// The element of that test case.
    fn case<'a>(xml: &'a str, id: &str) -> &'a str {
        let (_, rest) = xml
            .split_once(&format!("<testcase name=\"{id}\""))
            .expect("a test case");
        let end = rest.find("</testcase>").unwrap_or(rest.len());
        let empty = rest.find("/>").unwrap_or(rest.len());
        &rest[..end.min(match rest.find('>') {
            Some(at) if empty + 1 == at => empty,
            _ => end,
        })]
    }

    #[test]
    fn a_report_with_every_outcome() {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../../snapshots/report");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.add_filter(env!("CARGO_PKG_VERSION"), "[version]");
        // Scripts have tests of their own.
        settings.add_filter(r"(?s)curl: \(.*?\n\)\n", "curl: […]\n");
        settings.bind(|| insta::assert_snapshot!("junit", rendered(&sample())));
    }

    #[test]
    fn what_fails_the_gate_fails_and_the_rest_stands_beside() {
        let xml = rendered(&sample());
        let failed = case(&xml, "session/missing-token");
        assert_eq!(failed.matches("<failure ").count(), 1, "{failed}");
        assert!(failed.contains("(and 1 more finding)"), "{failed}");
        assert!(failed.contains("SES-2 (must): ") && failed.contains("SES-10 (must): "));
        let warned = case(&xml, "body/not-json");
        assert!(!warned.contains("<failure"), "{warned}");
        assert!(warned.contains("<system-out>ERR-2 (should): "), "{warned}");
        assert!(warned.contains("\nwaived: "), "{warned}");
        let strict = Document {
            strict: true,
            ..sample()
        };
        let xml = rendered(&strict);
        let warned = case(&xml, "body/not-json");
        assert!(warned.contains("type=\"ERR-2\""), "{warned}");
        assert!(warned.contains("<system-out>ERR-4 (should): "), "{warned}");
    }

    #[test]
    fn what_was_not_judged_is_an_error_and_what_does_not_apply_is_skipped() {
        let xml = rendered(&sample());
        let error = "<error message=\"every case was answered 503\" type=\"inconclusive\"/>";
        assert!(case(&xml, "body/valid").contains(error), "{xml}");
        let skipped = case(&xml, "session/expired");
        assert!(skipped.contains("<skipped message=\"the profile has no hook"));
        let whole = case(&xml, JUDGED);
        assert!(whole.contains("<error message=\"no update was accepted\" type=\"unjudged\">"));
        let said = "<system-out>staging does not conform (2 rules violated";
        assert!(whole.contains(said), "{whole}");
        assert!(whole.contains("\n3 sessions were lost"), "{whole}");
    }

    #[test]
    fn nothing_that_a_target_says_breaks_the_xml_or_fills_the_disk() {
        let mut document = sample();
        let all: String = ('\0'..='\u{ff}')
            .chain(['\u{fffe}', '\u{ffff}', '😀'])
            .collect();
        let evil = format!("]]></failure>&\"'<{all}{}", "x".repeat(1 << 16));
        let property = &mut document.properties[3];
        let found = &mut property.findings[0];
        for text in [
            &mut found.message,
            &mut found.actual,
            &mut found.cause,
            &mut found.identity,
            &mut found.rule,
            &mut found.minimal.body,
            &mut found.minimal.path,
            &mut found.curl,
        ] {
            text.clone_from(&evil);
        }
        found.rule.truncate(100);
        found.expected = vec![evil.clone()];
        found.level = Level::Must;
        property.findings = vec![property.findings[0].clone(); 1_000];
        property.reason = Some(evil.clone());
        document.unjudged = vec![evil.clone(); 1_000];
        document.target.name = evil;
        let xml = rendered(&document);
        assert!(xml.len() < 1 << 20, "{} bytes", xml.len());
        let legal = |c: char| c == '\n' || (c >= ' ' && c != '\u{fffe}' && c != '\u{ffff}');
        assert!(xml.chars().all(legal));
        assert_eq!(xml.matches("</failure>").count(), 2);
        assert!(xml.contains("also: 945 more findings"));
    }
}
