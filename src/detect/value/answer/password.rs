//! A password in words behind a phrase that names it: "my password is correct horse battery".
//!
//! One that was asked for and is all of the answer, `answer.rs` claims.

use std::ops::Range;

use super::{SpokenAnswer, is_said, says_amount};
use crate::detect::english::Class;
use crate::detect::read::{Token, TokenReader};

/// The words of a password that a caller says behind "my password is".
pub(crate) fn password(reader: TokenReader, start: usize) -> Option<(Range<usize>, String)> {
    let answer = SpokenAnswer { reader };
    let tokens = reader.tokens;
    let stops = |token: &Token| {
        token.has(Class::JOIN)
            || token.is_mark(b',')
            || (token.has(Class::CLOSED)
                && !token.has(Class::SIGN | Class::DOT)
                && token.of(reader.text) != "correct")
    };
    let end = (start..tokens.len())
        .find(|at| reader.ends_sentence(*at) || stops(&tokens[*at]))
        .unwrap_or(tokens.len());
    let range = answer.trimmed(start..end)?;
    let words = || tokens[range.clone()].iter().filter(|token| is_said(token));
    let telling = words()
        .filter(|token| {
            says_amount(token) || token.has(Class::SIGN | Class::DOT) || token.is_letter()
        })
        .count();
    let count = words().count();
    // One word is one where nothing more is said of it.
    let first = tokens[range.start];
    let is_alone =
        count == 1 && telling == 0 && first.len() > 3 && !first.has(Class::CLOSED | Class::LEAD);
    let is_one = telling > 0 && telling < count || telling >= 4 || count >= 3 || is_alone;
    let fits = is_one && answer.is_value(range.clone());
    fits.then(|| (range.clone(), answer.value(range)))
}
