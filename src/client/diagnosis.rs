//! What went wrong, told from the errors of the libraries below.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::iter::successors;

use rustls::AlertDescription;

use super::exchange::Fault;

/// The fault behind an error that came while connecting. `encrypted` says
/// whether a TLS handshake was part of it.
pub(super) fn of_connecting(error: &(dyn Error + 'static), encrypted: bool) -> Fault {
    if let Some(error) = encryption(error) {
        return Fault::Tls(error.to_string());
    }
    if let Some(limit) = causes(error).find_map(local_limit) {
        return Fault::Local(limit);
    }
    // A plain connect is refused, never closed: so the handshake was under way.
    if encrypted && causes(error).any(is_closed) {
        return Fault::Tls("connection closed during the handshake".to_owned());
    }
    Fault::Unreachable(innermost(error))
}

/// The fault behind an error that came on an open connection.
pub(super) fn of_exchange(error: &(dyn Error + 'static)) -> Fault {
    if let Some(error) = encryption(error) {
        return match error {
            // With TLS 1.3 this is how a handshake is refused.
            rustls::Error::AlertReceived(alert) if is_of_the_handshake(*alert) => {
                Fault::Tls(error.to_string())
            }
            _ => Fault::Alert(error.to_string()),
        };
    }
    Fault::Dropped
}

/// The error and what is behind it, outermost first.
pub(super) fn causes<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    successors(Some(error), |outer| {
        let outer: &'a (dyn Error + 'static) = *outer;
        match outer.downcast_ref::<io::Error>() {
            // Its `source` skips the error it wraps.
            Some(io) => io.get_ref().map(|inner| inner as &(dyn Error + 'static)),
            None => outer.source(),
        }
    })
}

/// The text of what is behind everything.
pub(super) fn innermost(error: &(dyn Error + 'static)) -> String {
    causes(error).last().unwrap_or(error).to_string()
}

fn encryption<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// Whether an alert is about the certificate of the client or of the target.
const fn is_of_the_handshake(alert: AlertDescription) -> bool {
    matches!(
        alert,
        AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
    )
}

/// What this machine lacks to open a connection, and what helps.
fn local_limit(cause: &(dyn Error + 'static)) -> Option<String> {
    let io = cause.downcast_ref::<io::Error>()?;
    let lacks = match (io.kind(), io.raw_os_error()) {
        (ErrorKind::AddrNotAvailable, _) => {
            "has no local port left for a connection: lower `limits.requests_per_second`, or allow more ports"
        }
        (_, Some(OPEN_FILES_OF_PROCESS | OPEN_FILES_OF_SYSTEM)) => {
            "has no file descriptor left for a connection: allow more (`ulimit -n`), or lower `limits.concurrency`"
        }
        (ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown, _) => {
            "has no network on which the target can be reached"
        }
        (ErrorKind::HostUnreachable, _) => "has no route to the target",
        _ => return None,
    };
    Some(format!("{lacks} ({io})"))
}

/// The error numbers `EMFILE` and `ENFILE`, which are the same on every system.
const OPEN_FILES_OF_PROCESS: i32 = 24;
const OPEN_FILES_OF_SYSTEM: i32 = 23;

fn is_closed(cause: &(dyn Error + 'static)) -> bool {
    cause.downcast_ref::<io::Error>().is_some_and(|io| {
        matches!(
            io.kind(),
            ErrorKind::UnexpectedEof
                | ErrorKind::ConnectionReset
                | ErrorKind::ConnectionAborted
                | ErrorKind::BrokenPipe
        )
    })
}
