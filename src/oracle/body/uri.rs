//! What a URI reference looks like.

/// Whether a text can be a URI reference; RFC 3986 leaves out white space,
/// controls and some delimiters.
pub(crate) fn is_uri_like(text: &str) -> bool {
    !text
        .chars()
        .any(|c| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c))
        && percent_signs_are_escapes(text)
}

fn percent_signs_are_escapes(text: &str) -> bool {
    text.split('%').skip(1).all(|rest| {
        let bytes = rest.as_bytes();
        bytes.len() >= 2 && bytes[..2].iter().all(u8::is_ascii_hexdigit)
    })
}
