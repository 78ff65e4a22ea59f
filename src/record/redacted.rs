//! A request and what was known of it, without anything that the upstream did not get.
//!
//! What the redact rules of the turn find is a placeholder. Of the facts only what is known to be
//! harmless stays: placeholders, texts that stand in the request as the upstream got it, and what
//! conditions need most. Everything else is `[…]`, a number null.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::chat::history::HistoryPlace;
use crate::chat::{ChatRequest, Message, json};
use crate::lang::facts::Facts;
use crate::rule::Turn;
use crate::ruleset::{Ruleset, hide};
use crate::stream::placeholder::is_written;

/// Facts that stay as they are: ids and kinds, as JSON Pointers.
const HARMLESS: &[&str] = &[
    "/now",
    "/route",
    "/request/model",
    "/assistant/id",
    "/call/id",
    "/call/callId",
    "/call/assistantId",
    "/call/orgId",
    "/call/phoneNumberId",
    "/call/status",
    "/call/type",
    "/context/call/vapi/status",
];

/// Stands for a text that the upstream did not get.
pub const LEFT_OUT: &str = "[…]";

/// A turn to redact.
pub(super) struct Redacted<'r> {
    /// The rules.
    pub(super) ruleset: &'r Arc<Ruleset>,
    /// Those that ran.
    pub(super) active: &'r [usize],
    /// What was known, for the rules.
    pub(super) facts: Facts,
    /// The request, escaped and nothing else.
    pub(super) request: ChatRequest,
    /// What was known, as values.
    pub(super) values: Map<String, Value>,
    /// The request as the upstream got it.
    pub(super) sent: &'r str,
}

/// The request and the facts, redacted. None: a rule failed, so nobody knows what is private.
pub(super) fn redact(turn: Redacted<'_>) -> Option<(ChatRequest, Map<String, Value>)> {
    let mut request = turn.request;
    // What was known goes through the rules behind the history, so that its values have the numbers
    // that they have there.
    let known = Value::Object(turn.values).to_string();
    let message = format!(r#"{{"role":"system","facts":{known}}}"#);
    let message = Message::parse(message.into()).ok()?.watched();
    request.history().put(HistoryPlace::End, message);
    hide(
        turn.ruleset,
        turn.active.iter().copied(),
        &mut request,
        &mut Turn::new(turn.facts),
    )?;
    let known = request.history().take_watched()?;
    let mut facts: Map<String, Value> = serde_json::from_str(known.field("facts")?).ok()?;
    for (root, value) in &mut facts {
        keep_harmless(value, &format!("/{root}"), turn.sent);
    }
    Some((request, facts))
}

fn keep_harmless(value: &mut Value, path: &str, sent: &str) {
    match value {
        Value::Null | Value::Bool(_) => {}
        Value::Array(items) => {
            for item in items {
                keep_harmless(item, path, sent);
            }
        }
        Value::Object(entries) => {
            entries.retain(|key, _| is_name(key));
            for (key, value) in entries {
                keep_harmless(value, &format!("{path}/{key}"), sent);
            }
        }
        Value::Number(number) => {
            if !stands_in(sent, &number.to_string()) {
                *value = Value::Null;
            }
        }
        Value::String(text) => {
            let is_harmless = HARMLESS.contains(&path)
                || is_written(text)
                || stands_in(sent, inner(&json::encode(text)));
            if !text.is_empty() && !is_harmless {
                *value = LEFT_OUT.into();
            }
        }
    }
}

/// A JSON string without its quotes.
fn inner(literal: &str) -> &str {
    literal.get(1..literal.len() - 1).unwrap_or_default()
}

/// Whether a key is the name of a field, and no value.
pub(super) fn is_name(key: &str) -> bool {
    let is_sign = |sign: char| sign.is_ascii_alphanumeric() || "_-".contains(sign);
    key.len() <= 64
        && key.chars().all(is_sign)
        && key.chars().filter(char::is_ascii_digit).count() < 4
}

/// Whether a text stands in another, not as a part of a longer word.
fn stands_in(whole: &str, text: &str) -> bool {
    let is_free = |sign: Option<char>| sign.is_none_or(|sign| !sign.is_alphanumeric());
    whole.match_indices(text).any(|(at, found)| {
        is_free(whole[..at].chars().next_back())
            && is_free(whole[at + found.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn of_the_facts_only_stays_what_the_upstream_got() {
        let sent = r#"{"messages":[{"role":"system","content":"Plan \"gold\", 12 orders, note: call back\nsoon"}]}"#;
        let mut facts = json!({
            "plan": "gold", "orders": 12, "pin": 4711, "part": 1, "vip": true, "none": null, "empty": "",
            "name": "[NAME_1]", "mixed": "[NAME_1] of Berlin", "note": "call back\nsoon", "old": "gol",
            "list": ["gold", "silver"], "+14155550123": "gold", "n2024": { "y": "x" },
        });
        keep_harmless(&mut facts, "/context/customer", sent);
        let expected = json!({
            "plan": "gold", "orders": 12, "pin": null, "part": null, "vip": true, "none": null, "empty": "",
            "name": "[NAME_1]", "mixed": "[…]", "note": "call back\nsoon", "old": "[…]",
            "list": ["gold", "[…]"],
        });
        assert_eq!(facts, expected);
        let mut call = json!({ "id": "c-1", "type": "webCall", "number": "+1" });
        keep_harmless(&mut call, "/call", sent);
        assert_eq!(
            call,
            json!({ "id": "c-1", "type": "webCall", "number": "[…]" })
        );
    }
}
