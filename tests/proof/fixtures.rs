//! Profiles that lie, and targets that somebody else uses: a problem of the
//! fixtures is told as that, and never as a violation.

use icws_conformance::client::session::{connect, session_request};
use icws_conformance::client::{Client, Credentials, Header, Method, Secret, Secrets, Settings};
use icws_conformance::contract::representation::Field;
use icws_conformance::contract::wire;
use icws_conformance::gate::{Decision, decide};
use icws_conformance::reference::{Fault, Fixtures, Settings as Server, WorkgroupFixture};
use icws_conformance::report::findings::findings;
use icws_conformance::runner::{Outcome, Report, run};
use icws_conformance::suites;
use icws_conformance::target::{Hook, Profile};
use secrecy::ExposeSecret;
use serde_json::json;

use crate::running;

fn assert_unjudged(report: &Report, expected: &[&str]) {
    let found: Vec<String> = findings(report).map(|finding| finding.identity()).collect();
    assert_eq!(found, [""; 0]);
    assert_eq!(decide(report, true), Decision::Unjudged);
    assert_eq!(
        report.unjudged.len(),
        expected.len(),
        "{:#?}",
        report.unjudged
    );
    for (reason, expected) in report.unjudged.iter().zip(expected) {
        assert!(reason.contains(expected), "{reason}");
    }
}

#[test]
fn a_folder_that_the_mailbox_lacks_is_a_fixture_problem() {
    let server = running::server(Server::default());
    let mut profile = server.profile().clone();
    profile.mailboxes[3].folders = vec!["Elsewhere".to_owned()];
    let report = running::report(running::plan(&profile, suites::all()));
    assert_unjudged(&report, &["no folder `Elsewhere`"]);
}

#[test]
fn a_workgroup_beside_a_scratch_one_is_no_near_miss_of_it() {
    let mut fixtures = Fixtures::default();
    let scratch = fixtures.workgroups.iter().filter(|known| known.scratch);
    let beside: Vec<WorkgroupFixture> = scratch
        .map(|known| WorkgroupFixture {
            id: format!("{}.", known.id),
            scratch: false,
            monitored: Vec::new(),
        })
        .collect();
    fixtures.workgroups.extend(beside);
    let server = running::server(Server {
        fixtures,
        ..Server::default()
    });
    let mut properties = suites::all();
    properties.retain(|property| property.id == "workgroup/nearly");
    let report = running::report(running::plan(server.profile(), properties));
    let found: Vec<String> = findings(&report)
        .map(|finding| finding.identity())
        .collect();
    assert_eq!(found, [""; 0]);
    let left_out = report
        .properties
        .iter()
        .flat_map(|one| one.not_offered.list());
    let reasons: Vec<String> = left_out.map(|one| one.reason).collect();
    let told = |reason: &String| reason.contains("beside the scratch workgroup");
    assert!(reasons.iter().any(told), "{reasons:#?}");
}

#[test]
fn nobody_is_blamed_where_no_user_lacks_the_rights() {
    let server = running::server(Server::default());
    let mut profile = server.profile().clone();
    profile.users.restricted = None;
    let report = running::report(running::plan(&profile, suites::all()));
    let found: Vec<String> = findings(&report)
        .map(|finding| finding.identity())
        .collect();
    assert_eq!(found, [""; 0]);
    assert_eq!(decide(&report, true), Decision::Conforms);
}

#[test]
fn a_hook_that_may_end_every_session_blames_nobody() {
    let server = running::server(Server {
        faults: [Fault::ExpiryEndsAll].into(),
        ..Server::default()
    });
    let mut profile = server.profile().clone();
    let mut properties = suites::all();
    properties.retain(|property| property.id == "session/another-expires");
    let report = running::report(running::plan(&profile, properties.clone()));
    assert_eq!(report.properties[0].outcome, Outcome::Refuted);
    profile.hooks.expire_session = Some(Hook::Command {
        words: vec!["true".to_owned()],
    });
    let report = running::report(running::plan(&profile, properties));
    let reason = report.properties[0].outcome.reason().expect("a reason");
    assert!(reason.contains("{session_id}"), "{reason}");
}

#[test]
fn a_server_that_refuses_a_folder_one_way_only_is_at_fault() {
    let server = running::server(Server {
        faults: [Fault::BothWaysRefused].into(),
        ..Server::default()
    });
    let report = running::report(running::plan(server.profile(), suites::all()));
    assert_eq!(decide(&report, false), Decision::Violates);
    assert_eq!(report.unjudged, [""; 0]);
}

#[test]
fn a_workgroup_that_somebody_else_changes_is_a_fixture_problem() {
    let server = running::server(Server::default());
    let profile = server.profile().clone();
    let plan = running::plan(&profile, suites::all());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let mut report = runtime.block_on(async {
        let somebody = tokio::spawn(interfere(profile.clone()));
        let report = run(plan, &mut |_| ()).await.expect("a report");
        assert!(!somebody.is_finished(), "somebody else gave up");
        somebody.abort();
        report
    });
    // Somebody else may also be at it while the run puts things in order.
    let is_of_order = |reason: &String| reason.contains("could not be put in order");
    report.unjudged.retain(|reason| !is_of_order(reason));
    assert_unjudged(&report, &["somebody else changed the scratch workgroup"]);
}

/// Adds, changes and removes a mailbox of its own in a scratch workgroup, over
/// and over.
async fn interfere(profile: Profile) {
    let secrets = Secrets::new();
    let settings = Settings {
        origin: profile.base_url.clone(),
        ca_pem: None,
        accept_invalid: false,
        timeout: profile.limits.timeout,
        outage: profile.limits.outage,
        answer_bytes_max: profile.limits.answer_bytes_max,
        requests_per_second: 0,
        concurrency: 1,
    };
    let client = Client::new(settings, secrets).expect("a client");
    let user = &profile.users.privileged;
    let credentials = Credentials {
        user_id: user.user_id.clone(),
        password: Secret::new(user.password.expose_secret(), "<password>"),
        label: "somebody else".to_owned(),
        language: "en-US",
    };
    let session = connect(&client, &credentials, "somebody else").await;
    let session = session.result.expect("a session");
    let path = wire::update_path(&session.id, &profile.workgroups.scratch[0]);
    let mailbox = |address: &str| {
        json!([{
            "configurationId": { "id": "reception" },
            "emailAddress": address,
            "mailboxMoniker": "SMTP:no-reply@acme.test",
            "mailboxType": 1,
        }])
    };
    loop {
        for body in [
            json!({ "add": mailbox("reception@corp.example") }),
            json!({ "modify": mailbox("front.desk@corp.example") }),
            json!({ "remove": ["reception"] }),
        ] {
            let mut request = session_request(&session, Method::Post, path.clone());
            let label = Header::plain("Content-Type", wire::VENDOR_MEDIA_TYPE);
            request.headers.push(label);
            request.body = body.to_string().into_bytes().into();
            client.send(&session.origin, &request).await;
        }
    }
}

#[test]
fn a_crowded_workgroup_is_no_scratch_workgroup() {
    let fixtures = Fixtures::default();
    let mut crowd = fixtures.workgroups[0].clone();
    let one = fixtures
        .workgroups
        .iter()
        .find_map(|group: &WorkgroupFixture| group.monitored.first())
        .expect("a mailbox")
        .clone();
    crowd.monitored = (0..2_001)
        .map(|number| {
            let mut mailbox = one.clone();
            if let Field::Value(id) = &mut mailbox.configuration_id {
                id.id = number.to_string();
            }
            mailbox
        })
        .collect();
    let server = running::server(Server {
        fixtures: Fixtures {
            workgroups: vec![crowd],
            ..fixtures
        },
        ..Server::default()
    });
    let mut plan = running::plan(server.profile(), suites::all());
    plan.profile.limits.answer_bytes_max = 1 << 24;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let error = runtime
        .block_on(run(plan, &mut |_| ()))
        .expect_err("too many");
    let error = error.to_string();
    assert!(
        error.contains("holds 2001 mailboxes: more than 2000"),
        "{error}"
    );
}
