//! Refusals that must have changed nothing: several of them are looked behind
//! by one read-back. Where that shows a change, the cases are played again with
//! a look after every step, so that the right one is blamed.

use super::Firing;
use crate::contract::rules;
use crate::judge::state::same;
use crate::judge::{Circumstances, Seen, Verdict, judge_state};
use crate::oracle::{Expectation, Stored};
use crate::runner::ground::Ground;
use crate::runner::trouble::Trouble;

/// When the workgroups are looked at, and cleared away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Looked at after every step, and cleared away after every case.
    AtOnce,
    /// Looked at once for several refusals that must have changed nothing.
    Later,
    /// The same, and cleared away once for several cases: one finds what others
    /// left, and what was stored for it beforehand.
    Shared,
}

/// A refusal behind which nobody has looked yet.
#[derive(Clone, Debug)]
pub struct Owed {
    /// What the request deserved.
    pub expectation: Expectation,
    /// The status of its answer.
    pub status: u16,
    /// Whether it was about the workgroup that the case holds.
    pub addressed: bool,
}

impl Owed {
    /// What is known now that somebody looked and saw no change: the rules that
    /// were put to the test.
    pub fn verdict(&self, seen: &[Stored], circumstances: &Circumstances<'_>) -> Verdict {
        if self.addressed {
            let seen = Seen {
                before: Some(seen),
                after: Some(seen),
            };
            return judge_state(&self.expectation, self.status, seen, circumstances);
        }
        let mut verdict = Verdict::new(self.expectation.cause(), self.status)
            .objecting(self.expectation.objection());
        verdict.check(rules::WG_2);
        verdict
    }
}

impl Firing<'_> {
    /// Looks behind the refusals of a case that nobody has looked behind yet.
    pub(super) async fn settle(&mut self, ground: &mut Ground) -> Result<(), Trouble> {
        if !self.fired.owed.is_empty() {
            let before = ground.known.clone().unwrap_or_default();
            let changed = self.has_changed(ground).await?;
            self.settled(!changed, &before);
        }
        Ok(())
    }

    /// Looks whether a workgroup still holds what it is known to hold.
    pub(super) async fn has_changed(&mut self, ground: &mut Ground) -> Result<bool, Trouble> {
        if !self.stage.read_back {
            return Ok(false);
        }
        let before = ground.known.take().unwrap_or_default();
        let after = self.look(&ground.workgroup).await?;
        let ours = self.ours(&ground.workgroup, &before, &after, None);
        ground.known = Some(after);
        Ok(!same(&ours.before, &ours.after))
    }

    /// Notes what a look showed of the refusals before it.
    pub(super) fn settled(&mut self, unchanged: bool, seen: &[Stored]) {
        let owed = std::mem::take(&mut self.fired.owed);
        if unchanged {
            let circumstances = self.stage.circumstances(false, false);
            for owed in owed {
                self.fired
                    .checked
                    .extend(owed.verdict(seen, &circumstances).checked);
            }
        } else {
            self.fired.is_unclear |= !owed.is_empty();
        }
    }
}
