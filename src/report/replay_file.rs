//! Replay files: one finding each, with the case that shows it, to be sent
//! again without the run that found it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::client::Redacted;
use crate::generate::Case;
use crate::runner::{Finding, Report};

use super::file::PendingFile;
use super::findings::findings;

/// The folder, in the current one, into which a run writes its replay files.
/// It is made only when something was found.
pub const FOLDER: &str = "icws-conformance-replay";

/// The version of the format.
pub const SCHEMA: &str = "icws-conformance/replay/1";
/// The version of the contract that a replay was judged by.
pub const CONTRACT: &str = "monitored-mailboxes/1";

/// The longest file name before its extension, in characters.
const NAME_MAX: usize = 120;

/// Where each finding's replay file is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplayFiles(BTreeMap<String, PathBuf>);

impl ReplayFiles {
    /// The command that repeats that finding, if its file was written.
    pub fn command(&self, finding: &Finding) -> Option<String> {
        let path = self.0.get(&finding.identity())?;
        Some(format!("icws-conformance replay {}", path.display()))
    }
}

/// Writes one file for every finding of the report, waived ones included, into
/// `folder`. A file's name derives from the finding's identity, so another run
/// that finds the same replaces it.
///
/// # Errors
/// The first thing that could not be written, as a fragment naming it.
pub fn write_all(report: &Report, folder: &Path) -> Result<ReplayFiles, String> {
    let mut files = ReplayFiles::default();
    let mut taken = BTreeSet::new();
    for finding in findings(report) {
        let identity = finding.identity();
        if files.0.contains_key(&identity) {
            continue;
        }
        let path = folder.join(unique(&file_name(&identity), &mut taken));
        write(report, finding, &path)
            .map_err(|error| format!("failed to write `{}`: {error}", path.display()))?;
        files.0.insert(identity, path);
    }
    Ok(files)
}

/// The content of a file.
#[derive(Serialize)]
struct Replay<'a> {
    schema: &'static str,
    contract: &'static str,
    tool: Tool,
    seed: String,
    target: Target<'a>,
    property: &'a str,
    rule: &'a str,
    cause: &'a Redacted,
    workgroup: &'a str,
    case: &'a Case,
    expected: &'a [Redacted],
    actual: &'a Redacted,
}

#[derive(Serialize)]
struct Tool {
    version: &'static str,
}

#[derive(Serialize)]
struct Target<'a> {
    name: &'a str,
    base_url: &'a str,
}

fn write(report: &Report, finding: &Finding, path: &Path) -> io::Result<()> {
    let replay = Replay {
        schema: SCHEMA,
        contract: CONTRACT,
        tool: Tool {
            version: env!("CARGO_PKG_VERSION"),
        },
        seed: report.seed.to_string(),
        target: Target {
            name: &report.target.name,
            base_url: &report.target.base_url,
        },
        property: finding.property,
        rule: finding.rule.as_str(),
        cause: &finding.cause,
        workgroup: &finding.workgroup,
        case: &finding.case,
        expected: &finding.expected,
        actual: &finding.actual,
    };
    let mut json = serde_json::to_vec_pretty(&replay)?;
    json.push(b'\n');
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    PendingFile::create(path)?.write(&json)
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
        let files = write_all(&report, folder.path()).expect("written");
        assert_eq!(files.0.len(), findings(&report).count());
        let violation = samples::violation();
        let path = &files.0[&violation.identity()];
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
        let files = write_all(&samples::conforming(), &nothing).expect("nothing to write");
        assert_eq!((files, nothing.exists()), (ReplayFiles::default(), false));
        let file = folder.path().join("file");
        fs::write(&file, "").expect("a file");
        let error = write_all(&samples::every_outcome(), &file).expect_err("no folder");
        assert!(
            error.contains("failed to write") && error.contains("file"),
            "{error}"
        );
    }
}
