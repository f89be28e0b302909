//! The command `selfcheck` from outside: what it prints of a few servers, and
//! its exit codes. The whole of it is run by hand and by the CI.

use std::path::Path;

use crate::binary::icws;
use crate::ended::{Ended, ended};
use icws_conformance::cli::exit;
use icws_conformance::suites;
use serde_json::Value;

/// A must fault and a variant.
const SOME: [&str; 4] = ["--only", "missing-token-403", "--only", "version-7"];

fn selfcheck(arguments: &[&str]) -> Ended {
    let arguments = [&["selfcheck"], arguments].concat();
    // It leaves nothing behind in any folder.
    ended(&mut icws(Path::new("."), &arguments))
}

/// The score of those subjects, but for the time it took.
fn score(arguments: &[&str]) -> Value {
    let ended = selfcheck(&[arguments, &["--format", "json"]].concat());
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    assert_eq!(ended.err, "", "no bar without a terminal");
    let mut score: Value = serde_json::from_str(&ended.out).expect("JSON");
    assert!(score["time"]["elapsed_ms"].as_u64() > Some(0));
    score["time"].take();
    score
}

#[test]
fn a_fault_is_caught_and_a_variant_left_in_peace_the_same_every_time() {
    let arguments = [&SOME[..], &["--seeds", "2", "--seed", "ff"]].concat();
    let one = score(&arguments);
    assert_eq!(one["passed"], true);
    assert_eq!(one["is_part"], true);
    assert_eq!(one["must"]["caught"], 1);
    assert_eq!(one["subjects"]["faults"], 1);
    assert_eq!(one["subjects"]["variants"], 1);
    assert_eq!(one["seeds"][1], "0000000000000100");
    assert_eq!(one["requests_to_find"]["worst_of"], "missing-token-403");
    for list in [
        "missed",
        "elsewhere",
        "sometimes",
        "false_alarms",
        "not_judged",
    ] {
        assert_eq!(one[list], Value::Array(Vec::new()), "{list}");
    }
    assert_eq!(one, score(&arguments));
}

/// The score takes thousands of runs: an old one is told, and is no failure.
#[test]
fn the_score_says_of_which_catalogue_it_is() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/score.md");
    let page = std::fs::read_to_string(page).expect("the score");
    let (_, measured) = page
        .split_once("\nMeasured on catalogue `")
        .expect("a line");
    let (measured, _) = measured.split_once('`').expect("a fingerprint");
    let fingerprint = icws_conformance::selfcheck::fingerprint(&suites::all());
    if measured != fingerprint {
        eprintln!(
            "docs/score.md is of catalogue {measured}, and this is {fingerprint}: put the output \
             of `selfcheck --format markdown` in its place"
        );
    }
}

#[test]
fn a_sample_is_as_large_as_asked_for() {
    let one = score(&[&SOME[..], &["--sample", "1", "--cases", "4"]].concat());
    let subjects = &one["subjects"];
    let number = |kind: &str| subjects[kind].as_u64().unwrap_or_default();
    assert_eq!(number("faults") + number("variants"), 1);
    assert_eq!(one["cases"], 4);
}

#[test]
fn what_is_missed_fails_the_check() {
    // One case of each property is too few to come across this fault.
    let ended = selfcheck(&["--only", "nan-accepted", "--cases", "1"]);
    let missed = "\nmissed: 1\n  nan-accepted [must REP-2 REP-4]: ";
    let missed = ended.out.contains(missed);
    assert!(missed, "{ended:#?}");
    assert_eq!(ended.code, Some(exit::VIOLATES.into()));
    assert!(ended.out.contains("\nfailed after "), "{ended:#?}");
}

#[test]
fn mistakes_are_one_line_and_end_with_2() {
    for (arguments, expected) in [
        (
            &["--only", "missing-tokens"][..],
            "no fault or variant starts with `missing-tokens`; did you mean `",
        ),
        (&["--seed", "hello"], "--seed: `hello` is no seed"),
    ] {
        let ended = selfcheck(arguments);
        let complaint = ended.complaint(exit::USAGE.into());
        assert!(complaint.contains(expected), "{complaint}");
    }
    for arguments in [&["--seeds", "0"][..], &["--sample", "0"], &["--cases", "0"]] {
        assert_eq!(selfcheck(arguments).code, Some(exit::USAGE.into()));
    }
}
