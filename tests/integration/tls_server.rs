//! A server that speaks TLS, with certificates of an authority of its own.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::DEADLINE;
use crate::upstream::ScriptStep;

/// An authority that vouches for servers.
pub(crate) struct Authority {
    /// Its certificate, in PEM.
    pub(crate) pem: String,
    issuer: Issuer<'static, KeyPair>,
}

/// What a server shows.
pub(crate) struct Shown {
    chain: Vec<CertificateDer<'static>>,
    key: KeyPair,
}

/// The server; dropping it ends it. Everything it is asked it answers with the same bytes.
pub(crate) struct TlsServer {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

struct Shared {
    tls: Arc<ServerConfig>,
    answer: Vec<u8>,
    /// After the answer it waits for the peer to go.
    hangs: bool,
    state: Mutex<State>,
    changed: Condvar,
    is_over: AtomicBool,
}

#[derive(Default)]
struct State {
    first_bytes: Vec<u8>,
    requests: Vec<String>,
    gone: Vec<Instant>,
}

impl Authority {
    /// A new one.
    pub(crate) fn new() -> Authority {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(Vec::new()).expect("names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).expect("a certificate");
        Authority {
            pem: certificate.pem(),
            issuer: Issuer::new(params, key),
        }
    }

    /// What a server of this name shows.
    pub(crate) fn vouches_for(&self, name: &str) -> Shown {
        self.vouches(named(name))
    }

    /// The same, long expired.
    pub(crate) fn vouched_for(&self, name: &str) -> Shown {
        let mut params = named(name);
        params.not_before = date_time_ymd(2001, 1, 1);
        params.not_after = date_time_ymd(2002, 1, 1);
        self.vouches(params)
    }

    fn vouches(&self, params: CertificateParams) -> Shown {
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        Shown {
            chain: vec![certificate.der().clone()],
            key,
        }
    }
}

/// What a server shows for which nobody vouches.
pub(crate) fn self_signed(name: &str) -> Shown {
    let key = KeyPair::generate().expect("a key");
    let certificate = named(name).self_signed(&key).expect("a certificate");
    Shown {
        chain: vec![certificate.der().clone()],
        key,
    }
}

fn named(name: &str) -> CertificateParams {
    CertificateParams::new(vec![name.to_owned()]).expect("a name")
}

impl TlsServer {
    /// Starts one that answers so; with [`ScriptStep::Hang`] it waits then for its peer to go.
    pub(crate) fn start(shown: Shown, steps: &[ScriptStep]) -> TlsServer {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let key = PrivatePkcs8KeyDer::from(shown.key.serialize_der());
        let tls = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(shown.chain, key.into())
            .expect("a certificate and its key");
        let mut answer = Vec::new();
        for step in steps {
            match step {
                ScriptStep::Send(bytes) => answer.extend_from_slice(bytes),
                ScriptStep::Chunk(bytes) => {
                    answer.extend_from_slice(format!("{:x}\r\n", bytes.len()).as_bytes());
                    answer.extend_from_slice(bytes);
                    answer.extend_from_slice(b"\r\n");
                }
                ScriptStep::EndChunks => answer.extend_from_slice(b"0\r\n\r\n"),
                ScriptStep::Hang => {}
                other => panic!("{other:?} is not played over TLS"),
            }
        }
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        let shared = Arc::new(Shared {
            tls: Arc::new(tls),
            answer,
            hangs: matches!(steps.last(), Some(ScriptStep::Hang)),
            state: Mutex::default(),
            changed: Condvar::new(),
            is_over: AtomicBool::new(false),
        });
        let serving = shared.clone();
        let acceptor = thread::spawn(move || {
            let mut connections = Vec::new();
            for stream in listener.incoming().flatten() {
                if serving.is_over.load(Ordering::Acquire) {
                    break;
                }
                let serving = serving.clone();
                connections.push(thread::spawn(move || serving.serve(stream)));
            }
            for connection in connections {
                connection.join().expect("the server does not break");
            }
        });
        TlsServer {
            address,
            shared,
            acceptor: Some(acceptor),
        }
    }

    /// The requests that came through TLS.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.shared.lock().requests.clone()
    }

    /// The first byte of every connection.
    pub(crate) fn first_bytes(&self) -> Vec<u8> {
        self.shared.lock().first_bytes.clone()
    }

    /// When the first peer went in the middle of an answer, waited for.
    pub(crate) fn gone(&self) -> Instant {
        let state = self.shared.lock();
        let waited = self
            .shared
            .changed
            .wait_timeout_while(state, DEADLINE, |state| state.gone.is_empty());
        let (state, _) = waited.expect("the server does not break");
        *state.gone.first().expect("the peer goes")
    }
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::Release);
        let _ = TcpStream::connect(self.address);
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("the server does not break")
    }

    fn serve(&self, stream: TcpStream) {
        let mut first = [0];
        if matches!(stream.peek(&mut first), Ok(1)) {
            self.lock().first_bytes.push(first[0]);
        }
        let _ = stream.set_read_timeout(Some(Duration::from_millis(20)));
        let connection = ServerConnection::new(self.tls.clone()).expect("a good config");
        let mut stream = StreamOwned::new(connection, stream);
        while let Some(request) = self.read(&mut stream) {
            self.lock().requests.push(request);
            if stream.write_all(&self.answer).is_err() || stream.flush().is_err() {
                return;
            }
            if self.hangs {
                self.read(&mut stream);
                self.lock().gone.push(Instant::now());
                self.changed.notify_all();
                return;
            }
        }
    }

    /// A whole request; none: the peer went, or the server ends.
    fn read(&self, stream: &mut impl Read) -> Option<String> {
        let (mut came, mut piece) = (Vec::new(), [0; 16 << 10]);
        loop {
            match stream.read(&mut piece) {
                Ok(0) => return None,
                Ok(length) => came.extend_from_slice(&piece[..length]),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                    if self.is_over.load(Ordering::Acquire) {
                        return None;
                    }
                }
                Err(_) => return None,
            }
            let text = String::from_utf8_lossy(&came);
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let length = head.lines().find_map(|line| {
                    let (name, value) = line.split_once(':')?;
                    let is_length = name.eq_ignore_ascii_case("content-length");
                    is_length.then(|| value.trim().parse::<usize>().expect("a length"))
                });
                if body.len() >= length.unwrap_or(0) {
                    return Some(text.into_owned());
                }
            }
        }
    }
}
