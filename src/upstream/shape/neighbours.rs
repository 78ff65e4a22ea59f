//! Neighbours of one role, which become one message; and turns that user and assistant must take.
//!
//! What is merged stands together for good, so bytes stay. What a rule placed at the tail is gone
//! with the next turn: it never becomes part of a message that stays.

use super::calls::has_calls;
use super::draft::{ShapeDraft, counted, is_result, silent};
use super::form::{CallsAtOnce, MessageShape, WordsWithCalls};
use super::merge::merge;
use crate::chat::{Message, Role};

/// What stands between two messages.
enum Between {
    /// Nothing.
    Nothing,
    /// They are one.
    Merged,
    /// Somebody who says nothing.
    Silence(&'static str),
}

pub(super) fn settle(draft: &mut ShapeDraft<'_>, shape: &MessageShape) {
    if !shape.merges() {
        return;
    }
    let between = |before: Option<&Message>, next: &Message| match shape.alternate {
        true => in_turns(before, next, shape),
        false => merged(before, next, shape),
    };
    let messages = draft.messages();
    let befores = std::iter::once(None).chain(messages.iter().map(Some));
    let mut pairs = befores.zip(messages);
    if pairs.all(|(before, next)| matches!(between(before, next), Between::Nothing)) {
        return;
    }
    let (mut merges, mut silences) = (0, 0);
    draft.rewrite(|messages| {
        // Those that become one, together.
        let mut out: Vec<Vec<Message>> = Vec::with_capacity(messages.len());
        for message in messages {
            let before = out.last_mut();
            match between(before.as_ref().and_then(|group| group.first()), &message) {
                Between::Merged => {
                    merges += 1;
                    if let Some(group) = before {
                        group.push(message);
                        continue;
                    }
                }
                Between::Silence(role) => {
                    silences += 1;
                    out.push(vec![silent(role)]);
                }
                Between::Nothing => {}
            }
            out.push(vec![message]);
        }
        out.into_iter().filter_map(merge).collect()
    });
    if merges > 0 {
        let what = counted(merges, "message");
        draft.note(format!("{what} joined the one before, of the same role"));
    }
    if silences > 0 {
        let what = counted(silences, "message");
        draft.note(format!(
            "{what} of `…` came in between, for roles to alternate"
        ));
    }
}

/// What stands between neighbours where those of one role are merged.
fn merged(before: Option<&Message>, next: &Message, shape: &MessageShape) -> Between {
    let Some(before) = before.filter(|before| before.role() == next.role()) else {
        return Between::Nothing;
    };
    let is_new_at_tail = next.is_at_tail() && !before.is_at_tail();
    match next.role() {
        Role::System | Role::Developer | Role::User => Between::Merged,
        Role::Assistant if is_new_at_tail || is_parted(before, next, shape) => {
            Between::Silence("user")
        }
        Role::Assistant => Between::Merged,
        Role::Tool | Role::Function | Role::Other => Between::Nothing,
    }
}

/// Whether one message of both would have more calls, or words beside them, than may be.
fn is_parted(before: &Message, next: &Message, shape: &MessageShape) -> bool {
    let one_call = shape.calls == CallsAtOnce::One;
    let words_apart = shape.beside_calls == WordsWithCalls::Apart;
    if !one_call && !words_apart {
        return false;
    }
    let (before, next) = (has_calls(before), has_calls(next));
    (one_call && before && next) || (words_apart && before != next)
}

/// What stands between neighbours where roles alternate: the caller begins, and a tool's result is
/// followed by the assistant.
fn in_turns(before: Option<&Message>, next: &Message, shape: &MessageShape) -> Between {
    let begins = before.is_none_or(|before| before.role().is_instruction());
    let is_answer = next.role() == Role::Assistant || is_result(next);
    match before {
        _ if begins && is_answer => Between::Silence("user"),
        Some(before) if is_result(before) && next.role() == Role::User => {
            Between::Silence("assistant")
        }
        _ => merged(before, next, shape),
    }
}
