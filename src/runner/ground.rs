//! The scratch workgroups: who holds which, what each is known to hold, and
//! what it held before the run.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use tokio::sync::MutexGuard;

use super::journal::is_hidden;
use crate::generate::mailbox::Names;
use crate::oracle::Stored;

/// One scratch workgroup. Whoever holds its lock may change its content.
#[derive(Clone, Debug)]
pub struct Ground {
    /// Its id.
    pub workgroup: String,
    /// What it is known to hold; `None` where somebody has to look.
    pub known: Option<Vec<Stored>>,
    /// What it held before the first case; `None` without read-back.
    pub initial: Option<Vec<Stored>>,
    /// The ids of what cases made and left to be removed together.
    pub leftover: BTreeSet<String>,
}

/// What leaves a workgroup as it was before the run.
#[derive(Clone, Debug, PartialEq)]
pub struct Restoration {
    /// The ids of what was not there.
    pub remove: Vec<String>,
    /// The update that brings back what is gone or has changed.
    pub update: Option<serde_json::Value>,
}

/// The other workgroups that a case watches.
pub type Witnesses<'a> = [MutexGuard<'a, Ground>];

impl Ground {
    /// A workgroup that nobody has looked at.
    pub const fn new(workgroup: String) -> Self {
        Self {
            workgroup,
            known: None,
            initial: None,
            leftover: BTreeSet::new(),
        }
    }

    /// The ids of what is known to be there, was not there before the run, and
    /// can only be ours; and among what is there, of what is left over and the given
    /// ones.
    pub fn added(&self, made: &BTreeSet<String>) -> Vec<String> {
        let initial = self.initial.as_deref().unwrap_or_default();
        let known = self.known.as_deref().unwrap_or_default();
        let is_old = |object: &Stored| initial.iter().any(|other| other.id == object.id);
        let is_made = |id: &String| made.contains(id) || self.leftover.contains(id);
        let is_ours = |object: &Stored| {
            Names::are_in(&object.id) || object.text("emailAddress").is_some_and(Names::are_in)
        };
        known
            .iter()
            .filter(|object| is_made(&object.id) || is_ours(object) && !is_old(object))
            .map(|object| object.id.clone())
            .collect()
    }
}

impl Restoration {
    /// What turns `now` into what a workgroup held; `None` where nothing is to be
    /// done. Of what it did not hold, only what `may_go` is removed. Objects that
    /// are gone come back under their old ids where the target lets clients give
    /// them.
    pub fn of(held: &[Stored], now: &[Stored], may_go: impl Fn(&Stored) -> bool) -> Option<Self> {
        let held = &revealed(held, now)[..];
        let ids = |list: &[Stored]| -> BTreeSet<String> {
            list.iter().map(|object| object.id.clone()).collect()
        };
        let (held_ids, now_ids) = (ids(held), ids(now));
        // Where the server gives ids, what was brought back has another one.
        let is_new = |object: &&Stored| !held_ids.contains(&object.id);
        let mut new: Vec<&Stored> = now.iter().filter(is_new).collect();
        let is_gone = |object: &&Stored| !now_ids.contains(&object.id);
        let mut gone: Vec<&Stored> = held.iter().filter(is_gone).collect();
        gone.retain(|object| {
            let again = new.iter().position(|other| other.values == object.values);
            again.map(|place| new.swap_remove(place)).is_none()
        });
        let remove: Vec<String> = new
            .into_iter()
            .filter(|object| may_go(object))
            .map(|object| object.id.clone())
            .collect();
        let gone: Vec<_> = gone.into_iter().map(as_update).collect();
        let mut by_id: BTreeMap<&str, Vec<&Stored>> = BTreeMap::new();
        for object in now {
            by_id.entry(&object.id).or_default().push(object);
        }
        let is_changed = |object: &&Stored| {
            let same_id = by_id.get(object.id.as_str());
            same_id.is_some_and(|same_id| !same_id.contains(object))
        };
        let changed: Vec<_> = held.iter().filter(is_changed).map(as_update).collect();
        let update = !gone.is_empty() || !changed.is_empty();
        let restoration = Self {
            remove,
            update: update.then(|| json!({ "add": gone, "modify": changed })),
        };
        (update || !restoration.remove.is_empty()).then_some(restoration)
    }

    /// How many objects come back, or are made as they were.
    pub fn lost(&self) -> usize {
        let count = |list: &str| {
            let list = self
                .update
                .as_ref()
                .and_then(|update| update[list].as_array());
            list.map_or(0, Vec::len)
        };
        count("add") + count("modify")
    }

    /// Whether less is left to be done than before.
    pub fn is_less_than(&self, before: &Self) -> bool {
        self.remove.len() + self.lost() < before.remove.len() + before.lost()
    }
}

/// What was held, with the texts that the journal does not tell as they are now.
fn revealed<'a>(held: &'a [Stored], now: &[Stored]) -> Cow<'a, [Stored]> {
    let hides = |object: &Stored| object.values.values().any(is_hidden);
    if !held.iter().any(hides) {
        return held.into();
    }
    let mut held = held.to_vec();
    for object in held.iter_mut().filter(|object| hides(object)) {
        let Some(other) = now.iter().find(|other| other.id == object.id) else {
            continue;
        };
        let values = std::mem::take(&mut object.values).into_iter();
        let told = values.filter_map(|(name, value)| {
            if is_hidden(&value) {
                Some((name, other.values.get(name)?.clone()))
            } else {
                Some((name, value))
            }
        });
        object.values = told.collect();
    }
    held.into()
}

/// A stored object as an update gives it, with every null written out, but for
/// what nobody knows any more.
fn as_update(stored: &Stored) -> serde_json::Value {
    let mut object = json!({ "configurationId": { "id": stored.id }, "inboundFolder": null });
    for (name, value) in &stored.values {
        object[*name] = value.clone();
    }
    if let Some(members) = object.as_object_mut() {
        members.retain(|_, value| !is_hidden(value));
    }
    object
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(id: &str, address: &str) -> Stored {
        Stored {
            id: id.to_owned(),
            values: [("emailAddress", json!(address))].into_iter().collect(),
        }
    }

    #[test]
    fn restoring_undoes_what_was_done() {
        let held = [object("a", "1"), object("b", "2")];
        let restoration = |now: &[Stored]| Restoration::of(&held, now, |object| object.id == "c");
        assert_eq!(restoration(&[object("b", "2"), object("a", "1")]), None);
        let with_another = [object("b", "2"), object("a", "1"), object("d", "4")];
        assert_eq!(restoration(&with_another), None);
        // What came back under an id of the server's does not come again.
        assert_eq!(restoration(&[object("b", "2"), object("c", "1")]), None);
        let restoration = restoration(&[object("a", "9"), object("c", "3"), object("d", "4")]);
        let Restoration { remove, update } = restoration.expect("work to do");
        let update = update.expect("something is gone");
        assert_eq!(remove, ["c"]);
        assert_eq!(update["add"][0]["configurationId"]["id"], "b");
        assert_eq!(update["modify"][0]["emailAddress"], "1");
    }

    #[test]
    fn what_the_journal_does_not_tell_is_left_as_it_is() {
        let of = |folder: serde_json::Value| {
            let mut object = object("a", "1");
            object.values.insert("inboundFolder", folder);
            object
        };
        let held = [of(json!({ "hidden": true }))];
        let restoration = |now: &[Stored]| Restoration::of(&held, now, |_| false);
        assert_eq!(restoration(&[of(json!("Inbox"))]), None);
        let mut changed = of(json!("Inbox"));
        changed.values.insert("emailAddress", json!("2"));
        let update = restoration(&[changed]).and_then(|work| work.update);
        let modify = &update.expect("something has changed")["modify"][0];
        assert_eq!(modify["emailAddress"], "1");
        assert_eq!(modify["inboundFolder"], "Inbox");
        let update = restoration(&[]).and_then(|work| work.update);
        let add = &update.expect("something is gone")["add"][0];
        assert!(add.get("inboundFolder").is_none(), "{add}");
    }
}
