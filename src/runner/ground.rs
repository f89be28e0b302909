//! The scratch workgroups: who holds which, what each is known to hold, and
//! what it held before the run.

use std::collections::BTreeSet;

use serde_json::json;
use tokio::sync::MutexGuard;

use super::foreign::is_foreign;
use crate::generate::Case;
use crate::generate::mailbox::Names;
use crate::judge::state::same;
use crate::oracle::Stored;

/// One scratch workgroup. Whoever holds its lock may change its content.
#[derive(Clone, Debug)]
pub struct Ground {
    /// Its id.
    pub workgroup: String,
    /// What it is known to hold; `None` where somebody has to look.
    pub known: Option<Vec<Stored>>,
    /// What it held before the run; `None` without read-back.
    pub initial: Option<Vec<Stored>>,
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
        }
    }

    /// The ids of what is known to be there, was not there before the run, and
    /// can only be ours; and of the given ones among what is there.
    pub fn added(&self, made: &BTreeSet<String>) -> Vec<String> {
        let initial = self.initial.as_deref().unwrap_or_default();
        let known = self.known.as_deref().unwrap_or_default();
        let is_old = |object: &Stored| initial.iter().any(|other| other.id == object.id);
        let is_ours = |object: &Stored| {
            Names::are_in(&object.id) || object.text("emailAddress").is_some_and(Names::are_in)
        };
        known
            .iter()
            .filter(|object| made.contains(&object.id) || is_ours(object) && !is_old(object))
            .map(|object| object.id.clone())
            .collect()
    }

    /// What turns `now` into what the workgroup held before the run; `None` where
    /// nothing is to be done. Objects that are gone come back under their old ids
    /// where the target lets clients give them.
    pub fn restoring(&self, now: &[Stored]) -> Option<Restoration> {
        let initial = self.initial.as_ref()?;
        if same(initial, now) {
            return None;
        }
        let is_in =
            |object: &Stored, list: &[Stored]| list.iter().any(|other| other.id == object.id);
        let remove: Vec<String> = now
            .iter()
            .filter(|object| !is_in(object, initial) && !is_foreign(object, &Case::default()))
            .map(|object| object.id.clone())
            .collect();
        let gone: Vec<_> = initial
            .iter()
            .filter(|object| !is_in(object, now))
            .map(as_update)
            .collect();
        let changed: Vec<_> = initial
            .iter()
            .filter(|object| is_in(object, now) && !now.contains(object))
            .map(as_update)
            .collect();
        let update = !gone.is_empty() || !changed.is_empty();
        Some(Restoration {
            remove,
            update: update.then(|| json!({ "add": gone, "modify": changed })),
        })
    }
}

/// A stored object as an update gives it, with every null written out.
fn as_update(stored: &Stored) -> serde_json::Value {
    let mut object = json!({ "configurationId": { "id": stored.id }, "inboundFolder": null });
    for (name, value) in &stored.values {
        object[*name] = value.clone();
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
        let initial = vec![object("a", "1"), object("b", "2")];
        let ground = Ground {
            initial: Some(initial.clone()),
            ..Ground::new("w".to_owned())
        };
        assert_eq!(
            ground.restoring(&[object("b", "2"), object("a", "1")]),
            None
        );
        let update = ground
            .restoring(&[object("a", "9"), object("c", "3")])
            .expect("work to do");
        let Restoration { remove, update } = update;
        let update = update.expect("something is gone");
        assert_eq!(remove, ["c"]);
        assert_eq!(update["add"][0]["configurationId"]["id"], "b");
        assert_eq!(update["modify"][0]["emailAddress"], "1");
    }
}
