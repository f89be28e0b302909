//! Near misses: ids that do not exist, but look much like one that does, so
//! that whatever part of an id is read carelessly, some id is like it there.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// How an id that does not exist looks like one that does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Near {
    /// Its beginning.
    Beginning,
    /// It, and more behind.
    Extended,
    /// It, and a space behind.
    SpaceBehind,
    /// It, and a space in front.
    SpaceInFront,
    /// It, and a no-break space behind.
    NoBreakSpaceBehind,
    /// It, percent-encoded: the id itself holds the percent sign.
    Encoded,
    /// It with a plus sign for every space.
    PlusForSpace,
    /// It, and what other paths have as a parameter behind it.
    ParameterBehind,
    /// It, and what looks like a query behind it.
    QueryBehind,
    /// It, and what looks like a fragment behind it.
    FragmentBehind,
    /// It, and the ending of a file's name behind it.
    EndingBehind,
    /// It with a percent sign for its last character.
    PercentForLast,
    /// It with an underscore for its last character.
    UnderscoreForLast,
    /// It with an asterisk for its last character.
    AsteriskForLast,
    /// It with a question mark for its last character.
    QuestionMarkForLast,
    /// It with an accent on one letter.
    Accented,
    /// It without its accents.
    Unaccented,
    /// It with its accents as characters of their own (NFD), or the other way
    /// round (NFC).
    Renormalised,
    /// It, and a full stop behind.
    StopBehind,
    /// It with a character inside that has no width.
    ZeroWidthInside,
    /// It, and such a character behind.
    ZeroWidthBehind,
    /// Its end.
    Ending,
    /// It with its last character twice.
    LastTwice,
    /// It in quotes.
    Quoted,
    /// It, and more behind a comma, as in a list.
    CommaBehind,
    /// It, and more behind a colon.
    ColonBehind,
    /// It, and more behind an at sign.
    AtBehind,
    /// It, and more behind an ampersand.
    AmpersandBehind,
    /// It, and more behind a bar.
    BarBehind,
    /// It, and something in parentheses behind.
    ParenthesesBehind,
    /// It, and something in brackets behind.
    BracketsBehind,
    /// It with an underscore for every space.
    UnderscoreForSpace,
    /// It with a no-break space for every space.
    NoBreakSpaceForSpace,
    /// It with two spaces for every space.
    SpacesTwice,
    /// It with a soft hyphen inside.
    SoftHyphenInside,
    /// It, and a variation selector behind.
    SelectorBehind,
    /// It, and so much behind that it is longer than most columns.
    LongBehind,
}

/// Letters with the accents that they may have, the likeliest first.
const ACCENTS: &[(char, &str)] = &[
    ('a', "áàâäãå"),
    ('e', "éèêë"),
    ('i', "íìîï"),
    ('o', "óòôöõ"),
    ('u', "úùûü"),
    ('c', "ç"),
    ('n', "ñ"),
    ('A', "ÁÀÂÄÃÅ"),
    ('E', "ÉÈÊË"),
    ('I', "ÍÌÎÏ"),
    ('O', "ÓÒÔÖÕ"),
    ('U', "ÚÙÛÜ"),
];

/// The longest id that WG-1 is certain of, in characters.
const LONGEST: usize = 255;

impl Near {
    /// Every way.
    pub const ALL: [Self; 37] = [
        Self::Beginning,
        Self::Extended,
        Self::SpaceBehind,
        Self::SpaceInFront,
        Self::NoBreakSpaceBehind,
        Self::Encoded,
        Self::PlusForSpace,
        Self::ParameterBehind,
        Self::QueryBehind,
        Self::FragmentBehind,
        Self::EndingBehind,
        Self::PercentForLast,
        Self::UnderscoreForLast,
        Self::AsteriskForLast,
        Self::QuestionMarkForLast,
        Self::Accented,
        Self::Unaccented,
        Self::Renormalised,
        Self::StopBehind,
        Self::ZeroWidthInside,
        Self::ZeroWidthBehind,
        Self::Ending,
        Self::LastTwice,
        Self::Quoted,
        Self::CommaBehind,
        Self::ColonBehind,
        Self::AtBehind,
        Self::AmpersandBehind,
        Self::BarBehind,
        Self::ParenthesesBehind,
        Self::BracketsBehind,
        Self::UnderscoreForSpace,
        Self::NoBreakSpaceForSpace,
        Self::SpacesTwice,
        Self::SoftHyphenInside,
        Self::SelectorBehind,
        Self::LongBehind,
    ];

    /// What an id must be so that there is one that looks like it so, in words.
    pub const fn wants(self) -> &'static str {
        match self {
            Self::PlusForSpace
            | Self::UnderscoreForSpace
            | Self::NoBreakSpaceForSpace
            | Self::SpacesTwice => "with a space in it",
            Self::Accented => "with a vowel, a c or an n in it",
            Self::Unaccented | Self::Renormalised => "with an accented letter in it",
            _ => "of two characters or more",
        }
    }

    /// The id that looks like `id`; `None` where there is none.
    pub fn of(self, id: &str) -> Option<String> {
        let length = id.chars().count();
        let beginning = |keep: usize| id.chars().take(keep).collect::<String>();
        let without_last = || beginning(length.saturating_sub(1));
        let inside = |more: char| {
            let middle = beginning(length / 2);
            format!("{middle}{more}{}", &id[middle.len()..])
        };
        let near = match self {
            Self::Beginning => beginning(length.div_ceil(2).max(length.saturating_sub(2))),
            Self::Extended => format!("{id}-7f3a"),
            Self::SpaceBehind => format!("{id} "),
            Self::SpaceInFront => format!(" {id}"),
            Self::NoBreakSpaceBehind => format!("{id}\u{a0}"),
            Self::Encoded => id.bytes().map(|byte| format!("%{byte:02X}")).collect(),
            Self::PlusForSpace => id.replace(' ', "+"),
            Self::ParameterBehind => format!("{id};v=1"),
            Self::QueryBehind => format!("{id}?v=1"),
            Self::FragmentBehind => format!("{id}#top"),
            Self::EndingBehind => format!("{id}.json"),
            Self::PercentForLast => without_last() + "%",
            Self::UnderscoreForLast => without_last() + "_",
            Self::AsteriskForLast => without_last() + "*",
            Self::QuestionMarkForLast => without_last() + "?",
            Self::Accented => {
                let (plain, accented) = id.chars().find_map(|letter| {
                    let (plain, accents) = ACCENTS.iter().find(|(plain, _)| *plain == letter)?;
                    Some((*plain, accents.chars().next()?))
                })?;
                id.replacen(plain, accented.encode_utf8(&mut [0; 4]), 1)
            }
            Self::Unaccented => {
                let plain = |letter: char| {
                    let mut known = ACCENTS.iter();
                    let found = known.find(|(_, accents)| accents.contains(letter));
                    found.map_or(letter, |(plain, _)| *plain)
                };
                id.chars().map(plain).collect()
            }
            Self::Renormalised => {
                let decomposed: String = id.nfd().collect();
                if decomposed == id {
                    id.nfc().collect()
                } else {
                    decomposed
                }
            }
            Self::StopBehind => format!("{id}."),
            Self::ZeroWidthInside => inside('\u{200b}'),
            Self::SoftHyphenInside => inside('\u{ad}'),
            Self::Ending => id.chars().skip(length.div_ceil(2).min(2)).collect(),
            Self::LastTwice => id.chars().chain(id.chars().last()).collect(),
            Self::Quoted => format!("\"{id}\""),
            Self::CommaBehind => format!("{id},7f3a"),
            Self::ColonBehind => format!("{id}:7f3a"),
            Self::AtBehind => format!("{id}@7f3a"),
            Self::AmpersandBehind => format!("{id}&v=1"),
            Self::BarBehind => format!("{id}|7f3a"),
            Self::ParenthesesBehind => format!("{id}(1)"),
            Self::BracketsBehind => format!("{id}[0]"),
            Self::UnderscoreForSpace => id.replace(' ', "_"),
            Self::NoBreakSpaceForSpace => id.replace(' ', "\u{a0}"),
            Self::SpacesTwice => id.replace(' ', "  "),
            Self::SelectorBehind => format!("{id}\u{fe0f}"),
            Self::LongBehind => id.chars().chain(['x'; 200]).take(LONGEST).collect(),
            Self::ZeroWidthBehind => format!("{id}\u{200b}"),
        };
        // An id that WG-1 leaves open is no use: nothing could be told by it.
        let usable =
            |near: &String| near != id && !near.trim_matches(['%', '_', '*', '?']).is_empty();
        Some(near).filter(usable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_other_ids() {
        for (near, id, expected) in [
            (Near::Beginning, "Sales", Some("Sal")),
            (Near::Encoded, "a", Some("%61")),
            (Near::PlusForSpace, "Sales (EMEA)", Some("Sales+(EMEA)")),
            (Near::PlusForSpace, "Sales", None),
            (Near::UnderscoreForLast, "Sales", Some("Sale_")),
            (Near::PercentForLast, "S", None),
            (Near::Accented, "Sales", Some("Sáles")),
            (Near::Accented, "Hr.", None),
            (Near::Ending, "Sales", Some("les")),
            (Near::LastTwice, "Sales", Some("Saless")),
            (Near::SpacesTwice, "Sales", None),
            (Near::Unaccented, "Süd", Some("Sud")),
            (Near::Unaccented, "Sales", None),
            (Near::Renormalised, "S\u{fc}d", Some("Su\u{308}d")),
            (Near::Renormalised, "Su\u{308}d", Some("S\u{fc}d")),
            (Near::Renormalised, "Sales", None),
            (Near::ZeroWidthInside, "S\u{fc}d", Some("S\u{200b}\u{fc}d")),
        ] {
            assert_eq!(near.of(id).as_deref(), expected, "{near:?} of {id}");
        }
    }
}
