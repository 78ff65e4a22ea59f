//! The model's reply given again to the same request of the same call.

use serde_json::{Value, json};

use crate::answer::{CARD, REDACT, heard, said_by_dana, serve, turn_line};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{
    CHAT, choice_frame, completion, frame, saying, says, stream_head, turn_of, with,
};

const REPEAT: &str = "about = \"x\"\n[then.answer]\nrepeat = \"10m\"\n";
const REPEATING: [(&str, &str); 2] = [("10-private", REDACT), ("20-repeat", REPEAT)];

#[test]
fn the_same_words_of_the_same_call_get_the_same_reply_with_the_values_of_their_turn() {
    let number = |count: usize| saying(&["For [NA", "ME_1]: ", &format!("\"{count}\" \\ é.")]);
    let upstream = Upstream::start(move |_, count| number(count));
    let aside = serve(&upstream, &REPEATING);
    let dana = said_by_dana("I am Dana Whitfield.");
    let first = heard(&aside, &dana);
    assert_eq!(first, "For Dana Whitfield: \"0\" \\ é.");
    assert_eq!(heard(&aside, &dana), first);
    let line = turn_line(&aside);
    assert_eq!(
        (&line["upstream"], &line["answered_by"]),
        (&json!("mock"), &Value::Null)
    );
    // Another name behind the same placeholder is the same request upstream.
    let lee = String::from_utf8(dana.clone())
        .expect("text")
        .replace("Dana Whitfield", "Lee Ortega");
    assert_eq!(
        heard(&aside, lee.as_bytes()),
        first.replace("Dana Whitfield", "Lee Ortega")
    );
    let not_streamed = with(&dana, json!({ "stream": false }));
    let json = aside.client().post(CHAT, &[], &not_streamed).json();
    assert_eq!(json["choices"][0]["message"]["content"], first);
    assert_eq!(upstream.count(), 1);
    let metrics = aside.client().get("/metrics", &[]).text();
    let step = "aside_rule_outcome_total{rule=\"20-repeat\",outcome=\"changed\"} 3";
    assert!(metrics.contains(step), "{metrics}");
}

#[test]
fn another_call_another_history_or_other_fields_are_asked_anew() {
    let upstream = Upstream::start(|_, count| saying(&[&count.to_string()]));
    let aside = serve(&upstream, &REPEATING);
    let body = turn_of("call-1", "Hi.");
    assert_eq!(heard(&aside, &body), "0");
    let longer = json!([
        { "role": "system", "content": "Be brief." }, { "role": "user", "content": "Hi." },
        { "role": "assistant", "content": "0" }, { "role": "user", "content": "Hi." },
    ]);
    let tool = json!([{ "type": "function", "function": { "name": "a" } }]);
    for (other, expected) in [
        (turn_of("call-2", "Hi."), "1"),
        (turn_of("call-1", "Hi"), "2"),
        (with(&body, json!({ "messages": longer })), "3"),
        (with(&body, json!({ "tools": tool })), "4"),
        (with(&body, json!({ "temperature": 0.25 })), "5"),
        (with(&body, json!({ "call": null })), "6"),
        (with(&body, json!({ "call": null })), "7"),
        (body.clone(), "0"),
    ] {
        assert_eq!(heard(&aside, &other), expected);
    }
}

#[test]
fn only_a_reply_that_came_whole_and_is_text_alone_is_kept() {
    let end = |finish: &str| {
        let mut end = choice_frame(0, json!({}), json!(finish));
        end.extend_from_slice(b"data: [DONE]\n\n");
        vec![ScriptStep::Chunk(end), ScriptStep::EndChunks]
    };
    let script = |more: Vec<ScriptStep>, end: Vec<ScriptStep>| {
        let mut steps = vec![stream_head(), says("Hello.")];
        steps.extend(more);
        steps.extend(end);
        steps
    };
    let call = json!({ "tool_calls": [{ "index": 0, "id": "c", "type": "function",
        "function": { "name": "a", "arguments": "{}" } }] });
    for (what, steps) in [
        ("cut", script(vec![], vec![ScriptStep::EndChunks])),
        ("too long", script(vec![], end("length"))),
        ("filtered", script(vec![], end("content_filter"))),
        (
            "a call",
            script(vec![ScriptStep::Chunk(frame(call))], end("tool_calls")),
        ),
        (
            "a refusal",
            script(
                vec![ScriptStep::Chunk(frame(json!({ "refusal": "No." })))],
                end("stop"),
            ),
        ),
        (
            "two choices",
            script(
                vec![ScriptStep::Chunk(choice_frame(
                    1,
                    json!({ "content": "x" }),
                    json!("stop"),
                ))],
                end("stop"),
            ),
        ),
    ] {
        let upstream = Upstream::playing(steps);
        let aside = serve(&upstream, &REPEATING);
        for count in 1..=2 {
            aside.client().post(CHAT, &[], &turn_of("call-1", "Hi."));
            assert_eq!(upstream.count(), count, "{what}");
        }
    }
}

#[test]
fn a_completion_is_kept_as_well_and_given_again_as_a_stream() {
    let upstream = Upstream::playing(completion("For [CARD_1]."));
    let aside = serve(&upstream, &REPEATING);
    let body = turn_of("call-1", CARD);
    let not_streamed = with(&body, json!({ "stream": false }));
    let json = aside.client().post(CHAT, &[], &not_streamed).json();
    assert_eq!(
        json["choices"][0]["message"]["content"],
        format!("For {CARD}.")
    );
    assert_eq!(heard(&aside, &body), format!("For {CARD}."));
    assert_eq!(upstream.count(), 1);
}
