//! Every fault and every variant shows: some probe is answered otherwise, or
//! leaves another state behind, than by the plain server.

use super::cases::probes;
use super::probes::{Probe, differs, observe_all};
use super::{Answered, Client, finer_cases, hidden, mailbox};
use crate::reference::{FAULTS, Fault, Settings, VARIANTS, Variant};
use axum::http::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Faults that a probe alone does not show, each with a test of its own.
const SHOWN_ELSEWHERE: &[Fault] = &[
    // On the wire or in a session's login: `selfcheck` shows them.
    Fault::AbsoluteTarget404,
    Fault::TokenFromCookie,
    Fault::TokenFromOtherHeader,
    Fault::TokenFromAuthorization,
    Fault::SessionIdFromHeader,
    Fault::LookRevivesExpired,
    Fault::LookRevivesEnded,
    Fault::DollarsExpanded,
    Fault::LoginHeaderOther,
    Fault::LoginBodyTokenless,
    Fault::UnknownUserInvalid,
    Fault::EndAnswers404,
    Fault::EndAnswers302,
    Fault::ReadBackAnySession,
    Fault::DefaultsEncryptedText,
    Fault::UnknownUser401,
    Fault::ReadBackOpen,
    Fault::DefaultsEncrypted,
    Fault::PathAsWritten404,
    Fault::GermanSession400,
    Fault::TurkishSession403,
    Fault::ForeignLanguage500,
    Fault::ErrorIdsTranslated,
    Fault::LostUpdate,
    Fault::Crowd500,
    Fault::BusySession401,
    Fault::BusyWorkgroup500,
    Fault::BusyWorkgroup409,
    Fault::AddRaces,
    Fault::ModifyTears,
    Fault::ListsCross,
    Fault::RemoveRace500,
    Fault::ReadBackBySession,
    Fault::UsersTokenAccepted,
    Fault::RemovalsAhead,
];

/// Variants that no probe can show: they are about time, chance or framing.
const UNSHOWN: &[Variant] = &[
    Variant::Hesitates,
    Variant::ReadBackShuffled,
    Variant::Chunked,
    Variant::Jitters,
    Variant::AnswersEarly,
    Variant::RestrictedReadsNothing,
    // They are about how a session comes and goes.
    Variant::PaddedTokens,
    Variant::PaddedCookies,
    Variant::QuotedCookies,
    Variant::CookieAttributes,
    Variant::LoginHeadersLeftOut,
    Variant::LocationAbsolute,
    Variant::EndAnswers200,
    Variant::ClosesNowAndThen,
    Variant::GatewayLike,
    Variant::ShortLivedSessions,
    // They have tests of their own.
    Variant::LoginElsewhereOnce,
    Variant::ClosesIdle,
];

fn all_probes() -> Vec<Probe> {
    let mut probes = probes();
    probes.extend(finer_cases::probes());
    probes.extend(hidden::probes());
    probes
}

#[tokio::test]
async fn every_fault_shows() {
    let probes = all_probes();
    let plain = observe_all(&probes, &Settings::default()).await;
    let mut silent = BTreeSet::new();
    for row in FAULTS
        .iter()
        .filter(|row| !SHOWN_ELSEWHERE.contains(&row.fault))
    {
        let faults = [row.fault].into();
        let settings = Settings {
            faults,
            ..Settings::default()
        };
        if !differs(&probes, &settings, &plain).await {
            silent.insert(row.name);
        }
    }
    assert!(
        silent.is_empty(),
        "no probe shows {silent:?}: add one (`cases`, `finer_cases`, `hidden`), or a test of its own \
         and the name to SHOWN_ELSEWHERE"
    );
}

#[tokio::test]
async fn every_variant_shows() {
    let probes = all_probes();
    let plain = observe_all(&probes, &Settings::default()).await;
    let mut silent = BTreeSet::new();
    for row in VARIANTS
        .iter()
        .filter(|row| !UNSHOWN.contains(&row.variant))
    {
        let variants = [row.variant].into();
        let settings = Settings {
            variants,
            ..Settings::default()
        };
        if !differs(&probes, &settings, &plain).await {
            silent.insert(row.name);
        }
    }
    assert!(
        silent.is_empty(),
        "no probe shows {silent:?}: add one (`cases`, `finer_cases`, `hidden`), or the name to UNSHOWN"
    );
}

#[tokio::test]
async fn the_plain_server_answers_every_probe_the_same_twice() {
    let probes = all_probes();
    let first = observe_all(&probes, &Settings::default()).await;
    let second = observe_all(&probes, &Settings::default()).await;
    assert_eq!(first, second);
}

#[tokio::test]
async fn a_lost_update_is_lost() {
    for (client, expected) in [(Client::plain(), 2), (Client::faulty(Fault::LostUpdate), 1)] {
        let session = client.login("admin").await;
        let update = |id| client.update(&session, "Sales", json!({"add": [mailbox(id)]}));
        let (first, second) = tokio::join!(update("a"), update("b"));
        assert_eq!([first.status, second.status], [200, 200]);
        assert_eq!(client.held(&session, "Sales").await.len(), expected);
    }
}

/// Two updates at once, and what is left.
pub(super) async fn at_once(
    client: &Client,
    first: Value,
    second: Value,
) -> (Answered, Answered, Vec<Value>) {
    let session = client.login("admin").await;
    let held = json!({"add": [mailbox("held")]});
    client.update(&session, "Sales", held).await;
    let (first, second) = tokio::join!(
        client.update(&session, "Sales", first),
        client.update(&session, "Sales", second)
    );
    (first, second, client.held(&session, "Sales").await)
}

#[tokio::test]
async fn updates_at_once_show_the_faults_of_races() {
    let add = |id: &str| json!({"add": [mailbox(id)]});
    let statuses = |fault: Option<Fault>, body: Value| async move {
        let client = fault.map_or_else(Client::plain, Client::faulty);
        let (first, second, _) = at_once(&client, body.clone(), body).await;
        // Which of the two comes first is not the point.
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        statuses
    };
    let removal = json!({"remove": ["held"]});
    for (fault, body, plain, faulty) in [
        (Fault::BusySession401, json!({}), [200, 200], [200, 401]),
        (Fault::BusyWorkgroup500, json!({}), [200, 200], [200, 500]),
        (Fault::BusyWorkgroup409, json!({}), [200, 200], [200, 409]),
        (Fault::AddRaces, add("a"), [200, 400], [200, 200]),
        (Fault::RemoveRace500, removal, [200, 200], [200, 500]),
    ] {
        assert_eq!(statuses(None, body.clone()).await, plain, "{fault:?}");
        assert_eq!(statuses(Some(fault), body).await, faulty, "{fault:?}");
    }
}

#[tokio::test]
async fn a_crowd_is_too_much_for_a_small_pool() {
    for (client, expected) in [(Client::plain(), 20), (Client::faulty(Fault::Crowd500), 12)] {
        let session = client.login("admin").await;
        let all = (0..20).map(|_| client.update(&session, "Sales", json!({})));
        let answers = futures_util::future::join_all(all).await;
        let good = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(good, expected);
    }
}

#[tokio::test]
async fn the_restricted_read_nothing() {
    let client = Client::varied(Variant::RestrictedReadsNothing);
    for (user, expected) in [("admin", 200), ("limited", 403)] {
        let session = client.login(user).await;
        let path = crate::contract::wire::read_back_path(&session.id, "Sales");
        let answer = client.call(&session, Method::GET, &path, b"").await;
        assert_eq!(answer.status, expected);
    }
}

#[tokio::test]
async fn a_session_that_has_read_sees_no_others_updates() {
    for (client, expected) in [
        (Client::plain(), 1),
        (Client::faulty(Fault::ReadBackBySession), 0),
    ] {
        let (reader, writer) = (client.login("admin").await, client.login("admin").await);
        assert_eq!(client.held(&reader, "Sales").await.len(), 0);
        let update = json!({"add": [mailbox("a")]});
        assert_eq!(client.update(&writer, "Sales", update).await.status, 200);
        assert_eq!(client.held(&reader, "Sales").await.len(), expected);
    }
}

#[tokio::test]
async fn updates_at_once_show_what_is_torn_or_crossed() {
    let client = Client::faulty(Fault::ListsCross);
    let add = |id: &str| json!({"add": [mailbox(id)]});
    let (first, second, _) = at_once(&client, add("a"), add("b")).await;
    assert_eq!(first.body["subObjects"], second.body["subObjects"]);

    let client = Client::faulty(Fault::ModifyTears);
    let change = |address: &str, kind: u16| {
        let given = json!({"configurationId": {"id": "held"}, "emailAddress": address, "mailboxType": kind});
        json!({ "modify": [given] })
    };
    let (_, _, held) = at_once(&client, change("first", 0), change("second", 2)).await;
    assert_eq!(held[0]["emailAddress"], "second");
}

#[tokio::test]
async fn chunked_answers_are_whole() {
    let client = Client::varied(Variant::Chunked);
    let session = client.login("admin").await;
    let answer = client
        .update(&session, "Sales", json!({"add": [mailbox("a")]}))
        .await;
    assert_eq!(answer.body["subObjects"][0]["id"], "a");
}
