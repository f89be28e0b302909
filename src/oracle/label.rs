//! How the body is labelled (REP-13, REP-14).

use super::expectation::{AnswerKind, Expectation};
use super::known::Asked;
use crate::contract::{rules, wire};

/// The label of the documented exchange: refused, it is no matter of labels.
const DOCUMENTED_LABEL: &str = "application/vnd.inin.icws+JSON; charset=utf-8";

const OTHER_MEDIA_TYPE: &[AnswerKind] = &[
    AnswerKind::BadRequest,
    AnswerKind::NotAcceptable,
    AnswerKind::UnsupportedMediaType,
];

/// How the bytes of the body become text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Charset {
    /// As JSON has it.
    Utf8,
    /// As the label has it, where the server goes by it.
    Other,
}

/// Adds what the label deserves: is it one of the two, with UTF-8 or no
/// charset?
pub(super) fn examine(asked: &Asked<'_>, expectation: &mut Expectation) -> Charset {
    let Some(label) = asked.content_type else {
        expectation.media_type_open = true;
        expectation.maybe(rules::REP_14, "no Content-Type", OTHER_MEDIA_TYPE);
        return Charset::Utf8;
    };
    let mut parts = label.split(';').map(|part| part.trim_matches([' ', '\t']));
    let media_type = parts.next().unwrap_or_default();
    let known_type = [wire::VENDOR_MEDIA_TYPE, wire::PLAIN_MEDIA_TYPE]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(media_type));
    let parameters: Vec<&str> = parts.collect();
    let known_parameters = match parameters.as_slice() {
        [] => true,
        [one] => charset_of(one).is_some_and(|charset| charset.eq_ignore_ascii_case("utf-8")),
        _ => false,
    };
    if known_type && known_parameters {
        expectation.feature(
            rules::REP_13,
            format!("Content-Type {label}"),
            label != DOCUMENTED_LABEL,
        );
    } else {
        expectation.media_type_open = true;
        expectation.maybe(rules::REP_14, "another Content-Type", OTHER_MEDIA_TYPE);
    }
    let is_utf8 = |charset: &str| {
        ["utf-8", "utf8"]
            .iter()
            .any(|name| name.eq_ignore_ascii_case(charset))
    };
    if parameters
        .iter()
        .filter_map(|parameter| charset_of(parameter))
        .all(is_utf8)
    {
        Charset::Utf8
    } else {
        Charset::Other
    }
}

/// The value of a charset parameter, which may be quoted (RFC 9110 section
/// 5.6.6: no white space around the equals sign).
fn charset_of(parameter: &str) -> Option<&str> {
    let (name, value) = parameter.split_once('=')?;
    let quoted = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    name.eq_ignore_ascii_case("charset")
        .then(|| quoted.unwrap_or(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Framing, Writing};

    fn examined(content_type: Option<&str>) -> (bool, Charset) {
        let mut expectation = Expectation::default();
        let asked = Asked {
            session_id: "1",
            tokens: &[],
            cookies: &[],
            unusual_spelling: false,
            workgroup_id: Some("w"),
            writing: Writing::Usual,
            content_type,
            accept: Some(wire::VENDOR_MEDIA_TYPE),
            framing: Framing::Length,
            body: b"{}",
        };
        let charset = examine(&asked, &mut expectation);
        (expectation.media_type_open, charset)
    }

    #[test]
    fn what_err_10_does_not_speak_of_is_open() {
        assert!(!examined(Some("application/json")).0);
        for other in [None, Some("text/json"), Some("application/json;")] {
            assert!(examined(other).0, "{other:?}");
        }
    }

    #[test]
    fn only_a_charset_of_another_name_changes_how_bytes_are_read() {
        for utf8 in [
            None,
            Some("text/plain"),
            Some("text/plain; charset=UTF8"),
            Some("application/json; charset=\"utf-8\""),
        ] {
            assert_eq!(examined(utf8).1, Charset::Utf8, "{utf8:?}");
        }
        for other in ["a/b; charset=utf-16", "a/b; charset=utf-8; Charset=x"] {
            assert_eq!(examined(Some(other)).1, Charset::Other, "{other}");
        }
    }
}
