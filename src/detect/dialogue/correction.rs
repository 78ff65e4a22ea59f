//! How a caller puts right what was told: "no, one eight four", "sorry I meant …", "not that one".
//!
//! It does not say what is put right: `cues.rs` knows what was told last.

use crate::detect::english::{AskingRole, Class, Gap};
use crate::detect::people::NameSense;
use crate::detect::read::TokenReader;

/// Whether what is said from the reader's floor on takes something back. Where the talk went on
/// meanwhile, only who says so corrects.
pub(super) fn corrects(reader: TokenReader, is_past: bool) -> bool {
    const BEGINNING: usize = 6;
    let first = reader.floor;
    (first..reader.tokens.len().min(first + BEGINNING)).any(|at| {
        let is_sure = reader.says_any(at, &["meant", "mean", "correction", "scrap"]);
        let is_correction = || {
            let gap = reader.gap(at);
            gap.is_some_and(|(_, gap)| gap == Gap::Correction) || reader.says_any(at, &["not"])
        };
        // "Oh, I read it wrong".
        let is_wrong = || reader.says_any(at, &["wrong", "misread", "mistake"]);
        is_sure || !is_past && (is_correction() || is_wrong())
    })
}

/// Whether letters are told: "with a y", "b r i n".
pub(super) fn spells(reader: TokenReader) -> bool {
    let is_letter = |at: usize| reader.is_letter(at) && !reader.says(at, "i");
    (reader.floor..reader.tokens.len())
        .any(|at| is_letter(at) && is_letter(at + 1) || reader.says_any(at, &["with", "without"]))
}

/// Whether one word is all that is said.
pub(super) fn is_one_word(reader: TokenReader) -> bool {
    let tokens = reader.tokens.get(reader.floor..).unwrap_or(&[]);
    tokens.iter().filter(|token| token.is_word()).count() == 1
}

/// Whether an assistant says again what it heard: "was that …", "so …", "did you say …".
pub(super) fn reads_back(reader: TokenReader) -> bool {
    const FIRST: [&str; 9] = [
        "was", "is", "so", "that's", "did", "okay", "thanks", "got", "right",
    ];
    const WORDS: usize = 16;
    let is_short = reader.tokens.len() <= reader.floor + WORDS;
    is_short && reader.says_any(reader.floor, &FIRST)
}

/// Whether one word that is no common one begins what an assistant says, and little follows it:
/// "Wojcik, got it".
pub(super) fn reads_name_back(reader: TokenReader) -> bool {
    const MOST: usize = 8;
    const BEFORE: [&str; 8] = [
        "so", "okay", "ok", "that's", "right", "thanks", "it's", "ah",
    ];
    let said = reader.tokens.get(reader.floor..).unwrap_or(&[]);
    let is_before = |at: &usize| {
        let token = reader.token(*at);
        reader.says_any(*at, &BEFORE) || token.is_some_and(|token| !token.is_word())
    };
    let Some(at) = (reader.floor..reader.tokens.len()).find(|at| !is_before(at)) else {
        return false;
    };
    let sense = NameSense::of(reader.word(at));
    let is_over = reader.token(at + 1).is_none_or(|next| !next.is_word());
    let token = reader.tokens.get(at);
    let is_name = token.is_some_and(|token| {
        token.is_word() && token.len() > 2 && token.entry.id == 0 && token.is_capital(reader.text)
    });
    said.len() <= MOST && is_name && is_over && (sense.is_unknown() || sense.is_clear())
}

/// Whether nothing but numbers is said, and what one says around them: "oh one two three", "the
/// last group is 6476", "seven two at the end".
pub(super) fn tells_numbers(reader: TokenReader) -> bool {
    const AROUND: [&str; 28] = [
        "actually",
        "should",
        "at",
        "of",
        "end",
        "start",
        "beginning",
        "in",
        "middle",
        "group",
        "bit",
        "part",
        "half",
        "one",
        "to",
        "all",
        "meant",
        "mean",
        "there",
        "mine",
        "ends",
        "ending",
        "carry",
        "perfect",
        "lovely",
        "far",
        "have",
        "you",
    ];
    let around = Class::FILLER | Class::LEAD | Class::JOIN | Class::COPULA | Class::SEPARATOR;
    let tokens = reader.tokens.get(reader.floor..).unwrap_or(&[]);
    let is_empty = |(at, token): (usize, &crate::detect::read::Token)| {
        !token.is_word()
            || token.says_number()
            || token.has(around | Class::GO_ON)
            || reader.says_any(reader.floor + at, &AROUND)
    };
    tokens.iter().any(|token| token.says_digits())
        && !tokens
            .iter()
            .any(|token| token.asks(AskingRole::WHICH | AskingRole::HOW))
        && tokens.iter().enumerate().all(is_empty)
}
