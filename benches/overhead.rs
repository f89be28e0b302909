//! What the harness adds to the requests that it sends: one property, drawn,
//! fired, read back and judged, next to the same client that fires one fixed
//! update in a loop at the same server, with the same concurrency, in one run.
//!
//! One iteration of either sends as many requests, so that criterion's times
//! compare. After that the two take turns, and a line says their ratio.

use std::time::{Duration, Instant};

use criterion::{Criterion, SamplingMode, Throughput};
use futures_util::{StreamExt, stream};
use icws_conformance::client::session::{self, connect, session_request};
use icws_conformance::client::{
    Client, Credentials, Header, Method, Request, Secret, Secrets, Session, Settings,
};
use icws_conformance::contract::wire;
use icws_conformance::embedded::Embedded;
use icws_conformance::runner::{Plan, Report, Seed, run};
use icws_conformance::suites;
use icws_conformance::target::Profile;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

/// The property that is measured: its cases add, modify and remove, and each
/// is followed by a read-back.
const PROPERTY: &str = "update/valid";
/// The cases of one iteration. So many that opening sessions and looking at
/// the workgroups, once a run, weighs little.
const CASES: usize = 200;
/// One seed, so that every iteration sends the same.
const SEED: Seed = Seed::new(1);
/// How many requests are under way at once.
const CONCURRENCIES: [usize; 2] = [1, 16];

/// How many times the two take turns for their ratio.
const ROUNDS: usize = 11;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let server = Embedded::start(Default::default()).expect("a server");
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    let mut ratios = Vec::new();
    for concurrency in CONCURRENCIES {
        let mut profile = server.profile().clone();
        profile.limits.concurrency = concurrency;
        let bare = runtime.block_on(BareClient::open(&profile));
        let requests = runtime.block_on(judged(&profile)).requests;
        let mut harness = || runtime.block_on(judged(&profile));
        let mut loops = || runtime.block_on(bare.fire(requests));

        let mut group = criterion.benchmark_group(format!("concurrency {concurrency}"));
        group.sampling_mode(SamplingMode::Flat);
        group.throughput(Throughput::Elements(requests));
        group.bench_function("harness", |bencher| bencher.iter(&mut harness));
        group.bench_function("bare client", |bencher| bencher.iter(&mut loops));
        group.finish();

        ratios.push(ratio(concurrency, requests, harness, loops));
        runtime.block_on(bare.close());
    }
    criterion.final_summary();
    ratios.iter().for_each(|ratio| println!("{ratio}"));
}

/// The line about the median of some rounds, in each of which the harness and
/// the bare client take turns: whatever else the machine does hits both.
fn ratio<T>(
    concurrency: usize,
    requests: u64,
    mut harness: impl FnMut() -> T,
    mut bare: impl FnMut(),
) -> String {
    let mut rounds: Vec<(Duration, Duration)> = (0..ROUNDS)
        .map(|_| (timed(&mut harness), timed(&mut bare)))
        .collect();
    rounds.sort_by(|a, b| ratio_of(a).total_cmp(&ratio_of(b)));
    let median = rounds[ROUNDS / 2];
    let per_second = |count: u64, took: Duration| count as f64 / took.as_secs_f64();
    format!(
        "harness / bare at concurrency {concurrency}: {:.2} ({:.2} to {:.2} in {ROUNDS} rounds; \
         {PROPERTY}: {:.0} requests/s in {:.0} cases/s; bare client: {:.0} requests/s)",
        ratio_of(&median),
        ratio_of(&rounds[0]),
        ratio_of(&rounds[ROUNDS - 1]),
        per_second(requests, median.0),
        per_second(CASES as u64, median.0),
        per_second(requests, median.1),
    )
}

/// Requests per second of the harness over those of the bare client: as both
/// send as many, the times the other way round.
fn ratio_of((harness, bare): &(Duration, Duration)) -> f64 {
    bare.as_secs_f64() / harness.as_secs_f64()
}

fn timed<T>(mut work: impl FnMut() -> T) -> Duration {
    let begin = Instant::now();
    work();
    begin.elapsed()
}

/// One iteration of the harness: a whole run of the one property.
async fn judged(profile: &Profile) -> Report {
    let property = suites::all()
        .into_iter()
        .find(|property| property.id == PROPERTY)
        .expect("the property exists");
    let plan = Plan {
        seed: SEED,
        cases: CASES,
        ..Plan::new(profile.clone(), vec![property])
    };
    let report = run(plan, &mut |_| ()).await.expect("the target is ready");
    assert_eq!(report.properties[0].outcome.as_str(), "held");
    report
}

/// The harness's own client without the harness: a session and one update.
struct BareClient {
    client: Client,
    session: Session,
    update: Request,
    cleanup: Request,
    concurrency: usize,
}

impl BareClient {
    /// Logs in and stores the mailbox that the update modifies.
    async fn open(profile: &Profile) -> Self {
        let settings = Settings {
            origin: profile.base_url.clone(),
            ca_pem: None,
            accept_invalid: false,
            timeout: profile.limits.timeout,
            outage: profile.limits.outage,
            answer_bytes_max: profile.limits.answer_bytes_max,
            requests_per_second: profile.limits.requests_per_second,
            concurrency: profile.limits.concurrency,
        };
        let client = Client::new(settings, Secrets::new()).expect("a client");
        let user = &profile.users.privileged;
        let credentials = Credentials {
            user_id: user.user_id.clone(),
            password: Secret::new(user.password.expose_secret(), "<password>"),
            label: "privileged".to_owned(),
            language: "en-US",
        };
        let connection = connect(&client, &credentials, "overhead").await;
        let session = connection.result.expect("a session");
        let workgroup = &profile.workgroups.scratch[0];
        let mailbox = json!({
            "configurationId": { "id": "overhead" },
            "emailAddress": "overhead@acme.test",
            "mailboxMoniker": profile.mailboxes[0].moniker,
            "mailboxType": 0,
            "inboundFolder": profile.mailboxes[0].folders[0],
        });
        let update = |body: Value| {
            let path = wire::update_path(&session.id, workgroup);
            let mut request = session_request(&session, Method::Post, path);
            let media_type = Header::plain("Content-Type", wire::VENDOR_MEDIA_TYPE);
            request.headers.push(media_type);
            request.body = body.to_string().into_bytes().into();
            request
        };
        let add = update(json!({ "add": [mailbox.clone()] }));
        let bare = Self {
            update: update(json!({ "modify": [mailbox] })),
            cleanup: update(json!({ "remove": ["overhead"] })),
            concurrency: profile.limits.concurrency,
            client,
            session,
        };
        bare.accepted(&add).await;
        bare
    }

    /// One iteration: the one update, that many times.
    async fn fire(&self, requests: u64) {
        stream::iter(0..requests)
            .map(|_| self.accepted(&self.update))
            .buffer_unordered(self.concurrency)
            .collect::<()>()
            .await;
    }

    /// Leaves the workgroup and the server as they were.
    async fn close(&self) {
        self.accepted(&self.cleanup).await;
        session::end(&self.client, &self.session).await;
    }

    async fn accepted(&self, request: &Request) {
        let exchange = self.client.send(&self.session.origin, request).await;
        let status = exchange.answer().map(|answer| answer.status);
        assert_eq!(status, Some(200), "{:?}", exchange.outcome);
    }
}
