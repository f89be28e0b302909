//! What is no HTTP, or more of it than one answer: for everything, and behind
//! answers that are right.

use super::{ALL, Behaviour, CANNOT, FAILS, FAILS_OR_CANNOT, LOGINS, READS, UPDATES, raw, steps};
use crate::front::act::{Act, Calls, Step, plainly};
use crate::front::memory::{Memory, ms};
use crate::front::message::{Asked, Reply};

/// The head of an answer that is right so far.
const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

pub(super) fn rows() -> Vec<Behaviour> {
    let mut rows = fixed();
    rows.extend(endless());
    rows.extend(behind());
    rows.extend(early());
    rows.extend(cut());
    rows
}

/// The same bytes to everything.
fn fixed() -> Vec<Behaviour> {
    let json = "{}";
    let texts: Vec<(&str, String)> = vec![
        (
            "letters-in-status",
            "HTTP/1.1 2OO OK\r\nContent-Length: 0\r\n\r\n".into(),
        ),
        (
            "status-of-five",
            "HTTP/1.1 20000 OK\r\nContent-Length: 0\r\n\r\n".into(),
        ),
        ("no-status", "HTTP/1.1\r\n\r\n".into()),
        (
            "http-9",
            "HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n".into(),
        ),
        ("http-2-preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".into()),
        ("icecast", "ICY 200 OK\r\n\r\n".into()),
        ("ssh", "SSH-2.0-OpenSSH_9.7\r\n".into()),
        ("smtp", "220 mail.example ESMTP\r\n".into()),
        ("tls-alert", "\u{15}\u{3}\u{1}\0\u{2}\u{2}\u{46}".into()),
        ("empty-lines", "\r\n".repeat(5000)),
        ("no-colon", format!("{HEAD}Content Length 2\r\n\r\n{json}")),
        (
            "nul-in-header",
            format!("{HEAD}X: a\0b\r\nContent-Length: 2\r\n\r\n{json}"),
        ),
        (
            "folded-header",
            format!("{HEAD}X: a\r\n b\r\nContent-Length: 2\r\n\r\n{json}"),
        ),
        (
            "space-before-colon",
            format!("{HEAD}Content-Length : 2\r\n\r\n{json}"),
        ),
        (
            "bare-cr",
            format!("{HEAD}X: a\rb\r\nContent-Length: 2\r\n\r\n{json}"),
        ),
        (
            "two-lengths",
            format!("{HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{json}x"),
        ),
        (
            "length-list",
            format!("{HEAD}Content-Length: 2, 3\r\n\r\n{json}"),
        ),
        (
            "length-negative",
            format!("{HEAD}Content-Length: -1\r\n\r\n{json}"),
        ),
        (
            "length-signed",
            format!("{HEAD}Content-Length: +2\r\n\r\n{json}"),
        ),
        (
            "length-hex",
            format!("{HEAD}Content-Length: 0x2\r\n\r\n{json}"),
        ),
        (
            "length-beyond-u64",
            format!("{HEAD}Content-Length: 99999999999999999999\r\n\r\n{json}"),
        ),
        (
            "length-of-an-exabyte",
            format!("{HEAD}Content-Length: 1000000000000000000\r\n\r\n{json}"),
        ),
        (
            "length-and-chunks",
            format!("{HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{json}\r\n"),
        ),
        (
            "coding-unknown",
            format!("{HEAD}Transfer-Encoding: zebra\r\n\r\n{json}"),
        ),
        (
            "chunk-size-nonsense",
            format!("{HEAD}Transfer-Encoding: chunked\r\n\r\nxyz\r\n{json}"),
        ),
        (
            "chunk-size-beyond-u64",
            format!("{HEAD}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{json}"),
        ),
        (
            "chunk-size-of-an-exabyte",
            format!("{HEAD}Transfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n{json}"),
        ),
        (
            "chunk-without-end",
            format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\n{json}0\r\n\r\n"),
        ),
        (
            "gzip-that-is-none",
            format!("{HEAD}Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{json}"),
        ),
        (
            "coding-of-nobody",
            format!("{HEAD}Content-Encoding: zebra\r\nContent-Length: 2\r\n\r\n{json}"),
        ),
        (
            "headers-300",
            format!("{HEAD}{}\r\n{json}", "X: y\r\n".repeat(300)),
        ),
        (
            "header-of-70-kb",
            format!("{HEAD}X: {}\r\n\r\n{json}", "y".repeat(70_000)),
        ),
        (
            "header-of-5-mb",
            format!("{HEAD}X: {}\r\n\r\n{json}", "y".repeat(5_000_000)),
        ),
        (
            "reason-of-5-mb",
            format!("HTTP/1.1 200 {}\r\n\r\n{json}", "y".repeat(5_000_000)),
        ),
        (
            "body-of-5-mb",
            format!("{HEAD}\r\n\"{}\"", "y".repeat(5_000_000)),
        ),
        ("only-100", "HTTP/1.1 100 Continue\r\n\r\n".into()),
        (
            "only-103",
            "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".into(),
        ),
        (
            "interim-thousand",
            "HTTP/1.1 102 Processing\r\n\r\n".repeat(1000),
        ),
        ("nothing", String::new()),
    ];
    let row = |(name, text): (&str, String)| {
        let bytes = text.into_bytes();
        let row = Behaviour::new(format!("framing/{name}"), ALL, raw(move |_| bytes.clone()));
        broken(row)
    };
    texts.into_iter().map(row).collect()
}

/// From the start nobody can judge it; later it may be a violation.
fn broken(row: Behaviour) -> Behaviour {
    row.ends_each([CANNOT, FAILS_OR_CANNOT, FAILS_OR_CANNOT])
        .findings(6)
}

/// Without an end, or of another kind each time.
fn endless() -> Vec<Behaviour> {
    let piece = |length: usize| move |memory: &mut Memory| memory.noise(length);
    let endless = |head: &'static str, piece: &'static str| {
        steps(move || {
            let mut script = vec![Step::Bytes(head.as_bytes().to_vec())];
            let piece = piece.repeat(65_536 / piece.len());
            script.extend(vec![Step::Bytes(piece.into_bytes()); 2000]);
            script.push(Step::Hang);
            script
        })
    };
    let chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let acts = vec![
        ("random-bytes", raw(piece(400))),
        ("random-bytes-200-kb", raw(piece(200_000))),
        (
            "random-body",
            raw(|memory| {
                let mut bytes = HEAD.as_bytes().to_vec();
                bytes.extend_from_slice(b"Content-Length: 300\r\n\r\n");
                bytes.extend(memory.noise(300));
                bytes
            }),
        ),
        ("endless-status", endless("HTTP/1.1 200 ", "yyyy")),
        (
            "endless-headers",
            endless("HTTP/1.1 200 OK\r\n", "X: yyyy\r\n"),
        ),
        (
            "endless-interim",
            endless("", "HTTP/1.1 102 Processing\r\n\r\n"),
        ),
        ("endless-chunks", endless(chunks, "1\r\ny\r\n")),
        (
            "endless-chunk-extension",
            endless(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;",
                "yyyy",
            ),
        ),
        (
            "endless-trailer",
            endless(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
                "X: yyyy\r\n",
            ),
        ),
        ("endless-body", endless("HTTP/1.1 200 OK\r\n\r\n", "yyyy")),
        ("endless-empty-lines", endless("", "\r\n")),
        (
            "dripping-head",
            steps(|| {
                vec![
                    Step::Drip(HEAD.repeat(100).into_bytes(), ms(50)),
                    Step::Hang,
                ]
            }),
        ),
        (
            "dripping-body",
            steps(|| {
                let head = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n";
                let slowly = Step::Drip(b"y".repeat(100_000), ms(50));
                vec![Step::Bytes(head.into()), slowly]
            }),
        ),
    ];
    let row = |(name, act)| broken(Behaviour::new(format!("framing/{name}"), ALL, act));
    acts.into_iter().map(row).collect()
}

/// What comes behind an answer that is right, although nobody asked for it.
fn behind() -> Vec<Behaviour> {
    let second = || Reply::json(500, r#"{"message":"late"}"#).bytes();
    let with = |bytes: fn() -> Vec<u8>, pause: u64| {
        Act::After(Box::new(move |_, reply, _| {
            let mut first = reply.bytes();
            match pause {
                0 => {
                    first.extend(bytes());
                    vec![Step::Bytes(first)]
                }
                pause => vec![
                    Step::Bytes(first),
                    Step::Pause(ms(pause)),
                    Step::Bytes(bytes()),
                ],
            }
        }))
    };
    let acts: Vec<(&str, Calls, Act)> = vec![
        ("newline", ALL, with(|| b"\r\n".to_vec(), 0)),
        ("text", ALL, with(|| b"and so on".to_vec(), 0)),
        ("second-answer", ALL, with(second, 0)),
        ("second-answer-to-updates", UPDATES, with(second, 0)),
        ("second-answer-to-reads", READS, with(second, 0)),
        ("second-answer-to-logins", LOGINS, with(second, 0)),
        ("second-answer-later", UPDATES, with(second, 20)),
        ("kilobytes", UPDATES, with(|| b"y".repeat(200_000), 0)),
        ("text-later", UPDATES, with(|| b"and so on".to_vec(), 20)),
        (
            "length-too-short",
            UPDATES,
            Act::After(Box::new(|_, reply, _| {
                let mut bytes = reply.head(reply.body.len().saturating_sub(1));
                bytes.extend(&reply.body);
                vec![Step::Bytes(bytes)]
            })),
        ),
    ];
    let row = |(name, calls, act)| {
        // An empty line behind an answer is what old clients sent, and harmless.
        let codes: &[i32] = if name == "newline" { super::ANY } else { FAILS };
        let row = Behaviour::new(format!("behind/{name}"), calls, act);
        let row = row.ends(codes);
        match name {
            // Its bodies are no JSON, whatever was asked.
            "length-too-short" => row.findings(usize::MAX),
            _ => row.findings(6).rules(&["ISE-1", "ERR-11", "OK-1"]),
        }
    };
    acts.into_iter().map(row).collect()
}

/// What is said before anything was asked.
fn early() -> Vec<Behaviour> {
    let say = |reply: fn() -> Reply| Act::Early(Box::new(move |_, _| Some(plainly(&reply()))));
    let ok = say(|| Reply::json(200, r#"{"subObjects":[]}"#));
    let error = say(|| Reply::json(500, r#"{"message":"early"}"#));
    let page = say(|| Reply::page(502, "Bad Gateway"));
    let banner = Act::Early(Box::new(|_: &Asked, _| {
        Some(vec![Step::Bytes(b"220 welcome\r\n".to_vec())])
    }));
    let acts = vec![
        ("200", ok),
        ("500", error),
        ("502-page", page),
        ("banner", banner),
    ];
    let row = |(name, act)| {
        let row = Behaviour::new(format!("early/{name}"), ALL, act);
        row.ends(FAILS_OR_CANNOT).findings(6)
    };
    acts.into_iter().map(row).collect()
}

/// An answer that is right, and ends too early.
fn cut() -> Vec<Behaviour> {
    let at = |part: fn(usize, usize) -> usize| {
        Act::After(Box::new(move |_, reply, _| {
            let mut bytes = reply.bytes();
            let head = reply.head(reply.body.len()).len();
            bytes.truncate(part(head, bytes.len()));
            vec![Step::Bytes(bytes), Step::Close]
        }))
    };
    let acts: Vec<(&str, Calls, Act)> = vec![
        ("all-in-head", ALL, at(|head, _| head / 2)),
        ("all-behind-head", ALL, at(|head, _| head)),
        ("updates-by-a-byte", UPDATES, at(|_, all| all - 1)),
        ("reads-by-a-byte", READS, at(|_, all| all - 1)),
        (
            "updates-in-chunks",
            UPDATES,
            Act::After(Box::new(|_, reply, _| {
                let mut bytes = HEAD.as_bytes().to_vec();
                let size = format!(
                    "Transfer-Encoding: chunked\r\n\r\n{:x}\r\n",
                    reply.body.len()
                );
                bytes.extend(size.into_bytes());
                bytes.extend(&reply.body);
                vec![Step::Bytes(bytes), Step::Close]
            })),
        ),
    ];
    let row = |(name, calls, act)| {
        let row = Behaviour::new(format!("cut/{name}"), calls, act);
        row.ends(FAILS_OR_CANNOT).findings(6)
    };
    acts.into_iter().map(row).collect()
}
