//! Bodies that are no JSON, with less in them.

use std::collections::BTreeSet;

use super::{LONG, spans};

/// Pieces left out, or put in place of the whole.
pub(super) fn simpler(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
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
    let mut known: BTreeSet<Vec<u8>> = all.iter().cloned().collect();
    let pieces = spans(bytes.len()).take(most).map(|span| {
        let mut fewer = bytes.to_vec();
        fewer.drain(span);
        fewer
    });
    let new = pieces.filter(move |fewer| known.insert(fewer.clone()));
    all.into_iter().chain(new)
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
    let spans = spans(members.len()).take(30);
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
