//! Tool calls as upstreams number them: which tool gets the value back.

use serde_json::{Value, json};

use super::*;

const PAY: &str =
    "about = \"x\"\n[then.redact]\nfind = [\"email\"]\nrestore_tools = [\"pay\", \"book.to\"]";
const HIDDEN: &str = r#"{"to":"[EMAIL_1]"}"#;
const SHOWN: &str = r#"{"to":"a@example.com"}"#;

/// The arguments that arrive, chunk by chunk and joined, where each event holds these pieces of
/// tool calls. The same for every cut of their arguments.
fn arrive(events: &[Value]) -> String {
    let rules = ruleset(&[PAY]);
    let run = |events: &[Value]| {
        let deltas: Vec<String> = events.iter().map(Value::to_string).collect();
        let deltas: Vec<&str> = deltas.iter().map(String::as_str).collect();
        let stream = [sse(&deltas), finish()].concat();
        let played = play(reply_of(&rules, "a@example.com"), &[&stream]);
        check_well_formed("calls", &played);
        let mut all = String::new();
        for chunk in chunks(&played) {
            let delta = &chunk["choices"][0]["delta"];
            let calls = delta["tool_calls"].as_array().into_iter().flatten();
            let functions = calls.map(|call| &call["function"]);
            for function in functions.chain([&delta["function_call"]]) {
                all.push_str(function["arguments"].as_str().unwrap_or_default());
            }
        }
        all
    };
    let whole = run(events);
    for cut in 1..HIDDEN.len() {
        let cut_events: Vec<Value> = events
            .iter()
            .flat_map(|event| cut_in_two(event, cut))
            .collect();
        assert_eq!(run(&cut_events), whole, "cut at {cut}");
    }
    whole
}

/// An event whose arguments come in two events.
fn cut_in_two(event: &Value, cut: usize) -> Vec<Value> {
    let pointer = match event.get("function_call") {
        Some(_) => "/function_call",
        None => "/tool_calls/0/function",
    };
    let is_one = event["tool_calls"]
        .as_array()
        .is_none_or(|calls| calls.len() == 1);
    let text = event
        .pointer(pointer)
        .and_then(|call| call["arguments"].as_str());
    let Some((one, two)) = text
        .filter(|_| is_one)
        .and_then(|text| text.split_at_checked(cut))
    else {
        return vec![event.clone()];
    };
    let (mut first, mut second) = (event.clone(), event.clone());
    first.pointer_mut(pointer).expect("it is there")["arguments"] = one.into();
    let rest = second.pointer_mut(pointer).expect("it is there");
    *rest = json!({ "arguments": two });
    vec![first, second]
}

fn piece(index: Option<u64>, id: Value, name: Value, arguments: &str) -> Value {
    let mut call = json!({"id": id, "function": {"name": name, "arguments": arguments}});
    if let Some(index) = index {
        call["index"] = index.into();
    }
    json!({ "tool_calls": [call] })
}

#[test]
fn each_call_gets_what_its_own_tool_may_have() {
    let (both, swapped) = (format!("{HIDDEN}{SHOWN}"), format!("{SHOWN}{HIDDEN}"));
    let none = Value::Null;
    for index in [None, Some(0)] {
        for (first, second, expected) in [("look_up", "pay", &both), ("pay", "look_up", &swapped)] {
            assert_eq!(
                &arrive(&[
                    piece(index, json!("a"), json!(first), ""),
                    piece(index, none.clone(), none.clone(), HIDDEN),
                    piece(index, json!("b"), json!(second), HIDDEN),
                ]),
                expected,
                "a new id, index {index:?}"
            );
            assert_eq!(
                &arrive(&[
                    piece(index, none.clone(), json!(first), HIDDEN),
                    piece(index, json!(""), json!(second), HIDDEN),
                ]),
                expected,
                "a new name, index {index:?}"
            );
        }
    }
    for (first, second, expected) in [("look_up", "pay", both), ("pay", "look_up", swapped)] {
        let call = |name: &str| json!({"function_call": {"name": name, "arguments": HIDDEN}});
        assert_eq!(arrive(&[call(first), call(second)]), expected);
        let one = |index: u64, name: &str| json!({"index": index, "id": name, "function": {"name": name, "arguments": HIDDEN}});
        let events = [json!({"tool_calls": [one(0, first), one(0, second)]})];
        assert_eq!(arrive(&events), expected, "both in one event");
    }
}

#[test]
fn the_tool_is_the_one_whose_name_is_known_when_arguments_come() {
    let none = Value::Null;
    let go_on = || piece(Some(0), none.clone(), none.clone(), HIDDEN);
    for pieces in [
        vec![
            piece(Some(0), json!("a"), json!("pa"), ""),
            piece(Some(0), none.clone(), json!("y"), ""),
            go_on(),
        ],
        vec![
            piece(Some(0), json!("a"), json!(""), ""),
            piece(Some(0), none.clone(), json!("pay"), ""),
            go_on(),
        ],
        vec![
            piece(Some(0), json!("a"), none.clone(), ""),
            piece(Some(0), none.clone(), json!("pay"), HIDDEN),
        ],
        vec![
            piece(Some(0), json!("a"), json!("pay"), ""),
            piece(Some(0), json!("a"), json!("pay"), HIDDEN),
        ],
        vec![
            piece(None, json!("a"), json!("pay"), ""),
            piece(None, none.clone(), none.clone(), HIDDEN),
        ],
    ] {
        assert_eq!(arrive(&pieces), SHOWN, "{pieces:?}");
    }
    // Nobody knows whose arguments these are.
    let early = [go_on(), piece(Some(0), json!("a"), json!("pay"), "{}")];
    assert_eq!(arrive(&early), format!("{HIDDEN}{{}}"));
    let other = [
        piece(Some(0), json!("a"), json!("pay"), "{}"),
        piece(Some(0), json!("b"), none, HIDDEN),
    ];
    assert_eq!(arrive(&other), format!("{{}}{HIDDEN}"));
}

#[test]
fn what_is_held_of_a_call_leaves_before_the_next_one_begins() {
    let none = Value::Null;
    let events = [
        piece(Some(0), json!("a"), json!("pay"), "{\"to\":\"[EMAIL"),
        piece(Some(0), json!("b"), json!("pay"), HIDDEN),
        piece(Some(0), none.clone(), none, ""),
    ];
    let deltas: Vec<String> = events.iter().map(Value::to_string).collect();
    let deltas: Vec<&str> = deltas.iter().map(String::as_str).collect();
    let played = play(
        reply(&[PAY], "a@example.com"),
        &[&[sse(&deltas), finish()].concat()],
    );
    let pieces: Vec<(String, String)> = chunks(&played)
        .iter()
        .filter_map(|chunk| {
            let call = chunk.pointer("/choices/0/delta/tool_calls/0")?;
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            Some((text(&call["id"]), text(&call["function"]["arguments"])))
        })
        .collect();
    let expected = [("a", "{\"to\":\""), ("", "[EMAIL"), ("b", SHOWN), ("", "")];
    let expected = expected.map(|(id, text)| (id.to_owned(), text.to_owned()));
    assert_eq!(pieces, expected, "{played}");
}

#[test]
fn arguments_that_are_an_object_are_restored_too() {
    for (name, key, comes_back) in [
        ("pay", "x", true),
        ("book", "to", true),
        ("book", "x", false),
        ("look_up", "to", false),
    ] {
        let value = if comes_back {
            "a@example.com"
        } else {
            "[EMAIL_1]"
        };
        let arguments = json!({key: "[EMAIL_1]", "n": [1, 2.50, {"x": null}]});
        let expected = json!({key: value, "n": [1, 2.50, {"x": null}]});
        let call =
            json!({"index": 0, "id": "a", "function": {"name": name, "arguments": arguments}});
        let stream = [sse(&[&json!({"tool_calls": [call]}).to_string()]), finish()].concat();
        let played = play(reply(&[PAY], "a@example.com"), &[&stream]);
        let arrived = chunks(&played)[0]
            .pointer("/choices/0/delta/tool_calls/0/function/arguments")
            .cloned();
        let written = Value::from(expected.to_string());
        assert_eq!(arrived, Some(written.clone()), "{name}");
        let completion = json!({"choices": [{"index": 0, "message": {"tool_calls": [call]}}]});
        let whole = reply(&[PAY], "a@example.com")
            .whole(&completion.to_string())
            .expect("a completion");
        let whole: Value = serde_json::from_slice(&whole).expect("JSON");
        assert_eq!(
            whole["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"],
            written
        );
    }
}

#[test]
fn calls_of_a_whole_completion_stand_by_themselves() {
    let call =
        |id: &str, name: &str| json!({"id": id, "function": {"name": name, "arguments": HIDDEN}});
    let calls = [
        call("", "pay"),
        call("", "look_up"),
        call("a", "pay"),
        call("a", ""),
        call("b", "book"),
    ];
    let completion = json!({"choices": [{"index": 0, "message": {"tool_calls": calls}}]});
    let whole = reply(&[PAY], "a@example.com")
        .whole(&completion.to_string())
        .expect("a completion");
    let whole: Value = serde_json::from_slice(&whole).expect("JSON");
    let calls = whole["choices"][0]["message"]["tool_calls"]
        .as_array()
        .expect("calls");
    let arguments: Vec<&str> = calls
        .iter()
        .filter_map(|call| call["function"]["arguments"].as_str())
        .collect();
    assert_eq!(arguments, [SHOWN, HIDDEN, SHOWN, HIDDEN, SHOWN]);
}

#[test]
fn a_call_that_its_id_leads_back_to_goes_on_where_it_stood() {
    let none = Value::Null;
    for index in [None, Some(0)] {
        let events = [
            piece(
                index,
                json!("a"),
                json!("book"),
                "{\"x\":\"[EMAIL_1]\",\"to\":\"so [EM",
            ),
            piece(
                index,
                json!("b"),
                json!("look_up"),
                "{\"to\":\"[EMAIL_1]\"}",
            ),
            piece(index, json!("a"), none.clone(), "[EMAIL_1]\"}"),
        ];
        assert_eq!(
            arrive(&events),
            "{\"x\":\"[EMAIL_1]\",\"to\":\"so [EM{\"to\":\"[EMAIL_1]\"}a@example.com\"}"
        );
    }
}
