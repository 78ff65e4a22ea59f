//! A passage: what one speaker says in one go, with what was asked for before it.

use std::ops::Range;

use super::cue::Cue;
use super::lexicon::Lexicon;
use super::reader::TokenReader;
use super::said_digits::SaidDigits;
use super::token::Token;
use crate::detect::english::{Class, Topic};

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

    /// Whether a phrase, or where there is none what was asked for, is of an affair or goods of one
    /// customer: "order", "tracking number", "s n".
    pub(crate) fn is_of_issued(&self, cue: Option<usize>) -> bool {
        let Some(cue) = cue.and_then(|cue| self.cues.get(cue)) else {
            // What was told in the open is said again.
            return self.reference.is_none();
        };
        // "Enquiry number": the phrase is the last word.
        let first = cue.first.saturating_sub(1).max(self.first);
        let own = self.tokens.get(first..cue.end).unwrap_or(&[]);
        let letters = self.tokens.get(cue.first..cue.end).unwrap_or(&[]);
        // "The meter's got …".
        let is_issued = |token: &Token| {
            let owner = token.of(self.text).strip_suffix("'s");
            let own = owner.map(|owner| Lexicon::get().entry(owner).classes);
            own.unwrap_or(token.entry.classes).contains(Class::ISSUED)
        };
        // "Global entry number": of a name that no thing has.
        let is_number = || match own {
            [name, number] => {
                let is_name = name.is_word() && !name.has(Class::NUMBERED | Class::CLOSED);
                letters.len() == 1 && number.entry.id == Lexicon::get().number && is_name
            }
            _ => false,
        };
        own.iter().any(is_issued) || letters.iter().all(Token::is_letter) || is_number()
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
