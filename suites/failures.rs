//! 500 and 410: what only the target's own side can provoke.

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use serde_json::json;

use crate::contract::rules::*;
use crate::generate::mailbox::{Shape, names};
use crate::generate::session::{SessionState, Token};
use crate::generate::update::{Size, adding, as_json, update};
use crate::generate::{Case, Fixtures, Prelude, Step, WorkgroupChoice};
use crate::runner::property::Share;
use crate::runner::{Need, Property};

/// The properties of the family `failure`.
pub const PROPERTIES: &[Property] = &[
    Property {
        id: "failure/internal",
        says: "a provoked 500 is a plain error, leaves the update whole or absent, and the server lives on",
        rules: &[ISE_2, ISE_3],
        needs: &[Need::FailNext],
        share: Share::Strata,
        strata: |fixtures| {
            let several = update(fixtures, Size { scene: 2, added: 3 })
                .prop_map(|mut case| {
                    for step in &mut case.steps {
                        step.prelude = Some(Prelude::FailNext);
                    }
                    case
                })
                .boxed();
            vec![
                plain(fixtures, Prelude::FailNext),
                two_lists(fixtures),
                several.clone(),
                several,
            ]
        },
    },
    Property {
        id: "failure/gone",
        says: "a removed resource is answered 410 and nothing is applied",
        rules: &[GONE_1],
        needs: &[Need::RemoveResource],
        share: Share::Strata,
        strata: gone,
    },
];

fn plain(fixtures: &Fixtures, prelude: Prelude) -> BoxedStrategy<Case> {
    let plain = Shape::plain(fixtures);
    names()
        .prop_map(move |names| {
            Case::one(Step::send(adding(&[plain.named(&names, 1)])).after(prelude))
        })
        .boxed()
}

/// Something to do in every list, so that a half-done update shows.
fn two_lists(fixtures: &Fixtures) -> BoxedStrategy<Case> {
    let plain = Shape::plain(fixtures);
    names()
        .prop_map(move |names| {
            let stored = plain.named(&names, 1);
            let mut changed = plain.named(&names, 2);
            changed.email_address = names.address(52).into();
            let body = json!({
                "add": [as_json(&plain.named(&names, 3)), as_json(&plain.named(&names, 4))],
                "modify": [as_json(&changed)],
                "remove": [names.id(1)],
            });
            Case::one(Step::send(body).after(Prelude::FailNext))
                .with_scene(vec![stored, plain.named(&names, 2)])
        })
        .boxed()
}

fn gone(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let step = plain(fixtures, Prelude::RemoveResource);
    let change = |change: fn(&mut Step)| {
        step.clone()
            .prop_map(move |mut case| {
                case.steps.iter_mut().for_each(change);
                case
            })
            .boxed()
    };
    vec![
        step.clone(),
        change(|step| step.session = SessionState::token(Token::Absent)),
        change(|step| step.body = (&b"{"[..]).into()),
        change(|step| step.workgroup = WorkgroupChoice::Absent("no-such-workgroup".to_owned())),
    ]
}
