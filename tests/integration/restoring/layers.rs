//! What stands between the harness and a good server.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use tokio::sync::Mutex;
use tower::ServiceExt;

const LABEL: (&str, &str) = ("Content-Type", "application/vnd.inin.icws+JSON");

/// Whether that reads a workgroup back.
pub(crate) fn is_read_back(request: &Request) -> bool {
    let path = request.uri().path();
    request.method() == Method::GET
        && path.contains("/configuration/workgroups/")
        && !path.ends_with("/monitored-mailboxes")
}

/// Whether that updates a workgroup.
pub(crate) fn is_update(request: &Request) -> bool {
    request.method() == Method::POST && request.uri().path().ends_with("/monitored-mailboxes")
}

/// An answer in JSON.
pub(crate) fn json(status: StatusCode, body: impl Into<Body>) -> Response {
    (status, [LABEL], body.into()).into_response()
}

/// Read-backs show what was there that long ago.
pub(crate) fn lagging(inner: Router, lag: Duration) -> Router {
    type Past = HashMap<String, Vec<(Instant, Bytes)>>;
    let past: Arc<Mutex<Past>> = Arc::default();
    let server = inner.clone();
    inner.layer(from_fn(move |request: Request, next: Next| {
        let (past, server) = (Arc::clone(&past), server.clone());
        async move {
            if is_update(&request) {
                // One at a time, so that what is seen in between is whole.
                let mut past = past.lock().await;
                let path = request.uri().path();
                let path = path.trim_end_matches("/monitored-mailboxes").to_owned();
                let headers = request.headers().clone();
                let known = past.entry(workgroup_of(&path)).or_default();
                if known.is_empty()
                    && let Some(body) = look(&server, &path, &headers).await
                {
                    known.push((Instant::now() - lag, body));
                }
                let answer = next.run(request).await;
                if answer.status() == StatusCode::OK
                    && let Some(body) = look(&server, &path, &headers).await
                {
                    known.push((Instant::now(), body));
                }
                return answer;
            }
            if !is_read_back(&request) {
                return next.run(request).await;
            }
            let workgroup = workgroup_of(request.uri().path());
            let answer = next.run(request).await;
            let past = past.lock().await;
            let known = past.get(&workgroup).into_iter().flatten();
            let mut shown = known.filter(|(since, _)| since.elapsed() >= lag);
            let shown = shown.next_back();
            match shown {
                Some((_, body)) if answer.status() == StatusCode::OK => {
                    json(StatusCode::OK, body.clone())
                }
                _ => answer,
            }
        }
    }))
}

/// Read-backs are kept for a while, whatever they are asked with.
pub(crate) fn cached(inner: Router, kept: Duration) -> Router {
    let cache: Arc<Mutex<HashMap<String, (Instant, Bytes)>>> = Arc::default();
    inner.layer(from_fn(move |request: Request, next: Next| {
        let cache = Arc::clone(&cache);
        async move {
            if !is_read_back(&request) {
                return next.run(request).await;
            }
            let key = request.uri().to_string();
            let mut cache = cache.lock().await;
            if let Some((since, body)) = cache.get(&key)
                && since.elapsed() < kept
            {
                let mut answer = json(StatusCode::OK, body.clone());
                let headers = answer.headers_mut();
                headers.insert("X-Cache", "HIT".parse().expect("a value"));
                return answer;
            }
            let answer = next.run(request).await;
            if answer.status() != StatusCode::OK {
                return answer;
            }
            let body = to_bytes(answer.into_body(), usize::MAX)
                .await
                .expect("a body");
            cache.insert(key, (Instant::now(), body.clone()));
            json(StatusCode::OK, body)
        }
    }))
}

/// From that read-back on, each that is answered 200 has this body instead; and
/// how many updates were accepted.
pub(crate) fn reading(inner: Router, from: usize, body: Bytes) -> (Router, Arc<AtomicUsize>) {
    let (read, accepted) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&accepted);
    let router = inner.layer(from_fn(move |request: Request, next: Next| {
        let (read, accepted, body) = (Arc::clone(&read), Arc::clone(&counted), body.clone());
        async move {
            let (is_read_back, is_update) = (is_read_back(&request), is_update(&request));
            let answer = next.run(request).await;
            let is_ok = answer.status() == StatusCode::OK;
            if is_update && is_ok {
                accepted.fetch_add(1, Ordering::Relaxed);
            }
            if is_read_back && is_ok && read.fetch_add(1, Ordering::Relaxed) >= from {
                return json(StatusCode::OK, body);
            }
            answer
        }
    }));
    (router, accepted)
}

/// What the server shows in truth.
async fn look(server: &Router, path: &str, headers: &HeaderMap) -> Option<Bytes> {
    let mut request = Request::get(format!("{path}?select=monitoredMailboxes"))
        .body(Body::empty())
        .ok()?;
    for name in ["cookie", "inin-icws-csrf-token"] {
        let value = headers.get(name)?.clone();
        let name: axum::http::HeaderName = name.parse().ok()?;
        request.headers_mut().insert(name, value);
    }
    let answer = server.clone().oneshot(request).await.ok()?;
    if answer.status() != StatusCode::OK {
        return None;
    }
    to_bytes(answer.into_body(), usize::MAX).await.ok()
}

fn workgroup_of(path: &str) -> String {
    let last = path.rsplit('/').next().unwrap_or_default();
    let decoded = percent_encoding::percent_decode_str(last);
    decoded.decode_utf8_lossy().to_lowercase()
}
