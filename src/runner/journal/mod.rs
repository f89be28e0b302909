//! What the scratch workgroups held before a run, on disk: so that a run that
//! was killed, or lost its target, leaves nothing behind for good.
//!
//! Each scratch workgroup of each target has a file of its own in the journal's
//! folder. It is there from before the run's first change until the workgroup was
//! seen to hold again what it held: two looks must agree on that. What it claims
//! may be removed, and nothing else. Where the target offers no read-back, it
//! holds the ids of what was sent and listed. A lock beside it, which ends with the process, keeps two runs of one
//! machine off one workgroup.

mod claims;
mod entry;
mod lease;
mod leases;
mod owed;
mod unseen;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::contract::fingerprint_of;

pub use entry::Entry;
pub(super) use entry::is_hidden;
pub use lease::Lease;
pub use leases::Leases;
pub use owed::{Owed, owed_elsewhere};

/// The journal of one target.
#[derive(Clone, Debug)]
pub struct Journal {
    folder: PathBuf,
    /// Scheme, host and port.
    target: String,
}

/// Why a workgroup cannot be used.
#[derive(Debug, Error)]
pub enum JournalError {
    /// Another run of this machine has it.
    #[error(
        "scratch workgroup `{workgroup}` of {target} is in use by another run on this machine{holder}: wait for its end, or name other scratch workgroups"
    )]
    InUse {
        /// The workgroup.
        workgroup: String,
        /// The target.
        target: String,
        /// The process that has it, where that is known.
        holder: String,
    },
    /// The file is none of a journal, or no longer whole.
    #[error("journal `{path}`: {problem}; look at the workgroup by hand, then remove the file")]
    Broken {
        /// The file.
        path: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The file is of another target or workgroup.
    #[error(
        "journal `{path}` is of workgroup `{workgroup}` at {target}: nothing of it may be applied here; put it back where it came from"
    )]
    OfAnother {
        /// The file.
        path: String,
        /// Its target.
        target: String,
        /// Its workgroup.
        workgroup: String,
    },
    /// The folder or a file in it cannot be used.
    #[error(
        "failed to keep a journal in `{folder}`: {error}; nothing may be changed without one: name another folder with `--journal DIR`"
    )]
    Unusable {
        /// The folder.
        folder: String,
        /// What the system says.
        error: io::Error,
    },
}

impl JournalError {
    /// Whether it is a matter of files, not of another run.
    pub const fn is_of_files(&self) -> bool {
        !matches!(self, Self::InUse { .. })
    }
}

impl Journal {
    /// The journal in that folder of the target with that base URL. Nothing is
    /// read or made.
    pub fn of(folder: &Path, base_url: &str) -> Self {
        Self {
            folder: folder.to_owned(),
            target: base_url.trim_end_matches('/').to_owned(),
        }
    }

    /// Takes the lease of a workgroup, which ends when it is dropped.
    ///
    /// # Errors
    /// Where another run has it, or its file cannot be used.
    pub fn lease(&self, workgroup: &str) -> Result<Lease, JournalError> {
        self.make_folder().map_err(|error| self.unusable(error))?;
        Lease::take(self, workgroup)
    }

    /// The workgroups of this target of which something is left to be done.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub fn owing(&self) -> Result<Vec<String>, JournalError> {
        let files = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            files => files.map_err(|error| self.unusable(error))?,
        };
        let mut owing: Vec<String> = files
            .filter_map(|file| {
                let path = file.ok()?.path();
                let is_entry = path.extension().is_some_and(|kind| kind == "jsonl");
                // One that is broken is told where its workgroup is asked for.
                let entry = is_entry.then(|| lease::read(&path).ok()).flatten()??;
                (entry.target == self.target).then_some(entry.workgroup)
            })
            .collect();
        owing.sort();
        Ok(owing)
    }

    fn make_folder(&self) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        // Mailboxes are nobody else's matter.
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.folder)
    }

    fn unusable(&self, error: io::Error) -> JournalError {
        JournalError::Unusable {
            folder: self.folder.display().to_string(),
            error,
        }
    }

    /// Where something about a workgroup stands: a name that people recognise and
    /// that no two workgroups share.
    fn path(&self, workgroup: &str, kind: &str) -> PathBuf {
        let plain = |text: &str| -> String {
            let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
            text.chars().map(plain).take(40).collect()
        };
        let host = self.target.split_once("://").map_or("", |(_, host)| host);
        let hash = fingerprint_of([&self.target, workgroup]);
        let name = format!("{}--{}--{hash}.{kind}", plain(host), plain(workgroup));
        self.folder.join(name)
    }
}
