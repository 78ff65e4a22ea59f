//! How far a text is decided while it still grows.
//!
//! A wall is a word that no value has, of the closed class of the language ("you", "with"), or the
//! end of a sentence. Whether a value may reach across one all the same, its finder is asked.

use super::english::Class;
use super::growing::{TextSoFar, ValueReach};
use super::number::NUMBERS_ONLY;
use super::read::{LONGEST_GAP, TokenKind, TokenReader, View, cues, tokenize};
use super::value::{address, bic, birthdate, code, email, iban, mac, name, national, secret, url};
use super::{Detectors, number};

/// All who are asked.
const REACHES: &[&ValueReach] = &[
    &number::REACH,
    &birthdate::REACH,
    &email::REACH,
    &url::REACH,
    &code::REACH,
    &iban::REACH,
    &bic::REACH,
    &mac::REACH,
    &national::REACH,
    &secret::REACH,
    &address::REACH,
    &name::REACH,
];

/// The offset before which the text is decided: whatever follows, no value that is wanted can
/// begin before it and end behind it, and what is found before it stays as it is.
pub fn decided_until(text: &str, wanted: Detectors) -> usize {
    // A wall is near or there is none: only the end is read, whatever the length.
    const TAIL: usize = 240;
    let start = text.len().saturating_sub(TAIL);
    let start = (start..text.len())
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    let tail = text.get(start..).unwrap_or(text);
    let view = View::of(tail);
    let tokens = tokenize(view.text());
    let growing = TextSoFar {
        reader: TokenReader::new(view.text(), &tokens),
        wanted,
        named: named(&TokenReader::new(view.text(), &tokens)),
    };
    // What stands before the first tokens of a cut text is not known.
    let decided = decided(&growing, if start == 0 { 0 } else { LONGEST_GAP });
    if decided >= view.text().len() {
        return text.len();
    }
    start + view.source_range(decided..decided + 1).start
}

// The tokens that are part of a phrase which says what a number is, where there is a number.
fn named(reader: &TokenReader) -> Vec<bool> {
    let mut named = vec![false; reader.tokens.len()];
    if reader.tokens.iter().any(|token| token.says_number()) {
        for cue in cues(reader.tokens) {
            named[cue.first..cue.end].fill(true);
        }
    }
    named
}

fn decided(growing: &TextSoFar, first: usize) -> usize {
    let wall = (first..growing.reader.tokens.len())
        .rev()
        .find_map(|at| wall(growing, at).map(|end| (at + 1, end)));
    let (from, decided) = wall.unwrap_or((0, 0));
    if REACHES.iter().any(|reach| (reach.is_begun)(growing, from)) {
        return decided;
    }
    let begins = REACHES.iter().map(|reach| (reach.begins)(growing));
    decided.max(begins.min().unwrap_or(growing.reader.text.len()))
}

// Where the text goes on behind a token that no value crosses.
fn wall(growing: &TextSoFar, at: usize) -> Option<usize> {
    let reader = &growing.reader;
    let token = reader.token(at)?;
    let behind = reader.text.get(token.end..)?;
    let blank = behind.chars().next().filter(|c| c.is_whitespace())?;
    let end = token.end + blank.len_utf8();
    if matches!(token.kind, TokenKind::Mark(b'.' | b'!' | b'?')) {
        let word = at.checked_sub(1).and_then(|before| reader.token(before));
        // One that stands alone is a dot of "gmail . com".
        let ends = word.is_some_and(|word| {
            word.is_word()
                && word.len() > 1
                && !word.has(Class::DOT | Class::SIGN)
                && word.end == token.start
        });
        let is_crossed = || REACHES.iter().any(|reach| (reach.crosses)(growing, at));
        return (ends && growing.number_before(at).is_none() && !is_crossed()).then_some(end);
    }
    // What follows must have begun, for it may say what this was.
    reader.token(at + 1)?;
    // No number goes on across a word that nobody says in one, nor is it told by what follows.
    let is_foreign = token.is_word() && token.entry.id == 0 && growing.wants_only(&NUMBERS_ONLY);
    let is_wall = is_foreign || token.has(Class::CLOSED);
    let is_crossed = || REACHES.iter().any(|reach| (reach.crosses)(growing, at));
    (is_wall && !is_crossed()).then_some(end)
}

#[cfg(test)]
mod tests;
