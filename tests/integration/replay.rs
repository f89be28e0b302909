//! `replay` from outside: what a finding comes to on other servers, and when
//! nothing can be said.

use std::fs;
use std::path::{Path, PathBuf};

use crate::binary::icws;
use crate::ended::{Ended, ended};
use crate::serving::Serving;
use icws_conformance::cli::exit;
use serde_json::{Value, json};
use tempfile::TempDir;

/// What a run of some properties against a server left behind: the folder, and
/// the replay file of that rule's first finding in it.
fn found(options: &[&str], only: &str, rule: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let serving = Serving::start(folder.path(), options, &[]);
    let url = serving.url();
    let arguments = [
        "--only",
        only,
        "--seed",
        "5",
        "--target",
        &url,
        "--report",
        "json=r.json",
        "-q",
    ];
    let ended = call(folder.path(), &arguments);
    assert_eq!(ended.code, Some(exit::VIOLATES.into()), "{ended:#?}");
    let text = fs::read_to_string(folder.path().join("r.json")).expect("a report");
    let report: Value = serde_json::from_str(&text).expect("JSON");
    let properties = report["properties"].as_array().expect("a list");
    let mut findings = properties.iter().flat_map(|property| {
        let findings = property["findings"].as_array();
        findings.expect("a list").iter()
    });
    let finding = findings.find(|finding| finding["rule"] == rule);
    let command = finding.expect(rule)["replay"].as_str().expect("a command");
    let mut words = command.split(' ').skip(2);
    let file = PathBuf::from(words.next().expect("a file"));
    (folder, file)
}

fn call(folder: &Path, arguments: &[&str]) -> Ended {
    ended(&mut icws(folder, arguments))
}

fn replay(folder: &Path, file: &Path, options: &[&str]) -> Ended {
    let file = file.to_str().expect("a path in UTF-8");
    call(folder, &[&["replay", file][..], options].concat())
}

/// The last line, of a replay that ended with that code.
fn verdict(ended: &Ended, code: u8) -> &str {
    assert_eq!(ended.code, Some(code.into()), "{ended:#?}");
    ended.out.lines().last().expect("a line")
}

const FAULT: [&str; 2] = ["--fault", "missing-token-accepted"];

#[test]
fn what_still_fails_and_what_is_fixed_are_told_apart() {
    let (folder, file) = found(&FAULT, "session/missing", "SES-2");
    let broken = Serving::start(folder.path(), &FAULT, &[]);
    let ended = replay(folder.path(), &file, &["--target", &broken.url()]);
    let last = verdict(&ended, exit::VIOLATES);
    assert_eq!(
        last, "FAILS: SES-2 shows in 3 of 3, exit code 1",
        "{ended:#?}"
    );
    assert_eq!(ended.out.matches("SES-2 (must): ").count(), 1, "{ended:#?}");
    assert!(ended.out.contains("\n  legal      401 "), "{ended:#?}");
    assert!(
        ended
            .out
            .starts_with("replay   session/missing-token · SES-2 · ")
    );

    let whole = Serving::start(folder.path(), &["--profile-out", "p.toml"], &[]);
    let options = ["--target", &whole.url(), "--times", "5"];
    let ended = replay(folder.path(), &file, &options);
    let last = verdict(&ended, exit::CONFORMS);
    assert_eq!(
        last, "FIXED: SES-2 shows in none of 5, exit code 0",
        "{ended:#?}"
    );
    assert_eq!(
        ended.out.matches("  clean    answered 401").count(),
        5,
        "{ended:#?}"
    );

    // Another name is no mistake.
    let path = folder.path().join("p.toml");
    let profile = fs::read_to_string(&path).expect("a profile");
    let renamed = profile.replace("name = \"reference\"", "name = \"elsewhere\"");
    fs::write(&path, &renamed).expect("a profile");
    let ended = replay(folder.path(), &file, &["--profile", "p.toml"]);
    verdict(&ended, exit::CONFORMS);
    let note = "note: the finding is of `reference`, this target is `elsewhere`\n";
    assert!(ended.out.contains(note), "{ended:#?}");
}

#[test]
fn what_fails_sometimes_is_flaky() {
    // Its sessions are refused after fifty updates.
    let fault = ["--fault", "tired-session"];
    let (folder, file) = found(&fault, "update/", "SES-1");
    // One update for each sending, with nothing to store before.
    let plain = json!({ "steps": [{ "body": { "json": {} } }] });
    let path = folder.path().join(&file);
    let text = fs::read_to_string(&path).expect("a file");
    let mut replayed: Value = serde_json::from_str(&text).expect("JSON");
    replayed["case"] = plain;
    fs::write(&path, replayed.to_string()).expect("a file");
    let broken = Serving::start(folder.path(), &fault, &[]);
    let options = ["--target", &broken.url(), "--times", "100"];
    let ended = replay(folder.path(), &file, &options);
    let last = verdict(&ended, exit::VIOLATES);
    assert!(last.starts_with("FLAKY: SES-1 shows in "), "{ended:#?}");
}

#[test]
fn what_could_not_be_judged_is_never_fixed() {
    let (folder, file) = found(&FAULT, "session/missing", "SES-2");
    let unjudged = |ended: &Ended, expected: &str| {
        let last = verdict(ended, exit::UNJUDGED);
        assert!(last.starts_with("CANNOT JUDGE"), "{ended:#?}");
        let whole = format!("{}{}", ended.out, ended.err);
        assert!(whole.contains(expected), "{expected}: {ended:#?}");
    };
    // Nobody listens.
    let gone = Serving::start(folder.path(), &[], &[]).url();
    let ended = replay(folder.path(), &file, &["--target", &gone]);
    unjudged(&ended, "failed to open a session");
    // No session can be had.
    let planted = [("ICWS_PASSWORD", "another")];
    let locked = Serving::start(folder.path(), &[], &planted);
    let ended = replay(folder.path(), &file, &["--target", &locked.url()]);
    unjudged(&ended, "target refused user `admin`");

    // Something that the case needs is missing.
    let whole = Serving::start(folder.path(), &["--profile-out", "p.toml"], &[]);
    let profile = fs::read_to_string(folder.path().join("p.toml")).expect("a profile");
    let path = folder.path().join("poor.toml");
    let start = profile.find("[users.restricted]").expect("a second user");
    let end = profile.find("[workgroups]").expect("workgroups");
    let hooks = profile.find("[hooks.").expect("hooks");
    let limits = profile.find("[limits]").expect("limits");
    let poor = [&profile[..start], &profile[end..hooks], &profile[limits..]].concat();
    fs::write(path, poor).expect("a profile");
    let text = fs::read_to_string(folder.path().join(&file)).expect("a file");
    let original: Value = serde_json::from_str(&text).expect("JSON");
    for (pointer, value, expected) in [
        (
            "/case/steps/0/session/life",
            json!("expired"),
            "(hooks.expire_session)",
        ),
        (
            "/case/steps/0/session/asker",
            json!("restricted"),
            "(users.restricted)",
        ),
        (
            "/case/steps/0/prelude",
            json!("fail-next"),
            "(hooks.fail_next)",
        ),
        (
            "/case/steps/0/prelude",
            json!("remove-resource"),
            "(hooks.remove_resource)",
        ),
        (
            "/case/steps/0/workgroup",
            json!({ "absent": "SALES" }),
            "here it does",
        ),
        (
            "/target/mailboxes",
            json!({ "EX:other@acme.test": [] }),
            "(mailboxes)",
        ),
    ] {
        let mut changed = original.clone();
        *changed.pointer_mut(pointer).expect(pointer) = value;
        let path = folder.path().join("changed.json");
        fs::write(&path, changed.to_string()).expect("a file");
        let ended = replay(folder.path(), &path, &["--profile", "poor.toml"]);
        unjudged(&ended, expected);
    }
    drop(whole);
}

#[test]
fn without_a_target_only_the_embedded_server_is_meant() {
    let (folder, file) = found(&FAULT, "session/missing", "SES-2");
    let ended = replay(folder.path(), &file, &[]);
    let complaint = ended.complaint(exit::USAGE.into());
    assert!(
        complaint.contains("name it with `--profile FILE`"),
        "{complaint}"
    );

    let path = folder.path().join(&file);
    let text = fs::read_to_string(&path).expect("a file");
    let text = text.replace("\"embedded\": false", "\"embedded\": true");
    fs::write(&path, text).expect("a file");
    let ended = replay(folder.path(), &file, &[]);
    assert!(
        ended
            .out
            .contains("reference (embedded) at http://127.0.0.1:"),
        "{ended:#?}"
    );
    verdict(&ended, exit::CONFORMS);
}

#[test]
fn a_bad_file_is_one_line_and_nothing_is_sent() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("cut.json"), "{\"schema\": ").expect("a file");
    fs::write(folder.path().join("none.json"), "no").expect("a file");
    for (file, expected) in [
        ("missing.json", "`missing.json`: no such file; "),
        (".", "`.`: is a folder; "),
        ("cut.json", "breaks off at line 1, column 11; "),
        ("none.json", "no JSON at line 1, column 2: expected ident; "),
    ] {
        let ended = replay(folder.path(), Path::new(file), &[]);
        let complaint = ended.complaint(exit::USAGE.into());
        assert!(complaint.contains(expected), "{complaint}");
        assert_eq!(ended.out, "");
    }
    for times in ["0", "101", "x"] {
        let ended = replay(folder.path(), Path::new("x"), &["--times", times]);
        assert_eq!(ended.code, Some(exit::USAGE.into()), "{ended:#?}");
    }
}
