//! The lease of one scratch workgroup: its lock, and its entry on disk.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::claims::addresses;
use super::entry::Note;
use super::unseen::{added, removed};
use super::{Entry, Journal, JournalError};
use crate::client::Secrets;
use crate::oracle::Stored;
use crate::runner::list_history::OfWorkgroup;

/// How much of a lock's file is read.
const LOCK_BYTES_MAX: u64 = 4096;

/// How many markers are remembered beside a lock.
const MARKS_MAX: usize = 8;

/// The most bytes that an entry can have: ten thousand mailboxes, and claims.
const BYTES_MAX: u64 = 64 * 1024 * 1024;

/// A workgroup that no other run of this machine may change.
#[derive(Debug)]
pub struct Lease {
    workgroup: String,
    target: String,
    path: PathBuf,
    /// What an earlier run left to be done.
    left: Option<Entry>,
    /// What this run wrote down, with its claims.
    entry: Option<Entry>,
    /// That is what an earlier run left to be done.
    owes: bool,
    /// Where claims are added from then on.
    open: Option<File>,
    /// How much the file holds.
    bytes: u64,
    /// The addresses of the latest markers that runs of this machine put there.
    marks: Vec<String>,
    /// What must not reach the disk.
    secrets: Secrets,
    /// Locked as long as this lives.
    lock: File,
}

impl Lease {
    pub(super) fn take(journal: &Journal, workgroup: &str) -> Result<Self, JournalError> {
        let (lock, marks) =
            lock(&journal.path(workgroup, "lock")).map_err(|error| match error {
                Locked::ByAnother(holder) => JournalError::InUse {
                    workgroup: workgroup.to_owned(),
                    target: journal.target.clone(),
                    holder,
                },
                Locked::No(error) => journal.unusable(error),
            })?;
        let path = journal.path(workgroup, "jsonl");
        let left = read(&path).map_err(|problem| JournalError::Broken {
            path: path.display().to_string(),
            problem,
        })?;
        if let Some(entry) = &left
            && (entry.target != journal.target || entry.workgroup != workgroup)
        {
            return Err(JournalError::OfAnother {
                path: path.display().to_string(),
                target: entry.target.clone(),
                workgroup: entry.workgroup.clone(),
            });
        }
        Ok(Self {
            workgroup: workgroup.to_owned(),
            target: journal.target.clone(),
            path,
            left,
            entry: None,
            owes: false,
            open: None,
            bytes: 0,
            marks,
            secrets: Secrets::new(),
            lock,
        })
    }

    /// From now on no text in which one of these secrets is reaches the disk.
    pub fn hide(&mut self, secrets: Secrets) {
        self.secrets = secrets;
    }

    /// The workgroup.
    pub fn workgroup(&self) -> &str {
        &self.workgroup
    }

    /// The entry of an earlier run that did not come to its end.
    pub const fn left_behind(&self) -> Option<&Entry> {
        self.left.as_ref()
    }

    /// Writes down what the workgroup holds, and whether its read-back had the
    /// list. It may be changed as soon as this returns. Where an earlier run left
    /// something that could not be done, it is still that to which the workgroup
    /// has to come back.
    ///
    /// # Errors
    /// What the system reports; then nothing may be changed.
    pub fn begin(&mut self, held: &[Stored], lists: OfWorkgroup) -> io::Result<()> {
        let mut entry = Entry::new(&self.target, &self.workgroup, held);
        entry.lists = lists;
        self.begin_with(entry)
    }

    /// Writes down that the workgroup is about to be changed, where nobody can look
    /// at it. From then on it is noted what is sent and listed.
    ///
    /// # Errors
    /// As for [`Lease::begin`].
    pub fn begin_unseen(&mut self) -> io::Result<()> {
        let mut entry = Entry::new(&self.target, &self.workgroup, &[]);
        entry.is_unseen = true;
        self.begin_with(entry)
    }

    fn begin_with(&mut self, entry: Entry) -> io::Result<()> {
        self.owes = self.left.is_some();
        let entry = self.left.take().unwrap_or(entry);
        let text = entry.text(&|text| self.secrets.are_in(text));
        self.bytes = 0;
        self.count(&text)?;
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let mut file = NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(&self.path).map_err(|error| error.error)?;
        // The name is a matter of the folder.
        #[cfg(unix)]
        File::open(folder)?.sync_all()?;
        self.open = Some(OpenOptions::new().append(true).open(&self.path)?);
        self.entry = Some(entry);
        Ok(())
    }

    /// Whether an object can only come from this run, or from one before that left
    /// it: as [`Entry::claims`].
    pub fn claims(&self, object: &Stored) -> bool {
        let address = object.text("emailAddress").unwrap_or_default();
        let mut entries = self.entry.iter().chain(&self.left);
        entries.any(|entry| entry.claims(object)) || self.marks.iter().any(|mark| mark == address)
    }

    /// What the workgroup has to hold in the end, once that was written down.
    pub fn held(&self) -> Option<&[Stored]> {
        self.entry.as_ref().map(|entry| &entry.held[..])
    }

    /// Whether that address was claimed, by this run or by one before it.
    pub fn has_claimed(&self, address: &str) -> bool {
        let mut entries = self.entry.iter().chain(&self.left);
        entries.any(|entry| entry.claimed.contains(address))
            || self.marks.iter().any(|mark| mark == address)
    }

    /// Claims the address of a marker. It is remembered beside the lock as well:
    /// whatever becomes of the entry, no run of this machine takes it for the
    /// marker of another.
    ///
    /// # Errors
    /// As for [`Lease::claim`].
    pub fn claim_mark(&mut self, address: String) -> io::Result<()> {
        if self.marks.len() >= MARKS_MAX {
            self.marks.remove(0);
        }
        self.marks.push(address.clone());
        write_lock(&mut self.lock, &self.marks)?;
        self.claim_all([address])
    }

    /// Claims what a body gives, before it is sent.
    ///
    /// # Errors
    /// What the system reports; then the body may not be sent.
    pub fn claim(&mut self, body: &[u8]) -> io::Result<()> {
        self.claim_all(addresses(body))?;
        let Some(entry) = &self.entry else {
            return Ok(());
        };
        let mut note = Note {
            updated: !entry.lists.is_updated,
            ..Note::default()
        };
        if entry.is_unseen {
            let is_new = |id: &String| !entry.unseen.stored.contains(id);
            note.sent = added(body).into_iter().filter(is_new).collect();
        }
        self.note(note)
    }

    /// Notes what came of an update where nobody can look: it was accepted and its
    /// answer lists these ids, or it was refused.
    ///
    /// # Errors
    /// What the system reports.
    pub fn answered(&mut self, body: &[u8], listed: Option<&[String]>) -> io::Result<()> {
        if !self.entry.as_ref().is_some_and(|entry| entry.is_unseen) {
            return Ok(());
        }
        let added = added(body);
        self.note(match listed {
            Some(listed) => {
                let removed = removed(body);
                let stays = |id: &String| added.contains(id) || !removed.contains(id);
                let stored = added.iter().chain(listed).filter(|id| stays(id));
                Note {
                    removed: removed
                        .iter()
                        .filter(|id| !added.contains(id))
                        .cloned()
                        .collect(),
                    stored: stored.cloned().collect(),
                    ..Note::default()
                }
            }
            None => Note {
                refused: added,
                ..Note::default()
            },
        })
    }

    /// Notes that a read-back after an accepted update showed an object of this run.
    ///
    /// # Errors
    /// What the system reports.
    pub fn listed(&mut self) -> io::Result<()> {
        self.note(Note {
            listed: true,
            ..Note::default()
        })
    }

    /// Notes that read-backs no longer show what was accepted.
    ///
    /// # Errors
    /// What the system reports.
    pub fn hidden(&mut self) -> io::Result<()> {
        self.note(Note {
            hidden: true,
            ..Note::default()
        })
    }

    /// Notes that read-backs are so late.
    ///
    /// # Errors
    /// What the system reports.
    pub fn late(&mut self, late_ms: u64) -> io::Result<()> {
        self.note(Note {
            late_ms,
            ..Note::default()
        })
    }

    /// Adds a line to the entry. It is there when this process is killed; only an
    /// address that nothing else tells is waited for until it is on the disk.
    fn note(&mut self, note: Note) -> io::Result<()> {
        if note == Note::default() || self.entry.is_none() {
            return Ok(());
        }
        let line = note.without(&|text| self.secrets.are_in(text)).line();
        self.count(&line)?;
        if let (Some(file), Some(entry)) = (&mut self.open, &mut self.entry) {
            file.write_all(line.as_bytes())?;
            entry.note(&note);
        }
        Ok(())
    }

    /// The ids of what this run may have left where nobody can look.
    pub fn unseen(&self) -> Vec<String> {
        let entry = self.entry.as_ref().filter(|entry| entry.is_unseen);
        entry.map(|entry| entry.unseen.ids()).unwrap_or_default()
    }

    /// Whether the entry of this run is of a workgroup that nobody can look at.
    pub fn is_unseen(&self) -> bool {
        self.entry.as_ref().is_some_and(|entry| entry.is_unseen)
    }

    /// Claims these addresses, before they are sent.
    ///
    /// # Errors
    /// As for [`Lease::claim`].
    pub fn claim_all(&mut self, addresses: impl IntoIterator<Item = String>) -> io::Result<()> {
        let Some(entry) = &self.entry else {
            return Ok(());
        };
        let addresses = addresses.into_iter();
        let new: Vec<String> = addresses
            .filter(|address| !entry.claimed.contains(address))
            .collect();
        if new.is_empty() {
            return Ok(());
        }
        // Nobody can claim later what is not written down: it stays, and is told.
        let shown = new.iter().filter(|address| !self.secrets.are_in(address));
        let lines: String = shown.map(|address| Note::claim(address).line()).collect();
        self.count(&lines)?;
        if let (Some(file), Some(entry)) = (&mut self.open, &mut self.entry) {
            file.write_all(lines.as_bytes())?;
            file.sync_data()?;
            entry.claimed.extend(new);
        }
        Ok(())
    }

    /// The workgroup holds again what it held: there is nothing to remember.
    ///
    /// # Errors
    /// What the system reports; the next run then looks once more.
    pub fn end(&mut self) -> io::Result<()> {
        (self.left, self.entry, self.open) = (None, None, None);
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// The workgroup was not changed after all: what this run wrote down is
    /// forgotten, but not what an earlier one left.
    ///
    /// # Errors
    /// As for [`Lease::end`].
    pub fn withdraw(&mut self) -> io::Result<()> {
        if self.entry.is_some() && !self.owes {
            self.end()
        } else {
            Ok(())
        }
    }

    /// An entry that nobody could read again is not written.
    fn count(&mut self, text: &str) -> io::Result<()> {
        self.bytes += text.len() as u64;
        if self.bytes > BYTES_MAX {
            Err(io::ErrorKind::FileTooLarge.into())
        } else {
            Ok(())
        }
    }

    /// Where its entry stands.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Why there is no lock.
enum Locked {
    ByAnother(String),
    No(io::Error),
}

/// A lock that ends with this process, however it ends, and the markers that are
/// remembered in it. The file stays: to remove it would let a third run lock
/// another file of that name.
fn lock(path: &Path) -> Result<(File, Vec<String>), Locked> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let mut file = options.open(path).map_err(Locked::No)?;
    let taken = file.try_lock();
    let mut text = String::new();
    _ = Read::by_ref(&mut file)
        .take(LOCK_BYTES_MAX)
        .read_to_string(&mut text);
    let mut lines = text.lines();
    let holder = lines.next().unwrap_or_default();
    match taken {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(Locked::ByAnother(match holder.trim().parse::<u32>() {
                Ok(process) => format!(" (process {process})"),
                Err(_) => String::new(),
            }));
        }
        Err(TryLockError::Error(error)) => return Err(Locked::No(error)),
    }
    let marks = lines.take(MARKS_MAX).map(str::to_owned).collect();
    // Who has it is told as far as it can be; the lock is what counts.
    _ = write_lock(&mut file, &marks);
    Ok((file, marks))
}

/// Writes who has the lock, and the markers that are remembered.
fn write_lock(file: &mut File, marks: &Vec<String>) -> io::Result<()> {
    let mut text = format!("{}\n", std::process::id());
    for mark in marks {
        text.push_str(mark);
        text.push('\n');
    }
    file.seek(SeekFrom::Start(0))?;
    file.set_len(0)?;
    file.write_all(text.as_bytes())
}

pub(super) fn read(path: &Path) -> Result<Option<Entry>, String> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    let mut text = String::new();
    file.take(BYTES_MAX)
        .read_to_string(&mut text)
        .map_err(|error| error.to_string())?;
    Entry::parse(&text).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn journal(folder: &Path) -> Journal {
        Journal::of(folder, "http://127.0.0.1:8018/")
    }

    fn held() -> Vec<Stored> {
        vec![Stored {
            id: "7".to_owned(),
            values: [("emailAddress", json!("bob@corp.example"))].into(),
        }]
    }

    #[test]
    fn what_was_begun_is_there_until_it_ends() {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = journal(&folder.path().join("a/b"));
        let mut lease = journal.lease("Sales").expect("a lease");
        assert_eq!(lease.left_behind(), None);
        lease
            .begin(&held(), OfWorkgroup::default())
            .expect("written");
        let body = br#"{"add":[{"emailAddress":"odd"},{"emailAddress":"m00aa-1@acme.test"}]}"#;
        lease.claim(body).expect("written");
        lease.claim(body).expect("nothing to write");
        // As if the run was killed.
        drop(lease);
        let mut lease = journal.lease("Sales").expect("a lease");
        let left = lease.left_behind().expect("an entry");
        assert_eq!((&left.held, left.claimed.len()), (&held(), 1));
        // One that changes nothing forgets nothing.
        lease.begin(&[], OfWorkgroup::default()).expect("written");
        assert_eq!(lease.held(), Some(&held()[..]));
        assert!(lease.has_claimed("odd"));
        lease.withdraw().expect("nothing to do");
        drop(lease);
        let mut lease = journal.lease("Sales").expect("a lease");
        assert!(lease.left_behind().is_some_and(|left| left.held == held()));
        lease.end().expect("removed");
        lease.end().expect("removed already");
        lease
            .begin(&held(), OfWorkgroup::default())
            .expect("written");
        lease.withdraw().expect("removed");
        drop(lease);
        let lease = journal.lease("Sales").expect("a lease");
        assert_eq!(lease.left_behind(), None);
    }

    #[test]
    fn a_marker_of_this_machine_is_known_whatever_became_of_the_entry() {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = journal(folder.path());
        for number in 0..MARKS_MAX + 2 {
            let mut lease = journal.lease("Sales").expect("a lease");
            lease.begin(&[], OfWorkgroup::default()).expect("written");
            let mark = format!("icws-lease-mfffd-{number:08x}@acme.test");
            lease.claim_mark(mark).expect("written");
            lease.end().expect("removed");
        }
        let lease = journal.lease("Sales").expect("a lease");
        let is_known =
            |number: usize| lease.has_claimed(&format!("icws-lease-mfffd-{number:08x}@acme.test"));
        assert!(is_known(MARKS_MAX + 1) && is_known(2) && !is_known(1));
    }

    #[test]
    fn where_nobody_can_look_what_was_sent_and_listed_is_known() {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = journal(folder.path());
        let mut lease = journal.lease("Sales").expect("a lease");
        lease.begin_unseen().expect("written");
        let add = |id: &str| format!(r#"{{"add":[{{"configurationId":{{"id":"{id}"}}}}]}}"#);
        let (first, second, third) = (add("a"), add("b"), add("c"));
        for body in [&first, &second, &third] {
            lease.claim(body.as_bytes()).expect("written");
        }
        let listed = ["a".to_owned(), "7".to_owned()];
        let accepted = lease.answered(first.as_bytes(), Some(&listed));
        accepted.expect("written");
        lease.answered(second.as_bytes(), None).expect("written");
        // What is there already is not gone because it was refused a second time.
        lease.claim(first.as_bytes()).expect("written");
        lease.answered(first.as_bytes(), None).expect("written");
        assert_eq!(lease.unseen(), ["7", "a", "c"]);
        drop(lease);
        let mut lease = journal.lease("Sales").expect("a lease");
        let left = lease.left_behind().expect("an entry");
        assert_eq!(left.unseen.ids(), ["7", "a", "c"]);
        lease.begin_unseen().expect("written");
        let removal = br#"{"remove":["a","7"]}"#;
        lease.claim(removal).expect("written");
        lease.answered(removal, Some(&[])).expect("written");
        assert_eq!(lease.unseen(), ["c"]);
    }

    #[test]
    fn a_workgroup_has_one_lease_at_a_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = journal(folder.path());
        let first = journal.lease("Sales").expect("a lease");
        let _other = journal.lease("sales").expect("another workgroup");
        let error = journal.lease("Sales").expect_err("in use");
        assert!(!error.is_of_files());
        let expected = format!(
            "scratch workgroup `Sales` of http://127.0.0.1:8018 is in use by another run on this \
             machine (process {})",
            std::process::id()
        );
        assert!(error.to_string().starts_with(&expected), "{error}");
        drop(first);
        journal.lease("Sales").expect("free again");
    }

    #[test]
    fn a_file_that_is_no_entry_or_of_another_target_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = journal(folder.path());
        let mut lease = journal.lease("Sales").expect("a lease");
        lease
            .begin(&held(), OfWorkgroup::default())
            .expect("written");
        let path = lease.path().to_owned();
        let whole = fs::read_to_string(&path).expect("a file");
        drop(lease);
        fs::write(&path, &whole[..20]).expect("cut short");
        let error = journal.lease("Sales").expect_err("no entry");
        assert!(error.is_of_files());
        assert!(
            error.to_string().contains("it is cut short; look at"),
            "{error}"
        );
        let other = whole.replace("http://127.0.0.1:8018", "http://127.0.0.1:8019");
        fs::write(&path, other).expect("of another target");
        let error = journal.lease("Sales").expect_err("of another target");
        assert!(
            error.to_string().contains("at http://127.0.0.1:8019: "),
            "{error}"
        );
    }

    #[test]
    fn a_folder_that_is_none_is_refused() {
        let file = NamedTempFile::new().expect("a file");
        let error = journal(file.path()).lease("Sales").expect_err("no folder");
        assert!(error.to_string().contains("`--journal DIR`"), "{error}");
    }
}
