//! 500 and 410: what only the target's own side can provoke.

use proptest::prelude::*;
use proptest::strategy::{BoxedStrategy, Just};
use serde_json::json;

use crate::contract::rules::*;
use crate::generate::mailbox::{Shape, names};
use crate::generate::session::{Cookie, PathId, SessionState, Token};
use crate::generate::update::{Size, adding, as_json, plain_each, update};
use crate::generate::{Case, Fixtures, Prelude, Step, WorkgroupChoice};
use crate::runner::property::Share;
use crate::runner::{Need, Property};

/// The properties of the family `failure`.
pub const PROPERTIES: &[Property] = &[
    Property {
        id: "failure/internal",
        says: "a provoked 500 is a plain error, leaves the update whole or absent, and the server lives on",
        rules: &[ISE_2, ISE_3, SES_1, ISE_1],
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
                after_one(fixtures),
                two_lists(fixtures, Prelude::FailNext),
                several.clone(),
                several,
            ]
        },
    },
    Property {
        id: "failure/gone",
        says: "a removed resource is answered 410 and nothing is applied",
        rules: &[GONE_1, GONE_2, SES_12],
        needs: &[Need::RemoveResource],
        share: Share::Strata,
        strata: gone,
    },
    Property {
        id: "failure/gone-elsewhere",
        says: "where the resource of one workgroup is removed, another's is still there",
        rules: &[GONE_2],
        needs: &[Need::RemoveOneResource, Need::SecondWorkgroup],
        share: Share::Strata,
        // With nothing to do: the other workgroup is not ours to change.
        strata: |_| {
            let step = Step::send(json!({})).of(WorkgroupChoice::Another);
            vec![Just(Case::one(step.after(Prelude::RemoveResource))).boxed()]
        },
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

/// An update behind one that failed, by the same session. It sets what is the
/// same when it is set twice: the one that failed may have been applied.
fn after_one(fixtures: &Fixtures) -> BoxedStrategy<Case> {
    let plain = Shape::plain(fixtures);
    names()
        .prop_map(move |names| {
            let stored = plain.named(&names, 1);
            let changed = plain.readdressed(&names, 1, 51);
            let body = json!({ "modify": [as_json(&changed)] });
            Case::one(Step::send(body).after(Prelude::SameFailed)).with_scene(vec![stored])
        })
        .boxed()
}

/// Something to do in every list, so that a half-done update shows.
fn two_lists(fixtures: &Fixtures, prelude: Prelude) -> BoxedStrategy<Case> {
    let plain = Shape::plain(fixtures);
    names()
        .prop_map(move |names| {
            let stored = plain.named(&names, 1);
            let changed = plain.readdressed(&names, 2, 52);
            let body = json!({
                "add": [as_json(&plain.named(&names, 3)), as_json(&plain.named(&names, 4))],
                "modify": [as_json(&changed)],
                "remove": [names.id(1)],
            });
            Case::one(Step::send(body).after(prelude))
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
        restored(&step),
        change(|step| step.body = json!({}).into()),
        change(|step| step.body = json!({ "remove": ["m0000-1"] }).into()),
        unauthenticated(&step, SessionState::token(Token::Absent)),
        unauthenticated(&step, SessionState::cookie(Cookie::Absent)),
        unauthenticated(&step, SessionState::path(PathId::Unknown)),
        change(|step| step.body = (&b"{"[..]).into()),
        change(|step| step.workgroup = WorkgroupChoice::Absent("no-such-workgroup".to_owned())),
        change(|step| step.content_type = Some("application/json".to_owned())),
        two_lists(fixtures, Prelude::RemoveResource),
    ]
    .into_iter()
    .chain(gone_for_all(fixtures))
    .collect()
}

/// Every list on its own, of objects that are stored: none is applied.
fn gone_for_all(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let cases = plain_each(fixtures).into_iter();
    cases
        .map(|case| {
            case.prop_map(|mut case| {
                for step in &mut case.steps {
                    step.prelude = Some(Prelude::RemoveResource);
                }
                case
            })
            .boxed()
        })
        .collect()
}

/// The same update again, once the resource is restored.
fn restored(removed: &BoxedStrategy<Case>) -> BoxedStrategy<Case> {
    removed
        .clone()
        .prop_map(|mut case| {
            let again = case.steps.clone().into_iter();
            case.steps.extend(again.map(|step| Step {
                prelude: None,
                ..step
            }));
            case
        })
        .boxed()
}

/// The same by a session that is wrong, with the resource there and removed:
/// it learns nothing of that.
fn unauthenticated(removed: &BoxedStrategy<Case>, state: SessionState) -> BoxedStrategy<Case> {
    restored(removed)
        .prop_map(move |mut case| {
            case.steps.iter_mut().for_each(|step| step.session = state);
            case.steps.reverse();
            case
        })
        .boxed()
}
