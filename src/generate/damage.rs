//! Damage to the content of a body: every row of the property table times
//! missing, null and each wrong type; every list; every element. Each damage
//! has a name and is otherwise valid, so that it stands alone.

mod bodies;
mod folders;

use serde_json::{Value, json};

use super::update::as_json;
use crate::contract::representation::{
    CONFIGURATION_ID, Kind, MONITORED_MAILBOX, MonitoredMailbox, Property,
};

pub use bodies::{
    BodyDamage, late_elements, list_damages, nameless_adds, nameless_modifies, open_forms,
};
pub use folders::{folder_damages, near_folders};

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
            json!("3"),
            json!(true),
            json!([]),
            json!({}),
            json!(3),
            json!(-1),
            json!(1.5),
            json!(0.5),
            json!(-0.5),
            json!(1.000_000_1),
            json!(65_537),
            json!(2_147_483_648_u64),
            json!(4_294_967_297_u64),
            json!(18_446_744_073_709_551_615_u64),
            json!(-9_223_372_036_854_775_808_i64),
            json!(1e30),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::fixtures::Fixtures;
    use crate::generate::mailbox::{Names, Shape};

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
