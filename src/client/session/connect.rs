//! How a session comes: credentials go to the target, and to an alternate host
//! when the target names one.

use std::collections::VecDeque;

use bytes::Bytes;
use serde_json::Value;
use thiserror::Error;

use super::Session;
use crate::client::exchange::{Answer, Exchange, Fault, Header, Method, Request};
use crate::client::origin::Origin;
use crate::client::patience::{Asked, Patience, Reading};
use crate::client::secret::{Redacted, Secret, Secrets};
use crate::client::transport::Client;
use crate::contract::representation::{ConnectionRequest, ErrorBody};
use crate::contract::{errors, wire};
use crate::oracle::json;

/// How many alternate hosts are asked.
const ALTERNATES_MAX: usize = 3;

/// The most bytes of a token or a cookie that are sent back: servers read no
/// longer headers.
const TOKEN_BYTES_MAX: usize = 16 * 1024;

/// The most bytes of a session's id, which stands in every path.
const ID_BYTES_MAX: usize = 1024;

/// Who logs in.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The user's id.
    pub user_id: String,
    /// Their password.
    pub password: Secret,
    /// What the user is to the harness: `privileged` or `restricted`.
    pub label: String,
    /// The language of the session, as a tag (RFC 5646).
    pub language: &'static str,
}

/// Why there is no session.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ConnectError {
    /// The target knows the user not, or by another password.
    #[error("target refused user `{user_id}`: expected a known user id with its password")]
    Refused {
        /// Who was refused.
        user_id: String,
    },
    /// What answered does not look like ICWS.
    #[error(
        "answer {status} ({label}) to `POST /icws/connection` comes from some other HTTP server: \
         expected 201, 400 or 503 as json from ICWS"
    )]
    NotIcws {
        /// The status that came.
        status: u16,
        /// The media type that came.
        label: Redacted,
    },
    /// The request was not answered.
    #[error(transparent)]
    Transport(#[from] Fault),
    /// Neither the target nor an alternate host that it named takes sessions.
    #[error("no host takes sessions now (asked: {asked})")]
    NoHost {
        /// The hosts that were asked, separated by commas.
        asked: String,
    },
    /// It is ICWS, but the answer cannot be used.
    #[error("connection answer cannot be used: {0}")]
    BadAnswer(String),
    /// The target is too busy, or gone, and was waited for.
    #[error("{0}")]
    Gone(String),
    /// The target let the user in before, and refuses it now that so many sessions
    /// are open.
    #[error("the target allows no more sessions at a time than {0}")]
    NoMore(usize),
    /// The target let the user in before, and refuses it now, whatever is open.
    #[error("the target refuses logins that it allowed before: {0}")]
    RefusesAll(String),
}

impl ConnectError {
    /// Whether the target answered, and refused.
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::Refused { .. } | Self::NotIcws { .. } | Self::NoHost { .. } | Self::BadAnswer(_)
        )
    }
}

/// What came of connecting.
#[derive(Debug)]
pub struct Connection {
    /// Every request with its answer, in order.
    pub exchanges: Vec<Exchange>,
    /// The session, or why there is none.
    pub result: Result<Session, ConnectError>,
}

/// Logs in as `application`. A target that names alternate hosts is followed
/// to at most three of them. What the session must keep secret is learnt.
pub async fn connect(client: &Client, credentials: &Credentials, application: &str) -> Connection {
    client.secrets().learn(&credentials.password);
    let request = connection_request(credentials, application);
    let mut exchanges = Vec::new();
    let (mut asked, mut down): (Vec<Origin>, Vec<Origin>) = (Vec::new(), Vec::new());
    let mut named = VecDeque::from([client.origin().clone()]);
    while let Some(origin) = named.pop_front() {
        if asked.len() > ALTERNATES_MAX {
            break;
        }
        // A host that names itself may take sessions the next time.
        let times = asked.iter().filter(|host| **host == origin).count();
        if times > 1 || down.contains(&origin) {
            continue;
        }
        let first = asked.is_empty();
        // An alternate host that is down is not waited for: there are others.
        let (exchange, reading) = if first {
            let asking = client.send_patiently(&origin, &request, Patience::Login);
            let Asked {
                exchange, reading, ..
            } = asking.await;
            (exchange, reading)
        } else {
            (client.send(&origin, &request).await, Reading::Own)
        };
        let outcome = exchange.outcome.clone();
        exchanges.push(exchange);
        asked.push(origin.clone());
        let result = match (outcome, reading) {
            (Ok(_), Reading::Gone(gone)) => Err(ConnectError::Gone(gone)),
            (outcome, _) => outcome.map_err(ConnectError::from),
        };
        let result = match result {
            Err(error) if first => Err(error),
            Err(_) => {
                down.push(origin);
                continue;
            }
            Ok(answer) if answer.status == 503 && is_json_object(&answer) => {
                let hosts = alternate_hosts(&answer);
                named.extend(hosts.iter().filter_map(|host| origin.with_host(host)));
                continue;
            }
            Ok(answer) => session_of(&answer, credentials, &origin, client.secrets()),
        };
        return Connection { exchanges, result };
    }
    let asked: Vec<_> = asked.iter().map(Origin::to_string).collect();
    Connection {
        exchanges,
        result: Err(ConnectError::NoHost {
            asked: asked.join(", "),
        }),
    }
}

fn connection_request(credentials: &Credentials, application: &str) -> Request {
    let body = ConnectionRequest {
        type_urn: wire::CONNECTION_REQUEST_URN.to_owned(),
        application_name: application.to_owned(),
        user_id: credentials.user_id.clone(),
        password: credentials.password.expose().to_owned(),
    };
    let body = serde_json::to_vec(&body).expect("four strings are always JSON");
    let mut request = Request::new(Method::Post, wire::CONNECTION_PATH);
    request.headers = vec![
        Header::plain("Accept-Language", credentials.language),
        Header::plain(
            "Content-Type",
            format!("{}; charset=utf-8", wire::VENDOR_MEDIA_TYPE),
        ),
        Header::plain("Accept", wire::VENDOR_MEDIA_TYPE),
    ];
    request.body = Bytes::from(body);
    request
}

/// A login of a user who does not exist (SUP-2).
pub fn login_of_nobody(language: &'static str) -> Request {
    let credentials = Credentials {
        user_id: "icws-conformance-nobody".to_owned(),
        password: Secret::new("nobody", "<password of nobody>"),
        label: "nobody".to_owned(),
        language,
    };
    connection_request(&credentials, "icws-conformance")
}

fn session_of(
    answer: &Answer,
    credentials: &Credentials,
    origin: &Origin,
    secrets: &Secrets,
) -> Result<Session, ConnectError> {
    if answer.status != 201 {
        return Err(refusal(answer, credentials, secrets));
    }
    let body = json_of(answer);
    let missing = |what: &str| ConnectError::BadAnswer(format!("201 without {what}"));
    let given = |property: &str, header: &str| {
        body[property]
            .as_str()
            .or_else(|| answer.header(header).and_then(text))
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    // Learnt as soon as seen, so that nothing shows it if the rest is missing.
    let learnt = |value: String, what: &str| {
        let label = &credentials.label;
        let length = value.len();
        let secret = Secret::new(value, format!("<{what} of the {label} session>"));
        secrets.learn(&secret);
        if length > TOKEN_BYTES_MAX {
            Err(ConnectError::BadAnswer(format!(
                "201 with a {what} of {length} bytes, which no header can carry: expected at most \
                 {TOKEN_BYTES_MAX}"
            )))
        } else {
            Ok(secret)
        }
    };
    let token = given("csrfToken", wire::CSRF_TOKEN_HEADER)
        .ok_or_else(|| missing("a `csrfToken`"))
        .and_then(|token| learnt(token, "csrf token"))?;
    let id = given("sessionId", wire::SESSION_ID_HEADER).ok_or_else(|| missing("a `sessionId`"))?;
    if id.len() > ID_BYTES_MAX {
        let length = id.len();
        return Err(ConnectError::BadAnswer(format!(
            "201 with a `sessionId` of {length} bytes: expected at most {ID_BYTES_MAX}"
        )));
    }
    let (cookie_name, cookie) = session_cookie(answer, &id)
        .ok_or_else(|| missing(&format!("a cookie `{}`", wire::cookie_name(&id))))?;
    Ok(Session {
        cookie: learnt(cookie, "cookie")?,
        cookie_name,
        id,
        token,
        user_id: credentials.user_id.clone(),
        origin: origin.clone(),
    })
}

fn refusal(answer: &Answer, credentials: &Credentials, secrets: &Secrets) -> ConnectError {
    let status = answer.status;
    let Ok(error) = serde_json::from_value::<ErrorBody>(json_of(answer)) else {
        let label = answer.header("content-type").and_then(text);
        return ConnectError::NotIcws {
            status,
            label: secrets.redact(label.unwrap_or("no media type")),
        };
    };
    match error.error_id.as_deref() {
        Some(errors::AUTHENTICATION_FAILURE) | None if status == 400 => ConnectError::Refused {
            user_id: credentials.user_id.clone(),
        },
        Some(id) => {
            let id = secrets.redact(id);
            ConnectError::BadAnswer(format!("{status} with errorId `{id}`"))
        }
        None => ConnectError::BadAnswer(format!("{status} without errorId")),
    }
}

/// Name and value of the session's cookie: the one named after the session,
/// else the only one that could be. As in browsers, quotes are part of a value
/// and the last of several cookies with one name stands.
fn session_cookie(answer: &Answer, id: &str) -> Option<(String, String)> {
    let cookies: Vec<_> = answer
        .headers_named("set-cookie")
        .filter_map(text)
        .filter_map(|line| line.split(';').next()?.split_once('='))
        .map(|(name, value)| (name.trim(), value.trim()))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let own = wire::cookie_name(id);
    let mut alike = cookies
        .iter()
        .filter(|(name, _)| name.starts_with(&wire::cookie_name("")));
    let found = match cookies.iter().rfind(|(name, _)| *name == own) {
        Some(cookie) => cookie,
        None => alike.next().filter(|_| alike.next().is_none())?,
    };
    Some((found.0.to_owned(), found.1.to_owned()))
}

fn is_json_object(answer: &Answer) -> bool {
    json_of(answer).is_object()
}

/// What an answer says; null where it is no JSON.
fn json_of(answer: &Answer) -> Value {
    json::parse(&answer.body).map_or(Value::Null, |document| document.value.into())
}

fn alternate_hosts(answer: &Answer) -> Vec<String> {
    let body = json_of(answer);
    let hosts = body["alternateHostList"].as_array();
    hosts
        .into_iter()
        .flatten()
        .filter_map(|host| host.as_str().map(str::to_owned))
        .collect()
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::scripted::{Reply, Scripted};

    const BODY: &str = r#"{"csrfToken":"tok/1234+=","sessionId":"77","userID":"admin"}"#;

    fn credentials() -> Credentials {
        Credentials {
            user_id: "admin".to_owned(),
            password: Secret::new("hunter22", "<password of admin>"),
            label: "privileged".to_owned(),
            language: "en-US",
        }
    }

    async fn connect_to(server: &Scripted) -> (Client, Connection) {
        let client = server.client();
        let connection = connect(&client, &credentials(), "harness").await;
        (client, connection)
    }

    async fn result_of(reply: Reply) -> Result<Session, ConnectError> {
        connect_to(&Scripted::serve(vec![reply]).await)
            .await
            .1
            .result
    }

    fn unavailable(hosts: &[String]) -> Reply {
        let body = serde_json::json!({
            "alternateHostList": hosts,
            "errorId": errors::UNAVAILABLE,
            "message": "elsewhere",
        });
        Reply::keep(503, "", &body.to_string())
    }

    #[tokio::test]
    async fn headers_stand_in_for_the_body_and_cookies_are_found() {
        let headers = "ININ-ICWS-CSRF-Token: tok\r\nININ-ICWS-Session-ID: 5\r\n";
        for (cookies, name, value) in [
            ("Set-Cookie: icws_5=a;Path=/\r\n", "icws_5", "a"),
            (
                "Set-Cookie: icws_5=a\r\nSet-Cookie: icws_5=b\r\n",
                "icws_5",
                "b",
            ),
            (
                "Set-Cookie: icws_9=x\r\nSet-Cookie: icws_5=a=b\r\n",
                "icws_5",
                "a=b",
            ),
            (
                "Set-Cookie: lb=1\r\nSet-Cookie:  icws_x = \"q\" ;Secure\r\n",
                "icws_x",
                "\"q\"",
            ),
        ] {
            let session = result_of(Reply::keep(201, &format!("{headers}{cookies}"), "<p>")).await;
            let session = session.expect(cookies);
            assert_eq!((&*session.id, session.token.expose()), ("5", "tok"));
            assert_eq!(
                (&*session.cookie_name, session.cookie.expose()),
                (name, value)
            );
        }
        let two = "Set-Cookie: icws_a=1\r\nSet-Cookie: icws_b=2\r\n";
        for (headers, body, missing) in [
            (two, BODY, "201 without a cookie `icws_77`"),
            ("", r#"{"csrfToken":"tok"}"#, "201 without a `sessionId`"),
            (
                "",
                r#"{"csrfToken":7,"sessionId":"5"}"#,
                "201 without a `csrfToken`",
            ),
        ] {
            let error = result_of(Reply::keep(201, headers, body)).await;
            let error = error.expect_err(missing).to_string();
            assert!(error.contains(missing), "{error}");
        }
    }

    #[tokio::test]
    async fn refusals_are_told_apart() {
        let failure = errors::AUTHENTICATION_FAILURE;
        let body = format!(r#"{{"errorId":"{failure}","message":"no: hunter22"}}"#);
        let error = result_of(Reply::keep(400, "", &body)).await;
        let error = error.expect_err("refused");
        assert!(matches!(&error, ConnectError::Refused { user_id } if user_id == "admin"));
        assert!(!format!("{error} {error:?}").contains("hunter22"));

        let html = "Content-Type: text/html\r\n";
        for status in [200, 301, 400, 404] {
            let error = result_of(Reply::keep(status, html, "<p>hunter22")).await;
            let error = error.expect_err("not icws").to_string();
            assert!(error.contains("some other HTTP server"), "{error}");
            assert!(error.contains(&format!("{status} (text/html)")), "{error}");
        }
        let body = r#"{"errorId":"error.hunter22","message":"?"}"#;
        let error = result_of(Reply::keep(500, "", body)).await;
        let error = error.expect_err("an error").to_string();
        assert!(
            error.ends_with("500 with errorId `error.<password of admin>`"),
            "{error}"
        );
        let error = result_of(Reply::close("")).await.expect_err("dropped");
        assert!(matches!(error, ConnectError::Transport(Fault::Dropped)));
    }

    #[tokio::test]
    async fn alternate_hosts_are_followed() {
        let cookie = "Set-Cookie: icws_77=guid-1\r\n";
        let second = Scripted::serve(vec![Reply::keep(201, cookie, BODY)]).await;
        let hosts = ["127.0.0.1:1".to_owned(), second.address.to_string()];
        let first = Scripted::serve(vec![unavailable(&hosts)]).await;
        let (client, connection) = connect_to(&first).await;
        assert_eq!(connection.exchanges.len(), 3);
        let session = connection.result.expect("a session at the second host");
        let second = client.origin().with_host(&second.address.to_string());
        assert_eq!(Some(session.origin), second);
    }

    #[tokio::test]
    async fn alternate_hosts_are_few_and_asked_once() {
        let hosts: Vec<_> = (1..=5).map(|port| format!("127.0.0.1:{port}")).collect();
        let server = Scripted::serve(vec![unavailable(&hosts)]).await;
        let (_, connection) = connect_to(&server).await;
        assert_eq!(connection.exchanges.len(), 4);
        let error = connection.result.expect_err("all are down").to_string();
        assert!(error.contains("127.0.0.1:3)"), "{error}");

        let first = Scripted::serve(Vec::new()).await;
        let itself = first.address.to_string();
        let host = Scripted::serve(vec![unavailable(std::slice::from_ref(&itself))]).await;
        let loops = unavailable(&[host.address.to_string(), itself, "not a host".to_owned()]);
        let server = Scripted::serve(vec![loops]).await;
        let (_, connection) = connect_to(&server).await;
        assert_eq!(connection.exchanges.len(), 3);
        assert!(matches!(
            connection.result,
            Err(ConnectError::NoHost { .. })
        ));
    }
}
