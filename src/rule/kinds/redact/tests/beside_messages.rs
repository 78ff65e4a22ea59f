//! Request fields beside the messages.

use super::*;

#[test]
fn every_value_of_a_further_field_is_hidden_whatever_its_key() {
    let rule = rule("find = [\"card\"]\nknown = [\"customer.name\"]");
    let card = "4111 1111 1111 1111";
    let body = serde_json::json!({
        "messages": [{"role": "user", "content": "Hi"}],
        "extra": {"name": "Dana Whitfield", "type": card, "deep": [{"enum": [card], "const": card}]},
        "guided_json": {"required": ["Dana Whitfield"], "format": card, "$ref": card},
    });
    let dana = serde_json::json!({"name": "Dana Whitfield"});
    let (sent, _) = sent(&rule, facts(dana), body);
    assert!(!sent.contains("4111") && !sent.contains("Dana"), "{sent}");
    let expected = r#""extra":{"name":"[NAME_1]","type":"[CARD_1]","deep":[{"enum":["[CARD_1]"],"const":"[CARD_1]"}]}"#;
    assert!(sent.contains(expected), "{sent}");
}

#[test]
fn what_a_schema_lists_is_hidden_in_the_text_too_and_comes_back_in_arguments() {
    let rule = rule("known = [\"customer.name\"]\nfind = [\"card\"]");
    let card = "4111 1111 1111 1111";
    let schema = serde_json::json!({"type": "object", "required": ["name"], "properties": {
        "name": {"type": "string", "enum": ["Dana Whitfield", "Bob"], "default": "Dana Whitfield"},
        "card": {"type": "string", "const": card, "examples": [{"name": card}], "pattern": format!("^{card}$")},
    }});
    let tools = serde_json::json!([{"type": "function", "function": {"name": "pay", "parameters": schema}}]);
    let body = |fields: serde_json::Value| {
        let mut body = fields;
        body["messages"] =
            serde_json::json!([{"role": "user", "content": format!("dana whitfield, {card}")}]);
        body
    };
    let dana = || facts(serde_json::json!({"name": "Dana Whitfield"}));
    for fields in [
        serde_json::json!({ "tools": tools }),
        serde_json::json!({"functions": [{"name": "pay", "parameters": schema}]}),
        serde_json::json!({"response_format": {"type": "json_schema", "json_schema": {"name": "pay", "schema": schema}}}),
    ] {
        let (sent, turn) = sent(&rule, dana(), body(fields));
        assert!(
            !sent.contains("4111") && !sent.to_lowercase().contains("dana"),
            "{sent}"
        );
        assert!(sent.contains(r#""content":"[NAME_1], [CARD_1]""#), "{sent}");
        assert!(sent.contains(r#""enum":["[NAME_1]","Bob"]"#), "{sent}");
        assert!(
            sent.contains(r#""required":["name"]"#) && sent.contains(r#""name":"pay""#),
            "{sent}"
        );
        assert_eq!(
            heard(
                &rule,
                &turn,
                &arguments("pay"),
                r#"{"name":"[NAME_1]","card":"[CARD_1]"}"#
            ),
            r#"{"name":"Dana Whitfield","card":"4111 1111 1111 1111"}"#
        );
    }
}

#[test]
fn s17_marks_hold_nothing_private_and_stay_otherwise() {
    let rule = rule(
        "find = [\"card\", \"phone\", \"account\", \"id\", \"zip\", \"ssn\"]\nknown = [\"customer.name\"]",
    );
    let dana = || facts(serde_json::json!({"name": "Dana Whitfield"}));
    let named = |name: &str| {
        serde_json::json!({
            "tools": [{"type": "function", "function": {"name": name, "parameters": {}}}],
            "tool_choice": {"type": "function", "function": {"name": name}},
            "messages": [
                {"role": "assistant", "tool_calls": [{"id": name, "type": "function", "function": {"name": name, "arguments": "{}"}}]},
                {"role": "tool", "tool_call_id": name, "content": "ok"},
                {"role": "user", "content": "Hi"},
            ],
        })
    };
    for name in ["call_dana_whitfield", "4111111111111111"] {
        let (sent, _) = sent(&rule, dana(), named(name));
        assert!(
            !sent.contains("whitfield") && !sent.contains("4111"),
            "{sent}"
        );
        assert!(
            sent.contains(r#""name":"call_NAME_1""#) || sent.contains("CARD_1"),
            "{sent}"
        );
    }
    for name in [
        "call_8f21aZ",
        "book_table",
        "toolu_01A09q90qw90lq917835lq9",
        "D681PevKs",
        "call_12345678901234567890",
        "123e4567-e89b-12d3-a456-426614174000",
        "chatcmpl-tool-5d2d3c1b8a7f4e6d9c0b1a2f3e4d5c6b",
        "get_phone_number",
        "call_0",
        "1",
        "lookup-account-by-phone",
        "verify_ssn_last4",
    ] {
        let body = named(name);
        let (sent, _) = sent(&rule, dana(), body.clone());
        let sent: serde_json::Value = serde_json::from_str(&sent).expect("JSON");
        for field in ["tools", "tool_choice", "messages"] {
            assert_eq!(sent[field], body[field], "{name}");
        }
    }
}

#[test]
fn what_messages_tell_is_hidden_in_fields_that_the_model_does_not_read() {
    let rule = rule("find = [\"phone\"]");
    let body = serde_json::json!({
        "user": "4155550123",
        "extra": {"tag": "14155550123", "n": 4155550123_u64, "seats": 4},
        "messages": [{"role": "user", "content": "call me at 415-555-0123"}],
    });
    let (sent, _) = sent(&rule, Facts::default(), body);
    assert!(!sent.contains("0123"), "{sent}");
    assert!(
        sent.contains(r#""user":"[PHONE_1]""#) && sent.contains(r#""seats":4"#),
        "{sent}"
    );
}

#[test]
fn texts_in_base64_and_signs_of_urls_are_read() {
    let rule = rule("find = [\"email\", \"card\"]");
    let said = crate::rule::kinds::redact::base64_text::encode("mine is dana@example.com, ok");
    let body = serde_json::json!({"messages": [{"role": "user", "content": [
        {"type": "text", "text": "https://example.org/?to=dana%40example.com&off=10%25"},
        {"type": "file", "file": {"file_data": format!("data:text/plain;base64,{said}"), "filename": "a.txt"}},
        {"type": "file", "file": {"file_data": said}},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB"}},
    ]}]});
    let (sent, _) = sent(&rule, Facts::default(), body);
    let hidden = crate::rule::kinds::redact::base64_text::encode("mine is [EMAIL_1], ok");
    assert_eq!(sent.matches(&hidden).count(), 2, "{sent}");
    assert!(sent.contains("?to=[EMAIL_1]&off=10%25"), "{sent}");
    assert!(sent.contains("iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB"), "{sent}");
}
