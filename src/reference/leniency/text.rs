//! Mending a body's text before it is parsed.

use std::borrow::Cow;

use super::dialects::{self, Mend};
use crate::reference::switches::Switches;
use crate::reference::{Fault, Variant};

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// The body as a lenient server sees it.
pub(in crate::reference) fn mended<'a>(
    switches: &Switches,
    mut body: Cow<'a, [u8]>,
) -> Cow<'a, [u8]> {
    let has = |fault| switches.has(fault);
    if switches.varies(Variant::BomAccepted) && body.starts_with(BOM) {
        body = Cow::Owned(body[BOM.len()..].to_vec());
    }
    if has(Fault::EmptyBodyAccepted) && body.trim_ascii().is_empty() {
        return Cow::Borrowed(b"{}");
    }
    if has(Fault::InvalidUtf8Accepted) {
        body = Cow::Owned(String::from_utf8_lossy(&body).into_owned().into_bytes());
    }
    if switches.varies(Variant::SurrogatesReplaced) {
        body = Cow::Owned(without_lone_surrogates(&body));
    }
    if has(Fault::TrailingTextAccepted) {
        let mut values =
            serde_json::Deserializer::from_slice(&body).into_iter::<serde::de::IgnoredAny>();
        if values.next().is_some_and(|value| value.is_ok()) {
            let end = values.byte_offset();
            body = Cow::Owned(body[..end].to_vec());
        }
    }
    body = dialects::bytes(switches, body);
    let Ok(text) = std::str::from_utf8(&body) else {
        return body;
    };
    let mut text = Cow::Borrowed(text);
    for (fault, mend) in MENDS.iter().chain(dialects::MENDS) {
        if has(*fault) {
            text = Cow::Owned(mend(&text));
        }
    }
    match text {
        Cow::Borrowed(_) => body,
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    }
}

const MENDS: &[(Fault, Mend)] = &[
    (Fault::CommentsAccepted, |text| {
        outside_strings(text, without_comments)
    }),
    (Fault::SingleQuotesAccepted, |text| {
        outside_strings(text, |part| part.replace('\'', "\""))
    }),
    (Fault::TrailingCommasAccepted, |text| {
        outside_strings(text, without_last_commas)
    }),
    (Fault::NanAccepted, |text| {
        outside_strings(text, |part| {
            part.replace("-Infinity", "0")
                .replace("Infinity", "0")
                .replace("NaN", "0")
        })
    }),
    (Fault::TruncatedMended, closed),
];

/// Rewrites the parts of a JSON text that stand outside its strings.
pub(super) fn outside_strings(text: &str, rewrite: impl Fn(&str) -> String) -> String {
    let mut rewritten = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('"') {
        let length = string_length(&rest[start..]);
        rewritten.push_str(&rewrite(&rest[..start]));
        rewritten.push_str(&rest[start..start + length]);
        rest = &rest[start + length..];
    }
    rewritten.push_str(&rewrite(rest));
    rewritten
}

/// The length in bytes of the string that the text starts with, with quotes.
pub(super) fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (place, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return place + 1,
            _ => {}
        }
    }
    text.len()
}

/// Comments that hold no quote are all that is understood.
fn without_comments(part: &str) -> String {
    let mut kept = String::new();
    let mut rest = part;
    while let Some(start) = rest.find("/*").into_iter().chain(rest.find("//")).min() {
        kept.push_str(&rest[..start]);
        let end = if rest[start..].starts_with("/*") {
            "*/"
        } else {
            "\n"
        };
        let comment = &rest[start + 2..];
        rest = comment
            .find(end)
            .map_or("", |place| &comment[place + end.len()..]);
    }
    kept.push_str(rest);
    kept
}

fn without_last_commas(part: &str) -> String {
    let mut kept = String::with_capacity(part.len());
    for (place, letter) in part.char_indices() {
        let rest = || part[place + letter.len_utf8()..].trim_start();
        if letter != ',' || !rest().starts_with([']', '}']) {
            kept.push(letter);
        }
    }
    kept
}

/// Closes what a truncated text leaves open.
fn closed(text: &str) -> String {
    let mut whole = text.to_owned();
    let mut open = Vec::new();
    let mut rest = text;
    while let Some(place) = rest.find(['"', '{', '}', '[', ']']) {
        let found = &rest[place..];
        let mut length = 1;
        match found.as_bytes()[0] {
            b'"' => {
                length = string_length(found);
                if length == 1 || !found[1..length].ends_with('"') {
                    whole.push('"');
                }
            }
            b'{' => open.push('}'),
            b'[' => open.push(']'),
            _ => _ = open.pop(),
        }
        rest = &found[length..];
    }
    whole.extend(open.iter().rev());
    whole
}

/// Replaces `\uD800` to `\uDFFF` that are no pair by the escape of U+FFFD.
fn without_lone_surrogates(body: &[u8]) -> Vec<u8> {
    let unit = |at: usize| -> Option<u16> {
        let escape = body.get(at..at + 6)?.strip_prefix(b"\\u")?;
        u16::from_str_radix(std::str::from_utf8(escape).ok()?, 16).ok()
    };
    let mut kept = Vec::with_capacity(body.len());
    let mut at = 0;
    while at < body.len() {
        let length = match (unit(at), unit(at + 6)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => {
                kept.extend_from_slice(b"\\uFFFD");
                at += 6;
                continue;
            }
            // An escaped backslash does not start the next escape.
            _ if body[at..].starts_with(b"\\\\") => 2,
            _ => 1,
        };
        kept.extend_from_slice(&body[at..at + length]);
        at += length;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(switches: &Switches, body: &[u8]) -> Option<Value> {
        serde_json::from_slice(&mended(switches, Cow::Borrowed(body))).ok()
    }

    #[test]
    fn each_fault_lets_its_text_pass_and_leaves_strings_alone() {
        for (fault, text, expected) in [
            (Fault::EmptyBodyAccepted, " ", json!({})),
            (Fault::TrailingTextAccepted, "{}x", json!({})),
            (
                Fault::CommentsAccepted,
                "{/* a */\"a\":\"//\"} // b",
                json!({"a": "//"}),
            ),
            (
                Fault::SingleQuotesAccepted,
                "{'a':\"'\"}",
                json!({"a": "'"}),
            ),
            (
                Fault::TrailingCommasAccepted,
                "{\"a\":[1,],}",
                json!({"a": [1]}),
            ),
            (Fault::NanAccepted, "{\"NaN\":NaN}", json!({"NaN": 0})),
            (
                Fault::TruncatedMended,
                "{\"a\":[{\"b\":\"c",
                json!({"a": [{"b": "c"}]}),
            ),
        ] {
            assert_eq!(read(&Switches::default(), text.as_bytes()), None, "{text}");
            let switches = Switches::new([fault].into(), [].into());
            assert_eq!(read(&switches, text.as_bytes()), Some(expected), "{text}");
        }
    }

    #[test]
    fn lone_surrogates_are_replaced_and_pairs_kept() {
        let switches = Switches::new([].into(), [Variant::SurrogatesReplaced].into());
        let value = read(&switches, br#"["\ud800x","\ud83d\ude00","\\ud800"]"#);
        assert_eq!(value, Some(json!(["\u{FFFD}x", "\u{1F600}", "\\ud800"])));
    }
}
