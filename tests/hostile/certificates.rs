//! Certificates for fronts that speak TLS: a good one, and one that is over.

use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// What a front shows, and what its clients trust.
pub(crate) struct Certificates {
    /// The certificates as PEM.
    pub(crate) pem: String,
    configurations: [Arc<ServerConfig>; 2],
}

impl Certificates {
    /// Makes them.
    pub(crate) fn new() -> Self {
        let (good, first) = made(2100);
        let (over, second) = made(2001);
        Self {
            pem: first + &second,
            configurations: [good, over],
        }
    }

    /// With the good one, and with the one that is over.
    pub(crate) fn configurations(&self) -> [Arc<ServerConfig>; 2] {
        self.configurations.clone()
    }
}

/// A certificate that ends with that year.
fn made(year: i32) -> (Arc<ServerConfig>, String) {
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("a name");
    params.not_before = date_time_ymd(2000, 1, 1);
    params.not_after = date_time_ymd(year, 12, 31);
    let certificate = params.self_signed(&key).expect("a certificate");
    let secret = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let configuration = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("protocol versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], secret)
        .expect("a certificate");
    (Arc::new(configuration), certificate.pem())
}
