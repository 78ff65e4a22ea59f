//! What an upstream wants back of the reply that a message was: carried beside its fields, and given
//! as one of them.

use std::sync::Arc;

use super::Message;
use crate::chat::carried::CarriedState;
use crate::chat::fields;

impl Message {
    /// The same with what its upstream wants back.
    pub fn carrying(mut self, state: Arc<CarriedState>) -> Message {
        self.carried = Some(state);
        self
    }

    /// The same, made of these messages, with what they carry.
    pub fn carrying_all(mut self, messages: &[Message]) -> Message {
        let states = messages
            .iter()
            .filter_map(|message| message.carried.clone());
        self.carried = states.reduce(|one, other| Arc::new(one.and(&other)));
        self
    }

    /// The same without it.
    pub fn without_carried(mut self) -> Message {
        self.carried = None;
        self
    }

    /// What its upstream wants back.
    pub fn carried(&self) -> Option<&CarriedState> {
        self.carried.as_deref()
    }

    /// Gives a field this JSON, in its place or at the end. It goes whatever the upstream takes
    /// beside it: its upstream asked for it.
    pub fn give(&mut self, name: &'static str, value: String) {
        if !fields::MESSAGE.contains(&name) {
            self.given = Some(name);
        }
        if self.field(name).is_none_or(|own| *own != value) {
            *self = self.clone().with_field(name, value);
        }
    }
}
