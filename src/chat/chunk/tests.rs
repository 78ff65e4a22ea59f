use super::*;

fn texts(json: &str) -> Vec<&str> {
    let chunk = Chunk::parse(json).expect("a chunk");
    let places = chunk.choices.iter().flat_map(|choice| {
        let calls = choice
            .calls
            .iter()
            .flat_map(|call| [call.name.clone(), call.arguments.clone()]);
        let texts = choice.texts.iter().map(|(_, place)| Some(place.clone()));
        texts
            .chain(calls)
            .chain([choice.finish.clone()])
            .flatten()
            .collect::<Vec<_>>()
    });
    places.map(|place| &json[place]).collect()
}

#[test]
fn the_places_of_all_texts_are_found() {
    let json = r#"{"id":"x", "choices": [{"index":0,"delta":{"content":"a","refusal":null,"tool_calls":[{"index":1,"function":{"name":"f","arguments":"{\""}}]},"finish_reason":"stop"}]}"#;
    assert_eq!(texts(json), [r#""a""#, r#""f""#, r#""{\"""#, r#""stop""#]);
    let whole =
        r#"{"choices":[{"message":{"role":"assistant","content":"a"},"finish_reason":"stop"}]}"#;
    assert_eq!(texts(whole), [r#""a""#, r#""stop""#]);
}

#[test]
fn errors_are_seen_in_all_their_forms() {
    for json in [
        r#"{"error":{"message":"x"}}"#,
        r#"{"object":"error","message":"x"}"#,
        r#"{"choices":[{"delta":{},"finish_reason":"error"}]}"#,
        r#"{"choices":[{"delta":{}}],"x_groq":{"id":"r","error":"over capacity"}}"#,
        r#"{"choices":[],"x_other":{"error":{"message":"x"}}}"#,
        r#"{"choices":[{"delta":{"content":"a"}}],"provider":{"name":"x","error":{"code":502}}}"#,
        r#"{"choices":[{"delta":{"error":{"message":"x"}}}]}"#,
        r#"{"choices":[],"base_resp":{"status_code":1002}}"#,
        r#"{"choices":[],"code":500,"message":"x"}"#,
        r#"{"choices":[{"delta":{},"finish_reason":"function_call_filter: MALFORMED_FUNCTION_CALL"}]}"#,
        r#"{"choices":[{"delta":{},"finish_reason":"MALFORMED_RESPONSE"}]}"#,
        r#"{"choices":[{"delta":{},"finish_reason":"unexpected_tool_call"}]}"#,
        r#"{"choices":[{"delta":{},"finish_reason":"engine: abort"}]}"#,
    ] {
        assert!(
            Chunk::parse(json).is_some_and(|chunk| chunk.is_error()),
            "{json}"
        );
    }
    for json in [
        r#"{"error":null,"choices":[]}"#,
        r#"{"choices":null,"usage":{}}"#,
        r#"{"choices":[],"usage":{"total_tokens":1}}"#,
        r#"{"choices":[{"delta":{"content":"an \"error\""}}],"x_groq":{"id":"r","error":null}}"#,
        r#"{"choices":[],"prompt_filter_results":[{"error":{"code":"x"}}]}"#,
        r#"{"choices":[{"delta":{"content":"a"}}],"content_filter_result":{"error":{"code":"content_filter_error"}}}"#,
        r#"{"choices":[{"delta":{},"finish_reason":"content_filter"}]}"#,
    ] {
        assert!(
            Chunk::parse(json).is_some_and(|chunk| !chunk.is_error()),
            "{json}"
        );
    }
    for json in ["", "3", "[]x", r#"{"choices":3}"#, r#"{"choices":[3]}"#] {
        assert_eq!(Chunk::parse(json), None, "{json}");
    }
}

#[test]
fn the_name_of_nothing_is_no_finish_reason() {
    for none in ["null", "None", "", "undefined", " NULL "] {
        let json = format!(
            r#"{{"choices":[{{"index":0,"delta":{{"content":"a"}},"finish_reason":"{none}"}}]}}"#
        );
        let chunk = Chunk::parse(&json).expect("a chunk");
        assert_eq!(chunk.choices[0].finish, None, "{none}");
        assert!(chunk.is_odd, "{none}");
        let mended = Mender::default().mend(&json, Form::Piece).expect("a chunk");
        assert!(mended.contains("\"finish_reason\":null"), "{mended}");
    }
    let stops = r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#;
    assert!(Chunk::parse(stops).is_some_and(|chunk| chunk.choices[0].finish.is_some()));
}

#[test]
fn what_counts_is_what_the_caller_waits_for() {
    for (delta, counts) in [
        (r#"{"role":"assistant","content":""}"#, false),
        (r#"{"content":" \n"}"#, false),
        (r#"{"reasoning":"hm"}"#, false),
        (r#"{"content":"a"}"#, true),
        (r#"{"refusal":"no"}"#, true),
        (
            r#"{"tool_calls":[{"index":0,"function":{"arguments":""}}]}"#,
            true,
        ),
    ] {
        let json = format!(r#"{{"choices":[{{"index":0,"delta":{delta}}}]}}"#);
        assert_eq!(
            Chunk::parse(&json).map(|chunk| chunk.counts(&json)),
            Some(counts),
            "{delta}"
        );
    }
}

#[test]
fn patches_leave_the_rest_as_it_was() {
    let json = r#"{"a":"x","b":1e2,"c":"y"}"#;
    let mut patches = [
        Patch {
            place: 21..24,
            text: "null".into(),
        },
        Patch {
            place: 5..8,
            text: "\"z\"".into(),
        },
    ];
    let mut out = Vec::new();
    write_patched(json, &mut patches, &mut out);
    assert_eq!(
        String::from_utf8_lossy(&out),
        r#"{"a":"z","b":1e2,"c":null}"#
    );
}

#[test]
fn a_piece_of_a_million_choices_or_calls_is_told_and_held_in_part() {
    let many = |item: &str| vec![item; 100_000].join(",");
    let choices = format!(r#"{{"choices":[{}]}}"#, many("{}"));
    let calls = format!(
        r#"{{"choices":[{{}},{{"delta":{{"tool_calls":[{}]}}}}]}}"#,
        many("{}")
    );
    let few = vec![r#"{"delta":{"tool_calls":[{},{},{}]}}"#; 300].join(",");
    let both = format!(r#"{{"choices":[{few}]}}"#);
    for json in [choices, calls, both] {
        let chunk = Chunk::parse(&json).expect("a chunk");
        assert!(chunk.is_overfull);
        let calls = chunk.choices.iter().map(|choice| choice.calls.len());
        assert_eq!(chunk.choices.len() + calls.sum::<usize>(), MOST_PARTS);
        assert!(chunk.weight() < 1 << 20, "{}", chunk.weight());
    }
    let most = vec!["{}"; MOST_PARTS].join(",");
    let chunk = Chunk::parse(&format!(r#"{{"choices":[{most}]}}"#)).expect("a chunk");
    assert!(!chunk.is_overfull && chunk.choices.len() == MOST_PARTS);
}
