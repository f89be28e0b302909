//! Valid updates: accepted, answered as documented, and stored.

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use serde_json::json;

use crate::contract::rules::*;
use crate::generate::mailbox::{Shape, names};
use crate::generate::update::{Size, plain_each, update};
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

/// Each list on its own, in its plainest form, and with nothing to do.
fn plain(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let mut strata = plain_each(fixtures);
    let idle = [
        json!({}),
        json!({"add": null, "modify": null, "remove": null}),
        json!({"add": [], "modify": [], "remove": []}),
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
