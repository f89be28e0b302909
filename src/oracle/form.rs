//! How the request is put: its framing (REP-18) and what it accepts (REP-19).

use super::expectation::{AnswerKind, Expectation};
use super::known::Asked;
use crate::contract::{Framing, rules, wire};

/// What an `Accept` that REP-19 leaves open may be answered.
const OPEN_ACCEPT: &[AnswerKind] = &[AnswerKind::BadRequest, AnswerKind::NotAcceptable];

/// Adds what the form of the request deserves.
pub(super) fn examine(asked: &Asked<'_>, expectation: &mut Expectation) {
    let framing = asked.framing;
    if framing != Framing::Length {
        expectation.feature(rules::REP_18, framing.in_words(), true);
    }
    // HTTP lets a server ask for the plain form, whatever else is wrong.
    if framing.is_chunked() {
        expectation.also_legal = Some(AnswerKind::LengthRequired);
    } else if framing == Framing::Expect {
        expectation.also_legal = Some(AnswerKind::ExpectationFailed);
    }
    match asked.accept {
        Some(wire::VENDOR_MEDIA_TYPE) => {}
        None => expectation.feature(rules::REP_19, "no Accept", true),
        Some(accept) if is_accepted(accept) => {
            expectation.feature(rules::REP_19, format!("Accept {accept}"), true);
        }
        Some(_) => expectation.maybe(rules::REP_19, "another Accept", OPEN_ACCEPT),
    }
}

/// Whether a list of media ranges holds one that REP-19 names, and none that is
/// ruled out.
fn is_accepted(accept: &str) -> bool {
    let mut is_named = false;
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let media_type = parts.next().unwrap_or_default();
        let parameters: Vec<&str> = parts.collect();
        let weight = parameters.iter().find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim().eq_ignore_ascii_case("q").then(|| value.trim())
        });
        if weight.is_some_and(|weight| !weight.parse().is_ok_and(|weight: f32| weight > 0.0)) {
            return false;
        }
        let others = parameters.len() - usize::from(weight.is_some());
        let is = |name: &str| name.eq_ignore_ascii_case(media_type);
        is_named |=
            is(wire::VENDOR_MEDIA_TYPE) || others == 0 && (is("*/*") || is(wire::PLAIN_MEDIA_TYPE));
    }
    is_named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_rep_19_names_is_accepted() {
        for accept in [
            "*/*",
            "application/json",
            "Application/JSON",
            "application/vnd.inin.icws+JSON; charset=utf-8",
            "text/html, application/json;q=0.5",
            "text/plain,*/*;q=0.1",
        ] {
            assert!(is_accepted(accept), "{accept}");
        }
        for other in [
            "",
            "text/html",
            "application/*",
            "application/json;q=0",
            "*/*, application/json; q=0.000",
            "application/json; charset=utf-16",
        ] {
            assert!(!is_accepted(other), "{other}");
        }
    }
}
