//! A name that is said twice in one turn: alone and in a fuller one, "Jo, Jo Bright", or by its short
//! form and the whole, "Bea, that's Beatrice Lund".
//!
//! Each of the two tells of the other; a word that no fuller name goes with is none here.

use std::ops::Range;

use super::grade::NameGrade;
use super::reader::NameReader;
use crate::detect::claims::Claims;
use crate::detect::english::Class;
use crate::detect::read::Token;

/// The word at a place that a fuller name behind it says again.
pub(super) fn said_fuller(names: &NameReader, at: usize) -> Option<Range<usize>> {
    const NEAR: usize = 8;
    if names.grade(at) < NameGrade::Either || is_determined(names, at) {
        return None;
    }
    let word = names.reader.word(at);
    let is_again = |next: &usize| names.reader.says(*next, word);
    // "Hope, just Hope, Dean Hope".
    let mut again = (at + 1..at + NEAR).filter(is_again);
    again
        .any(|again| is_fuller(names, at, again))
        .then(|| at..at + 1)
}

// Whether the word at a place is a part of a fuller name where it is said again.
fn is_fuller(names: &NameReader, at: usize, again: usize) -> bool {
    if is_determined(names, again) {
        return false;
    }
    let between = names.reader.tokens.get(at + 1..again).unwrap_or(&[]);
    // "Young, May Young": the given name stands before it.
    let is_given = again > at + 1 && names.grade(again - 1) >= NameGrade::Either;
    let given = is_given.then_some(again - 1);
    let between = between
        .get(..between.len() - usize::from(is_given))
        .unwrap_or(&[]);
    let is_family = given.is_some_and(|given| {
        names.sense(given).is_given() && (names.sense(at).is_family() || is_unknown(names, at))
    });
    let behind = names.end(again);
    let is_first = behind > again + 1
        && given.is_none()
        && (names.sense(at).is_given() || is_unknown(names, at))
        && (names.sense(behind - 1).is_family() || is_unknown(names, behind - 1));
    let word = names.reader.word(at);
    let is_same = |token: &Token| token.of(names.reader.text).eq_ignore_ascii_case(word);
    // "Hone not Honey, Hone Rāwiri".
    let is_contrast = |place: usize| place > 0 && names.reader.says(at + place, "not");
    let is_silent =
        |(place, token): (usize, &Token)| is_between(token) || is_same(token) || is_contrast(place);
    between.iter().enumerate().all(is_silent) && (is_family || is_first)
}

/// Whether the name at a place ends with the word that was one, "Young, May Young".
pub(super) fn ends_with(names: &NameReader, at: usize, word: usize) -> bool {
    let end = names.end(at);
    end > at + 1
        && names.sense(at).is_given()
        && names.reader.says(end - 1, names.reader.word(word))
}

/// Claims the short forms of the names of a passage: "Deb" beside "Deborah".
pub(super) fn claim_short(
    names: &NameReader,
    passage: Range<usize>,
    found: &[Range<usize>],
    claims: &mut Claims,
) {
    const MOST: usize = 4;
    let full = found
        .iter()
        .take(MOST)
        .flat_map(|name| names.full_words(name.clone()));
    let full: Vec<&str> = full
        .map(|at| names.reader.word(at))
        .filter(|word| word.len() > 4)
        .collect();
    if full.is_empty() {
        return;
    }
    for at in passage {
        let may_be = names.grade(at) >= NameGrade::Either && !claims.is_taken(at);
        let token = names.reader.token(at).filter(|_| may_be);
        let is_plain = token.is_some_and(|token| !token.has(Class::NAME_TOO | Class::NO_NAME));
        if is_plain
            && full
                .iter()
                .any(|full| is_short(names.reader.word(at), full))
        {
            super::claim_name(claims, names.reader, at..at + 1);
        }
    }
}

// "Deb", "debs".
fn is_short(word: &str, full: &str) -> bool {
    const FEWEST: usize = 3;
    let starts = |word: &str| {
        let head = full.get(..word.len());
        word.len() >= FEWEST && head.is_some_and(|head| head.eq_ignore_ascii_case(word))
    };
    word.len() < full.len() && (starts(word) || word.strip_suffix('s').is_some_and(starts))
}

fn is_unknown(names: &NameReader, at: usize) -> bool {
    names.grade(at) == NameGrade::Unknown
}

// What one says between: marks, "it's", "no e", "like the season".
fn is_between(token: &Token) -> bool {
    let around = Class::FILLER | Class::COPULA | Class::LEAD | Class::JOIN | Class::CLOSED;
    !token.is_word() || token.is_letter() || token.has(around | Class::CALLING | Class::BEHIND_NAME)
}

/// Whether an article or whose it is stands before a place: "the bill".
pub(super) fn is_determined(names: &NameReader, at: usize) -> bool {
    let before = at.checked_sub(1).filter(|before| names.has(*before));
    before
        .and_then(|before| names.reader.token(before))
        .is_some_and(|token| {
            token.has(Class::DETERMINER | Class::OF_THING) && !token.has(Class::COPULA)
        })
}
