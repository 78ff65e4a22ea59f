//! The faults that `aside demo --fault` shows, and the upstreams that have them.
//!
//! None of them does anything but fail as its line says.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use socket2::{Domain, Socket, Type};

use super::faulty::{Faulty, ScriptStep};

/// Long enough for what was sent to be read before a reset, which would overtake it.
const READ: Duration = Duration::from_millis(200);
/// Between two words of an upstream that is slow.
const SLOW: Duration = Duration::from_millis(400);

/// One way to fail.
#[derive(Debug)]
pub struct Fault {
    /// Its name.
    pub name: &'static str,
    /// What the upstream does.
    pub about: &'static str,
    /// Whether it shows before the first word, so that another upstream can be asked.
    pub is_early: bool,
    how: How,
}

#[derive(Debug)]
enum How {
    Refuse,
    Deaf,
    Play(fn() -> Vec<ScriptStep>),
}

/// An upstream with a fault; dropping it ends it.
pub struct FaultyUpstream(Kept);

enum Kept {
    /// Bound, and never listening.
    Refuse(Socket),
    /// Listening, and never accepting: the system opens the connections.
    Deaf(TcpListener),
    Play(Faulty),
}

/// All faults.
pub const FAULTS: &[Fault] = &[
    early("refuse", "nobody listens there", How::Refuse),
    early(
        "half-open",
        "connections open, and nothing ever comes",
        How::Deaf,
    ),
    early(
        "silent",
        "it takes the request and says nothing",
        How::Play(|| vec![ScriptStep::Hang]),
    ),
    early(
        "reset",
        "it resets the connection when it has the request",
        How::Play(|| vec![ScriptStep::Reset]),
    ),
    early(
        "garbage",
        "its answer is no HTTP",
        How::Play(|| {
            let noise: Vec<u8> = (0..=255).collect();
            vec![
                ScriptStep::Send(noise),
                ScriptStep::Send(b"\r\n\r\n".to_vec()),
                ScriptStep::Close,
            ]
        }),
    ),
    early(
        "status",
        "it answers 503",
        How::Play(|| whole("503 Service Unavailable", "text/plain", "busy")),
    ),
    early(
        "html",
        "it answers 200 with a page",
        How::Play(|| whole("200 OK", "text/html", "<p>Please log in.")),
    ),
    early(
        "json-error",
        "it answers 200 with an error in JSON",
        How::Play(|| whole("200 OK", "application/json", &error().to_string())),
    ),
    early(
        "error-event",
        "the first event of its stream is an error",
        How::Play(|| stream([event(&error()), ScriptStep::EndChunks])),
    ),
    early(
        "empty",
        "its stream ends without a word",
        How::Play(|| stream([says(""), finish(), done(), ScriptStep::EndChunks])),
    ),
    late(
        "cut",
        "it resets the connection in the middle of a sentence",
        How::Play(|| {
            stream([
                says("Let me "),
                says("look"),
                ScriptStep::Pause(READ),
                ScriptStep::Reset,
            ])
        }),
    ),
    late(
        "stall",
        "it falls silent in the middle of a sentence",
        How::Play(|| stream([says("Let me "), says("look"), ScriptStep::Hang])),
    ),
    late(
        "slow",
        "it says a word every 400 ms, and is not cut",
        How::Play(|| {
            let words = "I am slow, but I do get there."
                .split_inclusive(' ')
                .flat_map(|word| [says(word), ScriptStep::Pause(SLOW)]);
            stream(words.chain([finish(), done(), ScriptStep::EndChunks]))
        }),
    ),
];

impl Fault {
    /// The fault of that name.
    pub fn named(name: &str) -> Option<&'static Fault> {
        FAULTS.iter().find(|fault| fault.name == name)
    }

    /// Starts an upstream that has it.
    pub fn start(&self) -> io::Result<FaultyUpstream> {
        let here = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Ok(FaultyUpstream(match self.how {
            How::Refuse => {
                let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
                socket.bind(&here.into())?;
                Kept::Refuse(socket)
            }
            How::Deaf => Kept::Deaf(TcpListener::bind(here)?),
            How::Play(steps) => Kept::Play(Faulty::playing(steps())?),
        }))
    }
}

impl FaultyUpstream {
    /// Where it is.
    pub fn address(&self) -> io::Result<SocketAddr> {
        match &self.0 {
            Kept::Refuse(socket) => {
                let address = socket.local_addr()?.as_socket();
                address.ok_or(io::ErrorKind::AddrNotAvailable.into())
            }
            Kept::Deaf(listener) => listener.local_addr(),
            Kept::Play(faulty) => Ok(faulty.address()),
        }
    }

    /// When its peer went in the middle of its newest answer, if it did.
    pub fn gone(&self) -> Option<Instant> {
        let Kept::Play(faulty) = &self.0 else {
            return None;
        };
        faulty.gone(faulty.count().checked_sub(1)?, READ)
    }
}

const fn early(name: &'static str, about: &'static str, how: How) -> Fault {
    Fault {
        name,
        about,
        is_early: true,
        how,
    }
}

const fn late(name: &'static str, about: &'static str, how: How) -> Fault {
    Fault {
        name,
        about,
        is_early: false,
        how,
    }
}

fn error() -> Value {
    json!({"error": {"message": "the model is overloaded", "type": "server_error", "code": null}})
}

fn whole(status: &str, kind: &str, body: &str) -> Vec<ScriptStep> {
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    vec![ScriptStep::Send(answer.into_bytes())]
}

fn stream(steps: impl IntoIterator<Item = ScriptStep>) -> Vec<ScriptStep> {
    let head =
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    let mut all = vec![ScriptStep::Send(head.into())];
    all.extend(steps);
    all
}

fn event(data: &Value) -> ScriptStep {
    ScriptStep::Chunk(format!("data: {data}\n\n").into_bytes())
}

fn says(text: &str) -> ScriptStep {
    event(&json!({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null}]}))
}

fn finish() -> ScriptStep {
    event(&json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}))
}

fn done() -> ScriptStep {
    ScriptStep::Chunk(b"data: [DONE]\n\n".to_vec())
}
