//! Names that were found, keys of arguments, and placeholders that nobody gave.

use super::*;

fn conversation(messages: &[(&str, &str)]) -> (Vec<String>, Turn) {
    let rule = rule("find = [\"name\"]");
    let messages: Vec<_> = messages
        .iter()
        .map(|(role, text)| serde_json::json!({"role": role, "content": text}))
        .collect();
    let (sent, turn) = sent(
        &rule,
        Facts::default(),
        serde_json::json!({"messages": messages}),
    );
    let sent: serde_json::Value = serde_json::from_str(&sent).expect("JSON");
    let texts = sent["messages"].as_array().expect("messages").iter();
    let texts = texts.map(|message| message["content"].as_str().unwrap_or_default().to_owned());
    (texts.collect(), turn)
}

#[test]
fn the_parts_of_a_name_that_was_found_are_hidden_in_what_follows() {
    let (texts, turn) = conversation(&[
        ("user", "my name is dana whitfield"),
        ("assistant", "Hello Dana, how can I help?"),
        ("user", "dana here again, i hope mister Whitfield is known"),
    ]);
    assert_eq!(
        texts,
        [
            "my name is [NAME_1]",
            "Hello [NAME_2], how can I help?",
            "[NAME_2] here again, i hope mister [NAME_3] is known",
        ]
    );
    assert_eq!(turn.vault.value("NAME", 2).as_deref(), Some("Dana"));
}

#[test]
fn a_part_that_is_a_common_word_stays() {
    let (texts, _) = conversation(&[
        ("user", "my name is grace hill"),
        ("user", "is there a grace period up the hill"),
    ]);
    assert_eq!(texts[1], "is there a grace period up the hill");
}

#[test]
fn a_name_is_hidden_where_the_assistant_asked_for_it() {
    let (texts, _) = conversation(&[
        ("assistant", "May I have your name?"),
        ("user", "dana whitfield"),
        ("assistant", "Thanks, Dana Whitfield."),
    ]);
    assert_eq!(texts[1..], ["[NAME_1]", "Thanks, [NAME_1]."]);
}

#[test]
fn s17_keys_of_arguments_are_searched() {
    let rule = rule("find = [\"card\"]");
    let arguments = "{\"4111 1111 1111 1111\": true}";
    let body = serde_json::json!({"messages": [
        {"role": "assistant", "content": null, "tool_calls": [
            {"id": "x", "type": "function", "function": {"name": "f", "arguments": arguments}}]},
        {"role": "tool", "tool_call_id": "x", "content": "ok"},
    ]});
    let (sent, _) = sent(&rule, Facts::default(), body);
    assert!(
        sent.contains("[CARD_1]") && !sent.contains("4111"),
        "{sent}"
    );
}

#[test]
fn a_placeholder_that_nobody_gave_is_spoken_as_unknown_in_every_style() {
    for style in ["mask", "remove", "placeholder"] {
        let rule = rule(&format!(
            "find = [\"card\"]\nstyle = \"{style}\"\nunknown = \"it\""
        ));
        let (_, turn) = said(&rule, "hello");
        let heard = heard(&rule, &turn, &LaneKind::Content, "Is [CARD_1] yours?");
        assert_eq!(heard, "Is it yours?", "{style}");
        assert!(turn.unknown.get() > 0);
    }
}

#[test]
fn what_can_never_come_back_is_a_mistake_in_the_rule() {
    for (toml, part) in [
        (
            "find = [\"cvv\"]\nrestore = [\"CVV\"]",
            "`CVV` is never restored",
        ),
        (
            "find = [\"card\"]\nrestore_tools = [\"pay.card.number\"]",
            "a field within a field",
        ),
    ] {
        let error = toml::from_str::<RedactRule>(toml)
            .expect_err(toml)
            .to_string();
        assert!(error.contains(part), "{error}");
    }
}

/// What becomes of a tool's result and of arguments that are the same JSON.
fn tool_says(rule: &RedactRule, json: &str) -> (String, String) {
    let body = serde_json::json!({"messages": [
        {"role": "assistant", "content": null, "tool_calls": [
            {"id": "x", "type": "function", "function": {"name": "f", "arguments": json}}]},
        {"role": "tool", "tool_call_id": "x", "content": json},
    ]});
    let customer = serde_json::json!({"name": "José García"});
    let (sent, _) = sent(rule, facts(customer), body);
    let sent: serde_json::Value = serde_json::from_str(&sent).expect("JSON");
    let arguments = &sent["messages"][0]["tool_calls"][0]["function"]["arguments"];
    let content = &sent["messages"][1]["content"];
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    (text(arguments), text(content))
}

#[test]
fn s18_escapes_of_json_in_results_and_arguments_are_read() {
    let rule = rule(
        "find = [\"card\", \"ssn\", \"phone\", \"email\", \"secret\"]\nknown = [\"customer.name\"]",
    );
    for (json, gone) in [
        (r#"{"text":"ref\n4111-1111-1111-1111"}"#, "4111"),
        (
            r#"{"text":"Card:\t4111 1111 1111 1111\nssn\u00a0523-45-6789"}"#,
            "1111",
        ),
        (r#"{"text":"4111\u00a01111\u00a01111\u00a01111"}"#, "1111"),
        (r#"{"text":"415\u2011555\u20110123"}"#, "0123"),
        (
            r#"{"customer":"Jos\u00e9 Garc\u00eda","note":"Jos\u00e9 Garc\u00eda called"}"#,
            "Garc",
        ),
        (r#"{"text":"Mail:\ndana@example.com"}"#, "dana"),
        (
            r#"{"d":"{\"mail\": \"d\\u0061na@example.com\", \"ssn\": \"523-45-6789\"}"}"#,
            "6789",
        ),
    ] {
        let (arguments, content) = tool_says(&rule, json);
        for text in [arguments, content] {
            assert!(!text.contains(gone), "{json}: {text}");
            assert!(
                serde_json::from_str::<serde_json::Value>(&text).is_ok(),
                "{text}"
            );
        }
    }
    let (_, content) = tool_says(&rule, r#"{"text":"Mail:\ndana@example.com"}"#);
    assert_eq!(content, r#"{"text":"Mail:\n[EMAIL_1]"}"#);
}

#[test]
fn s17_a_key_is_a_cue_in_results_and_arguments() {
    let rule = rule(
        "find = [\"card\", \"ssn\", \"pin\", \"cvv\", \"phone\", \"birthdate\", \"account\", \"name\", \"zip\", \"secret\"]",
    );
    for (json, gone) in [
        (r#"{"ssn":"523456789"}"#, "523456789"),
        (r#"{"pin":"4821"}"#, "4821"),
        (r#"{"cvv":"998"}"#, "998"),
        (r#"{"phone":"4155550123"}"#, "4155550123"),
        (r#"{"date_of_birth":"04/12/1985"}"#, "1985"),
        (r#"{"account_number":"123456789"}"#, "123456789"),
        (r#"{"name":"Priya Raghunathan"}"#, "Priya"),
        (r#"{"password":"Tr0ub4dor&3"}"#, "Tr0ub4dor"),
        (r#"{"zip":"94107","amount":12.5}"#, "94107"),
        (r#"{"card_number":4111111111111111,"cvc":998}"#, "4111"),
    ] {
        let (arguments, content) = tool_says(&rule, json);
        for text in [arguments, content] {
            assert!(!text.contains(gone), "{json}: {text}");
            assert!(
                serde_json::from_str::<serde_json::Value>(&text).is_ok(),
                "{text}"
            );
        }
    }
    let (arguments, _) = tool_says(&rule, r#"{"amount":12.5,"count":3,"order_id":"48213"}"#);
    assert_eq!(arguments, r#"{"amount":12.5,"count":3,"order_id":"48213"}"#);
}
