//! Texts whose parts come in several chunks: what is held, and what leaves meanwhile.

use super::*;

const PARTS: [&str; 2] = [
    r#"{"content":"#,
    r#"{"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"f","arguments":"#,
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

#[test]
fn r15_a_held_event_says_all_that_stands_beside_its_text() {
    let stream = r#"data: {"id":"a","created":7,"model":"m","provider":"p","choices":[{"index":0,"delta":{"role":"assistant","content":"[EMA"},"finish_reason":null}]}

data: {"id":"a","created":7,"model":"m","choices":[{"index":0,"delta":{"content":"IL_"},"stop_reason":{"n":1}}]}

data: {"id":"a","created":7,"model":"m","choices":[{"index":0,"delta":{"content":"1]"}}],"usage":{"n":1e2}}

"#;
    let stream = [stream.as_bytes(), &finish()].concat();
    let played = play(reply(&[REDACT], "a@example.com"), &[&stream]);
    check_well_formed("it", &played);
    assert_eq!(heard(&played), "a@example.com");
    for part in [
        r#""provider":"p""#,
        r#""role":"assistant""#,
        r#""stop_reason":{"n":1}"#,
        r#""usage":{"n":1e2}"#,
    ] {
        assert_eq!(played.matches(part).count(), 1, "{part} in {played}");
    }
}

#[test]
fn r15_our_own_frames_bear_the_head_of_the_stream() {
    // Azure begins with a chunk whose head is empty.
    let first = r#"data: {"id":"","created":0,"model":"","choices":[],"prompt_filter_results":[]}

data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}

data: {"id":"a","created":7,"model":"m","choices":[{"index":0,"delta":{"content":"Hm [EMA"}}]}

"#;
    let last = r#"data: {"id":"a","created":7,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

data: [DONE]

"#;
    for (end, text) in [(last, "Hm [EMA"), ("", "Hm [EMA Sorry?")] {
        let played = play(reply(&[REDACT], "Hi"), &[first.as_bytes(), end.as_bytes()]);
        check_well_formed(text, &played);
        assert_eq!(heard(&played), text);
        for chunk in &chunks(&played)[2..] {
            let head = (&chunk["id"], &chunk["created"], &chunk["model"]);
            let expected = serde_json::json!(["a", 7, "m"]);
            assert_eq!(head, (&expected[0], &expected[1], &expected[2]), "{played}");
        }
    }
}

#[test]
fn d13_a_placeholder_whose_brackets_are_escaped_comes_back_in_arguments() {
    for (said, expected) in [
        (
            r#"{"to":"\u005bEMAIL_1\u005d"}"#,
            r#"{"to":"a@example.com"}"#,
        ),
        (
            r#"{"to":"is \u005BEMAIL_1\u005D."}"#,
            r#"{"to":"is a@example.com."}"#,
        ),
        (r#"{"to":"[EMAIL_1\u005d"}"#, r#"{"to":"a@example.com"}"#),
        (
            r#"{"to":"\\\u005bEMAIL_1\u005d"}"#,
            r#"{"to":"\\a@example.com"}"#,
        ),
        (
            r#"{"in":"{\"to\":\"\\u005bEMAIL_1\\u005d\"}"}"#,
            r#"{"in":"{\"to\":\"a@example.com\"}"}"#,
        ),
        // An escaped backslash and plain letters are no bracket.
        (
            r#"{"to":"\\u005bEMAIL_1\\u005d"}"#,
            r#"{"to":"\\u005bEMAIL_1\\u005d"}"#,
        ),
        (r#"{"to":"\u005bEMAIL"}"#, r#"{"to":"\u005bEMAIL"}"#),
        // What the caller spoke is no placeholder of ours.
        (
            r#"{"to":"\u005bEMAIL_~2\u005d"}"#,
            r#"{"to":"\u005bEMAIL_2\u005d"}"#,
        ),
    ] {
        let rules = ruleset(&[REDACT]);
        for cut in 0..=said.len() {
            let (one, two) = said.split_at(cut);
            let pieces = [one, two].map(json::encode);
            let pieces = pieces.each_ref().map(|piece| &piece[1..piece.len() - 1]);
            let reply = reply_of(&rules, "a@example.com, not [EMAIL_2]");
            let played = play(reply, &[&lane(PARTS[1], &pieces)]);
            assert_eq!(arguments(&played), expected, "{said} cut at {cut}");
        }
    }
}

#[test]
fn d11_other_escapes_in_arguments_are_not_delayed() {
    let mut reply = reply(&[REDACT], "a@example.com");
    let mut reader = EventReader::new();
    for (piece, expected) in [
        (r#"{\"a\":\"x\\"#, r#"{"a":"x"#),
        ("n", r"\n"),
        (r"\\u00", ""),
        ("e9", r"\u00e9"),
        (r"\\u005", ""),
        ("c", r"\u005c"),
    ] {
        reader.push(&lane(PARTS[1], &[piece])[..]);
        let event = reader.next_event().expect("small").expect("whole");
        let mut out = Vec::new();
        reply.event(&event, &mut out);
        assert_eq!(
            arguments(&String::from_utf8_lossy(&out)),
            expected,
            "{piece}"
        );
        while reader.next_event().expect("small").is_some() {}
    }
}

#[test]
fn an_apology_goes_to_a_choice_that_is_not_over() {
    let said = |choice: u8, text: &str| {
        format!(
            "data: {{\"choices\":[{{\"index\":{choice},\"delta\":{{\"content\":\"{text}\"}},\"finish_reason\":null}}]}}\n\n"
        )
    };
    let over = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    let stream = said(0, "A one.") + &said(1, "B one.") + over;
    let out = play(reply(&[], "hi"), &[stream.as_bytes()]);
    let chunks = chunks(&out);
    let of = |index: u8| -> Vec<&serde_json::Value> {
        let own = chunks.iter().map(|chunk| &chunk["choices"][0]);
        own.filter(|choice| choice["index"] == index).collect()
    };
    let is_last_of = |index: u8| of(index).last().map(|last| last["finish_reason"] == "stop");
    assert_eq!(
        (is_last_of(0), is_last_of(1)),
        (Some(true), Some(true)),
        "{out}"
    );
    let apologies = |index: u8| {
        let texts = of(index)
            .into_iter()
            .filter_map(|choice| choice["delta"]["content"].as_str());
        texts.filter(|text| text.contains(APOLOGY)).count()
    };
    assert_eq!((apologies(0), apologies(1)), (0, 1), "{out}");
}
