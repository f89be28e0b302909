//! What a run tells while it runs: one stream, from which progress is shown.

use super::outcome::{PropertyReport, Report};

/// Something happened.
#[derive(Debug)]
pub enum Event<'a> {
    /// Everything that was asked for can be done; the first request follows.
    Begins,
    /// The target answers and its fixtures are in order.
    Ready {
        /// How many properties will be run.
        properties: usize,
    },
    /// A property starts.
    Started {
        /// Its id.
        id: &'static str,
        /// How many cases it will fire.
        cases: usize,
    },
    /// Some cases of the running property are done.
    Fired {
        /// How many since the last such event.
        cases: usize,
    },
    /// A finding is being shrunk.
    Shrinking {
        /// The property's id.
        id: &'static str,
    },
    /// A property ended.
    Finished(&'a PropertyReport),
    /// Everything ended; sessions are closed and workgroups restored.
    Done(&'a Report),
}
