//! What is known of one turn while its rules run.

use std::cell::Cell;
use std::rc::Rc;

use super::Vault;
use crate::text::facts::Facts;

/// One turn. It dies with its reply; nothing of it is kept.
#[derive(Debug, Default)]
pub struct Turn {
    /// What conditions and templates speak of.
    pub facts: Facts,
    /// The private values of this turn and their placeholders.
    pub vault: Rc<Vault>,
    /// Whether something that looks like a placeholder was escaped in the request.
    pub has_escapes: bool,
    /// The labels of the placeholders that its rules give out, once its reply begins.
    pub labels: Rc<[String]>,
    /// Whether the model was asked to answer in JSON.
    pub wants_json: bool,
    /// What is to be said of what the turn waited for.
    pub notes: Vec<Note>,
    /// How many more bytes rules may inject into the request; none: as many as they like.
    pub injected_left: Option<usize>,
    /// How many placeholders the caller heard as `unknown` so far.
    pub unknown: Rc<Cell<u32>>,
}

/// Why what a rule speaks of is old or missing. Never holds a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// `context`, or the name of a fetch as in `fetch.crm`.
    pub about: String,
    /// A sentence for people.
    pub text: String,
}

impl Turn {
    /// A turn of which these facts are known.
    pub fn new(facts: Facts) -> Turn {
        Turn {
            facts,
            ..Turn::default()
        }
    }
}
