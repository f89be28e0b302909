//! What a case could be with less in it. Shrinking works on the case's value,
//! not on how it was drawn, so that it reaches what a person would have
//! written whatever the generator did: the oracle judges any of them anew.

use std::collections::BTreeSet;

use serde_json::Value;

use super::bytes;
use super::case::{Body, Case, HeaderSpelling, Prelude, Step, WorkgroupChoice};
use crate::contract::representation::{Field, MonitoredMailbox};

/// Cases that say less than this one, the boldest first. Each is worth a try
/// on its own; none need be of the same kind.
pub fn simpler(case: &Case) -> Vec<Case> {
    let mut all = Vec::new();
    without_steps(case, &mut all);
    if case.witness.is_some() {
        all.push(Case {
            witness: None,
            ..case.clone()
        });
    }
    without_objects(case, &mut all);
    without_scene(case, &mut all);
    all.push(Case {
        connection: Default::default(),
        reader: Default::default(),
        ..case.clone()
    });
    for (at, step) in case.steps.iter().enumerate() {
        for step in simpler_steps(step) {
            let mut changed = case.clone();
            changed.steps[at] = step;
            all.push(changed);
        }
    }
    plainer_scene(case, &mut all);
    all.retain(|candidate| candidate != case);
    all
}

fn without_steps(case: &Case, all: &mut Vec<Case>) {
    if case.steps.len() < 2 {
        return;
    }
    for span in spans(case.steps.len()) {
        let mut changed = case.clone();
        changed.steps.drain(span);
        if !changed.steps.is_empty() {
            all.push(changed);
        }
    }
}

/// Without some objects of the scene and whatever names them: a long list that
/// needs what it names gets shorter with it.
fn without_objects(case: &Case, all: &mut Vec<Case>) {
    for span in spans(case.scene.len()) {
        let mut changed = case.clone();
        let gone: BTreeSet<String> = changed
            .scene
            .drain(span)
            .filter_map(|object| object.id().map(str::to_owned))
            .collect();
        let is_gone = |item: &Value| {
            let id = match item {
                Value::Object(_) => &item["configurationId"]["id"],
                _ => item,
            };
            id.as_str().is_some_and(|id| gone.contains(id))
        };
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
        if named {
            all.push(changed);
        }
    }
}

fn without_scene(case: &Case, all: &mut Vec<Case>) {
    for span in spans(case.scene.len()) {
        let mut changed = case.clone();
        changed.scene.drain(span);
        all.push(changed);
    }
}

/// Scene objects stripped of what needs not be there: of all at once, or of one
/// thing.
fn plainer_scene(case: &Case, all: &mut Vec<Case>) {
    let strips: [fn(&mut MonitoredMailbox); 3] = [
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
    for (at, object) in case.scene.iter().enumerate() {
        let mut bare = object.clone();
        strips.iter().for_each(|strip| strip(&mut bare));
        let each = strips.iter().map(|strip| {
            let mut plainer = object.clone();
            strip(&mut plainer);
            plainer
        });
        for plainer in std::iter::once(bare).chain(each) {
            if plainer != *object {
                let mut changed = case.clone();
                changed.scene[at] = plainer;
                all.push(changed);
            }
        }
    }
}

/// Spans of a list to leave out: all, halves, quarters, down to single items.
fn spans(length: usize) -> Vec<std::ops::Range<usize>> {
    let mut all = Vec::new();
    let mut size = length;
    while size > 0 {
        let mut start = 0;
        while start < length && all.len() < 200 {
            all.push(start..(start + size).min(length));
            start += size;
        }
        size /= 2;
    }
    all
}

fn simpler_steps(step: &Step) -> Vec<Step> {
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
    if step.spelling != HeaderSpelling::AsUsual {
        all.push(Step {
            spelling: HeaderSpelling::AsUsual,
            ..step.clone()
        });
    }
    if let Some(blank) = blank(&step.body) {
        all.push(Step {
            body: Body::Bytes(blank),
            ..step.clone()
        });
    }
    match &step.body {
        Body::Json(value) => {
            for value in simpler_values(value, true) {
                all.push(Step {
                    body: Body::Json(value),
                    ..step.clone()
                });
            }
        }
        Body::Bytes(bytes) => {
            for bytes in simpler_bytes(bytes) {
                all.push(Step {
                    body: Body::Bytes(bytes),
                    ..step.clone()
                });
            }
        }
    }
    all
}

/// From this many bytes on, the length of a body may be all that matters.
const LONG: usize = 4096;

/// A body of the same length that says nothing.
fn blank(body: &Body) -> Option<Vec<u8>> {
    let length = body.bytes().len();
    Some(bytes::padded("{}", length)).filter(|_| length >= LONG)
}

/// JSON that says less: members and elements left out, then what is left made
/// plainer. The outermost value keeps its type.
fn simpler_values(value: &Value, outermost: bool) -> Vec<Value> {
    let mut all = Vec::new();
    match value {
        Value::Object(members) => {
            if outermost && !members.is_empty() {
                all.push(Value::Object(Default::default()));
            }
            for name in members.keys() {
                let mut fewer = members.clone();
                fewer.shift_remove(name);
                all.push(Value::Object(fewer));
            }
            if let Some(plain) = plain_outbound(members) {
                all.push(plain);
            }
            for (name, member) in members {
                for simpler in simpler_values(member, false) {
                    let mut changed = members.clone();
                    changed.insert(name.clone(), simpler);
                    all.push(Value::Object(changed));
                }
            }
        }
        Value::Array(items) => {
            for span in spans(items.len()) {
                let mut fewer = items.clone();
                fewer.drain(span);
                all.push(Value::Array(fewer));
            }
            // The last of a long list is the one that matters as a rule.
            let worthwhile = |at: &usize| *at < 8 || at + 1 == items.len();
            for at in (0..items.len()).filter(worthwhile) {
                let item = &items[at];
                for simpler in simpler_values(item, false) {
                    let mut changed = items.clone();
                    changed[at] = simpler;
                    all.push(Value::Array(changed));
                }
            }
        }
        Value::String(text) => {
            let length = text.chars().count();
            // Short texts are names already: an id or an address cut short
            // would be another object's.
            if length > 40 {
                for keep in [length / 2, length * 3 / 4, length - 1] {
                    all.push(Value::String(text.chars().take(keep).collect()));
                }
                for leave in [length / 2, length / 4] {
                    all.push(Value::String(text.chars().skip(leave).collect()));
                }
            }
        }
        _ => {}
    }
    all
}

/// The same object as an outbound mailbox without a folder.
fn plain_outbound(members: &serde_json::Map<String, Value>) -> Option<Value> {
    let number = members.get("mailboxType")?.as_u64()?;
    if number == 1 {
        return None;
    }
    let mut plain = members.clone();
    plain.insert("mailboxType".to_owned(), Value::from(1));
    plain.shift_remove("inboundFolder");
    Some(Value::Object(plain))
}

fn simpler_bytes(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = [&b""[..], b"{}", b"{", b"{}x", b"[]", b"null", b"1"]
        .into_iter()
        .filter(|plain| plain.len() < bytes.len())
        .map(<[u8]>::to_vec)
        .collect();
    for (start, end) in bracketed(bytes) {
        all.push([&bytes[..=start], &bytes[end..]].concat());
        all.push([&bytes[..start], b"1", &bytes[end + 1..]].concat());
    }
    all.extend(fewer_members(bytes));
    all.retain(|fewer| fewer.len() < bytes.len());
    let most = if bytes.len() > LONG { 30 } else { usize::MAX };
    for span in spans(bytes.len()).into_iter().take(most) {
        let mut fewer = bytes.to_vec();
        fewer.drain(span);
        if !all.contains(&fewer) {
            all.push(fewer);
        }
    }
    all
}

/// Without some of what stands between the commas of the outermost brackets. It
/// may be nonsense, and is then of no use.
fn fewer_members(bytes: &[u8]) -> Vec<Vec<u8>> {
    let open = bytes.iter().position(|byte| b"[{".contains(byte));
    let close = bytes.iter().rposition(|byte| b"]}".contains(byte));
    let (Some(open), Some(close)) = (open, close) else {
        return Vec::new();
    };
    let inner = bytes.get(open + 1..close).unwrap_or_default();
    let members: Vec<&[u8]> = inner.split(|byte| *byte == b',').collect();
    let spans = spans(members.len()).into_iter().take(30);
    spans
        .map(|span| {
            let mut fewer = members.clone();
            fewer.drain(span);
            let inner = fewer.join(&b","[..]);
            [&bytes[..=open], &inner, &bytes[close..]].concat()
        })
        .collect()
}

/// Where brackets open and close, outermost first. What stands in strings
/// counts too: a candidate may be nonsense, and is then of no use.
fn bracketed(bytes: &[u8]) -> Vec<(usize, usize)> {
    let mut open = Vec::new();
    let mut pairs = Vec::new();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'[' | b'{' => open.push(at),
            b']' | b'}' => pairs.extend(open.pop().map(|start| (start, at))),
            _ => {}
        }
    }
    pairs.sort_unstable();
    pairs.truncate(20);
    pairs
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
            .into_iter()
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
        assert!(simpler(&case).contains(&without_b));
    }

    #[test]
    fn the_plainest_case_has_nothing_left_to_lose() {
        assert!(simpler(&Case::one(Step::send(json!({})))).is_empty());
    }
}
