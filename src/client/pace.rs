//! The rate at which requests start: evenly, never in bursts, and no faster than the
//! target answers.
//!
//! | what is seen                          | the rate                             |
//! |---------------------------------------|--------------------------------------|
//! | one in ten is refused (429 or 503)    | half of what was answered until then |
//! | one in ten again, but fewer           | less than what was answered since    |
//! | as many again, twice                  | none: what is refused is not a rate  |
//! | fewer than that                       | stays: they are sent again           |
//! | a refusal that asks to wait, again    | a little less than was answered      |
//! |                                       | between the two, the wait included   |
//! | all of them                           | stays: the target is busy for all    |
//! | no refusal for a while                | grows, up to just below the refused  |
//! | none for long                         | grows beyond                         |

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Over how long answers are counted, to know their rate.
const WINDOW: Duration = Duration::from_millis(200);

/// So many answers must come before refusals tell something of the rate.
const TELLING: u32 = 8;

/// So many requests must be answered or refused before their share is one.
const SHARE_OF: u32 = 40;

/// So often in a row a slower rate may leave the share of refusals as it was.
const FUTILE: u32 = 2;

/// For so long no rate is learnt after slower ones were of no use.
const GIVEN_UP: Duration = Duration::from_secs(10);

/// One refusal among so many requests is not too many.
const ONE_IN: u32 = 10;

/// Over how many requests refusals are counted.
const COUNTED: u32 = 200;

/// After so long without a refusal, the rate grows by a quarter.
const CALM: Duration = Duration::from_millis(500);

/// After so long, beyond the rate that was refused.
const VERY_CALM: Duration = Duration::from_secs(5);

/// The slowest rate that is learnt, in requests a second.
const SLOWEST: f64 = 5.0;

/// How much faster than any rate that was refused there is no limit any more.
const FREE: f64 = 8.0;

/// Gives every request its moment to start.
#[derive(Debug)]
pub(super) struct Pace(Mutex<State>);

#[derive(Debug)]
struct State {
    /// Between two starts, as the profile wants it; zero for no limit.
    wanted: Duration,
    /// Between two starts, as the target takes it; zero for no limit.
    learnt: Duration,
    /// The first moment that nobody has taken yet.
    free: Instant,
    /// When the answers began to be counted, and how many there were.
    window: (Instant, u32),
    /// How many there were a second in the window before.
    rate: f64,
    /// When the rate last fell.
    fell: Option<Instant>,
    /// The share of refusals for which it fell, and how often in a row that share
    /// stayed as it was.
    share: f64,
    futile: u32,
    /// When slower rates were found to be of no use.
    given_up: Option<Instant>,
    /// How many answers and refusals there were of late.
    of_late: (u32, u32),
    /// When the target last asked to be left alone for a while, and how many answers
    /// there were since.
    asked: Option<(Instant, u32)>,
    /// When the last refusal came, or the rate last grew.
    calm: Instant,
    /// When the last refusal came.
    last: Instant,
    /// The rate that was refused last.
    refused: f64,
    /// The lowest rate that was taken up since there was no limit.
    series: Option<f64>,
    /// The lowest that was of use.
    lowest: Option<f64>,
}

impl Pace {
    /// At most that many starts a second; 0 for no limit.
    pub(super) fn new(per_second: u32) -> Self {
        let now = Instant::now();
        Self(Mutex::new(State {
            wanted: Duration::from_secs(1)
                .checked_div(per_second)
                .unwrap_or_default(),
            learnt: Duration::ZERO,
            free: now,
            window: (now, 0),
            rate: 0.0,
            fell: None,
            share: 0.0,
            futile: 0,
            given_up: None,
            of_late: (0, 0),
            asked: None,
            calm: now,
            last: now,
            refused: 0.0,
            series: None,
            lowest: None,
        }))
    }

    /// Waits for the next free moment.
    pub(super) async fn wait(&self) {
        let now = Instant::now();
        let moment = self.take(now);
        if moment > now {
            sleep_until(moment).await;
        }
    }

    /// Takes the next free moment without waiting for it.
    fn take(&self, now: Instant) -> Instant {
        let mut state = self.lock();
        let moment = now.max(state.free);
        state.free = moment + state.wanted.max(state.learnt);
        moment
    }

    /// Notes that a request was answered.
    pub(super) fn answered(&self, now: Instant) {
        let mut state = self.lock();
        state.window.1 += 1;
        let counted = now - state.window.0;
        if counted >= WINDOW {
            state.rate = f64::from(state.window.1) / counted.as_secs_f64();
            state.window = (now, 0);
        }
        state.of_late.0 += 1;
        if let Some((_, answered)) = &mut state.asked {
            *answered += 1;
        }
        if state.of_late.0 + state.of_late.1 > COUNTED {
            state.of_late = (state.of_late.0 / 2, state.of_late.1 / 2);
        }
        if state.learnt.is_zero() || now - state.calm < CALM {
            return;
        }
        state.calm = now;
        // At a slow rate that time alone says nothing.
        if state.of_late.1 == 0 && state.of_late.0 >= SHARE_OF {
            state.settle();
        }
        let faster = 1.25 / state.learnt.as_secs_f64();
        if faster > state.refused * FREE {
            state.learnt = Duration::ZERO;
        } else if faster < state.refused * 0.9 || now - state.last > VERY_CALM {
            state.learnt = Duration::from_secs_f64(1.0 / faster);
        }
    }

    /// Notes that a request which was sent then was refused, because there were too
    /// many.
    pub(super) fn refused(&self, sent: Instant, now: Instant) {
        let mut state = self.lock();
        // What was on its way when the rate fell says nothing of the new one.
        let late = state.fell.is_some_and(|fell| sent <= fell);
        (state.calm, state.last) = (now, now);
        if late {
            return;
        }
        if state.given_up.is_some_and(|since| now - since < GIVEN_UP) {
            return;
        }
        state.of_late.1 += 1;
        let (answered, refused) = state.of_late;
        let all = answered + refused;
        if answered < TELLING || all < SHARE_OF || refused * ONE_IN <= all {
            return;
        }
        state.of_late = (0, 0);
        let share = f64::from(refused) / f64::from(all);
        if state.learnt.is_zero() {
            state.futile = 0;
            state.refused = state.rate_of_late(now);
            let half = state.refused / 2.0;
            state.slow_down(half, share, now);
            return;
        }
        state.futile = if share > state.share * 0.7 {
            state.futile + 1
        } else {
            0
        };
        if state.futile >= FUTILE {
            state.give_up(now);
            return;
        }
        state.refused = 1.0 / state.learnt.as_secs_f64();
        let taken = state.refused * (1.0 - share);
        let slower = (state.refused / 1.5).min(taken * 0.8);
        state.slow_down(slower, share, now);
    }

    /// Notes the same of one that was refused with the wish to be left alone for a
    /// while (`Retry-After`): each of these costs all others that while.
    pub(super) fn asked_to_wait(&self, sent: Instant, now: Instant) {
        let mut state = self.lock();
        (state.calm, state.last) = (now, now);
        if state.fell.is_some_and(|fell| sent <= fell) {
            return;
        }
        let before = state.asked.replace((now, 0));
        let Some((since, answered)) = before.filter(|(_, answered)| *answered >= TELLING) else {
            return;
        };
        state.refused = f64::from(answered) / (now - since).as_secs_f64();
        let slower = state.refused * 0.9;
        state.slow_down(slower, 1.0, now);
    }

    /// The slowest rate that was taken up because the target refused a faster one,
    /// in requests a second.
    pub(super) fn lowest(&self) -> Option<u64> {
        let state = self.lock();
        let lowest = [state.lowest, state.series].into_iter().flatten();
        lowest.map(|rate| rate.round() as u64).min()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// How many answers there are a second.
    fn rate_of_late(&self, now: Instant) -> f64 {
        let counted = (now - self.window.0).max(WINDOW / 4);
        let rate = f64::from(self.window.1) / counted.as_secs_f64();
        rate.max(self.rate)
    }

    /// Takes up that rate, in requests a second, because of that share of refusals.
    fn slow_down(&mut self, rate: f64, share: f64, now: Instant) {
        let rate = rate.max(SLOWEST);
        self.learnt = Duration::from_secs_f64(1.0 / rate);
        self.share = share;
        self.fell = Some(now);
        self.series = Some(self.series.map_or(rate, |lowest| lowest.min(rate)));
    }

    /// Goes back to no limit: as many are refused at any rate.
    fn give_up(&mut self, now: Instant) {
        self.learnt = Duration::ZERO;
        self.free = now;
        self.given_up = Some(now);
        self.series = None;
    }

    /// Notes that the rate of now is one that the target takes.
    fn settle(&mut self) {
        (self.share, self.futile) = (1.0, 0);
        if let Some(rate) = self.series.take() {
            self.lowest = Some(self.lowest.map_or(rate, |lowest| lowest.min(rate)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_are_even_and_idle_time_is_not_saved_up() {
        let pace = Pace::new(10);
        let now = Instant::now();
        let starts = |now| [(); 3].map(|()| (pace.take(now) - now).as_millis());
        assert_eq!(starts(now), [0, 100, 200]);
        assert_eq!(starts(now + Duration::from_secs(5)), [0, 100, 200]);
    }

    #[test]
    fn zero_means_no_limit() {
        let pace = Pace::new(0);
        let now = Instant::now();
        assert!((0..1000).all(|_| pace.take(now) == now));
    }

    /// A target that refuses whatever comes sooner than this after what it took.
    fn settled_rate(apart: Duration, requests: u32) -> (f64, u32) {
        let pace = Pace::new(0);
        let (mut now, mut refusals) = (Instant::now(), 0);
        let (mut taken, begun) = (None, now);
        let mut answered = 0;
        while answered < requests {
            // Half a millisecond to send anything.
            now = pace.take(now + Duration::from_micros(500));
            if taken.is_none_or(|taken| now - taken >= apart) {
                taken = Some(now);
                answered += 1;
                pace.answered(now);
            } else {
                refusals += 1;
                pace.refused(now, now);
            }
        }
        (f64::from(requests) / (now - begun).as_secs_f64(), refusals)
    }

    #[test]
    fn a_rate_that_is_refused_is_learnt() {
        let (rate, refusals) = settled_rate(Duration::from_millis(2), 5_000);
        assert!((150.0..=500.0).contains(&rate), "{rate}");
        assert!(refusals < 1_000, "{refusals}");
        let (rate, refusals) = settled_rate(Duration::ZERO, 5_000);
        assert!(rate > 1_900.0 && refusals == 0, "{rate} {refusals}");
    }

    #[test]
    fn refusals_that_no_rate_explains_slow_nothing_down() {
        for one_in in [3, 5, 8] {
            let pace = Pace::new(0);
            let begun = Instant::now();
            let mut now = begun;
            for number in 0..20_000 {
                now = pace.take(now + Duration::from_micros(500));
                match number % one_in {
                    0 => pace.refused(now, now),
                    _ => pace.answered(now),
                }
            }
            assert!(now - begun < Duration::from_secs(12), "{:?}", now - begun);
            assert_eq!(pace.lowest(), None);
        }
    }

    #[test]
    fn a_slow_rate_behind_a_burst_is_learnt() {
        let pace = Pace::new(0);
        let (mut now, mut left, mut refusals) = (Instant::now(), 30.0_f64, 0);
        for _ in 0..400 {
            let next = pace.take(now + Duration::from_micros(500));
            left = (left + (next - now).as_secs_f64() * 20.0).min(30.0);
            now = next;
            if left < 1.0 {
                refusals += 1;
                pace.refused(now, now);
            } else {
                left -= 1.0;
                pace.answered(now);
            }
        }
        assert!(refusals < 200, "{refusals}");
        assert!(pace.lowest().is_some_and(|rate| rate <= 20));
    }

    #[test]
    fn a_target_that_asks_to_wait_is_asked_no_faster_than_it_takes() {
        let pace = Pace::new(0);
        let (mut now, mut left, mut waits) = (Instant::now(), 300.0_f64, 0);
        let begun = now;
        for _ in 0..5_000 {
            let next = pace.take(now + Duration::from_micros(200));
            left = (left + (next - now).as_secs_f64() * 300.0).min(300.0);
            now = next;
            if left < 1.0 {
                waits += 1;
                pace.asked_to_wait(now, now);
                now += Duration::from_secs(1);
                left = 300.0;
            } else {
                left -= 1.0;
                pace.answered(now);
            }
        }
        let rate = 5_000.0 / (now - begun).as_secs_f64();
        assert!(waits < 8 && rate > 150.0, "{waits} {rate}");
    }

    #[test]
    fn a_target_that_is_busy_for_all_is_not_slow_for_ever() {
        let pace = Pace::new(0);
        let mut now = Instant::now();
        for _ in 0..500 {
            now += Duration::from_millis(1);
            pace.answered(now);
        }
        for _ in 0..50 {
            now += Duration::from_millis(1);
            pace.refused(now, now);
        }
        let lowest = pace.lowest().expect("it fell once");
        assert!((400..=600).contains(&lowest), "{lowest}");
        for _ in 0..20_000 {
            now += Duration::from_millis(1);
            pace.answered(now);
        }
        assert_eq!(pace.take(now), pace.take(now));
    }
}
