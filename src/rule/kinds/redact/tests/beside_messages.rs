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
fn a_text_that_was_clean_as_a_schema_is_searched_anew_elsewhere() {
    let rule = rule("known = [\"customer.name\"]");
    let dana = || facts(serde_json::json!({"name": "Dana Whitfield"}));
    let field = serde_json::json!([{"name": "Dana Whitfield"}]);
    let body = |name: &str| serde_json::json!({name: field, "messages": [{"role": "user", "content": "Hi"}]});
    assert!(sent(&rule, dana(), body("functions")).0.contains("Dana"));
    assert!(!sent(&rule, dana(), body("further")).0.contains("Dana"));
}
