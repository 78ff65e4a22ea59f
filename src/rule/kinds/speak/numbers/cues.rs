//! What the words before a number tell of it.

use super::months::is_month;
use crate::stream::sweep::Glimpse;

/// What a number is by the words before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberCue {
    /// The name of a month: a day, or a year.
    Month,
    /// A year, if it can be one.
    Year,
    /// A code, said digit by digit.
    Code,
}

const CODES: [&str; 29] = [
    "code",
    "pin",
    "passcode",
    "password",
    "zip",
    "extension",
    "ext",
    "confirmation",
    "reference",
    "ref",
    "order",
    "ticket",
    "case",
    "account",
    "invoice",
    "policy",
    "tracking",
    "member",
    "id",
    "digits",
    "ending",
    "card",
    "otp",
    "flight",
    "verification",
    "number",
    "room",
    "suite",
    "dial",
];
/// Words that may stand between such a word and its number.
const LINKS: [&str; 7] = ["is", "was", "in", "number", "no", "code", "with"];
const YEARS: [&str; 14] = [
    "in", "since", "until", "till", "by", "of", "year", "during", "before", "after", "around",
    "late", "early", "mid",
];
const DAYS: [&str; 17] = [
    "closed",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "on",
    "by",
    "until",
    "before",
    "after",
    "from",
    "due",
    "since",
    "through",
];

/// What the words before an offset tell.
pub(super) fn before(here: &Glimpse<'_>, at: usize) -> Option<NumberCue> {
    if at > 0 {
        return None;
    }
    let before = here.before();
    let sentence = before.rsplit(['!', '?', ';', '\n']).next()?;
    let mut words = sentence
        .split_whitespace()
        .rev()
        .map(plain)
        .filter(|word| !word.is_empty());
    let last = words.next()?;
    if is_month(last) {
        return Some(NumberCue::Month);
    }
    let is_in =
        |list: &[&str], word: &str| list.iter().any(|known| word.eq_ignore_ascii_case(known));
    let mut word = last;
    for _ in 0..3 {
        if is_in(&CODES, word) {
            return Some(NumberCue::Code);
        }
        if !is_in(&LINKS, word) {
            break;
        }
        word = words.next().unwrap_or_default();
    }
    is_in(&YEARS, last).then_some(NumberCue::Year)
}

/// Whether the words before tell of a day.
pub(super) fn tells_day(here: &Glimpse<'_>, at: usize) -> bool {
    let last = here.before().split_whitespace().next_back().map(plain);
    at == 0 && last.is_some_and(|last| DAYS.iter().any(|day| last.eq_ignore_ascii_case(day)))
}

/// A word without the signs around it.
fn plain(word: &str) -> &str {
    word.trim_matches(|sign: char| !sign.is_alphanumeric())
}
