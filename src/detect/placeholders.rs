//! What stands in a text for what is hidden already: placeholders, "[CARD_1]", and the signs before
//! the last digits of a number, "xxx-xx-6630". It is no value again, and names nothing of what
//! stands beside it.
//!
//! It knows them by their form, whatever their label.

use std::ops::Range;

use super::claims::Claims;
use super::read::{Token, TokenKind, TokenReader};

/// Takes the placeholders of a text out of the search.
pub(crate) fn take(reader: TokenReader, claims: &mut Claims) {
    let has_brackets = memchr::memchr(b'[', reader.text.as_bytes()).is_some();
    let has_masks = memchr::memchr2(b'x', b'X', reader.text.as_bytes()).is_some();
    if !has_brackets && !has_masks {
        return;
    }
    for (at, token) in reader.tokens.iter().enumerate() {
        if has_masks && is_mask(reader, token) {
            claims.close(at..at + 1);
        } else if let Some(range) = placeholder(reader, at) {
            claims.close(range);
        }
    }
}

/// Whether a word stands for digits: "xxx".
pub(crate) fn is_mask(reader: TokenReader, token: &Token) -> bool {
    let word = || token.of(reader.text).bytes();
    token.is_word() && token.len() > 1 && word().all(|byte| matches!(byte, b'x' | b'X'))
}

/// How many signs stand for digits before a token, by groups from the last on: 2 and 3 before the
/// end of a social security number.
pub(crate) fn masked_before(reader: TokenReader, first: usize) -> Vec<usize> {
    const LONGEST: usize = 24;
    let mut groups = vec![0];
    let mut at = first;
    while at > reader.floor && at + LONGEST > first {
        let token = &reader.tokens[at - 1];
        let is_sign =
            matches!(token.kind, TokenKind::Mark(b'*' | b'#')) || token.of(reader.text) == "•";
        let is_parted = !reader.touches_next(at - 1) || token.is_mark(b'-');
        if is_parted && groups.last() != Some(&0) {
            groups.push(0);
        }
        let count = match () {
            () if is_mask(reader, token) => token.len(),
            () if is_sign => 1,
            () if token.is_mark(b'-') => 0,
            () => break,
        };
        if let Some(last) = groups.last_mut() {
            *last += count;
        }
        at -= 1;
    }
    groups.retain(|count| *count > 0);
    groups
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
    fn the_end_of_a_hidden_number_is_what_it_is_of() {
        for (detector, text, value) in [
            (Detector::Ssn, "SSN xxx-xx-6630, estate of R.", "6630"),
            (Detector::Ssn, "xxx-xx-6630 is on the form", "6630"),
            (Detector::Card, "card xxxx xxxx xxxx 4471", "4471"),
            (Detector::Card, "•••• •••• •••• 4471 was charged", "4471"),
            (Detector::Phone, "phone ***-***-0142", "0142"),
        ] {
            check_one(detector, text, value);
        }
        for text in [
            "order ****4471",
            "my xxl shirt 42 and xx 12",
            "**10** items",
            "*** 2024 edition ***",
            "dial *** 1234 to join",
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
