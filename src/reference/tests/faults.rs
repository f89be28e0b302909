//! Every fault and every variant shows: some probe is answered otherwise, or
//! leaves another state behind, than by the plain server.

use super::cases::probes;
use super::probes::{differs, observe_all};
use super::{Client, mailbox};
use crate::reference::{FAULTS, Fault, Settings, VARIANTS, Variant};
use serde_json::json;
use std::collections::BTreeSet;

/// Faults that a probe alone does not show, each with a test of its own.
const SHOWN_ELSEWHERE: &[Fault] = &[Fault::LostUpdate];

/// Variants that no probe can show: they are about time, chance or framing.
const UNSHOWN: &[Variant] = &[
    Variant::Hesitates,
    Variant::ReadBackShuffled,
    Variant::Chunked,
];

#[tokio::test]
async fn every_fault_shows() {
    let probes = probes();
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
    assert!(silent.is_empty(), "{silent:?}");
}

#[tokio::test]
async fn every_variant_shows() {
    let probes = probes();
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
    assert!(silent.is_empty(), "{silent:?}");
}

#[tokio::test]
async fn the_plain_server_answers_every_probe_the_same_twice() {
    let probes = probes();
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
        assert_eq!((first.status, second.status), (200, 200));
        assert_eq!(client.held(&session, "Sales").await.len(), expected);
    }
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
