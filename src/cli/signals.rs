//! Interrupts: the first asks for an orderly end, the second takes it.

use std::io::{self, Write};
use std::process;
use std::sync::mpsc;
use std::thread;

use tokio::runtime::Builder;
use tokio_util::sync::CancellationToken;

use super::exit;

/// Cancels `stop` on the first Ctrl-C, SIGTERM or SIGHUP, and ends the process on
/// the second. `says` is what the first is answered with, if anything. A SIGHUP
/// that is ignored when this is called, as under `nohup`, stays ignored. The
/// signals are caught from when this returns, on a thread that lives as long as
/// the process.
///
/// # Errors
/// Where the system gives no thread or lets no signal be caught.
pub(super) fn stop_on_interrupt(
    stop: CancellationToken,
    says: Option<&'static str>,
) -> io::Result<()> {
    let (ready, caught) = mpsc::channel();
    thread::Builder::new()
        .name("interrupts".to_owned())
        .spawn(move || wait(&stop, says, &ready))?;
    caught
        .recv()
        .unwrap_or_else(|_| Err(io::Error::other("the thread for interrupts ended")))
}

/// The life of the thread that waits for interrupts.
fn wait(
    stop: &CancellationToken,
    says: Option<&'static str>,
    ready: &mpsc::Sender<io::Result<()>>,
) {
    // The caller waits for what is told here, so telling it cannot fail.
    let tell = |told| _ = ready.send(told);
    let runtime = match Builder::new_current_thread().enable_io().build() {
        Ok(runtime) => runtime,
        Err(error) => return tell(Err(error)),
    };
    runtime.block_on(async {
        let mut interrupts = match Interrupts::new() {
            Ok(interrupts) => interrupts,
            Err(error) => return tell(Err(error)),
        };
        tell(Ok(()));
        interrupts.next().await;
        stop.cancel();
        if let Some(says) = says {
            // The terminal may be what went away.
            _ = writeln!(io::stderr(), "{says}");
        }
        interrupts.next().await;
        process::exit(exit::KILLED.into());
    });
}

#[cfg(unix)]
struct Interrupts {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    /// None where it is ignored.
    hang_up: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Interrupts {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let hang_up = SignalKind::hangup();
        let is_ignored = is_ignored(hang_up.as_raw_value());
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: (!is_ignored).then(|| signal(hang_up)).transpose()?,
        })
    }

    async fn next(&mut self) {
        let hang_up = async {
            match &mut self.hang_up {
                Some(signal) => signal.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = hang_up => {}
        }
    }
}

/// Whether this process ignores that signal, as far as the system tells: where it
/// does not, an orderly end is the lesser harm.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    ignored_in(&status).is_some_and(|mask| mask & (1 << (signal - 1)) != 0)
}

/// The ignored signals of a process, one bit each, as `/proc` tells them.
#[cfg(unix)]
fn ignored_in(status: &str) -> Option<u64> {
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))?;
    u64::from_str_radix(mask.trim(), 16).ok()
}

#[cfg(windows)]
struct Interrupts(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Interrupts {
    fn new() -> io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    async fn next(&mut self) {
        self.0.recv().await;
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_ignored_signals_are_read_from_their_line() {
        let status = "Name:\tx\nSigBlk:\t00000000000000ff\nSigIgn:\t0000000000001001\n";
        assert_eq!(ignored_in(status), Some(0x1001));
        assert_eq!(ignored_in("Name:\tx\n"), None);
        assert_eq!(ignored_in("SigIgn:\tx\n"), None);
    }
}
