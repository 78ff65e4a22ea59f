//! Requests without a caller, and upstreams that know nobody else.

use super::super::*;
use super::{check, check_with, shape};

/// A shape of which each request needs a user message.
fn needing(text: &str) -> MessageShape {
    MessageShape {
        needs_user: true,
        ..shape(text)
    }
}

#[test]
fn a_caller_who_is_missing_comes_in_once() {
    let all = HistoryMends::ALL;
    let turns = needing("alternate = true; last = \"user\"");
    check_with(
        &turns,
        &all,
        &["system: s", "call x: hello", "result x: 1"],
        &["system: s", "user: …", "call x: hello", "result x: 1"],
    );
    // The next turn begins with the same.
    check_with(
        &turns,
        &all,
        &[
            "system: s",
            "call x: hello",
            "result x: 1",
            "assistant: b",
            "user: c",
        ],
        &[
            "system: s",
            "user: …",
            "call x: hello",
            "result x: 1",
            "assistant: b",
            "user: c",
        ],
    );
    check_with(
        &turns,
        &all,
        &["system: s", "assistant: hello"],
        &["system: s", "user: …", "assistant: hello", "user: …"],
    );
    check_with(
        &turns,
        &all,
        &["system: s", "call x", "result x: 1", "note: n"],
        &["system: s", "user: … ¶ [[n]]", "call x", "result x: 1"],
    );
    check_with(&turns, &all, &["system: s"], &["system: s", "user: …"]);
    let blank = [r#"{"role":"assistant","content":null}"#];
    check_with(&turns, &all, &blank, &["user: …"]);
    // Where no turns are taken, it comes behind what there is.
    check_with(
        &needing(""),
        &all,
        &["system: s", "call x", "result x: 1"],
        &["system: s", "call x", "result x: 1", "user: …"],
    );
}

#[test]
fn where_nobody_else_may_speak_the_caller_says_what_the_system_said() {
    const NONE: &str = "system = \"none\"";
    check(
        NONE,
        &["system: s", "user: a", "assistant: b", "user: c"],
        &["user: [[s]] ¶ a", "assistant: b", "user: c"],
    );
    check(
        NONE,
        &["system: s", "developer: t", "assistant: hello", "user: a"],
        &["user: [[s ¶ t]]", "assistant: hello", "user: a"],
    );
    check(
        NONE,
        &["user: a", "assistant: b", "system: late", "user: c"],
        &["user: a", "assistant: b", "user: [[late]] ¶ c"],
    );
    check(NONE, &["system: s"], &["user: [[s]]"]);
    check(NONE, &["system: "], &["user: …"]);
    check(
        NONE,
        &["user: a", "assistant: b"],
        &["user: a", "assistant: b"],
    );
    check(
        NONE,
        &["system: s", "user: a", "assistant: b", "note: n", "user: c"],
        &["user: [[s]] ¶ a", "assistant: b", "user: [[n]] ¶ c"],
    );
    let all = HistoryMends::ALL;
    let turns = needing("system = \"none\"; alternate = true");
    check_with(&turns, &all, &["system: s"], &["user: [[s]]"]);
    check_with(
        &turns,
        &all,
        &[
            "system: s",
            "assistant: hello",
            "user: a",
            "system: late",
            "user: b",
        ],
        &["user: [[s]]", "assistant: hello", "user: a / [[late]] ¶ b"],
    );
    check_with(
        &turns,
        &all,
        &["system: s", "call x", "result x: 1"],
        &["user: [[s]]", "call x", "result x: 1"],
    );
}

#[test]
fn an_assistant_who_neither_speaks_nor_acts_does_not_go() {
    let null = r#"{"role":"assistant","content":null}"#;
    let missing = r#"{"role":"assistant","name":"Jo"}"#;
    let listed = r#"{"role":"assistant","content":null,"tool_calls":[]}"#;
    for silent in [null, missing, listed] {
        check("", &["user: a", silent, "user: b"], &["user: a", "user: b"]);
    }
    check("", &[null], &["user: …"]);
    check("", &["user: a", "assistant: "], &["user: a", "assistant: "]);
    let off = HistoryMends {
        content: false,
        ..HistoryMends::ALL
    };
    let lines = ["user: a", null];
    check_with(&shape(""), &off, &lines, &["user: a", "assistant: "]);
    let refusal = r#"{"role":"assistant","content":null,"refusal":"no"}"#;
    check("", &["user: a", refusal], &["user: a", "assistant: "]);
}
