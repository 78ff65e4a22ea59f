//! Which words a number takes with it: an opening plus, an extension, the letters of its code, a
//! last digit that was misheard.

use std::ops::Range;

use super::super::kinds::NumberKind;
use super::super::phone;
use super::NumberClaimer;
use crate::detect::Detector;
use crate::detect::english::{Class, NumberWord};
use crate::detect::read::{Run, TokenKind, bytes_of};

impl NumberClaimer<'_, '_, '_> {
    /// Claims a number with the letters that touch it as one code.
    pub(super) fn claim_code(&mut self, run: &Run) {
        let passage = &self.hearing.passage;
        let code = self.code_around(run);
        let bytes = bytes_of(passage.tokens, code.clone());
        let written = passage.text.get(bytes).unwrap_or("");
        let value = written.replace('-', "").to_uppercase();
        self.hearing.claims.claim(code, Detector::Id, value);
    }

    /// Claims a number as what it is, a telephone's with its plus and its extension.
    pub(super) fn claim_as(&mut self, run: &Run, detector: Detector, extension: Option<&Run>) {
        self.last = Some((run.end, run.digits.len(), detector));
        let (end, digits) = self.stretched(run, detector);
        if detector == Detector::Id {
            self.claim_lettered(run.first..end, digits);
            return;
        }
        if detector != Detector::Phone {
            self.hearing.claims.claim(run.first..end, detector, digits);
            return;
        }
        let end = extension.map_or(end, |extension| extension.end);
        let bytes = self.edges().opening(run)..self.hearing.passage.tokens[end - 1].end;
        let international = self
            .hearing
            .passage
            .text
            .get(bytes.clone())
            .is_some_and(|written| written.starts_with(['+', 'p', 'P']));
        let extension = extension.map_or("", |extension| extension.digits.as_str());
        let value = phone::canonical(&run.digits, international, self.hearing.region, extension);
        self.hearing.claims.claim_bytes(bytes, detector, value);
    }

    // "D four four one nine": an official number with the letters that are said beside it.
    fn claim_lettered(&mut self, number: Range<usize>, digits: String) {
        const MOST: usize = 3;
        let passage = &self.hearing.passage;
        let is_letter = |at: &usize| {
            let token = passage.tokens[*at];
            let is_own =
                token.is_letter() && !token.has(Class::CLOSED) || token.has(Class::ALPHABET);
            is_own && !self.hearing.claims.is_taken_or_named(*at)
        };
        let lowest = number.start.saturating_sub(MOST).max(passage.first);
        let first = (lowest..number.start).rev().take_while(is_letter).last();
        let first = first.unwrap_or(number.start);
        let behind = number.end..passage.end.min(number.end + MOST);
        let end = behind
            .take_while(is_letter)
            .last()
            .map_or(number.end, |at| at + 1);
        let letters = |range: Range<usize>| -> String {
            let tokens = passage.tokens.get(range).unwrap_or(&[]).iter();
            let initials = tokens.filter_map(|token| token.of(passage.text).chars().next());
            initials.flat_map(char::to_uppercase).collect()
        };
        let value = format!(
            "{}{digits}{}",
            letters(first..number.start),
            letters(number.end..end)
        );
        self.hearing.claims.claim(first..end, Detector::Id, value);
    }

    // "Two two seven star". "Five one to": the last word is a digit where the number is one short without it.
    fn stretched(&self, run: &Run, detector: Detector) -> (usize, String) {
        let keyed = self.edges().keyed_end(run);
        if let Some(end) = keyed.filter(|_| detector == Detector::Pin) {
            return (end, run.digits.clone());
        }
        let kind = NumberKind::found_by(detector).filter(|kind| kind.is_exact);
        let Some(kind) = kind else {
            return (run.end, run.digits.clone());
        };
        let next = self
            .hearing
            .passage
            .tokens
            .get(run.end)
            .filter(|_| run.end < self.hearing.passage.end);
        match next.map(|token| token.entry.number) {
            Some(NumberWord::Doubtful(digit) | NumberWord::Misheard(digit))
                if run.is_spoken() && run.digits.len() + 1 == kind.full =>
            {
                (run.end + 1, format!("{}{digit}", run.digits))
            }
            _ => (run.end, run.digits.clone()),
        }
    }

    // The letters and digits that touch a number are the same code.
    fn code_around(&self, run: &Run) -> Range<usize> {
        let tokens = self.hearing.passage.tokens;
        let part = |at: usize| {
            let token = tokens[at];
            let inside = token.is_word() || token.kind == TokenKind::Digits || token.is_mark(b'-');
            inside && !self.hearing.claims.is_taken_or_named(at)
        };
        let (mut first, mut end) = (run.first, run.end);
        while first > self.hearing.passage.first
            && tokens[first - 1].end == tokens[first].start
            && part(first - 1)
        {
            first -= 1;
        }
        while end < self.hearing.passage.end
            && tokens[end - 1].end == tokens[end].start
            && part(end)
        {
            end += 1;
        }
        first..end
    }
}
