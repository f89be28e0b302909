//! What is known of a target from its answers: the last good one, how it answers
//! when all is well, what was waited for, and whether it is gone.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::is_json;
use crate::client::exchange::{Answer, Request};

/// What is known of a target.
#[derive(Debug, Default)]
pub(in crate::client) struct Seen(Mutex<Facts>);

#[derive(Debug, Default)]
struct Facts {
    /// It answered at all.
    ever: bool,
    /// The last good answer: its status, the request it was to, and when.
    good: Option<(u16, u64, Duration)>,
    /// What a plain request is answered when all is well: the status, and whether
    /// it is JSON.
    usual: Option<(u16, bool)>,
    /// Why the run is at its end.
    gone: Option<String>,
    /// How many requests it refused for themselves with what says busy, or dropped
    /// each time.
    refusing: u32,
    busy: u64,
    local: u64,
    away: (u64, Duration),
    /// By their status.
    pages: BTreeMap<u16, PagesSeen>,
}

/// Pages with a 5xx that came now and then in place of answers to requests around the
/// cases; sent again, these were answered at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagesSeen {
    /// How many.
    pub answers: u64,
    /// The first request that met one, in a few words.
    pub first: String,
    /// How often one came when none had come for a while, and when the last did.
    times: u32,
    last: Duration,
}

/// Pages that come sooner after another are of one outage.
const APART: Duration = Duration::from_millis(50);

/// A target that was away so often is away now and then.
const NOW_AND_THEN: u32 = 3;

/// Shorter than this, nobody was away.
const NOTICED: Duration = Duration::from_millis(100);

impl Seen {
    /// Takes in an answer, the number of its request in the run, and when it came.
    pub(super) fn answered(&self, answer: &Answer, number: u64, at: Duration) {
        let is_good =
            (200..300).contains(&answer.status) && (answer.body.is_empty() || is_json(answer));
        let mut facts = self.facts();
        facts.ever = true;
        if is_good {
            facts.good = Some((answer.status, number, at));
        }
    }

    pub(super) fn ever_answered(&self) -> bool {
        self.facts().ever
    }

    /// The last good answer, as the end of a sentence.
    pub(super) fn last_good(&self) -> String {
        match self.facts().good {
            Some((status, number, at)) => format!(
                "; the last good answer was {status} to request {number}, {:.1} s after the first",
                at.as_secs_f64()
            ),
            None => String::new(),
        }
    }

    pub(super) fn usual(&self) -> Option<(u16, bool)> {
        self.facts().usual
    }

    pub(super) fn learn_usual(&self, usual: (u16, bool)) {
        self.facts().usual = Some(usual);
    }

    pub(super) fn gone(&self) -> Option<String> {
        self.facts().gone.clone()
    }

    /// The first reason stands.
    pub(super) fn is_gone(&self, gone: &str) {
        self.facts().gone.get_or_insert_with(|| gone.to_owned());
    }

    pub(super) fn refusing(&self) -> u32 {
        self.facts().refusing
    }

    pub(super) fn refuses(&self) {
        self.facts().refusing += 1;
    }

    pub(super) fn was_busy(&self, times: u64) {
        self.facts().busy += times;
    }

    pub(super) fn local(&self) {
        self.facts().local += 1;
    }

    /// The target was away for so long, and is back.
    pub(super) fn was_away(&self, took: Duration) {
        if took >= NOTICED {
            let mut facts = self.facts();
            facts.away = (facts.away.0 + 1, facts.away.1.max(took));
        }
    }

    /// Notes a page that came in place of an answer, where the answer came next.
    pub(super) fn page(&self, status: u16, request: &Request, now: Duration) {
        let mut facts = self.facts();
        let pages = facts.pages.entry(status).or_insert_with(|| PagesSeen {
            answers: 0,
            first: request.line(),
            times: 0,
            last: Duration::ZERO,
        });
        pages.answers += 1;
        if pages.times == 0 || now.saturating_sub(pages.last) > APART {
            pages.times += 1;
        }
        pages.last = now;
    }

    /// Pages that came now and then.
    pub(super) fn pages(&self) -> BTreeMap<u16, PagesSeen> {
        let mut pages = self.facts().pages.clone();
        pages.retain(|_, pages| pages.times >= NOW_AND_THEN);
        pages
    }

    /// What was waited for so far, in words; `lowest` is the rate that was taken up
    /// where a higher one was refused.
    pub(super) fn notes(&self, lowest: Option<u64>) -> Vec<String> {
        let facts = self.facts();
        let mut notes = Vec::new();
        if facts.busy > 0 {
            notes.push(format!(
                "the target said {} times that it is busy (429 or 503); what it answered when the request was sent again is what was judged",
                facts.busy
            ));
        }
        if let Some(lowest) = lowest {
            notes.push(format!(
                "the target refused requests that came faster: the run slowed down, to {lowest} a second at the least (limits.requests_per_second sets a rate)"
            ));
        }
        if facts.away.0 > 0 {
            notes.push(format!(
                "the target was away or busy, {} requests waited for it, up to {} ms (limits.outage_ms); what was under way was sent again",
                facts.away.0,
                facts.away.1.as_millis()
            ));
        }
        if facts.local > 0 {
            notes.push(format!(
                "this machine had no port, descriptor or route left for a connection {} times; that was waited for",
                facts.local
            ));
        }
        notes
    }

    fn facts(&self) -> MutexGuard<'_, Facts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
