//! How a session comes and goes: connect, also at an alternate host, ask for
//! its state, end it.

mod connect;

use serde_json::Value;

use super::exchange::{Exchange, Header, Method, Request};
use super::origin::Origin;
use super::secret::Secret;
use super::transport::Client;
use crate::contract::wire;

pub use connect::{ConnectError, Connection, Credentials, connect};

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

/// Asks for the state of a session: 0 none, 1 up, 2 down; `None` when the
/// answer does not say.
pub async fn state(client: &Client, session: &Session) -> (Exchange, Option<u8>) {
    let path = wire::session_path(&session.id);
    let request = session_request(session, Method::Get, path);
    let exchange = client.send(&session.origin, &request).await;
    let state = exchange
        .answer()
        .filter(|answer| answer.status == 200)
        .and_then(|answer| serde_json::from_slice::<Value>(&answer.body).ok())
        // A number, however it is written: 1.0 is 1.
        .and_then(|body| body.get("connectionState")?.as_f64())
        .and_then(|state| {
            [0_u8, 1, 2]
                .into_iter()
                .find(|known| f64::from(*known) == state)
        });
    (exchange, state)
}

/// Ends a session, on a connection of its own: what is over is over on those
/// that it used as well. Whether that worked is the exchange's to say.
pub async fn end(client: &Client, session: &Session) -> Exchange {
    let path = wire::session_path(&session.id);
    let mut request = session_request(session, Method::Delete, path);
    request.alone = true;
    client.send(&session.origin, &request).await
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

        assert_eq!(state(&client, session).await.1, Some(1));
        let request = server.request().await;
        assert!(request.starts_with("GET /icws/77/connection HTTP/1.1\r\n"));
        assert!(request.contains("ookie: icws_77=guid-1\r\n"), "{request}");
        let token = "inin-icws-csrf-token: tok/1234+=\r\n";
        assert!(request.contains(token), "{request}");

        let ended = end(&client, session).await;
        assert_eq!(ended.answer().map(|answer| answer.status), Some(204));
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
}
