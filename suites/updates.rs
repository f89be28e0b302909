//! Valid updates: accepted, answered as documented, and stored.

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use serde_json::json;

use crate::contract::rules::*;
use crate::generate::mailbox::{Shape, names};
use crate::generate::update::{Size, adding, modifying, plain_add, removing, update};
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

/// Each list on its own, in its plainest form.
fn plain(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let outbound = Shape::plain(fixtures);
    let inbound = Shape::inbound(fixtures);
    let own = fixtures.clone();
    let (to_modify, to_remove) = (outbound.clone(), outbound.clone());
    vec![
        names()
            .prop_map(move |names| plain_add(&own, &names))
            .boxed(),
        names()
            .prop_map(move |names| Case::one(Step::send(adding(&[inbound.named(&names, 1)]))))
            .boxed(),
        names()
            .prop_map(move |names| {
                let stored = to_modify.named(&names, 1);
                let mut changed = stored.clone();
                changed.email_address = names.address(2).into();
                changed.can_receive_encrypted_email = true.into();
                Case::one(Step::send(modifying(&[changed]))).with_scene(vec![stored])
            })
            .boxed(),
        names()
            .prop_map(move |names| {
                let stored = to_remove.named(&names, 1);
                Case::one(Step::send(removing(&[names.id(1)]))).with_scene(vec![stored])
            })
            .boxed(),
        Just(Case::one(Step::send(json!({})))).boxed(),
        Just(Case::one(Step::send(
            json!({"add": null, "modify": null, "remove": null}),
        )))
        .boxed(),
        Just(Case::one(Step::send(
            json!({"add": [], "modify": [], "remove": []}),
        )))
        .boxed(),
    ]
}
