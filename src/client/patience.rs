//! What an answer that is none means, decided in one place for updates, read-backs,
//! logins, logouts, features and hooks alike.
//!
//! | what came                                   | what is done                            |
//! |---------------------------------------------|-----------------------------------------|
//! | 408, or an end before any byte of an answer | sent again on a new connection: it was  |
//! | on a kept connection                        | not read (the pool does it)             |
//! | 429, 503 (to a login: one that is no JSON)  | sent again, ever later and slower; then |
//! |                                             | alone, while all others wait            |
//! | no connection, a failed handshake           | the same, alone at once                 |
//! | nothing left on this machine to connect     | the same                                |
//! | an end, an alert, plain bytes in TLS, a cut | what only asks is sent again; of an     |
//! | answer, no HTTP, silence                    | update a plain request tells more       |
//! | a page with a 5xx to what only asks         | sent again                              |
//!
//! Beside a request that is asked alone, a plain one is asked each time:
//!
//! | the plain request          | the request itself                                     |
//! |----------------------------|--------------------------------------------------------|
//! | answered, three times      | what came to it is its own: it is judged               |
//! | answered again at last     | the target was away: what was under way goes again     |
//! | not, for `limits.outage_ms` | the end of the run, told with its moment               |
//!
//! A `Retry-After` is waited for; where it asks for more than `limits.outage_ms`,
//! nothing is waited for. Time in which this process was stopped is nobody's fault.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use tokio::time::sleep;

use super::exchange::{Answer, Exchange, Fault, Method, Request};
use super::origin::Origin;
use super::transport::Client;
use crate::contract::wire;

mod seen;
mod trying;

pub use seen::PagesSeen;
pub(super) use seen::Seen;
use trying::Trying;

/// How long is waited before a request is sent again among others, where the
/// target does not say.
const PAUSES: [Duration; 3] = [
    Duration::from_millis(20),
    Duration::from_millis(60),
    Duration::from_millis(150),
];

/// What a request is about, which says when it may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// It may change something: it is sent again only where it was not read.
    Update,
    /// It only asks, or may be done twice.
    Question,
    /// A login: a 503 with JSON has a meaning of its own.
    Login,
    /// An update that is to meet a failure which was provoked: nothing else may
    /// meet it.
    Provoked,
}

/// How an exchange is to be taken, after all patience.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// It is what came of this request: it can be judged.
    Own,
    /// Something came between that may pass.
    Passing(String),
    /// The target went away while the request was under way, and is back.
    TakenAway(String),
    /// The target is gone, or stays busy: the run is at its end.
    Gone(String),
}

/// What came of asking.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The last exchange.
    pub exchange: Exchange,
    /// How many requests were sent.
    pub sent: u64,
    /// How it is to be taken.
    pub reading: Reading,
}

/// What came in place of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Came {
    /// It is one.
    Answer,
    /// The target has too much to do just now; it may say how long.
    Busy(Option<Duration>),
    /// The request did not reach the target.
    Unsent,
    /// The request may have been read.
    Broken,
}

impl Patience {
    /// Whether the answer says that the target has too much to do just now.
    pub fn is_busy(self, answer: &Answer) -> bool {
        match answer.status {
            429 => true,
            503 => match self {
                Self::Update | Self::Question => true,
                Self::Login | Self::Provoked => !is_json(answer),
            },
            _ => false,
        }
    }

    fn came(self, exchange: &Exchange) -> Came {
        match &exchange.outcome {
            Ok(answer) if self.is_busy(answer) => {
                Came::Busy(retry_after(answer, SystemTime::now()))
            }
            Ok(answer) if answer.status >= 500 && self.only_asks() && !is_json(answer) => {
                Came::Broken
            }
            Ok(_) | Err(Fault::TooLarge { .. } | Fault::Unsendable(_)) => Came::Answer,
            Err(Fault::Unreachable(_) | Fault::Tls(_) | Fault::Local(_)) => Came::Unsent,
            Err(_) => Came::Broken,
        }
    }

    const fn only_asks(self) -> bool {
        matches!(self, Self::Question | Self::Login)
    }

    /// Whether a request to which that came may be sent again.
    fn may_repeat(self, came: Came) -> bool {
        came != Came::Broken || self.only_asks()
    }
}

impl Client {
    /// Sends a request, and again where the target asks for patience.
    pub async fn send_patiently(
        &self,
        origin: &Origin,
        request: &Request,
        patience: Patience,
    ) -> Asked {
        self.send_beside(origin, request, patience, async || None)
            .await
    }

    /// The same; `plain` makes a request of the same kind with which nothing is the
    /// matter, where there is one.
    pub async fn send_beside(
        &self,
        origin: &Origin,
        request: &Request,
        patience: Patience,
        plain: impl AsyncFnOnce() -> Option<Request>,
    ) -> Asked {
        let mut trying = Trying::new(self, (origin, request, patience));
        let mut exchange = self.send(origin, request).await;
        let mut came = trying.note(&exchange);
        for pause in PAUSES {
            let again = match came {
                Came::Answer => return trying.end(exchange, Reading::Own),
                Came::Busy(None) => self.seen().refusing() == 0,
                Came::Broken => {
                    patience.only_asks() && (exchange.interrupted || pause == PAUSES[0])
                }
                Came::Busy(Some(_)) | Came::Unsent => false,
            };
            if !again || self.seen().gone().is_some() {
                break;
            }
            sleep(pause).await;
            let before = std::mem::replace(&mut exchange, self.send(origin, request).await);
            let was_page = came == Came::Broken;
            came = trying.note(&exchange);
            if let (true, Came::Answer, Some(page)) = (was_page, came, before.answer()) {
                self.seen().page(page.status, request, self.age());
            }
        }
        match came {
            Came::Answer => return trying.end(exchange, Reading::Own),
            Came::Broken if exchange.interrupted => {
                let stopped = "this process was stopped while a request was under way";
                return trying.end(exchange, Reading::Passing(stopped.to_owned()));
            }
            Came::Broken if patience == Patience::Provoked => {
                return trying.end(exchange, Reading::Own);
            }
            Came::Broken if patience == Patience::Update => {
                let told = self.send(origin, &version()).await;
                trying.sent += 1;
                if trying.is_healthy(&told) {
                    // A kept connection may be closed at any time (RFC 9112 section
                    // 9.3.1).
                    let reading = if exchange.twice {
                        Reading::TakenAway("a kept connection was closed".to_owned())
                    } else {
                        Reading::Own
                    };
                    return trying.end(exchange, reading);
                }
            }
            _ => {}
        }
        trying.plain = plain().await;
        let _quiet = self.quiet().await;
        trying.alone(exchange).await
    }

    /// Sends a request alone that was under way when the target went away: one that
    /// takes it away again is to blame.
    pub async fn send_alone(
        &self,
        origin: &Origin,
        request: &Request,
        patience: Patience,
    ) -> Asked {
        let _quiet = self.quiet().await;
        let mut trying = Trying::new(self, (origin, request, patience));
        let exchange = self.send_in_quiet(origin, request).await;
        let came = trying.note(&exchange);
        if came == Came::Answer {
            let away = "the target was away while the request was under way".to_owned();
            return trying.end(exchange, Reading::Passing(away));
        }
        if came != Came::Broken {
            return trying.alone(exchange).await;
        }
        match trying.wait_for_plain().await {
            Some(gone) => trying.end(exchange, Reading::Gone(gone)),
            None => trying.end(exchange, Reading::Own),
        }
    }

    /// Why the target is gone, if it is: it is asked, and waited for.
    pub async fn is_gone(&self) -> Option<String> {
        if let Some(gone) = self.seen().gone() {
            return Some(gone);
        }
        let (origin, plain) = (self.origin(), version());
        let told = self.send(origin, &plain).await;
        let mut trying = Trying::new(self, (origin, &plain, Patience::Question));
        if trying.is_healthy(&told) {
            return None;
        }
        trying.note(&told);
        let _quiet = self.quiet().await;
        trying.wait_for_plain().await
    }

    /// Whether the run is known to be at its end.
    pub fn is_at_its_end(&self) -> bool {
        self.seen().gone().is_some()
    }

    /// Learns how the target answers a plain request while all is well.
    pub async fn learn_plain(&self) {
        if self.seen().usual().is_none() {
            let asked = self
                .send_patiently(self.origin(), &version(), Patience::Question)
                .await;
            if let (Reading::Own, Some(answer)) = (asked.reading, asked.exchange.answer()) {
                self.seen().learn_usual((answer.status, is_json(answer)));
            }
        }
    }

    /// A sentence with the moment, and the last good answer.
    fn moment(&self, what: &str) -> String {
        format!(
            "{what}, at request {}, {:.1} s after the first{}",
            self.requests_sent(),
            self.age().as_secs_f64(),
            self.seen().last_good()
        )
    }

    /// Notes that the run is at its end, for a reason with its moment, which this
    /// answers. The first reason stands.
    pub fn end(&self, what: &str) -> String {
        self.seen().is_gone(&self.moment(what));
        self.seen().gone().unwrap_or_default()
    }

    /// What was waited for so far, in words.
    pub fn notes(&self) -> Vec<String> {
        self.seen().notes(self.pace().lowest())
    }

    /// The pages that came so far in place of answers to requests around the cases, by
    /// their status.
    pub fn pages(&self) -> BTreeMap<u16, PagesSeen> {
        self.seen().pages()
    }
}

/// The plainest request there is: it needs no session and changes nothing.
fn version() -> Request {
    Request::new(Method::Get, wire::VERSION_PATH)
}

/// Whether it looks like JSON, and not like a page.
fn is_json(answer: &Answer) -> bool {
    let body = answer.body.trim_ascii_start();
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    matches!(body.first(), Some(b'{' | b'['))
}

/// An answer by its status and its media type.
fn in_words(answer: &Answer) -> String {
    let label = answer.header("content-type").map(String::from_utf8_lossy);
    match (is_json(answer), label) {
        (true, _) => format!("{} with json", answer.status),
        (false, Some(label)) => format!("{} with a page ({label})", answer.status),
        (false, None) => format!("{} without json", answer.status),
    }
}

fn outcome_in_words(exchange: &Exchange) -> String {
    match &exchange.outcome {
        Ok(answer) if matches!(answer.status, 429 | 503) => {
            format!("the target is busy: it answers {}", answer.status)
        }
        Ok(answer) => in_words(answer),
        Err(fault) => fault.to_string(),
    }
}

/// How long the answer asks to be left alone: RFC 9110 section 10.2.3.
fn retry_after(answer: &Answer, now: SystemTime) -> Option<Duration> {
    let text = |name| {
        let value = answer.header(name)?;
        Some(std::str::from_utf8(value).ok()?.trim())
    };
    let value = text("retry-after")?;
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = httpdate::parse_http_date(value).ok()?;
    // By the target's own clock, where it tells.
    let told = text("date").and_then(|date| httpdate::parse_http_date(date).ok());
    let now = told.unwrap_or(now);
    Some(moment.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use tokio::time::Instant;

    use super::*;
    use crate::client::scripted::{Reply, Scripted};
    use crate::client::secret::Secrets;
    use crate::client::transport::Settings;

    const OUTAGE: Duration = Duration::from_millis(400);

    /// A server, and a client to which it answered a plain request.
    async fn known(replies: Vec<Reply>) -> (Scripted, Client) {
        let mut all = vec![good()];
        all.extend(replies);
        let server = Scripted::serve(all).await;
        let settings = Settings {
            outage: OUTAGE,
            ..server.settings()
        };
        let client = Client::new(settings, Secrets::new()).expect("good settings");
        client.learn_plain().await;
        (server, client)
    }

    async fn asked(replies: Vec<Reply>, patience: Patience) -> (Option<u16>, Reading, u64) {
        let (_server, client) = known(replies).await;
        let mut request = Request::new(Method::Post, "/asked");
        // What is dropped on a kept connection is sent again without further ado.
        request.alone = true;
        let asked = client
            .send_patiently(client.origin(), &request, patience)
            .await;
        let status = asked.exchange.answer().map(|answer| answer.status);
        (status, asked.reading, asked.sent)
    }

    fn good() -> Reply {
        Reply::keep(200, "", "{}")
    }

    fn busy(status: u16) -> Reply {
        Reply::keep(status, "", "busy")
    }

    fn drop() -> Reply {
        Reply::close("")
    }

    #[tokio::test]
    async fn a_busy_target_is_asked_again_when_it_said() {
        let begun = Instant::now();
        let (server, client) =
            known(vec![Reply::keep(429, "Retry-After: 1\r\n", ""), good()]).await;
        let settings = Settings {
            outage: Duration::from_secs(2),
            ..server.settings()
        };
        let patient = Client::new(settings, Secrets::new()).expect("good settings");
        let request = Request::new(Method::Post, "/asked");
        let asked = patient
            .send_patiently(client.origin(), &request, Patience::Update)
            .await;
        assert_eq!(
            asked.exchange.answer().map(|answer| answer.status),
            Some(200)
        );
        assert_eq!((asked.reading, asked.sent), (Reading::Own, 2));
        assert!(begun.elapsed() >= Duration::from_secs(1));
        assert!(patient.notes()[0].contains("1 times that it is busy"));
    }

    #[tokio::test]
    async fn a_login_that_is_answered_503_with_json_is_answered() {
        let json = || Reply::keep(503, "", "{\"alternateHostList\":[]}");
        let (status, reading, sent) = asked(vec![json()], Patience::Login).await;
        assert_eq!((status, reading, sent), (Some(503), Reading::Own, 1));
        let (status, _, sent) = asked(vec![busy(503), good()], Patience::Login).await;
        assert_eq!((status, sent), (Some(200), 2));
        let (status, ..) = asked(vec![json(), good()], Patience::Update).await;
        assert_eq!(status, Some(200));
    }

    #[tokio::test]
    async fn a_target_that_stays_busy_is_the_end_and_says_so() {
        let (_, reading, _) = asked(vec![busy(503); 100], Patience::Update).await;
        let Reading::Gone(why) = reading else {
            panic!("{reading:?}");
        };
        for part in [
            "answered everything 503",
            "`limits.outage_ms`",
            "from request 2 on",
            "last good answer was 200 to request 1",
        ] {
            assert!(why.contains(part), "{part}: {why}");
        }
    }

    #[tokio::test]
    async fn a_longer_retry_after_ends_the_run_at_once() {
        let begun = Instant::now();
        let late = Reply::keep(429, "Retry-After: 3600\r\n", "");
        let (_, reading, _) = asked(vec![late; 9], Patience::Question).await;
        let Reading::Gone(why) = reading else {
            panic!("{reading:?}");
        };
        for part in [
            "3600 s",
            "`limits.outage_ms`",
            "`limits.requests_per_second`",
        ] {
            assert!(why.contains(part), "{part}: {why}");
        }
        assert!(begun.elapsed() < OUTAGE);
    }

    #[tokio::test]
    async fn what_is_refused_while_others_are_answered_is_judged() {
        for late in ["", "Retry-After: 3600\r\n"] {
            let mut replies = vec![Reply::keep(429, late, ""); if late.is_empty() { 4 } else { 1 }];
            replies.extend((0..4).flat_map(|_| match late {
                "" => [busy(429), good()],
                _ => [good(), busy(429)],
            }));
            let (status, reading, _) = asked(replies, Patience::Update).await;
            assert_eq!((status, reading), (Some(429), Reading::Own), "{late}");
        }
    }

    #[tokio::test]
    async fn a_dropped_update_is_judged_where_others_are_answered() {
        let (status, reading, sent) = asked(vec![drop(), good()], Patience::Update).await;
        assert_eq!((status, reading, sent), (None, Reading::Own, 2));
        let (status, reading, _) =
            asked(vec![drop(), drop(), drop(), good()], Patience::Update).await;
        assert_eq!(status, None);
        assert!(matches!(reading, Reading::TakenAway(_)), "{reading:?}");
        let (_, reading, _) = asked(vec![drop(); 200], Patience::Update).await;
        let Reading::Gone(why) = reading else {
            panic!("{reading:?}");
        };
        assert!(why.starts_with("the target stopped answering: "), "{why}");
    }

    #[tokio::test]
    async fn what_only_asks_is_asked_again() {
        for replies in [
            vec![drop(), good()],
            vec![drop(), drop(), good()],
            vec![Reply::keep(502, "", "<html>"), good()],
            vec![
                Reply::close("HTTP/1.1 200 X\r\nContent-Length: 9\r\n\r\nab"),
                good(),
            ],
        ] {
            let (status, reading, _) = asked(replies, Patience::Question).await;
            assert_eq!((status, reading), (Some(200), Reading::Own));
        }
    }

    #[tokio::test]
    async fn what_takes_the_target_away_again_is_judged() {
        let request = Request::new(Method::Post, "/asked");
        let replies = vec![drop(), drop(), good()];
        let (_server, client) = known(replies).await;
        let asked = client
            .send_alone(client.origin(), &request, Patience::Update)
            .await;
        assert_eq!(asked.exchange.outcome, Err(Fault::Dropped));
        assert_eq!(asked.reading, Reading::Own);
        let (_server, client) = known(vec![good()]).await;
        let asked = client
            .send_alone(client.origin(), &request, Patience::Update)
            .await;
        assert!(matches!(asked.reading, Reading::Passing(_)));
    }

    #[tokio::test]
    async fn one_answer_to_everything_is_the_end() {
        let ban = Reply::keep(403, "Content-Type: text/html\r\n", "<html>");
        let (_server, client) = known(vec![ban; 200]).await;
        let gone = client.is_gone().await.expect("it is");
        assert!(gone.contains("only one answer any more"), "{gone}");
        assert!(gone.contains("403 with a page (text/html)"), "{gone}");
        let (_server, client) = known(vec![busy(503), busy(503), good()]).await;
        assert_eq!(client.is_gone().await, None);
    }

    #[test]
    fn seconds_and_dates_are_understood() {
        let now = httpdate::parse_http_date("Thu, 26 Nov 2026 17:00:00 GMT").expect("a date");
        for (value, date, expected) in [
            ("7", None, Some(7)),
            ("Thu, 26 Nov 2026 17:00:05 GMT", None, Some(5)),
            ("Thu, 26 Nov 2026 16:00:05 GMT", None, Some(0)),
            (
                "Thu, 26 Nov 2026 16:00:05 GMT",
                Some("Thu, 26 Nov 2026 16:00:00 GMT"),
                Some(5),
            ),
            ("soon", None, None),
            ("-1", None, None),
        ] {
            let mut headers = vec![("Retry-After".to_owned(), value.into())];
            headers.extend(date.map(|date| ("Date".to_owned(), date.into())));
            let answer = Answer {
                status: 429,
                headers,
                body: Bytes::new(),
            };
            let seconds = retry_after(&answer, now).map(|pause| pause.as_secs());
            assert_eq!(seconds, expected, "{value}");
        }
    }
}
