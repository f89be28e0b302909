//! A target that is slow, and one that shows late what it did.

use super::{ALL, Behaviour, CONFORMS, FAILS, HOOKS, LOGINS, NO_FAULT, READS, UPDATES};
use crate::front::act::{Act, Moment};
use crate::front::memory::ms;

/// Where slow answers are tried: all families, few cases.
const SOME: &[&str] = &["field/", "session/missing"];

pub(super) fn rows() -> Vec<Behaviour> {
    let mut rows = slow();
    rows.extend(late());
    rows.extend(cached());
    rows
}

fn slow() -> Vec<Behaviour> {
    let row = |name: &str, calls, time| {
        let row = Behaviour::new(format!("slow/{name}"), calls, Act::Wait(ms(time)));
        let row = row.ends(NO_FAULT).findings(0);
        row.tried(|options| {
            options.only = SOME;
            options.cases = Some(6);
            options.max_time = ms(20_000);
            options.timeout = ms(6_000);
            options.middle = 100;
        })
    };
    vec![
        row("20-ms", ALL, 20).ends(CONFORMS),
        row("120-ms", ALL, 120),
        row("600-ms", ALL, 600),
        row("1-s-reads", READS, 1_000),
        row("1500-ms-logins", LOGINS, 1_500),
        row("1500-ms-hooks", HOOKS, 1_500),
        row("1500-ms", ALL, 1_500),
    ]
}

/// One finding that says how late.
fn late() -> Vec<Behaviour> {
    let row = |name: &str, time| {
        let row = Behaviour::new(format!("late/{name}"), LAGGING, Act::Lag(ms(time)));
        let row = row.ends(FAILS).findings(1).rules(&["EFF-1"]);
        row.tried(|options| options.max_time = ms(40_000))
    };
    let some = |row: Behaviour| {
        row.tried(|options| {
            options.only = &["field/", "effect/among"];
            options.cases = Some(12);
            options.middle = 150;
        })
    };
    vec![
        row("20-ms", 20),
        row("120-ms", 120),
        row("600-ms", 600),
        some(row("20-ms-in-a-part", 20)),
        some(row("120-ms-in-a-part", 120)),
        some(row("600-ms-in-a-part", 600)),
        some(row("1500-ms-in-a-part", 1500)),
        // Nobody looks again for so long.
        some(row("for-ever-in-a-part", 600_000))
            .rules(&[])
            .findings(6),
    ]
}

/// Updates and reads.
const LAGGING: fn(&crate::front::message::Asked) -> bool = |asked| UPDATES(asked) || READS(asked);

/// A cache that keeps what nobody may keep, or what it was told not to.
fn cached() -> Vec<Behaviour> {
    let act = |keeps, heeds, tells| Act::Cache {
        keeps: ms(keeps),
        heeds,
        tells,
    };
    let row = |name: &str, act| {
        let row = Behaviour::new(format!("cached/{name}"), READS, act);
        row.tried(|options| options.max_time = ms(40_000))
    };
    let heeded = |row: Behaviour| row.ends(CONFORMS).findings(0);
    let blamed = |row: Behaviour| row.ends(FAILS).findings(1).rules(&["EFF-1"]);
    vec![
        heeded(row("a-second-heeding", act(1_000, true, true))),
        blamed(row("100-ms", act(100, false, true))),
        blamed(row("a-second", act(1_000, false, true))),
        blamed(row("a-second-untold", act(1_000, false, false))).at(&[Moment::Start]),
        blamed(row("for-ever", act(600_000, false, true))).ends(super::FAILS_OR_CANNOT),
    ]
}
