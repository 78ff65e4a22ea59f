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
    /// What was asked for with it.
    pub(crate) also: [Option<Topic>; 2],
    /// Whether all of it is numbers and what one says around them, or puts right.
    pub(crate) is_bare: bool,
}

impl<'a> SpokenPassage<'a> {
    /// Whether something was asked for before it, be it with something else.
    pub(crate) fn asks(&self, topic: Topic) -> bool {
        self.asked_topics().any(|asked| asked == topic)
    }

    /// All that was asked for before it.
    pub(crate) fn asked_topics(&self) -> impl Iterator<Item = Topic> + use<> {
        self.asked
            .into_iter()
            .chain(self.also.into_iter().flatten())
    }

    /// Reads the passage and what stands before it.
    pub(crate) fn reader(&self) -> TokenReader<'a> {
        TokenReader {
            text: self.text,
            tokens: self.tokens.get(..self.end).unwrap_or(self.tokens),
            floor: self.first,
        }
    }
}
