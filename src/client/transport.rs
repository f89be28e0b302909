//! The client: one pool of connections, one pace, one clock, and limits on
//! everything that comes back.
//!
//! Requests go through the pooled sender, unless it would write something else
//! than was asked for; those go through the raw one.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use thiserror::Error;
use tokio::time::Instant;
use url::{Position, Url};

use super::exchange::{Answer, Exchange, Fault, Request};
use super::origin::Origin;
use super::pace::Pace;
use super::patience::Waited;
use super::pooled::{self, PooledFault, PooledSender};
use super::secret::Secrets;
use super::wire::{self, RawSender};
use super::{diagnosis, tls};

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
    pooled: PooledSender,
    raw: RawSender,
    pace: Pace,
    secrets: Secrets,
    born: Instant,
    sent: AtomicU64,
    waited: Waited,
}

impl Client {
    /// A client for the target of `settings`; what it learns goes to `secrets`.
    ///
    /// # Errors
    /// When the url is no origin, or the certificate authority is not usable.
    pub fn new(settings: Settings, secrets: Secrets) -> Result<Self, ClientError> {
        let bare = matches!(&settings.origin[Position::BeforePath..], "" | "/")
            && settings.origin.username().is_empty();
        let origin = Origin::of(&settings.origin)
            .filter(|_| bare)
            .ok_or_else(|| ClientError::NotAnOrigin(plain(&settings.origin)))?;
        let tls = tls::configuration(settings.ca_pem.as_deref(), settings.accept_invalid)?;
        // A connection that hangs is told apart from an answer that hangs.
        let connect_timeout = settings.timeout - settings.timeout / 4;
        let pooled = PooledSender::new(
            tls.clone(),
            connect_timeout,
            settings.answer_bytes_max,
            settings.concurrency.max(1),
        )
        .map_err(|error| ClientError::Http(diagnosis::innermost(&error)))?;
        Ok(Self(Arc::new(Shared {
            origin,
            timeout: settings.timeout,
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
            waited: Waited::default(),
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

    /// Lets no request start for that long.
    pub(super) fn hold(&self, pause: Duration) {
        self.0.pace.hold(pause);
    }

    /// What was waited for so far.
    pub(super) fn waited(&self) -> &Waited {
        &self.0.waited
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
        // Before anybody keeps or shows anything of it.
        if let Ok(answer) = &outcome {
            self.0.secrets.learn_from(answer);
        }
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

impl Shared {
    async fn deliver(&self, origin: &Origin, request: &Request) -> Result<Answer, Fault> {
        let Some(ready) = pooled::prepare(origin, request) else {
            return self.deliver_raw(origin, request).await;
        };
        self.sent.fetch_add(1, Ordering::Relaxed);
        match self.pooled.send(ready).await {
            // A target may close an idle connection at any time, and must not be
            // blamed for a request that crossed with it: RFC 9112 section 9.3.1
            // lets the client send that again on a new connection, once. It asks
            // for care with a POST; here the answer and the read-back are judged
            // together, so a target that had applied it and dropped the answer
            // gains nothing. Of what was never written the pool takes care.
            Err(PooledFault { stale: true, .. }) => {
                self.pace.take(Instant::now());
                self.deliver_raw(origin, request).await
            }
            Err(PooledFault { fault, .. }) => Err(fault),
            Ok(answer) => Ok(answer),
        }
    }

    async fn deliver_raw(&self, origin: &Origin, request: &Request) -> Result<Answer, Fault> {
        let message = wire::prepare(origin, request)?;
        self.sent.fetch_add(1, Ordering::Relaxed);
        self.raw.send(origin, &message, request.room).await
    }
}

/// The url without a password that somebody may have put there.
fn plain(url: &Url) -> String {
    let mut url = url.clone();
    let _ = url.set_password(None);
    url.to_string()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::client::exchange::{Header, Method, Spelling};
    use crate::client::scripted::{Reply, Scripted};

    async fn outcome_of(replies: Vec<Reply>) -> (Result<Answer, Fault>, u64) {
        let server = Scripted::serve(replies).await;
        let client = server.client();
        let get = Request::new(Method::Get, "/");
        let exchange = client.send(client.origin(), &get).await;
        (exchange.outcome, client.requests_sent())
    }

    #[tokio::test]
    async fn an_answer_is_read_whole() {
        let mut server =
            Scripted::serve(vec![Reply::keep(200, "X-Two: a\r\nx-two: b\r\n", "hello")]).await;
        let client = server.client();
        let mut post = Request::new(Method::Post, "/a?b=c");
        post.headers = vec![Header::plain("X-Own", "ü")];
        post.body = Bytes::from_static(b"body");
        let exchange = client.send(client.origin(), &post).await;
        let answer = exchange.outcome.expect("an answer");
        assert_eq!(
            (answer.status, &answer.body[..]),
            (200, b"hello".as_slice())
        );
        assert_eq!(answer.headers_named("x-TWO").count(), 2);
        let seen = server.request().await;
        assert!(seen.starts_with("POST /a?b=c HTTP/1.1\r\n"), "{seen}");
        assert!(seen.contains("x-own: ü\r\n"), "{seen}");
        assert!(seen.ends_with("\r\n\r\nbody"), "{seen}");
        assert!(seen.contains("content-length: 4\r\n"), "{seen}");
    }

    #[tokio::test]
    async fn paths_reach_the_wire_unchanged() {
        let paths = [
            "/icws/7/configuration/workgroups/a%2Fb%28c%29%2f%c3%BC%20/monitored-mailboxes",
            "/a/%2e%2E/b/../c/./d",
            "/a\\b|c^d`e{f}\"<>[]",
            "//double//?q=%41&r='\"#no-fragment",
            "/?",
        ];
        let replies = vec![Reply::keep(200, "", ""); paths.len()];
        let mut server = Scripted::serve(replies).await;
        let client = server.client();
        for path in paths {
            let get = Request::new(Method::Get, path);
            let exchange = client.send(client.origin(), &get).await;
            assert_eq!(exchange.answer().map(|answer| answer.status), Some(200));
            let seen = server.request().await;
            assert!(
                seen.starts_with(&format!("GET {path} HTTP/1.1\r\n")),
                "{seen}"
            );
        }
    }

    #[tokio::test]
    async fn a_redirect_is_an_answer() {
        let redirect = Reply::keep(302, "Location: /elsewhere\r\n", "");
        let (outcome, sent) = outcome_of(vec![redirect, Reply::keep(200, "", "")]).await;
        assert_eq!(outcome.map(|answer| answer.status), Ok(302));
        assert_eq!(sent, 1);
    }

    #[tokio::test]
    async fn a_body_above_the_limit_is_not_read() {
        let limit = 1000;
        let long = "x".repeat(limit + 1);
        let announced = Reply::keep(200, "", &long);
        let chunked = Reply::close(&format!(
            "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{long}\r\n0\r\n\r\n",
            long.len()
        ));
        for reply in [announced, chunked] {
            let (outcome, _) = outcome_of(vec![reply]).await;
            assert_eq!(outcome, Err(Fault::TooLarge { limit }));
        }
        let (outcome, _) = outcome_of(vec![Reply::keep(200, "", &long[1..])]).await;
        assert_eq!(outcome.map(|answer| answer.body.len()), Ok(limit));
    }

    #[tokio::test]
    async fn silence_is_bounded_by_the_time_limit() {
        let half = "HTTP/1.1 200 X\r\nContent-Length: 4\r\n\r\nab";
        for (reply, spelling) in [
            (Reply::Stall, Spelling::Any),
            (Reply::Stall, Spelling::Exact),
            (Reply::Keep(half.into()), Spelling::Any),
            (Reply::Keep(half.into()), Spelling::Exact),
        ] {
            let server = Scripted::serve(vec![reply]).await;
            let timeout = Duration::from_millis(200);
            let settings = Settings {
                timeout,
                ..server.settings()
            };
            let client = Client::new(settings, Secrets::new()).expect("good settings");
            let mut get = Request::new(Method::Get, "/");
            get.spelling = spelling;
            let exchange = client.send(client.origin(), &get).await;
            assert_eq!(exchange.outcome, Err(Fault::TimedOut));
            assert!(exchange.took >= timeout);
            assert_eq!(client.requests_sent(), 1);
        }
    }

    #[tokio::test]
    async fn a_connection_closed_too_early_is_dropped_and_not_tried_again() {
        for early in [
            "",
            "HTTP/1.1 20",
            "HTTP/1.1 200 X\r\nContent-Length: 4\r\n\r\nab",
            "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nab",
        ] {
            let replies = vec![Reply::close(early), Reply::keep(200, "", "")];
            assert_eq!(
                outcome_of(replies).await,
                (Err(Fault::Dropped), 1),
                "{early}"
            );
        }
    }

    #[tokio::test]
    async fn what_is_not_http_is_told_apart() {
        let headers = "A: b\r\n".repeat(257);
        for broken in [
            "220 mail.example ESMTP\r\n\r\n",
            "HTTP/1.1 2OO X\r\n\r\n",
            "HTTP/1.1 200 X\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nab\r\n",
            &format!("HTTP/1.1 200 X\r\n{headers}\r\n"),
        ] {
            let (outcome, _) = outcome_of(vec![Reply::close(broken)]).await;
            assert!(matches!(outcome, Err(Fault::BrokenHttp(_))), "{outcome:?}");
        }
    }

    #[tokio::test]
    async fn nobody_listening_is_unreachable() {
        let server = Scripted::serve(Vec::new()).await;
        let client = server.client();
        for spelling in [Spelling::Any, Spelling::Exact] {
            let mut get = Request::new(Method::Get, "/");
            get.spelling = spelling;
            let nobody = client.origin().with_host("127.0.0.1:1").expect("a host");
            let exchange = client.send(&nobody, &get).await;
            let refused = matches!(&exchange.outcome, Err(Fault::Unreachable(why)) if why.contains("refused"));
            assert!(refused, "{exchange:?}");
        }
    }

    #[test]
    fn only_an_origin_makes_a_client() {
        for bad in [
            "http://a/b",
            "http://a/?b",
            "ftp://a",
            "http://me:secret@a/",
        ] {
            let settings = Settings {
                origin: Url::parse(bad).expect("a url"),
                ca_pem: None,
                accept_invalid: false,
                timeout: Duration::from_secs(1),
                answer_bytes_max: 1,
                requests_per_second: 0,
                concurrency: 1,
            };
            let error = Client::new(settings, Secrets::new()).expect_err(bad);
            assert!(matches!(error, ClientError::NotAnOrigin(_)), "{bad}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}
