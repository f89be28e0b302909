//! From the bytes of a body to JSON, strictly; and the answer to what is no
//! JSON.

use std::borrow::Cow;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::contract::representation::ValidationError;

use super::answers::{Answer, Content, Failure};
use super::switches::Switches;
use super::{Fault, Variant, first_keys, leniency, unique_keys};

/// The longest text that each fault bears, in characters.
const LONGEST: [(Fault, usize); 2] = [(Fault::LongText500, 1000), (Fault::Text10k500, 10_000)];

/// The JSON of a body, or the answer to a body that is none.
pub(super) fn parse(switches: &Switches, body: &[u8]) -> Result<Value, Answer> {
    let mut body = Cow::Borrowed(body);
    if !switches.is_plain() {
        body = leniency::text::mended(switches, body);
        refuse_on_a_whim(switches, &body)?;
    }
    let value = strict(switches, &body).map_err(|why| why.answer(switches))?;
    let too_long = |(fault, most)| switches.has(fault) && has_longer_text(&value, most);
    if LONGEST.into_iter().any(too_long) {
        return Err(Answer::failure(Failure::Internal));
    }
    Ok(value)
}

/// Why a body is no JSON.
struct Unreadable {
    why: String,
    ends_early: bool,
    too_deep: bool,
}

fn strict(switches: &Switches, body: &[u8]) -> Result<Value, Unreadable> {
    let unreadable = |why: &str| Unreadable {
        why: why.to_owned(),
        ends_early: false,
        too_deep: false,
    };
    if body.is_empty() {
        return Err(unreadable("the body is empty"));
    }
    if body.starts_with(b"\xEF\xBB\xBF") {
        return Err(unreadable("the body starts with a byte order mark"));
    }
    if switches.varies(Variant::DuplicateKeysRefused) && unique_keys::check(body).is_err() {
        return Err(unreadable("the body has a key twice"));
    }
    if switches.varies(Variant::FirstKeyCounts)
        && let Ok(value) = first_keys::read(body)
    {
        return Ok(value);
    }
    serde_json::from_slice(body).map_err(|error| Unreadable {
        why: format!("the body is no JSON: {error}"),
        ends_early: error.is_eof(),
        too_deep: error.to_string().starts_with("recursion limit"),
    })
}

impl Unreadable {
    fn answer(self, switches: &Switches) -> Answer {
        let has = |fault| switches.has(fault);
        if has(Fault::MalformedDrops)
            || has(Fault::TruncatedDrops) && self.ends_early
            || has(Fault::DeepDrops) && self.too_deep
        {
            let mut answer = Answer::empty(StatusCode::BAD_REQUEST);
            answer.body = Content::Broken;
            return answer;
        }
        if has(Fault::Malformed500) {
            return Answer::failure(Failure::Internal);
        }
        malformed(switches, &self.why)
    }
}

/// The answer to a body that is no JSON, or no object.
pub(super) fn malformed(switches: &Switches, why: &str) -> Answer {
    if switches.has(Fault::MalformedAsInvalid) {
        return Answer::invalid(&[ValidationError {
            validation_error_type: 13,
            property_name: "add".to_owned(),
            property_value: String::new(),
        }]);
    }
    let mut answer = Answer::malformed(why);
    if switches.has(Fault::Malformed422) {
        answer.status = StatusCode::UNPROCESSABLE_ENTITY;
    }
    if switches.has(Fault::SourcePosition)
        && let Some(body) = answer.json_mut()
    {
        let trace = format!("{why}\n   at Icws.Json.Reader.Read(String text) in Reader.cs:line 12");
        body["message"] = json!(trace);
    }
    answer
}

fn refuse_on_a_whim(switches: &Switches, body: &[u8]) -> Result<(), Answer> {
    let has = |fault| switches.has(fault);
    if has(Fault::EscapesRefused) && body.contains(&b'\\')
        || has(Fault::PaddingRefused) && body.first().is_some_and(u8::is_ascii_whitespace)
        || has(Fault::NonAscii400) && !body.is_ascii()
        || has(Fault::NewlinesRefused) && body.contains(&b'\n')
        || has(Fault::TrailingSpaceRefused) && body.last().is_some_and(u8::is_ascii_whitespace)
        || has(Fault::SlashEscapeRefused) && body.windows(2).any(|pair| pair == b"\\/")
        || has(Fault::UpperHexRefused) && body.windows(6).any(is_upper_escape)
    {
        return Err(Answer::malformed("the body is no JSON"));
    }
    // Four bytes of UTF-8, or an escaped pair of surrogates.
    let astral = |byte: &u8| *byte >= 0xF0;
    let escaped = |bytes: &[u8]| bytes.eq_ignore_ascii_case(b"\\ud8");
    if has(Fault::Astral500) && (body.iter().any(astral) || body.windows(4).any(escaped)) {
        return Err(Answer::failure(Failure::Internal));
    }
    Ok(())
}

/// Whether that is an escape such as `\u00E9`.
fn is_upper_escape(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\\u") && bytes[2..].iter().any(|digit| (b'A'..=b'F').contains(digit))
}

fn has_longer_text(value: &Value, most: usize) -> bool {
    match value {
        Value::String(text) => text.chars().count() > most,
        Value::Array(items) => items.iter().any(|item| has_longer_text(item, most)),
        Value::Object(object) => object.values().any(|value| has_longer_text(value, most)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_json_is_refused() {
        let deep = "[".repeat(10_000);
        let huge = format!("{{\"x\":1{}e999}}", "0".repeat(400));
        for body in [
            "",
            " ",
            "{",
            "{}x",
            "{} {}",
            "{'add':null}",
            "{\"a\":NaN}",
            "{/**/}",
            "{\"a\":1,}",
            "\u{feff}{}",
            "{\"a\":\"\\ud800\"}",
            &deep,
            &huge,
        ] {
            let result = parse(&Switches::default(), body.as_bytes());
            assert!(result.is_err(), "{body:.20}");
        }
        assert!(parse(&Switches::default(), b"{\"a\":\"\xFF\"}").is_err());
    }

    #[test]
    fn white_space_and_escapes_are_json() {
        let value = parse(&Switches::default(), b" \r\n\t{\"a\":\"\\ud83d\\ude00\"}\n");
        assert_eq!(value.expect("parses")["a"], "\u{1F600}");
    }
}
