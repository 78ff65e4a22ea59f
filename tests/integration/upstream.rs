//! An upstream whose every byte is scripted.
//!
//! It reads each request whole, records it, and plays the steps that its script gives. It notes
//! when its peer goes before the steps are over.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::DEADLINE;

/// How often a waiting connection looks whether its peer is still there.
const LOOK: Duration = Duration::from_millis(2);

/// One thing that the upstream does.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// Sends bytes as they are.
    Send(Vec<u8>),
    /// Sends one chunk of a chunked body.
    Chunk(Vec<u8>),
    /// Ends a chunked body.
    EndChunks,
    /// Waits until the test has opened this gate.
    Wait(usize),
    /// Waits until the peer goes.
    Hang,
    /// Waits so long.
    Pause(Duration),
    /// Resets the connection.
    Reset,
    /// Closes the connection in order.
    Close,
}

/// A request that came.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// The request line and the headers.
    pub(crate) head: String,
    /// The body.
    pub(crate) body: Vec<u8>,
    /// Its place among those of its connection, from 0.
    pub(crate) place: usize,
}

/// The upstream; dropping it ends it.
pub(crate) struct Upstream {
    address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

type Script = Box<dyn Fn(&Request, usize) -> Vec<Step> + Send + Sync>;

struct Shared {
    script: Script,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    requests: Vec<Request>,
    gone: BTreeMap<usize, Instant>,
    closed: usize,
    opened: usize,
    accepted: usize,
    is_over: bool,
    connections: Vec<JoinHandle<()>>,
}

impl Upstream {
    /// Starts one; `script` gets each request and its number, from 0.
    pub(crate) fn start(
        script: impl Fn(&Request, usize) -> Vec<Step> + Send + Sync + 'static,
    ) -> Upstream {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        let shared = Arc::new(Shared {
            script: Box::new(script),
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let accepting = shared.clone();
        let acceptor = thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { continue };
                let serving = accepting.clone();
                let mut state = accepting.lock();
                if state.is_over {
                    return;
                }
                state.accepted += 1;
                let connection = thread::spawn(move || serving.serve(stream));
                state.connections.push(connection);
                accepting.changed.notify_all();
            }
        });
        Upstream {
            address,
            shared,
            acceptor: Some(acceptor),
        }
    }

    /// Starts one that plays the same steps for every request.
    pub(crate) fn playing(steps: Vec<Step>) -> Upstream {
        Upstream::start(move |_, _| steps.clone())
    }

    /// Its base URL.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Its address.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many requests came.
    pub(crate) fn count(&self) -> usize {
        self.shared.lock().requests.len()
    }

    /// How many connections came.
    pub(crate) fn connections(&self) -> usize {
        self.shared.lock().accepted
    }

    /// A request that came, waited for.
    pub(crate) fn request(&self, number: usize) -> Request {
        let what = format!("request {number} at the upstream");
        self.shared
            .wait(&what, |state| state.requests.get(number).cloned())
    }

    /// Lets everything pass that waits for this gate.
    pub(crate) fn open(&self, gate: usize) {
        let mut state = self.shared.lock();
        state.opened = state.opened.max(gate);
        self.shared.changed.notify_all();
    }

    /// Waits until so many connections were closed by their scripts.
    pub(crate) fn closed(&self, count: usize) {
        self.shared.wait("a close by the upstream", |state| {
            (state.closed >= count).then_some(())
        });
    }

    /// When the peer of a request went, waited for.
    pub(crate) fn gone(&self, number: usize) -> Instant {
        let what = format!("the end of request {number} at the upstream");
        self.shared
            .wait(&what, |state| state.gone.get(&number).copied())
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.shared.lock().is_over = true;
        // Wakes the acceptor.
        let _ = TcpStream::connect(self.address);
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
        let connections = std::mem::take(&mut self.shared.lock().connections);
        for connection in connections {
            let _ = connection.join();
        }
    }
}

impl Request {
    /// The body as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("the upstream gets JSON")
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("the upstream gets UTF-8")
    }

    /// All values of a header.
    pub(crate) fn header(&self, name: &str) -> Vec<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
            .collect()
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<T>(&self, what: &str, look: impl Fn(&State) -> Option<T>) -> T {
        let deadline = Instant::now() + DEADLINE;
        let mut state = self.lock();
        loop {
            if let Some(found) = look(&state) {
                return found;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "waited too long for {what}");
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn serve(&self, mut stream: TcpStream) {
        let _ = stream.set_nodelay(true);
        let _ = stream.set_read_timeout(Some(LOOK));
        let mut buffer = Vec::new();
        let mut place = 0;
        while let Some(mut request) = self.read_request(&mut stream, &mut buffer) {
            request.place = place;
            place += 1;
            let number = {
                let mut state = self.lock();
                state.requests.push(request.clone());
                state.requests.len() - 1
            };
            self.changed.notify_all();
            for step in (self.script)(&request, number) {
                match self.play(&step, &mut stream) {
                    Next::Step => {}
                    Next::PeerIsGone => {
                        self.lock().gone.insert(number, Instant::now());
                        self.changed.notify_all();
                        return;
                    }
                    Next::Over if matches!(step, Step::Reset) => return reset(stream),
                    Next::Over => return,
                }
            }
        }
    }

    fn play(&self, step: &Step, stream: &mut TcpStream) -> Next {
        let sent = match step {
            Step::Send(bytes) => stream.write_all(bytes),
            Step::Chunk(bytes) => {
                let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
                chunk.extend_from_slice(bytes);
                chunk.extend_from_slice(b"\r\n");
                stream.write_all(&chunk)
            }
            Step::EndChunks => stream.write_all(b"0\r\n\r\n"),
            Step::Wait(gate) => return self.wait_for_gate(*gate, stream),
            Step::Hang => return self.wait_for_gate(usize::MAX, stream),
            Step::Pause(time) => {
                thread::sleep(*time);
                Ok(())
            }
            Step::Reset => return Next::Over,
            Step::Close => {
                let _ = stream.shutdown(Shutdown::Both);
                self.lock().closed += 1;
                self.changed.notify_all();
                return Next::Over;
            }
        };
        if sent.is_ok() {
            Next::Step
        } else {
            Next::PeerIsGone
        }
    }

    fn wait_for_gate(&self, gate: usize, stream: &TcpStream) -> Next {
        loop {
            {
                let state = self.lock();
                if state.opened >= gate {
                    return Next::Step;
                }
                if state.is_over {
                    return Next::Over;
                }
            }
            match stream.peek(&mut [0]) {
                Ok(0) => return Next::PeerIsGone,
                Err(error) if !is_timeout(&error) => return Next::PeerIsGone,
                _ => {}
            }
        }
    }

    fn read_request(&self, stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Request> {
        let mut piece = vec![0; 64 << 10];
        loop {
            if let Some(request) = take_request(buffer) {
                return Some(request);
            }
            match stream.read(&mut piece) {
                Ok(0) => return None,
                Ok(length) => buffer.extend_from_slice(&piece[..length]),
                Err(error) if is_timeout(&error) && !self.lock().is_over => {}
                Err(_) => return None,
            }
        }
    }
}

enum Next {
    Step,
    PeerIsGone,
    Over,
}

fn is_timeout(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}

fn take_request(buffer: &mut Vec<u8>) -> Option<Request> {
    let end = buffer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
    let request = Request {
        head,
        body: Vec::new(),
        place: 0,
    };
    let length: usize = request
        .header("content-length")
        .first()
        .map_or(0, |length| length.parse().expect("a length"));
    let body = buffer.get(end..end + length)?.to_vec();
    buffer.drain(..end + length);
    Some(Request { body, ..request })
}

/// Closes with a reset instead of a FIN; the standard library can't ask for that.
fn reset(stream: TcpStream) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        stream.set_nonblocking(true).expect("a socket");
        let stream = tokio::net::TcpStream::from_std(stream).expect("a socket");
        stream.set_zero_linger().expect("a socket");
    });
}
