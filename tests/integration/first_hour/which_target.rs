//! Which target is meant, and that it is never in doubt.

use std::fs;

use icws_conformance::cli::exit;

use super::{SHORT, Silent, call, call_with, folder, last, report};
use crate::neighbour::Neighbour;

const JSON: [&str; 2] = ["--report", "json=r.json"];
const UNNAMED: &str = "no target was named; the embedded reference";

#[test]
fn a_variable_names_the_profile_and_nothing_is_left_there() {
    let neighbour = Neighbour::of(&[]);
    let before = neighbour.all_bytes();
    let run = [&SHORT[..], &JSON].concat();
    let ended = call_with(neighbour.folder(), &run, &[("ICWS_PROFILE", "p.toml")]);
    let line = last(&ended, exit::CONFORMS);
    assert!(
        line.starts_with("reference: no breach in this part ("),
        "{line}"
    );
    let told = report(neighbour.folder(), "r.json");
    assert_eq!(told["target"]["named"], "variable");
    assert_eq!(told["target"]["base_url"], neighbour.serving.url());
    assert_eq!(told["line"], line);
    assert_eq!(neighbour.all_bytes(), before);
    // An address does so as well, and an option wins over both.
    let silent = Silent::new();
    let url = neighbour.serving.url();
    for (more, variables, named) in [
        (vec![], vec![("ICWS_TARGET_URL", url.as_str())], "variable"),
        (
            vec!["--target", &url],
            vec![
                ("ICWS_PROFILE", "none.toml"),
                ("ICWS_TARGET_URL", "ftp://h"),
            ],
            "flag",
        ),
        (
            vec!["--profile", "p.toml"],
            vec![("ICWS_PROFILE", "none.toml")],
            "flag",
        ),
    ] {
        let ended = call_with(neighbour.folder(), &[&run[..], &more].concat(), &variables);
        last(&ended, exit::CONFORMS);
        let told = report(neighbour.folder(), "r.json");
        assert_eq!(told["target"]["named"], named, "{more:?}");
        assert_eq!(told["target"]["base_url"], url, "{more:?}");
    }
    silent.was_left_alone();
}

#[test]
fn a_variable_that_names_nothing_good_or_two_things_is_told_and_nothing_is_sent() {
    let neighbour = Neighbour::of(&[]);
    let silent = Silent::new();
    let url = silent.url();
    for (arguments, variables, start) in [
        (
            &["-q"][..],
            &[("ICWS_PROFILE", "none.toml")][..],
            "ICWS_PROFILE: profile `none.toml`: no such file; ",
        ),
        (
            &["cleanup"],
            &[("ICWS_PROFILE", "none.toml")],
            "ICWS_PROFILE: profile `none.toml`: no such file; ",
        ),
        (
            &["run"],
            &[("ICWS_TARGET_URL", "localhost:8018")],
            "ICWS_TARGET_URL: a URL without a scheme (did you mean `http://localhost:8018`?)",
        ),
        (
            &["--target", "localhost:8018"],
            &[],
            "--target: a URL without a scheme (did you mean `http://localhost:8018`?)",
        ),
        (
            &["--profile", "p.toml"],
            &[("ICWS_TARGET_URL", &url)],
            "--profile `p.toml` and the environment variable `ICWS_TARGET_URL` both name a target",
        ),
        (
            &["run"],
            &[("ICWS_PROFILE", "p.toml"), ("ICWS_TARGET_URL", &url)],
            "the environment variable `ICWS_PROFILE` (`p.toml`) and the environment variable \
             `ICWS_TARGET_URL` both name a target",
        ),
        (
            &["cleanup"],
            &[("ICWS_PROFILE", "p.toml"), ("ICWS_TARGET_URL", &url)],
            "the environment variable `ICWS_PROFILE` (`p.toml`) and ",
        ),
        (
            &["--require-target"],
            &[],
            "--require-target: nothing names a target",
        ),
        (
            &["run", "--require-target"],
            &[("ICWS_PROFILE", ""), ("ICWS_TARGET_URL", "")],
            "--require-target: nothing names a target",
        ),
    ] {
        let ended = call_with(neighbour.folder(), arguments, variables);
        let said = ended.complaint(exit::USAGE.into());
        assert!(
            said.starts_with(start),
            "{arguments:?} {variables:?}: {said}"
        );
        assert_eq!(ended.out, "", "{arguments:?}");
    }
    silent.was_left_alone();
}

#[test]
fn a_target_that_nobody_named_is_told_in_the_last_line_and_in_every_report() {
    let folder = folder();
    let reports = ["--report", "junit=r.xml", "--report", "html=r.html"];
    let run = [&SHORT[..], &JSON, &reports].concat();
    for more in [&["-q"][..], &[], &["-v"]] {
        let empty = [("ICWS_PROFILE", ""), ("ICWS_TARGET_URL", "")];
        let ended = call_with(folder.path(), &[&run[..], more].concat(), &empty);
        let line = last(&ended, exit::CONFORMS);
        assert!(line.starts_with(UNNAMED), "{line}");
        let told = report(folder.path(), "r.json");
        assert_eq!(told["target"]["named"], "none");
        assert_eq!(
            (&told["scope"], &told["gate"]),
            (&"part".into(), &"open".into())
        );
        assert_eq!(told["line"], line);
        for name in ["r.xml", "r.html"] {
            let text = fs::read_to_string(folder.path().join(name)).expect(name);
            assert!(text.contains(UNNAMED), "{name}");
        }
    }
}

#[test]
fn an_address_may_come_from_a_variable_that_the_profile_names() {
    let neighbour = Neighbour::of(&[]);
    let path = neighbour.folder().join("p.toml");
    let text = fs::read_to_string(&path).expect("a profile");
    let own = format!("base_url = \"{}\"", neighbour.serving.url());
    assert!(text.contains(&own), "{text}");
    let of_variable = text.replace(&own, "base_url_env = \"STAGING_URL\"");
    fs::write(&path, of_variable).expect("a profile");
    let run = [&SHORT[..], &["--profile", "p.toml"]].concat();
    let url = neighbour.serving.url();
    let ended = call_with(neighbour.folder(), &run, &[("STAGING_URL", &url)]);
    last(&ended, exit::CONFORMS);
    let ended = call(neighbour.folder(), &run);
    let said = ended.complaint(exit::USAGE.into());
    assert!(
        said.contains("`base_url_env`: the environment variable `STAGING_URL` is not"),
        "{said}"
    );
    // One that is not there is told by the variable.
    let gone = "http://127.0.0.1:9";
    let ended = call_with(neighbour.folder(), &run, &[("STAGING_URL", gone)]);
    let said = ended.complaint(exit::UNJUDGED.into());
    assert!(
        said.contains("the host and port of `STAGING_URL` (`base_url_env`)"),
        "{said}"
    );
}

#[test]
fn a_target_that_is_not_there_points_at_what_named_it() {
    let folder = folder();
    let gone = "http://127.0.0.1:9";
    for (arguments, variables, named) in [
        (&["-q", "--target", gone][..], &[][..], "`--target`"),
        (&["-q"], &[("ICWS_TARGET_URL", gone)], "`ICWS_TARGET_URL`"),
    ] {
        let ended = call_with(folder.path(), arguments, variables);
        let said = ended.complaint(exit::UNJUDGED.into());
        let expected = format!("the host and port of {named}");
        assert!(said.contains(&expected), "{said}");
        assert!(
            !said.contains("base_url") && !said.contains("users."),
            "{said}"
        );
        let line = last(&ended, exit::UNJUDGED);
        assert!(
            line.starts_with("reference could not be judged (failed to open"),
            "{line}"
        );
        assert!(line.ends_with("exit code 3"), "{line}");
    }
}

#[test]
fn replay_and_cleanup_go_to_the_target_that_a_variable_names() {
    let neighbour = Neighbour::of(&["--fault", "missing-token-accepted"]);
    let variables = [("ICWS_PROFILE", "p.toml")];
    let ended = call_with(neighbour.folder(), &SHORT, &variables);
    assert_eq!(ended.code, Some(exit::VIOLATES.into()), "{ended:#?}");
    let replays = neighbour.folder().join("icws-conformance-replay");
    let mut files = fs::read_dir(replays).expect("files").flatten();
    let file = files.find(|file| file.path().extension().is_some_and(|end| end == "json"));
    let file = file.expect("a replay file").path().display().to_string();
    let ended = call_with(neighbour.folder(), &["replay", &file], &variables);
    assert!(
        last(&ended, exit::VIOLATES).starts_with("FAILS: "),
        "{ended:#?}"
    );
    assert!(ended.out.contains(&neighbour.serving.url()), "{ended:#?}");
    let ended = call(neighbour.folder(), &["replay", &file]);
    let said = ended.complaint(exit::USAGE.into());
    assert!(said.contains("name it with `--profile FILE`"), "{said}");
    let ended = call_with(neighbour.folder(), &["cleanup"], &variables);
    let nothing = format!(
        "nothing to clean up: no run left anything to be done at {}",
        neighbour.serving.url()
    );
    assert_eq!(last(&ended, exit::CONFORMS), nothing);
}
