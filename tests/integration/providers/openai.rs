//! What OpenAI's own models refuse, wherever they are hosted, in OpenAI's words.

use serde_json::{Value, json};

use super::body::{first_of, has, has_tools, messages, model, role, tool_calls};
use super::refused::Refused;

/// The request fields that it knows.
const KNOWN: &[&str] = &[
    "model",
    "messages",
    "stream",
    "stream_options",
    "temperature",
    "top_p",
    "n",
    "stop",
    "max_tokens",
    "max_completion_tokens",
    "presence_penalty",
    "frequency_penalty",
    "logit_bias",
    "logprobs",
    "top_logprobs",
    "user",
    "seed",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "functions",
    "function_call",
    "response_format",
    "reasoning_effort",
    "prompt_cache_key",
    "service_tier",
    "modalities",
    "verbosity",
    "metadata",
    "store",
];

/// How a model reasons.
struct Reasoning {
    /// Whether it does when nothing is said.
    unasked: bool,
    /// Whether it can be told not to.
    can_rest: bool,
}

pub(super) fn openai(body: &Value) -> Option<Refused> {
    let fields = body.as_object()?.keys();
    for field in fields {
        if !KNOWN.contains(&field.as_str()) {
            let message = format!("Unrecognized request argument supplied: {field}");
            return Refused::openai(&message, Value::Null, Value::Null);
        }
    }
    tools(body)
        .or_else(|| history(body))
        .or_else(|| limits(body))
        .or_else(|| effort(body))
}

fn tools(body: &Value) -> Option<Refused> {
    if body["tools"].as_array().is_some_and(Vec::is_empty) {
        let message = "Invalid 'tools': empty array. Expected an array with minimum length 1, but \
                       got an empty array instead.";
        return Refused::openai(message, json!("empty_array"), json!("tools"));
    }
    let lone =
        first_of(body, &["tool_choice", "parallel_tool_calls"]).filter(|_| !has(body, "tools"))?;
    let message =
        format!("Invalid value for '{lone}': '{lone}' is only allowed when 'tools' are specified.");
    Refused::openai(&message, Value::Null, json!(lone))
}

fn history(body: &Value) -> Option<Refused> {
    let list = messages(body);
    for (at, message) in list.iter().enumerate() {
        let answered: Vec<_> = list[at + 1..]
            .iter()
            .take_while(|next| role(next) == "tool")
            .map(|next| &next["tool_call_id"])
            .collect();
        for call in tool_calls(message) {
            if !answered.contains(&&call["id"]) {
                let message = format!(
                    "An assistant message with 'tool_calls' must be followed by tool messages \
                     responding to each 'tool_call_id'. The following tool_call_ids did not have \
                     response messages: {}",
                    call["id"].as_str().unwrap_or_default()
                );
                return Refused::openai(&message, Value::Null, json!("messages"));
            }
        }
    }
    None
}

fn limits(body: &Value) -> Option<Refused> {
    let reasoning = reasoning(model(body))?;
    if has(body, "max_tokens") {
        let message = "Unsupported parameter: 'max_tokens' is not supported with this model. Use \
                       'max_completion_tokens' instead.";
        return Refused::openai(message, json!("unsupported_parameter"), json!("max_tokens"));
    }
    let effort = body["reasoning_effort"].as_str();
    let reasons = effort.map_or(reasoning.unasked, |effort| effort != "none");
    let sampling = [
        "temperature",
        "top_p",
        "presence_penalty",
        "frequency_penalty",
        "logit_bias",
        "logprobs",
    ];
    let field = first_of(body, &sampling).filter(|_| reasons)?;
    let message = match field {
        "temperature" => format!(
            "Unsupported value: 'temperature' does not support {} with this model. Only the default \
             (1) value is supported.",
            body["temperature"]
        ),
        field => format!("Unsupported parameter: '{field}' is not supported with this model."),
    };
    let code = if field == "temperature" {
        "unsupported_value"
    } else {
        "unsupported_parameter"
    };
    Refused::openai(&message, json!(code), json!(field))
}

fn effort(body: &Value) -> Option<Refused> {
    let name = model(body);
    let effort = body["reasoning_effort"].as_str();
    // The open ones take it, and reason all the same.
    if name.contains("gpt-oss") {
        return None;
    }
    let Some(reasoning) = reasoning(name) else {
        let message = "Unrecognized request argument supplied: reasoning_effort";
        return effort.and_then(|_| Refused::openai(message, Value::Null, Value::Null));
    };
    let is_of = |versions: &[&str]| versions.iter().any(|version| name.contains(version));
    let must_rest = is_of(&["gpt-5.6", "gpt-6-sol", "gpt-6-luna"]) && effort != Some("none");
    let must_be_silent = is_of(&["gpt-5.2", "gpt-5.4", "gpt-5.5"]) && effort.is_some();
    if has_tools(body) && !name.contains("-chat") && (must_rest || must_be_silent) {
        let message = format!(
            "Function tools with reasoning_effort are not supported for {name} in \
             /v1/chat/completions. Please use /v1/responses instead."
        );
        return Refused::openai(&message, Value::Null, json!("reasoning_effort"));
    }
    if effort == Some("none") && !reasoning.can_rest {
        let message = "Unsupported value: 'reasoning_effort' does not support 'none' with this \
                       model. Supported values are: 'low', 'medium', and 'high'.";
        return Refused::openai(
            message,
            json!("unsupported_value"),
            json!("reasoning_effort"),
        );
    }
    None
}

/// None: it never does.
fn reasoning(model: &str) -> Option<Reasoning> {
    let name = model.rsplit(['/', ':']).next().unwrap_or(model);
    let name = name.strip_prefix("openai.").unwrap_or(name);
    let rows: &[(&str, bool, bool)] = &[
        ("gpt-6-astra", true, false),
        ("gpt-6", true, true),
        ("gpt-5.6", true, true),
        ("gpt-5.5", true, true),
        ("gpt-5.4", false, true),
        ("gpt-5.3-chat", true, false),
        ("gpt-5.3", false, true),
        ("gpt-5.2-chat", true, false),
        ("gpt-5.2", false, true),
        ("gpt-5.1-chat", true, false),
        ("gpt-5.1", false, true),
        ("gpt-5", true, false),
        ("o1", true, false),
        ("o3", true, false),
        ("o4", true, false),
    ];
    if name.starts_with("gpt-5-chat") {
        return None;
    }
    let found = rows.iter().find(|(prefix, ..)| name.starts_with(prefix));
    found.map(|&(_, unasked, can_rest)| Reasoning { unasked, can_rest })
}
