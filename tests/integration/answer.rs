//! Turns that a rule answers in the model's place.

use std::time::Instant;

use serde_json::{Value, json};

use crate::DEADLINE;
use crate::aside::{Aside, Setup, config};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{CHAT, Reply, completion, saying, says, stream_head, turn_of, with};

pub(crate) const CARD: &str = "4111 1111 1111 1111";
pub(crate) const REDACT: &str =
    "about = \"x\"\n[then.redact]\nfind = [\"card\"]\nknown = [\"customer.name\"]\nreply = true\n";
const GOODBYE: &str = r#"about = "Goodbye ends the call."
when = 'turn.user.matches(r"(?i)\b(good)?bye\b")'
[then.answer]
say = "Goodbye, {{ customer.name | default('friend') }}: {{ turn.user }}"
call = { name = "endCall", arguments = { reason = "{{ turn.user }}" } }
"#;
const JSON: &str = "\n[log]\nformat = \"json\"\n";

/// A call in which a name is known.
pub(crate) fn said_by_dana(text: &str) -> Vec<u8> {
    with(
        &turn_of("call-1", text),
        json!({ "customer": { "name": "Dana Whitfield" } }),
    )
}

pub(crate) fn serve(upstream: &Upstream, rules: &[(&str, &str)]) -> Aside {
    let setup = Setup::with_config(&format!("{}{JSON}", config(upstream, "")));
    let with_rules = rules.iter();
    Aside::serve(&with_rules.fold(setup, |setup, (name, rule)| setup.rule(name, rule)))
}

/// What the caller hears of a turn.
pub(crate) fn heard(aside: &Aside, body: &[u8]) -> String {
    Reply::read(&aside.client().post(CHAT, &[], body).text()).heard()
}

/// The line of the log of the only turn so far.
pub(crate) fn turn_line(aside: &Aside) -> Value {
    let deadline = Instant::now() + DEADLINE;
    loop {
        let printed = aside.printed();
        let lines = printed
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok());
        let mut lines = lines.map(|line: Value| line["fields"].clone());
        if let Some(line) = lines.find(|line| line["message"] == "turn") {
            return line;
        }
        assert!(Instant::now() < deadline, "no turn: {printed}");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

#[test]
fn goodbye_is_said_in_clear_and_ends_the_call_without_a_model() {
    let upstream = Upstream::playing(saying(&["Never."]));
    // Whether what hides stands before it or behind it.
    for redact in ["05-private", "50-private"] {
        let aside = serve(&upstream, &[("10-goodbye", GOODBYE), (redact, REDACT)]);
        let said = format!("Bye, I am Dana Whitfield with {CARD} and [CARD_1].");
        let answer = aside.client().post(CHAT, &[], &said_by_dana(&said));
        let reply = Reply::read(&answer.text());
        assert_eq!(reply.heard(), format!("Goodbye, Dana Whitfield: {said}"));
        let (tool, arguments) = reply.call(0);
        let arguments: Value = serde_json::from_str(&arguments).expect("JSON");
        assert_eq!(
            (tool.as_str(), arguments),
            ("endCall", json!({ "reason": said }))
        );
        assert_eq!(reply.finishes(0), ["tool_calls"]);
        let id = reply.frames[1]["choices"][0]["delta"]["tool_calls"][0]["id"].as_str();
        assert!(id.is_some_and(|id| id.starts_with("call_")), "{id:?}");
        assert!(answer.header("x-aside-turn").is_some());
        let line = turn_line(&aside);
        assert_eq!(line["outcome"], "answered");
        assert_eq!(
            (&line["answered_by"], &line["upstream"]),
            (&json!("10-goodbye"), &Value::Null)
        );
        assert!(line["first_word_ms"].is_number());
        let metrics = aside.client().get("/metrics", &[]).text();
        for private in ["Dana", "4111 1111", "41111111"] {
            assert!(!aside.printed().contains(private), "{}", aside.printed());
            assert!(!metrics.contains(private), "{metrics}");
        }
        let step = "aside_rule_outcome_total{rule=\"10-goodbye\",outcome=\"changed\"} 1";
        assert!(metrics.contains(step), "{metrics}");
        let behind = format!("aside_rule_outcome_total{{rule=\"{redact}\",outcome=\"skipped\"}} 1");
        assert_eq!(
            metrics.contains(&behind),
            redact == "50-private",
            "{metrics}"
        );
    }
    assert_eq!(upstream.count(), 0);
}

#[test]
fn a_call_alone_has_no_text_before_it_and_each_turn_its_own_id() {
    let upstream = Upstream::playing(saying(&["Never."]));
    let rule = "about = \"x\"\n[then.answer]\ncall = { name = \"endCall\" }\n";
    let aside = serve(&upstream, &[("10-end", rule)]);
    let mut ids = Vec::new();
    for _ in 0..2 {
        let body = with(
            &turn_of("c", "Hi."),
            json!({ "stream_options": { "include_usage": true } }),
        );
        let reply = Reply::read(&aside.client().post(CHAT, &[], &body).text());
        assert_eq!(reply.heard(), "");
        assert_eq!(reply.call(0), ("endCall".to_owned(), "{}".to_owned()));
        assert_eq!(reply.finishes(0), ["tool_calls"]);
        let last = reply.frames.last().expect("a frame");
        assert_eq!(last["choices"], json!([]));
        let zeros = json!({ "prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0 });
        assert_eq!(last["usage"], zeros);
        let first = &reply.frames[0];
        assert_eq!(
            (&first["model"], &first["object"]),
            (&json!("gpt-4o"), &json!("chat.completion.chunk"))
        );
        assert!(
            first["created"]
                .as_u64()
                .is_some_and(|created| created > 1_700_000_000)
        );
        ids.push(first["choices"][0]["delta"]["tool_calls"][0]["id"].clone());
    }
    assert_ne!(ids[0], ids[1]);
    let plain = Reply::read(&aside.client().post(CHAT, &[], &turn_of("c", "Hi.")).text());
    assert!(
        plain.frames.iter().all(|frame| frame["usage"].is_null()),
        "{plain:?}"
    );
}

#[test]
fn a_turn_that_is_not_streamed_gets_one_completion() {
    let upstream = Upstream::playing(completion("Never."));
    let aside = serve(&upstream, &[("10-goodbye", GOODBYE)]);
    let body = with(&said_by_dana("Bye!"), json!({ "stream": false }));
    let json = aside.client().post(CHAT, &[], &body).json();
    let choice = &json["choices"][0];
    assert_eq!(
        choice["message"]["content"],
        "Goodbye, Dana Whitfield: Bye!"
    );
    let function = &choice["message"]["tool_calls"][0]["function"];
    assert_eq!(
        function,
        &json!({ "name": "endCall", "arguments": "{\"reason\":\"Bye!\"}" })
    );
    assert_eq!(choice["finish_reason"], "tool_calls");
    assert_eq!(json["usage"]["total_tokens"], 0);
    assert_eq!(
        (upstream.count(), &json["object"]),
        (0, &json!("chat.completion"))
    );
}

#[test]
fn what_is_said_passes_the_replies_of_rules_before_it_but_for_those_that_hide() {
    let rewrite =
        "about = \"x\"\n[then.rewrite]\nfind = 'Acme'\nreplace = 'ACME'\nin = ['reply']\n";
    let answer = "about = \"x\"\n[then.answer]\nsay = \"Acme: {{ turn.user }}\"\n";
    let upstream = Upstream::playing(saying(&["Never."]));
    let rules = [
        ("10-private", REDACT),
        ("20-brand", rewrite),
        ("30-answer", answer),
        ("40-brand", rewrite),
    ];
    let aside = serve(&upstream, &rules);
    let reply = Reply::read(&aside.client().post(CHAT, &[], &said_by_dana(CARD)).text());
    assert_eq!(reply.heard(), format!("ACME: {CARD}"));
}

#[test]
fn a_rule_that_fails_or_does_not_act_leaves_the_turn_to_the_model() {
    let upstream = Upstream::start(|_, _| saying(&["The model."]));
    let fails = "[then.answer]\nsay = \"{{ customer.mail }}\"\n";
    for (head, then, heard) in [
        ("", fails, Some("The model.")),
        ("on_error = \"fail\"\n", fails, None),
        (
            "shadow = true\n",
            "[then.answer]\nsay = \"Mine.\"\n",
            Some("The model."),
        ),
        (
            "percent = 0\n",
            "[then.answer]\nsay = \"Mine.\"\n",
            Some("The model."),
        ),
        (
            "enabled = false\n",
            "[then.answer]\nsay = \"Mine.\"\n",
            Some("The model."),
        ),
        (
            "percent = 100\n",
            "[then.answer]\nsay = \"Mine.\"\n",
            Some("Mine."),
        ),
        (
            "",
            "[then.answer]\nsay = \"{% if customer.mail %}x{% endif %}\"\n",
            Some("The model."),
        ),
    ] {
        let aside = serve(
            &upstream,
            &[("10-answer", &format!("about = \"x\"\n{head}{then}"))],
        );
        let reply = Reply::read(&aside.client().post(CHAT, &[], &said_by_dana("Hi.")).text());
        match heard {
            Some(heard) => assert_eq!(reply.heard(), heard, "{head}{then}"),
            None => assert!(reply.heard().starts_with("Sorry"), "{reply:?}"),
        }
    }
}

#[test]
fn a_shadow_rule_that_would_answer_is_counted_and_says_so() {
    let upstream = Upstream::playing(saying(&["The model."]));
    let rule = "about = \"x\"\nshadow = true\n[then.answer]\nsay = \"Mine.\"\n";
    let aside = serve(&upstream, &[("10-answer", rule)]);
    aside.client().post(CHAT, &[], &said_by_dana("Hi."));
    let counted = "aside_shadow_outcome_total{rule=\"10-answer\",outcome=\"changed\"} 1";
    let deadline = Instant::now() + DEADLINE;
    while !aside.client().get("/metrics", &[]).text().contains(counted) {
        assert!(
            Instant::now() < deadline,
            "{}",
            aside.client().get("/metrics", &[]).text()
        );
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

#[test]
fn a_turn_that_asked_a_model_ends_where_a_newer_one_is_answered_by_a_rule() {
    let upstream = Upstream::playing(vec![stream_head(), says("Well"), ScriptStep::Hang]);
    let aside = serve(&upstream, &[("10-goodbye", GOODBYE)]);
    let mut older = aside.client();
    older.send("POST", CHAT, &[], &said_by_dana("Tell me a story."));
    older.head();
    older.read_until("Well");
    let newer = Reply::read(&aside.client().post(CHAT, &[], &said_by_dana("Bye!")).text());
    assert_eq!(newer.call(0).0, "endCall");
    assert!(older.rest().ends_with("data: [DONE]\n\n"));
    assert!(upstream.is_gone(0, DEADLINE), "the older request goes on");
    assert_eq!(upstream.count(), 1);
}

#[test]
fn the_result_of_a_tool_that_a_rule_called_is_the_models() {
    let upstream = Upstream::playing(saying(&["It is saved."]));
    let rule = "about = \"x\"\n[then.answer]\ncall = { name = \"save\" }\n";
    let aside = serve(&upstream, &[("10-save", rule)]);
    let body = turn_of("call-1", "Save it.");
    let call = Reply::read(&aside.client().post(CHAT, &[], &body).text());
    assert_eq!(call.call(0).0, "save");
    let messages = json!([
        { "role": "user", "content": "Save it." },
        { "role": "assistant", "content": null, "tool_calls": [{ "id": "call_1", "type": "function",
            "function": { "name": "save", "arguments": "{}" } }] },
        { "role": "tool", "tool_call_id": "call_1", "content": "saved" },
    ]);
    assert_eq!(
        heard(&aside, &with(&body, json!({ "messages": messages }))),
        "It is saved."
    );
}
