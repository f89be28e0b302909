//! What shows the faults that hide in a combination of size, text, state and
//! order.

use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::{Value, json};

use super::faults::at_once;
use super::probes::{Before, Probe};
use super::{Client, Session, mailbox};
use crate::contract::wire;
use crate::reference::{Fault, Fixtures, Variant};

/// Every probe of theirs.
pub(super) fn probes() -> Vec<Probe> {
    let mut probes = sessions();
    probes.extend(forms());
    probes.extend(rights());
    probes.extend(workgroups());
    probes.extend(bodies());
    probes.extend(texts());
    probes.extend(effects());
    probes
}

/// Each header that speaks of the form of a request, and what it may let in.
fn forms() -> Vec<Probe> {
    const FORMS: &[&[(&str, &str)]] = &[
        &[("transfer-encoding", "chunked")],
        &[("expect", "100-continue")],
        &[("accept", "*/*")],
        &[("accept", "application/json")],
        &[("accept", "text/html, */*")],
        &[("accept", "text/html;q=0.1")],
        &[("content-type", "application/json")],
        &[],
    ];
    let no_token: fn(&mut Session, &Session) = |own, _| "none".clone_into(&mut own.token);
    let other_token: fn(&mut Session, &Session) = |own, _| "other".clone_into(&mut own.token);
    let no_cookie: fn(&mut Session, &Session) = |own, _| "none".clone_into(&mut own.cookie);
    let of = |headers: &'static [(&str, &str)]| {
        let with = |probe: Probe| Probe { headers, ..probe };
        [
            with(Probe::add()),
            with(Probe::raw(b"{")),
            with(Probe::add().tampered(no_token)),
            with(Probe::add().tampered(other_token)),
            with(Probe::add().tampered(no_cookie)),
            with(Probe::add().before(Before::SelfEnds)),
            Probe {
                user: "limited",
                ..with(Probe::add())
            },
        ]
    };
    let mut probes: Vec<_> = FORMS.iter().flat_map(|headers| of(headers)).collect();
    let mut long = mailbox("long");
    long["emailAddress"] = json!("x".repeat(300));
    probes.push(Probe::json(&json!({ "add": [long] })));
    probes
}

fn sessions() -> Vec<Probe> {
    const TAMPERS: &[fn(&mut Session, &Session)] = &[
        |own, _| _ = own.token.pop(),
        |own, _| own.token.insert(40, '-'),
        |own, _| own.cookie = own.cookie.replace('-', ""),
        |own, _| own.cookie.insert_str(0, "my_"),
    ];
    let tampered = TAMPERS.iter().map(|tamper| Probe::add().tampered(*tamper));
    let mut probes: Vec<_> = tampered.collect();
    let long = format!("long={}; ", "x".repeat(1100));
    for first in ["a=1; ".repeat(8), long] {
        let cookie_first: &'static str = Box::leak(first.into_boxed_str());
        probes.push(Probe {
            cookie_first,
            ..Probe::add()
        });
    }
    let guess: fn(&mut Session, &Session) = |own, _| own.token = "guess".to_owned();
    probes.push(Probe::add().tampered(guess).times(5));
    probes
}

fn rights() -> Vec<Probe> {
    let given =
        json!({"configurationId": {"id": "logistics-in"}, "canReceiveEncryptedEmail": true});
    let user = "limited";
    [
        Probe::json(&json!({ "modify": [given] })),
        Probe::json(&json!({"remove": ["nowhere"]})),
        Probe::add().on("Sales"),
    ]
    .map(|probe| Probe { user, ..probe })
    .into()
}

fn workgroups() -> Vec<Probe> {
    [
        "Kundenbetreuung Su\u{308}d",
        "\u{FF33}ales",
        "Sales.",
        "Sales\u{200B}",
    ]
    .map(|workgroup| Probe::add().on(workgroup))
    .into()
}

fn bodies() -> Vec<Probe> {
    let media_type = Some("application/json; charset=\"utf-8\"");
    let mut odd = mailbox("a");
    odd["configurationId"]["__type"] = json!(5);
    vec![
        Probe::raw(b"{\"x\":\"\xED\xA0\xBD\xED\xB8\x80\"}"),
        Probe::json(&json!({ "add": [odd] })),
        Probe {
            media_type,
            ..Probe::add()
        },
    ]
}

fn texts() -> Vec<Probe> {
    let added = |name: &str, value: &str| {
        let mut given = mailbox("a");
        given[name] = json!(value);
        Probe::json(&json!({ "add": [given] }))
    };
    let long = "x".repeat(33_000);
    let mut probes: Vec<_> = [
        "\u{FEFF}a",
        "a\\\\b",
        "\u{200B}a\u{200B}",
        &long[..10_001],
        &long,
    ]
    .map(|text| added("emailAddress", text))
    .into();
    probes.push(added("inboundFolder", "\u{FF29}nbox"));
    probes.push(added("inboundFolder", &"é".repeat(200)));
    probes
}

fn effects() -> Vec<Probe> {
    let change = |id: &str, name: &str, value: &str| {
        let mut given = json!({"configurationId": {"id": id}});
        given[name] = json!(value);
        given
    };
    let rename = |address: &str| change("logistics-in", "emailAddress", address);
    let ids = ["ops-inbound", "ops-outbound", "support-main"];
    let three = ids.map(|id| change(id, "emailAddress", "x@acme.test"));
    let decomposed = change("ops-équipe", "mailboxMoniker", "EX:e\u{301}quipe@acme.test");
    let mut same = mailbox("a");
    same["emailAddress"] = json!("logistics@acme.test");
    let mut elsewhere = mailbox("a");
    elsewhere["inboundFolder"] = json!("Elsewhere");
    let apart = "ops-e\u{301}quipe";
    vec![
        Probe::json(&json!({"modify": [change(apart, "emailAddress", "x")]})).on("Operations"),
        Probe::json(&json!({ "remove": [apart] })).on("Operations"),
        Probe::json(&json!({"remove": ["logistics-in\0x"]})),
        Probe::json(&json!({"remove": ["logistics%2Din"]})),
        Probe::raw(b"[").times(11),
        Probe::json(&json!({"modify": [rename("Logistics@acme.test")]})),
        Probe::json(&json!({"modify": [rename("x@acme.test"), rename("y@acme.test")]})),
        Probe::json(&json!({"modify": [rename("x@acme.test")], "add": [elsewhere]})),
        Probe::json(&json!({ "add": [same] })),
        Probe::json(&json!({ "modify": three })).on("Operations"),
        Probe::json(&json!({ "modify": [decomposed] })).on("Operations"),
    ]
}

#[tokio::test]
async fn another_session_of_the_user_has_a_token_of_its_own() {
    for (client, expected) in [
        (Client::plain(), 401),
        (Client::faulty(Fault::UsersTokenAccepted), 200),
    ] {
        let (first, second) = (client.login("admin").await, client.login("admin").await);
        let foreign = client.login("limited").await;
        let with = |token: &str| Session {
            token: token.to_owned(),
            ..first.clone()
        };
        let answer = client
            .update(&with(&second.token), "Sales", json!({}))
            .await;
        assert_eq!(answer.status, expected);
        let answer = client
            .update(&with(&foreign.token), "Sales", json!({}))
            .await;
        assert_eq!(answer.status, 401);
    }
}

#[tokio::test]
async fn what_is_removed_ahead_leaves_a_gap() {
    for (client, expected) in [
        (Client::plain(), [200, 400]),
        (Client::faulty(Fault::RemovalsAhead), [200, 200]),
    ] {
        let both = json!({"remove": ["held"], "add": [mailbox("a")]});
        let (first, second, _) = at_once(&client, both, json!({"add": [mailbox("a")]})).await;
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, expected);
    }
}

#[tokio::test]
async fn ids_by_count_come_twice_after_a_removal() {
    let client = Client::faulty(Fault::IdsByCount);
    let session = client.login("admin").await;
    let add = json!({"add": [mailbox("a")]});
    for body in [add.clone(), json!({"remove": ["logistics-in"]}), add] {
        let answer = client.update(&session, "Logistics", body).await;
        assert_eq!(answer.status, 200);
    }
    let held = client.held(&session, "Logistics").await;
    let ids: Vec<_> = held
        .iter()
        .map(|held| &held["configurationId"]["id"])
        .collect();
    assert_eq!(ids, ["logistics-out", "mailbox-3", "mailbox-3"]);
}

#[tokio::test]
async fn ids_made_of_the_clients_are_unique() {
    for (variant, expected) in [
        (Variant::UpperGivenIds, ["A", "A~1"]),
        (Variant::PrefixedIds, ["MM:a", "MM:a~1"]),
    ] {
        let client = Client::varied(variant);
        let session = client.login("admin").await;
        let body = json!({"add": [mailbox("a"), mailbox("a")]});
        let answer = client.update(&session, "Sales", body).await;
        let listed = answer.body["subObjects"].as_array().expect("a list");
        let ids: Vec<&Value> = listed.iter().map(|entry| &entry["id"]).collect();
        assert_eq!(ids, expected);
    }
}

#[tokio::test]
async fn the_first_login_is_sent_to_the_same_host() {
    let client = Client::varied(Variant::LoginElsewhereOnce);
    let user = &Fixtures::default().users[0];
    let body = json!({"__type": wire::CONNECTION_REQUEST_URN, "applicationName": "test",
        "userID": user.id, "password": user.password});
    let login = || {
        let request = Request::builder()
            .method(Method::POST)
            .uri(wire::CONNECTION_PATH)
            .header(header::HOST, "icws.test:8018")
            .body(Body::from(body.to_string()));
        client.send(request.expect("a request"))
    };
    let sent = login().await;
    assert_eq!(sent.status, 503);
    assert_eq!(sent.body["alternateHostList"], json!(["icws.test:8018"]));
    assert_eq!(login().await.status, 201);
}
