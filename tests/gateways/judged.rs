//! One run behind one gateway, and what is right of it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use icws_conformance::cli::exit;
use serde_json::Value;
use url::Url;

use crate::binary::icws;
use crate::certificate;
use crate::gateway::Gateway;
use crate::held::held;
use crate::serving::Serving;
use crate::setups::Setup;

/// The words for fewer cases.
const FEWER: [&str; 2] = ["--cases", "24"];

/// How many lines of each kind a failed trial shows.
const SHOWN: usize = 12;

/// Runs the binary through the gateway, and says what is not right.
pub(crate) fn behind(setup: &Setup) -> Result<(), String> {
    // The processes of some gateways run as a user who owns nothing.
    let folder = tempfile::Builder::new()
        .permissions(fs::Permissions::from_mode(0o755))
        .tempdir()
        .map_err(|error| error.to_string())?;
    let folder = folder.path();
    if setup.encrypted {
        certificate::write(folder).map_err(|error| error.to_string())?;
    }
    let serving = Serving::start(folder, &["--profile-out", "direct.toml"], &[]);
    let behind = serving.url().parse().ok().and_then(|url: Url| url.port());
    let gateway = Gateway::start(setup, folder, behind.ok_or("the server has no port")?)?;
    write_profile(folder, &gateway.url(), setup.encrypted)?;
    let before = held(&serving.address)?;
    let arguments = ["--profile", "gateway.toml", "--report", "json=report.json"];
    let mut command = icws(folder, &arguments);
    if setup.slow {
        command.args(FEWER);
    }
    let ended = command.output().map_err(|e| e.to_string())?;
    let report = fs::read(folder.join("report.json")).unwrap_or_default();
    let report = serde_json::from_slice(&report).unwrap_or_default();
    let mut wrong = wrong_in(&report);
    if ended.status.code() != Some(exit::CONFORMS.into()) {
        wrong.insert(0, format!("it ended with {}", ended.status));
    }
    let after = held(&serving.address)?;
    for (workgroup, mailboxes) in &before {
        if after.get(workgroup) != Some(mailboxes) {
            let now = after
                .get(workgroup)
                .map(Value::to_string)
                .unwrap_or_default();
            wrong.push(format!(
                "`{workgroup}` holds something else now: {now:.300}"
            ));
        }
    }
    wrong.extend(left_in(&folder.join("journal")));
    if wrong.is_empty() {
        return Ok(());
    }
    let out = String::from_utf8_lossy(&ended.stdout);
    let last = out
        .lines()
        .rfind(|line| !line.is_empty())
        .unwrap_or_default();
    let errors = String::from_utf8_lossy(&ended.stderr);
    let log = gateway.log();
    Err(format!(
        "{}\nlast line: {last}\nerrors: {errors}\nthe gateway: {log}",
        wrong.join("\n")
    ))
}

/// The server's own profile, at the gateway's address.
fn write_profile(folder: &Path, url: &str, encrypted: bool) -> Result<(), String> {
    let direct = fs::read_to_string(folder.join("direct.toml")).map_err(|e| e.to_string())?;
    let mut profile: toml::Table = direct.parse().map_err(|e: toml::de::Error| e.to_string())?;
    profile.insert("base_url".to_owned(), url.into());
    if encrypted {
        let tls = toml::Table::from_iter([("ca".to_owned(), certificate::CERTIFICATE.into())]);
        profile.insert("tls".to_owned(), tls.into());
    }
    fs::write(folder.join("gateway.toml"), profile.to_string()).map_err(|e| e.to_string())
}

/// What a report says that is not right of a conforming server: findings,
/// properties that did not hold, and cases that went unjudged.
fn wrong_in(report: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    if report["decision"] != "conforms" {
        wrong.push(format!("the decision is {}", report["decision"]));
    }
    let properties = list(&report["properties"]);
    for property in &properties {
        let id = &property["id"];
        if property["outcome"] != "held" {
            wrong.push(format!(
                "{id} is {}: {}",
                property["outcome"], property["reason"]
            ));
        }
        for finding in list(&property["findings"]) {
            wrong.push(format!(
                "{}: {} / {} ({})",
                finding["identity"], finding["message"], finding["actual"], finding["confirmed"]
            ));
        }
        for unjudged in list(&property["unjudged"]) {
            wrong.push(format!("{id}: unjudged: {unjudged}"));
        }
    }
    for reason in list(&report["unjudged"]) {
        wrong.push(format!("unjudged: {reason}"));
    }
    for note in list(&report["notes"]) {
        if note
            .as_str()
            .is_some_and(|note| note.contains("could not be"))
        {
            wrong.push(format!("note: {note}"));
        }
    }
    if wrong.len() > SHOWN {
        let more = wrong.len() - SHOWN;
        wrong.truncate(SHOWN);
        wrong.push(format!("and {more} more"));
    }
    wrong
}

/// What a journal still owes.
fn left_in(journal: &Path) -> Option<String> {
    let entries = fs::read_dir(journal).ok()?.flatten();
    // A lock says that its workgroup was used, not that anything is owed.
    let names = entries.map(|entry| entry.path());
    let names: Vec<_> = names
        .filter(|name| name.extension() != Some("lock".as_ref()))
        .collect();
    (!names.is_empty()).then(|| format!("the journal holds {names:?}"))
}
