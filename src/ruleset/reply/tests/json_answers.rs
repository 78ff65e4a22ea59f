//! Answers that are JSON, as `response_format` asks for them.

use serde_json::{Value, json};

use super::*;

/// What the caller said, and what stands for it is `[NOTE_1]`.
const SAID: &str = "<<a \"b\" \\c\nd>>";
const NOTE: &str = "about = \"x\"\n[then.redact]\nfind = [\"card\"]\npatterns = { NOTE = '(?s)<<.{1,20}>>' }\nunknown = 'the \"thing\"'";
const QUOTES: &str = "about = \"x\"\n[then.rewrite]\nfind = '(h)ello|\"x\\\\'\nreplace = \"\\\"$1\\\\\\n\\\"\"\nin = [\"reply\"]";

fn reply_as(rules: &Arc<Ruleset>, format: &str) -> Reply {
    let body = json!({
        "messages": [{"role": "user", "content": SAID}],
        "response_format": {"type": format},
    });
    let request = ChatRequest::parse(body.to_string().into()).expect("a request");
    way_back(rules, request)
}

/// What is heard of a content, the same for every cut and where it is not streamed.
fn heard_as(rules: &[&str], format: &str, content: &str) -> String {
    let rules = ruleset(rules);
    let stream = |pieces: &[&str]| {
        let deltas: Vec<String> = pieces
            .iter()
            .map(|piece| json!({ "content": piece }).to_string())
            .collect();
        let deltas: Vec<&str> = deltas.iter().map(String::as_str).collect();
        let stream = [sse(&deltas), finish()].concat();
        heard(&play(reply_as(&rules, format), &[&stream]))
    };
    let whole = stream(&[content]);
    for cut in (0..=content.len()).filter(|at| content.is_char_boundary(*at)) {
        assert_eq!(
            stream(&[&content[..cut], &content[cut..]]),
            whole,
            "cut at {cut}"
        );
    }
    let letters: Vec<String> = content.chars().map(String::from).collect();
    let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
    assert_eq!(stream(&letters), whole, "letter by letter");
    let completion = json!({"choices": [{"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}]});
    let completion = reply_as(&rules, format).whole(&completion.to_string());
    let completion: Value =
        serde_json::from_slice(&completion.expect("a completion")).expect("JSON");
    assert_eq!(completion["choices"][0]["message"]["content"], *whole);
    whole
}

fn parsed(rules: &[&str], format: &str, content: &str) -> Value {
    let heard = heard_as(rules, format, content);
    serde_json::from_str(&heard).unwrap_or_else(|error| panic!("{error}: {heard}"))
}

#[test]
fn a_value_with_quotes_does_not_break_an_answer_in_json() {
    for format in ["json_object", "json_schema"] {
        for (content, expected) in [
            (
                r#"{"note":"[NOTE_1]","list":[1,2],"is":"so [NOTE_1]!"}"#,
                json!({"note": SAID, "list": [1, 2], "is": format!("so {SAID}!")}),
            ),
            (
                "{\n \"note\": \"\\u005bNOTE_1\\u005d \\ud83d\\ude00\" }",
                json!({ "note": format!("{SAID} 😀") }),
            ),
            (r#"["note_1","[note\n1]"]"#, json!([SAID, SAID])),
            (r#""[NOTE_1]""#, json!(SAID)),
            (r#"{"a":[NOTE_1]}"#, json!({ "a": SAID })),
            (
                r#"{"note_1":"x","[NOTE_1]":1}"#,
                json!({"note_1": "x", SAID: 1}),
            ),
            (
                r#"{"in":"{\"note\":\"[NOTE_1]\"}"}"#,
                json!({ "in": json!({ "note": SAID }).to_string() }),
            ),
        ] {
            assert_eq!(parsed(&[NOTE], format, content), expected, "{content}");
        }
    }
}

#[test]
fn what_stands_for_nothing_is_json_too() {
    let content = r#"{"a":"[TARJETA_1], [NOTE_7]","b":"[laughs] [x](y) [1]","c":"[CARD]"}"#;
    assert_eq!(
        parsed(&[NOTE], "json_object", content),
        json!({"a": "the \"thing\", the \"thing\"", "b": "[laughs] [x](y) [1]", "c": "the \"thing\""})
    );
}

#[test]
fn what_rewrite_puts_into_an_answer_is_json_too() {
    let content = r#"{"hello":"hello","b":["so \"x\\ hello"],"c":1}"#;
    assert_eq!(
        parsed(&[QUOTES], "json_schema", content),
        json!({"hello": "\"h\\\n\"", "b": ["so \"\\\n\" \"h\\\n\""], "c": 1})
    );
    assert_eq!(
        parsed(&[NOTE, QUOTES], "json_schema", r#"{"a":"hello [NOTE_1]"}"#),
        json!({ "a": format!("\"h\\\n\" {SAID}") })
    );
}

#[test]
fn where_no_json_was_asked_for_a_value_is_spoken_as_it_is() {
    let content = r#"{"note":"[NOTE_1]"} hello"#;
    let expected = format!("{{\"note\":\"{SAID}\"}} \"h\\\n\"");
    assert_eq!(heard_as(&[NOTE, QUOTES], "text", content), expected);
    let sorry = "Sorry, \"no\": [NOTE_1] hello";
    assert_eq!(
        heard_as(&[NOTE, QUOTES], "json_object", sorry),
        format!("Sorry, \"no\": {SAID} \"h\\\n\"")
    );
    assert_eq!(
        heard_as(&[NOTE], "json_object", "[NOTE_1], \"no\" [NOTE_1]"),
        format!("{SAID}, \"no\" {SAID}")
    );
}

#[test]
fn a_refusal_is_no_json() {
    let rules = ruleset(&[NOTE]);
    let stream = [sse(&[r#"{"refusal":"Not \"[NOTE_1]\"."}"#]), finish()].concat();
    let played = play(reply_as(&rules, "json_object"), &[&stream]);
    let refusal = chunks(&played)
        .iter()
        .find_map(|chunk| Some(chunk.pointer("/choices/0/delta/refusal")?.clone()));
    assert_eq!(refusal, Some(json!(format!("Not \"{SAID}\"."))));
}

#[test]
fn what_the_model_says_in_json_is_hidden_as_json() {
    let rule = "about = \"x\"\n[then.redact]\nfind = [\"card\", \"cvv\"]\nreply = true\nunknown = 'a \"number\"'";
    let content = r#"{"cvv":"123","card":4111111111111111,"n":-12.5,"b":"\u0034111 1111 1111 1111, \"ok\"","c":{"d":[7, "5500 0000 0000 0004"]}}"#;
    assert_eq!(
        parsed(&[rule], "json_object", content),
        json!({"cvv": "a \"number\"", "card": "a \"number\"", "n": -12.5, "b": "a \"number\", \"ok\"", "c": {"d": [7, "a \"number\""]}})
    );
}
