//! In what a workgroup is not what an accepted update leaves: added, modified
//! and removed objects (EFF-1), and everything else (EFF-2).

use super::matching::{Matching, match_added};
use super::value::{compare_default, compare_given, equal, shown};
use crate::contract::enums::is_inbound;
use crate::contract::rules::{self, RuleId};
use crate::oracle::{AddedObject, Effect, ModifiedObject, Stored, Wanted};

/// One thing that is not as the answer promised.
#[derive(Clone, Debug)]
pub(super) struct Difference {
    /// The rule that it breaks.
    pub(super) rule: RuleId,
    /// One sentence.
    pub(super) message: String,
    /// What was promised.
    pub(super) expected: String,
    /// What was read back.
    pub(super) actual: String,
}

/// All of them, and the rules that the comparison put to the test.
#[derive(Clone, Debug, Default)]
pub(super) struct Differences {
    /// In the order of the update.
    pub(super) found: Vec<Difference>,
    /// Some more than once.
    pub(super) checked: Vec<RuleId>,
}

impl Differences {
    /// Everything in which `after` is not `before` with the effect applied.
    pub(super) fn between(effect: &Effect, before: &[Stored], after: &[Stored]) -> Self {
        let mut differences = Self {
            found: Vec::new(),
            checked: vec![rules::EFF_1, rules::EFF_2],
        };
        let matching = match_added(effect, before, after);
        differences.of_added(effect, &matching);
        differences.of_modified(effect, before, after);
        differences.of_removed(effect, &matching, before, after);
        differences.of_others(effect, before, after);
        differences
    }

    /// Notes one.
    pub(super) fn add(
        &mut self,
        rule: RuleId,
        message: &str,
        expected: impl Into<String>,
        actual: impl Into<String>,
    ) {
        self.found.push(Difference {
            rule,
            message: message.to_owned(),
            expected: expected.into(),
            actual: actual.into(),
        });
    }

    fn of_added(&mut self, effect: &Effect, matching: &Matching<'_>) {
        for (object, found) in effect.added.iter().zip(&matching.found) {
            let id = object.id.as_ref();
            if id.is_some_and(|id| effect.unsure.contains(id)) {
                continue;
            }
            match found {
                Some(stored) => compare_added(object, stored, self),
                None => self.add(
                    rules::EFF_1,
                    "an added object is not there",
                    format!("an object like {}", describe_added(object)),
                    "none was read back",
                ),
            }
        }
        if effect.unsure.is_empty() {
            for stored in &matching.unexplained {
                self.add(
                    rules::EFF_2,
                    "an object appeared that nobody added",
                    "only the added objects",
                    format!("`{}` as well", stored.id),
                );
            }
        }
    }

    fn of_modified(&mut self, effect: &Effect, before: &[Stored], after: &[Stored]) {
        for object in &effect.modified {
            if effect.unsure.contains(&object.id) {
                continue;
            }
            let old = before.iter().find(|stored| stored.id == object.id);
            let new = after.iter().find(|stored| stored.id == object.id);
            match (old, new) {
                (Some(old), Some(new)) => compare_modified(object, old, new, self),
                (Some(_), None) => self.add(
                    rules::EFF_1,
                    "a modified object is gone",
                    format!("`{}` with the new values", object.id),
                    "none was read back",
                ),
                // Accepted though it does not exist: the status is the finding.
                (None, _) => {}
            }
        }
    }

    fn of_removed(
        &mut self,
        effect: &Effect,
        matching: &Matching<'_>,
        before: &[Stored],
        after: &[Stored],
    ) {
        let is_in = |stored: &[Stored], id: &String| stored.iter().any(|object| object.id == *id);
        for id in &effect.removed {
            let mut added = matching.found.iter().flatten();
            let given_again = added.any(|stored| stored.id == *id);
            let stayed = is_in(before, id) && is_in(after, id) && !given_again;
            if stayed && !effect.unsure.contains(id) {
                self.add(
                    rules::EFF_1,
                    "a removed object is still there",
                    format!("no `{id}`"),
                    "it was read back",
                );
            }
        }
    }

    /// EFF-2: what the update does not name.
    fn of_others(&mut self, effect: &Effect, before: &[Stored], after: &[Stored]) {
        for old in before {
            let touched = effect.unsure.contains(&old.id)
                || effect.modified.iter().any(|object| object.id == old.id)
                || effect.removed.contains(&old.id)
                || before.iter().filter(|other| other.id == old.id).count() > 1;
            if touched {
                continue;
            }
            let Some(new) = after.iter().find(|stored| stored.id == old.id) else {
                self.add(
                    rules::EFF_2,
                    "an object that the update does not name is gone",
                    format!("`{}` as it was", old.id),
                    "it was not read back",
                );
                continue;
            };
            for name in Stored::properties() {
                if !equal(old.values.get(name), new.values.get(name)) {
                    self.add(
                        rules::EFF_2,
                        "an object that the update does not name has changed",
                        format!("`{}` with {name} {}", old.id, shown(old.values.get(name))),
                        shown(new.values.get(name)),
                    );
                }
            }
        }
    }
}

fn describe_added(object: &AddedObject) -> String {
    match object.wanted.get("emailAddress") {
        Some(Wanted::Text(address)) => format!("the one with emailAddress `{address}`"),
        _ => object
            .id
            .as_ref()
            .map_or("the added one".to_owned(), |id| format!("`{id}`")),
    }
}

fn compare_added(object: &AddedObject, stored: &Stored, differences: &mut Differences) {
    for (name, wanted) in &object.wanted {
        let read = stored.values.get(name);
        match (wanted, *name) {
            (Wanted::Absent, "canReceiveEncryptedEmail") => {
                differences.checked.push(rules::FLD_6);
                compare_default(rules::FLD_6, "left out", read, differences);
            }
            (Wanted::Absent, "inboundFolder") => {
                if let Some(value) = read.filter(|value| **value != "") {
                    differences.add(
                        rules::EFF_1,
                        "an added object has a folder that nobody gave",
                        "no inboundFolder",
                        shown(Some(value)),
                    );
                }
            }
            (Wanted::Absent, _) => {}
            _ => compare_given(name, wanted, None, read, differences),
        }
    }
}

fn compare_modified(
    object: &ModifiedObject,
    old: &Stored,
    new: &Stored,
    differences: &mut Differences,
) {
    for (name, wanted) in &object.wanted {
        let read = new.values.get(name);
        if *wanted == Wanted::Absent {
            let folder_may_go = *name == "inboundFolder"
                && read.is_none()
                && matches!(object.wanted.get("mailboxType"), Some(Wanted::Number(number)) if !is_inbound(*number));
            if !folder_may_go && !equal(old.values.get(name), read) {
                differences.add(
                    rules::EFF_2,
                    "a property that the modify left out has changed",
                    format!("{name} {}", shown(old.values.get(name))),
                    shown(read),
                );
            }
        } else {
            compare_given(name, wanted, old.values.get(name), read, differences);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn stored(id: &str, values: &[(&'static str, Value)]) -> Stored {
        Stored {
            id: id.to_owned(),
            values: values.iter().cloned().collect(),
        }
    }

    fn address(text: &str) -> (&'static str, Value) {
        ("emailAddress", json!(text))
    }

    /// The rules and messages of what differs.
    fn found(
        effect: &Effect,
        before: &[Stored],
        after: &[Stored],
    ) -> Vec<(&'static str, &'static str)> {
        let known = [
            "an added object is not there",
            "an object appeared that nobody added",
            "a modified object is gone",
            "a removed object is still there",
            "an object that the update does not name is gone",
            "an object that the update does not name has changed",
            "a property that the modify left out has changed",
            "emailAddress does not read back as given",
        ];
        let name = |difference: &Difference| {
            let message = known.iter().find(|known| difference.message == **known);
            (difference.rule.as_str(), *message.unwrap_or(&"another"))
        };
        let differences = Differences::between(effect, before, after);
        differences.found.iter().map(name).collect()
    }

    #[test]
    fn what_an_update_does_not_name_stays_as_it_was() {
        let nothing = Effect::default();
        let one = [stored("1", &[address("a@t.test")])];
        let two = [one[0].clone(), stored("2", &[address("b@t.test")])];
        let changed = [stored("1", &[address("c@t.test")])];
        let of = |before: &[Stored], after: &[Stored]| found(&nothing, before, after);
        assert_eq!(of(&two, &two), []);
        let gone = ("EFF-2", "an object that the update does not name is gone");
        assert_eq!(of(&two, &one), [gone]);
        let appeared = ("EFF-2", "an object appeared that nobody added");
        assert_eq!(of(&one, &two), [appeared]);
        let other = (
            "EFF-2",
            "an object that the update does not name has changed",
        );
        assert_eq!(of(&one, &changed), [other]);
    }

    #[test]
    fn a_removed_object_is_gone_unless_its_id_was_given_again() {
        let before = [stored("1", &[address("a@t.test")])];
        let mut effect = Effect {
            removed: vec!["1".to_owned()],
            ..Effect::default()
        };
        assert_eq!(found(&effect, &before, &[]), []);
        let still = ("EFF-1", "a removed object is still there");
        assert_eq!(found(&effect, &before, &before), [still]);
        effect.added.push(AddedObject {
            id: None,
            wanted: [("emailAddress", Wanted::Text("b@t.test".to_owned()))]
                .into_iter()
                .collect(),
        });
        let after = [stored("1", &[address("b@t.test")])];
        assert_eq!(found(&effect, &before, &after), []);
        let missing = ("EFF-1", "an added object is not there");
        assert_eq!(found(&effect, &before, &before), [missing, still]);
    }

    #[test]
    fn a_modify_changes_what_it_says_and_a_folder_may_go_with_the_type() {
        let before = [stored(
            "1",
            &[
                address("a@t.test"),
                ("mailboxType", json!(0)),
                ("inboundFolder", json!("Inbox")),
            ],
        )];
        let modify = |wanted: &[(&'static str, Wanted)]| Effect {
            modified: vec![ModifiedObject {
                id: "1".to_owned(),
                wanted: [
                    ("emailAddress", Wanted::Absent),
                    ("inboundFolder", Wanted::Absent),
                    ("mailboxType", Wanted::Absent),
                ]
                .iter()
                .chain(wanted)
                .cloned()
                .collect(),
            }],
            ..Effect::default()
        };
        let address_only = modify(&[("emailAddress", Wanted::Text("b@t.test".to_owned()))]);
        let mut after = before.clone();
        let unchanged = ("EFF-1", "emailAddress does not read back as given");
        assert_eq!(found(&address_only, &before, &after), [unchanged]);
        after[0].values.insert("emailAddress", json!("b@t.test"));
        assert_eq!(found(&address_only, &before, &after), []);
        after[0].values.remove("inboundFolder");
        let lost = ("EFF-2", "a property that the modify left out has changed");
        assert_eq!(found(&address_only, &before, &after), [lost]);
        let mut outbound = before.clone();
        outbound[0].values.insert("mailboxType", json!(1.0));
        outbound[0].values.remove("inboundFolder");
        let to_outbound = modify(&[("mailboxType", Wanted::Number(1))]);
        assert_eq!(found(&to_outbound, &before, &outbound), []);
    }
}
