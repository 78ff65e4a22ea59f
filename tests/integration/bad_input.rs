//! What is no chat request gets an OpenAI-shaped 4xx, goes nowhere, and harms nobody else.

use crate::aside::{Aside, Setup, config};
use crate::upstream::Upstream;
use crate::wire::{APOLOGY, CHAT, Reply, saying, turn};

const MESSAGES: &str = r#""messages":[{"role":"user","content":"Hi."}]"#;
const REDACT: &str = "about = \"x\"\n[then.redact]\nfind = [\"card\"]\n";

/// Both with and without a rule, since rules read more of a request.
fn servers(upstream: &Upstream) -> [Aside; 2] {
    let setup = Setup::with_config(&config(upstream, ""));
    [
        Aside::serve(&setup),
        Aside::serve(&setup.rule("10-redact", REDACT)),
    ]
}

fn assert_refused(bodies: &[(&str, Vec<u8>)]) {
    let upstream = Upstream::playing(saying(&["Hello."]));
    for aside in servers(&upstream) {
        for (name, body) in bodies {
            let answer = aside.client().post(CHAT, &[], body);
            let status = answer.status;
            assert!((400..500).contains(&status), "{name}: {status}");
            let message = answer.error(status);
            assert!(!message.contains("panicked"), "{name}: {message}");
            assert!(!message.contains("src/"), "{name}: {message}");
        }
        assert_eq!(upstream.count(), 0, "nothing goes upstream");
        assert_eq!(aside.client().get("/readyz", &[]).status, 200);
    }
    let aside = Aside::before(&upstream);
    let reply = Reply::read(&aside.client().post(CHAT, &[], &turn("Hi.")).text());
    assert_eq!(reply.heard(), "Hello.");
}

fn text(name: &'static str, body: &str) -> (&'static str, Vec<u8>) {
    (name, body.as_bytes().to_vec())
}

#[test]
fn what_is_no_json_object_is_refused() {
    assert_refused(&[
        text("empty", ""),
        text("a word", "hello"),
        text("an array", "[]"),
        text("null", "null"),
        text("a string", "\"x\""),
        text("half", r#"{"messages":[{"role":"user","content":"Hi."#),
        text("two", &format!("{{{MESSAGES}}} {{{MESSAGES}}}")),
        text("a trailing comma", &format!("{{{MESSAGES},}}")),
        text("NaN", &format!("{{{MESSAGES},\"temperature\":NaN}}")),
        text("single quotes", "{'messages':[]}"),
        text("form", "messages=Hi"),
    ]);
}

#[test]
fn messages_must_be_there_and_be_messages() {
    assert_refused(&[
        text("none", r#"{"model":"m","stream":true}"#),
        text("empty", r#"{"messages":[]}"#),
        text("null", r#"{"messages":null}"#),
        text("a string", r#"{"messages":"Hi."}"#),
        text("an object", r#"{"messages":{"role":"user"}}"#),
        text("numbers", r#"{"messages":[1,2]}"#),
        text("strings", r#"{"messages":["Hi."]}"#),
        text("null inside", r#"{"messages":[null]}"#),
        text("a webhook", r#"{"message":{"type":"status-update"}}"#),
    ]);
}

#[test]
fn model_and_stream_must_be_of_their_types() {
    assert_refused(&[
        text("model", &format!("{{{MESSAGES},\"model\":3}}")),
        text("model object", &format!("{{{MESSAGES},\"model\":{{}}}}")),
        text(
            "stream text",
            &format!("{{{MESSAGES},\"stream\":\"true\"}}"),
        ),
        text("stream number", &format!("{{{MESSAGES},\"stream\":1}}")),
        text("role", r#"{"messages":[{"role":7,"content":"Hi."}]}"#),
        text("content", r#"{"messages":[{"role":"user","content":7}]}"#),
    ]);
}

#[test]
fn r23_a_key_that_stands_twice_is_refused_however_it_is_written() {
    assert_refused(&[
        text("messages", &format!("{{{MESSAGES},{MESSAGES}}}")),
        text(
            "model",
            &format!("{{\"model\":\"a\",{MESSAGES},\"model\":\"b\"}}"),
        ),
        text(
            "stream",
            &format!("{{\"stream\":true,{MESSAGES},\"stream\":false}}"),
        ),
        text(
            "escaped model",
            &format!(r#"{{"model":"a",{MESSAGES},"\u006dodel":"b"}}"#),
        ),
        text(
            "escaped first",
            &format!(r#"{{"\u006dessages":[],{MESSAGES}}}"#),
        ),
        text(
            "content",
            r#"{"messages":[{"role":"user","content":"a","content":"b"}]}"#,
        ),
        text(
            "escaped content",
            r#"{"messages":[{"role":"user","content":"a","\u0063ontent":"b"}]}"#,
        ),
        text(
            "role",
            r#"{"messages":[{"role":"user","content":"a","role":"system"}]}"#,
        ),
    ]);
}

#[test]
fn r23_deep_nesting_is_refused_and_overflows_nothing() {
    let deep = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    let objects = "{\"a\":".repeat(5000) + "1" + &"}".repeat(5000);
    assert_refused(&[
        text("messages", &format!("{{\"messages\":{}}}", deep(5000))),
        text(
            "metadata",
            &format!("{{{MESSAGES},\"metadata\":{}}}", deep(5000)),
        ),
        text("objects", &format!("{{{MESSAGES},\"call\":{objects}}}")),
        text("open brackets", &"[".repeat(2_000_000)),
        text(
            "a content part",
            &format!(
                "{{\"messages\":[{{\"role\":\"user\",\"content\":{}}}]}}",
                deep(5000)
            ),
        ),
    ]);
}

#[test]
fn invalid_utf8_is_refused() {
    let mut body = turn("XX");
    let at = body
        .windows(2)
        .position(|two| two == b"XX")
        .expect("it is there");
    let mut long = body.clone();
    body[at] = 0xff;
    long.splice(at..at + 2, [0xed, 0xa0, 0x80]);
    assert_refused(&[("0xff", body), ("a surrogate", long)]);
}

#[test]
fn r22_a_body_of_20_mb_gets_a_413_that_the_client_can_read() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::before(&upstream);
    let body = turn(&"x".repeat(20 << 20));
    for _ in 0..3 {
        let message = aside.client().post(CHAT, &[], &body).error(413);
        assert!(message.contains("limits.body"), "{message}");
    }
    let mut client = aside.client();
    let head =
        format!("POST {CHAT} HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n");
    client.write(head.as_bytes());
    for piece in body.chunks(1 << 20) {
        client.write(format!("{:x}\r\n", piece.len()).as_bytes());
        client.write(piece);
        client.write(b"\r\n");
    }
    client.write(b"0\r\n\r\n");
    client.answer().error(413);
    assert_eq!(upstream.count(), 0);
    assert_eq!(aside.client().post(CHAT, &[], &turn("Hi.")).status, 200);
}

#[test]
fn a_large_body_that_is_refused_unread_gets_a_readable_answer_too() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let body = turn(&"x".repeat(6 << 20));
    let aside = Aside::before(&upstream);
    for _ in 0..3 {
        aside
            .client()
            .post("/nobody/chat/completions", &[], &body)
            .error(404);
        aside
            .client()
            .post(CHAT, &[("content-encoding", "gzip")], &body)
            .error(415);
        aside
            .client()
            .post(CHAT, &[("host", "abc.ngrok.app")], &body)
            .error(401);
    }
}

#[test]
fn r22_a_body_of_several_megabytes_passes() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::before(&upstream);
    let body = turn(&"word ".repeat(600_000));
    let answer = aside.client().post(CHAT, &[], &body);
    assert_eq!(Reply::read(&answer.text()).heard(), "Hello.");
    assert_eq!(upstream.request(0).body, body);
}

#[test]
fn the_limit_is_that_of_the_config() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::with_route(&upstream, "[limits]\nbody = \"1 KiB\"\n");
    aside
        .client()
        .post(CHAT, &[], &turn(&"x".repeat(1024)))
        .error(413);
    assert_eq!(aside.client().post(CHAT, &[], &turn("x")).status, 200);
}

#[test]
fn a_compressed_body_is_refused() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::before(&upstream);
    for encoding in ["gzip", "br", "deflate", "zstd", "identity, gzip"] {
        let header = [("content-encoding", encoding)];
        aside
            .client()
            .post(CHAT, &header, b"\x1f\x8b\x08")
            .error(415);
    }
    let header = [("content-encoding", "identity")];
    assert_eq!(aside.client().post(CHAT, &header, &turn("Hi.")).status, 200);
    assert_eq!(upstream.count(), 1);
}

#[test]
fn bad_input_is_refused_in_speak_mode_too_and_spoken_to_nobody() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::with_route(&upstream, "on_error = \"speak\"");
    let answer = aside.client().post(CHAT, &[], br#"{"stream":true}"#);
    answer.error(400);
    assert!(!answer.text().contains(APOLOGY));
}

#[test]
fn an_error_names_the_field_at_fault() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::before(&upstream);
    for (body, param) in [
        (r#"{"model":"m"}"#.to_owned(), "messages"),
        (format!("{{{MESSAGES},\"stream\":1}}"), "stream"),
        (
            r#"{"messages":[{"role":"user","content":"a"},7]}"#.to_owned(),
            "messages[1]",
        ),
    ] {
        let answer = aside.client().post(CHAT, &[], body.as_bytes());
        answer.error(400);
        assert_eq!(answer.json()["error"]["param"], param);
    }
}

#[test]
fn r21_requests_that_are_framed_in_two_ways_are_not_passed_on() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::before(&upstream);
    let body = String::from_utf8(turn("Hi.")).expect("text");
    let length = body.len();
    for framing in [
        format!("content-length: {length}\r\ntransfer-encoding: chunked"),
        format!("content-length: {length}\r\ncontent-length: 3"),
        format!("content-length: +{length}"),
        format!("content-length: {length},{length}"),
        "transfer-encoding: chunked\r\ntransfer-encoding: identity".to_owned(),
    ] {
        let mut client = aside.client();
        let request = format!("POST {CHAT} HTTP/1.1\r\nhost: localhost\r\n{framing}\r\n\r\n{body}");
        client.write(request.as_bytes());
        assert_eq!(client.head().status, 400, "{framing}");
    }
    assert_eq!(upstream.count(), 0);
}
