//! Which messages of a history belong together: tool calls and what came of them.
//!
//! Upstreams refuse one without the other, so they stay or go together. A result is found by its
//! call's id, or by the function's name where a request is of 2023; nothing here is by place.

use std::borrow::Cow;
use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::json::{self, Walk};
use super::message::{Message, Role};

/// A message with tool calls, and their results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolPair {
    /// Where the message with the calls stands.
    pub asked: usize,
    /// The calls, in order.
    pub calls: Vec<PairedCall>,
}

/// One call of a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairedCall {
    /// Its id; none: it has none, as a `function_call` of 2023.
    pub id: Option<String>,
    /// The tool's name; empty where it has none.
    pub tool: String,
    /// Where its results stand, in order. There may be several, or none yet.
    pub results: Vec<usize>,
}

/// What a result says of its call.
#[derive(Debug, PartialEq, Eq, Hash)]
enum CallName {
    Id(String),
    Function(String),
}

/// All tool calls of a history with their results, oldest first. A result without a call is in none.
pub fn tool_pairs(messages: &[Message]) -> Vec<ToolPair> {
    let mut pairs: Vec<ToolPair> = Vec::new();
    // The newest call of each name: some servers count their calls anew in each turn.
    let mut newest: HashMap<CallName, (usize, usize), RandomState> = HashMap::default();
    for (at, message) in messages.iter().enumerate() {
        if let Some(pair) = ToolPair::of(at, message) {
            let place = pairs.len();
            let calls = pair.calls.iter().enumerate();
            newest.extend(calls.map(|(call_at, call)| (call.name(), (place, call_at))));
            pairs.push(pair);
            continue;
        }
        let call = answered_by(message).and_then(|name| newest.get(&name));
        let call = call.and_then(|(pair, call)| pairs.get_mut(*pair)?.calls.get_mut(*call));
        if let Some(call) = call {
            call.results.push(at);
        }
    }
    pairs
}

impl ToolPair {
    fn of(at: usize, message: &Message) -> Option<ToolPair> {
        if message.role() != Role::Assistant {
            return None;
        }
        let mut calls = Vec::new();
        let listed = message.unopened_field("tool_calls");
        if let Some(mut list) = listed.and_then(Walk::of_array) {
            while list.next_item() {
                calls.push(PairedCall::listed(list.value()));
            }
        }
        let alone = message.unopened_field("function_call");
        calls.extend(alone.and_then(PairedCall::alone));
        (!calls.is_empty()).then_some(ToolPair { asked: at, calls })
    }

    /// Where the results of its calls stand.
    pub fn results(&self) -> impl Iterator<Item = usize> {
        self.calls.iter().flat_map(|call| &call.results).copied()
    }

    /// Whether it stands on both sides of a place: the messages before it, and those from it on.
    pub fn is_parted_at(&self, place: usize) -> bool {
        self.asked < place && self.results().any(|result| result >= place)
    }

    /// Whether every call has a result.
    pub fn is_answered(&self) -> bool {
        self.calls.iter().all(|call| !call.results.is_empty())
    }
}

impl PairedCall {
    /// One of the list `tool_calls`.
    fn listed(call: &str) -> PairedCall {
        let named = json::value_of(call, "function").or_else(|| json::value_of(call, "custom"));
        PairedCall {
            id: text_at(call, "id"),
            tool: named
                .and_then(|named| text_at(named, "name"))
                .unwrap_or_default(),
            results: Vec::new(),
        }
    }

    /// The one `function_call` of a message; none where the field holds no call.
    fn alone(call: &str) -> Option<PairedCall> {
        Some(PairedCall {
            id: None,
            tool: text_at(call, "name")?,
            results: Vec::new(),
        })
    }

    fn name(&self) -> CallName {
        match &self.id {
            Some(id) => CallName::Id(id.clone()),
            None => CallName::Function(self.tool.clone()),
        }
    }
}

/// The call of which a message is a result; none: it is no result.
fn answered_by(message: &Message) -> Option<CallName> {
    let text = |name: &str| Some(json::decode(message.unopened_field(name)?)?.into_owned());
    match message.role() {
        Role::Tool => text("tool_call_id").map(CallName::Id),
        Role::Function => text("name").map(CallName::Function),
        _ => None,
    }
}

fn text_at(object: &str, key: &str) -> Option<String> {
    json::text_of(object, key).map(Cow::into_owned)
}

#[cfg(test)]
mod tests;
