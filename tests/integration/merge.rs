//! The shards of a run, merged, are the run.

use std::fs;
use std::path::Path;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse;
use icws_conformance::cli::exit;
use icws_conformance::reference::{Settings, app};
use serde_json::{Value, json};

use crate::binary::icws;
use crate::ended::{Ended, ended};
use crate::hosting::host;
use crate::serving::Serving;

fn call(folder: &Path, arguments: &[&str]) -> Ended {
    ended(&mut icws(folder, arguments))
}

fn report(folder: &Path, name: &str) -> Value {
    let text = fs::read_to_string(folder.join(name)).expect(name);
    serde_json::from_str(&text).expect("JSON")
}

/// Of each finding the identity and where it was found first, in their order.
fn findings(report: &Value) -> Vec<(String, u64)> {
    let properties = report["properties"].as_array().expect("a list");
    let findings = properties.iter().flat_map(|property| {
        let findings = property["findings"].as_array();
        findings.expect("a list").iter()
    });
    let told = findings.map(|finding| {
        let identity = finding["identity"].as_str().expect("an identity");
        let first = finding["cases_to_find"].as_u64().expect("a number");
        (identity.to_owned(), first)
    });
    told.collect()
}

/// A part of every property or rule.
fn each<'a>(report: &'a Value, list: &str, keys: [&str; 3]) -> Vec<[&'a Value; 3]> {
    let list = report[list].as_array().expect("a list");
    list.iter().map(|one| keys.map(|key| &one[key])).collect()
}

/// Runs the whole and its three shards against servers with those faults, and
/// compares; answers how many findings there are.
fn compared(faults: &[&str], seed: &str) -> usize {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    let options: Vec<_> = faults.iter().flat_map(|name| ["--fault", name]).collect();
    let run = |name: &str, more: &[&str]| {
        // Each has a machine of its own.
        let serving = Serving::start(folder, &options, &[]);
        let (url, sink) = (serving.url(), format!("json={name}"));
        let own = ["-q", "--target", &url, "--seed", seed, "--report", &sink];
        call(folder, &[&own[..], more].concat())
    };
    let whole = run("whole.json", &[]);
    for shard in ["3/3", "1/3", "2/3"] {
        let name = format!("{}.json", &shard[..1]);
        run(&name, &["--shard", shard]);
        assert_eq!(report(folder, &name)["shard"], shard);
    }
    let arguments = [
        "merge",
        "2.json",
        "1.json",
        "3.json",
        "--report",
        "json=merged.json",
    ];
    let ended = call(folder, &arguments);
    assert_eq!(ended.code, whole.code, "{ended:#?}");
    let (whole, merged) = (report(folder, "whole.json"), report(folder, "merged.json"));
    assert_eq!(
        findings(&merged),
        findings(&whole),
        "{faults:?}, seed {seed}"
    );
    for key in [
        "schema",
        "decision",
        "exit_code",
        "seed",
        "cases",
        "strict",
        "open",
        "shapes",
        "unjudged",
    ] {
        assert_eq!(merged[key], whole[key], "{key}");
    }
    let outcomes = ["id", "outcome", "cases"];
    assert_eq!(
        each(&merged, "properties", outcomes),
        each(&whole, "properties", outcomes)
    );
    // How often a rule was put to the test depends on what a broken target
    // left on the workgroup before.
    let statuses = match faults {
        [] => ["id", "status", "checks"],
        _ => ["id", "status", "level"],
    };
    assert_eq!(
        each(&merged, "rules", statuses),
        each(&whole, "rules", statuses)
    );
    findings(&whole).len()
}

#[test]
fn three_shards_of_a_conforming_target_are_the_run() {
    assert_eq!(compared(&[], "1"), 0);
}

#[test]
fn three_shards_of_a_broken_target_are_the_run() {
    for (faults, seed) in [
        (
            &["missing-token-accepted", "outbound-folder-added"][..],
            "1",
        ),
        (
            &["challenge-missing-sometimes", "modify-resets-folder"],
            "2",
        ),
        (&["ended-500", "nan-accepted", "last-remove-forgotten"], "3"),
    ] {
        assert!(compared(faults, seed) > 1);
    }
}

/// What no case of its own shows is told by every shard, and once of the whole.
#[test]
fn what_is_found_around_the_cases_is_merged_as_well() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    let page = from_fn(|request: Request, next: Next| async move {
        if request.uri().path().ends_with("/monitored-mailboxes") {
            return (StatusCode::BAD_GATEWAY, "<h1>Bad Gateway</h1>").into_response();
        }
        next.run(request).await
    });
    let target = format!("http://{}", host(app(Settings::default()).layer(page)));
    for shard in ["1/2", "2/2"] {
        let sink = format!("json={}.json", &shard[..1]);
        let run = ["-q", "--target", &target, "--seed", "5", "--cases", "4"];
        call(
            folder,
            &[&run[..], &["--shard", shard, "--report", &sink]].concat(),
        );
    }
    let sink = ["--report", "json=merged.json"];
    let ended = call(
        folder,
        &[&["merge", "1.json", "2.json"], &sink[..]].concat(),
    );
    assert_eq!(ended.code, Some(exit::VIOLATES.into()), "{ended:#?}");
    let found = findings(&report(folder, "merged.json"));
    let identities: Vec<&str> = found
        .iter()
        .map(|(identity, _)| identity.as_str())
        .collect();
    let page = "answer/page · ISE-1 · a page with the status 502";
    assert!(identities.contains(&page), "{identities:#?}");
}

#[test]
fn what_is_no_whole_is_refused_and_what_is_missing_is_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    for shard in ["1/3", "2/3", "3/3"] {
        let sink = format!("json={}.json", &shard[..1]);
        let own = [
            "-q",
            "--only",
            "session/missing",
            "--seed",
            "5",
            "--report",
            &sink,
        ];
        call(folder, &[&own[..], &["--shard", shard]].concat());
    }
    let changed = |name: &str, key: &str, value: Value| {
        let mut report = report(folder, "2.json");
        *report.pointer_mut(key).expect(key) = value;
        fs::write(folder.join(name), report.to_string()).expect("a file");
    };
    changed("seed.json", "/seed", json!("0000000000000006"));
    changed("name.json", "/target/name", json!("elsewhere"));
    changed("schema.json", "/schema", json!("icws-conformance/report/2"));
    changed("shards.json", "/shard", json!("2/4"));
    changed("shard.json", "/shard", json!("x"));
    changed("cases.json", "/budget", json!(1));
    changed("type.json", "/requests", json!("many"));
    changed("whole.json", "/shard", Value::Null);
    fs::write(folder.join("cut.json"), "{").expect("a file");
    for (reports, expected) in [
        (
            &["1.json", "2.json", "1.json"][..],
            "`1.json` and `1.json` are both of shard 1/3",
        ),
        (
            &["1.json", "seed.json"],
            "of different runs: their seeds differ",
        ),
        (
            &["1.json", "name.json"],
            "of different runs: their target names differ",
        ),
        (
            &["1.json", "cases.json"],
            "their numbers of cases (`--cases`) differ",
        ),
        (&["1.json", "shards.json"], "their numbers of shards differ"),
        (
            &["1.json", "shard.json"],
            "`shard.json`: `shard`: `x` is no shard",
        ),
        (&["1.json", "whole.json"], "`whole.json` is of a whole run"),
        (
            &["1.json", "schema.json"],
            "report `schema.json`: its `schema` is `",
        ),
        (
            &["1.json", "type.json"],
            "report `type.json`: `requests`: invalid type",
        ),
        (&["1.json", "cut.json"], "report `cut.json`: cut short: "),
        (&["1.json", "none.json"], "report `none.json`: no such file"),
    ] {
        let ended = call(folder, &[&["merge"], reports].concat());
        let complaint = ended.complaint(exit::USAGE.into());
        assert!(complaint.contains(expected), "{expected}: {complaint}");
    }
    let ended = call(folder, &["merge", "3.json", "1.json", "--report", "json=-"]);
    assert_eq!(ended.code, Some(exit::UNJUDGED.into()), "{ended:#?}");
    let merged: Value = serde_json::from_str(&ended.out).expect("JSON");
    assert_eq!(merged["unjudged"], json!(["shards are missing: 2/3"]));
    assert_eq!(merged["decision"], "unjudged");
    assert!(
        ended
            .err
            .contains("could not judge: shards are missing: 2/3\n"),
        "{ended:#?}"
    );
    let ended = call(folder, &["merge", "3.json", "2.json", "1.json"]);
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    assert!(
        ended.out.starts_with("3 shards of reference at "),
        "{ended:#?}"
    );
}
