//! National numbers that tell themselves by a birth date in them and a check digit.
//!
//! It knows those only that both tell: a date or a check digit alone is had by too many counts.

use super::card::has_right_check_digit;

/// Whether a number is South Africa's: a birth date, four digits, nationality, and a check digit.
pub(crate) fn is_valid(digits: &str) -> bool {
    const LENGTH: usize = 13;
    let pair = |at: usize| digits.get(at..at + 2).and_then(|pair| pair.parse().ok());
    let is_day = matches!(pair(2), Some(1..=12u8)) && matches!(pair(4), Some(1..=31u8));
    let is_national = matches!(digits.as_bytes().get(10), Some(b'0'..=b'2'));
    digits.len() == LENGTH && is_day && is_national && has_right_check_digit(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birth_date_and_a_check_digit_tell_a_national_number() {
        let told = (0..10).filter(|check| is_valid(&format!("720315500908{check}")));
        assert_eq!(told.count(), 1);
    }

    #[test]
    fn other_long_numbers_tell_nothing() {
        for digits in ["1731000000000", "7213155009087", "7203455009087", "720315"] {
            assert!(!is_valid(digits), "{digits}");
        }
    }
}
