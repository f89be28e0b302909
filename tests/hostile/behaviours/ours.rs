//! What is nobody's fault but this machine's: the server is as it should be.

use std::time::Duration;

use super::{ALL, Behaviour, CONFORMS, NO_FAULT};
use crate::front::act::{Act, Moment};
use crate::front::memory::ms;

pub(super) fn rows() -> Vec<Behaviour> {
    let row = |name: &str| {
        let row = Behaviour::new(format!("ours/{name}"), ALL, Act::Wait(Duration::ZERO));
        row.at(&[Moment::Start]).findings(0)
    };
    let stopped = |name: &str, after, time| {
        let row = row(name).ends(CONFORMS);
        row.tried(|options| {
            options.stopped = Some((ms(after), ms(time)));
            options.max_time = ms(30_000);
        })
    };
    let descriptors = |name: &str, count| {
        let row = row(name).ends(NO_FAULT);
        row.tried(|options| options.descriptors = Some(count))
    };
    vec![
        stopped("stopped-at-once", 50, 4_000),
        stopped("stopped-in-mid-run", 500, 4_000),
        stopped("stopped-for-a-moment", 500, 500),
        descriptors("40-descriptors", 40),
        descriptors("24-descriptors", 24),
        descriptors("16-descriptors", 16),
        descriptors("12-descriptors", 12),
    ]
}
