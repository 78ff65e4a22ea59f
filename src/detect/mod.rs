//! Finders of private values: one file a detector, and what they share.
//!
//! A scan is a pure function of its arguments, linear in the text, and never panics. What it
//! must remember from one message to the next is in [`Cues`], nothing else.

mod boundary;
mod card;
mod cues;
mod digits;
mod email;
mod iban;
mod ip;
mod kind;
mod phone;
mod resolve;
mod ssn;
mod view;

pub use boundary::decided_until;
pub use cues::Cues;
pub use kind::{Detector, Detectors};
pub use phone::region_of;
pub use resolve::scan;

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

/// What was found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// The private values, in order, never overlapping.
    pub findings: Vec<Finding>,
    /// What stands before the next text.
    pub after: Cues,
}
