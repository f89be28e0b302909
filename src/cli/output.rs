//! Where reports go: places that are tried before anything is sent, hold a word
//! of warning while a run lasts, and are written to at its end.

use std::path::{Path, PathBuf};

use super::meaning::{Sink, Wanted};
use super::{Failure, complain};
use crate::report::Format;
use crate::report::document::Document;
use crate::report::file::PendingFile;

/// A report that has a place, which was tried already.
pub(super) struct Output {
    format: Format,
    place: Place,
}

enum Place {
    /// Standard output.
    StandardOutput,
    /// A file that is written whole or not at all.
    File(PathBuf, PendingFile),
}

/// The places, as far as they can be written to.
pub(super) fn pending(wanted: &[Wanted]) -> Result<Vec<Output>, Failure> {
    let pending = |wanted: &Wanted| {
        let place = match &wanted.sink {
            Sink::StandardOutput => Place::StandardOutput,
            Sink::File(path) => match PendingFile::create(path) {
                Ok(file) => Place::File(path.clone(), file),
                Err(error) => {
                    return Err(Failure::usage(format!(
                        "--report: failed to create `{}`: {error}; accepted: a file in an \
                         existing folder",
                        path.display()
                    )));
                }
            },
        };
        Ok(Output {
            format: wanted.format,
            place,
        })
    };
    wanted.iter().map(pending).collect()
}

/// Puts what holds until the end into every file, but for one at the path
/// to be spared: what stands there is also yesterday's baseline.
pub(super) fn hold(outputs: &[Output], document: &Document, spared: Option<&Path>) {
    for output in outputs {
        if let Place::File(path, file) = &output.place
            && !spared.is_some_and(|spared| file.is_at(spared))
            && let Err(error) = file.write_for_now(&document.rendered(output.format))
        {
            failed(path, &error);
        }
    }
}

/// Writes the report to every place. One that cannot be written is told, and
/// changes nothing of the others or of what the run comes to.
pub(super) fn write(outputs: Vec<Output>, document: &Document) {
    for output in outputs {
        let content = document.rendered(output.format);
        match output.place {
            Place::StandardOutput => {
                if let Err(failure) = super::print(&content) {
                    complain(&failure.message);
                }
            }
            Place::File(path, file) => {
                if let Err(error) = file.write(&content) {
                    failed(&path, &error);
                }
            }
        }
    }
}

fn failed(path: &Path, error: &std::io::Error) {
    complain(&format!("failed to write `{}`: {error}", path.display()));
}
