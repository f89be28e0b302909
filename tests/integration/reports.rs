//! Reports for pipelines from outside: what other programs make of them, and
//! what becomes of them when something goes wrong.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use crate::binary::icws;
use crate::ended::{Ended, ended};
use crate::serving::Serving;
use icws_conformance::cli::exit;
use serde_json::Value;
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn call(folder: &Path, arguments: &[&str]) -> Ended {
    ended(&mut icws(folder, arguments))
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).expect(name)
}

/// A few properties, and a seed.
const SHORT: [&str; 4] = ["--only", "session/missing", "--seed", "5"];
/// A report in every format.
const ALL: [&str; 6] = [
    "--report",
    "json=r.json",
    "--report",
    "junit=r.xml",
    "--report",
    "html=r.html",
];

/// The JSON report of that name, which its published schema allows.
fn json(folder: &Path, name: &str) -> Value {
    let schema = call(folder, &["schema", "report"]);
    assert_eq!(schema.code, Some(exit::CONFORMS.into()), "{schema:?}");
    let schema: Value = serde_json::from_str(&schema.out).expect("JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("a schema");
    let report: Value = serde_json::from_str(&read(folder, name)).expect("JSON");
    let errors = validator.iter_errors(&report);
    let errors: Vec<_> = errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert_eq!(errors, [""; 0], "{name}");
    report
}

/// Of output on GitHub what people read, and the commands behind it.
fn told_to_github(out: &str) -> (&str, &str) {
    let (first, rest) = out.split_once('\n').expect("a line");
    let token = first.strip_prefix("::stop-commands::").expect(first);
    rest.split_once(&format!("::{token}::\n")).expect(rest)
}

fn page(folder: &Path, name: &str) -> String {
    let page = read(folder, name);
    assert!(page.starts_with("<!doctype html>\n") && page.ends_with("</html>\n"));
    assert!(!page.contains("<script"));
    page
}

#[test]
fn a_conforming_target_passes_in_every_format() {
    let folder = folder();
    let folder = folder.path();
    let ended = call(folder, &ALL);
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    let report = json(folder, "r.json");
    let root = crate::junit::valid(&read(folder, "r.xml"));
    let properties = report["properties"].as_array().expect("a list");
    assert_eq!(root.cases().len(), properties.len() + 1);
    assert_eq!((&root["failures"], &root["errors"]), ("0", "0"));
    assert!(
        page(folder, "r.html")
            .contains(">no target was named; the embedded reference conforms</h1>")
    );
}

#[test]
fn every_finding_of_a_broken_target_is_in_every_format() {
    let folder = folder();
    let folder = folder.path();
    let faults = [
        "missing-token-accepted",
        "message-is-empty",
        "outbound-folder-added",
    ];
    let options: Vec<_> = faults.iter().flat_map(|name| ["--fault", name]).collect();
    let serving = Serving::start(folder, &options, &[]);
    let url = serving.url();
    let arguments = ["--target", &url, "--only", "session/m", "--only", "field/"];
    let ended = call(folder, &[&arguments[..], &ALL].concat());
    assert_eq!(ended.code, Some(exit::VIOLATES.into()), "{ended:#?}");
    let report = json(folder, "r.json");
    let root = crate::junit::valid(&read(folder, "r.xml"));
    let page = page(folder, "r.html");
    let mut kinds = [0, 0];
    for property in report["properties"].as_array().expect("a list") {
        let case = root.case(property["id"].as_str().expect("an id"));
        let failures: Vec<_> = case.named("failure").collect();
        let findings = property["findings"].as_array().expect("a list");
        for finding in findings {
            let text = |key: &str| finding[key].as_str().expect("a text");
            let place = match text("level") {
                "must" => failures.first().copied(),
                _ => case.child("system-out"),
            };
            kinds[usize::from(text("level") == "must")] += 1;
            let shown = &place.expect("an element").text;
            for said in [text("rule"), text("message"), text("replay")] {
                assert!(shown.contains(said), "{said} in {shown}");
            }
            let rule = format!(">{} ({})</span>", text("rule"), text("level"));
            assert!(page.contains(&rule), "{rule}");
        }
        let fails = findings.iter().any(|finding| finding["level"] == "must");
        assert_eq!(failures.len(), usize::from(fails), "{property}");
        assert_eq!(
            &case["classname"],
            property["id"]
                .as_str()
                .expect("an id")
                .split('/')
                .next()
                .expect("a family")
        );
    }
    assert!(kinds[0] > 0 && kinds[1] > 0, "{kinds:?}");
    assert!(page.contains(">reference does not conform ("));
}

#[test]
fn a_target_that_is_not_reached_is_an_error_in_every_format() {
    let folder = folder();
    let folder = folder.path();
    let target = ["--target", "http://127.0.0.1:9"];
    let ended = call(folder, &[&SHORT[..], &target, &ALL].concat());
    assert_eq!(ended.code, Some(exit::UNJUDGED.into()), "{ended:#?}");
    assert_eq!(json(folder, "r.json")["decision"], "unjudged");
    let root = crate::junit::valid(&read(folder, "r.xml"));
    let errors = root.cases().len();
    assert_eq!(root["errors"], errors.to_string());
    let said = ">reference could not be judged (failed to open a session at ";
    assert!(page(folder, "r.html").contains(said));
}

#[test]
fn merged_shards_have_every_format() {
    let folder = folder();
    let folder = folder.path();
    let serving = Serving::start(folder, &["--fault", "missing-token-accepted"], &[]);
    let url = serving.url();
    for shard in ["1/2", "2/2"] {
        let sink = format!("json={}.json", &shard[..1]);
        let own = ["--target", &url, "--shard", shard, "--report", &sink];
        call(folder, &[&SHORT[..], &own].concat());
        json(folder, &sink["json=".len()..]);
    }
    let reports = ["merge", "1.json", "2.json"];
    let ended = call(folder, &[&reports[..], &ALL].concat());
    assert_eq!(ended.code, Some(exit::VIOLATES.into()), "{ended:#?}");
    assert_eq!(json(folder, "r.json")["decision"], "violates");
    let root = crate::junit::valid(&read(folder, "r.xml"));
    let failed = root.case("session/missing-token");
    assert_eq!(
        &failed.child("failure").expect("a failure")["type"],
        "SES-2"
    );
    let ended = call(folder, &[&reports[..], &["--report", "html=-"]].concat());
    assert_eq!(ended.out, page(folder, "r.html"));
    assert!(
        ended.err.contains("reference does not conform"),
        "{ended:#?}"
    );
}

#[test]
fn nothing_that_a_target_sends_breaks_a_report() {
    let folder = folder();
    let folder = folder.path();
    let target = format!("http://{}", crate::hosting::host(crate::evil::evil()));
    let arguments = [
        "--target",
        &target,
        "--cases",
        "8",
        "--seed",
        "5",
        // What this target answers depends on the order of the requests.
        "--concurrency",
        "1",
        "--only",
        "session/",
        "--only",
        "body/",
        "--skip",
        "session/e",
    ];
    let mut command = icws(folder, &[&arguments[..], &ALL].concat());
    let ended = ended(command.env("GITHUB_ACTIONS", "true"));
    assert_eq!(ended.code, Some(exit::VIOLATES.into()), "{ended:#?}");
    let report = json(folder, "r.json");
    let root = crate::junit::valid(&read(folder, "r.xml"));
    assert_ne!(&root["failures"], "0");
    let page = page(folder, "r.html");
    assert!(page.chars().all(|c| c == '\n' || !c.is_control()));
    for name in ["r.json", "r.xml", "r.html"] {
        let length = read(folder, name).len();
        assert!(length < 4 << 20, "{name}: {length} bytes");
    }
    // All that is evil was seen, and quoted.
    let quoted: String = report["properties"]
        .as_array()
        .expect("a list")
        .iter()
        .flat_map(|property| property["findings"].as_array().expect("a list"))
        .map(|finding| finding["actual"].to_string())
        .collect();
    let signs = ["escaped", "\u{fffe}", "</failure>", "bytes in all"];
    for sign in signs {
        assert!(quoted.contains(sign), "{sign} in {quoted}");
    }
    let (_, commands) = told_to_github(&ended.out);
    let is_command = |line: &str| {
        ["error", "warning", "notice"]
            .iter()
            .any(|kind| line.starts_with(&format!("::{kind} title=")))
    };
    let others: Vec<_> = commands.lines().filter(|line| !is_command(line)).collect();
    assert!(commands.lines().count() > 0, "{commands}");
    assert_eq!(others, [""; 0]);
}

#[test]
fn a_run_that_is_killed_leaves_no_old_report() {
    let folder = folder();
    let folder = folder.path();
    let serving = Serving::start(folder, &["--latency-ms", "2"], &[]);
    let url = serving.url();
    let names = ["r.json", "r.xml", "r.html"];
    for name in names {
        fs::write(folder.join(name), "yesterday's").expect("a file");
    }
    // What is no run touches nothing.
    for mistake in [&["--seed", "hello"][..], &["--only", "nothing"]] {
        call(folder, &[mistake, &ALL].concat()).complaint(exit::USAGE.into());
        assert!(names.iter().all(|name| read(folder, name) == "yesterday's"));
    }
    let arguments = ["-q", "--target", &url, "--cases", "100000"];
    let mut child = icws(folder, &[&arguments[..], &ALL].concat())
        .stdout(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let begun = Instant::now();
    while names.iter().any(|name| read(folder, name) == "yesterday's") {
        assert!(begun.elapsed() < Duration::from_secs(30), "never replaced");
        thread::sleep(Duration::from_millis(5));
    }
    child.kill().expect("it still runs");
    child.wait().expect("an end");
    let report = json(folder, "r.json");
    let interrupted = "the run was interrupted before it ended";
    assert_eq!(report["decision"], "unjudged");
    assert_eq!(report["exit_code"], exit::UNJUDGED);
    assert_eq!(report["unjudged"], serde_json::json!([interrupted]));
    let root = crate::junit::valid(&read(folder, "r.xml"));
    let error = root.case("run/could-be-judged").child("error");
    assert_eq!(&error.expect("an error")["message"], interrupted);
    assert!(page(folder, "r.html").contains(interrupted));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_hides_neither_the_decision_nor_the_other_reports() {
    let folder = folder();
    let folder = folder.path();
    let full = ["--report", "json=/dev/full", "--report", "junit=/dev/full"];
    let ended = call(folder, &[&SHORT[..], &full, &ALL].concat());
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    let complaint = "error: failed to write `/dev/full`: ";
    assert_eq!(ended.err.matches(complaint).count(), 2, "{ended:#?}");
    assert_eq!(ended.err.lines().count(), 2, "{ended:#?}");
    assert_eq!(json(folder, "r.json")["decision"], "conforms");
    crate::junit::valid(&read(folder, "r.xml"));
    page(folder, "r.html");
    let shard = ["--shard", "1/2", "--report", "json=1.json"];
    call(folder, &[&SHORT[..], &shard].concat());
    let ended = call(folder, &[&["merge", "1.json"], &full[..], &ALL].concat());
    assert_eq!(ended.code, Some(exit::UNJUDGED.into()), "{ended:#?}");
    assert_eq!(ended.err.matches(complaint).count(), 2, "{ended:#?}");
}

#[test]
fn github_is_told_where_it_listens() {
    let folder = folder();
    let folder = folder.path();
    let serving = Serving::start(folder, &["--fault", "missing-token-accepted"], &[]);
    let url = serving.url();
    let summary = folder.join("summary.md");
    fs::write(&summary, "of another step\n").expect("a file");
    let told = |more: &[&str]| {
        let arguments = [&SHORT[..], &["--target", &url], more].concat();
        let mut command = icws(folder, &arguments);
        command.env("GITHUB_ACTIONS", "true");
        ended(command.env("GITHUB_STEP_SUMMARY", &summary))
    };
    let command = "\n::error title=session/missing-token · SES-2 · ";
    let run = told(&[]);
    assert!(run.out.contains(command), "{run:#?}");
    // What people read, which quotes the target, is not taken for commands.
    let (shown, commands) = told_to_github(&run.out);
    assert!(shown.contains("SES-2 (must): ") && !commands.contains("SES-2 (must)"));
    assert!(told(&["-q"]).out.contains(command));
    let run = told(&["--report", "json=-"]);
    assert!(run.err.contains(command), "{run:#?}");
    serde_json::from_str::<Value>(&run.out).expect("JSON alone");
    let text = read(folder, "summary.md");
    assert!(
        text.starts_with("of another step\n### `reference does not conform (1 rule violated)`\n")
    );
    assert_eq!(text.matches("| `SES-2` | must | ").count(), 3, "{text}");
    let silent = call(folder, &[&SHORT[..], &["--target", &url]].concat());
    assert!(!silent.out.contains("::error"), "{silent:#?}");
}

#[test]
fn the_checks_of_these_tests_see_what_is_wrong() {
    let suite = |inner: &str| {
        format!(
            "<testsuites><testsuite name=\"a\" tests=\"1\" failures=\"0\" errors=\"0\">{inner}\
             </testsuite></testsuites>"
        )
    };
    for (inner, expected) in [
        ("<testcase/>", "`testcase` has no `name`"),
        (
            "<testcase name=\"a\"/><properties><property name=\"a\" value=\"b\"/></properties>",
            "`testsuite` has a `properties` too late",
        ),
        ("<properties/>", "`properties` has 0 of `property`"),
        (
            "<testcase name=\"a\"><properties/></testcase>",
            "`testcase` has a `properties`",
        ),
        (
            "<testcase name=\"a\" time=\"1s\"/>",
            "`testcase` has `time` of `1s`",
        ),
        ("<testcase name=\"a\">b</testcase>", "`testcase` has text"),
        ("<a/>", "unknown element `a`"),
    ] {
        let problems = crate::junit::problems(&suite(inner));
        assert!(
            problems.iter().any(|problem| problem == expected),
            "{problems:?}"
        );
    }
    assert_eq!(crate::junit::problems(&suite("")), [""; 0]);
    assert_eq!(
        crate::junit::problems("<testsuites skipped=\"0\"/>"),
        ["`testsuites` has `skipped`"]
    );
}
