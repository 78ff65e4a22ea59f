//! Where values stand again in a text.

use super::super::hit::{Hit, is_whole};
use super::super::labels::RuleLabels;
use super::super::names::is_word_too;
use super::aliases::{AliasKind, FEWEST_OF_BEGINNING};
use super::{RepeatedValue, RepeatedValues, beginning};
use crate::detect::{SaidSigns, SignWord, is_common_word};

/// So many digits are no amount, whatever stands beside them.
const NO_AMOUNT: usize = 9;
/// The longest code of a country that is written before a number without a blank.
const LONGEST_CODE: usize = 3;
/// The fewest digits of a number that has such a code.
const FEWEST_WITH_CODE: usize = 9;
/// So many words back a value that was broken off may begin.
const MOST_BROKEN: usize = 24;

/// Some words of a text, whose signs may be a value.
struct SignWindow<'s> {
    first: usize,
    /// The word behind it.
    end: usize,
    signs: &'s str,
}

impl RepeatedValues {
    /// The places where a value stands again, beside `own` hits (in order).
    pub(in super::super) fn find(&self, labels: &RuleLabels, text: &str, own: &[Hit]) -> Vec<Hit> {
        let mut hits = Vec::new();
        if self.layers().all(|layer| layer.values.is_empty()) {
            return hits;
        }
        let signs = SaidSigns::of(text);
        let search = PlaceSearch {
            values: self,
            labels,
            text,
            signs: &signs,
        };
        let mut at = 0;
        while at < signs.words().len() {
            let found = search.longest_at(at).or_else(|| search.ending_at(at));
            let found = found.filter(|(_, hit)| is_free(own, hit));
            at = found.as_ref().map_or(at + 1, |(end, _)| *end);
            hits.extend(found.map(|(_, hit)| hit));
        }
        hits
    }

    /// The values that a text says one after the other, if it says nothing else.
    pub(in super::super) fn find_several(&self, labels: &RuleLabels, text: &str) -> Vec<Hit> {
        let hits = self.find(labels, text, &[]);
        let is_hidden = |place: &std::ops::Range<usize>| {
            hits.iter()
                .any(|hit| hit.start <= place.start && place.end <= hit.end)
        };
        let signs = SaidSigns::of(text);
        match hits.len() > 1 && signs.words().iter().all(|word| is_hidden(&word.source)) {
            true => hits,
            false => Vec::new(),
        }
    }

    /// The beginning of a value in which a text breaks off.
    pub(in super::super) fn find_broken_off(
        &self,
        labels: &RuleLabels,
        text: &str,
        own: &[Hit],
    ) -> Option<Hit> {
        let said = text.trim_end_matches([' ', '-', '—', '–', '…', ',', '\n']);
        if said.ends_with(['?', '!', '.', ':', ';']) || self.is_empty() {
            return None;
        }
        // Only the end of the text is read.
        let start = said
            .char_indices()
            .rev()
            .take(120)
            .last()
            .map_or(0, |(at, _)| at);
        let tail = said.get(start..).unwrap_or("");
        let signs = SaidSigns::of(tail);
        let count = signs.words().len();
        for first in count.saturating_sub(MOST_BROKEN)..count {
            let word = signs.words().get(first)?;
            let broken = signs.text().get(word.at..).unwrap_or("");
            if broken.len() < FEWEST_OF_BEGINNING {
                break;
            }
            let last = signs.words().get(count - 1)?;
            let is_common = || word.is_common || is_word_too(broken) || is_common_word(broken);
            let is_word = first + 1 == count && word.is_word && is_common();
            let place = start + word.source.start..start + last.source.end;
            let is_price = is_priced(text, place.start);
            let Some(value) = self.entry(AliasKind::Beginning.key(labels, broken)) else {
                continue;
            };
            let hit = hit_of(value, place);
            return (!is_word && !is_price && is_free(own, &hit)).then_some(hit);
        }
        None
    }
}

struct PlaceSearch<'s> {
    values: &'s RepeatedValues,
    labels: &'s RuleLabels,
    text: &'s str,
    signs: &'s SaidSigns,
}

impl PlaceSearch<'_> {
    // The longest value that begins with a word, and the word behind it.
    fn longest_at(&self, first: usize) -> Option<(usize, Hit)> {
        let word = self.signs.words().get(first)?;
        let own = self.signs.text().get(word.at..self.signs.end_of(first))?;
        let is_number = own.bytes().all(|byte| byte.is_ascii_digit());
        // "14155550123" begins with the code of its country.
        let codes = match is_number && own.len() > FEWEST_WITH_CODE {
            true => LONGEST_CODE,
            false => 0,
        };
        (0..=codes).find_map(|code| self.longest_from(first, code))
    }

    fn longest_from(&self, first: usize, code: usize) -> Option<(usize, Hit)> {
        let from = self.signs.words().get(first)?.at + code;
        let beginning = beginning(self.labels, self.signs.text(), from)?;
        for length in self.values.lengths_of(beginning) {
            let Some(signs) = self.signs.text().get(from..from + length) else {
                continue;
            };
            let behind = self
                .signs
                .words()
                .partition_point(|word| word.at < from + length);
            let ends = self.signs.end_of(behind.saturating_sub(1)) == from + length;
            let window = SignWindow {
                first,
                end: behind,
                signs,
            };
            if ends
                && (code == 0 || length >= FEWEST_WITH_CODE)
                && let Some(hit) = self.hit(&window)
            {
                return Some((behind, hit));
            }
        }
        None
    }

    fn hit(&self, window: &SignWindow) -> Option<Hit> {
        let value = self.values.entry(self.labels.identity(window.signs))?;
        let words = self.signs.words().get(window.first..window.end)?;
        let (first, last) = (words.first()?, words.last()?);
        let code = self.code_before(window);
        let place = self.widened(code.unwrap_or(first), last);
        if !is_whole(self.text, place.start, place.end) {
            return None;
        }
        let is_number = window.signs.bytes().all(|byte| byte.is_ascii_digit());
        let fits = match value.kind {
            AliasKind::Capital => self.is_capital(words),
            _ if is_number => self.is_no_amount(window, place.clone()),
            AliasKind::Part if window.signs.len() <= super::SHORTEST => self.is_capital(words),
            _ => true,
        };
        fits.then(|| hit_of(value, place))
    }

    // The last four of a value, where only an end is spoken of.
    fn ending_at(&self, first: usize) -> Option<(usize, Hit)> {
        let words = self.signs.words();
        let from = words.get(first).filter(|word| word.is_ending)?.at;
        let signs = self.signs.text().get(from..from + 4)?;
        let behind = words.partition_point(|word| word.at < from + 4);
        let value = self
            .values
            .entry(AliasKind::Ending.key(self.labels, signs))?;
        let own = words.get(first..behind)?;
        let place = self.widened(own.first()?, own.last()?);
        let ends = self.signs.end_of(behind.saturating_sub(1)) == from + 4;
        (ends && is_whole(self.text, place.start, place.end))
            .then(|| (behind, hit_of(value, place)))
    }

    // The "+1" before a number without it.
    fn code_before(&self, window: &SignWindow) -> Option<&SignWord> {
        let before = window.first.checked_sub(1)?;
        let word = self.signs.words().get(before)?;
        let code = self.text.get(word.source.clone())?;
        let is_code = code.len() <= LONGEST_CODE && code.bytes().all(|c| c.is_ascii_digit());
        let opening = self.text.get(..word.source.start)?;
        let is_long = window.signs.len() >= FEWEST_WITH_CODE;
        (is_long && is_code && opening.ends_with('+')).then_some(word)
    }

    // With the marks that open a number.
    fn widened(&self, first: &SignWord, last: &SignWord) -> std::ops::Range<usize> {
        let before = self.text.get(..first.source.start).unwrap_or("");
        let start = match first.is_word {
            true => first.source.start,
            false => before.trim_end_matches(['+', '(']).len(),
        };
        start..last.source.end
    }

    fn is_capital(&self, words: &[SignWord]) -> bool {
        words.iter().all(|word| {
            let own = self.text.get(word.source.clone()).unwrap_or("");
            own.starts_with(char::is_uppercase)
        })
    }

    // Neither a price, a count or a share, nor a part of a longer number.
    fn is_no_amount(&self, window: &SignWindow, place: std::ops::Range<usize>) -> bool {
        let length = window.signs.len();
        if length >= NO_AMOUNT {
            return true;
        }
        let before = self.text.get(..place.start).unwrap_or("");
        let behind = self.text.get(place.end..).unwrap_or("");
        let unit = self.signs.words().get(window.end);
        let is_counted = unit.is_some_and(|unit| {
            let gap = self.text.get(place.end..unit.source.start).unwrap_or("");
            unit.is_unit && gap.chars().all(|c| c == ' ' || c == '-')
        });
        let joins = |c: char| ".,:/-_".contains(c);
        let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let goes_on = behind.starts_with(joins) && is_digit(behind.chars().nth(1));
        let came_before = before.ends_with(joins) && is_digit(before.chars().rev().nth(1));
        let is_share = behind.trim_start().starts_with(['%', '$', '€', '£', '₹']);
        let is_amount =
            is_counted || goes_on || came_before || is_share || is_priced(self.text, place.start);
        // Nobody says an amount digit by digit.
        let words = self
            .signs
            .words()
            .get(window.first..window.end)
            .unwrap_or(&[]);
        let is_spelled = words.len() == length && length > 3;
        let is_short = length < 5 && !is_spelled;
        !is_amount && !is_short
    }
}

fn hit_of(value: RepeatedValue, place: std::ops::Range<usize>) -> Hit {
    Hit {
        start: place.start,
        end: place.end,
        label: value.label,
        identity: value.identity,
    }
}

fn is_free(own: &[Hit], hit: &Hit) -> bool {
    let next = own.partition_point(|own| own.end <= hit.start);
    own.get(next).is_none_or(|own| own.start >= hit.end)
}

// "$1500", "£ 94110".
fn is_priced(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or("").trim_end_matches(' ');
    before.ends_with(['$', '€', '£', '₹', '¥', '#']) && !before.ends_with("##")
}
