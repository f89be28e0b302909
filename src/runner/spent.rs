//! How much a run has spent, and how much of it when it first met a breach.

use super::fire::Fired;
use super::outcome::Effort;

/// What was spent so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spent {
    so_far: Effort,
    /// What had been spent when a case first showed a breach.
    pub(super) first_breach: Option<Effort>,
}

impl Spent {
    /// Nothing but the requests before the first case.
    pub(super) const fn new(requests: u64) -> Self {
        Self {
            so_far: Effort { requests, cases: 0 },
            first_breach: None,
        }
    }

    /// Takes in the next case; they come in the order of the report.
    pub(super) fn count(&mut self, fired: &Fired) {
        self.so_far.requests += fired.requests;
        self.so_far.cases += 1;
        if self.first_breach.is_none() && !fired.findings.is_empty() {
            self.first_breach = Some(self.so_far);
        }
    }
}
