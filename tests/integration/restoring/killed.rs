//! Runs that are killed where read-backs come late.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

use icws_conformance::cli::exit;
use icws_conformance::client::session::{connect, session_request};
use icws_conformance::client::{Client, Credentials, Method, Secret, Secrets, Settings};
use icws_conformance::contract::wire;
use icws_conformance::reference::app;
use icws_conformance::target::Profile;
use secrecy::ExposeSecret;

use super::layers::lagging;
use super::{profile_at, settings};
use crate::binary::icws;
use crate::ended::ended;
use crate::hosting::host;

/// How often a run is killed where `ICWS_KILLS` does not say it, and how many of
/// these in restoring.
const KILLS: u64 = 8;
const WHILE_RESTORING: u64 = 3;

const LAG: Duration = Duration::from_millis(200);

#[test]
fn a_run_that_is_killed_where_read_backs_lag_is_cleaned_up() {
    let server = app(settings());
    let truth = profile_at(host(server.clone()));
    let url = format!("http://{}", host(lagging(server, LAG)));
    let folder = tempfile::tempdir().expect("a folder");
    let before = held(&truth);
    let mut left = 0;
    let kills = std::env::var("ICWS_KILLS").ok();
    let kills = kills.map_or(KILLS, |text| text.parse().expect("a number of kills"));
    for kill in 0..kills {
        let seed = format!("{kill:x}");
        let run = ["--target", &url, "--seed", &seed, "--only", "update/", "-q"];
        let max_time = ["--max-time", "2s"];
        let restoring = kill < WHILE_RESTORING;
        let time = if restoring { &max_time[..] } else { &[] };
        let mut child = icws(folder.path(), &[&run[..], time].concat());
        let mut child = child.spawn().expect("it starts");
        if restoring {
            await_restoring(&mut child, folder.path());
        } else {
            std::thread::sleep(Duration::from_millis(100 + kill * 7919 % 1500));
        }
        child.kill().expect("killed");
        child.wait().expect("it ended");
        left += u64::from(held(&truth) != before);
        let cleanup = ["cleanup", "--target", &url];
        let cleaned = ended(&mut icws(folder.path(), &cleanup));
        assert_eq!(
            cleaned.code,
            Some(exit::CONFORMS.into()),
            "{kill}: {cleaned:#?}"
        );
        assert_eq!(held(&truth), before, "{kill}: {cleaned:#?}");
    }
    assert!(left > kills / 4, "only {left} were killed when it mattered");
}

/// Waits until the run has closed the first entry of its journal, but not all.
fn await_restoring(child: &mut Child, folder: &Path) {
    let entries = || {
        let files = fs::read_dir(folder.join("journal")).into_iter().flatten();
        let names = files.filter_map(|file| file.ok()?.file_name().into_string().ok());
        names.filter(|name| name.ends_with(".jsonl")).count()
    };
    let (mut most, began) = (0, Instant::now());
    while began.elapsed() < Duration::from_secs(20) {
        let now = entries();
        if now < most || child.try_wait().expect("a status").is_some() {
            return;
        }
        most = now;
        std::thread::sleep(Duration::from_millis(1));
    }
    panic!("it does not come to its end");
}

/// What every workgroup holds in truth.
fn held(profile: &Profile) -> BTreeMap<String, String> {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let settings = Settings {
            origin: profile.base_url.clone(),
            ca_pem: None,
            accept_invalid: false,
            timeout: Duration::from_secs(10),
            answer_bytes_max: 1 << 24,
            requests_per_second: 0,
            outage: Duration::from_secs(5),
            concurrency: 1,
        };
        let client = Client::new(settings, Secrets::new()).expect("a client");
        let user = &profile.users.privileged;
        let credentials = Credentials {
            user_id: user.user_id.clone(),
            password: Secret::new(user.password.expose_secret(), "<password>"),
            label: "onlooker".to_owned(),
            language: "en-US",
        };
        let session = connect(&client, &credentials, "onlooker").await;
        let session = session.result.expect("a session");
        let mut held = BTreeMap::new();
        for workgroup in &profile.workgroups.scratch {
            let path = wire::read_back_path(&session.id, workgroup);
            let request = session_request(&session, Method::Get, path);
            let exchange = client.send(&session.origin, &request).await;
            let body = exchange.answer().expect("an answer").body.to_vec();
            let text = String::from_utf8(body).expect("JSON");
            held.insert(workgroup.clone(), text.replace(&session.id, "SESSION"));
        }
        held
    })
}
