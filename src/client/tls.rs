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

#[cfg(test)]
mod tests {
    use rcgen::{CertifiedKey, generate_simple_self_signed};
    use rustls::ServerConfig;
    use rustls_pki_types::PrivateKeyDer;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::client::exchange::{Fault, Method, Request, Spelling};
    use crate::client::scripted::{Reply, Scripted};
    use crate::client::secret::Secrets;
    use crate::client::transport::{Client, Settings};

    /// What a server needs whose certificate is for `name`, and that certificate.
    fn served(name: &str) -> (ServerConfig, Vec<u8>) {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed([name.to_owned()]).expect("a certificate");
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).expect("a key");
        let tls = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring knows them")
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .expect("they belong together");
        (tls, cert.pem().into_bytes())
    }

    /// A server whose certificate is for `name`, and that certificate.
    async fn server(name: &str) -> (Scripted, Vec<u8>) {
        let (tls, pem) = served(name);
        let reply = Reply::keep(204, "", "");
        let server = Scripted::serve_tls(vec![reply.clone(), reply], tls).await;
        (server, pem)
    }

    /// What both senders make of it: a status or a fault.
    async fn outcomes(settings: Settings) -> [Result<u16, Fault>; 2] {
        let client = Client::new(settings, Secrets::new()).expect("good settings");
        let mut outcomes = Vec::new();
        for spelling in [Spelling::Any, Spelling::Exact] {
            let mut request = Request::new(Method::Get, "/");
            request.spelling = spelling;
            let exchange = client.send(client.origin(), &request).await;
            outcomes.push(exchange.outcome.map(|answer| answer.status));
        }
        outcomes.try_into().expect("there are two")
    }

    #[tokio::test]
    async fn the_profiles_authority_is_trusted() {
        let (server, pem) = server("localhost").await;
        let mut settings = server.settings();
        settings.ca_pem = Some(pem);
        assert_eq!(outcomes(settings).await, [Ok(204), Ok(204)]);
    }

    #[tokio::test]
    async fn a_stranger_is_not_trusted_unless_anybody_is() {
        let (server, _) = server("localhost").await;
        let mut settings = server.settings();
        for outcome in outcomes(settings.clone()).await {
            assert!(matches!(outcome, Err(Fault::Tls(_))), "{outcome:?}");
        }
        settings.accept_invalid = true;
        assert_eq!(outcomes(settings).await, [Ok(204), Ok(204)]);
    }

    #[tokio::test]
    async fn a_certificate_for_another_name_is_named() {
        let (server, pem) = server("other.test").await;
        let mut settings = server.settings();
        settings.ca_pem = Some(pem);
        for outcome in outcomes(settings).await {
            let named = matches!(&outcome, Err(Fault::Tls(why)) if why.contains("other.test"));
            assert!(named, "{outcome:?}");
        }
    }

    #[tokio::test]
    async fn a_handshake_cut_short_is_a_tls_fault() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        tokio::spawn(async move { while listener.accept().await.is_ok() {} });
        let mut settings = Scripted::serve(Vec::new()).await.settings();
        settings.origin = format!("https://{address}").parse().expect("a url");
        for outcome in outcomes(settings).await {
            assert!(matches!(outcome, Err(Fault::Tls(_))), "{outcome:?}");
        }
    }

    #[tokio::test]
    async fn what_is_not_encrypted_in_place_of_an_answer_is_an_alert() {
        let alert = [21, 3, 3, 0, 2, 2, 80];
        for plain in [&alert[..], b"HTTP/1.1 200 X\r\nContent-Length: 0\r\n\r\n"] {
            let (tls, pem) = served("localhost");
            let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(tls));
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            let port = listener.local_addr().expect("it is bound").port();
            let plain = plain.to_vec();
            tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let mut stream = acceptor.accept(stream).await.expect("a handshake");
                    stream.read_u8().await.expect("a request");
                    let (below, _) = stream.get_mut();
                    below.write_all(&plain).await.expect("room for it");
                }
            });
            let mut settings = Scripted::serve(Vec::new()).await.settings();
            settings.origin = format!("https://localhost:{port}").parse().expect("a url");
            settings.ca_pem = Some(pem);
            for outcome in outcomes(settings).await {
                assert!(matches!(outcome, Err(Fault::Alert(_))), "{outcome:?}");
            }
        }
    }

    #[test]
    fn an_authority_must_be_a_certificate() {
        for bad in [b"".as_slice(), b"-----BEGIN CERTIFICATE-----\nx", b"text"] {
            let error = configuration(Some(bad), false).expect_err("none in it");
            assert!(matches!(error, ClientError::Authority(_)), "{error}");
        }
    }
}
