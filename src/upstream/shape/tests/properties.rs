//! What holds for whatever is said, in every shape.

use proptest::prelude::*;
use proptest::sample::select;

use super::super::*;
use super::{json_of, request, templates};
use crate::chat::Role;

/// What stands at the tail is new in each turn, wherever it stands.
const AT_TAIL: &str = "of this turn alone";

/// Every shape there is.
fn shapes() -> impl Strategy<Value = MessageShape> {
    let places = select(vec![
        SystemPlace::Any,
        SystemPlace::First,
        SystemPlace::User,
        SystemPlace::None,
    ]);
    let ids = select(vec![ToolIdForm::Any, ToolIdForm::Nine, ToolIdForm::Short]);
    let empties = select(vec![
        EmptyContent::Keep,
        EmptyContent::Omit,
        EmptyContent::Text,
    ]);
    let flags = any::<[bool; 12]>();
    (places, empties, ids, flags).prop_map(|(system, empty, tool_ids, flags)| {
        let [
            merge,
            alternate,
            developer,
            one_call,
            apart,
            names,
            last,
            needs_user,
            functions,
            before_calls,
            undeclared,
            parts,
        ] = flags;
        MessageShape {
            system,
            merge,
            alternate,
            developer: [DeveloperRole::Keep, DeveloperRole::System][usize::from(developer)],
            tool_ids,
            calls: [CallsAtOnce::Any, CallsAtOnce::One][usize::from(one_call)],
            beside_calls: [WordsWithCalls::Keep, WordsWithCalls::Apart][usize::from(apart)],
            before_calls: [BeforeCalls::Any, BeforeCalls::User][usize::from(before_calls)],
            undeclared: [UndeclaredTools::Keep, UndeclaredTools::Declare][usize::from(undeclared)],
            parts: [ContentParts::Keep, ContentParts::Text][usize::from(parts)],
            empty,
            names,
            last: [LastMessage::Any, LastMessage::User][usize::from(last)],
            needs_user,
            functions: [LegacyFunctions::Keep, LegacyFunctions::Tools][usize::from(functions)],
        }
    })
}

/// Messages without any order, each with words of its own.
fn disorder() -> impl Strategy<Value = Vec<String>> {
    let kinds = select(vec![
        "system",
        "developer",
        "user",
        "user",
        "user",
        "assistant",
        "assistant",
        "note",
        "result a",
        "result b",
        "result call_1",
        "call a",
        "call b",
        "call a b",
        "call call_1 call_1",
        "call functions.f:0 a b",
        "result functions.f:0",
        "null assistant",
        "blank user",
        "blank assistant",
        "blank system",
        "parts",
        "named",
        "function_call",
        "function",
        "no calls",
    ]);
    proptest::collection::vec(kinds, 1..14).prop_map(|kinds| {
        let lines = kinds.into_iter().enumerate();
        lines.map(|(at, kind)| line_of_kind(at, kind)).collect()
    })
}

fn line_of_kind(at: usize, kind: &str) -> String {
    match kind.split_once(' ') {
        Some(("blank", role)) => format!("{role}:  "),
        Some(("null", role)) => format!(r#"{{"role":"{role}","content":null}}"#),
        Some(("no", _)) => {
            format!(r#"{{"role":"assistant","content":"w{at}.","tool_calls":[]}}"#)
        }
        _ => match kind {
            "parts" => {
                format!(r#"{{"role":"user","content":[{{"type":"text","text":"w{at}."}}]}}"#)
            }
            "named" => format!(r#"{{"role":"user","name":"Jo","content":"w{at}."}}"#),
            "function_call" => format!(
                r#"{{"role":"assistant","content":"w{at}.","function_call":{{"name":"f","arguments":"{{}}"}}}}"#
            ),
            "function" => format!(r#"{{"role":"function","name":"f","content":"w{at}."}}"#),
            _ => format!("{kind}: w{at}."),
        },
    }
}

fn written(message: &Message) -> String {
    let mut out = String::new();
    message.write(&|_| true, &mut out);
    out
}

fn all_written(messages: &[Message]) -> String {
    messages.iter().map(written).collect()
}

/// How often each word of the lines is said, but those of results, which may lack a call.
fn words(lines: &[String]) -> Vec<String> {
    let said = lines.iter().enumerate();
    let said =
        said.filter(|(_, line)| !line.starts_with("result") && !line.contains(r#""function","#));
    let said = said.map(|(at, _)| format!("w{at}."));
    said.filter(|word| lines.iter().any(|line| json_of(line).contains(word)))
        .collect()
}

proptest! {
    #[test]
    fn every_upstream_takes_what_it_gets(lines in disorder(), shape in shapes()) {
        let lines_ref: Vec<&str> = lines.iter().map(String::as_str).collect();
        let request = request(&lines_ref, "");
        let shaped = shaped(&request, &shape, &HistoryMends::ALL);
        let messages = shaped.request.messages();
        let taken = templates::all(messages, &shape);
        let all = all_written(messages);
        prop_assert!(taken.is_ok(), "{taken:?} of {all}");
        for word in words(&lines) {
            prop_assert_eq!(all.matches(&word).count(), 1, "{} in {}", word, all);
        }
        // A mark of ours reads as a caller's the second time.
        if !all.contains("<instructions>") {
            let again = super::super::shaped(&shaped.request, &shape, &HistoryMends::ALL);
            prop_assert!(matches!(again.request, Cow::Borrowed(_)), "{:?} of {}", again.notes, all);
        }
    }

    #[test]
    fn a_result_with_a_call_is_never_lost(
        order in Just(vec!["result a: w1.", "result b: w2.", "user: w3.", "result a: w4.", "system: w5."]).prop_shuffle(),
        shape in shapes(),
    ) {
        let lines = [&["user: w0.", "call a b"][..], &order].concat();
        let request = request(&lines, "");
        let shaped = shaped(&request, &shape, &HistoryMends::ALL);
        let all = all_written(shaped.request.messages());
        for word in ["w0.", "w1.", "w2.", "w3.", "w4.", "w5."] {
            prop_assert_eq!(all.matches(word).count(), 1, "{} in {}", word, all);
        }
    }

    #[test]
    fn what_was_sent_stays_as_it_was(turns in proptest::collection::vec(turn(), 2..6), begin in 0..4_usize, shape in shapes()) {
        let mut history: Vec<String> = match begin {
            0 => vec![],
            1 => vec!["system: s".into()],
            2 => vec!["system: s".into(), "assistant: hello".into()],
            _ => vec!["system: s".into(), "system: t".into(), "system: late".into()],
        };
        let mut before: Option<(Vec<String>, String)> = None;
        for (at, turn) in turns.iter().enumerate() {
            let word = format!("newest{at}.");
            history.extend(turn.before.iter().cloned());
            history.push(format!("user: {word}"));
            // The steps of a turn are requests of their own, and parts of a step may be missing yet.
            for step in 0..=turn.after.len() {
                let mut sent = history.clone();
                let notes = |notes: &[&str]| notes.iter().map(|note| format!("note: {note}")).collect::<Vec<_>>();
                let at_newest = sent.len() - 1;
                sent.splice(at_newest..at_newest, notes(&turn.notes));
                sent.extend(turn.after[..step].iter().cloned());
                sent.extend(notes(&turn.end));
                let messages = written_in(&sent, &shape);
                if let Some((old, word)) = &before {
                    let newest = old.iter().position(|one| one.contains(word) || one.contains(AT_TAIL));
                    let newest = newest.expect("it is said");
                    prop_assert_eq!(&messages[..newest.min(messages.len())], &old[..newest], "{:#?}", sent);
                }
                before = Some((messages, word.clone()));
            }
            history.extend(turn.after.iter().cloned());
        }
    }
}

fn written_in(lines: &[String], shape: &MessageShape) -> Vec<String> {
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let request = request(&lines, "");
    let shaped = shaped(&request, shape, &HistoryMends::ALL);
    shaped.request.messages().iter().map(written).collect()
}

/// What comes before the newest user message of a turn, beside it and behind it.
#[derive(Debug, Clone)]
struct CallTurn {
    before: Vec<String>,
    notes: Vec<&'static str>,
    end: Vec<&'static str>,
    after: Vec<String>,
}

fn turn() -> impl Strategy<Value = CallTurn> {
    let before = select(vec![
        &[][..],
        &["system: late"],
        &["system: late", "system: later"],
        &["user: wait", "system: late"],
        &["developer: late", "user: wait"],
        &["user:  "],
    ]);
    let notes = select(vec![&[][..], &[AT_TAIL], &[AT_TAIL, AT_TAIL]]);
    let end = select(vec![&[][..], &[AT_TAIL]]);
    let after = select(vec![
        &["assistant: b"][..],
        &["assistant: "],
        &[],
        &["system: late", "assistant: b"],
        &["call call_0", "result call_0: x", "assistant: b"],
        &[
            "call call_0",
            "result call_0: x",
            "call call_0",
            "system: late",
            "result call_0: y",
        ],
        &[
            "call call_0",
            "system: late",
            "result call_0: x",
            "assistant: b",
        ],
        &["assistant: wait", "call a b", "result b: x", "result a: y"],
        &["call a"],
        &["assistant: b", "system: late", "assistant: c"],
        &[
            r#"{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}}"#,
            r#"{"role":"function","name":"f","content":"1"}"#,
        ],
        &[
            r#"{"role":"assistant","content":null,"tool_calls":[{"function":{"name":"f"}}]}"#,
            r#"{"role":"tool","content":"1"}"#,
        ],
        &["result gone: x"],
        &[
            "call a functions.f:1 b: wait",
            "result b: x",
            "result functions.f:1: y",
            "assistant: c",
        ],
        &[r#"{"role":"assistant","content":null}"#],
    ]);
    (before, notes, end, after).prop_map(|(before, notes, end, after)| CallTurn {
        before: before.iter().map(ToString::to_string).collect(),
        notes: notes.to_vec(),
        end: end.to_vec(),
        after: after.iter().map(ToString::to_string).collect(),
    })
}

#[test]
fn roles_of_lines_are_read() {
    let request = request(&["note: n", "call a: b", "result a: c"], "");
    let roles = request.messages().iter().map(Message::role);
    assert!(roles.eq([Role::System, Role::Assistant, Role::Tool]));
    assert!(request.messages()[0].is_at_tail());
}
