mod gateways;
mod other_words;
mod several;

use super::*;
use crate::upstream::mending::Mending;

/// The ways of a refusal, each as the lines that the config would have.
fn ways(body: &str) -> Vec<String> {
    let line = |mending: &Mending| match mending {
        Mending::Once(_) => format!("once {}", mending.config_line()),
        _ => mending.config_line(),
    };
    let way = |way: &Vec<Mending>| way.iter().map(line).collect::<Vec<_>>().join(" & ");
    Complaint::of(body).ways.iter().map(way).collect()
}

/// What leaves out all that speaks of tools.
const NO_TOOLS: &str =
    "drop = [\"tools\"] & drop = [\"tool_choice\"] & drop = [\"parallel_tool_calls\"]";

fn check(body: &str, first: &str) {
    let ways = ways(body);
    assert_eq!(
        ways.first().map_or("", |way| way),
        first,
        "{body}: {ways:?}"
    );
}

fn openai(message: &str, param: &str, code: &str) -> String {
    serde_json::json!({ "error": { "message": message, "type": "invalid_request_error",
        "param": param, "code": code } })
    .to_string()
}

#[test]
fn a_field_goes_under_the_name_that_the_refusal_says() {
    check(
        &openai(
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            "max_tokens",
            "unsupported_parameter",
        ),
        "rename = { max_tokens = \"max_completion_tokens\" }",
    );
    check(
        r#"{"error":{"message":"`max_completion_tokens` is not supported, use max_tokens"}}"#,
        "rename = { max_completion_tokens = \"max_tokens\" }",
    );
}

#[test]
fn a_field_that_is_not_taken_is_left_out() {
    for (body, first) in [
        (
            openai(
                "Unsupported value: 'temperature' does not support 0.5 with this model. Only the default (1) value is supported.",
                "temperature",
                "unsupported_value",
            ),
            "drop = [\"temperature\"]",
        ),
        (
            openai("Unrecognized request argument supplied: store", "", ""),
            "drop = [\"store\"]",
        ),
        (
            r#"{"error":{"message":"Unrecognized request arguments supplied: foo_bar, baz"}}"#.into(),
            "drop = [\"foo_bar\"]",
        ),
        (
            r#"{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","seed"],"msg":"Extra inputs are not permitted","input":5},{"type":"extra_forbidden","loc":["body","logit_bias"],"msg":"Extra inputs are not permitted","input":{}}]},"type":"invalid_request_error"}"#.into(),
            "drop = [\"seed\"] & drop = [\"logit_bias\"]",
        ),
        (
            r#"[{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"parallel_tool_calls\": Cannot find field.","status":"INVALID_ARGUMENT"}}]"#.into(),
            "drop = [\"parallel_tool_calls\"]",
        ),
        (
            r#"[{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"strict\" at 'tools[0].function': Cannot find field.","status":"INVALID_ARGUMENT"}}]"#.into(),
            "drop = [\"tools.strict\"]",
        ),
        (
            r#"{"error":{"message":"Argument not supported on this model: presencePenalty, presence_penalty"}}"#.into(),
            "drop = [\"presence_penalty\"]",
        ),
        (
            r#"{"message":"property 'service_tier' is unsupported","type":"wrong_api_format","code":"wrong_api_format","param":"service_tier"}"#.into(),
            "drop = [\"service_tier\"]",
        ),
        (
            r#"{"error":{"message":"stream_options: Extra inputs are not permitted"}}"#.into(),
            "drop = [\"stream_options\"]",
        ),
        (
            r#"{"error":{"message":"registry/model does not support \"tools\""}}"#.into(),
            NO_TOOLS,
        ),
        (
            r#"{"error":{"message":"Unknown parameter: 'messages[2].refusal'.","param":"messages[2].refusal","code":"unknown_parameter"}}"#.into(),
            "drop = [\"messages.refusal\"]",
        ),
        (
            r#"{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"top_p is not supported\",\"param\":\"top_p\"}}"}}}"#.into(),
            "drop = [\"top_p\"]",
        ),
    ] {
        let ways = ways(&body);
        assert!(ways.iter().any(|way| way == first), "{body}: {ways:?}");
    }
}

#[test]
fn tools_go_only_where_none_are_taken() {
    for said in [
        "\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set",
        "model gemma3:4b does not support tools",
        "`tools` is not supported with this model",
        "This model doesn't support function calling",
        "tools are not supported",
    ] {
        let body = serde_json::json!({ "error": { "message": said } }).to_string();
        check(&body, NO_TOOLS);
    }
    for (said, param) in [
        (
            "Invalid 'tools': array too long. Expected an array with maximum length 128.",
            "tools",
        ),
        (
            "Invalid 'tools[3].function.name': string does not match pattern",
            "tools[3].function.name",
        ),
        (
            "tools[0].function.parameters: Invalid schema for function 'a'",
            "tools[0].function.parameters",
        ),
    ] {
        let ways = ways(&openai(said, param, ""));
        assert!(
            !ways.iter().any(|way| way.contains("[\"tools\"]")),
            "{said}: {ways:?}"
        );
    }
}

#[test]
fn how_much_a_model_reasons_is_said_as_it_wants() {
    check(
        &openai(
            "Function tools with reasoning_effort are not supported for gpt-x in /v1/chat/completions. Please use /v1/responses instead.",
            "reasoning_effort",
            "",
        ),
        "drop = [\"reasoning_effort\"]\ndefault = { reasoning_effort = \"none\" }",
    );
    check(
        &openai(
            "Unsupported value: 'reasoning_effort' does not support 'minimal' with this model. Supported values are: 'low', 'medium', and 'high'.",
            "reasoning_effort",
            "unsupported_value",
        ),
        "drop = [\"reasoning_effort\"]\ndefault = { reasoning_effort = \"low\" }",
    );
    check(
        &openai(
            "Unrecognized request argument supplied: reasoning_effort",
            "",
            "",
        ),
        "drop = [\"reasoning_effort\"]",
    );
}

#[test]
fn messages_take_the_shape_that_the_refusal_speaks_of() {
    for (said, first) in [
        (
            "System message must be at the beginning.",
            "shape = { system = \"first\" }",
        ),
        (
            "Only the first message can have the role system",
            "shape = { system = \"first\" }",
        ),
        (
            "Unexpected role 'system' after role 'user'",
            "shape = { system = \"first\" }",
        ),
        (
            "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
            "shape = { system = \"first\" }",
        ),
        (
            "Conversation roles must alternate user/assistant/user/assistant/...",
            "shape = { alternate = true }",
        ),
        (
            "After the (optional) system message(s), user or tool message(s) should alternate with assistant message(s).",
            "shape = { alternate = true }",
        ),
        (
            "Unexpected role 'user' after role 'tool'",
            "shape = { alternate = true }",
        ),
        (
            "Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant",
            "shape = { last = \"user\" }",
        ),
        (
            "Last message must have role `user` or `tool`.",
            "shape = { last = \"user\" }",
        ),
        (
            "Tool call id was call_abc but must be a-z, A-Z, 0-9, with a length of 9.",
            "shape = { tool_ids = \"nine\" }",
        ),
        (
            "Function call is missing a thought_signature in functionCall parts.",
            "preset = \"gemini\"",
        ),
        (
            "The `reasoning_content` in the thinking mode must be passed back to the API.",
            "preset = \"deepseek\"",
        ),
        (
            "messages: text content blocks must be non-empty",
            "shape = { empty = \"omit\" }",
        ),
        (
            "'developer' is not one of ['system', 'assistant', 'user', 'tool']",
            "shape = { developer = \"system\" }",
        ),
        (
            "property 'name' is unsupported",
            "shape = { names = false }",
        ),
    ] {
        let body = serde_json::json!({ "error": { "message": said } }).to_string();
        let ways = ways(&body);
        assert!(ways.iter().any(|way| way == first), "{said}: {ways:?}");
        assert_eq!(
            Complaint::of(said),
            Complaint::of(&body),
            "plain text: {said}"
        );
    }
    let no_user = Complaint::of("No user query found in messages.");
    assert!(!no_user.of_shape().is_empty());
}

#[test]
fn a_limit_of_tokens_is_kept() {
    for (said, first) in [
        (
            "max_tokens is too large: 5000. This model supports at most 4096 completion tokens, whereas you provided 5000.",
            "drop = [\"max_completion_tokens\"]\ndefault = { max_completion_tokens = 4096 } & drop = [\"max_tokens\"]\ndefault = { max_tokens = 4096 }",
        ),
        (
            "`max_tokens` must be less than or equal to `8192`, the maximum value for this model",
            "drop = [\"max_completion_tokens\"]\ndefault = { max_completion_tokens = 8192 } & drop = [\"max_tokens\"]\ndefault = { max_tokens = 8192 }",
        ),
        (
            "This model's maximum context length is 8192 tokens. However, you requested 8300 tokens (8050 in the messages, 250 in the completion).",
            "once drop = [\"max_completion_tokens\"]\ndefault = { max_completion_tokens = 142 } & once drop = [\"max_tokens\"]\ndefault = { max_tokens = 142 }",
        ),
        (
            "'max_tokens' or 'max_completion_tokens' is too large: 250. This model's maximum context length is 4,096 tokens and your request has 4,000 input tokens (250 > 4096 - 4000).",
            "once drop = [\"max_completion_tokens\"]\ndefault = { max_completion_tokens = 96 } & once drop = [\"max_tokens\"]\ndefault = { max_tokens = 96 }",
        ),
    ] {
        check(said, first);
    }
    check(
        "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 4000 `inputs` tokens and 250 `max_new_tokens`",
        "once drop = [\"max_completion_tokens\"]\ndefault = { max_completion_tokens = 96 } & once drop = [\"max_tokens\"]\ndefault = { max_tokens = 96 }",
    );
    for said in [
        "max_tokens: 100000 > 8192, which is the maximum allowed number of output tokens for claude-x",
        "The maximum tokens you requested exceeds the model limit of 8192. Try again with a maximum tokens value that is lower than 8192.",
    ] {
        check(
            said,
            "drop = [\"max_completion_tokens\"]\ndefault = { max_completion_tokens = 8192 } & drop = [\"max_tokens\"]\ndefault = { max_tokens = 8192 }",
        );
    }
}

#[test]
fn what_is_no_matter_of_form_has_no_way_out() {
    for body in [
        "",
        "{}",
        "<html><body>Bad Request</body></html>",
        r#"{"error":{"message":"The model `x` does not exist","code":"model_not_found","param":"model"}}"#,
        r#"{"error":{"message":"The response was filtered due to the prompt triggering the content management policy.","code":"content_filter"}}"#,
        r#"{"error":{"message":"Dana said: my PIN is 'swordfish'"}}"#,
        r#"{"error":{"message":"Invalid messages","param":"messages"}}"#,
    ] {
        assert_eq!(ways(body), Vec::<String>::new(), "{body}");
    }
}

#[test]
fn words_of_people_are_not_kept() {
    let body = openai(
        "Invalid value 'my PIN is 4921' for 'messages[3].content': it's not allowed, Dana's words",
        "messages[3].content",
        "",
    );
    let kept = format!("{:?}", Complaint::of(&body));
    assert!(!kept.contains("4921") && !kept.contains("Dana"), "{kept}");
}
