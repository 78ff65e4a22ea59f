//! Tool calls one a message, words beside them, and ids that are too long.

use super::super::*;
use super::{check, check_with, request, shape};

#[test]
fn calls_go_one_a_message_each_with_its_result() {
    const ONE: &str = "calls = \"one\"";
    check(
        ONE,
        &[
            "user: a",
            "call x y z: wait",
            "result z: 3",
            "result x: 1",
            "result y: 2",
            "assistant: b",
        ],
        &[
            "user: a",
            "call x: wait",
            "result x: 1",
            "call y",
            "result y: 2",
            "call z",
            "result z: 3",
            "assistant: b",
        ],
    );
    // A call whose result is missing has one that says so.
    check(
        ONE,
        &["user: a", "call x y", "result y: 2", "user: b"],
        &[
            "user: a",
            "call x",
            "result x: The tool gave no result.",
            "call y",
            "result y: 2",
            "user: b",
        ],
    );
    let single = [
        "user: a",
        "call x",
        "result x: 1",
        "call y",
        "result y: 2",
        "user: b",
    ];
    check(ONE, &single, &single);
    check(
        "calls = \"one\"; alternate = true; tool_ids = \"nine\"",
        &[
            "user: a",
            "call Ab3456789 x",
            "result x: 2",
            "result Ab3456789: 1",
        ],
        &[
            "user: a",
            "call Ab3456789",
            "result Ab3456789: 1",
            "call Cbd2TBFKt",
            "result Cbd2TBFKt: 2",
        ],
    );
    // What is switched off is parted all the same, and never merged again.
    check_with(
        &shape("calls = \"one\"; merge = true"),
        &HistoryMends::NONE,
        &["user: a", "call x", "call y", "result x: 1", "result y: 2"],
        &[
            "user: a",
            "call x",
            "user: …",
            "call y",
            "result x: 1",
            "result y: 2",
        ],
    );
}

#[test]
fn a_call_that_is_parted_says_nothing_again() {
    let calls = r#"{"role":"assistant","content":"w","refusal":"r","reasoning_content":"t","tool_calls":[{"id":"x","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"y","type":"function","extra_content":{"s":1},"function":{"name":"g","arguments":"{}"}}]}"#;
    let request = request(&["user: a", calls, "result x: 1", "result y: 2"], "");
    for (text, content) in [
        ("calls = \"one\"", Some("null")),
        ("calls = \"one\"; empty = \"omit\"", None),
        ("calls = \"one\"; empty = \"text\"", Some("\"…\"")),
        (
            "calls = \"one\"; empty = \"text\"; beside_calls = \"apart\"",
            None,
        ),
    ] {
        let shaped = shaped(&request, &shape(text), &HistoryMends::ALL);
        let messages = shaped.request.messages();
        let second = &messages[messages.len() - 2];
        assert_eq!(
            second.field("content").map(|json| &**json),
            content,
            "{text}"
        );
        assert_eq!(second.field("refusal"), None);
        let calls = second.field("tool_calls").expect("a call");
        assert!(calls.contains(r#""extra_content":{"s":1}"#), "{calls}");
    }
}

#[test]
fn words_beside_calls_go_before_them() {
    const APART: &str = "beside_calls = \"apart\"";
    let lines = [
        "user: a",
        "call x: Let me look.",
        "result x: 1",
        "assistant: b",
        "user: c",
    ];
    check(
        APART,
        &lines,
        &[
            "user: a",
            "assistant: Let me look.",
            "call x",
            "result x: 1",
            "assistant: b",
            "user: c",
        ],
    );
    // Merged with its calls it would be beside them again.
    for turns in [
        "beside_calls = \"apart\"; merge = true",
        "beside_calls = \"apart\"; alternate = true; empty = \"text\"",
    ] {
        check(
            turns,
            &lines,
            &[
                "user: a",
                "assistant: Let me look.",
                "user: …",
                "call x",
                "result x: 1",
                "assistant: b",
                "user: c",
            ],
        );
    }
    check(
        "beside_calls = \"apart\"; alternate = true",
        &["user: a", "assistant: wait", "call x", "result x: 1"],
        &[
            "user: a",
            "assistant: wait",
            "user: …",
            "call x",
            "result x: 1",
        ],
    );
    let null = r#"{"role":"assistant","content":null,"tool_calls":[{"id":"x","type":"function","function":{"name":"f","arguments":"{}"}}]}"#;
    let bare = ["user: a", null, "result x: 1"];
    check(APART, &bare, &["user: a", "call x", "result x: 1"]);
}

#[test]
fn ids_become_short_where_they_would_be_refused_alone() {
    let long = "chatcmpl-tool-0123456789abcdef0123456789abcdef";
    let fits = ["call_abcDEF-123", "toolu_01A09q90qw90lq917835lq9", "x"];
    for id in fits {
        let lines = [
            "user: a".to_owned(),
            format!("call {id}"),
            format!("result {id}: 1"),
        ];
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        check("tool_ids = \"short\"", &lines, &lines);
    }
    let refused = [long, "functions.get_weather:0", "call_ü", "a b"];
    for id in refused {
        let call = format!(
            r#"{{"role":"assistant","tool_calls":[{{"id":"{id}","type":"function","function":{{"name":"f","arguments":"{{}}"}}}},{{"id":"y","type":"function","function":{{"name":"f","arguments":"{{}}"}}}}]}}"#
        );
        let result = format!(r#"{{"role":"tool","tool_call_id":"{id}","content":"1"}}"#);
        let request = request(&["user: a", &call, &result, "result y: 2"], "");
        let mut shaped = shaped(&request, &shape("tool_ids = \"short\""), &HistoryMends::ALL);
        let taken = super::templates::short(shaped.request.messages());
        assert_eq!(taken, Ok(()), "{id}");
        assert!(
            shaped.request.messages()[1]
                .field("tool_calls")
                .is_some_and(|calls| calls.contains(r#""id":"y""#))
        );
        // The reply speaks of the id that came.
        let result = &shaped.request.messages()[2];
        let new = result.field("tool_call_id").expect("an id").to_string();
        let reply = format!(
            r#"{{"choices":[{{"index":0,"message":{{"role":"assistant","tool_calls":[{{"id":{new},"type":"function","function":{{"name":"f","arguments":"{{}}"}}}}]}}}}]}}"#
        );
        let back = shaped.back.whole(reply);
        assert!(back.contains(&format!(r#""id":"{id}""#)), "{back}");
    }
}
