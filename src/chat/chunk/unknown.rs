//! What a server tells in fields of its own.
//!
//! A rule that hides what the model says can't look into them, so they are told apart from what is
//! known. What stands in them is not read here.

use std::ops::Range;

use super::FIELDS;
use super::object::WireObject;
use crate::chat::json::place_in;

/// What else is known of a delta.
const OF_DELTA: [&str; 6] = [
    "role",
    "tool_calls",
    "function_call",
    "reasoning_details",
    "token_id",
    "token_ids",
];

/// What is known of a choice; the reasons are words of the server's own.
const OF_CHOICE: [&str; 10] = [
    "index",
    "delta",
    "message",
    "finish_reason",
    "native_finish_reason",
    "stop_reason",
    "matched_stop",
    "logprobs",
    "text",
    "token_ids",
];

/// What a choice and its delta have beside what is known, where there is a text in it.
pub(super) fn unknown_texts(
    json: &str,
    choice: &WireObject<'_>,
    delta: &WireObject<'_>,
) -> Vec<Range<usize>> {
    let of_choice = choice.entries().filter(|(key, _)| !OF_CHOICE.contains(key));
    let of_delta = delta.entries().filter(|(key, _)| {
        !OF_DELTA.contains(key) && !FIELDS.iter().any(|(_, known)| known == key)
    });
    let unknown = of_choice.chain(of_delta);
    let with_text = unknown.filter(|(_, value)| value.get().contains('"'));
    with_text
        .map(|(_, value)| place_in(json, value.get()))
        .collect()
}
