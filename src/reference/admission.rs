//! Who is let in: from a request's headers to its session, or to the answer
//! that an unauthenticated request gets.

use axum::http::{HeaderMap, header};

use crate::contract::wire;

use super::answers::Answer;
use super::server::Server;
use super::sessions::{Caller, Credentials, Denial};

impl Server {
    /// Lets a request in by its session.
    pub(super) fn admit(
        &self,
        headers: &HeaderMap,
        session: Option<String>,
    ) -> Result<Caller, Answer> {
        let shown = Credentials {
            session_id: session,
            tokens: tokens(headers),
            cookies: cookies(headers),
        };
        let admitted = self.sessions().admit(&shown);
        admitted.map_err(|denial| self.denied(denial))
    }

    /// The answer says which part was wrong, never what would be right.
    fn denied(&self, denial: Denial) -> Answer {
        Answer::unauthenticated(match denial {
            Denial::UnknownSession => "The session is unknown.",
            Denial::EndedSession => "The session has ended.",
            Denial::ExpiredSession => "The session has expired.",
            Denial::NoCookie => "The session cookie is missing.",
            Denial::WrongCookie => "The session cookie is wrong.",
            Denial::NoToken => "The CSRF token is missing.",
            Denial::WrongToken => "The CSRF token is wrong.",
        })
    }
}

fn tokens(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(wire::CSRF_TOKEN_HEADER).iter();
    values
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .collect()
}

/// Every cookie of every Cookie header; a quoted value counts without its
/// quotes.
fn cookies(headers: &HeaderMap) -> Vec<(String, String)> {
    let mut cookies = Vec::new();
    for header in headers.get_all(header::COOKIE) {
        let header = String::from_utf8_lossy(header.as_bytes());
        for cookie in header.split(';') {
            let Some((name, value)) = cookie.split_once('=') else {
                continue;
            };
            let value = value.trim();
            let bare = value
                .strip_prefix('"')
                .and_then(|value| value.strip_suffix('"'));
            cookies.push((name.trim().to_owned(), bare.unwrap_or(value).to_owned()));
        }
    }
    cookies
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
        let found = cookies(&headers);
        let expected = [("a", "1"), ("icws_7", "x=y"), ("b", "2")];
        assert_eq!(
            found,
            expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
    }
}
