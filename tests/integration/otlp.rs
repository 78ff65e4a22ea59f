//! A collector that speaks OTLP over HTTP: it keeps what is posted, and reads it by the numbers of
//! opentelemetry-proto's files.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::DEADLINE;
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::whole;

/// The collector.
pub(crate) struct Sink(Upstream);

/// A span as it was posted.
#[derive(Debug, Clone)]
pub(crate) struct SunkSpan {
    pub(crate) trace: String,
    pub(crate) id: String,
    /// Empty: it has none.
    pub(crate) parent: String,
    pub(crate) state: String,
    pub(crate) name: String,
    /// 1 internal, 2 server, 3 client.
    pub(crate) kind: u64,
    pub(crate) start: u64,
    pub(crate) end: u64,
    pub(crate) attributes: BTreeMap<String, Value>,
    pub(crate) events: Vec<String>,
    /// 2 is an error.
    pub(crate) status: u64,
    pub(crate) flags: u64,
    pub(crate) service: Value,
}

/// A field of a message: its number, and what it holds.
#[derive(Debug, Clone, Copy)]
enum WireField<'b> {
    Number(u64),
    Bytes(&'b [u8]),
}

impl Sink {
    /// One that takes everything.
    pub(crate) fn start() -> Sink {
        Sink::playing(whole(
            "200 OK",
            "content-type: application/x-protobuf\r\n",
            "",
        ))
    }

    /// One that answers everything like this.
    pub(crate) fn playing(steps: Vec<ScriptStep>) -> Sink {
        Sink(Upstream::playing(steps))
    }

    /// One that answers by the number of the request.
    pub(crate) fn answering(
        steps: impl Fn(usize) -> Vec<ScriptStep> + Send + Sync + 'static,
    ) -> Sink {
        Sink(Upstream::start(move |_, number| steps(number)))
    }

    /// What the config says of it.
    pub(crate) fn config(&self, more: &str) -> String {
        format!("[trace]\notlp = \"http://{}\"\n{more}\n", self.0.address())
    }

    /// The collector itself.
    pub(crate) fn server(&self) -> &Upstream {
        &self.0
    }

    /// All bytes that were posted so far.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        (0..self.0.count())
            .flat_map(|it| self.0.request(it).body)
            .collect()
    }

    /// All spans so far.
    pub(crate) fn spans(&self) -> Vec<SunkSpan> {
        let posted = (0..self.0.count()).map(|it| self.0.request(it));
        posted.flat_map(|request| read(&request.body)).collect()
    }

    /// The spans of the first turn, waited for; the turn's own first.
    pub(crate) fn turn(&self) -> Vec<SunkSpan> {
        self.turns(1).remove(0)
    }

    /// The spans of so many turns, waited for, turn by turn.
    pub(crate) fn turns(&self, count: usize) -> Vec<Vec<SunkSpan>> {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let spans = self.spans();
            let roots: Vec<_> = spans.iter().filter(|span| span.kind == 2).collect();
            if roots.len() >= count {
                let of = |root: &SunkSpan| {
                    let below = spans.iter().filter(|span| span.parent == root.id);
                    [root.clone()].into_iter().chain(below.cloned()).collect()
                };
                return roots.into_iter().map(of).collect();
            }
            assert!(Instant::now() < deadline, "{count} turns: {spans:#?}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl SunkSpan {
    /// An attribute; null where there is none.
    pub(crate) fn told(&self, name: &str) -> &Value {
        self.attributes.get(name).unwrap_or(&Value::Null)
    }
}

/// The spans of an `ExportTraceServiceRequest`.
fn read(body: &[u8]) -> Vec<SunkSpan> {
    let mut spans = Vec::new();
    for resource in messages(body, 1) {
        let program = messages(resource, 1);
        let program = program
            .first()
            .map(|it| attributes(it, 1))
            .unwrap_or_default();
        let service = program.get("service.name").cloned().unwrap_or_default();
        for scope in messages(resource, 2) {
            let all = messages(scope, 2).into_iter();
            spans.extend(all.map(|it| span(it, service.clone())));
        }
    }
    spans
}

fn span(message: &[u8], service: Value) -> SunkSpan {
    let status = messages(message, 15);
    SunkSpan {
        trace: hex(bytes(message, 1)),
        id: hex(bytes(message, 2)),
        state: text(message, 3),
        parent: hex(bytes(message, 4)),
        name: text(message, 5),
        kind: number(message, 6),
        start: number(message, 7),
        end: number(message, 8),
        attributes: attributes(message, 9),
        events: messages(message, 11)
            .into_iter()
            .map(|it| text(it, 2))
            .collect(),
        status: status.first().map_or(0, |it| number(it, 3)),
        flags: number(message, 16),
        service,
    }
}

fn attributes(message: &[u8], at: u32) -> BTreeMap<String, Value> {
    let all = messages(message, at).into_iter();
    all.map(|it| {
        (
            text(it, 1),
            messages(it, 2).first().map_or(Value::Null, |it| value(it)),
        )
    })
    .collect()
}

fn value(message: &[u8]) -> Value {
    let Some((at, field)) = fields(message).into_iter().next() else {
        return Value::Null;
    };
    match (at, field) {
        (1, WireField::Bytes(text)) => json!(std::str::from_utf8(text).expect("UTF-8")),
        (2, WireField::Number(is)) => json!(is != 0),
        (3, WireField::Number(count)) => json!(count.cast_signed()),
        (4, WireField::Number(bits)) => json!(f64::from_bits(bits)),
        (5, WireField::Bytes(list)) => messages(list, 1).into_iter().map(value).collect(),
        other => panic!("no value: {other:?}"),
    }
}

fn messages(message: &[u8], at: u32) -> Vec<&[u8]> {
    let all = fields(message)
        .into_iter()
        .filter(|(number, _)| *number == at);
    all.map(|(_, field)| match field {
        WireField::Bytes(bytes) => bytes,
        WireField::Number(_) => panic!("field {at} is no message"),
    })
    .collect()
}

fn bytes(message: &[u8], at: u32) -> &[u8] {
    messages(message, at).last().copied().unwrap_or_default()
}

fn text(message: &[u8], at: u32) -> String {
    String::from_utf8(bytes(message, at).to_vec()).expect("UTF-8")
}

fn number(message: &[u8], at: u32) -> u64 {
    let mut all = fields(message)
        .into_iter()
        .filter(|(number, _)| *number == at);
    match all.next_back() {
        None => 0,
        Some((_, WireField::Number(number))) => number,
        Some((_, WireField::Bytes(_))) => panic!("field {at} is no number"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The fields of a message in protobuf's wire format.
fn fields(mut rest: &[u8]) -> Vec<(u32, WireField<'_>)> {
    let mut found = Vec::new();
    while !rest.is_empty() {
        let key = varint(&mut rest);
        let field = match key & 7 {
            0 => WireField::Number(varint(&mut rest)),
            1 => WireField::Number(fixed(&mut rest, 8)),
            2 => {
                let length = usize::try_from(varint(&mut rest)).expect("a length");
                let (bytes, more) = rest.split_at(length);
                rest = more;
                WireField::Bytes(bytes)
            }
            5 => WireField::Number(fixed(&mut rest, 4)),
            other => panic!("wire type {other}"),
        };
        found.push((u32::try_from(key >> 3).expect("a number"), field));
    }
    found
}

fn varint(rest: &mut &[u8]) -> u64 {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, more) = rest.split_first().expect("a whole number");
        *rest = more;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return number;
        }
    }
    panic!("the number has no end")
}

fn fixed(rest: &mut &[u8], length: usize) -> u64 {
    let (bytes, more) = rest.split_at(length);
    *rest = more;
    bytes
        .iter()
        .rev()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}
