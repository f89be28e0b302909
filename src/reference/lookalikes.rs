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
];

fn all_but_last(given: &str, own: &str) -> bool {
    let end = own.len().saturating_sub(1);
    given.len() == own.len() && given.get(..end) == own.get(..end)
}

fn sorted(text: &str) -> Vec<char> {
    let mut letters: Vec<_> = text.chars().collect();
    letters.sort_unstable();
    letters
}
