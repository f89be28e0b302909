//! A whole run with as many cases as users have, broken at its thousandth
//! request; and what is left when it has to be put in order.

use serde_json::{Value, json};

use super::{ALL, ANY, Behaviour, CANNOT, NO_FAULT, READS, UPDATES, instead};
use crate::front::act::{Act, Calls, Moment, Often, Step};
use crate::front::memory::ms;
use crate::front::message::{Asked, Reply};

const ERROR: &str = r#"{"message":"No.","errorId":"error.server.unavailable"}"#;

pub(super) fn rows() -> Vec<Behaviour> {
    let row = |name: &str, calls: Calls, often, act| {
        let row = Behaviour::often(format!("whole/{name}"), calls, often, act);
        let row = row.ends(CANNOT).at(&[Moment::Middle]);
        row.tried(|options| {
            options.cases = None;
            options.max_time = ms(30_000);
        })
    };
    let always = Often::Always;
    vec![
        row(
            "reads-500",
            READS,
            always,
            instead(|| Reply::json(500, ERROR)),
        ),
        row(
            "reads-403",
            READS,
            always,
            instead(|| Reply::json(403, ERROR)),
        ),
        row(
            "reads-200-page",
            READS,
            always,
            instead(|| Reply::page(200, "Sign in")),
        ),
        row(
            "everything-429",
            ALL,
            always,
            instead(|| Reply::json(429, ERROR)),
        ),
        row(
            "everything-429-for-a-second",
            ALL,
            Often::For(ms(1_000)),
            instead(|| Reply::json(429, ERROR)),
        )
        .ends(NO_FAULT)
        .findings(0),
        row(
            "everything-403-page",
            ALL,
            always,
            instead(|| Reply::page(403, "Forbidden")),
        ),
        row(
            "removals-refused-slowly",
            LEFTOVERS,
            always,
            leftovers(5_000, 300),
        )
        .ends(ANY)
        .findings(300),
        row(
            "removals-never-answered",
            LEFTOVERS,
            always,
            leftovers(50, 60_000),
        )
        .ends(ANY)
        .findings(300),
    ]
}

/// What shows that there is something to remove, or removes it.
const LEFTOVERS: Calls = |asked| READS(asked) || UPDATES(asked) && removes(asked);

/// Whether an update removes something.
fn removes(asked: &Asked) -> bool {
    let body: Value = serde_json::from_slice(asked.body()).unwrap_or_default();
    body["remove"].as_array().is_some_and(|ids| !ids.is_empty())
}

/// So many mailboxes are there, and to remove any is refused after that time.
fn leftovers(count: usize, time: u64) -> Act {
    Act::After(Box::new(move |asked, mut reply, _| {
        if UPDATES(asked) {
            let refusal = Reply::json(400, json!({ "message": "No." }).to_string());
            return vec![Step::Pause(ms(time)), Step::Bytes(refusal.bytes())];
        }
        if reply.status == 200 {
            let mut body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
            let held = body["monitoredMailboxes"].as_array();
            let mut held = held.cloned().unwrap_or_default();
            held.extend((0..count).map(|place| {
                json!({
                    "configurationId": { "id": format!("left-{place}") },
                    "emailAddress": format!("left-{place}@acme.test"),
                    "mailboxMoniker": "SMTP:no-reply@acme.test", "mailboxType": 1,
                })
            }));
            body["monitoredMailboxes"] = held.into();
            reply.body = body.to_string().into_bytes();
        }
        vec![Step::Bytes(reply.bytes())]
    }))
}
