//! How a session comes and goes: connect, also at an alternate host, ask for
//! its state, end it.

mod connect;

use super::exchange::{Answer, Header, Method, Request};
use super::origin::Origin;
use super::patience::{Asked, Patience, Reading};
use super::secret::Secret;
use super::transport::Client;
use crate::contract::wire;
use crate::oracle::json::{self, Json};

pub use connect::{ConnectError, Connection, Credentials, connect, login_of_nobody};

/// A session as the target gave it; id, token and cookie are opaque.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The id that stands in paths.
    pub id: String,
    /// The CSRF token.
    pub token: Secret,
    /// The cookie's value.
    pub cookie: Secret,
    /// The cookie's name.
    pub cookie_name: String,
    /// Who logged in.
    pub user_id: String,
    /// The host that gave it and knows it.
    pub origin: Origin,
}

/// A request as the session's owner sends it: with its token, its cookie and
/// the media type that is expected back.
pub fn session_request(session: &Session, method: Method, path: impl Into<String>) -> Request {
    let mut request = Request::new(method, path);
    let cookie = format!("{}=", session.cookie_name);
    request.headers = vec![
        Header::secret(wire::CSRF_TOKEN_HEADER, session.token.clone()),
        Header::secret("Cookie", session.cookie.preceded_by(&cookie)),
        Header::plain("Accept", wire::VENDOR_MEDIA_TYPE),
    ];
    request
}

/// What a target says of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It is up.
    Up,
    /// It is over.
    Over,
    /// It does not say.
    Unknown(Reading),
}

/// Asks for the state of a session. What is not understood does not say that it is
/// over.
pub async fn state(client: &Client, session: &Session) -> State {
    let path = wire::session_path(&session.id);
    let request = session_request(session, Method::Get, path);
    let asked = client
        .send_patiently(&session.origin, &request, Patience::Question)
        .await;
    match asked.exchange.outcome {
        Ok(answer) if answer.status == 200 => match connection_state(&answer) {
            Some(state) if state == 0.0 || state == 2.0 => State::Over,
            _ => State::Up,
        },
        Ok(answer) if (400..500).contains(&answer.status) && answer.status != 429 => State::Over,
        _ => State::Unknown(asked.reading),
    }
}

/// A number, however it is written: 1.0 is 1.
fn connection_state(answer: &Answer) -> Option<f64> {
    let Ok(Json::Object(members)) = json::parse(&answer.body).map(|document| document.value) else {
        return None;
    };
    let mut states = members.iter().rev();
    match states.find(|(name, _)| name == "connectionState")? {
        (_, Json::Number(text)) => text.parse().ok(),
        _ => None,
    }
}

/// Ends a session, on a connection of its own: what is over is over on those
/// that it used as well. Whether that worked is the exchange's to say.
pub async fn end(client: &Client, session: &Session) -> Asked {
    let path = wire::session_path(&session.id);
    let mut request = session_request(session, Method::Delete, path);
    request.alone = true;
    client
        .send_patiently(&session.origin, &request, Patience::Question)
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::scripted::{Reply, Scripted};

    #[tokio::test]
    async fn a_session_is_opened_asked_for_and_ended() {
        let cookie = "Set-Cookie: icws_77=guid-1; Path=/icws/77; HttpOnly\r\n";
        let body = r#"{"csrfToken":"tok/1234+=","sessionId":"77"}"#;
        let mut server = Scripted::serve(vec![
            Reply::keep(201, cookie, body),
            Reply::keep(200, "", r#"{"connectionState":1}"#),
            Reply::keep(204, "", ""),
        ])
        .await;
        let client = server.client();
        let credentials = Credentials {
            user_id: "admin".to_owned(),
            password: Secret::new("hunter22", "<password of admin>"),
            label: "privileged".to_owned(),
            language: "en-US",
        };
        let connection = connect(&client, &credentials, "harness").await;
        let session = connection.result.as_ref().expect("a session");
        assert_eq!((&*session.id, &*session.cookie_name), ("77", "icws_77"));
        assert_eq!(session.token.expose(), "tok/1234+=");
        assert_eq!(session.cookie.expose(), "guid-1");
        let request = server.request().await;
        assert!(request.starts_with("POST /icws/connection HTTP/1.1\r\n"));
        assert!(request.contains("accept-language: en-US\r\n"), "{request}");
        assert!(request.contains(r#""userID":"admin","password":"hunter22""#));

        assert_eq!(state(&client, session).await, State::Up);
        let request = server.request().await;
        assert!(request.starts_with("GET /icws/77/connection HTTP/1.1\r\n"));
        assert!(request.contains("ookie: icws_77=guid-1\r\n"), "{request}");
        let token = "inin-icws-csrf-token: tok/1234+=\r\n";
        assert!(request.contains(token), "{request}");

        let ended = end(&client, session).await;
        let status = ended.exchange.answer().map(|answer| answer.status);
        assert_eq!(status, Some(204));
        assert!(
            server
                .request()
                .await
                .starts_with("DELETE /icws/77/connection ")
        );

        let shown = format!("{connection:?} {ended:?} {credentials:?}");
        let seen = client.secrets().redact("guid-1 tok%2F1234%2B%3D hunter22");
        let expected = "<cookie of the privileged session> <csrf token of the privileged session> \
                        <password of admin>";
        assert_eq!(seen.as_ref(), expected);
        for secret in ["guid-1", "tok/1234", "hunter22"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }

    #[tokio::test]
    async fn what_is_not_understood_is_not_over() {
        let deep = format!(
            "{{\"connectionState\":1,\"x\":{}{}}}",
            "[".repeat(200),
            "]".repeat(200)
        );
        for (status, body, expected) in [
            (200, r#"{"connectionState":1.0}"#, State::Up),
            (200, r#"{"connectionState":1,"x":1e400}"#, State::Up),
            (200, r#"{"connectionState":1,"x":"\ud800"}"#, State::Up),
            (200, &deep, State::Up),
            (200, "<html>", State::Up),
            (200, r#"{"connectionState":0}"#, State::Over),
            (200, r#"{"connectionState":2}"#, State::Over),
            (401, "{}", State::Over),
            (404, "", State::Over),
            (500, "{}", State::Unknown(Reading::Own)),
        ] {
            let server = Scripted::serve(vec![Reply::keep(status, "", body)]).await;
            let client = server.client();
            let session = Session {
                id: "7".to_owned(),
                token: Secret::new("t", "<token>"),
                cookie: Secret::new("c", "<cookie>"),
                cookie_name: "icws_7".to_owned(),
                user_id: "admin".to_owned(),
                origin: client.origin().clone(),
            };
            assert_eq!(state(&client, &session).await, expected, "{status} {body}");
        }
    }
}
