//! Codes of letters and digits as they are written and said: "ZL4977656", "s g eight seven",
//! "v as in victor one five nine".
//!
//! What a code is of, its finder says.

use std::ops::Range;

use super::reader::TokenReader;
use super::token::{Token, TokenKind};
use crate::detect::english::{Class, Gap};

/// A code and how it is said.
pub(crate) struct SpokenCode {
    /// Its tokens.
    pub(crate) range: Range<usize>,
    /// Its letters and digits, in capitals.
    pub(crate) value: String,
    /// Whether no digit is written.
    pub(crate) is_spoken: bool,
    /// Whether it is single letters only.
    pub(crate) is_spelled: bool,
}

/// Reads codes.
pub(crate) struct CodeReader<'a> {
    /// Where they stand.
    pub(crate) reader: TokenReader<'a>,
    /// Whether a code begins with a country's two letters.
    pub(crate) is_iban: bool,
    /// Which tokens are of another value.
    pub(crate) taken: &'a dyn Fn(usize) -> bool,
    /// Which tokens are part of a phrase: only their single letters may be a code's.
    pub(crate) named: &'a dyn Fn(usize) -> bool,
}

impl CodeReader<'_> {
    /// The code that starts at a token: letters and digits with nothing else between them.
    pub(crate) fn code(&self, start: usize) -> Option<SpokenCode> {
        const LONGEST: usize = 40;
        let tokens = self.reader.tokens;
        let mut value = String::new();
        let (mut at, mut end) = (start, start);
        while value.len() < LONGEST && at < tokens.len() && !(self.taken)(at) {
            if at > start && (self.named)(at) && !self.reader.is_letter(at) {
                break;
            }
            if let Some(next) = self.part(at, at == start, &mut value) {
                (at, end) = (next, next);
                continue;
            }
            if at == start {
                break;
            }
            // "Eleven, no, eleven twelve".
            if let Some((last, gap)) = self.reader.gap(at)
                && gap >= Gap::Again
                && self.part(last + 1, false, &mut String::new()).is_some()
            {
                at = last + 1;
                continue;
            }
            if !self.is_inside(at) {
                break;
            }
            at += 1;
        }
        let own = tokens.get(start..end).unwrap_or(&[]);
        (end > start).then(|| SpokenCode {
            range: start..end,
            is_spoken: own.iter().all(|token| token.kind != TokenKind::Digits),
            is_spelled: own.iter().all(Token::is_letter),
            value,
        })
    }

    // What may stand between two parts.
    fn is_inside(&self, at: usize) -> bool {
        let token = self.reader.tokens[at];
        token.has(Class::FILLER | Class::SEPARATOR)
            || matches!(token.kind, TokenKind::Mark(b'-' | b'/' | b'.'))
                && self.reader.touches_next(at)
            || token.is_mark(b',') && at > 0 && self.reader.is_letter(at - 1)
    }

    fn part(&self, at: usize, is_first: bool, value: &mut String) -> Option<usize> {
        if let Some(next) = self.reader.number(at, value) {
            return Some(next);
        }
        let token = self.reader.token(at).filter(|token| token.is_word())?;
        let word = token.of(self.reader.text);
        if token.is_letter() {
            return self.letter(at, is_first, value);
        }
        // "Bravo".
        if token.has(Class::ALPHABET) {
            value.extend(word.chars().next().map(|first| first.to_ascii_uppercase()));
            return Some(at + 1);
        }
        self.is_block(at, is_first).then(|| {
            value.push_str(&word.to_ascii_uppercase());
            at + 1
        })
    }

    // A letter, and the word that spells it.
    fn letter(&self, at: usize, is_first: bool, value: &mut String) -> Option<usize> {
        let reader = &self.reader;
        let word = reader.word(at);
        let letter = word.bytes().next()?.to_ascii_uppercase();
        let second = reader.word(at + 2);
        let begins_alike = second
            .bytes()
            .next()
            .map(|first| first.to_ascii_uppercase())
            == Some(letter);
        let is_as_in = ["as", "for", "like"].contains(&reader.word(at + 1))
            && (second == "in" || begins_alike);
        // "I" and "a" are letters only among others.
        let is_word_like = matches!(word, "a" | "i" | "I" | "A");
        if is_word_like && !is_as_in && !self.is_among_others(at, is_first) {
            return None;
        }
        value.push(char::from(letter));
        if !is_as_in {
            return Some(at + 1);
        }
        let behind = at + 3 + usize::from(second == "in");
        Some(behind.min(reader.tokens.len()))
    }

    fn is_among_others(&self, at: usize, is_first: bool) -> bool {
        let is_code = |token: &Token| {
            token.is_letter() || token.kind == TokenKind::Digits || token.says_digits()
        };
        let next = self.reader.token(at + 1);
        let ends = !is_first
            && self.before(at).is_some_and(is_code)
            && (self.reader.word(at) == "A" || next.is_none_or(|next| !next.is_word()));
        ends || self.is_glued(at, is_first) || next.is_some_and(is_code)
    }

    fn before(&self, at: usize) -> Option<&Token> {
        at.checked_sub(1).and_then(|at| self.reader.token(at))
    }

    // Whether digits or a hyphen touch it.
    fn is_glued(&self, at: usize, is_first: bool) -> bool {
        let joins = |token: &Token| token.kind == TokenKind::Digits || token.is_mark(b'-');
        let behind = self.reader.touches_next(at) && self.reader.token(at + 1).is_some_and(joins);
        let before =
            !is_first && self.before(at).is_some_and(joins) && self.reader.touches_next(at - 1);
        behind || before
    }

    // Several letters in one: capitals before digits, "nl" of an IBAN, short words that touch.
    fn is_block(&self, at: usize, is_first: bool) -> bool {
        let token = self.reader.tokens[at];
        let next = self.reader.token(at + 1);
        let is_glued = self.is_glued(at, is_first);
        let word = self.reader.word(at).as_bytes();
        let is_capitals = word.len() <= 5 && word.iter().all(u8::is_ascii_uppercase);
        let before_digits =
            next.is_some_and(|next| next.kind == TokenKind::Digits || next.is_mark(b'-'));
        let is_country = self.is_iban
            && is_first
            && word.len() == 2
            && self.reader.number_word(at + 1).says_digits()
            && !token.has(Class::COPULA);
        is_capitals && (before_digits || is_glued || !is_first)
            || word.len() <= 4 && is_glued && !token.has(Class::CLOSED)
            || is_country
    }
}

#[cfg(test)]
mod tests {
    use super::super::token::tokenize;
    use super::*;

    fn check(text: &str, value: &str) {
        let tokens = tokenize(text);
        let reader = CodeReader {
            reader: TokenReader::new(text, &tokens),
            is_iban: false,
            taken: &|_| false,
            named: &|_| false,
        };
        let found = reader.code(0).map(|code| code.value);
        assert_eq!(found.unwrap_or_default(), value, "{text}");
    }

    #[test]
    fn letters_and_digits_make_a_code() {
        check("ZL4977656, thanks", "ZL4977656");
        check("SY 08 88 25 C please", "SY088825C");
        check("MRN-4579347", "MRN4579347");
        check("s g eight seven e r", "SG87ER");
        check("v as in victor one five nine", "V159");
        check("a b bravo double two", "ABB22");
    }

    #[test]
    fn words_make_none() {
        check("i think so", "");
        check("on file", "");
    }
}
