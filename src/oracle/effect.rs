//! What acceptance does to the store (EFF), and which requests name ids in a
//! way that forbids acceptance or leaves it open.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::expectation::{AnswerKind, Expectation};
use super::known::{IdRegime, Known, Stored};
use crate::contract::rules;

const BAD: &[AnswerKind] = &[AnswerKind::BadRequest];
const TAKEN: &[AnswerKind] = &[AnswerKind::Invalid];

/// What a request says about one property.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Wanted {
    /// Nothing.
    #[default]
    Absent,
    /// null.
    Null,
    /// A string.
    Text(String),
    /// A boolean.
    Flag(bool),
    /// A documented enum number.
    Number(u16),
    /// Something that a server may understand in several legal ways.
    Unsure,
}

/// One object of `add`.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct AddedObject {
    /// The id it came with.
    pub id: Option<String>,
    /// What it says about each property.
    pub wanted: BTreeMap<&'static str, Wanted>,
}

/// One object of `modify`.
#[derive(Clone, Debug, PartialEq)]
pub struct ModifiedObject {
    /// The id that it names.
    pub id: String,
    /// What it says about each property.
    pub wanted: BTreeMap<&'static str, Wanted>,
}

/// What acceptance does.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Effect {
    /// Objects that appear.
    pub added: Vec<AddedObject>,
    /// Objects that change.
    pub modified: Vec<ModifiedObject>,
    /// Ids that disappear.
    pub removed: Vec<String>,
    /// Ids whose fate the contract leaves open (EFF-7).
    pub unsure: BTreeSet<String>,
    /// The whole body can be understood in several legal ways (REP-12).
    pub ambiguous: bool,
}

impl Effect {
    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.modified.is_empty() && self.removed.is_empty()
    }

    /// Whether it leaves nothing open: what is stored after acceptance is all known
    /// beforehand.
    pub fn is_certain(&self) -> bool {
        let is_known = |wanted: &BTreeMap<&'static str, Wanted>| {
            wanted.values().all(|wanted| *wanted != Wanted::Unsure)
        };
        let is_whole = |object: &AddedObject| {
            let type_of = object.wanted.get("mailboxType");
            object.id.is_some()
                && is_known(&object.wanted)
                && matches!(type_of, Some(Wanted::Number(_)))
        };
        !self.ambiguous
            && self.unsure.is_empty()
            && self.added.iter().all(is_whole)
            && self.modified.iter().all(|object| is_known(&object.wanted))
    }

    /// What is stored after acceptance, where every added object keeps the id
    /// that it came with; without one, its id is empty.
    pub fn apply(&self, stored: &[Stored]) -> Vec<Stored> {
        let mut after: Vec<Stored> = stored
            .iter()
            .filter(|object| !self.removed.contains(&object.id))
            .cloned()
            .collect();
        for object in &self.modified {
            if let Some(stored) = after.iter_mut().find(|stored| stored.id == object.id) {
                set_all(stored, &object.wanted);
            }
        }
        for object in &self.added {
            let mut stored = Stored {
                id: object.id.clone().unwrap_or_default(),
                ..Stored::default()
            };
            stored
                .values
                .insert("canReceiveEncryptedEmail", false.into());
            set_all(&mut stored, &object.wanted);
            after.push(stored);
        }
        after
    }
}

fn set_all(stored: &mut Stored, wanted: &BTreeMap<&'static str, Wanted>) {
    for (name, wanted) in wanted {
        let value: Value = match wanted {
            Wanted::Absent | Wanted::Unsure => continue,
            Wanted::Null if *name == "canReceiveEncryptedEmail" => false.into(),
            Wanted::Null => {
                stored.values.remove(name);
                continue;
            }
            Wanted::Text(text) => text.as_str().into(),
            Wanted::Flag(flag) => (*flag).into(),
            Wanted::Number(number) => (*number).into(),
        };
        stored.values.insert(name, value);
    }
}

/// Adds what the ids of a request deserve (EFF-4 to EFF-7), and notes those
/// whose fate is open.
pub(super) fn examine_ids(effect: &mut Effect, known: &Known<'_>, expectation: &mut Expectation) {
    let stored = known.workgroup.stored();
    let mentions = mentions(effect);
    let mut unsure = BTreeSet::new();
    let mut twins = BTreeSet::new();
    let stored_ids: BTreeSet<&String> = stored.iter().map(|object| &object.id).collect();
    // Ids that some legal server takes for one: they differ at most in case.
    let mut alike: BTreeMap<String, BTreeSet<&String>> = BTreeMap::new();
    for id in mentions.keys().chain(stored_ids.iter().copied()) {
        alike.entry(id.to_lowercase()).or_default().insert(id);
    }
    for (id, lists) in &mentions {
        if lists.len() > 1 && lists.iter().any(|list| *list != "add") {
            note_repeated(id, lists, known, expectation);
        }
        if lists.len() > 1 {
            unsure.insert(id.clone());
        }
        let alike = &alike[&id.to_lowercase()];
        if alike.len() > 1 {
            expectation.maybe(rules::EFF_7, "ids that differ only in case", BAD);
            twins.extend(alike.iter().copied().cloned());
        }
    }
    unsure.extend(twins.iter().cloned());
    // A server that gives ids may give one that the same update names.
    let may_be_given = known.ids != IdRegime::Client && !effect.added.is_empty();
    for (id, lists) in &mentions {
        let count = |list: &str| lists.iter().filter(|name| **name == list).count();
        let exists = stored_ids.contains(id);
        // An id that the same update adds exists in some order.
        if may_be_given && !exists && lists.iter().any(|list| *list != "add") {
            effect.ambiguous = true;
        }
        if count("modify") > 0 && !exists && count("add") == 0 && !twins.contains(id) {
            let answers = &[AnswerKind::Invalid];
            if known.workgroup.is_complete() && !may_be_given {
                let what = "modify of an id that does not exist";
                expectation.breach(rules::EFF_4, what, answers);
            } else {
                let what = "modify of an id not known to exist";
                expectation.maybe(rules::EFF_4, what, answers);
            }
        }
        if lists.as_slice() == ["remove"] && !exists {
            expectation.maybe(
                rules::EFF_5,
                "remove of an id that does not exist",
                &[AnswerKind::BadRequest, AnswerKind::NotFound],
            );
        }
        // No order makes room for two, and only a removal for one.
        if count("add") > 1 {
            taken_id("add with one id twice", known, expectation);
        } else if count("add") == 1 && exists && count("remove") == 0 {
            taken_id("add with an id that is already taken", known, expectation);
        }
    }
    effect.unsure = unsure;
}

fn is_stored(stored: &[Stored], id: &str) -> bool {
    stored.iter().any(|object| object.id == id)
}

fn taken_id(what: &str, known: &Known<'_>, expectation: &mut Expectation) {
    match known.ids {
        IdRegime::Client => expectation.breach(rules::EFF_6, what, TAKEN),
        // A server that gives ids need not refuse it, and may.
        IdRegime::Unknown | IdRegime::Server => expectation.maybe(rules::EFF_6, what, TAKEN),
    }
}

/// Which lists name each id, with repetition.
fn mentions(effect: &Effect) -> BTreeMap<String, Vec<&'static str>> {
    let mut mentions: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    let added = effect.added.iter().filter_map(|object| object.id.as_ref());
    let modified = effect.modified.iter().map(|object| &object.id);
    for (list, ids) in [
        ("add", added.collect::<Vec<_>>()),
        ("modify", modified.collect()),
        ("remove", effect.removed.iter().collect()),
    ] {
        for id in ids {
            mentions.entry(id.clone()).or_default().push(list);
        }
    }
    mentions
}

fn note_repeated(
    id: &str,
    lists: &[&'static str],
    known: &Known<'_>,
    expectation: &mut Expectation,
) {
    let all_in = |list: &str| lists.iter().all(|name| *name == list);
    let what = if all_in("modify") {
        "one id twice in modify"
    } else if all_in("remove") {
        "one id twice in remove"
    } else {
        "one id in several lists"
    };
    let stored = is_stored(known.workgroup.stored(), id);
    let answers: &[AnswerKind] = if lists.contains(&"remove") && !stored {
        &[AnswerKind::BadRequest, AnswerKind::NotFound]
    } else {
        BAD
    };
    expectation.maybe(rules::EFF_7, what, answers);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::known::WorkgroupState;

    fn known(stored: &[Stored]) -> Known<'_> {
        Known {
            sessions: &[],
            workgroup: WorkgroupState::Holds(stored),
            mailboxes: &[],
            domain: "t.test",
            ids: IdRegime::Client,
            removed: false,
            fails_next: false,
        }
    }

    fn unsure(effect: Effect, stored: &[&str]) -> Vec<String> {
        let stored: Vec<Stored> = stored
            .iter()
            .map(|id| Stored {
                id: (*id).to_owned(),
                ..Stored::default()
            })
            .collect();
        let mut effect = effect;
        examine_ids(&mut effect, &known(&stored), &mut Expectation::default());
        effect.unsure.into_iter().collect()
    }

    #[test]
    fn an_id_that_the_server_may_give_leaves_the_effect_open() {
        let add_and_remove = |id: &str| Effect {
            added: vec![AddedObject::default()],
            removed: vec![id.to_owned()],
            ..Effect::default()
        };
        let stored = [Stored {
            id: "1".to_owned(),
            ..Stored::default()
        }];
        let is_open = |ids: IdRegime, id: &str| {
            let known = Known {
                ids,
                ..known(&stored)
            };
            let mut effect = add_and_remove(id);
            examine_ids(&mut effect, &known, &mut Expectation::default());
            effect.ambiguous
        };
        assert!(is_open(IdRegime::Server, "2"));
        assert!(is_open(IdRegime::Unknown, "2"));
        assert!(!is_open(IdRegime::Server, "1"));
        assert!(!is_open(IdRegime::Client, "2"));
    }

    #[test]
    fn every_id_that_may_be_meant_is_unsure() {
        let removes = |ids: &[&str]| Effect {
            removed: ids.iter().map(|id| (*id).to_owned()).collect(),
            ..Effect::default()
        };
        assert_eq!(unsure(removes(&["a"]), &["a", "b"]), [""; 0]);
        assert_eq!(unsure(removes(&["a", "b", "a"]), &["a", "b"]), ["a"]);
        assert_eq!(
            unsure(removes(&["id"]), &["Id", "ID", "other"]),
            ["ID", "Id", "id"]
        );
    }
}
