//! Texts whose parts come in several chunks: what is held, and what leaves meanwhile.

use super::*;

const PARTS: [&str; 2] = [
    r#"{"content":"#,
    r#"{"tool_calls":[{"index":0,"function":{"arguments":"#,
];

/// A stream of one lane whose pieces are JSON strings without their quotes.
fn lane(of_content: &str, pieces: &[&str]) -> Vec<u8> {
    let closing = if of_content == PARTS[0] { "}" } else { "}}]}" };
    let deltas: Vec<String> = pieces
        .iter()
        .map(|piece| format!("{of_content}\"{piece}\"{closing}"))
        .collect();
    let deltas: Vec<&str> = deltas.iter().map(String::as_str).collect();
    [sse(&deltas), finish()].concat()
}

#[test]
fn r12_a_surrogate_pair_in_two_chunks_stays_one_character() {
    for (pieces, expected) in [
        (&[r"a \ud83d", r"\ude00 b"][..], "a 😀 b"),
        (&["x", r"\uD83D", "", r"\uDE00"], "x😀"),
        (&[r"a\ud83d", "b", "c"], "a\u{FFFD}bc"),
        (&["a", "b", r"\ud83d", "c"], "ab\u{FFFD}c"),
        (&[r"a\ud83d", r"\ud83d", r"\ude00"], "a\u{FFFD}😀"),
        (&[r"a\\ud83d", "b"], r"a\ud83db"),
        (&[r"a\\\ud83d", r"\ude00b"], r"a\😀b"),
        (&[r"a\ud83d"], "a\u{FFFD}"),
        (&[r"a [EMAIL\ud83d", r"\ude00 b"], "a [EMAIL😀 b"),
    ] {
        let played = play(reply(&[REDACT], "Hi"), &[&lane(PARTS[0], pieces)]);
        check_well_formed(expected, &played);
        assert_eq!(heard(&played), expected, "{pieces:?}");
        let played = play(reply(&[REDACT], "Hi"), &[&lane(PARTS[1], pieces)]);
        assert_eq!(arguments(&played), expected, "{pieces:?}");
    }
}
