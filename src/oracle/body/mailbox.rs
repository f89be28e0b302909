//! One object of `add` or `modify` (REP-4, REP-5, REP-7, REP-9).

use std::collections::BTreeMap;

use super::super::effect::Wanted;
use super::super::json::Json;
use super::members::Members;
use super::{BAD, Place, Reader};
use crate::contract::representation::{CONFIGURATION_ID, MONITORED_MAILBOX};
use crate::contract::rules;

impl Reader<'_> {
    /// One object of `add` or `modify`: the id that it names, and what it says
    /// about each property; `None` where it is no object.
    pub(super) fn mailbox(
        &mut self,
        item: &Json,
        place: Place,
    ) -> Option<(Option<String>, BTreeMap<&'static str, Wanted>)> {
        let list = place.list();
        let Json::Object(members) = item else {
            match item {
                Json::Null => {
                    self.expectation.breach(
                        rules::REP_5,
                        format!("null as an element of {list}"),
                        BAD,
                    );
                }
                _ => {
                    let what = format!("{} as an element of {list}", item.type_name());
                    self.expectation.breach(rules::REP_4, what, BAD);
                }
            }
            return None;
        };
        let members = self.members(members, &MONITORED_MAILBOX, place);
        let mut wanted = BTreeMap::new();
        let mut id = None;
        for property in MONITORED_MAILBOX.properties {
            if property.name == "configurationId" {
                id = self.configuration_id(&members, place);
            } else if members.open.contains(&property.name) {
                wanted.insert(property.name, Wanted::Unsure);
            } else {
                let value =
                    self.property(property, members.found.get(property.name).copied(), list);
                wanted.insert(property.name, value);
            }
        }
        if place == Place::Added {
            for name in ["emailAddress", "mailboxMoniker"] {
                if wanted.get(name) == Some(&Wanted::Absent) {
                    self.expectation
                        .breach(rules::REP_7, format!("no {name} in add"), BAD);
                }
            }
        }
        Some((id, wanted))
    }

    /// REP-9 and the properties of a configurationId.
    fn configuration_id(&mut self, members: &Members<'_>, place: Place) -> Option<String> {
        let list = place.list();
        if members.open.contains(&"configurationId") {
            return None;
        }
        let value = match members.found.get("configurationId") {
            None if place == Place::Modified => {
                self.expectation
                    .breach(rules::REP_9, "no configurationId in modify", BAD);
                return None;
            }
            None => return None,
            Some(value) => *value,
        };
        let Json::Object(members) = value else {
            let what = format!("{} for configurationId in {list}", value.type_name());
            match value {
                Json::Null if place == Place::Added => {
                    self.expectation.weak_breach(rules::REP_5, what, BAD);
                }
                Json::Null => self.expectation.breach(rules::REP_5, what, BAD),
                _ => self.expectation.breach(rules::REP_4, what, BAD),
            }
            return None;
        };
        let members = self.members(members, &CONFIGURATION_ID, place);
        for property in CONFIGURATION_ID.properties {
            if property.name != "id" && !members.open.contains(&property.name) {
                self.property(property, members.found.get(property.name).copied(), list);
            }
        }
        if members.open.contains(&"id") {
            return None;
        }
        match members.found.get("id") {
            None => {
                self.expectation.breach(
                    rules::REP_9,
                    format!("no id in configurationId in {list}"),
                    BAD,
                );
                None
            }
            Some(Json::Null) => {
                self.expectation
                    .breach(rules::REP_9, format!("null for id in {list}"), BAD);
                None
            }
            Some(Json::Text(id)) => {
                self.id_text(id, list);
                Some(id.clone())
            }
            Some(other) => {
                if self.wrong_type(other, &CONFIGURATION_ID.properties[0], list) {
                    self.ambiguous = true;
                }
                None
            }
        }
    }
}
