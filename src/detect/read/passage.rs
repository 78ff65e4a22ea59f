//! A passage: what one speaker says in one go, with what was asked for before it.

use std::ops::Range;

use super::cue::Cue;
use super::reader::TokenReader;
use super::said_digits::SaidDigits;
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
    /// The digits of the reference that was told before it, where it may say them again.
    pub(crate) reference: Option<SaidDigits>,
    /// Whether a time or a count was asked for before it, and nothing else.
    pub(crate) asks_time: bool,
    /// Whether it may only put right what was told.
    pub(crate) puts_right: bool,
    /// Whether all of it is numbers and what one says around them, or puts right.
    pub(crate) is_bare: bool,
}

impl<'a> SpokenPassage<'a> {
    /// Some tokens of a text, before which nothing was asked for.
    pub(crate) fn unasked(reader: TokenReader<'a>, range: Range<usize>, cues: &'a [Cue]) -> Self {
        Self {
            text: reader.text,
            tokens: reader.tokens,
            first: range.start,
            end: range.end,
            cues,
            asked: None,
            also: [None; 2],
            reference: None,
            asks_time: false,
            puts_right: false,
            is_bare: false,
        }
    }

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

    /// Whether digits may be of a reference that was asked for, or are of the one that was told:
    /// what else is said behind it is of something else.
    pub(crate) fn says_reference(&self, digits: &str) -> bool {
        let is_asked = self.asked == Some(Topic::Reference);
        is_asked && self.reference.is_none_or(|told| told.are_said_by(digits))
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
