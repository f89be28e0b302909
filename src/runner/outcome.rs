//! What a run found out: plain values, from which every report is made. All
//! text in them that the target had a part in is [`Redacted`].

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::case_reasons::CaseReasons;
use super::shortfall::{CaseCounts, OfCause, shortfall};
use super::standing::Standing;
use crate::client::Redacted;
use crate::contract::RuleId;
use crate::contract::rules::Level;
use crate::generate::Case;
use crate::judge::{FindingKind, Page};

/// How a property ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// No case refuted it.
    Held,
    /// Some case did.
    Refuted,
    /// The target does not offer what it needs.
    Inapplicable(String),
    /// It could not be judged.
    Inconclusive(String),
}

impl Outcome {
    /// The word in the JSON report.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Refuted => "refuted",
            Self::Inapplicable(_) => "inapplicable",
            Self::Inconclusive(_) => "inconclusive",
        }
    }

    /// Why it was not tested or judged.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Inapplicable(reason) | Self::Inconclusive(reason) => Some(reason),
            Self::Held | Self::Refuted => None,
        }
    }
}

/// The request that shows a finding, as it was sent; secrets as placeholders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Minimal {
    /// The method.
    pub method: &'static str,
    /// The path, encoded.
    pub path: Redacted,
    /// The headers in order, by name.
    pub headers: Vec<(String, Redacted)>,
    /// The body as text; bytes that are no UTF-8 show as replacements.
    pub body: Redacted,
    /// What has to be there or happen first, in words; empty for nothing.
    pub before: Vec<Redacted>,
}

/// One breach, shrunk and confirmed.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The property it refutes.
    pub property: &'static str,
    /// The rule it breaks.
    pub rule: RuleId,
    /// How binding the rule is here.
    pub level: Level,
    /// How it came about.
    pub kind: FindingKind,
    /// What the request did, as a stable name.
    pub cause: Redacted,
    /// One sentence.
    pub message: Redacted,
    /// Every legal answer.
    pub expected: Vec<Redacted>,
    /// The answer seen.
    pub actual: Redacted,
    /// How many of three sendings showed it.
    pub confirmed: u8,
    /// How many cases showed it.
    pub seen: usize,
    /// How many cases of the property were sent up to the first that showed it.
    pub cases_to_find: usize,
    /// The requests up to then.
    pub requests_to_find: u64,
    /// What else the request has that the target may have refused it for.
    pub beside: Vec<Redacted>,
    /// A waiver of the profile covers it.
    pub waived: bool,
    /// An earlier run found it as well.
    pub known: bool,
    /// The identity of the finding that explains it, where one that counts does.
    pub explained_by: Option<String>,
    /// The request that shows it.
    pub minimal: Minimal,
    /// The case behind it, for a replay file.
    pub case: Case,
    /// The scratch workgroup on which it was shown.
    pub workgroup: String,
}

impl Finding {
    /// Whether it counts: it is not waived, was not known, and nothing that counts
    /// explains it.
    pub const fn counts(&self) -> bool {
        !self.waived && !self.known && self.explained_by.is_none()
    }

    /// Property, rule and cause: what waivers and baselines are keyed by.
    pub fn identity(&self) -> String {
        format!("{} · {} · {}", self.property, self.rule, self.cause)
    }
}

/// The first case of one cause: what the shards of a run have to tell each
/// other to find together what the whole would.
#[derive(Clone, Debug)]
pub struct First {
    /// The rule as the case was drawn.
    pub rule: RuleId,
    /// The cause as the case was drawn.
    pub cause: Redacted,
    /// How many cases of the property were sent up to it.
    pub cases_to_find: usize,
    /// How many cases showed it.
    pub seen: usize,
    /// The finding.
    pub shown: Finding,
    /// What it was before it was made smaller, where that was tried.
    pub unreduced: Option<Finding>,
}

/// One property's outcome.
#[derive(Clone, Debug)]
pub struct PropertyReport {
    /// Its id.
    pub id: &'static str,
    /// The rules it is aimed at.
    pub rules: &'static [RuleId],
    /// How it ended.
    pub outcome: Outcome,
    /// The cases fired.
    pub cases: usize,
    /// The requests sent for them, shrinking included.
    pub requests: u64,
    /// Why cases were not judged that should have been; they decide.
    pub unjudged: CaseReasons,
    /// Why there was nothing to judge of some cases; they decide nothing.
    pub not_offered: CaseReasons,
    /// How many cases of each cause were judged, and how many were not.
    pub causes: BTreeMap<String, OfCause>,
    /// Why too few of its cases were judged to say that it holds; never said of a
    /// shard alone.
    pub shortfall: Option<String>,
    /// What was found, in the order of the cases.
    pub findings: Vec<Finding>,
    /// What was found only because something in front of the target answered with
    /// a page: one finding of the run tells all of them.
    pub pages: Vec<(Page, Finding)>,
    /// What the findings were made of: the first case of each cause, in the
    /// order of the cases.
    pub firsts: Vec<First>,
}

impl PropertyReport {
    /// A property of which nothing was asked or found yet, with how it ended.
    pub fn without_cases(id: &'static str, rules: &'static [RuleId], outcome: Outcome) -> Self {
        Self {
            id,
            rules,
            outcome,
            cases: 0,
            requests: 0,
            unjudged: CaseReasons::new(),
            not_offered: CaseReasons::new(),
            causes: BTreeMap::new(),
            shortfall: None,
            findings: Vec::new(),
            pages: Vec::new(),
            firsts: Vec::new(),
        }
    }

    /// Why it could not be judged, or too little of it was, whatever was found.
    pub fn inconclusive(&self) -> Option<&str> {
        match &self.outcome {
            Outcome::Inconclusive(reason) => Some(reason),
            Outcome::Inapplicable(_) => None,
            Outcome::Held | Outcome::Refuted => self.shortfall.as_deref(),
        }
    }

    /// Says whether enough of it was judged, where `is_checked` tells which rules
    /// any case of the run put to the test.
    pub fn weigh(&mut self, is_checked: impl Fn(RuleId) -> bool) {
        if !matches!(self.outcome, Outcome::Held | Outcome::Refuted) {
            return;
        }
        let binding = self.rules.iter().filter(|rule| rule.level() > Level::Open);
        let unchecked = binding.filter(|rule| !is_checked(**rule));
        let unchecked: Vec<&str> = unchecked.map(|rule| rule.as_str()).collect();
        let counts = CaseCounts {
            cases: self.cases,
            not_offered: &self.not_offered,
            unjudged: &self.unjudged,
            causes: &self.causes,
        };
        self.shortfall = shortfall(counts, &unchecked);
        if let (Outcome::Held, Some(reason)) = (&self.outcome, &self.shortfall) {
            self.outcome = Outcome::Inconclusive(reason.clone());
        }
    }

    /// Adds what no case of its own showed.
    pub fn add(&mut self, finding: Finding) {
        if self.outcome == Outcome::Held {
            self.outcome = Outcome::Refuted;
        }
        // Merging makes the findings of the whole from these.
        self.firsts.push(First {
            rule: finding.rule,
            cause: finding.cause.clone(),
            cases_to_find: finding.cases_to_find,
            seen: finding.seen,
            unreduced: None,
            shown: finding.clone(),
        });
        self.findings.push(finding);
    }

    /// Every finding in it, those included that the findings were made of.
    pub fn every_finding(&mut self) -> impl Iterator<Item = &mut Finding> {
        let firsts = self.firsts.iter_mut();
        let firsts = firsts.flat_map(|first| first.unreduced.iter_mut().chain([&mut first.shown]));
        self.findings.iter_mut().chain(firsts)
    }
}

/// What became of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleStatus {
    /// Checked, and never broken.
    Held,
    /// A must rule was broken.
    Violated,
    /// A should rule was broken.
    Warned,
    /// No exchange could have shown it broken.
    NotTested,
    /// An open rule.
    Open,
}

impl RuleStatus {
    /// The word in the JSON report.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Violated => "violated",
            Self::Warned => "warned",
            Self::NotTested => "not_tested",
            Self::Open => "open",
        }
    }
}

/// One rule's outcome.
#[derive(Clone, Debug)]
pub struct RuleReport {
    /// The rule.
    pub id: RuleId,
    /// What became of it.
    pub status: RuleStatus,
    /// How many exchanges could have shown it broken.
    pub checks: u64,
    /// Why it was not tested.
    pub reason: Option<String>,
    /// What of it could not be tried, although it was held.
    pub partly: Vec<Untried>,
}

/// A clause of a rule that could not be tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Untried {
    /// The clause, as a sentence.
    pub clause: String,
    /// Why it could not be tried.
    pub reason: String,
}

/// What the target does where the contract is silent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OpenAnswer {
    /// The rule.
    pub rule: RuleId,
    /// What was asked.
    pub question: Redacted,
    /// What the target did; several answers are joined by commas.
    pub answer: Redacted,
}

/// Why the run as a whole could not be judged.
pub type Unjudged = String;

/// Everything a run found out.
#[derive(Clone, Debug)]
pub struct Report {
    /// The seed it ran from.
    pub seed: super::Seed,
    /// The target's name and base URL.
    pub target: TargetReport,
    /// All requests sent, sessions and checks included.
    pub requests: u64,
    /// All cases fired.
    pub cases: usize,
    /// What was spent up to the first case that showed a breach; `None` where
    /// none did.
    pub first_breach: Option<Effort>,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
    /// Every selected property, in the order of the suites.
    pub properties: Vec<PropertyReport>,
    /// Every rule, in the order of the contract.
    pub rules: Vec<RuleReport>,
    /// Open behaviour, by rule and question.
    pub open: Vec<OpenAnswer>,
    /// The outlines of the endpoint's answers, each once, sorted: JSON texts.
    pub outlines: Vec<Redacted>,
    /// Why the run as a whole cannot say "conforms", if it cannot.
    pub unjudged: Vec<Unjudged>,
    /// What the user should know beside: no matter of conformance.
    pub notes: Vec<String>,
    /// How it stands to what was accepted before.
    pub standing: Standing,
}

/// What a run had spent, in the order of the report, when a case first showed
/// a breach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Effort {
    /// The requests sent, those before the first case included.
    pub requests: u64,
    /// The cases fired, the one that showed it included.
    pub cases: usize,
}

/// The target in a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetReport {
    /// The profile's name.
    pub name: String,
    /// Its base URL.
    pub base_url: String,
    /// The version of its feature `configuration`, where it was asked.
    pub feature_version: Option<u32>,
    /// Its certificate is not verified.
    pub accept_invalid: bool,
}
