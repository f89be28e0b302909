//! However much a target sends, and however little of it twice: a run takes
//! little memory, and its reports stay short.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use icws_conformance::cli::exit;
use icws_conformance::reference::{Settings, app};

use crate::binary::icws;
use crate::hosting::host;

/// The most kilobytes that a run may take at once.
const MEMORY_MAX: u64 = 150 * 1024;
/// The most bytes of a report.
const REPORT_MAX: u64 = 20 * 1024 * 1024;
/// Nearly as much as an answer may have.
const LONG: usize = 900_000;
/// As much as the head of an answer may have.
const LONG_HEADER: usize = 60_000;

/// What a target sends too much of.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Flood {
    /// Another error id each time.
    ErrorIds,
    /// Another member each time.
    Members,
    /// Thousands of members.
    ManyMembers,
    /// Another label each time.
    Labels,
    /// As many entries as there is room for, none of them whole.
    Entries,
    /// A token in each login, and in every other answer.
    Tokens,
    /// Another cookie and token each time, of usual length.
    NewTokens,
}

/// The reference server, with that added.
fn flooding(flood: Flood) -> Router {
    let number = Arc::new(AtomicUsize::new(0));
    app(Settings::default()).layer(from_fn(move |request: Request, next: Next| {
        let number = number.fetch_add(1, Ordering::Relaxed);
        let path = request.uri().path().to_owned();
        async move {
            let answer = next.run(request).await;
            let is_update = path.ends_with("/monitored-mailboxes");
            if !is_update && !matches!(flood, Flood::Tokens | Flood::NewTokens) {
                return answer;
            }
            let (mut parts, body) = answer.into_parts();
            let body = to_bytes(body, LONG).await.expect("a body");
            let text = String::from_utf8_lossy(&body).into_owned();
            let refused = parts.status.is_client_error();
            let text = flooded(flood, number, &text, refused, &mut parts.headers);
            parts.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(parts, Body::from(text))
        }
    }))
}

fn flooded(
    flood: Flood,
    number: usize,
    text: &str,
    refused: bool,
    headers: &mut HeaderMap,
) -> String {
    let with = |member: String| text.replacen('{', &format!("{{{member},"), 1);
    match flood {
        Flood::ErrorIds if refused => {
            let id = format!("{number}{}", "x".repeat(LONG));
            with(format!("\"errorId\":\"{id}\"")).replacen(",\"errorId\":\"error", ",\"x\":\"", 1)
        }
        Flood::Members => with(format!("\"{number}{}\":1", "y".repeat(LONG))),
        Flood::ManyMembers => {
            let members = (0..60_000).map(|place| format!("\"{place}x{number}\":1"));
            with(members.collect::<Vec<_>>().join(","))
        }
        Flood::Labels => {
            let label = format!("text/{number}{}", "z".repeat(LONG_HEADER));
            let label = HeaderValue::from_str(&label).expect("a header");
            headers.insert(header::CONTENT_TYPE, label);
            text.to_owned()
        }
        Flood::Entries => {
            let entries = vec!["{}"; LONG / 3].join(",");
            if refused {
                format!(
                    "{{\"__type\":\"urn:inin.com:configuration:configurationError\",\
                     \"message\":\"m\",\"validationErrors\":[{entries}]}}"
                )
            } else {
                format!("{{\"subObjects\":[{entries}]}}")
            }
        }
        Flood::Tokens | Flood::NewTokens => {
            let (length, of_header) = match flood {
                Flood::Tokens => (LONG, LONG_HEADER),
                _ => (100, 100),
            };
            let token = |length| format!("{number}").repeat(length / 3);
            let cookie = format!("icws_{number}={}", token(of_header));
            let cookie = HeaderValue::from_str(&cookie).expect("a header");
            headers.append(header::SET_COOKIE, cookie);
            let token = format!("\"csrfToken\":\"{}\"", token(length));
            if text.contains("\"csrfToken\"") && flood == Flood::NewTokens {
                text.to_owned()
            } else {
                with(token.clone()).replace(",\"csrfToken\":", ",\"x\":")
            }
        }
        Flood::ErrorIds => text.to_owned(),
    }
}

/// Runs it to its end; its exit code, and the most kilobytes that it took.
fn measured(command: &mut Command) -> (Option<i32>, u64) {
    let mut child = command
        .stdout(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    loop {
        let told = fs::read_to_string(&status).unwrap_or_default();
        let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let taken = line.and_then(|line| line.trim().split(' ').next()?.parse().ok());
        most = most.max(taken.unwrap_or_default());
        if let Some(ended) = child.try_wait().expect("a child") {
            return (ended.code(), most);
        }
        // What it took at most stands there until it has ended.
        thread::sleep(Duration::from_millis(5));
    }
}

fn length(folder: &Path, name: &str) -> u64 {
    let file = fs::metadata(folder.join(name));
    file.map_or_else(|error| panic!("{name}: {error}"), |file| file.len())
}

/// A run against a target that sends too much stays small, its reports too.
fn stays_small(flood: Flood) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    let target = format!("http://{}", host(flooding(flood)));
    let arguments = ["--target", &target, "--cases", "1", "--seed", "5"];
    let bounds = ["--max-time", "6s"];
    let reports = ["json=r.json", "junit=r.xml", "html=r.html"];
    let mut command = icws(folder, &[&arguments[..], &bounds].concat());
    command.args(reports.iter().flat_map(|report| ["--report", report]));
    let (code, most) = measured(&mut command);
    let ended = code.and_then(|code| u8::try_from(code).ok());
    let orderly = [exit::CONFORMS, exit::VIOLATES, exit::UNJUDGED];
    assert!(
        ended.is_some_and(|code| orderly.contains(&code)),
        "{code:?}"
    );
    assert!(most > 0 && most < MEMORY_MAX, "{most} KB");
    for report in ["r.json", "r.xml", "r.html"] {
        let length = length(folder, report);
        assert!(length < REPORT_MAX, "{report}: {length} bytes");
    }
}

#[test]
fn another_error_id_each_time() {
    stays_small(Flood::ErrorIds);
}

#[test]
fn another_member_each_time() {
    stays_small(Flood::Members);
}

#[test]
fn thousands_of_members() {
    stays_small(Flood::ManyMembers);
}

#[test]
fn another_label_each_time() {
    stays_small(Flood::Labels);
}

#[test]
fn entries_that_are_not_whole() {
    stays_small(Flood::Entries);
}

#[test]
fn a_token_in_each_answer() {
    stays_small(Flood::Tokens);
}

#[test]
fn another_cookie_and_token_each_time() {
    stays_small(Flood::NewTokens);
}
