//! Values that the call's context says are private, found wherever they occur.

mod spelled;
mod spellings;
mod undecided;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use aho_corasick::AhoCorasick;
use moka::sync::Cache;
use serde_json::Value;

use super::hit::{Hit, fold, is_whole};
use super::labels::RuleLabels;
use super::names::{is_word_too, parts};
use super::numbers::{FEWEST_DIGITS, digits_of, each_number, is_same_number};
use super::repeated::RepeatedValues;
use crate::detect::{self, View};
use crate::lang::facts::Facts;
use crate::rule::Identity;
use spellings::{single_spaced, spellings};

/// A known value shorter than this is part of too many words.
const SHORTEST: usize = 2;
/// So many callers' known values are kept ready.
const MOST_CALLS: u64 = 1000;
/// What no turn asked for in so long is forgotten.
const IDLE: Duration = Duration::from_secs(15 * 60);

/// The known values of one turn.
#[derive(Debug, Default)]
pub(super) struct KnownValues {
    values: Vec<KnownValue>,
    /// Which value each of the finder's spellings is.
    spellings: Vec<usize>,
    /// Those spellings.
    texts: Vec<String>,
    finder: Option<KnownFinder>,
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

/// The known values of calls, each read once for the turns of its call.
#[derive(Debug, Clone)]
pub(super) struct KnownOfCalls(Cache<Identity, Arc<KnownValues>>);

/// What finds the known values of one call.
#[derive(Debug)]
struct KnownFinder {
    /// As they are written.
    written: AhoCorasick,
    /// By the letters and digits that they say.
    said: RepeatedValues,
}

impl KnownOfCalls {
    pub(super) fn new() -> KnownOfCalls {
        let cache = Cache::builder()
            .max_capacity(MOST_CALLS)
            .time_to_idle(IDLE)
            .build();
        KnownOfCalls(cache)
    }

    /// Reads the values at `paths` (each with its label) off the facts.
    pub(super) fn gather<'p>(
        &self,
        facts: &Facts,
        paths: impl Iterator<Item = (&'p str, String)>,
        labels: &RuleLabels,
    ) -> Arc<KnownValues> {
        let mut texts: Vec<(usize, Cow<'_, str>)> = Vec::new();
        for (path, label) in paths {
            if let Some(label) = labels.position(&label) {
                let mut add = |text| texts.push((label, text));
                each_text(lookup(facts, path), &mut add);
            }
        }
        let caller = lookup(facts, "customer.number").and_then(Value::as_str);
        let key = labels.identity(&(&texts, caller));
        self.0
            .get_with(key, || Arc::new(KnownValues::of(&texts, caller, labels)))
    }
}

impl KnownFinder {
    /// The finder of these values, in these spellings.
    fn of(texts: &[String], values: &[KnownValue], labels: &RuleLabels) -> Option<KnownFinder> {
        if texts.is_empty() {
            return None;
        }
        let written = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(texts)
            .ok()?;
        let mut said = RepeatedValues::default();
        // A name is found as it is written, and as it is spelled.
        for value in values.iter().filter(|value| value.has_digits()) {
            let hit = Hit {
                start: 0,
                end: 0,
                label: value.label,
                identity: value.identity,
            };
            said.add(labels, &value.folded, hit);
        }
        Some(KnownFinder { written, said })
    }
}

impl KnownValue {
    fn has_digits(&self) -> bool {
        const FEWEST: usize = 4;
        let digits = self.folded.bytes().filter(u8::is_ascii_digit);
        digits.count() >= FEWEST
    }
}

/// Names its label alone.
impl std::fmt::Debug for KnownValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KnownValue")
            .field("label", &self.label)
            .finish_non_exhaustive()
    }
}

impl KnownValues {
    /// Of these texts, each with its label; `caller`: the caller's number.
    fn of(
        texts: &[(usize, Cow<'_, str>)],
        caller: Option<&str>,
        labels: &RuleLabels,
    ) -> KnownValues {
        let mut values: Vec<KnownValue> = Vec::new();
        let mut add = |label: usize, text: &str, needs_capital: bool| {
            let folded = fold(text);
            let identity = labels.identity(&folded);
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
        for (label, text) in texts {
            add(*label, text, false);
            for part in parts(text) {
                add(*label, part, is_word_too(part));
            }
        }
        let identities: Vec<_> = values
            .iter()
            .map(|value| (value.label, value.identity))
            .collect();
        let (spellings, texts) = spellings(values.iter().map(|value| value.folded.as_str()));
        KnownValues {
            finder: KnownFinder::of(&texts, &values, labels),
            spellings,
            texts,
            id: Some(labels.identity(&identities)),
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

    /// The known values that a text says in other spellings, beside `own` hits (in order).
    pub(super) fn find_said(&self, labels: &RuleLabels, text: &str, own: &[Hit]) -> Vec<Hit> {
        let finder = self
            .finder
            .as_ref()
            .filter(|finder| !finder.said.is_empty());
        finder.map_or_else(Vec::new, |finder| finder.said.find(labels, text, own))
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
        for found in finder.written.find_overlapping_iter(&*single) {
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

/// The value at a path such as `customer.name`.
fn lookup<'f>(facts: &'f Facts, path: &str) -> Option<&'f Value> {
    let mut keys = path.split('.');
    let root = facts.root(keys.next()?)?;
    keys.try_fold(root, |value, key| value.get(key))
}

/// Every string and number in a value.
fn each_text<'v>(value: Option<&'v Value>, take: &mut dyn FnMut(Cow<'v, str>)) {
    match value {
        Some(Value::String(text)) => take(text.trim().into()),
        Some(Value::Number(number)) => take(number.to_string().into()),
        Some(Value::Array(items)) => items.iter().for_each(|item| each_text(Some(item), take)),
        Some(Value::Object(fields)) => fields.values().for_each(|item| each_text(Some(item), take)),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
