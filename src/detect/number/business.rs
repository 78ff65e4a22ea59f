//! Telephone numbers that a business tells of itself: "our number is …", "call us on 0800 …".
//!
//! A number that somebody is called back on is none, and what is dialed free of charge is a
//! business's only where nobody says that it is his.

use std::ops::Range;

use crate::detect::Speaker;
use crate::detect::english::Topic;
use crate::detect::read::{Run, SpokenPassage};

/// Area codes that cost nothing in North America.
const FREE: [&str; 8] = ["800", "888", "877", "866", "855", "844", "833", "822"];

/// What begins a number of a service elsewhere.
const SERVICE: [&str; 19] = [
    "0800", "0808", "0300", "0303", "0330", "0333", "0343", "0344", "0345", "0370", "0371", "0844",
    "0845", "0870", "1300", "1800", "1850", "1890", "13",
];

/// Whether a business says a number as its own.
pub(super) fn is_of_business(passage: &SpokenPassage, run: &Run, speaker: Speaker) -> bool {
    if !(8..=13).contains(&run.digits.len()) {
        return false;
    }
    let is_service = is_service(&run.digits);
    let is_assistant = speaker == Speaker::Assistant;
    // What was told is said again.
    if is_assistant && (passage.asks(Topic::Phone) || asks_whether(passage, run)) {
        return false;
    }
    (is_service || is_assistant) && tells(passage, run, is_service, is_assistant)
}

// "So 0800 555 0142, is that right?", "is it 888-555-0100?".
fn asks_whether(passage: &SpokenPassage, run: &Run) -> bool {
    const NEAR: usize = 6;
    let reader = passage.reader();
    let is_right = |at: usize| {
        reader.says_any(at, &["right", "correct"]) || run.end == at && reader.is_mark(at, b'?')
    };
    (run.end..passage.end.min(run.end + NEAR)).any(is_right)
}

// What is free or of a service by its first digits.
fn is_service(digits: &str) -> bool {
    let national = digits.strip_prefix("001").unwrap_or(digits);
    let national = match national.len() {
        11 => national.strip_prefix('1').unwrap_or(national),
        _ => national,
    };
    let is_free = national.len() == 10 && FREE.iter().any(|area| national.starts_with(area));
    let is_known = |begin: &str| match digits.len() {
        6 => begin.len() == 2,
        9 => begin.len() == 4 && begin.starts_with('1'),
        10 | 11 => begin.len() == 4,
        _ => false,
    };
    is_free
        || SERVICE
            .iter()
            .any(|begin| is_known(begin) && digits.starts_with(begin))
}

// Whose the number is, by the words before it.
fn tells(passage: &SpokenPassage, run: &Run, is_service: bool, is_assistant: bool) -> bool {
    const REACH: usize = 18;
    const OWNERS: [&str; 14] = [
        "my", "your", "you're", "his", "her", "their", "me", "him", "i'm", "i", "gave", "have",
        "records", "file",
    ];
    const OURS: [&str; 4] = ["our", "us", "we", "we're"];
    const LINES: [&str; 9] = [
        "helpline",
        "hotline",
        "toll",
        "freephone",
        "line",
        "number",
        "desk",
        "office",
        "switchboard",
    ];
    let reader = passage.reader();
    let lowest = passage.first.max(run.first.saturating_sub(REACH));
    let mut says_line = false;
    let mut stops = 0;
    for at in (lowest..run.first).rev() {
        if reader.says_any(at, &OWNERS) {
            return false;
        }
        if reader.says_any(at, &OURS) {
            // "Reach us at", "our number": and else only what no caller has.
            let reaches = at > passage.first
                && reader.says_any(
                    at - 1,
                    &[
                        "reach", "call", "ring", "text", "phone", "contact", "dial", "fax",
                    ],
                );
            return is_service || is_assistant && (says_line && !reader.says(at, "we") || reaches);
        }
        says_line |= reader.says_any(at, &LINES);
        stops += usize::from(reader.ends_sentence(at));
        if stops > 1 {
            break;
        }
    }
    is_service && (is_assistant || says_line_of_service(passage, lowest..run.first))
}

// "The helpline on 1300 …", "visit the store or call 1-877 …".
fn says_line_of_service(passage: &SpokenPassage, mut range: Range<usize>) -> bool {
    const WORDS: [&str; 7] = [
        "helpline",
        "hotline",
        "toll",
        "freephone",
        "switchboard",
        "customer",
        "toll-free",
    ];
    let reader = passage.reader();
    range.any(|at| reader.says_any(at, &WORDS))
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector;
    use crate::detect::testing::{check, check_one};

    #[test]
    fn what_a_business_tells_of_itself_stays() {
        for text in [
            "Our number is 1-800-555-0142.",
            "you can reach us on 0800 555 0142 any time",
            "our toll free line is one eight eight eight five five five oh one four two",
            "agent: call us on 020 7946 0018 if it happens again",
            "agent: our office number is 415-555-0132",
            "agent: for claims dial 1 877 555 0119",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn what_somebody_has_is_found() {
        for (text, value) in [
            ("my number is 1-800-555-0142", "1-800-555-0142"),
            ("agent: so your number is 888 555 0142", "888 555 0142"),
            ("agent: our records show 415-555-0132", "415-555-0132"),
            ("call us back at 415-555-0132", "415-555-0132"),
            ("agent: so 0800 555 0142, is that right?", "0800 555 0142"),
        ] {
            check_one(Detector::Phone, text, value);
        }
    }
}
