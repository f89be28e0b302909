//! Secrets by type: a value that prints as its placeholder, the registry of
//! every value learnt so far, and text that was cleaned of them.
//!
//! What a target sends back may hold a secret anywhere, so everything that
//! leaves the process goes through [`Secrets::redact`], and the types that
//! carry text outwards hold [`Redacted`] instead of `String`.
//!
//! | a value of     | is hidden                                              |
//! |----------------|--------------------------------------------------------|
//! | 8 bytes and up | anywhere, in any case of its letters, and as JSON, percent-encoding, HTML entities, Base64 and hexadecimal digits, alone or amid other text |
//! | 3 to 7 bytes   | as it is, where no letter, digit or `_` adjoins it: a token that is a word must not garble every sentence |
//! | fewer          | not at all: it would blacken half of every text        |
//!
//! Cleaning comes before cutting. A text of the target that is long is kept
//! ([`kept`]) with more than is ever shown, until all of a run's secrets are
//! known; then it is cleaned and cut in one step.

mod excerpt;
mod learning;
mod patterns;
mod readings;

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, Serializer};

use super::exchange::Answer;
use patterns::{Registry, Span};

pub use excerpt::{digest, kept};

/// A value that must never be shown. `Debug` and `Display` print the
/// placeholder. The value is wiped from memory when the last clone goes; what
/// the registry has learnt of it stays until the process ends.
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
    /// keeps its first placeholder, unless nobody had given it a name.
    pub fn learn(&self, secret: &Secret) {
        let mut registry = self.0.write().unwrap_or_else(PoisonError::into_inner);
        registry.learn(secret.expose(), &secret.placeholder, true);
    }

    /// Learns every cookie and token that an answer sets, whatever was asked.
    pub(super) fn learn_from(&self, answer: &Answer) {
        let found = learning::found_in(answer);
        if found.is_empty() {
            return;
        }
        let mut registry = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for (value, placeholder) in found {
            registry.learn(&value, &placeholder.into(), false);
        }
    }

    /// `text` with every occurrence of every secret replaced by its placeholder,
    /// cut where it is long. Where occurrences overlap, all of them go.
    pub fn redact(&self, text: &str) -> Redacted {
        self.cut(text, excerpt::SENTENCE_BYTES)
    }

    /// The same of something that is only quoted, such as an answer.
    pub fn quote(&self, text: &str) -> Redacted {
        self.cut(text, excerpt::QUOTE_BYTES)
    }

    /// The same, however long it is: for what is ours, such as a request.
    pub fn redact_whole(&self, text: &str) -> Redacted {
        let spans = self.settled().spans(text);
        Redacted(render(text, &spans, text.len()).0)
    }

    /// Whether `text` holds a secret.
    pub fn are_in(&self, text: &str) -> bool {
        !self.settled().spans(text).is_empty()
    }

    /// Cleans all that is there, and only then leaves out what lies behind the
    /// limit, so that nothing of a secret across it stays.
    fn cut(&self, text: &str, limit: usize) -> Redacted {
        let (start, rest) = excerpt::parts(text);
        if rest.is_none() && start.len() <= limit {
            return self.redact_whole(text);
        }
        let spans = self.settled().spans(start);
        let (mut cleaned, is_cut) = render(start, &spans, limit);
        match rest {
            Some(rest) => cleaned.push_str(rest),
            None if is_cut => cleaned.push_str(&excerpt::rest(text)),
            None => {}
        }
        Redacted(cleaned)
    }

    /// The registry, ready to be searched for all that it has learnt.
    fn settled(&self) -> RwLockReadGuard<'_, Registry> {
        loop {
            let registry = self.0.read().unwrap_or_else(PoisonError::into_inner);
            if registry.is_settled() {
                return registry;
            }
            drop(registry);
            let mut registry = self.0.write().unwrap_or_else(PoisonError::into_inner);
            registry.settle();
        }
    }
}

/// What comes before the limit with the spans as placeholders, a span across the
/// limit whole; and whether anything was left out.
fn render(text: &str, spans: &[Span], limit: usize) -> (String, bool) {
    let mut limit = limit.min(text.len());
    while !text.is_char_boundary(limit) {
        limit -= 1;
    }
    let mut cleaned = String::with_capacity(limit);
    let mut at = 0;
    for span in spans {
        if span.start >= limit {
            break;
        }
        cleaned.push_str(&text[at..span.start]);
        cleaned.push_str(&span.placeholder);
        at = span.end;
    }
    if at < limit {
        cleaned.push_str(&text[at..limit]);
        at = limit;
    }
    (cleaned, at < text.len())
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

#[cfg(test)]
mod tests;
