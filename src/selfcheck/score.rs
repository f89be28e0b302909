//! What one run against one subject showed, and what all runs against it come
//! to.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::subject::{Kind, Subject};
use crate::contract::{Level, RuleId};
use crate::generate::Case;
use crate::report::findings::findings;
use crate::runner::run::RunError;
use crate::runner::{Effort, Finding, Report, Seed};

/// What one run showed.
#[derive(Clone, Debug)]
pub struct Score {
    /// The seed of the run.
    pub seed: Seed,
    /// How long it took.
    pub elapsed: Duration,
    /// What it showed, or why there was no run.
    pub judged: Result<Marks, String>,
}

/// What the report of a run came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Every finding, in the order of the report.
    pub found: Vec<Found>,
    /// What was spent up to the first case that showed any.
    pub first_breach: Option<Effort>,
    /// The requests of the quickest property that caught the fault, up to then.
    pub requests_of_property: Option<u64>,
    /// The finding with that case: property, rule and cause.
    pub by: Option<String>,
    /// The smallest case that caught the fault, which is the one shown.
    pub minimal: Option<Size>,
    /// Why the run, or a property, could not be judged.
    pub doubts: Vec<String>,
}

/// A finding, as far as it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Property, rule and cause.
    pub identity: String,
    /// The rule.
    pub rule: RuleId,
    /// How binding it is there.
    pub level: Level,
    /// Whether it says what is wrong: its rule is one that the fault breaks,
    /// and is no less binding than the fault.
    pub hits: bool,
}

/// How large a minimal case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// The values in the body, containers included; `None` where it is no JSON.
    pub nodes: Option<u64>,
    /// What has to be sent, the updates that set the scene included.
    pub operations: u64,
}

impl Score {
    /// What a run against the subject showed.
    pub fn of(
        subject: &Subject,
        seed: Seed,
        elapsed: Duration,
        outcome: Result<Report, RunError>,
    ) -> Self {
        Self {
            seed,
            elapsed,
            judged: outcome
                .map(|report| Marks::of(subject, &report))
                .map_err(|error| error.to_string()),
        }
    }

    /// Whether the run found the fault by a rule that it breaks.
    pub fn is_kill(&self) -> bool {
        let found = self.judged.iter().flat_map(|marks| &marks.found);
        found.into_iter().any(|found| found.hits)
    }
}

impl Marks {
    fn of(subject: &Subject, report: &Report) -> Self {
        let hits = |finding: &Finding| {
            subject.rules().contains(&finding.rule) && Some(finding.level) >= subject.level()
        };
        let counting = || findings(report).filter(|finding| finding.counts());
        let hitting: Vec<&Finding> = counting().filter(|finding| hits(finding)).collect();
        let smallest = hitting
            .iter()
            .min_by_key(|finding| finding.minimal.body.as_ref().len());
        let inconclusive = report.properties.iter().filter_map(|property| {
            let reason = property.inconclusive()?;
            Some(format!("{}: {reason}", property.id))
        });
        Self {
            found: counting()
                .map(|finding| Found {
                    identity: finding.identity(),
                    rule: finding.rule,
                    level: finding.level,
                    hits: hits(finding),
                })
                .collect(),
            first_breach: report.first_breach,
            requests_of_property: hitting.iter().map(|found| found.requests_to_find).min(),
            by: smallest.map(|finding| finding.identity()),
            minimal: smallest.map(|finding| Size::of(finding)),
            doubts: report
                .unjudged
                .iter()
                .cloned()
                .chain(inconclusive)
                .collect(),
        }
    }
}

impl Size {
    fn of(finding: &Finding) -> Self {
        let body = serde_json::from_str(finding.minimal.body.as_ref());
        Self {
            nodes: body.ok().map(|body| nodes(&body)),
            operations: operations(&finding.case),
        }
    }
}

fn nodes(value: &Value) -> u64 {
    1 + match value {
        Value::Array(elements) => elements.iter().map(nodes).sum(),
        Value::Object(properties) => properties.values().map(nodes).sum(),
        _ => 0,
    }
}

fn operations(case: &Case) -> u64 {
    let stored = [Some(&case.scene), case.witness.as_ref()];
    let scenes = stored
        .into_iter()
        .flatten()
        .filter(|scene| !scene.is_empty());
    (scenes.count() + case.steps.len()) as u64
}

/// A subject with a score for each seed.
#[derive(Clone, Debug)]
pub struct Row {
    /// The subject.
    pub subject: Subject,
    /// Its scores, in the order of the seeds.
    pub scores: Vec<Score>,
}

/// What became of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Found under every seed by a rule that it breaks.
    Caught,
    /// Found so under some seeds only.
    Sometimes,
    /// Found only by rules that it does not break, or more weakly than it
    /// breaks them.
    Elsewhere,
    /// Not found.
    Missed,
    /// No run against it could be judged.
    NotJudged,
}

impl Row {
    /// Under how many seeds the fault was caught.
    pub fn kills(&self) -> usize {
        self.scores.iter().filter(|score| score.is_kill()).count()
    }

    /// What the runs that could be made showed.
    pub fn marks(&self) -> impl Iterator<Item = &Marks> {
        self.scores.iter().flat_map(|score| &score.judged)
    }

    /// What became of the fault; `None` for what is legal.
    pub fn fate(&self) -> Option<Fate> {
        let Kind::Fault(_) = self.subject.kind else {
            return None;
        };
        Some(match self.kills() {
            kills if kills == self.scores.len() => Fate::Caught,
            1.. => Fate::Sometimes,
            _ if self.marks().any(|marks| !marks.found.is_empty()) => Fate::Elsewhere,
            _ if self.marks().any(|marks| marks.doubts.is_empty()) => Fate::Missed,
            _ => Fate::NotJudged,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::rules;
    use crate::reference::{Fault, Variant};
    use crate::report::samples;
    use crate::selfcheck::samples::{errors, fault, score, variant};
    use serde_json::json;

    /// A report with a violation of SES-2 and a warning of ERR-2.
    fn marks(subject: &Subject) -> Marks {
        let mut report = samples::every_outcome();
        report.unjudged.clear();
        Marks::of(subject, &report)
    }

    #[test]
    fn a_finding_hits_by_rule_and_level() {
        let hits = |fault_: Fault, rule: RuleId| {
            let marks = marks(&fault(fault_));
            marks
                .found
                .iter()
                .any(|found| found.rule == rule && found.hits)
        };
        assert!(hits(Fault::MissingTokenAccepted, rules::SES_2));
        assert!(!hits(Fault::MissingTokenAccepted, rules::ERR_2));
        assert!(!hits(Fault::EmptyTokenAccepted, rules::SES_2));
        assert_eq!(fault(Fault::StackTrace).level(), Some(Level::Should));
        assert!(hits(Fault::StackTrace, rules::ERR_2));
    }

    #[test]
    fn a_warning_does_not_catch_what_breaks_a_must() {
        let mut report = samples::every_outcome();
        for property in &mut report.properties {
            for finding in &mut property.findings {
                finding.level = Level::Should;
            }
        }
        let marks = Marks::of(&fault(Fault::MissingTokenAccepted), &report);
        assert!(!marks.found.is_empty());
        assert!(marks.found.iter().all(|found| !found.hits));
    }

    #[test]
    fn the_case_that_counts_is_of_a_finding_that_hits() {
        let marks = marks(&fault(Fault::MissingTokenAccepted));
        let size = Size {
            nodes: Some(3),
            operations: 1,
        };
        assert_eq!(marks.minimal, Some(size));
        assert_eq!(marks.requests_of_property, Some(2));
        assert_eq!(self::marks(&variant(Variant::Version7)).minimal, None);
    }

    #[test]
    fn every_value_is_a_node() {
        for (value, expected) in [
            (json!(null), 1),
            (json!({}), 1),
            (json!({ "remove": ["a", "b"] }), 4),
            (json!({ "add": [{ "x": [] }], "y": 1 }), 5),
        ] {
            assert_eq!(nodes(&value), expected, "{value}");
        }
    }

    #[test]
    fn scenes_are_operations() {
        let mut case = samples::violation().case;
        assert_eq!(operations(&case), 1);
        case.scene.push(Default::default());
        case.witness = Some(Vec::new());
        assert_eq!(operations(&case), 2);
        case.witness = Some(vec![Default::default()]);
        case.steps.push(case.steps[0].clone());
        assert_eq!(operations(&case), 4);
    }

    #[test]
    fn the_fate_of_a_fault_is_that_under_all_seeds() {
        let row = |scores| Row {
            subject: fault(Fault::MissingTokenAccepted),
            scores,
        };
        let (kill, other, none) = (
            || score(true),
            || score(false),
            || Score {
                judged: Ok(Marks::default()),
                ..score(false)
            },
        );
        let doubtful = || Score {
            judged: Ok(Marks {
                doubts: vec!["gone".to_owned()],
                ..Marks::default()
            }),
            ..score(false)
        };
        for (scores, expected) in [
            (vec![kill(), kill()], Fate::Caught),
            (vec![kill(), none()], Fate::Sometimes),
            (vec![kill(), errors()], Fate::Sometimes),
            (vec![none(), other()], Fate::Elsewhere),
            (vec![none(), none()], Fate::Missed),
            (vec![none(), errors()], Fate::Missed),
            (vec![errors(), doubtful()], Fate::NotJudged),
        ] {
            assert_eq!(row(scores).fate(), Some(expected));
        }
        let legal = Row {
            subject: variant(Variant::Version7),
            scores: vec![kill()],
        };
        assert_eq!(legal.fate(), None);
    }
}
