//! The same seed gives the same report of servers that behave the same,
//! however many cases are under way at once.

use icws_conformance::gate::{Asked, Ruling};
use icws_conformance::reference::{Fault, Settings};
use icws_conformance::report::ReplayFiles;
use icws_conformance::report::json::json;
use icws_conformance::suites;

use crate::running;

#[test]
fn a_run_without_findings_is_the_same_at_any_concurrency() {
    same(&report(&[], 1), &report(&[], 16));
}

#[test]
fn a_run_with_findings_is_the_same_at_any_concurrency() {
    let faults = [Fault::ModifyResetsFolder, Fault::ChallengeMissingSometimes];
    let one = report(&faults, 1);
    for rule in ["EFF-2", "SES-10"] {
        let found = format!("\"rule\": \"{rule}\",\n          \"level\": \"must\"");
        assert!(one.contains(&found), "{rule} held");
    }
    for concurrency in [4, 16] {
        same(&one, &report(&faults, concurrency));
    }
}

/// Compares line by line, so that a difference can be read.
pub(crate) fn same(one: &str, other: &str) {
    for (one, other) in one.lines().zip(other.lines()) {
        assert_eq!(one, other);
    }
    assert_eq!(one.lines().count(), other.lines().count());
}

/// The JSON report of a run of everything, but for what differs between two
/// servers: the port.
fn report(faults: &[Fault], concurrency: usize) -> String {
    let server = running::server(Settings {
        faults: faults.iter().copied().collect(),
        ..Settings::default()
    });
    let mut plan = running::plan(server.profile(), suites::all());
    plan.profile.limits.concurrency = concurrency;
    let mut report = running::report(plan);
    report.elapsed_ms = 0;
    let ruling = Ruling::of(&report, Asked::default());
    let json = json(&report, &ruling, &ReplayFiles::default());
    let json = String::from_utf8(json).expect("JSON is text");
    let url = server.base_url().as_str().trim_end_matches('/');
    json.replace(url, "http://server")
}
