//! Histories that are mended for every upstream.

use super::super::*;
use super::{check, check_with, line_of, request};

/// Checks one mend, and that nothing happens where it is off.
fn check_mend(off: HistoryMends, lines: &[&str], expected: &[&str], note: &str) {
    let notes = check_with(&MessageShape::ANY, &HistoryMends::ALL, lines, expected);
    assert!(notes.iter().any(|told| told == note), "{notes:?}");
    check_with(&MessageShape::ANY, &off, lines, lines);
}

#[test]
fn calls_without_results_get_one_that_says_so() {
    let off = HistoryMends {
        tool_results: false,
        ..HistoryMends::ALL
    };
    check_mend(
        off,
        &["user: a", "call x y", "result y: 1", "user: b"],
        &[
            "user: a",
            "call x y",
            "result y: 1",
            "result x: The tool gave no result.",
            "user: b",
        ],
        "1 call had no result and got one that says so",
    );
    check_mend(
        off,
        &["user: a", "call x"],
        &["user: a", "call x", "result x: The tool gave no result."],
        "1 call had no result and got one that says so",
    );
    // An id that each turn has anew.
    check_mend(
        off,
        &["call x", "user: a", "call x", "result x: 1"],
        &[
            "call x",
            "result x: The tool gave no result.",
            "user: a",
            "call x",
            "result x: 1",
        ],
        "1 call had no result and got one that says so",
    );
    check_mend(
        off,
        &[
            "call x",
            "result x: pending",
            "result x: done",
            "result x: done",
            "user: a",
        ],
        &["call x", "result x: pending / done", "user: a"],
        "2 repeated results joined the first of the same call",
    );
}

#[test]
fn results_without_a_call_go() {
    let off = HistoryMends {
        tool_calls: false,
        ..HistoryMends::ALL
    };
    check_mend(
        off,
        &["system: s", "result gone: 1", "assistant: b", "user: c"],
        &["system: s", "assistant: b", "user: c"],
        "1 tool result without a call did not go",
    );
}

#[test]
fn what_stands_between_a_call_and_its_results_moves_behind_them() {
    let off = HistoryMends {
        order: false,
        ..HistoryMends::ALL
    };
    check_mend(
        off,
        &[
            "call x y",
            "result y: 1",
            "user: wait",
            "system: late",
            "result x: 2",
            "user: b",
        ],
        &[
            "call x y",
            "result y: 1",
            "result x: 2",
            "user: wait",
            "system: late",
            "user: b",
        ],
        "1 tool result moved to the call",
    );
    check_mend(
        off,
        &["call x", "call y", "result x: 1", "result y: 2"],
        &["call x", "result x: 1", "call y", "result y: 2"],
        "2 tool results moved to the call",
    );
    check("", &["result x: 1", "call x"], &["call x", "result x: 1"]);
}

#[test]
fn calls_and_results_without_an_id_find_each_other() {
    let nameless = r#"{"role":"assistant","content":null,"tool_calls":[{"type":"function","function":{"name":"f","arguments":"{}"}},{"id":"","function":{"name":"g"}}]}"#;
    let result = |text: &str| format!(r#"{{"role":"tool","content":"{text}"}}"#);
    check(
        "",
        &["user: a", nameless, &result("1"), &result("2")],
        &[
            "user: a",
            "call call_0_0 call_0_1",
            "result call_0_0: 1",
            "result call_0_1: 2",
        ],
    );
    check(
        "",
        &["call x x", "result x: 1", "result x: 2"],
        &["call x call_0_1", "result x: 1", "result call_0_1: 2"],
    );
    check("", &["call x", &result("1")], &["call x", "result x: 1"]);
}

#[test]
fn an_empty_list_of_calls_goes() {
    let empty =
        |content: &str| format!(r#"{{"role":"assistant","content":{content},"tool_calls":[]}}"#);
    check(
        "",
        &["user: a", &empty("\"b\""), &empty("null"), "user: c"],
        &["user: a", "assistant: b", "user: c"],
    );
}

const TOOLS: MessageShape = MessageShape {
    functions: LegacyFunctions::Tools,
    ..MessageShape::ANY
};

#[test]
fn functions_become_tools() {
    let call = r#"{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{\"a\": 1}"}}"#;
    let result = r#"{"role":"function","name":"f","content":"1"}"#;
    let orphan = r#"{"role":"function","name":"g","content":"2"}"#;
    let lines = [
        orphan,
        "user: a",
        call,
        result,
        "assistant: b",
        call,
        "user: c",
    ];
    let fields = r#","functions":[{"name":"f", "parameters":{}}],"function_call":{"name":"f"},"stream":true"#;
    let request = request(&lines, fields);
    let shaped = shaped(&request, &TOOLS, &HistoryMends::ALL);
    let got: Vec<String> = shaped.request.messages().iter().map(line_of).collect();
    let expected = [
        "user: a",
        "call function_1",
        "result function_1: 1",
        "assistant: b",
        "call function_2",
        "result function_2: The tool gave no result.",
        "user: c",
    ];
    assert_eq!(got, expected);
    let field = |name: &str| shaped.request.field(name).map(ToString::to_string);
    assert_eq!(
        field("tools").as_deref(),
        Some(r#"[{"type":"function","function":{"name":"f", "parameters":{}}}]"#)
    );
    assert_eq!(
        field("tool_choice").as_deref(),
        Some(r#"{"type":"function","function":{"name":"f"}}"#)
    );
    assert_eq!(field("parallel_tool_calls").as_deref(), Some("false"));
    assert_eq!((field("functions"), field("function_call")), (None, None));
    let calls = shaped.request.messages()[1]
        .field("tool_calls")
        .expect("calls");
    assert!(
        calls.contains(r#""function":{"name":"f","arguments":"{\"a\": 1}"}"#),
        "{calls}"
    );
    assert!(!shaped.back.is_empty());
    // Where they are known they stay, and so they do where that mend is off.
    let off = HistoryMends {
        functions: false,
        ..HistoryMends::ALL
    };
    for (shape, mends) in [(MessageShape::ANY, HistoryMends::ALL), (TOOLS, off)] {
        let same = super::shaped(&request, &shape, &mends);
        assert!(matches!(same.request, Cow::Borrowed(_)), "{:?}", same.notes);
        assert!(same.back.is_empty());
    }
}

#[test]
fn functions_beside_tools_are_more_of_them() {
    let tool = r#"{"type":"function","function":{"name":"f"}}"#;
    let fields = format!(
        r#","tools":[{tool}],"functions":[{{"name":"f"}},{{"name":"g"}}],"function_call":"auto""#
    );
    let request = request(&["user: a"], &fields);
    let shaped = shaped(&request, &TOOLS, &HistoryMends::ALL);
    let tools = shaped.request.field("tools").map(ToString::to_string);
    let expected = format!(r#"[{tool},{{"type":"function","function":{{"name":"g"}}}}]"#);
    assert_eq!(tools, Some(expected));
    let choice = shaped.request.field("tool_choice").map(ToString::to_string);
    assert_eq!(choice.as_deref(), Some("\"auto\""));
    // This client knows tool calls.
    assert!(shaped.back.is_empty());
    let none = super::request(&["user: a"], r#","functions":[],"function_call":"none""#);
    let shaped = super::shaped(&none, &TOOLS, &HistoryMends::ALL);
    for name in ["functions", "tools", "function_call", "tool_choice"] {
        assert_eq!(shaped.request.field(name), None, "{name}");
    }
}
