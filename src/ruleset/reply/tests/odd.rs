//! Streams as few servers write them: said the same at every cut, with rules and without.

use serde_json::{Value, json};

use super::*;

const HIDES: &str = "about = \"x\"\n[then.redact]\nfind = [\"email\"]\npatterns = { CODE = 'Q-\\d{3}' }\nreply = true\nunknown = \"it\"";

const END: &str = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

/// What is heard of a stream, and all of what the client gets, whole and at every cut.
fn play_all(stream: &str) -> (String, String) {
    let mut whole = None;
    for rules in [&[][..], &[HIDES], &[HIDES, REWRITE]] {
        let rules = ruleset(rules);
        let played = play(reply_of(&rules, "I am a@example.com"), &[stream.as_bytes()]);
        check_well_formed(stream, &played);
        for cut in 0..=stream.len() {
            let (one, two) = stream.as_bytes().split_at(cut);
            let again = play(reply_of(&rules, "I am a@example.com"), &[one, two]);
            assert_eq!(again, played, "cut at {cut}: {stream}");
        }
        let bytes: Vec<&[u8]> = stream.as_bytes().chunks(1).collect();
        let again = play(reply_of(&rules, "I am a@example.com"), &bytes);
        assert_eq!(again, played, "byte by byte: {stream}");
        whole.get_or_insert_with(|| (heard(&played), played));
    }
    whole.expect("it was played")
}

fn sse_of(choices: &[Value]) -> String {
    let event = |choice: &Value| format!("data: {}\n\n", json!({"id": "a", "choices": [choice]}));
    choices.iter().map(event).collect()
}

#[test]
fn odd_streams_say_every_word_once() {
    let delta = |delta: Value| json!({"index": 0, "delta": delta});
    let said_again = |text: &str, all: &str| json!({"index": 0, "delta": {"content": text}, "message": {"role": "assistant", "content": all}});
    let message = |text: &str| json!({"index": 0, "message": {"content": text}});
    let parts = |text: &str| delta(json!({"content": [{"type": "text", "text": text}]}));
    let thought = json!([{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}]);
    for (name, stream) in [
        (
            "a message beside each delta",
            sse_of(&[said_again("Say ", "Say "), said_again("it.", "Say it.")]) + END,
        ),
        (
            "messages that tell all so far",
            sse_of(&[message("Say "), message("Say it.")]) + END,
        ),
        (
            "messages that are pieces",
            sse_of(&[message("Say "), message("it.")]) + END,
        ),
        (
            "parts",
            sse_of(&[delta(json!({ "content": thought })), parts("Say "), parts("it.")]) + END,
        ),
        (
            "a key twice",
            "data: {\"id\":\"a\",\"id\":\"b\",\"choices\":[{\"index\":0,\"delta\":{\"content\":null,\"content\":\"Say \"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\",\"content\":\"it.\"}}]}\n\n".to_owned()
                + END,
        ),
        (
            "a legacy text",
            sse_of(&[json!({"index": 0, "text": "Say "}), json!({"index": 0, "text": "it."})]) + END,
        ),
        (
            "lines of JSON",
            sse_of(&[delta(json!({"content": "Say "})), delta(json!({"content": "it."}))])
                .replace("data: ", "")
                .replace("\n\n", "\n")
                + &END.replace("data: ", "").replace("\n\n", "\n"),
        ),
        (
            "a whole completion in many lines",
            "{\n  \"object\": \"chat.completion\",\n\n  \"choices\": [\n    {\n      \"message\": {\"role\": \"assistant\",\n\n \"content\": \"Say it.\"}\n    }\n  ]\n}\n".to_owned(),
        ),
        (
            "a whole completion as an event",
            "data: {\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"content\":\"Say it.\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n".to_owned(),
        ),
        (
            "a whole completion behind the pieces",
            sse_of(&[delta(json!({"content": "Say "})), delta(json!({"content": "it."}))])
                + "data: {\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"content\":\"Say it.\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n",
        ),
        (
            "a whole completion behind the end",
            sse_of(&[delta(json!({"content": "Say "})), delta(json!({"content": "it."}))])
                + &END.replace("data: [DONE]\n\n", "")
                + "{\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"delta\":null,\"message\":{\"content\":\"Say it.\"},\"finish_reason\":\"stop\"}]}\n",
        ),
        (
            "a message told again",
            sse_of(&[message("Say"), message("Say"), message("Say it."), message("Say it.")]) + END,
        ),
        (
            "a message beside an empty delta",
            sse_of(&[said_again("", "Say "), said_again("", "Say it.")]) + END,
        ),
        (
            "reasons that are none, and values on one line",
            sse_of(&[
                json!({"index": 0, "delta": {"content": "Say "}, "finish_reason": ""}),
                json!({"index": 0, "delta": {"content": "it"}, "finish_reason": 0}),
            ]) + "data: {\"choices\":[{\"delta\":{\"content\":\".\"}}]}{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}data: [DONE]\n\n",
        ),
        (
            "odd types beside the words",
            sse_of(&[
                delta(json!({"content": "Say", "tool_calls": ""})),
                delta(json!({"content": " ", "tool_calls": [null]})),
            ]) + "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"it\"},\"logprobs\":NaN}]}\n\ndata: {\"choices\":{\"index\":null,\"delta\":\".\"},\"x\":-Infinity}\n\n"
                + END,
        ),
        (
            "notes between the words",
            sse_of(&[delta(json!({"content": "Say "}))])
                + "event: ping\ndata: {\"type\":\"ping\"}\n\n: hi\n\nevent: metadata\ndata: {\"run_id\":\"x\",\"message\":\"y\"}\n\ndata: keep-alive\n\ndata: {\"id\":\"a\",\"choices\":[],\"prompt_filter_results\":[]}\n\ndata: {\"choices\":[{\"index\":0,\"content_filter_offsets\":{},\"content_filter_results\":{}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":null,\"finish_reason\":null}]}\n\n"
                + &sse_of(&[delta(json!({"content": "it."}))])
                + END,
        ),
    ] {
        let (heard, played) = play_all(&stream);
        assert_eq!(heard, "Say it.", "{name}: {played}");
        assert!(!played.contains("\"message\""), "{name}: {played}");
    }
}

#[test]
fn a_call_that_ends_without_arguments_gets_an_object() {
    let call = |function: Value| json!({"tool_calls": [{"index": 0, "id": "c", "type": "function", "function": function}]});
    let end = |delta: Value| json!({"index": 0, "delta": delta, "finish_reason": "tool_calls"});
    let named = call(json!({"name": "f", "arguments": null}));
    let bare = call(json!({"name": "f"}));
    let more = call(json!({"arguments": "{}"}));
    let done = "data: [DONE]\n\n";
    for stream in [
        sse_of(&[json!({"index": 0, "delta": named}), end(json!({}))]),
        sse_of(&[json!({"index": 0, "delta": bare}), end(json!({}))]),
        sse_of(&[json!({"index": 0, "delta": bare}), end(more.clone())]),
        sse_of(&[json!({"index": 0, "delta": bare}), end(named.clone())]),
        sse_of(&[end(named.clone())]),
        sse_of(&[end(bare.clone())]),
    ] {
        let (_, played) = play_all(&(stream.clone() + done));
        let (mut arguments, mut is_over) = (String::new(), false);
        for chunk in chunks(&played) {
            assert!(!is_over, "{stream}: {played}");
            let call = &chunk["choices"][0]["delta"]["tool_calls"][0];
            arguments += call["function"]["arguments"].as_str().unwrap_or_default();
            is_over = chunk["choices"][0]["finish_reason"] == "tool_calls";
        }
        assert_eq!((&*arguments, is_over), ("{}", true), "{stream}: {played}");
    }
}

#[test]
fn a_body_of_many_lines_leaves_in_frames_of_one_line() {
    let more = |key: &str| {
        json!({key: {"content": "Say it."}, "index": 0, "finish_reason": "stop",
            "logprobs": {"content": [{"token": "Say", "bytes": [83, 97]}]}})
    };
    for (object, key) in [
        ("chat.completion", "message"),
        ("chat.completion.chunk", "delta"),
    ] {
        let body = json!({"object": object, "choices": [more(key)],
            "usage": {"total_tokens": 3, "details": {"cached": [1, 2]}}});
        let body = serde_json::to_string_pretty(&body).expect("JSON");
        for line_end in ["\n", "\r\n", "\r", "\n\n"] {
            let body = body.replace('\n', line_end);
            let (heard, played) = play_all(&body);
            assert_eq!(heard, "Say it.", "{body:?}: {played}");
            for frame in played.split_terminator("\n\n") {
                assert!(frame.starts_with("data: "), "{body:?}: {played}");
                assert!(!frame.contains(['\n', '\r']), "{body:?}: {played}");
            }
        }
    }
}

#[test]
fn nothing_that_tells_a_text_again_tells_what_a_rule_hid() {
    let said = |delta: Value, more: (&str, Value)| {
        let mut choice = json!({"index": 0, "delta": delta});
        choice[more.0] = more.1;
        sse_of(&[choice]) + END
    };
    let text = "The thing is Q-123, ok.";
    let content = || json!({ "content": text });
    let details = json!([{"type": "reasoning.text", "text": "Q-123", "signature": "s1g"}]);
    for stream in [
        said(content(), ("message", json!({ "content": text }))),
        said(content(), ("message", content())),
        said(content(), ("text", json!(text))),
        said(
            json!({"content": "The thing is"}),
            ("text", json!("it is Q-123.")),
        ),
        said(
            json!({ "content": [{"type": "text", "text": text}] }),
            ("x", json!(1)),
        ),
        said(
            json!({ "reasoning_details": details, "content": "a" }),
            ("x", json!(1)),
        ),
        format!("{{\"choices\":[{{\"message\":{{\"content\":\"{text}\"}},\"text\":\"Q-123\"}}]}}"),
    ] {
        let played = play(reply(&[HIDES], "Hi"), &[stream.as_bytes()]);
        assert!(!played.contains("123"), "{stream}\n{played}");
        if stream.contains("s1g") {
            assert!(played.contains("s1g"), "{played}");
        }
        let untouched = play(reply(&[], "Hi"), &[stream.as_bytes()]);
        assert!(untouched.contains("123"), "{untouched}");
    }
}

#[test]
fn fields_that_nobody_knows_tell_nothing_where_the_reply_is_hidden() {
    let beside = |delta: Value, field: &str, value: &Value| {
        let mut choice = json!({"index": 0, "delta": delta});
        choice[field] = value.clone();
        choice
    };
    let restores = "about = \"x\"\n[then.redact]\npatterns = { CODE = 'Q-\\d{3}' }";
    let value = json!({"transcript": "It is Q-123.", "at": 1});
    for (field, value) in [
        ("audio", &value),
        ("annotations", &json!([value])),
        ("note", &json!("Q-123")),
    ] {
        let delta = json!({"content": "Ok. ", field: value});
        let alone = json!({ field: value });
        let stream = sse_of(&[
            json!({"index": 0, "delta": delta}),
            // The same shape again, which is read in a shorter way.
            json!({"index": 0, "delta": delta}),
            json!({"index": 0, "delta": alone}),
            beside(json!({"content": "Good."}), field, value),
        ]) + END;
        let whole = json!({"choices": [beside(json!({}), "message", &delta)]}).to_string();
        for stream in [stream, whole] {
            let played = play(reply(&[HIDES], "Hi"), &[stream.as_bytes()]);
            assert!(!played.contains("123"), "{played}");
            assert!(played.contains("Ok. "), "{played}");
            for rules in [&[][..], &[restores], &[REWRITE]] {
                let played = play(reply(rules, "Hi"), &[stream.as_bytes()]);
                assert!(played.contains("123"), "{played}");
            }
        }
    }
}

#[test]
fn tool_calls_that_share_a_number_or_have_none_get_their_own() {
    let call = |index: Option<u64>, id: &str| {
        let mut call =
            json!({"id": id, "type": "function", "function": {"name": "f", "arguments": "{}"}});
        if let Some(index) = index {
            call["index"] = index.into();
        }
        call
    };
    for (first, second, numbers) in [
        (Some(0), Some(1), [0, 1]),
        (Some(0), Some(0), [0, 1]),
        (None, None, [0, 1]),
        (Some(1), Some(2), [1, 2]),
        (Some(1), Some(1), [1, 2]),
        (Some(1), None, [1, 2]),
    ] {
        let (one, two) = (call(first, "a"), call(second, "b"));
        let apart = sse_of(&[
            json!({"index": 0, "delta": {"tool_calls": [one]}}),
            json!({"index": 0, "delta": {"tool_calls": [two]}}),
        ]);
        let together = sse_of(&[json!({"index": 0, "delta": {"tool_calls": [one, two]}})]);
        for stream in [apart, together] {
            let (_, played) = play_all(&(stream + END));
            let mut found = Vec::new();
            for chunk in chunks(&played) {
                let calls = chunk["choices"][0]["delta"]["tool_calls"]
                    .as_array()
                    .cloned();
                found.extend(
                    calls
                        .into_iter()
                        .flatten()
                        .map(|call| call["index"].as_u64()),
                );
            }
            assert_eq!(found, numbers.map(Some), "{first:?} {second:?}: {played}");
        }
    }
}

#[test]
fn a_call_is_whole_when_its_arguments_are() {
    for (arguments, is_whole) in [
        (&["{\"a\"", ":1}"][..], true),
        (&[""], true),
        (&["{\"a\"", ":1"], false),
        (&["{"], false),
        (&["{}", "}"], false),
    ] {
        let mut reply = reply(&[], "Hi");
        let mut reader = EventReader::new();
        for (at, piece) in arguments.iter().enumerate() {
            let mut function = json!({ "arguments": piece });
            if at == 0 {
                function["name"] = "f".into();
            }
            let call = json!({"index": 0, "function": function});
            reader.push(sse_of(&[json!({"index": 0, "delta": {"tool_calls": [call]}})]).as_bytes());
        }
        while let Some(event) = reader.next_event().expect("small events") {
            reply.event(&event, &mut Vec::new());
        }
        assert_eq!(reply.has_whole_calls(), is_whole, "{arguments:?}");
        assert_eq!(reply.is_cut_in_call(), !is_whole, "{arguments:?}");
    }
}
