//! Telephone numbers, written as in the caller's region or with a country code.

use rlibphonenumber::{PHONE_NUMBER_UTIL, Region};

/// Whether so many digits are one of the region, where only a number was spoken of.
pub(crate) fn is_national_length(digits: &str) -> bool {
    matches!(digits.len(), 7 | 10)
        || (digits.len() == 11 && (digits.starts_with('1') || digits.starts_with('0')))
}

/// Whether digits are a whole number of North America: neither area nor exchange begins with 0 or 1.
pub(crate) fn is_american(digits: &str) -> bool {
    let national = match digits.len() {
        11 => digits.strip_prefix('1').unwrap_or(""),
        _ => digits,
    };
    let begins = |at: usize| {
        national
            .as_bytes()
            .get(at)
            .is_some_and(|digit| *digit >= b'2')
    };
    national.len() == 10 && begins(0) && begins(3)
}

/// Whether a number is written as nothing else is: with a country code, with brackets round the
/// area code, in the groups of North America, or valid in the caller's region and in groups.
pub(crate) fn is_its_form(written: &str, shape: &[usize], region: &str) -> bool {
    let length: usize = shape.iter().sum();
    if !(7..=16).contains(&length) {
        return false;
    }
    if written.starts_with('+') {
        return length >= 8;
    }
    if let Some(international) = written.strip_prefix("00")
        && shape.len() > 1
        && length >= 10
    {
        return is_valid(&format!("+{international}"), region);
    }
    match shape {
        // Pairs, as in France.
        [2, 2, 2, 2, 2] if written.starts_with('0') => true,
        [3, 3, 4] | [1, 3, 3, 4] | [3, 3, 3, 4] | [3, 7] => true,
        [_] => false,
        // A trunk zero, as most of the world writes it.
        [2..=5, .., 3..=8]
            if written.starts_with(['0', '('])
                && written.contains('0')
                && ((10..=11).contains(&length) || length == 9 && written.starts_with("(0")) =>
        {
            written.trim_start_matches('(').starts_with('0')
        }
        // A parse costs more than all else: not where the plan has no number of this length.
        _ => {
            let is_american = matches!(region, "US" | "CA");
            let lengths = if is_american { 10..=11 } else { 9..=12 };
            lengths.contains(&length) && is_valid(written, region)
        }
    }
}

/// The number with its country code, and the extension behind a semicolon.
pub(crate) fn canonical(
    digits: &str,
    is_international: bool,
    region: &str,
    extension: &str,
) -> String {
    let is_american = matches!(region, "US" | "CA");
    let mut value = match digits.len() {
        _ if digits.starts_with("00") => {
            let digits = digits.trim_start_matches('0');
            parsed(&format!("+{digits}"), region).unwrap_or_else(|| format!("+{digits}"))
        }
        10 if is_american && !is_international => format!("+1{digits}"),
        11 if digits.starts_with('1') && (is_american || is_international) => format!("+{digits}"),
        _ if is_international => {
            parsed(&format!("+{digits}"), region).unwrap_or_else(|| format!("+{digits}"))
        }
        _ => parsed(digits, region).unwrap_or_else(|| digits.to_owned()),
    };
    if !extension.is_empty() {
        value.push(';');
        value.push_str(extension);
    }
    value
}

/// The country of a number with its country code, as ISO 3166 alpha-2; none for what is no number.
pub fn region_of(number: &str) -> Option<String> {
    // North America is one plan of many countries; its numbers are written alike.
    if number.starts_with("+1") {
        return Some("US".to_owned());
    }
    let region = PHONE_NUMBER_UTIL
        .parse(number, None)
        .ok()?
        .get_region_code()?;
    Some(region.to_string())
}

fn parsed(number: &str, region: &str) -> Option<String> {
    let number = PHONE_NUMBER_UTIL
        .parse(number, region.parse::<Region>().ok())
        .ok()?;
    Some(format!(
        "+{}{}",
        number.country_code,
        rlibphonenumber::get_national_significant_number_owned(&number)
    ))
}

fn is_valid(number: &str, region: &str) -> bool {
    PHONE_NUMBER_UTIL
        .parse(number, region.parse::<Region>().ok())
        .is_ok_and(|number| PHONE_NUMBER_UTIL.is_valid_number(&number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Detector;
    use crate::detect::testing::{check, check_one};

    #[test]
    fn some_forms_are_only_a_phone_numbers() {
        assert!(is_its_form("(712) 258-9944", &[3, 3, 4], "US"));
        assert!(is_its_form("+49 30 5694788", &[2, 2, 7], "US"));
        assert!(is_its_form("07700 900368", &[5, 6], "GB"));
        assert!(!is_its_form("4716712655", &[10], "US"));
        assert!(!is_its_form("416-3499-090-61", &[3, 4, 3, 2], "US"));
    }

    #[test]
    fn spellings_of_one_number_are_one_value() {
        assert_eq!(canonical("4155552671", false, "US", ""), "+14155552671");
        assert_eq!(canonical("14155552671", true, "US", ""), "+14155552671");
        assert_eq!(canonical("447700900368", true, "US", ""), "+447700900368");
        assert_eq!(canonical("07700900368", false, "GB", ""), "+447700900368");
        assert_eq!(
            canonical("4155552671", false, "US", "12"),
            "+14155552671;12"
        );
    }

    #[test]
    fn values_are_found_beside_their_words() {
        for (text, value) in [
            ("call me back on 235-484-7428 x946", "235-484-7428 x946"),
            (
                "my cell is plus one eight four five seven zero two two four nine five",
                "plus one eight four five seven zero two two four nine five",
            ),
            ("9072335614 is my mobile", "9072335614"),
        ] {
            check_one(Detector::Phone, text, value);
        }
    }

    #[test]
    fn a_country_tells_a_telephone() {
        for (text, value) in [
            (
                "eight one two three four nine six seven that's singapore",
                "eight one two three four nine six seven",
            ),
            (
                "it's an indian number nine eight four five one seven three four oh six",
                "nine eight four five one seven three four oh six",
            ),
        ] {
            check_one(Detector::Phone, text, value);
        }
        check("the tyres are two oh five fifty five sixteen", &[]);
        check(
            "it's the uk order number nine eight four five one seven three",
            &[],
        );
        check("there were twelve of us that's singapore for you", &[]);
    }

    #[test]
    fn other_numbers_stay() {
        for text in ["call 911 in an emergency", "call me at five thirty"] {
            check(text, &[]);
        }
    }
}
