//! Damage to lists and their elements, and what the contract leaves open about
//! a body's shape.

use serde_json::{Map, Value, json};

use super::{List, wrong_values};
use crate::contract::representation::{BULK_UPDATE, MonitoredMailbox};
use crate::generate::fixtures::Fixtures;
use crate::generate::mailbox::{Names, Shape};
use crate::generate::update::as_json;

/// A damaged body beside what it is named for.
#[derive(Clone, Debug)]
pub struct BodyDamage {
    /// What it does, as a stable name.
    pub name: String,
    /// The body.
    pub body: Value,
}

/// Elements that are no objects.
fn no_objects() -> Vec<Value> {
    vec![
        Value::Null,
        json!("x"),
        json!(5),
        json!([]),
        json!([{}]),
        json!(true),
    ]
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
                    json!(false),
                ],
            ),
            "modify" => (as_json(stored), no_objects()),
            _ => (
                as_json(&Shape::plain(fixtures).named(names, 7)),
                no_objects(),
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

/// Elements that a list must not hold, between others and behind many: `valid`
/// makes those, each from a number of its own.
pub fn late_elements(list: &str, valid: &dyn Fn(usize) -> Value) -> Vec<BodyDamage> {
    let odd = [Value::Null, json!({}), json!([])];
    let damages = odd.into_iter().flat_map(|odd| {
        [(1, 1), (11, 0)].map(|(in_front, behind)| {
            let mut elements: Vec<Value> = (1..=in_front).map(valid).collect();
            elements.push(odd.clone());
            elements.extend((in_front + 1..=in_front + behind).map(valid));
            BodyDamage {
                name: format!("{odd} behind {in_front} elements of {list}"),
                body: json!({ list: elements }),
            }
        })
    });
    damages.collect()
}

/// Configuration ids that have everything but an id (REP-9).
pub fn nameless_adds(added: &MonitoredMailbox) -> Vec<BodyDamage> {
    let ids = [
        json!({ "displayName": added.id() }),
        json!({ "uri": "/icws/x" }),
        json!({ "displayName": null }),
    ];
    let named = ids.map(|id| {
        let mut object = as_json(added);
        object["configurationId"] = id.clone();
        BodyDamage {
            name: format!("{id} for configurationId in add"),
            body: json!({ "add": [object] }),
        }
    });
    let empty = BodyDamage {
        name: "an empty object in add".to_owned(),
        body: json!({ "add": [{}] }),
    };
    named.into_iter().chain([empty]).collect()
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
        form("a __type of the body that is a number", {
            let mut body = object(&|_| {});
            body["__type"] = json!(5);
            body
        }),
        form(
            "a __type of the configurationId that is an object",
            object(&|members| {
                if let Some(Value::Object(id)) = members.get_mut("configurationId") {
                    id.insert("__type".to_owned(), json!({}));
                }
            }),
        ),
        form(
            "a __type that is null",
            object(&|members| {
                members.insert("__type".to_owned(), Value::Null);
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
