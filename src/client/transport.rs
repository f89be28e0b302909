//! The client: one pool of connections, one pace, one clock, and limits on
//! everything that comes back.
//!
//! Requests go through reqwest, unless it would write something else than was
//! asked for; those go through the raw sender.

use std::collections::HashSet;
use std::error::Error;
use std::fmt;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use hyper::http::Extensions;
use hyper_util::client::legacy::connect::HttpInfo;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use thiserror::Error;
use tokio::time::Instant;
use url::{Position, Url};

use super::diagnosis;
use super::exchange::{Answer, Exchange, Fault, Method, Request, Spelling};
use super::origin::Origin;
use super::pace::Pace;
use super::secret::Secrets;
use super::tls;
use super::wire::{HEADERS_MAX, RawSender};

/// How a client reaches its target, and how much it lets the target do.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Scheme, host and port of the target; no path.
    pub origin: Url,
    /// Extra trust anchors, as PEM.
    pub ca_pem: Option<Vec<u8>>,
    /// Whether any certificate will do.
    pub accept_invalid: bool,
    /// How long one request may take, from connecting to the last byte.
    pub timeout: Duration,
    /// How many bytes the body of an answer may have.
    pub answer_bytes_max: usize,
    /// How many requests start in a second; 0 for no limit.
    pub requests_per_second: u32,
    /// How many idle connections are kept.
    pub concurrency: usize,
}

/// Why there is no client.
#[derive(Debug, Error)]
pub enum ClientError {
    /// The target's url is more, or less, than an origin.
    #[error("target `{0}` is not of the form `http://host:port` or `https://host:port`")]
    NotAnOrigin(String),
    /// The extra trust anchors cannot be used.
    #[error("certificate authority is not usable: {0}; expected certificates as pem")]
    Authority(String),
    /// TLS cannot be set up.
    #[error("tls cannot be set up: {0}")]
    Tls(String),
    /// The connection pool cannot be set up.
    #[error("http client cannot be set up: {0}")]
    Http(String),
}

/// Talks to one target. Clones share connections, pace, clock and counter.
#[derive(Clone)]
pub struct Client(Arc<Shared>);

struct Shared {
    origin: Origin,
    timeout: Duration,
    answer_bytes_max: usize,
    pooled: reqwest::Client,
    raw: RawSender,
    pace: Pace,
    secrets: Secrets,
    born: Instant,
    sent: AtomicU64,
    /// Our ends of the connections that have carried an answer and were kept.
    used: Mutex<HashSet<SocketAddr>>,
}

impl Client {
    /// A client for the target of `settings`; what it learns goes to `secrets`.
    ///
    /// # Errors
    /// When the url is no origin, or the certificate authority is not usable.
    pub fn new(settings: Settings, secrets: Secrets) -> Result<Self, ClientError> {
        let bare = settings.origin[Position::BeforePath..].trim_matches('/') == "";
        let origin = Origin::of(&settings.origin)
            .filter(|_| bare)
            .ok_or_else(|| ClientError::NotAnOrigin(plain(&settings.origin)))?;
        let tls = tls::configuration(settings.ca_pem.as_deref(), settings.accept_invalid)?;
        // A connection that hangs is told apart from an answer that hangs.
        let connect_timeout = settings.timeout * 3 / 4;
        let pooled = reqwest::Client::builder()
            .tls_backend_preconfigured(tls.clone())
            .http1_only()
            .http1_max_headers(HEADERS_MAX)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .tcp_nodelay(true)
            .connect_timeout(connect_timeout)
            .pool_max_idle_per_host(settings.concurrency.max(1))
            .build()
            .map_err(|error| ClientError::Http(innermost(&error)))?;
        Ok(Self(Arc::new(Shared {
            origin,
            timeout: settings.timeout,
            answer_bytes_max: settings.answer_bytes_max,
            pooled,
            raw: RawSender {
                tls: Arc::new(tls),
                connect_timeout,
                answer_bytes_max: settings.answer_bytes_max,
            },
            pace: Pace::new(settings.requests_per_second),
            secrets,
            born: Instant::now(),
            sent: AtomicU64::new(0),
            used: Mutex::default(),
        })))
    }

    /// The target's origin.
    pub fn origin(&self) -> &Origin {
        &self.0.origin
    }

    /// The registry of what must not be shown.
    pub fn secrets(&self) -> &Secrets {
        &self.0.secrets
    }

    /// How long one request or one hook may take.
    pub fn timeout(&self) -> Duration {
        self.0.timeout
    }

    /// How many requests went out so far, those sent twice counted twice.
    pub fn requests_sent(&self) -> u64 {
        self.0.sent.load(Ordering::Relaxed)
    }

    /// Sends `request` and reads the answer, in bounded time and memory.
    /// Whatever happens is part of the exchange.
    pub async fn send(&self, origin: &Origin, request: &Request) -> Exchange {
        self.0.pace.wait().await;
        let begin = Instant::now();
        let outcome = tokio::time::timeout(self.0.timeout, self.0.deliver(origin, request))
            .await
            .unwrap_or(Err(Fault::TimedOut));
        Exchange {
            request: request.clone(),
            outcome,
            started: begin - self.0.born,
            took: begin.elapsed(),
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("Client").field(&self.0.origin).finish()
    }
}

/// A fault of the pooled client.
struct PooledFault {
    fault: Fault,
    /// Whether the connection had been idle, and closed before any answer.
    stale: bool,
}

impl Shared {
    async fn deliver(&self, origin: &Origin, request: &Request) -> Result<Answer, Fault> {
        let Some(ready) = pooled_request(origin, request) else {
            return self.deliver_raw(origin, request).await;
        };
        match self.deliver_pooled(ready).await {
            // A target may close an idle connection at any time, and a request
            // that crosses with it was never looked at: RFC 9112 section 9.3.1
            // has the client open a new connection and send it again. The pool
            // does so itself for requests of which it wrote nothing.
            Err(PooledFault { stale: true, .. }) => {
                self.pace.take(Instant::now());
                self.deliver_raw(origin, request).await
            }
            Err(PooledFault { fault, .. }) => Err(fault),
            Ok(answer) => Ok(answer),
        }
    }

    async fn deliver_raw(&self, origin: &Origin, request: &Request) -> Result<Answer, Fault> {
        let outcome = self.raw.send(origin, request).await;
        if !matches!(outcome, Err(Fault::Unsendable(_))) {
            self.sent.fetch_add(1, Ordering::Relaxed);
        }
        outcome
    }

    async fn deliver_pooled(&self, request: reqwest::Request) -> Result<Answer, PooledFault> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        let encrypted = request.url().scheme() == "https";
        let mut response = self.pooled.execute(request).await.map_err(|error| {
            if error.is_connect() {
                let fault = diagnosis::of_connecting(&error, encrypted);
                return PooledFault {
                    fault,
                    stale: false,
                };
            }
            let fault = diagnosis::of_exchange(&error);
            let stale = fault == Fault::Dropped && self.was_used(&error);
            PooledFault { fault, stale }
        })?;
        self.remember(&response);
        let body = self.body(&mut response).await;
        let body = body.map_err(|fault| PooledFault {
            fault,
            stale: false,
        })?;
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

    async fn body(&self, response: &mut reqwest::Response) -> Result<Bytes, Fault> {
        let limit = self.answer_bytes_max;
        if response.content_length() > u64::try_from(limit).ok() {
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
    fn remember(&self, response: &reqwest::Response) {
        let closes = response
            .headers()
            .get_all(reqwest::header::CONNECTION)
            .iter()
            .any(|value| value.as_bytes().eq_ignore_ascii_case(b"close"));
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

/// The headers that the pooled client has ideas of its own about.
const FRAMING: &[&str] = &[
    "connection",
    "content-length",
    "expect",
    "host",
    "te",
    "transfer-encoding",
    "upgrade",
];

/// The request for the pooled client, when that one writes it as asked: with
/// this path, these headers and no others but `Host`, `Content-Length` and,
/// where `Accept` is missing, one that accepts everything.
fn pooled_request(origin: &Origin, request: &Request) -> Option<reqwest::Request> {
    if request.spelling == Spelling::Exact {
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

fn innermost(error: &(dyn Error + 'static)) -> String {
    diagnosis::causes(error).last().unwrap_or(error).to_string()
}

/// The url without a password that somebody may have put there.
fn plain(url: &Url) -> String {
    let mut url = url.clone();
    let _ = url.set_password(None);
    url.to_string()
}
