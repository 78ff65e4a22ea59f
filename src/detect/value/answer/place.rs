//! What makes an answer in words a place: small words between, or a number before a name.

use std::ops::Range;

use super::{SpokenAnswer, is_said, says_amount};
use crate::detect::english::Class;
use crate::detect::read::Token;

/// Small words that addresses have.
pub(super) const INNER: [&str; 15] = [
    "the", "of", "on", "in", "at", "and", "to", "off", "from", "by", "near", "new", "next",
    "number", "no",
];

impl SpokenAnswer<'_> {
    /// Whether none of some words is said around a place.
    pub(super) fn is_all_place(&self, range: Range<usize>) -> bool {
        let other = Class::NO_TOWN | Class::NO_ANSWER | Class::CLOSED;
        let tokens = self.reader.tokens.get(range).unwrap_or(&[]);
        let is_inner = |token: &Token| {
            let word = token.of(self.reader.text);
            INNER.iter().any(|inner| word.eq_ignore_ascii_case(inner))
        };
        let mut said = tokens.iter().filter(|token| is_said(token));
        said.all(|token| !token.has(other) || is_inner(token))
    }

    /// A house's number and the name of its street, and nothing that is counted.
    pub(super) fn is_numbered_place(&self, range: Range<usize>) -> bool {
        const MOST: usize = 8;
        let other = Class::CLOSED | Class::UNIT | Class::NUMBERED | Class::NO_ANSWER;
        let tokens = self.reader.tokens.get(range).unwrap_or(&[]);
        let is_where = |token: &&Token| token.has(Class::PREPOSITION | Class::LANDMARK);
        let said = tokens.iter().filter(|token| is_said(token));
        let mut words = said.skip_while(is_where).peekable();
        let is_numbered = words.peek().is_some_and(|token| says_amount(token));
        let count = words.clone().count();
        let names = words.skip_while(|token| says_amount(token));
        let is_name = |token: &Token| !token.has(other) && token.len() > 2;
        is_numbered
            && (2..=MOST).contains(&count)
            && names.clone().next().is_some_and(is_name)
            && names.clone().filter(|token| token.has(other)).count() == 0
    }
}
