//! Replay files: one finding each, with the case that shows it, to be sent
//! again without the run that found it.

mod read;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::contract::RuleId;
use crate::generate::Case;
use crate::runner::outcome::TargetReport;
use crate::runner::{Finding, Report};
use crate::target::Mailbox;

use super::access::Access;
use super::curl::curl;
use super::document::Tool;
use super::file::PendingFile;
use super::findings::findings;
use super::printable::clean_json;
use super::shell;

pub use read::read;

/// The folder, in the current one, into which a run writes its replay files.
/// It is made only when something was found.
pub const FOLDER: &str = "icws-conformance-replay";

/// The version of the format.
pub const SCHEMA: &str = "icws-conformance/replay/1";
/// The version of the contract that a replay was judged by.
pub const CONTRACT: &str = "monitored-mailboxes/1";

/// The longest file name before its extension, in characters.
const NAME_MAX: usize = 120;

/// Where each finding's replay file is, and how its target is got at.
#[derive(Clone, Debug, Default)]
pub struct ReplayFiles {
    paths: BTreeMap<String, PathBuf>,
    /// How the target is got at.
    pub access: Access,
}

impl ReplayFiles {
    /// No files, but a target that can be got at.
    pub fn none(access: Access) -> Self {
        Self {
            paths: BTreeMap::new(),
            access,
        }
    }

    /// The command that repeats that finding, if its file was written.
    pub fn command(&self, finding: &Finding) -> Option<String> {
        let path = self.paths.get(&finding.identity())?;
        let path = path.display().to_string();
        let words = std::iter::once(&path).chain(&self.access.options);
        let words: Vec<_> = words.map(|text| shell::word(text)).collect();
        Some(format!("icws-conformance replay {}", words.join(" ")))
    }

    /// The command that does so without this program, if its file was written.
    pub fn script(&self, finding: &Finding) -> Option<String> {
        let path = self.paths.get(&finding.identity())?.with_extension("sh");
        Some(format!("sh {}", shell::word(&path.display().to_string())))
    }
}

/// Writes one file for every finding of the report, waived ones included, into
/// `folder`, and beside it the script that does the same by hand. A file's name derives from the finding's identity, so another run
/// that finds the same replaces it.
///
/// # Errors
/// The first thing that could not be written, as a fragment naming it.
pub fn write_all(report: &Report, folder: &Path, access: Access) -> Result<ReplayFiles, String> {
    let mut files = ReplayFiles::none(access);
    let mut taken = BTreeSet::new();
    for finding in findings(report) {
        let identity = finding.identity();
        if files.paths.contains_key(&identity) {
            continue;
        }
        let path = folder.join(unique(&file_name(&identity), &mut taken));
        ReplayFile::of(report, finding, &files.access)
            .write(&path)
            .map_err(|error| format!("failed to write `{}`: {error}", path.display()))?;
        let script = path.with_extension("sh");
        let text = format!(
            "#!/bin/sh\n{}\n",
            curl(&report.target, &files.access, finding)
        );
        PendingFile::create(&script)
            .and_then(|file| file.write(text.as_bytes()))
            .map_err(|error| format!("failed to write `{}`: {error}", script.display()))?;
        files.paths.insert(identity, path);
    }
    Ok(files)
}

/// The content of a file. Its texts hold no secret: they were redacted before
/// they were written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReplayFile {
    /// [`SCHEMA`].
    pub schema: String,
    /// [`CONTRACT`].
    pub contract: String,
    /// What wrote it.
    pub tool: Tool,
    /// The seed of the run that found it.
    pub seed: String,
    /// Where it was found.
    pub target: Target,
    /// The property that it refutes.
    pub property: String,
    /// The rule that it breaks.
    pub rule: String,
    /// What the request does, as a stable name.
    pub cause: String,
    /// The scratch workgroup on which it was shown.
    pub workgroup: String,
    /// What is sent.
    pub case: Case,
    /// Every legal answer.
    pub expected: Vec<String>,
    /// The answer seen.
    pub actual: String,
}

/// The target on which a finding was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The profile's name.
    pub name: String,
    /// Its base URL.
    pub base_url: String,
    /// Whether it was the reference server inside the process.
    #[serde(default)]
    pub embedded: bool,
    /// The mailboxes that the case could speak of, by moniker, with their
    /// folders: the case means something else where they are others.
    #[serde(default)]
    pub mailboxes: BTreeMap<String, Vec<String>>,
}

impl ReplayFile {
    fn of(report: &Report, finding: &Finding, access: &Access) -> Self {
        let case = serde_json::to_string(&finding.case).unwrap_or_default();
        let named = |mailbox: &&Mailbox| {
            let moniker = serde_json::Value::from(mailbox.moniker.as_str()).to_string();
            // Bodies that are no JSON stand as text, with quotes of their own.
            case.contains(moniker.trim_matches('"'))
        };
        let mailboxes = access.mailboxes.iter().filter(named);
        let TargetReport { name, base_url, .. } = &report.target;
        Self {
            schema: SCHEMA.to_owned(),
            contract: CONTRACT.to_owned(),
            tool: Tool {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                contract: None,
            },
            seed: report.seed.to_string(),
            target: Target {
                name: name.clone(),
                base_url: base_url.clone(),
                embedded: access.embedded,
                mailboxes: mailboxes
                    .map(|mailbox| (mailbox.moniker.clone(), mailbox.folders.clone()))
                    .collect(),
            },
            property: finding.property.to_owned(),
            rule: finding.rule.as_str().to_owned(),
            cause: finding.cause.to_string(),
            workgroup: finding.workgroup.clone(),
            case: finding.case.clone(),
            expected: finding.expected.iter().map(ToString::to_string).collect(),
            actual: finding.actual.to_string(),
        }
    }

    fn write(&self, path: &Path) -> io::Result<()> {
        let mut json = clean_json(self)?;
        json.push(b'\n');
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        PendingFile::create(path)?.write(&json)
    }

    /// The rule that the case was seen to break.
    ///
    /// # Panics
    /// Where the value was made by hand with a rule that there is not; files
    /// are checked when they are read.
    pub fn rule(&self) -> RuleId {
        RuleId::parse(&self.rule).expect("the rule was checked when the file was read")
    }

    /// Property, rule and cause, as of a finding.
    pub fn identity(&self) -> String {
        format!("{} · {} · {}", self.property, self.rule, self.cause)
    }
}

/// The identity in letters, digits and dashes, which every file system takes
/// and no shell has to quote.
fn file_name(identity: &str) -> String {
    let mut name = String::new();
    for character in identity.chars() {
        if character.is_ascii_alphanumeric() {
            name.push(character.to_ascii_lowercase());
        } else if !name.ends_with('-') {
            name.push('-');
        }
    }
    name.truncate(NAME_MAX);
    name.trim_matches('-').to_owned()
}

fn unique(name: &str, taken: &mut BTreeSet<String>) -> String {
    let numbered = |number: usize| match number {
        1 => format!("{name}.json"),
        _ => format!("{name}-{number}.json"),
    };
    (1..)
        .map(numbered)
        .find(|file| taken.insert(file.clone()))
        .expect("numbers do not run out")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;
    use serde_json::{Value, json};

    #[test]
    fn every_finding_has_a_file_that_holds_its_case() {
        let folder = tempfile::tempdir().expect("a folder");
        let report = samples::every_outcome();
        let files = write_all(&report, folder.path(), Access::default()).expect("written");
        assert_eq!(files.paths.len(), findings(&report).count());
        let violation = samples::violation();
        let path = &files.paths[&violation.identity()];
        assert!(path.ends_with("session-missing-token-ses-2-no-token.json"));
        let text = fs::read_to_string(path).expect("a file");
        let replay: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(replay["schema"], SCHEMA);
        assert_eq!(replay["seed"], "0000000000c0ffee");
        assert_eq!(replay["expected"], json!(["401 with an error body"]));
        let case: Case = serde_json::from_value(replay["case"].clone()).expect("a case");
        assert_eq!(case, violation.case);
    }

    #[test]
    fn names_are_safe_and_never_meet() {
        assert_eq!(file_name("a/b · C-1 · ../é\n'x"), "a-b-c-1-x");
        let mut taken = BTreeSet::new();
        assert_eq!(unique("a", &mut taken), "a.json");
        assert_eq!(unique("a", &mut taken), "a-2.json");
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named_and_none_is_made_for_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let nothing = folder.path().join("nothing");
        let files = write_all(&samples::conforming(), &nothing, Access::default());
        assert!(files.expect("nothing to write").paths.is_empty() && !nothing.exists());
        let file = folder.path().join("file");
        fs::write(&file, "").expect("a file");
        let error =
            write_all(&samples::every_outcome(), &file, Access::default()).expect_err("no folder");
        assert!(
            error.contains("failed to write") && error.contains("file"),
            "{error}"
        );
    }
}
