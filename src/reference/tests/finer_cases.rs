//! The probes of the subtler faults: requests after others, many at once, and
//! values of one form only.

use serde_json::{Value, json};

use super::mailbox;
use super::probes::{Before, Probe};
use crate::reference::tests::Session;

/// Every further probe.
pub(super) fn probes() -> Vec<Probe> {
    let mut probes = sessions();
    probes.extend(workgroups());
    probes.extend(texts());
    probes.extend(bodies());
    probes.extend(histories());
    probes.extend(heavy());
    probes
}

fn sessions() -> Vec<Probe> {
    const TAMPERS: &[fn(&mut Session, &Session)] = &[
        |own, _| own.token.push('x'),
        |own, _| own.token.replace_range(64.., &"-".repeat(24)),
        |own, _| own.token.replace_range(87.., "-"),
        |own, _| own.token.replace_range(..40, ""),
        |own, _| own.token = own.token.chars().rev().collect(),
        |own, _| own.token = "AAAA".to_owned(),
        |own, _| own.cookie.push('x'),
        |own, _| own.cookie.replace_range(30.., "----------"),
        |own, _| own.cookie = format!("{}-", &own.cookie[..own.cookie.len() - 1]),
        |own, _| own.cookie = format!("icws_{}=", own.id),
        |own, _| own.cookie.push_str("; other=1"),
        |own, _| own.cookie.push_str("; icws_5=abc"),
        |own, _| own.cookie.push_str("; other={1}"),
        |own, _| own.id.insert(0, '0'),
        |own, _| own.id.push('5'),
        |own, _| own.id = "abcdefghij".to_owned(),
        |own, _| own.id = "5".repeat(25),
        |own, _| own.token = "none".to_owned(),
        |own, other| own.token.clone_from(&other.token),
    ];
    let removal = json!({"remove": ["logistics-in"]});
    let mut probes = Vec::new();
    for tamper in TAMPERS {
        probes.push(Probe::add().tampered(*tamper));
        probes.push(Probe::json(&json!({})).tampered(*tamper));
        probes.push(Probe::json(&removal).tampered(*tamper));
        probes.push(Probe::raw(b"").tampered(*tamper));
        for media_type in [Some("application/json"), Some("text/plain")] {
            probes.push(Probe {
                media_type,
                ..Probe::add().tampered(*tamper)
            });
        }
        probes.push(Probe::add().tampered(*tamper).before(Before::Removed));
    }
    for before in [
        Before::SelfEnds,
        Before::SelfExpires,
        Before::Fails,
        Before::Restored,
        Before::RemovedElsewhere,
    ] {
        probes.push(Probe::json(&removal).before(before).times(2));
    }
    probes.push(Probe::json(&json!({})).before(Before::Removed));
    let modify = json!({"modify": [{"configurationId": {"id": "logistics-in"}, "emailAddress": "x@acme.test"}]});
    for body in [json!({}), modify, removal] {
        let user = "limited";
        probes.push(Probe {
            user,
            ..Probe::json(&body)
        });
        let before = Before::OtherWorks;
        probes.push(Probe {
            user,
            before,
            ..Probe::json(&body)
        });
    }
    probes.push(Probe::raw(b"[").before(Before::Removed));
    for before in [Before::Nothing, Before::Removed] {
        probes.push(Probe {
            user: "limited",
            ..Probe::raw(b"[").before(before)
        });
    }
    for media_type in [
        "application/json; charset=UTF-8",
        "application/json;charset=utf-8",
        "application/json; charset=koi8-r",
    ] {
        let media_type = Some(media_type);
        probes.push(Probe {
            media_type,
            ..Probe::add()
        });
    }
    probes
}

fn workgroups() -> Vec<Probe> {
    let long = |letter: &str, times| -> &'static str { Box::leak(letter.repeat(times).into()) };
    let mut probes = Vec::new();
    for workgroup in [
        "Sales;x",
        "Sales?x",
        "Sales.json",
        "Kundenbetreuung Süd",
        "Kundenbetreuung Sud",
        "Kundenbetreuung-Süd",
        "S%s",
        "it's",
        "😀",
        "a<b",
        "a/b",
        "\u{1}",
        long("é", 100),
        long("a", 210),
        long("a", 300),
    ] {
        probes.push(Probe::add().on(workgroup));
    }
    for body in [json!({}), json!({"remove": ["x"]})] {
        probes.push(Probe::json(&body).on("nowhere").times(2));
    }
    let given = json!({"configurationId": {"id": "support-main"}, "emailAddress": "x@acme.test"});
    for workgroup in ["Support", "Sales", "Logistics"] {
        probes.push(Probe::json(&json!({"modify": [given]})).on(workgroup));
        probes.push(Probe::json(&json!({"remove": ["support-main"]})).on(workgroup));
        probes.push(Probe::json(&json!({"add": [mailbox("support-main")]})).on(workgroup));
    }
    probes
}

fn texts() -> Vec<Probe> {
    let bodies: [&[u8]; 30] = [
        b"{\"x\":007}",
        b"{\"remove\":[\"logistics-in\"],\"remove\":[]}",
        b"{\"x\":+7}",
        b"{x:7}",
        b"{\"x\":None}",
        b"{\"x\":\"\t\"}",
        b"{\"x\":\"\\q\"}",
        b"{}}",
        b"{}\0",
        b"{};",
        b"{\0}\0",
        b"{\"x\":\"\xC1\xA1\"}",
        b"{\"x\":\"\xED\xA0\x80\"}",
        "{\u{A0}}".as_bytes(),
        b"{# x\n}",
        b"{\"x\":[,1]}",
        b"\"{}\"",
        b"false",
        b"\"\"",
        b"{\"x\":1e30}",
        b"{\"__type\":5}",
        b"{\"add\":false}",
        b"{\"add\":{}}",
        b"{\"remove\":[{\"id\":\"logistics-in\"}]}",
        b"{\"remove\":[[\"logistics-in\"]]}",
        b"{\"remove\":[\"logistics-in\",null]}",
        b"{\"remove\":[5]}",
        b"{\"add\":[null]}",
        b"{\"remove\":[],\"modify\":null}",
        b"{\"add\":null,\"modify\":null,\"remove\":[\"logistics-in\"]}",
    ];
    let mut probes: Vec<_> = bodies.into_iter().map(Probe::raw).collect();
    for text in [
        "a  b",
        "<b>&'\"",
        "a\u{200D}b",
        "a\u{1}b",
        "a\u{FFFF}b",
        "a\u{A0}b",
        "é",
        "漢",
        "a%41b",
        "a\\b",
        "{0}",
        "x+y@Acme.Test",
        "A <b@c>",
        "",
    ] {
        let mut given = mailbox("a");
        given["emailAddress"] = json!(text);
        probes.push(Probe::json(&json!({"add": [given]})));
        given["configurationId"]["id"] = json!(format!(" {text}\"A"));
        given["mailboxMoniker"] = json!(format!("Q:{text}"));
        probes.push(Probe::json(&json!({"add": [given]})));
        given["configurationId"]["id"] = json!("logistics-in");
        given["emailAddress"] = json!(format!(" {text}"));
        probes.push(Probe::json(&json!({"modify": [given]})));
        probes.push(Probe::json(
            &json!({"modify": [{"configurationId": {"id": text}}]}),
        ));
    }
    probes
}

fn bodies() -> Vec<Probe> {
    let named = |id: &str, name: &str, value: &Value| {
        let mut given = json!({"configurationId": {"id": id}});
        given[name] = value.clone();
        given
    };
    let mut probes = Vec::new();
    let values = [
        ("canReceiveEncryptedEmail", json!(1)),
        ("canReceiveEncryptedEmail", json!("yes")),
        ("canReceiveEncryptedEmail", json!(null)),
        ("canReceiveEncryptedEmail", json!(false)),
        ("mailboxType", json!(true)),
        ("mailboxType", json!("")),
        ("mailboxType", json!([1])),
        ("mailboxType", json!(4_294_967_297_u64)),
        ("mailboxType", json!(1.4)),
        ("mailboxType", json!(0)),
        ("mailboxType", json!(2)),
        ("emailAddress", json!(["a@b"])),
        ("emailAddress", json!(null)),
        ("inboundFolder", json!(["Inbox"])),
        ("inboundFolder", json!("Le")),
        ("inboundFolder", json!("2024")),
        ("inboundFolder", json!(" Inbox ")),
        ("inboundFolder", json!("Inbox")),
        ("inboundFolder", json!(null)),
        ("mailboxMoniker", json!("EX:sales@acme.test")),
        ("mailboxMoniker", json!("SMTP:no-reply@acme.test")),
        ("mailboxMoniker", json!("EX:support@acme.test")),
        ("configurationId", json!(null)),
        ("configurationId", json!({})),
        ("configurationId", json!([{"id": "a"}])),
    ];
    for (name, value) in &values {
        for id in ["logistics-in", "logistics-out"] {
            let given = named(id, name, value);
            probes.push(Probe::json(&json!({ "modify": [given] })));
            let others: Vec<_> = (0..11)
                .map(|_| named(id, "mailboxType", &json!(2)))
                .collect();
            let many = [others, vec![given]].concat();
            probes.push(Probe::json(&json!({ "modify": many })));
        }
        let mut given = mailbox("a");
        given["canReceiveEncryptedEmail"] = json!(true);
        given[*name] = value.clone();
        let mut outbound = given.clone();
        outbound["mailboxType"] = json!(1);
        outbound["inboundFolder"] = json!(null);
        probes.push(Probe::json(&json!({"add": [given, mailbox("b")]})));
        probes.push(Probe::json(&json!({"add": [outbound]})));
    }
    let kept = json!({"configurationId": {"id": "logistics-in"}, "emailAddress": "x@acme.test",
        "canReceiveEncryptedEmail": true});
    let turned =
        json!({"configurationId": {"id": "logistics-in"}, "mailboxType": 1, "inboundFolder": null});
    let moved = json!({"configurationId": {"id": "logistics-in"}, "mailboxType": 0,
        "mailboxMoniker": "EX:support@acme.test"});
    let both = json!({"configurationId": {"id": "logistics-in"}, "inboundFolder": "Inbox",
        "canReceiveEncryptedEmail": null});
    let opened = json!({"configurationId": {"id": "logistics-out"}, "mailboxType": 0});
    let filled = json!({"configurationId": {"id": "logistics-out"}, "mailboxType": 0,
        "inboundFolder": "x", "mailboxMoniker": "EX:sales@acme.test"});
    let mut typeless = mailbox("a");
    typeless["emailAddress"] = json!(5);
    let mut nameless = mailbox("a");
    nameless
        .as_object_mut()
        .expect("an object")
        .remove("configurationId");
    let mut bare = json!({"configurationId": {"id": "b"}, "mailboxType": 1});
    let mut outbound = mailbox("a");
    outbound["mailboxType"] = json!(1);
    let numbered = mailbox("1234");
    for body in [
        json!({"modify": [kept, {"configurationId": {"id": "logistics-out"}}]}),
        json!({"modify": [turned]}),
        json!({"modify": [moved]}),
        json!({"modify": [both]}),
        json!({"modify": [opened]}),
        json!({"modify": [filled]}),
        json!({"modify": [{"emailAddress": "logistics@acme.test"}]}),
        json!({"modify": [{"configurationId": {"id": " logistics-in"}}]}),
        json!({"modify": [kept, {"configurationId": {"id": "nowhere"}}]}),
        json!({"modify": [kept], "remove": ["logistics-out"]}),
        json!({"modify": [kept], "remove": ["logistics-in"]}),
        json!({"add": [mailbox("a")], "modify": [kept], "remove": ["logistics-out"]}),
        json!({"add": [mailbox("a")], "modify": [kept]}),
        json!({"add": [mailbox("a"), typeless], "remove": ["logistics-in"]}),
        json!({"add": [mailbox("a"), outbound]}),
        json!({"add": [outbound], "modify": [kept], "remove": ["logistics-out"]}),
        json!({"add": [nameless]}),
        json!({"add": [bare.clone()]}),
        json!({"add": [bare.take()], "remove": ["logistics-in"]}),
        json!({"add": [numbered]}),
        json!({"add": [mailbox("a"), mailbox("b"), mailbox("a")]}),
        json!({"add": [mailbox("")]}),
        json!({"add": [{"configurationId": {"id": "a", "displayName": "A"},
            "emailAddress": "a@acme.test", "mailboxMoniker": "EX:support@acme.test"}]}),
        json!({"add": [mailbox(&"x".repeat(300))]}),
        json!({"add": null, "remove": null}),
        json!({"add": [mailbox("a")], "remove": []}),
        json!({"remove": [""]}),
        json!({"remove": ["in"]}),
        json!({"remove": ["logistics*"]}),
        json!({"remove": ["0"]}),
        json!({"remove": [" logistics-in "]}),
        json!({"remove": ["nowhere", "logistics-in"]}),
    ] {
        probes.push(Probe::json(&body));
        probes.push(Probe::json(&body).on("Sales"));
    }
    probes
}

/// Requests that mean something else after others.
fn histories() -> Vec<Probe> {
    let gone = || Probe::json(&json!({"add": [mailbox("logistics-in")]}));
    let removal = json!({"remove": ["logistics-in"]});
    let rename = json!({"modify": [{"configurationId": {"id": "logistics-in"}, "emailAddress": "x@acme.test"}]});
    let mut vip = mailbox("a");
    vip["inboundFolder"] = json!("VIP");
    let mut elsewhere = mailbox("b");
    elsewhere["inboundFolder"] = json!("VIP");
    elsewhere["mailboxMoniker"] = json!("EX:sales@acme.test");
    let mut encrypted = mailbox("c");
    encrypted["canReceiveEncryptedEmail"] = json!(true);
    let unknown = json!({"modify": [{"configurationId": {"id": "a"}, "mailboxType": 2}]});
    let half = json!({"add": [mailbox("a"), mailbox("logistics-in")]});
    let number = mailbox("7");
    let mut folderless = mailbox("e");
    folderless["inboundFolder"] = json!(null);
    let moved = json!({"configurationId": {"id": "e"}, "mailboxMoniker": "EX:sales@acme.test"});
    let kept = json!({"modify": [{"configurationId": {"id": "ops-inbound"},
        "inboundFolder": "Inbox", "canReceiveEncryptedEmail": null}]});
    vec![
        gone().after("Logistics", removal.clone()),
        Probe::json(&rename).after("Logistics", removal),
        Probe::json(&rename).times(2),
        Probe::json(&json!({"add": [elsewhere]})).after("Sales", json!({"add": [vip]})),
        Probe::json(&json!({"add": [mailbox("d")]})).after("Sales", json!({"add": [encrypted]})),
        Probe::add().times(2),
        Probe::json(&unknown)
            .after("Logistics", unknown.clone())
            .after("Logistics", json!({"add": [mailbox("a")]})),
        Probe::json(&rename).after("Logistics", half),
        Probe::json(&json!({"remove": ["07"]})).after("Logistics", json!({"add": [number]})),
        Probe::json(&json!({"add": [mailbox("logistics-out")]}))
            .after("Logistics", json!({"remove": ["logistics-out"]})),
        Probe::json(&json!({"modify": [moved]})).after("Logistics", json!({"add": [folderless]})),
        Probe::json(&kept).on("Operations"),
        Probe::json(&json!({})).times(110),
    ]
}

/// What is long, last.
fn heavy() -> Vec<Probe> {
    let many = |from: usize, to: usize| -> Vec<_> {
        (from..to).map(|n| mailbox(&format!("m{n:04}"))).collect()
    };
    let ids = |to: usize| -> Vec<_> { (0..to).map(|n| format!("m{n:04}")).collect() };
    let changes: Vec<_> = ids(12)
        .iter()
        .map(|id| json!({"configurationId": {"id": id}, "mailboxType": 2}))
        .collect();
    let mut refused = many(0, 12);
    refused.push(mailbox("logistics-in"));
    let wide = |length: usize| format!("{{\"x\":\"{}\"}}", "x".repeat(length));
    let mut long = mailbox("a");
    long["emailAddress"] = json!("é".repeat(4100));
    let mut folder = mailbox("a");
    folder["inboundFolder"] = json!("x".repeat(70));
    vec![
        Probe::json(&json!({"add": many(0, 25)})),
        Probe::json(&json!({"add": many(0, 60)})),
        Probe::json(&json!({"add": refused})),
        Probe::json(&json!({"add": many(12, 14), "modify": changes}))
            .after("Logistics", json!({"add": many(0, 12)})),
        Probe::json(&json!({"add": many(49, 51)})).after("Logistics", json!({"add": many(0, 49)})),
        Probe::json(&json!({"add": many(0, 110)})),
        Probe::json(&json!({"add": [long]})),
        Probe::json(&json!({"add": [folder]})),
        Probe::raw(wide(10_000).as_bytes()),
        Probe::raw(wide(300_000).as_bytes()),
        Probe::raw(wide(1_010_000).as_bytes()),
        Probe::raw(wide(70_000).as_bytes()).tampered(|own, _| own.token = "none".to_owned()),
        Probe::json(&json!({"remove": ids(1100)}))
            .after("Logistics", json!({"add": many(0, 1100)})),
    ]
}
