//! Files that are there whole or not at all.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file to be written later, whose place was tried already. Dropped without
/// being written, it leaves everything as it was.
#[derive(Debug)]
pub struct PendingFile {
    path: PathBuf,
    mode: u32,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// Beside the path, renamed when it is whole.
    Beside(NamedTempFile),
    /// A device or a pipe, which must not be replaced.
    Special(File),
}

impl PendingFile {
    /// Makes sure that `path` can be written.
    ///
    /// # Errors
    /// Where its folder is missing or refuses it, or it is a folder itself.
    pub fn create(path: &Path) -> io::Result<Self> {
        Self::with_mode(path, 0o666)
    }

    /// As [`PendingFile::create`], for what its owner alone may read.
    ///
    /// # Errors
    /// As for [`PendingFile::create`].
    pub fn create_private(path: &Path) -> io::Result<Self> {
        Self::with_mode(path, 0o600)
    }

    fn with_mode(path: &Path, mode: u32) -> io::Result<Self> {
        // A link stays a link to what is written.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let kind = match path.metadata() {
            Ok(metadata) if metadata.is_dir() => {
                return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a folder"));
            }
            Ok(metadata) if !metadata.is_file() => {
                Kind::Special(OpenOptions::new().write(true).open(&path)?)
            }
            _ => {
                let folder = path
                    .parent()
                    .filter(|folder| !folder.as_os_str().is_empty());
                let folder = folder.unwrap_or(Path::new("."));
                // The likeliest mistake, in the words of the system.
                folder.metadata()?;
                Kind::Beside(beside(folder, mode)?)
            }
        };
        Ok(Self { path, mode, kind })
    }

    /// Whether the file will stand at that path.
    pub fn is_at(&self, path: &Path) -> bool {
        path.canonicalize()
            .is_ok_and(|path| self.path.canonicalize().is_ok_and(|own| own == path))
    }

    /// Where the file will stand, by one name for each place; nowhere for a device or
    /// a pipe, which takes whatever comes.
    pub fn place(&self) -> Option<PathBuf> {
        match self.kind {
            Kind::Beside(_) => place(&self.path),
            Kind::Special(_) => None,
        }
    }

    /// Puts a file into its place that will be replaced by [`write`](Self::write).
    /// A device or a pipe gets nothing: it could not take it back.
    ///
    /// # Errors
    /// What the system reports; the old file is then still there.
    pub fn write_for_now(&self, content: &[u8]) -> io::Result<()> {
        let Kind::Beside(last) = &self.kind else {
            return Ok(());
        };
        let folder = last.path().parent().unwrap_or(Path::new("."));
        put(beside(folder, self.mode)?, content, &self.path)
    }

    /// Writes the content, and puts the file into its place.
    ///
    /// # Errors
    /// What the system reports; the old file is then still there.
    pub fn write(self, content: &[u8]) -> io::Result<()> {
        match self.kind {
            Kind::Beside(file) => put(file, content, &self.path),
            Kind::Special(mut file) => file.write_all(content),
        }
    }
}

/// The path by the one name of its folder, or its own where it is a link.
pub fn place(path: &Path) -> Option<PathBuf> {
    if let Ok(path) = path.canonicalize() {
        return Some(path);
    }
    let folder = path.parent()?;
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    Some(folder.canonicalize().ok()?.join(path.file_name()?))
}

fn beside(folder: &Path, mode: u32) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    let builder = with_permissions(builder.prefix(".icws-conformance-"), mode);
    builder.tempfile_in(folder).map_err(without_path)
}

fn put(mut file: NamedTempFile, content: &[u8], path: &Path) -> io::Result<()> {
    file.write_all(content).map_err(without_path)?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(unix)]
fn with_permissions<'b, 'n, 's>(
    builder: &'b mut tempfile::Builder<'n, 's>,
    mode: u32,
) -> &'b mut tempfile::Builder<'n, 's> {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn with_permissions<'b, 'n, 's>(
    builder: &'b mut tempfile::Builder<'n, 's>,
    _: u32,
) -> &'b mut tempfile::Builder<'n, 's> {
    builder
}

/// The temporary name that the error would show means nothing to its reader.
fn without_path(error: io::Error) -> io::Error {
    error.kind().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder");
        entries
            .map(|entry| entry.expect("an entry").file_name())
            .map(|name| name.to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn the_old_content_stays_until_the_new_is_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("report.json");
        fs::write(&path, "old").expect("a file");
        drop(PendingFile::create(&path).expect("a place"));
        assert_eq!(fs::read_to_string(&path).expect("a file"), "old");
        let pending = PendingFile::create(&path).expect("a place");
        pending.write(b"new").expect("written");
        assert_eq!(fs::read_to_string(&path).expect("a file"), "new");
        assert_eq!(names(folder.path()), ["report.json"]);
    }

    #[test]
    fn what_holds_for_now_is_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("report.json");
        let pending = PendingFile::create(&path).expect("a place");
        assert!(!pending.is_at(&path), "nothing is there yet");
        pending.write_for_now(b"for now").expect("written");
        assert_eq!(fs::read_to_string(&path).expect("a file"), "for now");
        let link = folder.path().join("link.json");
        fs::hard_link(&path, &link).expect("a link");
        assert!(pending.is_at(&folder.path().join(".").join("report.json")));
        assert!(!pending.is_at(&link) && !pending.is_at(Path::new("none")));
        pending.write(b"in the end").expect("written");
        assert_eq!(fs::read_to_string(&path).expect("a file"), "in the end");
        assert_eq!(fs::read_to_string(&link).expect("a file"), "for now");
        assert_eq!(names(folder.path()).len(), 2);
    }

    #[test]
    fn a_place_that_cannot_be_written_is_found_at_once() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(PendingFile::create(folder.path()).is_err());
        let missing = folder.path().join("missing").join("report.json");
        let error = PendingFile::create(&missing).expect_err("no such folder");
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        assert!(error.to_string().starts_with("No such file"), "{error}");
        assert!(!error.to_string().contains(".icws"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn private_files_are_private_and_devices_stay_devices() {
        use std::os::unix::fs::{FileTypeExt, PermissionsExt};
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("password");
        let pending = PendingFile::create_private(&path).expect("a place");
        pending.write(b"secret").expect("written");
        let mode = path.metadata().expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let null = Path::new("/dev/null");
        let pending = PendingFile::create(null).expect("a device");
        pending.write(b"x").expect("written");
        assert!(
            null.metadata()
                .expect("a device")
                .file_type()
                .is_char_device()
        );
    }
}
