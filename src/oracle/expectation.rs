//! The set of legal answers to one request.

use std::fmt;

use super::effect::Effect;
use crate::contract::rules::{Level, RuleId};

/// A class of answers that the contract names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnswerKind {
    /// 200 with a subObjectSet.
    Accepted,
    /// 400 of either shape.
    BadRequest,
    /// 400 with a plain error (`400m`).
    Malformed,
    /// 400 with a configurationError (`400c`).
    Invalid,
    /// 400 with a configurationError that has a validationError of type 32.
    InvalidFolder,
    /// 401.
    Unauthorized,
    /// 403.
    Forbidden,
    /// 404.
    NotFound,
    /// 406.
    NotAcceptable,
    /// 410.
    Gone,
    /// 411.
    LengthRequired,
    /// 413.
    TooLarge,
    /// 414.
    UriTooLong,
    /// 415.
    UnsupportedMediaType,
    /// 417.
    ExpectationFailed,
    /// 500.
    Failed,
}

impl AnswerKind {
    /// The status that such an answer has.
    pub const fn status(self) -> u16 {
        match self {
            Self::Accepted => 200,
            Self::BadRequest | Self::Malformed | Self::Invalid | Self::InvalidFolder => 400,
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::NotAcceptable => 406,
            Self::Gone => 410,
            Self::LengthRequired => 411,
            Self::TooLarge => 413,
            Self::UriTooLong => 414,
            Self::UnsupportedMediaType => 415,
            Self::ExpectationFailed => 417,
            Self::Failed => 500,
        }
    }
}

impl fmt::Display for AnswerKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Accepted => "200 with a subObjectSet",
            Self::BadRequest => "400 with an error body",
            Self::Malformed => "400 with a plain error body",
            Self::Invalid => "400 with a configurationError",
            Self::InvalidFolder => {
                "400 with a configurationError that has a validationError of type 32"
            }
            Self::Unauthorized => "401 with an error body and WWW-Authenticate",
            Self::Forbidden => "403 with an error body",
            Self::NotFound => "404 with an error body",
            Self::NotAcceptable => "406",
            Self::Gone => "410 with an error body",
            Self::LengthRequired => "411",
            Self::TooLarge => "413",
            Self::UriTooLong => "414",
            Self::UnsupportedMediaType => "415",
            Self::ExpectationFailed => "417",
            Self::Failed => "500 with a plain error body",
        })
    }
}

/// One thing that is wrong with a request, or that the contract leaves open.
#[derive(Clone, Debug, PartialEq)]
pub struct Breach {
    /// The rule that says what it deserves.
    pub rule: RuleId,
    /// How binding the rule is here: some rules are weaker for some properties.
    pub level: Level,
    /// What it is, as a stable name that a finding's identity can hold.
    pub what: String,
    /// The answers it makes legal.
    pub answers: Vec<AnswerKind>,
    /// Whether the contract settles the answer; where not, what a target does
    /// is recorded. Where it is of level open, 200 stays legal.
    pub certain: bool,
    /// A text that the type-32 error's propertyValue must hold (FLD-4, FLD-8).
    pub folder: Option<String>,
}

impl Breach {
    /// Whether it rules acceptance out.
    fn forbids(&self) -> bool {
        self.certain || self.level > Level::Open
    }
}

/// Something that an acceptable request shows and a rule of its own says must
/// be accepted, so that a refusal is told by that rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    /// The rule that speaks for it.
    pub rule: RuleId,
    /// What it is, as a stable name.
    pub what: String,
    /// Whether a refusal of unknown cause is told by this rule; where not,
    /// only one that names the matter is.
    pub suspect: bool,
}

/// What one request deserves: every answer that is legal, and why.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expectation {
    /// What is wrong with who asks. Where not empty, it alone is answered
    /// (SES-12).
    pub authentication: Vec<Breach>,
    /// What else is wrong or open.
    pub breaches: Vec<Breach>,
    /// What a refusal would be told by.
    pub features: Vec<Feature>,
    /// What a server may answer to this form of request, whatever else it is.
    pub also_legal: Option<AnswerKind>,
    /// What acceptance does to the store; `None` where the body says nothing
    /// that could be applied.
    pub effect: Option<Effect>,
    /// The path is one that WG-1 leaves open.
    pub open_path: bool,
    /// A failure was provoked: a 500 is legal (ISE-2).
    pub may_fail: bool,
    /// The Content-Type is none of REP-13's.
    pub media_type_open: bool,
    /// The size of the body (REP-16).
    pub body_bytes: usize,
    /// What the request does, in words: the cause of a finding about an
    /// acceptable request.
    pub does: String,
}

impl Expectation {
    /// Adds a breach that rules acceptance out.
    pub(super) fn breach(&mut self, rule: RuleId, what: impl Into<String>, answers: &[AnswerKind]) {
        self.push(rule, rule.level(), what.into(), answers, true, None);
    }

    /// Adds a breach whose rule is only a should here.
    pub(super) fn weak_breach(
        &mut self,
        rule: RuleId,
        what: impl Into<String>,
        answers: &[AnswerKind],
    ) {
        self.push(rule, Level::Should, what.into(), answers, true, None);
    }

    /// Adds a breach about a folder that the answer must name.
    pub(super) fn folder_breach(&mut self, rule: RuleId, what: impl Into<String>, folder: &str) {
        let answers = &[AnswerKind::InvalidFolder];
        self.push(
            rule,
            rule.level(),
            what.into(),
            answers,
            true,
            Some(folder.to_owned()),
        );
    }

    /// Adds something open: these answers are legal beside acceptance.
    pub(super) fn maybe(&mut self, rule: RuleId, what: impl Into<String>, answers: &[AnswerKind]) {
        self.push(rule, Level::Open, what.into(), answers, false, None);
    }

    /// Adds something that must not be accepted, though how it is refused is
    /// open.
    pub(super) fn open_refusal(
        &mut self,
        rule: RuleId,
        what: impl Into<String>,
        answers: &[AnswerKind],
    ) {
        self.push(rule, rule.level(), what.into(), answers, false, None);
    }

    /// Adds a feature of an acceptable request.
    pub(super) fn feature(&mut self, rule: RuleId, what: impl Into<String>, suspect: bool) {
        let what = what.into();
        if !self
            .features
            .iter()
            .any(|known| known.rule == rule && known.what == what)
        {
            self.features.push(Feature {
                rule,
                what,
                suspect,
            });
        }
    }

    fn push(
        &mut self,
        rule: RuleId,
        level: Level,
        what: String,
        answers: &[AnswerKind],
        certain: bool,
        folder: Option<String>,
    ) {
        let breach = Breach {
            rule,
            level,
            what,
            answers: answers.to_vec(),
            certain,
            folder,
        };
        if !self.breaches.contains(&breach) {
            self.breaches.push(breach);
        }
    }

    /// Whether who asks is in order.
    pub fn is_authenticated(&self) -> bool {
        !self.authentication.iter().any(|breach| breach.certain)
    }

    /// Whether 200 is legal.
    pub fn may_accept(&self) -> bool {
        self.is_authenticated() && !self.breaches.iter().any(Breach::forbids)
    }

    /// Whether nothing but 200 is legal.
    pub fn must_accept(&self) -> bool {
        self.authentication.is_empty() && self.breaches.is_empty()
    }

    /// The breaches that are to be answered: those of who asks alone, where
    /// there are any, and otherwise all.
    pub fn answered(&self) -> impl Iterator<Item = &Breach> {
        let authenticated = self.is_authenticated();
        self.authentication
            .iter()
            .chain(self.breaches.iter().filter(move |breach| {
                authenticated || (self.open_path && breach.rule == crate::contract::rules::WG_1)
            }))
    }

    /// Every legal answer, sorted, each once.
    pub fn legal(&self) -> Vec<AnswerKind> {
        let mut legal: Vec<_> = self
            .answered()
            .flat_map(|breach| breach.answers.iter().copied())
            .collect();
        if self.may_accept() {
            legal.push(AnswerKind::Accepted);
        }
        if self.may_fail {
            legal.push(AnswerKind::Failed);
        }
        legal.extend(self.also_legal);
        legal.sort_unstable();
        legal.dedup();
        legal
    }

    /// The breach that a wrong answer is told by: the most binding of those
    /// that rule acceptance out, the first of equals.
    pub fn blamed(&self) -> Option<&Breach> {
        self.answered()
            .filter(|breach| breach.forbids())
            .reduce(|first, next| {
                let (known, new) = ((first.certain, first.level), (next.certain, next.level));
                if new > known { next } else { first }
            })
    }

    /// The rule that the request itself breaks, if it does not conform.
    pub fn objection(&self) -> Option<RuleId> {
        self.blamed().map(|breach| breach.rule)
    }

    /// The cause that stands in a finding's identity.
    pub fn cause(&self) -> String {
        let certain: Vec<&str> = self
            .answered()
            .filter(|breach| breach.certain)
            .map(|breach| breach.what.as_str())
            .collect();
        if certain.is_empty() {
            self.blamed()
                .map_or(&self.does, |breach| &breach.what)
                .clone()
        } else {
            certain.join(" + ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::rules;

    #[test]
    fn what_is_refused_in_an_open_way_is_blamed_but_outranked() {
        let mut expectation = Expectation::default();
        expectation.open_refusal(rules::WG_1, "an open id", &[AnswerKind::NotFound]);
        assert!(!expectation.may_accept());
        assert_eq!(expectation.legal(), [AnswerKind::NotFound]);
        assert_eq!(expectation.cause(), "an open id");
        expectation.weak_breach(rules::REP_5, "a null", &[AnswerKind::BadRequest]);
        let blamed = expectation.blamed().expect("a breach");
        assert_eq!((blamed.rule, blamed.level), (rules::REP_5, Level::Should));
    }
}
