//! Whom the servers that aside asks must be vouched for by: the roots that are built in, and those
//! of the file that `SSL_CERT_FILE` names.
//!
//! A server's certificate is always checked. Nothing here turns that off.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

/// The environment variable that names a file of more roots, in PEM.
pub const ROOTS: &str = "SSL_CERT_FILE";

/// The file of roots that the environment names can't be used.
#[derive(Debug, thiserror::Error)]
#[error("no roots can be read from `{}`: {source}", .file.display())]
pub struct RootsError {
    file: PathBuf,
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl RootsError {
    fn of(file: &Path, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> RootsError {
        RootsError {
            file: file.to_owned(),
            source: source.into(),
        }
    }
}

/// What TLS clients need, with the roots that the environment names.
pub fn from_environment() -> Result<Arc<ClientConfig>, RootsError> {
    let file = std::env::var_os(ROOTS).filter(|path| !path.is_empty());
    with_roots(file.map(PathBuf::from).as_deref())
}

/// All roots in PEM, for who takes no [`ClientConfig`]; none: those that are built in are all.
pub fn pem_from_environment() -> Result<Option<Vec<u8>>, RootsError> {
    let file = std::env::var_os(ROOTS).filter(|path| !path.is_empty());
    file.map(|path| pem_with(Path::new(&path))).transpose()
}

fn pem_with(file: &Path) -> Result<Vec<u8>, RootsError> {
    let mut pem = String::new();
    for root in webpki_root_certs::TLS_SERVER_ROOT_CERTS {
        let text = STANDARD.encode(root);
        let _ = writeln!(
            pem,
            "-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----"
        );
    }
    let mut pem = pem.into_bytes();
    let own = std::fs::read(file).map_err(|error| RootsError::of(file, error))?;
    pem.extend(own);
    Ok(pem)
}

fn with_roots(file: Option<&Path>) -> Result<Arc<ClientConfig>, RootsError> {
    // Another provider may be installed already; then that one is used.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
    if let Some(path) = file {
        let read: Result<Vec<CertificateDer<'_>>, _> =
            CertificateDer::pem_file_iter(path).and_then(Iterator::collect);
        let (added, _) =
            roots.add_parsable_certificates(read.map_err(|error| RootsError::of(path, error))?);
        if added == 0 {
            return Err(RootsError::of(path, "it has no certificate in PEM"));
        }
    }
    let mut config = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_roots_in_pem_are_those_that_are_built_in_and_those_of_the_file() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let own = rcgen::generate_simple_self_signed(Vec::new()).expect("a certificate");
        std::fs::write(file.path(), own.cert.pem()).expect("it is written");
        let pem = pem_with(file.path()).expect("roots");
        let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
        let all = all.expect("PEM");
        let built_in = webpki_root_certs::TLS_SERVER_ROOT_CERTS;
        assert_eq!(all.len(), built_in.len() + 1);
        assert!(built_in.len() > 100 && all[..built_in.len()] == *built_in);
        assert_eq!(all.last(), Some(own.cert.der()));
        assert!(pem_with(Path::new("/no/such/file")).is_err());
    }
}
