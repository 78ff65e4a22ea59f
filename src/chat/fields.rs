//! The request fields that are known: OpenAI's, with their types, and Vapi's own.
//!
//! Sources: OpenAI's chat completion reference, and Vapi's request bodies (VAPI.md 1.3 and 6).

/// The JSON types that a field may have. `null` is always taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// `true` or `false`.
    Bool,
    /// Any number.
    Number,
    /// A string.
    Text,
    /// An object.
    Object,
    /// An array.
    Array,
    /// A string or an object.
    TextOrObject,
    /// A string or an array.
    TextOrArray,
}

/// OpenAI's request fields and their types.
pub const KNOWN: &[(&str, FieldKind)] = &[
    ("messages", FieldKind::Array),
    ("model", FieldKind::Text),
    ("stream", FieldKind::Bool),
    ("temperature", FieldKind::Number),
    ("max_tokens", FieldKind::Number),
    ("tools", FieldKind::Array),
    ("tool_choice", FieldKind::TextOrObject),
    ("stream_options", FieldKind::Object),
    ("top_p", FieldKind::Number),
    ("n", FieldKind::Number),
    ("stop", FieldKind::TextOrArray),
    ("max_completion_tokens", FieldKind::Number),
    ("presence_penalty", FieldKind::Number),
    ("frequency_penalty", FieldKind::Number),
    ("logit_bias", FieldKind::Object),
    ("seed", FieldKind::Number),
    ("parallel_tool_calls", FieldKind::Bool),
    ("functions", FieldKind::Array),
    ("function_call", FieldKind::TextOrObject),
    ("response_format", FieldKind::Object),
    ("user", FieldKind::Text),
    ("reasoning_effort", FieldKind::Text),
    ("prompt_cache_key", FieldKind::Text),
    ("service_tier", FieldKind::Text),
    ("logprobs", FieldKind::Bool),
    ("top_logprobs", FieldKind::Number),
    ("modalities", FieldKind::Array),
    ("verbosity", FieldKind::Text),
];

/// Vapi's own request fields. They never go upstream, whatever a config lets through.
pub const VAPI: &[&str] = &[
    "call",
    "phoneNumber",
    "customer",
    "assistant",
    "assistantOverrides",
    "metadata",
    "credentials",
    "org",
    "squad",
    "variableValues",
    "timestamp",
];

/// The message fields that every upstream takes.
pub const MESSAGE: &[&str] = &[
    "role",
    "content",
    "name",
    "tool_calls",
    "tool_call_id",
    "function_call",
    "refusal",
];

/// The type of a known field.
pub fn kind_of(name: &str) -> Option<FieldKind> {
    KNOWN
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, kind)| *kind)
}

impl FieldKind {
    /// Whether a JSON text is of this type, or `null`.
    pub fn accepts(self, json: &str) -> bool {
        let Some(first) = json.bytes().next() else {
            return false;
        };
        let is_text = first == b'"';
        match (self, first) {
            (_, b'n') => true,
            (FieldKind::Bool, b't' | b'f') => true,
            (FieldKind::Number, b'-' | b'0'..=b'9') => true,
            (FieldKind::Text, _) => is_text,
            (FieldKind::Object, b'{') | (FieldKind::Array, b'[') => true,
            (FieldKind::TextOrObject, b'{') | (FieldKind::TextOrArray, b'[') => true,
            (FieldKind::TextOrObject | FieldKind::TextOrArray, _) => is_text,
            _ => false,
        }
    }

    /// The type in words, for messages.
    pub fn name(self) -> &'static str {
        match self {
            FieldKind::Bool => "a boolean",
            FieldKind::Number => "a number",
            FieldKind::Text => "a string",
            FieldKind::Object => "an object",
            FieldKind::Array => "an array",
            FieldKind::TextOrObject => "a string or an object",
            FieldKind::TextOrArray => "a string or an array",
        }
    }
}
