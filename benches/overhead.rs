//! What the harness adds to the requests that it sends: one property, drawn,
//! fired, read back and judged, next to the same client that fires one fixed
//! update in a loop at the same server, with the same concurrency, in one run.
//!
//! One iteration of either is as many requests, so that criterion's times and
//! rates compare. After both, a line says their ratio.

use std::time::{Duration, Instant};

use criterion::{BenchmarkGroup, Criterion, SamplingMode, Throughput, measurement::WallTime};
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
use tokio::runtime::Runtime;

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
        let mut group = criterion.benchmark_group(format!("concurrency {concurrency}"));
        group.sampling_mode(SamplingMode::Flat);
        ratios.extend(compare(&mut group, &runtime, &profile));
        group.finish();
    }
    criterion.final_summary();
    ratios.iter().for_each(|ratio| println!("{ratio}"));
}

/// Measures both; the line about their ratio, unless a filter left one out.
fn compare(
    group: &mut BenchmarkGroup<'_, WallTime>,
    runtime: &Runtime,
    profile: &Profile,
) -> Option<String> {
    let requests = runtime.block_on(judged(profile)).requests;
    group.throughput(Throughput::Elements(requests));

    let mut harness = Rate::default();
    group.bench_function("harness", |bencher| {
        bencher.iter_custom(|iterations| {
            harness.measure(iterations, || {
                let report = runtime.block_on(judged(profile));
                (report.requests, report.cases as u64)
            })
        });
    });

    let bare_client = runtime.block_on(BareClient::open(profile));
    let mut bare = Rate::default();
    group.bench_function("bare client", |bencher| {
        bencher.iter_custom(|iterations| {
            bare.measure(iterations, || {
                runtime.block_on(bare_client.fire(requests));
                (requests, 0)
            })
        });
    });
    runtime.block_on(bare_client.close());

    let both_ran = harness.requests > 0 && bare.requests > 0;
    both_ran.then(|| {
        let (ours, theirs) = (
            harness.per_second(harness.requests),
            bare.per_second(bare.requests),
        );
        format!(
            "harness / bare at concurrency {}: {:.2} ({PROPERTY}: {ours:.0} requests/s in {:.0} \
             cases/s; bare client: {theirs:.0} requests/s)",
            profile.limits.concurrency,
            ours / theirs,
            harness.per_second(harness.cases),
        )
    })
}

/// One iteration of the harness: a whole run of the one property.
async fn judged(profile: &Profile) -> Report {
    let property = suites::all()
        .into_iter()
        .find(|property| property.id == PROPERTY)
        .expect("the property exists");
    let plan = Plan {
        profile: profile.clone(),
        properties: vec![property],
        seed: SEED,
        cases: CASES,
        max_time: None,
        stop: Default::default(),
    };
    let report = run(plan, &mut |_| ()).await.expect("the target is ready");
    assert_eq!(report.properties[0].outcome.as_str(), "held");
    report
}

/// What was done in how much time, over all samples.
#[derive(Default)]
struct Rate {
    requests: u64,
    cases: u64,
    took: Duration,
}

impl Rate {
    /// Times `iterations` of what answers how many requests and cases it did.
    fn measure(&mut self, iterations: u64, mut once: impl FnMut() -> (u64, u64)) -> Duration {
        let begin = Instant::now();
        for _ in 0..iterations {
            let (requests, cases) = once();
            self.requests += requests;
            self.cases += cases;
        }
        let took = begin.elapsed();
        self.took += took;
        took
    }

    fn per_second(&self, count: u64) -> f64 {
        count as f64 / self.took.as_secs_f64()
    }
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
