//! What is said in other words: pronunciations of a table, and numbers.
//!
//! It leaves tags for voices, what stands in brackets and placeholders as they are, and looks at
//! nothing that it said itself.

use std::sync::Arc;

use super::numbers;
use crate::stream::sweep::{Glimpse, Sweeper, Swept};
use crate::stream::voice_tag;

/// How words of a table are said, the longest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Pronunciations(Vec<Pronunciation>);

#[derive(Debug, Clone)]
struct Pronunciation {
    /// In small letters.
    word: String,
    said: String,
    /// Whether a letter or digit begins it, and ends it: none may stand beside that.
    is_word: (bool, bool),
}

/// Says words and numbers in other words.
#[derive(Debug, Clone)]
pub(super) struct InOtherWords {
    words: Pronunciations,
    has_numbers: bool,
    starts: Box<[bool; 256]>,
}

impl Pronunciations {
    pub(super) fn new<'t>(table: impl Iterator<Item = (&'t str, &'t str)>) -> Pronunciations {
        let is_of_word = |sign: Option<char>| sign.is_some_and(char::is_alphanumeric);
        let pronunciation = |(word, said): (&str, &str)| Pronunciation {
            word: word.to_lowercase(),
            said: said.to_owned(),
            is_word: (
                is_of_word(word.chars().next()),
                is_of_word(word.chars().next_back()),
            ),
        };
        let mut all: Vec<Pronunciation> = table.map(pronunciation).collect();
        all.sort_by_key(|one| std::cmp::Reverse(one.word.len()));
        Pronunciations(all)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn look(&self, here: &Glimpse<'_>) -> Option<Swept> {
        let is_of_word = |sign: char| sign.is_alphanumeric() || sign == '_';
        let is_within = here.last().is_some_and(is_of_word);
        let first = here.letter(0)?;
        if is_within && first.is_alphanumeric() {
            return None;
        }
        self.0.iter().find_map(|one| {
            if one.is_word.0 && is_within {
                return None;
            }
            let len = one.len(here)?;
            let is_apart = !one.is_word.1 || here.is_apart(len);
            is_apart.then(|| Swept::Said(len, one.said.clone()))
        })
    }
}

impl Pronunciation {
    /// How many bytes it has where it stands here, in any case.
    fn len(&self, here: &Glimpse<'_>) -> Option<usize> {
        let mut len = 0;
        let mut rest = self.word.chars();
        while let Some(wanted) = rest.next() {
            let found = here.letter(len)?;
            let mut small = found.to_lowercase();
            if small.next() != Some(wanted) || small.any(|more| rest.next() != Some(more)) {
                return None;
            }
            len += found.len_utf8();
        }
        Some(len)
    }
}

impl InOtherWords {
    pub(super) fn new(words: Pronunciations, has_numbers: bool) -> InOtherWords {
        let mut starts = Box::new([false; 256]);
        let mut add = |bytes: &[u8]| {
            bytes
                .iter()
                .for_each(|byte| starts[usize::from(*byte)] = true)
        };
        add(b"<[");
        if has_numbers {
            add(numbers::STARTS);
        }
        let mut letter = [0; 4];
        for first in words.0.iter().filter_map(|one| one.word.chars().next()) {
            for first in std::iter::once(first).chain(first.to_uppercase()) {
                add(&first.encode_utf8(&mut letter).as_bytes()[..1]);
            }
        }
        InOtherWords {
            words,
            has_numbers,
            starts,
        }
    }
}

impl Sweeper for Arc<InOtherWords> {
    type State = ();

    fn may_begin(&self, (): (), byte: u8) -> bool {
        self.starts[usize::from(byte)]
    }

    fn look(&self, here: &Glimpse<'_>, (): &mut ()) -> Swept {
        let whole = match here.byte(0) {
            Some(b'<') => voice_tag::tag(here),
            Some(b'[') => voice_tag::bracketed(here),
            _ => None,
        };
        if let Some(len) = whole {
            return Swept::Whole(len);
        }
        let number = || self.has_numbers.then(|| numbers::look(here)).flatten();
        self.words
            .look(here)
            .or_else(number)
            .unwrap_or(Swept::Nothing)
    }
}
