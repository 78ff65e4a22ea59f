//! The stores behind the context API and in turns: what was written is seen, and a store that is
//! away, slow or full of yesterday's data never silences a turn.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::DEADLINE;
use crate::aside::{Aside, Setup};
use crate::client::Client;
use crate::context::ask;
use crate::context_turns::{echo, see, see_call, showing};
use crate::redis::Server;
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{CHAT, Reply, saying, says, stream_head, turn, with};

/// A turn whose store is away takes less than this, by far.
const SOON: Duration = Duration::from_secs(2);

/// The lines of the config that name a store.
fn store(name: &str) -> String {
    format!("[context]\nstore = \"{name}\"\n")
}

/// The store of a server.
pub(crate) fn redis(server: &Server) -> String {
    store(&format!("redis://127.0.0.1:{}", server.port))
}

fn put(client: &mut Client, call: &str, body: &str) -> u16 {
    ask(client, "PUT", &format!("/context/call/{call}"), body).status
}

/// Asks until it holds, for a while.
fn soon(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < DEADLINE, "waited too long for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn nothing(seen: &Value) -> bool {
    seen.is_null() || seen.as_object().is_some_and(serde_json::Map::is_empty)
}

/// Each of several writers writes its call's object and its part of everybody's, over and over,
/// and after each write looks with a turn on another connection.
fn reads_its_own_writes(store: &str, steps: usize) {
    let upstream = echo();
    let aside = Aside::serve(&showing(&upstream, store));
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let aside = &aside;
            scope.spawn(move || {
                // Connections are spread over the workers.
                let mut writes: Vec<_> = (0..2).map(|_| aside.client()).collect();
                let mut turns: Vec<_> = (0..3).map(|_| aside.client()).collect();
                let (call, own) = (format!("c-{writer}"), format!("w-{writer}"));
                for step in 1..=steps {
                    let client = &mut writes[step % 2];
                    let long = step.to_string().repeat(50);
                    let body = json!({ "step": step, "long": long }).to_string();
                    assert!(matches!(put(client, &call, &body), 200 | 201));
                    let part = format!("{{\"{own}\":{step}}}");
                    let patched = ask(client, "PATCH", "/context/global/all", &part);
                    assert!(matches!(patched.status, 200 | 201), "{}", patched.text());
                    let fields = json!({ "call": { "id": call } });
                    let seen = see(&mut turns[step % 3], &fields);
                    assert_eq!(seen["call"], json!({ "step": step, "long": long }));
                    assert_eq!(seen["global"][&own], step, "its part");
                }
            });
        }
    });
}

#[test]
fn r36_a_turn_sees_every_write_before_it_in_memory() {
    reads_its_own_writes(&store("memory"), 250);
}

#[test]
fn r36_a_turn_sees_every_write_before_it_in_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("aside.redb");
    reads_its_own_writes(&store(&format!("file:{}", path.display())), 100);
}

#[test]
fn r36_a_turn_sees_every_write_before_it_in_redis() {
    let Some(server) = Server::start() else {
        return;
    };
    reads_its_own_writes(&redis(&server), 250);
}

#[test]
fn r38_a_file_outlives_a_program_that_is_killed_in_a_call() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("aside.redb");
    let upstream = Upstream::start(|_, number| match number {
        0 => saying(&["Noted [CARD_1]."]),
        1 => vec![stream_head(), says("One moment, "), ScriptStep::Hang],
        _ => saying(&["Charging [CARD_1] for [CARD_2]."]),
    });
    let redact = "about = \"Cards stay here.\"\n[then.redact]\nfind = [\"card\"]\n";
    let setup =
        showing(&upstream, &store(&format!("file:{}", path.display()))).rule("20-redact", redact);
    let mut messages = vec![
        json!({ "role": "system", "content": "Be brief." }),
        json!({ "role": "user", "content": "Card 4111 1111 1111 1111." }),
    ];
    let body = |messages: &[Value]| {
        let more = json!({ "messages": messages, "call": { "id": "c-1" } });
        with(&turn(""), more)
    };
    let mut aside = Aside::serve(&setup);
    let mut client = aside.client();
    let note = r#"{"note":"of 5500 0000 0000 0004"}"#;
    assert_eq!(put(&mut client, "c-1", note), 201);
    let reply = client.post(CHAT, &[], &body(&messages)).text();
    assert_eq!(Reply::read(&reply).heard(), "Noted 4111 1111 1111 1111.");
    messages.push(json!({ "role": "assistant", "content": "Noted 4111 1111 1111 1111." }));
    messages.push(json!({ "role": "user", "content": "Charge 4111 1111 1111 1111." }));
    client.send("POST", CHAT, &[], &body(&messages));
    client.head();
    client.read_until("moment");
    let mut writing = aside.client();
    let patched = ask(&mut writing, "PATCH", "/context/call/c-1", r#"{"last":1}"#);
    assert_eq!(patched.status, 200);
    aside.program().signal("KILL");
    aside.program().ended();

    let aside = Aside::serve(&setup);
    let mut client = aside.client();
    let kept = ask(&mut client, "GET", "/context/call/c-1", "");
    assert_eq!(kept.header("etag"), patched.header("etag"));
    assert_eq!(kept.body, patched.body);
    // Vapi asks again, as if nothing had been said.
    let reply = client.post(CHAT, &[], &body(&messages)).text();
    assert_eq!(
        Reply::read(&reply).heard(),
        "Charging 4111 1111 1111 1111 for 5500 0000 0000 0004."
    );
    let after = upstream.request(2).text();
    assert!(after.contains("last") && !after.contains("4111") && !after.contains("5500"));
    let spoken = |number| {
        let mut messages = upstream.request(number).json()["messages"].take();
        let messages = messages.as_array_mut().expect("messages");
        messages.retain(|message| !message.to_string().contains("context: "));
        messages.clone()
    };
    assert_eq!(spoken(1).len(), 4);
    assert_eq!(spoken(1), spoken(2), "the same placeholders");
}

#[test]
fn r29_a_turn_goes_on_while_redis_is_stopped() {
    let Some(server) = Server::start() else {
        return;
    };
    let upstream = echo();
    let setup = showing(&upstream, &redis(&server)).env("ASIDE_LOG", "debug");
    let mut aside = Aside::serve(&setup);
    let mut client = aside.client();
    assert_eq!(put(&mut client, "c-1", "{\"note\":1}"), 201);
    assert_eq!(see_call(&mut client, "c-1")["note"], 1);
    assert!(!aside.program().printed().contains("last known"));
    server.signal("STOP");
    // At first the server is slow; after a second the connection counts as dead.
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(3) {
        for call in ["c-1", "c-2"] {
            let asked = Instant::now();
            let seen = see_call(&mut client, call);
            assert!(asked.elapsed() < SOON, "{:?}", asked.elapsed());
            match call {
                "c-1" => assert_eq!(seen["note"], 1, "the last known"),
                _ => assert!(nothing(&seen), "{seen}"),
            }
        }
    }
    let is_step = |line: &&str| line.contains("the rule was passed") && line.contains("10-show");
    let printed = aside.program().printed();
    let mut steps = printed.lines().filter(is_step);
    assert!(
        steps.any(|line| line.contains("did not answer within 20 ms")),
        "{printed}"
    );
    assert!(printed.contains("the context store is away"), "{printed}");
    let asked = Instant::now();
    let answer = ask(&mut client, "PUT", "/context/call/c-1", "{\"note\":2}");
    answer.error(503);
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert!(asked.elapsed() < 5 * SOON);

    server.signal("CONT");
    soon("a write", || put(&mut client, "c-1", "{\"note\":3}") < 300);
    soon("the turn that sees it", || {
        see_call(&mut client, "c-1")["note"] == 3
    });
    aside.program().wait_for("the context store is back");
}

#[test]
fn r29_a_turn_goes_on_while_redis_is_dead_and_sees_it_when_it_is_back() {
    let Some(mut server) = Server::start() else {
        return;
    };
    server.kill();
    let upstream = echo();
    let setup = showing(&upstream, &redis(&server)).env("ASIDE_LOG", "debug");
    let mut aside = Aside::serve(&setup);
    let mut client = aside.client();
    let asked = Instant::now();
    assert!(nothing(&see_call(&mut client, "c-1")));
    assert!(asked.elapsed() < SOON);
    let answer = ask(&mut client, "GET", "/context/call/c-1", "");
    answer.error(503);
    for _ in 0..2 {
        server.revive();
        soon("a write", || put(&mut client, "c-1", "{\"note\":1}") < 300);
        soon("the turn", || see_call(&mut client, "c-1")["note"] == 1);
        server.kill();
        for (call, known) in [("c-1", json!(1)), ("c-2", Value::Null)] {
            let asked = Instant::now();
            assert_eq!(see_call(&mut client, call)["note"], known, "{call}");
            assert!(asked.elapsed() < SOON);
        }
    }
    // What a server that kept nothing lost is not there any more.
    server.revive();
    soon("a turn without it", || {
        nothing(&see_call(&mut client, "c-1"))
    });
    aside.program().wait_for("takes no connection");
}

#[test]
fn a_store_that_can_not_be_is_told_in_plain_words() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let with_store = |text: &str| showing(&upstream, &store(text));
    for (text, words) in [
        ("memroy", "this is no store"),
        ("file:", "names no file"),
        ("redis://:hunter2@127.0.0.1:70000", "a port is a number"),
        ("redis://:hunter2@a,b", "redis+cluster"),
        ("http://hunter2", "this is no store"),
    ] {
        let setup = with_store(text);
        for finished in [
            setup.run(&["check"], ""),
            setup.run(&["serve", "--listen", "127.0.0.1:0"], ""),
        ] {
            let told = finished.stderr;
            assert_eq!(finished.code, Some(1), "{text}: {told}");
            assert!(
                told.contains("error: aside.toml:") && told.contains(words),
                "{told}"
            );
            assert!(!told.contains("hunter2"), "{told}");
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    let nowhere = format!("file:{}/nowhere/aside.redb", folder.path().display());
    let told = with_store(&nowhere)
        .run(&["serve", "--listen", "127.0.0.1:0"], "")
        .stderr;
    assert!(
        told.contains("error: aside.toml:") && told.contains("nowhere"),
        "{told}"
    );

    let shared = with_store(&format!("file:{}/aside.redb", folder.path().display()));
    let _owner = Aside::serve(&shared);
    let finished = shared.run(&["serve", "--listen", "127.0.0.1:0"], "");
    assert_eq!(finished.code, Some(1));
    assert!(
        finished.stderr.contains("in use by another process"),
        "{}",
        finished.stderr
    );
    // To check a config changes nothing and needs nothing, also beside the one that runs.
    let finished = shared.run(&["check"], "");
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
}

/// A program on the store of a server, before this upstream.
pub(crate) fn replica(upstream: &Upstream, server: &Server) -> Setup {
    showing(upstream, &redis(server)).env("ASIDE_LOG", "debug")
}

/// How many steps say that the store missed a turn's deadline.
pub(crate) fn missed(replicas: &mut [Aside]) -> usize {
    let printed = replicas
        .iter_mut()
        .map(|replica| replica.program().printed());
    let counts = printed.map(|printed| printed.matches("did not answer within 20 ms").count());
    counts.sum()
}

#[test]
fn r36_a_write_on_one_replica_is_seen_by_the_next_turn_on_another() {
    let Some(server) = Server::start() else {
        return;
    };
    let upstream = echo();
    let mut replicas = [0, 1].map(|_| Aside::serve(&replica(&upstream, &server)));
    let mut clients = [&replicas[0], &replicas[1]].map(Aside::client);
    let mut late = 0;
    for step in 1..=200 {
        let [writing, reading] = [step % 2, (step + 1) % 2];
        let body = format!("{{\"step\":{step}}}");
        assert!(matches!(
            put(&mut clients[writing], "c-1", &body),
            200 | 201
        ));
        let seen = see_call(&mut clients[reading], "c-1");
        late += usize::from(seen["step"] != step);
    }
    // A machine that is busy may miss the deadline of 20 ms; the turn's step says so.
    let missed = missed(&mut replicas);
    assert!(
        late <= missed && late < 100,
        "{late} old values, {missed} deadlines missed"
    );
}
