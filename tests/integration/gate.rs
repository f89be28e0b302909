//! The operator's page: its script runs as it stands, and ends with the
//! documented code whatever it meets.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::ended::{Ended, ended};
use crate::serving::Serving;
use icws_conformance::cli::exit;

/// What every run of these tests asks: enough for its one fault, and soon over.
const RUN: [&str; 4] = ["--seed", "1", "--only", "session/missing"];

/// A fault that breaks a must rule, and one that breaks a should rule.
const VIOLATES: [&str; 2] = ["--fault", "missing-token-accepted"];

/// The script of the page.
fn script() -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/gate.md");
    let page = fs::read_to_string(page).expect("the page");
    let (_, rest) = page.split_once("```sh\n").expect("a script");
    let (script, _) = rest.split_once("```").expect("its end");
    script.to_owned()
}

/// A folder with the script and the profile of a server.
struct Gate {
    folder: tempfile::TempDir,
    serving: Option<Serving>,
}

impl Gate {
    fn of(options: &[&str]) -> Self {
        let mut gate = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            serving: None,
        };
        fs::write(gate.path("gate.sh"), script()).expect("written");
        gate.serve(options);
        gate
    }

    /// Another server takes the place of the one before.
    fn serve(&mut self, options: &[&str]) {
        self.serving = None;
        let options = [&["--profile-out", "p.toml"][..], options].concat();
        self.serving = Some(Serving::start(self.folder.path(), &options, &[]));
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What the script comes to.
    fn run(&self, options: &[&str]) -> Ended {
        let called = crate::binary::icws(self.folder.path(), &[]);
        let binary = Path::new(called.get_program());
        let folder = binary.parent().expect("a folder").display();
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new("sh");
        command
            .current_dir(self.folder.path())
            .args(["gate.sh", "p.toml"])
            .args(options);
        for (name, value) in called.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.env("PATH", format!("{folder}:{path}"));
        ended(&mut command)
    }

    /// The script ends with that code.
    #[track_caller]
    fn ends(&self, options: &[&str], code: u8) -> Ended {
        let ended = self.run(&[&RUN[..], options].concat());
        assert_eq!(ended.code, Some(code.into()), "{ended:#?}");
        ended
    }

    fn waive(&self, waiver: &str) {
        let path = self.path("p.toml");
        let profile = fs::read_to_string(&path).expect("a profile");
        let waiver = format!("\n[[waivers]]\nreason = \"known\"\n{waiver}\n");
        fs::write(path, profile + &waiver).expect("written");
    }
}

#[test]
fn conforms_and_violates() {
    let mut gate = Gate::of(&[]);
    let ended = gate.ends(&[], exit::CONFORMS);
    assert!(ended.out.ends_with("gate: open\n"), "{ended:#?}");
    let serving = gate.serving.as_ref().expect("a server");
    assert!(serving.url().ends_with(&serving.address) && ended.out.contains(&serving.url()));
    for report in ["report.json", "junit.xml", "report.html"] {
        assert!(gate.path("gate-reports").join(report).exists(), "{report}");
    }
    gate.serve(&VIOLATES);
    let ended = gate.ends(&[], exit::VIOLATES);
    assert!(ended.out.contains("gate: closed"), "{ended:#?}");
}

#[test]
fn waived_expired_and_stale() {
    let gate = Gate::of(&VIOLATES);
    gate.waive("rule = \"SES-2\"\nexpires = 2099-01-01");
    gate.waive("rule = \"SES-13\"\nproperty = \"session/*\"");
    let ended = gate.ends(&["--strict"], exit::CONFORMS);
    assert!(ended.out.contains("waived"), "{ended:#?}");

    let gate = Gate::of(&VIOLATES);
    gate.waive("rule = \"SES-2\"\nexpires = 2020-01-01");
    gate.waive("rule = \"SES-13\"");
    let ended = gate.ends(&[], exit::VIOLATES);
    assert!(ended.out.contains("expired on 2020-01-01"), "{ended:#?}");

    let gate = Gate::of(&[]);
    gate.waive("rule = \"SES-2\"");
    // Only a whole run can say that a waiver covers nothing.
    let whole = ["--seed", "1", "--cases", "4"];
    let ended = gate.run(&whole);
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    assert!(ended.out.contains("covers no finding"), "{ended:#?}");
    let ended = gate.run(&[&whole[..], &["--strict"]].concat());
    assert_eq!(ended.code, Some(exit::VIOLATES.into()), "{ended:#?}");

    let gate = Gate::of(&[]);
    gate.waive("rule = \"NONSENSE-1\"");
    let ended = gate.ends(&[], exit::USAGE);
    assert!(ended.complaint(exit::USAGE.into()).contains("unknown rule"));
}

#[test]
fn an_old_finding_is_known_and_a_new_one_decides() {
    let mut gate = Gate::of(&VIOLATES);
    gate.ends(&[], exit::VIOLATES);
    let report = gate.path("gate-reports/report.json");
    let baseline = gate.path("gate-reports/baseline.json");
    fs::copy(&report, &baseline).expect("a baseline");
    gate.ends(&["--strict"], exit::CONFORMS);
    gate.serve(&[&VIOLATES[..], &["--fault", "missing-cookie-accepted"]].concat());
    let ended = gate.ends(&[], exit::VIOLATES);
    assert!(ended.out.contains("SES-5"), "{ended:#?}");
    fs::write(&baseline, "{}").expect("written");
    gate.ends(&[], exit::USAGE);
}

#[test]
fn drift_fails_only_where_it_is_asked_to() {
    let mut gate = Gate::of(&[]);
    let snapshots = ["--snapshots", "snapshots", "--cases", "4", "--seed", "1"];
    let run = |gate: &Gate, more: &[&str]| gate.run(&[&snapshots[..], more].concat());
    let code = |ended: &Ended| ended.code.and_then(|code| u8::try_from(code).ok());
    let ended = run(&gate, &["--update-snapshots"]);
    assert_eq!(code(&ended), Some(exit::CONFORMS), "{ended:#?}");
    let ended = run(&gate, &["--fail-on-drift"]);
    assert_eq!(code(&ended), Some(exit::CONFORMS), "{ended:#?}");
    gate.serve(&["--variant", "removed-listed"]);
    let ended = run(&gate, &[]);
    assert_eq!(code(&ended), Some(exit::CONFORMS), "{ended:#?}");
    let ended = run(&gate, &["--fail-on-drift"]);
    assert_eq!(code(&ended), Some(exit::VIOLATES), "{ended:#?}");
}

#[test]
fn unreachable_and_nothing_tested() {
    let mut gate = Gate::of(&[]);
    let path = gate.path("p.toml");
    let profile = fs::read_to_string(&path).expect("a profile");
    let (hooks, limits) = (profile.find("[hooks."), profile.find("[limits]"));
    let (hooks, limits) = (hooks.expect("hooks"), limits.expect("limits"));
    fs::write(&path, [&profile[..hooks], &profile[limits..]].concat()).expect("written");
    let ended = gate.run(&["--only", "failure/"]);
    assert_eq!(ended.code, Some(exit::UNJUDGED.into()), "{ended:#?}");
    assert!(ended.out.contains("nothing was tested"), "{ended:#?}");
    let ended = gate.run(&["--only", "nonsense/"]);
    assert_eq!(ended.code, Some(exit::USAGE.into()), "{ended:#?}");
    gate.serving = None;
    let ended = gate.ends(&[], exit::UNJUDGED);
    assert!(ended.out.contains("gate: not judged"), "{ended:#?}");
}
