//! Three programs on one Redis, behind a balancer that sends each turn to the next: calls go on
//! where one of the three is killed.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::DEADLINE;
use crate::aside::Aside;
use crate::context::KEY;
use crate::redis::Server;
use crate::stores::{missed, replica};
use crate::upstream::{Request, Upstream};
use crate::wire::{CHAT, Reply, saying, turn, with};

const CALLS: usize = 24;
const TURNS: usize = 8;
const CALLERS: usize = 6;

/// Asks once on a connection of its own; none: it broke before the answer was whole.
fn try_once(address: SocketAddr, method: &str, path: &str, body: &[u8]) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(DEADLINE)).ok()?;
    // Its key opens context alone.
    let key = match path.starts_with("/context/") {
        true => format!("{}: {}\r\n", KEY.0, KEY.1),
        false => String::new(),
    };
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\n{key}connection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(body).ok()?;
    let mut came = String::new();
    stream.read_to_string(&mut came).ok()?;
    let (head, mut rest) = came.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    if !head.to_lowercase().contains("transfer-encoding: chunked") {
        return Some((status, rest.to_owned()));
    }
    let mut text = String::new();
    loop {
        let (size, after) = rest.split_once("\r\n")?;
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return Some((status, text));
        }
        text += after.get(..size)?;
        rest = after.get(size + 2..)?;
    }
}

/// Sends each request to the next replica; one whose connection broke is sent once more.
struct Balancer {
    addresses: Vec<SocketAddr>,
    next: AtomicUsize,
    retries: AtomicUsize,
}

impl Balancer {
    fn ask(&self, method: &str, path: &str, body: &[u8]) -> (u16, String) {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        let ask = |at: usize| {
            let address = self.addresses[at % self.addresses.len()];
            try_once(address, method, path, body)
        };
        let again = || {
            self.retries.fetch_add(1, Ordering::Relaxed);
            ask(next + 1)
        };
        let answer = ask(next).or_else(again);
        answer.expect("an answer after one more try")
    }
}

/// Says the call's note and its card, as far as the model knows them.
fn model(request: &Request) -> String {
    let text = request.text();
    let at = text.find("note-").map(|at| at + "note-".len());
    let note = at.map_or("none", |at| {
        text[at..].split('.').next().unwrap_or_default()
    });
    format!("Note {note}, card [CARD_1].")
}

/// One turn of a call: its system writes a note, and the caller speaks. Says whether the model
/// knew the note.
fn take_turn(balancer: &Balancer, call: usize, number: usize, messages: &mut Vec<Value>) -> bool {
    let note = format!("{{\"note\":\"note-{call}-{number}.\"}}");
    let path = format!("/context/call/c-{call}");
    let (status, text) = balancer.ask("PATCH", &path, note.as_bytes());
    assert!(matches!(status, 200 | 201), "{text}");
    let card = format!("4111 1111 1111 1111, line {number}");
    messages.push(json!({ "role": "user", "content": card }));
    let fields = json!({ "call": { "id": format!("c-{call}") }, "messages": messages });
    let (status, text) = balancer.ask("POST", CHAT, &with(&turn(""), fields));
    assert_eq!(status, 200);
    let heard = Reply::read(&text).heard();
    let (note, card) = heard.split_once(',').expect("both");
    assert_eq!(card, " card 4111 1111 1111 1111.");
    let note = note.strip_prefix("Note ").expect("a note");
    let own = note == "none" || note.starts_with(&format!("{call}-"));
    assert!(own, "a note of call {call}: {note}");
    let is_known = note == format!("{call}-{number}");
    messages.push(json!({ "role": "assistant", "content": heard }));
    is_known
}

#[test]
fn r29_calls_go_on_turn_by_turn_over_three_replicas_of_which_one_is_killed() {
    let Some(server) = Server::start() else {
        return;
    };
    let upstream = Upstream::start(|request, _| {
        let text = model(request);
        let (one, other) = text.split_at(text.len() / 2);
        saying(&[one, other])
    });
    let redact = "about = \"Cards stay here.\"\n[then.redact]\nfind = [\"card\"]\n";
    let setup = replica(&upstream, &server).rule("20-redact", redact);
    let mut replicas = [0; 3].map(|_| Aside::serve(&setup));
    let balancer = Balancer {
        addresses: replicas.iter().map(|replica| replica.address).collect(),
        next: AtomicUsize::new(0),
        retries: AtomicUsize::new(0),
    };
    let calls: Vec<Mutex<Vec<Value>>> = (0..CALLS).map(|_| Mutex::new(Vec::new())).collect();
    let (next, late) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for caller in 0..CALLERS {
            let (balancer, calls, next, late) = (&balancer, &calls, &next, &late);
            scope.spawn(move || {
                for number in 0..TURNS {
                    for (call, messages) in calls.iter().enumerate().skip(caller).step_by(CALLERS) {
                        let mut messages = messages.lock().expect("no turn failed");
                        let is_known = take_turn(balancer, call, number, &mut messages);
                        late.fetch_add(usize::from(!is_known), Ordering::Relaxed);
                        next.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
        // In the middle of it.
        let began = Instant::now();
        while next.load(Ordering::Relaxed) < CALLS * TURNS / 3 {
            assert!(began.elapsed() < DEADLINE, "the calls go on");
            thread::sleep(Duration::from_millis(1));
        }
        replicas[1].program().signal("KILL");
        replicas[1].program().ended();
    });
    assert_eq!(next.load(Ordering::Relaxed), CALLS * TURNS, "every turn");
    assert!(
        balancer.retries.load(Ordering::Relaxed) > 0,
        "one was killed"
    );
    // A machine that is busy may miss the deadline for the store; the turn's step says so.
    let (late, missed) = (late.into_inner(), missed(&mut replicas));
    assert!(
        late <= missed,
        "{late} old notes, {missed} deadlines missed"
    );
    assert!(late < CALLS * TURNS / 4, "{late} old notes");
    for number in 0..upstream.count() {
        assert!(!upstream.request(number).text().contains("4111"));
    }
}
