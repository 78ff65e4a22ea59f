//! What stands at a place among the tokens of a text: the one way in which finders look.
//!
//! It knows no kind of value. What reads numbers from it is in `number_word.rs`.

use std::ops::Range;

use super::lexicon::Lexicon;
use super::token::{Token, TokenKind, letter_bit, phrase_words};
use crate::detect::english::{Class, Gap};

/// The tokens that a finder may read, beside their text.
#[derive(Clone, Copy)]
pub(crate) struct TokenReader<'a> {
    /// The whole text.
    pub(crate) text: &'a str,
    /// Its tokens, up to the last that may be read.
    pub(crate) tokens: &'a [Token],
    /// The first token that may be read.
    pub(crate) floor: usize,
}

impl<'a> TokenReader<'a> {
    /// Reads all tokens of a text.
    pub(crate) fn new(text: &'a str, tokens: &'a [Token]) -> Self {
        Self {
            text,
            tokens,
            floor: 0,
        }
    }

    /// The token at a place.
    pub(crate) fn token(&self, at: usize) -> Option<&'a Token> {
        self.tokens.get(at)
    }

    /// What is written at a place; nothing where no token is.
    pub(crate) fn word(&self, at: usize) -> &'a str {
        self.token(at).map_or("", |token| token.of(self.text))
    }

    /// Whether a word stands at a place, in any case.
    pub(crate) fn says(&self, at: usize, word: &str) -> bool {
        // Most words differ in length.
        self.token(at).is_some_and(|token| {
            token.len() == word.len()
                && token.is_word()
                && token.of(self.text).eq_ignore_ascii_case(word)
        })
    }

    /// Whether one of some words stands at a place, in any case.
    // Inlined, the letters are known where it is built: most words fail without a call.
    #[inline(always)]
    pub(crate) fn says_any(&self, at: usize, words: &[&str]) -> bool {
        let begin = words
            .iter()
            .fold(0, |all, word| all | letter_bit(word.as_bytes()));
        self.token(at).is_some_and(|token| {
            token.is_word()
                && begin & token.letter != 0
                && is_any(token.of(self.text).as_bytes(), words)
        })
    }

    /// Whether this mark stands at a place.
    pub(crate) fn is_mark(&self, at: usize, mark: u8) -> bool {
        self.token(at).is_some_and(|token| token.is_mark(mark))
    }

    /// Whether a single letter stands at a place.
    pub(crate) fn is_letter(&self, at: usize) -> bool {
        self.token(at).is_some_and(Token::is_letter)
    }

    /// Whether a token touches the next one.
    pub(crate) fn touches_next(&self, at: usize) -> bool {
        self.token(at)
            .zip(self.token(at + 1))
            .is_some_and(|(token, next)| token.end == next.start)
    }

    /// Whether a word or digits touch a token: the full stop of "amato.com".
    pub(crate) fn goes_on_glued(&self, at: usize) -> bool {
        let is_line = self
            .token(at + 1)
            .is_some_and(|next| next.kind == TokenKind::Line);
        self.touches_next(at) && !is_line
    }

    /// Whether a sentence ends at a place.
    pub(crate) fn ends_sentence(&self, at: usize) -> bool {
        self.token(at).is_some_and(|token| match token.kind {
            TokenKind::Line => true,
            TokenKind::Mark(b'.' | b'?' | b'!' | b';') => !self.goes_on_glued(at),
            _ => false,
        })
    }

    /// The last token of the phrase at a place that takes back what was said, and what it says.
    pub(crate) fn gap(&self, at: usize) -> Option<(usize, Gap)> {
        // Every word of these phrases is of the class.
        self.token(at)
            .filter(|token| token.kind == TokenKind::Digits || token.has(Class::IN_GAP))?;
        Lexicon::get().gaps.longest(phrase_words(self.tokens, at))
    }

    /// The token behind what is said at a place of how something is spelled: "all one word", "with
    /// a k".
    pub(crate) fn spelling_hint(&self, at: usize) -> Option<usize> {
        if self.says_any(at, &["with", "without"]) {
            let is_letter = self.says_any(at + 1, &["a", "an"])
                && self.is_letter(at + 2)
                && !self.says_any(at + 3, &["as", "for"]);
            if is_letter {
                return Some(at + 3);
            }
            // "With two l's".
            let letters = self
                .word(at + 2)
                .strip_suffix("'s")
                .or(self.word(at + 2).strip_suffix('s'));
            if self.says_number(at + 1) && letters.is_some_and(|letter| letter.len() == 1) {
                return Some(at + 3);
            }
        }
        let hint = Lexicon::get().hints.longest(phrase_words(self.tokens, at));
        hint.map(|(last, _)| last + 1)
    }

    /// The first token of the hint that ends before a place.
    pub(crate) fn hint_before(&self, end: usize) -> Option<usize> {
        const LONGEST: usize = 5;
        (end.saturating_sub(LONGEST).max(self.floor)..end)
            .find(|start| self.spelling_hint(*start) == Some(end))
    }

    /// The tokens for which a test holds as one text in small letters.
    pub(crate) fn joined(&self, range: Range<usize>, belongs: impl Fn(&Token) -> bool) -> String {
        let mut joined = String::new();
        let tokens = self.tokens.get(range).unwrap_or(&[]);
        for token in tokens.iter().filter(|token| belongs(token)) {
            if !joined.is_empty() {
                joined.push(' ');
            }
            joined.push_str(&token.of(self.text).to_lowercase());
        }
        joined
    }
}

fn is_any(said: &[u8], words: &[&str]) -> bool {
    words
        .iter()
        .any(|word| word.as_bytes().eq_ignore_ascii_case(said))
}
