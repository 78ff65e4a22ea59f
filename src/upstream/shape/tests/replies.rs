//! What of a reply is undone.

use super::super::*;
use super::{request, shape};
use crate::chat::reader::Event;

/// The way back of a request in a shape.
fn back_of(shape: &MessageShape, lines: &[&str], fields: &str) -> (ShapeBack, Vec<Message>) {
    let request = request(lines, fields);
    let shaped = shaped(&request, shape, &HistoryMends::ALL);
    (shaped.back, shaped.request.messages().to_vec())
}

fn event(back: &mut ShapeBack, data: &str) -> String {
    back.event(Event::of(data.to_owned())).data.to_string()
}

#[test]
fn an_id_that_the_reply_repeats_is_the_one_that_came() {
    let lines = ["user: a", "call call_1", "result call_1: x"];
    let (mut back, messages) = back_of(&shape("tool_ids = \"nine\""), &lines, "");
    let id = messages[2]
        .field("tool_call_id")
        .expect("an id")
        .to_string();
    let piece = |id: &str| {
        format!(
            r#"{{"choices":[{{"index":0,"delta":{{"tool_calls":[{{"index":0,"id":{id}, "function":{{"name":"f"}}}}]}}}}]}}"#
        )
    };
    assert_eq!(event(&mut back, &piece(&id)), piece("\"call_1\""));
    for other in ["\"abcDEF123\"", "null", "\"\""] {
        assert_eq!(event(&mut back, &piece(other)), piece(other));
    }
    let whole = |id: &str| {
        format!(
            r#"{{"choices":[{{"message":{{"content":null,"tool_calls":[{{"id":{id}}},{{"id":"abcDEF123"}}]}}}}]}}"#
        )
    };
    assert_eq!(back.whole(whole(&id)), whole("\"call_1\""));
    let text = r#"{"choices":[{"delta":{"content":"call_1"}}]}"#;
    assert_eq!(event(&mut back, text), text);
}

const TOOLS: MessageShape = MessageShape {
    functions: LegacyFunctions::Tools,
    ..MessageShape::ANY
};
const OFFERED: &str = r#","functions":[{"name":"f"}]"#;

#[test]
fn tool_calls_come_back_as_the_function_call_that_was_asked_for() {
    let (mut back, _) = back_of(&TOOLS, &["user: a"], OFFERED);
    for (piece, expected) in [
        (
            r#"{"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"x","type":"function","function":{"name":"f","arguments":""}}]},"finish_reason":null}]}"#,
            r#"{"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":null,"function_call":{"name":"f","arguments":""}},"finish_reason":null}]}"#,
        ),
        (
            r#"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\""}}]}}]}"#,
            r#"{"choices":[{"index":0,"delta":{"function_call":{"arguments":"{\"a\""}}}]}"#,
        ),
        // There is room for one.
        (
            r#"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"y","function":{"name":"g","arguments":"{}"}}]}}]}"#,
            r#"{"choices":[{"index":0,"delta":{}}]}"#,
        ),
        (
            r#"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"z","function":{"name":"g","arguments":"{}"}}]}}]}"#,
            r#"{"choices":[{"index":0,"delta":{}}]}"#,
        ),
        // Another choice has its own.
        (
            r#"{"choices":[{"index":1,"delta":{"tool_calls":[{"index":0,"id":"z","function":{"name":"g","arguments":{"a":1}}}]}}]}"#,
            r#"{"choices":[{"index":1,"delta":{"function_call":{"name":"g","arguments":"{\"a\":1}"}}}]}"#,
        ),
        (
            r#"{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}],"usage":null}"#,
            r#"{"choices":[{"index":0,"delta":{},"finish_reason":"function_call"}],"usage":null}"#,
        ),
        (
            r#"{"choices":[ {"index":0,"delta":{"content":"a"},"finish_reason":"stop"} ]}"#,
            r#"{"choices":[ {"index":0,"delta":{"content":"a"},"finish_reason":"stop"} ]}"#,
        ),
    ] {
        assert_eq!(event(&mut back, piece), expected);
    }
    assert_eq!(event(&mut back, "[DONE]"), "[DONE]");
}

#[test]
fn a_whole_reply_has_its_function_call() {
    let (mut back, _) = back_of(&TOOLS, &["user: a"], OFFERED);
    let whole = r#"{"choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"x","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"y","type":"function","function":{"name":"g","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}"#;
    let expected = r#"{"choices":[{"index":0,"message":{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},"finish_reason":"function_call"}]}"#;
    assert_eq!(back.whole(whole.to_owned()), expected);
    let said =
        r#"{"choices":[{"message":{"content":"a","tool_calls":null},"finish_reason":"stop"}]}"#;
    let expected = r#"{"choices":[{"message":{"content":"a"},"finish_reason":"stop"}]}"#;
    assert_eq!(back.whole(said.to_owned()), expected);
}

#[test]
fn where_nothing_was_changed_a_reply_stays_as_it_came() {
    let (mut back, _) = back_of(&shape("alternate = true"), &["user: a"], "");
    assert!(back.is_empty());
    let whole = r#"{ "choices":[{"message":{"tool_calls":[{"id":"x"}]}}]}"#;
    assert_eq!(back.whole(whole.to_owned()), whole);
}
