//! The binary as a child process that has to end in time.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How often the child is looked at: there is no call that waits for a child
/// for some time.
const LOOKS_EVERY: Duration = Duration::from_millis(4);

/// How a child ended.
#[derive(Debug)]
pub(crate) struct End {
    /// Its exit code; `None` where a signal ended it.
    pub(crate) code: Option<i32>,
    /// The most memory that it was seen to use, in KiB.
    pub(crate) peak_kib: u64,
}

/// Runs a child, with what it prints in that folder; `None` where it had to be
/// killed because its time was over.
pub(crate) fn within(mut command: Command, folder: &Path, time: Duration) -> Option<End> {
    let file = |name: &str| File::create(folder.join(name)).expect("a file");
    let mut child = command
        .stdin(Stdio::null())
        .stdout(file("stdout"))
        .stderr(file("stderr"))
        .spawn()
        .expect("the binary starts");
    let begun = Instant::now();
    let mut peak_kib = 0;
    loop {
        peak_kib = peak_kib.max(peak(&child));
        if let Some(status) = child.try_wait().expect("a child of ours") {
            return Some(End {
                code: status.code(),
                peak_kib,
            });
        }
        if begun.elapsed() > time {
            _ = child.kill();
            _ = child.wait();
            return None;
        }
        thread::sleep(LOOKS_EVERY);
    }
}

/// The most memory that it used so far, where the system tells.
fn peak(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id()));
    let status = status.unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}
