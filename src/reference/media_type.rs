//! Which Content-Type an update may have (REP-13, REP-14).

use axum::http::{HeaderMap, StatusCode, header};

use crate::contract::wire;

use super::answers::{Answer, Failure};
use super::switches::Switches;
use super::{Fault, Variant};

/// Both documented media types, in UTF-8, or none at all.
pub(super) fn check(switches: &Switches, headers: &HeaderMap) -> Result<(), Answer> {
    let (has, varies) = (
        |fault| switches.has(fault),
        |variant| switches.varies(variant),
    );
    let refused = |status| Err(Answer::error(status, "The body must be JSON in UTF-8."));
    let Some(given) = headers.get(header::CONTENT_TYPE) else {
        return if varies(Variant::MissingMediaType415) {
            refused(StatusCode::UNSUPPORTED_MEDIA_TYPE)
        } else {
            Ok(())
        };
    };
    let given = given.to_str().unwrap_or_default();
    let mut parts = given.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default();
    let is = |known: &str| {
        media_type == known || media_type.eq_ignore_ascii_case(known) && !has(Fault::MediaTypeCase)
    };
    let vendor = is(wire::VENDOR_MEDIA_TYPE);
    let plain = is(wire::PLAIN_MEDIA_TYPE);
    let known =
        vendor && !has(Fault::VendorMediaType415) || plain && !has(Fault::PlainMediaType415);
    let charsets: Vec<_> = parts
        .filter_map(|parameter| parameter.split_once('='))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .map(|(_, value)| value.trim().trim_matches('"'))
        .collect();
    let utf8 = |value: &&str| {
        value.eq_ignore_ascii_case("utf-8") && !(has(Fault::CharsetCase415) && *value != "utf-8")
    };
    let in_utf8 = charsets.iter().all(utf8) && (charsets.is_empty() || !has(Fault::Charset415));
    let whim = !charsets.is_empty()
        && (has(Fault::TightCharset415) && !given.contains("; ")
            || has(Fault::PlainCharset415) && plain
            || has(Fault::QuotedCharset415) && given.contains("=\""))
        || charsets.is_empty() && has(Fault::VendorNeedsCharset) && vendor;
    if known && in_utf8 && !whim || varies(Variant::OtherMediaTypesAccepted) {
        return Ok(());
    }
    if has(Fault::UnknownCharset500) && known && !in_utf8
        || has(Fault::OtherMediaType500) && !vendor && !plain
    {
        return Err(Answer::failure(Failure::Internal));
    }
    if varies(Variant::OtherMediaTypes406) {
        refused(StatusCode::NOT_ACCEPTABLE)
    } else if varies(Variant::OtherMediaTypes400) {
        Err(Answer::malformed("The body must be JSON in UTF-8."))
    } else {
        refused(StatusCode::UNSUPPORTED_MEDIA_TYPE)
    }
}
