//! The request fields that are known: OpenAI's, with their types, and Vapi's own.
//!
//! Sources: OpenAI's chat completion reference, and Vapi's request bodies (VAPI.md 1.3 and 6).

/// The JSON types that a field may have. `null` is always taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
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
pub const KNOWN: &[(&str, Kind)] = &[
    ("messages", Kind::Array),
    ("model", Kind::Text),
    ("stream", Kind::Bool),
    ("temperature", Kind::Number),
    ("max_tokens", Kind::Number),
    ("tools", Kind::Array),
    ("tool_choice", Kind::TextOrObject),
    ("stream_options", Kind::Object),
    ("top_p", Kind::Number),
    ("n", Kind::Number),
    ("stop", Kind::TextOrArray),
    ("max_completion_tokens", Kind::Number),
    ("presence_penalty", Kind::Number),
    ("frequency_penalty", Kind::Number),
    ("logit_bias", Kind::Object),
    ("seed", Kind::Number),
    ("parallel_tool_calls", Kind::Bool),
    ("functions", Kind::Array),
    ("function_call", Kind::TextOrObject),
    ("response_format", Kind::Object),
    ("user", Kind::Text),
    ("reasoning_effort", Kind::Text),
    ("prompt_cache_key", Kind::Text),
    ("service_tier", Kind::Text),
    ("logprobs", Kind::Bool),
    ("top_logprobs", Kind::Number),
    ("modalities", Kind::Array),
    ("verbosity", Kind::Text),
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
pub fn kind_of(name: &str) -> Option<Kind> {
    KNOWN
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, kind)| *kind)
}

impl Kind {
    /// Whether a JSON text is of this type, or `null`.
    pub fn accepts(self, json: &str) -> bool {
        let Some(first) = json.bytes().next() else {
            return false;
        };
        let is_text = first == b'"';
        match (self, first) {
            (_, b'n') => true,
            (Kind::Bool, b't' | b'f') => true,
            (Kind::Number, b'-' | b'0'..=b'9') => true,
            (Kind::Text, _) => is_text,
            (Kind::Object, b'{') | (Kind::Array, b'[') => true,
            (Kind::TextOrObject, b'{') | (Kind::TextOrArray, b'[') => true,
            (Kind::TextOrObject | Kind::TextOrArray, _) => is_text,
            _ => false,
        }
    }

    /// The type in words, for messages.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Bool => "a boolean",
            Kind::Number => "a number",
            Kind::Text => "a string",
            Kind::Object => "an object",
            Kind::Array => "an array",
            Kind::TextOrObject => "a string or an object",
            Kind::TextOrArray => "a string or an array",
        }
    }
}
