//! The cookies of a request, and those that a faulty server does not read.

use axum::http::{HeaderMap, header};

use super::Fault;
use super::switches::Switches;

/// The cookies as the server reads them.
pub(super) fn read(switches: &Switches, headers: &HeaderMap) -> Vec<(String, String)> {
    let has = |fault| switches.has(fault);
    let mut texts = texts(headers);
    if has(Fault::CookieHeaderCut1k) {
        for text in &mut texts {
            *text = text.chars().take(1024).collect();
        }
    }
    if has(Fault::CookieSubstring) {
        return texts.iter().flat_map(|text| anywhere(text)).collect();
    }
    let mut cookies: Vec<_> = texts.iter().flat_map(|text| pairs(text)).collect();
    if has(Fault::CookiesCutAt8) {
        cookies.truncate(8);
    }
    if has(Fault::FirstCookieOnly) {
        cookies.truncate(1);
    }
    if has(Fault::LastCookieOnly) {
        cookies.drain(..cookies.len().saturating_sub(1));
    }
    let own = |(name, _): &(String, String)| name.starts_with(OWN);
    if has(Fault::LastIcwsCookie)
        && let Some(last) = cookies.iter().rposition(own)
    {
        cookies = vec![cookies.swap_remove(last)];
    }
    let odd = |(_, value): &(String, String)| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        !value.chars().all(plain)
    };
    if has(Fault::OddCookieRefused) && cookies.iter().any(odd) {
        cookies.clear();
    }
    cookies
}

/// How the names of session cookies begin.
const OWN: &str = "icws_";

/// Every cookie of every Cookie header; a quoted value counts without its
/// quotes.
pub(super) fn all(headers: &HeaderMap) -> Vec<(String, String)> {
    let texts = texts(headers);
    texts.iter().flat_map(|text| pairs(text)).collect()
}

fn texts(headers: &HeaderMap) -> Vec<String> {
    let all = headers.get_all(header::COOKIE).iter();
    all.map(|text| String::from_utf8_lossy(text.as_bytes()).into_owned())
        .collect()
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let pairs = text.split(';').filter_map(|cookie| cookie.split_once('='));
    let bare = |(name, value): (&str, &str)| {
        let value = value.trim();
        let bare = value
            .strip_prefix('"')
            .and_then(|value| value.strip_suffix('"'));
        (name.trim().to_owned(), bare.unwrap_or(value).to_owned())
    };
    pairs.map(bare).collect()
}

/// What looks like a session cookie, wherever it stands.
fn anywhere(text: &str) -> Vec<(String, String)> {
    let starts = text.match_indices(OWN).map(|(place, _)| &text[place..]);
    starts
        .flat_map(|found| pairs(found).into_iter().next())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn cookies_are_found_among_others_and_in_several_headers() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("a=1; icws_7=\"x=y\";junk"),
        );
        headers.append(header::COOKIE, HeaderValue::from_static("b=2"));
        let expected = [("a", "1"), ("icws_7", "x=y"), ("b", "2")];
        assert_eq!(
            all(&headers),
            expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
    }
}
