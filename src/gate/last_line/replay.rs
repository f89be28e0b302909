//! The last line of `replay`.
//!
//! | verdict      | the line says                                  | exit code |
//! |--------------|------------------------------------------------|-----------|
//! | fixed        | FIXED: the rule shows in none                  | 0         |
//! | fails        | FAILS: in how many it, or something else, shows | 1        |
//! | flaky        | FLAKY: the same                                | 1         |
//! | cannot judge | CANNOT JUDGE: why                              | 3         |

use super::cut;
use crate::contract::RuleId;
use crate::gate::decision::Decision;
use crate::runner::replay::{Says, Try, Verdict};

/// What is said last of a replay: a word, which may be shown in a colour, and the
/// rest of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayLine {
    /// What it comes to.
    pub decision: Decision,
    /// The verdict.
    pub word: &'static str,
    /// What it rests on, and the exit code.
    pub rest: String,
}

impl ReplayLine {
    /// What those sendings of a case that broke that rule come to.
    pub fn of(verdict: Verdict, tries: &[Try], rule: RuleId) -> Self {
        let number = |is: fn(&Says) -> bool| tries.iter().filter(|one| is(&one.says)).count();
        let same = number(|says| *says == Says::Same);
        let otherwise = number(|says| *says == Says::Otherwise);
        let all = tries.len();
        let failing = match (same, otherwise) {
            (0, _) => format!("{rule} no longer shows, but something else in {otherwise} of {all}"),
            (_, 0) => format!("{rule} shows in {same} of {all}"),
            _ => format!("{rule} shows in {same} of {all}, something else in {otherwise}"),
        };
        match verdict {
            Verdict::Fixed => {
                let fixed = format!("{rule} shows in none of {all}");
                Self::new(Decision::Conforms, "FIXED", &fixed)
            }
            Verdict::Fails => Self::new(Decision::Violates, "FAILS", &failing),
            Verdict::Flaky => Self::new(Decision::Violates, "FLAKY", &failing),
            Verdict::CannotJudge => {
                let reason = tries.iter().find_map(|one| match &one.says {
                    Says::Unclear(reason) => Some(reason.to_string()),
                    _ => None,
                });
                Self::cannot_judge(reason.as_deref().unwrap_or("it was interrupted"))
            }
        }
    }

    /// That of a case that could not be sent at all.
    pub fn cannot_judge(reason: &str) -> Self {
        Self::new(Decision::Unjudged, "CANNOT JUDGE", &cut(reason))
    }

    fn new(decision: Decision, word: &'static str, because: &str) -> Self {
        Self {
            decision,
            word,
            rest: format!(": {because}, exit code {}", decision.exit_code()),
        }
    }
}
