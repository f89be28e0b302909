//! `serve` as a child process.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Stdio};

use crate::binary::icws;

/// A reference server that ends with this.
#[derive(Debug)]
pub(crate) struct Serving {
    /// The process; its standard output starts behind the first line.
    pub(crate) child: Child,
    /// Where it listens, such as `127.0.0.1:4711`.
    pub(crate) address: String,
}

impl Serving {
    /// Starts `serve` in that folder, with variables, and waits for the line
    /// that says that it is ready.
    pub(crate) fn start(folder: &Path, options: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut child = icws(folder, &["serve"])
            .args(options)
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let out = child.stdout.as_mut().expect("a pipe");
        // Byte by byte, so that what follows the line stays in the pipe.
        let (mut line, mut byte) = (Vec::new(), [0]);
        while out.read(&mut byte).is_ok_and(|length| length > 0) && byte != *b"\n" {
            line.extend(byte);
        }
        let line = String::from_utf8(line).expect("a line of text");
        let address = line.strip_prefix("listening http://").expect(&line);
        let address = address.to_owned();
        Self { child, address }
    }

    /// Its address as a URL.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended already, as it was asked to.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}
