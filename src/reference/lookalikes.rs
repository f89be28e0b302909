//! Tokens and cookies that a careless comparison takes for the right ones.

use super::Fault;
use super::switches::Switches;

/// A careless comparison: what was given, and what would be right.
type Alike = fn(&str, &str) -> bool;

/// Whether the server takes that CSRF token for its own.
pub(super) fn token(switches: &Switches, given: &str, own: &str) -> bool {
    any(switches, TOKENS, given, own)
}

/// Whether the server takes that cookie value for its own.
pub(super) fn cookie(switches: &Switches, given: &str, own: &str) -> bool {
    any(switches, COOKIES, given, own)
}

fn any(switches: &Switches, rows: &[(Fault, Alike)], given: &str, own: &str) -> bool {
    rows.iter()
        .any(|(fault, alike)| switches.has(*fault) && alike(given, own))
}

const TOKENS: &[(Fault, Alike)] = &[
    (Fault::TokenTailIgnored, |given, own| given.starts_with(own)),
    (Fault::TokenFirst64Only, |given, own| {
        given.get(..64).is_some() && given.get(..64) == own.get(..64)
    }),
    (Fault::TokenLastIgnored, all_but_last),
    (Fault::TokenEndAccepted, |given, own| {
        !given.is_empty() && own.ends_with(given)
    }),
    (Fault::TokenAnagram, |given, own| {
        sorted(given) == sorted(own)
    }),
    (Fault::TokenPaddingIgnored, |given, own| {
        given.trim_end_matches('=') == own.trim_end_matches('=')
    }),
    (Fault::TokenDecoded, |given, own| {
        decoded(given).is_some() && decoded(given) == decoded(own)
    }),
];

const COOKIES: &[(Fault, Alike)] = &[
    (Fault::CookieTailIgnored, |given, own| {
        given.starts_with(own)
    }),
    (Fault::CookieFirst8Only, |given, own| {
        given.get(..8).is_some() && given.get(..8) == own.get(..8)
    }),
    (Fault::CookieLastIgnored, all_but_last),
    (Fault::EmptyCookieAccepted, |given, _| given.is_empty()),
    (Fault::CookieAsGuid, |given, own| {
        digits(given) == digits(own)
    }),
    (Fault::CookieSubstring, |given, own| given.starts_with(own)),
];

/// A GUID without what is only its form.
fn digits(guid: &str) -> String {
    guid.replace(['-', '{', '}'], "").to_lowercase()
}

/// The bytes of a base64 text; what is none of its letters is skipped, and
/// bits that make no whole byte are dropped.
fn decoded(text: &str) -> Option<Vec<u8>> {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let known = |letter: &char| LETTERS.contains(*letter) || *letter == '=';
    let letters: Vec<_> = text.chars().filter(known).collect();
    if letters.is_empty() || letters.len() % 4 != 0 {
        return None;
    }
    let (mut bytes, mut bits, mut length) = (Vec::new(), 0_u32, 0);
    for place in letters.iter().filter_map(|letter| LETTERS.find(*letter)) {
        bits = bits << 6 | u32::try_from(place).unwrap_or_default();
        length += 6;
        if length >= 8 {
            length -= 8;
            bytes.extend(u8::try_from(bits >> length & 0xFF));
        }
    }
    Some(bytes)
}

fn all_but_last(given: &str, own: &str) -> bool {
    let end = own.len().saturating_sub(1);
    given.len() == own.len() && given.get(..end) == own.get(..end)
}

fn sorted(text: &str) -> Vec<char> {
    let mut letters: Vec<_> = text.chars().collect();
    letters.sort_unstable();
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_decoded_whatever_stands_between() {
        assert_eq!(decoded("TWF-u"), Some(b"Man".to_vec()));
        // The last bits make no whole byte.
        assert_eq!(decoded("TWE="), decoded("TWF="));
        assert_eq!(decoded("TWE"), None);
    }
}
