//! A gateway as a child process, with a configuration and a folder of its own.

use std::env;
use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use regex::Regex;

use crate::setups::Setup;

/// How long a gateway may take until it listens.
const STARTS_WITHIN: Duration = Duration::from_secs(10);

/// How often the port of a gateway that starts is tried: it tells nobody when
/// it is ready.
const LOOKS_EVERY: Duration = Duration::from_millis(10);

/// How often another port is taken, where a stranger was faster.
const PORTS: usize = 3;

/// A program that can stand in front of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Program {
    Nginx,
    HaProxy,
    Apache,
    Lighttpd,
}

impl Program {
    /// The name of its trials.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::HaProxy => "haproxy",
            Self::Apache => "apache",
            Self::Lighttpd => "lighttpd",
        }
    }

    /// The package of Debian that holds it.
    pub(crate) const fn package(self) -> &'static str {
        match self {
            Self::Nginx => "nginx-light",
            Self::HaProxy => "haproxy",
            Self::Apache => "apache2",
            Self::Lighttpd => "lighttpd",
        }
    }

    const fn binary(self) -> &'static str {
        match self {
            Self::Apache => "apache2",
            other => other.name(),
        }
    }

    const fn configuration(self) -> &'static str {
        match self {
            Self::Nginx => include_str!("nginx.conf"),
            Self::HaProxy => include_str!("haproxy.cfg"),
            Self::Apache => include_str!("apache.conf"),
            Self::Lighttpd => include_str!("lighttpd.conf"),
        }
    }

    /// Where it is installed, if it is. Debian keeps servers out of the path of
    /// ordinary users.
    pub(crate) fn installed(self) -> Option<PathBuf> {
        let path = env::var_os("PATH").unwrap_or_default();
        let folders =
            env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin"].map(Into::into));
        let mut files = folders.map(|folder| folder.join(self.binary()));
        files.find(|file| file.is_file())
    }

    /// The call that runs it in the foreground.
    fn command(self, binary: &Path, configuration: &Path) -> Command {
        let mut command = Command::new(binary);
        match self {
            Self::Nginx => command.arg("-c"),
            Self::HaProxy => command.args(["-db", "-f"]),
            Self::Apache => command.args(["-DFOREGROUND", "-f"]),
            Self::Lighttpd => command.args(["-D", "-f"]),
        };
        command.arg(configuration);
        command
    }
}

/// A gateway that ends with this.
#[derive(Debug)]
pub(crate) struct Gateway {
    child: Child,
    folder: PathBuf,
    address: String,
    encrypted: bool,
}

impl Gateway {
    /// Starts it in that folder in front of the server on that port, and waits
    /// until it listens.
    pub(crate) fn start(setup: &Setup, folder: &Path, behind: u16) -> Result<Self, String> {
        let binary = setup.program.installed().ok_or("it is not installed")?;
        let mut said = String::new();
        for _ in 0..PORTS {
            let port = free_port();
            let path = folder.join("gateway.conf");
            fs::write(&path, filled(setup, folder, port, behind)).map_err(|e| e.to_string())?;
            let output = fs::File::create(folder.join("output.log")).map_err(|e| e.to_string())?;
            let errors = output.try_clone().map_err(|e| e.to_string())?;
            let child = setup
                .program
                .command(&binary, &path)
                .stdin(Stdio::null())
                .stdout(output)
                .stderr(errors)
                .spawn()
                .map_err(|error| format!("{} does not start: {error}", binary.display()))?;
            let mut gateway = Self {
                child,
                folder: folder.to_owned(),
                address: format!("127.0.0.1:{port}"),
                encrypted: setup.encrypted,
            };
            if gateway.listens() {
                return Ok(gateway);
            }
            said = gateway.log();
        }
        Err(format!("{} does not listen: {said}", binary.display()))
    }

    /// Where it is reached.
    pub(crate) fn url(&self) -> String {
        let scheme = if self.encrypted { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// What it said, of errors alone.
    pub(crate) fn log(&self) -> String {
        let logs = ["output.log", "error.log"].iter();
        let logs = logs.map(|name| fs::read(self.folder.join(name)).unwrap_or_default());
        let log = logs.collect::<Vec<_>>().concat();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(10)..].join("\n")
    }

    /// Waits until it takes connections; not where it has ended.
    fn listens(&mut self) -> bool {
        let begun = Instant::now();
        while begun.elapsed() < STARTS_WITHIN {
            if TcpStream::connect(&self.address).is_ok() {
                return true;
            }
            if !matches!(self.child.try_wait(), Ok(None)) {
                return false;
            }
            thread::sleep(LOOKS_EVERY);
        }
        false
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        // Killed outright, the first process of some would leave the others
        // behind. It may have ended already.
        _ = Command::new("kill")
            .args(["-s", "TERM", &self.child.id().to_string()])
            .stderr(Stdio::null())
            .status();
        _ = self.child.wait();
    }
}

/// A port that nobody listens on just now.
fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}

/// The configuration with everything filled in.
fn filled(setup: &Setup, folder: &Path, listen: u16, behind: u16) -> String {
    let mut text = setup.program.configuration().to_owned();
    for (word, change) in setup.changes {
        let word = format!("@{word}@");
        assert!(text.contains(&word), "{} has no {word}", setup.trial());
        text = text.replace(&word, change);
    }
    for (word, value) in [
        ("folder", folder.display().to_string()),
        ("listen", listen.to_string()),
        ("behind", behind.to_string()),
    ] {
        text = text.replace(&format!("@{word}@"), &value);
    }
    let open = Regex::new("@[a-z]+@").expect("the pattern is constant");
    open.replace_all(&text, "").into_owned()
}
