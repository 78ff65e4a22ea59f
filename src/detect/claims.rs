//! The words of a text that detectors have claimed.

use std::ops::Range;

use super::read::{Cue, Token, bytes_of};
use super::{Detector, Detectors, Finding};

/// Claims on a text, none overlapping another.
pub(crate) struct Claims<'a> {
    tokens: &'a [Token],
    taken: Vec<bool>,
    named: Vec<bool>,
    closed: Vec<Range<usize>>,
    found: Vec<Finding>,
}

impl<'a> Claims<'a> {
    /// No claims yet.
    pub(crate) fn new(tokens: &'a [Token]) -> Self {
        let none = vec![false; tokens.len()];
        Self {
            tokens,
            taken: none.clone(),
            named: none,
            closed: Vec::new(),
            found: Vec::new(),
        }
    }

    /// Notes the phrases of the text: their words belong to no number.
    pub(crate) fn note(&mut self, cues: &[Cue]) {
        for cue in cues {
            if let Some(named) = self.named.get_mut(cue.first..cue.end) {
                named.fill(true);
            }
        }
    }

    /// Whether a token is part of a phrase.
    pub(crate) fn is_named(&self, at: usize) -> bool {
        self.named.get(at).copied().unwrap_or(false)
    }

    /// Whether a token is claimed or part of a phrase.
    pub(crate) fn is_taken_or_named(&self, at: usize) -> bool {
        self.is_taken(at) || self.is_named(at)
    }

    /// Claims bytes, unless one of their words is taken.
    pub(crate) fn claim_bytes(&mut self, range: Range<usize>, detector: Detector, value: String) {
        let first = self
            .tokens
            .partition_point(|token| token.end <= range.start);
        let end = self.tokens.partition_point(|token| token.start < range.end);
        self.add(first..end, range, detector, value);
    }

    /// Claims tokens, unless one is taken.
    pub(crate) fn claim(&mut self, tokens: Range<usize>, detector: Detector, value: String) {
        let bytes = bytes_of(self.tokens, tokens.clone());
        self.add(tokens, bytes, detector, value);
    }

    /// Claims tokens together with what is claimed of them, where that is of some kinds only and
    /// lies wholly within; says whether it did.
    pub(crate) fn claim_over(
        &mut self,
        tokens: Range<usize>,
        detector: Detector,
        value: String,
        kinds: &[Detector],
    ) -> bool {
        let bytes = bytes_of(self.tokens, tokens.clone());
        let is_apart = |found: &Finding| found.end <= bytes.start || found.start >= bytes.end;
        let is_within = |found: &Finding| {
            bytes.start <= found.start && found.end <= bytes.end && kinds.contains(&found.detector)
        };
        let is_open =
            |closed: &Range<usize>| closed.end <= tokens.start || closed.start >= tokens.end;
        let mut found = self.found.iter();
        let fits = self.closed.iter().all(is_open)
            && found.all(|found| is_apart(found) || is_within(found));
        if fits {
            self.found.retain(is_apart);
            if let Some(taken) = self.taken.get_mut(tokens.clone()) {
                taken.fill(false);
            }
            self.add(tokens, bytes.clone(), detector, value);
        }
        fits
    }

    /// Claims tokens that a value of the same kind has the first part of: both become one.
    pub(crate) fn widen(&mut self, tokens: Range<usize>, detector: Detector, value: &str) {
        let bytes = bytes_of(self.tokens, tokens.clone());
        let starts = |found: &Finding| found.detector == detector && found.start == bytes.start;
        let Some(at) = self.found.iter().position(starts) else {
            return;
        };
        let end = self.found.get(at).map_or(0, |found| found.end);
        let behind = self.tokens.partition_point(|token| token.start < end);
        if behind >= tokens.end || self.is_any_taken(behind..tokens.end) {
            return;
        }
        self.found.swap_remove(at);
        self.free(tokens.start..behind);
        self.claim(tokens, detector, value.to_owned());
    }

    /// Gives up what is claimed of one kind and lies across the beginning of a token; says whether
    /// there was any.
    pub(crate) fn release_across(&mut self, at: usize, detector: Detector) -> bool {
        let Some(start) = self.tokens.get(at).map(|token| token.start) else {
            return false;
        };
        let lies_across = |found: &Finding| {
            found.detector == detector && found.start < start && start < found.end
        };
        let Some(across) = self.found.iter().position(lies_across) else {
            return false;
        };
        let found = self.found.swap_remove(across);
        let first = self
            .tokens
            .partition_point(|token| token.end <= found.start);
        let end = self.tokens.partition_point(|token| token.start < found.end);
        self.free(first..end);
        true
    }

    fn free(&mut self, tokens: Range<usize>) {
        if let Some(taken) = self.taken.get_mut(tokens) {
            taken.fill(false);
        }
    }

    /// Takes tokens that are no private value, so that no detector looks at them again.
    pub(crate) fn take(&mut self, tokens: Range<usize>) {
        if let Some(taken) = self.taken.get_mut(tokens) {
            taken.fill(true);
        }
    }

    /// Takes tokens that no value has, be it a longer one that lies over them.
    pub(crate) fn close(&mut self, tokens: Range<usize>) {
        self.take(tokens.clone());
        self.closed.push(tokens);
    }

    /// Whether a token is claimed.
    pub(crate) fn is_taken(&self, at: usize) -> bool {
        self.taken.get(at).copied().unwrap_or(false)
    }

    /// Whether one of some tokens is claimed.
    pub(crate) fn is_any_taken(&self, tokens: Range<usize>) -> bool {
        self.taken
            .get(tokens)
            .is_some_and(|taken| taken.contains(&true))
    }

    /// How many claims there are.
    pub(crate) fn count(&self) -> usize {
        self.found.len()
    }

    /// The bytes behind the values of one kind, in order.
    pub(crate) fn ends_of(&self, detector: Detector) -> Vec<usize> {
        let own = self.found.iter().filter(|found| found.detector == detector);
        let mut ends: Vec<usize> = own.map(|found| found.end).collect();
        ends.sort_unstable();
        ends
    }

    /// What was claimed since there were so many.
    pub(crate) fn since(&self, count: usize) -> impl Iterator<Item = &Finding> {
        self.found.get(count..).unwrap_or(&[]).iter()
    }

    /// Whether one of this kind was added since there were so many.
    pub(crate) fn has_new(&self, count: usize, detector: Detector) -> bool {
        let new = self.found.get(count..).unwrap_or(&[]);
        new.iter().any(|found| found.detector == detector)
    }

    /// What was claimed by the detectors that are wanted, in order.
    pub(crate) fn into_findings(mut self, wanted: Detectors) -> Vec<Finding> {
        self.found.retain(|found| wanted.contains(found.detector));
        self.found.sort_by_key(|found| found.start);
        self.found
    }

    fn add(
        &mut self,
        tokens: Range<usize>,
        bytes: Range<usize>,
        detector: Detector,
        value: String,
    ) {
        if bytes.is_empty() || self.is_any_taken(tokens.clone()) {
            return;
        }
        self.take(tokens);
        self.found.push(Finding {
            start: bytes.start,
            end: bytes.end,
            detector,
            value,
        });
    }
}
