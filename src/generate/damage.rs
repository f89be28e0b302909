//! Damage to the content of a body: every row of the property table times
//! missing, null and each wrong type; every list; every element. Each damage
//! has a name and is otherwise valid, so that it stands alone.

use serde_json::{Map, Value, json};

use super::fixtures::Fixtures;
use super::mailbox::{Names, Shape};
use super::update::as_json;
use crate::contract::representation::{
    BULK_UPDATE, CONFIGURATION_ID, Field, Kind, MONITORED_MAILBOX, MonitoredMailbox, Property,
};

/// Where in a body the damage is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// In an object of `add`.
    Add,
    /// In an object of `modify`.
    Modify,
}

impl List {
    /// The property's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Modify => "modify",
        }
    }
}

/// One damage to one object.
#[derive(Clone, Debug)]
pub struct ObjectDamage {
    /// What it does, as a stable name.
    pub name: String,
    /// In which list.
    pub list: List,
    /// Which property of the object, or of its configurationId.
    path: Vec<&'static str>,
    written: Written,
    /// What stands in the list or object where the object has nothing there.
    sample: Value,
}

/// What stands in place of a right value.
#[derive(Clone, Debug)]
enum Written {
    Nothing,
    Other(Value),
    /// The right value, as the only element of a list.
    InList,
    /// The right value, as the only member of an object.
    InObject,
}

impl ObjectDamage {
    /// Whether it is done to that property.
    pub fn is_of(&self, name: &str) -> bool {
        self.path.last() == Some(&name)
    }

    /// The damaged object.
    pub fn apply(&self, mailbox: &MonitoredMailbox) -> Value {
        let mut object = as_json(mailbox);
        let (last, parents) = self.path.split_last().expect("a path has a property");
        let mut parent = &mut object;
        for name in parents {
            parent = &mut parent[*name];
        }
        if let Value::Object(members) = parent {
            let right = || members.get(*last).unwrap_or(&self.sample).clone();
            let written = match &self.written {
                Written::Nothing => None,
                Written::Other(value) => Some(value.clone()),
                Written::InList => Some(json!([right()])),
                Written::InObject => Some(json!({ "value": right() })),
            };
            match written {
                Some(value) => {
                    members.insert((*last).to_owned(), value);
                }
                None => {
                    members.remove(*last);
                }
            }
        }
        object
    }
}

/// A value of each JSON type that a property of this kind must not have, with
/// those whose conversion is open among them; the oracle knows which.
fn wrong_values(kind: Kind) -> Vec<Value> {
    match kind {
        Kind::Boolean => vec![
            json!(1),
            json!(0),
            json!("yes"),
            json!("true"),
            json!(""),
            json!([]),
            json!({}),
        ],
        Kind::Text | Kind::Uri => vec![json!(5), json!(true), json!([]), json!({})],
        Kind::Enum(_) => vec![
            json!("x"),
            json!("1"),
            json!(""),
            json!("inbound"),
            json!(true),
            json!([]),
            json!({}),
            json!(3),
            json!(-1),
            json!(1.5),
            json!(2_147_483_648_u64),
            json!(4_294_967_297_u64),
            json!(256),
            json!(1.0),
        ],
        Kind::Object(_) => vec![
            json!("x"),
            json!(""),
            json!(5),
            json!(true),
            json!(false),
            json!([]),
        ],
        Kind::List(_) | Kind::TextList => vec![
            json!({}),
            json!("x"),
            json!(""),
            json!(5),
            json!(0),
            json!(true),
            json!(false),
            json!({"0": {}}),
        ],
    }
}

/// A right value of that kind.
fn right_value(kind: Kind) -> Value {
    match kind {
        Kind::Boolean => json!(true),
        Kind::Text | Kind::Uri => json!("x"),
        Kind::Enum(_) => json!(1),
        Kind::Object(_) => json!({ "id": "x" }),
        Kind::List(_) | Kind::TextList => json!([]),
    }
}

fn damages_of(
    property: &'static Property,
    path: &[&'static str],
    list: List,
    all: &mut Vec<ObjectDamage>,
) {
    let mut push = |what: String, written: Written| {
        all.push(ObjectDamage {
            name: format!("{what} for {} in {}", property.name, list.name()),
            list,
            path: path.to_vec(),
            written,
            sample: right_value(property.kind),
        });
    };
    push("nothing".to_owned(), Written::Nothing);
    push("null".to_owned(), Written::Other(Value::Null));
    push("a list of the value".to_owned(), Written::InList);
    push("an object of the value".to_owned(), Written::InObject);
    for value in wrong_values(property.kind) {
        push(value.to_string(), Written::Other(value));
    }
}

/// Every row of the property table, times missing, null and each wrong value,
/// in both lists.
pub fn object_damages() -> Vec<ObjectDamage> {
    let mut all = Vec::new();
    for list in [List::Add, List::Modify] {
        for property in MONITORED_MAILBOX.properties {
            damages_of(property, &[property.name], list, &mut all);
        }
        for property in CONFIGURATION_ID.properties {
            damages_of(
                property,
                &["configurationId", property.name],
                list,
                &mut all,
            );
        }
        all.push(ObjectDamage {
            name: format!("an empty configurationId in {}", list.name()),
            list,
            path: vec!["configurationId"],
            written: Written::Other(json!({})),
            sample: Value::Null,
        });
    }
    all
}

/// A damaged body beside what it is named for.
#[derive(Clone, Debug)]
pub struct BodyDamage {
    /// What it does, as a stable name.
    pub name: String,
    /// The body.
    pub body: Value,
}

/// Every list of the body that is no list, and every element that is none;
/// each alone, behind a valid element, and with another list that is in order.
pub fn list_damages(
    fixtures: &Fixtures,
    names: &Names,
    stored: &MonitoredMailbox,
) -> Vec<BodyDamage> {
    let mut all = Vec::new();
    for property in BULK_UPDATE.properties {
        for value in wrong_values(property.kind) {
            all.push(BodyDamage {
                name: format!("{value} for {}", property.name),
                body: json!({ property.name: value }),
            });
        }
        let (valid, elements) = match property.name {
            "remove" => (
                json!(stored.id().unwrap_or_default()),
                vec![
                    Value::Null,
                    json!({}),
                    json!([]),
                    json!([stored.id()]),
                    json!({"id": stored.id()}),
                    json!(5),
                    json!(true),
                ],
            ),
            "modify" => (
                as_json(stored),
                vec![
                    Value::Null,
                    json!("x"),
                    json!(5),
                    json!([]),
                    json!([{}]),
                    json!(true),
                ],
            ),
            _ => (
                as_json(&Shape::plain(fixtures).named(names, 7)),
                vec![
                    Value::Null,
                    json!("x"),
                    json!(5),
                    json!([]),
                    json!([{}]),
                    json!(true),
                ],
            ),
        };
        all.push(BodyDamage {
            name: format!("an element in place of {}", property.name),
            body: json!({ property.name: valid }),
        });
        all.push(BodyDamage {
            name: format!("an object of elements for {}", property.name),
            body: json!({ property.name: { "item": valid } }),
        });
        all.push(BodyDamage {
            name: format!("a list of elements in {}", property.name),
            body: json!({ property.name: [[valid]] }),
        });
        // Another list is in order, and is read first.
        let (other, in_order) = match property.name {
            "add" => ("remove", json!([stored.id()])),
            _ => (
                "add",
                json!([as_json(&Shape::plain(fixtures).named(names, 8))]),
            ),
        };
        for damaged in [json!("x"), json!({}), json!([valid, null_of(&valid)])] {
            all.push(BodyDamage {
                name: format!("{} that is not in order beside {other}", property.name),
                body: json!({ other: in_order, property.name: damaged }),
            });
        }
        for element in elements {
            all.push(BodyDamage {
                name: format!("{element} as an element of {}", property.name),
                body: json!({ property.name: [element] }),
            });
            all.push(BodyDamage {
                name: format!("{element} behind an element of {}", property.name),
                body: json!({ property.name: [valid, element] }),
            });
        }
    }
    all
}

/// What a list must not hold beside such an element.
fn null_of(element: &Value) -> Value {
    match element {
        Value::String(_) => json!({}),
        _ => Value::Null,
    }
}

/// Objects of `modify` that name no object, though their other properties are
/// those of one that exists (REP-9).
pub fn nameless_modifies(stored: &MonitoredMailbox) -> Vec<BodyDamage> {
    let mut object = as_json(stored);
    object["canReceiveEncryptedEmail"] = json!(true);
    let named = |name: &str, id: Option<Value>| {
        let mut object = object.clone();
        if let Value::Object(members) = &mut object {
            members.shift_remove("configurationId");
            if let Some(id) = id {
                members.insert("configurationId".to_owned(), id);
            }
        }
        BodyDamage {
            name: name.to_owned(),
            body: json!({ "modify": [object] }),
        }
    };
    vec![
        named("an address in place of a configurationId", None),
        named(
            "an address beside an empty configurationId",
            Some(json!({})),
        ),
        named(
            "an address beside a displayName only",
            Some(json!({ "displayName": stored.id() })),
        ),
    ]
}

/// What the contract leaves open about a body's shape (REP-8, REP-12, REP-17),
/// as variations of a valid object.
pub fn open_forms(list: List, mailbox: &MonitoredMailbox) -> Vec<BodyDamage> {
    let object = |change: &dyn Fn(&mut Map<String, Value>)| {
        let mut value = as_json(mailbox);
        if let Value::Object(members) = &mut value {
            change(members);
        }
        json!({ list.name(): [value] })
    };
    let form = |name: &str, body: Value| BodyDamage {
        name: name.to_owned(),
        body,
    };
    vec![
        form(
            "an unknown property",
            object(&|members| {
                members.insert("colour".to_owned(), json!("red"));
            }),
        ),
        form(
            "an unknown nested property",
            object(&|members| {
                members.insert("colour".to_owned(), json!({"name": ["red", null, 1]}));
            }),
        ),
        form(
            "a property name in another case",
            object(&|members| {
                if let Some(value) = members.remove("emailAddress") {
                    members.insert("EmailAddress".to_owned(), value);
                }
            }),
        ),
        form(
            "a foreign __type",
            object(&|members| {
                members.insert(
                    "__type".to_owned(),
                    json!("urn:inin.com:configuration:user"),
                );
            }),
        ),
        form(
            "a __type that is a number",
            object(&|members| {
                members.insert("__type".to_owned(), json!(1));
            }),
        ),
        form(
            "a uri",
            object(&|members| {
                if let Some(Value::Object(id)) = members.get_mut("configurationId") {
                    id.insert("uri".to_owned(), json!("/icws/configuration/x"));
                }
            }),
        ),
    ]
}

/// Folders where they do not belong (FLD-1, FLD-2), as shapes.
pub fn folder_damages(fixtures: &Fixtures) -> Vec<(String, Shape)> {
    let mut all = Vec::new();
    let plain = Shape::plain(fixtures);
    for (moniker, folder) in fixtures.places() {
        all.push((
            "a folder on an outbound mailbox".to_owned(),
            Shape {
                moniker: moniker.to_owned(),
                folder: Field::Value(folder.to_owned()),
                ..plain.clone()
            },
        ));
    }
    for mailbox_type in [0, 2] {
        for (moniker, _) in &fixtures.mailboxes {
            all.push((
                "a folder that no mailbox has".to_owned(),
                Shape {
                    moniker: moniker.clone(),
                    mailbox_type,
                    folder: Field::Value(fixtures.missing_folder()),
                    ..plain.clone()
                },
            ));
        }
    }
    // One inbound type each: the moves are many.
    let types = [0, 2].into_iter().cycle();
    for ((_, folder, other), mailbox_type) in fixtures.folder_losing_moves().into_iter().zip(types)
    {
        all.push((
            "a folder of another mailbox".to_owned(),
            Shape {
                moniker: other.to_owned(),
                mailbox_type,
                folder: Field::Value(folder.to_owned()),
                ..plain.clone()
            },
        ));
    }
    all
}

/// Makes a name that looks like that of a folder.
type Alike = fn(&str) -> String;

/// How a name looks like a folder's and is another: none of them leaves it at
/// another case, which is open (FLD-2).
const NEAR_FOLDERS: &[Alike] = &[
    |folder| format!(" {folder}"),
    |folder| format!("{folder} "),
    |folder| format!("{folder} 2"),
    |folder| format!("Other {folder}"),
    |folder| part(folder, 0, 1),
    |folder| part(folder, 1, 2),
    |folder| format!("{} {}", part(folder, 0, 1), part(folder, 1, 2)),
    |folder| folder.rsplit('/').next().unwrap_or(folder).to_owned(),
    |folder| format!("{folder}/{folder}"),
    |folder| format!("{folder}{}", " and more".repeat(9)),
    |folder| format!("\"{folder}\""),
    |_| "*".to_owned(),
];

/// From one half of a text to another.
fn part(text: &str, from: usize, to: usize) -> String {
    let half = text.chars().count().div_ceil(2);
    text.chars()
        .skip(from * half)
        .take((to - from) * half)
        .collect()
}

/// Monikers with folder names that they lack, each much like one that they
/// have: all of them at the plainest place, some at every other.
pub fn near_folders(fixtures: &Fixtures) -> Vec<(String, String)> {
    let plainest = fixtures.plainest_place();
    let mut all = Vec::new();
    for (at, (moniker, folder)) in fixtures.places().into_iter().enumerate() {
        for (number, alike) in NEAR_FOLDERS.iter().enumerate() {
            // Names with several parts are alike in more ways.
            let worthwhile = plainest == Some((moniker, folder))
                || folder.contains('/')
                || (at + number).is_multiple_of(4);
            let near = alike(folder);
            let is_new = || {
                !all.iter()
                    .any(|(known, name)| known == moniker && *name == near)
            };
            if worthwhile && !near.is_empty() && fixtures.lacks(moniker, &near) && is_new() {
                all.push((moniker.to_owned(), near));
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_property_table_is_damaged_in_both_lists() {
        let damages = object_damages();
        for list in [List::Add, List::Modify] {
            for property in MONITORED_MAILBOX
                .properties
                .iter()
                .chain(CONFIGURATION_ID.properties)
            {
                let count = damages
                    .iter()
                    .filter(|damage| {
                        damage.list == list && damage.path.last() == Some(&property.name)
                    })
                    .count();
                assert!(count >= 6, "{} in {}", property.name, list.name());
            }
        }
    }

    #[test]
    fn a_damage_changes_its_property_only() {
        let fixtures = Fixtures::for_tests();
        let mailbox = Shape::inbound(&fixtures).named(&Names::new(1), 1);
        for damage in object_damages() {
            let mut damaged = damage.apply(&mailbox);
            let mut whole = as_json(&mailbox);
            let first = damage.path[0];
            for value in [&mut damaged, &mut whole] {
                value.as_object_mut().expect("an object").remove(first);
            }
            assert_eq!(damaged, whole, "{}", damage.name);
        }
    }
}
