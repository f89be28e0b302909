//! What went wrong, told from the errors of the libraries below.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::iter::successors;

use super::exchange::Fault;

/// The fault behind an error that came while connecting. `encrypted` says
/// whether a TLS handshake was part of it.
pub(super) fn of_connecting(error: &(dyn Error + 'static), encrypted: bool) -> Fault {
    if let Some(fault) = encryption(error) {
        return fault;
    }
    // A plain connect is refused, never closed: so the handshake was under way.
    if encrypted && causes(error).any(is_closed) {
        return Fault::Tls("connection closed during the handshake".to_owned());
    }
    Fault::Unreachable(innermost(error))
}

/// The fault behind an error that came on an open connection.
pub(super) fn of_exchange(error: &(dyn Error + 'static)) -> Fault {
    if let Some(fault) = encryption(error) {
        return fault;
    }
    for cause in causes(error) {
        if let Some(hyper) = cause.downcast_ref::<hyper::Error>()
            && hyper.is_parse()
        {
            return Fault::BrokenHttp(hyper.to_string());
        }
        // This is how hyper tells of a chunk that is none.
        if let Some(io) = cause.downcast_ref::<io::Error>()
            && matches!(io.kind(), ErrorKind::InvalidInput | ErrorKind::InvalidData)
        {
            return Fault::BrokenHttp(io.to_string());
        }
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

fn encryption(error: &(dyn Error + 'static)) -> Option<Fault> {
    causes(error)
        .find_map(|cause| cause.downcast_ref::<rustls::Error>())
        .map(|cause| Fault::Tls(cause.to_string()))
}

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
