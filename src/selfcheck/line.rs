//! One line for each subject: what became of it, for programs that want to
//! know more than what the summary adds up.

use serde::Serialize;

use super::score::{Fate, Row};
use super::subject::Kind;
use crate::contract::Level;

/// What became of one subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// `fault`, `variant` or `combination`.
    pub kind: &'static str,
    /// The level of a fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<&'static str>,
    /// What became of a fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fate: Option<Fate>,
    /// Under each seed, the finding by which a fault was caught with the
    /// smallest case: property, rule and cause.
    pub by: Vec<Option<String>>,
    /// Under each seed, the requests of the run up to the first finding.
    pub requests_to_find: Vec<Option<u64>>,
    /// Under each seed, the requests of the quickest property that caught it.
    pub requests_of_property: Vec<Option<u64>>,
}

impl Line {
    /// What became of that row.
    pub(super) fn of(row: &Row) -> Self {
        let marks = || {
            let marks = row.scores.iter().map(|score| score.judged.as_ref());
            marks.map(Result::ok)
        };
        Self {
            name: row.subject.name.clone(),
            kind: match row.subject.kind {
                Kind::Fault(_) => "fault",
                Kind::Variant(_) => "variant",
                Kind::Combination(_) => "combination",
            },
            level: row.subject.level().map(Level::as_str),
            fate: row.fate(),
            by: marks().map(|marks| marks?.by.clone()).collect(),
            requests_to_find: marks()
                .map(|marks| Some(marks?.first_breach?.requests))
                .collect(),
            requests_of_property: marks().map(|marks| marks?.requests_of_property).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{Fault, Variant};
    use crate::selfcheck::samples::{errors, fault, score, variant};

    #[test]
    fn a_line_has_an_entry_for_each_seed() {
        let line = Line::of(&Row {
            subject: fault(Fault::MissingToken403),
            scores: vec![score(true), errors(), score(false)],
        });
        assert_eq!(line.fate, Some(Fate::Sometimes));
        assert_eq!(line.requests_to_find, [Some(12), None, Some(12)]);
        assert_eq!(line.requests_of_property, [Some(2), None, None]);
        let identity = "session/missing-token · SES-2 · no token".to_owned();
        assert_eq!(line.by, [Some(identity), None, None]);
        let legal = Line::of(&Row {
            subject: variant(Variant::Version7),
            scores: vec![],
        });
        assert_eq!((legal.kind, legal.fate), ("variant", None));
    }
}
