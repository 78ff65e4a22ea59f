//! A passage while the finders are asked one after the other: what they share.
//!
//! A finder claims what is its own and leaves the rest; it keeps nothing between two passages.

use std::ops::Range;

use super::claims::Claims;
use super::english::{Class, Topic, Wordings};
use super::read::{GivenDigits, SpokenPassage, TokenReader};
use super::themes::ThemesHere;
use super::{Detector, Detectors, Speaker};

/// A passage that is searched.
pub(crate) struct Hearing<'h, 'a> {
    /// The passage.
    pub(crate) passage: SpokenPassage<'a>,
    /// Who says it.
    pub(crate) speaker: Speaker,
    /// What the talk is of.
    pub(crate) themes: ThemesHere,
    /// The caller's region.
    pub(crate) region: &'h str,
    /// What is looked for. Other values are claimed all the same where they are told from ours.
    pub(crate) wanted: Detectors,
    /// The words that are claimed so far.
    pub(crate) claims: &'h mut Claims<'a>,
    /// Which of the passage's phrases have had their value.
    pub(crate) used: Vec<bool>,
    /// The digits that were given, by topic.
    pub(crate) given: Vec<GivenDigits>,
    /// What is asked for and answered in words; behind the finders, what still is.
    pub(crate) words: Wordings,
    /// What was told in words before it, and may be said again or put right.
    pub(crate) told: Wordings,
    /// The topic that was named last without its number.
    pub(crate) open: Option<Topic>,
    /// What the assistant is called.
    pub(crate) own_name: OwnName,
}

/// What an assistant says that it is called, as a number of the word; 0 where it did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct OwnName(u32);

impl OwnName {
    /// The one that a word is.
    pub(crate) fn of(word: &str) -> Self {
        const PRIME: u32 = 16_777_619;
        let letters = word.bytes().map(|letter| letter.to_ascii_lowercase());
        Self(letters.fold(2_166_136_261, |all, letter| {
            (all ^ u32::from(letter)).wrapping_mul(PRIME)
        }))
    }

    /// Whether a word is it.
    pub(crate) fn is(self, word: &str) -> bool {
        self != Self::default() && self == Self::of(word)
    }
}

impl Hearing<'_, '_> {
    /// Claims what is written, each with the one form of all its spellings.
    pub(crate) fn claim_written(
        &mut self,
        detector: Detector,
        written: fn(&str) -> Vec<Range<usize>>,
        canonical: fn(&str) -> String,
    ) {
        for range in written(self.passage.text) {
            let value = canonical(&self.passage.text[range.clone()]);
            self.claims.claim_bytes(range, detector, value);
        }
    }
}

/// Whether a number is asked back: "sorry did you say number 20?", "was that fourteen?".
pub(crate) fn asks_back_number(reader: TokenReader) -> bool {
    const MOST: usize = 10;
    const BACK: [(&str, &str); 7] = [
        ("you", "say"),
        ("was", "that"),
        ("is", "that"),
        ("you", "said"),
        ("was", "it"),
        ("is", "it"),
        ("heard", "number"),
    ];
    let said = reader.floor..reader.tokens.len();
    let is_back = |at: usize| {
        let mut back = BACK.iter();
        back.any(|(first, second)| reader.says(at, first) && reader.says(at + 1, second))
    };
    // "Is it 2 adults?"
    let is_counted = |at: usize| {
        let next = reader.token(at);
        next.is_some_and(|next| next.has(Class::UNIT) && !next.has(Class::COPULA))
    };
    let is_number = |at: usize| reader.says_digits(at) && !is_counted(at + 1);
    said.len() <= MOST && said.clone().any(is_back) && said.into_iter().any(is_number)
}
