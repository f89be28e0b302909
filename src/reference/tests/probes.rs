//! Requests that between them show what a server does, and what they show.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, Method, Request, header};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{Client, Session, mailbox};
use crate::contract::wire;
use crate::reference::Settings;

/// What happens before the request.
#[derive(Clone, Copy)]
pub(super) enum Before {
    Nothing,
    OtherLogsIn,
    SelfLogsIn,
    OtherEnds,
    SelfEnds,
    SelfExpires,
    SecondExpires,
    Fails,
    Removed,
    Restored,
    RemovedElsewhere,
    OtherWorks,
    FiftyUpdates,
}

/// One request of an update, and what it is sent with.
pub(super) struct Probe {
    pub(super) user: &'static str,
    pub(super) before: Before,
    pub(super) tamper: fn(&mut Session, &Session),
    pub(super) cookie_first: &'static str,
    pub(super) workgroup: &'static str,
    pub(super) media_type: Option<&'static str>,
    /// Beside those of every request.
    pub(super) headers: &'static [(&'static str, &'static str)],
    pub(super) body: Vec<u8>,
    /// Updates that the same session makes first: of which workgroup, and what.
    pub(super) earlier: Vec<(&'static str, Value)>,
    /// How often the request is made.
    pub(super) times: usize,
}

impl Probe {
    pub(super) fn raw(body: &[u8]) -> Self {
        Self {
            user: "admin",
            before: Before::Nothing,
            tamper: |_, _| {},
            cookie_first: "",
            workgroup: "Logistics",
            media_type: Some(wire::VENDOR_MEDIA_TYPE),
            headers: &[],
            body: body.to_vec(),
            earlier: Vec::new(),
            times: 1,
        }
    }

    pub(super) fn json(body: &Value) -> Self {
        Self::raw(body.to_string().as_bytes())
    }

    /// An update that adds one mailbox.
    pub(super) fn add() -> Self {
        Self::json(&json!({"add": [mailbox("a")]}))
    }

    pub(super) fn on(self, workgroup: &'static str) -> Self {
        Self { workgroup, ..self }
    }

    pub(super) fn tampered(self, tamper: fn(&mut Session, &Session)) -> Self {
        Self { tamper, ..self }
    }

    pub(super) fn before(self, before: Before) -> Self {
        Self { before, ..self }
    }

    pub(super) fn after(mut self, workgroup: &'static str, body: Value) -> Self {
        self.earlier.push((workgroup, body));
        self
    }

    pub(super) fn times(self, times: usize) -> Self {
        Self { times, ..self }
    }

    async fn observe(&self, settings: &Settings) -> String {
        let client = Client::new(settings.clone());
        // Who reads logs in first: a faulty server may not let anyone in later.
        let reader = client.login("admin").await;
        let own = client.login(self.user).await;
        let mut other = client
            .login(if self.user == "admin" {
                "limited"
            } else {
                "admin"
            })
            .await;
        self.prepare(&client, &own, &mut other).await;
        let mut shown = own.clone();
        (self.tamper)(&mut shown, &other);
        for (workgroup, body) in &self.earlier {
            client.update(&own, workgroup, body.clone()).await;
        }
        let mut seen = String::new();
        for _ in 0..self.times {
            seen.push_str(&self.ask(&client, &shown).await);
        }
        for workgroup in [
            "Logistics",
            "Marketing",
            "Sales",
            "Support",
            "Operations",
            "nowhere",
        ] {
            let path = wire::read_back_path(&reader.id, workgroup);
            let request = request(&reader, Method::GET, &path, Vec::new(), None, "");
            seen.push_str(&send(&client, request).await);
        }
        for path in [wire::FEATURES_PATH.to_owned(), wire::session_path(&own.id)] {
            let request = request(&own, Method::GET, &path, Vec::new(), None, "");
            seen.push_str(&send(&client, request).await);
        }
        let sessions = [
            (&shown, "SHOWN"),
            (&own, "OWN"),
            (&other, "OTHER"),
            (&reader, "READER"),
        ];
        for (session, name) in sessions
            .into_iter()
            .filter(|(session, _)| session.id.len() > 5)
        {
            seen = seen.replace(&session.id, name);
        }
        seen
    }

    async fn ask(&self, client: &Client, shown: &Session) -> String {
        let path = wire::update_path(&shown.id, self.workgroup);
        let body = self.body.clone();
        let mut request = request(
            shown,
            Method::POST,
            &path,
            body,
            self.media_type,
            self.cookie_first,
        );
        for (name, value) in self.headers {
            let value = HeaderValue::from_static(value);
            request.headers_mut().insert(*name, value);
        }
        send(client, request).await
    }

    async fn prepare(&self, client: &Client, own: &Session, other: &mut Session) {
        let end = |session: &Session| {
            let path = wire::session_path(&session.id);
            request(session, Method::DELETE, &path, Vec::new(), None, "")
        };
        match self.before {
            Before::Nothing => {}
            Before::OtherLogsIn => *other = client.login("limited").await,
            Before::SelfLogsIn => _ = client.login(self.user).await,
            Before::OtherEnds => _ = send(client, end(other)).await,
            Before::SelfEnds => _ = send(client, end(own)).await,
            Before::SelfExpires => expire(client, own).await,
            Before::SecondExpires => {
                let second = client.login(self.user).await;
                expire(client, &second).await;
            }
            Before::Fails => client.control("/__control/fail-next", json!({})).await,
            Before::Removed => {
                client
                    .control("/__control/remove-resource", json!({}))
                    .await
            }
            Before::Restored => {
                for order in ["remove-resource", "restore-resource"] {
                    client
                        .control(&format!("/__control/{order}"), json!({}))
                        .await;
                    if order == "remove-resource" {
                        self.ask(client, own).await;
                    }
                }
            }
            Before::RemovedElsewhere => {
                let order = json!({ "workgroup": "Returns" });
                client.control("/__control/remove-resource", order).await;
            }
            Before::OtherWorks => {
                _ = client
                    .update(other, self.workgroup, json!({ "remove": ["x"] }))
                    .await;
            }
            Before::FiftyUpdates => {
                for _ in 0..50 {
                    self.ask(client, own).await;
                }
            }
        }
    }
}

/// A faulty server may have ended the session before.
async fn expire(client: &Client, session: &Session) {
    let path = format!("/__control/expire/{}", session.id);
    let order = Request::post(path).body(Body::empty());
    send(client, order.expect("a request")).await;
}

/// What every probe shows.
pub(super) async fn observe_all(probes: &[Probe], settings: &Settings) -> Vec<String> {
    let mut seen = Vec::new();
    for probe in probes {
        seen.push(probe.observe(settings).await);
    }
    seen
}

/// Whether any probe shows something else than was seen.
pub(super) async fn differs(probes: &[Probe], settings: &Settings, seen: &[String]) -> bool {
    for (probe, seen) in probes.iter().zip(seen) {
        if probe.observe(settings).await != *seen {
            return true;
        }
    }
    false
}

fn request(
    session: &Session,
    method: Method,
    path: &str,
    body: Vec<u8>,
    media_type: Option<&str>,
    cookie_first: &str,
) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    if session.token != "none" {
        request = request.header(wire::CSRF_TOKEN_HEADER, &session.token);
    }
    if session.cookie != "none" {
        request = request.header(header::COOKIE, format!("{cookie_first}{}", session.cookie));
    }
    if let Some(media_type) = media_type {
        request = request.header(header::CONTENT_TYPE, media_type);
    }
    request.body(Body::from(body)).expect("a request")
}

/// Everything that an answer shows; a late one shows that it is late.
async fn send(client: &Client, request: Request<Body>) -> String {
    let answer = client.app.clone().oneshot(request);
    let Ok(answer) = tokio::time::timeout(Duration::from_millis(100), answer).await else {
        return "late\n".to_owned();
    };
    let (head, body) = answer.expect("infallible").into_parts();
    let body = match to_bytes(body, usize::MAX).await {
        Ok(body) => String::from_utf8_lossy(&body).into_owned(),
        Err(_) => "broken".to_owned(),
    };
    format!("{} {:?} {body}\n", head.status, head.headers)
}
