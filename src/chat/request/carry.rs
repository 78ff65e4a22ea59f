//! What the messages of a request carry for their upstreams: never written, and read by rules that
//! hide.

use std::sync::Arc;

use super::ChatRequest;
use crate::chat::carried::CarriedState;
use crate::chat::message::Message;

impl ChatRequest {
    /// Puts on the messages at these places what their upstream wants back. What is written of them
    /// stays as it was.
    pub fn carry(&mut self, states: impl IntoIterator<Item = (usize, Arc<CarriedState>)>) {
        for (at, state) in states {
            if let Some(message) = self.messages_beside().get_mut(at) {
                message.carried = Some(state);
            }
        }
    }

    /// Edits what models thought in earlier replies; `edit` gives the new text, or nothing to leave
    /// it. Says whether anything was changed.
    pub fn edit_carried(&mut self, mut edit: impl FnMut(&str) -> Option<String>) -> bool {
        let mut is_changed = false;
        let states = self.messages_beside().iter_mut();
        for state in states.filter_map(|message| message.carried.as_mut()) {
            if let Some(new) = state.reasoning.as_deref().and_then(&mut edit) {
                Arc::make_mut(state).reasoning = Some(new.into());
                is_changed = true;
            }
        }
        is_changed
    }

    /// How many bytes of what models thought it carries.
    pub fn carried_bytes(&self) -> usize {
        let states = self.messages().iter().filter_map(Message::carried);
        let texts = states.filter_map(|state| state.reasoning.as_deref());
        texts.map(str::len).sum()
    }
}
