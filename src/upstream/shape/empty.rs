//! Content that is empty, blank or null, for upstreams that refuse it.
//!
//! What a message becomes depends on it alone. What a call or a turn hangs on is never left out.

use super::calls::has_calls;
use super::content::{is_blank, without_blank_parts};
use super::draft::{NOTHING_SAID, ShapeDraft, counted, has, is_result, silent};
use super::form::{EmptyContent, MessageShape, WordsWithCalls};
use super::mends::HistoryMends;
use crate::chat::{Message, Role, json};

/// The text of a result that is empty.
const EMPTY_RESULT: &str = "The tool gave an empty result.";

/// In these a message says something beside its content.
const OTHERWISE: [&str; 4] = ["tool_calls", "function_call", "refusal", "audio"];

/// What becomes of a message.
enum Emptied {
    Stays,
    Becomes(Message),
    Goes,
}

pub(super) fn fill_or_omit(draft: &mut ShapeDraft<'_>, shape: &MessageShape, mends: &HistoryMends) {
    if shape.empty == EmptyContent::Keep && !mends.content {
        return;
    }
    let become_of = |message: &Message| match shape.empty {
        EmptyContent::Keep if has_neither(message) => Emptied::Goes,
        EmptyContent::Keep => Emptied::Stays,
        // No text stands beside calls where none may.
        _ if shape.beside_calls == WordsWithCalls::Apart && has_calls(message) => {
            become_of(message, EmptyContent::Omit)
        }
        form => become_of(message, form),
    };
    let stays = |message: &Message| matches!(become_of(message), Emptied::Stays);
    let Some(first) = draft.messages().iter().position(|one| !stays(one)) else {
        return;
    };
    let (mut filled, mut gone) = (0, 0);
    draft.rewrite(|messages| {
        let mut out = Vec::with_capacity(messages.len());
        for (at, message) in messages.into_iter().enumerate() {
            let becomes = match at < first {
                true => Emptied::Stays,
                false => become_of(&message),
            };
            match becomes {
                Emptied::Stays => out.push(message),
                Emptied::Becomes(other) => {
                    filled += 1;
                    out.push(other);
                }
                Emptied::Goes => gone += 1,
            }
        }
        // A request without messages is none.
        if out.is_empty() {
            out.push(silent("user"));
        }
        out
    });
    if filled > 0 {
        let what = counted(filled, "message");
        draft.note(format!(
            "the empty content of {what} was left out or filled"
        ));
    }
    if gone > 0 {
        let what = counted(gone, "empty message");
        draft.note(format!("{what} did not go"));
    }
}

/// Whether it is an assistant's with neither content nor anything else that it says or does.
fn has_neither(message: &Message) -> bool {
    message.role() == Role::Assistant
        && !has(message, "content")
        && !OTHERWISE.iter().any(|field| has(message, field))
}

fn become_of(message: &Message, form: EmptyContent) -> Emptied {
    if message.role() == Role::Other {
        return Emptied::Stays;
    }
    if !is_blank(message) {
        let content = message.field("content").and_then(without_blank_parts);
        return content.map_or(Emptied::Stays, |content| {
            Emptied::Becomes(message.clone().with_field("content", content))
        });
    }
    let says_otherwise = OTHERWISE.iter().any(|field| has(message, field));
    let must_stay = message.role() == Role::User || is_result(message);
    if form == EmptyContent::Omit && says_otherwise {
        return match message.field("content") {
            Some(_) => Emptied::Becomes(message.clone().without_field("content")),
            None => Emptied::Stays,
        };
    }
    if form == EmptyContent::Omit && !must_stay {
        return Emptied::Goes;
    }
    let text = match is_result(message) {
        true => EMPTY_RESULT,
        false => NOTHING_SAID,
    };
    let content = json::encode(text);
    Emptied::Becomes(message.clone().with_field("content", content))
}
