//! Late or lost: a read-back that does not show yet what was accepted is looked
//! at again, for two seconds at most. What is there then came late, which is told
//! once for the run; from then on nobody looks before that time is over, so that
//! nothing late is blamed on a later case. What is not there is lost.
//!
//! | read-backs so far        | one that misses something                    |
//! |--------------------------|----------------------------------------------|
//! | as they should be        | is waited for, twice in vain at most          |
//! | late once                | come later; is waited for all the same        |
//! | never there in two waits | is lost at once                              |

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

use super::fire::listed_ids;
use super::read_back::ReadBack;
use super::stage::Stage;
use super::trouble::Trouble;
use crate::client::{Answer, Exchange};
use crate::generate::Reader;
use crate::generate::mailbox::{Names, Shape};
use crate::generate::update::adding;

/// How long is waited before each further look, in milliseconds: two seconds in
/// all.
const PAUSES_MS: [u64; 13] = [20, 25, 35, 45, 60, 75, 95, 125, 165, 215, 280, 360, 480];

/// How often is waited in vain where no read-back was ever late.
const WAITS_MAX: u32 = 2;

/// The same, where read-backs are late.
const WAITS_MAX_LATE: u32 = 20;

/// How often a run tries whether read-backs are late, where what it sees has no
/// better reason.
const PROBES_MAX: u32 = 2;

/// The tag of the mailbox that is added for that.
const TAG: u16 = 0xfffb;

/// How many characters of a cache's header are told.
const CACHE_MAX: usize = 60;

/// How late read-backs are.
#[derive(Debug, Default)]
pub struct Lag {
    state: Mutex<State>,
    /// Held by whoever waits while nobody knows yet.
    turn: tokio::sync::Mutex<()>,
    /// The requests that were sent to find it out.
    requests: AtomicU64,
}

#[derive(Debug, Default)]
struct State {
    late: Option<Late>,
    /// What an earlier run wrote down.
    expected: Duration,
    waits: u32,
    probes: u32,
    /// When an update was last sent to a workgroup.
    sent: HashMap<String, Instant>,
    cache: Option<String>,
}

/// Read-backs that were late.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Late {
    /// The longest time from an update to the read-back that showed it.
    pub(super) longest: Duration,
    /// The workgroup that was late first.
    pub(super) workgroup: String,
    /// What a cache in front said of itself, where one did.
    pub(super) cache: Option<String>,
}

impl Lag {
    /// Notes that an update is about to be sent.
    pub(super) fn sent(&self, workgroup: &str) {
        let now = Instant::now();
        self.state().sent.insert(workgroup.to_owned(), now);
    }

    /// Notes what a cache says of itself in the answer to a read-back.
    pub(super) fn saw(&self, answer: &Answer) {
        let Some(told) = cache_of(answer) else {
            return;
        };
        let mut state = self.state();
        if told.is_hit || state.cache.is_none() {
            state.cache = Some(told.text);
        }
    }

    /// Takes up what an earlier run wrote down: it only makes looks come later.
    pub(super) fn expect(&self, late_ms: u64) {
        let expected = Duration::from_millis(late_ms.min(PAUSES_MS.iter().sum()));
        let mut state = self.state();
        state.expected = state.expected.max(expected);
    }

    /// How long after an update the next look comes, where read-backs are late.
    pub(super) fn settling(&self) -> Option<Duration> {
        let state = self.state();
        let longest = state
            .late
            .as_ref()
            .map_or(Duration::ZERO, |late| late.longest);
        let longest = longest.max(state.expected);
        (longest > Duration::ZERO).then(|| longest + longest / 4 + Duration::from_millis(30))
    }

    /// What was late, if anything was.
    pub(super) fn late(&self) -> Option<Late> {
        let state = self.state();
        let mut late = state.late.clone()?;
        late.cache.clone_from(&state.cache);
        Some(late)
    }

    /// The requests that were sent to find it out.
    pub(super) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// When the next look at a workgroup may come.
    fn due(&self, workgroup: &str) -> Option<Instant> {
        let settling = self.settling()?;
        let sent = self.state().sent.get(workgroup).copied()?;
        Some(sent + settling)
    }

    /// Whether it is worth waiting once more.
    fn may_wait(&self) -> bool {
        let state = self.state();
        let most = match &state.late {
            Some(_) => WAITS_MAX_LATE,
            None => WAITS_MAX,
        };
        state.waits < most
    }

    fn in_vain(&self) {
        self.state().waits += 1;
    }

    /// Notes that a workgroup shows only now what was sent to it.
    fn came(&self, workgroup: &str) -> Duration {
        let sent = self.state().sent.get(workgroup).copied();
        self.took(
            workgroup,
            sent.map_or(Duration::ZERO, |sent| sent.elapsed()),
        )
    }

    /// Notes how long it took until a workgroup showed what was sent to it; answers
    /// the longest such time.
    fn took(&self, workgroup: &str, took: Duration) -> Duration {
        let took = took.max(Duration::from_millis(PAUSES_MS[0]));
        let mut state = self.state();
        let late = state.late.get_or_insert_with(|| Late {
            longest: took,
            workgroup: workgroup.to_owned(),
            cache: None,
        });
        late.longest = late.longest.max(took);
        late.longest
    }

    /// Takes one of the probes that a run has.
    fn take_probe(&self) -> bool {
        let mut state = self.state();
        state.probes += 1;
        state.late.is_none() && state.probes <= PROBES_MAX
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stage {
    /// Waits until nothing that was sent to a workgroup can still be late.
    pub(super) async fn await_look(&self, workgroup: &str) {
        if let Some(due) = self.lag.due(workgroup) {
            sleep_until(due).await;
        }
    }

    /// Reads a workgroup back, and again for as long as something is missing that
    /// may be late.
    pub(super) async fn read_until(
        &self,
        reader: Reader,
        workgroup: &str,
        requests: &mut u64,
        is_there: impl Fn(&ReadBack) -> bool,
    ) -> Result<ReadBack, Trouble> {
        let mut read = self.look_by(reader, workgroup, requests).await?;
        if is_there(&read) || !self.lag.may_wait() {
            return Ok(read);
        }
        // Whoever comes later learns from the first.
        let _turn = self.lag.turn.lock().await;
        if !self.lag.may_wait() {
            return Ok(read);
        }
        // Which case waits is a matter of chance: it is not counted as the case's.
        let mut requests = 0;
        for pause in PAUSES_MS {
            sleep(Duration::from_millis(pause)).await;
            let again = self.look_by(reader, workgroup, &mut requests).await;
            self.lag.requests.fetch_add(requests, Ordering::Relaxed);
            (read, requests) = (again?, 0);
            if is_there(&read) {
                let longest = self.lag.came(workgroup);
                let longest = u64::try_from(longest.as_millis()).unwrap_or(u64::MAX);
                self.leases.late(longest);
                return Ok(read);
            }
        }
        self.lag.in_vain();
        Ok(read)
    }

    /// Tries whether read-backs are late, where that was not known before: a
    /// mailbox is added, and removed again.
    pub(super) async fn turns_out_late(&self, workgroup: &str) -> bool {
        if !self.read_back || !self.lag.take_probe() {
            return false;
        }
        let mut requests = 0;
        // What cannot be tried is not late.
        let tried = self.try_whether_late(workgroup, &mut requests).await;
        self.lag.requests.fetch_add(requests, Ordering::Relaxed);
        tried.is_ok() && self.lag.late().is_some()
    }

    async fn try_whether_late(&self, workgroup: &str, requests: &mut u64) -> Result<(), Trouble> {
        let probe = Shape::plain(&self.fixtures).named(&Names::new(TAG), 0);
        let address = probe.email_address.value().cloned();
        let is_it = |read: &ReadBack| {
            let mut stored = read.stored.iter();
            stored.any(|object| object.text("emailAddress") == address.as_deref())
        };
        let added = self
            .update(workgroup, &adding(std::slice::from_ref(&probe)), requests)
            .await?;
        if !is_accepted(&added) {
            return Ok(());
        }
        let read = self
            .read_until(Reader::Same, workgroup, requests, is_it)
            .await?;
        let mut ids = listed_ids(&added);
        ids.extend(probe.id().map(str::to_owned));
        let stored = read.stored.iter();
        let found = stored.filter(|object| ids.contains(&object.id));
        let ids: Vec<String> = found.map(|object| object.id.clone()).collect();
        if !ids.is_empty() {
            self.remove(workgroup, &ids, requests).await?;
            self.read_until(Reader::Same, workgroup, requests, |read| !is_it(read))
                .await?;
        }
        Ok(())
    }
}

fn is_accepted(exchange: &Exchange) -> bool {
    exchange.answer().is_some_and(|answer| answer.status == 200)
}

/// What a cache says of itself.
struct CacheHeader {
    text: String,
    /// It says that the answer came from it.
    is_hit: bool,
}

fn cache_of(answer: &Answer) -> Option<CacheHeader> {
    let header = |name: &str| {
        let value = String::from_utf8_lossy(answer.header(name)?).into_owned();
        let value: String = value.trim().chars().take(CACHE_MAX).collect();
        Some(value)
    };
    let told = |name: &str, value: &str, is_hit| CacheHeader {
        text: format!("{name}: {value}"),
        is_hit,
    };
    if let Some(value) = header("X-Cache") {
        let is_hit = value.to_ascii_lowercase().contains("hit");
        return Some(told("X-Cache", &value, is_hit));
    }
    let age = header("Age")?;
    let is_hit = age.parse::<u64>().is_ok_and(|seconds| seconds > 0);
    Some(told("Age", &age, is_hit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_seconds_are_waited_in_all() {
        let all: u64 = PAUSES_MS.iter().sum();
        assert!((1900..=2000).contains(&all), "{all}");
    }

    #[test]
    fn what_came_late_once_makes_later_looks_come_later() {
        let lag = Lag::default();
        assert_eq!((lag.settling(), lag.late()), (None, None));
        lag.expect(100);
        assert_eq!(lag.settling(), Some(Duration::from_millis(155)));
        assert_eq!(lag.late(), None);
        lag.sent("Sales");
        lag.took("Sales", Duration::from_millis(200));
        lag.took("Support", Duration::from_millis(50));
        assert_eq!(lag.settling(), Some(Duration::from_millis(280)));
        let late = lag.late().expect("late");
        assert_eq!((late.workgroup.as_str(), late.cache), ("Sales", None));
        assert!(!lag.take_probe(), "it is known");
        assert!(lag.due("Sales").is_some() && lag.due("Support").is_none());
    }

    #[test]
    fn what_is_never_there_is_not_waited_for_for_ever() {
        let lag = Lag::default();
        for _ in 0..WAITS_MAX {
            assert!(lag.may_wait());
            lag.in_vain();
        }
        assert!(!lag.may_wait());
        assert!(lag.take_probe() && lag.take_probe() && !lag.take_probe());
    }

    #[test]
    fn a_cache_tells_itself() {
        let told = |headers: &[(&str, &str)]| {
            let headers = headers.iter();
            let headers =
                headers.map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()));
            let answer = Answer {
                status: 200,
                headers: headers.collect(),
                body: bytes::Bytes::new(),
            };
            cache_of(&answer).map(|told| (told.text, told.is_hit))
        };
        assert_eq!(told(&[]), None);
        assert_eq!(told(&[("age", "0")]), Some(("Age: 0".to_owned(), false)));
        assert_eq!(told(&[("age", "1")]), Some(("Age: 1".to_owned(), true)));
        let both = told(&[("age", "1"), ("x-cache", "HIT from edge")]);
        assert_eq!(both, Some(("X-Cache: HIT from edge".to_owned(), true)));
    }
}
