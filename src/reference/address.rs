//! Which workgroup a path means, and what is answered where it means none.

use axum::http::StatusCode;
use serde_json::json;
use unicode_normalization::UnicodeNormalization;

use crate::contract::wire;

use super::answers::{Answer, Content, Failure};
use super::server::Server;
use super::switches::Switches;
use super::{Fault, Variant};

/// The stored id of the workgroup, or the answer where there is none.
pub(super) fn existing(server: &Server, workgroup: Option<&str>) -> Result<String, Answer> {
    let has = |fault| server.switches.has(fault);
    let Some(id) = workgroup else {
        return Err(if has(Fault::OddPath500) {
            Answer::failure(Failure::Internal)
        } else {
            Answer::no_such_workgroup()
        });
    };
    if has(Fault::LongWorkgroup414) && id.chars().count() > 100
        || has(Fault::LongSegment414) && wire::segment(id).len() > 255
        || server.switches.varies(Variant::LongIds414) && id.chars().count() > 255
    {
        return Err(Answer::error(
            StatusCode::URI_TOO_LONG,
            "The path is too long.",
        ));
    }
    let mut store = server.store();
    if let Some(found) = store.find(&server.switches, id) {
        return Ok(found);
    }
    let again = has(Fault::AbsentSecondTime) && !server.memory().met.insert(id.to_owned());
    if has(Fault::AbsentWorkgroupCreated) || again {
        store.create(id);
        return Ok(id.to_owned());
    }
    let mut odd = ODD.iter();
    if let Some((_, _, answer)) = odd.find(|(fault, is_odd, _)| has(*fault) && is_odd(id)) {
        return Err(answer());
    }
    let message = "The workgroup does not exist.";
    Err(if has(Fault::AbsentWorkgroup200) {
        Answer::json(StatusCode::OK, json!({ "subObjects": [] }))
    } else if has(Fault::AbsentWorkgroup400) || has(Fault::OddWorkgroup400) && !id.is_ascii() {
        Answer::malformed(message)
    } else if has(Fault::AbsentWorkgroup403) {
        Answer::error(StatusCode::FORBIDDEN, message)
    } else if has(Fault::AbsentWorkgroup410) {
        Answer::error(StatusCode::GONE, message)
    } else if has(Fault::AbsentWorkgroup500) {
        Answer::failure(Failure::Internal)
    } else {
        Answer::no_such_workgroup()
    })
}

/// A fault, the ids that it minds, and what it answers to them.
type Odd = (Fault, fn(&str) -> bool, fn() -> Answer);

const ODD: &[Odd] = &[
    (Fault::QuoteWorkgroup500, |id| id.contains('\''), failure),
    (
        Fault::AstralWorkgroup500,
        |id| id.chars().any(|c| c > '\u{FFFF}'),
        failure,
    ),
    (Fault::DottedWorkgroup500, |id| id.contains('.'), failure),
    (
        Fault::LongWorkgroup500,
        |id| (201..=255).contains(&id.chars().count()),
        failure,
    ),
    (
        Fault::OverlongWorkgroup500,
        |id| id.chars().count() > 255,
        failure,
    ),
    (
        Fault::SlashWorkgroup500,
        |id| id.contains(['/', '\\']),
        failure,
    ),
    (
        Fault::DangerousPath400,
        |id| id.contains(['<', '>', '*', '%', '&', ':', '?']),
        dangerous,
    ),
    (
        Fault::LongSegment400,
        |id| wire::segment(id).len() > 260 && id.chars().count() <= 255,
        dangerous,
    ),
];

fn failure() -> Answer {
    Answer::failure(Failure::Internal)
}

fn dangerous() -> Answer {
    Answer::malformed("The path is potentially dangerous.")
}

/// Whether a path's id is one that the contract leaves open.
pub(super) fn is_odd(workgroup: Option<&str>) -> bool {
    workgroup.is_none_or(|id| {
        id.is_empty()
            || id.contains(['/', '\\'])
            || [".", ".."].contains(&id)
            || id.chars().count() > 255
    })
}

/// What a faulty server makes of a workgroup's id before it looks for it.
pub(super) fn misread(switches: &Switches, id: String) -> String {
    let mut misreadings = MISREADINGS.iter();
    match misreadings.find(|(fault, _)| switches.has(*fault)) {
        Some((_, misreading)) => misreading(&id),
        None => id,
    }
}

/// What becomes of an id.
type Misreading = fn(&str) -> String;

const MISREADINGS: &[(Fault, Misreading)] = &[
    (Fault::WorkgroupMatrixCut, |id| before(id, &[';'])),
    (Fault::WorkgroupQueryCut, |id| before(id, &['?', '#'])),
    (Fault::WorkgroupFormatCut, |id| {
        let bare = [".json", ".xml", ".html"]
            .iter()
            .find_map(|ending| id.strip_suffix(ending));
        bare.unwrap_or(id).to_owned()
    }),
    (Fault::WorkgroupLatin1, |id| {
        id.bytes().map(char::from).collect()
    }),
    (Fault::WorkgroupLastDots, |id| {
        id.trim_end_matches('.').to_owned()
    }),
    (Fault::WorkgroupLastInvisible, |id| {
        let invisible = ['\u{200B}', '\u{200C}', '\u{200D}', '\u{2060}', '\u{FEFF}'];
        id.trim_end_matches(invisible).to_owned()
    }),
];

fn before(id: &str, ends: &[char]) -> String {
    id.split(ends).next().unwrap_or_default().to_owned()
}

/// Whether a faulty server takes a known workgroup for the one named.
pub(super) fn alike(switches: &Switches, named: &str, known: &str) -> bool {
    LIKENESSES
        .iter()
        .any(|(fault, alike)| switches.has(*fault) && alike(named, known))
}

/// Whether an id named is taken for one known.
type Likeness = fn(&str, &str) -> bool;

const LIKENESSES: &[(Fault, Likeness)] = &[
    (Fault::WorkgroupLike, like),
    (Fault::WorkgroupAccents, |named, known| {
        plain(named) == plain(known)
    }),
    (Fault::WorkgroupSlug, |named, known| {
        let letters =
            |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
        letters(named) == letters(known)
    }),
    (Fault::WorkgroupComposed, |named, known| {
        named.nfc().eq(known.nfc())
    }),
    (Fault::WorkgroupCompatible, |named, known| {
        named.nfkc().eq(known.nfkc())
    }),
];

/// `LIKE` of SQL: a percent sign is any text, an underscore any character.
fn like(pattern: &str, text: &str) -> bool {
    let Some(first) = pattern.chars().next() else {
        return text.is_empty();
    };
    let rest = &pattern[first.len_utf8()..];
    let mut letters = text.chars();
    match first {
        '%' => (0..=text.len())
            .filter(|place| text.is_char_boundary(*place))
            .any(|place| like(rest, &text[place..])),
        '_' => letters.next().is_some() && like(rest, letters.as_str()),
        letter => letters.next() == Some(letter) && like(rest, letters.as_str()),
    }
}

/// The commonest accented letters without their accents, combining ones too.
fn plain(text: &str) -> String {
    const ACCENTED: &str = "àáâäåçèéêëìíîïñòóôöùúûüÀÁÂÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÖÙÚÛÜ";
    const PLAIN: &str = "aaaaaceeeeiiiinoooouuuuAAAAACEEEEIIIINOOOOUUUU";
    text.chars()
        .filter(|c| !('\u{300}'..='\u{36F}').contains(c))
        .map(|c| {
            let place = ACCENTED.chars().position(|accented| accented == c);
            place
                .and_then(|place| PLAIN.chars().nth(place))
                .unwrap_or(c)
        })
        .collect()
}

/// What a server answers that is in a hurry to say nothing was to be done.
pub(super) fn overlooked(switches: &Switches, nothing: bool, removal: bool) -> Option<Answer> {
    if switches.has(Fault::AbsentNothing200) && nothing
        || switches.has(Fault::AbsentRemoval200) && removal
    {
        return Some(Answer::json(StatusCode::OK, json!({ "subObjects": [] })));
    }
    if switches.has(Fault::AbsentNeverAnswers) {
        let mut answer = Answer::empty(StatusCode::NOT_FOUND);
        answer.body = Content::Late;
        return Some(answer);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likenesses_are_as_wide_as_they_say() {
        assert!(like("S%s", "Sales") && like("Sal_s", "Sales") && !like("Sal_", "Sales"));
        assert_eq!(plain("Su\u{308}d Süd"), "Sud Sud");
    }

    #[test]
    fn what_is_left_open_is_odd() {
        for id in [None, Some(""), Some("a/b"), Some("..")] {
            assert!(is_odd(id), "{id:?}");
        }
        assert!(!is_odd(Some("a.b")));
    }
}
