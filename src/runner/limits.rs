//! When a run ends before its time.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

/// When a run ends before its time.
#[derive(Debug)]
pub(super) struct Limits {
    deadline: Option<Instant>,
    stop: CancellationToken,
    gone: OnceLock<String>,
    found: AtomicBool,
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
            stop,
            gone: OnceLock::new(),
            found: AtomicBool::new(false),
        }
    }

    /// Whether the target stopped answering.
    pub(super) fn is_gone(&self) -> bool {
        self.gone.get().is_some()
    }

    /// Whether another case may be started.
    pub(super) fn may_go_on(&self) -> bool {
        self.gone.get().is_none() && !self.stop.is_cancelled() && !self.is_late()
    }

    /// Whether another case may be drawn: once a run found what it looked for,
    /// only that is looked into.
    pub(super) fn may_draw(&self) -> bool {
        self.may_go_on() && !self.has_found()
    }

    /// Whether the run found what it looked for.
    pub(super) fn has_found(&self) -> bool {
        self.found.load(Ordering::Relaxed)
    }

    /// Notes that the run found what it looked for.
    pub(super) fn found(&self) {
        self.found.store(true, Ordering::Relaxed);
    }

    fn is_late(&self) -> bool {
        self.deadline
            .is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// Notes that the target stopped answering.
    pub(super) fn gone(&self, reason: String) {
        // The first reason stands; later ones follow from it.
        let _ = self.gone.set(reason);
    }

    /// Why the run ended early, if it did.
    pub(super) fn reason(&self) -> Option<String> {
        if let Some(reason) = self.gone.get() {
            Some(reason.clone())
        } else if self.stop.is_cancelled() {
            Some("the run was interrupted".to_owned())
        } else if self.is_late() {
            Some("the time of --max-time ran out".to_owned())
        } else if self.has_found() {
            Some("the run ended with the first breach".to_owned())
        } else {
            None
        }
    }
}
