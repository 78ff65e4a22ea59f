//! How far back a number may still reach while a text grows.

use crate::detect::Detector;
use crate::detect::english::{Class, NumberWord, begins_number};
use crate::detect::growing::{TextSoFar, ValueReach};
use crate::detect::read::Token;

/// That of a number, dictated or written.
pub(crate) const REACH: ValueReach = ValueReach {
    crosses,
    is_begun,
    begins,
};

fn crosses(growing: &TextSoFar, at: usize) -> bool {
    let token = growing.reader.tokens[at];
    token.has(Class::FILLER | Class::JOIN | Class::SEPARATOR)
        || token.is_letter()
        || token.says_number()
        || is_misheard(growing, at)
        || growing
            .number_before(at)
            .is_some_and(|number| token.has(Class::IN_GAP) || is_governed(growing, number, at))
}

// "60614 is my zip code": what stands behind a number may say what it is.
fn is_governed(growing: &TextSoFar, number: usize, at: usize) -> bool {
    let silent = Class::COPULA
        | Class::PREPOSITION
        | Class::FILLER
        | Class::DETERMINER
        | Class::VAGUE
        | Class::JOIN
        | Class::SEPARATOR;
    (number + 1..=at).all(|between| {
        let token = growing.reader.tokens[between];
        !token.is_word() || growing.is_named(between) || token.has(silent)
    })
}

// "Three too oh": a digit that sounds like another word.
fn is_misheard(growing: &TextSoFar, at: usize) -> bool {
    at > 0
        && growing.reader.says_number(at - 1)
        && matches!(growing.reader.number_word(at), NumberWord::Doubtful(_))
}

// Where only names are looked for, no number is one.
fn is_begun(growing: &TextSoFar, from: usize) -> bool {
    let open = growing.reader.tokens.get(from..).unwrap_or(&[]);
    !growing.wants_only(&[Detector::Name]) && open.iter().any(Token::says_number)
}

// What is under way may be a number's word, or begin with a sign before one.
fn begins(growing: &TextSoFar) -> usize {
    let begun = growing.begun();
    let opens = |c: char| !(c.is_alphabetic() || ",.;:!?'\"".contains(c));
    let may_begin = !begun.is_empty() && (begun.contains(opens) || begins_number(begun));
    if may_begin {
        growing.under_way()
    } else {
        growing.reader.text.len()
    }
}
