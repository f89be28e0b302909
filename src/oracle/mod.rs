//! What the documentation allows: a pure function from a request and what is
//! known of the target's state to the set of legal answers, each with the
//! rules behind it, and to the legal effect.
//!
//! The expectation is computed from the request alone, its bytes and its
//! credentials, never from how a generator made it: so the oracle also judges
//! requests that no generator of ours drew.

pub mod body;
pub mod effect;
pub mod expectation;
pub mod fields;
mod form;
pub mod json;
pub mod known;
mod label;
pub mod session;
mod workgroup;

pub use effect::{AddedObject, Effect, ModifiedObject, Wanted};
pub use expectation::{AnswerKind, Breach, Expectation, Feature};
pub use known::{Asked, IdRegime, Known, KnownSession, Stored, WorkgroupState};

use crate::contract::rules;

/// What one request deserves.
pub fn expect(asked: &Asked<'_>, known: &Known<'_>) -> Expectation {
    let mut expectation = Expectation::default();
    session::examine(asked, known, &mut expectation);
    workgroup::examine(asked, known, &mut expectation);
    form::examine(asked, &mut expectation);
    let charset = label::examine(asked, &mut expectation);
    body::examine(asked, known, charset, &mut expectation);
    if known.removed {
        expectation.breach(
            rules::GONE_1,
            "the resource is removed",
            &[AnswerKind::Gone],
        );
    }
    if known.fails_next {
        expectation.may_fail = true;
    }
    expectation.body_bytes = asked.body.len();
    expectation
}
