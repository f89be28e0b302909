//! The server over a loopback connection.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::reference::{Fault, Fixtures, Settings, Variant, serve};

/// Sends one request on a connection of its own and reads to its end.
async fn exchange(address: std::net::SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("connects");
    stream.write_all(request.as_bytes()).await.expect("writes");
    let mut answer = Vec::new();
    // A connection that is broken off may end in an error: what came before it counts.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn post(path: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
    )
}

#[tokio::test]
async fn a_session_lives_on_the_wire_and_the_server_stops_when_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let address = listener.local_addr().expect("bound");
    let (stop, stopped) = oneshot::channel::<()>();
    let faults = [Fault::MalformedDrops].into();
    let settings = Settings {
        faults,
        ..Settings::default()
    };
    let serving = tokio::spawn(serve(listener, settings, async {
        let _ = stopped.await;
    }));

    let user = &Fixtures::default().users[0];
    let login = json!({"__type": "x", "applicationName": "test", "userID": user.id, "password": user.password});
    let answer = exchange(address, &post("/icws/connection", "", &login.to_string())).await;
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let header = |name: &str| {
        let mut lines = answer.lines().filter_map(|line| line.split_once(": "));
        let found = lines.find(|(given, _)| given.eq_ignore_ascii_case(name));
        found.expect("the header is there").1.to_owned()
    };
    let id = header("ININ-ICWS-Session-ID");
    assert_eq!(header("Location"), format!("/icws/{id}/connection"));
    let cookie = header("Set-Cookie");
    assert!(cookie.ends_with(&format!("; Path=/icws/{id}; HttpOnly")));
    let pair = cookie.split(';').next().expect("a pair");
    let token = header("ININ-ICWS-CSRF-Token");
    // Names in another case, and the cookie among others in two headers.
    let headers = format!("inin-icws-csrf-TOKEN: {token}\r\ncookie: a=1\r\nCOOKIE: {pair}\r\n");
    let path =
        format!("/icws/{id}/configuration/workgroups/Sales%20%28EMEA%29/monitored-mailboxes");
    let answer = exchange(address, &post(&path, &headers, "{}")).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let answer = exchange(address, &post(&path, &headers, "{")).await;
    assert!(
        answer.is_empty(),
        "the connection was to break off: {answer}"
    );

    stop.send(()).expect("the server waits for it");
    serving.await.expect("no panic").expect("no error");
}

#[tokio::test]
async fn a_connection_is_closed_when_it_is_idle_and_not_before() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let address = listener.local_addr().expect("bound");
    let settings = Settings {
        variants: [Variant::ClosesIdle].into(),
        latency: Duration::from_millis(60),
        ..Settings::default()
    };
    tokio::spawn(serve(listener, settings, std::future::pending()));
    let mut stream = TcpStream::connect(address).await.expect("connects");
    let request = b"GET /icws/connection/version HTTP/1.1\r\nHost: x\r\n\r\n";
    let mut answer = [0; 4096];
    for _ in 0..2 {
        stream.write_all(request).await.expect("writes");
        let read = stream.read(&mut answer).await.expect("reads");
        assert!(read > 0, "answered, though it took long");
    }
    let end = tokio::time::timeout(Duration::from_secs(5), stream.read(&mut answer)).await;
    assert_eq!(end.expect("closed in time").ok(), Some(0));
}

#[tokio::test]
async fn a_server_is_there_at_once() {
    let started = Instant::now();
    for _ in 0..100 {
        drop(crate::reference::app(Settings::default()));
    }
    assert!(started.elapsed() < Duration::from_millis(100));
}
