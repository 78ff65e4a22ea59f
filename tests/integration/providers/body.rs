//! What a scripted provider looks at in a request.

use serde_json::Value;

/// Whether the request has a field, even of null.
pub(super) fn has(body: &Value, field: &str) -> bool {
    body.get(field).is_some()
}

/// The first of these fields that it has.
pub(super) fn first_of<'f>(body: &Value, fields: &[&'f str]) -> Option<&'f str> {
    fields.iter().find(|field| has(body, field)).copied()
}

/// The name of its model.
pub(super) fn model(body: &Value) -> &str {
    body["model"].as_str().unwrap_or_default()
}

/// Its messages.
pub(super) fn messages(body: &Value) -> &[Value] {
    body["messages"].as_array().map_or(&[], Vec::as_slice)
}

/// Whose a message is.
pub(super) fn role(message: &Value) -> &str {
    message["role"].as_str().unwrap_or_default()
}

/// Its text, with those of its parts.
pub(super) fn text(message: &Value) -> String {
    match &message["content"] {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts
            .iter()
            .filter_map(|part| part["text"].as_str())
            .collect(),
        _ => String::new(),
    }
}

/// The tool calls of a message.
pub(super) fn tool_calls(message: &Value) -> &[Value] {
    message["tool_calls"].as_array().map_or(&[], Vec::as_slice)
}

/// Whether it declares tools.
pub(super) fn has_tools(body: &Value) -> bool {
    body["tools"]
        .as_array()
        .is_some_and(|tools| !tools.is_empty())
}

/// Whether a system message stands anywhere but first.
pub(super) fn has_late_system(body: &Value) -> bool {
    let behind = messages(body).iter().skip(1);
    behind
        .clone()
        .any(|message| matches!(role(message), "system" | "developer"))
}

/// Whether a message has this role.
pub(super) fn has_role(body: &Value, wanted: &str) -> bool {
    messages(body).iter().any(|message| role(message) == wanted)
}

/// Whether user and assistant take turns behind a system message, as templates see it that leave out
/// tool calls and their results.
pub(super) fn alternates(body: &Value) -> bool {
    let spoken = messages(body).iter().enumerate().filter(|(at, message)| {
        let is_first_system = *at == 0 && role(message) == "system";
        !is_first_system && role(message) != "tool" && tool_calls(message).is_empty()
    });
    let mut turns = spoken
        .map(|(_, message)| role(message) == "user")
        .enumerate();
    turns.all(|(at, is_user)| is_user == (at % 2 == 0))
}
