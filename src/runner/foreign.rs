//! What somebody else does to a scratch workgroup during the run. It is a
//! problem of the fixtures, not of the target: what no update of ours explains
//! and what is about no object of ours is left out of the judgement and told.

use crate::client::secret::kept;
use crate::generate::Case;
use crate::generate::mailbox::Names;
use crate::judge::state::match_added;
use crate::oracle::{Expectation, Stored};

/// Two read-backs of one workgroup, without what somebody else changed
/// between them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ours {
    /// The earlier one.
    pub(super) before: Vec<Stored>,
    /// The later one.
    pub(super) after: Vec<Stored>,
    /// The first change of somebody else, in words.
    pub(super) foreign: Option<String>,
}

impl Ours {
    /// Tells our own changes from those of somebody else. `expectation` is that
    /// of the update in between, where this workgroup accepted it.
    pub(super) fn of(
        before: &[Stored],
        after: &[Stored],
        expectation: Option<&Expectation>,
        case: &Case,
    ) -> Self {
        let mut ours = Self {
            before: before.to_vec(),
            after: after.to_vec(),
            foreign: None,
        };
        let mut foreign: Vec<(&String, &str)> = Vec::new();
        for object in before.iter().filter(|object| is_foreign(object, case)) {
            match after.iter().find(|other| other.id == object.id) {
                None => foreign.push((&object.id, "disappeared")),
                Some(other) if other != object && is_foreign(other, case) => {
                    foreign.push((&object.id, "changed"));
                }
                Some(_) => {}
            }
        }
        // Where an added object was not found as it was given, what appeared
        // in its stead may be that, spoilt.
        let nothing = Default::default();
        let effect = expectation.and_then(|expectation| expectation.effect.as_ref());
        let matching = match_added(effect.unwrap_or(&nothing), before, after);
        if matching.found.iter().all(Option::is_some) || expectation.is_none() {
            let appeared = matching.unexplained.iter();
            foreign.extend(
                appeared
                    .filter(|object| is_foreign(object, case))
                    .map(|object| (&object.id, "appeared")),
            );
        }
        if let Some((id, what)) = foreign.first() {
            ours.foreign = Some(kept(format!("`{id}` {what}")));
            let is_ours = |object: &Stored| !foreign.iter().any(|(id, _)| **id == object.id);
            ours.before.retain(is_ours);
            ours.after.retain(is_ours);
        }
        ours
    }
}

/// Whether an object can only be somebody else's: it has an address, and one
/// that no case of ours gives.
pub(super) fn is_foreign(object: &Stored, case: &Case) -> bool {
    object
        .text("emailAddress")
        .is_some_and(|address| !Names::are_in(address) && !gives(case, address))
        && !Names::are_in(&object.id)
}

/// Whether an address, or what it could be a spoilt form of, stands anywhere in
/// the case.
fn gives(case: &Case, address: &str) -> bool {
    let scenes = case.scene.iter().chain(case.witness.iter().flatten());
    let stored = scenes.filter_map(|object| object.email_address.value());
    // A few characters of odd text are enough to be careful.
    let odd = |text: &str| text.is_empty() || !text.is_ascii() || !text.contains('@');
    odd(address)
        || stored.into_iter().any(|given| given == address)
        || case
            .steps
            .iter()
            .any(|step| String::from_utf8_lossy(&step.body.bytes()).contains(address))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::Step;
    use serde_json::json;

    fn object(id: &str, address: &str) -> Stored {
        Stored {
            id: id.to_owned(),
            values: [("emailAddress", json!(address))].into_iter().collect(),
        }
    }

    fn case(body: serde_json::Value) -> Case {
        Case::one(Step::send(body))
    }

    #[test]
    fn what_somebody_else_adds_changes_or_removes_is_left_out_and_told() {
        let ours = [object("m00aa-1", "m00aa-1@acme.test")];
        let with = |address: &str| [ours[0].clone(), object("7", address)];
        for (before, after, told) in [
            (&ours[..], &with("bob@corp.example")[..], "`7` appeared"),
            (&with("bob@corp.example"), &ours, "`7` disappeared"),
            (
                &with("bob@corp.example"),
                &with("eve@corp.example"),
                "`7` changed",
            ),
        ] {
            let seen = Ours::of(before, after, None, &case(json!({})));
            assert_eq!(seen.foreign.as_deref(), Some(told));
            assert_eq!((seen.before, seen.after), (ours.to_vec(), ours.to_vec()));
        }
    }

    #[test]
    fn what_could_be_ours_is_judged() {
        let nothing: &[Stored] = &[];
        for (body, object) in [
            (json!({}), object("7", "m00aa-1@acme.test")),
            (json!({}), object("m00aa-1", "spoilt")),
            (json!({}), object("7", "spoilt")),
            (json!({}), object("7", "")),
            (json!({}), object("7", "Ã¤@acme.test")),
            (
                json!({"add": [{"emailAddress": "a@b"}]}),
                object("7", "a@b"),
            ),
        ] {
            let seen = Ours::of(nothing, std::slice::from_ref(&object), None, &case(body));
            assert_eq!(seen.foreign, None, "{object:?}");
        }
    }
}
