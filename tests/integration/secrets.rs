//! Nothing secret leaves the client: not the passwords, not a token or cookie
//! that the target gave, whatever it does wrong and however much is shown.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;

use crate::binary::icws;
use crate::serving::Serving;
use icws_conformance::cli::exit;
use regex::bytes::Regex;

const PASSWORD: &str = "planted-Privileged-\"é\"-9f3b";
const RESTRICTED_PASSWORD: &str = "planted-Restricted-77c1";

/// Every token and cookie that went through a proxy.
type Seen = Arc<Mutex<BTreeSet<String>>>;

/// A proxy in front of `server` that collects what the server issues.
fn proxy(server: String, seen: Seen) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let server = TcpStream::connect(&server).expect("the server");
            for stream in [&client, &server] {
                stream.set_nodelay(true).expect("a socket");
            }
            let (from, to) = (
                client.try_clone().expect("a socket"),
                server.try_clone().expect("a socket"),
            );
            thread::spawn(move || forward(from, to, &Seen::default()));
            let seen = Arc::clone(&seen);
            thread::spawn(move || forward(server, client, &seen));
        }
    });
    address
}

/// Copies one direction of a connection, collecting on the way: what was
/// issued is known before the client has it.
fn forward(mut from: TcpStream, mut to: TcpStream, seen: &Seen) {
    static ISSUED: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r#""csrfToken":"([^"]+)"|(?i:set-cookie): *icws_[^=]+=([^;\r\n]+)"#;
        Regex::new(pattern).expect("a regex")
    });
    let mut buffer = [0; 64 * 1024];
    // An answer may come in pieces, so what could be its beginning is kept.
    let mut kept = Vec::new();
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        kept.extend_from_slice(&buffer[..length]);
        for captures in ISSUED.captures_iter(&kept) {
            let issued = captures.get(1).or(captures.get(2)).expect("one of two");
            let issued = String::from_utf8_lossy(issued.as_bytes()).into_owned();
            seen.lock().expect("no thread panics").insert(issued);
        }
        kept.drain(..kept.len().saturating_sub(4096));
        if to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    // The other side may have closed it already.
    _ = to.shutdown(Shutdown::Write);
}

/// Every file of a folder and its folders, but those that hold the passwords.
fn texts(folder: &Path, texts: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.display().to_string();
        if path.is_dir() {
            self::texts(&path, texts);
        } else if !name.ends_with("-password") {
            let bytes = fs::read(&path).expect("a file");
            texts.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
}

#[test]
fn no_password_token_or_cookie_is_ever_shown() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let faults = [
        "missing-token-accepted",
        "stack-trace",
        "rights-unchecked",
        "challenge-without-realm",
        "error-id-foreign",
    ];
    let mut options = vec!["--profile-out", "p.toml"];
    options.extend(faults.iter().flat_map(|fault| ["--fault", fault]));
    let planted = [
        ("ICWS_PASSWORD", PASSWORD),
        ("ICWS_RESTRICTED_PASSWORD", RESTRICTED_PASSWORD),
    ];
    let serving = Serving::start(folder.path(), &options, &planted);
    let seen = Seen::default();
    let proxied = format!(
        "http://{}",
        proxy(serving.address.clone(), Arc::clone(&seen))
    );
    let path = folder.path().join("p.toml");
    let profile = fs::read_to_string(&path).expect("a profile");
    fs::write(&path, profile.replace(&serving.url(), &proxied)).expect("a profile");

    let arguments = [
        "--profile",
        "p.toml",
        "--report",
        "json=r.json",
        "--seed",
        "1",
        "-v",
    ];
    let ended = icws(folder.path(), &arguments).output();
    let ended = ended.expect("the binary starts");
    let streams = [
        ("standard output", ended.stdout),
        ("standard error", ended.stderr),
    ];
    let mut shown: Vec<_> = streams
        .map(|(name, text)| (name.to_owned(), String::from_utf8_lossy(&text).into_owned()))
        .into();
    assert_eq!(
        ended.status.code(),
        Some(exit::VIOLATES.into()),
        "{shown:?}"
    );
    texts(folder.path(), &mut shown);
    let replays = shown.iter().filter(|(name, _)| name.contains("replay"));
    assert!(replays.count() > 3, "there are replay files");
    assert!(shown.iter().any(|(name, _)| name.ends_with("r.json")));

    let issued = seen.lock().expect("no thread panics").clone();
    assert!(issued.len() >= 4, "two users have logged in: {issued:?}");
    let issued = issued.iter().map(String::as_str);
    for secret in issued.chain([PASSWORD, RESTRICTED_PASSWORD]) {
        let json = serde_json::to_string(secret).expect("JSON");
        for form in [secret, json.trim_matches('"')] {
            for (name, text) in &shown {
                assert!(!text.contains(form), "`{form}` is in {name}");
            }
        }
    }
}
