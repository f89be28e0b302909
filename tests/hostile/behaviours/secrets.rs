//! Secrets that come back, in many spellings and at many places.

use std::fmt::Write;

use icws_conformance::reference::Fixtures;
use serde_json::json;

use super::{ALL, ANY, Behaviour, READS, UPDATES, changed};
use crate::front::act::{Act, Moment, Step};
use crate::front::memory::{Memory, ms};
use crate::front::message::{Asked, Reply};
use crate::leaks::base64;

/// How a secret is spelt.
type Spelling = fn(&str) -> String;

pub(super) fn rows() -> Vec<Behaviour> {
    let mut rows = spellings();
    rows.extend(places());
    rows.extend(out_of_turn());
    rows
}

/// Written byte by byte.
fn bytewise(text: &str, write: fn(&mut String, u8)) -> String {
    let mut written = String::new();
    for byte in text.bytes() {
        write(&mut written, byte);
    }
    written
}

/// One of what is secret now: token, cookie or password.
fn secret(memory: &mut Memory) -> String {
    let passwords = Fixtures::default().users;
    match memory.random() % 4 {
        0 => passwords[0].password.clone(),
        1 => memory.last_cookie.clone(),
        _ => memory.last_token.clone(),
    }
}

fn row(name: String, calls: super::Calls, act: Act) -> Behaviour {
    let row = Behaviour::new(name, calls, act)
        .ends(ANY)
        .findings(usize::MAX);
    row.tried(|options| {
        options.only = &["field/", "session/missing", "answer/"];
        options.cases = Some(10);
        options.middle = 150;
    })
}

/// Refused updates are answered with an error id of that text.
fn error_id(of: impl Fn(&mut Memory) -> String + Send + Sync + 'static) -> Act {
    changed(move |_, reply, memory| {
        if reply.status >= 400 {
            let body = json!({ "message": "No.", "errorId": of(memory) });
            reply.body = body.to_string().into_bytes();
        }
    })
}

fn spellings() -> Vec<Behaviour> {
    let spellings: Vec<(&str, Spelling)> = vec![
        ("plain", |secret| secret.to_owned()),
        ("base64", |secret| base64(secret.as_bytes())),
        ("base64-behind-a-letter", |secret| {
            base64(format!("x{secret}").as_bytes())
        }),
        ("base64-behind-two", |secret| {
            base64(format!("xy{secret}z").as_bytes())
        }),
        ("basic", |secret| {
            base64(format!("admin:{secret}").as_bytes())
        }),
        ("base64-for-urls", |secret| {
            let text = base64(secret.as_bytes());
            text.replace('+', "-").replace('/', "_").replace('=', "")
        }),
        ("hex", |secret| {
            bytewise(secret, |text, byte| _ = write!(text, "{byte:02x}"))
        }),
        ("hex-upper", |secret| {
            bytewise(secret, |text, byte| _ = write!(text, "{byte:02X}"))
        }),
        ("percent", |secret| {
            bytewise(secret, |text, byte| _ = write!(text, "%{byte:02X}"))
        }),
        ("percent-lower", |secret| {
            bytewise(secret, |text, byte| _ = write!(text, "%{byte:02x}"))
        }),
        ("escaped", |secret| {
            bytewise(secret, |text, byte| _ = write!(text, "\\u{byte:04x}"))
        }),
        ("entities", |secret| {
            bytewise(secret, |text, byte| _ = write!(text, "&#{byte};"))
        }),
        ("entities-hex", |secret| {
            bytewise(secret, |text, byte| _ = write!(text, "&#x{byte:x};"))
        }),
        ("upper-case", str::to_uppercase),
        ("lower-case", str::to_lowercase),
        ("quoted", |secret| format!("'{secret}'=\"{secret}\"")),
        ("in-words", |secret| format!("token{secret}token")),
    ];
    let row = |(name, spelling): (&str, Spelling)| {
        let act = error_id(move |memory| spelling(&secret(memory)));
        row(format!("secret/{name}"), UPDATES, act)
    };
    spellings.into_iter().map(row).collect()
}

/// Where somebody shows it.
fn places() -> Vec<Behaviour> {
    let refused = |change: fn(&mut Reply, String)| {
        changed(move |_, reply: &mut Reply, memory: &mut Memory| {
            if reply.status >= 400 {
                let text = secret(memory);
                change(reply, text);
            }
        })
    };
    let accepted = |change: fn(&mut Reply, String)| {
        changed(move |_, reply: &mut Reply, memory: &mut Memory| {
            if reply.status == 200 {
                let text = secret(memory);
                change(reply, text);
            }
        })
    };
    // Wherever a text is cut, some of these secrets lie across it.
    let straddling = error_id(|memory| {
        let before = memory.random() % 6_000;
        format!("{}{}", "y ".repeat(before as usize / 2), secret(memory))
    });
    let straddling_message = changed(|_, reply, memory| {
        if reply.status >= 400 {
            reply.status = 418;
            let before = "y".repeat((memory.random() % 6_000) as usize);
            let text = format!("{before}{}{before}", secret(memory));
            reply.body = json!({ "message": text }).to_string().into_bytes();
        }
    });
    let straddling_bytes = changed(|_, reply, memory| {
        if reply.status >= 400 {
            let before = "y".repeat((memory.random() % 6_000) as usize);
            reply.body = format!("{before}{}", secret(memory)).into_bytes();
        }
    });
    let stored = changed(|_, reply, memory| {
        if reply.status == 200 {
            let text = secret(memory);
            reply.body = json!({ "monitoredMailboxes": [{
                "configurationId": { "id": text, "displayName": text }, "emailAddress": text,
                "mailboxMoniker": text, "mailboxType": 1, text.clone(): text,
            }] })
            .to_string()
            .into_bytes();
        }
    });
    let acts: Vec<(&str, super::Calls, Act)> = vec![
        ("cut-error-ids", UPDATES, straddling),
        ("cut-messages", UPDATES, straddling_message),
        ("cut-bytes", UPDATES, straddling_bytes),
        ("in-stored-mailboxes", READS, stored),
        (
            "in-no-json",
            UPDATES,
            refused(|reply, text| reply.body = format!("<p>{text}</p>").into_bytes()),
        ),
        (
            "in-labels",
            UPDATES,
            refused(|reply, text| {
                reply.headers.clear();
                reply
                    .headers
                    .push(("Content-Type".to_owned(), text.into_bytes()));
            }),
        ),
        (
            "in-challenges",
            UPDATES,
            refused(|reply, text| {
                let value = format!("Basic realm=\"{text}\"");
                reply
                    .headers
                    .push(("WWW-Authenticate".to_owned(), value.into_bytes()));
                reply.status = 401;
            }),
        ),
        (
            "in-property-names",
            UPDATES,
            refused(|reply, text| {
                reply.body = json!({
                    "__type": "urn:inin.com:configuration:configurationError", "message": text,
                    "errorId": "error.request.configuration.update",
                    "validationErrors": [{ "validationErrorType": text, "propertyName": text,
                                           "propertyValue": text, text.clone(): text }],
                })
                .to_string()
                .into_bytes();
            }),
        ),
        (
            "in-listed-ids",
            UPDATES,
            accepted(|reply, text| {
                let entry = json!({ "id": text, "uri": text });
                reply.body = json!({ "subObjects": [entry] }).to_string().into_bytes();
            }),
        ),
        (
            "in-keys",
            UPDATES,
            accepted(|reply, text| {
                reply.body = json!({ text.clone(): { text: 1 } })
                    .to_string()
                    .into_bytes();
            }),
        ),
        (
            "in-features",
            super::FEATURES,
            accepted(|reply, text| {
                let entry = json!({ "featureId": text, "version": text });
                reply.body = json!({ "featureInfoList": [entry] })
                    .to_string()
                    .into_bytes();
            }),
        ),
        (
            "in-redirects",
            ALL,
            changed(|asked, reply, memory| {
                if !asked.is_login() {
                    reply.status = 302;
                    let location = format!("https://other.invalid/?t={}", secret(memory));
                    reply
                        .headers
                        .push(("Location".to_owned(), location.into_bytes()));
                }
            }),
        ),
    ];
    let row = |(name, calls, act)| row(format!("secret/{name}"), calls, act);
    acts.into_iter().map(row).collect()
}

/// Before the client has it, or in an answer that issues it on its own.
fn out_of_turn() -> Vec<Behaviour> {
    let ahead = Act::After(Box::new(|asked: &Asked, mut reply, memory| {
        if asked.is_login() {
            // The others have it a while before.
            let bytes = reply.bytes();
            memory.learn(&bytes);
            return vec![Step::Pause(ms(150)), Step::Bytes(bytes)];
        }
        if asked.is_update() && reply.status >= 400 {
            let id = format!("{} {}", memory.last_token, memory.last_cookie);
            reply.body = json!({ "message": "No.", "errorId": id })
                .to_string()
                .into_bytes();
        }
        vec![Step::Bytes(reply.bytes())]
    }));
    let anew = changed(|asked, reply, memory| {
        if reply.status < 400 {
            return;
        }
        let text = |memory: &mut Memory| {
            let [one, other] = [memory.random(), memory.random()];
            format!("{one:016x}Qz{other:016x}")
        };
        let (token, cookie) = (text(memory), text(memory));
        let session = asked.session().unwrap_or("7").to_owned();
        let value = format!("icws_{session}={cookie}; Path=/");
        reply
            .headers
            .push(("Set-Cookie".to_owned(), value.into_bytes()));
        let value = token.clone().into_bytes();
        reply
            .headers
            .push(("ININ-ICWS-CSRF-Token".to_owned(), value));
        let id = format!("{token} {cookie}");
        reply.body = json!({ "message": "No.", "errorId": id })
            .to_string()
            .into_bytes();
    });
    let later = &[Moment::Login, Moment::Middle];
    vec![
        row("secret/ahead-of-its-login".to_owned(), ALL, ahead),
        row("secret/issued-by-a-refusal".to_owned(), UPDATES, anew).at(later),
    ]
}
