//! What is private in one text: known values, own patterns and detectors, put together.
//!
//! The history comes again each turn, so what was found in a text is remembered: the memo makes
//! a turn cost its new message. With and without the memo the result is the same.

mod about;

use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use aho_corasick::AhoCorasick;
use moka::sync::Cache;
use regex::Regex;

use super::known::Known;
use super::repeated::Repeated;
use super::request_fields::Searched;
use crate::detect::{self, Cues, Detector, Detectors, Speaker};
use crate::lang::pattern::Pattern;
use crate::rule::{Identity, Keep, Seeds};
use crate::stream::StreamPattern;

/// Texts below this many bytes are searched faster than they are looked up.
const SHORTEST_REMEMBERED: usize = 24;
/// The memo's size in bytes.
const MEMO_BYTES: u64 = 8 << 20;
/// So many callers' known values are kept ready.
const MOST_FINDERS: u64 = 1000;
/// What no turn asked for in so long is forgotten.
const MEMO_IDLE: Duration = Duration::from_secs(15 * 60);

/// A private value in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    /// Bytes of the text.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Which label of the rule.
    pub(super) label: usize,
    /// Which value it is, in every spelling.
    pub(super) identity: Identity,
}

/// What was found in one text, and the cues for the next.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) hits: Vec<Hit>,
    pub(super) after: Cues,
}

/// All that decides what is found in a text, beside the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given<'g> {
    pub(super) speaker: Speaker,
    /// What stands before the text.
    pub(super) before: &'g Cues,
    pub(super) known: &'g Known,
    /// What was found before.
    pub(super) repeated: &'g Repeated,
}

impl<'g> Given<'g> {
    fn key(self) -> (Speaker, &'g Cues, Option<Identity>, Option<Identity>) {
        (
            self.speaker,
            self.before,
            self.known.id(),
            self.repeated.id(),
        )
    }
}

/// The finders of one rule.
#[derive(Debug, Clone)]
pub(super) struct Search {
    labels: Vec<String>,
    keeps: Vec<Keep>,
    detectors: Detectors,
    patterns: Vec<OwnPattern>,
    allowed: Vec<String>,
    memo: Cache<Identity, Arc<Found>>,
    finders: Cache<Identity, AhoCorasick>,
    seeds: Seeds,
}

#[derive(Debug, Clone)]
struct OwnPattern {
    label: usize,
    regex: Regex,
    /// For what the model says, where that is hidden too.
    streamed: Option<Arc<StreamPattern>>,
}

impl Search {
    pub(super) fn new(keep: &[String]) -> Search {
        let weigh = |_: &Identity, found: &Arc<Found>| {
            u32::try_from(192 + found.hits.len() * size_of::<Hit>()).unwrap_or(u32::MAX)
        };
        Search {
            labels: Vec::new(),
            keeps: Vec::new(),
            detectors: Detectors::default(),
            patterns: Vec::new(),
            allowed: keep.iter().map(|value| fold(value)).collect(),
            memo: Cache::builder()
                .max_capacity(MEMO_BYTES)
                .weigher(weigh)
                .time_to_idle(MEMO_IDLE)
                .build(),
            finders: Cache::builder()
                .max_capacity(MOST_FINDERS)
                .time_to_idle(MEMO_IDLE)
                .build(),
            seeds: Seeds::default(),
        }
    }

    pub(super) fn add_detector(&mut self, detector: Detector) {
        self.detectors.insert(detector);
        let keep = if detector.is_restored() {
            Keep::Value
        } else {
            Keep::Nothing
        };
        self.label(detector.label(), keep);
    }

    pub(super) fn add_pattern(
        &mut self,
        label: &str,
        pattern: &Pattern,
        is_streamed: bool,
    ) -> Result<(), String> {
        let streamed = is_streamed
            .then(|| StreamPattern::new(pattern.regex()).map(Arc::new))
            .transpose()
            .map_err(|error| {
                format!("the pattern `{label}` can't be used with `reply = true`: {error}")
            })?;
        let label = self.label(label, Keep::Value);
        self.patterns.push(OwnPattern {
            label,
            regex: pattern.regex().clone(),
            streamed,
        });
        Ok(())
    }

    /// The place of a label in the rule's list, where it is put if it is new.
    pub(super) fn label(&mut self, label: &str, keep: Keep) -> usize {
        if let Some(at) = self.labels.iter().position(|known| known == label) {
            return at;
        }
        self.labels.push(label.to_owned());
        self.keeps.push(keep);
        self.labels.len() - 1
    }

    /// What is looked for by how it looks.
    pub(super) fn detectors(&self) -> Detectors {
        self.detectors
    }

    pub(super) fn labels(&self) -> &[String] {
        &self.labels
    }

    pub(super) fn label_at(&self, at: usize) -> (&str, Keep) {
        (&self.labels[at], self.keeps[at])
    }

    /// Whether values of a label are kept.
    pub(super) fn keep(&self, label: usize) -> Option<Keep> {
        self.keeps.get(label).copied()
    }

    pub(super) fn position(&self, label: &str) -> Option<usize> {
        self.labels.iter().position(|known| known == label)
    }

    /// Finds what is private, in order and without overlaps; also what was found before.
    pub(super) fn find(&self, text: &str, given: Given<'_>) -> Arc<Found> {
        if text.len() < SHORTEST_REMEMBERED {
            return Arc::new(self.find_all(text, given));
        }
        let key = self.identity(&(text, given.key()));
        if let Some(found) = self.memo.get(&key) {
            return found;
        }
        let found = Arc::new(self.find_all(text, given));
        self.memo.insert(key, found.clone());
        found
    }

    fn find_all(&self, text: &str, given: Given<'_>) -> Found {
        let mut found = self.find_afresh(text, given.speaker, given.before, given.known);
        // Digits of which nothing was said are those that were spoken of before.
        let unnamed = self.position(Detector::Account.label());
        for hit in found
            .hits
            .iter_mut()
            .filter(|hit| Some(hit.label) == unnamed)
        {
            hit.label = given.repeated.label(hit.identity).unwrap_or(hit.label);
        }
        let again = given.repeated.find(self, text, &found.hits);
        if !again.is_empty() {
            found.hits.extend(again);
            found.hits.sort_by_key(|hit| hit.start);
        }
        found
    }

    /// What stands after a whole message in which nothing was found before, if it is remembered.
    pub(super) fn after_clean(&self, message: Identity) -> Option<Cues> {
        self.memo.get(&message).map(|found| found.after.clone())
    }

    /// Remembers that nothing was found in a whole message.
    pub(super) fn remember_clean_message(&self, key: Identity, after: Cues) {
        self.memo.insert(
            key,
            Arc::new(Found {
                hits: Vec::new(),
                after,
            }),
        );
    }

    /// The memo's key for a whole message.
    pub(super) fn message_key(&self, source: &str, given: Given<'_>) -> Identity {
        self.identity(&("message", source, given.key()))
    }

    /// Whether nothing was found before in this JSON text, where it was searched in the same way.
    pub(super) fn is_clean(&self, how: Searched, json: &str, known: &Known) -> bool {
        self.memo
            .contains_key(&self.identity(&("clean", how, json, known.id())))
    }

    pub(super) fn remember_clean(&self, how: Searched, json: &str, known: &Known) {
        let nothing = Found {
            hits: Vec::new(),
            after: Cues::at_start(known.region()),
        };
        self.memo.insert(
            self.identity(&("clean", how, json, known.id())),
            Arc::new(nothing),
        );
    }

    /// Which value a text is.
    pub(super) fn identity<V: Hash + ?Sized>(&self, value: &V) -> Identity {
        self.seeds.identity(value)
    }

    /// A hash of four bytes, for those who compare them and must not keep them.
    pub(super) fn short_hash(&self, bytes: u32) -> u64 {
        self.seeds.short(bytes)
    }

    /// The finder of these known values, built once for the turns of a call.
    pub(super) fn finder(&self, id: Identity, texts: &[String]) -> Option<AhoCorasick> {
        if texts.is_empty() {
            return None;
        }
        if let Some(finder) = self.finders.get(&id) {
            return Some(finder);
        }
        let finder = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(texts)
            .ok()?;
        self.finders.insert(id, finder.clone());
        Some(finder)
    }

    pub(super) fn find_afresh(
        &self,
        text: &str,
        speaker: Speaker,
        before: &Cues,
        known: &Known,
    ) -> Found {
        let mut hits = known.find(text);
        for pattern in &self.patterns {
            hits.extend(pattern.regex.find_iter(text).map(|found| Hit {
                start: found.start(),
                end: found.end(),
                label: pattern.label,
                identity: self.identity(&fold(found.as_str())),
            }));
        }
        let mut wanted = self.detectors;
        if known.has_numbers() {
            // Whoever dictates a known number is understood, whatever else is looked for.
            wanted.insert(Detector::Phone);
            wanted.insert(Detector::Account);
        }
        let scan = detect::scan(text, speaker, before, wanted);
        hits.extend(scan.findings.into_iter().filter_map(|finding| {
            let digits: String = finding.value.chars().filter(char::is_ascii_digit).collect();
            let same = known.number(finding.start, finding.end, &digits);
            if let Some(hit) = same.filter(|_| !digits.is_empty()) {
                return Some(hit);
            }
            let is_wanted = self.detectors.contains(finding.detector);
            let label = self
                .position(finding.detector.label())
                .filter(|_| is_wanted)?;
            let identity = self.identity(&finding.value);
            Some(Hit {
                start: finding.start,
                end: finding.end,
                label,
                identity,
            })
        }));
        hits.retain(|hit| hit.start < hit.end && !self.is_allowed(&text[hit.start..hit.end]));
        Found {
            hits: self.without_overlaps(text, hits),
            after: scan.after,
        }
    }

    fn is_allowed(&self, spelling: &str) -> bool {
        !self.allowed.is_empty() && self.allowed.contains(&fold(spelling))
    }

    /// Joins hits that overlap: nothing that any finder found stays readable. The longest gives the
    /// label; of equally long ones the first finder's.
    pub(super) fn without_overlaps(&self, text: &str, mut hits: Vec<Hit>) -> Vec<Hit> {
        hits.sort_by_key(|hit| hit.start);
        let mut out: Vec<Hit> = Vec::with_capacity(hits.len());
        let mut longest = 0;
        for hit in hits {
            let length = hit.end - hit.start;
            match out.last_mut() {
                Some(last) if hit.start < last.end => {
                    let end = last.end.max(hit.end);
                    if length > longest {
                        longest = length;
                        last.label = hit.label;
                        last.identity = hit.identity;
                    }
                    last.end = end;
                    if last.end - last.start > longest {
                        last.identity = self.identity(&fold(&text[last.start..last.end]));
                    }
                }
                _ => {
                    longest = length;
                    out.push(hit);
                }
            }
        }
        out
    }

    /// Where a match of an own pattern may begin that is not whole yet.
    pub(super) fn undecided_from(&self, text: &str) -> usize {
        let streamed = self
            .patterns
            .iter()
            .filter_map(|pattern| pattern.streamed.as_ref());
        streamed
            .map(|pattern| pattern.undecided_from(text))
            .min()
            .unwrap_or(text.len())
    }
}

/// Whether a match is no part of a longer word or number.
pub(super) fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let joins = |one: Option<char>, other: Option<char>| {
        one.is_some_and(char::is_alphanumeric) && other.is_some_and(char::is_alphanumeric)
    };
    let (Some(before), Some(inside), Some(after)) =
        (text.get(..start), text.get(start..end), text.get(end..))
    else {
        return false;
    };
    !joins(before.chars().next_back(), inside.chars().next())
        && !joins(inside.chars().next_back(), after.chars().next())
}

/// Letters in lower case, blanks as one.
pub(super) fn fold(text: &str) -> String {
    text.split_whitespace()
        .map(str::to_lowercase)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests;
