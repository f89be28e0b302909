//! Reports made by hand, with every outcome, for the tests of what renders
//! them.

use serde_json::json as value;

use super::document::Document;
use super::{ReplayFiles, json};
use crate::client::{Redacted, Secrets};
use crate::contract::rules::{self, Level, RULES};
use crate::contract::{RuleId, wire};
use crate::gate::{Asked, Ruling};
use crate::generate::{Case, SessionState, Step, session::Token};
use crate::judge::FindingKind;
use crate::runner::outcome::{Minimal, OpenAnswer, RuleReport, RuleStatus, TargetReport};
use crate::runner::standing::Standing;
use crate::runner::{Finding, Outcome, PropertyReport, Report, Seed};

/// A rule that held in every sample.
pub(crate) const HELD_RULE: RuleId = rules::OK_1;
/// A rule that was not tested in any sample.
pub(crate) const UNTESTED_RULE: RuleId = rules::SES_4;

/// Text that needs no cleaning.
pub(crate) fn redacted(text: &str) -> Redacted {
    Secrets::new().redact(text)
}

fn minimal(case: &Case) -> Minimal {
    let body = case.steps.last().map(|step| step.body.bytes());
    let body = body.unwrap_or_default();
    Minimal {
        method: "POST",
        path: redacted(&wire::update_path("4711", "Sales (EMEA)")),
        headers: vec![
            (
                "Cookie".to_owned(),
                redacted("icws_4711=<cookie of the privileged session>"),
            ),
            (
                "Content-Type".to_owned(),
                redacted("application/vnd.inin.icws+JSON; charset=utf-8"),
            ),
            ("Accept".to_owned(), redacted(wire::VENDOR_MEDIA_TYPE)),
        ],
        body: redacted(&String::from_utf8_lossy(&body)),
        before: Vec::new(),
    }
}

/// A finding of a must rule.
pub(crate) fn violation() -> Finding {
    let step = Step::send(value!({ "remove": ["a"] })).by(SessionState::token(Token::Absent));
    let case = Case::one(step);
    Finding {
        property: "session/missing-token",
        rule: rules::SES_2,
        level: Level::Must,
        kind: FindingKind::WronglyAnswered,
        cause: "no token".into(),
        message: "a request without the CSRF header was accepted".into(),
        expected: vec!["401 with an error body".into()],
        actual: "200 with a subObjectSet".into(),
        confirmed: 3,
        seen: 12,
        cases_to_find: 1,
        requests_to_find: 2,
        beside: Vec::new(),
        waived: false,
        known: false,
        explained_by: None,
        minimal: minimal(&case),
        case,
        workgroup: "Sales (EMEA)".to_owned(),
    }
}

/// A finding of a should rule, with bytes that are no text.
pub(crate) fn warning() -> Finding {
    let case = Case::one(Step::send(b"{\xff\n'%".as_slice()));
    let mut minimal = minimal(&case);
    let token = "<csrf token of the privileged session>";
    let token = (wire::CSRF_TOKEN_HEADER.to_owned(), redacted(token));
    minimal.headers.insert(0, token);
    minimal.before = vec!["a mailbox `a` is stored".into()];
    Finding {
        property: "body/not-json",
        rule: rules::ERR_2,
        level: Level::Should,
        kind: FindingKind::Answer,
        cause: "invalid UTF-8".into(),
        message: "the message shows a stack trace".into(),
        expected: vec![
            "a message without a stack trace".into(),
            "no answer at all".into(),
        ],
        actual: redacted("400: \u{1b}[31m at Name.Space.Method()"),
        confirmed: 2,
        seen: 1,
        cases_to_find: 7,
        requests_to_find: 9,
        beside: Vec::new(),
        waived: false,
        known: false,
        explained_by: None,
        minimal,
        case,
        workgroup: "Sales (EMEA)".to_owned(),
    }
}

fn property(
    id: &'static str,
    rules: &'static [RuleId],
    outcome: Outcome,
    findings: Vec<Finding>,
) -> PropertyReport {
    PropertyReport {
        cases: 48,
        requests: 60,
        findings,
        ..PropertyReport::without_cases(id, rules, outcome)
    }
}

/// A run in which nothing was broken and something was not applicable.
pub(crate) fn conforming() -> Report {
    let reason = "the profile has no hook to expire a session (hooks.expire_session)";
    Report {
        seed: Seed::new(0xc0ffee),
        target: TargetReport {
            name: "staging".to_owned(),
            base_url: "http://127.0.0.1:8018".to_owned(),
            feature_version: Some(10),
            accept_invalid: false,
        },
        requests: 1234,
        cases: 567,
        first_breach: None,
        elapsed_ms: 4321,
        properties: vec![
            property("answer/success", &[rules::OK_1], Outcome::Held, Vec::new()),
            property(
                "session/expired",
                &[UNTESTED_RULE],
                Outcome::Inapplicable(reason.to_owned()),
                Vec::new(),
            ),
        ],
        rules: RULES
            .iter()
            .map(|rule| RuleReport {
                id: rule.id,
                status: match rule.level {
                    Level::Open => RuleStatus::Open,
                    _ if rule.id == UNTESTED_RULE => RuleStatus::NotTested,
                    _ => RuleStatus::Held,
                },
                checks: 3,
                reason: (rule.id == UNTESTED_RULE).then(|| reason.to_owned()),
                partly: Vec::new(),
            })
            .collect(),
        outlines: Vec::new(),
        open: vec![OpenAnswer {
            rule: rules::EFF_5,
            question: "remove of an id that does not exist".into(),
            answer: "200".into(),
        }],
        unjudged: Vec::new(),
        notes: Vec::new(),
        standing: Standing::default(),
    }
}

/// A run with every outcome, a violation in two properties, a warning, a
/// waived finding and a note.
pub(crate) fn every_outcome() -> Report {
    let mut report = conforming();
    let mut longer = violation();
    longer.property = "session/combined";
    longer.cause = "no token, unknown workgroup".into();
    longer.minimal.body = redacted(r#"{"remove":["a","b"]}"#);
    let mut second = violation();
    second.rule = rules::SES_10;
    second.message = "the 401 names no location".into();
    let mut waived = warning();
    waived.rule = rules::ERR_4;
    waived.waived = true;
    report.properties.extend([
        property(
            "session/combined",
            &[rules::SES_2, rules::SES_12],
            Outcome::Refuted,
            vec![longer],
        ),
        property(
            "session/missing-token",
            &[rules::SES_2, rules::SES_10],
            Outcome::Refuted,
            vec![violation(), second],
        ),
        property(
            "body/not-json",
            &[rules::REP_2],
            Outcome::Refuted,
            vec![warning(), waived],
        ),
        property(
            "body/valid",
            &[rules::REP_1],
            Outcome::Inconclusive("every case was answered 503".to_owned()),
            Vec::new(),
        ),
    ]);
    for rule in &mut report.rules {
        if [rules::SES_2, rules::SES_10].contains(&rule.id) {
            rule.status = RuleStatus::Violated;
        } else if [rules::ERR_2, rules::ERR_4].contains(&rule.id) {
            rule.status = RuleStatus::Warned;
        }
    }
    report.unjudged = vec!["no update was accepted".to_owned()];
    report.notes = vec!["3 sessions were lost and opened anew".to_owned()];
    report
}

/// The report as data, of a run of which nothing special was asked.
pub(crate) fn document(report: &Report) -> Document {
    let ruling = Ruling::of(report, Asked::default());
    json::document(report, &ruling, &ReplayFiles::default())
}
