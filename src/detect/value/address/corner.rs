//! Two streets that meet: "the corner of mill road and fifth avenue".

use super::AddressReader;
use crate::detect::Speaker;
use crate::detect::english::{Class, Surety};

impl AddressReader<'_> {
    /// The end of two streets behind "the corner of".
    pub(super) fn corner(&self, at: usize, lead: Option<Surety>) -> Option<usize> {
        let reader = &self.reader;
        let is_corner = at >= reader.floor + 2
            && reader.tokens.get(at - 1)?.has(Class::PREPOSITION)
            && reader.says_any(at - 2, &["corner", "intersection", "junction"]);
        // "The clinic is at the corner of …": everybody's.
        if lead.is_none() && (!is_corner || self.is_of_business(at - 2)) {
            return None;
        }
        let first = self.side(at)?;
        let is_and = reader.says_any(first, &["and", "at"]) || reader.is_mark(first, b'&');
        let second = is_and.then(|| self.side(first + 1)).flatten()?;
        let is_typed = |from: usize| self.street(from).is_some();
        let is_street = is_typed(at) || is_typed(first + 1);
        let is_titled = self.is_titled(at..first) && self.is_titled(first + 1..second);
        // "The corner of lincoln and fifth".
        let is_ordinal = self.speaker == Speaker::Caller
            && (self.ordinal_end(at) == Some(first) || self.ordinal_end(first + 1) == Some(second));
        // "To the Highlands and Islands".
        let is_plain = is_corner || lead == Some(Surety::Sure);
        let is_sure = (at..second).any(|at| reader.tokens[at].has(Class::STREET));
        let is_street = is_street && (is_plain || is_sure);
        // "Fifth and lexington", as one answers who was asked for it.
        let is_answer = || {
            let is_count = reader.says_any(first + 1, &["final", "last", "foremost"]);
            self.is_asked && is_ordinal && !is_count && self.is_mark_or_end(second)
        };
        let is_told = is_corner && (is_titled || is_ordinal);
        (is_street || is_told || is_answer()).then_some(second)
    }

    // Whether what stands before "corner" says that a business is there.
    fn is_of_business(&self, corner: usize) -> bool {
        const REACH: usize = 5;
        let reader = &self.reader;
        let before = reader.floor.max(corner.saturating_sub(REACH))..corner;
        before
            .clone()
            .rev()
            .take_while(|at| !reader.ends_sentence(*at))
            .any(|at| {
                let token = &reader.tokens[at];
                token.has(Class::THING) || reader.says(at, "our")
            })
    }

    // One street, with its word for street or without.
    fn side(&self, from: usize) -> Option<usize> {
        if let Some(end) = self.street(from).map(|street| street.end)
            && !(from..end).any(|at| self.reader.says(at, "and"))
        {
            return Some(end);
        }
        if let Some(end) = self.ordinal_end(from) {
            return Some(end);
        }
        let is_plain = |at: &usize| {
            self.reader.token(*at).is_some_and(|token| {
                token.is_word() && !token.has(Class::CLOSED | Class::FILLER | Class::MEASURE)
            })
        };
        let end = (from..from + 3).take_while(is_plain).last()? + 1;
        Some(end)
    }
}
