//! The decision over a run.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::Level;
use crate::runner::Report;

/// What a run says of its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// Nothing that counts was broken, and all that was to be judged was.
    Conforms,
    /// Something that counts was broken.
    Violates,
    /// Nothing that counts was broken, but not all could be judged.
    Unjudged,
}

impl Decision {
    /// The word in the JSON report.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Conforms => "conforms",
            Self::Violates => "violates",
            Self::Unjudged => "unjudged",
        }
    }

    /// What a process exits with that came to it.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Conforms => 0,
            Self::Violates => 1,
            Self::Unjudged => 3,
        }
    }
}

/// Decides over a run whose waivers and baseline were applied. A finding counts
/// that is neither waived nor known.
///
/// | seen, first row that fits                       | decision |
/// |-------------------------------------------------|----------|
/// | a finding of a must rule that counts            | violates |
/// | one of a should rule, and `strict`              | violates |
/// | what fails the gate beside findings             | violates |
/// | the run says why it cannot be judged            | unjudged |
/// | a property is inconclusive, or too little of it was judged | unjudged |
/// | anything else, warnings and inapplicable properties included | conforms |
pub fn decide(report: &Report, strict: bool) -> Decision {
    let least = if strict { Level::Should } else { Level::Must };
    let mut findings = report
        .properties
        .iter()
        .flat_map(|property| &property.findings);
    if findings.any(|finding| finding.counts() && finding.level >= least)
        || !report.standing.closing.is_empty()
    {
        return Decision::Violates;
    }
    let inconclusive = report
        .properties
        .iter()
        .any(|property| property.inconclusive().is_some());
    if inconclusive || !report.unjudged.is_empty() {
        return Decision::Unjudged;
    }
    Decision::Conforms
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;
    use crate::runner::Outcome;
    use crate::runner::standing::Closing;

    fn decided(change: impl FnOnce(&mut Report), strict: bool) -> Decision {
        let mut report = samples::conforming();
        change(&mut report);
        decide(&report, strict)
    }

    #[test]
    fn a_run_without_findings_conforms_whatever_was_not_applicable() {
        assert_eq!(decided(|_| (), true), Decision::Conforms);
    }

    #[test]
    fn a_violation_outweighs_what_could_not_be_judged() {
        let decision = decided(
            |report| {
                report.unjudged.push("the target vanished".to_owned());
                report.properties[0].findings.push(samples::violation());
            },
            false,
        );
        assert_eq!(decision, Decision::Violates);
    }

    #[test]
    fn warnings_count_under_strict_only() {
        let warn = |report: &mut Report| report.properties[0].findings.push(samples::warning());
        assert_eq!(decided(warn, false), Decision::Conforms);
        assert_eq!(decided(warn, true), Decision::Violates);
    }

    #[test]
    fn what_is_waived_does_not_count() {
        let waived = |report: &mut Report| {
            let mut finding = samples::violation();
            finding.waived = true;
            report.properties[0].findings.push(finding);
        };
        assert_eq!(decided(waived, true), Decision::Conforms);
    }

    #[test]
    fn what_is_known_does_not_count_and_what_fails_beside_does() {
        let known = |report: &mut Report| {
            let mut finding = samples::violation();
            finding.known = true;
            report.properties[0].findings.push(finding);
        };
        assert_eq!(decided(known, true), Decision::Conforms);
        let failing = |report: &mut Report| {
            report
                .standing
                .closing
                .push(Closing::Drift("drift".to_owned()));
        };
        assert_eq!(decided(failing, false), Decision::Violates);
    }

    #[test]
    fn what_could_not_be_judged_is_never_said_to_conform() {
        let whole = |report: &mut Report| report.unjudged.push("no update was accepted".to_owned());
        assert_eq!(decided(whole, false), Decision::Unjudged);
        let one = |report: &mut Report| {
            report.properties[0].outcome = Outcome::Inconclusive("busy".to_owned());
        };
        assert_eq!(decided(one, false), Decision::Unjudged);
    }
}
