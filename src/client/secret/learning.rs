//! The secrets that an answer sets: what is to be hidden before anything of it
//! is kept or shown, whatever was asked and whoever asked it.

use std::sync::LazyLock;

use regex::bytes::Regex;
use serde_json::Value;

use crate::client::exchange::Answer;
use crate::contract::wire;

/// Cookies that are not a session's may say nothing secret, such as a language:
/// a value that could be a word, or has fewer bytes, is none.
const LEAST_OF_ANOTHER: usize = 8;

/// A member with a token, in JSON or in what has JSON in it.
static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?i-u)csrf_?-?token\\*["']\s*[:=]\s*(\\*["'])((?:[^"'\\]|\\[^"'])*)"#)
        .expect("the pattern is constant")
});

/// The most tokens of one body that are looked for.
const TOKENS_MAX: usize = 16;

/// Every value with what people see instead.
pub(super) fn found_in(answer: &Answer) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for line in answer.headers_named("set-cookie") {
        let line = String::from_utf8_lossy(line);
        let pair = line.split(';').next().unwrap_or_default();
        let Some((name, value)) = pair.split_once('=') else {
            continue;
        };
        let (name, value) = (name.trim(), value.trim());
        if name.starts_with(&wire::cookie_name("")) || is_telling(value) {
            let bare = value.trim_matches('"');
            found.push((bare.to_owned(), "<cookie of a session>".to_owned()));
            if bare != value {
                found.push((value.to_owned(), "<cookie of a session>".to_owned()));
            }
        }
    }
    let mut token = |value: String| found.push((value, "<csrf token of a session>".to_owned()));
    for value in answer.headers_named(wire::CSRF_TOKEN_HEADER) {
        token(String::from_utf8_lossy(value).trim().to_owned());
    }
    for member in TOKEN.captures_iter(&answer.body).take(TOKENS_MAX) {
        let written = String::from_utf8_lossy(&member[2]).into_owned();
        let read = serde_json::from_str(&format!("\"{written}\""));
        match read {
            Ok(Value::String(text)) if text != written => token(text),
            _ => {}
        }
        token(written);
    }
    found
}

/// Whether the value of some cookie could be a secret.
fn is_telling(value: &str) -> bool {
    let has = |is: fn(&u8) -> bool| value.bytes().any(|byte| is(&byte));
    let is_mixed = has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
    let is_word = !is_mixed && !has(u8::is_ascii_digit) && value.len() < 20;
    value.len() >= LEAST_OF_ANOTHER && !is_word
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn values(headers: &[(&str, &str)], body: &str) -> Vec<String> {
        let headers = headers.iter();
        let answer = Answer {
            status: 500,
            headers: headers
                .map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()))
                .collect(),
            body: Bytes::copy_from_slice(body.as_bytes()),
        };
        let found = found_in(&answer).into_iter();
        found.map(|(value, _)| value).collect()
    }

    #[test]
    fn cookies_and_tokens_are_learnt_wherever_they_are_set() {
        let headers = [
            ("set-cookie", "icws_7 = guid-1 ; Path=/"),
            ("Set-Cookie", "AWSALB=\"4f1c9a7B\"; Path=/"),
            ("Set-Cookie", "lang=en-US"),
            ("Set-Cookie", "consent=accepted"),
            ("Set-Cookie", "no pair"),
            ("inin-icws-csrf-token", " tok-1 "),
        ];
        assert_eq!(
            values(&headers, ""),
            ["guid-1", "4f1c9a7B", "\"4f1c9a7B\"", "tok-1"]
        );
        for (body, token) in [
            (r#"{"a":{"csrfToken" : "tok\/2"}}"#, "tok/2"),
            (r#"<script>{"CSRFTOKEN":"tok/2"}"#, "tok/2"),
            (r#"{"message":"{\"csrfToken\":\"tok/2\"}"}"#, "tok/2"),
            ("csrfToken\"='tok/2'", "tok/2"),
        ] {
            assert!(
                values(&[], body).iter().any(|value| value == token),
                "{body}"
            );
        }
        assert_eq!(values(&[], r#"{"csrfToken":7,"x":"csrfToken"}"#), [""; 0]);
    }
}
