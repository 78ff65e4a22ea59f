//! A server with TLS, vouched for by an authority of one's own.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::*;

/// A server that has nothing, and the certificate of who vouches for it. It ends with the process.
fn start() -> (u16, String) {
    let provider = rustls::crypto::ring::default_provider();
    let _ = provider.install_default();
    let authority_key = KeyPair::generate().expect("a key");
    let mut authority = CertificateParams::new(Vec::new()).expect("names");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let pem = authority.self_signed(&authority_key).expect("signed").pem();
    let key = KeyPair::generate().expect("a key");
    let named = CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
    let issuer = Issuer::new(authority, authority_key);
    let shown = named.signed_by(&key, &issuer).expect("signed");
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    let tls = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![shown.der().clone()], key.into())
        .expect("a config");
    let (tls, listener) = (
        Arc::new(tls),
        TcpListener::bind("localhost:0").expect("a port"),
    );
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let connection = ServerConnection::new(tls.clone()).expect("a connection");
            let mut stream = StreamOwned::new(connection, stream);
            thread::spawn(move || {
                let mut piece = [0; 4096];
                while let Ok(length @ 1..) = stream.read(&mut piece) {
                    let text = String::from_utf8_lossy(&piece[..length]);
                    for command in text.split('*').skip(1) {
                        let is_get = command.to_uppercase().contains("\r\nGET\r\n");
                        let answer = if is_get { "$-1\r\n" } else { "+OK\r\n" };
                        if stream.write_all(answer.as_bytes()).is_err() {
                            return;
                        }
                    }
                }
            });
        }
    });
    (port, pem)
}

#[test]
fn a_server_of_an_authority_of_ones_own_is_trusted_where_its_certificate_is_given() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let (port, pem) = start();
    let url = format!("rediss://localhost:{port}");
    let read = |roots: Option<String>| {
        let roots = roots.map(String::into_bytes);
        let store = Redis::connect_trusting(&url, roots).expect("a URL");
        let keys = [key("a")];
        let read = runtime.block_on(store.read(&keys));
        read.map_err(|error| error.to_string())
    };
    assert_eq!(read(Some(pem.clone())), Ok(vec![None]));
    assert!(read(None).is_err(), "nobody vouches for it");
    let (_, other) = start();
    assert!(read(Some(other.clone())).is_err(), "another vouches for it");
    assert_eq!(read(Some(other + &pem)), Ok(vec![None]), "one of several");
}
