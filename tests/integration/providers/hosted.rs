//! What providers refuse who have a protocol of their own behind OpenAI's, in their words.

use serde_json::{Value, json};

use super::body::{
    alternates, first_of, has, has_late_system, has_role, messages, model, role, text, tool_calls,
};
use super::refused::Refused;

pub(super) fn groq(body: &Value) -> Option<Refused> {
    let say = |message: String| {
        let error = json!({ "message": message, "type": "invalid_request_error" });
        Refused::with("400 Bad Request", json!({ "error": error }))
    };
    if let Some(at) = messages(body)
        .iter()
        .position(|message| has(message, "name"))
    {
        let role = role(&messages(body)[at]);
        return say(format!(
            "'messages.{at}' : for 'role:{role}' the following must be satisfied[('messages.{at}' : property 'name' is unsupported)]"
        ));
    }
    if let Some(field) = first_of(body, &["logprobs", "top_logprobs", "logit_bias"]) {
        return say(format!("property '{field}' is unsupported"));
    }
    let effort = body["reasoning_effort"].as_str()?;
    let name = model(body);
    if name.contains("qwen3") {
        let is_good = matches!(effort, "none" | "default");
        return if is_good {
            None
        } else {
            say("`reasoning_effort` must be one of `none` or `default`".into())
        };
    }
    if name.contains("gpt-oss") {
        let is_good = matches!(effort, "low" | "medium" | "high");
        return if is_good {
            None
        } else {
            say("`reasoning_effort` must be one of `low`, `medium`, or `high`".into())
        };
    }
    say("`reasoning_effort` is not supported with this model".into())
}

pub(super) fn cerebras(body: &Value) -> Option<Refused> {
    let fields = [
        "frequency_penalty",
        "presence_penalty",
        "logit_bias",
        "parallel_tool_calls",
        "service_tier",
        "prompt_cache_key",
        "verbosity",
    ];
    let field = first_of(body, &fields)?;
    let error = json!({
        "message": format!("body.{field}: property 'body.{field}' is unsupported"),
        "type": "invalid_request_error", "param": "validation_error", "code": "wrong_api_format",
    });
    Refused::with("400 Bad Request", error)
}

pub(super) fn deepseek(body: &Value) -> Option<Refused> {
    if let Some(at) = messages(body)
        .iter()
        .position(|message| role(message) == "developer")
    {
        let message = format!(
            "Failed to deserialize the JSON body into the target type: messages[{at}].role: unknown variant `developer`, expected one of `system`, `user`, `assistant`, `tool`"
        );
        return Refused::openai(&message, json!("invalid_request_error"), Value::Null);
    }
    if body["thinking"]["type"] == "disabled" || model(body) == "deepseek-chat" {
        return None;
    }
    if body["tool_choice"] == "required" {
        let message = "Thinking mode does not support this tool_choice";
        return Refused::openai(message, json!("invalid_request_error"), Value::Null);
    }
    let is_without = |message: &Value| {
        !tool_calls(message).is_empty() && !message["reasoning_content"].is_string()
    };
    let message = "The `reasoning_content` in the thinking mode must be passed back to the API.";
    messages(body)
        .iter()
        .any(is_without)
        .then(|| Refused::openai(message, json!("invalid_request_error"), Value::Null))?
}

pub(super) fn mistral(body: &Value) -> Option<Refused> {
    const TAKEN: &[&str] = &[
        "model",
        "messages",
        "stream",
        "temperature",
        "max_tokens",
        "top_p",
        "n",
        "stop",
        "tools",
        "tool_choice",
        "parallel_tool_calls",
        "random_seed",
        "presence_penalty",
        "frequency_penalty",
        "response_format",
        "reasoning_effort",
        "prompt_cache_key",
        "safe_prompt",
        "prediction",
        "prompt_mode",
        "metadata",
    ];
    let unknown = |at: Value, input: &Value| {
        let detail = json!([{ "type": "extra_forbidden", "loc": at, "msg": "Extra inputs are not permitted", "input": input }]);
        let error = json!({ "object": "error", "message": { "detail": detail }, "type": "invalid_request_error", "param": null, "code": null });
        Refused::with("422 Unprocessable Entity", error)
    };
    let order = |message: &str| {
        let error = json!({ "object": "error", "message": message, "type": "invalid_request_message_order", "param": null, "code": "3230" });
        Refused::with("400 Bad Request", error)
    };
    for (field, value) in body.as_object()? {
        if !TAKEN.contains(&field.as_str()) {
            return unknown(json!(["body", field]), value);
        }
    }
    let list = messages(body);
    for (at, message) in list.iter().enumerate() {
        if let Some(field) = first_of(message, &["name", "reasoning_content", "refusal"]) {
            return unknown(
                json!(["body", "messages", at, role(message), field]),
                &message[field],
            );
        }
        for call in tool_calls(message) {
            let id = call["id"].as_str().unwrap_or_default();
            if id.len() != 9 || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                let message =
                    format!("Tool call id was {id} but must be a-z, A-Z, 0-9, with a length of 9.");
                let error = json!({ "object": "error", "message": message, "type": "invalid_function_call", "param": null, "code": "3280" });
                return Refused::with("400 Bad Request", error);
            }
        }
        if role(message) == "assistant"
            && text(message).is_empty()
            && tool_calls(message).is_empty()
        {
            let error = json!({ "object": "error", "message": "Assistant message must have either content or tool_calls, but not none.", "type": "invalid_request_assistant_message", "param": null, "code": "3240" });
            return Refused::with("400 Bad Request", error);
        }
        let next = list.get(at + 1).map(role);
        match (role(message), next) {
            ("tool", Some(next)) if !matches!(next, "tool" | "assistant") => {
                return order(&format!("Unexpected role '{next}' after role 'tool'"));
            }
            (before, Some("system")) if before != "system" => {
                return order(&format!("Unexpected role 'system' after role '{before}'"));
            }
            _ => {}
        }
    }
    let last = list.last().map(role).unwrap_or_default();
    let message = format!(
        "Expected last role User or Tool (or Assistant with prefix True) for serving but got {last}"
    );
    (!matches!(last, "user" | "tool")).then(|| order(&message))?
}

pub(super) fn xai(body: &Value) -> Option<Refused> {
    let name = model(body);
    let say = |parameter: &str| {
        let error = format!("Model {name} does not support parameter {parameter}.");
        Refused::with(
            "400 Bad Request",
            json!({ "code": "invalid-argument", "error": error }),
        )
    };
    if has(body, "presence_penalty") {
        return say("presencePenalty");
    }
    if has(body, "frequency_penalty") {
        return say("frequencyPenalty");
    }
    let takes_effort = ["grok-4.3", "grok-4.5", "grok-4.6", "grok-3-mini"];
    let takes_effort = takes_effort.iter().any(|prefix| name.starts_with(prefix));
    if has(body, "reasoning_effort") && !takes_effort {
        return say("reasoningEffort");
    }
    let reasons = !name.contains("non-reasoning");
    (has(body, "stop") && reasons).then(|| say("stop"))?
}

pub(super) fn gemini(body: &Value) -> Option<Refused> {
    // An error is a list of one.
    let say = |message: String| {
        let error =
            json!([{ "error": { "code": 400, "message": message, "status": "INVALID_ARGUMENT" } }]);
        Refused::with("400 Bad Request", error)
    };
    let unknown = [
        "frequency_penalty",
        "presence_penalty",
        "seed",
        "logit_bias",
    ];
    if let Some(field) = first_of(body, &unknown) {
        return say(format!(
            "Invalid JSON payload received. Unknown name \"{field}\": Cannot find field."
        ));
    }
    if !has_role(body, "user") {
        return say("* GenerateContentRequest.contents: contents is not specified\n".into());
    }
    if model(body).starts_with("gemini-2") {
        return lost(body);
    }
    let calls = messages(body).iter().flat_map(tool_calls);
    for (at, call) in calls.enumerate() {
        if !call["extra_content"]["google"]["thought_signature"].is_string() {
            let name = call["function"]["name"].as_str().unwrap_or_default();
            return say(format!(
                "Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call `default_api:{name}` , position {}. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.",
                at + 1
            ));
        }
    }
    lost(body)
}

pub(super) fn anthropic(body: &Value) -> Option<Refused> {
    let say = |message: &str| {
        let error = json!({ "code": "invalid_request_error", "message": message, "type": "invalid_request_error", "param": null });
        Refused::with("400 Bad Request", json!({ "error": error }))
    };
    if body["n"].as_u64().is_some_and(|n| n != 1) {
        return say("n must be exactly 1");
    }
    let strict = ["opus-4-7", "opus-4-8", "opus-5", "sonnet-5", "fable-5"];
    if let Some(field) = first_of(body, &["temperature", "top_p"])
        && strict.iter().any(|name| model(body).contains(name))
    {
        return say(&format!("`{field}` is deprecated for this model."));
    }
    let list = messages(body);
    if list.iter().any(|message| message["content"] == "") {
        return say("messages: text content blocks must be non-empty");
    }
    if !list
        .last()
        .is_some_and(|message| matches!(role(message), "user" | "tool"))
    {
        return say(
            "This model does not support assistant message prefill. The conversation must end with a user message.",
        );
    }
    lost(body)
}

pub(super) fn perplexity(body: &Value) -> Option<Refused> {
    let say = |message: &str, kind: &str| {
        let error = json!({ "message": message, "type": kind, "code": 400 });
        Refused::with("400 Bad Request", json!({ "error": error }))
    };
    if has(body, "tools") {
        return say(
            "Tool calling is not supported for this model",
            "invalid_parameter",
        );
    }
    if has_late_system(body) || !in_turn(body) {
        return say(
            "After the (optional) system message(s), user or tool message(s) should alternate with assistant message(s).",
            "invalid_message",
        );
    }
    let last = messages(body).last().map(role).unwrap_or_default();
    let message = "Last message must have role `user` or `tool`.";
    (!matches!(last, "user" | "tool")).then(|| say(message, "invalid_message"))?
}

/// As Perplexity counts: a tool's results are on the caller's side.
fn in_turn(body: &Value) -> bool {
    let list = messages(body)
        .iter()
        .skip_while(|message| role(message) == "system");
    let sides: Vec<_> = list.map(|message| role(message) == "assistant").collect();
    let takes_turns = sides.windows(2).all(|pair| pair[0] != pair[1]);
    takes_turns && sides.first() == Some(&false)
}

pub(super) fn openrouter(body: &Value) -> Option<Refused> {
    if model(body).starts_with("openai/") && !model(body).contains("gpt-oss") {
        return None;
    }
    lost(body).or_else(|| {
        let is_open = model(body).contains("mistral") && !alternates(body);
        is_open.then(|| {
            let raw = json!({ "object": "error", "message": "Unexpected role 'user' after role 'tool'", "type": "invalid_request_message_order", "param": null, "code": "3230" });
            let error = json!({ "message": "Provider returned error", "code": 400, "metadata": { "raw": raw.to_string(), "provider_name": "Mistral" } });
            Refused::with("400 Bad Request", json!({ "error": error }))
        })?
    })
}

/// What the real one moves or drops and says nothing of is said here, so that a test sees it.
fn lost(body: &Value) -> Option<Refused> {
    let message = "(nothing is said, and a late system message loses its place)";
    has_late_system(body).then(|| Refused::openai(message, Value::Null, Value::Null))?
}
