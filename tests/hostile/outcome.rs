//! What one behaviour at one moment comes to: what was seen, and what of it is
//! wrong.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use icws_conformance::reference::{Fixtures, Settings};
use serde_json::Value;

use crate::behaviours::Behaviour;
use crate::certificates::Certificates;
use crate::child::{Place, Ran};
use crate::front::act::Moment;
use crate::front::{Front, Setting};
use crate::leaks::Leaks;
use crate::marks;
use crate::server::{Server, differing};

/// How many bytes a report may have.
const REPORT_MAX: u64 = 20_000_000;

/// How much memory a run may have at once, in KiB, for each MiB that the profile lets
/// one answer have: by default it is one.
const MEMORY_MAX: u64 = 150 * 1024;

/// What was seen.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// The exit code.
    pub(crate) code: Option<i32>,
    /// The last line.
    pub(crate) line: String,
    /// How many findings of must rules, and of others.
    pub(crate) findings: (usize, usize),
    /// The rules of the findings, each once.
    pub(crate) rules: Vec<String>,
    /// How many mailboxes are otherwise than before, after the run and after
    /// `cleanup`.
    pub(crate) left: (usize, usize),
    /// The most memory, in KiB.
    pub(crate) peak_kib: u64,
    /// The bytes of all that was written.
    pub(crate) written: u64,
    /// How long it took.
    pub(crate) took: Duration,
    /// How many requests came, and with how many it was done.
    pub(crate) requests: (u64, u64),
    /// What is wrong.
    pub(crate) wrong: Vec<String>,
}

/// Tries a behaviour.
pub(crate) fn of(behaviour: &Behaviour, moment: Moment) -> io::Result<Outcome> {
    let options = &behaviour.options;
    let server = Arc::new(Server::start(Settings::default())?);
    let before = server.state()?;
    let certificates = options.tls.then(Certificates::new);
    let setting = Setting {
        moment,
        middle: options.middle,
        tls: certificates.as_ref().map(Certificates::configurations),
    };
    let front = Front::start(&server, &behaviour.play, setting)?;
    let scheme = if options.tls { "https" } else { "http" };
    let base_url = format!("{scheme}://{}", front.address);
    let ca = certificates.as_ref().map(|made| made.pem.as_str());
    let place = Place::new(&base_url, options, ca)?;

    let ran = place.test(options, behaviour.max_time(moment))?;
    let mut outcome = Outcome {
        code: ran.code,
        line: ran.last_line(),
        peak_kib: ran.peak_kib,
        took: ran.took,
        ..Outcome::default()
    };
    {
        let memory = front.memory();
        outcome.requests = (memory.requests, memory.done);
    }
    outcome.bounds(&ran, options.answer_bytes_max.unwrap_or_default());
    outcome.reports(place.path(), behaviour);
    outcome.ending(behaviour, moment);
    outcome.shown(&ran, place.path(), &front);

    if behaviour.spoils {
        return Ok(outcome);
    }
    front.heal();
    outcome.left.0 = differing(&before, &server.state()?);
    if outcome.left.0 > 0 {
        let cleaned = place.clean_up()?;
        outcome.left.1 = differing(&before, &server.state()?);
        outcome.cleaned(&cleaned);
    }
    Ok(outcome)
}

impl Outcome {
    fn fails(&mut self, what: String) {
        self.wrong.push(what);
    }

    /// Time, memory, and the size of what was written.
    fn bounds(&mut self, ran: &Ran, answer_bytes_max: usize) {
        if ran.killed {
            self.fails(format!("not ended after {} s", ran.took.as_secs()));
        }
        if ran.peak_kib > MEMORY_MAX * answer_bytes_max.div_ceil(1 << 20).max(1) as u64 {
            self.fails(format!("{} MB of memory", ran.peak_kib / 1024));
        }
        let streams = [("standard output", &ran.out), ("standard error", &ran.err)];
        for (name, bytes) in streams {
            if bytes.len() as u64 > REPORT_MAX {
                self.fails(format!("{name} has {} MB", bytes.len() / 1_000_000));
            }
        }
    }

    /// The reports: there, whole, small, and saying what the child did.
    fn reports(&mut self, folder: &Path, behaviour: &Behaviour) {
        for file in files(folder) {
            let length = fs::metadata(&file).map_or(0, |data| data.len());
            self.written += length;
            if length > REPORT_MAX {
                let name = file.file_name().unwrap_or_default().display();
                self.fails(format!("{name} has {} MB", length / 1_000_000));
            }
        }
        if self.code.is_none() || self.code == Some(2) {
            return;
        }
        let text = fs::read_to_string(folder.join("r.json"));
        let json = text.ok().and_then(|text| serde_json::from_str(&text).ok());
        let Some(json): Option<Value> = json else {
            return self.fails("there is no JSON report".to_owned());
        };
        if json["exit_code"].as_i64() != self.code.map(i64::from) {
            self.fails(format!("the JSON report says {}", json["exit_code"]));
        }
        self.findings_of(&json, behaviour);
        for (name, read) in [
            ("r.xml", marks::is_xml as fn(&str) -> bool),
            ("r.html", marks::is_page),
        ] {
            let text = fs::read_to_string(folder.join(name));
            if !text.is_ok_and(|text| read(&text)) {
                self.fails(format!("{name} is not there, or not whole"));
            }
        }
    }

    fn findings_of(&mut self, json: &Value, behaviour: &Behaviour) {
        let properties = json["properties"].as_array();
        for property in properties.into_iter().flatten() {
            for finding in property["findings"].as_array().into_iter().flatten() {
                if finding["level"] == "must" {
                    self.findings.0 += 1
                } else {
                    self.findings.1 += 1
                }
                let cause = finding["cause"].as_str().unwrap_or_default();
                if !behaviour.never_cause.is_empty() && cause.contains(behaviour.never_cause) {
                    self.fails(format!("the cause is {cause:?}"));
                }
                let rule = finding["rule"].as_str().unwrap_or_default().to_owned();
                if !self.rules.contains(&rule) {
                    self.rules.push(rule);
                }
            }
            let sum = |name: &str| -> u64 {
                let entries = property[name].as_array().into_iter().flatten();
                entries.filter_map(|entry| entry["cases"].as_u64()).sum()
            };
            let cases = property["cases"].as_u64().unwrap_or(0);
            let (judgeable, unjudged) = (cases - sum("not_offered").min(cases), sum("unjudged"));
            if self.code == Some(0) && unjudged * 20 > judgeable {
                let id = &property["id"];
                self.fails(format!(
                    "exit 0 with {unjudged} of {judgeable} unjudged in {id}"
                ));
            }
        }
        self.rules.sort_unstable();
        let found = self.findings.0 + self.findings.1;
        if found > behaviour.findings_max {
            let max = behaviour.findings_max;
            self.fails(format!("{found} findings where {max} are enough"));
        }
        let foreign = |rule: &&String| !behaviour.rules.contains(&rule.as_str());
        let foreign: Vec<_> = self.rules.iter().filter(foreign).cloned().collect();
        if !behaviour.rules.is_empty() && !foreign.is_empty() {
            self.fails(format!("findings of {}", foreign.join(", ")));
        }
    }

    /// What was left was owed, and is gone after `cleanup`.
    fn cleaned(&mut self, cleaned: &Ran) {
        let (left, still) = self.left;
        if self.code == Some(0) {
            self.fails(format!("exit 0 with {left} mailboxes left"));
        }
        if still > 0 || cleaned.code != Some(0) {
            let (code, line) = (cleaned.code, cleaned.last_line());
            self.fails(format!(
                "left {left}, after cleanup (exit {code:?}: {line}) {still}"
            ));
        }
        for stream in [&cleaned.err, &cleaned.out] {
            if let Some(mark) = marks::unclean(stream) {
                self.fails(format!("cleanup prints {mark}"));
            }
        }
    }

    /// The exit code.
    fn ending(&mut self, behaviour: &Behaviour, moment: Moment) {
        let Some(code) = self.code else {
            return;
        };
        // What was never done is no reason for anything.
        let right = match self.requests.1 {
            0 => super::behaviours::CONFORMS,
            _ => behaviour.right(moment),
        };
        if !right.contains(&code) {
            self.fails(format!("exit {code} where {right:?} is right"));
        }
    }

    /// Secrets, and what a terminal or a log takes for something else.
    fn shown(&mut self, ran: &Ran, folder: &Path, front: &Front) {
        for (name, bytes) in [("standard output", &ran.out), ("standard error", &ran.err)] {
            if let Some(mark) = marks::unclean(bytes) {
                self.fails(format!("{name} has {mark}"));
            }
        }
        let secrets = front.memory().secrets.clone();
        let users = Fixtures::default().users;
        let passwords = users.iter().map(|user| user.password.as_str());
        let names: Vec<_> = users.iter().map(|user| user.id.as_str()).collect();
        let leaks = Leaks::of(secrets.iter().map(String::as_str).chain(passwords), &names);
        for file in files(folder) {
            let bytes = fs::read(&file).unwrap_or_default();
            if let Some(found) = leaks.in_text(&bytes) {
                let name = file.strip_prefix(folder).unwrap_or(&file);
                self.fails(format!("a secret in {}, {found}", name.display()));
            }
        }
    }
}

/// Every file in a folder and those below it.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(self::files(&path))
        } else {
            files.push(path)
        }
    }
    files
}
