//! Tokens, cookie values and session ids that the target never issued, but that look
//! much like those that it did.

use crate::generate::session::Damage;

/// The value after that damage; `None` where it has no such form, or would be
/// the same.
pub(super) fn damaged(value: &str, damage: Damage) -> Option<String> {
    let characters: Vec<char> = value.chars().collect();
    let length = characters.len();
    let (middle, quarter) = (length / 2, length.div_ceil(4));
    let from_middle = || (0..length).map(|step| (middle + step) % length);
    let text = |characters: &[char]| characters.iter().collect::<String>();
    let damaged = match damage {
        Damage::Truncated => text(&characters[..length - quarter]),
        Damage::Beheaded => text(&characters[quarter..]),
        Damage::Extended => format!("{value}x"),
        Damage::Preceded => format!("x{value}"),
        Damage::MiddleChanged => changed(&characters, from_middle(), 1),
        Damage::FirstChanged => changed(&characters, 0..length, 1),
        Damage::LastChanged => match characters.split_last() {
            Some((last, before)) if !last.is_ascii_alphanumeric() => text(before) + "x",
            _ => changed(&characters, (0..length).rev(), 1),
        },
        Damage::BeginningChanged => changed(&characters, 0..middle, middle),
        Damage::EndChanged => changed(&characters, middle..length, length),
        Damage::ThirdsChanged => changed(&characters, (0..length).step_by(3), length),
        Damage::OtherCase => {
            let at = from_middle().find(|at| characters[*at].is_ascii_alphabetic())?;
            let mut changed = characters.clone();
            changed[at] = char::from(u8::try_from(characters[at]).ok()? ^ 0x20);
            text(&changed)
        }
        Damage::Swapped => {
            let at = from_middle().find(|at| {
                let pair = characters.get(*at..at + 2);
                pair.is_some_and(|pair| {
                    pair[0] != pair[1] && pair.iter().all(char::is_ascii_alphanumeric)
                })
            })?;
            let mut swapped = characters.clone();
            swapped.swap(at, at + 1);
            text(&swapped)
        }
        Damage::Rotated => text(&[&characters[middle..], &characters[..middle]].concat()),
        Damage::Reversed => characters.iter().rev().collect(),
        Damage::LastRemoved => text(&characters[..length.saturating_sub(1)]),
        Damage::Foreign => format!(
            "{}!{}",
            text(&characters[..middle]),
            text(&characters[middle..])
        ),
        Damage::Bare => characters
            .iter()
            .filter(|c| c.is_ascii_alphanumeric())
            .collect(),
        Damage::EndInOtherCase => {
            let (kept, end) = characters.split_at(length - quarter);
            let in_other_case = |c: &char| {
                if c.is_ascii_lowercase() {
                    c.to_ascii_uppercase()
                } else {
                    c.to_ascii_lowercase()
                }
            };
            kept.iter()
                .copied()
                .chain(end.iter().map(in_other_case))
                .collect()
        }
    };
    Some(damaged).filter(|damaged| !damaged.is_empty() && damaged != value)
}

/// The letters that issued values are made of, the narrowest set first.
const ALPHABETS: [&str; 4] = [
    "0123456789",
    "0123456789abcdef",
    "0123456789ABCDEF",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
];

/// The value with up to that many letters or digits changed, at those places
/// in their order. Each becomes the one half an alphabet further on: the form
/// stays, and of a last character that is Base64 not only bits change that no
/// decoder looks at.
fn changed(characters: &[char], places: impl Iterator<Item = usize>, most: usize) -> String {
    let mut changed = characters.to_vec();
    let letters = || characters.iter().filter(|c| c.is_ascii_alphanumeric());
    let alphabet = ALPHABETS
        .iter()
        .find(|alphabet| letters().all(|letter| alphabet.contains(*letter)))
        .map(|alphabet| alphabet.chars().collect::<Vec<char>>())
        .unwrap_or_default();
    let next = |letter: char| {
        let place = alphabet.iter().position(|known| *known == letter)?;
        Some(alphabet[(place + alphabet.len() / 2) % alphabet.len()])
    };
    for (at, letter) in places
        .filter_map(|at| Some((at, next(characters[at])?)))
        .take(most)
    {
        changed[at] = letter;
    }
    changed.into_iter().collect()
}

/// The same with its digits in full width; `None` where it has none.
pub(super) fn in_other_digits(id: &str) -> Option<String> {
    let wide = |c: char| match c.to_digit(10) {
        Some(digit) => char::from_u32(0xFF10 + digit).unwrap_or(c),
        None => c,
    };
    let other: String = id.chars().map(wide).collect();
    Some(other).filter(|other| other != id)
}

/// Every byte percent-encoded.
pub(super) fn percent_encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// An id of the same form that was not issued to us: other sessions' ids are
/// likely to be near, so every digit changes.
pub(in crate::runner) fn unknown_id(id: &str, issued: &[&str]) -> String {
    (1..10)
        .map(|shift| -> String {
            id.chars()
                .enumerate()
                .map(|(at, c)| match c.to_digit(10) {
                    Some(digit) => {
                        let moved = (digit + shift + u32::try_from(at % 3).unwrap_or(0)) % 10;
                        // A leading zero would be another form.
                        let moved = if at == 0 && moved == 0 { 9 } else { moved };
                        char::from_digit(moved, 10).unwrap_or(c)
                    }
                    None if c == 'f' || c == 'z' => 'a',
                    None if c.is_ascii_lowercase() => char::from(c as u8 + 1),
                    None => c,
                })
                .collect()
        })
        .find(|candidate| candidate != id && !issued.contains(&candidate.as_str()))
        .unwrap_or_else(|| format!("{id}1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_keeps_the_form_and_is_where_its_name_says() {
        for (value, damage, expected) in [
            ("0a3f-9", Damage::FirstChanged, "8a3f-9"),
            ("0a3f-9", Damage::LastChanged, "0a3f-1"),
            ("0a3f-9", Damage::MiddleChanged, "0a37-9"),
            ("12a4", Damage::OtherCase, "12A4"),
            ("0123", Damage::BeginningChanged, "5623"),
            ("0123", Damage::EndChanged, "0178"),
            ("012345", Damage::ThirdsChanged, "512845"),
            ("aZ==", Damage::LastChanged, "aZ=x"),
            ("abcdefgh", Damage::Truncated, "abcdef"),
            ("abcdefgh", Damage::Beheaded, "cdefgh"),
            ("abcd", Damage::Swapped, "abdc"),
            ("abcd", Damage::Rotated, "cdab"),
            ("abcd", Damage::Reversed, "dcba"),
            ("ab", Damage::Extended, "abx"),
            ("ab", Damage::Preceded, "xab"),
        ] {
            let seen = damaged(value, damage);
            assert_eq!(seen.as_deref(), Some(expected), "{damage:?}");
        }
        for (value, damage) in [
            ("----", Damage::MiddleChanged),
            ("1234", Damage::OtherCase),
            ("a", Damage::Truncated),
            ("aaaa", Damage::Swapped),
            ("abba", Damage::Reversed),
        ] {
            assert_eq!(damaged(value, damage), None, "{damage:?}");
        }
        for damage in Damage::ALL {
            assert_ne!(damaged("", damage).as_deref(), Some(""));
        }
    }

    #[test]
    fn an_unknown_id_has_the_form_of_a_known_one() {
        let unknown = unknown_id("1234567", &["1234567"]);
        assert_eq!(unknown.len(), 7);
        assert!(unknown.parse::<u32>().is_ok() && unknown != "1234567");
        assert_ne!(unknown_id("9", &["9"]), "9");
        assert_ne!(unknown_id("ABC", &["ABC"]), "ABC");
    }
}
