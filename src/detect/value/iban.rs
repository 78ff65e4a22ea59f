//! International bank account numbers, told by their check digits.

use std::ops::Range;

use crate::detect::Detector;
use crate::detect::growing::{NOWHERE, ValueReach};
use crate::detect::hearing::Hearing;
use crate::detect::read::{CodeReader, digit_starts};

/// How far back a number may still reach while a text grows.
pub(crate) const REACH: ValueReach = ValueReach {
    begins: |growing| growing.formed(&[Detector::Iban]),
    ..NOWHERE
};

const SHORTEST: usize = 15;
const LONGEST: usize = 34;

/// Claims the account numbers of a text whose check digits are right, written and said.
pub(crate) fn claim_form(text: &mut Hearing) {
    text.claim_written(Detector::Iban, written, canonical);
    claim_spoken(text);
}

fn written(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found: Vec<Range<usize>> = Vec::new();
    for digit in digit_starts(bytes) {
        let Some(start) = digit.checked_sub(2) else {
            continue;
        };
        let begins = bytes[start].is_ascii_alphabetic()
            && bytes[start + 1].is_ascii_alphabetic()
            && bytes.get(digit + 1).is_some_and(u8::is_ascii_digit)
            && !start
                .checked_sub(1)
                .is_some_and(|at| bytes[at].is_ascii_alphanumeric());
        if begins
            && found.last().is_none_or(|last| last.end <= start)
            && let Some(end) = end_of(bytes, start)
        {
            found.push(start..end);
        }
    }
    found
}

fn claim_spoken(text: &mut Hearing) {
    let reader = text.passage.reader();
    for start in 0..reader.tokens.len() {
        // A country's two letters, and digits behind them.
        let begins =
            reader.is_letter(start) && reader.is_letter(start + 1) && reader.says_number(start + 2);
        if !begins || text.claims.is_taken(start) {
            continue;
        }
        let code = CodeReader {
            reader,
            is_iban: true,
            taken: &|at| text.claims.is_taken(at),
            named: &|at| text.claims.is_named(at),
        };
        if let Some(code) = code.code(start)
            && (SHORTEST..=LONGEST).contains(&code.value.len())
            && (has_right_check_digits(&code.value) || is_its_form(&code.value))
        {
            text.claims.claim(code.range, Detector::Iban, code.value);
        }
    }
}

// The number without blanks, in capitals.
fn canonical(written: &str) -> String {
    written
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

// The words behind a number may look like more of it: the longest end with right check digits.
fn end_of(bytes: &[u8], start: usize) -> Option<usize> {
    let mut number = String::new();
    let mut end = None;
    let mut blanks = 0;
    for (at, &byte) in bytes.iter().enumerate().skip(start) {
        if byte.is_ascii_alphanumeric() {
            number.push(char::from(byte.to_ascii_uppercase()));
            blanks = 0;
            let ends_here = !bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric);
            if number.len() > LONGEST {
                break;
            }
            let is_whole = ends_here && number.len() >= SHORTEST && has_enough_digits(&number);
            if is_whole && has_right_check_digits(&number) {
                end = Some(at + 1);
            }
        } else if matches!(byte, b' ' | b'-' | b'.' | b',' | b'\n') && blanks < 2 {
            blanks += 1;
        } else {
            break;
        }
    }
    end
}

// The words behind a postcode have right check digits now and then; every country's numbers have
// more digits than a postcode.
fn has_enough_digits(number: &str) -> bool {
    const FEWEST: usize = 7;
    number.bytes().filter(u8::is_ascii_digit).count() >= FEWEST
}

// A country, two check digits of which one was misheard, and a bank of letters or as many signs as
// that country's have: what nobody says of anything else.
fn is_its_form(number: &str) -> bool {
    const FEWEST: usize = 10;
    let is_bank = |part: &str| part.bytes().all(|byte| byte.is_ascii_uppercase());
    let has_length = || {
        let mut lengths = LENGTHS.iter();
        lengths.any(|(length, countries)| {
            *length == number.len()
                && number
                    .get(..2)
                    .is_some_and(|own| countries.split(' ').any(|one| one == own))
        })
    };
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    number
        .get(2..4)
        .is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
        && digits >= FEWEST
        && (number.get(4..8).is_some_and(is_bank) || has_length())
}

/// How many signs the numbers of countries have.
const LENGTHS: [(usize, &str); 12] = [
    (15, "NO"),
    (16, "BE"),
    (18, "DK FI NL"),
    (20, "AT EE LT LU"),
    (21, "CH HR LV LI"),
    (22, "BG DE GB IE"),
    (23, "AE IL"),
    (24, "CZ ES PK RO SA SE SK"),
    (25, "PT"),
    (26, "IS TR"),
    (27, "FR GR IT MC"),
    (28, "CY HU PL"),
];

fn has_right_check_digits(number: &str) -> bool {
    let (country, account) = number.split_at(4);
    let rest = account
        .chars()
        .chain(country.chars())
        .try_fold(0u32, |rest, character| {
            let value = character.to_digit(36)?;
            Some(if value < 10 {
                (rest * 10 + value) % 97
            } else {
                (rest * 100 + value) % 97
            })
        });
    rest == Some(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::testing::{check_one, check_written};

    fn check(text: &str, expected: &[&str]) {
        check_written(written, text, expected);
    }

    #[test]
    fn written_in_one_or_in_groups() {
        check(
            "iban=GB90DGMH49094965931783, ok",
            &["GB90DGMH49094965931783"],
        );
        check(
            "to NL42 AJIZ 5639 4106 92 instead of",
            &["NL42 AJIZ 5639 4106 92"],
        );
        check("iban nl69vwfk1926123388 please", &["nl69vwfk1926123388"]);
    }

    #[test]
    fn wrong_check_digits_are_something_else() {
        check(
            "GB91DGMH49094965931783 and PR12 for the files in the folder",
            &[],
        );
        check("my postcode is CF24 3AB and the checker says no", &[]);
    }

    #[test]
    fn a_number_that_is_said_needs_no_label() {
        check_one(
            Detector::Iban,
            "refund it to b e six eight five three nine double oh seven five four seven oh three four thanks",
            "b e six eight five three nine double oh seven five four seven oh three four",
        );
    }

    #[test]
    fn a_countrys_length_tells_one_that_was_misheard() {
        for value in [
            "i e 64 i r c e 92 05 01 12 34 56 78",
            "d e four four five double oh one oh five one seven five four oh seven three two four nine three two",
        ] {
            check_one(Detector::Iban, &format!("pay it to {value} please"), value);
        }
        for text in [
            "i e 64 boxes",
            "it's a b 12 and not b a 12",
            "d e 4 4 rooms",
        ] {
            crate::detect::testing::check(text, &[]);
        }
    }

    #[test]
    fn spellings_of_one_number_are_one_value() {
        assert_eq!(canonical("nl42 ajiz-5639"), "NL42AJIZ5639");
    }
}
