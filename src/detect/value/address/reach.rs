//! How far back an address may still reach while a text grows.

use super::AddressReader;
use crate::detect::Detector;
use crate::detect::english::{Class, Surety};
use crate::detect::foreign::STREET_ENDS;
use crate::detect::growing::{NOWHERE, TextSoFar, ValueReach};

/// How far back an address may still reach while a text grows.
pub(crate) const REACH: ValueReach = ValueReach {
    crosses,
    begins,
    ..NOWHERE
};

// An address goes on across small words: "12 elm street in …".
fn crosses(growing: &TextSoFar, at: usize) -> bool {
    const LONGEST: usize = 40;
    if !growing.wants(Detector::Address) {
        return false;
    }
    let reader = growing.reader;
    let is_near_number = growing.number_before(at).is_some();
    if is_near_number && (reader.tokens[at].is_capital(reader.text) || is_inside(growing, at)) {
        return true;
    }
    let address = AddressReader {
        reader,
        is_asked: false,
    };
    let begins = |start: &usize| {
        let token = reader.tokens[*start];
        token.says_digits() || token.has(Class::FLAT | Class::STREET_FIRST)
    };
    let lead = Some(Surety::Sure);
    (at.saturating_sub(LONGEST)..at)
        .filter(begins)
        .any(|start| {
            address
                .address(start, lead)
                .is_some_and(|(_, end)| end + 3 >= at)
        })
}

// "12 the grove", "flat 3 at 12 …": a small word that addresses have.
fn is_inside(growing: &TextSoFar, at: usize) -> bool {
    const SMALL: [&str; 12] = [
        "the", "of", "and", "at", "on", "in", "that's", "it's", "is", "no", "a", "old",
    ];
    growing.reader.says_any(at, &SMALL)
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
    let before = reader.text.get(..reader.tokens[last].start).unwrap_or("");
    let street = before
        .rfind(char::is_whitespace)
        .map_or(0, |blank| blank + 1);
    begins.min(street)
}

// Whether a house's number may follow a word.
fn is_street(word: &str) -> bool {
    let word = word.to_lowercase();
    STREET_ENDS.iter().any(|end| word.ends_with(end))
}
