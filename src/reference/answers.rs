//! Answers as values: a status, headers and a body, in the documented shapes.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::contract::{errors, representation::ValidationError, wire};

/// The challenge of a 401 (SES-10).
pub(super) const CHALLENGE: &str = r#"ICWS realm="ICWS" location="/icws/connection""#;

/// What every JSON answer is labelled as.
pub(super) const LABEL: &str = "application/vnd.inin.icws+JSON; charset=utf-8";

/// An answer before it goes on the wire.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: Vec<(HeaderName, String)>,
    pub(super) body: Content,
}

/// The body of an answer.
#[derive(Debug)]
pub(super) enum Content {
    Empty,
    Json(Value),
    /// Bytes with a label of their own, if any.
    Raw(Option<&'static str>, Bytes),
    /// No answer: the connection breaks off.
    Broken,
    /// No answer for a minute.
    Late,
}

/// The two ways to be wrong inside (ISE-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    Internal,
    Timeout,
}

impl Answer {
    pub(super) const fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Content::Empty,
        }
    }

    pub(super) const fn json(status: StatusCode, body: Value) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Content::Json(body),
        }
    }

    /// A plain error without an errorId.
    pub(super) fn error(status: StatusCode, message: &str) -> Self {
        Self::json(status, json!({ "message": message }))
    }

    /// A plain error with its errorId.
    pub(super) fn identified(status: StatusCode, error_id: &str, message: &str) -> Self {
        Self::json(status, json!({ "errorId": error_id, "message": message }))
    }

    /// 400m: the representation is malformed.
    pub(super) fn malformed(message: &str) -> Self {
        Self::identified(StatusCode::BAD_REQUEST, errors::MALFORMED, message)
    }

    /// 400c: the validators found something.
    pub(super) fn invalid(found: &[ValidationError]) -> Self {
        Self::json(
            StatusCode::BAD_REQUEST,
            json!({
                "__type": wire::CONFIGURATION_ERROR_URN,
                "errorId": errors::CONFIGURATION_UPDATE,
                "message": "The update has validation errors.",
                "validationErrors": found,
            }),
        )
    }

    /// 401 with its challenge.
    pub(super) fn unauthenticated(message: &str) -> Self {
        Self::error(StatusCode::UNAUTHORIZED, message)
            .with(header::WWW_AUTHENTICATE, CHALLENGE.to_owned())
    }

    /// 404 for a workgroup.
    pub(super) fn no_such_workgroup() -> Self {
        Self::error(StatusCode::NOT_FOUND, "The workgroup does not exist.")
    }

    /// 500.
    pub(super) fn failure(kind: Failure) -> Self {
        let (error_id, message) = match kind {
            Failure::Internal => (errors::INTERNAL_SERVER_ERROR, "An internal error occurred."),
            Failure::Timeout => (errors::TIMEOUT, "The request timed out."),
        };
        Self::identified(StatusCode::INTERNAL_SERVER_ERROR, error_id, message)
    }

    /// The same answer with one more header.
    pub(super) fn with(mut self, name: HeaderName, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The answer's JSON, where it has some.
    pub(super) const fn json_mut(&mut self) -> Option<&mut Value> {
        match &mut self.body {
            Content::Json(body) => Some(body),
            Content::Empty | Content::Raw(..) | Content::Broken | Content::Late => None,
        }
    }

    /// Puts the answer on the wire.
    pub(super) fn into_response(self, label: &'static str) -> Response<Body> {
        let (label, body) = match self.body {
            Content::Empty | Content::Late => (None, Body::empty()),
            Content::Json(value) => (Some(label), Body::from(value.to_string())),
            Content::Raw(label, bytes) => (label, Body::from(bytes)),
            Content::Broken => (None, broken_body()),
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        if let Some(label) = label {
            response
                .headers_mut()
                .insert(header::CONTENT_TYPE, HeaderValue::from_static(label));
        }
        for (name, value) in self.headers {
            // A value that no header can carry would be one of ours: leave it out rather than fail.
            if let Ok(value) = HeaderValue::try_from(value) {
                response.headers_mut().append(name, value);
            }
        }
        response
    }
}

/// A body whose first read fails, so that the connection is closed before
/// anything is sent.
fn broken_body() -> Body {
    let failure = std::io::Error::other("the answer is broken off on purpose");
    Body::from_stream(futures_util::stream::once(async {
        Err::<Bytes, _>(failure)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unauthenticated_answer_carries_its_challenge() {
        let response = Answer::unauthenticated("No.").into_response(LABEL);
        assert_eq!(response.status(), 401);
        assert_eq!(response.headers()[header::WWW_AUTHENTICATE], CHALLENGE);
    }

    #[test]
    fn a_configuration_error_names_its_type() {
        let mut answer = Answer::invalid(&[]);
        let body = answer.json_mut().expect("has JSON");
        assert_eq!(body["__type"], wire::CONFIGURATION_ERROR_URN);
    }
}
