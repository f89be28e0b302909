//! Whether enough of a property's cases was judged to say anything of it.
//!
//! A property falls short where
//! - more than one in twenty of its judgeable cases went unjudged,
//! - all cases of a cause of which there were at least three did, or
//! - nothing was checked of a rule it is aimed at, and cases of it went unjudged.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::case_reasons::CaseReasons;

/// More than one in so many unjudged cases is too many.
const ONE_IN: usize = 20;

/// All cases of a cause are too many where there are at least so many.
const WHOLE_CAUSE: usize = 3;

/// How many cases of one cause were judged, and how many were not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OfCause {
    /// Cases that were judged.
    pub judged: usize,
    /// Cases that went unjudged.
    pub unjudged: usize,
}

/// The cases of a property, by how they were judged.
#[derive(Clone, Copy, Debug)]
pub struct CaseCounts<'a> {
    /// All cases that were sent or tried.
    pub cases: usize,
    /// Those that left nothing to judge.
    pub not_offered: &'a CaseReasons,
    /// Those that went unjudged.
    pub unjudged: &'a CaseReasons,
    /// All of them by cause.
    pub causes: &'a BTreeMap<String, OfCause>,
}

/// Why too little of a property was judged, if it was. `unchecked` are the must
/// and should rules that it is aimed at and that no case of the run put to the
/// test.
pub fn shortfall(counts: CaseCounts<'_>, unchecked: &[&str]) -> Option<String> {
    let unjudged = counts.unjudged.cases();
    let reason = counts.unjudged.commonest()?;
    let judgeable = counts.cases.saturating_sub(counts.not_offered.cases());
    if unjudged * ONE_IN > judgeable {
        return Some(format!(
            "{unjudged} of {judgeable} cases could not be judged: {reason}"
        ));
    }
    let whole = |of: &OfCause| of.judged == 0 && of.unjudged >= WHOLE_CAUSE;
    if let Some((cause, of)) = counts.causes.iter().find(|(_, of)| whole(of)) {
        return Some(format!(
            "none of {} cases of the cause `{cause}` could be judged: {reason}",
            of.unjudged
        ));
    }
    let rules = unchecked.join(", ");
    (!unchecked.is_empty()).then(|| {
        format!("{unjudged} of {judgeable} cases could not be judged, and none that were checks {rules}: {reason}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(cases: usize, unjudged: usize, not_offered: usize, cause: (usize, usize)) -> CaseSample {
        let mut sample = CaseSample {
            cases,
            ..CaseSample::default()
        };
        sample.unjudged.add("busy", unjudged);
        sample.not_offered.add("no read-back", not_offered);
        let (judged, unjudged) = cause;
        sample
            .causes
            .insert("a cause".to_owned(), OfCause { judged, unjudged });
        sample
    }

    #[derive(Default)]
    struct CaseSample {
        cases: usize,
        not_offered: CaseReasons,
        unjudged: CaseReasons,
        causes: BTreeMap<String, OfCause>,
    }

    impl CaseSample {
        fn falls_short(&self, unchecked: &[&str]) -> bool {
            let counts = CaseCounts {
                cases: self.cases,
                not_offered: &self.not_offered,
                unjudged: &self.unjudged,
                causes: &self.causes,
            };
            shortfall(counts, unchecked).is_some()
        }
    }

    #[test]
    fn one_in_twenty_judgeable_cases_may_go_unjudged() {
        assert!(!of(40, 2, 0, (38, 2)).falls_short(&[]));
        assert!(of(40, 3, 0, (37, 3)).falls_short(&[]));
        assert!(of(40, 2, 1, (37, 2)).falls_short(&[]));
        assert!(!of(40, 0, 40, (0, 0)).falls_short(&["SES-2"]));
    }

    #[test]
    fn a_cause_of_three_cases_must_be_judged_once() {
        assert!(!of(100, 2, 0, (0, 2)).falls_short(&[]));
        assert!(of(100, 3, 0, (0, 3)).falls_short(&[]));
        assert!(!of(100, 3, 0, (1, 3)).falls_short(&[]));
    }

    #[test]
    fn a_rule_of_which_nothing_was_judged_counts() {
        assert!(of(100, 1, 0, (50, 1)).falls_short(&["SES-2"]));
        assert!(!of(100, 0, 0, (50, 0)).falls_short(&["SES-2"]));
    }
}
