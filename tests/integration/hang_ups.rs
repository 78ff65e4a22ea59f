//! Callers who hang up, and newer turns of a call: the older upstream request ends.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::aside::{Aside, Setup, config};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{APOLOGY, CHAT, Reply, saying, says, stop, stream_head, turn, turn_of, with};
use crate::{figure, spread, times};

/// The contract says 200 ms; shared machines get more.
const AT_ONCE: Duration = Duration::from_secs(2);

const PATIENT: &str = "first_token = \"15s\"\nstall = \"15s\"";

/// Checks that the upstream's peer went at once.
pub(crate) fn assert_at_once(what: &str, began: Instant, gone: Instant) {
    let took = gone.saturating_duration_since(began);
    eprintln!("{what}: the upstream saw it after {took:?}");
    assert!(took < AT_ONCE, "{what}: {took:?}");
}

#[test]
fn r01_a_hang_up_ends_the_upstream_request() {
    let upstream = Upstream::playing(vec![stream_head(), says("One."), ScriptStep::Hang]);
    let aside = Aside::with_route(&upstream, PATIENT);
    let mut ends = Vec::new();
    for number in 0..times(5, 200) {
        let mut client = aside.client();
        client.send("POST", CHAT, &[], &turn("Hi."));
        client.head();
        client.read_until("One.");
        let began = Instant::now();
        drop(client);
        let gone = upstream.gone(number);
        assert_at_once("mid-stream", began, gone);
        ends.push(gone.saturating_duration_since(began));
    }
    figure(
        "R01",
        "hang-up in mid-stream, until the upstream sees it",
        &spread(ends),
    );
}

#[test]
fn r01_an_upstream_writes_hardly_anything_after_a_hang_up() {
    let word = Duration::from_millis(20);
    let mut steps = vec![stream_head()];
    steps.extend((0..500).flat_map(|_| [says("word"), ScriptStep::Pause(word)]));
    let upstream = Upstream::playing(steps);
    let aside = Aside::with_route(&upstream, PATIENT);
    let length = |step: &ScriptStep| match step {
        ScriptStep::Chunk(bytes) => bytes.len(),
        _ => 0,
    };
    for number in 0..times(3, 50) {
        let mut client = aside.client();
        client.send("POST", CHAT, &[], &turn("Hi."));
        client.head();
        for _ in 0..10 {
            client.read_until("word");
        }
        let before = upstream.sent(number);
        drop(client);
        upstream.gone(number);
        let after = upstream.sent(number) - before;
        // The contract says two; shared machines get more.
        assert!(after < 20 * (length(&says("word")) + 8), "{after} bytes");
    }
}

#[test]
fn r01_a_hang_up_while_the_upstream_writes_ends_it_too() {
    let mut steps = vec![stream_head(), says("One."), ScriptStep::Wait(1)];
    steps.extend((0..100_000).map(|_| says("More and more words without an end.")));
    let upstream = Upstream::playing(steps);
    let aside = Aside::with_route(&upstream, PATIENT);
    let mut client = aside.client();
    client.send("POST", CHAT, &[], &turn("Hi."));
    client.head();
    client.read_until("One.");
    let began = Instant::now();
    upstream.open(1);
    drop(client);
    assert_at_once("while it writes", began, upstream.gone(0));
}

#[test]
fn r02_a_hang_up_before_the_first_token_ends_the_upstream_request() {
    for (what, steps) in [
        (
            "before the first token",
            vec![stream_head(), ScriptStep::Hang],
        ),
        ("before the upstream's head", vec![ScriptStep::Hang]),
    ] {
        let mut ends = Vec::new();
        for stream in [true, false] {
            let upstream = Upstream::playing(steps.clone());
            let aside = Aside::with_route(&upstream, PATIENT);
            let body = with(&turn("Hi."), json!({ "stream": stream }));
            for number in 0..times(3, 100) {
                let mut client = aside.client();
                client.send("POST", CHAT, &[], &body);
                upstream.request(number);
                let began = Instant::now();
                drop(client);
                let gone = upstream.gone(number);
                assert_at_once(what, began, gone);
                ends.push(gone.saturating_duration_since(began));
            }
        }
        figure("R02", &format!("hang-up {what}"), &spread(ends));
    }
}

#[test]
fn r03_a_hang_up_during_the_upload_reaches_nobody() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::with_route(&upstream, PATIENT);
    let body = turn("Hi.");
    for _ in 0..times(20, 100) {
        let mut client = aside.client();
        let head = format!(
            "POST {CHAT} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        client.write(head.as_bytes());
        client.write(&body[..body.len() / 2]);
    }
    assert_eq!(aside.client().post(CHAT, &[], &body).status, 200);
    assert_eq!(upstream.count(), 1);
}

#[test]
fn a_newer_turn_of_the_call_ends_the_older_one() {
    for text in ["Hi. There.", "Hi."] {
        let upstream = Upstream::start(|_, number| match number {
            0 => vec![stream_head(), says("Old"), ScriptStep::Hang],
            _ => saying(&["New."]),
        });
        let aside = Aside::with_route(&upstream, PATIENT);
        let mut older = aside.client();
        older.send("POST", CHAT, &[], &turn_of("call-1", "Hi."));
        older.head();
        let mut body = older.read_until("Old");
        let began = Instant::now();
        let newer = aside.client().post(CHAT, &[], &turn_of("call-1", text));
        assert_eq!(Reply::read(&newer.text()).heard(), "New.");
        body += &older.rest();
        let reply = Reply::read(&body);
        assert_eq!(reply.heard(), "Old", "no apology");
        assert_eq!(reply.finishes(0), ["stop"]);
        assert_at_once("a newer turn", began, upstream.gone(0));
        assert_eq!(upstream.count(), 2, "nothing is asked again");
    }
}

#[test]
fn a_newer_turn_ends_one_that_was_still_waiting() {
    for (what, steps) in [
        ("the head", vec![ScriptStep::Hang]),
        ("the first token", vec![stream_head(), ScriptStep::Hang]),
    ] {
        for stream in [true, false] {
            let first = steps.clone();
            let upstream = Upstream::start(move |_, number| match number {
                0 => first.clone(),
                _ => saying(&["New."]),
            });
            let aside = Aside::with_route(&upstream, PATIENT);
            let mut older = aside.client();
            let body = with(&turn_of("call-1", "Hi."), json!({ "stream": stream }));
            older.send("POST", CHAT, &[], &body);
            upstream.request(0);
            let began = Instant::now();
            let newer = aside
                .client()
                .post(CHAT, &[], &turn_of("call-1", "Hi there."));
            assert_eq!(Reply::read(&newer.text()).heard(), "New.");
            let answer = older.answer();
            assert_eq!(answer.status, 200);
            if stream {
                let reply = Reply::read(&answer.text());
                assert_eq!(reply.heard(), "", "no apology");
            } else {
                let json = answer.json();
                assert_eq!(json["object"], "chat.completion", "one JSON object");
                assert!(!answer.text().contains(APOLOGY));
            }
            assert_at_once(what, began, upstream.gone(0));
        }
    }
}

#[test]
fn turns_of_other_calls_and_of_none_go_on() {
    let steps = vec![
        stream_head(),
        says("One."),
        ScriptStep::Wait(1),
        stop(),
        ScriptStep::EndChunks,
    ];
    let upstream = Upstream::playing(steps);
    let aside = Aside::with_route(&upstream, PATIENT);
    let bodies = [
        turn_of("call-1", "Hi."),
        turn_of("call-2", "Hi."),
        turn("Hi."),
        turn("Hi."),
        with(&turn("Hi."), json!({ "call": { "callId": "call-3" } })),
    ];
    let mut clients: Vec<_> = bodies
        .iter()
        .map(|body| {
            let mut client = aside.client();
            client.send("POST", CHAT, &[], body);
            client.head();
            let so_far = client.read_until("One.");
            (client, so_far)
        })
        .collect();
    upstream.open(1);
    for (client, so_far) in &mut clients {
        let reply = Reply::read(&(so_far.clone() + &client.rest()));
        assert_eq!(reply.heard(), "One.");
    }
}

#[test]
fn a_call_is_known_by_its_header_too() {
    let upstream = Upstream::start(|_, number| match number {
        0 => vec![stream_head(), says("Old"), ScriptStep::Hang],
        _ => saying(&["New."]),
    });
    let aside = Aside::with_route(&upstream, PATIENT);
    let header = [("x-call-id", "call-7")];
    let mut older = aside.client();
    older.send("POST", CHAT, &header, &turn("Hi."));
    older.head();
    let body = older.read_until("Old");
    aside.client().post(CHAT, &header, &turn("Hi there."));
    assert_eq!(Reply::read(&(body + &older.rest())).heard(), "Old");
}

#[test]
fn six_growing_requests_of_one_turn_leave_one_answer() {
    let upstream = Upstream::start(|request, _| {
        if request.text().contains("five") {
            saying(&["The last."])
        } else {
            vec![ScriptStep::Hang]
        }
    });
    let aside = Aside::with_route(&upstream, PATIENT);
    let words = ["zero", "one", "two", "three", "four", "five"];
    let mut older = Vec::new();
    for (number, word) in words.iter().enumerate() {
        let mut client = aside.client();
        client.send(
            "POST",
            CHAT,
            &[],
            &turn_of("call-1", &words[..=number].join(" ")),
        );
        upstream.request(number);
        if *word == "five" {
            assert_eq!(Reply::read(&client.answer().text()).heard(), "The last.");
        } else {
            older.push(client);
        }
    }
    for (number, client) in older.iter_mut().enumerate() {
        assert_eq!(Reply::read(&client.answer().text()).heard(), "");
        upstream.gone(number);
    }
    assert_eq!(upstream.count(), 6);
}

#[test]
fn one_call_id_under_two_keys_is_two_calls() {
    let steps = vec![
        stream_head(),
        says("One."),
        ScriptStep::Wait(1),
        stop(),
        ScriptStep::EndChunks,
    ];
    let upstream = Upstream::playing(steps);
    let config = format!(
        "keys = [\"first-key\", \"second-key\"]\n{}",
        config(&upstream, PATIENT)
    );
    let aside = Aside::serve(&Setup::with_config(&config));
    let clients = ["first-key", "second-key"].map(|key| {
        let mut client = aside.client();
        client.send(
            "POST",
            CHAT,
            &[("authorization", key)],
            &turn_of("call-1", "Hi."),
        );
        client.head();
        let so_far = client.read_until("One.");
        (client, so_far)
    });
    upstream.open(1);
    for (mut client, so_far) in clients {
        assert_eq!(Reply::read(&(so_far + &client.rest())).heard(), "One.");
    }
}

#[test]
fn r01_a_hang_up_gives_its_place_back() {
    let upstream = Upstream::playing(vec![stream_head(), says("One."), ScriptStep::Hang]);
    let route = format!("{PATIENT}\non_error = \"status\"\n[limits]\nstreams = 1\n");
    let aside = Aside::with_route(&upstream, &route);
    for number in 0..5 {
        let began = Instant::now();
        let mut client = loop {
            let mut client = aside.client();
            client.send("POST", CHAT, &[], &turn("Hi."));
            if client.head().status == 200 {
                break client;
            }
            assert!(began.elapsed() < AT_ONCE, "the place was not given back");
        };
        client.read_until("One.");
        drop(client);
        upstream.gone(number);
    }
}
