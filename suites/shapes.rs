//! The shape of a body: every property, list and element that is missing,
//! null, of another type or out of range, and what the contract leaves open.

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use serde_json::{Value, json};

use crate::contract::representation::MonitoredMailbox;
use crate::contract::rules::*;
use crate::contract::wire;
use crate::generate::damage::{
    BodyDamage, List, ObjectDamage, late_elements, list_damages, nameless_adds, nameless_modifies,
    object_damages, open_forms,
};
use crate::generate::mailbox::{Names, Shape, names};
use crate::generate::update::{Neighbours, as_json};
use crate::generate::{Body, Case, Fixtures, Step};
use crate::runner::Property;
use crate::runner::property::Share;

/// The properties of the family `shape`.
pub const PROPERTIES: &[Property] = &[
    Property {
        id: "shape/added",
        says: "an added object that is not as documented is refused and nothing is applied",
        rules: &[
            REP_4, REP_5, REP_6, REP_7, REP_9, REP_10, EFF_3, ERR_4, ERR_5, ERR_6, ERR_7, ERR_8,
            ERR_9, ERR_12,
        ],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| damaged_objects(fixtures, List::Add),
    },
    Property {
        id: "shape/modified",
        says: "a modified object that is not as documented is refused and nothing is applied",
        rules: &[REP_4, REP_5, REP_6, REP_8, REP_9, REP_10, EFF_3, ERR_10],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| damaged_objects(fixtures, List::Modify),
    },
    Property {
        id: "shape/lists",
        says: "a list that is none, or holds what it must not, is refused and nothing is applied",
        rules: &[REP_4, REP_5, EFF_3],
        needs: &[],
        share: Share::Strata,
        strata: damaged_lists,
    },
    Property {
        id: "shape/null",
        says: "null for a nullable property is accepted",
        rules: &[REP_6, FLD_3, FLD_5],
        needs: &[],
        share: Share::Strata,
        strata: nulls,
    },
    Property {
        id: "shape/type-name",
        says: "a __type that names the right type is accepted",
        rules: &[REP_17],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| {
            let places: [&'static [&'static str]; 4] =
                [&["body"], &["mailbox"], &["id"], &["body", "mailbox", "id"]];
            let lists = [List::Add, List::Modify].into_iter();
            lists
                .flat_map(|list| places.map(|places| typed(fixtures, list, places)))
                .collect()
        },
    },
    Property {
        id: "shape/open",
        says: "what unknown properties, foreign types and odd names are answered",
        rules: &[REP_12],
        needs: &[],
        share: Share::Strata,
        strata: open,
    },
    Property {
        id: "shape/several",
        says: "a body that is wrong in several ways is refused for one of them and nothing is applied",
        rules: &[REP_4, REP_5, REP_7, REP_9, REP_10, EFF_3],
        needs: &[],
        share: Share::Budget,
        strata: several,
    },
];

/// The stored object and what stands beside the damaged one.
#[derive(Clone, Debug)]
struct Company {
    names: Names,
    /// The valid objects of the same list.
    neighbours: Neighbours,
    /// The other lists have something valid to do.
    elsewhere: bool,
    /// The object is inbound with a folder.
    inbound: bool,
    /// And outbound at once.
    both_ways: bool,
}

fn company() -> impl Strategy<Value = Company> {
    let elsewhere = prop::bool::weighted(0.4);
    (names(), Neighbours::drawn(), elsewhere, any::<bool>()).prop_map(
        |(names, neighbours, elsewhere, inbound)| Company {
            names,
            neighbours,
            elsewhere,
            inbound,
            both_ways: false,
        },
    )
}

impl Company {
    fn shape(&self, fixtures: &Fixtures) -> Shape {
        if self.inbound {
            let inbound = Shape::inbound(fixtures);
            Shape {
                mailbox_type: if self.both_ways { 2 } else { 0 },
                ..inbound
            }
        } else {
            Shape::plain(fixtures)
        }
    }

    /// The case in which `list` holds that element, otherwise all is valid.
    fn around(&self, fixtures: &Fixtures, list: List, element: Value) -> Case {
        let plain = Shape::plain(fixtures);
        let mut scene: Vec<MonitoredMailbox> = Vec::new();
        let mut changed = |number: usize| {
            scene.push(plain.named(&self.names, number));
            let mut changed = plain.named(&self.names, number);
            changed.email_address = self.names.address(number + 200).into();
            as_json(&changed)
        };
        let elements = self.neighbours.around(element, |number| match list {
            List::Add => as_json(&plain.named(&self.names, number)),
            List::Modify => changed(number),
        });
        let mut body = json!({ list.name(): elements });
        if self.elsewhere && list == List::Add {
            body["modify"] = json!([changed(10)]);
        }
        if list == List::Modify {
            scene.push(self.shape(fixtures).named(&self.names, 1));
        }
        if self.elsewhere {
            scene.push(plain.named(&self.names, 9));
            body["remove"] = json!([self.names.id(9)]);
            if list == List::Modify {
                body["add"] = json!([as_json(&plain.named(&self.names, 8))]);
            }
        }
        Case::one(Step::send(body)).with_scene(scene)
    }
}

/// Each damage in drawn company, and behind valid objects: one, or so many
/// that a server has long begun.
fn damaged_objects(fixtures: &Fixtures, list: List) -> Vec<BoxedStrategy<Case>> {
    let damages = object_damages()
        .into_iter()
        .filter(|damage| damage.list == list);
    damages
        .enumerate()
        .flat_map(|(at, damage)| {
            let late = match at % 12 {
                0 => Neighbours::LAST_OF_SEVENTY,
                3 | 6 | 9 => Neighbours::LAST_OF_TWELVE,
                _ => Neighbours::SECOND,
            };
            // Once on an inbound mailbox, once on an outbound one; once alone, once
            // with something to do in the other lists.
            let (inbound, elsewhere) = (at % 2 == 0, at % 4 < 2);
            [
                (inbound, elsewhere, None),
                (!inbound, !elsewhere, Some(late)),
            ]
            .map(|(inbound, elsewhere, neighbours)| {
                (damage.clone(), inbound, elsewhere, neighbours)
            })
        })
        .map(|(damage, inbound, elsewhere, neighbours)| {
            let fixtures = fixtures.clone();
            company()
                .prop_map(move |mut company| {
                    company.inbound = inbound;
                    company.elsewhere = elsewhere;
                    if let Some(neighbours) = neighbours {
                        company.both_ways = true;
                        company.neighbours = neighbours;
                        // A folder is right on an inbound mailbox only.
                        company.inbound |= damage.is_of("inboundFolder");
                    }
                    let mailbox = damaged_one(&company, &fixtures, list);
                    company.around(&fixtures, list, damage.apply(&mailbox))
                })
                .boxed()
        })
        .collect()
}

/// The object that is damaged: valid and, in `modify`, a real change.
fn damaged_one(company: &Company, fixtures: &Fixtures, list: List) -> MonitoredMailbox {
    let mut mailbox = company.shape(fixtures).named(&company.names, 1);
    if list == List::Modify {
        mailbox.email_address = company.names.address(51).into();
    }
    mailbox
}

fn damaged_lists(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let sample = Names::new(0);
    let stored = Shape::plain(fixtures).named(&sample, 1);
    let damages = |fixtures: &Fixtures, names: &Names, stored: &MonitoredMailbox| {
        let mut damages = list_damages(fixtures, names, stored);
        damages.extend(nameless_modifies(stored));
        damages.extend(nameless_adds(&Shape::plain(fixtures).named(names, 2)));
        damages
    };
    let count = damages(fixtures, &sample, &stored).len();
    (0..count)
        .map(|number| {
            let fixtures = fixtures.clone();
            names()
                .prop_map(move |names| {
                    let stored = Shape::plain(&fixtures).named(&names, 1);
                    let damage = damages(&fixtures, &names, &stored).swap_remove(number);
                    Case::one(Step::send(damage.body)).with_scene(vec![stored])
                })
                .boxed()
        })
        .chain(late(fixtures))
        .collect()
}

/// Elements that a list must not hold among many that it may.
fn late(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let count = late_elements("remove", &|_| Value::Null).len();
    let lists = ["add", "modify", "remove"].into_iter();
    let places = lists.flat_map(|list| (0..count).map(move |number| (list, number)));
    places
        .map(|(list, number)| {
            let plain = Shape::plain(fixtures);
            names()
                .prop_map(move |names| {
                    let valid = |number: usize| match list {
                        "remove" => json!(names.id(number)),
                        "modify" => as_json(&plain.readdressed(&names, number, number + 50)),
                        _ => as_json(&plain.named(&names, number + 20)),
                    };
                    let damage = late_elements(list, &valid).swap_remove(number);
                    let scene = (1..13).map(|number| plain.named(&names, number));
                    Case::one(Step::send(damage.body)).with_scene(scene.collect())
                })
                .boxed()
        })
        .collect()
}

/// Each nullable property as null, in both lists.
fn nulls(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let mut strata = Vec::new();
    for list in [List::Add, List::Modify] {
        for path in [
            "/canReceiveEncryptedEmail",
            "/inboundFolder",
            "/configurationId/displayName",
        ] {
            for inbound in [false, true] {
                let fixtures = fixtures.clone();
                strata.push(
                    names()
                        .prop_map(move |names| {
                            let company = Company {
                                names,
                                neighbours: Neighbours::NONE,
                                elsewhere: false,
                                inbound,
                                both_ways: false,
                            };
                            let mut element = as_json(&damaged_one(&company, &fixtures, list));
                            set(&mut element, path, Value::Null);
                            company.around(&fixtures, list, element)
                        })
                        .boxed(),
                );
            }
        }
    }
    strata
}

fn set(value: &mut Value, path: &str, new: Value) {
    let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
    if let Some(Value::Object(members)) = value.pointer_mut(parent) {
        members.insert(name.to_owned(), new);
    }
}

/// A valid object in that list with `__type` at those places.
fn typed(fixtures: &Fixtures, list: List, places: &'static [&'static str]) -> BoxedStrategy<Case> {
    let plain = Shape::plain(fixtures);
    names()
        .prop_map(move |names| {
            let stored = plain.named(&names, 1);
            let mailbox = plain.readdressed(&names, 1, 51);
            let mut body = json!({ list.name(): [as_json(&mailbox)] });
            let object = format!("/{}/0", list.name());
            for place in places {
                let (path, urn) = match *place {
                    "body" => ("/__type".to_owned(), wire::BULK_UPDATE_URN),
                    "mailbox" => (format!("{object}/__type"), wire::MONITORED_MAILBOX_URN),
                    _ => {
                        let path = format!("{object}/configurationId/__type");
                        (path, wire::CONFIGURATION_ID_URN)
                    }
                };
                set(&mut body, &path, json!(urn));
            }
            let scene = match list {
                List::Add => Vec::new(),
                List::Modify => vec![stored],
            };
            Case::one(Step::send(body)).with_scene(scene)
        })
        .boxed()
}

fn open(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let sample = Shape::plain(fixtures).named(&Names::new(0), 1);
    let count = open_forms(List::Add, &sample).len();
    let mut strata: Vec<BoxedStrategy<Case>> = [List::Add, List::Modify]
        .into_iter()
        .flat_map(|list| (0..count).map(move |number| (list, number)))
        .map(|(list, number)| {
            let plain = Shape::plain(fixtures);
            names()
                .prop_map(move |names| {
                    let mailbox = plain.named(&names, 1);
                    let BodyDamage { body, .. } = open_forms(list, &mailbox).swap_remove(number);
                    let scene = if list == List::Modify {
                        vec![mailbox]
                    } else {
                        Vec::new()
                    };
                    Case::one(Step::send(body)).with_scene(scene)
                })
                .boxed()
        })
        .collect();
    // What a JSON value cannot hold: keys written twice.
    for (from, to) in [
        ("{\"add\":", "{\"add\":[],\"add\":"),
        ("\"mailboxType\":1", "\"mailboxType\":2,\"mailboxType\":1"),
        ("{\"add\":", "{\"colour\":\"red\",\"add\":"),
        ("{\"add\":", "{\"Add\":[],\"add\":"),
        ("{\"add\":", "{\"__type\":\"urn:inin.com:other\",\"add\":"),
    ] {
        let plain = Shape::plain(fixtures);
        strata.push(
            names()
                .prop_map(move |names| {
                    let body = json!({ "add": [as_json(&plain.named(&names, 1))] }).to_string();
                    Case::one(Step::send(body.replacen(from, to, 1).into_bytes()))
                })
                .boxed(),
        );
    }
    strata
}

/// Two damages at once, in one object or in two, or with a list that is none.
fn several(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let damages = |list: List| -> Vec<ObjectDamage> {
        object_damages()
            .into_iter()
            .filter(|damage| damage.list == list)
            .collect()
    };
    let fixtures = fixtures.clone();
    let added = prop::sample::select(damages(List::Add));
    let modified = prop::sample::select(damages(List::Modify));
    let odd_list = prop_oneof![
        4 => Just(None),
        1 => Just(Some(json!({}))),
        1 => Just(Some(json!([null]))),
        1 => Just(Some(json!(["no-such-id"]))),
    ];
    vec![
        (company(), added, modified, odd_list)
            .prop_map(move |(company, added, modified, odd_list)| {
                let element = modified.apply(&damaged_one(&company, &fixtures, List::Modify));
                let mut case = company.around(&fixtures, List::Modify, element);
                let mut other = Shape::plain(&fixtures).named(&company.names, 7);
                other.email_address = company.names.address(7).into();
                if let Body::Json(body) = &mut case.steps[0].body {
                    body["add"] = json!([added.apply(&other)]);
                    if let Some(odd) = odd_list {
                        body["remove"] = odd;
                    }
                }
                case
            })
            .boxed(),
    ]
}
