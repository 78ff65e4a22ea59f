//! Finders of private values: one file a detector, and what they share.
//!
//! A scan is a pure function of its arguments, linear in the text, and never panics. What it
//! must remember from one message to the next is in [`Cues`], nothing else.

mod account;
mod address;
mod answer;
mod atom;
mod birthdate;
mod boundary;
mod card;
mod claims;
mod code;
mod cues;
mod cvv;
mod date;
mod digits;
mod edges;
mod email;
mod fragment;
mod gap;
mod govern;
mod harmless;
mod iban;
mod id;
mod ip;
mod judge;
mod key;
mod kind;
mod lexicon;
mod mailbox;
mod name;
mod numbers;
mod phone;
mod pin;
mod repair;
mod resolve;
mod secret;
mod site;
mod split;
mod spoken;
mod ssn;
#[cfg(test)]
mod testing;
mod tokens;
mod topics;
mod url;
mod view;
mod words;
mod zip;

pub use boundary::decided_until;
pub use cues::Cues;
pub use kind::{Detector, Detectors};
pub use phone::region_of;
pub use resolve::{numbers, scan};
pub use view::View;

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
