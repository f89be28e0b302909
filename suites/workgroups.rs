//! Workgroups: where an update goes, and where it does not.

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;

use crate::contract::rules::*;
use crate::generate::case::Near;
use crate::generate::update::{plain_each, plain_step, update};
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
            absent_ids(fixtures)
                .into_iter()
                .map(|id| {
                    let workgroup = WorkgroupChoice::Absent(id);
                    plain_step(fixtures)
                        .prop_map(move |step| Case::one(step.of(workgroup.clone())))
                        .boxed()
                })
                .collect()
        },
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
            let size = crate::generate::update::Size { scene: 3, added: 2 };
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
/// Ids that do not exist: the profile's, and one of each look.
fn absent_ids(fixtures: &Fixtures) -> Vec<String> {
    let mut ids = fixtures.absent.clone();
    let looks = [
        "no-such-workgroup-7f3a",
        "7340032",
        "No Such Workgroup (7f3a)",
        "nö-süch-wörkgröup-7f3a",
        "キュー-7f3a",
        "no.such;workgroup,7f3a",
        "no'such\"workgroup&7f3a=1",
        "no+such%20workgroup#7f3a?",
        "monitored-mailboxes",
    ];
    ids.extend(looks.map(str::to_owned));
    ids.push("x".repeat(255));
    ids
}
