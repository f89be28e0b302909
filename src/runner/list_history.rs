//! Whether a read-back without the list of mailboxes can be believed: a
//! workgroup without mailboxes may read so, and so may one whose list the target
//! no longer shows.

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
    /// A read-back after an accepted update had the list.
    pub listed_since: bool,
}

impl OfWorkgroup {
    /// Whether a read-back without the list says that there are no mailboxes.
    pub const fn is_believed(self) -> bool {
        self.without_before && (!self.is_updated || self.listed_since)
    }
}

impl ListHistory {
    /// Notes whether a read-back had the list; answers whether that is the first
    /// after an accepted update that had.
    pub fn looked(&self, workgroup: &str, is_listed: bool) -> bool {
        self.of(workgroup, |of| {
            if !of.is_updated {
                of.without_before = !is_listed;
                return false;
            }
            is_listed && !std::mem::replace(&mut of.listed_since, true)
        })
    }

    /// Notes an accepted update; answers whether it is the first.
    pub fn updated(&self, workgroup: &str) -> bool {
        self.of(workgroup, |of| !std::mem::replace(&mut of.is_updated, true))
    }

    /// Takes up what an earlier run wrote down; or forgets a workgroup that is in
    /// order, where that is the default.
    pub fn resume(&self, workgroup: &str, known: OfWorkgroup) {
        self.of(workgroup, |of| *of = known);
    }

    /// As [`OfWorkgroup::is_believed`].
    pub fn is_believed(&self, workgroup: &str) -> bool {
        self.known(workgroup).is_believed()
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

    /// Whether it is believed after these looks, with and without the list, and an
    /// accepted update where `None` stands.
    fn is_believed(seen: &[Option<bool>]) -> bool {
        let history = ListHistory::default();
        for one in seen {
            match one {
                Some(is_listed) => _ = history.looked("Sales", *is_listed),
                None => _ = history.updated("Sales"),
            }
        }
        history.is_believed("Sales")
    }

    #[test]
    fn a_body_without_the_list_is_believed_where_it_was_so_before_and_the_list_came_between() {
        let (with, without, update) = (Some(true), Some(false), None);
        for (seen, believed) in [
            (&[][..], false),
            (&[without], true),
            (&[with], false),
            (&[with, without], true),
            (&[without, update], false),
            (&[without, update, without], false),
            (&[without, update, with, without], true),
            (&[without, update, with, update, without], true),
            (&[with, update, without], false),
            (&[with, update, with, without], false),
        ] {
            assert_eq!(is_believed(seen), believed, "{seen:?}");
        }
    }
}
