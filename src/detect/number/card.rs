//! Payment card numbers.
//!
//! In a card's place any 12 to 19 digits are one: a caller who says a digit wrong still gave a
//! card away. Elsewhere the issuer's digits and the check digit decide.

use std::ops::Range;

use crate::detect::read::DigitGroup;

/// Whether most cards have so many digits: such a number is one card, not a card and its code.
pub(crate) fn is_usual_length(length: usize) -> bool {
    (14..=16).contains(&length)
}

/// Whether groups of digits are written as on a card, whatever the check digit says.
pub(crate) fn is_its_form(digits: &str, shape: &[usize]) -> bool {
    shape.len() >= 3 && is_issued(digits)
}

/// The first groups that make up a card of a known issuer, with the right check digit.
///
/// A card starts and ends with a group, so the parts of one long number are not tried.
pub(crate) fn find(digits: &str, groups: &[DigitGroup]) -> Option<Range<usize>> {
    groups.iter().enumerate().find_map(|(first, group)| {
        let whole = groups
            .iter()
            .enumerate()
            .skip(first)
            .map(|(last, end)| (last, end.at + end.length - group.at))
            .skip_while(|(_, length)| *length < 13)
            .take_while(|(_, length)| *length <= 19);
        let mut valid = whole.filter(|(_, length)| {
            digits
                .get(group.at..group.at + length)
                .is_some_and(is_valid)
        });
        valid.next().map(|(last, _)| first..last + 1)
    })
}

/// Whether an issuer gives out such numbers and the check digit is right.
pub(crate) fn is_valid(digits: &str) -> bool {
    is_issued(digits) && has_right_check_digit(digits)
}

fn is_issued(digits: &str) -> bool {
    let leading = |count: usize| {
        digits
            .get(..count)
            .and_then(|head| head.parse::<u32>().ok())
            .unwrap_or(0)
    };
    match digits.len() {
        14 => matches!(leading(2), 30 | 36 | 38 | 39),
        15 => matches!(leading(2), 34 | 37) || matches!(leading(4), 1800 | 2131),
        13 => leading(1) == 4,
        16 => {
            leading(1) == 4
                || matches!(leading(2), 51..=55 | 50 | 56..=58 | 62 | 63 | 64 | 65 | 67 | 35 | 36)
                || matches!(leading(4), 2221..=2720 | 6011 | 2200..=2204)
                || leading(2) == 60
        }
        17..=19 => matches!(leading(1), 4..=6),
        _ => false,
    }
}

pub(super) fn has_right_check_digit(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, byte)| {
            let value = u32::from(byte.wrapping_sub(b'0'));
            match at % 2 {
                0 => value,
                _ if value > 4 => value * 2 - 9,
                _ => value * 2,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Detector;
    use crate::detect::testing::{check, check_one};

    #[test]
    fn issuer_and_check_digit_make_a_card() {
        for number in [
            "4111111111111111",
            "378282246310005",
            "2223000048410010",
            "36700102000000",
        ] {
            assert!(is_valid(number), "{number}");
        }
        for number in ["4111111111111112", "9999999999999995", "411111111111111"] {
            assert!(!is_valid(number), "{number}");
        }
    }

    #[test]
    fn values_are_found_beside_their_words() {
        for (text, value) in [
            (
                "card: 4414 - 9128 - 4822 - 1634",
                "4414 - 9128 - 4822 - 1634",
            ),
            (
                "forty eight thirty eight fifty nine thirty eight eleven fifty six forty twenty four",
                "forty eight thirty eight fifty nine thirty eight eleven fifty six forty twenty four",
            ),
            ("card no 4111*1111*1111*1111", "4111*1111*1111*1111"),
            (
                "it's the card ending in seven four one two",
                "seven four one two",
            ),
        ] {
            check_one(Detector::Card, text, value);
        }
    }

    #[test]
    fn an_amount_behind_a_card_is_no_code() {
        check_one(Detector::Card, "visa ending 4334, 62.17 on Nov 3", "4334");
        check_one(Detector::Card, "visa ending 4334, two times", "4334");
    }

    #[test]
    fn other_numbers_stay() {
        for text in [
            "transaction id 5740 6774 5287 9902",
            "the card expires soon, 62.17 was taken",
            "card expires oh four twenty seven",
        ] {
            check(text, &[]);
        }
    }
}
