//! What the documentation says, as data: every rule with its id, every
//! representation with its properties, every enum with its numbers, every
//! error id, and the names that travel on the wire.
//!
//! All other parts import this one; it imports nothing of theirs, does no I/O
//! and holds no opinion about what a given request deserves: that is the
//! oracle's.

pub mod clauses;
pub mod enums;
pub mod errors;
mod fingerprint;
mod form;
pub mod representation;
pub mod rules;
pub mod wire;

pub use fingerprint::{fingerprint, fingerprint_of};
pub use form::{Framing, Writing};
pub use rules::{Level, Rule, RuleId, Source};
