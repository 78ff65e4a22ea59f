//! Several messages of one role as one.
//!
//! Contents, refusals, reasoning and lists of calls are put together, so that no word is lost; of
//! whatever else is there the first message's counts.

use bytestring::ByteString;

use super::content::{PARAGRAPHS, UTTERANCES, joined};
use crate::chat::{Message, json};

/// The fields in which something is said.
const SAID: [&str; 4] = ["content", "refusal", "reasoning_content", "reasoning"];

/// The one message that they become; none of none.
pub(super) fn merge(messages: Vec<Message>) -> Option<Message> {
    let (first, others) = messages.split_first()?;
    if others.is_empty() {
        return messages.into_iter().next();
    }
    let between = match first.role().is_instruction() {
        true => PARAGRAPHS,
        false => UTTERANCES,
    };
    let all_of = |name: &str| -> Vec<ByteString> {
        let values = messages.iter().filter_map(|message| message.field(name));
        values.cloned().collect()
    };
    let mut merged = first.clone();
    for name in SAID {
        let values = all_of(name);
        if !values.is_empty() {
            merged = merged.with_field(name, joined(&values, between).to_string());
        }
    }
    let calls = all_of("tool_calls");
    let calls = calls.iter().filter_map(|list| json::items(list).ok());
    let calls: Vec<ByteString> = calls.flatten().collect();
    if !calls.is_empty() {
        merged = merged.with_field("tool_calls", format!("[{}]", calls.join(",")));
    }
    for name in ["name", "function_call"] {
        if merged.field(name).is_none_or(|value| json::is_null(value))
            && let Some(value) = all_of(name).iter().find(|value| !json::is_null(value))
        {
            merged = merged.with_field(name, value.to_string());
        }
    }
    Some(merged.carrying_all(&messages))
}
