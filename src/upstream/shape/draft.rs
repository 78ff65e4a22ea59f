//! A request on its way into a shape: the one that came until something is changed.

use std::borrow::Cow;

use crate::chat::{ChatRequest, Message, Role, json};

/// What stands where a message must be and nobody said anything.
pub(super) const NOTHING_SAID: &str = "…";

/// A request, and what was changed of it.
#[derive(Debug)]
pub(super) struct ShapeDraft<'r> {
    pub(super) request: Cow<'r, ChatRequest>,
    pub(super) notes: Vec<String>,
}

impl ShapeDraft<'_> {
    pub(super) fn messages(&self) -> &[Message] {
        self.request.messages()
    }

    /// Makes other messages of the messages.
    pub(super) fn rewrite(&mut self, edit: impl FnOnce(Vec<Message>) -> Vec<Message>) {
        self.request.to_mut().history().rewrite(edit);
    }

    /// Changes those messages for which there is another; gives how many that were.
    pub(super) fn change_each(&mut self, other: impl Fn(&Message) -> Option<Message>) -> usize {
        let Some(first) = self.messages().iter().position(|one| other(one).is_some()) else {
            return 0;
        };
        let mut count = 0;
        self.rewrite(|mut messages| {
            for message in messages.iter_mut().skip(first) {
                if let Some(new) = other(message) {
                    *message = new;
                    count += 1;
                }
            }
            messages
        });
        count
    }

    /// Adds a message of a caller who says nothing.
    pub(super) fn add_silent_user(&mut self) {
        self.rewrite(|mut messages| {
            messages.push(silent("user"));
            messages
        });
    }

    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }
}

/// A message of somebody who says nothing.
pub(super) fn silent(role: &str) -> Message {
    Message::new(role, NOTHING_SAID)
}

/// Whether it is the result of a call.
pub(super) fn is_result(message: &Message) -> bool {
    matches!(message.role(), Role::Tool | Role::Function)
}

/// Whether it has a field that is not `null`.
pub(super) fn has(message: &Message, field: &str) -> bool {
    message
        .field(field)
        .is_some_and(|value| !json::is_null(value))
}

/// `1 message`, `2 messages`.
pub(super) fn counted(count: usize, one: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {one}s"),
    }
}
