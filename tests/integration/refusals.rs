//! Upstreams that answer, but not with what was asked for: errors, pauses, other formats.

use serde_json::json;

use crate::aside::{Aside, Setup, config};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{
    APOLOGY, CHAT, Reply, completion, frame, saying, says, stop, stream_head, streaming, turn,
    whole, with,
};

const STREAM: &str = "content-type: text/event-stream\r\n";

/// Before two upstreams, the second healthy.
fn pair(first: &Upstream, second: &Upstream) -> Aside {
    Aside::serve(&Setup::with_config(&format!(
        "[upstream.first]\nurl = \"{}\"\n[upstream.second]\nurl = \"{}\"\n[route.default]\nupstreams = [\"first\", \"second\"]\n",
        first.url(),
        second.url()
    )))
}

fn heard(aside: &Aside) -> String {
    let answer = aside.client().post(CHAT, &[], &turn("Hi."));
    Reply::read(&answer.text()).heard()
}

/// What `text` is in gzip: stored, not squeezed.
fn gzip(text: &[u8]) -> Vec<u8> {
    let length = u16::try_from(text.len()).expect("it is short");
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1];
    out.extend(length.to_le_bytes());
    out.extend((!length).to_le_bytes());
    out.extend(text);
    out.extend([0; 8]);
    out
}

fn with_body(headers: &str, body: &[u8]) -> Vec<ScriptStep> {
    let length = body.len();
    let mut answer =
        format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n{headers}\r\n").into_bytes();
    answer.extend(body);
    vec![ScriptStep::Send(answer)]
}

#[test]
fn r14_compressed_answers_are_refused_streamed_or_whole() {
    let ScriptStep::Chunk(end) = stop() else {
        panic!("the end is a chunk")
    };
    let stream = [frame(json!({ "content": "Hello." })), end].concat();
    let squeezed = gzip(&stream);
    for (name, headers) in [
        ("gzip", "content-encoding: gzip\r\n"),
        ("br", "content-encoding: br\r\n"),
        ("deflate", "content-encoding: deflate\r\n"),
        ("two codings", "content-encoding: identity, gzip\r\n"),
        ("gzip that nobody names", ""),
    ] {
        for is_stream in [true, false] {
            let kind = if is_stream {
                STREAM
            } else {
                "content-type: application/json\r\n"
            };
            let first = Upstream::playing(with_body(&format!("{kind}{headers}"), &squeezed));
            let body = with(&turn("Hi."), json!({ "stream": is_stream }));
            let aside = Aside::with_route(&first, "on_error = \"status\"");
            let answer = aside.client().post(CHAT, &[], &body);
            answer.error(502);
            assert_eq!(answer.json()["error"]["code"], "upstream_failed", "{name}");

            let second = Upstream::playing(match is_stream {
                true => saying(&["Second here."]),
                false => completion("Second here."),
            });
            let answer = pair(&first, &second).client().post(CHAT, &[], &body);
            assert!(
                answer.text().contains("Second here."),
                "{name}: {}",
                answer.text()
            );
            assert!(!answer.text().contains("Hello."), "{name}");
            let asked = first.request(0);
            assert_eq!(asked.header("accept-encoding"), ["identity"]);
        }
    }
}

#[test]
fn r14_what_a_stream_calls_itself_does_not_count() {
    let ScriptStep::Chunk(end) = stop() else {
        panic!("the end is a chunk")
    };
    let stream = [frame(json!({ "content": "Hello." })), end].concat();
    for kind in [
        "text/event-stream",
        "text/event-stream; charset=utf-8",
        "TEXT/EVENT-STREAM",
        "text/plain",
        "application/octet-stream",
        "",
        "application/json",
        "Application/JSON; charset=utf-8",
        "text/html; charset=utf-8",
    ] {
        let header = match kind {
            "" => String::new(),
            kind => format!("content-type: {kind}\r\n"),
        };
        let upstream = Upstream::playing(with_body(&header, &stream));
        let aside = Aside::before(&upstream);
        assert_eq!(heard(&aside), "Hello.", "`{kind}`");
    }
}

/// A time so many seconds from now, as HTTP writes it.
fn http_date(seconds: i64) -> String {
    let at = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[test]
fn r16_a_retry_after_is_passed_on_as_it_came_and_nothing_is_asked_twice() {
    for (status, after) in [
        ("429 Slow", "7".to_owned()),
        ("429 Slow", http_date(30)),
        ("503 Busy", "120".to_owned()),
        ("529 Overloaded", "2".to_owned()),
        ("429 Slow", "soon".to_owned()),
    ] {
        let upstream = Upstream::playing(whole(status, &format!("retry-after: {after}\r\n"), ""));
        let aside = Aside::with_route(&upstream, "on_error = \"status\"");
        for number in 1..=3 {
            let answer = aside.client().post(CHAT, &[], &turn("Hi."));
            answer.error(status[..3].parse().expect("a status"));
            assert_eq!(answer.header("retry-after"), Some(after.as_str()));
            assert_eq!(upstream.count(), number, "{status}: each turn asks once");
        }
    }
}

#[test]
fn r16_an_upstream_that_asks_for_a_pause_gets_it() {
    for after in ["60".to_owned(), http_date(60)] {
        let first = Upstream::playing(whole("429 Slow", &format!("retry-after: {after}\r\n"), ""));
        let second = Upstream::playing(saying(&["Second here."]));
        let aside = pair(&first, &second);
        for _ in 0..4 {
            assert_eq!(heard(&aside), "Second here.", "{after}");
        }
        assert_eq!(first.count(), 1, "{after}");
    }
}

#[test]
fn r16_a_burst_of_errors_is_over_when_it_is_over() {
    for status in [
        "500 Oops",
        "502 Bad",
        "503 Busy",
        "504 Late",
        "529 Overloaded",
    ] {
        let upstream = Upstream::start(move |_, number| match number {
            0..4 => whole(status, "", ""),
            _ => saying(&["Here again."]),
        });
        let aside = Aside::serve(&Setup::with_config(&config(&upstream, "")));
        let heard: Vec<String> = (0..6).map(|_| heard(&aside)).collect();
        assert_eq!(heard[..4], [APOLOGY; 4], "{status}");
        assert_eq!(heard[4..], ["Here again."; 2], "{status}");
        assert_eq!(upstream.count(), 6, "{status}: each turn asks once");
    }
}

#[test]
fn a_key_that_a_server_repeats_is_told_to_nobody() {
    const KEY: &str = "sk-SECRETKEYofthehouse";
    let body = json!({ "error": { "message": KEY, "code": KEY, "type": format!("key_{KEY}"), "param": &KEY[3..] } });
    let event = format!("data: {body}\n\n");
    for steps in [
        whole(
            "401 Unauthorized",
            "content-type: application/json\r\n",
            &body.to_string(),
        ),
        whole(
            "400 Bad Request",
            "content-type: application/json\r\n",
            &body.to_string(),
        ),
        streaming([event.as_bytes()]),
        vec![
            stream_head(),
            says("Hello"),
            ScriptStep::Chunk(event.clone().into_bytes()),
        ],
    ] {
        let upstream = Upstream::playing(steps);
        let url = upstream.url();
        let aside = Aside::serve(&Setup::with_config(&format!(
            "[upstream.own]\nurl = \"{url}\"\nkey = \"{KEY}\"\n[route.default]\nupstreams = [\"own\"]\non_error = \"status\"\n"
        )).env("ASIDE_LOG", "trace"));
        let answer = aside.client().post(CHAT, &[], &turn("Hi.")).text();
        let told = answer + &aside.printed();
        assert!(!told.contains("SECRETKEY"), "{told}");
    }
}
