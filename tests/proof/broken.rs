//! Servers broken on purpose: each is found, by the rule that it breaks, with
//! a request that a person would have written.

use std::collections::BTreeSet;
use std::time::Duration;

use icws_conformance::contract::rules::*;
use icws_conformance::contract::wire;
use icws_conformance::gate::{Decision, decide};
use icws_conformance::reference::{Fault, Settings};
use icws_conformance::report::findings::blocks;
use icws_conformance::runner::{Finding, Property, Report};
use icws_conformance::selfcheck::PROOFS;
use icws_conformance::suites;
use regex::Regex;

use crate::{running, snapshot};

/// The five of the project's first promise: fault, rule, minimal body.
const PROMISED: &[(Fault, RuleId, &str)] = &[
    (Fault::MissingTokenAccepted, SES_2, "{}"),
    (Fault::ChallengeMissing, SES_10, "{}"),
    (Fault::Malformed500, REP_2, ""),
    (
        Fault::AddNotStored,
        EFF_1,
        r#"{"add":[{"emailAddress":"m-1@acme.test","mailboxMoniker":"EX:support@acme.test"}]}"#,
    ),
    (Fault::MessageMissing, ERR_1, "{}"),
];

#[test]
fn the_promised_five_are_found_with_a_plain_request() {
    let varying = Regex::new("m[0-9a-f]{4}-").expect("a regex");
    for (fault, rule, body) in PROMISED {
        let report = report(*fault, *rule);
        let name = fault.row().name;
        assert_eq!(decide(&report, false), Decision::Violates, "{name}");
        let finding = found(&report, *rule).unwrap_or_else(|| panic!("{name}: {rule} held"));
        let minimal = &finding.minimal;
        assert_eq!(
            varying.replace_all(minimal.body.as_ref(), "m-"),
            *body,
            "{name}"
        );
        assert_eq!(minimal.before.len(), 0, "{name}: {:?}", minimal.before);
        assert_eq!(finding.case.steps.len(), 1, "{name}");
        assert_eq!(finding.confirmed, 3, "{name}");
    }
}

#[test]
fn every_binding_rule_is_proven_with_a_minimal_case() {
    let mut text = String::new();
    let mut held = Vec::new();
    for (rule, fault) in PROOFS {
        let row = fault.row();
        let report = report(*fault, *rule);
        match found(&report, *rule) {
            Some(finding) => text.push_str(&shown(row.name, finding)),
            None => held.push(format!("{}: {rule} held", row.name)),
        }
    }
    assert!(held.is_empty(), "{held:#?}");
    snapshot::assert("minimal_cases", &text);
}

/// What a server refuses in one form only breaks the rule of that form, whatever else is
/// wrong with the request: no must.
#[test]
fn a_form_that_is_refused_breaks_the_rule_of_forms_alone() {
    for (fault, rule) in [
        (Fault::AbsoluteTarget404, REP_18),
        (Fault::Chunked400, REP_18),
        (Fault::AcceptAny406, REP_19),
        (Fault::GermanSession400, SES_14),
    ] {
        let server = running::server(Settings {
            faults: [fault].into(),
            ..Settings::default()
        });
        let mut properties = suites::all();
        properties.retain(|property| property.id.starts_with("form/"));
        let report = running::report(running::plan(server.profile(), properties));
        let findings = report.properties.iter().flat_map(|one| &one.findings);
        let broken: BTreeSet<RuleId> = findings.map(|finding| finding.rule).collect();
        assert_eq!(broken, [rule].into(), "{}", fault.row().name);
    }
}

/// What is wrong with the update that clears away is told once, with what it needs.
#[test]
fn what_clearing_away_shows_is_told_with_what_was_stored() {
    let server = running::server(Settings {
        faults: [Fault::LastMailboxStays].into(),
        ..Settings::default()
    });
    let mut properties = suites::all();
    properties.retain(|property| ["update/valid", "around/read-back"].contains(&property.id));
    let report = running::report(running::plan(server.profile(), properties));
    let around = report
        .properties
        .iter()
        .find(|one| one.id == "around/read-back");
    let found = &around.expect("it is asked").findings;
    assert!(
        found.iter().all(|finding| finding.rule == EFF_1),
        "{found:#?}"
    );
    let finding = found.first().expect("a removed mailbox that stays");
    let before = finding.minimal.before.first().expect("what was stored");
    assert!(
        before.to_string().starts_with("stored by an update: "),
        "{before}"
    );
}

/// A run, against a server with that fault, of what is aimed at that rule.
pub(crate) fn report(fault: Fault, rule: RuleId) -> Report {
    let server = running::server(Settings {
        faults: [fault].into(),
        ..Settings::default()
    });
    let aimed = |property: &Property| property.rules.contains(&rule);
    let mut properties = suites::all();
    properties.retain(aimed);
    let mut plan = running::plan(server.profile(), properties);
    if rule == ISE_4 {
        // What is never answered need not be waited for long, and ends a run.
        plan.profile.limits.timeout = Duration::from_millis(700);
        return running::report(plan);
    }
    let mut report = running::report(plan);
    // A broken server may keep what it should remove, which the run then says.
    let is_of_restoring = |reason: &String| reason.contains("could not be put in order");
    report.unjudged.retain(|reason| !is_of_restoring(reason));
    assert_eq!(report.unjudged, [""; 0], "{}", fault.row().name);
    report
}

/// The finding that a report would show of that rule.
pub(crate) fn found(report: &Report, rule: RuleId) -> Option<&Finding> {
    let blocks = blocks(report).into_iter();
    let mut shown = blocks.flat_map(|block| block.shown);
    Some(shown.find(|shown| shown.finding.rule == rule)?.finding)
}

/// So much of a line is read.
const LINE_MAX: usize = 600;

/// What a reviewer reads of a finding. The path stands there where it is not
/// that of a scratch workgroup.
fn shown(fault: &str, finding: &Finding) -> String {
    let (minimal, confirmed) = (&finding.minimal, finding.confirmed);
    let mut text = format!("{fault}: {} ({})\n", finding.rule, finding.level);
    let (property, cause) = (finding.property, finding.cause.as_ref());
    let mut lines = vec![format!("{property} · {cause} · {confirmed} of 3")];
    lines.extend(minimal.before.iter().map(ToString::to_string));
    let path = minimal.path.as_ref();
    if path != wire::update_path("ID", &finding.workgroup).replace("/ID/", "/{sessionId}/") {
        lines.push(path.to_owned());
    }
    lines.push(match minimal.body.as_ref() {
        "" => "(an empty body)".to_owned(),
        body => body.to_owned(),
    });
    for line in lines {
        let shortened = match line.char_indices().nth(LINE_MAX) {
            Some((end, _)) => format!("{} [and more]", line[..end].trim_end()),
            None => line,
        };
        text.push_str(&format!("  {shortened}\n"));
    }
    text
}
