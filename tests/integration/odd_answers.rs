//! Answers as few servers write them: the caller hears what was said, in a stream as every client
//! reads it.

use serde_json::{Value, json};

use crate::aside::{Aside, Setup, config};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{
    APOLOGY, CHAT, Reply, choice_frame, frame, saying, says, stop, stream_head, streaming, turn,
    whole, with,
};

const RULE: &str = "about = \"x\"\n[then.redact]\nfind = [\"card\"]\n";

/// Servers before this upstream: without rules, and with one that touches what is heard.
fn servers(upstream: &Upstream) -> [Aside; 2] {
    let setup = Setup::with_config(&config(upstream, ""));
    let ruled = setup.clone().rule("10-card", RULE);
    [setup, ruled].map(|setup| Aside::serve(&setup))
}

fn completion(message: Value) -> Value {
    json!({
        "id": "c-1", "object": "chat.completion", "created": 7, "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": null}],
        "usage": {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11},
    })
}

fn hello() -> String {
    let text = [
        frame(json!({ "content": "Hello." })),
        choice_frame(0, json!({}), json!("stop")),
    ];
    String::from_utf8(text.concat()).expect("text") + "data: [DONE]\n\n"
}

#[test]
fn r14_events_are_read_whatever_their_type_is_called() {
    for kind in [
        "application/json",
        "text/html; charset=utf-8",
        "text/plain",
        "application/x-ndjson",
        "",
    ] {
        let kind = match kind {
            "" => String::new(),
            kind => format!("content-type: {kind}\r\n"),
        };
        for body in [hello(), format!("\u{feff}\n\n: hi\n\n{}", hello())] {
            let upstream = Upstream::playing(whole("200 OK", &kind, &body));
            for aside in servers(&upstream) {
                let answer = aside.client().post(CHAT, &[], &turn("Hi."));
                assert_eq!(Reply::read(&answer.text()).heard(), "Hello.", "{kind}");
            }
        }
    }
}

#[test]
fn r14_codings_that_are_none_change_nothing() {
    for coding in ["none", "identity", "utf-8", "UTF8", "", "chunked", "gzip"] {
        let head = format!("content-encoding: {coding}\r\ncontent-type: text/event-stream\r\n");
        let upstream = Upstream::playing(whole("200 OK", &head, &hello()));
        let aside = Aside::before(&upstream);
        let answer = aside.client().post(CHAT, &[], &turn("Hi."));
        assert_eq!(Reply::read(&answer.text()).heard(), "Hello.", "{coding}");

        let body = completion(json!({"role": "assistant", "content": "Hello."})).to_string();
        let upstream = Upstream::playing(whole("200 OK", &head, &body));
        let aside = Aside::before(&upstream);
        let asked = with(&turn("Hi."), json!({ "stream": false }));
        let json = aside.client().post(CHAT, &[], &asked).json();
        assert_eq!(
            json["choices"][0]["message"]["content"], "Hello.",
            "{coding}"
        );
    }
    let gzip = whole("200 OK", "content-encoding: x-gzip\r\n", "\u{1f}\u{8b}x");
    let aside = Aside::before(&Upstream::playing(gzip));
    let answer = aside.client().post(CHAT, &[], &turn("Hi."));
    assert_eq!(Reply::read(&answer.text()).heard(), APOLOGY);
}

#[test]
fn r14_a_whole_completion_is_said_where_a_stream_was_asked() {
    let call = json!({"id": "c", "type": "function", "function": {"name": "book", "arguments": {"day": "Tue", "n": 2}}});
    let text = completion(json!({"role": "assistant", "content": "Hello."}));
    let tool = completion(json!({"role": "assistant", "content": null, "tool_calls": [call]}));
    for kind in ["application/json", "text/event-stream", "text/plain"] {
        let kind = format!("content-type: {kind}\r\n");
        let pretty = serde_json::to_string_pretty(&text).expect("JSON");
        let event = format!("data: {text}\n\ndata: [DONE]\n\n");
        for body in [text.to_string(), format!(" \n\n{text}\n"), pretty, event] {
            let upstream = Upstream::playing(whole("200 OK", &kind, &body));
            for aside in servers(&upstream) {
                let answer = aside.client().post(CHAT, &[], &turn("Hi."));
                assert_eq!(
                    answer.header("content-type"),
                    Some("text/event-stream; charset=utf-8")
                );
                let reply = Reply::read(&answer.text());
                assert_eq!(
                    (reply.heard().as_str(), reply.finishes(0)),
                    ("Hello.", vec!["stop".to_owned()]),
                    "{body}"
                );
                assert!(
                    reply
                        .frames
                        .iter()
                        .any(|frame| frame["usage"]["total_tokens"] == 11)
                );
                assert!(
                    reply
                        .frames
                        .iter()
                        .all(|frame| frame["object"] == "chat.completion.chunk")
                );
            }
        }
        let upstream = Upstream::playing(whole("200 OK", &kind, &tool.to_string()));
        for aside in servers(&upstream) {
            let reply = Reply::read(&aside.client().post(CHAT, &[], &turn("Hi.")).text());
            let expected = ("book".to_owned(), r#"{"day":"Tue","n":2}"#.to_owned());
            assert_eq!(
                (reply.call(0), reply.finishes(0)),
                (expected, vec!["tool_calls".to_owned()])
            );
        }
    }
}

#[test]
fn r14_a_stream_is_one_completion_where_that_was_asked() {
    let upstream = Upstream::playing(saying(&["Hel", "lo."]));
    let asked = with(&turn("Hi."), json!({ "stream": false }));
    for aside in servers(&upstream) {
        let answer = aside.client().post(CHAT, &[], &asked);
        assert_eq!(answer.header("content-type"), Some("application/json"));
        let json = answer.json();
        assert_eq!(
            (&json["object"], &json["model"]),
            (&json!("chat.completion"), &json!("gpt-4o"))
        );
        let choice = &json["choices"][0];
        assert_eq!(choice["message"]["content"], "Hello.");
        assert_eq!(choice["finish_reason"], "stop");
    }
    // Half of one is none.
    let steps = vec![stream_head(), says("Hel"), ScriptStep::EndChunks];
    let aside = Aside::before(&Upstream::playing(steps));
    let json = aside.client().post(CHAT, &[], &asked).json();
    assert_eq!(json["choices"][0]["message"]["content"], APOLOGY);
}

#[test]
fn arguments_that_are_an_object_arrive_as_a_string_and_values_come_back() {
    let rule = "about = \"x\"\n[then.redact]\nfind = [\"card\"]\n";
    let call = json!({"index": "0", "id": "c", "function": {"name": "pay", "arguments": {"card": "[CARD_1]", "sum": 12.50}}});
    let stream = streaming([
        &frame(json!({ "tool_calls": [call] }))[..],
        &choice_frame(0, json!({}), json!("tool_calls")),
        b"data: [DONE]\n\n",
    ]);
    let message = json!({"role": "assistant", "content": null, "tool_calls": [call]});
    let body = completion(message).to_string();
    let expected = r#"{"card":"4111 1111 1111 1111","sum":12.5}"#;
    let said = turn("Use 4111 1111 1111 1111, please.");
    let serve = |upstream: &Upstream| {
        Aside::serve(&Setup::with_config(&config(upstream, "")).rule("10-card", rule))
    };
    let upstream = Upstream::playing(stream);
    let reply = Reply::read(&serve(&upstream).client().post(CHAT, &[], &said).text());
    assert_eq!(reply.call(0), ("pay".to_owned(), expected.to_owned()));
    let upstream = Upstream::playing(whole("200 OK", "", &body));
    let asked = with(&said, json!({ "stream": false }));
    let json = serve(&upstream).client().post(CHAT, &[], &asked).json();
    let called = &json["choices"][0]["message"]["tool_calls"][0]["function"];
    assert_eq!(called["arguments"], expected);
}

#[test]
fn a_model_that_thinks_is_waited_for_and_one_that_is_silent_is_not() {
    let thinks = |field: &str, value: Value| {
        let mut delta = json!({});
        delta[field] = value;
        ScriptStep::Chunk(frame(delta))
    };
    let details = json!([{"type": "reasoning.text", "text": "hm"}]);
    let parts = json!([{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}]);
    for (first, is_waited_for) in [
        (thinks("reasoning", json!("hm")), true),
        (thinks("reasoning_content", json!("hm")), true),
        (thinks("thinking", json!("hm")), true),
        (thinks("reasoning_details", details), true),
        (thinks("content", parts), true),
        (thinks("reasoning", json!("")), false),
        (thinks("role", json!("assistant")), false),
    ] {
        let late = ScriptStep::Pause(std::time::Duration::from_millis(700));
        let slow = vec![
            stream_head(),
            first,
            late,
            says("First."),
            stop(),
            ScriptStep::EndChunks,
        ];
        let (one, two) = (
            Upstream::playing(slow),
            Upstream::playing(saying(&["Second."])),
        );
        let (first, second) = (one.url(), two.url());
        let aside = Aside::serve(&Setup::with_config(&format!(
            "[upstream.a]\nurl = \"{first}\"\n[upstream.b]\nurl = \"{second}\"\n[route.default]\nupstreams = [\"a\", \"b\"]\nfirst_token = \"300ms\"\nthink = \"20s\"\n"
        )));
        let heard = Reply::read(&aside.client().post(CHAT, &[], &turn("Hi.")).text()).heard();
        let expected = if is_waited_for { "First." } else { "Second." };
        assert_eq!(heard, expected);
    }
}

#[test]
fn thinking_has_a_deadline_and_is_life_behind_the_first_word() {
    let hm = || ScriptStep::Chunk(frame(json!({ "reasoning": "hm" })));
    let pause = || ScriptStep::Pause(std::time::Duration::from_millis(250));
    let endless = [stream_head()]
        .into_iter()
        .chain((0..40).flat_map(|_| [hm(), pause()]));
    let upstream = Upstream::playing(endless.collect());
    let aside = Aside::with_route(&upstream, "first_token = \"300ms\"\nthink = \"900ms\"");
    let answer = aside.client().post(CHAT, &[], &turn("Hi."));
    assert_eq!(Reply::read(&answer.text()).heard(), APOLOGY);
    aside.wait_for("within 900ms");

    let thoughts = (0..8).flat_map(|_| [hm(), pause()]);
    let steps = [stream_head(), says("Well, ")].into_iter().chain(thoughts);
    let steps = steps.chain([says("yes."), stop(), ScriptStep::EndChunks]);
    let upstream = Upstream::playing(steps.collect());
    let aside = Aside::with_route(&upstream, "stall = \"1200ms\"");
    let answer = aside.client().post(CHAT, &[], &turn("Hi."));
    assert_eq!(Reply::read(&answer.text()).heard(), "Well, yes.");
}
