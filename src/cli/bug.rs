//! What is said when the harness itself fails.

use std::panic;
use std::thread;

use crate::embedded;

/// From now on a panic says in one line where it happened and asks to report
/// it. What it says is left out: it may quote anything, a secret included.
pub(super) fn report_panics() {
    panic::set_hook(Box::new(|panic| {
        // The reference server's panics are answers of its own.
        if thread::current().name() == Some(embedded::THREAD) {
            return;
        }
        let place = panic.location().map(ToString::to_string);
        let place = place.unwrap_or_else(|| "an unknown place".to_owned());
        super::complain(&format!(
            "this is a bug of {} {}, at {place}: please report it with the command line that led \
             to it",
            super::NAME,
            env!("CARGO_PKG_VERSION"),
        ));
    }));
}
