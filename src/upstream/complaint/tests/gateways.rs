//! Refusals that a gateway put into its own words, and those that few servers say.

use super::*;

const GOOGLE: &str = "{\n  \"error\": {\n    \"code\": 400,\n    \"message\": \"Invalid JSON payload received. \
     Unknown name \\\"strict\\\" at 'tools[0].function_declarations[0]': Cannot find field.\",\n    \
     \"status\": \"INVALID_ARGUMENT\"\n  }\n}\n";
const FASTAPI: &str = r#"{"detail":[{"type":"extra_forbidden","loc":["body","messages",1,"user","name"],"msg":"Extra inputs are not permitted","input":"dana"}]}"#;
const PYTHON: &str = "{'error': {'message': \"Unsupported parameter: 'logit_bias' isn't supported with this model.\", 'type': 'invalid_request_error', 'param': 'logit_bias', 'code': None}}";
const TUPLES: &str = "[{'type': 'extra_forbidden', 'loc': ('body', 'service_tier'), 'msg': 'Extra inputs are not permitted', 'input': 'auto'}]";

#[test]
fn a_refusal_is_read_within_a_gateways_words() {
    for (inner, first) in [
        (GOOGLE, "drop = [\"tools.strict\"]"),
        (FASTAPI, "shape = { names = false }"),
        (PYTHON, "drop = [\"logit_bias\"]"),
        (TUPLES, "drop = [\"service_tier\"]"),
    ] {
        let escaped = format!("b'{}'", inner.replace('\\', "\\\\").replace('\n', "\\n"));
        for said in [
            inner.to_owned(),
            format!("litellm.BadRequestError: VertexAIException BadRequestError - {inner}"),
            format!(
                "Error code: 400 - {inner}. Received Model Group=x\nAvailable Model Group Fallbacks=None"
            ),
            format!("[gateway] MistralException: {inner}"),
            format!("Provider said: {escaped}"),
        ] {
            for body in [
                said.clone(),
                serde_json::json!({ "error": { "message": said, "type": null, "code": "400" } })
                    .to_string(),
                serde_json::json!({ "detail": said }).to_string(),
            ] {
                let ways = ways(&body);
                assert!(ways.iter().any(|way| way == first), "{body}: {ways:?}");
            }
        }
    }
    // Cut short it is no JSON, and its quotes are escaped all the same.
    let cut = r#"upstream said {\"error\":{\"message\":\"Unknown name \\\"seed\\\": Cannot find"#;
    let ways = ways(&serde_json::json!({ "message": cut }).to_string());
    assert!(
        ways.iter().any(|way| way == "drop = [\"seed\"]"),
        "{ways:?}"
    );
}

#[test]
fn content_in_parts_becomes_one_text() {
    for said in [
        "Failed to deserialize the JSON body into the target type: messages[1]: invalid type: sequence, expected a string at line 1 column 33915",
        "json: cannot unmarshal array into Go struct field ChatMessage.messages.content of type string",
        "can only concatenate str (not \"list\") to str",
        "'messages.0' : for 'role:user' the following must be satisfied[('messages.0.content' : value must be a string)]",
        "messages[1].content should be a valid string",
        "Expected string for content, got array",
    ] {
        for body in [said.to_owned(), openai(said, "", "")] {
            let ways = ways(&body);
            let first = "shape = { parts = \"text\" }";
            assert!(ways.iter().any(|way| way == first), "{body}: {ways:?}");
        }
    }
    let of_param = openai(
        "Invalid type: expected a string, but got an array instead.",
        "messages[1].content",
        "invalid_type",
    );
    check(&of_param, "shape = { parts = \"text\" }");
    let template = Complaint::of("can only concatenate str (not \"list\") to str").of_shape();
    assert!(!template.is_empty());
}

#[test]
fn calls_of_the_history_are_put_where_they_are_taken() {
    let gemini = "Please ensure that function call turn comes immediately after a user turn or after a function response turn.";
    check(gemini, "shape = { before_calls = \"user\" }");
    for said in [
        "litellm.UnsupportedParamsError: Anthropic doesn't support tool calling without `tools=` param specified. Pass `tools=` param OR set `litellm.modify_params = True` // `litellm_settings::modify_params: True` to add dummy tool to the request.",
        "The toolConfig field must be defined when using toolUse and toolResult content blocks.",
        "Requests which include `tool_use` or `tool_result` blocks must define tools",
    ] {
        check(
            &openai(said, "", ""),
            "shape = { undeclared = \"declare\" }",
        );
    }
}

#[test]
fn roles_and_names_that_are_not_taken_are_known() {
    for said in [
        "Role must be in [user, assistant]",
        "messages[0].role must be one of 'user', 'assistant', got 'developer'",
        "messages.0.role: Input should be 'user' or 'assistant'",
    ] {
        let ways = ways(&openai(said, "", ""));
        let none = "shape = { system = \"none\" }";
        assert!(ways.iter().any(|way| way == none), "{said}: {ways:?}");
    }
    for said in [
        "Conversation roles must alternate user/assistant/user/assistant/...",
        "'developer' is not one of ['system', 'assistant', 'user', 'tool']",
        "The last role must be user, not assistant",
    ] {
        let ways = ways(&openai(said, "", ""));
        assert!(
            !ways.iter().any(|way| way.contains("none")),
            "{said}: {ways:?}"
        );
    }
    let google = r#"[{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"name\" at 'messages[1]': Cannot find field."}}]"#;
    check(google, "shape = { names = false }");
}
