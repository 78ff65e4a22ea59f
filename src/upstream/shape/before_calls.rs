//! Who stands before tool calls, for upstreams that take them right behind the caller or a tool's
//! result alone, as Gemini.
//!
//! What a message becomes depends on what stands before it and right behind it for good, so bytes
//! stay. No word and no call is lost.

use super::calls::has_calls;
use super::draft::{ShapeDraft, counted, is_result, silent};
use super::form::{BeforeCalls, MessageShape, WordsWithCalls};
use super::merge::merge;
use crate::chat::{Message, Role};

pub(super) fn settle(draft: &mut ShapeDraft<'_>, shape: &MessageShape) {
    if shape.before_calls == BeforeCalls::Any || !draft.messages().iter().any(has_calls) {
        return;
    }
    join_words(draft, shape);
    let lacking = lacking(draft.messages());
    if lacking.is_empty() {
        return;
    }
    draft.rewrite(|messages| {
        let mut out = Vec::with_capacity(messages.len() + lacking.len());
        for (at, message) in messages.into_iter().enumerate() {
            if lacking.contains(&at) {
                out.push(silent("user"));
            }
            out.push(message);
        }
        out
    });
    let what = counted(lacking.len(), "message");
    draft.note(format!("{what} of `…` came in before tool calls"));
}

/// The places of calls before which neither the caller nor a result stands.
fn lacking(messages: &[Message]) -> Vec<usize> {
    let mut before: Option<&Message> = None;
    let mut lacking = Vec::new();
    for (at, message) in messages.iter().enumerate() {
        if message.role().is_instruction() {
            continue;
        }
        let is_asked = before.is_some_and(|one| one.role() == Role::User || is_result(one));
        if has_calls(message) && !is_asked {
            lacking.push(at);
        }
        before = Some(message);
    }
    lacking
}

/// What the assistant said right before its calls becomes one message with them.
fn join_words(draft: &mut ShapeDraft<'_>, shape: &MessageShape) {
    let is_assistant = |message: &Message| message.role() == Role::Assistant;
    let joins = |before: &Message, next: &Message| {
        let are_words = is_assistant(before) && !has_calls(before);
        are_words && is_assistant(next) && before.is_at_tail() == next.is_at_tail()
    };
    let joins_calls = |pair: &[Message]| match pair {
        [before, next] => joins(before, next) && has_calls(next),
        _ => false,
    };
    let is_apart = shape.beside_calls == WordsWithCalls::Apart;
    if is_apart || !draft.messages().windows(2).any(joins_calls) {
        return;
    }
    let mut joined = 0;
    draft.rewrite(|messages| {
        let mut out: Vec<Message> = Vec::with_capacity(messages.len());
        // What the assistant said in a row, up to its calls.
        let mut said: Vec<Message> = Vec::new();
        for message in messages {
            if !said.last().is_some_and(|last| joins(last, &message)) {
                out.append(&mut said);
            }
            let calls = has_calls(&message);
            said.push(message);
            if calls {
                joined += said.len() - 1;
                out.extend(merge(std::mem::take(&mut said)));
            }
        }
        out.append(&mut said);
        out
    });
    let what = counted(joined, "message");
    draft.note(format!("{what} joined the tool calls behind"));
}
