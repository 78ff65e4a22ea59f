use proptest::prelude::*;

use super::super::tests::{facts, rule};
use crate::rule::{Lane, LaneKind, Rule, Turn};

fn lane(kind: LaneKind, is_json: bool) -> Lane {
    Lane {
        choice: 0,
        kind,
        is_json,
    }
}

fn heard_in(rule: &dyn Rule, turn: &Turn, pieces: &[&str]) -> String {
    let mut filter = rule
        .on_reply(turn, &lane(LaneKind::Content, false))
        .expect("a filter");
    let mut out = String::new();
    for piece in pieces {
        filter.push(piece, &mut out);
    }
    filter.finish(&mut out);
    out
}

#[track_caller]
fn heard(script: &str, text: &str) -> String {
    let (rule, turn) = (rule("reply", script), Turn::new(facts()));
    let whole = heard_in(&*rule, &turn, &[text]);
    for cut in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
        let halves = heard_in(&*rule, &turn, &[&text[..cut], &text[cut..]]);
        assert_eq!(halves, whole, "{text:?} cut at {cut}");
    }
    whole
}

#[test]
fn what_the_script_leaves_of_a_sentence_is_heard() {
    let text = " Hello, Dana.  As an AI, I can't see. Your code is 42.\nBye! ";
    for (script, expected) in [
        ("", text),
        ("text = text;", text),
        (
            "if text.says([\"as an AI\"]) { text = \"\"; }",
            " Hello, Dana.  Your code is 42.\nBye! ",
        ),
        ("text = \"\";", " "),
        (
            "text.replace(customer.name, \"you\");",
            " Hello, you.  As an AI, I can't see. Your code is 42.\nBye! ",
        ),
        (
            "text = text.replace_all(`\\d`, \"#\");",
            " Hello, Dana.  As an AI, I can't see. Your code is ##.\nBye! ",
        ),
        (
            "if text.ends_with(\"!\") { text += \" [laughs]\"; }",
            " Hello, Dana.  As an AI, I can't see. Your code is 42.\nBye! [laughs] ",
        ),
        (
            "if text.contains(\"42\") { text = text.spoken(); }",
            " Hello, Dana.  As an AI, I can't see. Your code is four two.\nBye! ",
        ),
        (
            "let n = text.len(); if n > 11 { return; } text = `<${n}>`; ",
            " Hello, Dana.  As an AI, I can't see. Your code is 42.\n<4> ",
        ),
    ] {
        assert_eq!(heard(script, text), expected, "{script}");
    }
}

#[test]
fn a_sentence_over_which_it_fails_is_heard_as_it_came_and_noted() {
    let text = "One is 1. Two. Three!";
    for script in [
        "if text.contains(\"Two\") { throw text; }",
        "if text.contains(\"Two\") { loop { } }",
        "if text.contains(\"Two\") { text = 7; }",
        "if text.contains(\"Two\") { text = (); }",
        "if text.contains(\"Two\") { let a = [1]; a[9]; }",
        "if text.contains(\"Two\") { loop { text += text; } }",
    ] {
        let script = format!("{script}\nif text == \"Three!\" {{ text = \"3\"; }}");
        let (rule, turn) = (rule("reply", &script), Turn::new(facts()));
        assert_eq!(
            heard_in(&*rule, &turn, &[text]),
            "One is 1. Two. 3",
            "{script}"
        );
        assert_eq!(turn.faults.count(), 1, "{script}");
        let told = turn.faults.first().expect("a fault");
        assert!(!told.contains("Two."), "{told}");
    }
}

#[test]
fn only_what_is_heard_is_touched() {
    let rule = rule("reply", "text = \"\";");
    let turn = Turn::default();
    let tool = "pay".to_owned();
    for (kind, is_json, is_touched) in [
        (LaneKind::Content, false, true),
        (LaneKind::Refusal, false, true),
        (LaneKind::Content, true, false),
        (LaneKind::Reasoning, false, false),
        (LaneKind::Arguments { tool }, true, false),
    ] {
        let lane = lane(kind, is_json);
        assert_eq!(
            rule.on_reply(&turn, &lane).is_some(),
            is_touched,
            "{lane:?}"
        );
    }
}

#[test]
fn a_sentence_is_heard_before_the_next_is_over() {
    let rule = rule("reply", "text = text.to_upper();");
    let turn = Turn::default();
    let mut filter = rule
        .on_reply(&turn, &lane(LaneKind::Content, false))
        .expect("a filter");
    let mut out = String::new();
    filter.push("Hello there. How", &mut out);
    assert_eq!(out, "HELLO THERE. ");
    filter.push(" are you", &mut out);
    assert_eq!(out, "HELLO THERE. ");
    filter.push("? ", &mut out);
    assert_eq!(out, "HELLO THERE. HOW ARE YOU? ");
}

proptest! {
    #[test]
    fn how_a_reply_is_cut_never_changes_what_is_heard(
        text in "([a-zA-Z]{1,9}|[.!?] |\\n|<break/>|\\[CARD_1\\]|[0-9]\\.[0-9]| ){0,80}",
        cuts in prop::collection::vec(0..400_usize, 0..8),
    ) {
        let script = "if text.contains('a') { text = \"\"; } else if text.len() % 2 == 0 { text = text.to_upper(); } else if text.contains('z') { throw 1; }";
        let (rule, turn) = (rule("reply", script), Turn::default());
        let whole = heard_in(&*rule, &turn, &[&text]);
        let mut cuts: Vec<usize> = cuts.into_iter().filter(|at| text.is_char_boundary(*at)).collect();
        cuts.extend([0, text.len()]);
        cuts.sort_unstable();
        let pieces: Vec<&str> = cuts.windows(2).map(|pair| &text[pair[0]..pair[1]]).collect();
        prop_assert_eq!(heard_in(&*rule, &turn, &pieces), whole);
    }
}

#[test]
fn the_sentences_of_a_reply_share_their_operations() {
    let text = "lorem ipsum dolor sit amet. ".repeat(40);
    for script in [
        "loop { }",
        "loop { let t = text.replace_all(`[a-z]{1,3}`, \"b\"); }",
        "loop { let t = text.spoken(); }",
        "loop { let t = text.to_upper(); }",
    ] {
        let script = rule("reply", script);
        let turn = Turn::new(facts());
        assert_eq!(heard_in(&*script, &turn, &[&text]), text);
        // Five that never ended, and the rest that did not begin.
        assert_eq!(turn.faults.count(), 40);
        let first = turn.faults.first().expect("a fault");
        assert!(
            first.contains("did not end within 20000 operations"),
            "{first}"
        );
    }
    let last = rule(
        "reply",
        "let n = 0; while n < 700 { n += 1; } text += \"!\";",
    );
    let turn = Turn::new(facts());
    let said = heard_in(&*last, &turn, &[&text]);
    assert!(said.contains("amet.!"), "{said}");
    assert!(said.ends_with("amet. "), "{said}");
}

#[test]
fn from_its_fault_on_nothing_is_said_where_that_is_asked_for() {
    let script = rule("reply", "if text.contains(\"bad\") { throw \"no\"; }");
    let text = "First is good. Second is bad. Third.";
    for cut in 1..text.len() {
        let turn = Turn::new(facts());
        let mut filter = script
            .on_reply(&turn, &lane(LaneKind::Content, false))
            .expect("a filter");
        filter.stop_at_faults();
        let mut out = String::new();
        for piece in [&text[..cut], &text[cut..]] {
            filter.push(piece, &mut out);
        }
        filter.finish(&mut out);
        assert_eq!(out, "First is good. ", "cut at {cut}");
        assert_eq!(turn.faults.count(), 1);
    }
}
