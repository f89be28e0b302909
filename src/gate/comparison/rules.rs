//! What became of each rule from the baseline to the candidate.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::contract::Level;
use crate::gate::account::{Account, Checked};
use crate::runner::outcome::RuleStatus;

/// What became of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The candidate breaks it, the baseline did not.
    NewFailure,
    /// The baseline broke it, the candidate does not.
    Fixed,
    /// Both break it.
    StillFailing,
    /// One side did not test or judge it.
    Inconclusive,
}

impl Verdict {
    /// All of them, as reports order them.
    pub const ALL: [Self; 4] = [
        Self::NewFailure,
        Self::Fixed,
        Self::StillFailing,
        Self::Inconclusive,
    ];

    /// In words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NewFailure => "new failure",
            Self::Fixed => "fixed",
            Self::StillFailing => "still failing",
            Self::Inconclusive => "inconclusive",
        }
    }
}

/// A rule of which there is something to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleChange {
    /// The rule.
    pub rule: String,
    /// Its level.
    pub level: Level,
    /// What became of it.
    pub verdict: Verdict,
    /// The findings of the candidate that the baseline had not.
    pub new: Vec<NewFinding>,
    /// The identities of those that the candidate has no longer.
    pub gone: Vec<String>,
    /// How many findings both have.
    pub still: usize,
    /// Why nothing can be said, where nothing can.
    pub reason: Option<String>,
}

/// A finding of the candidate that the baseline had not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewFinding {
    /// Its identity.
    pub identity: String,
    /// How binding the rule is there.
    pub level: Level,
    /// Whether a waiver covers it.
    pub waived: bool,
}

/// Every rule of which there is something to say.
pub(super) fn changes(baselines: &[&Account], candidate: &Account) -> Vec<RuleChange> {
    let known = |id: &str| candidate.rules.iter().any(|rule| rule.id == id);
    // Rules that an older version had come last.
    let older = baselines.first().into_iter().flat_map(|one| &one.rules);
    let older = older.filter(|rule| !known(&rule.id));
    let rules = candidate.rules.iter().chain(older);
    rules
        .filter_map(|rule| change(rule, baselines, candidate))
        .collect()
}

fn change(rule: &Checked, baselines: &[&Account], candidate: &Account) -> Option<RuleChange> {
    let before: BTreeSet<&str> = baselines.iter().flat_map(|one| of(rule, one)).collect();
    let is_stable = |identity: &&&str| {
        let mut all = baselines.iter();
        all.all(|one| one.findings.contains_key(**identity))
    };
    let now: BTreeSet<&str> = of(rule, candidate).collect();
    let mut new = Vec::new();
    let mut unjudged = BTreeSet::new();
    for identity in now.difference(&before) {
        let told = &candidate.findings[*identity];
        // What the baseline never judged may be as old as the target.
        if baselines.iter().any(|one| one.judged(&told.property)) {
            new.push(NewFinding {
                identity: (*identity).to_owned(),
                level: told.level,
                waived: told.waived,
            })
        } else {
            _ = unjudged.insert(format!("the baseline did not judge `{}`", told.property))
        }
    }
    let mut gone = Vec::new();
    for identity in before.difference(&now).filter(is_stable) {
        let told = baselines.iter().find_map(|one| one.findings.get(*identity));
        let property = told.map_or("", |told| told.property.as_str());
        if candidate.judged(property) {
            gone.push((*identity).to_owned())
        } else {
            _ = unjudged.insert(format!("the candidate did not judge `{property}`"))
        }
    }
    let still = now.intersection(&before).count();
    let untested = untested(rule, baselines, candidate);
    let why: Vec<String> = unjudged.into_iter().collect();
    let why = (!why.is_empty()).then(|| why.join(", "));
    let (verdict, reason) = match (before.is_empty(), now.is_empty()) {
        (true, true) => (Verdict::Inconclusive, Some(untested?)),
        (true, false) if new.is_empty() => (Verdict::Inconclusive, why),
        (true, false) => (Verdict::NewFailure, None),
        (false, false) => (Verdict::StillFailing, None),
        (false, true) => match why.or(untested) {
            Some(reason) => (Verdict::Inconclusive, Some(reason)),
            // One run against the baseline did not break it either.
            None if gone.is_empty() => return None,
            None => (Verdict::Fixed, None),
        },
    };
    Some(RuleChange {
        rule: rule.id.clone(),
        level: rule.level,
        verdict,
        new,
        gone,
        still,
        reason,
    })
}

/// The identities of a run's findings of that rule.
fn of<'a>(rule: &'a Checked, account: &'a Account) -> impl Iterator<Item = &'a str> {
    let findings = account.findings.iter();
    let findings = findings.filter(move |(_, told)| told.rule == rule.id);
    findings.map(|(identity, _)| identity.as_str())
}

/// Why a rule was tested on one side alone, if it was.
fn untested(rule: &Checked, baselines: &[&Account], candidate: &Account) -> Option<String> {
    let row = |account: &Account| account.rules.iter().find(|one| one.id == rule.id).cloned();
    let was_tested = |row: &Option<Checked>| {
        let row = row.as_ref();
        row.is_some_and(|row| row.status != RuleStatus::NotTested)
    };
    let before = baselines.first().and_then(|one| row(one));
    let now = row(candidate);
    let (side, row) = match (was_tested(&before), was_tested(&now)) {
        (true, false) => ("candidate", now),
        (false, true) => ("baseline", before),
        _ => return None,
    };
    let reason = row.map(|row| row.reason.unwrap_or_default());
    let reason = reason.unwrap_or_else(|| "it does not know the rule".to_owned());
    Some(format!("the {side} did not test it: {reason}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::account::{Judged, Told};

    const RULE: &str = "SES-2";

    /// An account of one rule, by its findings in `p`.
    fn account(status: RuleStatus, judged: bool, causes: &[&str]) -> Account {
        let told = |cause: &&str| {
            let told = Told {
                property: "p".to_owned(),
                rule: RULE.to_owned(),
                level: Level::Must,
                waived: *cause == "waived",
            };
            (format!("p · {RULE} · {cause}"), told)
        };
        let property = Judged {
            judged,
            inconclusive: false,
            cases: 1,
            reason: None,
        };
        Account {
            properties: [("p".to_owned(), property)].into(),
            rules: vec![Checked {
                id: RULE.to_owned(),
                level: Level::Must,
                status,
                reason: Some("no hook".to_owned()),
            }],
            findings: causes.iter().map(told).collect(),
            ..Account::default()
        }
    }

    fn held() -> Account {
        account(RuleStatus::Held, true, &[])
    }

    fn broken(causes: &[&str]) -> Account {
        account(RuleStatus::Violated, true, causes)
    }

    fn told(baselines: &[&Account], candidate: &Account) -> Option<(Verdict, usize, usize)> {
        let changes = changes(baselines, candidate);
        let change = changes.first()?;
        Some((change.verdict, change.new.len(), change.gone.len()))
    }

    #[test]
    fn each_verdict_follows_from_the_findings() {
        for (baseline, candidate, expected) in [
            (held(), held(), None),
            (held(), broken(&["a"]), Some((Verdict::NewFailure, 1, 0))),
            (broken(&["a"]), held(), Some((Verdict::Fixed, 0, 1))),
            (
                broken(&["a", "b"]),
                broken(&["b", "c", "waived"]),
                Some((Verdict::StillFailing, 2, 1)),
            ),
        ] {
            assert_eq!(told(&[&baseline], &candidate), expected);
        }
    }

    #[test]
    fn what_one_side_did_not_judge_is_inconclusive() {
        let untested = account(RuleStatus::NotTested, true, &[]);
        let unjudged = account(RuleStatus::NotTested, false, &[]);
        for (baseline, candidate, reason) in [
            (
                held(),
                untested.clone(),
                "the candidate did not test it: no hook",
            ),
            (
                untested.clone(),
                held(),
                "the baseline did not test it: no hook",
            ),
            (
                broken(&["a"]),
                unjudged.clone(),
                "the candidate did not judge `p`",
            ),
            (
                broken(&["a"]),
                untested.clone(),
                "the candidate did not test it: no hook",
            ),
            (unjudged, broken(&["a"]), "the baseline did not judge `p`"),
        ] {
            let changes = changes(&[&baseline], &candidate);
            assert_eq!(changes[0].verdict, Verdict::Inconclusive);
            assert_eq!(changes[0].reason.as_deref(), Some(reason));
        }
        assert_eq!(told(&[&untested.clone()], &untested), None);
    }

    #[test]
    fn what_the_baseline_shows_now_and_then_is_neither_new_nor_fixed() {
        let (one, other) = (broken(&["a"]), held());
        assert_eq!(told(&[&one, &other], &held()), None);
        let still = Some((Verdict::StillFailing, 0, 0));
        assert_eq!(told(&[&other, &one], &broken(&["a"])), still);
    }
}
