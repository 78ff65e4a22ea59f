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

/// Whether the words before tell of a card's expiry: "expires 12/26", "valid thru 05/27".
pub(super) fn tells_expiry(here: &Glimpse<'_>, at: usize) -> bool {
    const WORDS: usize = 4;
    let before = here.before().split_whitespace().rev().take(WORDS);
    let mut before = before.map(plain);
    at == 0
        && before.any(|word| {
            let word = word.to_ascii_lowercase();
            word.starts_with("expir") || ["exp", "thru"].contains(&&*word)
        })
}

/// Whether the words before say that a number is called: "call 911", "dial 112 or 988".
pub(super) fn tells_call(here: &Glimpse<'_>, at: usize) -> bool {
    const CALLS: [&str; 7] = [
        "call", "dial", "text", "ring", "phone", "calling", "dialing",
    ];
    const BETWEEN: [&str; 3] = ["or", "to", "and"];
    const WORDS: usize = 5;
    let before = here.before().split_whitespace().rev().take(WORDS);
    let before: Vec<&str> = before.map(plain).collect();
    let is_in =
        |list: &[&str], word: &&str| list.iter().any(|known| word.eq_ignore_ascii_case(known));
    let is_last = before
        .first()
        .is_some_and(|last| is_in(&CALLS, last) || is_in(&BETWEEN, last));
    at == 0 && is_last && before.iter().any(|word| is_in(&CALLS, word))
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
