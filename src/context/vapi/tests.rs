use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::LARGEST;
use super::*;
use crate::fixtures;

const ALL: Keeps = Keeps {
    transcript: true,
    tools: true,
};

fn event(message: &Value) -> VapiEvent {
    let body = json!({ "message": message }).to_string();
    VapiEvent::read(&body.into(), ALL).unwrap_or_else(|error| panic!("{error}: {message}"))
}

/// The object after these events.
fn folded(messages: &[Value]) -> Value {
    let mut text = None;
    for message in messages {
        if let Some((new, _)) = event(message).fold(text.as_ref()) {
            text = Some(new);
        }
    }
    text.map_or(Value::Null, |text| {
        serde_json::from_str(&text).expect("JSON")
    })
}

fn read(body: Vec<u8>, keeps: Keeps) -> VapiEvent {
    let body = String::from_utf8(body).expect("UTF-8");
    VapiEvent::read(&body.into(), keeps).expect("an event")
}

fn own(name: &str, keeps: Keeps) -> VapiEvent {
    read(fixtures::own(&format!("events/{name}.json")), keeps)
}

fn object(event: &VapiEvent) -> Value {
    event.fold(None).map_or(Value::Null, |(text, _)| {
        serde_json::from_str(&text).expect("JSON")
    })
}

fn status(status: &str, time: Value) -> Value {
    json!({ "type": "status-update", "status": status, "timestamp": time })
}

fn said(role: &str, text: &str, time: i64) -> Value {
    json!({ "type": "transcript", "transcriptType": "final", "role": role, "transcript": text, "timestamp": time })
}

fn answered(name: &str, result: &str, time: i64) -> Value {
    let entry = json!({ "role": "tool_call_result", "name": name, "result": result, "time": time });
    json!({ "type": "speech-update", "artifact": { "messages": [entry] } })
}

const T: i64 = 1_749_546_420_000;

#[test]
fn an_event_of_every_type_is_understood() {
    let mut answered = 0;
    for (name, body) in fixtures::events() {
        let sent: Value = serde_json::from_slice(&body).expect("JSON");
        let message = &sent["message"];
        let kind = message["type"].as_str().expect("a type");
        let event = read(body, Keeps::default());
        assert_eq!(event.call(), message["call"]["id"].as_str(), "{name}");
        let wants = ["tool-calls", "function-call"].contains(&kind) || kind.ends_with("-request");
        assert_eq!(event.wants_answer(), wants, "{name}");
        answered += usize::from(wants);
        let known = object(&event);
        match kind {
            "status-update" => assert_eq!(known["status"], message["status"], "{name}"),
            "end-of-call-report" => {
                assert_eq!(known["status"], "ended", "{name}");
                for key in ["endedReason", "endedAt"] {
                    assert_eq!(known[key], message[key], "{name}");
                }
            }
            _ => assert_eq!(known, Value::Null, "{name}"),
        }
    }
    assert!(answered >= 9, "{answered} events want an answer");
}

#[test]
fn what_an_event_tells_is_kept() {
    let began = own("status-update-in-progress", ALL);
    assert_eq!(began.call(), Some("00000000-0000-4000-8000-ca1100000015"));
    let (text, meaning) = began.fold(None).expect("news");
    assert_eq!(
        &*text,
        r#"{"status":"in-progress","statusTime":1749000060250,"startedAt":"2025-06-04T01:21:00.250Z"}"#
    );
    assert_eq!(meaning, EventMeaning::Began);
    let ended = own("end-of-call-report", ALL);
    assert_eq!(ended.call(), began.call());
    let (text, meaning) = ended.fold(Some(&text)).expect("news");
    assert_eq!(
        &*text,
        r#"{"status":"ended","statusTime":1749000090500,"startedAt":"2025-06-04T01:21:00.250Z","endedAt":"2025-06-04T01:21:28.000Z","endedReason":"customer-ended-call"}"#
    );
    assert_eq!(meaning, EventMeaning::Ended);

    let tools = own("tool-calls", ALL);
    assert!(tools.wants_answer());
    let known = object(&tools);
    assert_eq!(
        known["tools"]["Garden--soilMoisture"],
        json!({ "result": "sensor asleep", "time": 1_720_000_006_100_i64 })
    );
    assert_eq!(known["transcript"]["text"], "Anybody there?");
    for (name, text, time) in [
        (
            "conversation-update",
            "White, please.",
            1_735_000_013_750_i64,
        ),
        (
            "transcript-final",
            "The second door on the left.",
            1_750_000_001_000,
        ),
    ] {
        assert_eq!(
            object(&own(name, ALL)),
            json!({ "transcript": { "role": "user", "text": text, "time": time } }),
            "{name}"
        );
    }
    for name in [
        "assistant-request-pstn",
        "assistant-request-sip",
        "assistant-request-without-numbers",
        "transcript-partial",
    ] {
        let request = own(name, ALL);
        assert!(request.call().is_some(), "{name}");
        assert_eq!(object(&request), Value::Null, "{name}");
    }
    assert_eq!(own("tool-calls-without-call", ALL).call(), None);
}

#[test]
fn only_what_the_config_names_is_kept() {
    assert_eq!(object(&own("tool-calls", Keeps::default())), Value::Null);
    let tools = Keeps {
        tools: true,
        ..Keeps::default()
    };
    let known = object(&own("tool-calls", tools));
    assert!(known["tools"].is_object() && known["transcript"].is_null());
}

#[test]
fn r37_what_comes_late_or_twice_changes_nothing() {
    let ringing = status("ringing", json!(T));
    let talking = status("in-progress", json!(T + 5000));
    let both = folded(&[ringing.clone(), talking.clone()]);
    assert_eq!(both["status"], "in-progress");
    assert_eq!(
        folded(&[talking.clone(), ringing.clone(), talking.clone()]),
        both
    );
    // Without times the order of a call decides; a transfer that failed needs them.
    for time in [Value::Null, json!("soon"), json!(5)] {
        let late = [talking.clone(), status("queued", time)];
        assert_eq!(folded(&late)["status"], "in-progress");
    }
    let back = [status("forwarding", json!(T)), talking.clone()];
    assert_eq!(folded(&back)["status"], "in-progress");

    let over = status("ended", json!(T));
    let late = [
        over.clone(),
        talking,
        said("user", "Hello?", T + 9000),
        answered("a", "b", T),
    ];
    assert_eq!(folded(&late), folded(&[over]), "the end is the end");
    let hello = said("user", "Hello?", T + 2);
    let newest = [hello.clone(), said("assistant", "Hi.", T + 1), hello];
    assert_eq!(folded(&newest)["transcript"]["text"], "Hello?");
}

#[test]
fn a_partial_transcript_is_none() {
    let mut partial = said("user", "My num", T);
    partial["transcriptType"] = json!("partial");
    assert_eq!(folded(&[partial]), Value::Null);
    let mut literal = said("user", "Hello.", T);
    literal["type"] = json!("transcript[transcriptType=\"final\"]");
    assert_eq!(folded(&[literal])["transcript"]["text"], "Hello.");
}

#[test]
fn the_call_is_named_by_either_id_and_by_none_that_is_odd() {
    let long = "x".repeat(201);
    for (call, id) in [
        (json!({ "id": "a", "callId": "b" }), Some("a")),
        (json!({ "callId": "b" }), Some("b")),
        (json!({ "id": "" }), None),
        (json!({ "id": 7 }), None),
        (json!({ "id": "a\nb" }), None),
        (json!({ "id": "{{call.id}}" }), None),
        (json!({ "id": long }), None),
        (json!("a"), None),
        (Value::Null, None),
    ] {
        let event = event(&json!({ "type": "hang", "call": call }));
        assert_eq!(event.call(), id, "{call}");
    }
    let named = event(&json!({ "type": "hang", "call": { "id": "a" } }));
    assert_eq!(named.or_of_call(Some("b")).call(), Some("a"));
    let nameless = event(&json!({ "type": "hang" }));
    assert_eq!(nameless.clone().or_of_call(Some("b")).call(), Some("b"));
    assert_eq!(nameless.or_of_call(Some("b\u{7}")).call(), None);
}

#[test]
fn what_is_no_event_is_refused_without_a_quote() {
    let deep = format!("{{\"message\":{}1{}}}", "[".repeat(200), "]".repeat(200));
    for body in [
        "",
        "null",
        "[]",
        "{}",
        "{\"message\":null}",
        "{\"message\":{}}",
        "{\"message\":{\"type\":7}}",
        "{\"message\":{\"type\":\"hang\"}",
        "{\"message\":{\"type\":\"s3cr3t\",\"type\":\"s3cr3t\"}}",
        &deep,
    ] {
        let error = VapiEvent::read(&body.into(), ALL)
            .expect_err(body)
            .to_string();
        assert!(!error.contains("s3cr3t"), "{error}");
    }
}

#[test]
fn r37_what_is_kept_is_bounded() {
    let worst = "\"\\\u{1}".repeat(1 << 20);
    let names = |number: usize| format!("{number:02}{}", "\"".repeat(98));
    let results: Vec<Value> = (0..100)
        .map(|number| json!({ "role": "tool_call_result", "name": names(number), "result": worst[..9000], "time": T + number as i64 }))
        .chain([json!({ "role": "user", "message": worst, "time": T })])
        .chain([json!({ "role": "tool_call_result", "name": "x".repeat(101), "result": "a", "time": T + 999 })])
        .collect();
    let known = folded(&[json!({ "type": "conversation-update", "messages": results })]);
    let length = known.to_string().len();
    assert!((16_000..LARGEST).contains(&length), "{length}");
    let tools = known["tools"].as_object().expect("tools");
    assert_eq!(tools.len(), MOST_TOOLS);
    assert!(tools.contains_key(&names(99)) && !tools.contains_key(&names(83)));
    let odd = [
        status(&"x".repeat(121), json!(T)),
        status("a\nb", json!(T)),
        status("", json!(T)),
    ];
    assert_eq!(folded(&odd), Value::Null);
}

#[test]
fn what_was_kept_by_another_version_is_no_trap() {
    let talking = event(&status("in-progress", json!(T)));
    for old in ["", "3", "{\"status\":7}", "{\"tools\":[]}"] {
        let (_, meaning) = talking.fold(Some(&old.into())).expect("news");
        assert_eq!(meaning, EventMeaning::Began, "{old}");
    }
    let more = r#"{"status":"ringing","statusTime":1749546410000,"more":1}"#.into();
    assert_eq!(
        talking.fold(Some(&more)).map(|it| it.1),
        Some(EventMeaning::Other)
    );
}

fn any_event() -> impl Strategy<Value = Value> {
    let time = || T..T + 40;
    let word = || prop::sample::select(vec!["a", "b", "c"]);
    let live = prop::sample::select(vec![
        "queued",
        "ringing",
        "in-progress",
        "forwarding",
        "odd",
    ]);
    prop_oneof![
        (live, prop::option::of(time())).prop_map(|(text, time)| status(text, json!(time))),
        (word(), time()).prop_map(|(text, time)| said("user", text, time)),
        (word(), word(), time()).prop_map(|(name, text, time)| answered(name, text, time)),
        (0..40_u8, time()).prop_map(|(name, time)| answered(&format!("t{name}"), "x", time)),
    ]
}

proptest! {
    #[test]
    fn r37_order_and_repetition_do_not_matter(
        (events, shuffled) in prop::collection::vec(any_event(), 1..60)
            .prop_flat_map(|events| {
                let twice: Vec<Value> = events.iter().chain(&events).cloned().collect();
                (Just(events), Just(twice).prop_shuffle())
            }),
        ends in any::<bool>(),
    ) {
        // A status without a time has no place among those that have one.
        let timed = |event: &&Value| !event["timestamp"].is_null() || event["status"].is_null();
        let mut events: Vec<Value> = events.iter().filter(timed).cloned().collect();
        let mut shuffled: Vec<Value> = shuffled.iter().filter(timed).cloned().collect();
        if ends {
            let mut report = status("ended", json!(T + 50));
            report["type"] = json!("end-of-call-report");
            report["startedAt"] = json!("2020-06-10T09:07:00Z");
            events.push(report.clone());
            shuffled.insert(shuffled.len() / 2, report);
        }
        prop_assert_eq!(folded(&events), folded(&shuffled));
    }
}

#[test]
fn what_rules_may_ask_of_a_call_is_what_is_kept_of_it() {
    use crate::lang::facts::missing;
    let state = CallState {
        status: Some(String::new()),
        status_time: Some(1),
        started_at: Some(String::new()),
        ended_at: Some(String::new()),
        ended_reason: Some(String::new()),
        transcript: Some(Utterance::default()),
        tools: [("any".to_owned(), ToolResult::default())].into(),
    };
    fn check(value: &serde_json::Value, path: &[String]) {
        assert_eq!(missing(path), None, "{path:?}");
        match value.as_object() {
            Some(keys) => {
                for (key, below) in keys {
                    check(below, &[path, std::slice::from_ref(key)].concat());
                }
                // Tools are named by their users.
                let other = [path, &["other".to_owned()]].concat();
                let is_tools = path.last().is_some_and(|last| last == "tools");
                assert_eq!(missing(&other).is_none(), is_tools, "{other:?}");
            }
            None => assert!(
                missing(&[path, &["x".to_owned()]].concat()).is_some(),
                "{path:?}"
            ),
        }
    }
    let path = ["context", "call", "vapi"].map(str::to_owned);
    check(&serde_json::to_value(state).expect("JSON"), &path);
}
