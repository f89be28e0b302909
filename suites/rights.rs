//! Rights: who may.

use proptest::prelude::*;
use proptest::strategy::{BoxedStrategy, Just};
use serde_json::json;

use crate::contract::rules::*;
use crate::generate::session::{Asker, SessionState};
use crate::generate::update::{Size, plain_each, plain_step, update};
use crate::generate::{Case, Step, WorkgroupChoice};
use crate::runner::property::Share;
use crate::runner::{Need, Property};

/// The properties of the family `rights`.
pub const PROPERTIES: &[Property] = &[Property {
    id: "rights/missing",
    says: "a user without the right to modify is refused with 403 and changes nothing",
    rules: &[ACC_1, ACC_2],
    needs: &[Need::RestrictedUser],
    share: Share::Strata,
    strata: |fixtures| {
        let drawn = update(fixtures, Size { scene: 3, added: 2 });
        let mut cases = plain_each(fixtures);
        cases.extend([drawn.clone(), drawn.clone()]);
        let of = |step: Step| Just(Case::one(step)).boxed();
        cases.extend([
            of(Step::send(json!({}))),
            of(Step::send(json!({})).of(WorkgroupChoice::Absent(
                fixtures.absent_workgroup().to_owned(),
            ))),
            of(Step::send(&b"{"[..])),
            plain_step(fixtures)
                .prop_map(|step| Case::one(step.labelled(Some("application/json"))))
                .boxed(),
        ]);
        let mut cases: Vec<_> = cases.into_iter().map(by_the_restricted).collect();
        cases.push(behind_the_privileged(drawn));
        cases
    },
}];

/// Each update by the user with rights, and then the same by the one without.
fn behind_the_privileged(cases: BoxedStrategy<Case>) -> BoxedStrategy<Case> {
    cases
        .prop_map(|mut case| {
            let again = case.steps.clone().into_iter();
            let by = SessionState::of(Asker::Restricted);
            case.steps.extend(again.map(|step| step.by(by)));
            case
        })
        .boxed()
}

/// The same, asked by the user without rights.
fn by_the_restricted(cases: BoxedStrategy<Case>) -> BoxedStrategy<Case> {
    cases
        .prop_map(|mut case| {
            for step in &mut case.steps {
                step.session = SessionState::of(Asker::Restricted);
            }
            case
        })
        .boxed()
}
