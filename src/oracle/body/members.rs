//! The members of an object: which are documented, which are open (REP-12),
//! and the `__type` (REP-17).

use std::collections::BTreeMap;

use super::super::json::Json;
use super::{BAD, Place, Reader};
use crate::contract::representation::Representation;
use crate::contract::rules;

/// The members of one object by documented name.
pub(super) struct Members<'a> {
    pub(super) found: BTreeMap<&'static str, &'a Json>,
    /// Properties that the contract lets a server read in several ways:
    /// written twice, or in another case.
    pub(super) open: Vec<&'static str>,
}

impl Reader<'_> {
    /// Sorts the members of an object: documented ones, open ones, `__type`.
    pub(super) fn members<'a>(
        &mut self,
        members: &'a [(String, Json)],
        representation: &'static Representation,
        place: Place,
    ) -> Members<'a> {
        let mut found = BTreeMap::new();
        let mut open = Vec::new();
        for (name, value) in members {
            if name == "__type" {
                self.type_urn(value, representation);
                if members.iter().filter(|(other, _)| other == name).count() > 1 {
                    self.expectation
                        .maybe(rules::REP_12, "a duplicate key", BAD);
                }
                continue;
            }
            if let Some(property) = representation.property(name) {
                if found.insert(property.name, value).is_some() {
                    self.expectation
                        .maybe(rules::REP_12, "a duplicate key", BAD);
                    open.push(property.name);
                }
                continue;
            }
            let other_case = representation
                .properties
                .iter()
                .find(|property| property.name.to_lowercase() == name.to_lowercase());
            match other_case {
                Some(property) => {
                    self.expectation
                        .maybe(rules::REP_12, "a property name in another case", BAD);
                    open.push(property.name);
                }
                None => {
                    let what = format!("an unknown property in {}", place.list());
                    self.expectation.maybe(rules::REP_12, what, BAD);
                }
            }
        }
        for name in &open {
            found.remove(name);
            // An open list or id may hold anything: so may the effect.
            if matches!(
                *name,
                "add" | "modify" | "remove" | "configurationId" | "id"
            ) {
                self.ambiguous = true;
            }
        }
        Members { found, open }
    }

    fn type_urn(&mut self, value: &Json, representation: &'static Representation) {
        match value {
            Json::Text(urn) if Some(urn.as_str()) == representation.urn => {
                let what = format!("a __type in {}", representation.name);
                self.expectation.feature(rules::REP_17, what, true);
            }
            _ => self
                .expectation
                .maybe(rules::REP_12, "a foreign __type", BAD),
        }
    }
}
