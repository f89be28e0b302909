//! What a judgement yields.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::page::Page;
use crate::client::secret::kept;
use crate::contract::rules::{Level, RuleId};

/// From so many checks on, those of one answer count each rule once more at most.
const CHECKS_MAX: usize = 1_000;

/// The most findings of one answer: each is another breach.
const FINDINGS_MAX: usize = 50;

/// How a finding came about: shrinking looks for the same kind.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// An acceptable request was refused, failed or not answered.
    Refused,
    /// A request that must be refused got another answer.
    WronglyAnswered,
    /// The answer itself is ill-formed, whatever was asked.
    Answer,
    /// What was read back is not what the answer promised.
    State,
}

/// One breach of one rule by the target.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule.
    pub rule: RuleId,
    /// How binding it is here.
    pub level: Level,
    /// What the request did, as a stable name.
    pub cause: String,
    /// How it came about.
    pub kind: FindingKind,
    /// The rule that the request itself breaks, and that a wrong answer would be
    /// told by; `None` where it conforms.
    pub objection: Option<RuleId>,
    /// The status of the answer; 0 where there was none.
    pub status: u16,
    /// One sentence.
    pub message: String,
    /// The page that the answer was, if it was one.
    pub page: Option<Page>,
    /// What would have been legal.
    pub expected: Vec<String>,
    /// What was seen.
    pub actual: String,
    /// What else the request has that a server may have refused it for: where
    /// such a thing is refused by itself, that explains this.
    pub beside: Vec<String>,
}

/// What the target does where the contract is silent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Observation {
    /// The rule that leaves it open.
    pub rule: RuleId,
    /// What was asked.
    pub question: String,
    /// What the target did.
    pub answer: String,
}

/// The outcome of judging one exchange.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Verdict {
    /// Breaches.
    pub findings: Vec<Finding>,
    /// Answers to open questions.
    pub observations: Vec<Observation>,
    /// The rules that this exchange could have been seen to break.
    pub checked: Vec<RuleId>,
    /// What the request did; the cause of every finding.
    cause: String,
    /// The status of the answer; 0 where there was none.
    status: u16,
    /// What the request itself breaks.
    objection: Option<RuleId>,
    /// The page that the answer was.
    page: Option<Page>,
}

impl Verdict {
    /// An empty verdict about a request that did this and was answered so.
    pub fn new(cause: String, status: u16) -> Self {
        Self {
            cause,
            status,
            ..Self::default()
        }
    }

    /// The same verdict about a request that itself breaks that rule.
    #[must_use]
    pub fn objecting(self, objection: Option<RuleId>) -> Self {
        Self { objection, ..self }
    }

    /// The same verdict about an answer that was that page.
    #[must_use]
    pub(super) fn about_page(self, page: Option<Page>) -> Self {
        Self { page, ..self }
    }

    /// The kind of finding that a wrong answer to the request makes.
    pub(super) const fn kind_of_refusal(&self) -> FindingKind {
        match self.objection {
            None => FindingKind::Refused,
            Some(_) => FindingKind::WronglyAnswered,
        }
    }

    /// Notes that a rule was put to the test.
    pub fn check(&mut self, rule: RuleId) {
        // An answer may list more than anybody counts.
        let is_counted = || self.checked.iter().rev().any(|known| *known == rule);
        if self.checked.len() < CHECKS_MAX || !is_counted() {
            self.checked.push(rule);
        }
    }

    /// Notes a breach at the rule's own level.
    pub fn refute(
        &mut self,
        rule: RuleId,
        kind: FindingKind,
        message: impl Into<String>,
        expected: impl Into<String>,
        actual: impl Into<String>,
    ) {
        self.refute_as(
            rule,
            rule.level(),
            kind,
            message.into(),
            vec![expected.into()],
            actual.into(),
        );
    }

    /// Notes a breach at a level of its own.
    pub fn refute_as(
        &mut self,
        rule: RuleId,
        level: Level,
        kind: FindingKind,
        message: String,
        expected: Vec<String>,
        actual: String,
    ) {
        let is_known = self
            .findings
            .iter()
            .any(|finding| finding.rule == rule && finding.message == message);
        if !is_known && self.findings.len() < FINDINGS_MAX {
            let cause = self.cause.clone();
            self.findings.push(Finding {
                rule,
                level,
                cause,
                kind,
                objection: self.objection,
                status: self.status,
                page: self.page,
                message: kept(message),
                expected: expected.into_iter().map(kept).collect(),
                actual: kept(actual),
                beside: Vec::new(),
            });
        }
    }

    /// Notes what the target does where the contract is silent.
    pub fn observe(
        &mut self,
        rule: RuleId,
        question: impl Into<String>,
        answer: impl Into<String>,
    ) {
        self.observations.push(Observation {
            rule,
            question: kept(question),
            answer: kept(answer),
        });
    }
}
