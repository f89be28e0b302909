//! `run --baseline`: what an earlier run found is known, only the rest fails.

use std::fs;
use std::net::TcpListener;
use std::path::Path;

use crate::binary::icws;
use crate::ended::{Ended, ended};
use crate::serving::Serving;
use icws_conformance::cli::exit;
use serde_json::{Value, json};

fn call(folder: &Path, arguments: &[&str]) -> Ended {
    ended(&mut icws(folder, arguments))
}

fn report(folder: &Path, name: &str) -> Value {
    let text = fs::read_to_string(folder.join(name)).expect(name);
    serde_json::from_str(&text).expect("JSON")
}

/// Runs a few properties against that server, and leaves a report.
fn run(folder: &Path, serving: &Serving, name: &str, more: &[&str]) -> Ended {
    let (url, sink) = (serving.url(), format!("json={name}"));
    let own = ["--target", &url, "--seed", "5", "--report", &sink];
    let only: &[&str] = if more.contains(&"--only") {
        &[]
    } else {
        &["--only", "session/missing"]
    };
    call(folder, &[&own[..], only, more].concat())
}

#[test]
fn known_findings_do_not_fail_new_ones_do_and_gone_ones_are_counted() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    let broken = Serving::start(folder, &["--fault", "missing-token-403"], &[]);
    let ended = run(folder, &broken, "old.json", &[]);
    assert_eq!(ended.code, Some(exit::VIOLATES.into()), "{ended:#?}");

    let again = ["--baseline", "old.json", "--strict"];
    let ended = run(folder, &broken, "new.json", &again);
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    assert!(
        ended
            .out
            .contains("\nknown  session/missing-token · SES-2 · ")
    );
    assert!(!ended.out.contains("\nnew  "), "{ended:#?}");
    let new = report(folder, "new.json");
    let count = new["baseline"]["known"].as_u64().expect("a count");
    let findings = new["properties"].as_array().expect("a list").iter();
    let findings: Vec<_> = findings
        .flat_map(|one| one["findings"].as_array().expect("a list"))
        .collect();
    assert!(count > 0 && findings.len() as u64 == count, "{new}");
    assert!(findings.iter().all(|found| found["known"] == true), "{new}");
    assert_eq!(new["baseline"]["new"], 0);
    assert_eq!(new["decision"], "conforms");

    let worse = Serving::start(
        folder,
        &[
            "--fault",
            "missing-token-403",
            "--fault",
            "missing-cookie-403",
        ],
        &[],
    );
    let ended = run(folder, &worse, "worse.json", &["--baseline", "old.json"]);
    assert_eq!(ended.code, Some(exit::VIOLATES.into()), "{ended:#?}");
    assert!(
        ended
            .out
            .contains("\nnew  session/missing-cookie · SES-5 · ")
    );
    assert!(ended.out.contains("SES-5 (must): "), "{ended:#?}");
    assert!(!ended.out.contains("SES-2 (must): "), "{ended:#?}");

    let good = Serving::start(folder, &[], &[]);
    let ended = run(folder, &good, "good.json", &["--baseline", "old.json"]);
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    let gone = report(folder, "good.json")["baseline"]["gone"].clone();
    assert_eq!(gone.as_array().expect("a list").len() as u64, count);
    assert!(
        ended
            .out
            .contains(&format!("0 new, 0 known, {count} gone\n"))
    );

    // Other properties were not judged before, and these are not judged now.
    let other = ["--baseline", "old.json", "--only", "session/wrong"];
    let ended = run(folder, &worse, "other.json", &other);
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    assert!(
        ended
            .out
            .contains("note: the baseline did not judge `session/wrong")
    );
    let other = report(folder, "other.json");
    assert_eq!(other["baseline"]["gone"], json!([]));
    assert_eq!(
        other["baseline"]["not_judged"].as_array().map(Vec::len),
        usize::try_from(count).ok()
    );
}

#[test]
fn shards_know_the_baseline_and_merge_tells_what_is_gone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    let broken = Serving::start(folder, &["--fault", "missing-token-403"], &[]);
    run(folder, &broken, "old.json", &[]);
    let good = Serving::start(folder, &["--fault", "missing-cookie-403"], &[]);
    for (shard, name) in [("1/2", "1.json"), ("2/2", "2.json")] {
        let more = ["--shard", shard, "--baseline", "old.json"];
        run(folder, &good, name, &more);
        assert_eq!(report(folder, name)["baseline"]["gone"], json!([]));
    }
    let ended = call(
        folder,
        &["merge", "1.json", "2.json", "--report", "json=m.json"],
    );
    assert_eq!(ended.code, Some(exit::VIOLATES.into()), "{ended:#?}");
    let merged = report(folder, "m.json");
    assert_eq!(merged["baseline"]["known"], 0);
    assert!(merged["baseline"]["new"].as_u64() > Some(0), "{merged}");
    let arguments = [
        "merge",
        "1.json",
        "2.json",
        "--baseline",
        "old.json",
        "--report",
        "json=-",
    ];
    let ended = call(folder, &arguments);
    let merged: Value = serde_json::from_str(&ended.out).expect("JSON");
    let gone = merged["baseline"]["gone"].as_array().expect("a list");
    assert!(!gone.is_empty(), "{merged}");
    // The merged whole as the baseline of itself.
    let arguments = ["merge", "1.json", "2.json", "--baseline", "m.json"];
    let ended = call(folder, &arguments);
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    assert!(
        ended.out.contains("\nknown   session/missing-cookie · "),
        "{ended:#?}"
    );
}

#[test]
fn what_is_no_baseline_ends_with_2_and_nothing_is_sent() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    let good = Serving::start(folder, &[], &[]);
    run(folder, &good, "good.json", &[]);
    let changed = |name: &str, key: &str, value: Value| {
        let mut report = report(folder, "good.json");
        *report.pointer_mut(key).expect(key) = value;
        fs::write(folder.join(name), report.to_string()).expect("a file");
    };
    changed("schema.json", "/schema", json!("icws-conformance/report/2"));
    let mut older = report(folder, "good.json");
    older["tool"] = json!({ "version": "0.0.9", "contract": "0" });
    let rules = older["rules"].as_array_mut().expect("a list");
    rules.retain(|rule| !["REP-18", "REP-19"].contains(&rule["id"].as_str().expect("an id")));
    fs::write(folder.join("contract.json"), older.to_string()).expect("a file");
    changed("nothing.json", "/properties", json!([]));
    changed("old.json", "/tool", json!({ "version": "0.0.9" }));
    run(folder, &good, "shard.json", &["--shard", "1/2"]);
    fs::write(folder.join("cut.json"), "{").expect("a file");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a socket");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    for (name, expected) in [
        ("none.json", "report `none.json`: no such file"),
        ("cut.json", "report `cut.json`: cut short"),
        ("schema.json", "its `schema` is `icws-conformance/report/2`"),
        ("shard.json", "report `shard.json`: is of shard 1/2"),
        ("nothing.json", "report `nothing.json`: judged nothing"),
    ] {
        let ended = call(folder, &["--target", &url, "--baseline", name]);
        let complaint = ended.complaint(exit::USAGE.into());
        assert!(complaint.starts_with("--baseline: "), "{complaint}");
        assert!(complaint.contains(expected), "{expected}: {complaint}");
    }
    let error = listener.accept().expect_err("nobody comes");
    assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock);
    let ended = run(folder, &good, "r.json", &["--baseline", "contract.json"]);
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    let told = "version 0.0.9 wrote the baseline without the rules REP-18, REP-19: what breaks";
    assert!(ended.out.contains(told), "{ended:#?}");
    let ended = run(folder, &good, "r.json", &["--baseline", "old.json"]);
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    assert!(
        ended
            .out
            .contains("does not say which contract it is of: version 0.0.9")
    );
}

/// The profile of a server, with waivers.
fn waived(folder: &Path, waivers: &str) {
    let profile = fs::read_to_string(folder.join("p.toml")).expect("a profile");
    fs::write(folder.join("w.toml"), profile + waivers).expect("a profile");
}

#[test]
fn a_stale_waiver_fails_under_strict_alone_and_of_a_whole_run_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    let _serving = Serving::start(folder, &["--profile-out", "p.toml"], &[]);
    let waiver = "\n[[waivers]]\nrule = \"SES-2\"\nreason = \"known\"\n";
    waived(folder, waiver);
    let whole = ["--profile", "w.toml", "--cases", "8"];
    let stale = "the waiver of SES-2 covers no finding: remove it";
    let ended = call(folder, &whole);
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    assert!(
        ended.out.contains(&format!("note: {stale}\n")),
        "{ended:#?}"
    );
    let strict = [&whole[..], &["--strict", "--report", "json=r.json"]].concat();
    let ended = call(folder, &strict);
    assert_eq!(ended.code, Some(exit::VIOLATES.into()), "{ended:#?}");
    assert!(
        ended.out.contains(&format!("fails: {stale}\n")),
        "{ended:#?}"
    );
    assert_eq!(report(folder, "r.json")["failures"], json!([stale]));
    let ended = call(
        folder,
        &[&strict[..], &["--only", "session/missing"]].concat(),
    );
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    // The shards agree on it.
    for (shard, name) in [("1/2", "json=1.json"), ("2/2", "json=2.json")] {
        let more = [
            "--strict", "--seed", "5", "--shard", shard, "--report", name,
        ];
        let ended = call(folder, &[&whole[..], &more].concat());
        assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    }
    let ended = call(folder, &["merge", "1.json", "2.json"]);
    assert_eq!(ended.code, Some(exit::VIOLATES.into()), "{ended:#?}");
    assert!(
        ended.out.contains(&format!("fails: {stale}\n")),
        "{ended:#?}"
    );
    // One that has expired says so, and is no failure by itself.
    waived(folder, &format!("{waiver}expires = \"2020-01-01\"\n"));
    let ended = call(folder, &strict);
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    assert!(ended.out.contains("expired on 2020-01-01"), "{ended:#?}");
    for (from, to, expected) in [
        ("reason = \"known\"", "", "`waivers[0].reason`: missing"),
        ("SES-2", "SES-99", "unknown rule `SES-99`"),
        (
            "[[waivers]]",
            "[[waivers]]\nexpires = \"2027-02-30\"",
            "is not a day of the calendar",
        ),
    ] {
        waived(folder, &waiver.replace(from, to));
        let ended = call(folder, &whole);
        let complaint = ended.complaint(exit::USAGE.into());
        assert!(complaint.contains(expected), "{complaint}");
    }
}
