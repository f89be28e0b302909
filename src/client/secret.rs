//! Secrets by type: a value that prints as its placeholder, the registry of
//! every value learnt so far, and text that was cleaned of them.
//!
//! What a target sends back may hold a secret anywhere, so everything that
//! leaves the process goes through [`Secrets::redact`], and the types that
//! carry text outwards hold [`Redacted`] instead of `String`.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, Serializer};

use crate::contract::wire;

/// A value that must never be shown. `Debug` and `Display` print the
/// placeholder, and the value is wiped from memory when the last clone goes.
#[derive(Clone)]
pub struct Secret {
    value: SecretString,
    placeholder: Arc<str>,
}

impl Secret {
    /// Wraps `value`; `placeholder` is what people see instead, such as
    /// `<password of admin>`.
    pub fn new(value: impl Into<String>, placeholder: impl Into<Arc<str>>) -> Self {
        Self {
            value: SecretString::from(value.into()),
            placeholder: placeholder.into(),
        }
    }

    /// What people see instead of the value.
    pub fn placeholder(&self) -> &str {
        &self.placeholder
    }

    /// The same secret behind a text that is none, such as a cookie's name.
    pub fn preceded_by(&self, text: &str) -> Self {
        Self::new(
            format!("{text}{}", self.expose()),
            format!("{text}{}", self.placeholder),
        )
    }

    /// The value itself, for the wire and for deriving damaged values.
    pub(crate) fn expose(&self) -> &str {
        self.value.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.placeholder)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.placeholder)
    }
}

/// Equality is that of the values.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Secret {}

/// The registry of every secret learnt so far. Clones share it.
#[derive(Clone, Default)]
pub struct Secrets(Arc<RwLock<Registry>>);

impl Secrets {
    /// An empty registry.
    pub fn new() -> Self {
        Self::default()
    }

    /// From now on [`Secrets::redact`] hides `secret`. A value learnt twice
    /// keeps its first placeholder. Values of fewer than three bytes are not
    /// searched for: they would blacken half of every text.
    pub fn learn(&self, secret: &Secret) {
        let mut registry = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for form in forms(secret.expose()) {
            registry.insert(form, &secret.placeholder);
        }
    }

    /// `text` with every occurrence of every secret replaced by its
    /// placeholder: as it is, JSON-escaped and percent-encoded. Where
    /// occurrences overlap, all of them go.
    pub fn redact(&self, text: &str) -> Redacted {
        let registry = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut cleaned = String::with_capacity(text.len());
        let (mut copied, mut at) = (0, 0);
        while at < text.len() {
            let Some(first) = registry.longest_at(text, at) else {
                at += 1;
                continue;
            };
            let (mut longest, mut end) = (first, at + first.len());
            let mut inner = at + 1;
            while inner < end {
                if let Some(next) = registry.longest_at(text, inner) {
                    end = end.max(inner + next.len());
                    if next.len() > longest.len() {
                        longest = next;
                    }
                }
                inner += 1;
            }
            cleaned.push_str(&text[copied..at]);
            cleaned.push_str(&longest.placeholder);
            (copied, at) = (end, end);
        }
        cleaned.push_str(&text[copied..]);
        Redacted(cleaned)
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secrets")
    }
}

/// Text that holds no secret: it was cleaned by [`Secrets::redact`], or is
/// part of the program.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Redacted(String);

impl From<&'static str> for Redacted {
    fn from(text: &'static str) -> Self {
        Self(text.to_owned())
    }
}

impl AsRef<str> for Redacted {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Redacted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&self.0)
    }
}

impl fmt::Debug for Redacted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, out)
    }
}

impl Serialize for Redacted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// How many bytes of a pattern index it, and how many it must have.
const INDEXED: usize = 3;

/// The patterns by their first bytes, longest first. Learning is one ordered
/// insertion: a run learns thousands of damaged tokens between two texts, so
/// an automaton that is built anew each time would cost more than it saves.
#[derive(Default)]
struct Registry(HashMap<[u8; INDEXED], Vec<Pattern>>);

struct Pattern {
    text: SecretString,
    placeholder: Arc<str>,
}

impl Pattern {
    fn len(&self) -> usize {
        self.text.expose_secret().len()
    }
}

impl Registry {
    fn insert(&mut self, text: String, placeholder: &Arc<str>) {
        let Some(key) = text.as_bytes().first_chunk::<INDEXED>() else {
            return;
        };
        let alike = self.0.entry(*key).or_default();
        let place = alike.binary_search_by_key(&(Reverse(text.len()), text.as_str()), |known| {
            (Reverse(known.len()), known.text.expose_secret())
        });
        if let Err(place) = place {
            let placeholder = Arc::clone(placeholder);
            let text = SecretString::from(text);
            alike.insert(place, Pattern { text, placeholder });
        }
    }

    /// The longest pattern that stands at that byte. Patterns are whole
    /// characters, so a match begins and ends between characters.
    fn longest_at(&self, text: &str, at: usize) -> Option<&Pattern> {
        let rest = &text.as_bytes()[at..];
        let alike = self.0.get(rest.first_chunk::<INDEXED>()?)?;
        alike
            .iter()
            .find(|pattern| rest.starts_with(pattern.text.expose_secret().as_bytes()))
    }
}

/// The spellings in which a value may turn up in a url, in JSON or in a
/// message; equal ones are learnt once.
fn forms(value: &str) -> [String; 7] {
    let json = serde_json::Value::from(value).to_string();
    let json = json[1..json.len() - 1].to_owned();
    let segment = wire::segment(value);
    let strict = utf8_percent_encode(value, NON_ALPHANUMERIC).to_string();
    [
        value.to_owned(),
        json.replace('/', "\\/"),
        cautious_json(&json),
        json,
        lower_hex(&segment),
        segment,
        strict,
    ]
}

/// JSON as servers write it that escape what HTML would understand.
fn cautious_json(json: &str) -> String {
    json.chars().fold(String::new(), |mut text, character| {
        match character {
            '+' | '<' | '>' | '&' | '\'' | '`' => {
                text.push_str(&format!("\\u{:04X}", u32::from(character)));
            }
            other => text.push(other),
        }
        text
    })
}

/// The percent-encoded text with its hexadecimal digits in lower case.
fn lower_hex(encoded: &str) -> String {
    let mut hex_left = 0;
    encoded
        .chars()
        .map(|character| {
            if character == '%' {
                hex_left = 2;
            } else if hex_left > 0 {
                hex_left -= 1;
                return character.to_ascii_lowercase();
            }
            character
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(known: &[(&str, &str)]) -> Secrets {
        let secrets = Secrets::new();
        for (value, placeholder) in known {
            secrets.learn(&Secret::new(*value, *placeholder));
        }
        secrets
    }

    #[test]
    fn a_secret_prints_its_placeholder_only() {
        let secret = Secret::new("hunter22", "<password of admin>");
        assert_eq!(
            format!("{secret} {secret:?} {:?}", secret.preceded_by("p=")),
            "<password of admin> <password of admin> p=<password of admin>"
        );
        assert_eq!(secret.preceded_by("p=").expose(), "p=hunter22");
        assert_eq!(secret, Secret::new("hunter22", "<other>"));
    }

    #[test]
    fn every_spelling_of_a_value_is_hidden() {
        let value = "a+b/\"ü\"=\u{1}";
        let secrets = secrets(&[(value, "<token>")]);
        for shown in [
            value.to_owned(),
            serde_json::json!({ "t": value }).to_string(),
            r#"a+b\/\"ü\"=\u0001"#.to_owned(),
            r#"a\u002Bb/\"ü\"=\u0001"#.to_owned(),
            "/icws/a%2Bb%2F%22%C3%BC%22%3D%01/x".to_owned(),
            "/icws/a%2bb%2f%22%c3%bc%22%3d%01/x".to_owned(),
        ] {
            let cleaned = secrets.redact(&format!("é {shown} é"));
            assert!(cleaned.as_ref().contains("<token>"), "{shown}: {cleaned}");
            assert!(!cleaned.as_ref().contains('b'), "{shown}: {cleaned}");
        }
    }

    #[test]
    fn the_longest_value_wins_and_overlaps_leave_nothing() {
        let secrets = secrets(&[
            ("token", "<truncated>"),
            ("token-of-admin", "<token>"),
            ("admin+cookie", "<cookie>"),
        ]);
        let cleaned = |text| secrets.redact(text).to_string();
        assert_eq!(cleaned("token token-of-admin"), "<truncated> <token>");
        assert_eq!(cleaned("x token-of-admin+cookie y"), "x <token> y");
        assert_eq!(cleaned("tokentoken"), "<truncated><truncated>");
    }

    #[test]
    fn short_values_are_left_and_the_first_placeholder_stays() {
        let secrets = secrets(&[("ab", "<short>"), ("abc", "<first>"), ("abc", "<second>")]);
        assert_eq!(secrets.redact("ab abc").as_ref(), "ab <first>");
    }

    #[test]
    fn clones_share_what_is_learnt() {
        let secrets = Secrets::new();
        let other = secrets.clone();
        other.learn(&Secret::new("hunter22", "<password>"));
        assert_eq!(secrets.redact("hunter22").as_ref(), "<password>");
        assert_eq!(format!("{secrets:?}"), "Secrets");
    }
}
