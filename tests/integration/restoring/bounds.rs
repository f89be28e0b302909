//! Restoring ends in time, whatever is left and whatever the target does.

use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use bytes::Bytes;
use icws_conformance::reference::app;
use serde_json::json;

use super::layers::{is_update, json as answer, reading};
use super::{plan, profile_at, ran, settings};
use crate::hosting::host;

/// Removals are refused, slowly; from that read-back on there are five thousand
/// mailboxes that look like ours.
fn refusing() -> Router {
    let left: Vec<_> = (0..5000)
        .map(|number| {
            let id = format!("m12ab-{number}");
            json!({
                "configurationId": { "id": id },
                "emailAddress": format!("{id}@acme.test"),
                "mailboxType": 1,
            })
        })
        .collect();
    let body = json!({ "monitoredMailboxes": left }).to_string();
    let (inner, _) = reading(app(settings()), 14, Bytes::from(body));
    inner.layer(from_fn(|request: Request, next: Next| async move {
        if !is_update(&request) {
            return next.run(request).await;
        }
        let (head, body) = request.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body");
        if body.starts_with(b"{\"remove\":[\"m12ab-") {
            tokio::time::sleep(Duration::from_millis(300)).await;
            let refusal = "{\"message\":\"no\"}";
            return answer(StatusCode::BAD_REQUEST, refusal);
        }
        next.run(Request::from_parts(head, Body::from(body))).await
    }))
}

#[test]
fn removals_that_are_refused_are_not_asked_for_for_ever() {
    let profile = profile_at(host(refusing()));
    let mut plan = plan(&profile, &["answer/"]);
    plan.max_time = Some(Duration::from_secs(5));
    let began = Instant::now();
    let report = ran(plan).expect("a report");
    assert!(
        began.elapsed() < Duration::from_secs(15),
        "{:?}",
        began.elapsed()
    );
    let told = |reason: &String| reason.contains("could not be put in order: ");
    assert!(report.unjudged.iter().any(told), "{:#?}", report.unjudged);
}

#[test]
fn a_read_back_that_is_too_much_is_refused() {
    let many = b"0,".repeat(1 << 19);
    for body in [
        [&b"{\"monitoredMailboxes\":["[..], &many, b"0]}"].concat(),
        vec![b' '; 40 << 20],
    ] {
        let (server, _) = reading(app(settings()), 14, Bytes::from(body));
        let profile = profile_at(host(server));
        let mut plan = plan(&profile, &["answer/"]);
        plan.max_time = Some(Duration::from_secs(5));
        let began = Instant::now();
        let report = ran(plan).expect("a report");
        assert!(
            began.elapsed() < Duration::from_secs(15),
            "{:?}",
            began.elapsed()
        );
        let told = |reason: &String| reason.contains("could not be put in order: ");
        assert!(report.unjudged.iter().any(told), "{:#?}", report.unjudged);
    }
}

/// Answers nothing from that update on.
fn silent(from: usize) -> Router {
    let count = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    app(settings()).layer(from_fn(move |request: Request, next: Next| {
        let count = std::sync::Arc::clone(&count);
        async move {
            let order = std::sync::atomic::Ordering::Relaxed;
            if is_update(&request) && count.fetch_add(1, order) >= from {
                std::future::pending::<()>().await;
            }
            next.run(request).await
        }
    }))
}

#[test]
fn what_is_under_way_when_the_time_is_over_is_cut_off() {
    let mut profile = profile_at(host(silent(60)));
    profile.limits.timeout = Duration::from_secs(60);
    let mut plan = plan(&profile, &["effect/"]);
    plan.max_time = Some(Duration::from_secs(3));
    let began = Instant::now();
    let report = ran(plan).expect("a report");
    assert!(
        began.elapsed() < Duration::from_secs(13),
        "{:?}",
        began.elapsed()
    );
    let told = |reason: &String| reason.contains("the time of --max-time ran out");
    assert!(report.unjudged.iter().any(told), "{:#?}", report.unjudged);
}
