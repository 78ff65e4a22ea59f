//! What the templates of open models refuse, as the servers say it that read them.

use serde_json::{Value, json};

use super::body::{alternates, has_late_system, has_role, messages, model, tool_calls};
use super::refused::Refused;

/// What a template says of messages that it does not take.
fn complaint(body: &Value) -> Option<&'static str> {
    let name = model(body).to_lowercase();
    let is_of = |families: &[&str]| families.iter().any(|family| name.contains(family));
    if is_of(&["qwen3.5", "qwen3.6", "qwen3p6"]) {
        if has_late_system(body) {
            return Some("System message must be at the beginning.");
        }
        return (!has_role(body, "user")).then_some("No user query found in messages.");
    }
    if is_of(&["gemma-3", "gemma3"]) && !alternates(body) {
        return Some("Conversation roles must alternate user/assistant/user/assistant/...");
    }
    if is_of(&["mistral", "ministral", "devstral"]) {
        if !alternates(body) {
            return Some(
                "After the optional system message, conversation roles must alternate \
                 user/assistant/user/assistant/...",
            );
        }
        let mut ids = messages(body)
            .iter()
            .flat_map(tool_calls)
            .map(|call| &call["id"]);
        let is_nine = |id: &Value| {
            let id = id.as_str().unwrap_or_default();
            id.len() == 9 && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        return (!ids.all(is_nine))
            .then_some("Tool call IDs should be alphanumeric strings with length 9!");
    }
    // These templates drop it and say nothing; here it is said, so that a test sees it.
    let is_silent = is_of(&["gpt-oss", "gemma-4"]) && has_late_system(body);
    is_silent.then_some("(nothing is said, and nobody reads the late system message)")
}

pub(super) fn vllm(body: &Value) -> Option<Refused> {
    if body["tools"].as_array().is_some_and(Vec::is_empty) {
        return of_vllm(
            "Value error, tools must not be an empty array. Either provide at least one tool or omit the field entirely.",
        );
    }
    of_vllm(complaint(body)?)
}

fn of_vllm(message: &str) -> Option<Refused> {
    let error = json!({
        "object": "error", "message": message, "type": "BadRequestError", "param": null, "code": 400,
    });
    Refused::with("400 Bad Request", error)
}

/// The newer form, as gateways and shared servers have it.
pub(super) fn served(body: &Value) -> Option<Refused> {
    let message = complaint(body)?;
    let error =
        json!({ "message": message, "type": "BadRequestError", "param": null, "code": 400 });
    Refused::with("400 Bad Request", json!({ "error": error }))
}

pub(super) fn llamacpp(body: &Value) -> Option<Refused> {
    let message = format!(
        "Error: Jinja Exception: {} at row 75, column 23:\n    raise_exception(…)",
        complaint(body)?
    );
    let error = json!({ "code": 500, "message": message, "type": "server_error" });
    Refused::with("500 Internal Server Error", json!({ "error": error }))
}

pub(super) fn lmstudio(body: &Value) -> Option<Refused> {
    let message = format!(
        "Error rendering prompt with jinja template: \"{}\".",
        complaint(body)?
    );
    let error = json!({ "error": { "message": message } });
    Refused::in_stream(&format!("event: error\ndata: {error}\n\n"))
}

/// It has no role of that name, and its templates refuse nothing.
pub(super) fn ollama(body: &Value) -> Option<Refused> {
    if has_role(body, "developer") {
        let error = json!({ "message": "invalid role: developer", "type": "invalid_request_error", "param": null, "code": null });
        return Refused::with("400 Bad Request", json!({ "error": error }));
    }
    complaint(body)
        .filter(|said| said.starts_with('('))
        .and_then(of_vllm)
}
