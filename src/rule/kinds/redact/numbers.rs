//! Numbers as they are written, with signs between their digits.

/// A known number with at least so many digits is found in every way of writing it.
pub(super) const FEWEST_DIGITS: usize = 7;

/// The digits of a text that is a number; empty where it is none.
pub(super) fn digits_of(text: &str) -> String {
    let is_number = text
        .chars()
        .all(|c| c.is_ascii_digit() || "+-.() /".contains(c));
    if is_number {
        text.chars().filter(char::is_ascii_digit).collect()
    } else {
        String::new()
    }
}

/// Numbers are the same when one ends in the other: the country code may be left out.
pub(super) fn is_same_number(known: &str, found: &str) -> bool {
    let (long, short) = if known.len() >= found.len() {
        (known, found)
    } else {
        (found, known)
    };
    short.len() >= FEWEST_DIGITS && long.len() - short.len() <= 3 && long.ends_with(short)
}

/// Every run of at least so many digits with single separators between, with its digits alone.
pub(super) fn each_number(text: &str, fewest: usize, take: &mut dyn FnMut(usize, usize, &str)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = bytes
        .get(at..)
        .and_then(|rest| rest.iter().position(u8::is_ascii_digit))
    {
        let mut start = at + found;
        let mut end = start;
        let mut gap = 0;
        let mut digits = String::new();
        let mut here = start;
        while let Some(byte) = bytes.get(here) {
            match byte {
                b'0'..=b'9' => {
                    digits.push(char::from(*byte));
                    gap = 0;
                    end = here + 1;
                }
                b' ' | b'-' | b'.' | b'(' | b')' | b'/' if gap < 2 => gap += 1,
                _ => break,
            }
            here += 1;
        }
        while start > 0 && matches!(bytes[start - 1], b'+' | b'(') {
            start -= 1;
        }
        if digits.len() >= fewest {
            take(start, end, &digits);
        }
        at = here.max(end);
    }
}
