//! `run --snapshots`: what was accepted, what differs from it, and the files
//! that insta reads.

use std::fs;
use std::path::Path;

use crate::binary::icws;
use crate::ended::{Ended, ended};
use crate::serving::Serving;
use icws_conformance::cli::exit;
use serde_json::{Value, json};

/// Runs everything, with few cases, in that folder.
fn run(folder: &Path, serving: &Serving, more: &[&str], variables: &[(&str, &str)]) -> Ended {
    let url = serving.url();
    let own = ["--target", &url, "--snapshots", "kept"];
    let report = ["--report", "json=r.json"];
    let cases: &[&str] = if more.contains(&"--cases") {
        &[]
    } else {
        &["--cases", "32"]
    };
    let mut command = icws(folder, &[&own[..], &report, cases, more].concat());
    command.env_remove("CI").env_remove("INSTA_UPDATE");
    ended(command.envs(variables.iter().copied()))
}

fn drift(folder: &Path) -> Value {
    let text = fs::read_to_string(folder.join("r.json")).expect("a report");
    let report: Value = serde_json::from_str(&text).expect("JSON");
    report["drift"].clone()
}

fn kept(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder.join("kept")).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<_> = names
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

const ACCEPTED: [&str; 2] = ["open.snap", "outlines.snap"];
const SEED: [&str; 2] = ["--seed", "5"];

#[test]
fn what_differs_is_left_for_a_review_and_fails_only_where_that_is_wanted() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    let plain = Serving::start(folder, &[], &[]);
    // Nothing is accepted yet.
    let ended = run(folder, &plain, &SEED, &[]);
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    assert!(
        ended.out.contains("note: no accepted snapshot yet: "),
        "{ended:#?}"
    );
    assert_eq!(kept(folder), ["open.snap.new", "outlines.snap.new"]);
    assert_eq!(drift(folder)[0]["accepted"], false);
    let strict = [&SEED[..], &["--fail-on-drift"]].concat();
    let ended = run(folder, &plain, &strict, &[]);
    assert_eq!(ended.code, Some(exit::VIOLATES.into()), "{ended:#?}");
    // It is accepted, and the same run does not differ from it.
    let update = [&SEED[..], &["--update-snapshots"]].concat();
    let ended = run(folder, &plain, &update, &[]);
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    assert!(
        ended
            .out
            .contains("note: open.snap was accepted as it is now"),
        "{ended:#?}"
    );
    assert_eq!(kept(folder), ACCEPTED);
    let ended = run(folder, &plain, &strict, &[]);
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    assert_eq!(drift(folder), json!([]));
    // Nor does one of another seed.
    let ended = run(folder, &plain, &["--seed", "6", "--fail-on-drift"], &[]);
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    assert_eq!(kept(folder), ACCEPTED);

    let other = Serving::start(folder, &["--variant", "bom-accepted"], &[]);
    let ended = run(folder, &other, &strict, &[("CI", "true")]);
    assert_eq!(ended.code, Some(exit::VIOLATES.into()), "{ended:#?}");
    assert!(
        ended.out.contains("\nfails: the target no longer behaves"),
        "{ended:#?}"
    );
    assert_eq!(kept(folder), ACCEPTED);
    for more in [&SEED[..], &["--seed", "6"]] {
        let ended = run(folder, &other, more, &[]);
        assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
        assert!(
            ended.out.contains("\ndrift from open.snap\n  - REP-2 "),
            "{ended:#?}"
        );
        assert_eq!(
            kept(folder),
            ["open.snap", "open.snap.new", "outlines.snap"]
        );
        let drift = drift(folder);
        assert_eq!(drift[0]["snapshot"], "open");
        assert_eq!(drift[0]["added"][0], "REP-2 a UTF-8 byte order mark: 200");
        assert_eq!(drift[0]["removed"][0], "REP-2 a UTF-8 byte order mark: 400");
    }
    // What no longer differs is no longer left to review.
    run(folder, &plain, &SEED, &[]);
    assert_eq!(kept(folder), ACCEPTED);
    insta_reads(folder);
}

/// insta takes the files for its own: the content is equal to what it makes.
fn insta_reads(folder: &Path) {
    for name in ["open", "outlines"] {
        let path = folder.join("kept").join(format!("{name}.snap"));
        let text = fs::read_to_string(path).expect("a snapshot");
        let (header, content) = text[4..].split_once("---\n").expect("a header");
        assert_eq!(
            header,
            "source: icws-conformance\n\
             description: seed 0000000000000005 with 32 cases a property\n"
        );
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(folder.join("kept"));
        settings.set_prepend_module_to_snapshot(false);
        settings.bind(|| insta::assert_snapshot!(name, content));
    }
}

#[test]
fn only_a_whole_run_is_compared() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    let plain = Serving::start(folder, &[], &[]);
    for part in [
        &["--only", "session/missing"][..],
        &["--seed", "5", "--shard", "1/2"],
    ] {
        let ended = run(folder, &plain, &[part, &["--fail-on-drift"]].concat(), &[]);
        assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
        assert!(
            ended
                .out
                .contains("note: the snapshots are of a whole run: "),
            "{ended:#?}"
        );
        assert_eq!(drift(folder), Value::Null);
        assert!(!folder.join("kept").exists());
        let ended = run(
            folder,
            &plain,
            &[part, &["--update-snapshots"]].concat(),
            &[],
        );
        assert_eq!(ended.code, Some(exit::USAGE.into()), "{ended:#?}");
    }
    let ended = run(folder, &plain, &["--cases", "9999", "--max-time", "1"], &[]);
    assert_eq!(ended.code, Some(exit::UNJUDGED.into()), "{ended:#?}");
    assert!(
        ended.out.contains("for not all could be judged"),
        "{ended:#?}"
    );
}

#[test]
fn a_folder_that_cannot_be_used_ends_with_2() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    let plain = Serving::start(folder, &[], &[]);
    fs::create_dir(folder.join("kept")).expect("a folder");
    fs::write(folder.join("kept/open.snap"), "no snapshot").expect("a file");
    let ended = run(folder, &plain, &[], &[]);
    let complaint = ended.complaint(exit::USAGE.into());
    assert!(
        complaint.contains("open.snap`: no snapshot: "),
        "{complaint}"
    );
    fs::remove_dir_all(folder.join("kept")).expect("a folder");
    fs::write(folder.join("kept"), "a file").expect("a file");
    let ended = run(folder, &plain, &["--update-snapshots"], &[]);
    let complaint = ended.complaint(exit::USAGE.into());
    assert!(
        complaint.contains("`kept`: is no folder; accepted: "),
        "{complaint}"
    );
    let ended = run(folder, &plain, &["--snapshots"], &[]);
    assert_eq!(ended.code, Some(exit::USAGE.into()), "{ended:#?}");
}
