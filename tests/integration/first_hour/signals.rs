//! A terminal that goes away, and a run that was to outlive it.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use icws_conformance::cli::exit;

use super::{SHORT, report};
use crate::ended::Ended;
use crate::neighbour::Neighbour;

fn signal(name: &str, process: u32) {
    let status = Command::new("kill")
        .args(["-s", name, &process.to_string()])
        .status();
    assert!(status.expect("kill is there").success());
}

/// Waits until the run has begun, sends it the signal, and waits for its end.
fn ended_by(mut child: Child, name: &str) -> (String, Ended) {
    let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut first = String::new();
    out.read_line(&mut first).expect("a line");
    assert!(first.starts_with("icws-conformance "), "{first}");
    signal(name, child.id());
    let mut rest = String::new();
    out.read_to_string(&mut rest).expect("text");
    (rest, Ended::of(&child.wait_with_output().expect("an end")))
}

#[test]
fn a_terminal_that_hangs_up_ends_the_run_in_order() {
    let neighbour = Neighbour::of(&["--latency-ms", "5"]);
    let before = neighbour.all_bytes();
    for name in ["HUP", "TERM"] {
        let run = [
            "--profile",
            "p.toml",
            "--cases",
            "100000",
            "--report",
            "json=r.json",
        ];
        let child = crate::binary::icws(neighbour.folder(), &run)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let (out, ended) = ended_by(child, name);
        assert_eq!(
            ended.code,
            Some(exit::UNJUDGED.into()),
            "{name}: {out}{ended:#?}"
        );
        assert!(ended.err.starts_with("stopping; "), "{name}: {ended:#?}");
        let last = out.lines().last().expect("a line");
        let start = "reference could not be judged (the run was interrupted";
        assert!(last.starts_with(start), "{name}: {last}");
        assert_eq!(report(neighbour.folder(), "r.json")["line"], last);
        assert_eq!(neighbour.all_bytes(), before, "{name}");
    }
}

#[test]
fn a_run_that_was_to_outlive_its_terminal_does() {
    let neighbour = Neighbour::of(&["--latency-ms", "5"]);
    let run = crate::binary::icws(
        neighbour.folder(),
        &[&SHORT[..], &["--profile", "p.toml"]].concat(),
    );
    // As `nohup` starts it.
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' HUP; exec \"$@\"", "sh"]);
    command.arg(run.get_program()).args(run.get_args());
    command.current_dir(neighbour.folder());
    for (name, value) in run.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let (out, ended) = ended_by(child.expect("it starts"), "HUP");
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{out}{ended:#?}");
    assert_eq!(ended.err, "");
}
