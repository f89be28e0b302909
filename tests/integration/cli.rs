//! The command line from outside: exit codes, messages, and what goes where.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::binary::icws;
use crate::ended::{Ended, ended};
use crate::serving::Serving;
use icws_conformance::cli::exit;
use icws_conformance::contract::rules::RULES;
use serde_json::Value;
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn call(folder: &Path, arguments: &[&str]) -> Ended {
    ended(&mut icws(folder, arguments))
}

#[test]
fn mistakes_are_one_line_and_end_with_2() {
    let folder = folder();
    for (arguments, expected) in [
        (
            &["--only", "nothing"][..],
            "families: `answer/`, `session/`, ",
        ),
        (&["--only", "session/none"], "did you mean `session/"),
        (
            &["run", "--skip", ""],
            "--skip: an empty text is the start of every id",
        ),
        (
            &["--seed", "hello"],
            "--seed: `hello` is no seed: accepted are",
        ),
        (&["--max-time", "soon"], "--max-time: `soon` is no duration"),
        (
            &["--report", "xml=r.xml"],
            "unknown format `xml`; accepted: `json`, `junit`, `html`",
        ),
        (&["--report", "json"], "is not of the form FORMAT=PATH"),
        (
            &["--report", "json=missing/r.json"],
            "failed to create `missing/r.json`: ",
        ),
        (&["--report", "json=."], "failed to create `.`: is a folder"),
        (
            &["--target", "ftp://127.0.0.1"],
            "the scheme `ftp`; accepted: `http://",
        ),
        (
            &["--target", "http://127.0.0.1/icws"],
            "the path `/icws`; accepted: ",
        ),
        (
            &["--target", "127.0.0.1:8018"],
            "did you mean `http://127.0.0.1:8018`?",
        ),
        (
            &["--profile", "none.toml"],
            "profile `none.toml`: no such file; name an ",
        ),
        (
            &["serve", "--fault", "token-accepted"],
            "unknown fault `token-accepted`; did you mean `",
        ),
        (&["serve", "--variant", "xyz"], "unknown variant `xyz`; "),
        (
            &["serve", "--listen", "nowhere"],
            "failed to listen at `nowhere`",
        ),
        (
            &["serve", "--profile-out", "missing/p.toml"],
            "failed to write `missing/p.toml.privileged-password`",
        ),
    ] {
        let ended = call(folder.path(), arguments);
        let complaint = ended.complaint(exit::USAGE.into());
        assert!(complaint.contains(expected), "{arguments:?}: {complaint}");
        assert_eq!(ended.out, "", "{arguments:?}");
    }
}

#[test]
fn wrong_usage_ends_with_2_and_help_with_0() {
    let folder = folder();
    for arguments in [
        &["--bogus"][..],
        &["--profile", "p.toml", "--target", "http://127.0.0.1:1"],
        &["--cases", "0"],
        &["--concurrency", "257"],
        &["-q", "-v"],
        &["nonsense"],
        &["completions", "tcsh"],
    ] {
        let ended = call(folder.path(), arguments);
        assert_eq!(ended.code, Some(exit::USAGE.into()), "{arguments:?}");
        assert!(ended.err.starts_with("error: "), "{arguments:?}: {ended:?}");
    }
    for arguments in [
        &["--help"][..],
        &["-h"],
        &["serve", "--help"],
        &["--version"],
    ] {
        let ended = call(folder.path(), arguments);
        assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{arguments:?}");
        assert!(ended.err.is_empty() && !ended.out.is_empty(), "{ended:?}");
    }
}

/// A profile with everything that it must have, to be damaged.
const PROFILE: &str = r#"
name = "p"
base_url = "http://127.0.0.1:1"
[users.privileged]
user_id = "admin"
password_env = "ICWS_PASSWORD"
[workgroups]
scratch = ["Sales"]
[[mailboxes]]
moniker = "EX:a@acme.test"
folders = ["Inbox"]
[[mailboxes]]
moniker = "EX:b@acme.test"
"#;

#[test]
fn a_wrong_profile_is_told_by_file_line_and_key() {
    let folder = folder();
    for (from, to, expected) in [
        ("", "", "profile `p.toml`: the file is empty; "),
        ("name = \"p\"", "name = ", "profile `p.toml`, line 2"),
        ("base_url", "base_ulr", "`base_ulr`: unknown key"),
        (
            "\"http:",
            "\"ftp:",
            "`base_url`: a URL with the scheme `ftp`",
        ),
        ("[\"Sales\"]", "[]", "`workgroups.scratch`: "),
        ("folders = [\"Inbox\"]", "", "`mailboxes`: "),
        (
            "\"ICWS_PASSWORD\"",
            "\"ICWS_PASSWORD\"",
            "the environment variable `ICWS_PASSWORD`",
        ),
    ] {
        let text = match from {
            "" => String::new(),
            from => PROFILE.replace(from, to),
        };
        fs::write(folder.path().join("p.toml"), text).expect("a profile");
        let mut command = icws(folder.path(), &["--profile", "p.toml"]);
        // Only an otherwise good profile shows that the password is missing.
        if from != to || from.is_empty() {
            command.env("ICWS_PASSWORD", "p");
        }
        let ended = ended(&mut command);
        let complaint = ended.complaint(exit::USAGE.into());
        assert!(complaint.contains(expected), "{from}: {complaint}");
    }
}

#[test]
fn nothing_is_sent_where_a_report_cannot_be_written() {
    let folder = folder();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a socket");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let report = "json=missing/report.json";
    call(folder.path(), &["--target", &url, "--report", report]).complaint(exit::USAGE.into());
    let error = listener.accept().expect_err("nobody comes");
    assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock);
}

#[test]
fn rules_and_completions_are_printed() {
    let folder = folder();
    let rules = call(folder.path(), &["rules", "--format", "json"]);
    let json: Value = serde_json::from_str(&rules.out).expect("JSON");
    let listed = json["rules"].as_array().expect("a list");
    let ids = listed.iter().map(|rule| rule["id"].as_str());
    assert!(ids.eq(RULES.iter().map(|rule| Some(rule.id.as_str()))));
    for format in ["text", "markdown"] {
        let rules = call(folder.path(), &["rules", "--format", format]);
        assert!(
            rules.out.contains("SES-12") && rules.code == Some(0),
            "{rules:?}"
        );
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = call(folder.path(), &["completions", shell]);
        assert!(script.out.contains("profile-out") && script.code == Some(0));
    }
}

/// The properties that these runs need, and a seed.
const SHORT: [&str; 4] = ["--only", "session/missing", "--seed", "5"];

#[test]
fn without_a_target_the_embedded_server_is_tested() {
    let folder = folder();
    let ended = call(folder.path(), &SHORT);
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    assert_eq!(ended.err, "");
    assert!(
        ended
            .out
            .contains("reference (embedded) at http://127.0.0.1:")
    );
    assert!(ended.out.contains("\nsession "), "{ended:#?}");
    assert!(
        ended
            .out
            .contains("no target was named; the embedded reference: no breach in this part ("),
        "{ended:#?}"
    );
    assert!(!ended.out.contains('\u{1b}'), "{ended:#?}");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
}

#[test]
fn a_report_on_standard_output_is_alone_there() {
    let folder = folder();
    let report = ["--report", "json=-", "--report", "json=r.json"];
    let ended = call(folder.path(), &[&SHORT[..], &report].concat());
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    let json: Value = serde_json::from_str(&ended.out).expect("JSON");
    assert_eq!(
        (&json["decision"], &json["exit_code"]),
        (&"conforms".into(), &0.into())
    );
    assert_eq!(json["seed"], "0000000000000005");
    let said = "embedded reference: no breach in this part (";
    assert!(ended.err.contains(said), "{ended:#?}");
    assert!(
        json["line"]
            .as_str()
            .is_some_and(|line| line.contains(said))
    );
    assert_eq!(json["target"]["named"], "none");
    let file = fs::read_to_string(folder.path().join("r.json")).expect("a report");
    assert_eq!(file, ended.out);
}

#[test]
fn colours_are_shown_where_they_are_wanted() {
    let folder = folder();
    for (when, coloured) in [("always", true), ("never", false), ("auto", false)] {
        let ended = call(folder.path(), &[&SHORT[..], &["--color", when]].concat());
        assert_eq!(ended.out.contains('\u{1b}'), coloured, "{when}");
    }
}

#[test]
fn a_violation_ends_with_1_and_leaves_a_replay_file() {
    let folder = folder();
    let serving = Serving::start(folder.path(), &["--fault", "missing-token-accepted"], &[]);
    let url = serving.url();
    let arguments = [&SHORT[..], &["--target", &url, "--report", "json=r.json"]].concat();
    let ended = call(folder.path(), &arguments);
    assert_eq!(ended.code, Some(exit::VIOLATES.into()), "{ended:#?}");
    assert!(ended.out.contains("SES-2 (must): "), "{ended:#?}");
    assert!(
        ended.out.contains("reference does not conform "),
        "{ended:#?}"
    );
    let report = fs::read_to_string(folder.path().join("r.json")).expect("a report");
    let report: Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(report["exit_code"], exit::VIOLATES);
    let properties = report["properties"].as_array().expect("a list");
    let findings = properties.iter().flat_map(|property| {
        let findings = property["findings"].as_array();
        findings.expect("a list").iter()
    });
    let mut seen = 0;
    for finding in findings {
        let replay = finding["replay"].as_str().expect("a command");
        let path = replay
            .strip_prefix("icws-conformance replay ")
            .and_then(|rest| rest.strip_suffix(&format!(" --target {url}")))
            .expect(replay);
        let replay = fs::read_to_string(folder.path().join(path)).expect(path);
        let replay: Value = serde_json::from_str(&replay).expect("JSON");
        assert_eq!(replay["rule"], finding["rule"]);
        seen += 1;
    }
    assert!(seen > 0);
}

#[test]
fn a_warning_ends_with_0_and_with_1_under_strict() {
    let folder = folder();
    let serving = Serving::start(folder.path(), &["--fault", "message-is-empty"], &[]);
    let url = serving.url();
    let arguments = ["--only", "session/missing", "--target", &url];
    let ended = call(folder.path(), &arguments);
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    assert!(ended.out.contains("ERR-2 (should): "), "{ended:#?}");
    let ended = call(folder.path(), &[&arguments[..], &["--strict"]].concat());
    assert_eq!(ended.code, Some(exit::VIOLATES.into()), "{ended:#?}");
}

#[cfg(unix)]
fn signal(name: &str, process: u32) {
    let status = Command::new("kill")
        .args(["-s", name, &process.to_string()])
        .status()
        .expect("kill is there");
    assert!(status.success());
}

#[cfg(unix)]
#[test]
fn a_served_profile_can_be_run_and_the_server_ends_when_asked() {
    let folder = folder();
    for name in ["TERM", "INT"] {
        let mut serving = Serving::start(folder.path(), &["--profile-out", "p.toml"], &[]);
        let ended = call(
            folder.path(),
            &[&SHORT[..], &["--profile", "p.toml"]].concat(),
        );
        assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
        signal(name, serving.child.id());
        let status = serving.child.wait().expect("an end");
        assert_eq!(status.code(), Some(exit::CONFORMS.into()));
        let mut more = String::new();
        let out = serving.child.stdout.as_mut().expect("a pipe");
        out.read_to_string(&mut more).expect("text");
        assert_eq!(more, "", "one line is printed");
    }
    let mine = folder.path().join("mine.toml");
    fs::write(&mine, PROFILE).expect("a profile");
    let ended = call(folder.path(), &["serve", "--profile-out", "mine.toml"]);
    let complaint = ended.complaint(exit::USAGE.into());
    assert!(
        complaint.contains("was not written by `serve`"),
        "{complaint}"
    );
    assert_eq!(fs::read_to_string(mine).expect("a profile"), PROFILE);
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_ends_in_order_with_3_and_a_report() {
    let folder = folder();
    let serving = Serving::start(folder.path(), &["--latency-ms", "5"], &[]);
    let url = serving.url();
    let arguments = [
        "--target",
        &url,
        "--cases",
        "100000",
        "--report",
        "json=r.json",
    ];
    let mut child = icws(folder.path(), &arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut first = String::new();
    out.read_line(&mut first).expect("a line");
    assert!(first.starts_with("icws-conformance "), "{first}");
    signal("INT", child.id());
    let mut rest = String::new();
    out.read_to_string(&mut rest).expect("text");
    let ended = Ended::of(&child.wait_with_output().expect("an end"));
    assert_eq!(
        ended.code,
        Some(exit::UNJUDGED.into()),
        "{rest}\n{ended:#?}"
    );
    assert!(ended.err.starts_with("stopping; "), "{ended:#?}");
    // Before the first case there is nothing to sum up.
    let told = rest.contains("could not judge: the run was interrupted")
        || ended.err.contains("error: the run was interrupted");
    assert!(told, "{rest}\n{ended:#?}");
    let report = fs::read_to_string(folder.path().join("r.json")).expect("a report");
    let report: Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(report["decision"], "unjudged");
}
