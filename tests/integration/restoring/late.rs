//! Read-backs that come late are one finding, and nothing late is blamed on a
//! later case.

use std::time::Duration;

use axum::Router;
use icws_conformance::reference::{Fault, Settings, app};
use icws_conformance::report::findings::findings;
use icws_conformance::runner::Report;

use super::layers::{cached, lagging};
use super::{identities, plan, profile_at, ran, settings};
use crate::hosting::host;

/// What an update, a refusal, a user without rights, a neighbour and a removed
/// resource would show.
const SELECTED: [&str; 5] = [
    "effect/",
    "session/missing",
    "rights/",
    "workgroup/",
    "failure/",
];

fn report_of(server: Router) -> Report {
    let profile = profile_at(host(server));
    ran(plan(&profile, &SELECTED)).expect("a report")
}

/// The one finding, in words.
fn told_late(report: &Report) -> String {
    let found = identities(report);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(
        found[0].ends_with(" · EFF-1 · a read-back that comes late"),
        "{found:#?}"
    );
    assert_eq!(report.unjudged, [""; 0]);
    let message = findings(report).map(|finding| finding.message.to_string());
    message.collect()
}

#[test]
fn read_backs_that_lag_are_one_finding() {
    for lag in [20, 200] {
        let server = lagging(app(settings()), Duration::from_millis(lag));
        let message = told_late(&report_of(server));
        assert!(message.contains(" ms later; everything else"), "{message}");
    }
}

#[test]
fn a_cache_in_front_is_named() {
    let server = cached(app(settings()), Duration::from_millis(300));
    let message = told_late(&report_of(server));
    assert!(message.contains("(X-Cache: HIT)"), "{message}");
}

#[test]
fn what_is_lost_is_not_late() {
    let server = app(Settings {
        faults: [Fault::ReadBackStale].into(),
        ..settings()
    });
    let found = identities(&report_of(server));
    assert!(!found.is_empty());
    assert!(found.iter().all(|one| !one.contains("late")), "{found:#?}");
}
