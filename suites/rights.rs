//! Rights: who may.

use proptest::prelude::*;
use proptest::strategy::{BoxedStrategy, Just};
use serde_json::{Value, json};

use crate::contract::rules::*;
use crate::generate::bytes::padded;
use crate::generate::mailbox::{Shape, names};
use crate::generate::session::{Asker, Life, SessionState};
use crate::generate::update::{Size, plain_each, plain_step, update};
use crate::generate::{Case, Fixtures, Prelude, Step, WorkgroupChoice};
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
            of(Step::send(json!({ "remove": ["no-such-id"] }))),
            of(Step::send(
                json!({ "add": [], "modify": null, "remove": [] }),
            )),
            of(Step::send(
                json!({ "add": null, "modify": null, "remove": null }),
            )),
            plain_step(fixtures)
                .prop_map(|step| {
                    let body = padded(&format!("{:?}", step.body), LONG_BODY);
                    Case::one(Step::send(body))
                })
                .boxed(),
            plain_step(fixtures)
                .prop_map(|step| Case::one(step.labelled(Some("application/json"))))
                .boxed(),
        ]);
        let mut cases: Vec<_> = cases.into_iter().map(by_the_restricted).collect();
        cases.push(behind_the_privileged(drawn));
        cases.extend(
            one_property_each(fixtures)
                .into_iter()
                .map(by_the_restricted),
        );
        let everywhere = (0..MANY_WORKGROUPS).map(|number| {
            let step = Step::send(json!({})).of(WorkgroupChoice::Scratch(number));
            Just(Case::one(step)).boxed()
        });
        cases.extend(everywhere.map(by_the_restricted));
        // By a session of its own, so that nothing comes in between.
        let again = SessionState {
            life: Life::Fresh,
            ..SessionState::of(Asker::Restricted)
        };
        cases.push(
            plain_step(fixtures)
                .prop_map(move |step| Case::one(step.by(again).after(Prelude::Refused(again, 1))))
                .boxed(),
        );
        cases
    },
}];

/// The bytes of a body that is read in more than one piece.
const LONG_BODY: usize = 70_000;

/// More scratch workgroups than most profiles have.
const MANY_WORKGROUPS: usize = 12;

/// A modify of one property and no more: each is guarded.
fn one_property_each(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let plain = Shape::plain(fixtures);
    let moniker = plain.moniker.clone();
    let properties = [
        ("emailAddress", json!("changed@acme.test")),
        ("mailboxMoniker", json!(moniker)),
        ("mailboxType", json!(1)),
        ("inboundFolder", json!(null)),
        ("canReceiveEncryptedEmail", json!(true)),
    ];
    let one = |(name, value): (&'static str, Value)| {
        let plain = plain.clone();
        names()
            .prop_map(move |names| {
                let body = json!({ "modify": [{
                    "configurationId": { "id": names.id(1) },
                    name: value,
                }] });
                Case::one(Step::send(body)).with_scene(vec![plain.named(&names, 1)])
            })
            .boxed()
    };
    properties.map(one).to_vec()
}

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
