//! Findings that others explain: one cause, one story. Where something is refused
//! by itself, a request that has it beside something else was refused for that;
//! where something wrong is accepted by itself, a request that is wrong in a
//! further way shows nothing new. What a form of request is refused for is told by
//! the property that is aimed at it.
//!
//! A finding is explained only by one of the same kind and of no lower level that
//! itself counts. It stays in the report beneath that one, and counts as soon as
//! that one is waived or known: what does not count hides nothing.

use super::outcome::{Finding, PropertyReport};
use crate::contract::rules::{REP_13, REP_18, REP_19};
use crate::contract::{Level, RuleId};
use crate::judge::FindingKind;

/// A finding, as far as it bears on whether another explains it.
pub(crate) struct Explainable {
    /// The property it refutes.
    pub(crate) property: String,
    /// How it came about, where that is known.
    pub(crate) kind: Option<FindingKind>,
    /// How binding its rule is.
    pub(crate) level: Level,
    /// What the request did; what it did wrong in several ways is joined by ` + `.
    pub(crate) cause: String,
    /// What else the request has that it may have been refused for.
    pub(crate) beside: Vec<String>,
    /// Property, rule and cause.
    pub(crate) identity: String,
    /// Whether it is neither waived nor known.
    pub(crate) counts: bool,
    /// Its rule, where that is one of the form of a request.
    pub(crate) of_form: Option<String>,
    /// Whether its property is aimed at its rule.
    pub(crate) is_aimed_at: bool,
}

/// The rules of the form of a request, which changes from case to case of all
/// properties.
const OF_FORM: [RuleId; 3] = [REP_13, REP_18, REP_19];

/// That rule, where it is one of the form of a request.
pub(crate) fn of_form(rule: &str) -> Option<String> {
    let mut rules = OF_FORM.iter();
    rules
        .any(|form| form.as_str() == rule)
        .then(|| rule.to_owned())
}

impl Explainable {
    fn of(report: &PropertyReport, finding: &Finding) -> Self {
        Self {
            of_form: of_form(finding.rule.as_str()),
            is_aimed_at: report.rules.contains(&finding.rule),
            property: finding.property.to_owned(),
            kind: Some(finding.kind),
            level: finding.level,
            cause: finding.cause.to_string(),
            beside: finding.beside.iter().map(ToString::to_string).collect(),
            identity: finding.identity(),
            counts: !finding.waived && !finding.known,
        }
    }

    /// Of how many things its request has one alone may be the reason.
    fn parts(&self) -> usize {
        self.cause.split(" + ").count() + self.beside.len()
    }

    /// Whether `other` explains it.
    fn is_explained_by(&self, other: &Self) -> bool {
        let is_another = self.identity != other.identity;
        let is_alike = self.kind == other.kind && self.level <= other.level;
        is_another && is_alike && (self.contains(other) || self.stands_beside(other))
    }

    /// Whether it is the same about the form of a request, and the property of `other`
    /// is aimed at that: of two, one alone.
    fn is_told_by(&self, other: &Self) -> bool {
        let is_same = self.of_form == other.of_form && self.cause == other.cause;
        let is_alike = self.kind == other.kind && other.counts;
        let is_aimed_at = other.is_aimed_at && !self.is_aimed_at;
        self.of_form.is_some() && is_same && is_alike && is_aimed_at
    }

    /// Whether its request is wrong in several ways, of which `other` is one.
    fn contains(&self, other: &Self) -> bool {
        let mut parts = self.cause.split(" + ");
        let is_part = parts.any(|part| part == other.cause);
        self.property == other.property && is_part && self.cause != other.cause
    }

    /// Whether its request also has what `other` was refused for without it.
    fn stands_beside(&self, other: &Self) -> bool {
        self.beside.contains(&other.cause) && !other.beside.contains(&self.cause)
    }
}

/// For each finding the identity of the one that explains it, if one does.
pub(crate) fn explain_all(all: &[Explainable]) -> Vec<Option<String>> {
    // Whoever has fewest parts is explained by nobody with more, so that no two
    // explain each other.
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|place| all[*place].parts());
    let mut explained: Vec<Option<String>> = vec![None; all.len()];
    let mut telling: Vec<usize> = Vec::new();
    for place in order {
        let mut by = telling.iter().map(|other| &all[*other]);
        let by = by.find(|other| all[place].is_explained_by(other));
        match by.or_else(|| all.iter().find(|other| all[place].is_told_by(other))) {
            Some(other) => explained[place] = Some(other.identity.clone()),
            None if all[place].counts => telling.push(place),
            None => {}
        }
    }
    explained
}

/// Says of each finding whether another explains it, as they count now.
pub fn explain(reports: &mut [PropertyReport]) {
    let findings = reports.iter().flat_map(|report| {
        let findings = report.findings.iter();
        findings.map(|finding| Explainable::of(report, finding))
    });
    let all: Vec<Explainable> = findings.collect();
    let mut explained = explain_all(&all).into_iter();
    for finding in reports.iter_mut().flat_map(|one| &mut one.findings) {
        finding.explained_by = explained.next().flatten();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(cause: &str, beside: &[&str]) -> Explainable {
        Explainable {
            property: "body/damaged".to_owned(),
            kind: Some(FindingKind::Refused),
            level: Level::Must,
            cause: cause.to_owned(),
            beside: beside.iter().map(|one| (*one).to_owned()).collect(),
            identity: cause.to_owned(),
            counts: true,
            of_form: None,
            is_aimed_at: true,
        }
    }

    fn explained(all: &[Explainable]) -> Vec<bool> {
        let by = explain_all(all);
        by.iter().map(Option::is_some).collect()
    }

    #[test]
    fn what_is_refused_alone_explains_what_it_stands_beside() {
        let all = [
            finding("a null", &[]),
            finding("an unknown id", &["a null"]),
            finding("a repetition", &["a null", "a folder"]),
            finding("a size", &["a folder"]),
        ];
        assert_eq!(explained(&all), [false, true, true, false]);
    }

    #[test]
    fn one_of_several_wrongs_explains_them_together() {
        let all = [finding("a null + no id", &[]), finding("no id", &[])];
        assert_eq!(explained(&all), [true, false]);
    }

    #[test]
    fn two_that_are_never_apart_do_not_explain_each_other() {
        let all = [finding("one", &["other"]), finding("other", &["one"])];
        assert_eq!(explained(&all), [false, false]);
    }

    #[test]
    fn what_a_form_is_refused_for_is_told_by_the_property_aimed_at_it() {
        let pair = |change: fn(&mut Explainable)| {
            let of = |property: &str| Explainable {
                of_form: of_form("REP-13"),
                property: property.to_owned(),
                identity: format!("{property} · REP-13"),
                is_aimed_at: property == "form/label",
                ..finding("application/json", &[])
            };
            let mut told = of("form/label");
            change(&mut told);
            explained(&[of("body/damaged"), told])
        };
        assert_eq!(pair(|_| ()), [true, false]);
        assert_eq!(pair(|told| told.counts = false), [false, false]);
        assert_eq!(pair(|told| told.is_aimed_at = false), [false, false]);
        assert_eq!(
            pair(|told| told.cause = "no label".to_owned()),
            [false, false]
        );
        assert_eq!(pair(|told| told.of_form = of_form("REP-1")), [false, false]);
    }

    #[test]
    fn only_the_same_kind_at_no_lower_level_that_counts_explains() {
        let pair = |change: fn(&mut Explainable)| {
            let mut alone = finding("no id", &[]);
            change(&mut alone);
            explained(&[finding("a null + no id", &[]), alone])[0]
        };
        assert!(pair(|_| ()));
        assert!(!pair(|alone| alone.kind = Some(FindingKind::State)));
        assert!(!pair(|alone| alone.level = Level::Should));
        assert!(!pair(|alone| alone.counts = false));
        assert!(!pair(|alone| alone.property = "body/other".to_owned()));
    }
}
