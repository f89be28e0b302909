//! What the body says (REP): from its bytes to breaches, features and the
//! effect that acceptance has.

use std::collections::BTreeMap;

use super::effect::{self, AddedObject, Effect, ModifiedObject, Wanted};
use super::expectation::{AnswerKind, Expectation};
use super::fields;
use super::json::{self, Json};
use super::known::{Asked, Known};
use crate::contract::enums::{EnumValue, value_of};
use crate::contract::representation::{
    BULK_UPDATE, CONFIGURATION_ID, Kind, MONITORED_MAILBOX, Property, Representation,
};
use crate::contract::rules;

const BAD: &[AnswerKind] = &[AnswerKind::BadRequest];
const MALFORMED: &[AnswerKind] = &[AnswerKind::Malformed];

/// From how many ids on a list in `remove` is told by REP-15.
const LONG_REMOVE: usize = 20;

/// Adds what the body deserves.
pub(super) fn examine(asked: &Asked<'_>, known: &Known<'_>, expectation: &mut Expectation) {
    let document = match json::parse(asked.body) {
        Ok(document) => document,
        Err(json::NotJson(why)) => {
            expectation.breach(rules::REP_2, format!("not JSON: {why}"), MALFORMED);
            "a body that is not JSON".clone_into(&mut expectation.does);
            return;
        }
    };
    if document.byte_order_mark {
        expectation.maybe(rules::REP_2, "a UTF-8 byte order mark", MALFORMED);
    }
    if document.lone_surrogate {
        expectation.maybe(rules::REP_2, "a lone surrogate escape", BAD);
    }
    let Json::Object(members) = &document.value else {
        let what = format!("{} in place of an object", document.value.type_name());
        expectation.breach(rules::REP_3, what, MALFORMED);
        "JSON that is not an object".clone_into(&mut expectation.does);
        return;
    };
    let mut reader = Reader {
        expectation,
        ambiguous: document.lone_surrogate,
    };
    let mut effect = reader.update(members);
    effect.ambiguous = reader.ambiguous;
    effect::examine_ids(&mut effect, known, expectation);
    fields::examine(&effect, known, expectation);
    describe(members, &effect, expectation);
    expectation.effect = Some(effect);
}

/// Names what the request does, and the features that follow from the whole.
fn describe(members: &[(String, Json)], effect: &Effect, expectation: &mut Expectation) {
    let mut does = Vec::new();
    for (name, count) in [
        ("add", effect.added.len()),
        ("modify", effect.modified.len()),
        ("remove", effect.removed.len()),
    ] {
        match count {
            0 => {}
            1 => does.push(name.to_owned()),
            _ => does.push(format!("{name} several")),
        }
    }
    if effect.removed.len() >= LONG_REMOVE {
        expectation.feature(rules::REP_15, "a long list in remove", true);
    }
    let lists_only = members.iter().all(|(_, value)| match value {
        Json::Null => true,
        Json::List(items) => items.is_empty(),
        Json::Text(_) => true,
        _ => false,
    });
    if effect.is_empty() && lists_only {
        expectation.feature(rules::REP_11, "a body with nothing to do", true);
    }
    expectation.does = if does.is_empty() {
        "nothing to do".to_owned()
    } else {
        does.join(" and ")
    };
}

/// Where a property stands: what findings call it, and what depends on it.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Update,
    Added,
    Modified,
}

impl Place {
    const fn list(self) -> &'static str {
        match self {
            Self::Update => "the body",
            Self::Added => "add",
            Self::Modified => "modify",
        }
    }
}

struct Reader<'a> {
    expectation: &'a mut Expectation,
    /// Some part of the body can be understood in several legal ways, so that
    /// its effect cannot be told.
    ambiguous: bool,
}

/// The members of one object by documented name.
struct Members<'a> {
    found: BTreeMap<&'static str, &'a Json>,
    /// Properties that the contract lets a server read in several ways:
    /// written twice, or in another case.
    open: Vec<&'static str>,
}

impl Reader<'_> {
    fn update(&mut self, members: &[(String, Json)]) -> Effect {
        let members = self.members(members, &BULK_UPDATE, Place::Update);
        let mut effect = Effect::default();
        for (name, place) in [("add", Place::Added), ("modify", Place::Modified)] {
            let Some(items) = self.list(&members, name) else {
                continue;
            };
            for item in items {
                let Some((id, wanted)) = self.mailbox(item, place) else {
                    continue;
                };
                match (place, id) {
                    (Place::Modified, Some(id)) => {
                        effect.modified.push(ModifiedObject { id, wanted })
                    }
                    (Place::Modified, None) => {}
                    (_, id) => effect.added.push(AddedObject { id, wanted }),
                }
            }
        }
        for item in self.list(&members, "remove").unwrap_or_default() {
            match item {
                Json::Text(id) => {
                    if id.is_empty() {
                        self.expectation
                            .maybe(rules::FLD_9, "an empty id in remove", BAD);
                    }
                    effect.removed.push(id.clone());
                }
                Json::Null => {
                    self.expectation
                        .breach(rules::REP_5, "null as an element of remove", BAD)
                }
                Json::Boolean(_) | Json::Number(_) => {
                    let what = format!("{} as an element of remove", item.type_name());
                    self.expectation.maybe(
                        rules::REP_4,
                        what,
                        &[AnswerKind::BadRequest, AnswerKind::NotFound],
                    );
                    self.ambiguous = true;
                }
                _ => {
                    let what = format!("{} as an element of remove", item.type_name());
                    self.expectation.breach(rules::REP_4, what, BAD);
                }
            }
        }
        effect
    }

    /// One of the three lists, where it is a list.
    fn list<'a>(&mut self, members: &Members<'a>, name: &'static str) -> Option<&'a [Json]> {
        match members.found.get(name)? {
            Json::List(items) => Some(items),
            Json::Null => {
                self.expectation
                    .feature(rules::REP_6, format!("null for {name}"), true);
                None
            }
            other => {
                let what = format!("{} for {name}", other.type_name());
                self.expectation.breach(rules::REP_4, what, BAD);
                None
            }
        }
    }

    /// Sorts the members of an object: documented ones, open ones, `__type`.
    fn members<'a>(
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

    /// One object of `add` or `modify`: the id that it names, and what it says
    /// about each property; `None` where it is no object.
    fn mailbox(
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
                if id.is_empty() {
                    self.expectation
                        .maybe(rules::FLD_9, format!("an empty id in {list}"), BAD);
                }
                if id.contains('\0') {
                    self.expectation
                        .maybe(rules::FLD_9, format!("a NUL in an id in {list}"), BAD);
                }
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

    /// One scalar property: what is wrong with its value, and what it says.
    fn property(
        &mut self,
        property: &'static Property,
        value: Option<&Json>,
        list: &str,
    ) -> Wanted {
        let name = property.name;
        match (value, property.kind) {
            (None, _) => Wanted::Absent,
            (Some(Json::Null), _) if property.nullable => {
                self.expectation
                    .feature(rules::REP_6, format!("null for {name} in {list}"), true);
                Wanted::Null
            }
            (Some(Json::Null), _) => {
                let what = format!("null for {name} in {list}");
                if name == "uri" {
                    self.expectation.weak_breach(rules::REP_5, what, BAD);
                } else {
                    self.expectation.breach(rules::REP_5, what, BAD);
                }
                Wanted::Unsure
            }
            (Some(Json::Boolean(flag)), Kind::Boolean) => Wanted::Flag(*flag),
            (Some(Json::Text(text)), Kind::Text | Kind::Uri) => {
                if text.contains('\0') {
                    self.expectation
                        .maybe(rules::FLD_9, format!("a NUL in {name} in {list}"), BAD);
                }
                if matches!(property.kind, Kind::Uri) && !is_uri_like(text) {
                    self.expectation.maybe(
                        rules::FLD_9,
                        format!("a {name} that is no URI in {list}"),
                        BAD,
                    );
                }
                Wanted::Text(text.clone())
            }
            (Some(Json::Number(text)), Kind::Enum(table)) => {
                self.enum_number(name, text, table, list)
            }
            (Some(other), _) => {
                self.wrong_type(other, property, list);
                Wanted::Unsure
            }
        }
    }

    fn enum_number(
        &mut self,
        name: &str,
        text: &str,
        table: &'static [EnumValue],
        list: &str,
    ) -> Wanted {
        if let Some(value) = text.parse().ok().and_then(|number| value_of(table, number)) {
            return Wanted::Number(value.number);
        }
        if is_value_in_disguise(text, table) {
            self.expectation.maybe(
                rules::REP_10,
                format!("{name} written as a fraction in {list}"),
                BAD,
            );
        } else {
            self.expectation
                .breach(rules::REP_10, format!("{name} out of range in {list}"), BAD);
        }
        Wanted::Unsure
    }

    /// REP-4; answers whether conversion is open.
    fn wrong_type(&mut self, value: &Json, property: &'static Property, list: &str) -> bool {
        let name = property.name;
        let what = format!("{} for {name} in {list}", value.type_name());
        let open = match (value, property.kind) {
            (Json::Number(_) | Json::Boolean(_), Kind::Text | Kind::Uri) => true,
            (Json::Text(text), Kind::Boolean) => {
                ["true", "false"].contains(&text.trim().to_lowercase().as_str())
            }
            (Json::Text(text), Kind::Enum(table)) => {
                is_value_in_disguise(text.trim(), table)
                    || table
                        .iter()
                        .any(|value| value.name.eq_ignore_ascii_case(text.trim()))
            }
            _ => false,
        };
        if open {
            self.expectation.maybe(rules::REP_4, what, BAD);
        } else if matches!(name, "uri" | "displayName") {
            self.expectation.weak_breach(rules::REP_4, what, BAD);
        } else {
            self.expectation.breach(rules::REP_4, what, BAD);
        }
        open
    }
}

/// A number that equals a documented value but is not written as an integer:
/// `1.0`, `1e0`, `-0`.
fn is_value_in_disguise(text: &str, table: &[EnumValue]) -> bool {
    text.parse::<f64>()
        .is_ok_and(|number| table.iter().any(|value| f64::from(value.number) == number))
}

/// Whether a text can be a URI reference; RFC 3986 leaves out white space,
/// controls and some delimiters.
pub(crate) fn is_uri_like(text: &str) -> bool {
    !text
        .chars()
        .any(|c| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c))
        && percent_signs_are_escapes(text)
}

fn percent_signs_are_escapes(text: &str) -> bool {
    text.split('%').skip(1).all(|rest| {
        let bytes = rest.as_bytes();
        bytes.len() >= 2 && bytes[..2].iter().all(u8::is_ascii_hexdigit)
    })
}
