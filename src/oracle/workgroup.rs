//! Which workgroup is asked for (WG).

use percent_encoding::percent_decode_str;

use super::expectation::{AnswerKind, Expectation};
use super::known::{Asked, Known, WorkgroupState};
use crate::contract::{Writing, rules};

/// What an id that WG-1 leaves open may be answered.
const OPEN_ID: &[AnswerKind] = &[
    AnswerKind::BadRequest,
    AnswerKind::NotFound,
    AnswerKind::UriTooLong,
];

/// Adds what the path deserves.
pub(super) fn examine(asked: &Asked<'_>, known: &Known<'_>, expectation: &mut Expectation) {
    let absent = matches!(known.workgroup, WorkgroupState::Absent);
    if asked.workgroup_id.is_none_or(is_open_id) {
        // WG-1 leaves these paths to the server, whoever asks.
        expectation.open_path = true;
        let what = "a workgroup id that the contract leaves open";
        if absent {
            expectation.open_refusal(rules::WG_1, what, OPEN_ID);
        } else {
            expectation.maybe(rules::WG_1, what, OPEN_ID);
        }
    } else if absent {
        expectation.breach(
            rules::WG_1,
            "a workgroup that does not exist",
            &[AnswerKind::NotFound],
        );
    }
    if asked.writing != Writing::Usual {
        expectation.feature(rules::REP_1, asked.writing.in_words(), true);
    }
    if matches!(known.workgroup, WorkgroupState::AbsentButForCase) {
        expectation.maybe(
            rules::WG_3,
            "a workgroup id in another case",
            &[AnswerKind::NotFound],
        );
    }
}

/// The ids that WG-1 leaves open, however often they are encoded.
fn is_open_id(id: &str) -> bool {
    let mut text = id.to_owned();
    loop {
        if is_open_as_written(&text) {
            return true;
        }
        match percent_decode_str(&text).decode_utf8() {
            Err(_) => return true,
            Ok(decoded) if decoded == text => return false,
            Ok(decoded) => text = decoded.into_owned(),
        }
    }
}

fn is_open_as_written(id: &str) -> bool {
    id.is_empty()
        || matches!(id, "." | "..")
        || id.chars().count() > 255
        || id.chars().any(|c| c.is_control() || c == '/' || c == '\\')
}
