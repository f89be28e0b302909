//! The target in another process, and the target that goes away.

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use icws_conformance::cli::exit;
use icws_conformance::reference::Settings;
use serde_json::Value;

use crate::binary::icws;
use crate::repeated::same;
use crate::running;
use crate::serving::Serving;

#[test]
fn a_served_target_gets_the_same_report_as_the_embedded_one() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let serving = Serving::start(folder.path(), &["--profile-out", "p.toml"], &[]);
    let embedded = report(folder.path(), &[]);
    for target in [["--profile", "p.toml"], ["--target", &serving.url()]] {
        same(&embedded, &report(folder.path(), &target));
    }
}

/// The JSON report of a run that found nothing, but for what differs between
/// two servers.
fn report(folder: &Path, target: &[&str]) -> String {
    let arguments = [target, &["--seed", "5eed", "--report", "json=r.json", "-q"]].concat();
    let ended = icws(folder, &arguments)
        .output()
        .expect("the binary starts");
    assert_eq!(
        ended.status.code(),
        Some(exit::CONFORMS.into()),
        "{ended:?}"
    );
    let report = fs::read_to_string(folder.join("r.json")).expect("a report");
    let mut report: Value = serde_json::from_str(&report).expect("JSON");
    report["elapsed_ms"] = Value::Null;
    report["target"]["base_url"] = Value::Null;
    // Who named the target is said there.
    report["target"]["named"] = Value::Null;
    report["line"] = Value::Null;
    // A target that others may use is marked as taken, which takes a few.
    report["requests"] = Value::Null;
    format!("{report:#}")
}

#[test]
fn a_target_that_goes_away_is_not_judged() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = running::server(Settings::default());
    let address = server.base_url().socket_addrs(|| None).expect("an address")[0];
    let url = format!("http://{}", Frail::start(address, 300));
    let began = Instant::now();
    let arguments = ["--target", &url, "--report", "json=r.json"];
    let ended = icws(folder.path(), &arguments)
        .env("ICWS_TIMEOUT_MS", TIMEOUT.as_millis().to_string())
        .output()
        .expect("the binary starts");
    assert!(began.elapsed() < TIMEOUT, "{:?}", began.elapsed());
    let out = String::from_utf8_lossy(&ended.stdout);
    assert_eq!(ended.status.code(), Some(exit::UNJUDGED.into()), "{out}");
    assert!(
        out.contains("\ncould not judge: the target stopped answering: "),
        "{out}"
    );
    let report = fs::read_to_string(folder.path().join("r.json")).expect("a report");
    let report: Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(report["decision"], "unjudged");
    let properties = report["properties"].as_array().expect("a list");
    let refuted = |property: &&Value| property["outcome"] == "refuted";
    assert_eq!(properties.iter().find(refuted), None);
}

#[test]
fn a_slow_target_is_judged_within_the_time_and_what_was_not_reached_is_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let serving = Serving::start(folder.path(), &["--latency-ms", "150"], &[]);
    let began = Instant::now();
    let time = ["--max-time", "10s", "--report", "json=r.json"];
    let target = ["--target", &serving.url()];
    let ended = icws(folder.path(), &[&target[..], &time].concat())
        .output()
        .expect("the binary starts");
    assert!(began.elapsed() < 2 * TIMEOUT, "{:?}", began.elapsed());
    let out = String::from_utf8_lossy(&ended.stdout);
    assert_eq!(ended.status.code(), Some(exit::UNJUDGED.into()), "{out}");
    assert!(out.contains("the time of --max-time ran out"), "{out}");
    let report = fs::read_to_string(folder.path().join("r.json")).expect("a report");
    let report: Value = serde_json::from_str(&report).expect("JSON");
    for property in report["properties"].as_array().expect("a list") {
        assert_ne!(property["outcome"], "refuted", "{property}");
        if property["outcome"] == "inconclusive" {
            let reason = property["reason"].as_str().unwrap_or_default();
            assert!(reason.ends_with(" cases fired"), "{reason}");
        }
    }
}

/// How long one answer may take, and so the whole of that run.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A proxy that breaks everything off for good when it has seen enough.
struct Frail {
    /// Both ends of every connection; nothing once it is broken.
    open: Option<Vec<TcpStream>>,
    /// The pieces that clients may still send.
    left: usize,
}

impl Frail {
    /// Starts a proxy in front of `server` that breaks at that many pieces,
    /// each a request or a part of one.
    fn start(server: SocketAddr, left: usize) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let open = Some(Vec::new());
        let frail = Arc::new(Mutex::new(Self { open, left }));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let server = TcpStream::connect(server).expect("the server");
                let mut guard = frail.lock().expect("no thread panics");
                // Returning closes the listener.
                let Some(open) = &mut guard.open else { return };
                open.extend([&client, &server].map(twin));
                let (from, to) = (twin(&client), twin(&server));
                let counting = Arc::clone(&frail);
                thread::spawn(move || {
                    forward(from, to, || {
                        counting.lock().expect("no thread panics").bears(address)
                    })
                });
                thread::spawn(move || forward(server, client, || true));
            }
        });
        address
    }

    /// Whether it bears another piece. Where it does not, it breaks.
    fn bears(&mut self, address: SocketAddr) -> bool {
        self.left = self.left.saturating_sub(1);
        if self.left > 0 {
            return true;
        }
        for stream in self.open.take().into_iter().flatten() {
            // The other side may have closed it already.
            _ = stream.shutdown(Shutdown::Both);
        }
        // Wakes the listener, so that it closes.
        _ = TcpStream::connect(address);
        false
    }
}

fn twin(stream: &TcpStream) -> TcpStream {
    stream.set_nodelay(true).expect("a socket");
    stream.try_clone().expect("a socket")
}

/// Copies one direction of a connection for as long as each piece is borne.
fn forward(mut from: TcpStream, mut to: TcpStream, mut bears: impl FnMut() -> bool) {
    let mut buffer = [0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        if !bears() || to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    // The other side may have closed it already.
    _ = to.shutdown(Shutdown::Write);
}
