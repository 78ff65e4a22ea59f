//! What a rule does whatever the turn, as far as its table tells: for the warnings of `aside check`.
//!
//! It judges nothing.

use crate::lang::template::Template;

/// What a rule does in every turn. Fields are named as in its table.
#[derive(Debug, Default)]
pub struct Habits {
    /// The text that it writes into the request.
    pub writes: Option<Writes>,
    /// The paths of values that it prints as they are written.
    pub trusts: Vec<Vec<String>>,
    /// What it hides.
    pub hides: Option<Hides>,
    /// The regular expressions of its table, each with its field.
    pub patterns: Vec<(String, String)>,
    /// What may hold a reply back: the field, and a sentence's end that says how long.
    pub holds: Vec<(String, Held)>,
    /// The field for which it touches nothing at all.
    pub idle: Option<&'static str>,
}

/// A text that a rule writes.
#[derive(Debug)]
pub struct Writes {
    /// The text.
    pub text: Template,
    /// The field that holds it.
    pub field: &'static str,
    /// The field that puts it before what was said in earlier turns; none: behind all that.
    pub early: Option<&'static str>,
}

/// What a rule hides.
#[derive(Debug, Default)]
pub struct Hides {
    /// The paths of the values that are hidden wherever they stand.
    pub known: Vec<Vec<String>>,
    /// Whether it looks for private values by how they look.
    pub by_looks: bool,
}

/// How long a reply may be held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// A match may have so many bytes.
    Bytes(usize),
    /// Until a word or an address is over, however long.
    Word,
}
