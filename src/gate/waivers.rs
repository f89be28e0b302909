//! Waivers: known breaches that do not fail the gate. One that no longer does
//! anything is itself reported, so that the list never outlives its reasons.

use crate::runner::outcome::{Outcome, Report, RuleStatus};
use crate::runner::{Finding, PropertyReport};
use crate::target::{Date, Waiver, names_property};

/// What is to be said of waivers, one sentence each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Idle {
    /// Those that have expired.
    pub expired: Vec<String>,
    /// Those that cover nothing although their rule and properties were tested.
    pub stale: Vec<String>,
}

/// Marks every finding that a waiver covers as waived, and returns what is to
/// be said of the waivers that do nothing.
pub fn apply_waivers(report: &mut Report, waivers: &[Waiver], today: Date) -> Idle {
    let mut idle = Idle::default();
    for waiver in waivers {
        if let Some(expires) = waiver.expires.filter(|expires| *expires <= today) {
            idle.expired.push(format!(
                "the {} expired on {expires} and no longer counts: renew or remove it",
                described(waiver)
            ));
            continue;
        }
        let mut used = false;
        for property in &mut report.properties {
            used |= property.findings.iter().any(|found| covers(waiver, found));
            for finding in property.every_finding() {
                finding.waived |= covers(waiver, finding);
            }
        }
        if !used && was_tested(waiver, report) {
            idle.stale.push(format!(
                "the {} covers no finding: remove it",
                described(waiver)
            ));
        }
    }
    idle
}

fn covers(waiver: &Waiver, finding: &Finding) -> bool {
    let same_cause = |cause: &String| cause == finding.cause.as_ref();
    waiver.rule == finding.rule
        && names(waiver, finding.property)
        && waiver.cause.as_ref().is_none_or(same_cause)
}

/// Whether the waiver speaks of that property.
fn names(waiver: &Waiver, property: &str) -> bool {
    let pattern = waiver.property.as_deref();
    pattern.is_none_or(|pattern| names_property(pattern, property))
}

/// A waiver that covers nothing is stale only where its breach had a chance to
/// show: a run of a few properties says nothing about the others.
fn was_tested(waiver: &Waiver, report: &Report) -> bool {
    let judged = |property: &PropertyReport| {
        matches!(property.outcome, Outcome::Held | Outcome::Refuted) && names(waiver, property.id)
    };
    let checked = report
        .rules
        .iter()
        .any(|rule| rule.id == waiver.rule && rule.status != RuleStatus::NotTested);
    checked && report.properties.iter().any(judged)
}

fn described(waiver: &Waiver) -> String {
    let mut text = format!("waiver of {}", waiver.rule);
    if let Some(property) = &waiver.property {
        text.push_str(&format!(" for `{property}`"));
    }
    if let Some(cause) = &waiver.cause {
        text.push_str(&format!(" with the cause `{cause}`"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::rules;
    use crate::report::samples;

    const TODAY: &str = "2026-06-15";

    fn waiver() -> Waiver {
        Waiver {
            rule: samples::violation().rule,
            property: None,
            cause: None,
            reason: "known".to_owned(),
            owner: None,
            expires: None,
        }
    }

    fn applied(waiver: Waiver) -> (bool, Idle) {
        let mut report = samples::every_outcome();
        let today = TODAY.parse().expect("a date");
        let idle = apply_waivers(&mut report, &[waiver], today);
        let waived = report
            .properties
            .iter()
            .flat_map(|property| &property.findings)
            .any(|finding| finding.waived && finding.rule == samples::violation().rule);
        (waived, idle)
    }

    #[test]
    fn rule_property_and_cause_must_fit() {
        let finding = samples::violation();
        let (family, _) = finding.property.split_once('/').expect("a family");
        for (property, cause, expected) in [
            (None, None, true),
            (Some(finding.property.to_owned()), None, true),
            (Some(format!("{family}/*")), None, true),
            (Some(family.to_owned()), None, false),
            (Some("other/*".to_owned()), None, false),
            (None, Some(finding.cause.to_string()), true),
            (None, Some("other".to_owned()), false),
        ] {
            let (waived, _) = applied(Waiver {
                property: property.clone(),
                cause: cause.clone(),
                ..waiver()
            });
            assert_eq!(waived, expected, "{property:?} {cause:?}");
        }
        let rule = rules::EFF_8;
        assert!(!applied(Waiver { rule, ..waiver() }).0);
    }

    #[test]
    fn an_expired_waiver_covers_nothing_and_is_reported() {
        for (expires, waived) in [("2026-06-16", true), (TODAY, false), ("2026-06-14", false)] {
            let expires = Some(expires.parse().expect("a date"));
            let (seen, idle) = applied(Waiver {
                expires,
                ..waiver()
            });
            let told = (seen, idle.expired.is_empty());
            assert_eq!(told, (waived, waived), "{idle:?}");
            assert!(idle.stale.is_empty(), "{idle:?}");
        }
    }

    #[test]
    fn a_waiver_that_covers_nothing_is_reported_where_it_was_tested() {
        let tested = Waiver {
            rule: samples::HELD_RULE,
            ..waiver()
        };
        let (_, idle) = applied(tested.clone());
        assert_eq!(
            idle.stale,
            [format!(
                "the waiver of {} covers no finding: remove it",
                tested.rule
            )]
        );
        let elsewhere = Waiver {
            property: Some("not/selected".to_owned()),
            ..tested
        };
        assert_eq!(applied(elsewhere).1, Idle::default());
        let untested = Waiver {
            rule: samples::UNTESTED_RULE,
            ..waiver()
        };
        assert_eq!(applied(untested).1, Idle::default());
    }
}
