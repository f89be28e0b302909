//! What the profile says and the target shows otherwise: told with its key,
//! before the first case, with nothing left behind.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use icws_conformance::reference::{Settings, Variant, app};
use icws_conformance::report::findings::findings;
use icws_conformance::target::{Hook, Profile};

use super::layers::{is_read_back, is_update, json};
use super::{identities, plan, profile_at, ran, refused, settings};
use crate::hosting::host;

/// A server that counts the updates that it accepts.
fn counting(inner: Router) -> (Router, Arc<AtomicUsize>) {
    let (router, accepted) = super::layers::reading(inner, usize::MAX, Default::default());
    (router, accepted)
}

/// What is said of a server with those variants and that change to the profile.
fn said(variants: &[Variant], change: impl FnOnce(&mut Profile)) -> (String, usize) {
    let (server, accepted) = counting(app(Settings {
        variants: variants.iter().copied().collect(),
        ..settings()
    }));
    let mut profile = profile_at(host(server));
    change(&mut profile);
    let error = refused(plan(&profile, &["answer/"]));
    (error, accepted.load(Ordering::Relaxed))
}

#[test]
fn an_absent_workgroup_that_exists() {
    let (error, accepted) = said(&[], |profile| {
        profile.workgroups.absent = vec!["Operations".to_owned()];
    });
    assert!(
        error.contains("`Operations`") && error.contains("workgroups.absent"),
        "{error}"
    );
    assert_eq!(accepted, 0);
}

#[test]
fn users_who_are_the_other_way_round() {
    for variants in [&[][..], &[Variant::RestrictedReadsNothing]] {
        let (error, accepted) = said(variants, |profile| {
            let restricted = profile.users.restricted.take().expect("two users");
            let privileged = std::mem::replace(&mut profile.users.privileged, restricted);
            profile.users.restricted = Some(privileged);
        });
        assert!(
            error.contains("users.privileged") && error.contains("users.restricted"),
            "{error}"
        );
        // The one with nothing in it.
        assert_eq!(accepted, 1);
    }
}

#[test]
fn a_moniker_that_is_mistyped() {
    for variants in [
        &[][..],
        &[Variant::UnknownMonikerRefused],
        &[Variant::UnknownMonikerMalformed],
        &[Variant::UnknownMonikerFolderRefused],
    ] {
        let (error, _) = said(variants, |profile| {
            profile.mailboxes[0].moniker.push_str("-mistyped");
        });
        assert!(
            error.contains("-mistyped`") && error.contains("mailboxes"),
            "{variants:?}: {error}"
        );
    }
}

#[test]
fn a_folder_that_the_mailbox_lacks() {
    let (error, _) = said(&[], |profile| {
        profile.mailboxes[0].folders.insert(0, "Nowhere".to_owned());
    });
    assert!(
        error.contains("no folder `Nowhere`") && error.contains("folders"),
        "{error}"
    );
}

/// A server that answers 404 to what is promised.
fn without(path: &'static str) -> Router {
    app(settings()).layer(from_fn(move |request: Request, next: Next| async move {
        let is_it = match path {
            "" => is_read_back(&request),
            path => request.uri().path() == path,
        };
        if is_it {
            return json(StatusCode::NOT_FOUND, "{\"message\":\"not here\"}");
        }
        next.run(request).await
    }))
}

#[test]
fn what_the_profile_offers_and_the_target_lacks() {
    for (path, key) in [
        ("", "offers.read_back"),
        ("/icws/connection/features", "offers.features"),
    ] {
        let error = refused(plan(&profile_at(host(without(path))), &["answer/"]));
        assert!(error.contains(key), "{error}");
    }
}

#[test]
fn a_server_that_does_not_decode_ids_breaks_rep_1_once() {
    let server = app(settings()).layer(from_fn(|request: Request, next: Next| async move {
        let is_it = is_read_back(&request) || is_update(&request);
        if is_it && request.uri().path().contains('%') {
            return json(StatusCode::NOT_FOUND, "{\"message\":\"no such workgroup\"}");
        }
        next.run(request).await
    }));
    let profile = profile_at(host(server));
    let encoded = |id: &String| id.contains(|c: char| !c.is_ascii_alphanumeric());
    assert!(
        profile.workgroups.scratch.iter().any(encoded),
        "nothing to try"
    );
    let report = ran(plan(&profile, &["answer/", "effect/add"])).expect("a report");
    let found = identities(&report);
    let once = found.iter().filter(|one| one.contains("· REP-1 ·"));
    assert_eq!(once.count(), 1, "{found:#?}");
    // One that does not exist although ids are decoded is the profile's.
    let (error, _) = said(&[], |profile| {
        profile.workgroups.scratch.push("Not Here".to_owned());
    });
    assert!(
        error.contains("`Not Here`") && error.contains("workgroups.scratch"),
        "{error}"
    );
}

#[test]
fn a_hook_that_does_nothing_is_named_in_the_finding() {
    let mut profile = profile_at(host(app(settings())));
    profile.hooks.expire_session = Some(Hook::Command {
        words: vec!["true".to_owned(), "{session_id}".to_owned()],
    });
    let report = ran(plan(&profile, &["session/"])).expect("a report");
    let mut messages = findings(&report).map(|finding| finding.message.to_string());
    let named = messages.any(|message| message.contains("(hooks.expire_session)"));
    assert!(named, "{:#?}", identities(&report));
}
