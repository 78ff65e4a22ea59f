//! What single words mean to the detectors, and the trees of the phrases they look for.
//!
//! It says nothing of its own: the words are in `english/` and `foreign.rs`.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use super::phrases::PhraseTree;
use crate::detect::english::{
    self, AskingRole, Class, Gap, Meanings, NameFrame, NumberWord, SpellingHint, Surety, Topic,
    Wording,
};
use crate::detect::foreign;

/// What is known of a word.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct WordEntry {
    /// Its number, 0 for a word that no list has.
    pub(crate) id: u16,
    /// What it says in a spoken number.
    pub(crate) number: NumberWord,
    /// The classes it is in.
    pub(crate) classes: Class,
    /// What it does where somebody asks.
    pub(crate) asking: AskingRole,
}

/// All words and phrases.
pub(crate) struct Lexicon {
    // The keys are our own, so the hash need not withstand an attacker.
    words: HashMap<&'static str, WordEntry, FixedState>,
    /// Phrases that say what a number is.
    pub(crate) topics: PhraseTree<Topic>,
    /// Phrases that stand inside a dictated number.
    pub(crate) gaps: PhraseTree<Gap>,
    /// Phrases behind which a name stands.
    pub(crate) names: PhraseTree<NameFrame>,
    /// Phrases before which a name stands.
    pub(crate) behind_names: PhraseTree<NameFrame>,
    /// Phrases that ask for something that is answered in words.
    pub(crate) questions: PhraseTree<Wording>,
    /// Phrases that say how an address is spelled.
    pub(crate) hints: PhraseTree<SpellingHint>,
    /// Phrases behind which an address stands.
    pub(crate) at_home: PhraseTree<Surety>,
    /// The word `number`.
    pub(crate) number: u16,
    /// The word `numbers`.
    pub(crate) numbers: u16,
    /// The word `code`.
    pub(crate) code: u16,
    /// The word `id`.
    pub(crate) id: u16,
    /// The word `and`.
    pub(crate) and: u16,
    /// The word `sort`.
    pub(crate) sort: u16,
    /// Whose something is: `my`, `your`, `his`, `her`, `our`, `their`.
    pub(crate) owners: [u16; 6],
    /// Who does something: `i`, `we`, `you`, `they`.
    pub(crate) pronouns: [u16; 4],
    /// The word `at`.
    pub(crate) at: u16,
    /// Behind what has an end that one says: `ends`, `ended`, `finishes`.
    pub(crate) ends: [u16; 3],
    digits: [u16; 10],
}

// Not handed in: it is a table of constants, only too large for the compiler to make, and every
// scan of every call reads the same one.
static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::build);

impl Lexicon {
    /// The one lexicon, made at first use.
    pub(crate) fn get() -> &'static Self {
        &LEXICON
    }

    /// What is known of a word, in any case.
    pub(crate) fn entry(&self, word: &str) -> WordEntry {
        const LONGEST: usize = 20;
        let mut lower = [0u8; LONGEST];
        let Some(lower) = lower.get_mut(..word.len()) else {
            return WordEntry::default();
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
            .and_then(|owner| self.words.get(owner))
            .filter(|owner| owner.id != 0);
        owner
            .map(|owner| WordEntry {
                classes: owner.classes.difference(apart()) | Class::COPULA,
                ..*owner
            })
            .unwrap_or_default()
    }

    /// The word number of a digit's word.
    pub(crate) fn digit(&self, digit: u8) -> u16 {
        self.digits.get(usize::from(digit)).copied().unwrap_or(0)
    }

    fn build() -> Self {
        let mut words = GatheredWords::default();
        for (class, word) in english::words(english::CLASSES) {
            words.known(word).classes |= class;
        }
        let digits = words.numbers();
        let topics = [english::PRIVATE, english::HARMLESS, foreign::PRIVATE];
        let gaps = words.tree([english::GAPS]);
        for word in english::phrases(english::GAPS).flat_map(|(_, phrase)| phrase.split(' ')) {
            words.known(word).classes |= Class::IN_GAP;
        }
        Self {
            topics: words.tree(topics),
            gaps,
            names: words.tree([english::NAMED]),
            behind_names: words.tree([english::NAMED_BEFORE]),
            questions: words.tree([english::QUESTIONS]),
            hints: words.tree([english::HINTS]),
            at_home: words.tree([english::AT_HOME]),
            number: words.known("number").id,
            numbers: words.known("numbers").id,
            code: words.known("code").id,
            id: words.known("id").id,
            and: words.known("and").id,
            sort: words.known("sort").id,
            owners: ["my", "your", "his", "her", "our", "their"].map(|word| words.known(word).id),
            pronouns: ["i", "we", "you", "they"].map(|word| words.known(word).id),
            at: words.known("at").id,
            ends: ["ends", "ended", "finishes"].map(|word| words.known(word).id),
            digits,
            words: words.with_apart(),
        }
    }
}

// The lists of words that count as unknown elsewhere.
const APART: [&Meanings<Class>; 4] = [
    english::APART,
    english::PLACES,
    english::CASES,
    foreign::STREETS,
];

// Their classes.
fn apart() -> Class {
    APART
        .into_iter()
        .flatten()
        .fold(Class::empty(), |all, (class, _)| all | *class)
}

/// The words while they are gathered.
#[derive(Default)]
struct GatheredWords {
    entries: HashMap<&'static str, WordEntry, FixedState>,
}

impl GatheredWords {
    fn known(&mut self, word: &'static str) -> &mut WordEntry {
        let id = self.entries.len() as u16 + 1;
        self.entries.entry(word).or_insert(WordEntry {
            id,
            ..WordEntry::default()
        })
    }

    // The words of numbers; the usual words of the digits are given back.
    fn numbers(&mut self) -> [u16; 10] {
        let mut digits = [0; 10];
        for (number, word) in english::words(english::NUMBERS) {
            let entry = self.known(word);
            entry.number = number;
            if let NumberWord::Unit(digit) = number
                && let Some(place) = digits.get_mut(usize::from(digit))
                && *place == 0
            {
                *place = entry.id;
            }
        }
        digits
    }

    fn tree<T: Copy, const N: usize>(&mut self, lists: [&Meanings<T>; N]) -> PhraseTree<T> {
        let mut tree = PhraseTree::default();
        for (meaning, phrase) in lists.into_iter().flat_map(english::phrases) {
            let ids: Vec<u16> = phrase.split(' ').map(|word| self.known(word).id).collect();
            tree.add(&ids, meaning);
        }
        tree
    }

    // With the words that count as unknown: they have no number.
    fn with_apart(mut self) -> HashMap<&'static str, WordEntry, FixedState> {
        for (asking, word) in english::words(english::ASKING) {
            self.entries.entry(word).or_default().asking |= asking;
        }
        for (class, word) in APART.into_iter().flat_map(english::words) {
            self.entries.entry(word).or_default().classes |= class;
        }
        self.entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_in_any_case() {
        let lexicon = Lexicon::get();
        assert_eq!(lexicon.entry("Seven").number, NumberWord::Unit(7));
        assert_eq!(lexicon.entry("flabbergasted").id, 0);
        assert_eq!(lexicon.entry("averyveryverylongwordindeed").id, 0);
    }

    #[test]
    fn a_word_of_one_place_is_unknown_elsewhere() {
        let lexicon = Lexicon::get();
        let vegan = lexicon.entry("Vegan");
        assert_eq!((vegan.id, vegan.classes), (0, Class::NO_NAME));
        let owner = lexicon.entry("vegan's");
        assert_eq!((owner.id, owner.classes), (0, Class::empty()));
        assert!(!lexicon.entry("green's").classes.contains(Class::NO_NAME));
    }
}
