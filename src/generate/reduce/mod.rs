//! What a case could be with less in it. Shrinking works on the case's value,
//! not on how it was drawn, so that it reaches what a person would have
//! written whatever the generator did: the oracle judges any of them anew.
//! Candidates are made one at a time, for a long list has many large ones.

mod json;
mod octets;

use std::collections::BTreeSet;
use std::iter;
use std::ops::Range;

use serde_json::Value;

use super::bytes;
use super::case::{Body, Case, HeaderSpelling, Prelude, Step, WorkgroupChoice};
use crate::contract::representation::{Field, MonitoredMailbox};

/// Candidates, made when they are asked for.
type Candidates<'a, T> = Box<dyn Iterator<Item = T> + Send + 'a>;

/// From this many bytes on, the length of a body may be all that matters.
const LONG: usize = 4096;

/// How many spans of one list are worth a try.
const MOST_SPANS: usize = 200;

/// Cases that say less than this one, the boldest first. Each is worth a try
/// on its own; none need be of the same kind.
pub fn simpler(case: &Case) -> impl Iterator<Item = Case> + Send + '_ {
    let without_witness = case.witness.iter().map(|_| Case {
        witness: None,
        ..case.clone()
    });
    let as_usual = iter::once_with(|| Case {
        connection: Default::default(),
        reader: Default::default(),
        ..case.clone()
    });
    without_steps(case)
        .chain(without_witness)
        .chain(without_objects(case))
        .chain(without_scene(case))
        .chain(as_usual)
        .chain(with_simpler_steps(case))
        .chain(with_plainer_scene(case))
        .filter(move |candidate| candidate != case)
}

fn without_steps(case: &Case) -> impl Iterator<Item = Case> + '_ {
    let fewer = spans(case.steps.len()).map(|span| {
        let mut changed = case.clone();
        changed.steps.drain(span);
        changed
    });
    fewer.filter(|changed| !changed.steps.is_empty())
}

/// Without some objects of the scene and whatever names them: a long list that
/// needs what it names gets shorter with it.
fn without_objects(case: &Case) -> impl Iterator<Item = Case> + '_ {
    spans(case.scene.len()).filter_map(|span| {
        let gone: BTreeSet<&str> = case.scene[span.clone()]
            .iter()
            .filter_map(MonitoredMailbox::id)
            .collect();
        let is_gone = |item: &Value| {
            let id = match item {
                Value::Object(_) => &item["configurationId"]["id"],
                _ => item,
            };
            id.as_str().is_some_and(|id| gone.contains(id))
        };
        let mut changed = case.clone();
        changed.scene.drain(span);
        let mut named = false;
        for step in &mut changed.steps {
            let Body::Json(Value::Object(members)) = &mut step.body else {
                continue;
            };
            for items in members.values_mut().filter_map(Value::as_array_mut) {
                let before = items.len();
                items.retain(|item| !is_gone(item));
                named |= items.len() < before;
            }
        }
        named.then_some(changed)
    })
}

fn without_scene(case: &Case) -> impl Iterator<Item = Case> + '_ {
    spans(case.scene.len()).map(|span| {
        let mut changed = case.clone();
        changed.scene.drain(span);
        changed
    })
}

fn with_simpler_steps(case: &Case) -> impl Iterator<Item = Case> + '_ {
    case.steps.iter().enumerate().flat_map(move |(at, step)| {
        simpler_steps(step).map(move |step| {
            let mut changed = case.clone();
            changed.steps[at] = step;
            changed
        })
    })
}

/// Scene objects stripped of what needs not be there: of all at once, or of one
/// thing.
fn with_plainer_scene(case: &Case) -> impl Iterator<Item = Case> + '_ {
    const STRIPS: [fn(&mut MonitoredMailbox); 3] = [
        |object| {
            object.mailbox_type = 1.into();
            object.inbound_folder = Field::Absent;
        },
        |object| object.can_receive_encrypted_email = Field::Absent,
        |object| {
            if let Field::Value(id) = &mut object.configuration_id {
                id.display_name = Field::Absent;
                id.uri = Field::Absent;
            }
        },
    ];
    let ways = iter::once(&STRIPS[..]).chain(STRIPS.chunks(1));
    case.scene.iter().enumerate().flat_map(move |(at, object)| {
        ways.clone().filter_map(move |strips| {
            let mut plainer = object.clone();
            strips.iter().for_each(|strip| strip(&mut plainer));
            (plainer != *object).then(|| {
                let mut changed = case.clone();
                changed.scene[at] = plainer;
                changed
            })
        })
    })
}

/// Spans of a list to leave out: all, halves, quarters, down to single items.
fn spans(length: usize) -> impl Iterator<Item = Range<usize>> + Clone {
    let sizes = iter::successors(Some(length), |size| Some(size / 2));
    sizes
        .take_while(|size| *size > 0)
        .flat_map(move |size| {
            let starts = (0..length).step_by(size);
            starts.map(move |start| start..(start + size).min(length))
        })
        .take(MOST_SPANS)
}

fn simpler_steps(step: &Step) -> impl Iterator<Item = Step> + '_ {
    let bodies: Candidates<'_, Body> = match &step.body {
        Body::Json(value) => Box::new(json::simpler(value, true).map(Body::Json)),
        Body::Bytes(bytes) => Box::new(octets::simpler(bytes).map(Body::Bytes)),
    };
    let bodies = blank(&step.body).into_iter().chain(bodies);
    let with_body = |body| Step {
        body,
        ..step.clone()
    };
    otherwise_simpler(step)
        .into_iter()
        .chain(bodies.map(with_body))
}

/// The same body, and less around it.
fn otherwise_simpler(step: &Step) -> Vec<Step> {
    let mut all = Vec::new();
    let plain = Step::default();
    for session in step.session.plainer() {
        all.push(Step {
            session,
            ..step.clone()
        });
    }
    if step.prelude.is_some() {
        all.push(Step {
            prelude: None,
            ..step.clone()
        });
    }
    let fewer: Option<(u8, &dyn Fn(u8) -> Prelude)> = match &step.prelude {
        Some(Prelude::Refused(state, times)) => {
            Some((*times, &|fewer| Prelude::Refused(*state, fewer)))
        }
        Some(Prelude::Malformed(times)) => Some((*times, &Prelude::Malformed)),
        _ => None,
    };
    if let Some((times @ 2.., prelude)) = fewer {
        for fewer in [1, times / 2, times - 1] {
            all.push(Step {
                prelude: Some(prelude(fewer)),
                ..step.clone()
            });
        }
    }
    if step.workgroup != WorkgroupChoice::Leased {
        all.push(Step {
            workgroup: WorkgroupChoice::Leased,
            ..step.clone()
        });
    }
    if let WorkgroupChoice::Absent(id) = &step.workgroup
        && id != "no-such-workgroup"
    {
        all.push(
            step.clone()
                .of(WorkgroupChoice::Absent("no-such-workgroup".to_owned())),
        );
    }
    if step.content_type != plain.content_type {
        all.push(Step {
            content_type: plain.content_type,
            ..step.clone()
        });
    }
    if step.accept != plain.accept {
        all.push(Step {
            accept: plain.accept,
            ..step.clone()
        });
    }
    if step.writing != plain.writing {
        all.push(step.clone().written(plain.writing));
    }
    if step.framing != plain.framing {
        all.push(step.clone().framed(plain.framing));
    }
    if step.spelling != HeaderSpelling::AsUsual {
        all.push(Step {
            spelling: HeaderSpelling::AsUsual,
            ..step.clone()
        });
    }
    all
}

/// A body of the same length that says nothing.
fn blank(body: &Body) -> Option<Body> {
    let length = body.bytes().len();
    (length >= LONG).then(|| Body::Bytes(bytes::padded("{}", length)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::representation::ConfigurationId;
    use crate::generate::session::{SessionState, Token};
    use serde_json::json;

    #[test]
    fn every_part_can_be_left_out() {
        let step = Step::send(json!({"add": [{"a": 1, "b": 2}], "remove": ["x"]}))
            .by(SessionState::token(Token::Absent));
        let bodies: Vec<_> = simpler(&Case::one(step))
            .map(|case| (case.steps[0].session, case.steps[0].body.clone()))
            .collect();
        let whole = Body::Json(json!({"add": [{"a": 1, "b": 2}], "remove": ["x"]}));
        assert!(bodies.contains(&(SessionState::LIVE, whole)));
        for less in [
            json!({"remove": ["x"]}),
            json!({"add": [{"a": 1, "b": 2}]}),
            json!({"add": [], "remove": ["x"]}),
            json!({"add": [{"a": 1}], "remove": ["x"]}),
        ] {
            assert!(
                bodies
                    .iter()
                    .any(|(_, body)| *body == Body::Json(less.clone())),
                "{less}"
            );
        }
    }

    #[test]
    fn objects_go_with_what_names_them() {
        let scene: Vec<MonitoredMailbox> = ["a", "b"]
            .map(|id| MonitoredMailbox {
                configuration_id: Field::Value(ConfigurationId {
                    id: id.to_owned(),
                    ..ConfigurationId::default()
                }),
                ..MonitoredMailbox::default()
            })
            .to_vec();
        let body = json!({
            "modify": [{"configurationId": {"id": "a"}}],
            "remove": ["b", "c"],
        });
        let case = Case::one(Step::send(body)).with_scene(scene.clone());
        let without_b = Case::one(Step::send(json!({
            "modify": [{"configurationId": {"id": "a"}}],
            "remove": ["c"],
        })))
        .with_scene(vec![scene[0].clone()]);
        assert!(simpler(&case).any(|candidate| candidate == without_b));
    }

    #[test]
    fn the_plainest_case_has_nothing_left_to_lose() {
        assert!(simpler(&Case::one(Step::send(json!({})))).next().is_none());
    }
}
