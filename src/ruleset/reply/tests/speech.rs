//! The speech of a whole reply: what is said where nothing is left, and where it ends.

use serde_json::{Value, json};

use super::*;

const SPEAK: &str = "about = \"x\"\n[then.speak]\nempty = \"Pardon?\"\n";
const DROP: &str = "about = \"x\"\n[then.speak]\nafter_tool_call = \"drop\"\n";

/// What is heard of pieces, each a delta or a finish reason, and where the tool call comes.
fn spoken(rule: &str, deltas: &[Value]) -> String {
    let frames = deltas.iter().map(|delta| {
        let choice = match delta.as_str() {
            Some(finish) => json!({"index": 0, "delta": {}, "finish_reason": finish}),
            None => json!({"index": 0, "delta": delta, "finish_reason": null}),
        };
        format!("data: {}\n\n", json!({"id": "t", "choices": [choice]}))
    });
    let stream: String = frames.chain(["data: [DONE]\n\n".to_owned()]).collect();
    let played = play(reply(&[rule], "Hi"), &[stream.as_bytes()]);
    check_well_formed("speech", &played);
    let mut all = String::new();
    for chunk in chunks(&played) {
        let delta = &chunk["choices"][0]["delta"];
        all += delta["content"].as_str().unwrap_or_default();
        if delta["tool_calls"][0]["function"]["name"].is_string() {
            all += "|";
        }
    }
    all
}

fn says(text: &str) -> Value {
    json!({ "content": text })
}

fn calls() -> Value {
    let function = json!({"name": "pay", "arguments": "{}"});
    json!({"tool_calls": [{"index": 0, "id": "a", "type": "function", "function": function}]})
}

#[test]
fn nobody_meets_silence_where_nothing_is_left() {
    let stop = || json!("stop");
    assert_eq!(
        spoken(SPEAK, &[says("<think>no"), says("thing"), stop()]),
        "Pardon?"
    );
    assert_eq!(spoken(SPEAK, &[says("😀"), stop()]), "Pardon?");
    assert_eq!(
        spoken(SPEAK, &[says("<think>a</think>"), says("Yes."), stop()]),
        "Yes."
    );
    assert_eq!(
        spoken(
            SPEAK,
            &[says("<think>a</think>"), calls(), json!("tool_calls")]
        ),
        "|"
    );
    assert_eq!(spoken(SPEAK, &[says("`"), says("``x"), stop()]), "Pardon?");
    let silent = SPEAK.replace("Pardon?", "");
    assert_eq!(spoken(&silent, &[says("😀"), stop()]), "");
}

#[test]
fn a_whole_answer_is_not_silent_either() {
    let whole = |message: Value| {
        let completion =
            json!({"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]});
        let new = reply(&[SPEAK], "Hi")
            .whole(&completion.to_string())
            .expect("an answer");
        let new: Value = serde_json::from_slice(&new).expect("JSON");
        new["choices"][0]["message"]["content"].clone()
    };
    assert_eq!(whole(json!({"content": "<think>hm"})), "Pardon?");
    assert_eq!(whole(json!({"content": "**Yes**"})), "Yes");
    let calls =
        json!([{"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}}]);
    assert_eq!(
        whole(json!({"content": "<think>hm", "tool_calls": calls})),
        ""
    );
}

#[test]
fn text_behind_a_tool_call_is_dropped_where_a_rule_says_so() {
    let stream = [
        says("One mo"),
        says("ment 5*"),
        calls(),
        says(" Done!"),
        says(" Bye"),
        json!("tool_calls"),
    ];
    assert_eq!(spoken(DROP, &stream), "One moment 5|");
    assert_eq!(spoken(SPEAK, &stream), "One moment 5| Done! Bye");
    let mut both = calls();
    both["content"] = json!(" now [");
    let stream = [says("Wait"), both, says("x"), json!("tool_calls")];
    assert_eq!(spoken(DROP, &stream), "Wait now [|");
}

#[test]
fn what_is_said_where_nothing_is_left_is_the_same_at_every_cut() {
    for text in ["  <think>no", " 😀  ", "😀 \n", "\n<tool_call>{\"a\": 1}"] {
        let whole = spoken(SPEAK, &[says(text), json!("stop")]);
        assert!(whole.ends_with("Pardon?"), "{whole}");
        let letters: Vec<Value> = text
            .chars()
            .map(|letter| says(&letter.to_string()))
            .collect();
        let letters = [letters, vec![json!("stop")]].concat();
        assert_eq!(spoken(SPEAK, &letters), whole, "{text}");
        for (cut, _) in text.char_indices().skip(1) {
            let (one, two) = text.split_at(cut);
            let pieces = [says(one), says(two), json!("stop")];
            assert_eq!(spoken(SPEAK, &pieces), whole, "{text} at {cut}");
        }
    }
}

const RULES: [&str; 6] = [
    "about = \"x\"\n[then.script]\nreply = 'text = text.replace_all(\"acme\", \"ACME\");'\n",
    "about = \"x\"\n[then.speak]\nnumbers = true\n",
    "about = \"x\"\n[then.speak]\nreplace = { \"New York\" = \"NYC\" }\n",
    "about = \"x\"\n[then.rewrite]\nfind = \"see you {1,9}x\"\nreplace = \"Y\"\nin = [\"reply\"]\n",
    "about = \"x\"\n[then.redact]\nfind = [\"card\", \"email\", \"phone\"]\nreply = true\n",
    "about = \"x\"\n[then.redact]\nfind = [\"card\"]\n",
];

#[test]
fn what_a_rule_holds_is_said_before_the_tool_call_behind_it() {
    for text in [
        "Let me look that up for acme",
        "The total is $5",
        "Greetings from New",
        "I will see you ",
        "Your number is 415 555",
        "I see your card",
        "It is <b",
    ] {
        for rule in RULES {
            let behind = [calls(), json!("tool_calls")];
            let whole = spoken(rule, &[&[says(text)], &behind[..]].concat());
            assert!(whole.ends_with('|'), "{rule}: {whole}");
            for (cut, _) in text.char_indices().skip(1) {
                let (one, two) = text.split_at(cut);
                let pieces = [&[says(one), says(two)], &behind[..]].concat();
                assert_eq!(spoken(rule, &pieces), whole, "{rule}: {text} at {cut}");
                let mut both = calls();
                both["content"] = json!(two);
                let pieces = [says(one), both, json!("tool_calls")];
                assert_eq!(spoken(rule, &pieces), whole, "{rule}: {text} at {cut}");
            }
        }
    }
}

#[test]
fn text_goes_on_behind_a_tool_call_with_all_that_rules_know_of_it() {
    let redact = RULES[5];
    let around = |rule: &str, one: &str, two: &str| {
        let stream = [says(one), calls(), says(two), json!("tool_calls")];
        spoken(rule, &stream)
    };
    assert_eq!(around(redact, "Is [CARD", "_1] it?"), "Is |that it?");
    assert_eq!(around(SPEAK, "<think>no", "no</think>Yes."), "|Yes.");
    assert_eq!(around(SPEAK, "<think>no</th", "ink>Yes."), "|Yes.");
    assert_eq!(around(SPEAK, "One **mo", "ment** 5*"), "One mo|ment 5");
    let hide = RULES[4];
    let heard = around(hide, "It is 4111 1111 1111", " 1111, ok");
    assert!(!heard.contains("1111, ok"), "{heard}");
}
