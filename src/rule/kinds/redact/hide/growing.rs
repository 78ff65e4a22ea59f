//! A text of a reply that still grows, plain or in JSON.

use std::ops::Range;

use crate::stream::json_text::{JsonLevel, JsonText};

/// A text under way, as it is read.
pub(super) enum GrowingText {
    Plain(String),
    Json(JsonText),
}

impl GrowingText {
    pub(super) fn push(&mut self, piece: &str) {
        match self {
            GrowingText::Plain(text) => text.push_str(piece),
            GrowingText::Json(text) => text.push(piece),
        }
    }

    pub(super) fn plain(&self) -> &str {
        match self {
            GrowingText::Plain(text) => text,
            GrowingText::Json(text) => text.plain(),
        }
    }

    /// How a part of it was written.
    pub(super) fn source(&self, range: Range<usize>) -> &str {
        match self {
            GrowingText::Plain(text) => text.get(range).unwrap_or(""),
            GrowingText::Json(text) => text.source(range),
        }
    }

    pub(super) fn level(&self, at: usize) -> JsonLevel {
        match self {
            GrowingText::Plain(_) => JsonLevel::Prose,
            GrowingText::Json(text) => text.level(at),
        }
    }

    pub(super) fn forget(&mut self, before: usize) {
        match self {
            GrowingText::Plain(text) => drop(text.drain(..before)),
            GrowingText::Json(text) => text.forget(before),
        }
    }

    /// Where the number begins in which a place lies, where it is one of JSON.
    pub(super) fn number_start(&self, at: usize) -> usize {
        let bytes = self.plain().as_bytes();
        let is_number = |place: &usize| {
            let place = *place - 1;
            self.level(place) == JsonLevel::Structure && is_of_number(bytes[place])
        };
        let before = (1..=at).rev().take_while(is_number).count();
        at - before
    }
}

/// Whether a byte may be one of a number of JSON.
pub(super) fn is_of_number(byte: u8) -> bool {
    byte.is_ascii_digit() || b"+-.eE".contains(&byte)
}
