//! Telephone numbers, written as in the caller's region or with a country code.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use rlibphonenumber::{PHONE_NUMBER_UTIL, Region};

use super::cues::Place;
use super::digits::Run;

static EXTENSION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i-u)^,? {0,2}(?:x|ext\.?|extension|#) ?(\d{1,6})\b")
        .expect("the pattern is constant")
});

/// The range of the number that a run of digits is, with its extension.
pub(super) fn written(text: &str, run: &Run, place: Place, region: &str) -> Option<Range<usize>> {
    let digits = run.digits(text, 0..run.groups.len());
    if run.is_glued || !(7..=15).contains(&digits.len()) {
        return None;
    }
    let written = &text[run.range.clone()];
    let shape = run.shape();
    let national =
        matches!(shape.as_slice(), [3, 3, 4] | [1, 3, 3, 4] | [3, 7]) || shape == [3, 3, 3, 4];
    let accepted = match place {
        Place::Reference => written.starts_with('+') && is_valid(written, region),
        Place::Phone => true,
        _ if written.starts_with('+') => digits.len() >= 8,
        _ if national => true,
        _ => shape.len() > 1 && is_valid(written, region),
    };
    if !accepted {
        return None;
    }
    let end = EXTENSION
        .find(&text[run.range.end..])
        .map_or(run.range.end, |hit| run.range.end + hit.end());
    Some(run.range.start..end)
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

/// The number with its country code, and the extension behind a semicolon.
pub(super) fn canonical(written: &str, region: &str) -> String {
    let (number, extension) = match written.find(['x', 'X', 'e', 'E', '#']) {
        Some(at) => written.split_at(at),
        None => (written, ""),
    };
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    let plain = digits(number);
    let mut value = match plain.len() {
        10 if matches!(region, "US" | "CA") && !number.contains('+') => format!("+1{plain}"),
        11 if plain.starts_with('1') && (number.contains('+') || matches!(region, "US" | "CA")) => {
            format!("+{plain}")
        }
        _ => parsed(number, region).unwrap_or(plain),
    };
    if !extension.is_empty() {
        value.push(';');
        value.push_str(&digits(extension));
    }
    value
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
    use super::super::digits::runs;
    use super::*;

    fn check(text: &str, place: Place, expected: &[&str]) {
        let found: Vec<_> = runs(text)
            .iter()
            .filter_map(|run| written(text, run, place, "US"))
            .map(|range| &text[range])
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn numbers_are_told_by_their_form() {
        check(
            "(712) 258-9944 and +49 30 5694788",
            Place::Anywhere,
            &["(712) 258-9944", "+49 30 5694788"],
        );
        check(
            "442-736-6150 x700.",
            Place::Anywhere,
            &["442-736-6150 x700"],
        );
        check("4716712655", Place::Anywhere, &[]);
        check("4716712655", Place::Phone, &["4716712655"]);
        check("416-3499-090-61", Place::Reference, &[]);
    }

    #[test]
    fn spellings_of_one_number_are_one_value() {
        for text in [
            "(415) 555-2671",
            "415.555.2671",
            "+1 415 555 2671",
            "1-415-555-2671",
        ] {
            assert_eq!(canonical(text, "US"), "+14155552671", "{text}");
        }
        assert_eq!(canonical("+44 7700 900368", "US"), "+447700900368");
        assert_eq!(canonical("07700 900368", "GB"), "+447700900368");
        assert_eq!(canonical("415 555 2671 ext. 12", "US"), "+14155552671;12");
    }
}
