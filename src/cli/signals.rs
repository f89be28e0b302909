//! Interrupts: the first asks for an orderly end, the second takes it.

use std::io;
use std::process;

use tokio_util::sync::CancellationToken;

use super::exit;

/// Cancels `stop` on the first Ctrl-C or SIGTERM, and ends the process on the
/// second. `says` is what the first is answered with, if anything. The signals
/// are caught from when this returns; it has to be called inside a runtime.
///
/// # Errors
/// Where the system lets no signal be caught.
pub(super) fn stop_on_interrupt(
    stop: CancellationToken,
    says: Option<&'static str>,
) -> io::Result<()> {
    let mut interrupts = Interrupts::new()?;
    tokio::spawn(async move {
        interrupts.next().await;
        if let Some(says) = says {
            eprintln!("{says}");
        }
        stop.cancel();
        interrupts.next().await;
        process::exit(exit::KILLED.into());
    });
    Ok(())
}

#[cfg(unix)]
struct Interrupts {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Interrupts {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
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
