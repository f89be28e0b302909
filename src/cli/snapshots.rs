//! `run --snapshots`: the accepted snapshots in their folder, and what becomes
//! of them. Read before anything is sent, written after everything.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Environment, Failure};
use crate::gate::snapshots::{Kept, Snapshot, drift};
use crate::report::file::PendingFile;
use crate::runner::Report;
use crate::runner::standing::Drift;

/// The largest snapshot that is read, in bytes.
const BYTES_MAX: u64 = 16 * 1024 * 1024;

/// What is to be done with snapshots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Snapshots {
    /// Their folder.
    pub(super) folder: PathBuf,
    /// Whether what a run shows is accepted.
    pub(super) update: bool,
    /// Whether drift fails the gate.
    pub(super) fail: bool,
}

/// The snapshots of one folder, while a run is under way.
pub(super) struct Opened {
    folder: PathBuf,
    accepted: Vec<(Kept, Option<Snapshot>)>,
    /// The places of new ones, where they are to be accepted.
    pending: Option<Vec<PendingFile>>,
    /// Whether what differs is left beside what was accepted.
    beside: bool,
}

impl Snapshots {
    /// Reads what was accepted, and tries the places of what is to be.
    pub(super) fn open(&self, environment: Environment<'_>) -> Result<Opened, Failure> {
        let failed = |path: &Path, problem: String| {
            let path = path.display();
            Failure::usage(format!("--snapshots: `{path}`: {problem}"))
        };
        if self.folder.exists() && !self.folder.is_dir() {
            let problem = "is no folder; accepted: a folder, which may be missing";
            return Err(failed(&self.folder, problem.to_owned()));
        }
        let mut accepted = Vec::new();
        for kept in Kept::ALL {
            let path = self.path(kept);
            let snapshot = read(&path).map_err(|problem| failed(&path, problem))?;
            accepted.push((kept, snapshot));
        }
        let mut pending = None;
        if self.update {
            let failed =
                |error: io::Error| failed(&self.folder, format!("failed to write here: {error}"));
            fs::create_dir_all(&self.folder).map_err(failed)?;
            let files = Kept::ALL.map(|kept| PendingFile::create(&self.path(kept)));
            let files: io::Result<_> = files.into_iter().collect();
            pending = Some(files.map_err(failed)?);
        }
        Ok(Opened {
            folder: self.folder.clone(),
            accepted,
            pending,
            beside: may_leave(environment),
        })
    }

    fn path(&self, kept: Kept) -> PathBuf {
        self.folder.join(format!("{}.snap", kept.name()))
    }
}

/// Whether new snapshots may be left for a review: as insta does it, not in a
/// pipeline, and not where somebody says no.
fn may_leave(environment: Environment<'_>) -> bool {
    let update = environment("INSTA_UPDATE");
    let in_pipeline = environment("CI").is_some_and(|value| !["", "false", "0"].contains(&&*value));
    match update.as_deref() {
        Some("no") => false,
        Some("new" | "always" | "unseen" | "force") => true,
        _ => !in_pipeline,
    }
}

/// The accepted snapshot, where there is one.
fn read(path: &Path) -> Result<Option<Snapshot>, String> {
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Ok(metadata) if metadata.len() > BYTES_MAX => {
            let most = BYTES_MAX / 1024 / 1024;
            return Err(format!("larger than {most} MiB; accepted: a snapshot"));
        }
        _ => {}
    }
    let text = fs::read_to_string(path).map_err(|error| format!("failed to read it: {error}"))?;
    let snapshot = Snapshot::parse(&text);
    let problem = "no snapshot: it does not begin with a header between two lines of `---`; \
                   accepted: what `--update-snapshots` or insta writes";
    snapshot.map(Some).ok_or_else(|| problem.to_owned())
}

impl Opened {
    /// Compares the run with what was accepted, leaves or accepts what differs,
    /// and returns where it does, with what is to be said beside.
    pub(super) fn settle(self, report: &Report, cases: usize) -> (Vec<Drift>, Vec<String>) {
        let (mut drifted, mut notes) = (Vec::new(), Vec::new());
        let updates = self.pending.is_some();
        let mut pending = self.pending.unwrap_or_default().into_iter();
        for (kept, accepted) in &self.accepted {
            let now = Snapshot::of(*kept, report, cases);
            let name = kept.name();
            let beside = self.folder.join(format!("{name}.snap.new"));
            let drift = drift(*kept, accepted.as_ref(), &now);
            let result = match (pending.next(), &drift) {
                (Some(file), _) => file
                    .write(now.file().as_bytes())
                    .and_then(|()| remove(&beside)),
                (None, _) if !self.beside => Ok(()),
                (None, None) => remove(&beside),
                (None, Some(_)) => fs::create_dir_all(&self.folder)
                    .and_then(|()| PendingFile::create(&beside))
                    .and_then(|file| file.write(now.file().as_bytes())),
            };
            let is_written = result.is_ok();
            if let Err(error) = result {
                let folder = self.folder.display();
                notes.push(format!("failed to write `{name}` to `{folder}`: {error}"));
            }
            match drift {
                Some(_) if updates && is_written => {
                    notes.push(format!("{name}.snap was accepted as it is now"))
                }
                drift => drifted.extend(drift),
            }
        }
        if drifted.iter().any(|drift| !drift.accepted) {
            notes.push(
                "no accepted snapshot yet: accept what there is with `--update-snapshots`, or \
                 review it with `cargo insta review`"
                    .to_owned(),
            );
        }
        (drifted, notes)
    }
}

/// Removes a file that may be missing.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Why a run cannot be compared with snapshots of a whole one, if it cannot.
pub(super) fn not_compared(whole: bool, report: &Report) -> Option<&'static str> {
    use crate::runner::Outcome;
    let inconclusive = |outcome: &Outcome| matches!(outcome, Outcome::Inconclusive(_));
    let judged = report
        .properties
        .iter()
        .all(|property| !inconclusive(&property.outcome));
    match (whole, judged && report.unjudged.is_empty()) {
        (false, _) => Some(
            "the snapshots are of a whole run: nothing is compared with `--only`, `--skip`, \
             `--shard` or `--fail-fast`",
        ),
        (true, false) => Some(
            "the snapshots are of a whole run: nothing is compared, for not all could be judged",
        ),
        (true, true) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_a_pipeline_nothing_is_left_beside() {
        for (update, pipeline, expected) in [
            (None, None, true),
            (None, Some("true"), false),
            (None, Some("false"), true),
            (Some("no"), None, false),
            (Some("always"), Some("true"), true),
            (Some("auto"), Some("true"), false),
        ] {
            let environment = |name: &str| {
                let value = match name {
                    "CI" => pipeline,
                    "INSTA_UPDATE" => update,
                    _ => None,
                };
                value.map(str::to_owned)
            };
            assert_eq!(may_leave(&environment), expected, "{update:?} {pipeline:?}");
        }
    }
}
