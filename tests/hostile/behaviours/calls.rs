//! One kind of call is answered otherwise, all others as ever.

use super::{
    Behaviour, CANNOT, CONFORMS, FAILS, FAILS_OR_CANNOT, FEATURES, HOOKS, LARGE, LOGINS, LOGOUTS,
    NO_FAULT, Options, READS, STATES, UPDATES, VERSION, changed, instead, steps,
};
use crate::front::act::{Act, Calls, Moment, Step, plainly};
use crate::front::message::Reply;

const ERROR: &str = r#"{"message":"No.","errorId":"error.server.unavailable"}"#;

/// A member that some readers of JSON refuse.
const EXTRA: [(&str, &str); 4] = [
    ("infinite", r#""x":1e400"#),
    ("half-surrogate", r#""x":"\ud800""#),
    ("deep", r#""x":NEST"#),
    ("twice", r#""connectionState":1"#),
];

pub(super) fn rows() -> Vec<Behaviour> {
    let mut rows = updates();
    rows.extend(large());
    rows.extend(reads());
    rows.extend(logins());
    rows.extend(others());
    rows.extend(hooks());
    rows.extend(states());
    rows
}

fn error(status: u16) -> Act {
    instead(move || Reply::json(status, ERROR))
}

fn page(status: u16, title: &'static str) -> Act {
    instead(move || Reply::page(status, title))
}

fn dropped() -> Act {
    steps(|| vec![Step::Close])
}

fn reset() -> Act {
    steps(|| vec![Step::Reset])
}

fn of(kind: &str, calls: Calls, acts: Vec<(&str, Act)>) -> Vec<Behaviour> {
    let rows = acts.into_iter();
    let row = |(name, act)| Behaviour::new(format!("{kind}/{name}"), calls, act);
    rows.map(row).collect()
}

/// Nothing can be stored, or nothing that was stored is told.
fn updates() -> Vec<Behaviour> {
    let unread = || Act::After(Box::new(|_, _, _| vec![Step::Close]));
    let rows = of(
        "updates",
        UPDATES,
        vec![
            ("429", error(429)),
            ("503", error(503)),
            ("503-page", page(503, "Service Unavailable")),
            ("500", error(500)),
            ("502-page", page(502, "Bad Gateway")),
            ("403", error(403)),
            ("403-page", page(403, "Forbidden")),
            ("404-page", page(404, "Not Found")),
            ("200-page", page(200, "Sign in")),
            (
                "200-lie",
                instead(|| Reply::json(200, r#"{"subObjects":[]}"#)),
            ),
            (
                "408-close",
                instead(|| Reply::page(408, "Time-out").closing()),
            ),
            (
                "302",
                instead(|| Reply::page(302, "Found").with("Location", "/login")),
            ),
            ("dropped", dropped()),
            ("reset", reset()),
            ("applied-and-dropped", unread()),
            ("never-answered", steps(|| vec![Step::Hang])),
        ],
    );
    // A page is one finding; what is answered as if the server had thought
    // about it may break the rule of each property.
    let most = |row: &Behaviour| match row.name.as_str() {
        "updates/200-lie" => usize::MAX,
        "updates/500" | "updates/403" | "updates/302" => 60,
        _ => 8,
    };
    let rows = rows.into_iter();
    let row = |row: Behaviour| {
        let most = most(&row);
        row.ends(FAILS_OR_CANNOT).findings(most)
    };
    rows.map(row).collect()
}

/// Only what has large updates, and some that are not.
fn with_large_ones(options: &mut Options) {
    options.only = &["effect/among", "request/", "update/", "shape/several"];
    options.middle = 150;
}

/// One kind of update is refused, however often it is sent.
fn large() -> Vec<Behaviour> {
    let acts: Vec<(&str, Act, &'static [i32], &'static [&'static str])> = vec![
        ("429", error(429), FAILS, &["ERR-10"]),
        (
            "429-page",
            page(429, "Too Many Requests"),
            FAILS,
            &["ERR-10"],
        ),
        ("503", error(503), FAILS, &["ISE-1"]),
        ("500", error(500), FAILS, &["ISE-1", "ISE-2", "REP-15"]),
        ("502-page", page(502, "Bad Gateway"), FAILS, &["ISE-1"]),
        ("413-page", page(413, "Too Large"), CONFORMS, &["REP-16"]),
        ("401", error(401), FAILS, &["SES-1", "SES-10"]),
        (
            "403-page",
            page(403, "Forbidden"),
            FAILS,
            &["SES-1", "ERR-1", "ERR-11"],
        ),
        ("dropped", dropped(), FAILS, &["ISE-1"]),
        ("reset", reset(), FAILS, &["ISE-1"]),
        (
            "never-answered",
            steps(|| vec![Step::Hang]),
            FAILS,
            &["ISE-4"],
        ),
    ];
    let row = |(name, act, codes, rules)| {
        let row = Behaviour::new(format!("large/{name}"), LARGE, act);
        let row = row.ends(codes).rules(rules).findings(12);
        // What began as a conforming update is shrunk to one.
        let row = row.never_because("no emailAddress");
        row.tried(with_large_ones)
    };
    acts.into_iter().map(row).collect()
}

fn reads() -> Vec<Behaviour> {
    of(
        "reads",
        READS,
        vec![
            ("500", error(500)),
            ("500-page", page(500, "Internal Server Error")),
            ("403", error(403)),
            ("403-page", page(403, "Forbidden")),
            ("200-page", page(200, "Sign in")),
            ("404", error(404)),
            ("429", error(429)),
            ("503-page", page(503, "Service Unavailable")),
            ("401", error(401)),
            ("dropped", dropped()),
            ("never-answered", steps(|| vec![Step::Hang])),
        ],
    )
}

fn logins() -> Vec<Behaviour> {
    let refusal = r#"{"message":"No.","errorId":"error.request.connection.authenticationFailure"}"#;
    of(
        "logins",
        LOGINS,
        vec![
            ("400", instead(move || Reply::json(400, refusal))),
            ("401", error(401)),
            ("403-page", page(403, "Forbidden")),
            ("429", error(429)),
            ("500", error(500)),
            ("503", error(503)),
            ("200-page", page(200, "Sign in")),
            ("201-empty", instead(|| Reply::json(201, "{}"))),
            ("dropped", dropped()),
            ("never-answered", steps(|| vec![Step::Hang])),
        ],
    )
    .into_iter()
    .map(|row| row.findings(6))
    .collect()
}

fn others() -> Vec<Behaviour> {
    let logouts = of(
        "logouts",
        LOGOUTS,
        vec![
            ("500", error(500)),
            ("503-page", page(503, "Service Unavailable")),
            ("405-page", page(405, "Method Not Allowed")),
            ("429", error(429)),
            ("dropped", dropped()),
            ("never-answered", steps(|| vec![Step::Hang])),
        ],
    );
    let features = of(
        "features",
        FEATURES,
        vec![
            ("500", error(500)),
            ("404", error(404)),
            ("200-page", page(200, "Sign in")),
            (
                "nonsense",
                instead(|| Reply::json(200, r#"{"featureInfoList":7}"#)),
            ),
            ("dropped", dropped()),
        ],
    );
    let version = of(
        "version",
        VERSION,
        vec![
            ("500", error(500)),
            ("401", error(401)),
            ("503", error(503)),
            ("dropped", dropped()),
        ],
    );
    let logouts = logouts
        .into_iter()
        .map(|row| row.ends(NO_FAULT).findings(6));
    let features = features.into_iter();
    let features = features.map(|row| row.ends_each([CANNOT, CANNOT, NO_FAULT]));
    let version = version.into_iter().map(|row| row.ends(NO_FAULT));
    logouts.chain(features).chain(version).collect()
}

fn hooks() -> Vec<Behaviour> {
    let rows = of(
        "hooks",
        HOOKS,
        vec![
            ("429", error(429)),
            ("503-page", page(503, "Service Unavailable")),
            ("500", error(500)),
            ("403-page", page(403, "Forbidden")),
            ("404", error(404)),
            ("dropped", dropped()),
            ("never-answered", steps(|| vec![Step::Hang])),
        ],
    );
    let mut rows: Vec<_> = rows
        .into_iter()
        .map(|row| row.ends_each([CANNOT, CANNOT, NO_FAULT]))
        .collect();
    // It says that it was done, and nothing was.
    let idle = Reply {
        status: 204,
        bodiless: true,
        ..Reply::default()
    };
    let idle = Behaviour::new("hooks/do-nothing", HOOKS, instead(move || idle.clone()));
    rows.push(idle.ends(FAILS_OR_CANNOT).findings(8));
    // What was declared removed stays so.
    let restored: Calls = |asked| HOOKS(asked) && asked.path().contains("restore");
    let stuck = Behaviour::new("hooks/restored-404", restored, error(404));
    rows.push(stuck.ends_each([CANNOT, CANNOT, NO_FAULT]));
    rows
}

fn states() -> Vec<Behaviour> {
    let rows = EXTRA.into_iter().map(|(name, member)| {
        let member = member.replace("NEST", &format!("{}{}", "[".repeat(200), "]".repeat(200)));
        let act = changed(move |_, reply, _| {
            if reply.status == 200 {
                reply.body = format!(r#"{{"connectionState":1,{member}}}"#).into_bytes();
            }
        });
        let row = Behaviour::new(format!("states/{name}"), STATES, act);
        row.ends(CONFORMS).findings(0)
    });
    let mut rows: Vec<_> = rows.collect();
    // With it, a live session that is refused looks like a lost one.
    let act = Act::After(Box::new(|asked, mut reply, _| {
        if STATES(asked) && reply.status == 200 {
            reply.body = br#"{"connectionState":1,"x":1e400}"#.to_vec();
        }
        if LARGE(asked) {
            reply = Reply::json(401, ERROR);
        }
        plainly(&reply)
    }));
    let calls: Calls = |asked| STATES(asked) || LARGE(asked);
    let refused = Behaviour::new("states/infinite-and-401", calls, act);
    let refused = refused.ends(FAILS).findings(12);
    rows.push(refused.tried(with_large_ones));
    let others = of(
        "states",
        STATES,
        vec![
            ("500", error(500)),
            ("503-page", page(503, "Service Unavailable")),
            ("200-page", page(200, "Sign in")),
            (
                "down",
                instead(|| Reply::json(200, r#"{"connectionState":2}"#)),
            ),
            ("dropped", dropped()),
        ],
    );
    rows.extend(others.into_iter().map(|row| row.ends(NO_FAULT)));
    debug_assert!(rows.iter().all(|row| row.moments == Moment::ALL));
    rows
}
