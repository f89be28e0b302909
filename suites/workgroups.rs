//! Workgroups: where an update goes, and where it does not.

use proptest::prelude::*;
use proptest::strategy::{BoxedStrategy, Just};
use serde_json::{Value, json};

use crate::contract::representation::{Field, MonitoredMailbox};
use crate::contract::rules::*;
use crate::generate::case::Near;
use crate::generate::mailbox::{Shape, names};
use crate::generate::update::{Size, as_json, plain_each, plain_step, removing, update};
use crate::generate::{Body, Case, Fixtures, Step, WorkgroupChoice};
use crate::runner::property::Share;
use crate::runner::{Need, Property};

/// The properties of the family `workgroup`.
pub const PROPERTIES: &[Property] = &[
    Property {
        id: "workgroup/absent",
        says: "a workgroup that does not exist is answered 404, whatever its id looks like",
        rules: &[WG_1],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| {
            let absent = WorkgroupChoice::Absent(fixtures.absent_workgroup().to_owned());
            let mut strata = in_absent(fixtures, absent_ids(fixtures));
            strata.extend(bodies(fixtures).into_iter().map(|body| {
                let absent = absent.clone();
                body.prop_map(move |body| {
                    let step = Step::send(body).of(absent.clone());
                    // Asked again it does not exist either.
                    Case {
                        steps: vec![step.clone(), step],
                        ..Case::default()
                    }
                })
                .boxed()
            }));
            strata
        },
    },
    Property {
        id: "workgroup/open-id",
        says: "what an id that no workgroup can be expected to have is answered",
        rules: &[WG_1, ISE_1],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| in_absent(fixtures, open_ids()),
    },
    Property {
        id: "workgroup/nearly",
        says: "an id that only looks like one that exists is answered 404",
        rules: &[WG_1],
        needs: &[],
        share: Share::Strata,
        // With nothing to do, so that a workgroup that exists after all, or is
        // taken for one, is not changed.
        strata: |_| {
            Near::ALL
                .into_iter()
                .map(|near| {
                    let step = Step::send(serde_json::json!({})).of(WorkgroupChoice::Near(near));
                    Just(Case::one(step)).boxed()
                })
                .collect()
        },
    },
    Property {
        id: "workgroup/other-case",
        says: "whether workgroup ids ignore case",
        rules: &[WG_3],
        needs: &[],
        share: Share::Strata,
        // With nothing to do: both may exist, and the other is not ours to change.
        strata: |_| {
            let step = Step::send(json!({})).of(WorkgroupChoice::LeasedInOtherCase);
            vec![Just(Case::one(step)).boxed()]
        },
    },
    Property {
        id: "workgroup/others-unchanged",
        says: "an update of one workgroup changes no other",
        rules: &[WG_2],
        needs: &[Need::ReadBack, Need::SecondWorkgroup],
        share: Share::Strata,
        strata: |fixtures| {
            let size = Size { scene: 3, added: 2 };
            let twins = |cases: BoxedStrategy<Case>| cases.prop_map(with_twins).boxed();
            let mut cases = plain_each(fixtures);
            let drawn = update(fixtures, size);
            cases.extend([drawn.clone(), drawn]);
            cases.into_iter().map(twins).collect()
        },
    },
];

/// Bodies with something in each list, in none and in all.
fn bodies(fixtures: &Fixtures) -> Vec<BoxedStrategy<Value>> {
    let plain = Shape::plain(fixtures);
    (0..4)
        .map(|form| {
            let plain = plain.clone();
            names()
                .prop_map(move |names| {
                    let object = |number| as_json(&plain.named(&names, number));
                    match form {
                        0 => removing(&[names.id(1)]),
                        1 => json!({}),
                        2 => json!({ "modify": [object(1)] }),
                        _ => json!({
                            "add": [object(1)],
                            "modify": [object(2)],
                            "remove": [names.id(3)],
                        }),
                    }
                })
                .boxed()
        })
        .collect()
}

/// The plainest update of each of these workgroups, none of which exists.
fn in_absent(fixtures: &Fixtures, ids: Vec<String>) -> Vec<BoxedStrategy<Case>> {
    ids.into_iter()
        .map(|id| {
            let workgroup = WorkgroupChoice::Absent(id);
            plain_step(fixtures)
                .prop_map(move |step| Case::one(step.of(workgroup.clone())))
                .boxed()
        })
        .collect()
}

/// Ids that do not exist: the profile's, and one of each look.
fn absent_ids(fixtures: &Fixtures) -> Vec<String> {
    let mut ids = fixtures.absent.clone();
    let looks = [
        "no-such-workgroup-7f3a",
        "73400327340032",
        "No Such Workgroup (7f3a)",
        "nö-süch-wörkgröup-7f3a",
        "キュー-7f3a",
        "\u{1f4e8}-7f3a",
        "no.such;workgroup,7f3a",
        "no'such\"workgroup&7f3a=1",
        "no+such%20workgroup#7f3a?",
        "monitored-mailboxes",
        "~no$such^7f3a!",
        "<no>such{7f3a}|`",
        "[no](such)*:@7f3a",
        "null",
        "undefined",
        "NaN",
        "__proto__",
        "constructor",
        "\u{5d0}\u{5d9}\u{5df}-7f3a",
        "\u{e000}\u{f8ff}-7f3a",
        "\u{fdd0}\u{feff}\u{fff9}-7f3a",
    ];
    ids.extend(looks.map(str::to_owned));
    ids.push("x".repeat(255));
    // The longest that WG-1 is certain of, and in bytes the longest of all.
    ids.push("ü".repeat(255));
    ids.push("\u{1f4e8}".repeat(255));
    ids
}

/// Ids that WG-1 leaves open: slashes, control characters and great length,
/// and what becomes of them when they are decoded twice.
fn open_ids() -> Vec<String> {
    let mut ids = [
        "no/such/7f3a",
        "no\\such\\7f3a",
        "no%2Fsuch%2F7f3a",
        "no\u{1}such-7f3a",
        "no such-7f3a\n",
        "no\u{0}such-7f3a",
        "no\u{85}such-7f3a",
        "no%FFsuch-7f3a",
    ]
    .map(str::to_owned)
    .to_vec();
    ids.extend([256, 1000].map(|length| "x".repeat(length)));
    ids
}

/// The same, with objects in the other workgroup that have the ids of those that
/// the case touches, and others that have their addresses. All of them differ in
/// what is stored from what the case says.
fn with_twins(case: Case) -> Case {
    let mut twins: Vec<MonitoredMailbox> = case.scene.clone();
    for step in &case.steps {
        let Body::Json(body) = &step.body else {
            continue;
        };
        let objects = ["add", "modify"].map(|list| body[list].as_array());
        let objects = objects.into_iter().flatten().flatten();
        for object in objects {
            let Ok(twin) = serde_json::from_value::<MonitoredMailbox>(object.clone()) else {
                continue;
            };
            let has_address = |known: &MonitoredMailbox| known.email_address == twin.email_address;
            if twins.iter().any(has_address) {
                continue;
            }
            let is_stored = case.scene.iter().any(|stored| stored.id() == twin.id());
            twins.push(if is_stored {
                MonitoredMailbox {
                    configuration_id: Field::Absent,
                    ..twin
                }
            } else {
                twin
            });
        }
    }
    for twin in &mut twins {
        let other = !matches!(twin.can_receive_encrypted_email, Field::Value(true));
        twin.can_receive_encrypted_email = other.into();
    }
    twins.retain(|twin| {
        twin.email_address.value().is_some()
            && twin.mailbox_moniker.value().is_some()
            && twin.mailbox_type.value().is_some()
    });
    Case {
        witness: Some(twins),
        ..case
    }
}
