//! A chain of rules end to end: what the upstream gets, and what the caller hears.

use serde_json::{Value, json};

use crate::aside::{Aside, Setup, config};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{
    CHAT, Reply, choice_frame, completion, frame, saying, stop, stream_head, streaming, turn, with,
};

const INJECT: &str = r#"about = "The model knows who calls."
when = 'has(customer.name)'
[then.inject]
text = "The caller is {{ customer.name }}, mail {{ customer.email }}."
"#;
const REDACT: &str = r#"about = "Private values stay here."
[then.redact]
find = ["card", "email", "phone"]
patterns = { ORDER = 'ORD-\d{8}' }
known = ["customer.name"]
"#;
const REWRITE: &str = r#"about = "No emphasis is spoken."
[then.rewrite]
find = '\*{1,3}'
replace = ""
in = ["reply"]
"#;

const CARD: &str = "4111 1111 1111 1111";
const PRIVATE: &[&str] = &[
    CARD,
    "dana@example.com",
    "ORD-12345678",
    "Whitfield",
    "202-555-0143",
];

fn chain(upstream: &Upstream) -> Aside {
    let setup = Setup::with_config(&config(upstream, ""))
        .rule("10-inject", INJECT)
        .rule("20-redact", REDACT)
        .rule("30-rewrite", REWRITE);
    Aside::serve(&setup)
}

fn private_turn() -> Vec<u8> {
    let customer =
        json!({ "name": "Dana Whitfield", "email": "dana@example.com", "number": "+12025550143" });
    let messages = json!([
        { "role": "system", "content": "Be brief." },
        { "role": "user", "content": format!("Card {CARD}, call 202-555-0143.") },
        { "role": "assistant", "content": null, "tool_calls": [{ "id": "call_1", "type": "function",
            "function": { "name": "find", "arguments": "{\"order\":\"ORD-12345678\"}" } }] },
        { "role": "tool", "tool_call_id": "call_1", "content": "ORD-12345678 of Dana Whitfield" },
        { "role": "user", "content": "This is Dana Whitfield again." },
    ]);
    with(
        &turn(""),
        json!({ "messages": messages, "customer": customer }),
    )
}

#[test]
fn private_values_never_go_upstream_and_come_back() {
    let upstream = Upstream::playing(saying(&[
        "Char",
        "ging *",
        "*[CA",
        "RD",
        "_1]*",
        "*, order [",
        "ORDER_1] for [NAME",
        "_1",
        "], mail [EMAIL_1]",
        ".",
    ]));
    let aside = chain(&upstream);
    let answer = aside.client().post(CHAT, &[], &private_turn());
    let sent = upstream.request(0).text();
    for private in PRIVATE {
        assert!(!sent.contains(private), "`{private}` went upstream: {sent}");
    }
    let sent = upstream.request(0).json();
    assert_eq!(
        sent["messages"][1]["content"],
        "Card [CARD_1], call [PHONE_1]."
    );
    assert_eq!(
        sent["messages"][2]["tool_calls"][0]["function"]["arguments"],
        r#"{"order":"[ORDER_1]"}"#
    );
    assert_eq!(sent["messages"][3]["content"], "[ORDER_1] of [NAME_1]");
    assert_eq!(
        sent["messages"][4],
        json!({ "role": "system", "content": "The caller is [NAME_1], mail [EMAIL_1]." })
    );
    assert_eq!(sent["messages"][5]["content"], "This is [NAME_1] again.");
    assert_eq!(
        Reply::read(&answer.text()).heard(),
        format!("Charging {CARD}, order ORD-12345678 for Dana Whitfield, mail dana@example.com.")
    );
}

#[test]
fn a_placeholder_is_restored_however_the_stream_is_cut() {
    let stream: Vec<u8> = saying(&["On **[CARD_1]** and [ORD", "ER_1] \u{e9}."])
        .into_iter()
        .filter_map(|step| match step {
            ScriptStep::Chunk(bytes) => Some(bytes),
            _ => None,
        })
        .flatten()
        .collect();
    let length = stream.len();
    let upstream = Upstream::start(move |_, number| {
        let pieces: Vec<&[u8]> = match number {
            0 => stream.chunks(1).collect(),
            at => vec![&stream[..at], &stream[at..]],
        };
        streaming(pieces)
    });
    let aside = chain(&upstream);
    let mut client = aside.client();
    for at in 0..length {
        let reply = Reply::read(&client.post(CHAT, &[], &private_turn()).text());
        assert_eq!(
            reply.heard(),
            format!("On {CARD} and ORD-12345678 \u{e9}."),
            "cut at {at}"
        );
    }
}

#[test]
fn tool_arguments_get_the_values_back_json_escaped() {
    let call = |delta: Value| ScriptStep::Chunk(frame(json!({ "tool_calls": [delta] })));
    let piece = |text: &str| call(json!({ "index": 0, "function": { "arguments": text } }));
    let upstream = Upstream::playing(vec![
        stream_head(),
        call(
            json!({ "index": 0, "id": "call_9", "type": "function", "function": { "name": "pay", "arguments": "" } }),
        ),
        piece("{\"card\":\"[CA"),
        piece("RD_1]\",\"to\":\"[NAME"),
        piece("_1]\"}"),
        ScriptStep::Chunk(choice_frame(0, json!({}), json!("tool_calls"))),
        ScriptStep::Chunk(b"data: [DONE]\n\n".to_vec()),
        ScriptStep::EndChunks,
    ]);
    let aside = chain(&upstream);
    let body = with(
        &private_turn(),
        json!({
            "customer": { "name": "Dana \"Dee\" Whitfield", "email": "dana@example.com" },
            "messages": [{ "role": "user", "content": format!("Dana \"Dee\" Whitfield, {CARD}") }],
        }),
    );
    let reply = Reply::read(&aside.client().post(CHAT, &[], &body).text());
    let (name, arguments) = reply.call(0);
    assert_eq!(name, "pay");
    let arguments: Value = serde_json::from_str(&arguments).expect("arguments are JSON");
    assert_eq!(
        arguments,
        json!({ "card": CARD, "to": "Dana \"Dee\" Whitfield" })
    );
    assert_eq!(reply.finishes(0), ["tool_calls"]);
}

#[test]
fn each_choice_is_restored_by_itself() {
    let says = |choice, text: &str| {
        ScriptStep::Chunk(choice_frame(
            choice,
            json!({ "content": text }),
            Value::Null,
        ))
    };
    let ends = |choice| ScriptStep::Chunk(choice_frame(choice, json!({}), json!("stop")));
    let upstream = Upstream::playing(vec![
        stream_head(),
        says(0, "One [CA"),
        says(1, "Two [ORD"),
        says(0, "RD_1]."),
        says(1, "ER_1]."),
        ends(1),
        ends(0),
        ScriptStep::Chunk(b"data: [DONE]\n\n".to_vec()),
        ScriptStep::EndChunks,
    ]);
    let aside = chain(&upstream);
    let body = with(&private_turn(), json!({ "n": 2 }));
    let reply = Reply::read(&aside.client().post(CHAT, &[], &body).text());
    assert_eq!(upstream.request(0).json()["n"], 2);
    assert_eq!(reply.text(0), format!("One {CARD}."));
    assert_eq!(reply.text(1), "Two ORD-12345678.");
    assert_eq!((reply.finishes(0).len(), reply.finishes(1).len()), (1, 1));
}

#[test]
fn a_whole_completion_is_restored_too() {
    let upstream = Upstream::playing(completion("Charging **[CARD_1]** now."));
    let aside = chain(&upstream);
    let body = with(&private_turn(), json!({ "stream": false }));
    let json = aside.client().post(CHAT, &[], &body).json();
    assert_eq!(
        json["choices"][0]["message"]["content"],
        format!("Charging {CARD} now.")
    );
    assert_eq!(json["usage"]["total_tokens"], 2);
}

#[test]
fn s08_a_placeholder_that_the_caller_says_is_not_restored() {
    let upstream = Upstream::start(|request, _| {
        let json = request.json();
        let messages = json["messages"].as_array().cloned().unwrap_or_default();
        let last = messages.last().cloned().unwrap_or_default();
        saying(&["You said: ", last["content"].as_str().unwrap_or_default()])
    });
    let aside = chain(&upstream);
    let messages = json!([
        { "role": "user", "content": format!("Card {CARD}.") },
        { "role": "user", "content": "I say [CARD_1] and [NAME_1]." },
    ]);
    let body = with(&turn(""), json!({ "messages": messages }));
    let reply = Reply::read(&aside.client().post(CHAT, &[], &body).text());
    assert_eq!(reply.heard(), "You said: I say [CARD_1] and [NAME_1].");
}

#[test]
fn s06_no_call_hears_the_values_of_another() {
    let upstream = Upstream::playing(saying(&["[CARD_1] [NAME_1] [EMAIL_1] [ORDER_1]"]));
    let aside = chain(&upstream);
    let first = Reply::read(&aside.client().post(CHAT, &[], &private_turn()).text());
    assert!(first.heard().contains(CARD));
    let second = Reply::read(&aside.client().post(CHAT, &[], &turn("Hi.")).text());
    assert_eq!(second.heard(), "that that that that");
}

#[test]
fn the_prefix_stays_as_it_was_from_turn_to_turn() {
    let upstream = Upstream::playing(saying(&["Fine."]));
    let aside = chain(&upstream);
    let mut messages = vec![json!({ "role": "system", "content": "Be brief." })];
    let mut sent: Vec<String> = Vec::new();
    for number in 0..4 {
        let said = format!("Charge {CARD} for ORD-0000000{number}, I am Dana Whitfield.");
        messages.push(json!({ "role": "user", "content": said }));
        let more = json!({ "messages": messages, "customer": { "name": "Dana Whitfield" , "email": "d@example.com" } });
        assert_eq!(
            aside
                .client()
                .post(CHAT, &[], &with(&turn(""), more))
                .status,
            200
        );
        let text = upstream.request(number).text();
        if let Some(before) = sent.last() {
            // Everything up to what was injected before the newest user message.
            let stable = &before[..before
                .find("{\"role\":\"system\",\"content\":\"The caller")
                .expect("injected")];
            assert!(text.starts_with(stable), "{stable}\n{text}");
        }
        sent.push(text);
        messages.push(json!({ "role": "assistant", "content": "Fine." }));
    }
}

#[test]
fn a_redact_rule_that_fails_sends_nothing() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let failing = "about = \"x\"\non_error = \"fail\"\n[then.inject]\ntext = \"{{ customer.nobody.knows }}\"\n";
    let setup = Setup::with_config(&config(&upstream, "")).rule("10-fails", failing);
    let aside = Aside::serve(&setup);
    let reply = Reply::read(&aside.client().post(CHAT, &[], &turn("Hi.")).text());
    assert_eq!(reply.heard(), crate::wire::APOLOGY);
    assert_eq!(upstream.count(), 0);
}

#[test]
fn text_that_nobody_touches_leaves_as_the_bytes_it_came_in() {
    let odd = b"data: {\"choices\":[ {\"index\":0,\"delta\":{\"content\":\"Caf\\u00e9 \"},\"x\":1e400 }],\"seed\":15924764223251450000}\n\n";
    let upstream = Upstream::playing(vec![
        stream_head(),
        ScriptStep::Chunk(odd.to_vec()),
        stop(),
        ScriptStep::EndChunks,
    ]);
    let aside = chain(&upstream);
    let answer = aside.client().post(CHAT, &[], &turn("Hi."));
    assert!(answer.body.starts_with(odd), "{}", answer.text());
}
