//! Values that the call's context says are private, found wherever they occur.

mod spelled;
mod undecided;

use std::borrow::Cow;
use std::ops::Range;

use aho_corasick::AhoCorasick;
use serde_json::Value;

use super::names::{is_word_too, parts};
use super::search::{Hit, Search, fold, is_whole};
use crate::detect::{self, View};
use crate::lang::facts::Facts;
use crate::rule::Identity;

/// A known value shorter than this is part of too many words.
const SHORTEST: usize = 2;
/// A known number with at least so many digits is found in every way of writing it.
const FEWEST_DIGITS: usize = 7;

/// The known values of one turn.
#[derive(Debug, Default)]
pub(super) struct Known {
    values: Vec<KnownValue>,
    /// Which value each of the finder's spellings is.
    spellings: Vec<usize>,
    /// Those spellings.
    texts: Vec<String>,
    finder: Option<AhoCorasick>,
    /// What tells these values from others; none where there are no values.
    id: Option<Identity>,
    /// Empty: not known.
    region: String,
}

struct KnownValue {
    label: usize,
    folded: String,
    identity: Identity,
    digits: String,
    needs_capital: bool,
}

impl std::fmt::Debug for KnownValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KnownValue")
            .field("label", &self.label)
            .finish_non_exhaustive()
    }
}

impl Known {
    /// Reads the values at `paths` (each with its label) off the facts.
    pub(super) fn gather<'p>(
        facts: &Facts,
        paths: impl Iterator<Item = (&'p str, String)>,
        search: &Search,
    ) -> Known {
        let mut values: Vec<KnownValue> = Vec::new();
        for (path, label) in paths {
            let Some(label) = search.position(&label) else {
                continue;
            };
            let mut add = |text: &str, needs_capital: bool| {
                let folded = fold(text);
                let identity = search.identity(&folded);
                let is_new = !values.iter().any(|value| value.identity == identity);
                if is_new && folded.chars().count() >= SHORTEST {
                    let digits = digits_of(text);
                    values.push(KnownValue {
                        label,
                        folded,
                        identity,
                        digits,
                        needs_capital,
                    });
                }
            };
            each_text(lookup(facts, path), &mut |text| {
                add(text, false);
                for part in parts(text) {
                    add(part, is_word_too(part));
                }
            });
        }
        let caller = lookup(facts, "customer.number").and_then(Value::as_str);
        let identities: Vec<_> = values
            .iter()
            .map(|value| (value.label, value.identity))
            .collect();
        let id = search.identity(&identities);
        let (spellings, texts) = spellings(&values);
        Known {
            finder: search.finder(id, &texts),
            spellings,
            texts,
            id: Some(id),
            region: caller
                .and_then(crate::detect::region_of)
                .unwrap_or_default(),
            values,
        }
    }

    /// What tells these values from others, for the memo.
    pub(super) fn id(&self) -> Option<Identity> {
        self.id
    }

    /// The country of the caller's number, ISO 3166.
    pub(super) fn region(&self) -> &str {
        if self.region.is_empty() {
            "US"
        } else {
            &self.region
        }
    }

    /// The known values in a text.
    pub(super) fn find(&self, text: &str) -> Vec<Hit> {
        let mut hits = self.find_as_written(text);
        let view = View::of(text);
        if view.text() == text || self.finder.is_none() {
            return hits;
        }
        // Full-width letters, signs that nobody sees, accents that stand apart.
        hits.extend(self.find_as_written(view.text()).into_iter().map(|hit| {
            let Range { start, mut end } = view.source_range(hit.start..hit.end);
            let accents = |c: &char| ('\u{300}'..='\u{36f}').contains(c);
            let rest = text[end..].chars().take_while(accents);
            end += rest.map(char::len_utf8).sum::<usize>();
            Hit { start, end, ..hit }
        }));
        hits
    }

    fn find_as_written(&self, text: &str) -> Vec<Hit> {
        let Some(finder) = &self.finder else {
            return Vec::new();
        };
        let mut hits = Vec::new();
        let (single, places) = single_spaced(text);
        let place = |at: usize| places.get(at).copied().unwrap_or(at);
        for found in finder.find_overlapping_iter(&*single) {
            let value = &self.values[self.spellings[found.pattern().as_usize()]];
            let (start, end) = (place(found.start()), place(found.end()));
            let is_lower = text[start..end].starts_with(char::is_lowercase);
            if is_whole(text, start, end) && !(value.needs_capital && is_lower) {
                hits.push(Hit {
                    start,
                    end,
                    label: value.label,
                    identity: value.identity,
                });
            }
        }
        for run in spelled::runs(text) {
            for value in &self.values {
                let letters = value.folded.chars().filter(|c| c.is_alphabetic());
                let word: String = letters.collect();
                let place = (word.len() > 2).then(|| run.find(&word)).flatten();
                hits.extend(place.map(|place| Hit {
                    start: place.start,
                    end: place.end,
                    label: value.label,
                    identity: value.identity,
                }));
            }
        }
        if self.has_numbers() {
            each_number(text, FEWEST_DIGITS, &mut |start, end, digits| {
                hits.extend(self.number(start, end, digits));
            });
            // Whatever the words around it say that it is of.
            for (range, digits) in detect::numbers(text) {
                hits.extend(self.number(range.start, range.end, &digits));
            }
        }
        hits
    }

    /// Whether any known value is a number that can be written, and spoken, in many ways.
    pub(super) fn has_numbers(&self) -> bool {
        let is_number = |value: &KnownValue| value.digits.len() >= FEWEST_DIGITS;
        self.values.iter().any(is_number)
    }

    /// The hit at a place whose digits are a known number's.
    pub(super) fn number(&self, start: usize, end: usize, digits: &str) -> Option<Hit> {
        let same = self
            .values
            .iter()
            .find(|value| is_same_number(&value.digits, digits))?;
        Some(Hit {
            start,
            end,
            label: same.label,
            identity: same.identity,
        })
    }
}

/// A text with single blanks between its words, and where each byte of it (and its end) stood;
/// no places where nothing had to change.
fn single_spaced(text: &str) -> (Cow<'_, str>, Vec<usize>) {
    let is_odd = |pair: &[u8]| pair[0] == b' ' && pair[1] == b' ';
    let bytes = text.as_bytes();
    let needs_none = !bytes
        .iter()
        .any(|byte| matches!(byte, b'\n' | b'\t' | b'\r'))
        && !bytes.windows(2).any(is_odd)
        && !text.contains('\u{a0}');
    if needs_none {
        return (Cow::Borrowed(text), Vec::new());
    }
    let mut single = String::with_capacity(text.len());
    let mut places = Vec::with_capacity(text.len() + 1);
    for (at, letter) in text.char_indices() {
        if !letter.is_whitespace() {
            single.push(letter);
            places.extend(at..at + letter.len_utf8());
        } else if !single.ends_with(' ') {
            single.push(' ');
            places.push(at);
        }
    }
    places.push(text.len());
    (Cow::Owned(single), places)
}

/// A letter of Latin scripts without its accent, as those write it who have no such key.
fn without_accent(letter: char) -> char {
    const PLAIN: [(&str, char); 13] = [
        ("àáâãäåāăą", 'a'),
        ("çćč", 'c'),
        ("ďđ", 'd'),
        ("èéêëēėęě", 'e'),
        ("ğ", 'g'),
        ("ìíîïīį", 'i'),
        ("łľĺ", 'l'),
        ("ñńň", 'n'),
        ("òóôõöøōő", 'o'),
        ("ŕř", 'r'),
        ("śšş", 's'),
        ("ùúûüūůű", 'u'),
        ("ýÿ", 'y'),
    ];
    let plain = PLAIN.iter().find(|(letters, _)| letters.contains(letter));
    plain.map_or(letter, |(_, plain)| *plain)
}

/// Every way in which the values' letters may be written, and which value each is. ASCII letters
/// are compared without case anyway.
fn spellings(values: &[KnownValue]) -> (Vec<usize>, Vec<String>) {
    let mut which = Vec::new();
    let mut texts: Vec<String> = Vec::new();
    for (at, value) in values.iter().enumerate() {
        let lower = value.folded.clone();
        let mut forms = vec![lower.clone()];
        // As a recogniser writes "O’Brien", "Jean-Claude" and "José".
        let plain: String = lower.chars().map(without_accent).collect();
        for text in [lower.clone(), plain] {
            forms.push(text.replace(['’', '\''], ""));
            forms.push(text.replace('’', "'"));
            forms.push(text.replace('\'', "’"));
            forms.push(text.replace('-', " "));
            forms.push(text);
        }
        if !lower.is_ascii() {
            let titled = lower.split(' ').map(|word| {
                let mut letters = word.chars();
                letters.next().map_or_else(String::new, |first| {
                    first.to_uppercase().chain(letters).collect()
                })
            });
            forms.push(titled.collect::<Vec<String>>().join(" "));
            forms.push(lower.to_uppercase());
        }
        forms.sort();
        forms.dedup();
        which.extend(forms.iter().map(|_| at));
        texts.extend(forms);
    }
    (which, texts)
}

/// The value at a path such as `customer.name`.
fn lookup<'f>(facts: &'f Facts, path: &str) -> Option<&'f Value> {
    let mut keys = path.split('.');
    let root = facts.root(keys.next()?)?;
    keys.try_fold(root, |value, key| value.get(key))
}

/// Every string and number in a value.
fn each_text(value: Option<&Value>, take: &mut dyn FnMut(&str)) {
    match value {
        Some(Value::String(text)) => take(text.trim()),
        Some(Value::Number(number)) => take(&number.to_string()),
        Some(Value::Array(items)) => items.iter().for_each(|item| each_text(Some(item), take)),
        Some(Value::Object(fields)) => fields.values().for_each(|item| each_text(Some(item), take)),
        _ => {}
    }
}

fn digits_of(text: &str) -> String {
    let is_number = text
        .chars()
        .all(|c| c.is_ascii_digit() || "+-.() /".contains(c));
    if is_number {
        text.chars().filter(char::is_ascii_digit).collect()
    } else {
        String::new()
    }
}

/// Numbers are the same when one ends in the other: the country code may be left out.
fn is_same_number(known: &str, found: &str) -> bool {
    let (long, short) = if known.len() >= found.len() {
        (known, found)
    } else {
        (found, known)
    };
    short.len() >= FEWEST_DIGITS && long.len() - short.len() <= 3 && long.ends_with(short)
}

/// Every run of at least so many digits with single separators between, with its digits alone.
pub(super) fn each_number(text: &str, fewest: usize, take: &mut dyn FnMut(usize, usize, &str)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = bytes
        .get(at..)
        .and_then(|rest| rest.iter().position(u8::is_ascii_digit))
    {
        let mut start = at + found;
        let mut end = start;
        let mut gap = 0;
        let mut digits = String::new();
        let mut here = start;
        while let Some(byte) = bytes.get(here) {
            match byte {
                b'0'..=b'9' => {
                    digits.push(char::from(*byte));
                    gap = 0;
                    end = here + 1;
                }
                b' ' | b'-' | b'.' | b'(' | b')' | b'/' if gap < 2 => gap += 1,
                _ => break,
            }
            here += 1;
        }
        while start > 0 && matches!(bytes[start - 1], b'+' | b'(') {
            start -= 1;
        }
        if digits.len() >= fewest {
            take(start, end, &digits);
        }
        at = here.max(end);
    }
}

#[cfg(test)]
mod tests;
