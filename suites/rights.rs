//! Rights: who may.

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;

use crate::contract::rules::*;
use crate::generate::mailbox::{Shape, names};
use crate::generate::session::{Asker, SessionState};
use crate::generate::update::{adding, update};
use crate::generate::{Case, Fixtures, Step};
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
        let plain = plain_step(fixtures).prop_map(Case::one).boxed();
        let size = crate::generate::update::Size { scene: 3, added: 2 };
        let drawn = update(fixtures, size);
        [plain, drawn.clone(), drawn]
            .into_iter()
            .map(|cases| {
                cases
                    .prop_map(|mut case| {
                        for step in &mut case.steps {
                            step.session = SessionState::of(Asker::Restricted);
                        }
                        case
                    })
                    .boxed()
            })
            .collect()
    },
}];

fn plain_step(fixtures: &Fixtures) -> BoxedStrategy<Step> {
    let plain = Shape::plain(fixtures);
    names()
        .prop_map(move |names| Step::send(adding(&[plain.named(&names, 1)])))
        .boxed()
}
