//! The rate at which requests start: evenly, never in bursts.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Gives every request its moment to start.
#[derive(Debug)]
pub(super) struct Pace {
    /// Between two starts; zero for no limit.
    interval: Duration,
    /// The first moment that nobody has taken yet.
    free: Mutex<Instant>,
}

impl Pace {
    /// At most that many starts a second; 0 for no limit.
    pub(super) fn new(per_second: u32) -> Self {
        Self {
            interval: Duration::from_secs(1)
                .checked_div(per_second)
                .unwrap_or_default(),
            free: Mutex::new(Instant::now()),
        }
    }

    /// Waits for the next free moment.
    pub(super) async fn wait(&self) {
        let now = Instant::now();
        let moment = self.take(now);
        if moment > now {
            sleep_until(moment).await;
        }
    }

    /// Lets nothing start for that long.
    pub(super) fn hold(&self, pause: Duration) {
        let end = Instant::now() + pause;
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        *free = end.max(*free);
    }

    /// Takes the next free moment without waiting for it, so that a request
    /// that must go out at once delays the ones behind it.
    pub(super) fn take(&self, now: Instant) -> Instant {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let moment = now.max(*free);
        *free = moment + self.interval;
        moment
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
    fn nothing_starts_while_it_is_held() {
        for per_second in [0, 10] {
            let pace = Pace::new(per_second);
            let now = Instant::now();
            pace.hold(Duration::from_secs(7));
            pace.hold(Duration::from_secs(1));
            assert!(pace.take(now) - now >= Duration::from_secs(7));
        }
    }

    #[test]
    fn zero_means_no_limit() {
        let pace = Pace::new(0);
        let now = Instant::now();
        assert!((0..1000).all(|_| pace.take(now) == now));
    }
}
