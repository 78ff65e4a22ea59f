//! A caller's number, so that it can be looked for by its last digits and never be read.
//!
//! Only keyed hashes of its endings are kept, with a key that ends with the process.

use std::hash::{BuildHasher, RandomState};

/// The fewest digits that are looked for.
pub(super) const FEWEST: usize = 2;
/// The most that a number has.
const MOST: usize = 15;

/// The endings of one number, hashed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct NumberEndings(Vec<u64>);

impl NumberEndings {
    /// Those of a number, however it is written.
    pub(super) fn of(number: &str, key: &RandomState) -> NumberEndings {
        let digits = digits(number);
        let lengths = FEWEST..=digits.len().min(MOST);
        let endings = lengths.map(|length| key.hash_one(&digits[digits.len() - length..]));
        NumberEndings(endings.collect())
    }

    /// Whether the number ends with these digits.
    pub(super) fn end_with(&self, digits: &str, key: &RandomState) -> bool {
        let place = digits.len().checked_sub(FEWEST);
        let hash = place.and_then(|place| self.0.get(place));
        hash.is_some_and(|hash| *hash == key.hash_one(digits))
    }
}

/// The digits that somebody looks for; none: the text is no part of a number.
pub(super) fn looked_for(text: &str) -> Option<String> {
    let is_number = text
        .chars()
        .all(|sign| sign.is_ascii_digit() || " +-().*…".contains(sign));
    let digits = digits(text);
    (is_number && digits.len() >= FEWEST).then_some(digits)
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_by_its_last_digits_and_by_no_others() {
        let key = RandomState::new();
        let endings = NumberEndings::of("+1 (415) 555-0187", &key);
        for (asked, is_found) in [
            ("87", true),
            ("0187", true),
            ("14155550187", true),
            ("…0187", true),
            ("555-0187", true),
            ("0188", false),
            ("4155", false),
            ("7", false),
            ("114155550187", false),
            ("call-0187", false),
            ("", false),
        ] {
            let digits = looked_for(asked);
            let found = digits.is_some_and(|digits| endings.end_with(&digits, &key));
            assert_eq!(found, is_found, "{asked}");
        }
        assert!(!format!("{endings:?}").contains("0187"));
        assert!(!NumberEndings::default().end_with("87", &key));
    }
}
