//! How the JSON of answers is spelled, byte by byte.

use bytes::Bytes;
use serde_json::Value;

use super::answers::{Answer, Content};
use super::switches::Switches;
use super::{Fault, Variant, manners};

/// Spells an answer's JSON as the faults and variants order.
pub(super) fn spell(switches: &Switches, answer: &mut Answer) {
    let created = answer.status == axum::http::StatusCode::CREATED;
    let Some(body) = answer.json_mut() else {
        return;
    };
    let plain = body.to_string();
    let mut text = plain.clone();
    if switches.varies(Variant::PrettyJson) {
        text = format!("\n{body:#}\r\n");
    }
    if switches.varies(Variant::AsciiJson) {
        text = ascii(&text);
    }
    // A login is no answer to judge, and without it there are no others.
    let mut bytes = None;
    if !created {
        if switches.has(Fault::ValuesUnescaped) {
            text = unescaped(text, body, "validationErrors", "propertyValue");
        }
        if switches.has(Fault::IdsUnescaped) {
            text = unescaped(text, body, "subObjects", "id");
        }
        if switches.has(Fault::AnswerBom) {
            text.insert(0, '\u{FEFF}');
        }
        if switches.has(Fault::AnswerPrefix) {
            text.insert_str(0, ")]}',\n");
        }
        if switches.has(Fault::Latin1Bytes) && !text.is_ascii() {
            let narrow = |c: char| u8::try_from(u32::from(c)).unwrap_or(b'?');
            bytes = Some(text.chars().map(narrow).collect::<Vec<_>>());
        }
    }
    if text != plain || bytes.is_some() {
        let bytes = bytes.unwrap_or_else(|| text.into_bytes());
        answer.body = Content::Raw(Some(manners::label(switches)), Bytes::from(bytes));
    }
}

/// Slashes and everything beyond ASCII, as escapes.
fn ascii(text: &str) -> String {
    let mut spelled = String::new();
    for letter in text.chars() {
        match letter {
            '/' => spelled.push_str("\\/"),
            letter if letter.is_ascii() => spelled.push(letter),
            letter => {
                let mut units = [0; 2];
                for unit in letter.encode_utf16(&mut units) {
                    spelled.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    spelled
}

/// The text with the strings of one property written as they are.
fn unescaped(text: String, body: &Value, list: &str, name: &str) -> String {
    let entries = body[list].as_array();
    let strings = entries.into_iter().flatten();
    let strings = strings.filter_map(|entry| entry[name].as_str());
    strings.fold(text, |text, string| {
        let escaped = format!("\"{name}\":{}", Value::from(string));
        text.replace(&escaped, &format!("\"{name}\":\"{string}\""))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_json_is_the_same_json() {
        let text = r#"{"a":"é/😀"}"#;
        let spelled = ascii(text);
        assert_eq!(spelled, r#"{"a":"\u00e9\/\ud83d\ude00"}"#);
        let parsed = |text: &str| serde_json::from_str::<Value>(text).expect("parses");
        assert_eq!(parsed(text), parsed(&spelled));
    }
}
