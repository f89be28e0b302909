//! What somebody does in the first hour with the harness, mistakes mostly: the
//! exit code, the last line, and what is left on the target. Each row was met by
//! a new user; beside each stand others of its kind that nobody met yet.

mod files;
mod lines;
mod reasons;
#[cfg(unix)]
mod signals;
mod typed;
mod which_target;

use std::net::TcpListener;
use std::path::Path;

use crate::ended::Ended;
use serde_json::Value;

/// Few properties, and a seed.
const SHORT: [&str; 4] = ["--only", "session/missing", "--seed", "5"];

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn call(folder: &Path, arguments: &[&str]) -> Ended {
    crate::ended::ended(&mut crate::binary::icws(folder, arguments))
}

/// The same with variables.
fn call_with(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Ended {
    let mut command = crate::binary::icws(folder, arguments);
    crate::ended::ended(command.envs(variables.iter().copied()))
}

/// The last line of a child that ended with that code.
#[track_caller]
fn last(ended: &Ended, code: u8) -> &str {
    assert_eq!(ended.code, Some(code.into()), "{ended:#?}");
    ended.out.lines().last().unwrap_or_default()
}

fn report(folder: &Path, name: &str) -> Value {
    let text = std::fs::read_to_string(folder.join(name)).expect(name);
    serde_json::from_str(&text).expect("JSON")
}

/// A place where nobody answers, and everybody who comes is noticed.
struct Silent(TcpListener);

impl Silent {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a socket");
        Self(listener)
    }

    fn url(&self) -> String {
        format!("http://{}", self.0.local_addr().expect("an address"))
    }

    /// Nothing was sent here.
    #[track_caller]
    fn was_left_alone(&self) {
        let error = self.0.accept().expect_err("nobody comes");
        assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock);
    }
}
