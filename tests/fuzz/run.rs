//! One run, and what must be so whatever the answers are.

use std::fs;
use std::path::Path;
use std::time::Duration;

use icws_conformance::cli::exit;
use icws_conformance::embedded::{Embedded, PASSWORDS as VARIABLES};
use icws_conformance::reference::{Fixtures, Settings};
use icws_conformance::target::{PasswordSource, PasswordSources, to_toml};
use serde_json::Value;

use crate::binary::icws;
use crate::clean;
use crate::front::Front;
use crate::leaks::{self, PASSWORDS};
use crate::process::within;
use crate::scene::Scene;

/// What `--max-time` says.
const MAX_TIME: Duration = Duration::from_secs(4);

/// How much longer a run may take, restoring included.
const GRACE: Duration = Duration::from_secs(10);

/// The most memory, in KiB.
const MEMORY_MAX: u64 = 150 * 1024;

/// The longest report, in bytes.
const REPORT_MAX: u64 = 20 << 20;

/// So many updates without an answer are more than a run may overlook.
const OVERLOOKED: u64 = 3;

/// One in so many of a property's cases may go unjudged.
const ONE_IN: u64 = 20;

/// The reports that each run writes.
const REPORTS: [&str; 3] = ["json", "junit", "html"];

/// What people and pipelines read.
const PRINTED: [&str; 5] = [
    "stdout",
    "stderr",
    "report.json",
    "report.junit",
    "report.html",
];

/// What a run came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Came {
    /// To that exit code.
    To(u8),
    /// To 0, without an answer that was changed.
    ToNothing,
}

/// Runs the binary once; what that came to, or what was wrong.
pub(crate) fn run(seed: u64) -> Result<Came, String> {
    let scene = Scene::of(seed);
    judged(&scene).map_err(|wrong| format!("{wrong} ({scene:?})"))
}

fn judged(scene: &Scene) -> Result<Came, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let folder = folder.path();
    let server = Embedded::start(settings()).map_err(|error| error.to_string())?;
    let address = server.base_url().socket_addrs(|| None);
    let address = address.map_err(|error| error.to_string())?[0];
    let front = Front::start(address, scene.clone()).map_err(|error| error.to_string())?;
    write_profile(folder, &server, &front, scene)?;
    let Some(end) = within(command(folder, scene), folder, MAX_TIME + GRACE) else {
        return Err("it did not end in time".to_owned());
    };
    let code = match end.code.map(u8::try_from) {
        Some(Ok(code @ (exit::CONFORMS | exit::VIOLATES | exit::UNJUDGED))) => code,
        _ => return Err(format!("it ended with {:?}: {}", end.code, errors(folder))),
    };
    if errors(folder).contains("panicked at") {
        return Err(format!("it panicked: {}", errors(folder)));
    }
    if let Some(leak) = leaks::found(folder, &front.known().secrets()) {
        return Err(leak);
    }
    if let Some(mark) = clean::marked(folder, &PRINTED) {
        return Err(mark);
    }
    if end.peak_kib > MEMORY_MAX {
        return Err(format!("it used {} KiB", end.peak_kib));
    }
    let report = report(folder)?;
    if report["exit_code"] != code {
        return Err(format!(
            "it ended with {code} and reports {}",
            report["exit_code"]
        ));
    }
    if code == exit::CONFORMS {
        conforms_rightly(&report, &front, scene)?;
    }
    Ok(match (code, front.changed()) {
        (exit::CONFORMS, 0) => Came::ToNothing,
        _ => Came::To(code),
    })
}

fn settings() -> Settings {
    let mut fixtures = Fixtures::default();
    for user in &mut fixtures.users {
        user.password = PASSWORDS[usize::from(!user.may_modify)].to_owned();
    }
    Settings {
        fixtures,
        ..Settings::default()
    }
}

/// The server's own profile, at the front's address.
fn write_profile(
    folder: &Path,
    server: &Embedded,
    front: &Front,
    scene: &Scene,
) -> Result<(), String> {
    let mut profile = server.profile().clone();
    let url = format!("http://{}", front.address);
    profile.base_url = url.parse().map_err(|_| url)?;
    profile.limits.timeout = Duration::from_millis(400);
    profile.limits.concurrency = scene.concurrency as usize;
    let [privileged, restricted] =
        VARIABLES.map(|(variable, _)| PasswordSource::Env(variable.to_owned()));
    let sources = PasswordSources {
        privileged,
        restricted: Some(restricted),
    };
    let text = to_toml(&profile, &sources);
    fs::write(folder.join("p.toml"), text).map_err(|error| error.to_string())
}

fn command(folder: &Path, scene: &Scene) -> std::process::Command {
    let seconds = format!("{}s", MAX_TIME.as_secs());
    let (seed, cases) = (format!("{:x}", scene.seed), scene.cases.to_string());
    let mut command = icws(folder, &["--profile", "p.toml", "--max-time", &seconds]);
    command.args(["--seed", &seed, "--cases", &cases]);
    for property in &scene.properties {
        command.args(["--only", property]);
    }
    for format in REPORTS {
        command.args(["--report", &format!("{format}=report.{format}")]);
    }
    for ((variable, _), password) in VARIABLES.iter().zip(PASSWORDS) {
        command.env(variable, password);
    }
    command
}

fn errors(folder: &Path) -> String {
    let errors = fs::read(folder.join("stderr")).unwrap_or_default();
    let errors = String::from_utf8_lossy(&errors);
    format!("{errors:.600}")
}

/// The JSON report; all others have to be there as well.
fn report(folder: &Path) -> Result<Value, String> {
    for format in REPORTS {
        let path = folder.join(format!("report.{format}"));
        let length = fs::metadata(&path).map_or(0, |file| file.len());
        if length == 0 || length > REPORT_MAX {
            return Err(format!(
                "the {format} report has {length} bytes: {}",
                errors(folder)
            ));
        }
    }
    let json = fs::read(folder.join("report.json")).map_err(|error| error.to_string())?;
    serde_json::from_slice(&json).map_err(|error| format!("the JSON report is none: {error}"))
}

/// Whether nothing speaks against the target that is said to conform.
fn conforms_rightly(report: &Value, front: &Front, scene: &Scene) -> Result<(), String> {
    let changed = front.updates_changed();
    if scene.ends_updates() && changed >= OVERLOOKED {
        return Err(format!(
            "it conforms, although {changed} updates were not answered any more"
        ));
    }
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let sum = |property: &Value, name: &str| {
        let counts = list(&property[name]);
        let counts = counts.iter().filter_map(|count| count["cases"].as_u64());
        counts.sum::<u64>()
    };
    for property in list(&report["properties"]) {
        let cases = property["cases"].as_u64().unwrap_or(0);
        let judgeable = cases.saturating_sub(sum(&property, "not_offered"));
        let unjudged = sum(&property, "unjudged");
        if unjudged * ONE_IN > judgeable {
            return Err(format!(
                "it conforms, although {unjudged} of {judgeable} cases of {} went unjudged",
                property["id"]
            ));
        }
    }
    Ok(())
}
