//! Another upstream is asked when one fails before its first token, and only then.

use serde_json::json;

use crate::aside::{Aside, Setup};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{
    APOLOGY, CHAT, Reply, completion, frame, saying, says, stop, stream_head, streaming, turn,
    whole, with,
};

fn pair(first: &Upstream, second: &Upstream, route: &str) -> Aside {
    let (one, two) = (first.url(), second.url());
    Aside::serve(&Setup::with_config(&format!(
        r#"[upstream.first]
preset = "openai"
url = "{one}"
key = "key-of-first"
[upstream.second]
preset = "openrouter"
url = "{two}"
key = "key-of-second"
model = "meta-llama/llama-3.3-70b-instruct"
headers = {{ HTTP-Referer = "https://example.com" }}
fields = ["provider"]
[route.default]
upstreams = ["first", "second"]
first_token = "300ms"
stall = "300ms"
{route}
"#
    )))
}

#[test]
fn the_second_upstream_answers_with_its_own_model_key_and_headers() {
    let role = frame(json!({ "role": "assistant", "content": "" }));
    for (name, steps) in [
        ("500", whole("500 Oops", "", "")),
        ("429", whole("429 Slow", "", "")),
        ("401", whole("401 No", "", "")),
        ("silent", vec![ScriptStep::Hang]),
        ("reset", vec![ScriptStep::Reset]),
        ("empty stream", streaming([&role[..], b"data: [DONE]\n\n"])),
        (
            "html",
            whole("200 OK", "content-type: text/html\r\n", "<p>"),
        ),
        (
            "a role, then silence",
            vec![
                stream_head(),
                ScriptStep::Chunk(role.clone()),
                ScriptStep::Hang,
            ],
        ),
        ("400", whole("400 Bad", "", "")),
    ] {
        let first = Upstream::playing(steps);
        let second = Upstream::playing(saying(&["Second here."]));
        let aside = pair(&first, &second, "");
        let body = with(
            &turn("Hi."),
            json!({ "provider": { "sort": "price" }, "call": { "id": "c" } }),
        );
        let reply = Reply::read(&aside.client().post(CHAT, &[], &body).text());
        assert_eq!(reply.heard(), "Second here.", "{name}");
        assert_eq!((first.count(), second.count()), (1, 1), "{name}");

        let (asked, instead) = (first.request(0), second.request(0));
        assert_eq!(asked.json()["model"], "gpt-4o");
        assert_eq!(instead.json()["model"], "meta-llama/llama-3.3-70b-instruct");
        assert_eq!(asked.header("authorization"), ["Bearer key-of-first"]);
        assert_eq!(instead.header("authorization"), ["Bearer key-of-second"]);
        assert_eq!(instead.header("http-referer"), ["https://example.com"]);
        assert!(asked.json().get("provider").is_none());
        assert_eq!(instead.json()["provider"]["sort"], "price");
        assert_eq!(asked.json()["messages"], instead.json()["messages"]);
    }
}

#[test]
fn a_whole_answer_fails_over_too() {
    let first = Upstream::playing(whole("503 Busy", "", ""));
    let second = Upstream::playing(completion("Second here."));
    let aside = pair(&first, &second, "");
    let body = with(&turn("Hi."), json!({ "stream": false }));
    let json = aside.client().post(CHAT, &[], &body).json();
    assert_eq!(json["choices"][0]["message"]["content"], "Second here.");
}

#[test]
fn r20_nothing_is_asked_again_after_the_first_token() {
    let first = Upstream::playing(vec![stream_head(), says("First"), ScriptStep::Hang]);
    let second = Upstream::playing(saying(&["Second here."]));
    let aside = pair(&first, &second, "");
    let reply = Reply::read(&aside.client().post(CHAT, &[], &turn("Hi.")).text());
    assert_eq!(reply.heard(), format!("First {APOLOGY}"));
    assert_eq!((first.count(), second.count()), (1, 0));
}

#[test]
fn the_first_failure_is_told_when_all_fail() {
    let first = Upstream::playing(whole("429 Slow", "retry-after: 3\r\n", ""));
    let second = Upstream::playing(whole("500 Oops", "", ""));
    let aside = pair(&first, &second, "on_error = \"status\"");
    let answer = aside.client().post(CHAT, &[], &turn("Hi."));
    answer.error(429);
    assert_eq!(answer.header("retry-after"), Some("3"));
    assert_eq!((first.count(), second.count()), (1, 1));
}

#[test]
fn r19_a_connection_that_the_upstream_closed_is_not_used_again() {
    let upstream = Upstream::start(|_, _| {
        vec![
            stream_head(),
            says("Hello."),
            stop(),
            ScriptStep::EndChunks,
            ScriptStep::Close,
        ]
    });
    let aside = Aside::before(&upstream);
    let mut client = aside.client();
    for number in 0..200 {
        let reply = Reply::read(&client.post(CHAT, &[], &turn("Hi.")).text());
        assert_eq!(reply.heard(), "Hello.", "turn {number}");
        // Only a close that came before the next request can be noticed for certain.
        upstream.closed(number + 1);
    }
    assert_eq!(upstream.count(), 200, "no request is sent twice");
}

#[test]
fn a_connection_that_is_open_is_used_for_the_next_turn() {
    let upstream = Upstream::start(|request, _| {
        if request.json()["stream"] == true {
            saying(&["Hello."])
        } else {
            completion("Hello.")
        }
    });
    for stream in [false, true] {
        let before = upstream.connections();
        let setup = Setup::with_config(&crate::aside::config(&upstream, ""));
        let aside = Aside::serve(&setup.env("ASIDE_WORKERS", "1"));
        let mut client = aside.client();
        let body = with(&turn("Hi."), json!({ "stream": stream }));
        for _ in 0..5 {
            let answer = client.post(CHAT, &[], &body);
            assert!(answer.text().contains("Hello."), "stream: {stream}");
        }
        let connections = upstream.connections() - before;
        assert!(
            connections <= 2,
            "stream: {stream}, connections: {connections}"
        );
    }
}

#[test]
fn only_what_the_caller_gets_counts_as_a_first_token() {
    let call = json!({ "tool_calls": [{ "index": 0, "id": "c", "type": "function", "function": { "name": "end", "arguments": "" } }] });
    for (delta, counts) in [
        (json!({ "content": "Hi" }), true),
        (json!({ "refusal": "No." }), true),
        (call, true),
        (json!({ "role": "assistant" }), false),
        (json!({ "content": " \n" }), false),
        (json!({ "reasoning": "Let me think." }), false),
        (json!({ "reasoning_content": "Let me think." }), false),
        (json!({ "content": null }), false),
    ] {
        let first = Upstream::playing(vec![
            stream_head(),
            ScriptStep::Chunk(frame(delta.clone())),
            ScriptStep::Hang,
        ]);
        let second = Upstream::playing(saying(&["Second here."]));
        let aside = pair(&first, &second, "");
        let answer = aside.client().post(CHAT, &[], &turn("Hi."));
        let heard = Reply::read(&answer.text()).heard();
        assert_eq!(second.count(), usize::from(!counts), "{delta}: {heard}");
        assert_eq!(heard == "Second here.", !counts, "{delta}: {heard}");
    }
}

#[test]
fn a_query_in_the_url_of_an_upstream_stays_behind_the_path() {
    for (base, expected) in [
        (
            "?api-version=1&k=2",
            "/v1/chat/completions?api-version=1&k=2",
        ),
        ("/?api-version=1", "/v1/chat/completions?api-version=1"),
        (
            "/chat/completions?api-version=1",
            "/v1/chat/completions?api-version=1",
        ),
    ] {
        let upstream = Upstream::playing(saying(&["Hello."]));
        let config = format!("[upstream.a]\nurl = \"{}{base}\"\n", upstream.url());
        let aside = Aside::serve(&Setup::with_config(&config));
        let reply = Reply::read(&aside.client().post(CHAT, &[], &turn("Hi.")).text());
        assert_eq!(reply.heard(), "Hello.");
        let head = upstream.request(0).head;
        assert!(head.starts_with(&format!("POST {expected} ")), "{head}");
    }
}
