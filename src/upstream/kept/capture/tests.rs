use super::*;
use crate::chat::ChatRequest;
use crate::chat::reader::EventReader;

/// What is put on the message that a reply became, of a stream cut into pieces.
fn left(wants: WantsBack, deltas: &[&str], id: &str, cut: usize) -> Option<CarriedState> {
    let states = Arc::new(KeptStates::default());
    let mut capture = states.capture("c".to_owned(), 1, "mock", wants)?;
    let mut reader = EventReader::new();
    let stream: String = deltas
        .iter()
        .map(|delta| format!("data: {{\"choices\":[{{\"index\":0,{delta}}}]}}\n\n"))
        .collect();
    for piece in stream.as_bytes().chunks(cut) {
        reader.push(piece);
        while let Some(event) = reader.next_event().expect("events") {
            capture.event(&event);
        }
    }
    drop(capture);
    state_of(&states, id)
}

fn state_of(states: &KeptStates, id: &str) -> Option<CarriedState> {
    let body = serde_json::json!({"messages": [
        {"role": "user", "content": "Hi."},
        {"role": "assistant", "content": "", "tool_calls": [{"id": id, "type": "function",
            "function": {"name": "look", "arguments": "{}"}}]},
    ]});
    let mut request = ChatRequest::parse(body.to_string().into()).expect("a request");
    states.carry_into("c", &mut request);
    request.messages()[1].carried().cloned()
}

const FINISH: &str = r#""delta":{},"finish_reason":"tool_calls""#;

#[test]
fn what_a_model_thinks_is_gathered_from_all_its_pieces() {
    for field in ["reasoning_content", "reasoning"] {
        let deltas = [
            &format!(r#""delta":{{"role":"assistant","content":null,"{field}":""}}"#),
            &format!(r#""delta":{{"{field}":"The caller "}}"#),
            &format!(r#""delta":{{"{field}":"wants \"[CARD_1]\"\n\u00e9."}}"#),
            r#""delta":{"tool_calls":[{"index":0,"id":"x","function":{"name":"look","arguments":""}}]}"#,
            r#""delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}"#,
            FINISH,
        ];
        let whole = left(WantsBack::Reasoning, &deltas, "x", usize::MAX).expect("it is kept");
        let thought = "The caller wants \"[CARD_1]\"\né.";
        assert_eq!(whole.reasoning.as_deref(), Some(thought));
        assert_eq!(&*whole.from, "mock");
        for cut in [1, 2, 3, 7, 64] {
            let state = left(WantsBack::Reasoning, &deltas, "x", cut);
            assert_eq!(state.as_ref(), Some(&whole));
        }
        assert_eq!(left(WantsBack::Signature, &deltas, "x", 64), None);
        assert_eq!(left(WantsBack::Nothing, &deltas, "x", 64), None);
        // A stream that breaks off keeps what it had.
        let cut = left(WantsBack::Reasoning, &deltas[..4], "x", 64).expect("it is kept");
        assert_eq!(cut.reasoning.as_deref(), Some(thought));
        assert_eq!(left(WantsBack::Reasoning, &deltas[..3], "x", 64), None);
    }
}

#[test]
fn a_thought_under_two_names_is_one() {
    let deltas = [
        r#""delta":{"reasoning":"So.","reasoning_content":"So.","reasoning_details":[{"type":"reasoning.text","text":"So."}]}"#,
        r#""delta":{"tool_calls":[{"id":"x","function":{"name":"look","arguments":"{}"}}]},"finish_reason":"stop""#,
    ];
    let state = left(WantsBack::Reasoning, &deltas, "x", 64).expect("it is kept");
    assert_eq!(state.reasoning.as_deref(), Some("So."));
}

#[test]
fn a_signature_is_that_of_the_call_in_whose_piece_it_stands() {
    let signed =
        |whose: &str, text: &str| format!(r#"{{"{whose}":{{"thought_signature":"{text}"}}}}"#);
    let google = signed("google", "EjQK/+==");
    // At once, without an index, the finish reason beside it.
    let one = format!(
        r#""delta":{{"role":"assistant","tool_calls":[{{"extra_content":{google},"function":{{"arguments":"{{}}","name":"look"}},"id":"x","type":"function"}}]}},"finish_reason":"stop""#
    );
    // Two calls at once, of which the first has one.
    let two = format!(
        r#""delta":{{"tool_calls":[{{"index":0,"extra_content":{google},"id":"x","function":{{"name":"a","arguments":"{{}}"}}}},{{"index":1,"id":"y","function":{{"name":"b","arguments":"{{}}"}}}}]}}"#
    );
    // Behind the call, in a piece of its own, with words beside it.
    let late = [
        r#""delta":{"tool_calls":[{"index":0,"id":"x","function":{"name":"a","arguments":"{"}}]}"#.to_owned(),
        r#""delta":{"tool_calls":[{"index":0,"function":{"arguments":"}"}}]}"#.to_owned(),
        r#""delta":{"tool_calls":[{"extra_content":{"google":{"thought":"Dana","thought_signature":"EjQK/+=="}}}]}"#.to_owned(),
        FINISH.to_owned(),
    ];
    for deltas in [vec![one], vec![two, FINISH.to_owned()], late.to_vec()] {
        let deltas: Vec<&str> = deltas.iter().map(String::as_str).collect();
        for cut in [1, 5, usize::MAX] {
            let state = left(WantsBack::Signature, &deltas, "x", cut).expect("it is kept");
            assert_eq!(state.signature("x"), Some(&*google), "{deltas:?}");
            assert_eq!(state.signature("y"), None);
            assert_eq!(state.reasoning, None);
        }
    }
    let vertex = signed("vertex", "AY8");
    let delta = format!(
        r#""delta":{{"tool_calls":[{{"id":"x","extra_content":{vertex},"function":{{"name":"a","arguments":"{{}}"}}}}]}}"#
    );
    let state = left(WantsBack::Signature, &[&delta, FINISH], "x", 9).expect("it is kept");
    assert_eq!(state.signature("x"), Some(&*vertex));
}

#[test]
fn calls_with_one_index_or_none_are_told_apart_by_their_ids() {
    let deltas = [
        r#""delta":{"tool_calls":[{"index":0,"id":"x","extra_content":{"google":{"thought_signature":"one"}},"function":{"name":"a","arguments":"{}"}}]}"#,
        r#""delta":{"tool_calls":[{"index":0,"id":"y","extra_content":{"google":{"thought_signature":"two"}},"function":{"name":"b","arguments":"{}"}}]}"#,
        FINISH,
    ];
    let state = left(WantsBack::Signature, &deltas, "y", 11).expect("it is kept");
    let of = |id: &str| state.signature(id).unwrap_or_default().to_owned();
    assert!(of("x").contains("one") && of("y").contains("two"));
}

#[test]
fn of_a_list_of_details_only_what_nobody_else_can_read_is_kept() {
    let deltas = [
        r#""delta":{"content":"","reasoning":"Dana","reasoning_details":[{"type":"reasoning.text","text":"Dana","format":"google-gemini-v1","index":0}]}"#,
        r#""delta":{"tool_calls":[{"index":0,"id":"x","function":{"name":"a","arguments":"{}"}}],"reasoning_details":[{"id":"x","format":"google-gemini-v1","type":"reasoning.encrypted","data":"CiQB+/=","index":0,"more":"Dana"}]}"#,
        r#""delta":{"reasoning_details":[{"type":"reasoning.encrypted","data":"gAAA","format":"openai-responses-v1","index":1}]}"#,
        FINISH,
    ];
    let state = left(WantsBack::Details, &deltas, "x", 13).expect("it is kept");
    let expected = r#"[{"type":"reasoning.encrypted","data":"CiQB+/=","id":"x","format":"google-gemini-v1","index":0}]"#;
    assert_eq!(state.details.as_deref(), Some(expected));
    assert_eq!(state.reasoning, None);
}

#[test]
fn a_reply_that_comes_at_once_leaves_the_same() {
    let states = Arc::new(KeptStates::default());
    let capture = |wants| {
        states
            .capture("c".to_owned(), 1, "mock", wants)
            .expect("it is wanted")
    };
    let completion = r#"{"choices":[{"index":0,"message":{"role":"assistant","content":null,"reasoning_content":"So.","tool_calls":[{"id":"x","type":"function","function":{"name":"a","arguments":"{}"},"extra_content":{"google":{"thought_signature":"Ej"}}}]},"finish_reason":"tool_calls"}]}"#;
    capture(WantsBack::Reasoning).whole(completion);
    let state = state_of(&states, "x").expect("it is kept");
    assert_eq!(state.reasoning.as_deref(), Some("So."));
    capture(WantsBack::Signature).whole(completion);
    let state = state_of(&states, "x").expect("it is kept");
    assert!(state.signature("x").is_some());
    capture(WantsBack::Signature).whole("no completion");
}

#[test]
fn what_is_too_long_or_has_no_id_is_not_kept_and_what_has_is_kept_at_the_finish_reason() {
    let long = format!(
        r#""delta":{{"reasoning_content":"{}"}}"#,
        "so ".repeat(30_000)
    );
    let call =
        r#""delta":{"tool_calls":[{"index":0,"id":"x","function":{"name":"a","arguments":"{}"}}]}"#;
    assert_eq!(
        left(WantsBack::Reasoning, &[&long, call, FINISH], "x", 4096),
        None
    );
    let short = r#""delta":{"reasoning_content":"so"}"#;
    let nameless =
        r#""delta":{"tool_calls":[{"index":0,"id":"","function":{"name":"a","arguments":"{}"}}]}"#;
    assert_eq!(
        left(WantsBack::Reasoning, &[short, nameless, FINISH], "", 64),
        None
    );
    let legacy = r#""delta":{"function_call":{"name":"a","arguments":"{}"}}"#;
    assert_eq!(
        left(WantsBack::Reasoning, &[short, legacy, FINISH], "", 64),
        None
    );

    let states = Arc::new(KeptStates::default());
    let capture = states.capture("c".to_owned(), 1, "mock", WantsBack::Reasoning);
    let mut capture = capture.expect("it is wanted");
    let mut reader = EventReader::new();
    for delta in [short, call, FINISH] {
        assert_eq!(state_of(&states, "x"), None);
        reader.push(format!("data: {{\"choices\":[{{\"index\":0,{delta}}}]}}\n\n").as_bytes());
        let event = reader.next_event().expect("events").expect("an event");
        capture.event(&event);
    }
    assert!(
        state_of(&states, "x").is_some(),
        "before the client hears of it"
    );
}
