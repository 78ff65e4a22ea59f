//! English as callers speak it and as speech recognisers write it, as data: words and phrases
//! with what they mean to the detectors.
//!
//! There is no logic here and no other language; `read/lexicon.rs` makes all of it quick to find.

mod asking;
mod brands;
mod cases;
mod class;
mod gaps;
mod harmless;
mod keys;
mod names;
mod numbers;
mod places;
mod questions;
mod spelling;
mod topics;

pub(super) use asking::{ASKING, AskingRole};
pub(super) use brands::BRANDS;
pub(super) use cases::{CASES, LOOKED_UP, PUBLIC_CODES};
pub(super) use class::{APART, CLASSES, Class};
pub(super) use gaps::{GAPS, Gap};
pub(super) use harmless::{CURRENCIES, CURRENCY_SIGNS, HARMLESS, VERSIONS};
pub(super) use keys::{NO_VALUES, RECORD_KEYS, RecordKey};
pub(super) use names::{
    AT_HOME, NAMED, NAMED_BEFORE, NameFrame, PEOPLE, PERSONA_GIVEN, PERSONA_OPENED, PERSONA_ROLES,
    Surety,
};
pub(super) use numbers::{FEASTS, LETTERS, NUMBERS, NumberWord, begins_number};
pub(crate) use places::NAMED_HOUSES;
pub(super) use places::{PLACES, TWO_WORD_TOWNS};
pub(super) use questions::{QUESTIONS, WORDINGS, Wording, Wordings};
pub(super) use spelling::{HINTS, SpellingHint};
pub(super) use topics::{PRIVATE, Topic};

/// What is said, meaning by meaning: phrases are parted by commas, single words by blanks.
pub(super) type Meanings<T> = [(T, &'static str)];

/// The phrases of a list, each with its meaning.
pub(super) fn phrases<T: Copy>(list: &Meanings<T>) -> impl Iterator<Item = (T, &'static str)> {
    list.iter()
        .flat_map(|(meaning, phrases)| phrases.split(", ").map(|phrase| (*meaning, phrase)))
}

/// The words of a list, each with its meaning.
pub(super) fn words<T: Copy>(list: &Meanings<T>) -> impl Iterator<Item = (T, &'static str)> {
    list.iter()
        .flat_map(|(meaning, words)| words.split(' ').map(|word| (*meaning, word)))
}

#[cfg(test)]
mod tests;
