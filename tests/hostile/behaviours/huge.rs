//! Texts and lists that are huge, and others each time; and secrets that make
//! looking for them slow.

use std::iter;

use serde_json::{Value, json};

use super::{ALL, ANY, Behaviour, FEATURES, LOGINS, NO_FAULT, UPDATES, VERSION, changed};
use crate::front::act::{Act, Calls};
use crate::front::memory::{Memory, ms};
use crate::front::message::{Asked, Reply};

/// As long as fits below the limit of an answer.
const LONG: usize = 900_000;

pub(super) fn rows() -> Vec<Behaviour> {
    let mut rows = texts();
    rows.extend(lists());
    rows.extend(credentials());
    rows.extend(slow_to_hide());
    rows
}

/// A text that never comes twice.
fn text(memory: &mut Memory, length: usize) -> String {
    let salt = format!("{:x}", memory.random());
    salt.chars().chain(iter::repeat('y')).take(length).collect()
}

/// Refused updates are answered with this.
fn refusal(of: impl Fn(&mut Memory) -> Value + Send + Sync + 'static) -> Act {
    changed(move |_, reply, memory| {
        if reply.status >= 400 {
            reply.body = of(memory).to_string().into_bytes();
        }
    })
}

/// Whatever is answered has this header.
fn header(name: &'static str, of: fn(&mut Memory) -> String) -> Act {
    changed(move |_, reply: &mut Reply, memory| {
        let value = of(memory);
        reply
            .headers
            .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        reply.headers.push((name.to_owned(), value.into_bytes()));
    })
}

fn row(name: &str, calls: Calls, act: Act) -> Behaviour {
    let row = Behaviour::new(format!("huge/{name}"), calls, act);
    row.ends(ANY).findings(usize::MAX).tried(|options| {
        options.only = &["field/", "session/missing", "answer/"];
        options.cases = Some(10);
        options.middle = 150;
        options.timeout = ms(5_000);
    })
}

fn texts() -> Vec<Behaviour> {
    let error_id = refusal(|memory| json!({ "message": "No.", "errorId": text(memory, LONG) }));
    let message = changed(|_, reply: &mut Reply, memory| {
        if reply.status >= 400 {
            reply.status = 418;
            reply.body = json!({ "message": text(memory, LONG) })
                .to_string()
                .into_bytes();
        }
    });
    let no_json = changed(|_, reply, memory| {
        if reply.status >= 400 {
            reply.body = text(memory, LONG).into_bytes();
        }
    });
    let validation = |name: &'static str| {
        refusal(move |memory| {
            let mut error = json!({
                "validationErrorType": 32, "propertyName": "inboundFolder", "propertyValue": "x",
            });
            error[name] = text(memory, LONG).into();
            json!({
                "__type": "urn:inin.com:configuration.people:x", "message": "No.",
                "errorId": "error.request.configuration.update", "validationErrors": [error],
            })
        })
    };
    let key = changed(|_, reply, memory| {
        let mut body = json!({ "message": "No.", "subObjects": [] });
        body[text(memory, LONG)] = 1.into();
        reply.body = body.to_string().into_bytes();
    });
    let digits = changed(|_, reply, memory| {
        let number = format!("{}{}", memory.random(), "7".repeat(LONG));
        reply.body = format!(r#"{{"message":"No.","errorCode":{number}}}"#).into_bytes();
    });
    let label = |memory: &mut Memory| format!("application/{}", text(memory, 50_000));
    vec![
        row("error-ids", UPDATES, error_id),
        row("messages", UPDATES, message),
        row("no-json", UPDATES, no_json),
        row("property-names", UPDATES, validation("propertyName")),
        row("property-values", UPDATES, validation("propertyValue")),
        row("types-as-texts", UPDATES, validation("validationErrorType")),
        row("unknown-keys", UPDATES, key),
        row("numbers", UPDATES, digits),
        row("labels", ALL, header("Content-Type", label)),
        row(
            "challenges",
            UPDATES,
            header("WWW-Authenticate", |memory| {
                let parameters =
                    (0..2_000).map(|place| format!("p{place}=\"{}\"", memory.random()));
                let parameters: Vec<_> = parameters.collect();
                format!("ICWS {}", parameters.join(", "))
            }),
        ),
        row(
            "locations",
            ALL,
            changed(|_, reply, memory| {
                reply.status = 302;
                let location = format!("/{}", text(memory, 60_000));
                reply
                    .headers
                    .push(("Location".to_owned(), location.into_bytes()));
            }),
        )
        .ends(super::FAILS_OR_CANNOT),
    ]
}

fn lists() -> Vec<Behaviour> {
    let entries = |entry: &'static str, count: usize| {
        changed(move |_, reply: &mut Reply, memory: &mut Memory| {
            if reply.status >= 400 {
                let salt = memory.random();
                let entries = vec![entry; count].join(",");
                reply.body = format!(
                    r#"{{"__type":"urn:inin.com:configuration:configurationError","message":"{salt}","errorId":"error.request.configuration.update","validationErrors":[{entries}]}}"#
                )
                .into_bytes();
            }
        })
    };
    let sub_objects = |entry: fn(u64, usize) -> String, count: usize| {
        changed(move |_, reply: &mut Reply, memory: &mut Memory| {
            if reply.status == 200 {
                let salt = memory.random();
                let entries: Vec<_> = (0..count).map(|place| entry(salt, place)).collect();
                reply.body = format!(r#"{{"subObjects":[{}]}}"#, entries.join(",")).into_bytes();
            }
        })
    };
    let keys = changed(|_, reply, memory| {
        let salt = memory.random();
        let members: Vec<_> = (0..40_000)
            .map(|place| format!(r#""{salt:x}{place}":1"#))
            .collect();
        reply.body = format!(r#"{{"message":"No.",{}}}"#, members.join(",")).into_bytes();
    });
    let deep = changed(|_, reply, _| {
        let (open, close) = ("[".repeat(100_000), "]".repeat(100_000));
        reply.body = format!(r#"{{"message":"No.","x":{open}{close}}}"#).into_bytes();
    });
    let features = changed(|_, reply, memory| {
        let salt = memory.random();
        let entry = |place| format!(r#"{{"featureId":"{salt}{place}","version":{place}}}"#);
        let entries: Vec<_> = (0..15_000).map(entry).collect();
        reply.body = format!(r#"{{"featureInfoList":[{}]}}"#, entries.join(",")).into_bytes();
    });
    let version = changed(|_, reply, memory| {
        reply.body = json!({ "majorVersion": text(memory, LONG), "build": text(memory, 1000) })
            .to_string()
            .into_bytes();
    });
    vec![
        row("300000-empty-errors", UPDATES, entries("{}", 300_000)),
        row("200000-null-errors", UPDATES, entries("null", 200_000)),
        row("400000-numbers-for-errors", UPDATES, entries("7", 400_000)),
        row(
            "100000-listed-ids",
            UPDATES,
            sub_objects(|_, place| format!(r#"{{"id":"{place}"}}"#), 60_000),
        ),
        row(
            "ids-listed-otherwise-each-time",
            UPDATES,
            sub_objects(
                |salt, place| format!(r#"{{"id":"{salt:x}{place}"}}"#),
                30_000,
            ),
        ),
        row(
            "listed-without-ids",
            UPDATES,
            sub_objects(|salt, place| format!(r#"{{"u{salt:x}{place}":1}}"#), 30_000),
        ),
        row("40000-keys", UPDATES, keys),
        row("deep", UPDATES, deep),
        row("features", FEATURES, features),
        row("version", VERSION, version).ends(NO_FAULT),
    ]
}

/// Replaces what a login issues in its body, its headers left out.
fn issued(of: impl Fn(&mut Memory) -> (String, String) + Send + Sync + 'static) -> Act {
    changed(move |_: &Asked, reply, memory| {
        if reply.status == 201 {
            let (token, session) = of(memory);
            reply.body = json!({ "csrfToken": token, "sessionId": session })
                .to_string()
                .into_bytes();
            let ours = ["ININ-ICWS-CSRF-Token", "ININ-ICWS-Session-ID", "Location"];
            reply
                .headers
                .retain(|(name, _)| !ours.iter().any(|our| name.eq_ignore_ascii_case(our)));
        }
    })
}

fn credentials() -> Vec<Behaviour> {
    let cookie = changed(|_, reply, memory| {
        let value = format!("icws_1={}; Path=/", text(memory, 60_000));
        reply
            .headers
            .push(("Set-Cookie".to_owned(), value.into_bytes()));
    });
    let row = |name: &str, calls, act| row(name, calls, act).ends(ANY);
    vec![
        row(
            "tokens",
            LOGINS,
            issued(|memory| (text(memory, LONG), "7".to_owned())),
        ),
        row(
            "tokens-of-50-kb",
            LOGINS,
            issued(|memory| (text(memory, 50_000), "7".to_owned())),
        ),
        row(
            "sessions",
            LOGINS,
            issued(|memory| ("t".repeat(20), text(memory, LONG))),
        ),
        row("cookies", ALL, cookie),
    ]
}

/// A secret that is like what it is looked for in.
fn slow_to_hide() -> Vec<Behaviour> {
    let row = |name: &str, token: String, error_id: String| {
        let act = changed(move |asked: &Asked, reply: &mut Reply, _| {
            let body = match asked.is_login() {
                true if reply.status == 201 => {
                    let is_token = |name: &str| name.eq_ignore_ascii_case("ININ-ICWS-CSRF-Token");
                    reply.headers.retain(|(name, _)| !is_token(name));
                    let text = String::from_utf8_lossy(&reply.body).into_owned();
                    let mut body: Value = serde_json::from_str(&text).unwrap_or_default();
                    body["csrfToken"] = token.clone().into();
                    body
                }
                _ => {
                    reply.status = 400;
                    json!({ "message": "No.", "errorId": error_id })
                }
            };
            reply.body = body.to_string().into_bytes();
        });
        row(name, ALL, act).ends(super::FAILS_OR_CANNOT)
    };
    vec![
        row("token-of-one-letter", "a".repeat(30_000), "a".repeat(LONG)),
        row(
            "token-of-two-letters",
            "ab".repeat(15_000),
            "ab".repeat(LONG / 2),
        ),
        row(
            "token-almost-there",
            format!("{}b", "a".repeat(30_000)),
            "a".repeat(LONG),
        ),
        row("token-a", "a".to_owned(), "a".repeat(1000)),
        row("token-the", "the".to_owned(), "the ".repeat(100)),
    ]
}
