//! Rows that are not right yet: what is seen there today. A row that has
//! become right has to go.

use crate::front::act::Moment;

/// A row that is not right yet.
pub(crate) struct Known {
    /// The behaviour.
    pub(crate) name: &'static str,
    /// The moment.
    pub(crate) moment: Moment,
    /// What is seen.
    pub(crate) seen: &'static str,
}

/// Rows that are not right yet.
pub(crate) const KNOWN_FAILING: &[Known] = &[];

/// What is known of that row.
pub(crate) fn known(name: &str, moment: Moment) -> Option<&'static Known> {
    KNOWN_FAILING
        .iter()
        .find(|row| row.name == name && row.moment == moment)
}
