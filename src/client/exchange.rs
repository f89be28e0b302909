//! What goes to a target and what comes back, as plain values: the request as
//! it should be written, the answer as it was read, or what went wrong instead.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use thiserror::Error;

use super::secret::Secret;
use crate::contract::Framing;

/// An HTTP method that the harness sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// `GET`.
    Get,
    /// `POST`.
    Post,
    /// `DELETE`.
    Delete,
    /// `PUT`.
    Put,
    /// `PATCH`.
    Patch,
}

impl Method {
    /// Every method.
    pub const ALL: [Self; 5] = [Self::Get, Self::Post, Self::Delete, Self::Put, Self::Patch];

    /// The method on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
        }
    }

    /// Whether a body belongs to it, so that an empty one is announced.
    pub const fn has_body(self) -> bool {
        matches!(self, Self::Post | Self::Put | Self::Patch)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// The value of a header.
#[derive(Clone, PartialEq, Eq)]
pub enum HeaderText {
    /// May be shown.
    Plain(String),
    /// Is shown as its placeholder.
    Secret(Secret),
}

impl HeaderText {
    /// The value for the wire.
    pub(crate) fn expose(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Secret(secret) => secret.expose(),
        }
    }
}

impl fmt::Display for HeaderText {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(text) => out.write_str(text),
            Self::Secret(secret) => fmt::Display::fmt(secret, out),
        }
    }
}

impl fmt::Debug for HeaderText {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(text) => fmt::Debug::fmt(text, out),
            Self::Secret(secret) => fmt::Debug::fmt(secret, out),
        }
    }
}

/// One header of a request.
#[derive(Clone, PartialEq, Eq)]
pub struct Header {
    /// The name, spelt as it should be on the wire.
    pub name: String,
    /// The value.
    pub value: HeaderText,
}

impl Header {
    /// A header that may be shown.
    pub fn plain(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: HeaderText::Plain(value.into()),
        }
    }

    /// A header whose value is shown as its placeholder.
    pub fn secret(name: impl Into<String>, value: Secret) -> Self {
        Self {
            name: name.into(),
            value: HeaderText::Secret(value),
        }
    }
}

impl fmt::Debug for Header {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {:?}", self.name, self.value)
    }
}

/// How header names are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Spelling {
    /// As the library likes, which is in lower case: header names mean the
    /// same in any case.
    #[default]
    Any,
    /// Byte for byte as given (SES-11).
    Exact,
}

/// One request.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Encoded path and query, starting with `/`.
    pub path: String,
    /// The headers, in order. `Host` and `Content-Length` are added on sending.
    pub headers: Vec<Header>,
    /// The body, empty for none.
    pub body: Bytes,
    /// How header names are written.
    pub spelling: Spelling,
    /// How it is framed.
    pub framing: Framing,
    /// Whether it is sent on a connection of its own.
    pub alone: bool,
    /// How many times the usual bytes its answer may have.
    pub room: usize,
}

impl Request {
    /// Method and path, for messages.
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// A request without headers or body.
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            headers: Vec::new(),
            body: Bytes::new(),
            spelling: Spelling::Any,
            framing: Framing::Length,
            alone: false,
            room: 1,
        }
    }
}

/// The body may hold a password, so only its length is shown.
impl fmt::Debug for Request {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("headers", &self.headers)
            .field("body_bytes", &self.body.len())
            .field("spelling", &self.spelling)
            .field("framing", &self.framing)
            .field("alone", &self.alone)
            .finish()
    }
}

/// One whole answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers, in order; names as they came, as far as they are known.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body without any transfer coding.
    pub body: Bytes,
}

impl Answer {
    /// The value of the first header of that name, whatever its case.
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers_named(name).next()
    }

    /// The values of all headers of that name, whatever its case, in order.
    pub fn headers_named(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        self.headers
            .iter()
            .filter(move |(given, _)| given.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_slice())
    }
}

/// Headers and body may hold a token, so names and a length are shown.
impl fmt::Debug for Answer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        out.debug_struct("Answer")
            .field("status", &self.status)
            .field("header_names", &names)
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

/// Why there is no whole answer.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Fault {
    /// No connection came about.
    #[error("target is unreachable: {0}")]
    Unreachable(String),
    /// The connection came about, but not its encryption.
    #[error("tls failed: {0}")]
    Tls(String),
    /// The answer was not whole within the time limit.
    #[error("no whole answer within the time limit")]
    TimedOut,
    /// The connection was closed or reset before any part of an answer.
    #[error("connection closed before a whole answer")]
    Dropped,
    /// The answer began, and the connection ended before it was whole.
    #[error("answer cut short: the connection ended before a whole answer")]
    CutShort,
    /// The encryption of an open connection broke off: a fatal alert, or bytes
    /// that are not encrypted.
    #[error("tls broke off instead of an answer: {0}")]
    Alert(String),
    /// This machine could not open a connection: the target has no part in it.
    #[error("this machine {0}")]
    Local(String),
    /// What came is not HTTP/1.1.
    #[error("answer breaks http: {0}")]
    BrokenHttp(String),
    /// The body is longer than the limit.
    #[error("answer is longer than {limit} bytes")]
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The request cannot be written as HTTP/1.1; nothing was sent.
    #[error("request cannot be sent: {0}")]
    Unsendable(String),
}

/// One request with what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The request as it was meant.
    pub request: Request,
    /// The answer, or why there is none.
    pub outcome: Result<Answer, Fault>,
    /// When it was sent, since the client was made.
    pub started: Duration,
    /// How long it took, from sending to the last byte.
    pub took: Duration,
    /// It was sent twice: the connection that had been kept was closed before any
    /// answer, and the target may have read it all the same.
    pub twice: bool,
    /// This process did not run for a part of that time.
    pub interrupted: bool,
}

impl Exchange {
    /// The answer, where there is one.
    pub fn answer(&self) -> Option<&Answer> {
        self.outcome.as_ref().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange() -> Exchange {
        let mut request = Request::new(Method::Post, "/icws/connection");
        request.headers = vec![
            Header::plain("Accept-Language", "en-US"),
            Header::secret("X-Token", Secret::new("tok-1234", "<token>")),
        ];
        request.body = Bytes::from_static(b"{\"password\":\"hunter22\"}");
        Exchange {
            request,
            outcome: Ok(Answer {
                status: 201,
                headers: vec![
                    ("Set-Cookie".to_owned(), b"icws_7=guid-1".to_vec()),
                    ("set-cookie".to_owned(), b"other=guid-2".to_vec()),
                ],
                body: Bytes::from_static(b"{\"csrfToken\":\"tok-1234\"}"),
            }),
            started: Duration::ZERO,
            took: Duration::ZERO,
            twice: false,
            interrupted: false,
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let shown = format!("{:?}", exchange());
        for secret in ["hunter22", "tok-1234", "guid-1", "guid-2"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert!(shown.contains("X-Token: <token>"), "{shown}");
    }

    #[test]
    fn headers_are_found_in_any_case_and_in_order() {
        let exchange = exchange();
        let answer = exchange.answer().expect("it has one");
        assert_eq!(
            answer.header("SET-COOKIE"),
            Some(b"icws_7=guid-1".as_slice())
        );
        assert_eq!(answer.headers_named("set-cookie").count(), 2);
        assert_eq!(answer.header("Location"), None);
    }
}
