//! Bodies that nobody means to send: each kind of rule passes them, and what leaves is a request.

use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::chat::request::Takes;
use crate::chat::vapi::VapiFields;
use crate::rule::{KINDS, Lane, LaneKind};
use crate::ruleset::facts_of_turn;

/// What the examples of the kinds leave out.
const RULES: &[(&str, &str)] = &[
    (
        "inject",
        "text = \"{{ turn.user }}{{ turn.assistant }}.\"\nonce = \"call\"\nmax_chars = 5",
    ),
    (
        "inject",
        "text = \"x\"\nevery = 1\nplace = \"system-replace\"",
    ),
    ("inject", "examples = [{ user = \"a\", assistant = \"b\" }]"),
    (
        "inject",
        "messages = [{ text = \"a\" }, { role = \"user\", text = \"{{ turn.user }}!\" }]\nplace = \"end\"",
    ),
    ("redact", "patterns = { ID = 'a{1,3}' }\nstyle = \"mask\""),
    (
        "rewrite",
        "pairs = [{ find = 'a', replace = '{{ turn.number }}' }, { find = '\\d{1,9}', replace = '' }]\nin = [\"system\", \"user\", \"assistant\", \"tool\", \"function\", \"reply\"]",
    ),
    ("trim", "messages = 1\nsummary = \"Cut.\""),
    ("trim", "tokens = 1"),
    (
        "tools",
        "only = [\"a*\"]\nremove = [\"ab\"]\nadd = [{ name = \"b\" }]\ndescribe = { a = \"A.\" }",
    ),
    (
        "set",
        "model = \"{{ request.model | default(\\\"m\\\") }}\"\nunset = [\"temperature\", \"tool_choice\"]\nstop = [\"x\"]",
    ),
    (
        "answer",
        "say = [\"a\", \"{{ turn.user }}\"]\ncall = { name = \"endCall\", arguments = { reason = \"{{ turn.user }}\" } }",
    ),
    ("answer", "repeat = \"1m\""),
    (
        "speak",
        "numbers = true\nreplace = { SQL = \"sequel\" }\nafter_tool_call = \"drop\"\nempty = \"What?\"",
    ),
];

/// Messages that are odd, and taken all the same.
fn messages() -> Vec<Value> {
    let user = |content: Value| json!([{ "role": "user", "content": content }]);
    vec![
        user(json!("")),
        user(json!(" \n\t")),
        user(Value::Null),
        user(json!([])),
        user(json!([{}])),
        user(json!([{ "type": "text" }])),
        user(json!([{ "type": "text", "text": null }, { "type": "text", "text": "a 1" }])),
        user(
            json!([{ "type": "text", "text": "" }, { "type": "input_audio", "input_audio": { "data": "AAAA" } }]),
        ),
        user(
            json!([{ "type": "image_url", "image_url": { "url": "data:image/png;base64,AAAA" } }, "a", 3, null]),
        ),
        user(json!("a".repeat(1 << 20))),
        user(json!("a 1 é [CARD_1] <b> ".repeat(3_000))),
        user(json!(
            "\u{0}\u{FEFF}\u{202E}a\u{301}\u{1F468}\u{200D}\u{1F469}"
        )),
        json!([{ "role": "user" }]),
        json!([{ "role": "system" }]),
        json!([{ "role": "system", "content": null }, { "role": "system", "content": "" }]),
        json!([{ "role": "assistant", "content": null }]),
        json!([{ "role": "assistant", "content": null, "tool_calls": null }, { "role": "user", "content": "a" }]),
        json!([{ "role": "assistant", "tool_calls": [] }, { "role": "tool", "content": "a" }]),
        json!([{ "role": "user", "content": "a" }, { "role": "assistant", "tool_calls": [{}, null, 3] }]),
        json!([{ "role": "user", "content": "a" }, { "role": "assistant", "tool_calls": [{ "id": "1", "function": { "name": "a" } }] },
            { "role": "tool", "tool_call_id": "1", "content": null }, { "role": "tool", "tool_call_id": "2" }]),
        json!([{ "role": "tool", "tool_call_id": "1", "content": "a" }, { "role": "user", "content": "a" }]),
        json!([{ "role": "assistant", "function_call": {} }, { "role": "function", "name": null, "content": [] }]),
        json!([{ "role": "", "content": "a" }, { "role": "narrator", "content": { "a": 1 } }]),
        json!([{ "role": "user", "content": "a", "name": null, "refusal": null, "extra": [[[{}]]] }]),
        json!([{ "role": "user", "content": "a" }, { "role": "user", "content": "b" }, { "role": "user", "content": null }]),
    ]
}

/// What stands beside the messages.
fn fields() -> Vec<Value> {
    vec![
        json!({}),
        json!({ "tools": null, "tool_choice": null, "model": "m", "stop": null }),
        json!({ "tools": [], "functions": [], "parallel_tool_calls": true }),
        json!({ "tools": [{}, null, { "type": "function" }, { "type": "function", "function": { "name": null } }],
            "tool_choice": { "type": "function" } }),
        json!({ "customer": "nobody", "call": null, "metadata": [], "response_format": { "type": "json_object" } }),
    ]
}

fn rules() -> Vec<(&'static str, String)> {
    let own = RULES.iter().map(|(kind, table)| {
        let text = format!("about = \"x\"\n[then.{kind}]\n{table}\n");
        (*kind, text)
    });
    let without_condition = |text: &str| {
        let lines = text.lines().filter(|line| !line.starts_with("when = "));
        lines.map(|line| format!("{line}\n")).collect::<String>()
    };
    let examples = KINDS.iter();
    let examples = examples.map(|kind| (kind.name, without_condition(kind.example)));
    own.chain(examples).collect()
}

/// A turn behind a rule; none: the body is no request.
fn passed_body(ruleset: &Arc<Ruleset>, body: &Value) -> Option<Passage> {
    let request = ChatRequest::parse(body.to_string().into()).ok()?;
    let vapi = VapiFields::of(&request);
    let mut facts = facts_of_turn(&request, vapi, "default", "2026-11-23T10:00:00Z".to_owned());
    facts.set(
        "customer",
        json!({ "name": "Dana", "number": "+12025550143" }),
    );
    let passage = Passage::begin(ruleset, TurnInput::new(request, facts));
    Some(
        passage
            .out(&mut || Duration::ZERO)
            .unwrap_or_else(|refused| panic!("{refused}: {:.300}", body.to_string())),
    )
}

#[test]
fn every_kind_is_among_them() {
    for kind in KINDS {
        assert!(rules().iter().any(|(name, _)| *name == kind.name));
    }
    let parsed = messages().into_iter().filter(|messages| {
        let body = json!({ "messages": messages }).to_string();
        ChatRequest::parse(body.into()).is_ok()
    });
    assert!(parsed.count() >= messages().len() - 1, "most are taken");
}

#[test]
fn whatever_comes_leaves_as_a_request() {
    let takes = Takes {
        all_fields: true,
        ..Takes::default()
    };
    for (kind, text) in rules() {
        let ruleset = ruleset_of(&[&text]);
        for messages in messages() {
            let is_large = messages.to_string().len() > 100_000;
            let fields = fields().into_iter().take(if is_large { 1 } else { 9 });
            for mut body in fields {
                body["messages"] = messages.clone();
                let told = || format!("{kind}: {text}\n{:.300}", body.to_string());
                let Some(passage) = passed_body(&ruleset, &body) else {
                    continue;
                };
                for step in &passage.steps {
                    // A text is bounded, and a rule whose text is longer says so.
                    let why = step.why.as_deref().unwrap_or_default();
                    let is_bound = is_large && why == "the text is longer than 65536 bytes";
                    // A script that speaks of a text where there is none fails, and says where.
                    let is_own = kind == "script" && why.contains(".toml:");
                    let is_told = is_bound || is_own;
                    let has_failed = step.outcome == StepOutcome::Failed && !is_told;
                    assert!(!has_failed, "{}\n{step:?}", told());
                }
                let written = passage.request.write(&takes);
                let written: Value = serde_json::from_slice(&written).expect("JSON");
                let written = written["messages"].as_array().expect("a list");
                assert!(!written.is_empty(), "{}", told());
                let has_role = |message: &Value| message["role"].is_string();
                assert!(written.iter().all(has_role), "{}", told());
            }
        }
    }
}

#[test]
fn odd_replies_are_cut_anywhere_and_come_out_alike() {
    let long = "One **two** 3,000.50 a 1 é Acme gold [CARD_1] ".repeat(400);
    let replies = [
        "",
        " ",
        "\u{0}",
        "a\u{301}\u{1F468}\u{200D}\u{1F469} \u{FEFF}",
        &long,
        "<think>",
        "```",
    ];
    for (kind, text) in rules() {
        let ruleset = ruleset_of(&[&text]);
        let body = json!({ "messages": [{ "role": "user", "content": "a" }] });
        let passage = passed_body(&ruleset, &body).expect("a request");
        for is_json in [false, true] {
            let lane = Lane {
                choice: 0,
                kind: LaneKind::Content,
                is_json,
            };
            let heard = |reply: &str, length: usize| {
                let mut filter = ruleset.rules()[0].rule.on_reply(&passage.turn, &lane)?;
                let mut out = String::new();
                let letters: Vec<char> = reply.chars().collect();
                for piece in letters.chunks(length) {
                    filter.push(&piece.iter().collect::<String>(), &mut out);
                }
                filter.finish(&mut out);
                Some(out)
            };
            for reply in replies {
                let whole = heard(reply, usize::MAX);
                for length in [1, 2, 7] {
                    let cut = heard(reply, length);
                    assert_eq!(cut, whole, "{kind}: {text}\n{length}: {reply:.40}");
                }
            }
        }
    }
}
