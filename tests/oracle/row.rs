//! One row of the table, and how it is held against the oracle.

use icws_conformance::contract::Framing;
use icws_conformance::contract::rules::{Level, REP_1, RuleId};
use icws_conformance::oracle::{AnswerKind, Expectation, IdRegime, expect};

use crate::world::{self, Credentials, LIVE, Workgroup};

/// A request, what is known when it is sent, and what the contract says.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) body: &'static [u8],
    pub(crate) credentials: Credentials,
    pub(crate) workgroup: Workgroup,
    /// The workgroup id in the path; `None` where it is no text.
    pub(crate) workgroup_id: Option<&'static str>,
    pub(crate) label: Option<&'static str>,
    pub(crate) accept: Option<&'static str>,
    pub(crate) framing: Framing,
    pub(crate) ids: IdRegime,
    pub(crate) removed: bool,
    pub(crate) fails_next: bool,
    verdict: Verdict,
}

/// What the contract says of a request.
#[derive(Clone, Copy)]
pub(crate) struct Verdict {
    told: Told,
    rule: RuleId,
    answers: &'static [AnswerKind],
}

/// What a wrong answer is told by, and how.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Told {
    /// It must be accepted: the rule speaks for a refusal.
    Accept,
    /// It may be accepted: the rule says why it need not be.
    Open,
    /// It must not be accepted: the rule is blamed at this level.
    Refuse(Level),
}

impl Verdict {
    pub(crate) const fn accept(rule: RuleId, answers: &'static [AnswerKind]) -> Self {
        Self::new(Told::Accept, rule, answers)
    }

    pub(crate) const fn open(rule: RuleId, answers: &'static [AnswerKind]) -> Self {
        Self::new(Told::Open, rule, answers)
    }

    pub(crate) const fn should(rule: RuleId, answers: &'static [AnswerKind]) -> Self {
        Self::new(Told::Refuse(Level::Should), rule, answers)
    }

    pub(crate) const fn must(rule: RuleId, answers: &'static [AnswerKind]) -> Self {
        Self::new(Told::Refuse(Level::Must), rule, answers)
    }

    const fn new(told: Told, rule: RuleId, answers: &'static [AnswerKind]) -> Self {
        Self {
            told,
            rule,
            answers,
        }
    }
}

impl Row {
    /// A row of the plainest surroundings: a live session, the workgroup of
    /// [`world`], the documented label.
    pub(crate) const fn new(name: &'static str, body: &'static [u8], verdict: Verdict) -> Self {
        Self {
            name,
            body,
            credentials: LIVE,
            workgroup: Workgroup::Holds,
            workgroup_id: Some("Sales"),
            label: Some("application/vnd.inin.icws+JSON; charset=utf-8"),
            accept: Some("application/vnd.inin.icws+JSON"),
            framing: Framing::Length,
            ids: IdRegime::Client,
            removed: false,
            fails_next: false,
            verdict,
        }
    }

    /// Sent with this session id, these CSRF headers and these cookies.
    pub(crate) const fn by(
        self,
        session_id: &'static str,
        tokens: &'static [&'static str],
        cookies: &'static [(&'static str, &'static str)],
    ) -> Self {
        self.sent(Credentials {
            session_id,
            tokens,
            cookies,
            unusual_spelling: false,
        })
    }

    /// Sent with these credentials.
    pub(crate) const fn sent(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// To another workgroup.
    pub(crate) const fn to(mut self, workgroup: Workgroup, id: &'static str) -> Self {
        self.workgroup = workgroup;
        self.workgroup_id = Some(id);
        self
    }

    /// To a path whose workgroup id is no text.
    pub(crate) const fn to_no_text(mut self) -> Self {
        self.workgroup = Workgroup::Absent;
        self.workgroup_id = None;
        self
    }

    /// With this Content-Type, or none.
    pub(crate) const fn labelled(mut self, label: Option<&'static str>) -> Self {
        self.label = label;
        self
    }

    /// With this Accept, or none.
    pub(crate) const fn accepting(mut self, accept: Option<&'static str>) -> Self {
        self.accept = accept;
        self
    }

    /// Framed so.
    pub(crate) const fn framed(mut self, framing: Framing) -> Self {
        self.framing = framing;
        self
    }

    /// To a target of this regime.
    pub(crate) const fn ids(mut self, ids: IdRegime) -> Self {
        self.ids = ids;
        self
    }

    /// While the resource is declared removed.
    pub(crate) const fn removed(mut self) -> Self {
        self.removed = true;
        self
    }

    /// After a failure was provoked.
    pub(crate) const fn fails(mut self) -> Self {
        self.fails_next = true;
        self
    }

    /// Where the oracle says something else: what was expected, and what it says.
    pub(crate) fn disagreement(&self) -> Option<String> {
        let world = world::World::new();
        let expectation = world.with(self, expect);
        let mut expected = self.verdict.answers.to_vec();
        expected.sort_unstable();
        let Verdict { told, rule, .. } = self.verdict;
        let agrees = expectation.legal() == expected
            && match told {
                Told::Accept => expectation.must_accept() && speakers(&expectation).contains(&rule),
                Told::Open => {
                    expectation.may_accept()
                        && expectation.blamed().is_none()
                        && expectation.answered().any(|open| open.rule == rule)
                }
                Told::Refuse(level) => {
                    !expectation.may_accept()
                        && expectation
                            .blamed()
                            .is_some_and(|breach| (breach.rule, breach.level) == (rule, level))
                }
            };
        (!agrees).then(|| {
            format!(
                "{}\n  expected {told:?} by {rule}: {expected:?}\n  actual   {}",
                self.name,
                described(&expectation)
            )
        })
    }
}

/// The rules that a refusal of an acceptable request may be told by.
fn speakers(expectation: &Expectation) -> Vec<RuleId> {
    let suspects = || {
        expectation
            .features
            .iter()
            .filter(|feature| feature.suspect)
    };
    let Some(least) = suspects().map(|feature| feature.rule.level()).min() else {
        return vec![REP_1];
    };
    suspects()
        .map(|feature| feature.rule)
        .filter(|rule| rule.level() == least)
        .collect()
}

/// What the oracle says, in one line.
fn described(expectation: &Expectation) -> String {
    let reasons: Vec<String> = expectation
        .answered()
        .map(|breach| format!("{} ({}, {})", breach.what, breach.rule, breach.level))
        .collect();
    let told = match expectation.blamed() {
        Some(breach) => format!("Refuse({:?}) by {}", breach.level, breach.rule),
        None if expectation.must_accept() => format!("Accept by {:?}", speakers(expectation)),
        None if expectation.may_accept() => "Open".to_owned(),
        None => "refuse, but nobody is blamed".to_owned(),
    };
    format!("{told}: {:?} for {reasons:?}", expectation.legal())
}

/// Rows as a table: name, body and what is unusual around it, then what the
/// contract says: how binding it is, the rule that a wrong answer is told by,
/// and every legal answer.
macro_rules! rows {
    ($($name:literal, $body:expr $(, $what:ident $with:tt)*
        => $told:ident $rule:ident [$($answer:ident)+];)+) => {
        &[$($crate::row::Row::new(
            $name,
            $body,
            $crate::row::Verdict::$told(
                ::icws_conformance::contract::rules::$rule,
                &[$(::icws_conformance::oracle::AnswerKind::$answer),+],
            ),
        )$(.$what $with)*),+]
    };
}

/// A body that adds one object: a plain address, a moniker (`EX:one` where none
/// is given), and the rest.
macro_rules! added {
    ($rest:literal) => {
        added!("EX:one", $rest)
    };
    ($moniker:literal, $rest:literal) => {
        concat!(
            r#"{"add":[{"emailAddress":"new@t.test","mailboxMoniker":""#,
            $moniker,
            r#"","#,
            $rest,
            "}]}"
        )
        .as_bytes()
    };
}

/// A body that modifies one object: its id, and the rest.
macro_rules! modified {
    ($id:literal, $rest:expr) => {
        concat!(
            r#"{"modify":[{"configurationId":{"id":""#,
            $id,
            r#""},"#,
            $rest,
            "}]}"
        )
        .as_bytes()
    };
}

/// A body that modifies one object: its id, a new plain address, a moniker, and
/// the rest.
macro_rules! changed {
    ($id:literal, $moniker:literal) => {
        changed!($id, $moniker, r#""canReceiveEncryptedEmail":true"#)
    };
    ($id:literal, $moniker:literal, $rest:literal) => {
        $crate::row::modified!(
            $id,
            concat!(
                r#""emailAddress":"new@t.test","mailboxMoniker":""#,
                $moniker,
                r#"","#,
                $rest
            )
        )
    };
}

/// A body of whole outbound objects by their ids, list by list.
macro_rules! naming {
    ($first:ident [$($one:tt)*] $(, $next:ident [$($other:tt)*])*) => {
        concat!("{", naming!(@list $first $($one)*), $(",", naming!(@list $next $($other)*),)* "}")
            .as_bytes()
    };
    (@list $list:ident $first:literal $(, $next:literal)*) => {
        concat!(
            "\"", stringify!($list), "\":[",
            naming!(@item $list $first), $(",", naming!(@item $list $next),)*
            "]"
        )
    };
    (@item remove $id:literal) => {
        concat!("\"", $id, "\"")
    };
    (@item $list:ident $id:literal) => {
        concat!(
            r#"{"configurationId":{"id":""#,
            $id,
            r#""},"emailAddress":"new@t.test","mailboxMoniker":"EX:one","mailboxType":1}"#
        )
    };
}

pub(crate) use {added, changed, modified, naming, rows};
