//! What says that an upstream failed, in place of a piece of a reply.
//!
//! Servers say it in many ways. What is surely an error ends the reply at once; of what may be
//! one, or a note of another kind, the end of the stream decides: behind a note the words go on.

use serde_json::value::RawValue;

use super::object::WireObject;
use crate::chat::json;

/// Whether something says that the upstream failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FailureVerdict {
    /// It does not.
    #[default]
    No,
    /// It may: words that no protocol knows.
    Doubt,
    /// It does.
    Failed,
}

/// Fields in which nothing but an error is told.
const ERROR_FIELDS: [&str; 5] = ["detail", "details", "fault", "exception", "traceback"];
/// Fields in which an error is told, or a note.
const NOTE_FIELDS: [&str; 5] = ["message", "Message", "msg", "status_msg", "reason"];
/// Fields in which an object says of what kind it is.
const KIND_FIELDS: [&str; 6] = ["type", "__type", "object", "event", "status", "title"];
/// Fields in which a status of HTTP or of the server's own stands.
const STATUS_FIELDS: [&str; 5] = ["status", "statusCode", "status_code", "code", "errcode"];
/// What the name of an event or of a kind ends with where it is an error's.
const ERROR_ENDS: [&str; 8] = [
    "error",
    "exception",
    "failed",
    "failure",
    "timeout",
    "timedout",
    "aborted",
    "fault",
];
/// Values of the field `code` that say that all is well.
const FINE_CODES: [&str; 6] = ["0", "200", "\"0\"", "\"200\"", "\"ok\"", "\"success\""];
/// What the words of an error have in them.
const ERROR_WORDS: [&str; 8] = [
    "error",
    "exception",
    "traceback",
    "fail",
    "invalid",
    "denied",
    "unauthorized",
    "overloaded",
];
/// What keeps a connection open and says nothing.
const PINGS: [&str; 6] = ["ping", "pong", "keepalive", "heartbeat", "null", "ok"];
/// Finish reasons of an answer that was broken off.
const BROKEN_OFF: [&str; 5] = [
    "abort",
    "aborted",
    "failed",
    "failure",
    "insufficient_system_resource",
];
/// What a finish reason has in it where the answer, or a tool call in it, was lost: Gemini's, also
/// with words of an endpoint before them.
const LOST: [&str; 6] = [
    "error",
    "malformed",
    "function_call_filter",
    "unexpected_tool_call",
    "too_many_tool_calls",
    "missing_thought_signature",
];

/// Whether a finish reason, a JSON string, says that the answer was broken off.
pub(super) fn is_broken_off(reason: &str) -> bool {
    let reason = reason.trim_matches('"').to_ascii_lowercase();
    let last = reason.rsplit(':').next().unwrap_or_default().trim();
    LOST.iter().any(|lost| reason.contains(lost)) || BROKEN_OFF.contains(&last)
}

/// Whether a piece with choices says beside them that the upstream failed: in its own `error`, or in
/// what a provider adds around them, as Groq's `x_groq`. What a content filter says of itself is no
/// failure of the reply.
pub(super) fn is_told_beside(piece: &WireObject<'_>) -> bool {
    let is_object_of_error = |(key, value): (&str, &RawValue)| match key {
        "object" => value.get() == "\"error\"",
        "choices" | "usage" => false,
        _ if key.contains("filter") => false,
        _ => is_error_in(value),
    };
    piece.get("error").is_some_and(is_error)
        || piece.entries().any(is_object_of_error)
        || is_base_failure(piece)
}

/// Whether a value is an object in which an error is told.
fn is_error_in(value: &RawValue) -> bool {
    // Most pieces have no object beside their choices, and few of those speak of errors.
    if !value.get().starts_with('{') || !value.get().contains("\"error") {
        return false;
    }
    let told = |field: &&str| {
        let object = WireObject::of(value);
        object.is_some_and(|object| object.get(field).is_some_and(is_error))
    };
    ["error", "errors", "error_message", "error_code"]
        .iter()
        .any(told)
}

/// Whether a `base_resp`, as MiniMax has it, says a status other than 0.
fn is_base_failure(object: &WireObject<'_>) -> bool {
    let base = object.object("base_resp");
    let code = base.as_ref().and_then(|base| base.get("status_code"));
    code.is_some_and(|code| !matches!(code.get(), "0" | "\"0\"" | "null"))
}

/// Whether a value of the field `error` is one.
pub(super) fn is_error(value: &RawValue) -> bool {
    !matches!(value.get(), "null" | "false" | "0" | "\"\"" | "[]" | "{}")
}

/// Whether a name of an event is that of an error.
pub fn is_error_event(name: &str) -> bool {
    let name = name.trim().to_ascii_lowercase();
    // As Java's and AWS's names have it: what a `#` begins, a `:` ends.
    let name = name.rsplit('#').next().unwrap_or_default();
    let name = name.split(':').next().unwrap_or_default();
    let plain: String = name.chars().filter(|sign| *sign != '_').collect();
    ERROR_ENDS.iter().any(|end| plain.ends_with(end)) || name == "fatal"
}

/// Whether an object says by a number that it is an error: of HTTP's (400 to 599), or, in `base_resp`,
/// any but 0.
fn has_error_status(object: &WireObject<'_>) -> bool {
    let is_status = |field: &&str| {
        let value = object.get(field).map(RawValue::get).unwrap_or_default();
        let number = value.trim_matches('"').parse::<u16>();
        number.is_ok_and(|number| (400..600).contains(&number))
    };
    is_base_failure(object) || STATUS_FIELDS.iter().any(is_status)
}

/// Whether a field tells an error by its name: `throttlingException`, `lastError`.
fn is_named_as_error(key: &str, value: &RawValue) -> bool {
    let is_name = key.to_ascii_lowercase().starts_with("error") || is_error_event(key);
    is_name && key != "timeout" && is_error(value)
}

impl FailureVerdict {
    /// Of an object without choices. `is_named`: its event has a name, which says what it is.
    pub(super) fn of_object(object: &WireObject<'_>, is_named: bool) -> FailureVerdict {
        let is_told = |field: &&str| object.get(field).is_some_and(is_error);
        let says_error = |(key, value): (&str, &RawValue)| is_named_as_error(key, value);
        let kinds = KIND_FIELDS.iter().filter_map(|field| object.get(field));
        let kinds: Vec<&str> = kinds
            .map(RawValue::get)
            .filter(|kind| kind.starts_with('"'))
            .collect();
        let is_unsuccessful = object.get("success").is_some_and(|it| it.get() == "false");
        let is_kind_of_error = kinds
            .iter()
            .any(|kind| is_error_event(kind.trim_matches('"')));
        let is_told_by_name = object.entries().any(says_error);
        if is_told_by_name || is_unsuccessful || is_kind_of_error || has_error_status(object) {
            return FailureVerdict::Failed;
        }
        let is_only_usage = object.get("usage").is_some_and(is_error);
        if is_named || is_only_usage {
            return FailureVerdict::No;
        }
        if ERROR_FIELDS.iter().any(is_told) {
            return FailureVerdict::Failed;
        }
        let mut notes = NOTE_FIELDS.iter().filter_map(|field| object.get(field));
        let is_note = notes.any(|note| is_error(note) && !is_of_a_role(note));
        let code = object.get("code").map(RawValue::get).unwrap_or_default();
        let is_plain = kinds.is_empty() && !FINE_CODES.contains(&code);
        match (is_note, is_plain) {
            (false, _) => FailureVerdict::No,
            (true, true) => FailureVerdict::Failed,
            // Of its own kind, which is no error's: a note of the server's.
            (true, false) if kinds.iter().any(|kind| speaks_of_error(kind)) => {
                FailureVerdict::Failed
            }
            (true, false) => FailureVerdict::Doubt,
        }
    }

    /// Of what is no object: a list, a text, anything.
    pub fn of_text(text: &str) -> FailureVerdict {
        let text = text.trim();
        if let Some(said) = json::decode(text).filter(|said| said.len() < text.len()) {
            return FailureVerdict::of_words(&said);
        }
        if text.starts_with('<') {
            return FailureVerdict::Failed;
        }
        if text.starts_with('[')
            && let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(text)
        {
            // Whatever is in a list, it is none of a reply's words.
            let first = items.first().and_then(|first| WireObject::of(first));
            return first.map_or(FailureVerdict::No, |first| {
                FailureVerdict::of_object(&first, false)
            });
        }
        FailureVerdict::of_words(text)
    }

    fn of_words(words: &str) -> FailureVerdict {
        let plain: String = words
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|sign| sign.to_ascii_lowercase())
            .collect();
        let is_json = ["{", "[{", "[\"", "[["]
            .iter()
            .any(|begin| words.starts_with(begin));
        let is_half_json = is_json && !words.ends_with([']', '}']);
        match () {
            () if plain.parse::<f64>().is_ok() || plain == "true" || plain == "false" => {
                FailureVerdict::No
            }
            () if plain.is_empty() || PINGS.contains(&&*plain) => FailureVerdict::No,
            // Half a piece of a reply may speak of anything.
            () if is_half_json => FailureVerdict::Doubt,
            () if speaks_of_error(words) => FailureVerdict::Failed,
            () => FailureVerdict::Doubt,
        }
    }
}

/// Whether it is a message of a dialogue, and none about a failure.
fn is_of_a_role(message: &RawValue) -> bool {
    let message = WireObject::of(message);
    message.is_some_and(|it| it.get("role").is_some() || it.get("content").is_some())
}

fn speaks_of_error(words: &str) -> bool {
    let words = words.to_ascii_lowercase();
    ERROR_WORDS.iter().any(|word| words.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_json(json: &str) -> FailureVerdict {
        FailureVerdict::of_object(&WireObject::read(json).expect(json), false)
    }

    #[test]
    fn errors_without_choices_are_told_from_notes() {
        for json in [
            r#"{"type":"error","message":"x"}"#,
            r#"{"type":"error"}"#,
            r#"{"type":"server_error"}"#,
            r#"{"error":"x"}"#,
            r#"{"error":{"message":"x"}}"#,
            r#"{"errors":[{"message":"x"}]}"#,
            r#"{"error_code":17,"error_msg":"x"}"#,
            r#"{"errorMessage":"x"}"#,
            r#"{"detail":"x"}"#,
            r#"{"detail":[{"msg":"x"}]}"#,
            r#"{"message":"x"}"#,
            r#"{"message":"x","code":500}"#,
            r#"{"code":"1302","msg":"Invalid x"}"#,
            r#"{"status":500,"message":"x"}"#,
            r#"{"status":"error","message":"x"}"#,
            r#"{"success":false,"result":null}"#,
            r#"{"fault":{"faultstring":"x"}}"#,
            r#"{"object":"error","message":{"detail":[]},"code":400}"#,
            r#"{"title":"Internal Server Error","status":500,"type":"about:blank"}"#,
            r#"{"title":"Too Many Requests","status":429}"#,
            r#"{"statusCode":"503"}"#,
            r#"{"throttlingException":{"message":"x"}}"#,
            r#"{"modelStreamErrorException":{"message":"x"}}"#,
            r#"{"lastError":"x"}"#,
            r#"{"Message":"x","__type":"ThrottlingException"}"#,
            r#"{"__type":"com.amazonaws#ServiceUnavailableException:http://x"}"#,
            r#"{"Message":"x"}"#,
            r#"{"base_resp":{"status_code":1002}}"#,
            r#"{"id":"1","choices":null,"base_resp":{"status_code":1002,"status_msg":"x"}}"#,
            r#"{"type":"response.failed","response":{"id":"x"}}"#,
            r#"{"event":"request_timeout"}"#,
        ] {
            assert_eq!(of_json(json), FailureVerdict::Failed, "{json}");
        }
        for json in [
            r#"{"type":"ping"}"#,
            r#"{"error":null}"#,
            r#"{"error":{},"message":""}"#,
            r#"{"usage":{"total_tokens":3},"message":"x"}"#,
            r#"{"message":{"role":"assistant","content":"x"}}"#,
            r#"{"id":"x","prompt_filter_results":[]}"#,
            r#"{"base_resp":{"status_code":0,"status_msg":""}}"#,
            r#"{"throttlingException":null,"failed":false,"timeout":30}"#,
            r#"{"status":200,"type":"about:blank"}"#,
            r#"{"status":"processing","code":100}"#,
            r#"{"type":"response.in_progress","title":"Answer"}"#,
            r#"{"tokens":450}"#,
            r#"{}"#,
        ] {
            assert_eq!(of_json(json), FailureVerdict::No, "{json}");
        }
        for json in [
            r#"{"type":"status","message":"x"}"#,
            r#"{"status":"processing","message":"x"}"#,
            r#"{"code":0,"msg":"success"}"#,
        ] {
            assert_eq!(of_json(json), FailureVerdict::Doubt, "{json}");
        }
        let named = WireObject::read(r#"{"message":"x"}"#).expect("an object");
        assert_eq!(FailureVerdict::of_object(&named, true), FailureVerdict::No);
        let named = WireObject::read(r#"{"error":"x"}"#).expect("an object");
        assert_eq!(
            FailureVerdict::of_object(&named, true),
            FailureVerdict::Failed
        );
    }

    #[test]
    fn words_that_are_no_json_are_an_error_or_a_doubt() {
        for text in [
            "[ERROR]",
            "[ERROR] x",
            "Error: x",
            "Internal Server Error",
            "\"Internal Server Error\"",
            "<html><body>x",
            r#"[{"error":{"code":400}}]"#,
            "upstream connect error or disconnect/reset before headers",
            "Traceback (most recent call last):",
        ] {
            assert_eq!(
                FailureVerdict::of_text(text),
                FailureVerdict::Failed,
                "{text}"
            );
        }
        for text in [
            "Bad Gateway",
            "the model is gone",
            "{\"choices\":[{\"delta\":{\"content\":\"an error",
        ] {
            assert_eq!(
                FailureVerdict::of_text(text),
                FailureVerdict::Doubt,
                "{text}"
            );
        }
        for text in [
            "",
            "7",
            "null",
            "true",
            "ping",
            "keep-alive",
            "OK",
            "[]",
            "[1]",
            "\"\"",
        ] {
            assert_eq!(FailureVerdict::of_text(text), FailureVerdict::No, "{text}");
        }
    }
}
