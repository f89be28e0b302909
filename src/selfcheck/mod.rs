//! The proof of the harness in numbers: every fault of the reference server,
//! every variant and some combinations of variants, each run against, and a
//! score of what was found. `drive` starts servers and runs; `score` says what
//! one run showed; `summary` adds up, and `blame` lists what is wrong; the
//! rest renders. Which properties are run is the caller's to say.

pub mod blame;
mod combination;
pub mod drive;
mod json;
pub mod line;
mod markdown;
pub mod proofs;
pub mod score;
mod spread;
pub mod subject;
pub mod summary;
mod text;

pub use drive::{Check, check};
pub use line::Line;
pub use proofs::PROOFS;
pub use score::{Marks, Row, Score};
pub use spread::Spread;
pub use subject::{Kind, Subject};
pub use summary::Summary;

use crate::contract::fingerprint_of;
use crate::reference::{FAULTS, VARIANTS};
use crate::runner::Property;

/// What a score is of: the same for as long as no fault, variant or property
/// comes, goes or says something else.
pub fn fingerprint(properties: &[Property]) -> String {
    let properties = properties
        .iter()
        .map(|one| format!("{} {}", one.id, one.says));
    let faults = FAULTS
        .iter()
        .map(|row| format!("{} {}", row.name, row.says));
    let variants = VARIANTS
        .iter()
        .map(|row| format!("{} {}", row.name, row.says));
    fingerprint_of(properties.chain(faults).chain(variants))
}

#[cfg(test)]
mod samples;
