//! A private value in every place of a request where text can stand: none goes upstream.

use serde_json::{Value, json};

use crate::aside::{Aside, Setup};
use crate::upstream::Upstream;
use crate::wire::{CHAT, saying};

const CARD: &str = "4539578763621486";
/// Of the card, what no upstream may see.
const PARTS: [&str; 2] = ["45395787", "63621486"];
const ENCODED: &str = "data:text/plain;base64,TXkgY2FyZCBpcyA0NTM5NTc4NzYzNjIxNDg2IG9rPw==";

fn said(message: Value) -> Value {
    json!({ "messages": [message, { "role": "user", "content": "Hi." }] })
}

fn part(part: Value) -> Value {
    json!({ "messages": [{ "role": "user", "content": [{ "type": "text", "text": "Hi." }, part] }] })
}

fn beside(name: &str, value: Value) -> Value {
    json!({ "messages": [{ "role": "user", "content": "Hi." }], name: value })
}

fn called(call: Value) -> Value {
    let result = json!({ "role": "tool", "tool_call_id": call["id"], "content": "ok" });
    json!({ "messages": [{ "role": "assistant", "content": null, "tool_calls": [call] }, result, { "role": "user", "content": "Hi." }] })
}

fn arguments(arguments: &str) -> Value {
    called(
        json!({ "id": "c1", "type": "function", "function": { "name": "f", "arguments": arguments } }),
    )
}

fn tool(function: Value) -> Value {
    beside(
        "tools",
        json!([{ "type": "function", "function": function }]),
    )
}

fn schema(schema: Value) -> Value {
    tool(json!({ "name": "f", "parameters": { "type": "object", "properties": schema } }))
}

fn in_messages() -> Vec<Value> {
    let text = format!("the card is {CARD}.");
    let roles = [
        "system",
        "developer",
        "user",
        "assistant",
        "tool",
        "function",
        "observer",
    ];
    let mut all: Vec<Value> = roles
        .map(|role| {
            said(json!({ "role": role, "content": text, "tool_call_id": "c1", "name": "f" }))
        })
        .into();
    all.extend([
        said(json!({ "role": "user", "content": "Hi.", "name": CARD })),
        said(json!({ "role": "assistant", "content": "Hi.", "refusal": text })),
        said(json!({ "role": CARD, "content": "Hi." })),
        said(json!({ "role": "user", "content": "Hi.", "words": [{ "word": CARD }] })),
        said(json!({ "role": "user", "content": "Hi.", "words": { CARD: 1 } })),
        said(json!({ "role": "tool", "tool_call_id": CARD, "content": "ok" })),
        said(json!({ "role": "tool", "tool_call_id": "c1", "content": format!("{{\"card\":{CARD}}}") })),
        said(json!({ "role": "tool", "tool_call_id": "c1", "content": format!("{{\"{CARD}\":1}}") })),
        said(json!({ "role": "user", "content": "four five three nine five seven eight seven six three six two one four eight six" })),
        said(json!({ "role": "user", "content": "４５３９ ５７８７ ６３６２ １４８６" })),
        part(json!({ "type": "text", "text": text })),
        part(json!({ "type": "text", "text": "a", "note": CARD })),
        part(json!({ "type": "text", "text": "a", CARD: 1 })),
        part(json!({ "type": CARD, "text": "a" })),
        part(json!({ "type": "image_url", "image_url": { "url": format!("https://example.org/?card={CARD}") } })),
        part(json!({ "type": "image_url", "image_url": { "url": ENCODED } })),
        part(json!({ "type": "input_audio", "input_audio": { "data": "AAAA", "format": "wav", "transcript": text } })),
        part(json!({ "type": "file", "file": { "file_data": ENCODED, "filename": "a.txt" } })),
        part(json!({ "type": "file", "file": { "file_data": &ENCODED[23..], "filename": "a.txt" } })),
        part(json!({ "type": "file", "file": { "file_data": &ENCODED[5..], "filename": "a.txt" } })),
        part(json!({ "type": "file", "file": { "filename": CARD } })),
    ]);
    all
}

fn in_calls() -> Vec<Value> {
    vec![
        arguments(&format!("{{\"card\":\"{CARD}\"}}")),
        arguments(&format!("{{\"card\":{CARD}}}")),
        arguments(&format!("{{\"{CARD}\":true}}")),
        arguments("{\"c\":\"\\u0034539578763621486\"}"),
        arguments(&format!("{{\"c\":\"{{\\\"d\\\":\\\"{CARD}\\\"}}\"}}")),
        arguments(&format!("no json {CARD}")),
        arguments(&format!("{{\"text\":\"{ENCODED}\"}}")),
        called(
            json!({ "id": CARD, "type": "function", "function": { "name": "f", "arguments": "{}" } }),
        ),
        called(json!({ "id": "c1", "type": CARD, "function": { "name": "f", "arguments": "{}" } })),
        called(
            json!({ "id": "c1", "type": "function", "function": { "name": CARD, "arguments": "{}" } }),
        ),
        called(json!({ "id": "c1", "type": "custom", "custom": { "name": "f", "input": CARD } })),
        said(
            json!({ "role": "assistant", "function_call": { "name": "f", "arguments": format!("{{\"c\":\"{CARD}\"}}") } }),
        ),
    ]
}

fn in_fields() -> Vec<Value> {
    let mut all = vec![
        beside("user", CARD.into()),
        beside("stop", CARD.into()),
        beside("stop", json!(["a", CARD])),
        beside("prompt_cache_key", CARD.into()),
        beside("metadata", json!({ "card": CARD })),
        beside("service_tier", CARD.into()),
        beside("reasoning_effort", CARD.into()),
        beside("verbosity", CARD.into()),
        beside("modalities", json!([CARD])),
        beside("logit_bias", json!({ CARD: 1 })),
        beside(
            "stream_options",
            json!({ "include_usage": true, "note": CARD }),
        ),
        beside(
            "tool_choice",
            json!({ "type": "function", "function": { "name": CARD } }),
        ),
        beside("tool_choice", CARD.into()),
        beside("further", CARD.into()),
        beside("further", json!(4539578763621486_u64)),
        beside("further", json!({ "deep": [{ "type": CARD }] })),
        beside("further", json!({ CARD: 1 })),
        beside("further", ENCODED.into()),
        beside(CARD, 1.into()),
    ];
    all.extend([
        tool(json!({ "name": "f", "description": CARD })),
        tool(json!({ "name": CARD, "parameters": {} })),
        schema(json!({ "a": { "type": "string", "description": CARD } })),
        schema(json!({ "a": { "type": "string", "enum": [CARD] } })),
        schema(json!({ "a": { "type": "string", "default": CARD } })),
        schema(json!({ "a": { "type": "string", "pattern": CARD } })),
        schema(json!({ "a": { "type": CARD } })),
        schema(json!({ CARD: { "type": "string" } })),
        beside("functions", json!([{ "name": "f", "description": CARD }])),
        beside("response_format", json!({ "type": "json_schema", "json_schema": { "name": CARD, "schema": {} } })),
        beside("response_format", json!({ "type": "json_schema", "json_schema": { "name": "a", "description": CARD, "schema": {} } })),
        beside("response_format", json!({ "type": "json_schema", "json_schema": { "name": "a", "schema": { "title": CARD } } })),
    ]);
    all
}

#[test]
fn s17_a_private_value_goes_upstream_from_no_place_of_a_request() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let url = upstream.url();
    let config = format!(
        "[upstream.mock]\nurl = \"{url}\"\nfields = [\"*\"]\nmessage_fields = [\"words\"]\n"
    );
    let rule = "about = \"x\"\n[then.redact]\nfind = [\"card\"]\n";
    let aside = Aside::serve(&Setup::with_config(&config).rule("10-redact", rule));
    let places = [in_messages(), in_calls(), in_fields()].concat();
    assert!(places.len() >= 60, "{} places", places.len());
    let mut leaks = Vec::new();
    for place in &places {
        let mut body = place.clone();
        body["model"] = "gpt-4o".into();
        body["stream"] = true.into();
        let before = upstream.count();
        let answer = aside.client().post(CHAT, &[], body.to_string().as_bytes());
        let is_refused = answer.status != 200 || upstream.count() == before;
        if is_refused {
            leaks.push(format!("refused: {place} {}", answer.text()));
            continue;
        }
        let sent = upstream.request(upstream.count() - 1).text();
        let encoded = &ENCODED[40..60];
        let says = |part: &str| sent.contains(part);
        if PARTS.iter().any(|part| says(part))
            || says(encoded)
            || says("four five three")
            || says("４５")
        {
            leaks.push(format!("leaked: {place}\n  {sent}"));
        }
    }
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
}
