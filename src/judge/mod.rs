//! Was the answer legal? Pure functions from an expectation, an exchange and
//! the state read back to findings, each with its rule and level, and to
//! observations of what the contract leaves open.
//!
//! Two kinds of check: those that hold for every answer whatever was asked
//! ([`answer`]), and those against the expectation ([`status`], [`success`],
//! [`state`]). None prints or panics.

pub mod answer;
pub mod burst;
pub mod calls;
pub mod challenge;
mod configuration_error;
pub mod error_body;
pub mod finding;
pub mod linearizable;
pub mod outline;
pub mod page;
pub mod shape;
pub mod state;
pub mod status;
pub mod success;

pub use answer::AnswerBody;
pub use finding::{Finding, FindingKind, Observation, Verdict};
pub use page::{Page, PageSeen, Pages};

use crate::client::exchange::{Answer, Fault};
use crate::oracle::{Expectation, IdRegime, Stored};

/// What was seen of the workgroup around one exchange.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// What it held before; `None` where nobody looked.
    pub before: Option<&'a [Stored]>,
    /// What it held after; `None` where nobody looked.
    pub after: Option<&'a [Stored]>,
}

impl Seen<'_> {
    /// Nobody looked.
    pub const NOTHING: Self = Self {
        before: None,
        after: None,
    };
}

/// What is known of the target beside the exchange.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// The version of the feature `configuration`; `None` where not offered.
    pub feature_version: Option<u32>,
    /// The resource is declared removed.
    pub removed: bool,
    /// A failure of this update was provoked.
    pub fails_next: bool,
    /// The monikers that the target knows, with their folders.
    pub mailboxes: &'a [(String, Vec<String>)],
    /// Who gives ids.
    pub ids: IdRegime,
}

/// Judges one exchange of the endpoint under test.
pub fn judge(
    expectation: &Expectation,
    outcome: Result<&Answer, &Fault>,
    seen: Seen<'_>,
    circumstances: &Circumstances<'_>,
) -> Verdict {
    let mut verdict = Verdict::new(
        expectation.cause(),
        outcome.map_or(0, |answer| answer.status),
    )
    .objecting(expectation.objection());
    match outcome {
        Err(fault) => {
            verdict = verdict.about_page(Page::of_fault(fault));
            status::examine_fault(expectation, fault, &mut verdict);
        }
        Ok(answer) => {
            let body = AnswerBody::read(answer);
            verdict = verdict.about_page(Page::of(answer, &body));
            answer::examine(expectation, answer, &body, circumstances, &mut verdict);
            status::examine(expectation, answer, &body, circumstances, &mut verdict);
            if answer.status == 200 {
                success::examine(expectation, &body, seen, &mut verdict);
            }
            state::examine(
                expectation,
                answer.status,
                seen,
                circumstances,
                &mut verdict,
            );
        }
    }
    verdict
}

/// Judges what a look at the workgroup shows of an update that was answered
/// with that status, and nothing else of it.
pub fn judge_state(
    expectation: &Expectation,
    status: u16,
    seen: Seen<'_>,
    circumstances: &Circumstances<'_>,
) -> Verdict {
    let mut verdict = Verdict::new(expectation.cause(), status).objecting(expectation.objection());
    state::examine(expectation, status, seen, circumstances, &mut verdict);
    verdict
}
