//! What the documentation allows: a pure function from a request and what is
//! known of the target's state to the set of legal answers, each with the
//! rules behind it, and to the legal effect.
//!
//! The expectation is computed from the request alone, its bytes and its
//! credentials, never from how a generator made it: so the oracle also judges
//! requests that no generator of ours drew.

pub mod body;
pub mod effect;
pub mod expectation;
pub mod fields;
pub mod json;
pub mod known;
pub mod session;

pub use effect::{AddedObject, Effect, ModifiedObject, Wanted};
pub use expectation::{AnswerKind, Breach, Expectation, Feature};
pub use known::{Asked, IdRegime, Known, KnownSession, Stored, WorkgroupState};

use crate::contract::rules;
use crate::contract::wire;

/// What one request deserves.
pub fn expect(asked: &Asked<'_>, known: &Known<'_>) -> Expectation {
    let mut expectation = Expectation::default();
    session::examine(asked, known, &mut expectation);
    examine_workgroup(asked, known, &mut expectation);
    examine_media_type(asked, &mut expectation);
    body::examine(asked, known, &mut expectation);
    if known.removed {
        expectation.breach(
            rules::GONE_1,
            "the resource is removed",
            &[AnswerKind::Gone],
        );
    }
    if known.fails_next {
        expectation.may_fail = true;
    }
    expectation.body_bytes = asked.body.len();
    expectation
}

fn examine_workgroup(asked: &Asked<'_>, known: &Known<'_>, expectation: &mut Expectation) {
    let open_path = asked.workgroup_id.is_none_or(is_open_id);
    if open_path {
        // WG-1 leaves these paths to the server, whoever asks.
        expectation.open_path = true;
        expectation.maybe(
            rules::WG_1,
            "a workgroup id that the contract leaves open",
            &[
                AnswerKind::BadRequest,
                AnswerKind::NotFound,
                AnswerKind::UriTooLong,
            ],
        );
    }
    match known.workgroup {
        WorkgroupState::Absent if !open_path => {
            expectation.breach(
                rules::WG_1,
                "a workgroup that does not exist",
                &[AnswerKind::NotFound],
            );
        }
        WorkgroupState::AbsentButForCase => {
            expectation.maybe(
                rules::WG_3,
                "a workgroup id in another case",
                &[AnswerKind::NotFound],
            );
        }
        _ => {}
    }
}

/// The ids that WG-1 leaves open.
fn is_open_id(id: &str) -> bool {
    id.is_empty()
        || id.chars().count() > 255
        || id
            .split(['/', '\\'])
            .any(|part| part == "." || part == "..")
        || id.chars().any(|c| c.is_control() || c == '/' || c == '\\')
}

/// REP-13 and REP-14: is the label one of the two, with UTF-8 or no charset?
fn examine_media_type(asked: &Asked<'_>, expectation: &mut Expectation) {
    let Some(label) = asked.content_type else {
        expectation.maybe(rules::REP_14, "no Content-Type", OTHER_MEDIA_TYPE);
        return;
    };
    let mut parts = label.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default();
    let known_type = [wire::VENDOR_MEDIA_TYPE, wire::PLAIN_MEDIA_TYPE]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(media_type));
    let parameters: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    let known_parameters = match parameters.as_slice() {
        [] => true,
        [one] => one.split_once('=').is_some_and(|(name, value)| {
            name.trim().eq_ignore_ascii_case("charset")
                && value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        }),
        _ => false,
    };
    if !(known_type && known_parameters) {
        expectation.media_type_open = true;
        expectation.maybe(rules::REP_14, "another Content-Type", OTHER_MEDIA_TYPE);
    } else {
        expectation.feature(
            rules::REP_13,
            format!("Content-Type {label}"),
            label != DOCUMENTED_LABEL,
        );
    }
}

/// The label of the documented exchange: refused, it is no matter of labels.
const DOCUMENTED_LABEL: &str = "application/vnd.inin.icws+JSON; charset=utf-8";

const OTHER_MEDIA_TYPE: &[AnswerKind] = &[
    AnswerKind::BadRequest,
    AnswerKind::NotAcceptable,
    AnswerKind::UnsupportedMediaType,
];
