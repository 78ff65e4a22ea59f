//! Whether the parts of what a script leaves are such as upstreams take: parts of a content, tool
//! calls, tools.
//!
//! Only what the script made is looked at: what came with the request goes as it came.

use serde_json::Value;

/// A part that no upstream takes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UnsoundPart {
    /// Where it is, below the field.
    pub(super) path: String,
    /// What is wrong with it.
    pub(super) told: &'static str,
}

/// What else a field must be, beside its type.
type Soundness = fn(&Value) -> Option<(&'static str, &'static str)>;

/// Fields that hold a whole number.
const WHOLE: &[&str] = &[
    "max_completion_tokens",
    "max_tokens",
    "seed",
    "top_logprobs",
];
/// What a choice of tools may be in one word.
const CHOICES: &[&str] = &["auto", "none", "required"];

/// What is wrong with the content of a message, if anything.
pub(super) fn of_content(new: &str, old: Option<&str>) -> Option<UnsoundPart> {
    match parsed(new) {
        Value::String(_) | Value::Null => None,
        Value::Array(_) => of_items(new, old, part),
        _ => whole("must be a text or an array of parts"),
    }
}

/// What is wrong with the tool calls of a message, if anything.
pub(super) fn of_calls(new: &str, old: Option<&str>) -> Option<UnsoundPart> {
    of_items(new, old, call)
}

/// What is wrong with a call in the old form, if anything.
pub(super) fn of_function_call(new: &str) -> Option<UnsoundPart> {
    let called = parsed(new);
    if called.is_null() {
        return None;
    }
    let (field, told) = function_called(&called)?;
    Some(UnsoundPart {
        path: field.replace("function.", ""),
        told,
    })
}

/// What is wrong with a field of the request, if anything.
pub(super) fn of_field(name: &str, new: &str, old: Option<&str>) -> Option<UnsoundPart> {
    let value = parsed(new);
    if value.is_null() {
        return None;
    }
    match name {
        "tools" => of_items(new, old, tool),
        "functions" => of_items(new, old, function),
        "stop" | "modalities" if value.is_array() => of_items(new, old, |item| {
            (!item.is_string()).then_some(("", "must be a string"))
        }),
        "tool_choice" => match &value {
            Value::String(word) if !CHOICES.contains(&word.as_str()) => {
                whole("is no choice; it is one of auto, none and required, or names a tool")
            }
            Value::Object(choice) if !choice.get("type").is_some_and(Value::is_string) => {
                whole("is no choice; write `#{ type: \"function\", function: #{ name: \"…\" } }`")
            }
            _ => None,
        },
        "response_format" if !value.get("type").is_some_and(Value::is_string) => {
            whole("has no `type`; write `#{ type: \"json_object\" }`")
        }
        "logit_bias" => {
            let biases = value.as_object()?;
            let wrong = biases.values().any(|bias| !bias.is_number());
            wrong.then_some(())?;
            whole("must be a map of numbers")
        }
        _ if WHOLE.contains(&name) => {
            let is_whole = value.is_i64() || value.is_u64();
            (!is_whole).then_some(())?;
            whole("must be a whole number")
        }
        _ => None,
    }
}

fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or(Value::Null)
}

fn whole(told: &'static str) -> Option<UnsoundPart> {
    Some(UnsoundPart {
        path: String::new(),
        told,
    })
}

/// The first item that is wrong, of those that did not come so.
fn of_items(new: &str, old: Option<&str>, wrong: Soundness) -> Option<UnsoundPart> {
    let Value::Array(items) = parsed(new) else {
        return None;
    };
    let came = old.map_or(Value::Null, parsed);
    let came = came.as_array().map_or(&[][..], Vec::as_slice);
    let made = items.iter().enumerate();
    let mut made = made.filter(|(_, item)| !came.contains(item));
    made.find_map(|(at, item)| {
        let (field, told) = wrong(item)?;
        let dot = if field.is_empty() { "" } else { "." };
        Some(UnsoundPart {
            path: format!("[{at}]{dot}{field}"),
            told,
        })
    })
}

fn part(item: &Value) -> Option<(&'static str, &'static str)> {
    let Some(kind) = item.get("type").and_then(Value::as_str) else {
        return Some((
            "",
            "is no part of a content; write `#{ type: \"text\", text: \"…\" }`",
        ));
    };
    let is_there = |name: &str| {
        let value = item.get(name);
        value.is_some_and(|value| value.is_object() || value.is_string())
    };
    match kind {
        "text" if !item.get("text").is_some_and(Value::is_string) => {
            Some(("text", "must be a string"))
        }
        "refusal" if !item.get("refusal").is_some_and(Value::is_string) => {
            Some(("refusal", "must be a string"))
        }
        "image_url" if !is_there("image_url") => Some(("image_url", "is missing")),
        "input_audio" if !is_there("input_audio") => Some(("input_audio", "is missing")),
        "file" if !is_there("file") => Some(("file", "is missing")),
        _ => None,
    }
}

fn call(item: &Value) -> Option<(&'static str, &'static str)> {
    if !item.is_object() {
        return Some((
            "",
            "is no tool call; write `#{ id: \"…\", type: \"function\", function: #{ name: \"…\", \
             arguments: \"{}\" } }`",
        ));
    }
    if !item.get("id").is_some_and(Value::is_string) {
        return Some((
            "id",
            "must be a string: the result of the call says it again",
        ));
    }
    match item.get("type").map(Value::as_str) {
        None | Some(Some("function")) => {
            let called = item.get("function").unwrap_or(&Value::Null);
            function_called(called)
        }
        Some(None) => Some(("type", "must be a string")),
        Some(Some(_)) => None,
    }
}

fn function_called(called: &Value) -> Option<(&'static str, &'static str)> {
    let is_text = |name: &str| called.get(name).is_some_and(Value::is_string);
    if !is_text("name") {
        return Some(("function.name", "must be a string"));
    }
    if !is_text("arguments") {
        return Some((
            "function.arguments",
            "must be a string that holds JSON, such as \"{}\"",
        ));
    }
    None
}

fn tool(item: &Value) -> Option<(&'static str, &'static str)> {
    let Some(kind) = item.get("type").and_then(Value::as_str) else {
        return Some((
            "",
            "is no tool; write `#{ type: \"function\", function: #{ name: \"…\" } }`",
        ));
    };
    let named = item.get("function").and_then(|made| made.get("name"));
    match kind == "function" && !named.is_some_and(Value::is_string) {
        true => Some(("function.name", "must be a string")),
        false => None,
    }
}

fn function(item: &Value) -> Option<(&'static str, &'static str)> {
    let is_named = item.get("name").is_some_and(Value::is_string);
    (!is_named).then_some(("name", "must be a string"))
}

#[cfg(test)]
mod tests;
