//! The plain server keeps the rules.

use axum::http::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::{Client, Session, mailbox};
use crate::contract::{errors, wire};
use crate::reference::Settings;
use std::time::Duration;

#[tokio::test]
async fn an_added_mailbox_is_listed_and_reads_back() {
    let client = Client::plain();
    let session = client.login("admin").await;
    for workgroup in ["Sales", "Sales (EMEA)", "Kundenbetreuung Süd"] {
        let answer = client
            .update(&session, workgroup, json!({"add": [mailbox("a")]}))
            .await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.body["subObjects"][0]["id"], "a");
        let held = client.held(&session, workgroup).await;
        assert_eq!(held[0]["inboundFolder"], "Inbox");
        assert_eq!(held[0]["canReceiveEncryptedEmail"], false);
    }
}

#[tokio::test]
async fn modify_changes_what_is_given_and_remove_removes() {
    let client = Client::plain();
    let session = client.login("admin").await;
    client
        .update(
            &session,
            "Sales",
            json!({"add": [mailbox("a"), mailbox("b")]}),
        )
        .await;
    let body = json!({
        "modify": [{"configurationId": {"id": "a"}, "canReceiveEncryptedEmail": true}],
        "remove": ["b", "never there"],
    });
    let answer = client.update(&session, "Sales", body).await;
    assert_eq!(answer.body["subObjects"].as_array().map(Vec::len), Some(1));
    let held = client.held(&session, "Sales").await;
    assert_eq!(held.len(), 1);
    assert_eq!(held[0]["canReceiveEncryptedEmail"], true);
    assert_eq!(held[0]["emailAddress"], "a@acme.test");
}

#[tokio::test]
async fn a_refused_update_changes_nothing() {
    let client = Client::plain();
    let session = client.login("admin").await;
    let before = client.held(&session, "Logistics").await;
    let body = json!({
        "add": [mailbox("a"), {"emailAddress": "x", "mailboxMoniker": "EX:support@acme.test",
                               "mailboxType": 1, "inboundFolder": "Inbox"}],
        "remove": ["logistics-in"],
    });
    let answer = client.update(&session, "Logistics", body).await;
    assert_eq!(answer.status, 400);
    let found = &answer.body["validationErrors"][0];
    assert_eq!(found["validationErrorType"], 32);
    assert_eq!(found["propertyName"], "add[1].inboundFolder");
    assert_eq!(client.held(&session, "Logistics").await, before);
}

#[tokio::test]
async fn a_change_of_moniker_needs_the_current_folder_there() {
    let client = Client::plain();
    let session = client.login("admin").await;
    let mut added = mailbox("a");
    added["inboundFolder"] = json!("VIP");
    client
        .update(&session, "Sales", json!({"add": [added]}))
        .await;
    let mut change =
        json!({"configurationId": {"id": "a"}, "mailboxMoniker": "EX:sales@acme.test"});
    let answer = client
        .update(&session, "Sales", json!({"modify": [change]}))
        .await;
    assert_eq!(answer.body["validationErrors"][0]["propertyValue"], "VIP");
    change["inboundFolder"] = json!("Leads");
    let answer = client
        .update(&session, "Sales", json!({"modify": [change]}))
        .await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn ids_are_unknown_or_taken() {
    let client = Client::plain();
    let session = client.login("admin").await;
    for (body, expected) in [
        (json!({"modify": [mailbox("a")]}), 2),
        (json!({"add": [mailbox("a"), mailbox("a")]}), 1),
    ] {
        let answer = client.update(&session, "Sales", body).await;
        assert_eq!(
            answer.body["validationErrors"][0]["validationErrorType"],
            expected
        );
    }
    assert!(client.held(&session, "Sales").await.is_empty());
}

#[tokio::test]
async fn only_its_own_session_opens_the_door() {
    let client = Client::plain();
    let session = client.login("admin").await;
    let other = client.login("limited").await;
    let mut wrong: Vec<Session> = Vec::new();
    for token in [
        "",
        "garbage",
        &session.token[..40],
        &session.token.to_lowercase(),
        &other.token,
    ] {
        let token = token.to_owned();
        wrong.push(Session {
            token,
            ..session.clone()
        });
    }
    for cookie in [
        "other=1".to_owned(),
        format!("icws_{}=", session.id),
        other.cookie.clone(),
    ] {
        wrong.push(Session {
            cookie,
            ..session.clone()
        });
    }
    for id in ["1", "x y", "\u{0}", "é"] {
        wrong.push(Session {
            id: id.to_owned(),
            ..session.clone()
        });
    }
    for shown in wrong {
        for workgroup in ["Sales", "no such"] {
            let answer = client.update_raw(&shown, workgroup, b"{").await;
            assert_eq!(answer.status, 401);
            let challenge = answer.headers[header::WWW_AUTHENTICATE]
                .to_str()
                .expect("text");
            assert!(challenge.starts_with("ICWS realm="));
        }
    }
}

#[tokio::test]
async fn sessions_end_and_expire() {
    let settings = Settings {
        session_lifetime: Duration::ZERO,
        ..Settings::default()
    };
    let client = Client::new(settings);
    let session = client.login("admin").await;
    assert_eq!(
        client.update(&session, "Sales", json!({})).await.status,
        401
    );

    let client = Client::plain();
    let (ended, expired) = (client.login("admin").await, client.login("admin").await);
    let kept = client.login("admin").await;
    let path = wire::session_path(&ended.id);
    assert_eq!(
        client.call(&ended, Method::GET, &path, b"").await.body["connectionState"],
        1
    );
    assert_eq!(
        client.call(&ended, Method::DELETE, &path, b"").await.status,
        204
    );
    client
        .control(&format!("/__control/expire/{}", expired.id), json!({}))
        .await;
    assert_eq!(client.update(&ended, "Sales", json!({})).await.status, 401);
    assert_eq!(
        client.update(&expired, "Sales", json!({})).await.status,
        401
    );
    assert_eq!(client.update(&kept, "Sales", json!({})).await.status, 200);
}

#[tokio::test]
async fn rights_and_workgroups_come_before_the_body() {
    let client = Client::plain();
    let (admin, limited) = (client.login("admin").await, client.login("limited").await);
    let answer = client.update_raw(&limited, "Sales", b"{").await;
    assert_eq!(answer.status, 403);
    assert!(answer.body["message"].is_string());
    for absent in [
        "nowhere",
        "sales",
        "Sales ",
        "Sales%20(EMEA)",
        "a/b",
        "日本",
        "a\u{1}b",
    ] {
        assert_eq!(
            client.update_raw(&admin, absent, b"{").await.status,
            404,
            "{absent}"
        );
    }
}

#[tokio::test]
async fn malformed_bodies_are_400_and_never_500() {
    let client = Client::plain();
    let session = client.login("admin").await;
    let deep = "{\"add\":".repeat(10_000);
    let huge = format!("{{\"add\":[{{\"mailboxType\":{}}}]}}", "9".repeat(400));
    let bodies: [&[u8]; 9] = [
        b"",
        b"{",
        b"{}x",
        b"[]",
        b"nul",
        b"{\"a\":\"\xFF\"}",
        b"\xEF\xBB\xBF{}",
        deep.as_bytes(),
        huge.as_bytes(),
    ];
    for body in bodies {
        let answer = client.update_raw(&session, "Sales", body).await;
        assert_eq!(answer.status, 400, "{:.20}", String::from_utf8_lossy(body));
        assert_eq!(answer.body["errorId"], errors::MALFORMED);
    }
}

#[tokio::test]
async fn provoked_failures_change_nothing_and_the_server_lives_on() {
    let client = Client::plain();
    let session = client.login("admin").await;
    for (kind, expected) in [
        ("internal", errors::INTERNAL_SERVER_ERROR),
        ("timeout", errors::TIMEOUT),
        ("panic", errors::INTERNAL_SERVER_ERROR),
    ] {
        let order = json!({"kind": kind, "workgroup": "Sales"});
        client.control("/__control/fail-next", order).await;
        assert_eq!(
            client.update(&session, "Billing", json!({})).await.status,
            200
        );
        let body = json!({"add": [mailbox("a")]});
        let answer = client.update(&session, "Sales", body).await;
        assert_eq!(answer.status, 500);
        assert_eq!(answer.body["errorId"], expected);
        assert!(client.held(&session, "Sales").await.is_empty());
    }
    assert_eq!(
        client.update(&session, "Sales", json!({})).await.status,
        200
    );
}

#[tokio::test]
async fn a_removed_resource_is_gone_until_it_is_restored() {
    let client = Client::plain();
    let session = client.login("admin").await;
    client
        .control("/__control/remove-resource", json!({"workgroup": "Sales"}))
        .await;
    assert_eq!(
        client.update(&session, "Sales", json!({})).await.status,
        410
    );
    assert_eq!(
        client.update(&session, "Billing", json!({})).await.status,
        200
    );
    client
        .control("/__control/remove-resource", json!({}))
        .await;
    assert_eq!(
        client.update(&session, "Billing", json!({})).await.status,
        410
    );
    client
        .control("/__control/restore-resource", json!({}))
        .await;
    assert_eq!(
        client.update(&session, "Sales", json!({})).await.status,
        200
    );
}

#[tokio::test]
async fn media_types_methods_and_paths() {
    let client = Client::plain();
    let session = client.login("admin").await;
    let path = wire::update_path(&session.id, "Sales");
    for (media_type, expected) in [
        ("application/json", 200),
        ("Application/VND.inin.icws+json; Charset=\"UTF-8\"", 200),
        ("application/json;charset=latin1", 415),
        ("text/plain", 415),
    ] {
        let request = axum::http::Request::post(&path)
            .header(wire::CSRF_TOKEN_HEADER, &session.token)
            .header(header::COOKIE, &session.cookie)
            .header(header::CONTENT_TYPE, media_type)
            .body("{}".into());
        let answer = client.send(request.expect("a request")).await;
        assert_eq!(answer.status, expected, "{media_type}");
    }
    let answer = client.call(&session, Method::PUT, &path, b"").await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    let answer = client.call(&session, Method::GET, "/elsewhere", b"").await;
    assert_eq!(answer.status, 404);
    assert!(answer.body["message"].is_string());
}

#[tokio::test]
async fn a_restricted_user_may_read_what_a_select_names() {
    let client = Client::plain();
    let session = client.login("limited").await;
    let path = wire::read_back_path(&session.id, "Operations");
    let all = client.call(&session, Method::GET, &path, b"").await;
    assert_eq!(
        all.body["monitoredMailboxes"].as_array().map(Vec::len),
        Some(4)
    );
    let bare = path.split('?').next().expect("a path");
    let none = client.call(&session, Method::GET, bare, b"").await;
    assert_eq!(none.body["monitoredMailboxes"], Value::Null);
    let path = wire::read_back_path(&session.id, "nowhere");
    assert_eq!(
        client.call(&session, Method::GET, &path, b"").await.status,
        404
    );
    let path = wire::defaults_path(&session.id);
    let defaults = client.call(&session, Method::GET, &path, b"").await;
    assert_eq!(defaults.body["canReceiveEncryptedEmail"], false);
}
