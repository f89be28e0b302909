//! Whether a read-back can be believed that shows nothing of this run: a workgroup
//! that holds nothing may read so, and so may one whose list the target no longer
//! shows, whole or in part.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What was seen of the lists of the scratch workgroups.
#[derive(Debug, Default)]
pub struct ListHistory(Mutex<BTreeMap<String, OfWorkgroup>>);

/// What was seen of the list of one workgroup.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OfWorkgroup {
    /// The last read-back before the first update had no list.
    pub without_before: bool,
    /// An update to it was accepted since.
    pub is_updated: bool,
    /// A read-back since the latest update that stored something had an object of
    /// this run.
    pub is_shown: bool,
}

impl OfWorkgroup {
    /// Whether a read-back, with the list or without it, says what is there.
    pub const fn is_believed(self, is_listed: bool) -> bool {
        (is_listed || self.without_before) && (!self.is_updated || self.is_shown)
    }
}

impl ListHistory {
    /// Notes a read-back: whether it had the list, and whether an object of this run
    /// stood there, which is asked only where it matters. Answers whether that is the
    /// first to show one since the latest update.
    pub fn looked(&self, workgroup: &str, is_listed: bool, has_own: impl FnOnce() -> bool) -> bool {
        let known = self.known(workgroup);
        if !known.is_updated {
            self.of(workgroup, |of| of.without_before = !is_listed);
            return false;
        }
        if known.is_shown || !has_own() {
            return false;
        }
        self.of(workgroup, |of| !std::mem::replace(&mut of.is_shown, true))
    }

    /// Notes an accepted update, and whether it may have stored something.
    pub fn updated(&self, workgroup: &str, may_store: bool) {
        self.of(workgroup, |of| {
            of.is_shown &= !may_store;
            of.is_updated = true;
        });
    }

    /// Takes up what an earlier run wrote down; or forgets a workgroup that is in
    /// order, where that is the default.
    pub fn resume(&self, workgroup: &str, known: OfWorkgroup) {
        self.of(workgroup, |of| *of = known);
    }

    /// What was seen of that workgroup.
    pub fn known(&self, workgroup: &str) -> OfWorkgroup {
        self.of(workgroup, |of| *of)
    }

    fn of<T>(&self, workgroup: &str, act: impl FnOnce(&mut OfWorkgroup) -> T) -> T {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        act(all.entry(workgroup.to_owned()).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    enum Seen {
        /// A look at nothing, without the list.
        Without,
        /// A look at an empty list.
        Empty,
        /// A look at an object of this run.
        Own,
        /// An update that stores nothing.
        Idle,
        /// An update that stores something.
        Adds,
    }

    use Seen::{Adds, Empty, Idle, Own, Without};

    /// Whether a look without the list, and one with it, is believed after that.
    fn is_believed(seen: &[Seen]) -> [bool; 2] {
        let history = ListHistory::default();
        for one in seen {
            match one {
                Without => _ = history.looked("Sales", false, || false),
                Empty => _ = history.looked("Sales", true, || false),
                Own => _ = history.looked("Sales", true, || true),
                Idle => history.updated("Sales", false),
                Adds => history.updated("Sales", true),
            }
        }
        [false, true].map(|is_listed| history.known("Sales").is_believed(is_listed))
    }

    #[test]
    fn a_look_is_believed_where_an_earlier_one_showed_what_was_stored() {
        for (seen, believed) in [
            (&[][..], [false, true]),
            (&[Without], [true, true]),
            (&[Empty], [false, true]),
            (&[Empty, Without], [true, true]),
            (&[Without, Adds], [false, false]),
            (&[Without, Adds, Without], [false, false]),
            (&[Without, Adds, Empty], [false, false]),
            (&[Without, Adds, Own, Without], [true, true]),
            (&[Without, Adds, Own, Idle, Without], [true, true]),
            (&[Without, Adds, Own, Adds, Without], [false, false]),
            (&[Empty, Adds, Own, Adds, Empty], [false, false]),
            (&[Empty, Adds, Own, Adds, Own, Empty], [false, true]),
            (&[Empty, Adds, Without], [false, false]),
        ] {
            assert_eq!(is_believed(seen), believed);
        }
    }
}
