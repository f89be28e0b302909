//! Whom an encrypted connection trusts: the system's authorities and the
//! profile's own, or anybody when the profile turns verification off.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use rustls_platform_verifier::Verifier;

use super::transport::ClientError;

/// The configuration for every connection of a client. `ca_pem` holds extra
/// trust anchors.
pub(super) fn configuration(
    ca_pem: Option<&[u8]>,
    accept_invalid: bool,
) -> Result<ClientConfig, ClientError> {
    let provider = Arc::new(ring::default_provider());
    let anchors = anchors(ca_pem)?;
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| ClientError::Tls(error.to_string()))?;
    let builder = if accept_invalid {
        builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Anybody(provider)))
    } else if let Ok(verifier) = Verifier::new_with_extra_roots(anchors.clone(), provider) {
        builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
    } else {
        // A system without authorities of its own still talks plain http, and
        // https to whom the profile vouches for.
        let mut roots = RootCertStore::empty();
        for anchor in anchors {
            roots
                .add(anchor)
                .map_err(|error| ClientError::Authority(error.to_string()))?;
        }
        builder.with_root_certificates(roots)
    };
    Ok(builder.with_no_client_auth())
}

fn anchors(ca_pem: Option<&[u8]>) -> Result<Vec<CertificateDer<'static>>, ClientError> {
    let Some(pem) = ca_pem else {
        return Ok(Vec::new());
    };
    let anchors: Vec<_> = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|error| ClientError::Authority(error.to_string()))?;
    if anchors.is_empty() {
        return Err(ClientError::Authority("no certificate in it".to_owned()));
    }
    Ok(anchors)
}

/// Accepts every certificate: `accept_invalid` of the profile, which every
/// report mentions.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
