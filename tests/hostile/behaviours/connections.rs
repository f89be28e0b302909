//! Connections that end, hang or never begin.

use super::{
    ALL, Behaviour, CANNOT, CONFORMS, FAILS_OR_CANNOT, NO_FAULT, READS, UPDATES, changed, steps,
};
use crate::front::act::{Act, Calls, Moment, Often, Script, Step};
use crate::front::memory::ms;
use crate::front::message::Reply;

pub(super) fn rows() -> Vec<Behaviour> {
    let mut rows = refusing();
    rows.extend(idle());
    rows.extend(away());
    rows
}

fn refusing() -> Vec<Behaviour> {
    let early = |script: fn() -> Script| Act::Early(Box::new(move |_, _| Some(script())));
    let after = |script: fn(Vec<u8>) -> Script| {
        Act::After(Box::new(move |_, reply, _| script(reply.bytes())))
    };
    let acts: Vec<(&str, Calls, Act, &'static [i32])> = vec![
        ("closed-on-accept", ALL, early(|| vec![Step::Close]), CANNOT),
        ("reset-on-accept", ALL, early(|| vec![Step::Reset]), CANNOT),
        ("silent", ALL, steps(|| vec![Step::Hang]), FAILS_OR_CANNOT),
        (
            "closed-when-asked",
            ALL,
            steps(|| vec![Step::Close]),
            FAILS_OR_CANNOT,
        ),
        (
            "reset-when-asked",
            ALL,
            steps(|| vec![Step::Reset]),
            FAILS_OR_CANNOT,
        ),
        (
            "half-closed-when-asked",
            ALL,
            steps(|| vec![Step::HalfClose]),
            FAILS_OR_CANNOT,
        ),
        (
            "done-and-reset",
            ALL,
            after(|_| vec![Step::Reset]),
            FAILS_OR_CANNOT,
        ),
        (
            "reset-behind-updates",
            UPDATES,
            after(|bytes| vec![Step::Bytes(bytes), Step::Reset]),
            super::ANY,
        ),
        (
            "closed-behind-everything",
            ALL,
            after(|bytes| vec![Step::Bytes(bytes), Step::Close]),
            NO_FAULT,
        ),
        (
            "half-closed-behind-updates",
            UPDATES,
            after(|bytes| vec![Step::Bytes(bytes), Step::HalfClose]),
            NO_FAULT,
        ),
        (
            "close-told",
            ALL,
            changed(|_, reply, _| reply.closes = true),
            CONFORMS,
        ),
        (
            "close-told-for-reads",
            READS,
            changed(|_, reply, _| reply.closes = true),
            CONFORMS,
        ),
        (
            "in-pieces",
            ALL,
            after(|bytes| {
                let pieces = bytes.chunks(40).map(|piece| Step::Bytes(piece.to_vec()));
                pieces.collect()
            }),
            CONFORMS,
        ),
    ];
    let row = |(name, calls, act, codes)| {
        let row = Behaviour::new(format!("connection/{name}"), calls, act);
        row.ends(codes)
            .findings(if codes.contains(&1) { 6 } else { 0 })
    };
    acts.into_iter().map(row).collect()
}

/// A connection that nobody uses may end.
fn idle() -> Vec<Behaviour> {
    let time_out = || Reply::page(408, "Request Time-out").closing();
    let acts = vec![
        (
            "408-after-30-ms",
            Act::IdleClose {
                after: ms(30),
                says: Some(time_out),
            },
        ),
        (
            "408-after-3-ms",
            Act::IdleClose {
                after: ms(3),
                says: Some(time_out),
            },
        ),
        (
            "closed-after-30-ms",
            Act::IdleClose {
                after: ms(30),
                says: None,
            },
        ),
        (
            "closed-after-3-ms",
            Act::IdleClose {
                after: ms(3),
                says: None,
            },
        ),
    ];
    let row = |(name, act)| {
        let row = Behaviour::new(format!("idle/{name}"), ALL, act);
        row.ends(CONFORMS).findings(0)
    };
    acts.into_iter().map(row).collect()
}

/// Nobody listens for a while.
fn away() -> Vec<Behaviour> {
    let row = |name: &str, time: u64, codes| {
        let act = Act::Away(ms(time));
        let row = Behaviour::often(format!("away/{name}"), ALL, Often::Times(1), act);
        row.ends(codes)
    };
    let later = &[Moment::Login, Moment::Middle];
    vec![
        row("700-ms", 700, CONFORMS).at(later).findings(0),
        row("2-s", 2_000, CONFORMS).at(later).findings(0),
        row("for-ever", 600_000, CANNOT),
        Behaviour::often(
            "away/100-ms-now-and-then",
            ALL,
            Often::Every(500),
            Act::Away(ms(100)),
        )
        .ends(NO_FAULT)
        .at(later),
    ]
}
