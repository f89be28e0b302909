//! The scripts of findings, run by a shell: each shows by hand what the run
//! has seen, and leaves the target as it was.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use crate::binary::icws;
use crate::serving::Serving;
use serde_json::Value;

/// The passwords of the built-in users, as scripts look for them.
const PASSWORDS: [(&str, &str); 2] = [
    ("ICWS_PASSWORD", "planted \"'\\ $one"),
    ("ICWS_RESTRICTED_PASSWORD", "planted two"),
];

/// Whether scripts can be run here; if not, says so.
fn can_run() -> bool {
    let found = Command::new("curl").arg("--version").output().is_ok();
    if !found {
        eprintln!("skipped: no `curl` is installed to run scripts with");
    }
    found
}

/// Runs everything against a server with those switches, and the script of
/// each finding after it; answers how many showed the status that was seen.
fn run_scripts(options: &[&str], by_profile: bool) -> usize {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    let serving = Serving::start(
        folder,
        &[options, &["--profile-out", "p.toml"]].concat(),
        &PASSWORDS,
    );
    let url = serving.url();
    let target = if by_profile {
        ["--profile", "p.toml"]
    } else {
        ["--target", &url]
    };
    let arguments = ["--report", "json=r.json", "--seed", "7"];
    let run = |arguments: &[&str]| {
        let mut command = icws(folder, arguments);
        let done = command.args(target).envs(PASSWORDS).output();
        done.expect("the binary starts");
    };
    run(&arguments);
    let text = fs::read_to_string(folder.join("r.json")).expect("a report");
    let report: Value = serde_json::from_str(&text).expect("JSON");
    let properties = report["properties"].as_array().expect("a list");
    let findings = properties.iter().flat_map(|property| {
        let findings = property["findings"].as_array();
        findings.expect("a list").iter()
    });
    let mut shown = 0;
    // What differs only in its body is of no interest here.
    let mut tried = BTreeSet::new();
    for finding in findings {
        let alike = (finding["rule"].to_string(), finding["cause"].to_string());
        if !tried.insert(alike) {
            continue;
        }
        let identity = finding["identity"].as_str().expect("an identity");
        let script = finding["curl"].as_str().expect("a script");
        for (_, password) in PASSWORDS {
            assert!(!script.contains(password), "{identity}: {script}");
        }
        let mut shell = Command::new("sh");
        let shell = shell.args(["-c", script]).current_dir(folder);
        let done = shell.envs(PASSWORDS).output().expect("a shell");
        let out = String::from_utf8_lossy(&done.stdout);
        let err = String::from_utf8_lossy(&done.stderr);
        assert!(
            done.status.success() && err.is_empty(),
            "{identity}\n{script}\n{out}\n{err}"
        );
        // Findings about what is stored have no status of their own.
        let actual = finding["actual"].as_str().expect("a text");
        let Some((status, _)) = actual.split_once(' ') else {
            continue;
        };
        if status.parse::<u16>().is_ok() {
            let line = format!("HTTP/1.1 {status} ");
            assert!(
                out.contains(&line),
                "{identity}: {actual}\n{script}\n{}",
                out
            );
            shown += 1;
        }
    }
    // A mailbox that a script leaves behind is told by the next run.
    run(&["--only", "session/missing", "--report", "json=again.json"]);
    let text = fs::read_to_string(folder.join("again.json")).expect("a report");
    assert!(!text.contains("of an earlier run"), "{text}");
    shown
}

#[test]
fn a_script_shows_what_the_run_has_seen() {
    if !can_run() {
        return;
    }
    let names = [
        "missing-token-accepted",
        "token-prefix-accepted",
        "ended-accepted",
        "expired-403",
        "missing-cookie-500",
        "foreign-cookie-accepted",
        "session-id-lenient",
        "outbound-folder-added",
        "removed-404",
        "failure-503",
    ];
    let faults: Vec<_> = names.iter().flat_map(|name| ["--fault", name]).collect();
    let shown = run_scripts(&faults, true);
    assert!(shown > 12, "{shown}");
}

#[test]
fn a_script_uses_the_ids_that_the_target_gives() {
    if !can_run() {
        return;
    }
    let options = [
        "--variant",
        "server-given-ids",
        "--fault",
        "modify-resets-folder",
        "--fault",
        "unknown-modify-plain",
        "--fault",
        "long-text-500",
    ];
    let shown = run_scripts(&options, false);
    assert!(shown > 0);
}
