//! Every body goes through the server to an upstream that takes OpenAI's fields.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::aside::{Aside, Setup};
use crate::fixtures;
use crate::upstream::Upstream;
use crate::wire::{CHAT, Reply, saying, turn, with};

/// The fields that OpenAI takes; it answers 400 to any other.
const OPENAI: &[&str] = &[
    "model",
    "messages",
    "temperature",
    "top_p",
    "n",
    "stop",
    "max_tokens",
    "max_completion_tokens",
    "presence_penalty",
    "frequency_penalty",
    "logit_bias",
    "seed",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "functions",
    "function_call",
    "response_format",
    "stream",
    "stream_options",
    "user",
    "reasoning_effort",
    "prompt_cache_key",
    "service_tier",
    "logprobs",
    "top_logprobs",
    "modalities",
    "verbosity",
];

/// Keys of Vapi's and its users' own that stand in the bodies and are nobody's business upstream.
const PRIVATE: &[&str] = &[
    "controlUrl",
    "listenUrl",
    "apiKey",
    "serverUrlSecret",
    "credentials",
    "orgId",
    "tenantId",
    "customerTier",
    "phoneNumberId",
    "numModelRequestInTurn",
];

type Fields = BTreeMap<String, Box<RawValue>>;

fn keys(body: &[u8]) -> Vec<String> {
    let fields: Map<String, Value> = serde_json::from_slice(body).expect("an object");
    fields.into_iter().map(|(key, _)| key).collect()
}

/// The texts of a value, from six bytes on.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text.len() >= 6 => found.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| texts(value, found)),
        Value::Object(fields) => fields.values().for_each(|value| texts(value, found)),
        _ => {}
    }
}

/// What stands in the fields that OpenAI does not take, and in none that it takes.
fn private_texts(body: &[u8]) -> Vec<String> {
    let mut fields: Map<String, Value> = serde_json::from_slice(body).expect("an object");
    let (mut private, mut public) = (Vec::new(), Map::new());
    for &name in OPENAI {
        public.extend(fields.remove_entry(name));
    }
    texts(&Value::Object(fields), &mut private);
    let public = Value::Object(public).to_string();
    private.retain(|text| !public.contains(json!(text).to_string().trim_matches('"')));
    private
}

#[test]
fn every_body_goes_upstream_with_openai_fields_only() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::before(&upstream);
    let mut client = aside.client();
    let mut bodies = fixtures::bodies();
    bodies.push(("long".to_owned(), fixtures::long_body()));
    let mut private_count = 0;
    for (number, (name, body)) in bodies.into_iter().enumerate() {
        let answer = client.post(CHAT, &[], &body);
        assert_eq!(answer.status, 200, "{name}: {}", answer.text());
        assert_eq!(Reply::read(&answer.text()).heard(), "Hello.", "{name}");

        let sent = upstream.request(number);
        let known: Vec<_> = keys(&body)
            .into_iter()
            .filter(|key| OPENAI.contains(&key.as_str()))
            .collect();
        assert_eq!(keys(&sent.body), known, "{name}: fields and their order");
        let came: Fields = serde_json::from_slice(&body).expect("fields");
        let went: Fields = serde_json::from_slice(&sent.body).expect("fields");
        // A history that no model takes is mended: a call without a result gets one.
        let is_mended = name.contains("dangling");
        for (key, value) in went
            .iter()
            .filter(|(key, _)| *key != "messages" || !is_mended)
        {
            assert_eq!(value.get(), came[key].get(), "{name}: `{key}` is unchanged");
        }
        assert_eq!(sent.json()["stream"], true, "{name}");
        let private = private_texts(&body);
        private_count += private.len();
        let keys = PRIVATE.iter().map(|key| (*key).to_owned());
        for private in private.into_iter().chain(keys) {
            assert!(
                !sent.text().contains(&private) && !sent.head.contains(&private),
                "{name}: `{private}` went upstream"
            );
        }
    }
    assert!(private_count >= 100, "{private_count} private texts");
}

#[test]
fn odd_numbers_and_spaces_go_as_they_came() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::before(&upstream);
    let body = r#"{ "seed":15924764223251450000, "temperature" : 1.0e0,"stream":true,
        "messages":[ {"content":"\u00e9 \/ \ud83d\ude00","role":"user"} ] , "top_p":0.10 }"#;
    let answer = aside.client().post(CHAT, &[], body.as_bytes());
    assert_eq!(answer.status, 200);
    assert_eq!(
        upstream.request(0).text(),
        r#"{"seed":15924764223251450000,"temperature":1.0e0,"stream":true,"messages":[ {"content":"\u00e9 \/ \ud83d\ude00","role":"user"} ],"top_p":0.10}"#
    );
}

#[test]
fn a_spread_metadata_key_of_a_wrong_type_stays_here() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::before(&upstream);
    let body = with(
        &turn("Hi."),
        json!({ "temperature": "warm", "user": 7, "tier": "gold" }),
    );
    assert_eq!(aside.client().post(CHAT, &[], &body).status, 200);
    assert_eq!(
        keys(&upstream.request(0).body),
        ["model", "messages", "stream"]
    );
}

#[test]
fn message_fields_beyond_openai_go_only_where_they_are_named() {
    let message = json!({ "role": "user", "content": "Hi.", "wordConfidence": [0.9], "name": "x" });
    let body = with(&turn(""), json!({ "messages": [message] }));
    for (named, goes) in [("", false), ("message_fields = [\"wordConfidence\"]", true)] {
        let upstream = Upstream::playing(saying(&["Hello."]));
        let config = format!("[upstream.mock]\nurl = \"{}\"\n{named}\n", upstream.url());
        let aside = Aside::serve(&Setup::with_config(&config));
        assert_eq!(aside.client().post(CHAT, &[], &body).status, 200);
        let sent = upstream.request(0).json();
        assert_eq!(
            sent["messages"][0].get("wordConfidence").is_some(),
            goes,
            "{named}"
        );
        assert_eq!(sent["messages"][0]["name"], "x");
    }
}

#[test]
fn more_request_fields_go_where_the_config_names_them_but_never_those_of_vapi() {
    let more = json!({ "provider": { "sort": "price" }, "top_k": 3, "call": { "id": "c" }, "metadata": {} });
    for (fields, expected) in [
        (
            "[\"provider\", \"call\"]",
            vec!["model", "messages", "temperature", "stream", "provider"],
        ),
        (
            "[\"*\"]",
            vec![
                "model",
                "messages",
                "temperature",
                "stream",
                "provider",
                "top_k",
            ],
        ),
    ] {
        let upstream = Upstream::playing(saying(&["Hello."]));
        let url = upstream.url();
        let config = format!("[upstream.mock]\nurl = \"{url}\"\nfields = {fields}\n");
        let aside = Aside::serve(&Setup::with_config(&config));
        let body = with(&turn("Hi."), more.clone());
        assert_eq!(aside.client().post(CHAT, &[], &body).status, 200);
        assert_eq!(keys(&upstream.request(0).body), expected, "{fields}");
    }
}
