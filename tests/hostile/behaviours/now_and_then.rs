//! Most answers are right, and some are the gateway's.

use super::{
    ALL, Behaviour, CONFORMS, FAILS, HOOKS, LOGINS, NO_FAULT, READS, UPDATES, instead, steps,
};
use crate::front::act::{Act, Calls, Moment, Often, Step, plainly};
use crate::front::memory::ms;
use crate::front::message::Reply;

const BUSY: &str = r#"{"message":"Too much."}"#;

/// The rules of one page.
const PAGE: &[&str] = &["ISE-1"];

pub(super) fn rows() -> Vec<Behaviour> {
    let mut rows = pages();
    rows.extend(busy());
    rows.extend(rates());
    rows.extend(drops());
    rows
}

/// One cause, one finding.
fn pages() -> Vec<Behaviour> {
    let row = |name: &str, calls: Calls, every, reply: fn() -> Reply| {
        let row = Behaviour::often(
            format!("now-and-then/{name}"),
            calls,
            Often::Every(every),
            instead(reply),
        );
        row.ends(FAILS).findings(1)
    };
    let gateway = || Reply::page(502, "Bad Gateway");
    vec![
        row("502-page-in-300", ALL, 300, gateway).rules(PAGE),
        row("502-page-in-2000-updates", UPDATES, 2000, gateway)
            .rules(PAGE)
            .tried(|options| {
                options.cases = None;
                options.max_time = ms(40_000);
            }),
        row("502-page-in-50", ALL, 50, gateway).rules(PAGE),
        row("502-page-in-100-reads", READS, 100, gateway).rules(PAGE),
        row("502-page-in-20-logins", LOGINS, 20, gateway).rules(PAGE),
        // No rule speaks of hooks.
        row("502-page-in-5-hooks", HOOKS, 5, gateway)
            .rules(PAGE)
            .ends(super::ANY),
        row("200-page-in-50-reads", READS, 50, || {
            Reply::page(200, "Wait")
        })
        .rules(&["OK-1"]),
        row("504-page-in-300", ALL, 300, || {
            Reply::page(504, "Gateway Time-out")
        })
        .rules(PAGE),
        row("500-page-in-300", ALL, 300, || Reply::page(500, "Error")).rules(PAGE),
        row("403-page-in-300", ALL, 300, || {
            Reply::page(403, "Forbidden")
        })
        .rules(&["ERR-1"]),
        row("200-page-in-300", ALL, 300, || Reply::page(200, "Wait")).rules(&["OK-1"]),
        row("418-page-in-300", ALL, 300, || Reply::page(418, "Teapot")).rules(&["ERR-10"]),
    ]
}

/// A target that is busy is waited for.
fn busy() -> Vec<Behaviour> {
    let row = |name: &str, calls: Calls, often, reply: fn() -> Reply| {
        let row = Behaviour::often(format!("busy/{name}"), calls, often, instead(reply));
        row.ends(CONFORMS).findings(0)
    };
    let page = || Reply::page(503, "Service Unavailable");
    let json = || Reply::json(429, BUSY);
    vec![
        row("429-in-300", ALL, Often::Every(300), json),
        row("503-page-in-300", ALL, Often::Every(300), page),
        row("503-page-in-10-reads", READS, Often::Every(10), page),
        row("429-in-3-logins", LOGINS, Often::Every(3), json),
        row("503-page-in-2-hooks", HOOKS, Often::Every(2), page),
        row("429-for-a-second", ALL, Often::For(ms(1000)), json),
        row("503-page-for-a-second", ALL, Often::For(ms(1000)), page),
        row("408-in-100", ALL, Often::Every(100), || {
            Reply::page(408, "Request Time-out").closing()
        }),
    ]
}

/// So many a second, and no more.
fn rates() -> Vec<Behaviour> {
    let limit = |per_second: f64, at_once: f64, reply: fn() -> Reply| {
        Act::Instead(Box::new(move |_, memory| {
            let allows = memory.allows(per_second, at_once);
            (!allows).then(|| plainly(&reply()))
        }))
    };
    let page = || Reply::page(503, "Service Temporarily Unavailable");
    let acts: Vec<(&str, Calls, Act)> = vec![
        ("1000-with-503-page", ALL, limit(1000.0, 20.0, page)),
        (
            "500-with-429",
            ALL,
            limit(500.0, 10.0, || Reply::json(429, BUSY)),
        ),
        (
            "500-with-429-page",
            ALL,
            limit(500.0, 10.0, || Reply::page(429, "Too Many Requests")),
        ),
        (
            "300-with-429-and-retry-after",
            ALL,
            limit(300.0, 30.0, || {
                Reply::json(429, BUSY).with("Retry-After", "1")
            }),
        ),
        (
            "200-updates-with-503-page",
            UPDATES,
            limit(200.0, 5.0, page),
        ),
        ("200-reads-with-503-page", READS, limit(200.0, 5.0, page)),
    ];
    let row = |(name, calls, act)| {
        let row = Behaviour::new(format!("rate/{name}"), calls, act);
        let row = row.ends(CONFORMS).findings(0);
        row.tried(|options| options.max_time = ms(45_000))
    };
    acts.into_iter().map(row).collect()
}

/// A drop that does not come again.
fn drops() -> Vec<Behaviour> {
    let row = |name: &str, calls: Calls, every, act| {
        let row = Behaviour::often(format!("drops/{name}"), calls, Often::Every(every), act);
        row.findings(2).rules(PAGE)
    };
    let unread = |step: fn() -> Step| steps(move || vec![step()]);
    let done = || Act::After(Box::new(|_, _, _| vec![Step::Close]));
    let once = Behaviour::often(
        "drops/once",
        UPDATES,
        Often::Times(1),
        unread(|| Step::Close),
    );
    vec![
        row("one-in-300", ALL, 300, unread(|| Step::Close)).ends(super::ANY),
        row("reset-in-300", ALL, 300, unread(|| Step::Reset)).ends(super::ANY),
        row("done-in-300", ALL, 300, done()).ends(super::ANY),
        row("one-in-20-reads", READS, 20, unread(|| Step::Close)).ends(super::ANY),
        row("one-in-3-logins", LOGINS, 3, unread(|| Step::Close)).ends(super::ANY),
        once.ends(NO_FAULT)
            .at(&[Moment::Login, Moment::Middle])
            .findings(0),
    ]
}
