//! The end of the server: streams under way are served whole.

use std::time::{Duration, Instant};

use crate::aside::{Aside, Setup, config};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{APOLOGY, CHAT, Reply, saying, says, stop, stream_head, turn};
use crate::{DEADLINE, figure};

/// So many streams are under way.
const STREAMS: usize = 200;

fn waiting() -> Upstream {
    Upstream::playing(vec![
        stream_head(),
        says("One. "),
        ScriptStep::Wait(1),
        says("Two."),
        stop(),
        ScriptStep::EndChunks,
    ])
}

#[test]
fn r26_streams_under_way_end_whole_after_a_signal() {
    for name in ["TERM", "INT"] {
        let upstream = waiting();
        let mut aside = Aside::with_route(&upstream, "stall = \"15s\"");
        let mut idle: Vec<_> = (0..50).map(|_| aside.client()).collect();
        for client in &mut idle {
            assert_eq!(client.get("/readyz", &[]).status, 200);
        }
        let mut clients: Vec<_> = (0..STREAMS)
            .map(|_| {
                let mut client = aside.client();
                client.send("POST", CHAT, &[], &turn(&"long words ".repeat(1500)));
                client.head();
                let so_far = client.read_until("One. ");
                (client, so_far)
            })
            .collect();
        aside.program().signal(name);
        aside.program().wait_for("ending");
        assert_eq!(aside.client().get("/readyz", &[]).status, 503);
        assert_eq!(aside.client().get("/healthz", &[]).status, 200);

        upstream.open(1);
        for (client, so_far) in &mut clients {
            let reply = Reply::read(&(so_far.clone() + &client.rest()));
            assert_eq!(reply.heard(), "One. Two.");
        }
        let began = Instant::now();
        assert_eq!(aside.program().ended().code(), Some(0));
        let took = began.elapsed();
        figure(
            "R26",
            &format!("SIG{name} with {STREAMS} streams: from the last one's end to exit"),
            &format!("{} ms", took.as_millis()),
        );
        assert!(took < Duration::from_secs(4), "{took:?}");
        assert!(idle.iter_mut().all(|client| client.is_closed()));
    }
}

#[test]
fn r26_an_idle_server_ends_at_once() {
    let upstream = waiting();
    let mut aside = Aside::before(&upstream);
    let mut idle = aside.client();
    assert_eq!(idle.get("/readyz", &[]).status, 200);
    let began = Instant::now();
    aside.program().signal("TERM");
    assert_eq!(aside.program().ended().code(), Some(0));
    let took = began.elapsed();
    figure("R26", "an idle server", &format!("{} ms", took.as_millis()));
    assert!(took < Duration::from_secs(4), "{took:?}");
}

#[test]
fn r26_a_second_signal_ends_at_once() {
    let upstream = waiting();
    let mut aside = Aside::with_route(&upstream, "stall = \"15s\"");
    let mut client = aside.client();
    client.send("POST", CHAT, &[], &turn("Hi."));
    client.head();
    client.read_until("One. ");
    aside.program().signal("TERM");
    aside.program().wait_for("ending");
    let began = Instant::now();
    aside.program().signal("TERM");
    aside.program().ended();
    let took = began.elapsed();
    figure(
        "R26",
        "a second signal",
        &format!("{} ms", took.as_millis()),
    );
    assert!(took < Duration::from_secs(2), "{took:?}");
    upstream.gone(0);
}

#[test]
fn r26_new_turns_are_served_until_the_last_stream_ends() {
    let upstream = Upstream::start(|request, _| match request.text().contains("wait") {
        true => vec![
            stream_head(),
            says("One. "),
            ScriptStep::Wait(1),
            says("Two."),
            stop(),
            ScriptStep::EndChunks,
        ],
        false => saying(&["Three."]),
    });
    let mut aside = Aside::with_route(&upstream, "stall = \"15s\"");
    let mut client = aside.client();
    client.send("POST", CHAT, &[], &turn("wait"));
    client.head();
    let so_far = client.read_until("One. ");
    let mut idle = aside.client();
    assert_eq!(idle.get("/readyz", &[]).status, 200);
    aside.program().signal("TERM");
    let began = Instant::now();
    while idle.get("/readyz", &[]).status != 503 {
        assert!(began.elapsed() < DEADLINE, "it never said that it ends");
    }
    eprintln!("it said that it ends after {:?}", began.elapsed());
    for connection in [&mut idle, &mut aside.client()] {
        let reply = connection.post(CHAT, &[], &turn("Hi."));
        assert_eq!(Reply::read(&reply.text()).heard(), "Three.");
    }
    upstream.open(1);
    let reply = Reply::read(&(so_far + &client.rest()));
    assert_eq!(reply.heard(), "One. Two.");
    assert_eq!(aside.program().ended().code(), Some(0));
}

#[test]
fn r26_streams_that_take_too_long_end_with_the_apology() {
    let upstream = Upstream::start(|request, _| match request.text().contains("whole") {
        true => vec![ScriptStep::Hang],
        false => vec![stream_head(), says("One."), ScriptStep::Hang],
    });
    let route = "first_token = \"18s\"\nstall = \"18s\"";
    let config = format!("drain = \"300ms\"\n{}", config(&upstream, route));
    let mut aside = Aside::serve(&Setup::with_config(&config));
    let mut clients: Vec<_> = (0..20)
        .map(|_| {
            let mut client = aside.client();
            client.send("POST", CHAT, &[], &turn("Hi."));
            client.head();
            let so_far = client.read_until("One.");
            (client, so_far)
        })
        .collect();
    let mut waiting = aside.client();
    waiting.send("POST", CHAT, &[], &turn("whole"));
    upstream.request(20);
    let began = Instant::now();
    aside.program().signal("TERM");
    for (client, so_far) in &mut clients {
        let reply = Reply::read(&(so_far.clone() + &client.rest()));
        assert_eq!(reply.heard(), format!("One. {APOLOGY}"));
        assert_eq!(reply.finishes(0), ["stop"]);
    }
    let reply = Reply::read(&waiting.answer().text());
    assert_eq!(reply.heard(), APOLOGY);
    assert_eq!(aside.program().ended().code(), Some(0));
    let took = began.elapsed();
    eprintln!("it ended {took:?} after the signal, of which it waited 300 ms");
    assert!(took < Duration::from_secs(6), "{took:?}");
}
