//! Placeholders without brackets: `CARD_1`, `card_1`, `_CARD_1_`.

use super::signs::{self, Sign, UNSEEN};
use super::{CONTEXT, Labels, Looking, Marks, PlaceholderLook, PlaceholderMeaning, Spot};

/// A number has no more digits than this.
const MOST_DIGITS: usize = 6;

/// Markdown puts so many underscores around a word.
const MOST_LINES: usize = 2;

/// Where a walk over signs stands.
enum ScanStep {
    /// Behind what was wanted.
    At(usize),
    /// Something else stands there.
    Other,
    /// More text must come.
    Partial,
}

impl Labels {
    /// What begins at a letter or an underscore.
    pub(super) fn look_bare(&self, spot: Spot<'_>, looking: Looking<'_>) -> PlaceholderLook {
        let before = spot.text.get(..spot.at).unwrap_or("").chars().rev();
        let mut before = before.take(CONTEXT).filter(|sign| !is_unseen(*sign));
        let rest = spot.text.as_bytes().get(spot.at..).unwrap_or(&[]);
        let lines = rest.iter().take(MOST_LINES + 1);
        let lines = lines.take_while(|byte| **byte == b'_').count();
        let begins_word = match lines {
            // As markdown has it: "_CARD_1 and CARD_2_".
            0 => before.find(|sign| *sign != '_'),
            _ => before.next(),
        };
        if begins_word.is_some_and(is_of_word) || lines > MOST_LINES {
            return PlaceholderLook::Nothing;
        }
        if lines == rest.len() {
            return spot.unless_over();
        }
        let mut may_match = false;
        for label in 0..self.labels.len() {
            match self.label_n(label, lines, spot, looking) {
                PlaceholderLook::Nothing => {}
                PlaceholderLook::MayMatch => may_match = true,
                found => return found,
            }
        }
        if may_match {
            PlaceholderLook::MayMatch
        } else {
            PlaceholderLook::Nothing
        }
    }

    /// One label, its underscore and a number, between so many underscores.
    fn label_n(
        &self,
        label: usize,
        lines: usize,
        spot: Spot<'_>,
        looking: Looking<'_>,
    ) -> PlaceholderLook {
        let mut at = spot.at + lines;
        for letter in self.name(label).chars().chain(['_']) {
            match spot.take(at, |sign| sign.eq_ignore_ascii_case(&letter)) {
                ScanStep::At(end) => at = end,
                ScanStep::Other => return PlaceholderLook::Nothing,
                ScanStep::Partial => return spot.unless_over(),
            }
        }
        let mut marks = 0;
        if looking.marks != Marks::None {
            while let ScanStep::At(end) = spot.take(at, |sign| sign == '~') {
                (at, marks) = (end, marks + 1);
            }
        }
        let (mut digits, mut number, mut number_at) = (0, 0, at);
        loop {
            let mut value = 0;
            let is_digit = |sign: char| {
                value = sign.to_digit(10).unwrap_or(0);
                sign.is_ascii_digit()
            };
            match spot.take_with(at, is_digit) {
                (start, ScanStep::At(end)) => {
                    if digits == 0 {
                        number_at = start;
                    }
                    digits += 1;
                    if digits > MOST_DIGITS {
                        return PlaceholderLook::Nothing;
                    }
                    number = number * 10 + value;
                    at = end;
                }
                (_, ScanStep::Partial) if !spot.is_over => return PlaceholderLook::MayMatch,
                (_, ScanStep::Partial | ScanStep::Other) => break,
            }
        }
        if digits == 0 || (marks == 0 && looking.marks == Marks::Some) {
            return PlaceholderLook::Nothing;
        }
        let meaning = PlaceholderMeaning::Value {
            label,
            number,
            number_at,
        };
        match spot.behind_number(at, lines) {
            ScanStep::At(end) => PlaceholderLook::Match(end, meaning),
            ScanStep::Other => PlaceholderLook::Nothing,
            ScanStep::Partial => PlaceholderLook::MayMatch,
        }
    }

    /// Whether a placeholder without brackets stands somewhere in a part of a text.
    pub(super) fn has_bare(&self, spot: Spot<'_>, end: usize) -> bool {
        let looking = Looking {
            wanted: super::WantedPlaceholders::Values,
            marks: Marks::None,
            others: &[],
        };
        let mut at = spot.at;
        while let Some(start) = self.next_start(spot.text, at, None).filter(|at| *at < end) {
            let inner = Spot { at: start, ..spot };
            let is_letter = spot.text.as_bytes()[start].is_ascii_alphanumeric();
            if is_letter && matches!(self.look_bare(inner, looking), PlaceholderLook::Match(..)) {
                return true;
            }
            at = start + 1;
        }
        false
    }
}

impl Spot<'_> {
    /// What may still come, unless nothing does.
    fn unless_over(self) -> PlaceholderLook {
        if self.is_over {
            PlaceholderLook::Nothing
        } else {
            PlaceholderLook::MayMatch
        }
    }

    /// Takes a sign that is as wanted, and those that nobody sees before it.
    fn take(self, at: usize, is_wanted: impl FnMut(char) -> bool) -> ScanStep {
        self.take_with(at, is_wanted).1
    }

    /// As [`Spot::take`], with the place of the sign.
    fn take_with(
        self,
        mut at: usize,
        mut is_wanted: impl FnMut(char) -> bool,
    ) -> (usize, ScanStep) {
        // More of them are no accident.
        const MOST_UNSEEN: usize = 4;
        for _ in 0..=MOST_UNSEEN {
            match signs::read(self.text, at, self.escapes) {
                Sign::End | Sign::Partial => return (at, ScanStep::Partial),
                Sign::Is(UNSEEN, length) => at += length,
                // A letter that was escaped is none of a bare word.
                Sign::Is(sign, length) if is_wanted(sign) => {
                    return (at, ScanStep::At(at + length));
                }
                Sign::Is(..) => return (at, ScanStep::Other),
            }
        }
        (at, ScanStep::Other)
    }

    /// Where a placeholder ends whose number ends at a place and that began with so many
    /// underscores.
    fn behind_number(self, at: usize, lines: usize) -> ScanStep {
        let rest = self.text.get(at..).unwrap_or("");
        let behind = rest.bytes().take(MOST_LINES + 1);
        let behind = behind.take_while(|byte| *byte == b'_').count();
        match rest.get(behind..).and_then(|rest| rest.chars().next()) {
            _ if behind > MOST_LINES => ScanStep::Other,
            None if !self.is_over => ScanStep::Partial,
            Some(sign) if is_of_word(sign) || (behind > 0 && sign == '~') => ScanStep::Other,
            _ if lines == 0 || lines == behind => ScanStep::At(at + lines),
            _ => ScanStep::Other,
        }
    }
}

fn is_of_word(sign: char) -> bool {
    sign.is_alphanumeric() || sign == '_'
}

fn is_unseen(sign: char) -> bool {
    !sign.is_ascii()
        && matches!(
            signs::read(sign.encode_utf8(&mut [0; 4]), 0, 0),
            Sign::Is(UNSEEN, _)
        )
}
