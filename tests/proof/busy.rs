//! A gateway that lets few updates through at once is legal, and its 503s are no
//! reason to be unsure.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse;
use icws_conformance::embedded::profile_of;
use icws_conformance::reference::{Fixtures, Settings, app};
use icws_conformance::runner::Outcome;
use icws_conformance::suites;
use icws_conformance::target::Profile;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::running;

/// How many updates it lets through at once: fewer than any burst has.
const AT_ONCE: usize = 2;

#[test]
fn a_gateway_that_lets_few_through_at_once_is_judged_all_the_same() {
    let profile = limited();
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

/// Starts it; it lives as long as this process.
fn limited() -> Profile {
    let (sender, receiver) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let address = listener.local_addr().expect("an address");
            sender.send(address).expect("somebody waits");
            let free = Arc::new(Semaphore::new(AT_ONCE));
            let settings = Settings {
                latency: Duration::from_millis(5),
                ..Settings::default()
            };
            let limited = from_fn(move |request: Request, next: Next| {
                let free = Arc::clone(&free);
                async move {
                    let is_update = request.uri().path().ends_with("/monitored-mailboxes");
                    let permit = free.try_acquire();
                    match permit {
                        Err(_) if is_update => StatusCode::SERVICE_UNAVAILABLE.into_response(),
                        _ => next.run(request).await,
                    }
                }
            });
            let server = axum::serve(listener, app(settings).layer(limited));
            server.await.expect("served");
        });
    });
    let address = receiver.recv().expect("an address");
    let base_url = format!("http://{address}").parse().expect("a URL");
    profile_of(&Fixtures::default(), base_url)
}
