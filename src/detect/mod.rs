//! Finders of private values, on floors: `english/` is words as data, `read/` makes tokens,
//! numbers, codes and dates of a text, `number/` and `value/` say what is private, `dialogue/` is
//! what one message leaves for the next, and `scan.rs` puts it together.
//!
//! A scan is a pure function of its arguments, linear in the text, and never panics. What it
//! must remember from one message to the next is in [`Cues`], nothing else.

mod boundary;
mod claims;
mod dialogue;
mod english;
mod foreign;
mod growing;
mod hearing;
mod kind;
mod number;
mod people;
mod placeholders;
mod read;
mod record;
mod scan;
#[cfg(test)]
mod testing;
mod themes;
mod value;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

pub use boundary::decided_until;
pub use dialogue::Cues;
pub use kind::{Detector, Detectors};
pub use number::region_of;
pub use read::{SaidSigns, SignWord, View};
pub use scan::{numbers, scan, scan_with_names};

/// Whether a word is a word of the language, a place or a brand, be it a name as well or not.
pub fn is_common_word(word: &str) -> bool {
    people::NameSense::of(word).is_something_else()
}

/// Who says a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Speaker {
    /// The person on the phone.
    Caller,
    /// The model.
    Assistant,
    /// A system or developer message, a tool's result, the arguments of a tool call.
    Other,
}

/// A private value in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its first byte.
    pub start: usize,
    /// The byte behind it.
    pub end: usize,
    /// What kind of value it is.
    pub detector: Detector,
    /// The value in the one form that all its spellings have.
    pub value: String,
}

/// Says where names may stand in a text, by other means than a table; it is handed in.
pub trait NameFinder: fmt::Debug + Send + Sync {
    /// What tells it from one that finds others.
    fn version(&self) -> &str;

    /// The words of names, in bytes, in order. `has_enough` ends the work before all is read; then,
    /// or where it fails, there is no answer.
    fn names(&self, text: &str, has_enough: &dyn Fn() -> bool) -> Option<Vec<Range<usize>>>;
}

/// One that is shared by all rules.
pub type SharedNameFinder = Arc<dyn NameFinder>;

/// What was found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scanned {
    /// The private values, in order, never overlapping.
    pub findings: Vec<Finding>,
    /// What stands before the next text.
    pub after: Cues,
}

#[cfg(test)]
mod tests;
