//! Texts that are meant for a terminal, a log or a page, not for people.

use serde_json::json;

use super::{ALL, ANY, Behaviour, CANNOT, FEATURES, LOGINS, READS, UPDATES, changed, instead};
use crate::front::act::{Act, Calls};
use crate::front::memory::Memory;
use crate::front::message::Reply;

/// Texts by what they are after.
const TEXTS: [(&str, &[&str]); 7] = [
    (
        "escapes",
        &[
            "\u{1b}[2J\u{1b}[1;1H\u{1b}[32m",
            "\u{1b}]0;title\u{7}",
            "\u{1b}]8;;https://other.invalid\u{7}x\u{1b}]8;;\u{7}",
            "\u{1b}P$qm\u{1b}\\",
        ],
    ),
    (
        "controls",
        &[
            "a\0b",
            "\r",
            "\u{8}\u{8}\u{8}",
            "\u{7f}",
            "\u{b}\u{c}",
            "\t\t",
        ],
    ),
    (
        "c1",
        &["\u{9b}31m", "\u{9d}0;t\u{9c}", "\u{85}FORGED", "\u{90}x"],
    ),
    (
        "bidi",
        &[
            "\u{202e}dlof\u{202c}",
            "\u{2066}x\u{2069}",
            "\u{200f}",
            "\u{61c}",
            "\u{200e}",
        ],
    ),
    (
        "unseen",
        &[
            "\u{200b}",
            "\u{feff}",
            "\u{2028}FORGED",
            "\u{2029}FORGED",
            "\u{2060}",
            "\u{fff9}",
        ],
    ),
    (
        "lines",
        &[
            "\nFORGED conforms: 9 cases, exit code 0",
            "\r\nFORGED conforms",
            "x\n\n  FORGED rules held 71",
            "\nnote: FORGED",
        ],
    ),
    (
        "commands",
        &[
            "\n::error::FORGED",
            "\n::add-mask::FORGED",
            "%0A::set-output name=x::FORGED",
            "\n::stop-commands::FORGED",
            "\n##[error]FORGED",
        ],
    ),
];

/// What a page would run.
const SCRIPT: &str = "</script><script>FORGED</script><img src=x onerror=FORGED>]]></failure>";

pub(super) fn rows() -> Vec<Behaviour> {
    let mut rows = in_error_ids();
    rows.extend(at_places());
    rows.extend(at_logins());
    rows
}

fn row(name: String, calls: Calls, act: Act) -> Behaviour {
    let row = Behaviour::new(name, calls, act)
        .ends(ANY)
        .findings(usize::MAX);
    row.tried(|options| {
        options.only = &["field/", "session/missing", "answer/"];
        options.cases = Some(10);
        options.middle = 150;
        options.variables = &[("GITHUB_ACTIONS", "true")];
    })
}

/// Any of all texts.
fn any(memory: &mut Memory) -> String {
    let all: Vec<_> = TEXTS.iter().flat_map(|(_, texts)| *texts).collect();
    let chosen = memory.random() as usize % (all.len() + 1);
    let text = all.get(chosen).map_or(SCRIPT, |text| text);
    format!("x{text}{:x}", memory.random() % 8)
}

/// What a header may have of it: no end of a line, no NUL.
fn fit(text: &str) -> Vec<u8> {
    text.replace(['\r', '\n', '\0'], "").into_bytes()
}

fn in_error_ids() -> Vec<Behaviour> {
    let row = |(name, texts): &(&str, &'static [&'static str])| {
        let texts: &'static [&'static str] = texts;
        let act = changed(move |_, reply, memory| {
            if reply.status >= 400 {
                let text = texts[memory.random() as usize % texts.len()];
                let body = json!({ "message": text, "errorId": text });
                reply.body = body.to_string().into_bytes();
            }
        });
        row(format!("marks/{name}"), UPDATES, act)
    };
    TEXTS.iter().map(row).collect()
}

fn at_places() -> Vec<Behaviour> {
    let acts: Vec<(&str, Calls, Act)> = vec![
        (
            "in-labels",
            ALL,
            changed(|_, reply, memory| {
                reply
                    .headers
                    .retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
                let value = fit(&format!("application/{}", any(memory)));
                reply.headers.push(("Content-Type".to_owned(), value));
            }),
        ),
        (
            "in-bytes",
            UPDATES,
            changed(|_, reply, memory| {
                reply.status = 418;
                reply.body = any(memory).into_bytes();
                reply.body.extend(b"\xff\xfe");
            }),
        ),
        (
            "in-keys",
            UPDATES,
            changed(|_, reply, memory| {
                let text = any(memory);
                reply.body = json!({ text.clone(): { text.clone(): text } })
                    .to_string()
                    .into_bytes();
            }),
        ),
        (
            "in-listed-ids",
            UPDATES,
            changed(|_, reply, memory| {
                if reply.status == 200 {
                    let entry = json!({ "id": any(memory), "uri": any(memory) });
                    reply.body = json!({ "subObjects": [entry] }).to_string().into_bytes();
                }
            }),
        ),
        (
            "in-stored-mailboxes",
            READS,
            changed(|_, reply, memory| {
                if reply.status == 200 {
                    let text = any(memory);
                    reply.body = json!({ "monitoredMailboxes": [{
                        "configurationId": { "id": text }, "emailAddress": text,
                        "mailboxMoniker": text, "mailboxType": text,
                    }] })
                    .to_string()
                    .into_bytes();
                }
            }),
        ),
        (
            "in-features",
            FEATURES,
            changed(|_, reply, memory| {
                let entry = json!({ "featureId": any(memory), "version": any(memory) });
                reply.body = json!({ "featureInfoList": [entry] })
                    .to_string()
                    .into_bytes();
            }),
        ),
        (
            "in-redirects",
            ALL,
            changed(|_, reply, memory| {
                reply.status = 302;
                let value = fit(&format!("https://other.invalid/{}", any(memory)));
                reply.headers.push(("Location".to_owned(), value));
            }),
        ),
    ];
    let row = |(name, calls, act)| row(format!("marks/{name}"), calls, act);
    acts.into_iter().map(row).collect()
}

/// What is said where nobody can go on.
fn at_logins() -> Vec<Behaviour> {
    let login = |change: fn(&mut Memory) -> Reply| {
        Act::Instead(Box::new(move |_, memory: &mut Memory| {
            Some(crate::front::act::plainly(&change(memory)))
        }))
    };
    let error = login(|memory| {
        let body = json!({ "message": any(memory), "errorId": any(memory) });
        Reply::json(400, body.to_string())
    });
    let label = login(|memory| {
        let label = fit(&any(memory));
        Reply {
            status: 200,
            headers: vec![("Content-Type".to_owned(), label)],
            body: any(memory).into_bytes(),
            ..Reply::default()
        }
    });
    let moved = login(|memory| Reply::page(302, "Found").with("Location", fit(&any(memory))));
    let elsewhere = login(|memory| {
        let body = json!({
            "alternateHostList": [any(memory), "other.invalid\nFORGED"],
            "errorId": "error.server.notAcceptingConnections", "message": any(memory),
        });
        Reply::json(503, body.to_string())
    });
    let session = changed(|_, reply, memory| {
        let id = any(memory);
        reply.body = json!({ "csrfToken": any(memory), "sessionId": id })
            .to_string()
            .into_bytes();
        reply
            .headers
            .retain(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
    });
    let script = instead(|| Reply::labelled(200, "text/html", SCRIPT));
    let acts = vec![
        ("error", error),
        ("label", label),
        ("moved", moved),
        ("elsewhere", elsewhere),
        ("session", session),
        ("script", script),
    ];
    let row = |(name, act)| row(format!("marks/login-{name}"), LOGINS, act).ends(super::ANY);
    let rows = acts.into_iter().map(row);
    rows.map(|row| row.ends_each([CANNOT, ANY, ANY])).collect()
}
