//! Messages in a stream: each tells all that was said so far, by deltas too, or a piece of it.
//!
//! Nothing is said twice, and no word is lost: what does not go on from what was said is a piece.

use std::collections::HashMap;

use super::told_calls::ToldCalls;
use super::told_text::ToldText;
use crate::chat::chunk::object::WireObject;
use crate::chat::chunk::{Choice, FIELDS, TextField};
use crate::chat::json;

/// Beyond so many bytes of what was said a piece is taken as it is.
const LONGEST: usize = 1 << 20;

/// What a stream has told.
#[derive(Debug, Default)]
pub(super) struct Messages {
    texts: HashMap<(u64, TextField), ToldText>,
    calls: HashMap<u64, ToldCalls>,
    bytes: usize,
}

impl Messages {
    /// Takes a text that goes to the client.
    pub(super) fn note_text(&mut self, choice: u64, field: TextField, text: &str) {
        if self.bytes < LONGEST && !text.is_empty() {
            self.bytes += text.len();
            self.texts.entry((choice, field)).or_default().note(text);
        }
    }

    /// Takes the calls of a choice that go to the client.
    pub(super) fn note_calls(&mut self, data: &str, choice: &Choice) {
        for call in &choice.calls {
            if self.bytes < LONGEST {
                let told = self.calls.entry(choice.index).or_default();
                self.bytes += told.note(data, call);
            }
        }
    }

    /// Whether a choice has calls.
    pub(super) fn has_calls(&self, choice: u64) -> bool {
        self.calls.contains_key(&choice)
    }

    /// What a message of a choice tells that is new. `is_last`: the choice ends with it.
    pub(super) fn news(&mut self, choice: u64, message: &str, is_last: bool) -> String {
        let Some(message) = WireObject::read(message) else {
            return "{}".to_owned();
        };
        let mut out = super::WrittenJson::default();
        for (key, value) in message.entries() {
            let written = value.get();
            let field = FIELDS.iter().find(|(_, name)| *name == key);
            match (field, json::decode(written)) {
                (Some((field, _)), Some(text)) => {
                    let new = self.new_text(choice, *field, &text, is_last);
                    out.add(key, &json::encode(&new));
                }
                _ => match self.calls.get(&choice) {
                    Some(told) => {
                        if let Some(new) = told.news(key, value) {
                            out.add(key, &new);
                        }
                    }
                    None => out.add(key, written),
                },
            }
        }
        out.object()
    }

    fn new_text(&mut self, choice: u64, field: TextField, text: &str, is_last: bool) -> String {
        if self.bytes >= LONGEST {
            return text.to_owned();
        }
        let told = self.texts.entry((choice, field)).or_default();
        told.news(text, is_last)
    }
}
