//! TLS: the certificate in use, read again when its files change.

use crate::files::Reloaded;
use std::path::PathBuf;
use std::sync::Arc;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{self, ServerConfig};

/// A certificate chain with its key.
#[derive(Debug)]
pub struct Certificate(Arc<CertifiedKey>);

impl Certificate {
    /// The files of a certificate chain and its key.
    ///
    /// # Errors
    /// When they cannot be read, or do not belong together.
    pub fn open(chain: PathBuf, key: PathBuf) -> Result<Reloaded<Self>, String> {
        Reloaded::open(vec![chain, key], Self::read)
    }

    /// The certificate of two files; no message shows any part of them.
    fn read(files: &[Vec<u8>]) -> Result<Self, String> {
        let [chain, key] = files else { return Err("expected a certificate chain and a key".to_owned()) };
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(chain)
            .collect::<Result<_, _>>()
            .map_err(|_| "the certificate chain is not PEM".to_owned())?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| "the key is not PEM".to_owned())?;
        let key = CertifiedKey::from_der(chain, key, &ring::default_provider())
            .map_err(|cause| format!("the certificate and the key cannot be used: {cause}"))?;
        Ok(Self(Arc::new(key)))
    }
}

/// Hands out the certificate that is in use when a connection begins.
#[derive(Debug)]
struct Current(Arc<Reloaded<Certificate>>);

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.now().0))
    }
}

/// TLS 1.2 and 1.3 with this certificate, for HTTP/1.1.
///
/// # Errors
/// When the library cannot be set up.
pub fn config(certificate: &Arc<Reloaded<Certificate>>) -> Result<Arc<ServerConfig>, rustls::Error> {
    let provider = Arc::new(ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let current = Arc::new(Current(Arc::clone(certificate)));
    let mut config = builder.with_no_client_auth().with_cert_resolver(current);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
