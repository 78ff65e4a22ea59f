//! The wordings of servers other than OpenAI, as public reports quote them.

use super::*;

#[test]
fn other_servers_say_the_same_in_other_words() {
    for (said, first) in [
        (
            "Tool call IDs should be alphanumeric strings with length 9!",
            "shape = { tool_ids = \"nine\" }",
        ),
        (
            "Model grok-4 does not support parameter presencePenalty.",
            "drop = [\"presence_penalty\"]",
        ),
        (
            "Argument not supported on this model: stop",
            "drop = [\"stop\"]",
        ),
        (
            "Model grok-4 does not support parameter reasoningEffort.",
            "drop = [\"reasoning_effort\"]",
        ),
        (
            "Each message must have at least one content element.",
            "shape = { empty = \"text\" }",
        ),
        (
            "Assistant message must have either content or tool_calls, but not none.",
            "shape = { empty = \"omit\" }",
        ),
        (
            "Invalid assistant message: content or tool_calls must be set",
            "shape = { empty = \"omit\" }",
        ),
        (
            "Invalid request: the message at position 2 with role 'assistant' must not be empty",
            "shape = { empty = \"omit\" }",
        ),
        (
            "<400> InternalError: The content field is a required field.",
            "shape = { empty = \"text\" }",
        ),
        (
            "messages: text content blocks must contain non-whitespace text",
            "shape = { empty = \"omit\" }",
        ),
        (
            "Assistant message must contain either 'content' or 'tool_calls'!",
            "shape = { empty = \"omit\" }",
        ),
        (
            "User message must not be empty",
            "shape = { empty = \"omit\" }",
        ),
        (
            "deepseek-reasoner does not support successive user or assistant messages (messages[1] and messages[2] in your input). You should interleave the user/assistant messages in the message sequence.",
            "shape = { merge = true }",
        ),
        (
            "Please ensure that function call turn comes immediately after a user turn or after a function response turn.",
            "shape = { merge = true }",
        ),
        (
            "Only user, assistant and tool roles are supported, got system.",
            "shape = { system = \"first\" }",
        ),
        ("System role not supported", "shape = { system = \"none\" }"),
        (
            "Only user and assistant roles are supported!",
            "shape = { system = \"none\" }",
        ),
        (
            "This model only supports single tool-calls at once!",
            "shape = { calls = \"one\" }",
        ),
        (
            "Invalid 'messages[2].tool_calls[0].id': string too long. Expected a string with maximum length 40, but got a string with length 52 instead.",
            "shape = { tool_ids = \"short\" }",
        ),
        (
            "messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'",
            "shape = { tool_ids = \"short\" }",
        ),
        (
            "Assistant message must have either content or tool_calls, but not both.",
            "shape = { beside_calls = \"apart\" }",
        ),
        (
            "Cannot have 2 or more assistant messages at the end of the list.",
            "shape = { last = \"user\" }",
        ),
        (
            "messages.1.name: Extra inputs are not permitted",
            "shape = { names = false }",
        ),
        (
            "Failed to deserialize: messages[1]: unknown field `name`, expected one of `role`, `content`",
            "shape = { names = false }",
        ),
        (
            "'messages.2' : for 'role:assistant' the following must be satisfied[('messages.2' : property 'refusal' is unsupported)]",
            "drop = [\"messages.refusal\"]",
        ),
        (
            "Malformed input request: #: extraneous key [seed] is not permitted, please reformat your input and try again.",
            "drop = [\"seed\"]",
        ),
        (
            "can only concatenate str (not \"NoneType\") to str",
            "shape = { empty = \"text\" }",
        ),
    ] {
        let body = serde_json::json!({ "error": { "message": said } }).to_string();
        let ways = ways(&body);
        assert!(ways.iter().any(|way| way == first), "{said}: {ways:?}");
    }
    let path = r#"{"message":{"detail":[{"type":"extra_forbidden","loc":["body","messages",2,"assistant","refusal"],"msg":"Extra inputs are not permitted"}]}}"#;
    check(path, "drop = [\"messages.refusal\"]");
}

#[test]
fn what_is_wrong_with_a_value_says_nothing_of_other_requests() {
    for (said, param, code) in [
        (
            "Invalid 'tools': array too long. Expected an array with maximum length 128.",
            "tools",
            "array_above_max_length",
        ),
        (
            "Invalid 'tools[0].function.description': string too long. Expected a string with maximum length 1024.",
            "tools[0].function.description",
            "string_above_max_length",
        ),
        (
            "Invalid schema for response_format 'a': schema must be an object",
            "response_format",
            "",
        ),
        (
            "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.5 instead.",
            "temperature",
            "decimal_above_max_value",
        ),
        (
            "Invalid 'stop': array too long. Expected at most 4.",
            "stop",
            "array_above_max_length",
        ),
        (
            "Tool choice 'x' not found in 'tools' parameter.",
            "tool_choice",
            "",
        ),
    ] {
        let complaint = Complaint::of(&openai(said, param, code));
        let lasting = complaint
            .ways
            .iter()
            .flatten()
            .filter(|mending| mending.lasts());
        assert_eq!(lasting.count(), 0, "{said}: {complaint:?}");
        let drops_tools = ways(&openai(said, param, code))
            .iter()
            .any(|way| way.contains("[\"tools\"]"));
        assert!(!drops_tools, "{said}");
    }
}
