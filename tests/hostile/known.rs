//! Rows that are not right yet: what is seen there today. A row that has
//! become right has to go from the file, unless it says `at times`.

use crate::front::act::Moment;

/// The file: a row each, its name, and behind a bar what is seen.
const FILE: &str = include_str!("known.txt");

/// Rows that are right on some days only begin so.
const AT_TIMES: &str = "at times: ";

/// A row that is not right yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    /// The name of the row.
    pub(crate) name: &'static str,
    /// What is seen.
    pub(crate) seen: &'static str,
    /// Whether it is right on some days.
    pub(crate) at_times: bool,
}

/// Rows that are not right yet.
pub(crate) fn all() -> impl Iterator<Item = Known> {
    let lines = FILE
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| {
        let (name, seen) = line.split_once('|').expect("a bar in each line");
        let seen = seen.trim();
        let at_times = seen.starts_with(AT_TIMES);
        let name = name.trim();
        Known {
            name,
            seen,
            at_times,
        }
    })
}

/// The name of a row.
pub(crate) fn name(behaviour: &str, moment: Moment) -> String {
    format!("{behaviour}, {}", moment.word())
}
