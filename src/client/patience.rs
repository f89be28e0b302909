//! What a good guest does where the target is busy, or drops a connection: wait,
//! as long as the target asks for, and ask again.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use super::exchange::{Answer, Exchange, Fault, Request};
use super::origin::Origin;
use super::transport::Client;

/// How long is waited before a request is sent again, where the target does not
/// say.
const PAUSES: [Duration; 2] = [Duration::from_millis(50), Duration::from_millis(200)];

/// After so many requests in a row for which all waiting was in vain, nobody
/// waits any more until one is answered.
const IN_VAIN: u32 = 4;

/// For what a request is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// For an answer that says that the target is busy: 429 or 503.
    WhileBusy,
    /// For that, and once for a connection that was dropped instead of an answer:
    /// what asks and changes nothing.
    AlsoDropped,
    /// For a 429, and once for a dropped connection: a 503 to a login has a
    /// meaning of its own.
    Login,
}

/// What was waited for so far.
#[derive(Debug, Default)]
pub(super) struct Waited {
    in_vain: AtomicU32,
    dropped: AtomicU64,
    busy: AtomicU64,
}

impl Client {
    /// Sends a request, and again where the target asks for patience; answers the
    /// last exchange and how many there were. While a `Retry-After` holds, no
    /// other request goes out either.
    pub async fn send_patiently(
        &self,
        origin: &Origin,
        request: &Request,
        patience: Patience,
    ) -> (Exchange, u64) {
        let waited = self.waited();
        let (mut sent, mut dropped, mut busy) = (1, 0, 0);
        let mut exchange = self.send(origin, request).await;
        for pause in PAUSES {
            let again = match &exchange.outcome {
                Ok(answer) if patience.is_busy(answer) => {
                    let asked = retry_after(answer, SystemTime::now());
                    if waited.in_vain.load(Ordering::Relaxed) >= IN_VAIN
                        || asked.is_some_and(|asked| asked > self.timeout())
                    {
                        break;
                    }
                    if let Some(asked) = asked {
                        self.hold(asked);
                    }
                    busy += 1;
                    true
                }
                Err(Fault::Dropped) if patience != Patience::WhileBusy => {
                    dropped += 1;
                    dropped == 1
                }
                _ => false,
            };
            if !again {
                break;
            }
            tokio::time::sleep(pause).await;
            exchange = self.send(origin, request).await;
            sent += 1;
        }
        match &exchange.outcome {
            Ok(answer) if patience.is_busy(answer) => {
                waited.in_vain.fetch_add(1, Ordering::Relaxed);
            }
            Ok(_) => {
                waited.in_vain.store(0, Ordering::Relaxed);
                waited.dropped.fetch_add(dropped, Ordering::Relaxed);
                waited.busy.fetch_add(busy, Ordering::Relaxed);
            }
            Err(_) => {}
        }
        (exchange, sent)
    }

    /// How many answers said that the target was busy, and were others when the
    /// request was sent again.
    pub fn busy_at_first(&self) -> u64 {
        self.waited().busy.load(Ordering::Relaxed)
    }

    /// How many requests were answered only when they were sent again, because
    /// their connection was dropped.
    pub fn dropped_once(&self) -> u64 {
        self.waited().dropped.load(Ordering::Relaxed)
    }
}

impl Patience {
    /// Whether the answer says that the target has too much to do just now.
    pub const fn is_busy(self, answer: &Answer) -> bool {
        answer.status == 429 || answer.status == 503 && !matches!(self, Self::Login)
    }
}

/// How long the answer asks to be left alone: RFC 9110 section 10.2.3.
fn retry_after(answer: &Answer, now: SystemTime) -> Option<Duration> {
    let value = answer.header("retry-after")?;
    let text = std::str::from_utf8(value).ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = httpdate::parse_http_date(text).ok()?;
    Some(moment.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use tokio::time::Instant;

    use super::*;
    use crate::client::exchange::Method;
    use crate::client::scripted::{Reply, Scripted};

    async fn asked(replies: Vec<Reply>, patience: Patience) -> (Option<u16>, u64, Duration) {
        let server = Scripted::serve(replies).await;
        let client = server.client();
        let get = Request::new(Method::Get, "/");
        let begun = Instant::now();
        let (exchange, sent) = client.send_patiently(client.origin(), &get, patience).await;
        let status = exchange.answer().map(|answer| answer.status);
        (status, sent, begun.elapsed())
    }

    #[tokio::test]
    async fn a_busy_target_is_asked_again_when_it_said() {
        let busy = |status| Reply::keep(status, "Retry-After: 1\r\n", "");
        let good = || Reply::keep(200, "", "");
        let (status, sent, took) = asked(vec![busy(429), good()], Patience::WhileBusy).await;
        assert_eq!((status, sent), (Some(200), 2));
        assert!(took >= Duration::from_secs(1), "{took:?}");
        let replies = || vec![Reply::keep(503, "", ""), good()];
        assert_eq!(asked(replies(), Patience::AlsoDropped).await.0, Some(200));
        assert_eq!(asked(replies(), Patience::Login).await.0, Some(503));
        // Longer than a request may take.
        let late = Reply::keep(429, "Retry-After: 3600\r\n", "");
        let (status, sent, _) = asked(vec![late, good()], Patience::WhileBusy).await;
        assert_eq!((status, sent), (Some(429), 1));
    }

    #[tokio::test]
    async fn a_dropped_connection_is_tried_once_more_where_nothing_changes() {
        let replies = |drops: usize| {
            let mut replies = vec![Reply::close(""); drops];
            replies.push(Reply::keep(200, "", ""));
            replies
        };
        let status = async |drops, patience| asked(replies(drops), patience).await.0;
        assert_eq!(status(1, Patience::AlsoDropped).await, Some(200));
        assert_eq!(status(2, Patience::AlsoDropped).await, None);
        assert_eq!(status(1, Patience::WhileBusy).await, None);
    }

    #[test]
    fn seconds_and_dates_are_understood() {
        let now = httpdate::parse_http_date("Thu, 26 Nov 2026 17:00:00 GMT").expect("a date");
        for (value, expected) in [
            ("7", Some(7)),
            ("Thu, 26 Nov 2026 17:00:05 GMT", Some(5)),
            ("Thu, 26 Nov 2026 16:00:05 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
        ] {
            let answer = Answer {
                status: 429,
                headers: vec![("Retry-After".to_owned(), value.into())],
                body: Bytes::new(),
            };
            let seconds = retry_after(&answer, now).map(|pause| pause.as_secs());
            assert_eq!(seconds, expected, "{value}");
        }
    }
}
