//! Dialects of JSON that lenient parsers take for it.

use std::borrow::Cow;

use super::text::{outside_strings, string_length};
use crate::reference::Fault;
use crate::reference::switches::Switches;

/// Mends the bytes of a body that is not in UTF-8.
pub(super) fn bytes<'a>(switches: &Switches, body: Cow<'a, [u8]>) -> Cow<'a, [u8]> {
    let has = |fault| switches.has(fault);
    if has(Fault::Body8kCut) && body.len() > 8 * 1024 {
        return Cow::Owned(body[..8 * 1024].to_vec());
    }
    if has(Fault::WhiteBodyAccepted) && !body.is_empty() && body.trim_ascii().is_empty() {
        return Cow::Borrowed(b"{}");
    }
    if has(Fault::Utf16Accepted)
        && let Some(text) = from_utf16(&body)
    {
        return Cow::Owned(text.into_bytes());
    }
    if std::str::from_utf8(&body).is_ok() {
        return body;
    }
    if has(Fault::Latin1Accepted) {
        let text: String = body.iter().map(|byte| char::from(*byte)).collect();
        return Cow::Owned(text.into_bytes());
    }
    if has(Fault::Cesu8Accepted) {
        return Cow::Owned(from_cesu8(&body));
    }
    let (overlong, surrogates) = (
        has(Fault::OverlongAccepted),
        has(Fault::SurrogateBytesAccepted),
    );
    if overlong || surrogates {
        return Cow::Owned(without_odd_forms(&body, overlong, surrogates));
    }
    body
}

fn from_utf16(body: &[u8]) -> Option<String> {
    let (big, body) = match body {
        [0xFE, 0xFF, rest @ ..] => (true, rest),
        [0xFF, 0xFE, rest @ ..] => (false, rest),
        [0, _, ..] => (true, body),
        [_, 0, ..] => (false, body),
        _ => return None,
    };
    let units = body.chunks_exact(2).map(|pair| {
        let pair = [pair[0], pair[1]];
        if big {
            u16::from_be_bytes(pair)
        } else {
            u16::from_le_bytes(pair)
        }
    });
    char::decode_utf16(units)
        .collect::<Result<String, _>>()
        .ok()
}

/// A pair of surrogates, each written as three bytes, is one character.
fn from_cesu8(body: &[u8]) -> Vec<u8> {
    let mut mended = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some((byte, behind)) = rest.split_first() {
        if let [
            0xED,
            a @ 0xA0..=0xAF,
            b,
            0xED,
            c @ 0xB0..=0xBF,
            d,
            after @ ..,
        ] = rest
        {
            let unit =
                |high: u8, low: u8| 0xD000 | u16::from(high & 0x3F) << 6 | u16::from(low & 0x3F);
            let letters = char::decode_utf16([unit(*a, *b), unit(*c, *d)]);
            let letters = letters.filter_map(Result::ok).collect::<String>();
            mended.extend_from_slice(letters.as_bytes());
            rest = after;
        } else {
            mended.push(*byte);
            rest = behind;
        }
    }
    mended
}

fn without_odd_forms(body: &[u8], overlong: bool, surrogates: bool) -> Vec<u8> {
    let mut mended = Vec::with_capacity(body.len());
    let mut at = 0;
    while at < body.len() {
        match body[at..] {
            [first @ (0xC0 | 0xC1), second @ 0x80..=0xBF, ..] if overlong => {
                match (first & 1) << 6 | second & 0x3F {
                    control @ 0..=0x1F => mended.extend(format!("\\u{control:04x}").bytes()),
                    byte => mended.push(byte),
                }
                at += 2;
            }
            [0xE0, second @ 0x80..=0x9F, third @ 0x80..=0xBF, ..] if overlong => {
                let point = u32::from(second & 0x3F) << 6 | u32::from(third & 0x3F);
                let letter = char::from_u32(point).unwrap_or('?');
                mended.extend(letter.to_string().bytes());
                at += 3;
            }
            [0xED, 0xA0..=0xBF, 0x80..=0xBF, ..] if surrogates => {
                mended.extend("\u{FFFD}".bytes());
                at += 3;
            }
            [byte, ..] => {
                mended.push(byte);
                at += 1;
            }
            [] => break,
        }
    }
    mended
}

/// Rewrites a whole text.
pub(super) type Mend = fn(&str) -> String;

/// What each dialect becomes.
pub(super) const MENDS: &[(Fault, Mend)] = &[
    (Fault::TrailingBracketsAccepted, |text| cut(text, "]}")),
    (Fault::TrailingNulAccepted, |text| {
        text.trim_end_matches('\0').to_owned()
    }),
    (Fault::TrailingSemicolonAccepted, |text| cut(text, ";")),
    (Fault::LeadingZerosAccepted, |text| {
        outside_strings(text, without_leading_zeros)
    }),
    (Fault::PlusNumbersAccepted, |text| {
        outside_strings(text, without_plus)
    }),
    (Fault::UnquotedNamesAccepted, |text| {
        outside_strings(text, quoted_names)
    }),
    (Fault::OtherLiteralsAccepted, |text| {
        outside_strings(text, |part| {
            let words = [
                ("True", "true"),
                ("TRUE", "true"),
                ("False", "false"),
                ("FALSE", "false"),
                ("None", "null"),
                ("NULL", "null"),
                ("Null", "null"),
                ("undefined", "null"),
            ];
            words.iter().fold(part.to_owned(), |part, (odd, plain)| {
                part.replace(odd, plain)
            })
        })
    }),
    (Fault::OddSpacesAccepted, |text| {
        outside_strings(text, |part| {
            part.replace(['\u{A0}', '\u{B}', '\u{C}', '\u{FEFF}', '\u{2028}'], " ")
        })
    }),
    (Fault::HashCommentsAccepted, |text| {
        outside_strings(text, |part| match part.split_once('#') {
            Some((before, after)) => {
                let rest = after.split_once('\n').map_or("", |(_, rest)| rest);
                format!("{before} {rest}")
            }
            None => part.to_owned(),
        })
    }),
    (Fault::DoubleCommasAccepted, |text| {
        outside_strings(text, single_commas)
    }),
    (Fault::RawControlsAccepted, |text| {
        inside_strings(text, |string| {
            let escaped = |c: char| {
                if c < ' ' {
                    format!("\\u{:04x}", u32::from(c))
                } else {
                    c.to_string()
                }
            };
            string.chars().map(escaped).collect()
        })
    }),
    (Fault::PairEscapesLost, |text| {
        inside_strings(text, |string| {
            let mut kept = String::new();
            let mut rest = string;
            while let Some(place) = rest.find("\\u") {
                let surrogate = rest[place + 2..].starts_with(['d', 'D'])
                    && rest[place + 3..].starts_with(|c: char| "89abcdefABCDEF".contains(c));
                kept.push_str(&rest[..place]);
                let end = (place + 6).min(rest.len());
                kept.push_str(if surrogate {
                    "\\ufffd"
                } else {
                    &rest[place..end]
                });
                rest = &rest[end..];
            }
            kept + rest
        })
    }),
    (Fault::EscapedNamesIgnored, without_escaped_names),
    (Fault::OddEscapesAccepted, |text| {
        inside_strings(text, without_odd_escapes)
    }),
];

/// The text without what stands behind its first value, if that is only of
/// those characters.
fn cut(text: &str, ends: &str) -> String {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde::de::IgnoredAny>();
    if values.next().is_none_or(|value| value.is_err()) {
        return text.to_owned();
    }
    let end = values.byte_offset();
    let harmless = |c: char| c.is_ascii_whitespace() || ends.contains(c);
    if text[end..].chars().all(harmless) {
        text[..end].to_owned()
    } else {
        text.to_owned()
    }
}

fn without_leading_zeros(part: &str) -> String {
    let mut kept = String::new();
    let mut before = ' ';
    let letters: Vec<_> = part.chars().collect();
    for (place, letter) in letters.iter().enumerate() {
        let next = letters.get(place + 1).is_some_and(char::is_ascii_digit);
        let starts = !before.is_ascii_digit() && !".eE+".contains(before);
        if *letter == '0' && next && starts {
            continue;
        }
        kept.push(*letter);
        before = *letter;
    }
    kept
}

fn without_plus(part: &str) -> String {
    let mut before = ' ';
    let keeps = |letter: &char| {
        let kept = *letter != '+' || "eE".contains(before);
        before = *letter;
        kept
    };
    part.chars().filter(keeps).collect()
}

fn quoted_names(part: &str) -> String {
    let mut quoted = String::new();
    let mut word = String::new();
    for letter in part.chars() {
        if letter.is_ascii_alphanumeric() || letter == '_' || letter == '$' {
            word.push(letter);
            continue;
        }
        let names = letter == ':' && word.starts_with(|c: char| !c.is_ascii_digit());
        let mark = if names { "\"" } else { "" };
        quoted.extend([mark, &word, mark]);
        quoted.push(letter);
        word.clear();
    }
    quoted + &word
}

fn single_commas(part: &str) -> String {
    let mut before = ' ';
    let keeps = |letter: &char| {
        let kept = *letter != ',' || !",[{".contains(before);
        if kept && !letter.is_whitespace() {
            before = *letter;
        }
        kept
    };
    part.chars().filter(keeps).collect()
}

/// Rewrites what stands between the quotes of a JSON text's strings.
fn inside_strings(text: &str, rewrite: impl Fn(&str) -> String) -> String {
    let mut rewritten = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('"') {
        let length = string_length(&rest[start..]);
        rewritten.push_str(&rest[..=start]);
        let end = (start + length).min(rest.len());
        rewritten.push_str(&rewrite(&rest[start + 1..end]));
        rest = &rest[end..];
    }
    rewritten.push_str(rest);
    rewritten
}

/// Names that are written with escapes become one that nobody knows.
fn without_escaped_names(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('"') {
        let end = start + string_length(&rest[start..]);
        let is_name = rest[end..].trim_start().starts_with(':');
        let escaped = is_name && rest[start..end].contains("\\u");
        kept.push_str(&rest[..start]);
        kept.push_str(if escaped {
            "\"unknown\""
        } else {
            &rest[start..end]
        });
        rest = &rest[end..];
    }
    kept + rest
}

fn without_odd_escapes(string: &str) -> String {
    let mut kept = String::new();
    let mut letters = string.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            kept.push(letter);
            continue;
        }
        match letters.next() {
            Some(known) if "\"\\/bfnrtu".contains(known) => kept.extend(['\\', known]),
            Some(odd) => kept.push(odd),
            None => kept.push('\\'),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_dialect_becomes_json() {
        for (fault, text) in [
            (Fault::TrailingBracketsAccepted, "{}]}"),
            (Fault::TrailingNulAccepted, "{}\0"),
            (Fault::TrailingSemicolonAccepted, "{};"),
            (Fault::LeadingZerosAccepted, "{\"a\":-007}"),
            (Fault::PlusNumbersAccepted, "{\"a\":+7}"),
            (Fault::UnquotedNamesAccepted, "{a:[{b_c:1}]}"),
            (Fault::OtherLiteralsAccepted, "{\"a\":None}"),
            (Fault::OddSpacesAccepted, "{\u{A0}}"),
            (Fault::HashCommentsAccepted, "{# a\n}"),
            (Fault::DoubleCommasAccepted, "{\"a\":[,1,,2]}"),
            (Fault::RawControlsAccepted, "{\"a\":\"\t\"}"),
            (Fault::OddEscapesAccepted, r#"{"a":"\x\'"}"#),
        ] {
            let (_, mend) = MENDS
                .iter()
                .find(|(known, _)| *known == fault)
                .expect("a row");
            let is_json = |text: &str| serde_json::from_str::<serde_json::Value>(text).is_ok();
            assert!(!is_json(text), "{text}");
            assert!(is_json(&mend(text)), "{text}: {}", mend(text));
        }
    }

    #[test]
    fn bytes_that_are_no_utf_8_are_mended() {
        for (fault, body) in [
            (Fault::Utf16Accepted, &b"{\0}\0"[..]),
            (Fault::OverlongAccepted, b"{\"\xC1\xA1\":0}"),
            (Fault::SurrogateBytesAccepted, b"{\"\xED\xA0\x80\":0}"),
            (Fault::Latin1Accepted, b"{\"\xE9\":0}"),
        ] {
            let switches = Switches::new([fault].into(), [].into());
            let mended = bytes(&switches, Cow::Borrowed(body));
            assert!(serde_json::from_slice::<serde_json::Value>(&mended).is_ok());
        }
    }
}
