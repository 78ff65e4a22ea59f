//! Word lists in a condition: `says(turn.user, ["goodbye", "call me back"])`.
//!
//! Whole words in any case, with whatever signs between the words of a phrase: what a speech
//! recogniser makes of a voice has its own commas, hyphens and apostrophes.

use std::fmt::Write;
use std::sync::LazyLock;

use regex::Regex;

/// What is no part of a word.
const BETWEEN: &str = r"[^\p{Alphabetic}\p{M}\p{N}]";

/// What parts the words of a phrase. An apostrophe is a part of its word.
static BETWEEN_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[^\p{Alphabetic}\p{M}\p{N}'\u{2019}\u{b4}]+").expect("it is an expression")
});

/// Words that are none: there is no letter and no digit in them.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` has no letter and no digit, so nobody says it")]
pub(super) struct NoWord(String);

/// The regular expression that finds any of these words and phrases in a text.
pub(super) fn any_of(phrases: &[&str]) -> Result<Regex, NoWord> {
    let mut pattern = format!("(?i)(?:\\A|{BETWEEN})(?:");
    for (at, phrase) in phrases.iter().enumerate() {
        pattern.push_str(if at > 0 { "|" } else { "" });
        write_phrase(phrase, &mut pattern).ok_or_else(|| NoWord((*phrase).to_owned()))?;
    }
    // Writing to a string does not fail.
    let _ = write!(pattern, ")(?:{BETWEEN}|\\z)");
    // It is made of escaped words alone; too many of them are refused as an expression is.
    Regex::new(&pattern).map_err(|_| NoWord(phrases.join("`, `")))
}

/// Writes a phrase; none: there is no word in it.
fn write_phrase(phrase: &str, pattern: &mut String) -> Option<()> {
    let is_apostrophe = |sign: char| matches!(sign, '\'' | '\u{2019}' | '\u{b4}');
    let words = BETWEEN_WORDS.split(phrase);
    let words = words.filter(|word| word.chars().any(char::is_alphanumeric));
    let mut is_first = true;
    for word in words {
        if !std::mem::take(&mut is_first) {
            pattern.push_str(BETWEEN);
            pattern.push('+');
        }
        for sign in word.chars() {
            match is_apostrophe(sign) {
                true => pattern.push_str("['\u{2019}\u{b4}]?"),
                false => pattern.push_str(&regex::escape(sign.encode_utf8(&mut [0; 4]))),
            }
        }
    }
    (!is_first).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_are_found_in_any_case_and_however_they_are_punctuated() {
        for (phrases, text, expected) in [
            (&["goodbye", "bye"][..], "Okay, BYE!", true),
            (&["bye"], "bye", true),
            (&["bye"], "Goodbye.", false),
            (&["bye"], "byes", false),
            (&["bye"], "a bye-law", true),
            (&["call me back"], "Could you call me, back?", true),
            (&["call me back"], "call  me\nback", true),
            (&["call me back"], "call me or back", false),
            (&["good-bye"], "good bye", true),
            (&["good-bye"], "goodbye", false),
            (&["can't breathe"], "I can\u{2019}t breathe", true),
            (&["can't breathe"], "i cant breathe", true),
            (&["can't breathe"], "I can breathe", false),
            (&["tschüss"], "TSCHÜSS!", true),
            (&["über"], "xüber", false),
            (&["911"], "call 911 now", true),
            (&["911"], "9113", false),
            (&["c++"], "I like c", true),
            (&["a.b"], "a b", true),
            (&["日本"], "日本", true),
            (&["नमस्ते"], "नमस्ते जी", true),
            (&["हिन्दी"], "हिन्दी", true),
            (&["हिन्"], "हिन्दी", false),
            (&["ลาก่อน"], "ลาก่อน", true),
            (&["can't"], "I can\u{b4}t", true),
            (&["bye", "bye bye"], "bye bye", true),
        ] {
            let regex = any_of(phrases).expect("words");
            assert_eq!(regex.is_match(text), expected, "{phrases:?} in {text}");
        }
        for phrases in [&[""][..], &["bye", " "], &["..."], &["'"]] {
            assert!(any_of(phrases).is_err(), "{phrases:?}");
        }
    }
}
