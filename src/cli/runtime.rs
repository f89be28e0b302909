//! What carries out a run or a replay: one thread, and an orderly end when the
//! user interrupts it. Interrupts are waited for on a thread of their own, so
//! that one is seen whatever the other computes.

use tokio::runtime::{Builder, Runtime};
use tokio_util::sync::CancellationToken;

use super::{Failure, signals};

/// What the first interrupt is answered with.
const STOPPING: &str =
    "stopping; sessions are ended and workgroups restored (interrupt again to kill)";

/// A runtime of one thread; the first interrupt cancels `stop`.
pub(super) fn interruptible(stop: &CancellationToken) -> Result<Runtime, Failure> {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::usage(format!("failed to start a runtime: {error}")))?;
    signals::stop_on_interrupt(stop.clone(), Some(STOPPING))
        .map_err(|error| Failure::usage(format!("failed to catch interrupts: {error}")))?;
    Ok(runtime)
}
