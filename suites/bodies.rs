//! Bodies that are not JSON or not an object, and JSON that strains a parser.

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;

use crate::contract::rules::*;
use crate::generate::bytes::{ByteDamage, EQUIVALENT, NOT_AN_OBJECT, NOT_JSON, STRAINING};
use crate::generate::mailbox::{Shape, names};
use crate::generate::update::adding;
use crate::generate::{Case, Fixtures, Step};
use crate::runner::Property;
use crate::runner::property::Share;

/// The properties of the family `body`.
pub const PROPERTIES: &[Property] = &[
    Property {
        id: "body/not-json",
        says: "a body that is not JSON is refused with a plain error and changes nothing",
        rules: &[REP_2, EFF_3, ISE_1, ERR_10],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| damaged(fixtures, NOT_JSON),
    },
    Property {
        id: "body/not-an-object",
        says: "JSON that is not an object is refused with a plain error and changes nothing",
        rules: &[REP_3, EFF_3, ISE_1],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| damaged(fixtures, NOT_AN_OBJECT),
    },
    Property {
        id: "body/equivalent",
        says: "JSON that says the same in other words is accepted",
        rules: &[REP_1],
        needs: &[],
        share: Share::Strata,
        strata: |fixtures| damaged(fixtures, EQUIVALENT),
    },
    Property {
        id: "body/straining",
        says: "deep nesting, huge numbers and endless keys are answered like any other body",
        rules: &[REP_12, ISE_1, ERR_10],
        needs: &[],
        share: Share::Once,
        strata: |fixtures| damaged(fixtures, STRAINING),
    },
];

fn damaged(fixtures: &Fixtures, damages: &'static [ByteDamage]) -> Vec<BoxedStrategy<Case>> {
    damages
        .iter()
        .map(|damage| {
            let plain = Shape::plain(fixtures);
            names()
                .prop_map(move |names| {
                    let valid = adding(&[plain.named(&names, 1)]).to_string();
                    Case::one(Step::send(damage.of(&valid)))
                })
                .boxed()
        })
        .collect()
}
