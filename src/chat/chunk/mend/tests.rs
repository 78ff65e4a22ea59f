use super::*;
use crate::chat::chunk::Chunk;

/// The choices of these pieces, mended.
fn choices(pieces: &[&str]) -> Vec<String> {
    let mut mender = Mender::default();
    let mut mend = |piece: &&str| {
        let json = format!(r#"{{"choices":[{piece}]}}"#);
        let mended = mender.mend(&json, Form::Piece).expect("a reply");
        let parsed = Chunk::parse(&mended).expect("a chunk");
        assert!(!parsed.is_odd && !parsed.is_whole, "{mended}");
        mender.note(&mended, &parsed);
        let inner = mended.strip_prefix(r#"{"choices":["#);
        let inner = inner.and_then(|inner| inner.strip_suffix("]}"));
        let inner = inner.expect("choices");
        // A choice without a number gets one, behind all else.
        let has_index = WireObject::read(piece).is_none_or(|it| it.get("index").is_some());
        match has_index {
            true => inner.to_owned(),
            false => {
                let rest = inner.strip_suffix(",\"index\":0}").expect("a number");
                format!("{rest}}}")
            }
        }
    };
    pieces.iter().map(&mut mend).collect()
}

fn check(piece: &str, expected: &str) {
    assert_eq!(choices(&[piece]), [expected], "{piece}");
}

#[test]
fn of_a_key_twice_the_last_counts_at_every_level() {
    let twice = r#"{"id":"a","id":"b","choices":[],"choices":[{"index":1,"index":0,"delta":{"content":"x"},"delta":{"content":"a","role":"assistant","content":"b","tool_calls":[{"index":0,"index":1,"id":"c","type":"function","function":{"name":"f","name":"g","arguments":"{","arguments":"{}"}}]},"finish_reason":null,"finish_reason":"stop"}]}"#;
    let once = r#"{"id":"b","choices":[{"index":0,"delta":{"content":"b","role":"assistant","tool_calls":[{"index":1,"id":"c","type":"function","function":{"name":"g","arguments":"{}"}}]},"finish_reason":"stop"}]}"#;
    assert!(Chunk::parse(twice).is_some_and(|chunk| chunk.is_odd));
    assert_eq!(
        Mender::default().mend(twice, Form::Piece).as_deref(),
        Some(once)
    );
    assert!(Chunk::parse(once).is_some_and(|chunk| !chunk.is_odd));
}

#[test]
fn what_tells_the_delta_again_goes_and_content_is_a_string() {
    for (piece, expected) in [
        (
            r#"{"delta":{"content":"b"},"message":{"role":"assistant","content":"ab"}}"#,
            r#"{"delta":{"content":"b"}}"#,
        ),
        (
            r#"{"message":{"content":"ab"},"delta":{"content":"b"}}"#,
            r#"{"delta":{"content":"b"}}"#,
        ),
        (
            r#"{"index":0,"text":"a"}"#,
            r#"{"index":0,"delta":{"content":"a"}}"#,
        ),
        (
            r#"{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"a\n"}]}}"#,
            r#"{"delta":{"content":"a\n","reasoning_content":"hm"}}"#,
        ),
        (r#"{"index":0,"delta":null}"#, r#"{"index":0,"delta":{}}"#),
        (
            r#"{"index":0,"content_filter_offsets":{}}"#,
            r#"{"index":0,"content_filter_offsets":{},"delta":{}}"#,
        ),
        (r#"{"delta":{"content":[]}}"#, r#"{"delta":{"content":""}}"#),
        (
            r#"{"delta":{"content":12}}"#,
            r#"{"delta":{"content":"12"}}"#,
        ),
        (r#"{"index":"1","delta":{}}"#, r#"{"index":1,"delta":{}}"#),
        (
            r#"{"delta":{},"message":{"content":"a"},"finish_reason":"stop"}"#,
            r#"{"delta":{"content":"a"},"finish_reason":"stop"}"#,
        ),
        (
            r#"{"message":{"content":"a"},"delta":{"role":null,"content":null,"tool_calls":[ ]}}"#,
            r#"{"delta":{"content":"a"}}"#,
        ),
        (
            r#"{"delta":{"content":"a"},"message":{"content":""}}"#,
            r#"{"delta":{"content":"a"}}"#,
        ),
    ] {
        check(piece, expected);
    }
}

#[test]
fn no_word_is_lost_for_what_stands_beside_it() {
    for odd in ["\"\"", "{}", "false", "0", "[null]", "[\"\",3]", "\"f\""] {
        check(
            &format!(r#"{{"delta":{{"content":"a","tool_calls":{odd}}}}}"#),
            r#"{"delta":{"content":"a"}}"#,
        );
    }
    for (piece, expected) in [
        (
            r#"{"delta":{"content":"a","tool_calls":[null,{"index":0,"id":"c"}]}}"#,
            r#"{"delta":{"content":"a","tool_calls":[{"index":0,"id":"c"}]}}"#,
        ),
        (
            r#"{"delta":{"tool_calls":{"index":0,"id":"c"}}}"#,
            r#"{"delta":{"tool_calls":[{"index":0,"id":"c"}]}}"#,
        ),
        (
            r#"{"index":null,"delta":"a"}"#,
            r#"{"index":0,"delta":{"content":"a"}}"#,
        ),
        (
            r#"{"index":-1,"message":"a"}"#,
            r#"{"index":0,"delta":{"content":"a"}}"#,
        ),
    ] {
        check(piece, expected);
    }
    check(
        r#"null,{"index":0,"delta":{"content":"a"}},"x""#,
        r#"{"index":0,"delta":{"content":"a"}}"#,
    );
    let alone = r#"{"choices":{"index":0,"delta":{"content":"a"}}}"#;
    assert!(Chunk::parse(alone).is_some_and(|chunk| chunk.is_odd));
    assert_eq!(
        Mender::default().mend(alone, Form::Piece).as_deref(),
        Some(r#"{"choices":[{"index":0,"delta":{"content":"a"}}]}"#)
    );
}

#[test]
fn arguments_leave_as_a_string_of_json() {
    for (arguments, expected) in [
        (
            r#"{"a": "b\"", "n": 1e2}"#,
            r#""{\"a\": \"b\\\"\", \"n\": 1e2}""#,
        ),
        ("[1]", "\"[1]\""),
        ("null", "\"\""),
        ("7", "\"7\""),
        (r#""{}""#, r#""{}""#),
    ] {
        for (around, written) in [
            (
                r#"{"delta":{"tool_calls":[{"index":"0","id":"c","function":{"name":"f","arguments":A}}]}}"#,
                r#"{"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":A},"type":"function"}]}}"#,
            ),
            (
                r#"{"delta":{"tool_calls":[{"index":1,"type":"function","function":{"arguments":A}}]}}"#,
                r#"{"delta":{"tool_calls":[{"index":1,"type":"function","function":{"arguments":A}}]}}"#,
            ),
            (
                r#"{"delta":{"function_call":{"name":"f","arguments":A}}}"#,
                r#"{"delta":{"function_call":{"name":"f","arguments":A}}}"#,
            ),
        ] {
            check(
                &around.replace('A', arguments),
                &written.replace('A', expected),
            );
        }
    }
}

#[test]
fn messages_without_a_delta_are_said_once() {
    let message =
        |text: &&str| format!(r#"{{"message":{{"content":"{text}"}},"finish_reason":null}}"#);
    let last =
        |text: &str| format!(r#"{{"message":{{"content":"{text}"}},"finish_reason":"stop"}}"#);
    for (pieces, end, expected) in [
        (
            &["Hel", "Hello ", "Hello you"][..],
            "Hello you.",
            "Hello you.",
        ),
        (&["Hel", "Hello "], "Hello ", "Hello "),
        (&["Hel", "lo ", "you"], ".", "Hello you."),
        (&["ha ", "ha ", "ha"], "", "ha ha ha"),
        (&["ha ", "ha "], "ha ha ", "ha ha "),
        (&[], "Hello.", "Hello."),
    ] {
        let pieces: Vec<String> = pieces.iter().map(message).chain([last(end)]).collect();
        let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
        let said: String = choices(&pieces)
            .iter()
            .map(|choice| {
                let choice: serde_json::Value = serde_json::from_str(choice).expect("JSON");
                choice["delta"]["content"]
                    .as_str()
                    .expect("a text")
                    .to_owned()
            })
            .collect();
        assert_eq!(said, expected, "{pieces:?}");
    }
}

#[test]
fn a_whole_completion_is_one_piece_with_an_end() {
    for (message, finish, delta, end) in [
        (
            r#"{"role":"assistant","content":"a"}"#,
            "null",
            r#"{"role":"assistant","content":"a"}"#,
            "stop",
        ),
        (
            r#"{"content":"a"}"#,
            r#""length""#,
            r#"{"content":"a"}"#,
            "length",
        ),
        (
            r#"{"content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":{}}}]}"#,
            "null",
            r#"{"content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"},"index":0}]}"#,
            "tool_calls",
        ),
    ] {
        let whole = format!(
            r#"{{"id":"x","object":"chat.completion","choices":[{{"index":0,"message":{message},"finish_reason":{finish}}}],"usage":{{"total_tokens":3}}}}"#
        );
        let piece = format!(
            r#"{{"id":"x","object":"chat.completion.chunk","choices":[{{"index":0,"delta":{delta},"finish_reason":"{end}"}}],"usage":{{"total_tokens":3}}}}"#
        );
        assert_eq!(Mender::default().mend(&whole, Form::All), Some(piece));
    }
}

#[test]
fn a_whole_completion_that_stays_one_is_mended_too() {
    let odd = r#"{"choices":[{"index":0,"message":{"content":[{"type":"text","text":"a"}],"tool_calls":[{"id":"c","function":{"name":"f","arguments":null}}]},"text":"z"}]}"#;
    let even = r#"{"choices":[{"index":0,"message":{"content":"a","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"},"type":"function"}]},"text":"z","finish_reason":"tool_calls"}]}"#;
    assert!(Chunk::parse(odd).is_some_and(|chunk| chunk.is_odd));
    assert_eq!(mended_completion(odd).as_deref(), Some(even));
    let piece = r#"{"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}"#;
    let message = r#"{"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"a"},"finish_reason":"stop"}]}"#;
    assert_eq!(mended_completion(piece).as_deref(), Some(message));
    let legacy = r#"{"choices":[{"index":0,"text":"a","finish_reason":"stop"}]}"#;
    let message = r#"{"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"a"}}]}"#;
    assert_eq!(mended_completion(legacy).as_deref(), Some(message));
    let nameless = r#"{"choices":[{"index":0,"message":{"content":"a"},"finish_reason":"null"}]}"#;
    let message = r#"{"choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"}]}"#;
    assert!(Chunk::parse(nameless).is_some_and(|chunk| chunk.is_odd));
    assert_eq!(mended_completion(nameless).as_deref(), Some(message));
}

#[test]
fn a_call_that_is_told_again_is_made_once() {
    let call = |rest: &str, function: &str| {
        format!(r#"{{"delta":{{"tool_calls":[{{{rest}"function":{function}}}]}}}}"#)
    };
    let f = |arguments: &str| format!(r#"{{"name":"f","arguments":{arguments}}}"#);
    let first = |arguments: &str| call(r#""index":0,"id":"a","type":"function","#, &f(arguments));
    let last = |key: &str, arguments: &str| {
        let message = call(r#""id":"a","type":"function","#, &f(arguments));
        message.replace("delta", key)
    };
    for (told, again, new) in [
        (r#""{\"a\":1}""#, r#""{\"a\": 1}""#, ""),
        (r#""{\"a\":1}""#, r#"{"a":1}"#, ""),
        (r#""{\"a\":1}""#, r#""""#, ""),
        (
            r#""{\"a\"""#,
            r#""{\"a\":1}""#,
            r#""tool_calls":[{"index":0,"id":"a","function":{"arguments":":1}"}}]"#,
        ),
        (
            r#""{}""#,
            r#""{\"b\":1}""#,
            r#""tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"b\":1}"}}]"#,
        ),
    ] {
        let pieces = [first(told), last("message", again)];
        let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
        let expected = format!(r#"{{"delta":{{{new}}}}}"#);
        assert_eq!(choices(&pieces), [pieces[0].to_owned(), expected]);
    }
    let legacy = r#"{"delta":{"function_call":{"name":"f","arguments":"{}"}}}"#;
    let pieces = [legacy, &legacy.replace("delta", "message")];
    assert_eq!(choices(&pieces), [legacy, r#"{"delta":{}}"#]);
}
