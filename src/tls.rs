//! Whom the servers that aside asks must be vouched for by: the roots that are built in, and those
//! of the file that `SSL_CERT_FILE` names.
//!
//! A server's certificate is always checked. Nothing here turns that off.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use actix_tls::connect::rustls_0_23::webpki_roots_cert_store;
use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// The environment variable that names a file of more roots, in PEM.
pub const ROOTS: &str = "SSL_CERT_FILE";

/// What TLS clients need, with the roots that the environment names. The message of an error says
/// what is wrong with them.
pub fn from_environment() -> Result<Arc<ClientConfig>, String> {
    let file = std::env::var_os(ROOTS).filter(|path| !path.is_empty());
    with_roots(file.map(PathBuf::from).as_deref())
}

fn with_roots(file: Option<&Path>) -> Result<Arc<ClientConfig>, String> {
    // Another provider may be installed already; then that one is used.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut roots = webpki_roots_cert_store();
    if let Some(path) = file {
        let failed = |why: &dyn std::fmt::Display| {
            format!("no roots can be read from `{}`: {why}", path.display())
        };
        let read: Result<Vec<CertificateDer<'_>>, _> =
            CertificateDer::pem_file_iter(path).and_then(Iterator::collect);
        let (added, _) = roots.add_parsable_certificates(read.map_err(|error| failed(&error))?);
        if added == 0 {
            return Err(failed(&"it has no certificate in PEM"));
        }
    }
    let mut config = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
