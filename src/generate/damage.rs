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
    /// What stands there; `None` for nothing.
    value: Option<Value>,
}

impl ObjectDamage {
    /// The damaged object.
    pub fn apply(&self, mailbox: &MonitoredMailbox) -> Value {
        let mut object = as_json(mailbox);
        let (last, parents) = self.path.split_last().expect("a path has a property");
        let mut parent = &mut object;
        for name in parents {
            parent = &mut parent[*name];
        }
        if let Value::Object(members) = parent {
            match &self.value {
                Some(value) => {
                    members.insert((*last).to_owned(), value.clone());
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
            json!("yes"),
            json!("true"),
            json!([]),
            json!({}),
            json!([true]),
        ],
        Kind::Text | Kind::Uri => vec![
            json!(5),
            json!(true),
            json!([]),
            json!(["x"]),
            json!({}),
            json!({"a": "b"}),
        ],
        Kind::Enum(_) => vec![
            json!("x"),
            json!("1"),
            json!("inbound"),
            json!(true),
            json!([]),
            json!([1]),
            json!({}),
            json!(3),
            json!(-1),
            json!(1.5),
            json!(2_147_483_648_u64),
            json!(4_294_967_297_u64),
            json!(256),
            json!(1.0),
        ],
        Kind::Object(_) => vec![json!("x"), json!(5), json!(true), json!([]), json!([{}])],
        Kind::List(_) | Kind::TextList => vec![
            json!({}),
            json!("x"),
            json!(5),
            json!(true),
            json!({"0": {}}),
        ],
    }
}

fn damages_of(
    property: &'static Property,
    path: &[&'static str],
    list: List,
    all: &mut Vec<ObjectDamage>,
) {
    let mut push = |what: String, value: Option<Value>| {
        all.push(ObjectDamage {
            name: format!("{what} for {} in {}", property.name, list.name()),
            list,
            path: path.to_vec(),
            value,
        });
    };
    push("nothing".to_owned(), None);
    push("null".to_owned(), Some(Value::Null));
    for value in wrong_values(property.kind) {
        push(value.to_string(), Some(value));
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
            value: Some(json!({})),
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
/// each alone and behind a valid element.
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
                    json!({"id": names.id(0)}),
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
        for (_, folder, other) in fixtures.folder_losing_moves() {
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
