//! Where reports go: places that are tried before anything is sent, hold a word
//! of warning while a run lasts, and are written to at its end.

use std::path::{Path, PathBuf};

use super::meaning::{Sink, Wanted};
use super::{Failure, complain};
use crate::report::Format;
use crate::report::document::Document;
use crate::report::file::{self, PendingFile};

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

/// A file that a command reads, and that no report may take the place of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Input<'a> {
    /// What it is.
    pub(super) what: &'static str,
    /// Where it is.
    pub(super) path: &'a Path,
    /// Whether a report as JSON may: one of today becomes the baseline of
    /// tomorrow.
    pub(super) may_be_renewed: bool,
}

/// The places, as far as they can be written to, no two of them the same and none
/// of them that of an input.
pub(super) fn pending(wanted: &[Wanted], inputs: &[Input<'_>]) -> Result<Vec<Output>, Failure> {
    let outputs = places(wanted)?;
    let mut taken: Vec<(PathBuf, &Path)> = Vec::new();
    for output in &outputs {
        let Place::File(path, file) = &output.place else {
            continue;
        };
        let Some(place) = file.place() else { continue };
        if let Some((_, other)) = taken.iter().find(|(known, _)| *known == place) {
            let (one, other) = (other.display(), path.display());
            return Err(Failure::usage(format!(
                "--report: `{one}` and `{other}` are one file, in which only the last report \
                 would be left; name a file for each"
            )));
        }
        let renews = |input: &&Input<'_>| {
            let is_there = file::place(input.path).is_some_and(|input| input == place);
            is_there && !(input.may_be_renewed && output.format == Format::Json)
        };
        if let Some(input) = inputs.iter().find(renews) {
            return Err(Failure::usage(format!(
                "--report: `{}` is {} and would be lost; name another file",
                path.display(),
                input.what
            )));
        }
        taken.push((place, path));
    }
    Ok(outputs)
}

fn places(wanted: &[Wanted]) -> Result<Vec<Output>, Failure> {
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
