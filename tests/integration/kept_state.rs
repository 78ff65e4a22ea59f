//! State that voice platforms drop between the steps of a call goes back to the upstream that wants
//! it: each upstream here refuses what the real one refuses.

use serde_json::{Value, json};

use crate::aside::{Aside, Setup};
use crate::platform::Platform;
use crate::upstream::{Request, ScriptStep, Upstream};
use crate::wire::{choice_frame, frame, streaming, whole};

const SENTINEL: &str = "skip_thought_signature_validator";

fn serve(presets: &[(&str, &Upstream)], more: &str) -> Setup {
    let (mut config, mut names) = (more.to_owned(), Vec::new());
    for (preset, upstream) in presets {
        let url = upstream.url();
        config += &format!(
            "\n[upstream.{preset}]\npreset = \"{preset}\"\nurl = \"{url}\"\nkey = \"k\"\n"
        );
        let models = [
            "model = \"google/gemini-3-flash\"\n",
            "model = \"gemini-3-flash\"\n",
            "",
        ];
        let is_for = [*preset == "openrouter", *preset == "gemini", true];
        config += models[is_for.iter().position(|is| *is).expect("one is")];
        names.push(format!("\"{preset}\""));
    }
    config += &format!("[route.default]\nupstreams = [{}]\n", names.join(", "));
    Setup::with_config(&config)
}

fn messages(request: &Request) -> Vec<Value> {
    request.json()["messages"]
        .as_array()
        .expect("messages")
        .clone()
}

/// So many steps with a tool call, then words. `delta` gives the deltas of a call in the reply to
/// this request.
fn calling(number: usize, steps: usize, streams: bool, deltas: Vec<Value>) -> Vec<ScriptStep> {
    let is_last = number % (steps + 1) == steps;
    let deltas = match is_last {
        true => vec![json!({ "content": "All done." })],
        false => deltas,
    };
    let finish = json!(if is_last { "stop" } else { "tool_calls" });
    if streams {
        let mut frames: Vec<Vec<u8>> = deltas.into_iter().map(frame).collect();
        let mut end = choice_frame(0, json!({}), finish);
        end.extend_from_slice(b"data: [DONE]\n\n");
        frames.push(end);
        return streaming(frames.iter().map(Vec::as_slice));
    }
    let mut message = json!({ "role": "assistant", "content": null });
    for delta in &deltas {
        for (key, value) in delta.as_object().expect("a delta") {
            message[key] = match (&message[key], value) {
                (Value::String(before), Value::String(more)) => json!(format!("{before}{more}")),
                _ => value.clone(),
            };
        }
    }
    let body = json!({ "id": "c", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{ "index": 0, "message": message, "finish_reason": finish }] });
    whole(
        "200 OK",
        "content-type: application/json\r\n",
        &body.to_string(),
    )
}

fn call(id: &str, more: Value) -> Value {
    let mut call = json!({ "index": 0, "id": id, "type": "function",
        "function": { "name": "look", "arguments": "{}" } });
    for (key, value) in more.as_object().expect("fields") {
        call[key] = value.clone();
    }
    json!({ "tool_calls": [call] })
}

/// DeepSeek, whose thoughts are these.
fn deepseek(thought: &'static str) -> Upstream {
    Upstream::start(move |request, number| {
        let body = request.json();
        let lacks = |message: &Value| {
            let thought = message["reasoning_content"].as_str().unwrap_or_default();
            message["role"] == "assistant" && thought.trim().is_empty()
        };
        if messages(request).iter().any(lacks) {
            let why =
                "The `reasoning_content` in the thinking mode must be passed back to the API.";
            let error = json!({ "error": { "message": why, "type": "invalid_request_error",
                "param": null, "code": "invalid_request_error" } });
            return whole(
                "400 Bad Request",
                "content-type: application/json\r\n",
                &error.to_string(),
            );
        }
        let id = format!("call_00_{number}");
        let thoughts = [format!("Step {number}: "), thought.to_owned()];
        let mut deltas =
            vec![json!({ "role": "assistant", "content": "", "reasoning_content": "" })];
        deltas.extend(thoughts.map(|text| json!({ "reasoning_content": text })));
        deltas.push(call(&id, json!({})));
        calling(number, 2, body["stream"] == true, deltas)
    })
}

/// Gemini, which signs each call with the number of its request.
fn gemini(id: &'static str) -> Upstream {
    Upstream::start(move |request, number| {
        let signature = |message: &Value| {
            message["tool_calls"][0]["extra_content"]["google"]["thought_signature"].is_string()
        };
        let mut called = messages(request);
        called.retain(|message| message["tool_calls"].is_array());
        if !called.iter().all(signature) {
            let why = "Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly";
            let error =
                json!([{ "error": { "code": 400, "message": why, "status": "INVALID_ARGUMENT" } }]);
            return whole(
                "400 Bad Request",
                "content-type: application/json\r\n",
                &error.to_string(),
            );
        }
        let extra = json!({ "google": { "thought_signature": format!("sig-{number}") } });
        let mut delta = call(id, json!({ "extra_content": extra }));
        delta["tool_calls"][0]
            .as_object_mut()
            .expect("a call")
            .remove("index");
        calling(number, 2, request.json()["stream"] == true, vec![delta])
    })
}

/// The signatures of the calls in a request.
fn signatures(request: &Request) -> Vec<String> {
    let called = messages(request)
        .into_iter()
        .filter(|message| message["tool_calls"].is_array());
    let signature = |message: Value| {
        let extra = &message["tool_calls"][0]["extra_content"];
        extra["google"]["thought_signature"]
            .as_str()
            .unwrap_or("none")
            .to_owned()
    };
    called.map(signature).collect()
}

#[test]
fn what_deepseek_thought_before_a_tool_call_goes_back_in_every_later_step() {
    for streams in [true, false] {
        let upstream = deepseek("I look.");
        let aside = Aside::serve(&serve(&[("deepseek", &upstream)], ""));
        let mut client = aside.client();
        let mut platform = Platform::of(Some("c"));
        platform.streams = streams;
        platform.hears("Hi.");
        for _ in 0..2 {
            assert_eq!(platform.step(&mut client), "");
        }
        assert_eq!(platform.step(&mut client), "All done.");
        platform.hears("And now?").step(&mut client);
        assert_eq!(upstream.count(), 4, "nothing is refused");
        let thoughts = |number: usize| -> Vec<String> {
            let all = messages(&upstream.request(number)).into_iter();
            let thoughts =
                all.filter_map(|message| Some(message["reasoning_content"].as_str()?.to_owned()));
            thoughts.collect()
        };
        let hello = "I answer: Hello, how may I help you?";
        let (one, two) = ("Step 0: I look.", "Step 1: I look.");
        assert_eq!(thoughts(0), [hello]);
        assert_eq!(thoughts(1), [hello, one]);
        assert_eq!(thoughts(2), [hello, one, two]);
        assert_eq!(thoughts(3), [hello, one, two, "I answer: All done."]);
    }
}

#[test]
fn a_thought_goes_back_as_the_model_had_it_and_a_value_that_is_private_stays_here() {
    let upstream = deepseek("[CARD_1] it is; 5555 5555 5555 4444 would be another.");
    let rule = "about = \"Cards.\"\n[then.redact]\nfind = [\"card\"]\n";
    let aside = Aside::serve(&serve(&[("deepseek", &upstream)], "").rule("10-cards", rule));
    let mut client = aside.client();
    let mut platform = Platform::of(Some("c"));
    platform.hears("Charge 4111 1111 1111 1111, or [CARD_1].");
    for _ in 0..3 {
        platform.step(&mut client);
    }
    assert_eq!(upstream.count(), 3, "nothing is refused");
    for number in 0..3 {
        let body = upstream.request(number).json().to_string();
        assert!(
            !body.contains("4111 1111") && !body.contains("5555 5555"),
            "{body}"
        );
        assert!(body.contains("Charge [CARD_1], or [CARD_~1]."), "{body}");
    }
    let last = messages(&upstream.request(2));
    let expected = "[CARD_1] it is; [CARD_2] would be another.";
    assert_eq!(last[3]["reasoning_content"], format!("Step 0: {expected}"));
    assert_eq!(last[5]["reasoning_content"], format!("Step 1: {expected}"));
    let printed = aside.printed();
    assert!(!printed.contains("would be another"), "{printed}");
}

#[test]
fn the_prefix_of_a_call_stays_as_it_was_while_its_state_is_there() {
    for (preset, upstream) in [("deepseek", deepseek("Hm.")), ("gemini", gemini("x"))] {
        let aside = Aside::serve(&serve(&[(preset, &upstream)], ""));
        let mut client = aside.client();
        let mut platform = Platform::of(Some("c"));
        for _ in 0..2 {
            platform.hears("Go on.");
            (0..3).for_each(|_| drop(platform.step(&mut client)));
        }
        assert_eq!(upstream.count(), 6, "nothing is refused");
        let texts: Vec<String> = (0..6)
            .map(|number| json!(messages(&upstream.request(number))).to_string())
            .collect();
        for pair in texts.windows(2) {
            let before = pair[0].strip_suffix(']').expect("a list");
            assert!(
                pair[1].starts_with(before),
                "{preset}\n{}\n{}",
                pair[0],
                pair[1]
            );
        }
    }
}

#[test]
fn each_call_of_a_tool_goes_back_with_its_own_signature_also_under_one_id() {
    for id in ["call_0", "function-call-1"] {
        let upstream = gemini(id);
        let aside = Aside::serve(&serve(&[("gemini", &upstream)], ""));
        let mut client = aside.client();
        let mut platforms = [Platform::of(Some("a")), Platform::of(Some("b"))];
        platforms[1].streams = false;
        for platform in &mut platforms {
            platform.hears("Hi.");
            (0..3).for_each(|_| drop(platform.step(&mut client)));
            platform.hears("Thanks.").step(&mut client);
            (0..2).for_each(|_| drop(platform.hears("Bye.").step(&mut client)));
        }
        assert_eq!(signatures(&upstream.request(2)), ["sig-0", "sig-1"], "{id}");
        let all = |begin: usize| [0, 1, 3, 4].map(|at| format!("sig-{}", begin + at));
        assert_eq!(signatures(&upstream.request(5)), all(0), "{id}");
        assert_eq!(signatures(&upstream.request(8)), all(6)[..2], "{id}");
        assert_eq!(signatures(&upstream.request(11)), all(6), "{id}");
        assert_eq!(upstream.count(), 12, "nothing is refused");
    }
}

#[test]
fn what_is_not_known_has_the_documented_stand_in() {
    // A call without an id.
    let upstream = gemini("x");
    let aside = Aside::serve(&serve(&[("gemini", &upstream)], ""));
    let mut platform = Platform::of(None);
    platform.hears("Hi.");
    (0..3).for_each(|_| drop(platform.step(&mut aside.client())));
    assert_eq!(signatures(&upstream.request(2)), [SENTINEL, SENTINEL]);

    // A restart between two steps.
    let mut platform = Platform::of(Some("c"));
    platform.hears("Hi.").step(&mut aside.client());
    drop(aside);
    let aside = Aside::serve(&serve(&[("gemini", &upstream)], ""));
    platform.step(&mut aside.client());
    platform.step(&mut aside.client());
    assert_eq!(signatures(&upstream.request(4)), [SENTINEL]);
    assert_eq!(signatures(&upstream.request(5)), [SENTINEL, "sig-4"]);
    assert_eq!(upstream.count(), 6, "nothing is refused");
}

#[test]
fn the_same_call_under_another_key_is_another_call() {
    let upstream = gemini("x");
    let aside = Aside::serve(&serve(
        &[("gemini", &upstream)],
        "keys = [\"key-one\", \"key-two\"]",
    ));
    let mut client = aside.client();
    let mut platform = Platform::of(Some("c"));
    platform.key = "key-one";
    platform.hears("Hi.").step(&mut client);
    platform.key = "key-two";
    platform.step(&mut client);
    assert_eq!(signatures(&upstream.request(1)), [SENTINEL]);
    platform.key = "key-one";
    platform.step(&mut client);
    assert_eq!(signatures(&upstream.request(2)), ["sig-0", SENTINEL]);
}

#[test]
fn a_signature_goes_to_its_maker_only() {
    let first = Upstream::start(|request, number| match number {
        1 => whole("500 Oops", "", ""),
        _ => {
            let extra = json!({ "google": { "thought_signature": format!("sig-{number}") } });
            let deltas = vec![call("x", json!({ "extra_content": extra }))];
            calling(number, 2, request.json()["stream"] == true, deltas)
        }
    });
    let second = Upstream::start(|_, _| calling(0, 0, true, Vec::new()));
    let config = serve(&[("gemini", &first), ("openai", &second)], "");
    let aside = Aside::serve(&config);
    let mut platform = Platform::of(Some("c"));
    platform.hears("Hi.").step(&mut aside.client());
    platform.step(&mut aside.client());
    let elsewhere = second.request(0).json().to_string();
    assert!(!elsewhere.contains("thought_signature"), "{elsewhere}");
    platform.hears("And?").step(&mut aside.client());
    assert_eq!(signatures(&first.request(2)), ["sig-0"]);
}

#[test]
fn behind_openrouter_the_signature_is_in_a_list_of_its_own() {
    let upstream = Upstream::start(|request, number| {
        let lacks = |message: &Value| {
            message["tool_calls"].is_array() && !message["reasoning_details"][0]["data"].is_string()
        };
        if messages(request).iter().any(lacks) {
            let why = "Gemini models require OpenRouter reasoning details to be preserved in each request.";
            let error = json!({ "error": { "message": "Provider returned error", "code": 400, "metadata": { "raw": why } } });
            return whole(
                "400 Bad Request",
                "content-type: application/json\r\n",
                &error.to_string(),
            );
        }
        let mut delta = call("x1", json!({}));
        delta["reasoning_details"] = json!([
            { "type": "reasoning.text", "text": "Dana wants it.", "format": "google-gemini-v1", "index": 0 },
            { "type": "reasoning.encrypted", "data": format!("sig-{number}"), "id": "x1", "format": "google-gemini-v1", "index": 1 },
        ]);
        calling(number, 2, request.json()["stream"] == true, vec![delta])
    });
    for call in [Some("c"), None] {
        let begin = upstream.count();
        let aside = Aside::serve(&serve(&[("openrouter", &upstream)], ""));
        let mut platform = Platform::of(call);
        platform.hears("Hi.").step(&mut aside.client());
        platform.step(&mut aside.client());
        let last = messages(&upstream.request(begin + 1));
        let details = last
            .iter()
            .find_map(|message| message.get("reasoning_details"));
        let details = details.expect("they go back").to_string();
        let expected = if call.is_some() { "sig-0" } else { SENTINEL };
        assert!(
            details.contains(expected) && !details.contains("Dana"),
            "{details}"
        );
        platform.step(&mut aside.client());
        assert_eq!(upstream.count(), begin + 3, "nothing is refused");
    }
}
