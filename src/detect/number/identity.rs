//! National numbers that tell themselves: by a birth date in them, by their groups, and by check digits.
//!
//! It knows those only that two of these tell: a date, groups or a check digit alone is had by too
//! many counts.

use super::card::has_right_check_digit;

/// Whether digits in groups are a national number, whatever stands beside it.
pub(crate) fn is_told(digits: &str, shape: &[usize]) -> bool {
    match shape {
        [13] => is_south_african(digits),
        [6, 2, 4] => is_day(digits, 12) && !digits.starts_with("19") && !digits.starts_with("20"),
        [6, 4, 3] | [6, 7] | [6, 4, 2, 1] | [6, 4, 1, 1, 1] => is_south_african(digits),
        [11] => is_polish(digits) && digits.starts_with(['3', '4', '5', '6', '7', '8', '9', '0']),
        [3, 3, 3, 2] => is_brazilian(digits),
        [4, 4, 4] => is_indian(digits),
        [4, 5, 1] => is_of_australian_health(digits),
        _ => false,
    }
}

/// Whether nine digits in threes have a check digit of Canada's or Australia's, as no thousands have.
pub(crate) fn is_in_threes(digits: &str, shape: &[usize]) -> bool {
    const AUSTRALIA: [u32; 9] = [1, 4, 3, 7, 5, 8, 6, 9, 10];
    let is_round = digits.ends_with("00") || digits.starts_with(['0', '8']);
    let is_canadian = || has_right_check_digit(digits);
    let is_australian = || weighted(digits, &AUSTRALIA).is_some_and(|sum| sum % 11 == 0);
    shape == [3, 3, 3] && !is_round && (is_canadian() || is_australian())
}

// A birth date, four digits, nationality, and a check digit.
fn is_south_african(digits: &str) -> bool {
    const LENGTH: usize = 13;
    let is_national = matches!(digits.as_bytes().get(10), Some(b'0'..=b'2'));
    digits.len() == LENGTH && is_day(digits, 12) && is_national && has_right_check_digit(digits)
}

// A birth date whose month tells the century, four digits, and a check digit.
fn is_polish(digits: &str) -> bool {
    const WEIGHTS: [u32; 11] = [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1];
    is_day(digits, 32) && weighted(digits, &WEIGHTS).is_some_and(|sum| sum % 10 == 0)
}

// Nine digits, and two that check them.
fn is_brazilian(digits: &str) -> bool {
    const FIRST: [u32; 9] = [10, 9, 8, 7, 6, 5, 4, 3, 2];
    const SECOND: [u32; 10] = [11, 10, 9, 8, 7, 6, 5, 4, 3, 2];
    let check = |weights: &[u32]| {
        let own = digits.get(..weights.len())?;
        let rest = weighted(own, weights)? * 10 % 11 % 10;
        let digit = digits.as_bytes().get(weights.len())?;
        Some(rest == u32::from(digit.wrapping_sub(b'0')))
    };
    digits.len() == 11 && check(&FIRST) == Some(true) && check(&SECOND) == Some(true)
}

// Twelve digits, the last of which checks the rest as Verhoeff has it.
fn is_indian(digits: &str) -> bool {
    digits.len() == 12 && !digits.starts_with(['0', '1']) && is_verhoeff(digits)
}

// Medicare: eight digits, one that checks them, and the issue.
fn is_of_australian_health(digits: &str) -> bool {
    const WEIGHTS: [u32; 8] = [1, 3, 7, 9, 1, 3, 7, 9];
    let check = digits
        .as_bytes()
        .get(8)
        .map(|digit| u32::from(digit.wrapping_sub(b'0')));
    let sum = digits.get(..8).and_then(|own| weighted(own, &WEIGHTS));
    digits.starts_with(['2', '3', '4', '5', '6'])
        && check.is_some()
        && sum.map(|sum| sum % 10) == check
}

// Year, month and day; the month up to one, or twenty and the like more where it tells a century.
fn is_day(digits: &str, most: u8) -> bool {
    let pair = |at: usize| {
        digits
            .get(at..at + 2)
            .and_then(|pair| pair.parse::<u8>().ok())
    };
    let is_month = pair(2).is_some_and(|month| month <= most && matches!(month % 20, 1..=12));
    is_month && matches!(pair(4), Some(1..=31))
}

fn weighted(digits: &str, weights: &[u32]) -> Option<u32> {
    let is_long = digits.len() == weights.len();
    let digits = digits
        .bytes()
        .map(|digit| u32::from(digit.wrapping_sub(b'0')));
    is_long.then(|| {
        digits
            .zip(weights)
            .map(|(digit, weight)| digit * weight)
            .sum()
    })
}

// The product of two elements of the group of a pentagon's turns and mirrors.
fn turned(left: u8, right: u8) -> u8 {
    match (left < 5, right < 5) {
        (true, true) => (left + right) % 5,
        (true, false) => (left + right - 5) % 5 + 5,
        (false, true) => (left - 5 + 5 - right) % 5 + 5,
        (false, false) => (left + 5 - right) % 5,
    }
}

fn is_verhoeff(digits: &str) -> bool {
    const STEP: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let mut sum = 0;
    for (at, digit) in digits.bytes().rev().enumerate() {
        let moved = (0..at % 8).fold(digit.wrapping_sub(b'0'), |digit, _| {
            STEP.get(usize::from(digit)).copied().unwrap_or(0)
        });
        sum = turned(sum, moved);
    }
    sum == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Detector;
    use crate::detect::testing::{check, check_one};

    #[test]
    fn a_birth_date_and_a_check_digit_tell_a_national_number() {
        let told = (0..10).filter(|check| is_told(&format!("720315500908{check}"), &[13]));
        assert_eq!(told.count(), 1);
        let told = (0..10).filter(|check| is_told(&format!("8405121234{check}"), &[11]));
        assert_eq!(told.count(), 1);
    }

    #[test]
    fn one_check_digit_in_ten_is_right() {
        for (begin, shape) in [("23412341234", [4, 4, 4]), ("49512736", [3, 3, 3])] {
            let is_one = |check: &u8| {
                let digits = format!("{begin}{check}");
                is_told(&digits, &shape) || has_right_check_digit(&digits) && shape == [3, 3, 3]
            };
            assert_eq!((0..10).filter(is_one).count(), 1, "{begin}");
        }
        assert!(is_verhoeff("2363") && !is_verhoeff("2364"));
    }

    #[test]
    fn groups_and_check_digits_tell_numbers_without_their_names() {
        for (text, value) in [
            ("he wrote 529.982.247-25 on the form", "529.982.247-25"),
            ("it says 2123 45670 1 on the front", "2123 45670 1"),
        ] {
            check_one(Detector::Id, text, value);
        }
        for text in [
            "he wrote 529.982.247-26 on the form",
            "a total of 130 692 500 steps",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn other_long_numbers_tell_nothing() {
        for (digits, shape) in [
            ("1731000000000", 13),
            ("7213155009087", 13),
            ("7203455009087", 13),
            ("720315", 6),
            ("14155550123", 11),
        ] {
            assert!(!is_told(digits, &[shape]), "{digits}");
        }
    }
}
