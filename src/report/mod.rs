//! What a run found out, for people and for programs: events and outcomes to
//! the terminal, to JSON, JUnit and HTML, to annotations of GitHub, to replay
//! files and to curl commands. Everything here renders values; nothing here judges, and nothing here can show a
//! secret, because the values come redacted.

use crate::printable;

pub mod access;
pub mod account;
pub mod annotations;
pub mod comparison;
pub mod curl;
pub mod document;
pub mod file;
mod finding_text;
pub mod findings;
pub mod format;
pub mod html;
pub mod json;
pub mod junit;
pub mod merge;
pub mod merged;
pub mod paint;
pub mod progress;
pub mod reading;
mod refutation;
pub mod replay_file;
pub mod replayed;
pub mod schema;
mod shell;
mod standing;
pub mod step_summary;
pub mod terminal;

#[cfg(test)]
pub(crate) mod samples;

pub use access::Access;
pub use format::Format;
pub use paint::Paint;
pub use progress::Progress;
pub use replay_file::ReplayFiles;
pub use standing::last_line;
pub use terminal::{Summary, Verbosity};
