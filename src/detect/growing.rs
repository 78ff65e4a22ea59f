//! A text that still grows, and what its finders say of it: how far back the values that they
//! would claim may still reach.
//!
//! It decides nothing; `boundary.rs` asks every finder and does.

use std::ops::Range;

use super::english::Topic;
use super::read::{LONGEST_GAP, Lexicon, Token, TokenReader, phrase_words};
use super::{Detector, Detectors};

/// How far back the values of a finder may still reach. A finder answers for values that are not
/// wanted too where they keep words from those that are.
pub(crate) struct ValueReach {
    /// Whether a value may begin before a token and end behind it.
    pub(crate) crosses: fn(&TextSoFar, usize) -> bool,
    /// Whether, from a token on, something stands behind which any words may be a value.
    pub(crate) is_begun: fn(&TextSoFar, usize) -> bool,
    /// The first byte of the words at the end that may yet become a value.
    pub(crate) begins: fn(&TextSoFar) -> usize,
}

/// Nothing crosses, is begun or begins.
pub(crate) const NOWHERE: ValueReach = ValueReach {
    crosses: |_, _| false,
    is_begun: |_, _| false,
    begins: |growing| growing.reader.text.len(),
};

/// The end of a text that still grows.
pub(crate) struct TextSoFar<'a> {
    /// Its tokens so far; the last may go on.
    pub(crate) reader: TokenReader<'a>,
    /// What is looked for.
    pub(crate) wanted: Detectors,
    /// Which tokens are part of a phrase that says what a number is.
    pub(crate) named: Vec<bool>,
}

impl<'a> TextSoFar<'a> {
    /// Whether a kind of value is looked for.
    pub(crate) fn wants(&self, detector: Detector) -> bool {
        self.wanted.contains(detector)
    }

    /// Whether nothing is looked for but some kinds.
    pub(crate) fn wants_only(&self, detectors: &[Detector]) -> bool {
        Detector::ALL
            .iter()
            .all(|one| detectors.contains(one) || !self.wants(*one))
    }

    /// The last tokens, behind whose phrases a value may still begin or go on.
    pub(crate) fn last_tokens(&self) -> Range<usize> {
        const REACH: usize = 12;
        let end = self.reader.tokens.len();
        end.saturating_sub(REACH)..end
    }

    /// Whether a phrase near the end speaks of a value that is wanted and may be any words.
    pub(crate) fn awaits(&self, value_of: impl Fn(Topic) -> Option<Detector>) -> bool {
        let topics = &Lexicon::get().topics;
        self.last_tokens().any(|at| {
            let phrase = topics.longest(phrase_words(self.reader.tokens, at));
            let value = phrase.and_then(|(_, topic)| value_of(topic));
            value.is_some_and(|detector| self.wants(detector))
        })
    }

    /// Whether a token is part of a phrase.
    pub(crate) fn is_named(&self, at: usize) -> bool {
        self.named.get(at).copied().unwrap_or(false)
    }

    /// The tokens before one that may be of the same number.
    pub(crate) fn before(&self, at: usize) -> Range<usize> {
        at.saturating_sub(LONGEST_GAP)..at
    }

    /// The last token before one that says a number, if it is near.
    pub(crate) fn number_before(&self, at: usize) -> Option<usize> {
        self.before(at)
            .rev()
            .find(|before| self.reader.says_number(*before))
    }

    /// Whether a token stands at a place and goes on no longer.
    pub(crate) fn is_whole(&self, at: usize) -> bool {
        let end = self.reader.text.len();
        self.reader.token(at).is_some_and(|token| token.end < end)
    }

    /// The first byte of what stands behind the last blank.
    pub(crate) fn under_way(&self) -> usize {
        let bytes = self.reader.text.bytes().rev();
        self.reader.text.len() - bytes.take_while(|byte| !byte.is_ascii_whitespace()).count()
    }

    /// What stands behind the last blank.
    pub(crate) fn begun(&self) -> &'a str {
        self.reader.text.get(self.under_way()..).unwrap_or("")
    }

    /// How many tokens stand before the last blank.
    pub(crate) fn whole_tokens(&self) -> usize {
        let under_way = self.under_way();
        let tokens: &[Token] = self.reader.tokens;
        tokens.partition_point(|token| token.end <= under_way)
    }

    /// Where what is under way begins, if it may be a value of one of some kinds.
    pub(crate) fn formed(&self, detectors: &[Detector]) -> usize {
        let is_wanted = detectors.iter().any(|detector| self.wants(*detector));
        if is_wanted {
            self.under_way()
        } else {
            self.reader.text.len()
        }
    }
}
