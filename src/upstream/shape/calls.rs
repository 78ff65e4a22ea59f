//! Tool calls for upstreams that take one a message, or no words beside them.
//!
//! What a message becomes depends on it and on its results alone, which stand behind it for good. No
//! call, no result and no word is lost.

use bytestring::ByteString;

use super::content::is_blank;
use super::draft::{NOTHING_SAID, ShapeDraft, counted, has};
use super::form::{CallsAtOnce, EmptyContent, MessageShape, WordsWithCalls};
use crate::chat::{Message, Role, json};

/// In these a message speaks.
const SPOKEN: [&str; 3] = ["content", "refusal", "audio"];
/// In these it thinks.
const THOUGHT: [&str; 2] = ["reasoning_content", "reasoning"];

/// The calls of a message of the assistant; none: it has none.
pub(super) fn calls_of(message: &Message) -> Vec<ByteString> {
    let listed = message
        .field("tool_calls")
        .filter(|_| message.role() == Role::Assistant);
    listed
        .and_then(|calls| json::items(calls).ok())
        .unwrap_or_default()
}

/// Whether a message of the assistant calls tools.
pub(super) fn has_calls(message: &Message) -> bool {
    !calls_of(message).is_empty()
}

/// Words beside calls become a message of the assistant before them.
pub(super) fn part_words(draft: &mut ShapeDraft<'_>, shape: &MessageShape) {
    let is_both = |message: &Message| has(message, "content") && has_calls(message);
    if shape.beside_calls == WordsWithCalls::Keep || !draft.messages().iter().any(is_both) {
        return;
    }
    let mut parted = 0;
    draft.rewrite(|messages| {
        let mut out = Vec::with_capacity(messages.len() + 1);
        for message in messages {
            if !is_both(&message) {
                out.push(message);
                continue;
            }
            parted += 1;
            if !is_blank(&message) {
                // What it thought belongs to its calls.
                let words = without(message.clone().without_carried(), &THOUGHT);
                out.push(words.without_field("tool_calls"));
            }
            out.push(without(message, &SPOKEN));
        }
        out
    });
    let what = counted(parted, "message");
    draft.note(format!("the words of {what} were parted from tool calls"));
}

/// Of a message with several calls become several, each followed by its result.
pub(super) fn part_calls(draft: &mut ShapeDraft<'_>, shape: &MessageShape) {
    let has_several = |message: &Message| calls_of(message).len() > 1;
    if shape.calls == CallsAtOnce::Any || !draft.messages().iter().any(has_several) {
        return;
    }
    let mut parted = 0;
    draft.rewrite(|messages| {
        let mut out = Vec::with_capacity(messages.len() + 2);
        let mut messages = messages.into_iter().peekable();
        while let Some(message) = messages.next() {
            let calls = calls_of(&message);
            if calls.len() < 2 {
                out.push(message);
                continue;
            }
            parted += calls.len();
            let mut results = Vec::new();
            while let Some(result) = messages.next_if(|next| next.role() == Role::Tool) {
                results.push(result);
            }
            out.extend(one_by_one(&message, &calls, results, shape));
        }
        out
    });
    let what = counted(parted, "tool call");
    draft.note(format!("{what} went one a message"));
}

/// Each call with its results behind it. A result that names no call stays behind the last.
fn one_by_one(
    message: &Message,
    calls: &[ByteString],
    results: Vec<Message>,
    shape: &MessageShape,
) -> Vec<Message> {
    let id = |literal: Option<&ByteString>| literal.and_then(json::decode_shared);
    let ids: Vec<Option<ByteString>> = calls
        .iter()
        .map(|call| id(json::get(call, "id").as_ref()))
        .collect();
    let mut of_calls: Vec<Vec<Message>> = vec![Vec::new(); calls.len()];
    for result in results {
        let own = id(result.field("tool_call_id"));
        let owner = ids.iter().position(|id| id.is_some() && *id == own);
        let owner = owner.unwrap_or(calls.len() - 1);
        if let Some(of_call) = of_calls.get_mut(owner) {
            of_call.push(result);
        }
    }
    let mut out = Vec::new();
    for (place, (call, results)) in calls.iter().zip(of_calls).enumerate() {
        let one = message
            .clone()
            .with_field("tool_calls", format!("[{call}]"));
        out.push(match place {
            0 => one,
            _ => saying_nothing(one, shape),
        });
        out.extend(results);
    }
    out
}

/// A message with a call alone: what was said beside it is said already.
fn saying_nothing(message: Message, shape: &MessageShape) -> Message {
    // What it thought goes with each: who wants that back misses it at any call.
    let bare = without(message, &SPOKEN);
    match (shape.beside_calls, shape.empty) {
        (WordsWithCalls::Apart, _) | (_, EmptyContent::Omit) => bare,
        (_, EmptyContent::Keep) => bare.with_field("content", "null".to_owned()),
        (_, EmptyContent::Text) => bare.with_field("content", json::encode(NOTHING_SAID)),
    }
}

fn without(message: Message, fields: &[&str]) -> Message {
    fields
        .iter()
        .fold(message, |message, field| message.without_field(field))
}
