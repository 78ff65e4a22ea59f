//! Stored context in turns: whose is seen, when, and that nothing else changes.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::aside::{Aside, Setup, config};
use crate::client::Client;
use crate::context::{KEYS, ask};
use crate::upstream::{Request, Upstream};
use crate::wire::{CHAT, Reply, saying, turn, with};

/// Shows the model all of the context, as JSON.
pub(crate) const SHOW: &str =
    "about = \"The model sees all.\"\n[then.inject]\ntext = \"context: {{ context | tojson }}\"\n";

/// An upstream that says what it was shown.
pub(crate) fn echo() -> Upstream {
    Upstream::start(|request, _| saying(&[&shown(request)]))
}

fn shown(request: &Request) -> String {
    let messages = request.json()["messages"].take();
    let texts = messages.as_array().into_iter().flatten();
    let mut texts = texts.filter_map(|message| message["content"].as_str());
    let text = texts.find_map(|text| text.strip_prefix("context: "));
    text.expect("the context is shown").to_owned()
}

/// A program that shows context; `more` is the rest of the config.
pub(crate) fn showing(upstream: &Upstream, more: &str) -> Setup {
    let config = config(upstream, "");
    Setup::with_config(&format!("{KEYS}{config}{more}")).rule("10-show", SHOW)
}

/// What the model is shown in a turn with these fields.
pub(crate) fn see(client: &mut Client, fields: &Value) -> Value {
    let body = with(&turn("Hi."), fields.clone());
    let reply = Reply::read(&client.post(CHAT, &[], &body).text());
    serde_json::from_str(&reply.heard()).expect("the context as JSON")
}

/// The same in a turn of a call.
pub(crate) fn see_call(client: &mut Client, call: &str) -> Value {
    see(client, &json!({ "call": { "id": call } }))["call"].take()
}

#[test]
fn a_turn_sees_each_scope_under_its_name() {
    let upstream = echo();
    let aside = Aside::serve(&showing(&upstream, ""));
    let mut client = aside.client();
    for (path, body) in [
        ("call/c-1", r#"{"note":1}"#),
        ("call/c-2", r#"{"note":2}"#),
        ("customer/%2B12025550143", r#"{"plan":"gold"}"#),
        ("assistant/a-1", r#"{"tone":"calm"}"#),
        ("assistant/a-2", r#"{"tone":"glad"}"#),
        ("global/all", r#"{"open":true}"#),
    ] {
        let answer = ask(&mut client, "PUT", &format!("/context/{path}"), body);
        assert_eq!(answer.status, 201, "{path}");
    }
    let customer = json!({ "number": "+12025550143" });
    for (fields, expected) in [
        (json!({}), json!({})),
        (
            json!({ "call": { "id": "c-1" } }),
            json!({ "call": { "note": 1 } }),
        ),
        (
            json!({ "call": { "id": "c-2", "assistantId": "a-1" }, "assistant": { "id": "a-2" },
                    "customer": customer }),
            json!({ "call": { "note": 2 }, "assistant": { "tone": "calm" },
                    "customer": { "plan": "gold" } }),
        ),
        (
            json!({ "call": { "id": "c-3" }, "assistant": { "id": "a-2" } }),
            json!({ "assistant": { "tone": "glad" } }),
        ),
        (
            json!({ "call": { "id": 7, "assistantId": null }, "assistant": "a-2", "customer": [] }),
            json!({}),
        ),
    ] {
        let mut seen = see(&mut client, &fields);
        for scope in ["call", "customer", "assistant"] {
            let of_scope = seen[scope].take();
            // What is not known is empty or null, never another's.
            let known = of_scope.as_object().filter(|object| !object.is_empty());
            let known = known.cloned().map_or(Value::Null, Value::Object);
            assert_eq!(known, expected[scope], "{scope} in {fields}");
        }
        assert_eq!(seen["global"], json!({ "open": true }));
    }
}

#[test]
fn s06_calls_that_interleave_never_see_each_others_context() {
    const CALLS: usize = 50;
    const TURNS: usize = 4;
    let upstream = echo();
    let aside = Aside::serve(&showing(&upstream, ""));
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| {
                let mut client = aside.client();
                loop {
                    let step = next.fetch_add(1, Ordering::Relaxed);
                    if step >= CALLS * TURNS {
                        return;
                    }
                    // Every thread meets every call, so what it saw last is another's.
                    let (call, number) = (step % CALLS, step / CALLS);
                    let [id, customer] = [format!("c-{call}"), format!("+1202555{call:04}")];
                    let own = json!({ "secret": format!("canary-{call}-of"), "turn": number });
                    for path in [format!("call/{id}"), format!("customer/{customer}")] {
                        let path = format!("/context/{path}");
                        let put = ask(&mut client, "PUT", &path, &own.to_string());
                        assert!(matches!(put.status, 200 | 201), "{}", put.text());
                    }
                    let fields =
                        json!({ "call": { "id": id }, "customer": { "number": customer } });
                    let seen = see(&mut client, &fields);
                    for scope in ["call", "customer"] {
                        assert_eq!(seen[scope]["secret"], own["secret"], "{scope}");
                    }
                    assert_eq!(seen.to_string().matches("canary").count(), 2, "{seen}");
                }
            });
        }
    });
    assert!(upstream.count() >= CALLS * TURNS);
}

#[test]
fn what_was_deleted_is_gone_and_never_in_the_log() {
    let upstream = echo();
    let setup = showing(&upstream, "").env("ASIDE_LOG", "trace");
    let mut aside = Aside::serve(&setup);
    let mut client = aside.client();
    let path = "/context/call/c-1";
    ask(&mut client, "PUT", path, r#"{"note":"canary-8d7c"}"#);
    ask(&mut client, "PATCH", path, r#"{"more":"canary-8d7c"}"#);
    assert_eq!(see_call(&mut client, "c-1")["note"], "canary-8d7c");
    ask(&mut client, "PUT", path, r#"["canary-8d7c"]"#).error(400);
    assert_eq!(ask(&mut client, "DELETE", path, "").status, 204);
    let before = upstream.count();
    let seen = see_call(&mut client, "c-1");
    assert!(
        seen.as_object().is_none_or(serde_json::Map::is_empty),
        "{seen}"
    );
    assert!(!upstream.request(before).text().contains("canary-8d7c"));
    let printed = aside.program().printed();
    assert!(printed.contains("DEBUG"), "it logs: {printed}");
    assert!(!printed.contains("canary-8d7c"), "{printed}");
}

#[test]
fn the_prefix_of_a_request_stays_when_context_changes() {
    let upstream = echo();
    let aside = Aside::serve(&showing(&upstream, ""));
    let mut client = aside.client();
    let mut messages = vec![json!({ "role": "system", "content": "Be brief." })];
    let mut sent: Vec<String> = Vec::new();
    for number in 0..5 {
        let body = format!("{{\"note\":\"{}\"}}", "x".repeat(number * 7));
        for path in ["/context/call/c-1", "/context/global/all"] {
            ask(&mut client, "PUT", path, &body);
        }
        messages.push(json!({ "role": "user", "content": format!("Line {number}.") }));
        see(
            &mut client,
            &json!({ "call": { "id": "c-1" }, "messages": messages }),
        );
        let text = upstream.request(number).text();
        assert!(text.contains(&"x".repeat(number * 7)));
        if let Some(before) = sent.last() {
            let end = before.find("{\"role\":\"system\",\"content\":\"context: ");
            let stable = &before[..end.expect("it is shown")];
            assert!(stable.contains("Be brief."), "{stable}");
            assert!(text.starts_with(stable), "{stable}\n{text}");
        }
        sent.push(text);
        messages.push(json!({ "role": "assistant", "content": "Fine." }));
    }
}
