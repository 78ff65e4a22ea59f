//! An upstream whose every byte is scripted: delays, pieces, resets, FINs, garbage.
//!
//! It reads each request whole, records it, and plays the steps that its script gives. It notes
//! when its peer goes before the steps are over. It never answers of its own accord.

mod request;

use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

pub use request::Request;
use request::take_request;

/// How long the methods that wait do so.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// How often a waiting connection looks for an open gate: at first, and when it has waited long.
const FIRST_LOOK: Duration = Duration::from_millis(2);
const LONGEST_LOOK: Duration = Duration::from_millis(32);

/// One thing that the upstream does.
#[derive(Debug, Clone)]
pub enum ScriptStep {
    /// Sends bytes as they are.
    Send(Vec<u8>),
    /// Sends one chunk of a chunked body.
    Chunk(Vec<u8>),
    /// Sends one chunk so many times.
    Flood(Vec<u8>, usize),
    /// Ends a chunked body.
    EndChunks,
    /// Waits until this gate is open.
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

/// The upstream; dropping it ends it.
pub struct Faulty {
    address: SocketAddr,
    shared: Arc<FaultyShared>,
    acceptor: Option<JoinHandle<()>>,
}

type Script = Box<dyn Fn(&Request, usize) -> Vec<ScriptStep> + Send + Sync>;

struct FaultyShared {
    script: Script,
    state: Mutex<FaultyState>,
    changed: Condvar,
}

#[derive(Default)]
struct FaultyState {
    requests: Vec<Request>,
    gone: BTreeMap<usize, Instant>,
    sent: BTreeMap<usize, usize>,
    closed: usize,
    opened: usize,
    accepted: usize,
    is_over: bool,
    connections: Vec<JoinHandle<()>>,
}

enum Next {
    ScriptStep,
    PeerIsGone,
    Over,
}

impl Faulty {
    /// Starts one on a port of the system's choice; `script` gets each request and its number,
    /// from 0.
    pub fn start(
        script: impl Fn(&Request, usize) -> Vec<ScriptStep> + Send + Sync + 'static,
    ) -> io::Result<Faulty> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let shared = Arc::new(FaultyShared {
            script: Box::new(script),
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let accepting = shared.clone();
        let acceptor = thread::spawn(move || accepting.accept(&listener));
        Ok(Faulty {
            address,
            shared,
            acceptor: Some(acceptor),
        })
    }

    /// Starts one that plays the same steps for every request.
    pub fn playing(steps: Vec<ScriptStep>) -> io::Result<Faulty> {
        Faulty::start(move |_, _| steps.clone())
    }

    /// Its address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many requests came.
    pub fn count(&self) -> usize {
        self.shared.lock().requests.len()
    }

    /// How many connections came.
    pub fn connections(&self) -> usize {
        self.shared.lock().accepted
    }

    /// How many bytes the system took for the answer to a request.
    pub fn sent(&self, number: usize) -> usize {
        self.shared.lock().sent.get(&number).copied().unwrap_or(0)
    }

    /// A request, waited for; none: it did not come.
    pub fn request(&self, number: usize) -> Option<Request> {
        self.shared
            .wait(PATIENCE, |state| state.requests.get(number).cloned())
    }

    /// Lets everything pass that waits for this gate, or for one before it.
    pub fn open(&self, gate: usize) {
        let mut state = self.shared.lock();
        state.opened = state.opened.max(gate);
        self.shared.changed.notify_all();
    }

    /// Waits until so many connections were closed by the script; whether they were.
    pub fn has_closed(&self, count: usize) -> bool {
        let closed = |state: &FaultyState| (state.closed >= count).then_some(());
        self.shared.wait(PATIENCE, closed).is_some()
    }

    /// When the peer of a request went, waited for so long; none: it is still there.
    pub fn gone(&self, number: usize, within: Duration) -> Option<Instant> {
        self.shared
            .wait(within, |state| state.gone.get(&number).copied())
    }
}

impl Drop for Faulty {
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

impl FaultyShared {
    fn lock(&self) -> MutexGuard<'_, FaultyState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<T>(&self, within: Duration, look: impl Fn(&FaultyState) -> Option<T>) -> Option<T> {
        let deadline = Instant::now() + within;
        let mut state = self.lock();
        loop {
            if let Some(found) = look(&state) {
                return Some(found);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn accept(self: &Arc<Self>, listener: &TcpListener) {
        for stream in listener.incoming() {
            let mut state = self.lock();
            if state.is_over {
                return;
            }
            let Ok(stream) = stream else { continue };
            let serving = self.clone();
            state.accepted += 1;
            let connection = thread::spawn(move || serving.serve(stream));
            state.connections.push(connection);
            self.changed.notify_all();
        }
    }

    fn serve(&self, mut stream: TcpStream) {
        let _ = stream.set_nodelay(true);
        let _ = stream.set_write_timeout(Some(LONGEST_LOOK));
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
                match self.play(&step, &mut stream, number) {
                    Next::ScriptStep => {}
                    Next::PeerIsGone => {
                        self.lock().gone.insert(number, Instant::now());
                        self.changed.notify_all();
                        return;
                    }
                    Next::Over => return,
                }
            }
        }
    }

    fn play(&self, step: &ScriptStep, stream: &mut TcpStream, number: usize) -> Next {
        match step {
            ScriptStep::Send(bytes) => self.send(bytes, stream, number),
            ScriptStep::Chunk(bytes) => self.send(&chunk(bytes), stream, number),
            ScriptStep::Flood(bytes, times) => {
                let chunk = chunk(bytes);
                let sent = (0..*times).map(|_| self.send(&chunk, stream, number));
                let mut stopped = sent.filter(|next| !matches!(next, Next::ScriptStep));
                stopped.next().unwrap_or(Next::ScriptStep)
            }
            ScriptStep::EndChunks => self.send(b"0\r\n\r\n", stream, number),
            ScriptStep::Wait(gate) => self.wait_for(|state| state.opened >= *gate, stream),
            ScriptStep::Hang => self.wait_for(|_| false, stream),
            ScriptStep::Pause(time) => {
                let end = Instant::now() + *time;
                self.wait_for(|_| Instant::now() >= end, stream)
            }
            ScriptStep::Reset => {
                // Without a linger time a socket is reset when it closes.
                let _ = socket2::SockRef::from(&*stream).set_linger(Some(Duration::ZERO));
                Next::Over
            }
            ScriptStep::Close => {
                let _ = stream.shutdown(Shutdown::Both);
                self.lock().closed += 1;
                self.changed.notify_all();
                Next::Over
            }
        }
    }

    fn send(&self, mut bytes: &[u8], stream: &mut TcpStream, number: usize) -> Next {
        while !bytes.is_empty() {
            match stream.write(bytes) {
                Ok(length) => {
                    bytes = &bytes[length..];
                    *self.lock().sent.entry(number).or_default() += length;
                }
                Err(error) if is_timeout(&error) && self.lock().is_over => return Next::Over,
                Err(error) if is_timeout(&error) => {}
                Err(_) => return Next::PeerIsGone,
            }
        }
        Next::ScriptStep
    }

    fn wait_for(&self, is_over: impl Fn(&FaultyState) -> bool, stream: &TcpStream) -> Next {
        let mut look = FIRST_LOOK;
        loop {
            {
                let state = self.lock();
                if is_over(&state) {
                    return Next::ScriptStep;
                }
                if state.is_over {
                    return Next::Over;
                }
            }
            let _ = stream.set_read_timeout(Some(look));
            look = (look * 2).min(LONGEST_LOOK);
            match stream.peek(&mut [0]) {
                Ok(0) => return Next::PeerIsGone,
                Err(error) if !is_timeout(&error) => return Next::PeerIsGone,
                // The next request waits already.
                Ok(_) => thread::sleep(FIRST_LOOK),
                Err(_) => {}
            }
        }
    }

    fn read_request(&self, stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Request> {
        let _ = stream.set_read_timeout(Some(LONGEST_LOOK));
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

fn chunk(bytes: &[u8]) -> Vec<u8> {
    let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
    chunk.extend_from_slice(bytes);
    chunk.extend_from_slice(b"\r\n");
    chunk
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}
