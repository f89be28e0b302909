//! Which stored objects the added ones became: a server may give them ids of
//! its own (EFF-7), so that they are found by content.

use crate::oracle::{Effect, Stored, Wanted};

/// Which stored objects the added ones became.
#[derive(Clone, Debug)]
pub struct Matching<'a> {
    /// For each added object, what it became.
    pub found: Vec<Option<&'a Stored>>,
    /// Objects that appeared and belong to none.
    pub unexplained: Vec<&'a Stored>,
}

/// Finds the added objects by content: by their address, which a test makes
/// unique, else by the id they came with, else the only one left (EFF-7). The id
/// of a removed object may be given to an added one.
pub fn match_added<'a>(effect: &Effect, before: &[Stored], after: &'a [Stored]) -> Matching<'a> {
    let is_old = |object: &&Stored| match before.iter().find(|known| known.id == object.id) {
        Some(known) => !(effect.removed.contains(&known.id) && is_another(object, known)),
        None => false,
    };
    let mut new: Vec<&Stored> = after.iter().filter(|object| !is_old(object)).collect();
    let mut found: Vec<Option<&Stored>> = vec![None; effect.added.len()];
    let mut take = |place: &mut Option<&'a Stored>, is_it: &dyn Fn(&Stored) -> bool| {
        if place.is_none()
            && let Some(at) = new.iter().position(|object| is_it(object))
        {
            *place = Some(new.remove(at));
        }
    };
    for (object, place) in effect.added.iter().zip(&mut found) {
        if let Some(Wanted::Text(address)) = object.wanted.get("emailAddress") {
            take(place, &|stored| {
                stored.text("emailAddress") == Some(address)
                    && object.id.as_deref().is_none_or(|id| stored.id == id)
            });
            take(place, &|stored| {
                stored.text("emailAddress") == Some(address)
            });
        }
    }
    for (object, place) in effect.added.iter().zip(&mut found) {
        take(place, &|stored| {
            Some(stored.id.as_str()) == object.id.as_deref()
        });
    }
    // The same again, in place of what was removed: nothing tells them apart.
    for (object, place) in effect.added.iter().zip(&mut found) {
        let is_same = |stored: &&Stored| match object.wanted.get("emailAddress") {
            Some(Wanted::Text(address)) => stored.text("emailAddress") == Some(address),
            _ => false,
        };
        if place.is_none() {
            let mut given_again = after
                .iter()
                .filter(|stored| effect.removed.contains(&stored.id));
            *place = given_again.find(is_same);
        }
    }
    let missing = found.iter().filter(|place| place.is_none()).count();
    if missing == 1 && new.len() == 1 {
        let only = new.remove(0);
        if let Some(place) = found.iter_mut().find(|place| place.is_none()) {
            *place = Some(only);
        }
    }
    Matching {
        found,
        unexplained: new,
    }
}

/// Whether two objects of one id are told apart by their addresses.
fn is_another(object: &Stored, known: &Stored) -> bool {
    let address = |object: &Stored| object.text("emailAddress").map(str::to_owned);
    address(object).is_some() && address(object) != address(known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::AddedObject;
    use serde_json::json;

    fn stored(id: &str, address: &str) -> Stored {
        Stored {
            id: id.to_owned(),
            values: [("emailAddress", json!(address))].into_iter().collect(),
        }
    }

    fn adding(id: Option<&str>, address: &str) -> AddedObject {
        AddedObject {
            id: id.map(str::to_owned),
            wanted: [("emailAddress", Wanted::Text(address.to_owned()))]
                .into_iter()
                .collect(),
        }
    }

    /// The ids of what the added objects became.
    fn found(effect: &Effect, before: &[Stored], after: &[Stored]) -> Vec<Option<String>> {
        let matching = match_added(effect, before, after);
        let id = |stored: &Option<&Stored>| stored.map(|stored| stored.id.clone());
        matching.found.iter().map(id).collect()
    }

    #[test]
    fn an_added_object_is_found_by_its_address_or_else_by_its_id() {
        let effect = Effect {
            added: vec![adding(Some("x"), "a@t.test"), adding(None, "b@t.test")],
            ..Effect::default()
        };
        let given = [stored("7", "b@t.test"), stored("8", "a@t.test")];
        assert_eq!(
            found(&effect, &[], &given),
            [Some("8".to_owned()), Some("7".to_owned())]
        );
        let spoilt = [stored("x", "?"), stored("7", "b@t.test")];
        assert_eq!(
            found(&effect, &[], &spoilt),
            [Some("x".to_owned()), Some("7".to_owned())]
        );
        assert_eq!(found(&effect, &spoilt, &spoilt), [None, None]);
    }

    #[test]
    fn the_id_of_a_removed_object_may_be_given_again() {
        let before = [stored("1", "old@t.test")];
        let after = [stored("1", "new@t.test")];
        let mut effect = Effect {
            added: vec![adding(None, "new@t.test")],
            ..Effect::default()
        };
        assert_eq!(found(&effect, &before, &after), [None]);
        effect.removed.push("1".to_owned());
        assert_eq!(found(&effect, &before, &after), [Some("1".to_owned())]);
        assert_eq!(found(&effect, &before, &before), [None]);
        assert_eq!(found(&effect, &after, &after), [Some("1".to_owned())]);
    }
}
