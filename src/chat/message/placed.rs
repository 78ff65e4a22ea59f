//! Who put a message into a request, and since when it stands there. None of it is ever written.

use super::{Message, PutBy};

impl Message {
    /// Marks it as put in by who looks at a turn.
    pub fn watched(self) -> Message {
        Message {
            put_by: PutBy::Watcher,
            ..self
        }
    }

    /// Whether who looks at a turn put it in.
    pub fn is_watched(&self) -> bool {
        self.put_by == PutBy::Watcher
    }

    /// The same message in the place of another: put in by whom that was, and with what that carried.
    pub fn in_place_of(self, other: &Message) -> Message {
        Message {
            put_by: other.put_by,
            carried: other.carried.clone(),
            ..self
        }
    }

    /// Marks it as placed behind the stable part of the history.
    pub fn placed_at_tail(mut self) -> Message {
        self.is_at_tail = true;
        self
    }

    /// Whether a rule placed it behind the stable part of the history.
    pub fn is_at_tail(&self) -> bool {
        self.is_at_tail
    }

    /// Marks it as there from a request of the call on.
    pub(in crate::chat) fn there_since(self, since: u32) -> Message {
        Message { since, ..self }
    }

    /// Whether it is new in a request in which what came in another was there.
    pub(in crate::chat) fn is_newer_than(&self, since: u32) -> bool {
        self.is_at_tail || self.since > since
    }
}
