//! What is private in one text: known values, own patterns and detectors, put together.

mod about;

use std::ops::Range;
use std::sync::Arc;

use regex::Regex;

use super::hit::{Hit, fold, without_overlaps};
use super::known::{KnownOfCalls, KnownValues};
use super::labels::RuleLabels;
use super::memo::{SearchContext, SearchMemo, TextFinds};
use super::repeated::RepeatedValues;
use super::suggested::SuggestedNames;
use crate::detect::{self, Cues, Detector, Detectors, SharedNameFinder, Speaker};
use crate::lang::facts::Facts;
use crate::lang::pattern::Pattern;
use crate::rule::Retention;
use crate::stream::{StreamPattern, Unbounded};

/// The finders of one rule.
#[derive(Debug, Clone)]
pub(super) struct Search {
    labels: RuleLabels,
    detectors: Detectors,
    patterns: Vec<OwnPattern>,
    allowed: Vec<String>,
    memo: SearchMemo,
    known: KnownOfCalls,
    suggested: Option<SuggestedNames>,
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
        Search {
            labels: RuleLabels::default(),
            detectors: Detectors::default(),
            patterns: Vec::new(),
            allowed: keep.iter().map(|value| fold(value)).collect(),
            memo: SearchMemo::new(),
            known: KnownOfCalls::new(),
            suggested: None,
        }
    }

    pub(super) fn add_detector(&mut self, detector: Detector) {
        self.detectors.insert(detector);
        let retention = match detector.is_restored() {
            true => Retention::Value,
            false => Retention::Nothing,
        };
        self.labels.add(detector.label(), retention);
    }

    /// Has something else than the table find names as well, if names are looked for.
    pub(super) fn use_names(&mut self, finder: &SharedNameFinder) -> bool {
        let looks = self.detectors.contains(Detector::Name);
        self.suggested = looks.then(|| SuggestedNames::new(finder));
        looks
    }

    pub(super) fn add_pattern(
        &mut self,
        label: &str,
        pattern: &Pattern,
        is_streamed: bool,
    ) -> Result<(), Unbounded> {
        let streamed = is_streamed.then(|| StreamPattern::new(pattern.regex()).map(Arc::new));
        let streamed = streamed.transpose()?;
        let label = self.labels.add(label, Retention::Value);
        self.patterns.push(OwnPattern {
            label,
            regex: pattern.regex().clone(),
            streamed,
        });
        Ok(())
    }

    /// Adds the label of a known value.
    pub(super) fn add_known(&mut self, label: &str) {
        self.labels.add(label, Retention::Value);
    }

    /// The labels of what is found.
    pub(super) fn labels(&self) -> &RuleLabels {
        &self.labels
    }

    /// What is remembered.
    pub(super) fn memo(&self) -> &SearchMemo {
        &self.memo
    }

    /// Reads the known values at `paths` (each with its label) off the facts.
    pub(super) fn known<'p>(
        &self,
        facts: &Facts,
        paths: impl Iterator<Item = (&'p str, String)>,
    ) -> Arc<KnownValues> {
        self.known.gather(facts, paths, &self.labels)
    }

    /// What is looked for by how it looks.
    pub(super) fn detectors(&self) -> Detectors {
        self.detectors
    }

    /// Finds what is private, in order and without overlaps; also what was found before.
    pub(super) fn find(&self, text: &str, context: SearchContext<'_>) -> Arc<TextFinds> {
        let find = || self.find_all(text, context);
        self.memo.found(&self.labels, text, context, find)
    }

    pub(super) fn find_all(&self, text: &str, context: SearchContext<'_>) -> TextFinds {
        let suggested = match &self.suggested {
            Some(suggested) => suggested.of(&self.labels, text, context),
            None => Some(Arc::default()),
        };
        let names = suggested.as_deref().unwrap_or_default();
        let mut found = self.find_with(text, context.speaker, context.before, context.known, names);
        found.is_whole = suggested.is_some();
        self.name_again(text, context.repeated, &mut found.hits);
        if context.speaker == Speaker::Assistant {
            let broken = context.repeated.find_broken_off(&self.labels, text, &[]);
            self.add_broken_off(broken, &mut found.hits);
        }
        self.add_again(text, context.repeated, &mut found.hits);
        let said = context.known.find_said(&self.labels, text, &found.hits);
        self.add_hits(text, said, &mut found.hits);
        // What is told at one place of a text stands at others of it too.
        let mut here = RepeatedValues::default();
        for hit in &found.hits {
            here.add(&self.labels, &text[hit.start..hit.end], *hit);
        }
        self.add_again(text, &here, &mut found.hits);
        found
    }

    fn add_again(&self, text: &str, values: &RepeatedValues, hits: &mut Vec<Hit>) {
        let again = values.find(&self.labels, text, hits);
        self.add_hits(text, again, hits);
    }

    fn add_hits(&self, text: &str, again: Vec<Hit>, hits: &mut Vec<Hit>) {
        if again.is_empty() {
            return;
        }
        hits.extend(again.into_iter().filter(|hit| {
            // What is kept on purpose stays.
            !self.is_allowed(&text[hit.start..hit.end])
        }));
        hits.sort_by_key(|hit| hit.start);
    }

    /// The beginning of a value is that value, whatever else it looks like.
    fn add_broken_off(&self, broken: Option<Hit>, hits: &mut Vec<Hit>) {
        let Some(broken) = broken else {
            return;
        };
        hits.retain(|hit| hit.start < broken.start || broken.end < hit.end);
        if hits.iter().all(|hit| hit.end <= broken.start) {
            hits.push(broken);
        }
    }

    /// A value that was found before is the same in every spelling, digits of which nothing was
    /// said are those that were spoken of, and two values in one breath are two.
    fn name_again(&self, text: &str, repeated: &RepeatedValues, hits: &mut Vec<Hit>) {
        if repeated.is_empty() {
            return;
        }
        let mut several = Vec::new();
        hits.retain_mut(|hit| {
            let spelling = &text[hit.start..hit.end];
            if let Some((label, identity)) = repeated.value(&self.labels, spelling) {
                let is_unnamed = self.labels.position(Detector::Account.label()) == Some(hit.label);
                if is_unnamed || label == hit.label {
                    (hit.label, hit.identity) = (label, identity);
                    // "Whitfield's" is the name and more.
                    let own = spelling.trim_end_matches("'s").trim_end_matches("’s");
                    hit.end = hit.start + own.len();
                }
                return true;
            }
            // The last four of what was spoken of.
            if spelling.len() <= 4 && self.labels.retention(hit.label) == Some(Retention::Value) {
                hit.label = repeated.label(hit.identity).unwrap_or(hit.label);
            }
            let own = match repeated.has(hit) {
                true => Vec::new(),
                false => repeated.find_several(&self.labels, spelling),
            };
            several.extend(own.iter().map(|own| Hit {
                start: hit.start + own.start,
                end: hit.start + own.end,
                ..*own
            }));
            own.is_empty()
        });
        hits.extend(several);
        hits.sort_by_key(|hit| hit.start);
    }

    /// Finds what is private, by itself and without a model.
    pub(super) fn find_afresh(
        &self,
        text: &str,
        speaker: Speaker,
        before: &Cues,
        known: &KnownValues,
    ) -> TextFinds {
        self.find_with(text, speaker, before, known, &[])
    }

    fn find_with(
        &self,
        text: &str,
        speaker: Speaker,
        before: &Cues,
        known: &KnownValues,
        suggested: &[Range<usize>],
    ) -> TextFinds {
        let mut hits = known.find(text);
        for pattern in &self.patterns {
            hits.extend(pattern.regex.find_iter(text).map(|found| Hit {
                start: found.start(),
                end: found.end(),
                label: pattern.label,
                identity: self.labels.identity(&fold(found.as_str())),
            }));
        }
        let mut wanted = self.detectors;
        if known.has_numbers() {
            // Whoever dictates a known number is understood, whatever else is looked for.
            wanted.insert(Detector::Phone);
            wanted.insert(Detector::Account);
        }
        let scan = detect::scan_with_names(text, speaker, before, wanted, suggested);
        hits.extend(scan.findings.into_iter().filter_map(|finding| {
            let digits: String = finding.value.chars().filter(char::is_ascii_digit).collect();
            let same = known.number(finding.start, finding.end, &digits);
            if let Some(hit) = same.filter(|_| !digits.is_empty()) {
                return Some(hit);
            }
            let is_wanted = self.detectors.contains(finding.detector);
            let label = self
                .labels
                .position(finding.detector.label())
                .filter(|_| is_wanted)?;
            let identity = self.labels.identity(&finding.value);
            Some(Hit {
                start: finding.start,
                end: finding.end,
                label,
                identity,
            })
        }));
        hits.retain(|hit| hit.start < hit.end && !self.is_allowed(&text[hit.start..hit.end]));
        TextFinds {
            hits: without_overlaps(&self.labels, text, hits),
            after: scan.after,
            is_whole: true,
        }
    }

    fn is_allowed(&self, spelling: &str) -> bool {
        !self.allowed.is_empty() && self.allowed.contains(&fold(spelling))
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

#[cfg(test)]
mod tests;
