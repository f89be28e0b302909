//! Gateways and targets that are busy, away or full: what passes is waited for,
//! what refuses one kind of request is judged, and what does not end is told once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use icws_conformance::contract::rules::ERR_10;
use icws_conformance::embedded::profile_of;
use icws_conformance::reference::{Fixtures, Settings, app};
use icws_conformance::runner::{Outcome, Report};
use icws_conformance::suites;
use tokio::sync::Semaphore;

use crate::hosting::host;
use crate::running;

/// How many updates a gateway lets through at once: fewer than any burst has.
const AT_ONCE: usize = 2;

/// From which request on something happens: the checks at the start are over.
const LATER: usize = 300;

/// The body of an update with more than ten objects is longer.
const LONG: usize = 1_500;

#[test]
fn a_gateway_that_lets_few_through_at_once_is_judged_all_the_same() {
    let free = Arc::new(Semaphore::new(AT_ONCE));
    let settings = Settings {
        latency: Duration::from_millis(5),
        ..controlled()
    };
    let limited = app(settings).layer(from_fn(move |request: Request, next: Next| {
        let free = Arc::clone(&free);
        async move {
            match free.try_acquire() {
                Err(_) if is_update(&request) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
                _permit => next.run(request).await,
            }
        }
    }));
    let report = judged(limited, &["concurrency/"], 16);
    all_held(&report);
    told(&report, "that it is busy");
}

#[test]
fn a_rate_that_is_refused_is_learnt_and_hooks_keep_to_it() {
    let last = Mutex::new(Instant::now());
    let apart = Duration::from_millis(2);
    let front = fronted(move |_, _| {
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.elapsed() < apart {
            return Some(page(StatusCode::SERVICE_UNAVAILABLE));
        }
        *last = Instant::now();
        None
    });
    let report = judged(front, &["failure/", "session/live", "session/expired"], 16);
    all_held(&report);
    told(&report, "the run slowed down");
}

#[test]
fn a_target_that_is_busy_for_a_while_is_waited_for() {
    let from = Mutex::new(None);
    let front = fronted(move |_, number| {
        let mut from = from.lock().unwrap_or_else(PoisonError::into_inner);
        let began = (number >= LATER).then(|| *from.get_or_insert_with(Instant::now));
        let is_busy = began.is_some_and(|began| began.elapsed() < Duration::from_millis(700));
        is_busy.then(|| page(StatusCode::TOO_MANY_REQUESTS))
    });
    let report = judged(front, &["session/", "shape/added"], 16);
    all_held(&report);
    told(&report, "was away or busy");
}

#[test]
fn a_target_that_stays_busy_ends_the_run_with_the_moment() {
    for (status, says) in [
        (StatusCode::TOO_MANY_REQUESTS, "it answered everything 429"),
        (StatusCode::FORBIDDEN, "only one answer any more"),
        (StatusCode::UNAUTHORIZED, "only one answer any more"),
    ] {
        let front = fronted(move |_, number| (number >= LATER).then(|| page(status)));
        let report = judged(front, &["session/", "shape/added"], 16);
        assert!(found(&report).is_empty(), "{status}: {:?}", found(&report));
        let reason = &report.unjudged[0];
        for part in [says, "from request", "the last good answer was 2"] {
            assert!(reason.contains(part), "{status}: {part}: {reason}");
        }
    }
}

#[test]
fn a_kind_of_request_that_is_always_refused_is_not_busy() {
    let front = app(controlled()).layer(from_fn(|request: Request, next: Next| async move {
        let is_update = is_update(&request);
        let (head, body) = request.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body");
        if is_update && body.len() > LONG {
            return page(StatusCode::TOO_MANY_REQUESTS);
        }
        next.run(Request::from_parts(head, Body::from(body))).await
    }));
    let report = judged(front, &["request/long-remove"], 4);
    let rules = found(&report);
    assert!(rules.contains(&ERR_10.as_str()), "{rules:?}");
    assert!(
        rules.iter().all(|rule| *rule == ERR_10.as_str()),
        "{rules:?}"
    );
    assert!(report.unjudged.is_empty(), "{:?}", report.unjudged);
}

#[test]
fn a_target_that_counts_sessions_is_judged() {
    const MOST: usize = 5;
    let open = Arc::new(AtomicUsize::new(0));
    let front = app(controlled()).layer(from_fn(move |request: Request, next: Next| {
        let open = Arc::clone(&open);
        async move {
            let is_session = request.uri().path().ends_with("/connection");
            let is_login = is_session && request.method() == Method::POST;
            let is_end = is_session && request.method() == Method::DELETE
                || request.uri().path().contains("/expire/");
            if is_login && open.load(Ordering::Relaxed) >= MOST {
                let body = r#"{"message":"too many sessions"}"#;
                return (StatusCode::BAD_REQUEST, body).into_response();
            }
            let answer = next.run(request).await;
            if answer.status().is_success() && is_login {
                open.fetch_add(1, Ordering::Relaxed);
            } else if answer.status().is_success() && is_end {
                open.fetch_sub(1, Ordering::Relaxed);
            }
            answer
        }
    }));
    let report = judged(front, &["session/", "effect/two-sessions"], 16);
    all_held(&report);
}

#[test]
fn a_session_whose_state_is_hard_to_read_is_up() {
    let front = fronted(|request, _| {
        let is_state =
            request.uri().path().ends_with("/connection") && request.method() == Method::GET;
        let body = format!(
            r#"{{"connectionState":1,"x":1e400,"y":"\ud800","z":{}{}}}"#,
            "[".repeat(200),
            "]".repeat(200)
        );
        is_state.then(|| body.into_response())
    });
    let report = judged(front, &["session/live", "session/wrong-token"], 16);
    all_held(&report);
    let told = report.notes.iter().any(|note| note.contains("one session"));
    assert!(!told, "{:#?}", report.notes);
}

fn controlled() -> Settings {
    Settings {
        control: true,
        ..Settings::default()
    }
}

fn is_update(request: &Request) -> bool {
    request.uri().path().ends_with("/monitored-mailboxes")
}

fn page(status: StatusCode) -> Response {
    let page = [("Content-Type", "text/html")];
    (status, page, "<html>from the gateway</html>").into_response()
}

/// A front that may answer in place of the server; it knows how many requests came
/// before.
fn fronted(answer: impl Fn(&Request, usize) -> Option<Response> + Send + Sync + 'static) -> Router {
    let (answer, number) = (Arc::new(answer), Arc::new(AtomicUsize::new(0)));
    app(controlled()).layer(from_fn(move |request: Request, next: Next| {
        let number = number.fetch_add(1, Ordering::Relaxed);
        let answered = answer(&request, number);
        async move {
            match answered {
                Some(answered) => answered,
                None => next.run(request).await,
            }
        }
    }))
}

/// A short run of the properties whose ids begin so.
fn judged(front: Router, prefixes: &[&str], cases: usize) -> Report {
    let base_url = format!("http://{}", host(front));
    let mut profile = profile_of(&Fixtures::default(), base_url.parse().expect("a URL"));
    profile.limits.outage = Duration::from_millis(1_500);
    let mut properties = suites::all();
    properties.retain(|property| {
        let mut prefixes = prefixes.iter();
        prefixes.any(|prefix| property.id.starts_with(prefix))
    });
    let mut plan = running::plan(&profile, properties);
    plan.cases = cases;
    running::report(plan)
}

fn all_held(report: &Report) {
    for property in &report.properties {
        let judged = (&property.outcome, property.unjudged.cases());
        assert_eq!(
            judged,
            (&Outcome::Held, 0),
            "{}: {:?} {:?}",
            property.id,
            property.unjudged.list(),
            found(report)
        );
    }
    assert!(report.unjudged.is_empty(), "{:?}", report.unjudged);
}

fn found(report: &Report) -> Vec<&'static str> {
    let findings = report
        .properties
        .iter()
        .flat_map(|property| &property.findings);
    findings.map(|finding| finding.rule.as_str()).collect()
}

fn told(report: &Report, what: &str) {
    let mut notes = report.notes.iter();
    assert!(notes.any(|note| note.contains(what)), "{:#?}", report.notes);
}
