//! Where a known value may begin in a text that still grows.

use super::KnownValues;
use super::spellings::single_spaced;
use crate::detect::{self, Detector, Detectors, View};
use crate::rule::kinds::redact::numbers::{FEWEST_DIGITS, is_same_number};

/// A number may have so many digits more or fewer than it is known with: the country code.
const CODE: usize = 3;
/// A speaker may take back so many digits.
const TAKEN_BACK: usize = 4;

impl KnownValues {
    /// Where a known value may begin that is not whole yet, or may yet turn out to be a part of a
    /// longer word; the text's end where there is none. What stands before `from` was said.
    pub(in crate::rule::kinds::redact) fn undecided_from(&self, text: &str, from: usize) -> usize {
        if self.values.is_empty() {
            return text.len();
        }
        let longest = self.texts.iter().map(String::len).max().unwrap_or(0);
        let word = word_starts(text, from).find(|at| self.may_begin(&text[*at..], longest));
        let number = match self.has_numbers() {
            true => self.number_from(text, from),
            false => text.len(),
        };
        word.unwrap_or(text.len()).min(number)
    }

    /// Whether a text may be the beginning of a known value, in whatever spelling.
    fn may_begin(&self, rest: &str, longest: usize) -> bool {
        // With accents that stand apart, wide letters and blanks a value takes more bytes.
        if rest.len() > 4 * longest + 8 {
            return false;
        }
        let view = View::of(rest);
        let (single, _) = single_spaced(view.text());
        let lower = single.to_lowercase();
        let begins = |text: &String| {
            let mut known = text.chars().flat_map(char::to_lowercase);
            lower
                .trim_end()
                .chars()
                .all(|letter| known.next() == Some(letter))
        };
        if self.texts.iter().any(begins) {
            return true;
        }
        let mut words = lower
            .split([' ', '-', '.', ','])
            .filter(|word| !word.is_empty());
        let is_spelled =
            words.clone().all(|word| word.chars().count() == 1) && words.next().is_some();
        let letters = || lower.chars().filter(|letter| letter.is_alphabetic());
        is_spelled
            && self.values.iter().any(|value| {
                let mut known = value.folded.chars().filter(|letter| letter.is_alphabetic());
                letters().all(|letter| known.next() == Some(letter))
            })
    }

    /// Where a known number may begin, written or dictated.
    fn number_from(&self, text: &str, from: usize) -> usize {
        let wanted: Detectors = [Detector::Phone, Detector::Account].into_iter().collect();
        let wall = detect::decided_until(text, wanted).max(from);
        let start = word_starts(text, wall).find(|at| self.may_be_number(&text[*at..]));
        if let Some(start) = start {
            let signs = text[wall..start].bytes().rev();
            let signs = signs.take_while(|byte| b"+( ".contains(byte)).count();
            return start - signs;
        }
        // A word may yet become one of a number.
        let begun = text[wall..].trim_end_matches(|letter: char| !letter.is_whitespace());
        let begun = wall + begun.len();
        if begun < text.len() && detect::decided_until(&text[begun..], wanted) == 0 {
            return begun;
        }
        text.len()
    }

    /// Whether a text begins with a number that goes on and may become a known one.
    fn may_be_number(&self, rest: &str) -> bool {
        let numbers = detect::numbers(rest);
        let Some((range, digits)) = numbers.first().filter(|(range, _)| range.start == 0) else {
            return false;
        };
        // The word at the end may become any.
        let whole = rest.trim_end_matches(|letter: char| !letter.is_whitespace());
        let goes_on = |begun: &str| {
            let longer = detect::numbers(&format!("{begun} five five"));
            let first = longer.first().filter(|(longer, _)| longer.start == 0);
            first.is_some_and(|(longer, _)| longer.end > begun.len())
        };
        if !(goes_on(rest) || (range.end <= whole.len() && goes_on(whole))) {
            return false;
        }
        let fewest = digits.len().saturating_sub(TAKEN_BACK);
        (fewest..=digits.len()).any(|length| {
            let begun = digits.get(..length).unwrap_or("");
            self.values
                .iter()
                .filter(|value| value.digits.len() >= FEWEST_DIGITS)
                .any(|value| {
                    may_become(&value.digits, begun) || is_same_number(&value.digits, begun)
                })
        })
    }
}

/// Whether a number that begins so may become the known one, with or without its country code.
fn may_become(known: &str, begun: &str) -> bool {
    let without_code = (0..=CODE).any(|at| known.get(at..).is_some_and(|k| k.starts_with(begun)));
    let with_code = (0..=CODE).any(|at| begun.get(at..).is_none_or(|rest| known.starts_with(rest)));
    without_code || with_code
}

/// Where words begin, from a place on.
fn word_starts(text: &str, from: usize) -> impl Iterator<Item = usize> {
    let before = text.get(..from).unwrap_or("").chars().next_back();
    let rest = text.get(from..).unwrap_or("");
    let mut is_inside = before.is_some_and(char::is_alphanumeric);
    rest.char_indices().filter_map(move |(at, letter)| {
        let begins = letter.is_alphanumeric() && !is_inside;
        is_inside = letter.is_alphanumeric();
        begins.then_some(from + at)
    })
}
