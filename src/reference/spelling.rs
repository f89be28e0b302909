//! How the JSON of answers is spelled, byte by byte.

use bytes::Bytes;
use serde_json::Value;

use super::answers::{Answer, Content};
use super::switches::Switches;
use super::{Fault, Variant, manners};

/// Spells the JSON of any answer as the variants order.
pub(super) fn vary(switches: &Switches, answer: &mut Answer) {
    let Some(body) = answer.json_mut() else {
        return;
    };
    let text = if switches.varies(Variant::PrettyJson) {
        format!("\n{body:#}\r\n")
    } else if switches.varies(Variant::AsciiJson) {
        ascii(&body.to_string())
    } else {
        return;
    };
    answer.body = Content::Raw(Some(manners::label(switches)), Bytes::from(text));
}

/// Spells the JSON of an update's answer as the faults order.
pub(super) fn misspell(switches: &Switches, answer: &mut Answer) {
    let has = |fault| switches.has(fault);
    let Some(body) = answer.json_mut() else {
        return;
    };
    let plain = body.to_string();
    let mut text = plain.clone();
    if has(Fault::ValuesUnescaped) {
        text = unescaped(text, body, "validationErrors", "propertyValue");
    }
    if has(Fault::IdsUnescaped) {
        text = unescaped(text, body, "subObjects", "id");
    }
    if has(Fault::AnswerBom) {
        text.insert(0, '\u{FEFF}');
    }
    if has(Fault::AnswerPrefix) {
        text.insert_str(0, ")]}',\n");
    }
    let mut bytes = text.clone().into_bytes();
    if has(Fault::Latin1Bytes) && !text.is_ascii() {
        let narrow = |c: char| u8::try_from(u32::from(c)).unwrap_or(b'?');
        bytes = text.chars().map(narrow).collect();
    }
    if bytes != plain.as_bytes() {
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
