//! What an upstream's error says in words for machines: its code, its type, the field at fault.
//!
//! Identifiers only. A message may quote what people said, so none is ever kept.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::complaint::Complaint;

/// The longest identifier, in characters.
const LONGEST: usize = 64;
/// The longest number that is a code; a longer one may be somebody's.
const LONGEST_NUMBER: usize = 5;
/// Of a key no more characters are told.
const SHORTEST_PART: usize = 6;
/// How deep an error may lie within others.
const DEEPEST: usize = 6;

/// The keys that a request bore, for what is said of it never to tell them.
#[derive(Clone, Default)]
pub(super) struct AskedWith(Vec<SecretString>);

impl AskedWith {
    /// These keys.
    pub(super) fn new(keys: impl IntoIterator<Item = SecretString>) -> AskedWith {
        AskedWith(keys.into_iter().collect())
    }

    /// Whether a text holds one, or is a good part of one.
    fn is_in(&self, text: &str) -> bool {
        let mut keys = self.0.iter().map(|key| key.expose_secret());
        keys.any(|key| {
            let is_part = text.len() >= SHORTEST_PART && key.contains(text);
            !key.is_empty() && (text.contains(key) || is_part)
        })
    }
}

impl fmt::Debug for AskedWith {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AskedWith(***)")
    }
}

/// The identifiers of an error, as far as it has any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refusal {
    /// What happened, such as `context_length_exceeded`.
    pub code: Option<String>,
    /// What kind of error, such as `invalid_request_error`.
    pub kind: Option<String>,
    /// The field at fault, such as `max_tokens`.
    pub param: Option<String>,
    /// What would mend the request.
    pub(super) complaint: Box<Complaint>,
}

impl Refusal {
    /// The identifiers in the body of an error, or in an event that is one.
    pub fn of(json: &str) -> Refusal {
        let value = serde_json::from_str(json.trim_start_matches('\u{feff}'));
        let found = value.map_or_else(|_| Refusal::default(), |value| found(&value, DEEPEST));
        Refusal {
            complaint: Box::new(Complaint::of(json)),
            ..found
        }
    }

    /// Without what is a secret: some servers repeat the key that they refuse.
    pub(super) fn conceal(&mut self, secrets: &AskedWith) {
        for told in [&mut self.code, &mut self.kind, &mut self.param] {
            told.take_if(|told| secrets.is_in(told));
        }
    }

    /// Whether it names a status, and none with which servers refuse what a request is like.
    pub(super) fn is_of_another_status(&self) -> bool {
        let status = self
            .code
            .as_deref()
            .and_then(|code| code.parse::<u16>().ok());
        let other = status.is_some_and(|status| {
            (400..600).contains(&status) && !matches!(status, 400 | 422 | 500)
        });
        let is_busy = |kind: &String| kind.contains("rate_limit") || kind.contains("overloaded");
        other || self.kind.iter().chain(&self.code).any(is_busy)
    }

    /// These, and those of another where there are none.
    fn or(self, other: Refusal) -> Refusal {
        Refusal {
            code: self.code.or(other.code),
            kind: self.kind.or(other.kind),
            param: self.param.or(other.param),
            complaint: Box::default(),
        }
    }
}

/// ` (code …, type …, param …)`, or nothing.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            ("code", &self.code),
            ("type", &self.kind),
            ("param", &self.param),
        ];
        let mut before = " (";
        for (name, value) in parts {
            if let Some(value) = value {
                write!(f, "{before}{name} {value}")?;
                before = ", ";
            }
        }
        f.write_str(if before == ", " { ")" } else { "" })
    }
}

/// Servers wrap errors in each other: the innermost knows best.
fn found(value: &Value, deep: usize) -> Refusal {
    let Some(deeper) = deep.checked_sub(1) else {
        return Refusal::default();
    };
    let inner = |name: &str| value.get(name).map(|inner| found(inner, deeper));
    match value {
        // Gemini's errors are arrays, and so is what FastAPI finds wrong.
        Value::Array(items) => items.first().map(|first| found(first, deeper)),
        Value::String(text) => Some(of_text(text, deeper)),
        Value::Object(_) if value.get("error").is_some_and(Value::is_object) => inner("error"),
        Value::Object(_) => {
            let of_choice = value.pointer("/choices/0/error");
            let of_provider = value.pointer("/metadata/raw");
            let around = [of_choice, of_provider].into_iter().flatten();
            let around = around.map(|inner| found(inner, deeper));
            let within = ["error", "detail"].into_iter().filter_map(inner);
            // A message is read only where it is an object: Mistral's has the details.
            let message = value.get("message").filter(|inner| inner.is_object());
            let message = message.map(|inner| found(inner, deeper));
            let inner = around.chain(within).chain(message);
            Some(inner.fold(Refusal::default(), Refusal::or).or(own(value)))
        }
        _ => None,
    }
    .unwrap_or_default()
}

/// What one object says itself.
fn own(error: &Value) -> Refusal {
    let one_of = |names: &[&str]| names.iter().find_map(|name| identifier(error.get(*name)?));
    // FastAPI says where, from the outside to the inside.
    let place = error.get("loc").and_then(Value::as_array);
    let place = place.and_then(|place| place.iter().rev().find_map(identifier));
    Refusal {
        code: one_of(&["code"]),
        kind: one_of(&["type", "error_type", "status"]).filter(|kind| !is_number(kind)),
        param: one_of(&["param"]).or(place),
        complaint: Box::default(),
    }
}

/// A text may be JSON, as OpenRouter has the error of the server behind it; or a code.
fn of_text(text: &str, deeper: usize) -> Refusal {
    if let Ok(value @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(text) {
        return found(&value, deeper);
    }
    Refusal {
        // A single word may be a quoted one; codes are of several.
        code: identifier(&text.into()).filter(|code| code.contains('_')),
        ..Refusal::default()
    }
}

fn identifier(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
            let has_letter = text.bytes().any(|byte| byte.is_ascii_alphabetic());
            let is_identifier = (1..=LONGEST).contains(&text.len())
                && text.bytes().all(is_plain)
                && (has_letter || is_number(text));
            is_identifier.then(|| text.clone())
        }
        Value::Number(number) if number.is_u64() => {
            let text = number.to_string();
            (text.len() <= LONGEST_NUMBER).then_some(text)
        }
        _ => None,
    }
}

fn is_number(text: &str) -> bool {
    text.len() <= LONGEST_NUMBER && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expected: &str) {
        assert_eq!(Refusal::of(json).to_string(), expected, "{json}");
    }

    #[test]
    fn errors_of_every_shape_are_named_by_their_identifiers() {
        for (json, expected) in [
            (
                r#"{"error":{"message":"Use 'max_completion_tokens'.","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}}"#,
                " (code unsupported_parameter, type invalid_request_error, param max_tokens)",
            ),
            (
                r#"{"error":{"message":"x","type":null,"param":null,"code":"context_length_exceeded"}}"#,
                " (code context_length_exceeded)",
            ),
            (
                r#"{"object":"error","message":"x","type":"BadRequestError","param":null,"code":400}"#,
                " (code 400, type BadRequestError)",
            ),
            (
                r#"[{"error":{"code":400,"message":"Unknown name \"x\"","status":"INVALID_ARGUMENT"}}]"#,
                " (code 400, type INVALID_ARGUMENT)",
            ),
            (
                r#"{"type":"error","error":{"type":"overloaded_error","message":"x"}}"#,
                " (type overloaded_error)",
            ),
            (
                r#"{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"x\",\"code\":\"model_not_found\"}}","provider_name":"Azure"}}}"#,
                " (code model_not_found)",
            ),
            (
                r#"{"detail":[{"type":"extra_forbidden","loc":["body","max_tokens"],"msg":"x","input":5}]}"#,
                " (type extra_forbidden, param max_tokens)",
            ),
            (
                r#"{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","store"]}]},"type":"invalid_request_error","code":null}"#,
                " (type extra_forbidden, param store)",
            ),
            (
                r#"{"choices":[{"index":0,"delta":{},"finish_reason":"error","error":{"code":502,"message":"x"}}]}"#,
                " (code 502)",
            ),
            ("{\"error\":\"model_not_found\"}", " (code model_not_found)"),
            ("\u{feff}{\"error\":{\"code\":\"a_b\"}}", " (code a_b)"),
        ] {
            check(json, expected);
        }
    }

    #[test]
    fn nothing_that_may_be_somebodys_words_is_kept() {
        let long = "x".repeat(LONGEST + 1);
        let long = format!(r#"{{"error":{{"code":"{long}"}}}}"#);
        let nested = "[".repeat(100) + &"]".repeat(100);
        for json in [
            r#"{"error":{"message":"Dana said so","code":"what Dana said","type":"é","param":"messages[3].content"}}"#,
            r#"{"error":{"code":"4111111111111111","param":4111111111111111,"type":"555-123-4567"}}"#,
            r#"{"error":{"code":"","type":"a\nb","param":["max_tokens"]}}"#,
            r#"{"error":"Dana"}"#,
            r#"{"detail":"Unauthorized","message":"no_thing"}"#,
            "<p>inner_text",
            "",
            &long,
            &nested,
        ] {
            check(json, "");
        }
        let most = format!(r#"{{"error":{{"code":"{}"}}}}"#, "x".repeat(LONGEST));
        assert!(Refusal::of(&most).code.is_some());
    }
}
