use std::sync::Arc;

use super::*;
use crate::chat::carried::{CallSignature, CarriedState};
use crate::chat::request::Takes;
use serde_json::{Value, json};

const SENTINEL: &str = "skip_thought_signature_validator";

fn request(messages: &Value) -> ChatRequest {
    let body = json!({"messages": messages, "thinking": {"type": "enabled"}});
    ChatRequest::parse(body.to_string().into()).expect("a request")
}

fn calls(ids: &[&str]) -> Value {
    let call = |id: &&str| json!({"id": id, "type": "function", "function": {"name": format!("do_{id}"), "arguments": "{}"}});
    let calls: Vec<Value> = ids.iter().map(call).collect();
    json!({"role": "assistant", "content": "", "tool_calls": calls})
}

fn history() -> Value {
    json!([
        {"role": "system", "content": "Be brief."},
        {"role": "assistant", "content": "Hello, this is the office of Dr. Miller, how may I help you on this fine day?"},
        {"role": "user", "content": "Hi."},
        calls(&["a", "b"]),
        {"role": "tool", "tool_call_id": "a", "content": "1"},
        {"role": "tool", "tool_call_id": "b", "content": "2"},
        calls(&["c"]),
        {"role": "tool", "tool_call_id": "c", "content": "3"},
    ])
}

/// The state of the upstream `mock`.
fn state() -> CarriedState {
    CarriedState {
        from: "mock".into(),
        ..CarriedState::default()
    }
}

fn signed(call: &str) -> CarriedState {
    let signature = CallSignature {
        call: call.to_owned(),
        json: format!(r#"{{"vertex":{{"thought_signature":"sig-{call}"}}}}"#),
    };
    CarriedState {
        signatures: [signature].into(),
        ..state()
    }
}

fn given(request: &ChatRequest, what: WantsBack) -> (Vec<Value>, Vec<String>) {
    let mut notes = Vec::new();
    let wanted = WantedBack {
        what,
        upstream: "mock",
    };
    let out = give_back(Cow::Borrowed(request), wanted, &mut notes);
    let json: Value = serde_json::from_slice(&out.write(&Takes::default())).expect("JSON");
    (
        json["messages"].as_array().expect("messages").clone(),
        notes,
    )
}

#[test]
fn who_wants_nothing_or_has_said_nothing_gets_the_request_as_it_is() {
    let talk = request(&json!([{"role": "user", "content": "Hi."}]));
    let told = request(&json!([{"role": "assistant", "content": "Hi."}]));
    for (request, what) in [
        (&request(&history()), WantsBack::Nothing),
        (&talk, WantsBack::Reasoning),
        (&talk, WantsBack::Signature),
        (&told, WantsBack::Signature),
        (&told, WantsBack::Details),
    ] {
        let mut notes = Vec::new();
        let wanted = WantedBack {
            what,
            upstream: "mock",
        };
        let out = give_back(Cow::Borrowed(request), wanted, &mut notes);
        assert!(
            matches!(out, Cow::Borrowed(_)) && notes.is_empty(),
            "{what:?}"
        );
    }
}

#[test]
fn each_earlier_reply_has_what_was_thought_before_it_or_a_stand_in_of_its_own() {
    let mut request = request(&history());
    let thought = CarriedState {
        reasoning: Some("Ask \"c\" about [CARD_1].".into()),
        ..CarriedState::default()
    };
    request.carry([(6, Arc::new(thought))]);
    request.keep_plain_messages_only();
    let (messages, notes) = given(&request, WantsBack::Reasoning);
    let thoughts: Vec<&str> = messages
        .iter()
        .filter_map(|message| message["reasoning_content"].as_str())
        .collect();
    assert_eq!(
        thoughts,
        [
            "I answer: Hello, this is the office of Dr. Miller, how may I help you",
            "I call do_a, do_b.",
            "Ask \"c\" about [CARD_1].",
        ]
    );
    assert_eq!(
        notes,
        [
            "what the model thought went back 1 times",
            "what the model thought is not known any more, so a stand-in went back 2 times"
        ]
    );
    assert!(messages.iter().all(
        |message| message["role"] == "assistant" || message.get("reasoning_content").is_none()
    ));
}

#[test]
fn a_model_that_must_not_think_is_told_nothing_of_thoughts() {
    let body = json!({"messages": history(), "thinking": {"type": "disabled"}}).to_string();
    let request = ChatRequest::parse(body.into()).expect("a request");
    let (messages, notes) = given(&request, WantsBack::Reasoning);
    assert!(
        messages
            .iter()
            .all(|message| message.get("reasoning_content").is_none())
    );
    assert!(notes.is_empty());
}

#[test]
fn what_a_client_sends_itself_goes_where_rules_could_search_it() {
    for (sent, is_plain, expected) in [
        (json!("I kept it."), false, "I kept it."),
        (json!("I kept it."), true, "I call do_a."),
        (json!(" "), false, "I call do_a."),
        (json!(null), false, "I call do_a."),
    ] {
        let mut message = calls(&["a"]);
        message["reasoning_content"] = sent;
        let mut request = request(&json!([message]));
        if is_plain {
            request.keep_plain_messages_only();
        }
        let (messages, _) = given(&request, WantsBack::Reasoning);
        assert_eq!(messages[0]["reasoning_content"], expected);
    }
}

#[test]
fn each_first_call_is_signed_and_what_its_maker_signed_keeps_its_signature() {
    let mut request = request(&history());
    request.carry([(3, Arc::new(signed("b"))), (6, Arc::new(signed("c")))]);
    let (messages, notes) = given(&request, WantsBack::Signature);
    let extra = |message: usize, call: usize| {
        messages[message]["tool_calls"][call]["extra_content"].clone()
    };
    assert_eq!(extra(3, 0)["google"]["thought_signature"], SENTINEL);
    assert_eq!(extra(3, 1)["vertex"]["thought_signature"], "sig-b");
    assert_eq!(extra(6, 0)["vertex"]["thought_signature"], "sig-c");
    assert_eq!(notes.len(), 2);
    // All else is as it was.
    let mut bare = messages.clone();
    for message in &mut bare {
        for call in message
            .get_mut("tool_calls")
            .into_iter()
            .flat_map(|calls| calls.as_array_mut().expect("calls"))
        {
            call.as_object_mut()
                .expect("a call")
                .remove("extra_content");
        }
    }
    assert_eq!(Value::Array(bare), history());
}

#[test]
fn signatures_of_another_upstream_stay_here() {
    let mut request = request(&json!([calls(&["a"])]));
    let other = CarriedState {
        from: "other".into(),
        details: Some("[1]".into()),
        ..signed("a")
    };
    request.carry([(0, Arc::new(other))]);
    let (messages, _) = given(&request, WantsBack::Signature);
    let extra = &messages[0]["tool_calls"][0]["extra_content"];
    assert_eq!(*extra, json!({"google": {"thought_signature": SENTINEL}}));
    let (messages, _) = given(&request, WantsBack::Details);
    assert_eq!(messages[0]["reasoning_details"][0]["data"], SENTINEL);
}

#[test]
fn a_call_that_the_client_sends_signed_stays_as_it_is() {
    let mut message = calls(&["a"]);
    let own = json!({"google": {"thought_signature": "own"}});
    message["tool_calls"][0]["extra_content"] = own.clone();
    let mut request = request(&json!([message]));
    request.carry([(0, Arc::new(signed("a")))]);
    for what in [WantsBack::Signature, WantsBack::Details] {
        let (messages, notes) = given(&request, what);
        assert_eq!(messages[0]["tool_calls"][0]["extra_content"], own);
        assert!(notes.is_empty(), "{notes:?}");
        assert!(messages[0].get("reasoning_details").is_none());
    }
    // One that holds none is none.
    let mut message = calls(&["a"]);
    message["tool_calls"][0]["extra_content"] = json!({});
    let (messages, _) = given(&self::request(&json!([message])), WantsBack::Signature);
    let extra = &messages[0]["tool_calls"][0]["extra_content"];
    assert_eq!(extra["google"]["thought_signature"], SENTINEL);
}

#[test]
fn openrouter_gets_one_list_for_each_reply_and_one_stand_in_where_it_is_lost() {
    let mut request = request(&history());
    let list = r#"[{"type":"reasoning.encrypted","data":"CiQB","id":"a","index":0}]"#;
    let kept = CarriedState {
        details: Some(list.into()),
        ..state()
    };
    request.carry([(3, Arc::new(kept))]);
    request.keep_plain_messages_only();
    let (messages, _) = given(&request, WantsBack::Details);
    let details = |at: usize| &messages[at]["reasoning_details"];
    assert_eq!(
        details(3).to_string(),
        serde_json::from_str::<Value>(list)
            .expect("JSON")
            .to_string()
    );
    let lost = json!([{"type": "reasoning.encrypted", "data": SENTINEL, "id": "c", "format": "google-gemini-v1", "index": 0}]);
    assert_eq!(*details(6), lost);
    let calls = messages
        .iter()
        .filter_map(|message| message["tool_calls"].as_array());
    assert!(
        calls
            .flatten()
            .all(|call| call.get("extra_content").is_none())
    );
}

#[test]
fn what_goes_back_is_the_same_in_every_later_turn() {
    let all = history();
    let all = all.as_array().expect("messages");
    for what in [
        WantsBack::Reasoning,
        WantsBack::Signature,
        WantsBack::Details,
    ] {
        let written = |length: usize| {
            let mut request = request(&Value::Array(all[..length].to_vec()));
            let thought = CarriedState {
                reasoning: Some("Hm.".into()),
                ..signed("a")
            };
            request.carry([(3, Arc::new(thought))]);
            let wanted = WantedBack {
                what,
                upstream: "mock",
            };
            let out = give_back(Cow::Owned(request), wanted, &mut Vec::new());
            String::from_utf8(out.write(&Takes::default())).expect("text")
        };
        let whole = written(all.len());
        for length in 1..all.len() {
            let earlier = written(length);
            let earlier = earlier.strip_suffix("]}").expect("the end of messages");
            assert!(whole.starts_with(earlier), "{what:?}\n{earlier}\n{whole}");
        }
    }
}
