//! Servers broken on purpose: each is found, by the rule that it breaks, with
//! a request that a person would have written.

use icws_conformance::contract::rules::*;
use icws_conformance::contract::wire;
use icws_conformance::gate::{Decision, decide};
use icws_conformance::reference::{Fault, Settings};
use icws_conformance::report::findings::blocks;
use icws_conformance::runner::{Finding, Property, Report};
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

/// Some faults of every family of rules, each with a rule that it breaks.
const FOUND: &[(Fault, RuleId)] = &[
    (Fault::ForeignLoginEndsAll, SES_1),
    (Fault::TokenPrefixAccepted, SES_3),
    (Fault::Expired403, SES_4),
    (Fault::CookieCaseIgnored, SES_6),
    (Fault::SessionIdLenient, SES_7),
    (Fault::ForeignTokenAccepted, SES_8),
    (Fault::ForeignCookieAccepted, SES_9),
    (Fault::ChallengeOtherRealm, SES_10),
    (Fault::FirstCookieOnly, SES_11),
    (Fault::WorkgroupBeforeSession, SES_12),
    (Fault::RefusedCookieApplied, SES_13),
    (Fault::RightsForAddOnly, ACC_1),
    (Fault::Rights404, ACC_1),
    (Fault::ForbiddenRemoves, ACC_2),
    (Fault::AbsentWorkgroup410, WG_1),
    (Fault::OddWorkgroup400, WG_1),
    (Fault::PathDecodedTwice, WG_1),
    (Fault::TwoListsRefused, REP_1),
    (Fault::SingleQuotesAccepted, REP_2),
    (Fault::ArrayUnwrapped, REP_3),
    (Fault::TextForList, REP_4),
    (Fault::EmailStringified, REP_4),
    (Fault::NullMonikerKept, REP_5),
    (Fault::NullRemoveRefused, REP_6),
    (Fault::MissingEmailAccepted, REP_7),
    (Fault::IdlessAccepted, REP_9),
    (Fault::TypeTruncated, REP_10),
    (Fault::EmptyListsRefused, REP_11),
    (Fault::PlainMediaType415, REP_13),
    (Fault::Charset415, REP_13),
    (Fault::NestedTypeUrnRefused, REP_17),
    (Fault::StoredTypeForgotten, FLD_1),
    (Fault::FolderPrefixAccepted, FLD_2),
    (Fault::BothWaysRefused, FLD_3),
    (Fault::MonikerChangeUnchecked, FLD_4),
    (Fault::NullEncryptedKeeps, FLD_5),
    (Fault::AbsentEncryptedIsTrue, FLD_6),
    (Fault::TypeChangeKeepsFolder, FLD_7),
    (Fault::FolderErrorEmptyValue, FLD_8),
    (Fault::TextComposed, FLD_10),
    (Fault::SecondModifyLost, EFF_1),
    (Fault::ModifyResetsFolder, EFF_2),
    (Fault::RemoveByPrefix, EFF_2),
    (Fault::PartialAdd, EFF_3),
    (Fault::UnknownModifyCreates, EFF_4),
    (Fault::TwinsInAddAccepted, EFF_6),
    (Fault::LostUpdate, EFF_10),
    (Fault::SameModifyRefused, EFF_9),
    (Fault::Removal204, OK_1),
    (Fault::SubObjectsNull, OK_2),
    (Fault::LastUnlisted, OK_3),
    (Fault::UriIsNull, OK_4),
    (Fault::LicenseSetOk, OK_5),
    (Fault::ForbiddenMessageMissing, ERR_1),
    (Fault::SourcePosition, ERR_2),
    (Fault::ErrorIdIsNull, ERR_3),
    (Fault::ErrorIdForeign, ERR_4),
    (Fault::MalformedWithDetails, ERR_5),
    (Fault::DetailsEmpty, ERR_6),
    (Fault::ErrorType8, ERR_7),
    (Fault::NewTypeOldServer, ERR_8),
    (Fault::LicenseErrorNameless, ERR_9),
    (Fault::Malformed422, ERR_10),
    (Fault::ErrorLabelText, ERR_11),
    (Fault::PropertyNameForeign, ERR_12),
    (Fault::MalformedDrops, ISE_1),
    (Fault::FailureForeignId, ISE_2),
    (Fault::FailureHalfApplied, ISE_3),
    (Fault::Removed404, GONE_1),
    (Fault::RemovedApplied, GONE_1),
    (Fault::EmptyWorkgroup410, GONE_2),
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
fn faults_of_every_family_are_found_with_a_minimal_case() {
    let mut text = String::new();
    let mut held = Vec::new();
    for (fault, rule) in FOUND {
        let row = fault.row();
        assert!(
            row.rules.contains(rule),
            "{} does not break {rule}",
            row.name
        );
        let report = report(*fault, *rule);
        match found(&report, *rule) {
            Some(finding) => text.push_str(&shown(row.name, finding)),
            None => held.push(format!("{}: {rule} held", row.name)),
        }
    }
    assert!(held.is_empty(), "{held:#?}");
    snapshot::assert("minimal_cases", &text);
}

/// A run, against a server with that fault, of what is aimed at that rule.
fn report(fault: Fault, rule: RuleId) -> Report {
    let server = running::server(Settings {
        faults: [fault].into(),
        ..Settings::default()
    });
    let aimed = |property: &Property| property.rules.contains(&rule);
    let mut properties = suites::all();
    properties.retain(aimed);
    let report = running::report(running::plan(server.profile(), properties));
    assert_eq!(report.unjudged, [""; 0], "{}", fault.row().name);
    report
}

/// The finding that a report would show of that rule.
fn found(report: &Report, rule: RuleId) -> Option<&Finding> {
    let blocks = blocks(report).into_iter();
    let mut shown = blocks.flat_map(|block| block.shown);
    Some(shown.find(|shown| shown.finding.rule == rule)?.finding)
}

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
        text.push_str(&format!("  {line}\n"));
    }
    text
}
