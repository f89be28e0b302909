//! What a URI reference looks like.

use url::{ParseError, Url};

/// Whether a text can be a URI reference; RFC 3986 leaves out white space,
/// controls and some delimiters, and an authority has a form of its own.
pub(crate) fn is_uri_like(text: &str) -> bool {
    has_only_its_characters(text) && !has_a_broken_authority(text)
}

/// Only what no reader makes sense of: the library is of the WHATWG's mind, and
/// what it does not know of hosts is none of ours.
fn has_a_broken_authority(text: &str) -> bool {
    let base = Url::parse("http://base/").expect("it is constant");
    matches!(
        base.join(text),
        Err(ParseError::EmptyHost | ParseError::InvalidPort | ParseError::InvalidIpv6Address)
    ) && !text.contains("%25")
}

fn has_only_its_characters(text: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_told_from_other_text() {
        for reference in [
            "",
            "/icws/connection",
            "../a?b=c#d",
            "https://icws.test:8019/icws/connection?a=1,2;b=%3D",
            "http://[::1]:8018/",
            "http://[fe80::1%25eth0]/",
            "urn:inin.com:x",
            "//host/path",
            "b\u{fc}cher",
        ] {
            assert!(is_uri_like(reference), "{reference}");
        }
        for other in [
            "a b",
            "<a>",
            "%zz",
            "http://[icws/connection",
            "http:///",
            "http://host:port/",
        ] {
            assert!(!is_uri_like(other), "{other}");
        }
    }
}
