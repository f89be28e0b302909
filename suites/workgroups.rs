//! Workgroups: where an update goes, and where it does not.

use proptest::prelude::*;
use proptest::strategy::{BoxedStrategy, Just};
use serde_json::json;

use crate::contract::rules::*;
use crate::generate::case::Near;
use crate::generate::mailbox::names;
use crate::generate::update::{Size, plain_each, plain_step, removing, update};
use crate::generate::{Case, Fixtures, Step, WorkgroupChoice};
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
            let removal = names().prop_map(|names| removing(&[names.id(1)]));
            let bodies = [removal.boxed(), Just(json!({})).boxed()];
            strata.extend(bodies.map(|body| {
                let absent = absent.clone();
                body.prop_map(move |body| Case::one(Step::send(body).of(absent.clone())))
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
        strata: |fixtures| {
            let step = plain_step(fixtures);
            vec![
                step.prop_map(|step| Case::one(step.of(WorkgroupChoice::LeasedInOtherCase)))
                    .boxed(),
            ]
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
            // The same objects stand in both workgroups, under the same ids.
            let twins = |cases: BoxedStrategy<Case>| {
                cases
                    .prop_map(|case| Case {
                        witness: Some(case.scene.clone()),
                        ..case
                    })
                    .boxed()
            };
            let mut cases = plain_each(fixtures);
            let drawn = update(fixtures, size);
            cases.extend([drawn.clone(), drawn]);
            cases.into_iter().map(twins).collect()
        },
    },
];

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
        "7340032",
        "No Such Workgroup (7f3a)",
        "nö-süch-wörkgröup-7f3a",
        "キュー-7f3a",
        "\u{1f4e8}-7f3a",
        "no.such;workgroup,7f3a",
        "no'such\"workgroup&7f3a=1",
        "no+such%20workgroup#7f3a?",
        "monitored-mailboxes",
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
