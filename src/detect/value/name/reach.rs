//! How far back a name may still reach while a text grows.
//!
//! It finds no name; it only says what may yet become a part of one.

use super::frame::is_awaited;
use super::grade::NameGrade;
use super::reader::NameReader;
use crate::detect::Detector;
use crate::detect::english::Class;
use crate::detect::growing::{TextSoFar, ValueReach};
use crate::detect::read::Token;

/// Of names, and of the phrases and letters behind them.
pub(crate) const REACH: ValueReach = ValueReach {
    crosses,
    is_begun: |growing, _| {
        let names = last_names(growing);
        names.is_some_and(|names| growing.last_tokens().any(|at| is_awaited(&names, at)))
    },
    begins,
};

// The most tokens of a name, of a phrase or a mailbox behind it, and one word more.
const LONGEST: usize = 24;

fn last_names<'a>(growing: &TextSoFar<'a>) -> Option<NameReader<'a>> {
    let is_wanted = growing.wants(Detector::Name);
    let first = growing.reader.tokens.len().saturating_sub(LONGEST);
    is_wanted.then(|| NameReader::new(growing.reader, first))
}

// "Ines Carvalho is …", "hi Ines, I'm …": what comes may say that it is her name, or go on with it.
fn crosses(growing: &TextSoFar, at: usize) -> bool {
    const LONGEST_PHRASE: usize = 10;
    let is_near = at + LONGEST_PHRASE >= growing.reader.tokens.len();
    let names = last_names(growing).filter(|_| is_near);
    names.is_some_and(|names| {
        let is_begun = || first_behind(&names, at + 1).is_some_and(|first| first <= at);
        names.awaits_family(at) || is_begun()
    })
}

// The words at the end of which a name may be made.
fn begins(growing: &TextSoFar) -> usize {
    let under_way = growing.under_way();
    let first = last_names(growing)
        .and_then(|names| first_behind(&names, growing.whole_tokens()))
        .and_then(|first| growing.reader.token(first));
    match growing.wants(Detector::Name) {
        true => first.map_or(under_way, |first| first.start.min(under_way)),
        false => growing.reader.text.len(),
    }
}

// The first word that a name before a place may have, or a mailbox that begins with a name. Behind it
// stands what may still be of it, or say that it is of something else: particles, marks, what a
// mailbox is spelled with, and one word more.
fn first_behind(names: &NameReader, place: usize) -> Option<usize> {
    const BEHIND: usize = 12;
    let mut first = None;
    let mut others = 0;
    for end in (place.saturating_sub(BEHIND)..=place).rev() {
        // "W R Z": a name that is spelled.
        let last = end.checked_sub(1);
        let is_letter = |token: &Token| token.is_letter() && !token.has(Class::CLOSED);
        let letter = last.filter(|at| names.reader.token(*at).is_some_and(is_letter));
        first = named_before(names, end).or(letter).or(first);
        let is_other = last.is_none_or(|at| !may_follow(names, at));
        others += usize::from(is_other);
        if others > 1 {
            break;
        }
    }
    first
}

// Where the words begin that end before a place and may be a name.
fn named_before(names: &NameReader, end: usize) -> Option<usize> {
    let start = names.start(end);
    let mut words = start..end;
    let is_named = words.any(|at| is_name_like(names, at));
    is_named.then_some(start)
}

// Beside signs and letters: of what, and how it is spelled.
const FOLLOWING: [&str; 11] = [
    "of", "at", "as", "in", "for", "like", "under", "score", "i'm", "i", "am",
];

fn is_name_like(names: &NameReader, at: usize) -> bool {
    let token = names.reader.token(at);
    let is_other = token.is_some_and(|token| token.has(Class::UNIT | Class::NO_NAME));
    // "So", "to": small words that are names too.
    let is_ascii = |token: &Token| token.of(names.reader.text).is_ascii();
    let is_short =
        token.is_some_and(|token| token.len() <= 2 && is_ascii(token)) && !names.is_capital(at);
    names.grade(at) > NameGrade::Letter && !is_other && !is_short
}

fn may_follow(names: &NameReader, at: usize) -> bool {
    let token = names.reader.token(at);
    token.is_some_and(|token| {
        !token.is_word()
            || token.is_letter()
            || token.says_digits()
            || token.has(Class::SIGN | Class::DOT | Class::FILLER)
            || names.is_particle(at)
            || names.is_head(at)
            || names.reader.says_any(at, &FOLLOWING)
            || is_name_like(names, at)
    })
}
