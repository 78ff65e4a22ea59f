//! Who stands before tool calls, and which tools are declared of those that were called.

use super::*;

#[test]
fn calls_stand_right_behind_the_caller_or_a_result() {
    let gemini = "before_calls = \"user\"";
    for (lines, expected) in [
        (
            &["system: s", "call a", "result a: x"][..],
            &["system: s", "user: …", "call a", "result a: x"][..],
        ),
        (
            &[
                "system: s",
                "call a",
                "result a: x",
                "assistant: b",
                "user: c",
            ],
            &[
                "system: s",
                "user: …",
                "call a",
                "result a: x",
                "assistant: b",
                "user: c",
            ],
        ),
        (
            &[
                "system: s",
                "assistant: hello",
                "call a",
                "result a: x",
                "user: c",
            ],
            &[
                "system: s",
                "user: …",
                "call a: hello",
                "result a: x",
                "user: c",
            ],
        ),
        (
            &[
                "user: c",
                "assistant: one",
                "assistant: moment",
                "call a: now",
                "result a: x",
            ],
            &["user: c", "call a: one / moment / now", "result a: x"],
        ),
        (
            &[
                "user: c",
                "call a",
                "result a: x",
                "assistant: b",
                "call b",
                "result b: y",
            ],
            &[
                "user: c",
                "call a",
                "result a: x",
                "call b: b",
                "result b: y",
            ],
        ),
        (
            &["user: c", "system: t", "call a", "result a: x"],
            &["user: c", "system: t", "call a", "result a: x"],
        ),
        (
            &["assistant: hello", "assistant: you", "user: c"],
            &["assistant: hello", "assistant: you", "user: c"],
        ),
    ] {
        check(gemini, lines, expected);
    }
    // What stands apart from its calls is no part of them.
    check(
        "before_calls = \"user\"; beside_calls = \"apart\"",
        &["user: c", "assistant: wait", "call a: now", "result a: x"],
        &[
            "user: c",
            "assistant: wait",
            "assistant: now",
            "user: …",
            "call a",
            "result a: x",
        ],
    );
}

#[test]
fn a_call_that_nobody_asked_for_needs_one_caller_and_no_other() {
    let gemini = "system = \"first\"; user = true; before_calls = \"user\"";
    check(
        gemini,
        &["system: s", "call a", "result a: x"],
        &["system: s", "user: …", "call a", "result a: x"],
    );
    check(
        gemini,
        &["system: s", "assistant: hello", "call a", "result a: x"],
        &["system: s", "user: …", "call a: hello", "result a: x"],
    );
}

#[test]
fn tools_of_the_history_are_declared_where_none_are() {
    let declare = shape("undeclared = \"declare\"");
    let lines = [
        "user: a",
        "call x y",
        "result x: 1",
        "result y: 2",
        "user: b",
    ];
    for none in ["", r#","tools":[]"#, r#","tools":null"#] {
        let request = request(&lines, none);
        let shaped = shaped(&request, &declare, &HistoryMends::ALL);
        let tools = shaped.request.field("tools").expect("tools");
        let tools: serde_json::Value = serde_json::from_str(tools).expect("JSON");
        assert_eq!(tools.as_array().map(Vec::len), Some(1), "{tools}");
        assert_eq!(tools[0]["function"]["name"], "f");
        assert_eq!(tools[0]["function"]["parameters"]["type"], "object");
        assert_eq!(shaped.notes.len(), 1, "{:?}", shaped.notes);
        let again = super::super::shaped(&shaped.request, &declare, &HistoryMends::ALL);
        assert!(matches!(again.request, Cow::Borrowed(_)));
    }
    // What a rule or the platform took stays taken, and without a call none is needed.
    let other = r#","tools":[{"type":"function","function":{"name":"g"}}]"#;
    for (lines, fields) in [(&lines[..], other), (&["user: a"], "")] {
        let request = request(lines, fields);
        let shaped = shaped(&request, &declare, &HistoryMends::ALL);
        assert!(matches!(shaped.request, Cow::Borrowed(_)), "{fields}");
    }
}
