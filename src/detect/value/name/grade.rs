//! What a word by itself is worth as a part of a name.

use crate::detect::english::{Class, NumberWord};
use crate::detect::people::NameSense;
use crate::detect::read::Token;

/// What a word is worth as a part of a name; the best last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NameGrade {
    /// No word, or one that no name has.
    Never,
    /// A common word.
    Common,
    /// A single letter.
    Letter,
    /// A name and something else.
    Either,
    /// A word that the table does not have.
    Unknown,
    /// A name and nothing else.
    Clear,
}

/// Grades a word, and tells what the table says of it.
pub(super) fn grade(token: &Token, text: &str, is_cased: bool) -> (NameGrade, NameSense) {
    const CLOSED: Class = Class::CLOSED
        .union(Class::LEAD)
        .union(Class::COPULA)
        .union(Class::FILLER)
        .union(Class::JOIN)
        .union(Class::SIGN)
        .union(Class::SEPARATOR)
        .union(Class::TITLE)
        .union(Class::WORK)
        .union(Class::NO_ANSWER);
    let none = NameSense::default();
    if !token.is_word() {
        return (NameGrade::Never, none);
    }
    if token.is_letter() {
        let is_word = ["a", "i", "I"].contains(&token.of(text));
        return (
            if is_word {
                NameGrade::Never
            } else {
                NameGrade::Letter
            },
            none,
        );
    }
    // "UK", "GBP": no name is written so among small words.
    if is_cased && token.len() <= 3 && token.of(text).bytes().all(|byte| byte.is_ascii_uppercase())
    {
        return (NameGrade::Never, none);
    }
    let is_number = !matches!(token.entry.number, NumberWord::None | NumberWord::Month(_));
    let is_closed = token.has(CLOSED) || is_number;
    // "Isn't", "you've".
    let is_denied = match token.of(text).as_bytes() {
        [.., b'n', b'\'', b't'] => true,
        [.., b'\'', last, b'e'] => matches!(last, b'v' | b'r'),
        [.., b'\'', b'l', b'l'] => true,
        _ => false,
    };
    if is_denied || is_closed && !token.has(Class::NAME_TOO) {
        return (NameGrade::Never, none);
    }
    let sense = NameSense::of(token.of(text));
    let is_other = token.has(Class::UNIT | Class::NO_NAME);
    let grade = match sense {
        _ if token.has(Class::NAME_TOO) => NameGrade::Either,
        sense if is_other && sense.is_name() => NameGrade::Either,
        _ if is_other => NameGrade::Never,
        sense if sense.is_clear() => NameGrade::Clear,
        sense if sense.is_name() => NameGrade::Either,
        sense if sense.is_word_only() => NameGrade::Common,
        _ => NameGrade::Unknown,
    };
    (grade, sense)
}
