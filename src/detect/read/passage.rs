//! A passage: what one speaker says in one go, with what was asked for before it.

use super::cue::Cue;
use super::reader::TokenReader;
use super::token::Token;
use crate::detect::english::Topic;

/// A topic, and how many digits were given for it.
pub(crate) type GivenDigits = (Topic, usize);

/// A passage of one speaker.
pub(crate) struct SpokenPassage<'a> {
    /// The whole text.
    pub(crate) text: &'a str,
    /// All tokens of the text.
    pub(crate) tokens: &'a [Token],
    /// Its first token.
    pub(crate) first: usize,
    /// The token behind it.
    pub(crate) end: usize,
    /// The phrases in it.
    pub(crate) cues: &'a [Cue],
    /// What was asked for before it.
    pub(crate) asked: Option<Topic>,
    /// Whether all of it is numbers and what one says around them.
    pub(crate) is_bare: bool,
}

impl<'a> SpokenPassage<'a> {
    /// Reads the passage and what stands before it.
    pub(crate) fn reader(&self) -> TokenReader<'a> {
        TokenReader {
            text: self.text,
            tokens: self.tokens.get(..self.end).unwrap_or(self.tokens),
            floor: self.first,
        }
    }
}
