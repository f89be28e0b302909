//! Files that a call would lose, or that are not where they are said to be.

use std::fs;

use icws_conformance::cli::exit;

use super::{SHORT, Silent, call, call_with, folder, last};
use crate::neighbour::Neighbour;
use crate::serving::Serving;

#[test]
fn no_report_takes_the_place_of_another_or_of_what_is_read() {
    let folder = folder();
    let silent = Silent::new();
    let url = silent.url();
    for shard in ["1/2", "2/2"] {
        let name = format!("json={}.json", &shard[..1]);
        let run = ["-q", "--shard", shard, "--report", &name];
        last(
            &call(folder.path(), &[&SHORT[..], &run].concat()),
            exit::CONFORMS,
        );
    }
    fs::create_dir(folder.path().join("sub")).expect("a folder");
    call(
        folder.path(),
        &[
            "-q",
            "--seed",
            "5",
            "--only",
            "session/missing",
            "--report",
            "json=base.json",
        ],
    );
    let serving = Serving::start(folder.path(), &["--profile-out", "p.toml"], &[]);
    drop(serving);
    let read = |name: &str| fs::read(folder.path().join(name)).expect("a file");
    let names = ["1.json", "2.json", "base.json", "p.toml"];
    let before = names.map(read);
    let target = ["--target", &url];
    for (arguments, expected) in [
        (
            vec!["--report", "json=a", "--report", "html=a"],
            "--report: `a` and `a` are one file",
        ),
        (
            vec!["--report", "json=a", "--report", "html=sub/../a"],
            "are one file",
        ),
        (
            vec!["--report", "junit=-", "--report", "junit=-"],
            "only one report can go to standard",
        ),
        (
            vec!["--baseline", "base.json", "--report", "html=base.json"],
            "`base.json` is the baseline and would be lost",
        ),
    ] {
        let ended = call(folder.path(), &[&target[..], &arguments].concat());
        let said = ended.complaint(exit::USAGE.into());
        assert!(said.contains(expected), "{arguments:?}: {said}");
    }
    for (arguments, expected) in [
        (
            vec!["--profile", "p.toml", "--report", "json=p.toml"],
            "`p.toml` is the profile and would be lost",
        ),
        (
            vec!["merge", "1.json", "2.json", "--report", "json=1.json"],
            "`1.json` is one of the reports to merge and would be lost",
        ),
        (
            vec![
                "merge",
                "1.json",
                "2.json",
                "--report",
                "json=./sub/../2.json",
            ],
            "is one of the reports to merge and would be lost",
        ),
        (
            vec![
                "merge",
                "1.json",
                "2.json",
                "--baseline",
                "base.json",
                "--report",
                "junit=base.json",
            ],
            "`base.json` is the baseline and would be lost",
        ),
    ] {
        let ended = call(folder.path(), &arguments);
        let said = ended.complaint(exit::USAGE.into());
        assert!(said.contains(expected), "{arguments:?}: {said}");
    }
    assert_eq!(names.map(read), before);
    assert!(!folder.path().join("a").exists());
    silent.was_left_alone();
    // One of today becomes the baseline of tomorrow.
    let merge = [
        "merge",
        "1.json",
        "2.json",
        "--baseline",
        "base.json",
        "--report",
        "json=base.json",
    ];
    last(&call(folder.path(), &merge), exit::CONFORMS);
}

#[test]
fn a_journal_that_is_not_there_is_no_journal_in_which_nothing_is_to_be_done() {
    let neighbour = Neighbour::of(&[]);
    let typo = neighbour.folder().join("typo");
    let path = typo.display().to_string();
    let cleanup = ["cleanup", "--profile", "p.toml"];
    let by_option = [&cleanup[..], &["--journal", &path]].concat();
    for (arguments, variables, start) in [
        (&by_option[..], vec![], "--journal: `"),
        (
            &cleanup,
            vec![("ICWS_JOURNAL", path.as_str())],
            "ICWS_JOURNAL: `",
        ),
    ] {
        let ended = call_with(neighbour.folder(), arguments, &variables);
        let said = ended.complaint(exit::USAGE.into());
        assert!(
            said.starts_with(start) && said.contains("no such folder"),
            "{said}"
        );
        assert!(!typo.exists());
    }
    let ended = call(
        neighbour.folder(),
        &[&cleanup[..], &["--journal", "p.toml"]].concat(),
    );
    let said = ended.complaint(exit::USAGE.into());
    assert!(said.contains("`p.toml`: not a folder"), "{said}");
}

#[test]
fn work_that_a_journal_holds_for_another_target_is_named() {
    let first = Neighbour::of(&["--latency-ms", "5"]);
    let before = first.all_bytes();
    let run = ["-q", "--profile", "p.toml", "--cases", "100000"];
    let mut child = crate::binary::icws(first.folder(), &run)
        .spawn()
        .expect("it starts");
    let journal = first.folder().join("journal");
    let owes = || {
        let files = fs::read_dir(&journal).into_iter().flatten().flatten();
        let mut paths = files.map(|file| file.path());
        paths.any(|path| path.extension().is_some_and(|kind| kind == "jsonl"))
    };
    let begun = std::time::Instant::now();
    while !owes() {
        assert!(
            begun.elapsed().as_secs() < 60,
            "the run never changed anything"
        );
        std::thread::yield_now();
    }
    child.kill().expect("killed");
    child.wait().expect("it ended");
    let second = Neighbour::of(&[]);
    let path = journal.display().to_string();
    let cleanup = ["cleanup", "--profile", "p.toml", "--journal", &path];
    let ended = call(second.folder(), &cleanup);
    let line = last(&ended, exit::CONFORMS);
    let note = format!(
        "note: at {} something is left to be done in `",
        first.serving.url()
    );
    assert!(line.starts_with(&note), "{ended:#?}");
    let ended = call(first.folder(), &cleanup);
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    assert_eq!(first.all_bytes(), before);
    let ended = call(second.folder(), &cleanup);
    assert!(
        last(&ended, exit::CONFORMS).starts_with("nothing to clean up: "),
        "{ended:#?}"
    );
}

#[test]
fn a_baseline_of_another_target_is_named() {
    let folder = folder();
    let run = ["--seed", "5", "--only", "session/missing"];
    call(
        folder.path(),
        &[&run[..], &["--report", "json=nobody.json"]].concat(),
    );
    let serving = Serving::start(folder.path(), &["--profile-out", "p.toml"], &[]);
    let text = fs::read_to_string(folder.path().join("p.toml")).expect("a profile");
    let other = text.replace("name = \"reference\"", "name = \"staging\"");
    fs::write(folder.path().join("other.toml"), other).expect("a profile");
    for (profile, expected) in [
        (
            "p.toml",
            "of a run for which no target was named: of an embedded reference server",
        ),
        (
            "other.toml",
            "of another target, `reference` at http://127.0.0.1:",
        ),
    ] {
        let baseline = ["--profile", profile, "--baseline", "nobody.json"];
        let ended = call(folder.path(), &[&run[..], &baseline].concat());
        last(&ended, exit::CONFORMS);
        let note = format!("\nnote: the baseline is {expected}");
        assert!(ended.out.contains(&note), "{ended:#?}");
    }
    drop(serving);
}

#[test]
fn a_waiver_that_can_cover_nothing_is_told_by_line_and_key() {
    let folder = folder();
    let serving = Serving::start(folder.path(), &["--profile-out", "p.toml"], &[]);
    let text = fs::read_to_string(folder.path().join("p.toml")).expect("a profile");
    let waive = |waiver: &str| {
        let waiver = format!("\n[[waivers]]\nreason = \"known\"\n{waiver}\n");
        fs::write(folder.path().join("q.toml"), format!("{text}{waiver}")).expect("a profile");
        call(
            folder.path(),
            &[&SHORT[..], &["--profile", "q.toml"]].concat(),
        )
    };
    for (waiver, expected) in [
        (
            "rule = \"FLD-1\"\nproperty = \"fields/*\"",
            "no property's id matches `fields/*`; did you mean `field/*`?",
        ),
        (
            "rule = \"FLD-1\"\nproperty = \"field/wrong_folder\"",
            "did you mean `field/wrong-folder`?",
        ),
        (
            "rule = \"FLD-1\"\nproperty = \"Field/*\"",
            "did you mean `field/*`?",
        ),
        (
            "rule = \"FLD-1\"\nproperty = \"field/\"",
            "did you mean `field/*`?",
        ),
        ("rule = \"FLD-99\"", "unknown rule `FLD-99`"),
    ] {
        let ended = waive(waiver);
        let said = ended.complaint(exit::USAGE.into());
        assert!(said.starts_with("profile `q.toml`, line "), "{said}");
        assert!(
            said.contains("`waivers[0].") && said.contains(expected),
            "{said}"
        );
    }
    last(
        &waive("rule = \"FLD-1\"\nproperty = \"field/*\""),
        exit::CONFORMS,
    );
    drop(serving);
}
