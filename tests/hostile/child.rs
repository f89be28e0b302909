//! One run of the binary, as a child with a folder of its own: bounded in time,
//! and measured.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use icws_conformance::embedded::{PASSWORDS, profile_of};
use icws_conformance::reference::Fixtures;
use icws_conformance::target::{Authority, PasswordSource, PasswordSources, Profile, to_toml};
use tempfile::TempDir;

use crate::behaviours::Options;
use crate::binary::icws;

/// The seed of every run.
const SEED: &str = "1";

/// How long a child may go on beyond its own limit of time.
pub(crate) const GRACE: Duration = Duration::from_secs(10);

/// How long a child that is to clean up may take.
const CLEANUP: Duration = Duration::from_secs(60);

/// A folder with a profile, in which children run.
pub(crate) struct Place {
    folder: TempDir,
    fixtures: Fixtures,
}

/// What a child left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    /// Its exit code; none where it was killed.
    pub(crate) code: Option<i32>,
    /// Whether it had to be killed, because it did not end.
    pub(crate) killed: bool,
    /// How long it took.
    pub(crate) took: Duration,
    /// The most memory it had, in KiB.
    pub(crate) peak_kib: u64,
    /// Its standard output.
    pub(crate) out: Vec<u8>,
    /// Its standard error.
    pub(crate) err: Vec<u8>,
}

impl Place {
    /// A folder with the profile of a target at that address.
    pub(crate) fn new(base_url: &str, options: &Options, ca: Option<&str>) -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let fixtures = Fixtures::default();
        let mut profile = profile_of(&fixtures, base_url.parse().expect("a URL"));
        profile.limits.timeout = options.timeout;
        if let Some(bytes) = options.answer_bytes_max {
            profile.limits.answer_bytes_max = bytes;
        }
        if let Some(pem) = ca {
            let path = PathBuf::from("ca.pem");
            fs::write(folder.path().join(&path), pem)?;
            let pem = pem.as_bytes().to_vec();
            profile.tls.ca = Some(Authority { path, pem });
        }
        fs::write(folder.path().join("p.toml"), written(&profile))?;
        Ok(Self { folder, fixtures })
    }

    /// Its path.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Tests the target.
    pub(crate) fn test(&self, options: &Options, max_time: Duration) -> io::Result<Ran> {
        let mut command = self.command(&["run", "--profile", "p.toml", "--seed", SEED]);
        if let Some(count) = options.descriptors {
            command = limited(&command, count);
        }
        command.args(["--color", "never", "--verbose"]);
        for (format, name) in [("json", "r.json"), ("junit", "r.xml"), ("html", "r.html")] {
            command.arg("--report").arg(format!("{format}={name}"));
        }
        if let Some(cases) = options.cases {
            command.arg("--cases").arg(cases.to_string());
        }
        for prefix in options.only {
            command.args(["--only", prefix]);
        }
        let seconds = max_time.as_secs();
        command.arg("--max-time").arg(format!("{seconds}s"));
        command.envs(options.variables.iter().copied());
        self.run(command, "run", max_time + GRACE, options.stopped)
    }

    /// Puts in order what a run left.
    pub(crate) fn clean_up(&self) -> io::Result<Ran> {
        let command = self.command(&["cleanup", "--profile", "p.toml"]);
        self.run(command, "cleanup", CLEANUP, None)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = icws(self.path(), arguments);
        for (variable, may_modify) in PASSWORDS {
            let mut users = self.fixtures.users.iter();
            let user = users.find(|user| user.may_modify == may_modify);
            command.env(variable, &user.expect("a user").password);
        }
        for variable in ["HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "TMPDIR"] {
            command.env(variable, self.path());
        }
        command
    }

    /// Runs a child, and kills it where it takes longer.
    fn run(
        &self,
        mut command: Command,
        name: &str,
        limit: Duration,
        mut stopped: Option<(Duration, Duration)>,
    ) -> io::Result<Ran> {
        let stream = |kind: &str| self.path().join(format!("{name}.{kind}"));
        command.stdin(std::process::Stdio::null());
        command.stdout(File::create(stream("out"))?);
        command.stderr(File::create(stream("err"))?);
        let begun = Instant::now();
        let mut child = command.spawn()?;
        let (mut peak_kib, mut killed) = (0, false);
        let status = loop {
            peak_kib = peak_kib.max(peak_of(&child));
            if let Some(status) = child.try_wait()? {
                break status;
            }
            if let Some((_, time)) = stopped.take_if(|(after, _)| begun.elapsed() > *after) {
                signal("-STOP", &child)?;
                thread::sleep(time);
                signal("-CONT", &child)?;
            }
            if begun.elapsed() > limit {
                killed = true;
                child.kill()?;
                break child.wait()?;
            }
            thread::sleep(Duration::from_millis(5));
        };
        Ok(Ran {
            code: status.code(),
            killed,
            took: begun.elapsed(),
            peak_kib,
            out: fs::read(stream("out"))?,
            err: fs::read(stream("err"))?,
        })
    }
}

impl Ran {
    /// Its last line: the decision, or why there is none.
    pub(crate) fn last_line(&self) -> String {
        let [out, err] = [&self.out, &self.err].map(|bytes| {
            let text = String::from_utf8_lossy(bytes).into_owned();
            let mut lines = text.trim_end().lines().rev();
            let line = lines.find(|line| !line.starts_with("::"));
            line.unwrap_or_default().to_owned()
        });
        if out.contains("exit code") { out } else { err }
    }
}

/// The same command, with so many files and sockets at most.
fn limited(command: &Command, count: u32) -> Command {
    let mut limited = Command::new("sh");
    limited
        .args(["-c", "ulimit -n \"$1\" && shift && exec \"$@\"", "sh"])
        .arg(count.to_string())
        .arg(command.get_program())
        .args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        limited.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    limited
}

/// Sends a signal to a child.
fn signal(name: &str, child: &Child) -> io::Result<()> {
    let mut kill = Command::new("kill");
    kill.arg(name).arg(child.id().to_string()).status()?;
    Ok(())
}

fn written(profile: &Profile) -> String {
    let [privileged, restricted] =
        PASSWORDS.map(|(variable, _)| PasswordSource::Env(variable.to_owned()));
    let sources = PasswordSources {
        privileged,
        restricted: Some(restricted),
    };
    to_toml(profile, &sources)
}

/// The most memory that a child ever had, in KiB: 0 where nobody can say.
fn peak_of(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id()));
    let status = status.unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.trim().strip_suffix(" kB"));
    number
        .and_then(|number| number.trim().parse().ok())
        .unwrap_or(0)
}
