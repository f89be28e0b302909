//! How much is kept of a text of the target, and how much of it is shown.
//!
//! What lies between the two is never shown. It is there so that a secret which
//! lies across the place of the cut is known for what it is, be it learnt after
//! the text was kept.

use crate::contract::fingerprint_of;

/// The most bytes of a text that are kept. What is longer than is shown, but no
/// longer than this, is cut when it is shown.
pub(super) const KEPT_BYTES: usize = 2400;

/// The most bytes of a sentence that are shown. The longest pattern of a secret,
/// in whatever encoding, has less room than lies between this and [`KEPT_BYTES`].
pub(super) const SENTENCE_BYTES: usize = 1000;

/// The most bytes that are shown of what is only quoted.
pub(super) const QUOTE_BYTES: usize = 320;

/// What stands between the beginning of a text and what is said of the rest.
const CUT: &str = "… (";

/// The text as it may be kept, however long it is: its beginning, its length and
/// a digest, so that two different texts stay different.
pub fn kept(text: impl Into<String>) -> String {
    let mut text = text.into();
    // What was kept already and is part of this now says more of the rest.
    if text.len() <= KEPT_BYTES + 64 {
        return text;
    }
    let rest = rest(&text);
    let mut end = KEPT_BYTES;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text.push_str(&rest);
    // Otherwise the room of the whole text stays taken.
    text.shrink_to_fit();
    text
}

/// What is said instead of what was left out of a text.
pub(super) fn rest(text: &str) -> String {
    format!("{CUT}{} bytes in all, digest {})", text.len(), digest(text))
}

/// Eight digits that tell a text from others, and nothing of what it says.
pub fn digest(text: &str) -> String {
    let mut digest = fingerprint_of([text]);
    digest.truncate(8);
    digest
}

/// A text that was kept as its beginning and what is said of the rest; any other
/// text as it is.
pub(super) fn parts(text: &str) -> (&str, Option<&str>) {
    let found = text.rfind(CUT).filter(|place| {
        let said = &text[place + CUT.len()..];
        let said = said
            .strip_suffix(')')
            .and_then(|said| said.split_once(" bytes in all, digest "));
        *place > 0
            && said.is_some_and(|(length, digest)| {
                length.bytes().all(|byte| byte.is_ascii_digit())
                    && digest.len() == 8
                    && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
            })
    });
    match found {
        Some(place) => (&text[..place], Some(&text[place..])),
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_of_a_long_text_tells_it_from_others() {
        let one = kept("ü".repeat(100_000));
        let other = kept("ü".repeat(99_999) + "u");
        assert!(one.len() < KEPT_BYTES + 64, "{}", one.len());
        assert!(one.ends_with(&rest(&"ü".repeat(100_000))), "{one}");
        assert_ne!(one, other);
        assert_eq!(kept(one.clone()), one);
        assert_eq!(kept("short"), "short");
        assert_eq!(
            parts(&one).1.map(str::len),
            Some(rest(&"ü".repeat(100_000)).len())
        );
        for plain in [
            "short",
            "… (x)",
            "a… (1 bytes in all, digest 1234567)",
            "… (1 bytes in all, digest 12345678)",
        ] {
            assert_eq!(parts(plain), (plain, None));
        }
    }
}
