//! The probes: requests that between them touch every rule.

use serde_json::{Value, json};

use super::mailbox;
use super::probes::{Before, Probe};
use crate::reference::tests::Session;

/// Every probe.
pub(super) fn probes() -> Vec<Probe> {
    let mut probes = sessions();
    probes.extend(texts());
    probes.extend(properties());
    probes.extend(updates());
    probes.extend(heavy());
    probes
}

fn sessions() -> Vec<Probe> {
    const TAMPERS: &[fn(&mut Session, &Session)] = &[
        |own, _| own.token = "none".to_owned(),
        |own, _| own.token = String::new(),
        |own, _| own.token.truncate(40),
        |own, _| own.token = own.token.to_lowercase(),
        |own, _| own.token = format!("{}{}", "x".repeat(44), "y".repeat(44)),
        |own, _| own.token.replace_range(40..44, "_-_-"),
        |own, other| own.token.clone_from(&other.token),
        |own, _| own.cookie = "none".to_owned(),
        |own, _| own.cookie.truncate(30),
        |own, _| own.cookie = own.cookie.to_uppercase().replace("ICWS", "icws"),
        |own, _| own.cookie = format!("icws_{}=garbage", own.id),
        |own, other| {
            let (_, value) = other.cookie.split_once('=').expect("a pair");
            own.cookie = format!("icws_{}={value}", own.id);
        },
        |own, _| own.id = "1".to_owned(),
        |own, _| own.id = format!("{}x", own.id),
    ];
    let mut probes = Vec::new();
    for tamper in TAMPERS {
        probes.push(Probe::add().tampered(*tamper));
        probes.push(Probe::add().tampered(*tamper).on("nowhere"));
        probes.push(Probe::raw(b"{").tampered(*tamper));
    }
    for before in [
        Before::OtherLogsIn,
        Before::SelfLogsIn,
        Before::OtherEnds,
        Before::SelfEnds,
        Before::SelfExpires,
        Before::SecondExpires,
        Before::Fails,
        Before::Removed,
    ] {
        let two = json!({"add": [mailbox("a"), mailbox("b")], "remove": ["logistics-in"]});
        probes.push(Probe::json(&two).before(before));
    }
    let cookie_first = "other=1; ";
    probes.push(Probe {
        cookie_first,
        ..Probe::add()
    });
    for body in [
        json!({"add": [mailbox("a")]}),
        json!({"remove": ["logistics-in"]}),
    ] {
        probes.push(Probe {
            user: "limited",
            ..Probe::json(&body)
        });
        probes.push(
            Probe {
                user: "limited",
                ..Probe::json(&body)
            }
            .on("nowhere"),
        );
    }
    for workgroup in [
        "nowhere",
        "no où",
        "Sales ",
        "Sales+(EMEA)",
        "Sales%20(EMEA)",
        "sales",
        "Sales (EMEA)",
    ] {
        probes.push(Probe::add().on(workgroup));
        probes.push(Probe::raw(b"[]").on(workgroup));
    }
    let long: &'static str = Box::leak("w".repeat(150).into_boxed_str());
    probes.push(Probe::add().on(long));
    for media_type in [
        None,
        Some("text/plain"),
        Some("application/json"),
        Some("APPLICATION/JSON"),
        Some("application/json; charset=utf-8"),
    ] {
        probes.push(Probe {
            media_type,
            ..Probe::add()
        });
    }
    probes
}

fn texts() -> Vec<Probe> {
    let bodies: [&[u8]; 21] = [
        b"",
        b" ",
        b"{",
        b"{}x",
        b"{/**/}",
        b"{'add':[]}",
        b"{\"add\":[],}",
        b"{\"x\":NaN}",
        b"{\"x\":\"\xFF\"}",
        b"[]",
        b"null",
        b"5",
        b"\xEF\xBB\xBF{}",
        b"{\"x\":\"\\ud800\"}",
        b"{\"x\":1,\"x\":2}",
        b" {}",
        b"{\"\\u0041\":1}",
        "{\"x\":\"é\"}".as_bytes(),
        "{\"x\":\"😀\"}".as_bytes(),
        b"{\"__type\":\"t\"}",
        b"{\"ADD\":5}",
    ];
    let mut probes: Vec<_> = bodies.into_iter().map(Probe::raw).collect();
    probes.push(Probe::json(&json!([{"remove": ["logistics-in"]}])));
    let long = "x".repeat(2000);
    for text in [" a ", "A", "e\u{301}", "😀", "a\0b", "a\r\nb", &long] {
        probes.push(Probe::json(&with(&[("emailAddress", json!(text))])));
    }
    probes
}

/// One property with one value, added and modified.
fn properties() -> Vec<Probe> {
    let values = [
        (
            "emailAddress",
            vec![json!(null), json!({}), json!(5), json!("")],
        ),
        (
            "mailboxMoniker",
            vec![json!(null), json!([]), json!("unknown")],
        ),
        (
            "inboundFolder",
            vec![
                json!(null),
                json!({}),
                json!("Inbox2"),
                json!("VIP"),
                json!("INBOX"),
                json!("Archive/2024"),
                json!("Elsewhere"),
            ],
        ),
        (
            "canReceiveEncryptedEmail",
            vec![
                json!(null),
                json!({}),
                json!(5),
                json!(true),
                json!(false),
                json!("true"),
            ],
        ),
        (
            "mailboxType",
            vec![
                json!(null),
                json!("1"),
                json!("outbound"),
                json!(1),
                json!(2),
                json!(3),
                json!(-1),
                json!(1.0),
                json!(1.5),
                json!(256),
            ],
        ),
        (
            "configurationId",
            vec![json!(null), json!("logistics-in"), json!({}), json!(5)],
        ),
        ("__type", vec![json!("x")]),
    ];
    let mut probes = Vec::new();
    for (name, values) in values {
        for value in values {
            probes.push(Probe::json(&with(&[(name, value.clone())])));
            let mut given = json!({"configurationId": {"id": "logistics-in"}});
            given[name] = value.clone();
            probes.push(Probe::json(&json!({"modify": [given]})));
            let mut given = json!({"configurationId": {"id": "logistics-out"}});
            given[name] = value;
            probes.push(Probe::json(&json!({"modify": [given]})));
        }
    }
    for id in [
        json!({"id": null}),
        json!({"id": {}}),
        json!({"id": "a", "uri": null}),
        json!({"id": "a", "uri": 5}),
        json!({"id": "a", "uri": "/mine"}),
        json!({"id": "a", "displayName": null}),
        json!({"id": "a", "displayName": []}),
        json!({"id": "Logistics-In"}),
    ] {
        probes.push(Probe::json(&with(&[("configurationId", id)])));
    }
    for absent in [
        "emailAddress",
        "mailboxMoniker",
        "mailboxType",
        "inboundFolder",
        "configurationId",
    ] {
        let mut second = mailbox("b");
        second.as_object_mut().expect("an object").remove(absent);
        probes.push(Probe::json(&json!({"add": [second.clone()]})));
        probes.push(Probe::json(&json!({"add": [mailbox("a"), second]})));
    }
    for folder in ["VIP", "Nothing", "Inbox2"] {
        let moniker = |moniker: &str| {
            with(&[
                ("inboundFolder", json!(folder)),
                ("mailboxMoniker", json!(moniker)),
            ])
        };
        for given in [
            "EX:support@acme.test",
            "SMTP:no-reply@acme.test",
            "EX:équipe@acme.test",
        ] {
            probes.push(Probe::json(&moniker(given)));
        }
        let both = with(&[("inboundFolder", json!(folder)), ("mailboxType", json!(2))]);
        probes.push(Probe::json(&both));
        let outbound = with(&[("inboundFolder", json!(folder)), ("mailboxType", json!(1))]);
        probes.push(Probe::json(&outbound));
        let mut second = mailbox("b");
        second["inboundFolder"] = json!(folder);
        probes.push(Probe::json(&json!({"add": [mailbox("a"), second]})));
    }
    probes
}

fn updates() -> Vec<Probe> {
    let named = |id: &str| json!({"configurationId": {"id": id}, "emailAddress": "new@acme.test"});
    let moved = |moniker: &str, folder: Value| json!({"modify": [{"configurationId": {"id": "logistics-in"}, "mailboxMoniker": moniker, "inboundFolder": folder}]});
    let change = |moniker: &str| json!({"modify": [{"configurationId": {"id": "logistics-in"}, "mailboxMoniker": moniker}]});
    let many: Vec<_> = (0..25).map(|n| mailbox(&n.to_string())).collect();
    let mut untyped = mailbox("a");
    untyped["inboundFolder"] = json!("Elsewhere");
    let bodies = [
        json!({}),
        json!({"add": []}),
        json!({"add": null}),
        json!({"remove": null}),
        json!({"add": {}}),
        json!({"add": "x"}),
        json!({"remove": "logistics-in"}),
        json!({"add": [null, mailbox("a")]}),
        json!({"add": [5, mailbox("a")]}),
        json!({"remove": [null, "logistics-in"]}),
        json!({"remove": [5, {}]}),
        json!({"remove": ["logistics-in"]}),
        json!({"remove": ["logistics-in", "logistics-out"]}),
        json!({"remove": ["logistics-in", "logistics-in"]}),
        json!({"remove": ["logistics"]}),
        json!({"remove": ["support-main"], "add": [mailbox("support-main")]}),
        json!({"add": many}),
        json!({"add": [mailbox("logistics-in")]}),
        json!({"add": [mailbox("a"), mailbox("a")]}),
        json!({"add": [mailbox("a"), mailbox("b")]}),
        json!({"add": [mailbox("a"), untyped], "remove": ["logistics-in"]}),
        json!({"add": [mailbox("a")], "modify": [named("logistics-in")]}),
        json!({"add": [mailbox("a")], "modify": [named("a")]}),
        json!({"add": [mailbox("a")], "remove": ["a"]}),
        json!({"modify": [named("logistics-in")], "remove": ["logistics-in"]}),
        json!({"modify": [named("logistics-in"), named("logistics-out")]}),
        json!({"modify": [named("logistics-in"), named("logistics-in")]}),
        json!({"modify": [named("nowhere")]}),
        json!({"modify": [{"emailAddress": "x"}]}),
        json!({"modify": [{"configurationId": {"id": "logistics-in"}}]}),
        change("EX:support@acme.test"),
        change("SMTP:no-reply@acme.test"),
        moved("EX:support@acme.test", json!("VIP")),
        moved("EX:support@acme.test", json!("Leads")),
    ];
    let mut probes: Vec<_> = bodies.iter().map(Probe::json).collect();
    probes.push(Probe::json(&json!({"remove": ["nothing there"]})).on("Sales"));
    probes.push(Probe::json(&json!({"remove": ["logistics-in", "support-main"]})).on("Support"));
    probes.push(Probe::json(&json!({"modify": [named("ops-inbound")]})).on("Operations"));
    let inbound = json!({"modify": [{"configurationId": {"id": "ops-outbound"}, "mailboxType": 2},
        {"configurationId": {"id": "ops-inbound"}, "mailboxMoniker": "EX:sales@acme.test"}]});
    probes.push(Probe::json(&inbound).on("Operations"));
    probes
}

/// An update that adds one mailbox with those properties.
fn with(given: &[(&str, Value)]) -> Value {
    let mut added = mailbox("a");
    for (name, value) in given {
        added[*name] = value.clone();
    }
    json!({ "add": [added] })
}

/// What takes long to send, last.
fn heavy() -> Vec<Probe> {
    let deep = format!("{{\"x\":{}", "[".repeat(500));
    let wide = format!("{{\"x\":\"{}\"}}", "x".repeat(70_000));
    let long: Vec<_> = (0..3000).map(|n| format!("id-{n}")).collect();
    vec![
        Probe::raw(deep.as_bytes()),
        Probe::raw(wide.as_bytes()),
        Probe::json(&json!({ "remove": long })),
        Probe::raw(b"{}").before(Before::FiftyUpdates),
    ]
}
