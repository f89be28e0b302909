//! Where reports go: places that are tried before anything is sent.

use std::path::PathBuf;

use super::Failure;
use super::meaning::Sink;
use crate::report::file::PendingFile;

/// A place for a report that was tried already.
pub(super) enum Output {
    /// Standard output.
    StandardOutput,
    /// A file that is written whole or not at all.
    File(PathBuf, PendingFile),
}

/// The places, as far as they can be written to.
pub(super) fn pending(sinks: &[Sink]) -> Result<Vec<Output>, Failure> {
    let pending = |sink: &Sink| match sink {
        Sink::StandardOutput => Ok(Output::StandardOutput),
        Sink::File(path) => match PendingFile::create(path) {
            Ok(file) => Ok(Output::File(path.clone(), file)),
            Err(error) => Err(Failure::usage(format!(
                "--report: failed to create `{}`: {error}; accepted: a file in an existing folder",
                path.display()
            ))),
        },
    };
    sinks.iter().map(pending).collect()
}

/// Writes the report to every place.
pub(super) fn write(outputs: Vec<Output>, content: &[u8]) -> Result<(), Failure> {
    for output in outputs {
        match output {
            Output::StandardOutput => _ = super::print(content)?,
            Output::File(path, file) => file.write(content).map_err(|error| {
                Failure::usage(format!("failed to write `{}`: {error}", path.display()))
            })?,
        }
    }
    Ok(())
}
