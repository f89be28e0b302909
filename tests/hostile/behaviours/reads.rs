//! Reads of what is stored that nobody can understand, or that lie.

use super::{Behaviour, CANNOT, FAILS_OR_CANNOT, READS, changed};
use crate::front::act::Moment;
use crate::front::message::Reply;

pub(super) fn rows() -> Vec<Behaviour> {
    let mut rows = unclear();
    rows.extend(lies());
    rows.extend(huge());
    rows
}

/// What is no JSON, or none that means a list of mailboxes.
fn unclear() -> Vec<Behaviour> {
    let nested = |open: &str, close: &str, times| {
        format!(
            r#"{{"monitoredMailboxes":{}{}}}"#,
            open.repeat(times),
            close.repeat(times)
        )
    };
    let utf16 = |text: &str| {
        let units = text.encode_utf16().flat_map(u16::to_le_bytes);
        [0xff, 0xfe].into_iter().chain(units).collect::<Vec<u8>>()
    };
    let bodies: Vec<(&str, Vec<u8>)> = vec![
        ("empty", Vec::new()),
        ("null", b"null".to_vec()),
        ("list", b"[]".to_vec()),
        ("number", b"0".to_vec()),
        ("text", br#""monitoredMailboxes""#.to_vec()),
        ("nan", br#"{"monitoredMailboxes":NaN}"#.to_vec()),
        ("cut", br#"{"monitoredMailboxes":["#.to_vec()),
        ("trailing", br#"{"monitoredMailboxes":[]} more"#.to_vec()),
        (
            "bad-utf-8",
            b"{\"monitoredMailboxes\":[],\"x\":\"\xff\xfe\"}".to_vec(),
        ),
        ("utf-16", utf16(r#"{"monitoredMailboxes":[]}"#)),
        ("deep-lists", nested("[", "]", 100_000).into_bytes()),
        ("deep-objects", nested(r#"{"a":"#, "}", 50_000).into_bytes()),
        ("open-lists", "[".repeat(900_000).into_bytes()),
        ("page", b"<html>no</html>".to_vec()),
        ("nul", vec![0; 1000]),
        (
            "list-of-numbers",
            br#"{"monitoredMailboxes":[1,2,3]}"#.to_vec(),
        ),
        ("list-of-null", br#"{"monitoredMailboxes":[null]}"#.to_vec()),
        ("object-for-list", br#"{"monitoredMailboxes":{}}"#.to_vec()),
        (
            "text-for-list",
            br#"{"monitoredMailboxes":"none"}"#.to_vec(),
        ),
        ("without-ids", br#"{"monitoredMailboxes":[{}]}"#.to_vec()),
        (
            "ids-of-numbers",
            br#"{"monitoredMailboxes":[{"configurationId":{"id":1e400}}]}"#.to_vec(),
        ),
    ];
    let row = |(name, body): (&str, Vec<u8>)| {
        let act = changed(move |_, reply, _| {
            if reply.status == 200 {
                reply.body.clone_from(&body);
            }
        });
        let row = Behaviour::new(format!("reads/{name}"), READS, act);
        match name {
            // What is JSON may be taken for an answer that shows nothing.
            "null" | "list" | "number" | "text" | "list-of-numbers" | "list-of-null"
            | "object-for-list" | "text-for-list" | "without-ids" => row
                .ends_each([CANNOT, FAILS_OR_CANNOT, FAILS_OR_CANNOT])
                .findings(100),
            _ => row.ends(CANNOT),
        }
    };
    bodies.into_iter().map(row).collect()
}

/// Something is stored, and the reads say otherwise.
fn lies() -> Vec<Behaviour> {
    let said = |name: &str, body: fn(&mut Reply, u64)| {
        let act = changed(move |_, reply, memory| {
            if reply.status == 200 {
                body(reply, memory.random());
            }
        });
        let row = Behaviour::new(format!("reads/{name}"), READS, act);
        row.ends(FAILS_OR_CANNOT).findings(100)
    };
    let mailbox = |id: &str| {
        format!(
            r#"{{"configurationId":{{"id":"{id}"}},"emailAddress":"{id}@acme.test","mailboxMoniker":"SMTP:no-reply@acme.test","mailboxType":1}}"#
        )
    };
    let list =
        |mailboxes: String| format!(r#"{{"monitoredMailboxes":[{mailboxes}]}}"#).into_bytes();
    let always = mailbox("somebody-elses");
    let always = list(always);
    let foreign = Behaviour::new(
        "reads/always-one-of-others",
        READS,
        changed(move |_, reply, _| {
            if reply.status == 200 {
                reply.body.clone_from(&always);
            }
        }),
    );
    let another = Behaviour::new(
        "reads/each-time-another",
        READS,
        changed(move |_, reply, memory| {
            if reply.status == 200 {
                reply.body = list(mailbox(&format!("m{:x}", memory.random())));
            }
        }),
    );
    let hostile = |row: Behaviour| row.ends(FAILS_OR_CANNOT).findings(100);
    vec![
        said("empty-object", |reply, _| reply.body = b"{}".to_vec()),
        said("empty-list", |reply, _| {
            reply.body = br#"{"monitoredMailboxes":[]}"#.to_vec();
        }),
        said("null-list", |reply, _| {
            reply.body = br#"{"monitoredMailboxes":null}"#.to_vec();
        }),
        said("empty-object-at-times", |reply, random| {
            if random % 4 == 0 {
                reply.body = b"{}".to_vec();
            }
        }),
        said("list-in-another-case", |reply, _| {
            let text = String::from_utf8_lossy(&reply.body).into_owned();
            reply.body = text
                .replace("monitoredMailboxes", "MonitoredMailboxes")
                .into_bytes();
        }),
        said("twice-the-same", |reply, _| {
            let text = String::from_utf8_lossy(&reply.body).into_owned();
            reply.body = text
                .replacen("[{", "[{\"emailAddress\":\"x\"},{", 1)
                .into_bytes();
        }),
        hostile(foreign),
        hostile(another),
    ]
}

/// More than anybody can hold.
fn huge() -> Vec<Behaviour> {
    let row = |name: &str, megabytes: usize, count: usize, text: usize| {
        let act = changed(move |_, reply, memory| {
            if reply.status != 200 {
                return;
            }
            let padding = "y".repeat(text);
            let salt = memory.random();
            let mailboxes: Vec<_> = (0..count)
                .map(|place| {
                    format!(
                        r#"{{"configurationId":{{"id":"m{salt:x}{place}"}},"emailAddress":"{padding}{place}"}}"#
                    )
                })
                .collect();
            let body = format!(r#"{{"monitoredMailboxes":[{}]}}"#, mailboxes.join(","));
            reply.body = body.into_bytes();
        });
        let row = Behaviour::new(format!("reads/{name}"), READS, act);
        let row = row.ends(FAILS_OR_CANNOT).findings(100);
        row.at(&[Moment::Start, Moment::Middle]).tried(|options| {
            options.answer_bytes_max = Some(megabytes << 20);
            options.only = &["field/"];
            options.cases = Some(6);
            options.middle = 100;
            options.timeout = crate::front::memory::ms(10_000);
        })
    };
    vec![
        row("ten-thousand-mailboxes", 1, 9_000, 1),
        row("eighty-thousand-mailboxes", 4, 80_000, 1),
        row("one-mailbox-of-4-mb", 4, 1, 4_000_000),
        row("sixty-mailboxes-of-60-kb", 4, 60, 60_000),
        row("longer-than-allowed", 1, 20_000, 100),
    ]
}
