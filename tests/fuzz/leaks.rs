//! What must not be shown, and where it is looked for.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::{LazyLock, Mutex};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use regex::bytes::Regex;

use crate::front::Answer;

/// The passwords of the users.
pub(crate) const PASSWORDS: [&str; 2] = [
    "planted-Privileged-\"\u{e9}\"-9f3b2c",
    "planted-Restricted-77c1d0",
];

/// Tokens and cookies that went through a front.
#[derive(Debug, Default)]
pub(crate) struct Known {
    issued: Mutex<BTreeSet<String>>,
    sent: Mutex<BTreeSet<String>>,
}

impl Known {
    /// Notes what a login's answer issues.
    pub(crate) fn issued(&self, answer: &Answer) {
        static ISSUED: LazyLock<Regex> = LazyLock::new(|| {
            let pattern = r#""csrfToken":"([^"]+)"|(?i:set-cookie): *icws_[^=]+=([^;\r\n]+)"#;
            Regex::new(pattern).expect("the pattern is constant")
        });
        note(&self.issued, &ISSUED, &answer.head);
        note(&self.issued, &ISSUED, &answer.body);
    }

    /// Notes what a client sends.
    pub(crate) fn sent(&self, bytes: &[u8]) {
        static SENT: LazyLock<Regex> = LazyLock::new(|| {
            let pattern = r"(?i:inin-icws-csrf-token): *([^\r\n]+)|icws_[0-9]+=([^;\r\n]+)";
            Regex::new(pattern).expect("the pattern is constant")
        });
        note(&self.sent, &SENT, bytes);
    }

    /// Every secret that the binary had and knew as one: the passwords, and what
    /// it was given and sent back.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let issued = self.issued.lock().expect("no thread panics");
        let sent = self.sent.lock().expect("no thread panics");
        let mut secrets: Vec<String> = issued.intersection(&sent).cloned().collect();
        secrets.extend(PASSWORDS.map(str::to_owned));
        secrets
    }
}

fn note(texts: &Mutex<BTreeSet<String>>, pattern: &Regex, bytes: &[u8]) {
    for captures in pattern.captures_iter(bytes) {
        let text = captures.get(1).or(captures.get(2)).expect("one of two");
        let text = String::from_utf8_lossy(text.as_bytes()).into_owned();
        texts.lock().expect("no thread panics").insert(text);
    }
}

/// A way to write a secret.
pub(crate) type Spelling = fn(&str) -> String;

/// Every way in which a secret must be recognised.
pub(crate) const SPELLINGS: &[(&str, Spelling)] = &[
    ("as it is", |secret| secret.to_owned()),
    ("in base64", |secret| STANDARD_NO_PAD.encode(secret)),
    ("in base64 for URLs", |secret| {
        URL_SAFE_NO_PAD.encode(secret)
    }),
    ("in hex", |secret| {
        bytes(secret, "", |byte| format!("{byte:02x}"))
    }),
    ("in upper hex", |secret| {
        bytes(secret, "", |byte| format!("{byte:02X}"))
    }),
    ("percent-encoded", |secret| {
        bytes(secret, "", |byte| format!("%{byte:02X}"))
    }),
    ("in JSON", |secret| {
        let quoted = serde_json::Value::from(secret).to_string();
        quoted.trim_matches('"').to_owned()
    }),
    ("in upper case", str::to_ascii_uppercase),
];

fn bytes(secret: &str, between: &str, spell: fn(u8) -> String) -> String {
    let bytes: Vec<String> = secret.bytes().map(spell).collect();
    bytes.join(between)
}

/// The first secret that stands in a file of that folder, with its place.
pub(crate) fn found(folder: &Path, secrets: &[String]) -> Option<String> {
    for entry in fs::read_dir(folder).ok()?.flatten() {
        let path = entry.path();
        let found = if path.is_dir() {
            found(&path, secrets)
        } else {
            found_in(&path, secrets)
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

fn found_in(path: &Path, secrets: &[String]) -> Option<String> {
    let text = fs::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    for secret in secrets {
        for (name, spell) in SPELLINGS {
            if let Some(at) = text.find(&spell(secret)) {
                let before: String = text[..at].chars().rev().take(60).collect();
                let before: String = before.chars().rev().collect();
                return Some(format!(
                    "a secret {name} in {}, behind `{}`",
                    path.display(),
                    before.escape_debug()
                ));
            }
        }
    }
    None
}
