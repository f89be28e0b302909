//! What a run found out, for people and for programs: events and outcomes to
//! the terminal, to JSON, to replay files and to curl commands. Everything
//! here renders values; nothing here judges, and nothing here can show a
//! secret, because the values come redacted.

pub mod access;
pub mod account;
pub mod comparison;
pub mod curl;
pub mod document;
pub mod file;
pub mod findings;
pub mod json;
pub mod merge;
pub mod merged;
pub mod paint;
mod printable;
pub mod progress;
pub mod reading;
mod refutation;
pub mod replay_file;
pub mod replayed;
mod shell;
mod standing;
pub mod terminal;

#[cfg(test)]
pub(crate) mod samples;

pub use access::Access;
pub use paint::Paint;
pub use printable::printable;
pub use progress::Progress;
pub use replay_file::ReplayFiles;
pub use terminal::{Summary, Verbosity};
