//! Valid updates: accepted, answered as documented, and stored.

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use serde_json::{Value, json};

use crate::contract::representation::Field;
use crate::contract::rules::*;
use crate::generate::mailbox::{Names, Shape, names};
use crate::generate::update::{Size, as_json, plain_each, removing, update};
use crate::generate::{Case, Fixtures, Step};
use crate::runner::Property;
use crate::runner::property::Share;

/// The properties of the family `update`.
pub const PROPERTIES: &[Property] = &[
    Property {
        id: "update/plain",
        says: "one mailbox added, modified or removed is accepted and stored",
        rules: &[REP_1, OK_1, OK_2, OK_3, OK_4, OK_5, EFF_1, EFF_2, EFF_8],
        needs: &[],
        share: Share::Strata,
        strata: plain,
    },
    Property {
        id: "update/partial",
        says: "a modify of one property, where it is accepted, changes that and nothing else",
        rules: &[REP_8, EFF_1, EFF_2],
        needs: &[],
        share: Share::Strata,
        strata: partial,
    },
    Property {
        id: "update/valid",
        says: "a valid update of any kind and size is accepted and stored",
        rules: &[
            REP_1, REP_6, REP_11, OK_1, OK_2, OK_3, OK_4, OK_5, EFF_1, EFF_2, EFF_8, FLD_3, FLD_5,
            FLD_6, FLD_10,
        ],
        needs: &[],
        share: Share::Budget,
        strata: |fixtures| vec![update(fixtures, Size { scene: 4, added: 4 })],
    },
];

/// The new value of a property, by the case and what is stored.
type NewValue = fn(&Names, &Shape) -> Value;

/// Each property on its own: alone, beside an added object that differs in all
/// of them, and behind another object that is modified in all.
fn partial(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let inbound = Shape::inbound(fixtures);
    let other = Shape {
        moniker: fixtures
            .mailboxes
            .last()
            .map_or_else(|| inbound.moniker.clone(), |(moniker, _)| moniker.clone()),
        encrypted: true.into(),
        ..Shape::plain(fixtures)
    };
    let values: [(&'static str, NewValue); 5] = [
        ("emailAddress", |names, _| json!(names.address(51))),
        ("mailboxMoniker", |_, stored| json!(stored.moniker)),
        ("mailboxType", |_, _| json!(2)),
        ("inboundFolder", |_, _| Value::Null),
        ("canReceiveEncryptedEmail", |_, _| json!(true)),
    ];
    let forms = values
        .into_iter()
        .flat_map(|value| (0..3).map(move |form| (value, form)));
    forms
        .map(|((property, value), form)| {
            let (inbound, other) = (inbound.clone(), other.clone());
            names()
                .prop_map(move |names| {
                    let one = json!({
                        "configurationId": { "id": names.id(1) },
                        property: value(&names, &inbound),
                    });
                    let body = match form {
                        0 => json!({ "modify": [one] }),
                        1 => json!({ "add": [as_json(&other.named(&names, 3))], "modify": [one] }),
                        _ => {
                            let all = as_json(&other.named(&names, 2));
                            json!({ "modify": [all, one] })
                        }
                    };
                    let scene = [&inbound, &inbound].into_iter().zip(1..);
                    let scene = scene.map(|(shape, number)| shape.named(&names, number));
                    let mut scene: Vec<_> = scene.collect();
                    // What the other modify changes to has no folder.
                    scene[1].inbound_folder = Field::Absent;
                    Case::one(Step::send(body)).with_scene(scene)
                })
                .boxed()
        })
        .chain([moniker_alone(fixtures)])
        .collect()
}

/// The moniker alone, of a mailbox that no folder binds to it.
fn moniker_alone(fixtures: &Fixtures) -> BoxedStrategy<Case> {
    let plain = Shape::plain(fixtures);
    let mut monikers = fixtures.mailboxes.iter().map(|(moniker, _)| moniker);
    let other = monikers.find(|moniker| **moniker != plain.moniker);
    let other = other.unwrap_or(&plain.moniker).clone();
    names()
        .prop_map(move |names| {
            let id = json!({ "id": names.id(1) });
            let body = json!({ "modify": [{ "configurationId": id, "mailboxMoniker": other }] });
            Case::one(Step::send(body)).with_scene(vec![plain.named(&names, 1)])
        })
        .boxed()
}

/// Three objects are removed, in as many updates as `lists` makes of them.
fn all_removed(
    fixtures: &Fixtures,
    lists: fn(Vec<String>) -> Vec<Vec<String>>,
) -> BoxedStrategy<Case> {
    let plain = Shape::plain(fixtures);
    names()
        .prop_map(move |names| {
            let ids = (1..4).map(|number| names.id(number)).collect();
            let updates = lists(ids).into_iter();
            Case {
                scene: (1..4).map(|number| plain.named(&names, number)).collect(),
                steps: updates.map(|ids| Step::send(removing(&ids))).collect(),
                ..Case::default()
            }
        })
        .boxed()
}

/// Each list on its own, in its plainest form, and with nothing to do.
fn plain(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let mut strata = plain_each(fixtures);
    strata.push(all_removed(fixtures, |ids| vec![ids]));
    strata.push(all_removed(fixtures, |ids| {
        ids.into_iter().map(|id| vec![id]).collect()
    }));
    let idle = [
        json!({}),
        json!({"add": null, "modify": null, "remove": null}),
        json!({"add": [], "modify": [], "remove": []}),
        json!({"add": [], "modify": []}),
        json!({"modify": [], "remove": []}),
        json!({"add": null, "remove": []}),
        json!({"add": []}),
        json!({"modify": null}),
        json!({"remove": []}),
    ];
    for body in idle {
        let plain = Shape::plain(fixtures);
        strata.push(
            names()
                .prop_map(move |names| {
                    let stored = plain.named(&names, 1);
                    Case::one(Step::send(body.clone())).with_scene(vec![stored])
                })
                .boxed(),
        );
    }
    strata
}
