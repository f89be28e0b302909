//! What was typed and is none of what is accepted: one message that names it and
//! says what to do, and nothing is sent.

use icws_conformance::cli::exit;

use super::{Silent, call, folder};

/// The message of a call that ended with 2 and printed nothing else.
fn said(arguments: &[&str]) -> String {
    let folder = folder();
    let ended = call(folder.path(), arguments);
    assert_eq!(
        ended.code,
        Some(exit::USAGE.into()),
        "{arguments:?}: {ended:#?}"
    );
    assert_eq!(ended.out, "", "{arguments:?}");
    let left = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(left, 0, "{arguments:?}");
    ended.err
}

#[test]
fn numbers_out_of_range_say_the_range() {
    for (arguments, option, range) in [
        (
            &["--cases", "-5"][..],
            "--cases <N>",
            "from 1 to 4294967295",
        ),
        (&["--cases", "0"], "--cases <N>", "from 1 to 4294967295"),
        (&["--cases", "-0"], "--cases <N>", "from 1 to 4294967295"),
        (&["--cases", "many"], "--cases <N>", "from 1 to 4294967295"),
        (&["--rate", "-1"], "--rate <N>", "from 0 to 1000000"),
        (&["--rate", "1.5"], "--rate <N>", "from 0 to 1000000"),
        (
            &["--concurrency", "-0"],
            "--concurrency <N>",
            "from 1 to 256",
        ),
        (
            &["--concurrency", "257"],
            "--concurrency <N>",
            "from 1 to 256",
        ),
        (
            &["replay", "f.json", "--times", "-1"],
            "--times <N>",
            "from 1 to 100",
        ),
        (
            &["serve", "--latency-ms", "-1"],
            "--latency-ms <N>",
            "from 0 to 3600000",
        ),
        (
            &["selfcheck", "--seeds", "0"],
            "--seeds <N>",
            "from 1 to 255",
        ),
    ] {
        let value = arguments.last().expect("a value");
        let said = said(arguments);
        let expected = format!(
            "error: invalid value '{value}' for '{option}': accepted: a whole number {range}\n"
        );
        assert!(said.starts_with(&expected), "{arguments:?}: {said}");
    }
    for (arguments, start) in [
        (
            &["--max-time", "-5m"][..],
            "error: --max-time: `-5m` is no duration",
        ),
        (&["--seed", "-1"], "error: --seed: `-1` is no seed"),
        (
            &["--shard", "-1/3", "--seed", "1"],
            "error: --shard: `-1/3` is no shard",
        ),
        (&["--shard", "4/3"], "error: --shard: `4/3` is no shard"),
        (&["--shard", "1/3"], "error: --shard: without `--seed`"),
    ] {
        let said = said(arguments);
        assert!(said.starts_with(start), "{arguments:?}: {said}");
    }
}

#[test]
fn patterns_that_match_nothing_name_what_is_near() {
    let silent = Silent::new();
    let url = silent.url();
    for (arguments, expected) in [
        (
            &["--only", ""][..],
            "--only: an empty text is the start of every id",
        ),
        (
            &["--skip", ""],
            "--skip: an empty text is the start of every id",
        ),
        (
            &["--skip", "sesion/"],
            "--skip: no property's id starts with `sesion/`; did you mean `session/`?",
        ),
        (&["--only", "Session/"], "did you mean `session/`?"),
        (
            &["--only", "session/missing-token/"],
            "did you mean `session/missing-token`?",
        ),
        (
            &["--only", "field/wrong_folder"],
            "did you mean `field/wrong-folder`",
        ),
        (
            &["--only", "FLD-100"],
            "--only: no property's id starts with `FLD-100`",
        ),
        (&["--only", "fld-1"], "did you mean `FLD-1`?"),
        (&["--skip", "FLD-1"], "--skip: `FLD-1` is a rule"),
        (
            &["--only", "field/", "--skip", "field/"],
            "no property is left to run",
        ),
        (&["selfcheck", "--only", ""], "--only: "),
    ] {
        let arguments = match arguments[0] {
            "selfcheck" => arguments.to_vec(),
            _ => [arguments, &["--target", &url]].concat(),
        };
        let said = said(&arguments);
        assert!(
            said.starts_with("error: ") && said.contains(expected),
            "{arguments:?}: {said}"
        );
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    silent.was_left_alone();
}

#[test]
fn a_rule_selects_the_properties_that_are_aimed_at_it() {
    let folder = folder();
    let ids = |rule: &str| {
        let run = [
            "-q",
            "--only",
            rule,
            "--cases",
            "1",
            "--report",
            "json=r.json",
        ];
        let ended = call(folder.path(), &run);
        assert!(matches!(ended.code, Some(0 | 3)), "{ended:#?}");
        let report = super::report(folder.path(), "r.json");
        assert_eq!(report["scope"], "part");
        let properties = report["properties"].as_array().expect("a list").clone();
        let ids = properties
            .iter()
            .map(|one| one["id"].as_str().expect("an id").to_owned());
        ids.collect::<Vec<_>>()
    };
    let (one, ten) = (ids("FLD-1"), ids("FLD-10"));
    assert!(one.contains(&"field/wrong-folder".to_owned()), "{one:?}");
    assert!(
        ten.contains(&"field/exact".to_owned()) && one != ten,
        "{ten:?}"
    );
    assert!(!one.contains(&"field/exact".to_owned()), "{one:?}");
}

#[test]
fn a_word_that_fits_nowhere_is_answered_with_what_was_probably_meant() {
    for (arguments, tip) in [
        (
            &["target.toml"][..],
            "tip: a profile is named with '--profile target.toml'",
        ),
        (
            &["run", "target.toml"],
            "tip: a profile is named with '--profile target.toml'",
        ),
        (
            &["cleanup", "target.toml"],
            "tip: a profile is named with '--profile target.toml'",
        ),
        (
            &["http://h:1"],
            "tip: the address of a reference server is named with '--target http://h:1'",
        ),
        (
            &["report.json"],
            "tip: a replay file is sent again with 'icws-conformance replay report.json'",
        ),
        (
            &["--profile", "x", "run"],
            "tip: the command comes first, its options behind it: 'icws-conformance run [OPTIONS]'",
        ),
        (
            &["--profile", "x", "cleanup"],
            "'icws-conformance cleanup [OPTIONS]'",
        ),
        (
            &["serve", "--listen", "8018"],
            "did you mean `127.0.0.1:8018`?",
        ),
        (
            &["serve", "--listen", "127.0.0.1"],
            "did you mean `127.0.0.1:0`?",
        ),
    ] {
        let said = said(arguments);
        assert!(said.contains(tip), "{arguments:?}: {said}");
    }
}

#[test]
fn help_says_of_each_command_what_is_true_of_it() {
    let folder = folder();
    for command in ["replay", "cleanup"] {
        let help = call(folder.path(), &[command, "--help"]).out;
        assert!(!help.contains("starts a reference"), "{help}");
        assert!(help.contains("ICWS_PROFILE"), "{help}");
    }
    let help = call(folder.path(), &["run", "--help"]).out;
    assert!(help.contains("--require-target"), "{help}");
    assert!(
        help.contains("Without a target a reference server inside this process"),
        "{help}"
    );
}
