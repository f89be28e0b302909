//! What is done to one answer.

use std::time::Duration;

use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, SliceRandom};

use crate::front::Answer;
use crate::leaks::{Known, SPELLINGS};
use crate::scene::Way;
use crate::trees;

/// How an answer is written.
#[derive(Clone, Debug)]
pub(crate) struct Sending {
    /// What is waited for before the first byte.
    pub(crate) after: Duration,
    /// The bytes, in pieces.
    pub(crate) pieces: Vec<Vec<u8>>,
    /// What is waited for behind each piece.
    pub(crate) between: Duration,
    /// Whether the connection is kept.
    pub(crate) keeps: bool,
}

impl Sending {
    fn of(bytes: Vec<u8>, keeps: bool) -> Self {
        Self {
            after: Duration::ZERO,
            pieces: vec![bytes],
            between: Duration::ZERO,
            keeps,
        }
    }
}

/// That answer, damaged in that way.
pub(crate) fn damaged(way: Way, answer: Answer, known: &Known, random: &mut StdRng) -> Sending {
    match way {
        Way::Bytes => {
            let mut bytes = [answer.head, answer.body].concat();
            for _ in 0..random.random_range(1..6) {
                damage_bytes(&mut bytes, random);
            }
            Sending::of(bytes, random.random_bool(0.2))
        }
        Way::Head => {
            let (head, keeps) = damaged_head(&answer, random);
            Sending::of([head, answer.body].concat(), keeps)
        }
        Way::Tree => Sending::of(
            with_body(&answer.head, trees::damaged(&answer.body, random)),
            true,
        ),
        Way::Noise => noise(&answer, random),
        Way::Echo => echo(&answer, known, random),
        Way::Time => late(&answer, random),
    }
}

/// Damages a few bytes.
fn damage_bytes(bytes: &mut Vec<u8>, random: &mut StdRng) {
    if bytes.is_empty() {
        return;
    }
    let at = random.random_range(0..bytes.len());
    let until = (at + random.random_range(1..64)).min(bytes.len());
    match random.random_range(0..7) {
        0 => bytes[at] ^= 1 << random.random_range(0..8),
        1 => bytes[at] = random.random(),
        2 => _ = bytes.drain(at..until),
        3 => {
            let part = bytes[at..until].to_vec();
            let times = *[1, 2, 1000].choose(random).expect("a choice");
            bytes.splice(at..at, part.repeat(times));
        }
        4 => bytes.truncate(at),
        5 => {
            let part: Vec<u8> = (at..until).map(|_| random.random()).collect();
            bytes.splice(at..until, part);
        }
        _ => bytes[at..until].reverse(),
    }
}

/// The head with another status or other headers, and whether the connection is
/// kept.
fn damaged_head(answer: &Answer, random: &mut StdRng) -> (Vec<u8>, bool) {
    let head = String::from_utf8_lossy(&answer.head).into_owned();
    let mut lines: Vec<String> = head.trim_end().split("\r\n").map(str::to_owned).collect();
    let mut keeps = random.random_bool(0.3);
    for _ in 0..random.random_range(1..4) {
        let at = random.random_range(0..lines.len());
        match random.random_range(0..9) {
            0 => lines[0] = format!("HTTP/1.1 {} Odd", status(random)),
            1 => {
                let lines_of_status = [
                    "HTTP/1.0 200 OK",
                    "HTTP/2 200",
                    "HTTP/1.1 2000 OK",
                    "HTTP/1.1 200",
                    "ICY 200 OK",
                    "HTTP/1.1 -1 No",
                    "",
                ];
                lines[0] = (*lines_of_status.choose(random).expect("a choice")).to_owned();
            }
            2 if lines.len() > 1 => _ = lines.remove(at.max(1)),
            3 => lines.push(lines[at].clone()),
            4 => lines.push(header(random)),
            5 => lines[at] = lines[at].replace(": ", ":\t \u{0}"),
            6 => lines.extend((0..random.random_range(1..300)).map(|n| format!("x-{n}: {n}"))),
            7 => lines[at] += &"a".repeat(random.random_range(1..100_000)),
            _ => {
                lines.shuffle(random);
                keeps = false;
            }
        }
    }
    ((lines.join("\r\n") + "\r\n\r\n").into_bytes(), keeps)
}

fn status(random: &mut StdRng) -> u16 {
    let usual = [
        100, 101, 103, 200, 201, 204, 206, 301, 302, 304, 307, 400, 401, 403, 404, 406, 408, 409,
        410, 411, 413, 415, 429, 431, 500, 501, 502, 503, 504, 511,
    ];
    if random.random_bool(0.9) {
        *usual.choose(random).expect("a choice")
    } else {
        random.random_range(0..1000)
    }
}

fn header(random: &mut StdRng) -> String {
    let headers = [
        "Content-Length: 0",
        "Content-Length: 18446744073709551615",
        "Content-Length: -1",
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: gzip, chunked",
        "Content-Encoding: gzip",
        "Content-Encoding: br",
        "Content-Encoding: deflate, gzip, deflate, gzip",
        "Content-Type: text/html",
        "Content-Type: application/json; charset=utf-16",
        "Content-Type: \u{1b}[2Jno:type",
        "Connection: close",
        "Connection: upgrade",
        "Retry-After: 1",
        "Retry-After: 99999999999999999999",
        "Retry-After: Thu, 01 Jan 2099 00:00:00 GMT",
        "Location: http://127.0.0.1:1/",
        "Location: //",
        "WWW-Authenticate: ICWS realm=\"",
        "WWW-Authenticate: Basic, ICWS realm=ICWS, location=,,,",
        "Set-Cookie: icws_1=; Path=/; Max-Age=0",
        "Set-Cookie: a=b; Domain=example.com",
        "Set-Cookie: =; ; ;",
        "ININ-ICWS-CSRF-Token: ",
        "ININ-ICWS-CSRF-Token: a",
        "ININ-ICWS-Session-ID: ../..",
        "Date: not now",
        ": nothing",
        " folded",
    ];
    (*headers.choose(random).expect("a choice")).to_owned()
}

/// Something else in the place of an answer.
fn noise(answer: &Answer, random: &mut StdRng) -> Sending {
    let page = "<html><head><title>Sorry</title></head><body><h1>Sorry</h1></body></html>";
    let whole = |status: u16, body: &str| {
        let length = body.len();
        format!(
            "HTTP/1.1 {status} No\r\nContent-Type: text/html\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .into_bytes()
    };
    match random.random_range(0..8) {
        0 => Sending::of(Vec::new(), false),
        1 => {
            let length = random.random_range(1..2000);
            Sending::of((0..length).map(|_| random.random()).collect(), false)
        }
        2 => {
            let status = *[429, 503].choose(random).expect("a choice");
            Sending::of(whole(status, page), true)
        }
        3 => {
            let status = *[408, 500, 502, 504, 301, 307]
                .choose(random)
                .expect("a choice");
            Sending::of(whole(status, page), random.random())
        }
        4 => {
            let interim = b"HTTP/1.1 102 Processing\r\n\r\n".repeat(random.random_range(1..200));
            Sending::of(interim, false)
        }
        5 => Sending::of(b"\x15\x03\x03\x00\x02\x02\x28".to_vec(), false),
        6 => {
            let cut = random.random_range(0..answer.head.len());
            Sending::of(answer.head[..cut].to_vec(), false)
        }
        _ => Sending::of(whole(401, page), true),
    }
}

/// What the client sent, or a user's password, in some spelling and some place.
fn echo(answer: &Answer, known: &Known, random: &mut StdRng) -> Sending {
    let secrets = known.secrets();
    let secret = secrets.choose(random).map_or("", String::as_str);
    let (_, spell) = SPELLINGS.choose(random).expect("a spelling");
    let padding = random.random_range(0..1000);
    let text = format!(
        "{}{}{}",
        "x ".repeat(padding),
        spell(secret),
        [" tail", "", "\""].choose(random).expect("a choice")
    );
    let quoted = serde_json::Value::from(text.as_str()).to_string();
    let body = String::from_utf8_lossy(&answer.body).into_owned();
    match random.random_range(0..4) {
        0 => Sending::of(with_body(&answer.head, text.into_bytes()), true),
        1 => {
            let body = format!(r#"{{"errorId":{quoted},"message":{quoted},{quoted}:1}}"#);
            Sending::of(with_body(&answer.head, body.into_bytes()), true)
        }
        2 if body.starts_with('{') && body.len() > 2 => {
            let body = format!(r#"{{"message":{quoted},{}"#, &body[1..]);
            Sending::of(with_body(&answer.head, body.into_bytes()), true)
        }
        _ => {
            let line: String = text
                .chars()
                .filter(|c| c.is_ascii() && !c.is_control())
                .collect();
            let head = String::from_utf8_lossy(&answer.head).into_owned();
            let name = ["Content-Type", "X-Seen", "Set-Cookie", "Location"].choose(random);
            let added = format!("{}: {line}\r\n\r\n", name.expect("a choice"));
            let head = format!("{}\r\n{added}", head.trim_end());
            Sending::of([head.as_bytes(), &answer.body].concat(), true)
        }
    }
}

/// The answer, late, in pieces or only in part.
fn late(answer: &Answer, random: &mut StdRng) -> Sending {
    let bytes = [answer.head.as_slice(), &answer.body].concat();
    let milliseconds =
        |most: u64, random: &mut StdRng| Duration::from_millis(random.random_range(0..=most));
    let mut sending = Sending::of(bytes, true);
    match random.random_range(0..6) {
        0 => sending.after = milliseconds(500, random),
        1 | 2 => {
            let size = random.random_range(1..100);
            let pieces = sending.pieces[0].chunks(size).map(<[u8]>::to_vec);
            sending.pieces = pieces.collect();
            sending.between = Duration::from_micros(random.random_range(0..2000));
        }
        3 => {
            let cut = random.random_range(0..sending.pieces[0].len());
            sending.pieces[0].truncate(cut);
            sending.keeps = false;
        }
        4 => {
            let twice = sending.pieces[0].clone();
            sending.pieces.push(twice);
            sending.between = milliseconds(5, random);
        }
        _ => {
            // The connection ends behind a whole answer.
            sending.keeps = false;
            sending.between = milliseconds(5, random);
        }
    }
    sending
}

/// The head with another body, of which it tells the length.
fn with_body(head: &[u8], body: Vec<u8>) -> Vec<u8> {
    let head = String::from_utf8_lossy(head);
    let lines = head.trim_end().split("\r\n");
    let kept = lines.filter(|line| !line.to_ascii_lowercase().starts_with("content-length:"));
    let mut bytes = Vec::new();
    for line in kept {
        bytes.extend_from_slice(line.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("content-length: {}\r\n\r\n", body.len()).as_bytes());
    bytes.extend(body);
    bytes
}
