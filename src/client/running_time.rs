//! Time limits that count only time in which this process runs. A process that was
//! stopped, or starved of the processor, finds answers that waited for it.

use std::pin::pin;
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// How often it is looked whether this process runs.
const STEP: Duration = Duration::from_millis(250);

/// A step that takes so much longer was not a matter of scheduling.
const STOPPED: Duration = Duration::from_millis(1000);

/// What comes of `work`, unless that takes longer than `limit`; and whether this
/// process did not run meanwhile.
pub(super) async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> (Option<T>, bool) {
    let mut work = pin!(work);
    let (mut left, mut interrupted) = (limit, false);
    loop {
        let step = left.min(STEP);
        let begun = Instant::now();
        let done = tokio::select! {
            biased;
            done = &mut work => Some(done),
            () = sleep(step) => None,
        };
        interrupted |= begun.elapsed() > step + STOPPED;
        if done.is_some() {
            return (done, interrupted);
        }
        left -= step;
        if left.is_zero() {
            return (None, interrupted);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[tokio::test]
    async fn a_limit_is_kept() {
        let begun = Instant::now();
        let limit = Duration::from_millis(300);
        assert_eq!(within(limit, pending::<()>()).await, (None, false));
        assert!(begun.elapsed() >= limit);
        assert_eq!(within(limit, ready(1)).await, (Some(1), false));
    }

    #[tokio::test]
    async fn time_in_which_nothing_ran_does_not_count() {
        // The process is not stopped, but its only thread is held up.
        let limit = Duration::from_millis(300);
        let (answer, waiting) = tokio::sync::oneshot::channel();
        let holding = async {
            std::thread::sleep(STEP + STOPPED + Duration::from_millis(100));
            answer.send(()).expect("it is waited for");
        };
        let (waited, ()) = tokio::join!(within(limit, waiting), holding);
        assert_eq!(waited, (Some(Ok(())), true));
    }
}
