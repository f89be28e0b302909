//! `compare`: reports and targets side by side.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::binary::icws;
use crate::ended::{Ended, ended};
use icws_conformance::cli::exit;
use icws_conformance::embedded::Embedded;
use icws_conformance::reference::{Fault, Settings, Variant};
use icws_conformance::target::{PasswordSource, PasswordSources, to_toml};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The passwords of both users, in variables.
const VARIABLES: [&str; 2] = ["ICWS_PASSWORD", "ICWS_RESTRICTED_PASSWORD"];

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn start(settings: Settings) -> Embedded {
    Embedded::start(settings).expect("a free port")
}

/// A server with those switches, and its profile in that folder.
fn served(folder: &Path, name: &str, settings: Settings) -> Embedded {
    let server = start(settings);
    let [privileged, restricted] = VARIABLES.map(|name| PasswordSource::Env(name.to_owned()));
    let sources = PasswordSources {
        privileged,
        restricted: Some(restricted),
    };
    let text = to_toml(server.profile(), &sources);
    fs::write(folder.join(name), text).expect("a profile");
    server
}

fn faulty(fault: Fault) -> Settings {
    Settings {
        faults: [fault].into(),
        ..Settings::default()
    }
}

fn call(folder: &Path, arguments: &[&str]) -> Ended {
    use icws_conformance::reference::Fixtures;
    let mut command = icws(folder, arguments);
    for user in &Fixtures::default().users {
        let name = VARIABLES[usize::from(!user.may_modify)];
        command.env(name, &user.password);
    }
    ended(&mut command)
}

/// Compares `a.toml` with `b.toml`.
fn compared(folder: &Path, more: &[&str]) -> (Value, Ended) {
    let own = [
        "compare", "a.toml", "b.toml", "--seed", "5", "--cases", "48", "--format", "json",
    ];
    let ended = call(folder, &[&own[..], more].concat());
    let json = serde_json::from_str(&ended.out).unwrap_or_else(|_| panic!("{ended:#?}"));
    (json, ended)
}

/// The rules of that verdict.
fn rules(comparison: &Value, verdict: &str) -> BTreeSet<String> {
    let rules = comparison["rules"].as_array().expect("a list").iter();
    let rules = rules.filter(|rule| rule["verdict"] == verdict);
    rules
        .map(|rule| rule["rule"].as_str().expect("an id").to_owned())
        .collect()
}

fn is_empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty)
}

#[test]
fn a_target_does_not_differ_from_its_like() {
    let folder = folder();
    let _a = served(folder.path(), "a.toml", Settings::default());
    let _b = served(folder.path(), "b.toml", Settings::default());
    let (comparison, ended) = compared(folder.path(), &["--strict", "--fail-on-drift"]);
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    for list in ["rules", "open", "unjudged"] {
        assert!(is_empty(&comparison[list]), "{list}: {comparison}");
    }
    assert_eq!(comparison["shapes"], json!({ "new": [], "gone": [] }));
    let quiet = json!({ "findings": [], "open": [], "shapes": [] });
    assert_eq!(comparison["noise"], quiet);
    // A target and itself.
    let own = ["compare", "a.toml", "a.toml", "--only", "session/missing"];
    let ended = call(folder.path(), &own);
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    assert!(
        ended.out.contains("note: both are at one address"),
        "{ended:#?}"
    );
}

#[test]
fn faults_show_as_new_failures_of_their_rules_and_mended_as_fixed() {
    for fault in [
        Fault::AddLosesFolder,
        Fault::ChallengeWithoutRealm,
        Fault::Ended500,
        Fault::ErrorIdForeign,
        Fault::SingleQuotesAccepted,
    ] {
        let folder = folder();
        let _a = served(folder.path(), "a.toml", Settings::default());
        let _b = served(folder.path(), "b.toml", faulty(fault));
        let name = fault.row().name;
        let (comparison, ended) = compared(folder.path(), &["--strict"]);
        assert_eq!(
            ended.code,
            Some(exit::VIOLATES.into()),
            "{name}: {ended:#?}"
        );
        let failing = rules(&comparison, "new_failure");
        let of_row: BTreeSet<String> = fault
            .row()
            .rules
            .iter()
            .map(|rule| rule.as_str().to_owned())
            .collect();
        assert_eq!(failing, of_row, "{name}: {comparison}");
        for verdict in ["fixed", "still_failing"] {
            assert!(
                rules(&comparison, verdict).is_empty(),
                "{name}: {comparison}"
            );
        }
    }
    let folder = folder();
    let _a = served(folder.path(), "a.toml", faulty(Fault::MissingTokenAccepted));
    let _b = served(folder.path(), "b.toml", Settings::default());
    let (comparison, ended) = compared(folder.path(), &["--only", "session/"]);
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    assert!(
        rules(&comparison, "fixed").contains("SES-2"),
        "{comparison}"
    );
    assert!(rules(&comparison, "new_failure").is_empty(), "{comparison}");
}

#[test]
fn variants_show_as_other_answers_and_shapes_alone() {
    for (variant, rules) in [
        (Variant::UnknownRemove404, &["EFF-5", "EFF-7"][..]),
        (Variant::DuplicateKeysRefused, &["REP-12"]),
        (Variant::TwiceInRemoveRefused, &["EFF-7"]),
        (Variant::BomAccepted, &["REP-2"]),
        (Variant::PlainLabel, &[]),
    ] {
        let folder = folder();
        let _a = served(folder.path(), "a.toml", Settings::default());
        let settings = Settings {
            variants: [variant].into(),
            ..Settings::default()
        };
        let _b = served(folder.path(), "b.toml", settings);
        let (comparison, ended) = compared(folder.path(), &["--strict"]);
        assert_eq!(
            ended.code,
            Some(exit::CONFORMS.into()),
            "{variant:?}: {ended:#?}"
        );
        assert!(is_empty(&comparison["rules"]), "{variant:?}: {comparison}");
        let open = comparison["open"].as_array().expect("a list").iter();
        let changed: BTreeSet<_> = open.map(|open| open["rule"].as_str()).collect();
        assert_eq!(
            changed,
            rules.iter().map(|rule| Some(*rule)).collect(),
            "{comparison}"
        );
        if rules.is_empty() {
            assert!(!is_empty(&comparison["shapes"]["new"]), "{comparison}");
            assert!(!is_empty(&comparison["shapes"]["gone"]), "{comparison}");
        }
        if variant == Variant::BomAccepted {
            let (_, ended) = compared(folder.path(), &["--fail-on-drift"]);
            assert_eq!(ended.code, Some(exit::VIOLATES.into()), "{ended:#?}");
        }
    }
}

/// The report of a run against that server.
fn reported(folder: &Path, server: &Embedded, name: &str, more: &[&str]) {
    let (url, sink) = (server.base_url().to_string(), format!("json={name}"));
    let own = [
        "-q",
        "--target",
        &url,
        "--only",
        "session/missing",
        "--report",
        &sink,
    ];
    call(folder, &[&own[..], more].concat());
}

#[test]
fn reports_are_compared_with_what_they_can_tell() {
    let folder = folder();
    let folder = folder.path();
    let good = start(Settings::default());
    let bad = start(faulty(Fault::MissingTokenAccepted));
    let worse = Settings {
        faults: [Fault::MissingTokenAccepted, Fault::MissingCookie403].into(),
        ..Settings::default()
    };
    let worse = start(worse);
    reported(folder, &good, "good.json", &["--seed", "5"]);
    reported(folder, &bad, "bad.json", &["--seed", "5"]);
    reported(
        folder,
        &worse,
        "worse.json",
        &["--seed", "6", "--cases", "20"],
    );
    let ended = call(
        folder,
        &["compare", "good.json", "good.json", "--fail-on-drift"],
    );
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    assert!(
        ended.out.contains("note: no noise was measured: "),
        "{ended:#?}"
    );
    assert!(!ended.out.contains("different"), "{ended:#?}");
    let ended = call(folder, &["compare", "good.json", "bad.json"]);
    assert_eq!(ended.code, Some(exit::VIOLATES.into()), "{ended:#?}");
    assert!(
        ended.out.contains("\nnew failure: SES-2 (must): "),
        "{ended:#?}"
    );
    let ended = call(folder, &["compare", "bad.json", "good.json"]);
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    assert!(ended.out.contains("\nfixed: SES-2 (must): "), "{ended:#?}");
    let markdown = ["compare", "bad.json", "worse.json", "--format", "markdown"];
    let ended = call(folder, &markdown);
    assert_eq!(ended.code, Some(exit::VIOLATES.into()), "{ended:#?}");
    assert!(
        ended.out.contains("\n| SES-5 | must | new failure | "),
        "{ended:#?}"
    );
    assert!(
        ended.out.contains("\n| SES-2 | must | still failing"),
        "{ended:#?}"
    );
    assert!(ended.out.contains("are of different seeds"), "{ended:#?}");
    assert!(
        ended
            .out
            .contains("different numbers of cases (192 and 20)"),
        "{ended:#?}"
    );
    // A side that could not be judged.
    let mut report: Value =
        serde_json::from_str(&fs::read_to_string(folder.join("good.json")).expect("a report"))
            .expect("JSON");
    report["unjudged"] = json!(["the run was interrupted"]);
    fs::write(folder.join("half.json"), report.to_string()).expect("a file");
    let ended = call(folder, &["compare", "good.json", "half.json"]);
    assert_eq!(ended.code, Some(exit::UNJUDGED.into()), "{ended:#?}");
    assert!(
        ended
            .out
            .contains("could not judge: the candidate: the run was"),
        "{ended:#?}"
    );
}

#[test]
fn what_cannot_be_compared_ends_with_2_and_what_is_not_reached_with_3() {
    let folder = folder();
    let server = served(folder.path(), "a.toml", Settings::default());
    reported(folder.path(), &server, "r.json", &["--seed", "5"]);
    reported(
        folder.path(),
        &server,
        "s.json",
        &["--seed", "5", "--shard", "1/2"],
    );
    for (arguments, expected) in [
        (
            &["a.toml", "r.json"][..],
            "are of two kinds; accepted: two JSON reports, or two",
        ),
        (&["r.json", "none.json"], "report `none.json`: no such file"),
        (&["r.json", "s.json"], "report `s.json`: is of shard 1/2"),
        (
            &["a.toml", "none.toml"],
            "profile `none.toml`: no such file",
        ),
        (
            &["r.json", "r.json", "--seed", "1"],
            "--seed: the runs of two reports are over",
        ),
        (
            &["a.toml", "a.toml", "--seed", "x"],
            "--seed: `x` is no seed",
        ),
        (
            &["a.toml", "a.toml", "--only", "x"],
            "--only: no property's id starts with `x`",
        ),
    ] {
        let ended = call(folder.path(), &[&["compare"], arguments].concat());
        let complaint = ended.complaint(exit::USAGE.into());
        assert!(complaint.contains(expected), "{expected}: {complaint}");
    }
    let gone = served(folder.path(), "b.toml", Settings::default());
    drop(gone);
    let ended = call(
        folder.path(),
        &["compare", "a.toml", "b.toml", "--cases", "2"],
    );
    let complaint = ended.complaint(exit::UNJUDGED.into());
    assert!(complaint.starts_with("candidate: "), "{complaint}");
}
