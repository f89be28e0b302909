//! One value read back against the one that the request gave: as given
//! (EFF-1), exactly (FLD-10), or by default (FLD-5, FLD-6).

use serde_json::Value;

use super::differences::Differences;
use crate::client::secret::digest;
use crate::contract::rules::{self, RuleId};
use crate::judge::shape::{integer, type_name};
use crate::oracle::Wanted;

/// A longer text is told by its length and a digest.
const SHOWN_BYTES: usize = 300;

/// FLD-5 and FLD-6: the default of canReceiveEncryptedEmail.
pub(super) fn compare_default(
    rule: RuleId,
    how: &str,
    read: Option<&Value>,
    differences: &mut Differences,
) {
    if read != Some(&Value::Bool(false)) {
        differences.add(
            rule,
            &format!("canReceiveEncryptedEmail that was {how} does not read back as false"),
            "canReceiveEncryptedEmail false",
            shown(read),
        );
    }
}

/// A property that the request gives.
pub(super) fn compare_given(
    name: &str,
    wanted: &Wanted,
    old: Option<&Value>,
    read: Option<&Value>,
    differences: &mut Differences,
) {
    let differs = |differences: &mut Differences, rule: RuleId, expected: String| {
        let message = match rule {
            rules::FLD_10 => format!("{name} does not read back exactly"),
            _ => format!("{name} does not read back as given"),
        };
        differences.add(rule, &message, expected, shown(read));
    };
    match wanted {
        Wanted::Absent | Wanted::Unsure => {}
        Wanted::Null if name == "canReceiveEncryptedEmail" => {
            differences.checked.push(rules::FLD_5);
            compare_default(rules::FLD_5, "null", read, differences);
        }
        // No text is not null: a server writes null or leaves it out.
        Wanted::Null => {
            if read.is_some() {
                differs(differences, rules::EFF_1, format!("{name} null"));
            }
        }
        Wanted::Flag(flag) => {
            if read != Some(&Value::Bool(*flag)) {
                differs(differences, rules::EFF_1, format!("{name} {flag}"));
            }
        }
        Wanted::Number(number) => {
            if read.and_then(integer) != Some(u64::from(*number)) {
                differs(differences, rules::EFF_1, format!("{name} {number}"));
            }
        }
        // Whether nothing at all and no text are one is open (FLD-9).
        Wanted::Text(text) if text.is_empty() => {
            if let Some(kept) = read.filter(|value| **value != "") {
                let message = format!("{name} does not read back as given");
                differences.add(
                    rules::EFF_1,
                    &message,
                    format!("{name} empty"),
                    shown(Some(kept)),
                );
            }
        }
        Wanted::Text(text) => {
            differences.checked.push(rules::FLD_10);
            let stored = read.and_then(Value::as_str);
            if stored != Some(text) {
                let distorted = stored.is_some_and(|stored| {
                    Some(stored) != old.and_then(Value::as_str) && is_distortion(text, stored)
                });
                let rule = if distorted {
                    rules::FLD_10
                } else {
                    rules::EFF_1
                };
                differs(
                    differences,
                    rule,
                    format!("{name} {}", Value::from(text.as_str())),
                );
            }
        }
    }
}

/// Whether what was read could be what was given, spoilt on the way: cut,
/// trimmed, folded, re-encoded. Then FLD-10 speaks; another text altogether is
/// EFF-1's.
fn is_distortion(given: &str, read: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .collect()
    };
    let (given_plain, read_plain) = (plain(given), plain(read));
    // What is more than letters, digits and the punctuation of addresses is
    // there to be spoilt.
    let plain_character = |c: char| c.is_ascii_alphanumeric() || "@.-_".contains(c);
    let odd = given.len() > 64 || !given.chars().all(plain_character);
    odd || given.to_lowercase() == read.to_lowercase()
        || (!read_plain.is_empty() && given_plain.starts_with(&read_plain))
        || (!given_plain.is_empty() && read_plain.starts_with(&given_plain))
}

/// Equality of read-back values; 1 and 1.0 are one number.
pub(super) fn equal(one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one, other) {
        (Some(Value::Number(one)), Some(Value::Number(other))) => one.as_f64() == other.as_f64(),
        _ => one == other,
    }
}

/// A value, or that there is none, in words.
pub(super) fn shown(value: Option<&Value>) -> String {
    match value {
        None => "nothing".to_owned(),
        // Its beginning could be that of a secret, and would look as that of another
        // text which differs in the end.
        Some(Value::String(text)) if text.len() > SHOWN_BYTES => format!(
            "a text of {} characters, digest {}",
            text.chars().count(),
            digest(text)
        ),
        Some(value @ Value::String(_)) => value.to_string(),
        Some(value) => type_name(value),
    }
}
