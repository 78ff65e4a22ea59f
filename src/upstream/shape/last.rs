//! Whose the last message is. Some upstreams answer a caller or a tool, and nobody else.

use super::draft::{ShapeDraft, is_result};
use super::form::{LastMessage, MessageShape};
use crate::chat::Role;

pub(super) fn end_with_user(draft: &mut ShapeDraft<'_>, shape: &MessageShape) {
    if shape.last == LastMessage::Any {
        return;
    }
    let last = draft.messages().last();
    if last.is_some_and(|message| message.role() == Role::User || is_result(message)) {
        return;
    }
    draft.add_silent_user();
    draft.note("a user message of `…` was added at the end: the last one must be the caller's");
}
