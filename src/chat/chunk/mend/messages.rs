//! Streams whose pieces have a `message` and no `delta`: each tells all that was said so far, or a
//! piece of it.
//!
//! Nothing is said twice, and no word is lost: what does not go on from what was said is a piece.

use std::collections::HashMap;

use crate::chat::chunk::object::WireObject;
use crate::chat::json;

/// Beyond so many bytes of what was said a piece is taken as it is.
const LONGEST: usize = 1 << 20;
/// The texts of a message.
const TEXTS: [&str; 4] = ["content", "refusal", "reasoning", "reasoning_content"];

/// What the messages of a stream have told.
#[derive(Debug, Default)]
pub(super) struct Messages {
    told: HashMap<(u64, &'static str), String>,
    /// Whether pieces are all that the messages tell.
    are_pieces: bool,
    bytes: usize,
}

impl Messages {
    /// What a message of a choice tells that is new. `is_last`: the choice ends with it.
    pub(super) fn news(&mut self, choice: u64, message: &str, is_last: bool) -> String {
        let Some(message) = WireObject::read(message) else {
            return "{}".to_owned();
        };
        let mut out = super::WrittenJson::default();
        for (key, value) in message.entries() {
            let written = value.get();
            let text = TEXTS.iter().find(|text| **text == key);
            match (text, json::decode(written)) {
                (Some(field), Some(text)) => {
                    let new = self.new_text(choice, field, &text, is_last);
                    out.add(key, &json::encode(&new));
                }
                // Told again in each piece.
                _ if key == "tool_calls" && self.is_known(choice, written) => {}
                _ => out.add(key, written),
            }
        }
        out.object()
    }

    fn new_text(&mut self, choice: u64, field: &'static str, text: &str, is_last: bool) -> String {
        let told = self.told.entry((choice, field)).or_default();
        // The same again is a word said twice, but at the end, where all is told once more.
        let goes_on = text.len() > told.len() || (is_last && text.len() == told.len());
        let tells_all = !self.are_pieces || (is_last && !told.is_empty());
        let new = match text.strip_prefix(&**told).filter(|_| goes_on && tells_all) {
            Some(new) => new,
            None => {
                self.are_pieces |= !told.is_empty() && !text.is_empty();
                text
            }
        };
        if self.bytes < LONGEST {
            self.bytes += new.len();
            told.push_str(new);
        }
        new.to_owned()
    }

    fn is_known(&mut self, choice: u64, calls: &str) -> bool {
        let told = self.told.entry((choice, "tool_calls")).or_default();
        let is_known = told == calls;
        if self.bytes < LONGEST && !is_known {
            self.bytes += calls.len();
            calls.clone_into(told);
        }
        is_known
    }
}
