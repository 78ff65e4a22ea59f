//! What each part of a shape makes of messages.

use super::super::*;
use super::{check, check_with, request, shape};

#[test]
fn what_is_taken_as_it_is_is_not_copied() {
    let lines = [
        "system: s",
        "assistant: hello",
        "user: a",
        "call x",
        "result x: 1",
        "user: b",
    ];
    check("", &lines, &lines);
    let plain = ["system: s", "user: a", "assistant: b", "user: c"];
    let all = "alternate = true; developer = \"system\"; tool_ids = \"nine\"; empty = \"omit\"; names = false; last = \"user\"";
    check(all, &plain, &plain);
}

#[test]
fn neighbours_of_one_role_become_one() {
    check(
        "merge = true",
        &[
            "system: s",
            "system: t",
            "user: a",
            "user: b",
            "assistant: c",
            "call x: d",
            "result x: 1",
            "user: e",
        ],
        &[
            "system: s ¶ t",
            "user: a / b",
            "call x: c / d",
            "result x: 1",
            "user: e",
        ],
    );
    check_with(
        &shape("merge = true"),
        &HistoryMends::NONE,
        &[
            "user: a",
            "call x",
            "call y: b",
            "result x: 1",
            "result y: 2",
        ],
        &["user: a", "call x y: b", "result x: 1", "result y: 2"],
    );
}

#[test]
fn user_and_assistant_take_turns() {
    const TURNS: &str = "alternate = true";
    check(
        TURNS,
        &[
            "system: s",
            "assistant: hello",
            "user: a",
            "user: b",
            "system: late",
            "assistant: c",
            "assistant: d",
        ],
        &[
            "system: s",
            "user: …",
            "assistant: hello",
            "user: a / b ¶ [[late]]",
            "assistant: c / d",
        ],
    );
    // A caller who spoke on before the answer to a tool's result.
    check(
        TURNS,
        &["user: a", "call x", "result x: 1", "user: b"],
        &[
            "user: a",
            "call x",
            "result x: 1",
            "assistant: …",
            "user: b",
        ],
    );
    check(
        TURNS,
        &[
            "call x",
            "result x: 1",
            "call y",
            "result y: 2",
            "assistant: b",
        ],
        &[
            "user: …",
            "call x",
            "result x: 1",
            "call y",
            "result y: 2",
            "assistant: b",
        ],
    );
    check(
        "alternate = true; system = \"user\"",
        &[
            "system: s",
            "user: a",
            "assistant: b",
            "system: late",
            "user: c",
        ],
        &["system: s", "user: a", "assistant: b", "user: [[late]] / c"],
    );
}

#[test]
fn developers_and_names_go_where_they_are_not_known() {
    let named = r#"{"role":"user","name":"Jo","content":"a"}"#;
    let function = r#"{"role":"function","name":"f","content":"a"}"#;
    let request = request(&["developer: d", named, function], "");
    let shape = shape("developer = \"system\"; names = false");
    let shaped = shaped(&request, &shape, &HistoryMends::ALL);
    let names = shaped
        .request
        .messages()
        .iter()
        .map(|message| message.field("name").is_some());
    assert_eq!(names.collect::<Vec<_>>(), [false, false, true]);
    let first = shaped.request.messages().first().map(Message::role);
    assert_eq!(first, Some(crate::chat::Role::System));
}

#[test]
fn empty_content_goes_or_is_filled() {
    let lines = [
        "system: ",
        "assistant: ",
        "user:  ",
        "call x",
        "result x: ",
        "assistant: a",
    ];
    check(
        "empty = \"omit\"",
        &lines,
        &[
            "user: …",
            "call x",
            "result x: The tool gave an empty result.",
            "assistant: a",
        ],
    );
    check(
        "empty = \"text\"",
        &lines,
        &[
            "system: …",
            "assistant: …",
            "user: …",
            "call x: …",
            "result x: The tool gave an empty result.",
            "assistant: a",
        ],
    );
    check(
        "",
        &lines,
        &[
            "system: ",
            "assistant: ",
            "user:  ",
            "call x",
            "result x: ",
            "assistant: a",
        ],
    );
    check("empty = \"omit\"", &["system: "], &["user: …"]);
    let null = r#"{"role":"assistant","content":null,"refusal":"no"}"#;
    let request = request(&["user: a", null], "");
    let shaped = shaped(&request, &shape("empty = \"omit\""), &HistoryMends::ALL);
    let last = shaped.request.messages().last().expect("a message");
    assert_eq!(last.field("content"), None);
    assert!(last.field("refusal").is_some());
}

#[test]
fn the_last_message_is_the_callers_where_it_must_be() {
    const LAST: &str = "last = \"user\"";
    check(
        LAST,
        &["user: a", "assistant: b"],
        &["user: a", "assistant: b", "user: …"],
    );
    check(
        LAST,
        &["user: a", "system: b"],
        &["user: a", "system: b", "user: …"],
    );
    check(
        LAST,
        &["user: a", "call x", "result x: 1", "note: n"],
        &["user: a ¶ [[n]]", "call x", "result x: 1"],
    );
    for good in [&["user: a"][..], &["user: a", "call x", "result x: 1"]] {
        check(LAST, good, good);
    }
}

#[test]
fn a_request_without_a_caller_gets_one() {
    let needs = MessageShape {
        needs_user: true,
        ..MessageShape::ANY
    };
    let all = HistoryMends::ALL;
    check_with(&needs, &all, &["system: s"], &["system: s", "user: …"]);
    check_with(&needs, &all, &["user: a"], &["user: a"]);
    let off = HistoryMends { user: false, ..all };
    check_with(&needs, &off, &["system: s"], &["system: s"]);
    check("", &["system: s"], &["system: s"]);
}

#[test]
fn ids_become_nine_signs_and_stay_the_same() {
    let lines = [
        "user: a",
        "call call_abc Ab3456789",
        "result call_abc: 1",
        "result Ab3456789: 2",
    ];
    let request = request(&lines, "");
    let shape = shape("tool_ids = \"nine\"");
    let first = shaped(&request, &shape, &HistoryMends::ALL);
    let ids: Vec<String> = first.request.messages()[1..]
        .iter()
        .map(super::line_of)
        .collect();
    let [call, one, other] = ids.as_slice() else {
        panic!("{ids:?}");
    };
    let new = call
        .strip_prefix("call ")
        .and_then(|ids| ids.strip_suffix(" Ab3456789"));
    let new = new.expect("one id stays");
    assert!(
        new.len() == 9 && new.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        "{new}"
    );
    assert_eq!(
        [one, other],
        [&format!("result {new}: 1"), "result Ab3456789: 2"]
    );
    assert_eq!(
        new, "I5OlJ3Xua",
        "a replica of another version has the same"
    );
    let grown = super::request(
        &[&lines[..], &["assistant: b", "call 1", "result 1: 2"]].concat(),
        "",
    );
    let second = shaped(&grown, &shape, &HistoryMends::ALL);
    let again: Vec<String> = second.request.messages()[1..4]
        .iter()
        .map(super::line_of)
        .collect();
    assert_eq!(again, ids);
}

#[test]
fn what_is_only_looked_at_is_part_of_nothing() {
    let mut request = request(&["user: a"], "");
    let looked_at = Message::new("user", "secret").watched();
    request.history().insert(usize::MAX, looked_at);
    let shaped = shaped(&request, &shape("alternate = true"), &HistoryMends::ALL);
    let got: Vec<String> = shaped
        .request
        .messages()
        .iter()
        .map(super::line_of)
        .collect();
    assert_eq!(got, ["user: a"]);
}

#[test]
fn what_an_upstream_wants_back_stays_with_its_words() {
    let mut request = request(
        &["user: a", "assistant: one moment", "call x", "result x: 1"],
        "",
    );
    let state = crate::chat::carried::CarriedState {
        reasoning: Some("so".into()),
        ..Default::default()
    };
    request.carry([(2, std::sync::Arc::new(state))]);
    let shape = shape("alternate = true; tool_ids = \"nine\"; empty = \"omit\"");
    let shaped = shaped(&request, &shape, &HistoryMends::ALL);
    let carrying = shaped.request.messages().iter();
    let carrying: Vec<bool> = carrying
        .map(|message| message.carried().is_some())
        .collect();
    assert_eq!(carrying, [false, true, false]);
}
