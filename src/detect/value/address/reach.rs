//! How far back an address may still reach while a text grows.

use super::AddressReader;
use crate::detect::english::{Class, Surety};
use crate::detect::foreign::STREET_ENDS;
use crate::detect::growing::{TextSoFar, ValueReach};
use crate::detect::read::{Lexicon, phrase_words};
use crate::detect::{Detector, Speaker};

/// How far back an address may still reach while a text grows.
pub(crate) const REACH: ValueReach = ValueReach {
    crosses,
    is_begun,
    begins,
};

// The most tokens of an address before a small word in it.
const LONGEST: usize = 40;

fn reader<'a>(growing: &TextSoFar<'a>) -> AddressReader<'a> {
    AddressReader {
        reader: growing.reader,
        speaker: Speaker::Assistant,
        is_asked: false,
        is_sought: false,
        is_code_asked: false,
        is_nested: false,
    }
}

// An address goes on across small words: "12 elm street in …".
fn crosses(growing: &TextSoFar, at: usize) -> bool {
    if !growing.wants(Detector::Address) {
        return false;
    }
    let tokens = growing.reader.tokens;
    let is_near_number = growing.number_before(at).is_some();
    if is_near_number && (tokens[at].is_capital(growing.reader.text) || is_inside(growing, at)) {
        return true;
    }
    // "Berliner Str. 5".
    let is_street_end = || {
        let is_first = |before: usize| tokens[before].has(Class::STREET_FIRST);
        let before = at
            .checked_sub(1)
            .filter(|_| growing.reader.is_mark(at, b'.'));
        before.is_some_and(|before| is_street(growing.reader.word(before)) || is_first(before))
    };
    let address = reader(growing);
    // "Apt. 7", "House No. 12".
    let is_unit = || {
        let before = at.checked_sub(1).and_then(|before| tokens.get(before));
        growing.reader.is_mark(at, b'.')
            && before.is_some_and(|word| word.has(Class::FLAT | Class::PLACE_START | Class::HOUSE))
            || at > 0 && growing.reader.is_mark(at, b'.') && growing.reader.says(at - 1, "no")
    };
    let is_care = || at > 0 && growing.reader.says(at - 1, "care");
    is_street_end()
        || is_unit()
        || is_care()
        || is_behind_corner(growing, at)
        || is_behind_start(&address, at)
}

// Whether an address that began before a token may go on behind it.
fn is_behind_start(address: &AddressReader, at: usize) -> bool {
    const GAP: usize = 7;
    let tokens = address.reader.tokens;
    let begins = |start: &usize| {
        let token = tokens[*start];
        token.says_digits()
            || token.has(Class::FLAT | Class::PLACE_START | Class::STREET_FIRST | Class::HOUSE)
            || token.is_letter()
    };
    let led = |start: usize| {
        let words = phrase_words(tokens, start);
        let phrase = Lexicon::get().at_home.longest(words);
        phrase.map(|(last, _)| address.behind_lead(last + 1))
    };
    let from = at.saturating_sub(LONGEST);
    let starts = (from..at).filter(begins).chain((from..at).filter_map(led));
    starts.into_iter().any(|start| {
        let found = address.address(start, Some(Surety::Sure));
        let end = found
            .map(|(_, end)| end)
            .or_else(|| address.unit_end(start));
        end.is_some_and(|end| end + GAP > at)
    })
}

// "12 the grove", "flat 3 at 12 …": a small word that addresses have.
fn is_inside(growing: &TextSoFar, at: usize) -> bool {
    const SMALL: [&str; 12] = [
        "the", "of", "and", "at", "on", "in", "that's", "it's", "is", "no", "a", "old",
    ];
    growing.reader.says_any(at, &SMALL)
}

// "The corner of mill road and …".
fn is_behind_corner(growing: &TextSoFar, at: usize) -> bool {
    const REACH: usize = 8;
    let corner = |at: usize| {
        growing
            .reader
            .says_any(at, &["corner", "intersection", "junction"])
    };
    (at.saturating_sub(REACH)..at).any(corner)
}

// A unit, a box, a phrase that leads to an address, a street whose number follows.
fn is_begun(growing: &TextSoFar, from: usize) -> bool {
    const NEAR: usize = 2;
    if !growing.wants(Detector::Address) {
        return false;
    }
    let address = reader(growing);
    let reader = growing.reader;
    let end = reader.tokens.len();
    let begins = |at: usize| {
        let token = reader.tokens[at];
        let is_spelled = token.is_letter() && !reader.says_any(at, &["a", "i"]);
        let is_start = is_spelled || token.has(Class::FLAT | Class::PLACE_START);
        let is_recent = || at + NEAR >= end;
        is_start
            && (is_recent()
                || address.unit_end(at).is_some()
                || address.box_end(at, None).is_some())
            || token.has(Class::STREET_FIRST)
            || address.is_care(at)
    };
    let leads = |at: usize| {
        Lexicon::get()
            .at_home
            .longest(phrase_words(reader.tokens, at))
            .is_some()
    };
    (from..end).any(begins)
        || growing.last_tokens().any(leads)
        || is_behind_corner(growing, end)
        || is_behind_start(&address, end)
}

// A street before the number of its house.
fn begins(growing: &TextSoFar) -> usize {
    let begins = growing.formed(&[Detector::Address]);
    let reader = &growing.reader;
    let last = growing.whole_tokens().checked_sub(1);
    let Some(last) = last.filter(|_| growing.wants(Detector::Address)) else {
        return begins;
    };
    let word = if reader.is_mark(last, b'.') {
        last.checked_sub(1)
    } else {
        Some(last)
    };
    if !word.is_some_and(|word| is_street(reader.word(word))) {
        return begins;
    }
    // "Berliner Str." is two words.
    let before = reader.text.get(..reader.tokens[last].start).unwrap_or("");
    let blank = |text: &str| text.rfind(char::is_whitespace);
    let street = blank(before).map_or(0, |one| {
        let before = before.get(..one).unwrap_or("");
        blank(before).map_or(0, |two| two + 1)
    });
    begins.min(street)
}

// Whether a house's number may follow a word.
fn is_street(word: &str) -> bool {
    let word = word.to_lowercase();
    STREET_ENDS.iter().any(|end| word.ends_with(end))
}
