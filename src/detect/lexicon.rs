//! What single words mean to the detectors, and a tree of the phrases they look for.
//!
//! The word lists are in `words.rs`, the phrases beside the detectors they speak of.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use super::answer::{self, Wording};
use super::name::{self, Surety};
use super::topics::{self, Topic};
use super::words::{self, COPULA, Gap, IN_GAP, Number};

// The keys are our own, so the hash need not withstand an attacker.
type Quick = BuildHasherDefault<Fnv>;

#[derive(Default)]
struct Fnv(u64);

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let word = chunk
                .iter()
                .fold(0u64, |word, byte| word << 8 | u64::from(*byte));
            self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
        }
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}

/// What is known of a word.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Entry {
    /// Its number, 0 for a word that no list has.
    pub(super) id: u16,
    /// The lists it stands in.
    pub(super) flags: u32,
    /// What it says in a spoken number.
    pub(super) number: Number,
}

/// All words and phrases.
pub(super) struct Lexicon {
    words: HashMap<&'static str, Entry, Quick>,
    /// Phrases that say what a number is.
    pub(super) topics: Phrases<Topic>,
    /// Phrases that stand inside a dictated number.
    pub(super) gaps: Phrases<Gap>,
    /// Phrases behind which a name stands.
    pub(super) names: Phrases<Surety>,
    /// Phrases that ask for something that is answered in words.
    pub(super) questions: Phrases<Wording>,
    /// The word `number`.
    pub(super) number: u16,
    /// The word `numbers`.
    pub(super) numbers: u16,
    /// The word `code`.
    pub(super) code: u16,
    /// The word `and`.
    pub(super) and: u16,
    /// Who does something: `i`, `we`, `you`, `they`.
    pub(super) pronouns: [u16; 4],
    /// The word `at`.
    pub(super) at: u16,
    digits: [u16; 10],
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::build);

impl Lexicon {
    /// The one lexicon, made at first use.
    pub(super) fn get() -> &'static Self {
        &LEXICON
    }

    /// What is known of a word, in any case.
    pub(super) fn entry(&self, word: &str) -> Entry {
        const LONGEST: usize = 20;
        let mut lower = [0u8; LONGEST];
        let Some(lower) = lower.get_mut(..word.len()) else {
            return Entry::default();
        };
        lower.copy_from_slice(word.as_bytes());
        lower.make_ascii_lowercase();
        let word = std::str::from_utf8(lower).unwrap_or("");
        if let Some(entry) = self.words.get(word) {
            return *entry;
        }
        // "My number's …" says that it is.
        let owner = word
            .strip_suffix("'s")
            .and_then(|owner| self.words.get(owner));
        owner
            .map(|entry| Entry {
                flags: entry.flags | COPULA,
                ..*entry
            })
            .unwrap_or_default()
    }

    /// The word number of a digit's word.
    pub(super) fn digit(&self, digit: u8) -> u16 {
        self.digits.get(usize::from(digit)).copied().unwrap_or(0)
    }

    fn build() -> Self {
        let mut lexicon = Self {
            words: HashMap::default(),
            topics: Phrases::default(),
            gaps: Phrases::default(),
            names: Phrases::default(),
            questions: Phrases::default(),
            number: 0,
            numbers: 0,
            and: 0,
            at: 0,
            pronouns: [0; 4],
            code: 0,
            digits: [0; 10],
        };
        for (flag, list) in words::LISTS {
            for word in list.split_whitespace() {
                lexicon.known(word).flags |= flag;
            }
        }
        for (number, word) in words::numbers() {
            let entry = lexicon.known(word);
            entry.number = number;
            let id = entry.id;
            if let Number::Unit(digit) = number
                && let Some(place) = lexicon.digits.get_mut(usize::from(digit))
                && *place == 0
            {
                *place = id;
            }
        }
        for (surety, list) in name::PHRASES {
            for phrase in list.split(',') {
                let ids: Vec<u16> = phrase
                    .split_whitespace()
                    .map(|word| lexicon.known(word).id)
                    .collect();
                lexicon.names.add(&ids, *surety);
            }
        }
        for (wording, list) in answer::QUESTIONS {
            for phrase in list.split(',') {
                let ids: Vec<u16> = phrase
                    .split_whitespace()
                    .map(|word| lexicon.known(word).id)
                    .collect();
                lexicon.questions.add(&ids, *wording);
            }
        }
        lexicon.number = lexicon.known("number").id;
        lexicon.numbers = lexicon.known("numbers").id;
        lexicon.code = lexicon.known("code").id;
        lexicon.and = lexicon.known("and").id;
        lexicon.pronouns = ["i", "we", "you", "they"].map(|word| lexicon.known(word).id);
        lexicon.at = lexicon.known("at").id;
        for (topic, list) in topics::phrases() {
            for phrase in list.split(',') {
                let ids: Vec<u16> = phrase
                    .split_whitespace()
                    .map(|word| lexicon.known(word).id)
                    .collect();
                lexicon.topics.add(&ids, topic);
            }
        }
        for (gap, list) in words::GAPS {
            for phrase in list.split(',') {
                let ids: Vec<u16> = phrase
                    .split_whitespace()
                    .map(|word| {
                        let entry = lexicon.known(word);
                        entry.flags |= IN_GAP;
                        entry.id
                    })
                    .collect();
                lexicon.gaps.add(&ids, *gap);
            }
        }
        lexicon
    }

    fn known(&mut self, word: &'static str) -> &mut Entry {
        let id = self.words.len() as u16 + 1;
        self.words.entry(word).or_insert(Entry {
            id,
            ..Entry::default()
        })
    }
}

/// Phrases as a tree of word numbers.
pub(super) struct Phrases<T> {
    // From a node by a word to the next node; the root is 0.
    steps: HashMap<(u32, u16), u32, Quick>,
    ends: Vec<Option<T>>,
    first_words: Vec<bool>,
}

impl<T> Default for Phrases<T> {
    fn default() -> Self {
        Self {
            steps: HashMap::default(),
            ends: vec![None],
            first_words: Vec::new(),
        }
    }
}

impl<T: Copy> Phrases<T> {
    fn add(&mut self, words: &[u16], meaning: T) {
        let Some(&first) = words.first() else { return };
        let first = usize::from(first);
        if self.first_words.len() <= first {
            self.first_words.resize(first + 1, false);
        }
        self.first_words[first] = true;
        let mut node = 0;
        for &word in words {
            let fresh = self.ends.len() as u32;
            node = *self.steps.entry((node, word)).or_insert(fresh);
            if node == fresh {
                self.ends.push(None);
            }
        }
        self.ends[node as usize] = Some(meaning);
    }

    /// The longest phrase that the words begin with: how many tokens it takes, and its meaning.
    /// Each item is a token's place and word number; 0 is a mark that may stand inside a phrase.
    pub(super) fn longest(&self, words: impl Iterator<Item = (usize, u16)>) -> Option<(usize, T)> {
        let mut words = words.peekable();
        let &(_, first) = words.peek()?;
        if !self
            .first_words
            .get(usize::from(first))
            .copied()
            .unwrap_or(false)
        {
            return None;
        }
        let mut node = 0;
        let mut longest = None;
        for (at, word) in words {
            if word == 0 {
                continue;
            }
            let Some(&next) = self.steps.get(&(node, word)) else {
                break;
            };
            node = next;
            if let Some(meaning) = self.ends[node as usize] {
                longest = Some((at, meaning));
            }
        }
        longest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_in_any_case() {
        let lexicon = Lexicon::get();
        assert_eq!(lexicon.entry("Seven").number, Number::Unit(7));
        assert_eq!(lexicon.entry("flabbergasted").id, 0);
        assert_eq!(lexicon.entry("averyveryverylongwordindeed").id, 0);
    }

    #[test]
    fn the_longest_phrase_wins() {
        let mut phrases = Phrases::default();
        phrases.add(&[1, 2], 'a');
        phrases.add(&[1, 2, 3], 'b');
        assert_eq!(
            phrases.longest([(0, 1), (1, 2), (2, 3)].into_iter()),
            Some((2, 'b'))
        );
        assert_eq!(
            phrases.longest([(0, 1), (1, 2), (2, 9)].into_iter()),
            Some((1, 'a'))
        );
        assert_eq!(phrases.longest([(0, 2)].into_iter()), None);
    }
}
