//! The server from outside: requests and their answers, over the service
//! itself, without a network.

mod cases;
mod faults;
mod finer_cases;
mod hidden;
mod probes;
mod rules;
mod wire;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, header};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{Fault, Settings, Variant, app};
use crate::contract::wire as names;

/// A client of one server of its own.
struct Client {
    app: Router,
}

/// A session as a client holds it.
#[derive(Clone)]
struct Session {
    id: String,
    cookie: String,
    token: String,
}

/// What was answered.
struct Answered {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

impl Client {
    fn new(settings: Settings) -> Self {
        let control = true;
        Self {
            app: app(Settings {
                control,
                ..settings
            }),
        }
    }

    fn plain() -> Self {
        Self::new(Settings::default())
    }

    fn faulty(fault: Fault) -> Self {
        let faults = [fault].into();
        Self::new(Settings {
            faults,
            ..Settings::default()
        })
    }

    fn varied(variant: Variant) -> Self {
        let variants = [variant].into();
        Self::new(Settings {
            variants,
            ..Settings::default()
        })
    }

    async fn send(&self, request: Request<Body>) -> Answered {
        let response = self.app.clone().oneshot(request).await.expect("infallible");
        let (head, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
        Answered {
            status: head.status.as_u16(),
            headers: head.headers,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        }
    }

    async fn login(&self, user: &str) -> Session {
        let fixtures = super::Fixtures::default();
        let user = fixtures
            .users
            .iter()
            .find(|known| known.id == user)
            .expect("known");
        let body = json!({
            "__type": names::CONNECTION_REQUEST_URN,
            "applicationName": "test",
            "userID": user.id,
            "password": user.password,
        });
        let request = Request::post(names::CONNECTION_PATH).body(Body::from(body.to_string()));
        let answer = self.send(request.expect("a request")).await;
        assert_eq!(answer.status, 201);
        let cookie = answer.headers[header::SET_COOKIE].to_str().expect("text");
        let pair = cookie.split(';').next().expect("a pair").to_owned();
        Session {
            id: answer.body["sessionId"]
                .as_str()
                .expect("a string")
                .to_owned(),
            cookie: pair,
            token: answer.body["csrfToken"]
                .as_str()
                .expect("a string")
                .to_owned(),
        }
    }

    async fn call(&self, session: &Session, method: Method, path: &str, body: &[u8]) -> Answered {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(names::CSRF_TOKEN_HEADER, &session.token)
            .header(header::COOKIE, &session.cookie)
            .header(header::CONTENT_TYPE, names::VENDOR_MEDIA_TYPE)
            .body(Body::from(body.to_vec()));
        self.send(request.expect("a request")).await
    }

    async fn update_raw(&self, session: &Session, workgroup: &str, body: &[u8]) -> Answered {
        let path = names::update_path(&session.id, workgroup);
        self.call(session, Method::POST, &path, body).await
    }

    async fn update(&self, session: &Session, workgroup: &str, body: Value) -> Answered {
        self.update_raw(session, workgroup, body.to_string().as_bytes())
            .await
    }

    /// The mailboxes that a workgroup holds.
    async fn held(&self, session: &Session, workgroup: &str) -> Vec<Value> {
        let path = names::read_back_path(&session.id, workgroup);
        let answer = self.call(session, Method::GET, &path, b"").await;
        assert_eq!(answer.status, 200);
        let list = answer.body["monitoredMailboxes"].as_array();
        list.cloned().unwrap_or_default()
    }

    async fn control(&self, path: &str, body: Value) {
        let request = Request::post(path).body(Body::from(body.to_string()));
        let answer = self.send(request.expect("a request")).await;
        assert_eq!(answer.status, 204, "{path}");
    }
}

/// An inbound mailbox that conforms.
fn mailbox(id: &str) -> Value {
    json!({
        "configurationId": {"id": id},
        "emailAddress": format!("{id}@acme.test"),
        "mailboxMoniker": "EX:support@acme.test",
        "mailboxType": 0,
        "inboundFolder": "Inbox",
    })
}
