//! Why something was not tested or judged: true, and with what to do.

use std::fs;

use icws_conformance::cli::exit;

use super::{call, last, report};
use crate::neighbour::Neighbour;

/// The reasons of everything in the report that was not tested or not judged.
fn reasons(neighbour: &Neighbour) -> String {
    let told = report(neighbour.folder(), "r.json");
    let of = |list: &str| told[list].as_array().expect("a list").clone();
    let mut texts = Vec::new();
    for one in of("rules").iter().chain(&of("properties")) {
        texts.extend(one["reason"].as_str().map(str::to_owned));
        for list in ["unjudged", "not_offered"] {
            let cases = one[list].as_array().into_iter().flatten();
            texts.extend(cases.filter_map(|case| case["reason"].as_str().map(str::to_owned)));
        }
    }
    texts.join("\n")
}

#[test]
fn what_few_cases_did_not_ask_is_told_as_that() {
    let neighbour = Neighbour::of(&[]);
    let run = [
        "-q",
        "--profile",
        "p.toml",
        "--cases",
        "1",
        "--report",
        "json=r.json",
    ];
    let ended = call(neighbour.folder(), &run);
    assert!(matches!(ended.code, Some(0 | 3)), "{ended:#?}");
    let reasons = reasons(&neighbour);
    assert!(
        reasons.contains("none of the few cases drawn asks for it (--cases)"),
        "{reasons}"
    );
    assert!(!reasons.contains("the target gave no answer"), "{reasons}");
}

#[test]
fn a_hook_that_fails_is_named() {
    let neighbour = Neighbour::of(&[]);
    let path = neighbour.folder().join("p.toml");
    let profile = fs::read_to_string(&path).expect("a profile");
    for (hook, from) in [
        ("expire_session", "__control/expire/"),
        ("fail_next", "__control/fail-next"),
    ] {
        fs::write(&path, profile.replace(from, "__nothing/")).expect("a profile");
        let run = [
            "--profile",
            "p.toml",
            "--only",
            "failure/",
            "--only",
            "session/expired",
        ];
        let ended = call(
            neighbour.folder(),
            &[&run[..], &["--report", "json=r.json"]].concat(),
        );
        assert_eq!(ended.code, Some(exit::UNJUDGED.into()), "{ended:#?}");
        let named = format!("`hooks.{hook}` failed: ");
        let said = format!("{}{}", ended.out, ended.err);
        assert!(said.contains(&named), "{named}: {ended:#?}");
    }
}

#[test]
fn what_the_profile_leaves_out_says_what_to_add() {
    let neighbour = Neighbour::of(&[]);
    let path = neighbour.folder().join("p.toml");
    let profile = fs::read_to_string(&path).expect("a profile");
    let (head, rest) = profile.split_once("scratch = [").expect("workgroups");
    let (_, tail) = rest.split_once(']').expect("their end");
    // A plain id only: none with a space or an accent.
    let plain = neighbour
        .scratch()
        .iter()
        .find(|id| id.chars().all(|c| c.is_ascii_alphanumeric()));
    let plain = plain.expect("a plain id");
    fs::write(&path, format!("{head}scratch = [\"{plain}\"]{tail}")).expect("a profile");
    let run = [
        "-q",
        "--profile",
        "p.toml",
        "--only",
        "workgroup/nearly",
        "--report",
        "json=r.json",
    ];
    let ended = call(neighbour.folder(), &run);
    last(&ended, exit::CONFORMS);
    let reasons = reasons(&neighbour);
    for expected in [
        "no scratch workgroup whose id is one with a space in it (workgroups.scratch)",
        "with an accented letter in it (workgroups.scratch)",
    ] {
        assert!(reasons.contains(expected), "{reasons}");
    }
}
