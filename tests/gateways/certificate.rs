//! The certificate of a gateway that speaks TLS.

use std::fs;
use std::io;
use std::path::Path;

/// The name of the certificate's file, which is its own authority.
pub(crate) const CERTIFICATE: &str = "certificate.pem";

/// Writes a certificate for this machine, and its key, into that folder.
pub(crate) fn write(folder: &Path) -> io::Result<()> {
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]);
    let made = made.map_err(io::Error::other)?;
    fs::write(folder.join(CERTIFICATE), made.cert.pem())?;
    fs::write(folder.join("key.pem"), made.signing_key.serialize_pem())
}
