//! What a front remembers: how far the run is, what was issued, what is owed.

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use regex::bytes::Regex;

use super::act::{Moment, Often};
use super::message::{Asked, Reply};

/// What a front remembers.
#[derive(Debug)]
pub(crate) struct Memory {
    /// How many requests came, of any kind.
    pub(crate) requests: u64,
    /// How many of them the behaviour was about, since it is on.
    pub(crate) met: u64,
    /// How often it was done.
    pub(crate) done: u64,
    /// Since when the behaviour is on.
    pub(crate) since: Option<Instant>,
    /// Every token, cookie and password that the client ever had.
    pub(crate) secrets: BTreeSet<String>,
    /// The token that was issued last.
    pub(crate) last_token: String,
    /// The cookie that was issued last.
    pub(crate) last_cookie: String,
    /// Live sessions.
    pub(crate) sessions: BTreeSet<String>,
    /// When the tokens of a rate limit were counted last, and how many there
    /// are.
    pub(crate) bucket: Option<(Instant, f64)>,
    /// What changes from answer to answer.
    random: u64,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            requests: 0,
            met: 0,
            done: 0,
            since: None,
            secrets: BTreeSet::new(),
            last_token: String::new(),
            last_cookie: String::new(),
            sessions: BTreeSet::new(),
            bucket: None,
            random: 0x9e37_79b9_7f4a_7c15,
        }
    }
}

impl Memory {
    /// Whether the behaviour is on; `middle` is the number of the request that
    /// turns it on.
    pub(crate) fn is_on(&mut self, moment: Moment, middle: u64) -> bool {
        if self.since.is_none() {
            let on = match moment {
                Moment::Start => true,
                // The answer to the first login turns it on.
                Moment::Login => false,
                Moment::Middle => self.requests >= middle,
            };
            self.since = on.then(Instant::now);
        }
        self.since.is_some()
    }

    /// Whether it is done this time.
    pub(crate) fn is_due(&mut self, often: Often) -> bool {
        self.met += 1;
        let since = self.since.map(|since| since.elapsed()).unwrap_or_default();
        let due = match often {
            Often::Always => true,
            Often::Every(n) => self.met.is_multiple_of(n),
            Often::Times(n) => self.met <= n,
            Often::For(time) => since < time,
        };
        self.done += u64::from(due);
        due
    }

    /// A number that is never the same.
    pub(crate) const fn random(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random
    }

    /// Random bytes.
    pub(crate) fn noise(&mut self, length: usize) -> Vec<u8> {
        let mut noise = Vec::with_capacity(length + 8);
        while noise.len() < length {
            noise.extend_from_slice(&self.random().to_le_bytes());
        }
        noise.truncate(length);
        noise
    }

    /// Whether a rate limit lets a request through: so many a second, and so
    /// many at once.
    pub(crate) fn allows(&mut self, per_second: f64, at_once: f64) -> bool {
        let now = Instant::now();
        let (then, left) = self.bucket.unwrap_or((now, at_once));
        let gained = now.duration_since(then).as_secs_f64() * per_second;
        let left = (left + gained).min(at_once);
        let allows = left >= 1.0;
        self.bucket = Some((now, if allows { left - 1.0 } else { left }));
        allows
    }

    /// Learns what an answer issues, from its bytes, before the client has it.
    pub(crate) fn learn(&mut self, bytes: &[u8]) {
        static ISSUED: LazyLock<Regex> = LazyLock::new(|| {
            let pattern = r#"(?i-u)"csrfToken": *"([^"]+)"|ININ-ICWS-CSRF-Token: *([^\r\n]+)|set-cookie: *icws_[^=]+=([^;\r\n]+)"#;
            Regex::new(pattern).expect("a regex")
        });
        // Only a head and the beginning of a body can hold them.
        let bytes = &bytes[..bytes.len().min(4 * 1024 * 1024)];
        for captures in ISSUED.captures_iter(bytes) {
            for (place, is_cookie) in [(1, false), (2, false), (3, true)] {
                let Some(issued) = captures.get(place) else {
                    continue;
                };
                let issued = String::from_utf8_lossy(issued.as_bytes()).into_owned();
                let last = if is_cookie {
                    &mut self.last_cookie
                } else {
                    &mut self.last_token
                };
                last.clone_from(&issued);
                self.secrets.insert(issued);
            }
        }
    }

    /// Counts sessions: opened by a 201, over by a DELETE.
    pub(crate) fn count(&mut self, asked: &Asked, reply: &Reply) {
        if asked.is_login() && reply.status == 201 {
            let id = reply.header("ININ-ICWS-Session-ID").unwrap_or_default();
            let id = String::from_utf8_lossy(id).into_owned();
            self.sessions.insert(id);
        }
        if asked.is_connection("DELETE") && (200..300).contains(&reply.status) {
            self.sessions.remove(asked.session().unwrap_or_default());
        }
    }

    /// The first login was answered.
    pub(crate) fn log_in(&mut self, moment: Moment) {
        if moment == Moment::Login && self.since.is_none() {
            self.since = Some(Instant::now());
        }
    }
}

/// So many milliseconds.
pub(crate) const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}
