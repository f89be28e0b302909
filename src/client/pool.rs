//! The connections that are kept for the next requests.
//!
//! A target may close an idle connection at any time, and must not be blamed for a
//! request that crossed with it: RFC 9112 section 9.3.1 lets the client send that
//! again on a new connection, once. It asks for care with a POST; here the answer
//! and the read-back are judged together, so a target that had applied it and
//! dropped the answer gains nothing.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustls::ClientConfig;

use super::connection::{Connection, Connector};
use super::exchange::{Answer, Fault, Request};
use super::origin::Origin;
use super::wire::{self, Message};

/// How often a request is sent on a new connection for which a 408 says that it
/// was not waited for (RFC 9110 section 15.5.9).
const WAITED_FOR: usize = 3;

/// A connection that took longer than the fastest, until its first request was
/// sent, may have been closed for being idle.
const IDLE: Duration = Duration::from_millis(1);

/// After so much that no request asked for, connections are not used again: what
/// comes late would be taken for the next answer.
const SURPLUS_MAX: u64 = 3;

/// The connections of one client.
pub(super) struct Pool {
    connector: Connector,
    answer_bytes_max: usize,
    idle_max: usize,
    /// The one that was used last is used next.
    idle: Mutex<Vec<(Origin, Connection)>>,
    sent: AtomicU64,
    surplus: Mutex<Option<Surplus>>,
    /// How long it took at least to connect and send a request, in microseconds.
    fastest: AtomicU64,
}

/// What came that no request asked for (RFC 9112 section 9.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surplus {
    /// Behind or before how many answers.
    pub answers: u64,
    /// The first, in words.
    pub first: String,
}

/// What one request came to.
pub(super) struct Delivered {
    /// The answer, or why there is none.
    pub(super) outcome: Result<Answer, Fault>,
    /// It was sent twice, for the kept connection was closed; the first may have been
    /// read all the same.
    pub(super) twice: bool,
}

impl Pool {
    /// A pool that keeps up to `idle_max` idle connections.
    pub(super) fn new(
        tls: ClientConfig,
        connect_timeout: Duration,
        answer_bytes_max: usize,
        idle_max: usize,
    ) -> Self {
        Self {
            connector: Connector::new(tls, connect_timeout),
            answer_bytes_max,
            idle_max,
            idle: Mutex::default(),
            sent: AtomicU64::new(0),
            surplus: Mutex::default(),
            fastest: AtomicU64::new(u64::MAX),
        }
    }

    /// How many requests were sent, those sent twice counted twice.
    pub(super) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Closes what is idle, so that others have the ports and descriptors.
    pub(super) fn release(&self) {
        self.lock().clear();
    }

    /// Sends one request and reads its answer. The caller limits the time.
    pub(super) async fn deliver(&self, origin: &Origin, request: &Request) -> Delivered {
        let message = match wire::prepare(origin, request) {
            Ok(message) => message,
            Err(fault) => {
                return Delivered {
                    outcome: Err(fault),
                    twice: false,
                };
            }
        };
        let room = self.answer_bytes_max.saturating_mul(request.room);
        let mut twice = false;
        if !request.alone
            && let Some(mut kept) = self.take(origin, request)
        {
            let outcome = self.on(&mut kept, &message, room).await;
            let unread = match &outcome {
                Err(Fault::Dropped) => !kept.has_begun(),
                Ok(answer) => answer.status == 408,
                Err(_) => false,
            };
            if !unread {
                self.done(origin, request, kept, &outcome);
                return Delivered { outcome, twice };
            }
            twice = outcome.is_err();
        }
        let mut turn = 1;
        loop {
            let mut fresh = match self.connector.connect(origin).await {
                Ok(fresh) => fresh,
                Err(fault) => {
                    // What may have been read was not sent in vain.
                    let fault = if twice { Fault::Dropped } else { fault };
                    return Delivered {
                        outcome: Err(fault),
                        twice,
                    };
                }
            };
            let outcome = self.on(&mut fresh, &message, room).await;
            let was_idle = self.was_idle(fresh.waited());
            let unread = match &outcome {
                Err(Fault::Dropped) => !fresh.has_begun() && was_idle,
                Ok(answer) => answer.status == 408,
                Err(_) => false,
            };
            twice |= unread && outcome.is_err();
            if !unread || turn == WAITED_FOR {
                // One that is dropped on a new connection is dropped for itself.
                twice &= outcome != Err(Fault::Dropped);
                self.done(origin, request, fresh, &outcome);
                return Delivered { outcome, twice };
            }
            turn += 1;
        }
    }

    /// Whether a connection was open for so long before its first request was sent
    /// that the target may have closed it for that: this machine was busy.
    fn was_idle(&self, waited: Duration) -> bool {
        let micros = u64::try_from(waited.as_micros()).unwrap_or(u64::MAX);
        let fastest = self
            .fastest
            .fetch_min(micros, Ordering::Relaxed)
            .min(micros);
        let fastest = Duration::from_micros(fastest);
        waited > fastest + IDLE.max(fastest / 2)
    }

    async fn on(
        &self,
        connection: &mut Connection,
        message: &Message,
        room: usize,
    ) -> Result<Answer, Fault> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        connection.exchange(message, room).await
    }

    /// Keeps the connection, where it can be.
    fn done(
        &self,
        origin: &Origin,
        request: &Request,
        mut connection: Connection,
        outcome: &Result<Answer, Fault>,
    ) {
        let Ok(answer) = outcome else {
            return;
        };
        match connection.look() {
            Err(Some(what)) => {
                let (status, request) = (answer.status, request.line());
                self.note(format!("{what} behind the answer {status} to `{request}`"));
            }
            Ok(()) if connection.keeps() && !request.alone => self.keep(origin, connection),
            Ok(()) | Err(None) => {}
        }
    }

    /// Notes what came and was not asked for.
    fn note(&self, what: String) {
        let mut surplus = self.surplus.lock().unwrap_or_else(PoisonError::into_inner);
        let first = || Surplus {
            answers: 0,
            first: what,
        };
        surplus.get_or_insert_with(first).answers += 1;
    }

    /// What came so far and was not asked for.
    pub(super) fn surplus(&self) -> Option<Surplus> {
        let surplus = self.surplus.lock().unwrap_or_else(PoisonError::into_inner);
        surplus.clone()
    }

    fn keep(&self, origin: &Origin, connection: Connection) {
        if self.surplus().is_some_and(|one| one.answers >= SURPLUS_MAX) {
            return;
        }
        let mut idle = self.lock();
        if idle.len() >= self.idle_max {
            idle.remove(0);
        }
        idle.push((origin.clone(), connection));
    }

    /// A kept connection that is still open.
    fn take(&self, origin: &Origin, request: &Request) -> Option<Connection> {
        loop {
            let (_, mut kept) = {
                let mut idle = self.lock();
                let place = idle.iter().rposition(|(of, _)| of == origin)?;
                idle.remove(place)
            };
            match kept.look() {
                Ok(()) => return Some(kept),
                Err(Some(what)) => {
                    let request = request.line();
                    self.note(format!("{what} on an idle connection, before `{request}`"));
                }
                Err(None) => {}
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Origin, Connection)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use crate::client::exchange::{Fault, Method, Request};
    use crate::client::scripted::{Reply, Scripted};

    fn ok() -> Reply {
        Reply::keep(200, "", "")
    }

    #[tokio::test]
    async fn a_stale_connection_is_left_once_and_not_blamed() {
        for (second, verdict) in [(ok(), Ok(200)), (Reply::close(""), Err(Fault::Dropped))] {
            let replies = vec![ok(), Reply::close(""), second, ok()];
            let server = Scripted::serve(replies).await;
            let client = server.client();
            let get = Request::new(Method::Get, "/");
            let first = client.send(client.origin(), &get).await;
            assert_eq!(first.outcome.map(|answer| answer.status), Ok(200));
            let exchange = client.send(client.origin(), &get).await;
            assert_eq!(exchange.outcome.map(|answer| answer.status), verdict);
            assert_eq!(client.requests_sent(), 3);
        }
    }

    #[tokio::test]
    async fn a_kept_connection_that_answers_badly_is_blamed() {
        for (bad, cut) in [
            ("HTTP/1.1 200 X\r\nContent-Length: 4\r\n\r\nab", true),
            ("no http\r\n\r\n", false),
        ] {
            let server = Scripted::serve(vec![ok(), Reply::close(bad), ok()]).await;
            let client = server.client();
            let get = Request::new(Method::Get, "/");
            client.send(client.origin(), &get).await;
            let fault = client.send(client.origin(), &get).await.outcome;
            let fault = fault.expect_err("no whole answer");
            assert_eq!(fault == Fault::CutShort, cut, "{fault}");
            assert_eq!(client.requests_sent(), 2);
        }
    }

    #[tokio::test]
    async fn a_request_that_was_not_waited_for_is_sent_again() {
        let late = || Reply::close("HTTP/1.1 408 X\r\nConnection: close\r\n\r\n");
        for (late_ones, status, sent) in [(1, 200, 3), (2, 200, 4), (4, 408, 5)] {
            let mut replies = vec![ok()];
            replies.extend(vec![late(); late_ones]);
            replies.push(ok());
            let server = Scripted::serve(replies).await;
            let client = server.client();
            let post = Request::new(Method::Post, "/");
            client.send(client.origin(), &post).await;
            let exchange = client.send(client.origin(), &post).await;
            let answered = exchange.answer().map(|answer| answer.status);
            assert_eq!(answered, Some(status), "{late_ones}");
            assert_eq!(client.requests_sent(), sent, "{late_ones}");
        }
    }

    #[tokio::test]
    async fn an_idle_connection_that_is_closed_with_a_408_is_nobodys_fault() {
        let page = "x".repeat(300);
        let ended =
            format!("HTTP/1.1 408 X\r\nConnection: close\r\nContent-Length: 300\r\n\r\n{page}");
        for (ended, is_told) in [(ended.clone(), false), (ended.replace("408", "200"), true)] {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
            let listener = listener.expect("a free port");
            let address = listener.local_addr().expect("it is bound");
            let (idle, begins) = tokio::sync::oneshot::channel();
            let (written, said) = tokio::sync::oneshot::channel();
            tokio::spawn(async move {
                let mut once = Some((begins, written));
                while let Ok((mut stream, _)) = listener.accept().await {
                    let mut request = [0; 1024];
                    let _ = stream.read(&mut request).await;
                    let answer = b"HTTP/1.1 204 X\r\n\r\n";
                    stream.write_all(answer).await.expect("room for it");
                    if let Some((begins, written)) = once.take() {
                        let _ = begins.await;
                        stream.write_all(ended.as_bytes()).await.expect("room");
                        let _ = written.send(());
                    }
                }
            });
            let client = Scripted::serve(Vec::new()).await.client();
            let origin = client.origin().with_host(&address.to_string());
            let origin = origin.expect("a host");
            let get = Request::new(Method::Get, "/");
            assert!(client.send(&origin, &get).await.outcome.is_ok());
            assert_eq!(client.surplus(), None);
            idle.send(()).expect("somebody waits");
            said.await.expect("it was written");
            // The reactor takes notice of it.
            tokio::task::yield_now().await;
            let second = client.send(&origin, &get).await;
            assert_eq!(second.answer().map(|answer| answer.status), Some(204));
            assert_eq!(client.surplus().is_some(), is_told);
        }
    }

    #[tokio::test]
    async fn what_no_request_asked_for_is_seen() {
        let answer = "HTTP/1.1 200 X\r\nContent-Length: 2\r\n\r\nab";
        for (behind, told) in [
            ("xyz", Some("3 bytes behind the answer 200 to `GET /`")),
            (
                answer,
                Some("an answer 200 behind the answer 200 to `GET /`"),
            ),
            ("", None),
        ] {
            let whole = format!("{answer}{behind}");
            let server = Scripted::serve(vec![Reply::Keep(whole.into()), ok()]).await;
            let client = server.client();
            let get = Request::new(Method::Get, "/");
            let first = client.send(client.origin(), &get).await;
            assert!(first.outcome.is_ok());
            let second = client.send(client.origin(), &get).await;
            assert!(second.outcome.is_ok());
            let surplus = client.surplus();
            assert_eq!(surplus.as_ref().map(|one| one.first.as_str()), told);
            assert!(surplus.is_none_or(|one| one.answers == 1));
        }
    }
}
