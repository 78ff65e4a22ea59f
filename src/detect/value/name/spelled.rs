//! Names letter by letter: "o apostrophe b r i e n", "m c d as in dog", "double l".
//!
//! Letters count as a name only behind one or behind a word for spelling.

use std::ops::Range;

use super::grade::NameGrade;
use super::reader::NameReader;
use crate::detect::claims::Claims;
use crate::detect::english::{Class, NumberWord};
use crate::detect::people::NameSense;
use crate::detect::read::{Token, TokenReader};

/// The letters that spell the name which ends at a place.
pub(super) fn spelled_behind(names: &NameReader, end: usize) -> Option<Range<usize>> {
    const FEWEST: usize = 2;
    let start = behind_words(&names.reader, end, 5);
    let range = letters(&names.reader, start);
    let count = names.words(range.clone()).count();
    // "With a K".
    let is_article = count == 2 && names.reader.says_any(start, &["a", "an"]);
    (count >= FEWEST && !is_article).then_some(range)
}

/// The letters that spell a name from a place on.
pub(super) fn spelled_at(names: &NameReader, start: usize) -> Option<Range<usize>> {
    const FEWEST: usize = 3;
    names
        .reader
        .token(start)
        .filter(|token| token.is_letter())?;
    let range = letters(&names.reader, start);
    (names.words(range.clone()).count() >= FEWEST).then_some(range)
}

/// The word that was spelled, said behind its letters.
pub(super) fn said_behind(names: &NameReader, letters: Range<usize>) -> Option<Range<usize>> {
    let at = letters.end + usize::from(names.reader.is_mark(letters.end, b','));
    let first = |at: usize| {
        names
            .reader
            .word(at)
            .chars()
            .next()
            .map(|c| c.to_ascii_lowercase())
    };
    let is_name = names.grade(at) > NameGrade::Letter && first(at) == first(letters.start);
    is_name.then(|| at..names.end(at))
}

/// The word behind some letters that ends as they do: what they spell, whatever was said between.
pub(super) fn spelled_word_behind(
    names: &NameReader,
    letters: Range<usize>,
) -> Option<Range<usize>> {
    const ENDING: usize = 3;
    let at = letters.end + usize::from(names.reader.is_mark(letters.end, b','));
    let word = names.reader.word(at);
    if names.grade(at) <= NameGrade::Letter {
        return None;
    }
    let spelled = spelled_word(&names.reader, letters);
    let ending = spelled.len().checked_sub(ENDING)?;
    let ending = spelled.get(ending..)?.to_ascii_lowercase();
    let is_same = word.len() <= spelled.len() && word.to_ascii_lowercase().ends_with(&ending);
    is_same.then_some(at..at + 1)
}

/// The letters behind a word for spelling.
pub(super) fn spelled_by_cue(names: &NameReader, at: usize) -> Option<Range<usize>> {
    const FEWEST: usize = 3;
    let token = names.reader.token(at)?;
    let words = ["spelled", "spelt", "spell", "spelling"];
    if !(token.len() > 4 && token.is_word() && names.reader.says_any(at, &words)) {
        return None;
    }
    let start = behind_words(&names.reader, at + 1, 4);
    let range = letters(&names.reader, start);
    (names.words(range.clone()).count() >= FEWEST).then_some(range)
}

/// Claims the words of a passage that are spelled in it as well, and the letters that spell them:
/// "and then Farquharson, I'll spell that, f a r q …"; and the other name behind the letters.
pub(super) fn claim_spelled(names: &NameReader, passage: Range<usize>, claims: &mut Claims) {
    const FEWEST: usize = 3;
    const NEAR: usize = 14;
    let reader = &names.reader;
    let mut at = passage.start;
    while at < passage.end {
        if !reader.is_letter(at) {
            at += 1;
            continue;
        }
        let range = letters(reader, at);
        if range.is_empty() {
            at += 1;
            continue;
        }
        at = range.end;
        let word = spelled_word(reader, range.clone());
        // "Xyz(x, y, z)".
        let is_known = word.len() > FEWEST || NameSense::of(&word).is_name();
        if word.len() < FEWEST || !is_known {
            continue;
        }
        let around = range.start.saturating_sub(NEAR).max(passage.start)..range.start;
        let mut around = around.chain(range.end..(range.end + NEAR).min(passage.end));
        let is_same = |at: &usize| reader.says(*at, &word) && names.grade(*at) >= NameGrade::Either;
        let Some(said) = around.find(is_same) else {
            continue;
        };
        for part in [said..said + 1, range.clone()] {
            if !claims.is_any_taken(part.clone()) {
                super::claim_name(claims, *reader, part);
            }
        }
        if let Some(other) = named_behind(names, range.end) {
            let is_free = !claims.is_any_taken(other.clone());
            if is_free {
                super::claim_name(claims, *reader, other);
            }
        }
    }
}

// "K-A-T-H-R-Y-N, Sproule": one word more, and nothing behind it.
fn named_behind(names: &NameReader, end: usize) -> Option<Range<usize>> {
    let at = end + usize::from(names.reader.is_mark(end, b','));
    let is_name = names.grade(at) >= NameGrade::Unknown;
    let is_last = names.ends(at + 1) && !names.reader.is_mark(at + 1, b',');
    (is_name && is_last).then_some(at..at + 1)
}

// What letters spell.
fn spelled_word(reader: &TokenReader, range: Range<usize>) -> String {
    let mut word = String::new();
    for at in range {
        let Some(token) = reader.token(at) else { break };
        if let NumberWord::Times(times) = token.entry.number {
            let twice = usize::from(times).saturating_sub(1);
            word.push_str(&reader.word(at + 1).repeat(twice));
        } else if token.is_letter() {
            word.push_str(token.of(reader.text));
        }
    }
    word
}

// Past "that's", "spelled", marks and sounds.
fn behind_words(reader: &TokenReader, from: usize, most: usize) -> usize {
    let mut at = from;
    while let Some(token) = reader.token(at).filter(|_| at < from + most) {
        let is_word = token.has(Class::FILLER | Class::COPULA) && !token.is_letter()
            || reader.says_any(
                at,
                &[
                    "spelled", "spelt", "as", "with", "like", "you", "spell", "it", "so", "an",
                    "just",
                ],
            );
        let is_mark = token.is_mark(b',')
            || token.is_mark(b':')
            || token.is_mark(b'-')
            || token.is_mark(b'.')
            || token.is_mark(b'(');
        if !is_word && !is_mark {
            break;
        }
        at += 1;
    }
    at
}

// The letters from a place on.
fn letters(reader: &TokenReader, start: usize) -> Range<usize> {
    const MOST: usize = 60;
    let (mut at, mut end) = (start, start);
    while at < start + MOST {
        if let Some(next) = letter_end(reader, at) {
            (at, end) = (next, next);
        } else if end > start && is_between(reader, at) && at - end < 2 {
            at += 1;
        } else {
            break;
        }
    }
    start..end
}

// The token behind a letter and what is said of it.
fn letter_end(reader: &TokenReader, at: usize) -> Option<usize> {
    let token = reader.token(at)?;
    if let NumberWord::Times(_) = token.entry.number {
        return reader.is_letter(at + 1).then_some(at + 2);
    }
    if reader.says_any(at, &["apostrophe", "hyphen", "dash"]) && reader.is_letter(at + 1) {
        return Some(at + 1);
    }
    if !token.is_letter() {
        return None;
    }
    let has_word = |word: usize| {
        let first = |at: usize| {
            reader
                .word(at)
                .bytes()
                .next()
                .map(|byte| byte.to_ascii_lowercase())
        };
        reader.token(word).is_some_and(Token::is_word) && first(word) == first(at)
    };
    if reader.says(at + 1, "as") && reader.says(at + 2, "in") {
        return Some((at + 4).min(reader.tokens.len()));
    }
    let is_told = reader.says_any(at + 1, &["for", "like", "as"]) && has_word(at + 2);
    Some(if is_told { at + 3 } else { at + 1 })
}

fn is_between(reader: &TokenReader, at: usize) -> bool {
    reader.token(at).is_some_and(|token| {
        token.has(Class::FILLER | Class::SEPARATOR)
            || token.is_mark(b',')
            || token.is_mark(b'-')
            || (token.is_mark(b'.') && at > 0 && reader.touches_next(at - 1))
    })
}
