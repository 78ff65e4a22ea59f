//! Placeholders that a text has already, "[CARD_1]": what is hidden is no value again, and names
//! nothing of what stands beside it.
//!
//! It knows them by their form, whatever their label.

use std::ops::Range;

use super::claims::Claims;
use super::read::{TokenKind, TokenReader};

/// Takes the placeholders of a text out of the search.
pub(crate) fn take(reader: TokenReader, claims: &mut Claims) {
    if memchr::memchr(b'[', reader.text.as_bytes()).is_none() {
        return;
    }
    for at in 0..reader.tokens.len() {
        if let Some(range) = placeholder(reader, at) {
            claims.close(range);
        }
    }
}

// Capitals, digits and low lines between brackets, nothing between them.
fn placeholder(reader: TokenReader, at: usize) -> Option<Range<usize>> {
    const LONGEST: usize = 10;
    if !reader.is_mark(at, b'[') || !reader.token(at + 1)?.is_word() {
        return None;
    }
    let mut end = at + 1;
    while !reader.is_mark(end, b']') {
        let word = reader.word(end).bytes();
        let is_label = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        let is_part = reader.is_mark(end, b'_') || word.into_iter().all(is_label);
        if end > at + LONGEST || !is_part || !reader.touches_next(end - 1) {
            return None;
        }
        end += 1;
    }
    let is_numbered = reader.token(end - 1)?.kind == TokenKind::Digits;
    let is_joined = reader.is_mark(end - 2, b'_');
    (is_numbered && is_joined && reader.touches_next(end - 1)).then_some(at..end + 1)
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector;
    use crate::detect::testing::{check, check_one};

    #[test]
    fn placeholders_are_no_values_and_name_none() {
        for text in [
            "agent: and your date of birth?\ncaller: [BIRTHDATE_1]",
            "agent: what is the zip?\ncaller: [ZIP_12]",
            "agent: name on the card?\ncaller: [CARD_1]",
            "[PHONE_1] 4 people at 7",
            "agent: your name?\ncaller: [MY_OWN_3]",
            "agent: may I have your name?\ncaller: [NAME_1]\nagent: I charge [CARD_1] 40",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn other_brackets_hide_nothing() {
        check_one(Detector::Phone, "call me on [4155550132]", "4155550132");
        check_one(
            Detector::Card,
            "card [4111111111111111]",
            "4111111111111111",
        );
    }
}
