//! Rights: who may.

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;

use crate::contract::rules::*;
use crate::generate::Case;
use crate::generate::session::{Asker, SessionState};
use crate::generate::update::{Size, plain_each, update};
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
        cases.extend([drawn.clone(), drawn]);
        cases.into_iter().map(by_the_restricted).collect()
    },
}];

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
