//! When a run ends before its time.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::trouble::Trouble;

/// Why no further case is worth drawing.
#[derive(Clone, Copy, Debug)]
pub(super) enum Enough {
    /// The run found what it looked for.
    Found,
    /// So many requests were not answered in time that the rest would take
    /// hours.
    Silent(usize),
}

/// How long restoring may take beyond `--max-time`: with the end of the sessions
/// and the reports, a run ends within ten seconds of it.
const RESTORING: Duration = Duration::from_secs(7);

/// The same, where no time was set.
const RESTORING_UNBOUNDED: Duration = Duration::from_secs(120);

/// When a run ends before its time.
#[derive(Debug)]
pub(super) struct Limits {
    deadline: Option<Instant>,
    /// When what is under way is cut off.
    end: Option<Instant>,
    is_cut_off: AtomicBool,
    stop: CancellationToken,
    ended_by: OnceLock<Trouble>,
    enough: OnceLock<Enough>,
}

impl Limits {
    /// Those of a run that began then.
    pub(super) fn new(
        started: Instant,
        max_time: Option<Duration>,
        stop: CancellationToken,
    ) -> Self {
        Self {
            deadline: max_time.map(|time| started + time),
            end: None,
            is_cut_off: AtomicBool::new(false),
            stop,
            ended_by: OnceLock::new(),
            enough: OnceLock::new(),
        }
    }

    /// The same, where what is under way is cut off at that time.
    pub(super) const fn cut_off_at(mut self, end: Option<Instant>) -> Self {
        self.end = end;
        self
    }

    /// Does something for as long as the run may last; nothing where it was cut
    /// off.
    pub(super) async fn within<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let Some(end) = self.end else {
            return Some(work.await);
        };
        let done = tokio::time::timeout_at(end.into(), work).await.ok();
        if done.is_none() {
            self.is_cut_off.store(true, Ordering::Relaxed);
        }
        done
    }

    /// Whether anything was cut off.
    pub(super) fn is_cut_off(&self) -> bool {
        self.is_cut_off.load(Ordering::Relaxed)
    }

    /// When what is not restored by then is left to the journal.
    pub(super) fn restored_by(&self) -> tokio::time::Instant {
        match self.end {
            Some(end) => (end + RESTORING).into(),
            None => tokio::time::Instant::now() + RESTORING_UNBOUNDED,
        }
    }

    /// Whether the target stopped answering.
    pub(super) fn is_gone(&self) -> bool {
        matches!(self.ended_by.get(), Some(Trouble::Gone(_)))
    }

    /// Whether another case may be started.
    pub(super) fn may_go_on(&self) -> bool {
        self.ended_by.get().is_none() && !self.stop.is_cancelled() && !self.is_late()
    }

    /// Whether another case may be drawn: once a run has seen enough, only that
    /// is looked into.
    pub(super) fn may_draw(&self) -> bool {
        self.may_go_on() && !self.is_enough()
    }

    /// Whether the run has seen enough.
    pub(super) fn is_enough(&self) -> bool {
        self.enough.get().is_some()
    }

    /// Notes that the run has seen enough.
    pub(super) fn enough(&self, why: Enough) {
        // The first reason stands.
        let _ = self.enough.set(why);
    }

    fn is_late(&self) -> bool {
        self.deadline
            .is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// Ends the run where that trouble does.
    pub(super) fn heed(&self, trouble: Option<&Trouble>) {
        // The first reason stands; later ones follow from it.
        if let Some(trouble) = trouble.filter(|trouble| trouble.ends_the_run()) {
            let _ = self.ended_by.set(trouble.clone());
        }
    }

    /// Why the run ended early, if it did.
    pub(super) fn reason(&self) -> Option<String> {
        if let Some(trouble) = self.ended_by.get() {
            Some(trouble.reason().to_owned())
        } else if self.stop.is_cancelled() {
            Some("the run was interrupted".to_owned())
        } else if self.is_late() {
            Some("the time of --max-time ran out".to_owned())
        } else {
            self.enough.get().map(|why| match why {
                Enough::Found => "the run ended with the first breach".to_owned(),
                Enough::Silent(count) => format!(
                    "the run ended early: {count} requests were not answered within the time limit (limits.timeout_ms)"
                ),
            })
        }
    }
}
