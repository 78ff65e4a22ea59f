//! Postal codes that nothing else looks like: those of the United Kingdom and of Canada.
//!
//! Postal codes of digits alone need their words; they are numbers among others.

use crate::detect::Detector;
use crate::detect::english::Class;
use crate::detect::growing::TextSoFar;
use crate::detect::read::{Token, TokenKind, TokenReader};

/// Whether a code may begin at a token: letters, a few in capitals or spelled, and a digit.
pub(super) fn may_begin(reader: &TokenReader, at: usize) -> bool {
    const MOST_LETTERS: usize = 2;
    const MOST_SPELLED: usize = 6;
    let is_short = |token: &Token| {
        token.is_word() && (token.len() <= MOST_LETTERS || token.has(Class::ALPHABET))
    };
    let token = reader.token(at);
    let is_written_short = token.is_some_and(is_short);
    // "Capital k", "zed", "double b".
    let is_named = !is_written_short
        && token.is_some_and(|token| may_be_named(token, reader.text))
        && reader.says_any(at, &NAMED)
        && reader.spelled(at).is_some();
    if !is_named && !is_written_short {
        return false;
    }
    let is_spelled = |at: usize| {
        let token = reader.token(at);
        token.is_some_and(|token| token.is_letter() || token.has(Class::ALPHABET))
    };
    let is_capitals = |token: &Token| {
        let word = token.of(reader.text);
        word.len() <= MOST_LETTERS && word.bytes().all(|byte| byte.is_ascii_uppercase())
    };
    let begins = is_named
        || is_spelled(at)
        || reader.token(at).is_some_and(is_capitals)
        || is_small(reader, at);
    let before = at.checked_sub(1).filter(|before| *before >= reader.floor);
    let is_inside = before
        .is_some_and(|at| is_spelled(at) || reader.touches_next(at) && is_of_word(reader, at));
    // "W, D, 4, 4".
    let comma = |at: usize| usize::from(is_spelled(at - 1) && reader.is_mark(at, b','));
    let mut end = at + usize::from(!is_spelled(at));
    let mut letters = 0;
    while letters < MOST_SPELLED && is_spelled(end) {
        (end, letters) = (end + 1 + comma(end + 1), letters + 1);
    }
    // "R x dash one nine".
    let is_dash = |token: &Token| token.is_word() && token.has(Class::SEPARATOR);
    let dash = usize::from(letters > 0 && reader.token(end).is_some_and(is_dash));
    begins && !is_inside && (reader.says_digits(end + dash) || explains(reader, at))
}

// "Bs8 1ab": two small letters that touch digits, and the second half behind them.
fn is_small(reader: &TokenReader, at: usize) -> bool {
    let is_digits = |at: usize, most: usize| {
        let token = reader.token(at);
        token.is_some_and(|token| token.kind == TokenKind::Digits && token.len() <= most)
    };
    let is_glued = reader.touches_next(at) && is_digits(at + 1, 2) && !reader.touches_next(at + 1);
    let is_inward = is_digits(at + 2, 1) && reader.touches_next(at + 2);
    let end = reader.token(at + 3);
    is_glued && is_inward && end.is_some_and(|end| end.is_word() && end.len() == 2)
}

/// Whether a code is one; `is_parted`: whether it is said or written in parts.
pub(super) fn is_one(code: &str, is_parted: bool) -> bool {
    is_british(code)
        || is_canadian(code)
        || is_parted && is_irish(code)
        || is_parted && is_explained(code)
        || (2..=4).any(|half| is_begun_anew(code, half))
}

// "S w one eight four d n, that's d for delta, n for november": some of its letters are said again.
fn is_explained(code: &str) -> bool {
    const MOST: usize = 4;
    let own = |letters: usize| {
        let end = code.len().checked_sub(letters)?;
        code.get(..end).zip(code.get(end..))
    };
    (1..=MOST).filter_map(own).any(|(whole, again)| {
        let has_letter = again.bytes().any(|byte| byte.is_ascii_uppercase());
        has_letter && whole.contains(again) && (is_british(whole) || is_canadian(whole))
    })
}

// "B n three, hold on, b n three, four p l": the first half is said twice.
fn is_begun_anew(code: &str, half: usize) -> bool {
    let (Some(first), Some(rest)) = (code.get(..half), code.get(half..)) else {
        return false;
    };
    rest.starts_with(first) && is_british(rest)
}

/// The first byte of the letters at the end, which may begin one.
pub(super) fn begins(growing: &TextSoFar) -> usize {
    let tokens = growing.reader.tokens;
    let is_open = |token: &&Token| token.is_letter() || token.has(Class::ALPHABET);
    let open = tokens
        .iter()
        .rev()
        .take(MOST_OPEN)
        .take_while(is_open)
        .last();
    let first = open.map_or(growing.reader.text.len(), |token| token.start);
    if growing.wants(Detector::Zip) || growing.wants(Detector::Id) {
        first
    } else {
        growing.reader.text.len()
    }
}

// "J for juliet".
fn explains(reader: &TokenReader, at: usize) -> bool {
    reader
        .spelled(at)
        .is_some_and(|spelled| spelled.end > at + 1)
}

// Every word of a text comes by here: by its length and its first letter.
fn may_be_named(token: &Token, text: &str) -> bool {
    let first = text.as_bytes().get(token.start).unwrap_or(&0);
    matches!(
        (token.len(), first.to_ascii_lowercase()),
        (3, b'z') | (5, b'a' | b'l' | b'u') | (6, b'd' | b't') | (7, b'c') | (9, b'l' | b'u')
    )
}

// Words with which a letter is told.
const NAMED: [&str; 10] = [
    "capital",
    "uppercase",
    "lowercase",
    "upper",
    "lower",
    "zed",
    "zee",
    "aitch",
    "double",
    "triple",
];

// More letters than that are spelled for something else.
const MOST_OPEN: usize = 6;

fn is_of_word(reader: &TokenReader, at: usize) -> bool {
    reader
        .word(at)
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

// "SW1A 1AA": the last two letters are none of C, I, K, M, O and V, so that "M25 3PM" is a road and
// a time.
fn is_british(code: &str) -> bool {
    let (Some(outward), Some(inward)) = (
        code.len().checked_sub(3).and_then(|end| code.get(..end)),
        code.len().checked_sub(3).and_then(|end| code.get(end..)),
    ) else {
        return false;
    };
    let letters = outward.bytes().take_while(u8::is_ascii_alphabetic).count();
    let district = outward.get(letters..).unwrap_or("").as_bytes();
    let is_district = match district {
        [first] => first.is_ascii_digit(),
        [first, second] => first.is_ascii_digit() && second.is_ascii_alphanumeric(),
        _ => false,
    };
    let is_inward = match inward.as_bytes() {
        [sector, unit @ ..] => {
            sector.is_ascii_digit()
                && unit
                    .iter()
                    .all(|byte| byte.is_ascii_uppercase() && !b"CIKMOV".contains(byte))
        }
        [] => false,
    };
    (1..=2).contains(&letters) && is_district && is_inward
}

// "K1A 0B1".
fn is_canadian(code: &str) -> bool {
    code.len() == 6
        && code.bytes().enumerate().all(|(at, byte)| match at % 2 {
            0 => byte.is_ascii_uppercase() && !b"DFIOQU".contains(&byte),
            _ => byte.is_ascii_digit(),
        })
}

/// Whether a code stands in two parts, three and four, or in words: "D02 X285", "d zero two, x …".
pub(super) fn is_parted(text: &str) -> bool {
    const SHORT: usize = 4;
    let mut parts = text.split_whitespace().map(str::len);
    let is_written = parts.next() == Some(3) && parts.next() == Some(4) && parts.next().is_none();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || [' ', ',', '\'', '-'].contains(&c);
    let is_said = text.split_whitespace().count() > SHORT;
    text.chars().all(is_plain) && (is_written || is_said)
}

// "D02 X285": three of the district, and four of the house.
fn is_irish(code: &str) -> bool {
    const LETTERS: &[u8] = b"ACDEFHKNPRTVWXY";
    let is_letter = |byte: &u8| LETTERS.contains(byte);
    let may_be = |byte: &u8| byte.is_ascii_digit() || is_letter(byte);
    let [first, second, third, house @ ..] = code.as_bytes() else {
        return false;
    };
    let is_district = is_letter(first) && second.is_ascii_digit();
    let is_mixed = house.iter().any(is_letter) && house.iter().any(u8::is_ascii_digit);
    is_district
        && (third.is_ascii_digit() || code.starts_with("D6W"))
        && house.len() == 4
        && house.iter().all(may_be)
        && is_mixed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::testing::{check, check_one};

    #[test]
    fn some_postal_codes_need_no_words() {
        assert!(is_british("SW1A1AA") && is_british("M11AE") && !is_british("M253PM"));
        assert!(is_irish("D02X285") && !is_irish("D02X28") && !is_irish("B02X285"));
        assert!(is_canadian("K1A0B1") && !is_canadian("D1A0B1"));
        assert!(is_one("BN3BN34PL", false) && !is_one("LS6BN34PL", false));
        for (text, value) in [
            ("we're in LS6 2QP now", "LS6 2QP"),
            ("i'm in s w one v three a b", "s w one v three a b"),
            (
                "it's golf four one, two hotel papa",
                "golf four one, two hotel papa",
            ),
            ("near V6B 4Y8 downtown", "V6B 4Y8"),
            ("it will be bs8 1th from june", "bs8 1th"),
            ("it was e8 3dl before", "e8 3dl"),
        ] {
            check_one(Detector::Zip, text, value);
        }
    }

    #[test]
    fn a_code_may_be_begun_twice() {
        check_one(
            Detector::Zip,
            "it's b n three hold on b n three, four p l",
            "b n three hold on b n three, four p l",
        );
        check_one(Detector::Zip, "it's D02 X285", "D02 X285");
        for value in [
            "s w 1 8 4 d n that's d for delta n for november",
            "v six b two w nine like victor six bravo",
        ] {
            check_one(Detector::Zip, &format!("deliver to {value}"), value);
        }
        for text in ["my ref is D02 X285", "model F35KW21", "it's f35 not g36"] {
            check(text, &[]);
        }
    }

    #[test]
    fn roads_seats_and_vitamins_are_none() {
        for text in [
            "take the M25 at 3PM",
            "on the A4 2 miles east",
            "seat B 12 on the left",
            "vitamin B 12 and C",
            "flight BA2 4XY",
            "at gate ba2 4pm today",
            "row co2 2nd seat",
        ] {
            check(text, &[]);
        }
    }
}
