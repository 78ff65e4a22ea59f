//! The filters of templates as functions of plain texts, and the words that a text says.

use std::sync::LazyLock;

use jiff::Timestamp;
use minijinja::Value;
use regex::Regex;

use super::{FilterError, find_zone, format_time, read_time};

/// What is a word, apostrophes aside.
static WORD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\p{Alphabetic}\p{M}\p{N}]+").expect("it is an expression"));

/// Digits and symbols as words, for the ear.
pub fn spoken(text: &str) -> String {
    super::spoken::spoken(text)
}

/// A text (`2026-11-22T15:30:00Z`) or a number of seconds since 1970 as a date in a zone. What is said
/// of a fault quotes neither.
pub fn date(time: &serde_json::Value, format: &str, zone: &str) -> Result<String, String> {
    let told = |error: FilterError| format!("{}; {}", error.message(""), error.help());
    let zone = find_zone(zone).map_err(told)?;
    let time = match (time.as_str(), time.as_f64()) {
        (Some(text), _) => Value::from(text),
        (None, Some(number)) => Value::from(number),
        (None, None) => Value::from(()),
    };
    let time = read_time(&time, &zone).ok_or_else(|| told(FilterError::Time))?;
    format_time(format, &time).map_err(told)
}

/// At most so many characters, the last of them an ellipsis, cut after a word where there is one;
/// none: the text is no longer.
pub fn shortened(text: &str, length: usize) -> Option<String> {
    text.chars().nth(length)?;
    let Some(kept) = length.checked_sub(1) else {
        return Some(String::new());
    };
    let end = text
        .char_indices()
        .nth(kept)
        .map_or(text.len(), |(at, _)| at);
    let (head, tail) = text.split_at(end);
    let cuts_a_word = !tail.starts_with(char::is_whitespace);
    let head = match head.rsplit_once(char::is_whitespace) {
        Some((words, _)) if cuts_a_word && !words.trim().is_empty() => words,
        _ => head,
    };
    let head = head.trim_end().trim_end_matches([',', ';', ':']);
    Some(format!("{head}…"))
}

/// The second since 1970 of a text such as `2026-11-22T15:30:00Z`.
pub fn second(time: &str) -> Option<i64> {
    Some(time.parse::<Timestamp>().ok()?.as_second())
}

/// The words of a text, in small letters and without apostrophes.
pub fn words(text: &str) -> Vec<String> {
    let small = text
        .to_lowercase()
        .replace(['\'', '\u{2019}', '\u{b4}'], "");
    let found = WORD.find_iter(&small);
    found.map(|word| word.as_str().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_quotes_nothing() {
        assert_eq!(
            date(&"2026-11-22T15:30:00Z".into(), "%H:%M", "Europe/Berlin"),
            Ok("16:30".to_owned())
        );
        for (time, format, zone) in [
            ("4111 1111", "%H", "UTC"),
            ("2026-11-22T15:30:00Z", "%J 4111", "UTC"),
            ("2026-11-22T15:30:00Z", "%H", "4111/1111"),
        ] {
            let error = date(&time.into(), format, zone).expect_err(time);
            assert!(!error.contains("4111"), "{error}");
        }
    }

    #[test]
    fn words_are_those_that_are_heard() {
        assert_eq!(words("I can\u{2019}t, OK?"), ["i", "cant", "ok"]);
        assert_eq!(words("हिन्दी 911"), ["हिन्दी", "911"]);
        assert!(words("...").is_empty());
    }
}
