//! Tool calls and their results as every upstream asks for them: behind each message with calls one
//! result a call, and nothing between.
//!
//! No result that has a call is lost: a second one joins the first.

use bytestring::ByteString;

use super::rebuilt::{answers, rebuilt};
use crate::chat::{Message, Role, json};
use crate::upstream::shape::draft::ShapeDraft;
use crate::upstream::shape::mends::HistoryMends;

/// So many calls of one message are compared each with each.
const MOST_LOOKED_AT: usize = 64;

/// Mends what is on, where there is anything to mend.
pub(in crate::upstream::shape) fn settle(draft: &mut ShapeDraft<'_>, mends: &HistoryMends) {
    if is_good(draft.messages()) {
        return;
    }
    let (messages, notes) = rebuilt(draft.messages(), mends);
    if !notes.is_empty() {
        draft.rewrite(|_| messages);
        draft.notes.extend(notes);
    }
}

/// Whether there is nothing to mend: behind each message with calls there are its results, each
/// once, and they are nowhere else. It says no where there are so many calls that the look is long.
fn is_good(messages: &[Message]) -> bool {
    let mut waiting: Vec<ByteString> = Vec::new();
    for message in messages {
        if message.role() == Role::Tool {
            let Some(answered) = waiting.iter().position(|id| answers(message, id)) else {
                return false;
            };
            waiting.remove(answered);
            continue;
        }
        if !waiting.is_empty() {
            return false;
        }
        let calls = message
            .field("tool_calls")
            .filter(|_| message.role() == Role::Assistant);
        let Some(calls) = calls.and_then(|calls| json::items(calls).ok()) else {
            continue;
        };
        if calls.is_empty() || calls.len() > MOST_LOOKED_AT {
            return false;
        }
        for call in &calls {
            let id = json::get(call, "id").and_then(|id| json::decode_shared(&id));
            match id.filter(|id| !id.is_empty() && !waiting.contains(id)) {
                Some(id) => waiting.push(id),
                None => return false,
            }
        }
    }
    waiting.is_empty()
}
