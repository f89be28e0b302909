//! JSON that says less.

use std::iter;

use serde_json::{Map, Value};

use super::{Candidates, spans};

/// Texts up to this long are names: an id or an address cut short would be
/// another object's.
const A_NAME: usize = 40;

/// Of how many items of a list, beside the last, each is made plainer.
const FIRST: usize = 8;

/// Members and elements left out, then what is left made plainer. The outermost
/// value keeps its type.
pub(super) fn simpler(value: &Value, outermost: bool) -> Candidates<'_, Value> {
    match value {
        Value::Object(members) => Box::new(simpler_object(members, outermost)),
        Value::Array(items) => Box::new(simpler_array(items)),
        Value::String(text) => Box::new(shorter(text).into_iter().map(Value::String)),
        _ => Box::new(iter::empty()),
    }
}

fn simpler_object(
    members: &Map<String, Value>,
    outermost: bool,
) -> impl Iterator<Item = Value> + '_ {
    let empty = (outermost && !members.is_empty()).then(|| Value::Object(Map::new()));
    let fewer = members.keys().map(|name| {
        let mut fewer = members.clone();
        fewer.shift_remove(name);
        Value::Object(fewer)
    });
    let plainer = members.iter().flat_map(move |(name, member)| {
        simpler(member, false).map(move |simpler| {
            let mut changed = members.clone();
            changed.insert(name.clone(), simpler);
            Value::Object(changed)
        })
    });
    let outbound = iter::once_with(|| plain_outbound(members)).flatten();
    empty
        .into_iter()
        .chain(fewer)
        .chain(outbound)
        .chain(plainer)
}

fn simpler_array(items: &[Value]) -> impl Iterator<Item = Value> + '_ {
    let fewer = spans(items.len()).map(|span| {
        let mut fewer = items.to_vec();
        fewer.drain(span);
        Value::Array(fewer)
    });
    // The last of a long list is the one that matters as a rule.
    let worthwhile = move |(at, _): &(usize, &Value)| *at < FIRST || at + 1 == items.len();
    let each = items.iter().enumerate().filter(worthwhile);
    let plainer = each.flat_map(move |(at, item)| {
        simpler(item, false).map(move |simpler| {
            let mut changed = items.to_vec();
            changed[at] = simpler;
            Value::Array(changed)
        })
    });
    fewer.chain(plainer)
}

fn shorter(text: &str) -> Vec<String> {
    let length = text.chars().count();
    if length <= A_NAME {
        return Vec::new();
    }
    let beginnings = [length / 2, length * 3 / 4, length - 1];
    let beginnings = beginnings.map(|keep| text.chars().take(keep).collect());
    let ends = [length / 2, length / 4].map(|leave| text.chars().skip(leave).collect());
    beginnings.into_iter().chain(ends).collect()
}

/// The same object as an outbound mailbox without a folder.
fn plain_outbound(members: &Map<String, Value>) -> Option<Value> {
    let number = members.get("mailboxType")?.as_u64()?;
    if number == 1 {
        return None;
    }
    let mut plain = members.clone();
    plain.insert("mailboxType".to_owned(), Value::from(1));
    plain.shift_remove("inboundFolder");
    Some(Value::Object(plain))
}
