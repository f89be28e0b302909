//! The client: one pool of connections, one pace, one clock, and limits on
//! everything that comes back.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;
use tokio::sync::RwLock;
use tokio::time::Instant;
use url::{Position, Url};

use super::exchange::{Exchange, Fault, Request};
use super::origin::Origin;
use super::pace::Pace;
use super::patience::Seen;
use super::pool::{Delivered, Pool, Surplus};
use super::running_time::within;
use super::secret::Secrets;
use super::tls;

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
    /// How long a target that is away or busy is waited for.
    pub outage: Duration,
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
}

/// Talks to one target. Clones share connections, pace, clock and counter.
#[derive(Clone)]
pub struct Client(Arc<Shared>);

struct Shared {
    origin: Origin,
    timeout: Duration,
    outage: Duration,
    pool: Pool,
    pace: Pace,
    secrets: Secrets,
    born: Instant,
    seen: Seen,
    /// Held by every request that is under way, and for writing by one that asks
    /// whether the target is there or busy: the others wait meanwhile.
    quiet: RwLock<()>,
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
        Ok(Self(Arc::new(Shared {
            origin,
            timeout: settings.timeout,
            outage: settings.outage,
            pool: Pool::new(
                tls,
                // A connection that hangs is told apart from an answer that hangs.
                settings.timeout - settings.timeout / 4,
                settings.answer_bytes_max,
                settings.concurrency.max(1),
            ),
            pace: Pace::new(settings.requests_per_second),
            secrets,
            born: Instant::now(),
            seen: Seen::default(),
            quiet: RwLock::default(),
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

    /// How long a target that is away or busy is waited for.
    pub fn outage(&self) -> Duration {
        self.0.outage
    }

    /// The rate at which requests start.
    pub(super) fn pace(&self) -> &Pace {
        &self.0.pace
    }

    /// What is known of the target from its answers.
    pub(super) fn seen(&self) -> &Seen {
        &self.0.seen
    }

    /// Waits until no other request is under way, and lets none start while it is
    /// held.
    pub(super) async fn quiet(&self) -> impl Sized + '_ {
        self.0.quiet.write().await
    }

    /// Closes the connections that nobody uses.
    pub(super) fn release(&self) {
        self.0.pool.release();
    }

    /// What came so far that no request asked for.
    pub fn surplus(&self) -> Option<Surplus> {
        self.0.pool.surplus()
    }

    /// How long this client has been there.
    pub(super) fn age(&self) -> Duration {
        self.0.born.elapsed()
    }

    /// How many requests went out so far, those sent twice counted twice.
    pub fn requests_sent(&self) -> u64 {
        self.0.pool.sent()
    }

    /// Sends `request` and reads the answer, in bounded time and memory.
    /// Whatever happens is part of the exchange.
    pub async fn send(&self, origin: &Origin, request: &Request) -> Exchange {
        let _under_way = self.0.quiet.read().await;
        self.0.pace.wait().await;
        self.send_in_quiet(origin, request).await
    }

    /// The same while [`Client::quiet`] is held.
    pub(super) async fn send_in_quiet(&self, origin: &Origin, request: &Request) -> Exchange {
        let begin = Instant::now();
        let delivering = self.0.pool.deliver(origin, request);
        let (delivered, interrupted) = within(self.0.timeout, delivering).await;
        let Delivered { outcome, twice } = delivered.unwrap_or(Delivered {
            outcome: Err(Fault::TimedOut),
            twice: false,
        });
        // Before anybody keeps or shows anything of it.
        if let Ok(answer) = &outcome {
            self.0.secrets.learn_from(answer);
        }
        Exchange {
            request: request.clone(),
            outcome,
            started: begin - self.0.born,
            took: begin.elapsed(),
            twice,
            interrupted,
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("Client").field(&self.0.origin).finish()
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
    use crate::client::exchange::{Answer, Header, Method, Spelling};
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
        assert!(seen.contains("Content-Length: 4\r\n"), "{seen}");
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
        for (early, fault) in [
            ("", Fault::Dropped),
            ("HTTP/1.1 20", Fault::CutShort),
            (
                "HTTP/1.1 200 X\r\nContent-Length: 4\r\n\r\nab",
                Fault::CutShort,
            ),
            (
                "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nab",
                Fault::CutShort,
            ),
        ] {
            let replies = vec![Reply::close(early), Reply::keep(200, "", "")];
            assert_eq!(outcome_of(replies).await, (Err(fault), 1), "{early}");
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
                outage: Duration::ZERO,
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
