//! Read-backs that say nothing: nothing is changed where that is so from the
//! start, and what is not in order at the end is told and kept.

use std::sync::atomic::Ordering;

use axum::body::Bytes;
use icws_conformance::gate::{Decision, decide};
use icws_conformance::reference::{Settings, Variant, app};
use icws_conformance::runner::cleanup::cleanup;
use icws_conformance::runner::journal::Journal;

use super::layers::reading;
use super::{identities, plan, profile_at, ran, refused, settings};
use crate::hosting::host;

#[test]
fn nothing_is_changed_where_no_workgroup_can_be_read() {
    let deep = "[".repeat(100_000);
    for body in [
        &b"{\"monitoredMailboxes\":NaN}"[..],
        b"{\"monitoredMailboxes\":\"\xff\"}",
        b"\xff\xfe{\0}\0",
        deep.as_bytes(),
        b"<html></html>",
        b"[]",
    ] {
        let (server, accepted) = reading(app(settings()), 0, Bytes::copy_from_slice(body));
        let profile = profile_at(host(server));
        let error = refused(plan(&profile, &["effect/"]));
        assert!(error.contains("offers.read_back"), "{error}");
        assert_eq!(accepted.load(Ordering::Relaxed), 0);
    }
}

#[test]
fn a_list_that_is_no_longer_there_closes_no_journal() {
    let folder = tempfile::tempdir().expect("a folder");
    // The first reads show what is there; those after it, whatever is there, no
    // list.
    let (server, _) = reading(app(settings()), 40, Bytes::from_static(b"{}"));
    let profile = profile_at(host(server));
    let mut plan = plan(&profile, &["effect/"]);
    plan.journal = Some(folder.path().to_owned());
    let report = ran(plan).expect("a report");
    let told = |reason: &String| {
        reason.contains("workgroups could not be put in order: ")
            && reason.contains("no longer has the list")
            && reason.contains("`icws-conformance cleanup`")
    };
    assert_eq!(
        report.unjudged.iter().filter(|one| told(one)).count(),
        1,
        "{:#?}",
        report.unjudged
    );
    let journal = Journal::of(folder.path(), profile.base_url.as_str());
    assert!(!journal.owing().expect("entries").is_empty());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let cleaned = runtime.block_on(cleanup(&profile, folder.path()));
    let cleaned = cleaned.expect("a clean-up");
    assert!(
        cleaned.iter().all(|one| one.outcome.is_err()),
        "{cleaned:#?}"
    );
    assert!(!journal.owing().expect("entries").is_empty());
}

#[test]
fn a_server_that_shows_no_list_where_there_is_none_is_in_order() {
    for variant in [Variant::EmptyListAbsent, Variant::EmptyListNull] {
        let folder = tempfile::tempdir().expect("a folder");
        let server = app(Settings {
            variants: [variant].into(),
            ..settings()
        });
        let profile = profile_at(host(server));
        // Updates with nothing in them are accepted, and show no list.
        let mut plan = plan(&profile, &["body/", "update/"]);
        plan.journal = Some(folder.path().to_owned());
        let report = ran(plan).expect("a report");
        assert_eq!(identities(&report), [""; 0]);
        assert_eq!(decide(&report, true), Decision::Conforms, "{report:#?}");
        let journal = Journal::of(folder.path(), profile.base_url.as_str());
        assert_eq!(journal.owing().expect("entries"), [""; 0]);
    }
}
