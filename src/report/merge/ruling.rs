//! What the merged whole comes to, as [`Ruling`](crate::gate::Ruling) has it of a
//! run.

use std::collections::BTreeSet;

use crate::contract::Level;
use crate::gate::last_line::Grounds;
use crate::gate::{Asked, Decision, Gate, LastLine};
use crate::report::document::{Document, Property};
use crate::runner::outcome::RuleStatus;

/// Writes into the document what it comes to, and answers its last line.
pub(super) fn rule_over(document: &mut Document) -> LastLine {
    let decision = decision(document);
    let line = grounds(document).line(decision);
    document.decision = decision;
    document.gate = Gate::of(decision);
    document.exit_code = decision.exit_code();
    document.line = line.to_string();
    line
}

/// The decision over the whole, as [`decide`](crate::gate::decide) takes it.
fn decision(document: &Document) -> Decision {
    let fails = document.findings().any(|found| document.fails(found));
    if fails || !document.failures.is_empty() {
        return Decision::Violates;
    }
    let mut properties = document.properties.iter();
    if properties.any(Property::is_inconclusive) || !document.unjudged.is_empty() {
        return Decision::Unjudged;
    }
    Decision::Conforms
}

/// What the last line rests on.
fn grounds(document: &Document) -> Grounds<'_> {
    let counting = |level: Level| {
        let counting = document.findings().filter(|found| found.counts());
        counting.filter(move |found| found.level == level)
    };
    let rules = |level| {
        let rules: BTreeSet<&str> = counting(level).map(|found| found.rule.as_str()).collect();
        rules.len()
    };
    let inconclusive = document.properties.iter();
    let inconclusive = inconclusive.filter(|one| one.is_inconclusive());
    let not_tested = document.rules.iter();
    Grounds {
        target: &document.target.name,
        asked: Asked {
            strict: document.strict,
            scope: document.scope,
            named: document.target.named,
        },
        violated: rules(Level::Must),
        warned: rules(Level::Should),
        warnings: counting(Level::Should).count(),
        known: document
            .findings()
            .filter(|found| found.known && !found.waived)
            .count(),
        waived: document.findings().filter(|found| found.waived).count(),
        stale: document.failures.len(),
        drifted: false,
        unjudged: document.unjudged.iter().map(String::as_str).collect(),
        inconclusive: inconclusive
            .map(|one| one.reason.as_deref().or(one.shortfall.as_deref()))
            .map(Option::unwrap_or_default)
            .collect(),
        properties: document.properties.len(),
        not_tested: not_tested
            .filter(|rule| rule.status == RuleStatus::NotTested)
            .count(),
        spent: document.spent(),
    }
}
