//! What a run comes to, as a value: the decision, and the last line that says it.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::decision::{Decision, decide};
use super::last_line::{Grounds, LastLine, Spent};
use crate::contract::Level;
use crate::runner::outcome::RuleStatus;
use crate::runner::standing::Closing;
use crate::runner::{Finding, Report};

/// What named the target of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Named {
    /// An option of the command line.
    #[default]
    #[serde(rename = "flag")]
    Flag,
    /// An environment variable.
    #[serde(rename = "variable")]
    Variable,
    /// Nothing did: a reference server inside the process was tested.
    #[serde(rename = "none")]
    Nothing,
}

impl Named {
    /// The word in the JSON report.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Variable => "variable",
            Self::Nothing => "none",
        }
    }
}

/// How much of what there is to test a run was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Every property, all its cases.
    #[default]
    Whole,
    /// One shard, or a selection of properties: it never says "conforms".
    Part,
}

impl Scope {
    /// The word in the JSON report.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Part => "part",
        }
    }
}

/// Whether a pipeline may go on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Gate {
    /// Nothing that counts was found.
    Open,
    /// A breach counts, a waiver is stale, or the target drifted.
    Closed,
    /// Nobody can say.
    #[default]
    Unjudged,
}

impl Gate {
    /// The word in the JSON report.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Unjudged => "unjudged",
        }
    }

    /// That of a decision.
    pub const fn of(decision: Decision) -> Self {
        match decision {
            Decision::Conforms => Self::Open,
            Decision::Violates => Self::Closed,
            Decision::Unjudged => Self::Unjudged,
        }
    }
}

/// What was asked of a run, as far as its report does not say it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Whether warnings fail the gate.
    pub strict: bool,
    /// How much of it was to be tested.
    pub scope: Scope,
    /// What named the target.
    pub named: Named,
}

/// What a run comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// What was asked.
    pub asked: Asked,
    /// What the run says of its target.
    pub decision: Decision,
    /// Whether a pipeline may go on.
    pub gate: Gate,
    /// What the process exits with.
    pub exit_code: u8,
    /// What people read last.
    pub line: LastLine,
}

impl Ruling {
    /// Rules over a run whose waivers and baseline were applied.
    pub fn of(report: &Report, asked: Asked) -> Self {
        let decision = decide(report, asked.strict);
        let seed = report.seed.to_string();
        let line = grounds(report, asked, &seed).line(decision);
        Self {
            asked,
            decision,
            gate: Gate::of(decision),
            exit_code: decision.exit_code(),
            line,
        }
    }
}

/// What the last line of that report rests on.
fn grounds<'a>(report: &'a Report, asked: Asked, seed: &'a str) -> Grounds<'a> {
    let findings = || report.properties.iter().flat_map(|one| &one.findings);
    let counting = |level: Level| {
        let counting = findings().filter(move |finding| finding.counts());
        counting.filter(move |finding| finding.level == level)
    };
    let rules = |level| {
        let rules: BTreeSet<&str> = counting(level).map(|found| found.rule.as_str()).collect();
        rules.len()
    };
    let waived = |finding: &&Finding| finding.waived;
    let known = |finding: &&Finding| finding.known && !finding.waived;
    let standing = &report.standing;
    let rules_not_tested = report.rules.iter();
    let inconclusive = report.properties.iter();
    Grounds {
        target: &report.target.name,
        asked,
        violated: rules(Level::Must),
        warned: rules(Level::Should),
        warnings: counting(Level::Should).count(),
        known: findings().filter(known).count(),
        waived: findings().filter(waived).count(),
        stale: standing.closing.iter().filter(|one| one.is_stale()).count(),
        drifted: standing.closing.iter().any(Closing::is_drift),
        unjudged: report.unjudged.iter().map(String::as_str).collect(),
        inconclusive: inconclusive.filter_map(|one| one.inconclusive()).collect(),
        properties: report.properties.len(),
        not_tested: rules_not_tested
            .filter(|rule| rule.status == RuleStatus::NotTested)
            .count(),
        spent: Spent {
            cases: report.cases,
            requests: report.requests,
            elapsed_ms: report.elapsed_ms,
            seed,
        },
    }
}
