//! The pooled sender: reqwest on kept connections, for every request that it
//! writes as asked.

use std::collections::HashSet;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use hyper::http::Extensions;
use hyper_util::client::legacy::connect::HttpInfo;
use reqwest::header::{CONNECTION, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Response, redirect, retry};
use rustls::ClientConfig;
use url::{Position, Url};

use super::diagnosis;
use super::exchange::{Answer, Fault, Method, Request, Spelling};
use super::incoming::HEADERS_MAX;
use super::origin::Origin;

/// Sends requests on connections that are kept for the next ones.
pub(super) struct PooledSender {
    client: Client,
    answer_bytes_max: usize,
    /// Our ends of the connections that have carried an answer and were kept:
    /// no more than there are ports. The pool does not say whether a connection
    /// was fresh, and only a failure of one that was not may be the pool's own.
    used: Mutex<HashSet<SocketAddr>>,
}

/// Why there is no answer on a pooled connection.
pub(super) struct PooledFault {
    /// The fault as it looks from here.
    pub(super) fault: Fault,
    /// Whether the connection had been kept idle, and was closed before any
    /// answer: then the target may never have looked at the request.
    pub(super) stale: bool,
}

impl From<Fault> for PooledFault {
    fn from(fault: Fault) -> Self {
        let stale = false;
        Self { fault, stale }
    }
}

impl PooledSender {
    /// A pool that keeps up to `idle_max` idle connections. No redirect is
    /// followed, nothing is decompressed, no proxy of the environment is used
    /// and nothing is sent twice of which a byte was written.
    pub(super) fn new(
        tls: ClientConfig,
        connect_timeout: Duration,
        answer_bytes_max: usize,
        idle_max: usize,
    ) -> reqwest::Result<Self> {
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .http1_only()
            .http1_max_headers(HEADERS_MAX)
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            .no_proxy()
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .tcp_nodelay(true)
            .connect_timeout(connect_timeout)
            .pool_max_idle_per_host(idle_max)
            .build()?;
        Ok(Self {
            client,
            answer_bytes_max,
            used: Mutex::default(),
        })
    }

    /// Sends what [`prepare`] made and reads its answer. The caller limits the
    /// time.
    pub(super) async fn send(&self, request: reqwest::Request) -> Result<Answer, PooledFault> {
        let encrypted = request.url().scheme() == "https";
        let mut response = self.client.execute(request).await.map_err(|error| {
            if error.is_connect() {
                return diagnosis::of_connecting(&error, encrypted).into();
            }
            let fault = diagnosis::of_exchange(&error);
            let stale = fault == Fault::Dropped && self.was_used(&error);
            PooledFault { fault, stale }
        })?;
        self.remember(&response);
        let body = self.body(&mut response).await?;
        Ok(Answer {
            status: response.status().as_u16(),
            headers: response
                .headers()
                .iter()
                .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
                .collect(),
            body,
        })
    }

    async fn body(&self, response: &mut Response) -> Result<Bytes, Fault> {
        let limit = self.answer_bytes_max;
        let announced = response.content_length().unwrap_or_default();
        if usize::try_from(announced).map_or(true, |length| length > limit) {
            return Err(Fault::TooLarge { limit });
        }
        let mut body = BytesMut::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if chunk.len() > limit - body.len() => {
                    return Err(Fault::TooLarge { limit });
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => return Ok(body.freeze()),
                Err(error) => return Err(diagnosis::of_exchange(&error)),
            }
        }
    }

    /// Notes that this connection has carried an answer, when it is kept.
    fn remember(&self, response: &Response) {
        let closes = response
            .headers()
            .get_all(CONNECTION)
            .iter()
            .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
            .any(|option| option.trim_ascii().eq_ignore_ascii_case(b"close"));
        if let Some(info) = response.extensions().get::<HttpInfo>() {
            let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
            if closes {
                used.remove(&info.local_addr());
            } else {
                used.insert(info.local_addr());
            }
        }
    }

    /// Whether the connection that failed had carried an answer before; it is
    /// gone, so it is forgotten.
    fn was_used(&self, error: &(dyn Error + 'static)) -> bool {
        let connected = diagnosis::causes(error)
            .filter_map(|cause| cause.downcast_ref::<hyper_util::client::legacy::Error>())
            .find_map(|cause| cause.connect_info());
        let mut extras = Extensions::new();
        if let Some(connected) = connected {
            connected.get_extras(&mut extras);
        }
        extras.get::<HttpInfo>().is_some_and(|info| {
            let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
            used.remove(&info.local_addr())
        })
    }
}

/// The headers that reqwest has ideas of its own about.
const FRAMING: &[&str] = &[
    "connection",
    "content-length",
    "expect",
    "host",
    "te",
    "transfer-encoding",
    "upgrade",
];

/// The request for the pooled sender, when that one writes it as asked: with
/// this path, these headers and no others but `Host`, `Content-Length` and,
/// where `Accept` is missing, one that accepts everything.
pub(super) fn prepare(origin: &Origin, request: &Request) -> Option<reqwest::Request> {
    if request.alone || request.room > 1 || request.spelling == Spelling::Exact {
        return None;
    }
    let url = Url::parse(&format!("{origin}{}", request.path)).ok()?;
    if url[Position::BeforePath..] != request.path {
        return None;
    }
    let mut headers = HeaderMap::with_capacity(request.headers.len());
    for header in &request.headers {
        let name = HeaderName::from_bytes(header.name.as_bytes()).ok()?;
        if FRAMING.contains(&name.as_str()) {
            return None;
        }
        headers.append(name, HeaderValue::from_str(header.value.expose()).ok()?);
    }
    let mut ready = reqwest::Request::new(method(request.method), url);
    *ready.headers_mut() = headers;
    if request.method.has_body() || !request.body.is_empty() {
        *ready.body_mut() = Some(request.body.clone().into());
    }
    Some(ready)
}

fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Delete => reqwest::Method::DELETE,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::scripted::{Reply, Scripted};

    #[tokio::test]
    async fn a_stale_connection_is_resent_once_and_not_blamed() {
        let ok = || Reply::keep(200, "", "");
        for (second, verdict) in [(ok(), Ok(200)), (Reply::close(""), Err(Fault::Dropped))] {
            let replies = vec![ok(), Reply::close(""), second, ok()];
            let server = Scripted::serve(replies).await;
            let client = server.client();
            let get = Request::new(Method::Get, "/");
            let first = client.send(client.origin(), &get).await;
            assert_eq!(first.outcome.map(|answer| answer.status), Ok(200));
            // The pool takes the connection back in a task of its own.
            tokio::task::yield_now().await;
            let exchange = client.send(client.origin(), &get).await;
            assert_eq!(exchange.outcome.map(|answer| answer.status), verdict);
            assert_eq!(client.requests_sent(), 3);
        }
    }

    #[tokio::test]
    async fn a_kept_connection_that_answers_badly_is_blamed() {
        for (bad, dropped) in [
            ("HTTP/1.1 200 X\r\nContent-Length: 4\r\n\r\nab", true),
            ("no http\r\n\r\n", false),
        ] {
            let ok = || Reply::keep(200, "", "");
            let server = Scripted::serve(vec![ok(), Reply::close(bad), ok()]).await;
            let client = server.client();
            let get = Request::new(Method::Get, "/");
            client.send(client.origin(), &get).await;
            tokio::task::yield_now().await;
            let fault = client.send(client.origin(), &get).await.outcome;
            let fault = fault.expect_err("no whole answer");
            assert_eq!(fault == Fault::Dropped, dropped, "{fault}");
            assert_eq!(client.requests_sent(), 2);
        }
    }
}
