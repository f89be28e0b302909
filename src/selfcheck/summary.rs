//! What all runs come to, as plain values: every way to print it shows the
//! same.

use std::time::Duration;

use serde::Serialize;

use super::blame::{Alarm, NotJudged, Shortfall};
use super::line::Line;
use super::score::{Fate, Marks, Row, Score};
use super::spread::Spread;
use super::subject::Kind;
use crate::contract::Level;

/// How many of a hundred should faults have to be caught; of must faults, all.
const SHOULD_PERCENT: usize = 98;
/// How many of the slowest runs are named.
const SLOWEST: usize = 5;

/// What all runs come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Whether it is as good as the project promises.
    pub passed: bool,
    /// The seeds, as printed.
    pub seeds: Vec<String>,
    /// The cases of a property that draws freely.
    pub cases: usize,
    /// How many subjects there are of each kind.
    pub subjects: Subjects,
    /// Whether subjects were left out.
    pub is_part: bool,
    /// Of how many subjects they are.
    pub of: usize,
    /// The [`fingerprint`](super::fingerprint) of what was measured.
    pub fingerprint: String,
    /// Must faults that were caught under every seed.
    pub must: Share,
    /// Should faults that were caught under every seed.
    pub should: Share,
    /// Faults that no finding showed.
    pub missed: Vec<Shortfall>,
    /// Faults that were only found by a rule that they do not break, or more
    /// weakly than they break it.
    pub elsewhere: Vec<Shortfall>,
    /// Faults that were caught under some seeds only.
    pub sometimes: Vec<Shortfall>,
    /// Findings on servers that break nothing.
    pub false_alarms: Vec<Alarm>,
    /// Runs that could not be judged, in whole or in part, and caught nothing.
    pub not_judged: Vec<NotJudged>,
    /// Of the runs against faults that found something, the requests up to
    /// then.
    pub requests_to_find: Option<Spread>,
    /// The same in cases.
    pub cases_to_find: Option<Spread>,
    /// The requests of the quickest property that caught the fault, up to
    /// then.
    pub requests_of_property: Option<Spread>,
    /// The values in the bodies of minimal cases, where those are JSON.
    pub nodes: Option<Spread>,
    /// The operations of minimal cases.
    pub operations: Option<Spread>,
    /// Every subject, in the order of their tables.
    pub rows: Vec<Line>,
    /// What differs from time to time.
    pub time: Time,
}

/// How many subjects there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Subjects {
    /// Servers with a fault.
    pub faults: usize,
    /// Servers with a variant.
    pub variants: usize,
    /// Servers with several variants.
    pub combinations: usize,
}

/// How many of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    /// That many were caught.
    pub caught: usize,
    /// Of so many.
    pub of: usize,
}

/// What differs from time to time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Time {
    /// The whole check, in milliseconds.
    pub elapsed_ms: u64,
    /// The slowest runs with their milliseconds.
    pub slowest: Vec<(String, u64)>,
}

impl Share {
    /// Whether at least so many percent were caught.
    pub const fn reaches(self, percent: usize) -> bool {
        self.caught * 100 >= self.of * percent
    }

    /// In percent, rounded down to a tenth; all of none is all.
    pub fn percent(self) -> String {
        let tenths = (self.caught * 1000).checked_div(self.of).unwrap_or(1000);
        format!("{}.{} %", tenths / 10, tenths % 10)
    }
}

impl Summary {
    /// Adds up. `all` is how many subjects there would be, had none been left
    /// out.
    pub fn new(
        rows: &[Row],
        all: usize,
        fingerprint: String,
        cases: usize,
        elapsed: Duration,
    ) -> Self {
        let seeds = rows.first().map(|row| &row.scores[..]).unwrap_or_default();
        let faults = |level| {
            let of = || rows.iter().filter(|row| row.subject.level() == Some(level));
            let caught = of().filter(|row| row.fate() == Some(Fate::Caught));
            Share {
                caught: caught.count(),
                of: of().count(),
            }
        };
        let short = |fate| {
            let short = rows.iter().filter(|row| row.fate() == Some(fate));
            short.map(Shortfall::of).collect()
        };
        let mut summary = Self {
            passed: false,
            seeds: seeds.iter().map(|score| score.seed.to_string()).collect(),
            cases,
            subjects: Subjects::of(rows),
            is_part: rows.len() < all,
            of: all,
            fingerprint,
            must: faults(Level::Must),
            should: faults(Level::Should),
            missed: short(Fate::Missed),
            elsewhere: short(Fate::Elsewhere),
            sometimes: short(Fate::Sometimes),
            false_alarms: rows.iter().flat_map(Alarm::of).collect(),
            not_judged: rows.iter().flat_map(NotJudged::of).collect(),
            requests_to_find: spread(rows, |marks| Some(marks.first_breach?.requests)),
            cases_to_find: spread(rows, |marks| Some(marks.first_breach?.cases as u64)),
            requests_of_property: spread(rows, |marks| marks.requests_of_property),
            nodes: spread(rows, |marks| marks.minimal?.nodes),
            operations: spread(rows, |marks| Some(marks.minimal?.operations)),
            rows: rows.iter().map(Line::of).collect(),
            time: Time::of(rows, elapsed),
        };
        let legal = |name: &String| {
            let legal = rows.iter().filter(|row| row.fate().is_none());
            legal.into_iter().any(|row| row.subject.name == *name)
        };
        let fair = summary.false_alarms.is_empty()
            && !summary.not_judged.iter().any(|run| legal(&run.name));
        summary.passed =
            fair && summary.must.reaches(100) && summary.should.reaches(SHOULD_PERCENT);
        summary
    }
}

impl Subjects {
    fn of(rows: &[Row]) -> Self {
        let mut subjects = Self::default();
        for row in rows {
            match row.subject.kind {
                Kind::Fault(_) => subjects.faults += 1,
                Kind::Variant(_) => subjects.variants += 1,
                Kind::Combination(_) => subjects.combinations += 1,
            }
        }
        subjects
    }

    /// Of every kind.
    pub(super) const fn all(self) -> usize {
        self.faults + self.variants + self.combinations
    }
}

impl Time {
    fn of(rows: &[Row], elapsed: Duration) -> Self {
        let in_ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let runs = rows.iter().flat_map(|row| {
            let name = &row.subject.name;
            let of = move |score: &Score| (name.clone(), in_ms(score.elapsed));
            row.scores.iter().map(of)
        });
        let mut slowest: Vec<_> = runs.collect();
        slowest.sort_by_key(|(_, elapsed)| std::cmp::Reverse(*elapsed));
        slowest.truncate(SLOWEST);
        Self {
            elapsed_ms: in_ms(elapsed),
            slowest,
        }
    }
}

/// Of every run against a fault.
fn spread(rows: &[Row], number: impl Fn(&Marks) -> Option<u64>) -> Option<Spread> {
    let faults = rows.iter().filter(|row| row.fate().is_some());
    Spread::of(faults.flat_map(|row| {
        let name = row.subject.name.as_str();
        let number = &number;
        row.marks()
            .filter_map(move |marks| Some((name, number(marks)?)))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{Fault, Variant};
    use crate::selfcheck::Subject;
    use crate::selfcheck::samples::{errors, fault, score, variant};

    fn row(subject: Subject, scores: Vec<Score>) -> Row {
        Row { subject, scores }
    }

    fn silent() -> Score {
        Score {
            judged: Ok(Default::default()),
            ..score(false)
        }
    }

    fn summary(rows: &[Row]) -> Summary {
        Summary::new(
            rows,
            rows.len(),
            "f00d".to_owned(),
            48,
            Duration::from_secs(2),
        )
    }

    #[test]
    fn must_faults_have_to_be_caught_and_variants_left_in_peace() {
        let caught = || row(fault(Fault::MissingToken403), vec![score(true)]);
        let peace = || row(variant(Variant::Version7), vec![silent()]);
        assert!(summary(&[caught(), peace()]).passed);
        for other in [
            row(fault(Fault::MissingToken400), vec![silent()]),
            row(fault(Fault::MissingToken400), vec![score(false)]),
            row(fault(Fault::MissingToken400), vec![errors()]),
            row(variant(Variant::Chunked), vec![score(false)]),
            row(variant(Variant::Chunked), vec![errors()]),
        ] {
            assert!(!summary(&[caught(), peace(), other]).passed);
        }
    }

    #[test]
    fn one_of_fifty_should_faults_may_be_missed() {
        assert!(Share { caught: 49, of: 50 }.reaches(SHOULD_PERCENT));
        assert!(!Share { caught: 48, of: 50 }.reaches(SHOULD_PERCENT));
        assert!(Share::default().reaches(100));
        assert_eq!(
            Share {
                caught: 999,
                of: 1001
            }
            .percent(),
            "99.8 %"
        );
        assert_eq!(Share::default().percent(), "100.0 %");
    }

    #[test]
    fn each_shortfall_is_in_its_list() {
        let summary = summary(&[
            row(fault(Fault::MissingToken403), vec![score(true), silent()]),
            row(fault(Fault::MissingToken400), vec![silent(), silent()]),
            row(fault(Fault::StackTrace), vec![score(false), score(false)]),
            row(fault(Fault::SourcePosition), vec![errors(), score(true)]),
        ]);
        let names = |short: &[Shortfall]| {
            let names = short.iter().map(|short| short.name.clone());
            names.collect::<Vec<_>>()
        };
        assert_eq!(names(&summary.missed), ["missing-token-400"]);
        assert_eq!(names(&summary.elsewhere), ["stack-trace"]);
        assert_eq!(
            names(&summary.sometimes),
            ["missing-token-403", "source-position"]
        );
        assert_eq!(
            (summary.sometimes[0].caught, summary.sometimes[0].of),
            (1, 2)
        );
        // Twice the same is one.
        assert_eq!(summary.elsewhere[0].instead.len(), 1);
        assert_eq!(summary.must, Share { caught: 0, of: 2 });
        assert_eq!(summary.should, Share { caught: 0, of: 2 });
        assert_eq!(summary.not_judged[0].name, "source-position");
    }

    #[test]
    fn an_alarm_is_listed_once_with_its_seeds() {
        let summary = summary(&[row(
            variant(Variant::Chunked),
            vec![score(false), score(false), silent()],
        )]);
        assert_eq!(summary.false_alarms.len(), 1);
        assert_eq!(summary.false_alarms[0].seeds.len(), 2);
        // Numbers are of faults only.
        assert_eq!(summary.requests_to_find, None);
    }

    #[test]
    fn the_slowest_come_first_and_are_few() {
        let slow = Score {
            elapsed: Duration::from_secs(9),
            ..score(true)
        };
        let mut scores = vec![score(true); 9];
        scores.push(slow);
        let time = summary(&[row(fault(Fault::StackTrace), scores)]).time;
        assert_eq!(time.slowest.len(), SLOWEST);
        assert_eq!(time.slowest[0], ("stack-trace".to_owned(), 9_000));
        assert_eq!(time.elapsed_ms, 2_000);
    }
}
