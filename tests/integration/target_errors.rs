//! Targets that cannot be judged: what is said, and that it ends with 3.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::thread;

use crate::binary::icws;
use crate::ended::{Ended, ended};
use crate::serving::Serving;
use icws_conformance::cli::exit;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, Stream};
use serde_json::Value;
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// Runs against that target, and returns what is said of it.
fn said_of(folder: &Path, target: &str) -> String {
    let ended = ended(&mut icws(folder, &["--target", target]));
    ended.complaint(exit::UNJUDGED.into()).to_owned()
}

/// A server that answers every connection with `answer`, until the test ends.
fn answering(answer: impl Fn(TcpStream) + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || listener.incoming().flatten().for_each(answer));
    port
}

/// Reads a request's head and writes the answer, until the client leaves.
fn speak_http(mut stream: impl Read + Write, answer: &[u8]) {
    let mut seen = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(length @ 1..) = stream.read(&mut buffer) {
        seen.extend_from_slice(&buffer[..length]);
        if seen.windows(4).any(|window| window == b"\r\n\r\n") {
            _ = stream.write_all(answer);
            return;
        }
    }
}

/// A TLS server for `other.example`, and its certificate as PEM.
fn encrypted() -> (u16, String) {
    let made = rcgen::generate_simple_self_signed(vec!["other.example".to_owned()]);
    let made = made.expect("a certificate");
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("a configuration");
    let config = Arc::new(config);
    let port = answering(move |mut stream| {
        let mut connection = ServerConnection::new(Arc::clone(&config)).expect("a connection");
        speak_http(Stream::new(&mut connection, &mut stream), b"");
    });
    (port, made.cert.pem())
}

#[test]
fn a_target_that_is_not_there() {
    let folder = folder();
    let refused = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = refused.local_addr().expect("an address");
    drop(refused);
    let said = said_of(folder.path(), &format!("http://{address}"));
    assert!(said.contains(&address.to_string()), "{said}");
    assert!(said.contains("unreachable: Connection refused"), "{said}");
    let said = said_of(folder.path(), "http://nonexistent.invalid:8018");
    assert!(said.contains("nonexistent.invalid"), "{said}");
    assert!(said.contains("unreachable"), "{said}");
}

#[test]
fn a_target_that_is_not_there_still_has_a_report() {
    let folder = folder();
    fs::write(folder.path().join("r.json"), "that of another run").expect("a file");
    let arguments = ["--target", "http://127.0.0.1:1", "--report", "json=r.json"];
    let ended = ended(&mut icws(folder.path(), &arguments));
    let complaint = ended.complaint(exit::UNJUDGED.into());
    let report = fs::read_to_string(folder.path().join("r.json")).expect("a report");
    let report: Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(report["decision"], "unjudged");
    assert_eq!(report["exit_code"], exit::UNJUDGED);
    assert_eq!(report["unjudged"][0], complaint);
    assert_eq!(report["properties"][0]["outcome"], "inconclusive");
}

#[test]
fn a_target_with_the_other_scheme() {
    let folder = folder();
    let serving = Serving::start(folder.path(), &[], &[]);
    let said = said_of(folder.path(), &format!("https://{}", serving.address));
    assert!(
        said.contains(&serving.address) && said.contains("tls"),
        "{said}"
    );
    let (port, _) = encrypted();
    let said = said_of(folder.path(), &format!("http://127.0.0.1:{port}"));
    assert!(said.contains(&port.to_string()), "{said}");
}

#[test]
fn a_target_that_is_no_icws_server() {
    let folder = folder();
    let page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\
                 Connection: close\r\n\r\n<p/>";
    let port = answering(|stream| speak_http(stream, page));
    let said = said_of(folder.path(), &format!("http://127.0.0.1:{port}"));
    assert!(said.contains("200 (text/html)"), "{said}");
    assert!(said.contains("some other HTTP server"), "{said}");
}

#[test]
fn a_wrong_password_is_told_by_its_user() {
    let folder = folder();
    let serving = Serving::start(folder.path(), &[], &[]);
    let planted = "planted-wrong-password-0451";
    let ended =
        ended(icws(folder.path(), &["--target", &serving.url()]).env("ICWS_PASSWORD", planted));
    let said = ended.complaint(exit::UNJUDGED.into());
    assert!(
        said.contains("`admin`") && said.contains("password"),
        "{said}"
    );
    assert!(!format!("{ended:?}").contains(planted));
}

/// Serves, changes the profile, and runs with it.
fn run_with(change: impl Fn(String, &Serving) -> String) -> Ended {
    let folder = folder();
    let serving = Serving::start(folder.path(), &["--profile-out", "p.toml"], &[]);
    let path = folder.path().join("p.toml");
    let profile = fs::read_to_string(&path).expect("a profile");
    fs::write(&path, change(profile, &serving)).expect("a profile");
    ended(&mut icws(folder.path(), &["--profile", "p.toml"]))
}

#[test]
fn a_scratch_workgroup_that_does_not_exist_is_named() {
    let ended = run_with(|profile, _| {
        let (before, after) = profile.split_once("scratch = [").expect("workgroups");
        format!("{before}scratch = [\"Nirgends\", {after}")
    });
    let said = ended.complaint(exit::UNJUDGED.into());
    assert!(said.contains("scratch workgroup `Nirgends`"), "{said}");
    assert!(said.contains("404"), "{said}");
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    let (port, pem) = encrypted();
    let folder = folder();
    fs::write(folder.path().join("ca.pem"), pem).expect("a certificate");
    fs::write(
        folder.path().join("p.toml"),
        format!(
            "name = \"p\"\nbase_url = \"https://127.0.0.1:{port}\"\n\
             tls = {{ ca = \"ca.pem\" }}\n\
             users.privileged = {{ user_id = \"admin\", password_env = \"P\" }}\n\
             workgroups.scratch = [\"Sales\"]\n\
             mailboxes = [{{ moniker = \"m\", folders = [\"f\"] }}, {{ moniker = \"n\" }}]\n"
        ),
    )
    .expect("a profile");
    let ended = ended(icws(folder.path(), &["--profile", "p.toml"]).env("P", "p"));
    let said = ended.complaint(exit::UNJUDGED.into());
    assert!(
        said.contains(&format!("https://127.0.0.1:{port}")),
        "{said}"
    );
    assert!(
        said.contains("certificate") && said.contains("name"),
        "{said}"
    );
}
