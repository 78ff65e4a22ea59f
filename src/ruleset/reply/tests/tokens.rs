//! What tells a text again, token by token, beside it.

use serde_json::{Value, json};

use super::*;

const HIDES: &str = "about = \"x\"\n[then.redact]\npatterns = { CODE = 'Q-\\d{3}' }\nreply = true\nunknown = \"it\"";

fn logprobs(content: &str, refusal: &str) -> Value {
    let token = |text: &str| json!([{"token": text, "logprob": -0.5, "bytes": text.as_bytes(), "top_logprobs": [{"token": text, "logprob": -0.5}]}]);
    json!({"content": token(content), "refusal": token(refusal)})
}

fn chunk(delta: &Value, logprobs: &Value) -> String {
    let chunk = json!({"id": "a", "created": 7, "model": "m", "choices": [{"index": 0, "delta": delta, "logprobs": logprobs, "finish_reason": null}]});
    format!("data: {chunk}\n\n")
}

fn streamed(rules: &[&str], pieces: &[&str]) -> (String, Vec<Value>) {
    let stream: String = pieces
        .iter()
        .map(|piece| chunk(&json!({ "content": piece }), &logprobs(piece, "")))
        .collect();
    let stream = [stream.into_bytes(), finish()].concat();
    let played = play(reply(rules, "Hi a@example.com"), &[&stream]);
    check_well_formed("it", &played);
    let logprobs = chunks(&played)
        .iter()
        .map(|chunk| chunk["choices"][0]["logprobs"]["content"].clone())
        .collect();
    (played, logprobs)
}

#[test]
fn tokens_do_not_tell_what_a_rule_hid_in_a_stream() {
    let pieces = ["The thing", " is Q", "-1", "23", ", thanks", "."];
    let (played, told) = streamed(&[HIDES], &pieces);
    assert_eq!(heard(&played), "The thing is it, thanks.");
    for secret in ["Q", "-1", "23"] {
        let bytes = serde_json::to_string(&secret.as_bytes()).expect("JSON");
        assert!(
            !played.contains(&format!("\"token\":\"{secret}\"")),
            "{played}"
        );
        assert!(!played.contains(&bytes), "{played}");
    }
    assert!(!told[0].is_null(), "nothing was changed yet: {played}");
    assert!(told[1..].iter().all(Value::is_null), "{played}");
}

#[test]
fn tokens_of_what_no_rule_changed_stay() {
    for rules in [&[][..], &[HIDES]] {
        let (played, told) = streamed(rules, &["Just ", "a ", "word. "]);
        assert_eq!(heard(&played), "Just a word. ");
        assert!(told[0].is_array() && told[2].is_array(), "{played}");
    }
    // What is only said later is not changed.
    let (played, told) = streamed(&[HIDES], &["Is [COD", "YX", "] it?", " Yes."]);
    assert_eq!(heard(&played), "Is [CODYX] it? Yes.");
    assert!(told[0].is_null() && told[3].is_array(), "{played}");
}

#[test]
fn tokens_that_come_apart_from_their_text_go_too() {
    let said = |text: &str| chunk(&json!({ "content": text }), &Value::Null);
    let told = |text: &str| chunk(&json!({}), &logprobs(text, ""));
    for (pieces, is_told) in [
        (
            [said("So Q-12"), told("Q-12"), said("3. "), told("3")],
            false,
        ),
        ([said("So "), told("So"), said("it is. "), told("is")], true),
    ] {
        let stream = [pieces.concat().into_bytes(), finish()].concat();
        let played = play(reply(&[HIDES], "Hi"), &[&stream]);
        assert_eq!(played.contains("\"content\":[{"), is_told, "{played}");
    }
}

#[test]
fn tokens_of_a_whole_reply_go_by_lane() {
    let completion = |content: &str, refusal: &str, logprobs: &Value| json!({"choices": [{"index": 0, "message": {"content": content, "refusal": refusal}, "logprobs": logprobs, "finish_reason": "stop"}]});
    let rules = ruleset(&[HIDES]);
    let logprobs_of = |completion: Value| {
        let whole = reply_of(&rules, "Hi").whole(&completion.to_string());
        let whole: Value = serde_json::from_slice(&whole.expect("a completion")).expect("JSON");
        whole["choices"][0]["logprobs"].clone()
    };
    let both = logprobs("x", "y");
    for (content, refusal, is_told) in [
        ("Q-123", "no", (false, true)),
        ("yes", "not Q-123", (true, false)),
        ("yes", "no", (true, true)),
        ("Q-123", "Q-123", (false, false)),
    ] {
        let told = logprobs_of(completion(content, refusal, &both));
        let is_there = (told["content"].is_array(), told["refusal"].is_array());
        assert_eq!(is_there, is_told, "{content} {refusal}");
        // Other shapes say of no lane that they are its own.
        let odd = json!({"tokens": ["x"], "token_logprobs": [-0.5]});
        let told = logprobs_of(completion(content, refusal, &odd));
        assert_eq!(
            told.is_null(),
            is_told != (true, true),
            "{content} {refusal}"
        );
    }
}

#[test]
fn the_numbers_of_tokens_go_with_them() {
    let stream = "data: {\"choices\":[{\"index\":0,\"token_ids\":[7],\"delta\":{\"content\":\"Q-123 x \",\"token_id\":9}}]}\n\n";
    let stream = [stream.as_bytes(), &finish()].concat();
    let played = play(reply(&[HIDES], "Hi"), &[&stream]);
    let first = &chunks(&played)[0]["choices"][0];
    assert!(
        first["token_ids"].is_null() && first["delta"]["token_id"].is_null(),
        "{played}"
    );
    let played = play(reply(&[], "Hi"), &[&stream]);
    assert!(played.contains("\"token_ids\":[7]"), "{played}");
}
