//! Upstreams that fail in every way: the caller hears an apology, or the client gets an error.

use serde_json::json;

use crate::aside::{Aside, Setup};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{
    APOLOGY, CHAT, Reply, choice_frame, frame, says, stop, stream_head, streaming, turn, whole,
    with,
};

const FAST: &str = "first_token = \"300ms\"\nstall = \"300ms\"\nwhole = \"300ms\"";
const JSON: &str = "content-type: application/json\r\n";
const ERROR: &str = r#"{"error":{"message":"inner-secret-text","type":"x","code":"y"}}"#;

fn setup(url: &str, route: &str) -> Setup {
    let config = format!(
        "[upstream.mock]\npreset = \"openai\"\nurl = \"{url}\"\nkey = \"sk-inner-secret-key\"\n[route.default]\nupstreams = [\"mock\"]\n{FAST}\n{route}\n"
    );
    Setup::with_config(&config)
}

/// Failures before anything that counts was said, by name, with the status in status mode.
fn early() -> Vec<(&'static str, u16, Vec<ScriptStep>)> {
    let role = frame(json!({ "role": "assistant", "content": "" }));
    let error = format!("data: {ERROR}\n\n");
    vec![
        ("500", 500, whole("500 Oops", JSON, ERROR)),
        (
            "503",
            503,
            whole(
                "503 Busy",
                "content-type: text/html\r\n",
                "<p>inner-secret-text",
            ),
        ),
        (
            "429",
            429,
            whole("429 Slow", &format!("{JSON}retry-after: 7\r\n"), ERROR),
        ),
        ("400", 400, whole("400 Bad", JSON, ERROR)),
        ("401", 401, whole("401 No", JSON, ERROR)),
        (
            "redirect",
            502,
            whole("302 Found", "location: http://127.0.0.1:1/\r\n", ""),
        ),
        (
            "html",
            502,
            whole(
                "200 OK",
                "content-type: text/html\r\n",
                "<p>inner-secret-text",
            ),
        ),
        ("json error", 502, whole("200 OK", JSON, ERROR)),
        ("empty json", 502, whole("200 OK", JSON, "{}")),
        (
            "garbage",
            502,
            vec![
                ScriptStep::Send(b"inner-secret-text\r\n\r\n".to_vec()),
                ScriptStep::Close,
            ],
        ),
        (
            "compressed",
            502,
            whole("200 OK", "content-encoding: gzip\r\n", "\u{1f}x"),
        ),
        ("empty stream", 502, streaming([])),
        ("only done", 502, streaming([&b"data: [DONE]\n\n"[..]])),
        (
            "only a role",
            502,
            streaming([&role[..], b"data: [DONE]\n\n"]),
        ),
        ("error frame", 502, streaming([error.as_bytes()])),
        ("comments", 502, streaming([&b": PROCESSING\n\n"[..]])),
        ("reset", 502, vec![ScriptStep::Reset]),
        ("close", 502, vec![ScriptStep::Close]),
        (
            "reset after the head",
            502,
            vec![stream_head(), ScriptStep::Reset],
        ),
        (
            "half a frame",
            502,
            vec![
                stream_head(),
                ScriptStep::Chunk(role[..9].to_vec()),
                ScriptStep::Close,
            ],
        ),
        ("silent", 504, vec![ScriptStep::Hang]),
        (
            "silent after the head",
            504,
            vec![stream_head(), ScriptStep::Hang],
        ),
        (
            "silent after a role",
            504,
            vec![
                stream_head(),
                ScriptStep::Chunk(role.clone()),
                ScriptStep::Hang,
            ],
        ),
    ]
}

#[test]
fn r08_every_early_failure_is_spoken_as_an_apology() {
    for (name, _, steps) in early() {
        let upstream = Upstream::playing(steps);
        let aside = Aside::serve(&setup(&upstream.url(), ""));
        let mut client = aside.client();
        let answer = client.post(CHAT, &[], &turn("Hi."));
        assert_eq!(answer.status, 200, "{name}");
        let reply = Reply::read(&answer.text());
        assert_eq!(reply.heard(), APOLOGY, "{name}");
        assert_eq!(reply.finishes(0), ["stop"], "{name}");
        assert!(!answer.text().contains("inner-secret"), "{name}");

        // The connection is good for a turn that is not streamed.
        let body = with(&turn("Hi."), json!({ "stream": false }));
        let answer = client.post(CHAT, &[], &body);
        assert_eq!(answer.status, 200, "{name}");
        let json = answer.json();
        assert_eq!(json["object"], "chat.completion", "{name}");
        let choice = &json["choices"][0];
        assert_eq!(choice["message"]["content"], APOLOGY, "{name}");
        assert_eq!(choice["message"]["role"], "assistant", "{name}");
        assert_eq!(choice["finish_reason"], "stop", "{name}");
        assert_eq!(upstream.count(), 2, "{name}: nothing is asked twice");
    }
}

#[test]
fn r14_with_status_the_client_gets_the_error_without_internals() {
    for (name, status, steps) in early() {
        let upstream = Upstream::playing(steps);
        let aside = Aside::serve(&setup(&upstream.url(), "on_error = \"status\""));
        let mut client = aside.client();
        for stream in [true, false] {
            let body = with(&turn("Hi."), json!({ "stream": stream }));
            let answer = client.post(CHAT, &[], &body);
            let message = answer.error(status);
            assert!(message.contains("turn_"), "{name}: a request id: {message}");
            let mut headers = answer.headers.clone();
            headers.retain(|(name, _)| name != "x-aside-rules");
            // The turn's id is drawn, and may have any digits in it.
            let id = answer.header("x-aside-turn").expect("an id");
            let all = format!("{headers:?} {}", answer.text()).replace(id, "turn");
            let port = upstream.address().port().to_string();
            for inner in ["inner-secret", "127.0.0.1", &port, "/v1", "mock", "rules"] {
                assert!(!all.contains(inner), "{name}: `{inner}` in {all}");
            }
            if name == "429" {
                assert_eq!(answer.header("retry-after"), Some("7"));
            }
        }
    }
}

#[test]
fn r07_a_stream_that_breaks_keeps_what_was_said_and_apologises() {
    for (name, end) in [
        ("reset", vec![ScriptStep::Reset]),
        ("close", vec![ScriptStep::Close]),
        ("stall", vec![ScriptStep::Hang]),
        ("end without a finish", vec![ScriptStep::EndChunks]),
        (
            "half a frame",
            vec![
                ScriptStep::Chunk(b"data: {\"choices\":[{\"ind".to_vec()),
                ScriptStep::Close,
            ],
        ),
        (
            "no chunk",
            vec![ScriptStep::Send(b"zz\r\n".to_vec()), ScriptStep::Hang],
        ),
    ] {
        // What was sent must have been read before the reset, which would overtake it.
        let mut steps = vec![
            stream_head(),
            says("Well, "),
            says("then"),
            ScriptStep::Wait(1),
        ];
        steps.extend(end);
        let upstream = Upstream::playing(steps);
        let aside = Aside::serve(&setup(&upstream.url(), ""));
        let mut client = aside.client();
        client.send("POST", CHAT, &[], &turn("Hi."));
        assert_eq!(client.head().status, 200, "{name}");
        let mut body = client.read_until("then");
        upstream.open(1);
        body += &client.rest();
        let reply = Reply::read(&body);
        assert_eq!(reply.heard(), format!("Well, then {APOLOGY}"), "{name}");
        assert_eq!(reply.finishes(0), ["stop"], "{name}");
        assert_eq!(aside.client().get("/healthz", &[]).status, 200, "{name}");
    }
}

#[test]
fn a_break_after_the_finish_is_no_failure() {
    let end = choice_frame(0, json!({}), json!("stop"));
    for last in [ScriptStep::Close, ScriptStep::Hang] {
        let upstream = Upstream::playing(vec![
            stream_head(),
            says("Goodbye."),
            ScriptStep::Chunk(end.clone()),
            last,
        ]);
        let aside = Aside::serve(&setup(&upstream.url(), ""));
        let reply = Reply::read(&aside.client().post(CHAT, &[], &turn("Hi.")).text());
        assert_eq!(reply.heard(), "Goodbye.");
    }
}

#[test]
fn the_apology_is_that_of_the_config() {
    let upstream = Upstream::playing(whole("500 Oops", JSON, ERROR));
    let apology = "One \"moment\", please \u{2013} caf\u{e9}.";
    let route = format!("apology = '{apology}'");
    let aside = Aside::serve(&setup(&upstream.url(), &route));
    let reply = Reply::read(&aside.client().post(CHAT, &[], &turn("Hi.")).text());
    assert_eq!(reply.heard(), apology);
}

#[test]
fn r08_a_slow_but_live_stream_is_not_cut() {
    let mut steps = vec![stream_head()];
    for number in 0..5 {
        steps.extend([says("word "), ScriptStep::Wait(number + 1)]);
    }
    steps.extend([stop(), ScriptStep::EndChunks]);
    let upstream = Upstream::playing(steps);
    let aside = Aside::with_route(&upstream, "stall = \"10s\"\nfirst_token = \"10s\"");
    let mut client = aside.client();
    client.send("POST", CHAT, &[], &turn("Hi."));
    client.head();
    let mut body = String::new();
    for number in 0..5 {
        body += &client.read_until("word ");
        upstream.open(number + 1);
    }
    body += &client.rest();
    assert_eq!(Reply::read(&body).heard(), "word ".repeat(5));
}

#[test]
fn more_turns_than_the_limit_are_shed_at_once() {
    let upstream = Upstream::playing(vec![stream_head(), says("Hello."), ScriptStep::Hang]);
    let limit = "[limits]\nstreams = 1\n";
    for (route, is_spoken) in [("", true), ("on_error = \"status\"", false)] {
        let route = format!("stall = \"15s\"\n{route}\n{limit}");
        let aside = Aside::with_route(&upstream, &route);
        let mut first = aside.client();
        first.send("POST", CHAT, &[], &turn("Hi."));
        first.head();
        first.read_until("Hello.");
        let answer = aside.client().post(CHAT, &[], &turn("Hi."));
        if is_spoken {
            assert_eq!(Reply::read(&answer.text()).heard(), APOLOGY);
        } else {
            answer.error(503);
            assert_eq!(answer.header("retry-after"), Some("1"));
        }
    }
}

#[test]
fn a_good_answer_that_is_not_streamed_may_take_longer_than_a_first_token() {
    let mut steps = crate::wire::completion("Hello.");
    steps.insert(0, ScriptStep::Pause(std::time::Duration::from_millis(200)));
    let upstream = Upstream::playing(steps);
    let aside = Aside::with_route(&upstream, "first_token = \"1ms\"\nstall = \"1ms\"");
    let body = with(&turn("Hi."), json!({ "stream": false }));
    let json = aside.client().post(CHAT, &[], &body).json();
    assert_eq!(json["choices"][0]["message"]["content"], "Hello.");
}

#[test]
fn an_answer_that_is_not_streamed_has_a_deadline_of_its_own() {
    let upstream = Upstream::playing(vec![ScriptStep::Hang]);
    let route = "first_token = \"1h\"\nwhole = \"50ms\"";
    let aside = Aside::with_route(&upstream, route);
    let body = with(&turn("Hi."), json!({ "stream": false }));
    let json = aside.client().post(CHAT, &[], &body).json();
    assert_eq!(json["choices"][0]["message"]["content"], APOLOGY);
    aside.wait_for("say anything within 50ms");
}
