//! A gateway that lets few updates through at once is legal, and its 503s are no
//! reason to be unsure.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse;
use icws_conformance::embedded::profile_of;
use icws_conformance::reference::{Fixtures, Settings, app};
use icws_conformance::runner::Outcome;
use icws_conformance::suites;
use tokio::sync::Semaphore;

use crate::hosting::host;
use crate::running;

/// How many updates it lets through at once: fewer than any burst has.
const AT_ONCE: usize = 2;

#[test]
fn a_gateway_that_lets_few_through_at_once_is_judged_all_the_same() {
    let base_url = format!("http://{}", host(limited()));
    let profile = profile_of(&Fixtures::default(), base_url.parse().expect("a URL"));
    let mut properties = suites::all();
    properties.retain(|property| property.id.starts_with("concurrency/"));
    let mut plan = running::plan(&profile, properties);
    plan.cases = 16;
    let report = running::report(plan);
    for property in &report.properties {
        assert_eq!(property.outcome, Outcome::Held, "{}", property.id);
    }
    let told = |note: &String| note.contains("that it is busy");
    assert!(report.notes.iter().any(told), "{:#?}", report.notes);
}

/// The gateway.
fn limited() -> Router {
    let free = Arc::new(Semaphore::new(AT_ONCE));
    let settings = Settings {
        latency: Duration::from_millis(5),
        ..Settings::default()
    };
    app(settings).layer(from_fn(move |request: Request, next: Next| {
        let free = Arc::clone(&free);
        async move {
            let is_update = request.uri().path().ends_with("/monitored-mailboxes");
            match free.try_acquire() {
                Err(_) if is_update => StatusCode::SERVICE_UNAVAILABLE.into_response(),
                _permit => next.run(request).await,
            }
        }
    }))
}
