//! Which part of an answer is of which thing, where several were asked for at once: "the expiry and
//! the three numbers on the back", "oh four twenty nine and one one eight".
//!
//! It finds no value: each part is heard by itself then, as the answer to its own question. Where
//! no way to part an answer fits, it is heard as one.

mod shape;

use std::ops::Range;

use super::cues::{AskedSlot, Cues};
use crate::detect::english::{Gap, Topic};
use crate::detect::read::{SpokenPassage, TokenKind, TokenReader};
use shape::PartShape;

/// A part of an answer: its tokens and what it answers; nothing where it says nothing.
pub(crate) type AnswerPart = (Range<usize>, Option<AskedSlot>);

/// The parts of a caller's answer to several things, where they can be told.
pub(crate) fn answer_parts(state: &Cues, passage: &SpokenPassage) -> Option<Vec<AnswerPart>> {
    let slots = state.slots();
    let range = passage.first..passage.end;
    if slots.len() < 2 || range.len() > LONGEST || takes_back(passage.reader(), range.clone()) {
        return None;
    }
    let parted = marked_cuts(passage.reader(), range.clone());
    let told = AnswerCutter::new(passage, &slots, parted, 1).best();
    let parts = told.or_else(|| {
        let all = range.start..=range.end;
        let is_short = range.len() <= SHORT;
        is_short
            .then(|| AnswerCutter::new(passage, &slots, all.collect(), 2).best())
            .flatten()
    })?;
    let trimmed = |(range, slot): AnswerPart| (trimmed(passage.reader(), range), slot);
    Some(parts.into_iter().map(trimmed).collect())
}

// Without the pause or the "and" at its end.
fn trimmed(reader: TokenReader, range: Range<usize>) -> Range<usize> {
    let parts = |at: &usize| reader.is_mark(*at, b',') || reader.says_any(*at, &["and", "then"]);
    let silent = range.clone().rev().take_while(parts).count();
    range.start..(range.end - silent).max(range.start + 1)
}

// So many tokens are parted, and so many where no pause and no "and" tells where.
const LONGEST: usize = 48;
const SHORT: usize = 20;

// The most places where an answer may be parted.
const MOST_CUTS: usize = 12;

// How much a better fit outweighs the order.
const ORDER: usize = 8;

// The best fit.
const EXACT: usize = 3;

fn takes_back(reader: TokenReader, mut range: Range<usize>) -> bool {
    range.any(|at| {
        let gap = reader.gap(at);
        gap.is_some_and(|(_, gap)| gap >= Gap::Correction)
    })
}

// The tokens behind a pause or an "and", with both ends.
fn marked_cuts(reader: TokenReader, range: Range<usize>) -> Vec<usize> {
    let parts = |at: &usize| {
        let token = reader.token(*at);
        let is_pause = token.is_some_and(|token| {
            token.kind == TokenKind::Line
                || matches!(token.kind, TokenKind::Mark(b',' | b';') if !reader.touches_next(*at))
        });
        is_pause
            || reader.says_any(*at, &["and", "then"]) && *at > range.start
            || reader.ends_sentence(*at)
    };
    let mut cuts = vec![range.start];
    let inner = range.clone().filter(parts).map(|at| at + 1);
    cuts.extend(inner.filter(|at| *at < range.end).take(MOST_CUTS));
    cuts.push(range.end);
    cuts
}

// Looks for the parts that fit best.
struct AnswerCutter<'c> {
    cuts: Vec<usize>,
    slots: &'c [AskedSlot],
    // How well the piece between two cuts fits a slot, or nothing (the last), by
    // `(from * cuts + to) * (slots + 1) + slot`.
    fits: Vec<u8>,
}

/// What is found so far: how good it is, and the parts by cut and slot.
type Found = (usize, Vec<(usize, usize, usize)>);

impl<'c> AnswerCutter<'c> {
    fn new(passage: &SpokenPassage, slots: &'c [AskedSlot], cuts: Vec<usize>, fewest: u8) -> Self {
        let width = slots.len() + 1;
        let mut fits = vec![0; cuts.len() * cuts.len() * width];
        for from in 0..cuts.len() {
            for to in from + 1..cuts.len() {
                let shape = PartShape::of(passage, cuts[from]..cuts[to]);
                let row = (from * cuts.len() + to) * width;
                for (at, slot) in slots.iter().enumerate() {
                    let fit = shape.fits(*slot);
                    fits[row + at] = if fit >= fewest { fit } else { 0 };
                }
                fits[row + slots.len()] = u8::from(shape.says_nothing());
            }
        }
        Self { cuts, slots, fits }
    }

    fn fit(&self, from: usize, to: usize, slot: usize) -> usize {
        let row = (from * self.cuts.len() + to) * (self.slots.len() + 1);
        self.fits.get(row + slot).map_or(0, |fit| usize::from(*fit))
    }

    // Of what is told up to each cut by some of the slots, the best; then the best of all.
    fn best(&self) -> Option<Vec<AnswerPart>> {
        let all = 1 << self.slots.len();
        let mut best: Vec<Vec<Option<Found>>> = vec![vec![None; all]; self.cuts.len()];
        *best.first_mut()?.first_mut()? = Some((0, Vec::new()));
        for to in 1..self.cuts.len() {
            for (from, used) in (0..to).flat_map(|from| (0..all).map(move |used| (from, used))) {
                let Some(found) = best[from][used].clone() else {
                    continue;
                };
                for (next, longer) in self.longer(&found, from..to, used) {
                    let known = best[to][next].as_ref();
                    if known.is_none_or(|known| longer.0 > known.0) {
                        best[to][next] = Some(longer);
                    }
                }
            }
        }
        let told = best.pop()?.into_iter().enumerate();
        let several = told.filter(|(used, _)| used.count_ones() > 1);
        let fitting = several.filter_map(|(_, found)| found.filter(|found| self.is_sure(found)));
        let (_, parts) = fitting.max_by_key(|(worth, _)| *worth)?;
        let part = |(from, to, slot): (usize, usize, usize)| {
            (
                self.cuts[from]..self.cuts[to],
                self.slots.get(slot).copied(),
            )
        };
        Some(parts.into_iter().map(part).collect())
    }

    // What was found with one more piece, by the slots that are told then.
    fn longer(&self, found: &Found, piece: Range<usize>, used: usize) -> Vec<(usize, Found)> {
        let (worth, parts) = found;
        let mut all = Vec::new();
        for slot in 0..=self.slots.len() {
            let is_told = slot < self.slots.len();
            let fit = self.fit(piece.start, piece.end, slot);
            if fit == 0 || is_told && used & (1 << slot) != 0 {
                continue;
            }
            let next = if is_told { used | 1 << slot } else { used };
            // In the order in which they were asked for, where all else is the same.
            let is_next = is_told && used == (1 << slot) - 1;
            let worth = worth + usize::from(is_told) * ORDER * fit + usize::from(is_next);
            let mut parts = parts.clone();
            parts.push((piece.start, piece.end, slot));
            all.push((next, (worth, parts)));
        }
        all
    }

    // Beside an order's number, which is nobody's secret, the others must be told by their form.
    fn is_sure(&self, found: &Found) -> bool {
        let reference = AskedSlot::Number(Topic::Reference);
        let told = || found.1.iter().filter(|(.., slot)| *slot < self.slots.len());
        let is_reference = |slot: usize| self.slots.get(slot) == Some(&reference);
        !told().any(|(.., slot)| is_reference(*slot))
            || told()
                .all(|(from, to, slot)| is_reference(*slot) || self.fit(*from, *to, *slot) >= EXACT)
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::{
        Address, Birthdate, Cvv, Email, Id, Name, Phone, Pin, Secret, Ssn, Zip,
    };
    use crate::detect::testing::check;

    #[test]
    fn what_was_asked_first_is_answered_first() {
        for (text, found) in [
            (
                "agent: the last four of your social and your zip please\ncaller: 2290 and 60614",
                [(Ssn, "2290"), (Zip, "60614")],
            ),
            (
                "agent: a phone number and the zip?\ncaller: five five five oh one four seven seven eight eight and six oh six one four",
                [
                    (Phone, "five five five oh one four seven seven eight eight"),
                    (Zip, "six oh six one four"),
                ],
            ),
            (
                "agent: your pin and your date of birth\ncaller: four four one two and the third of may nineteen seventy",
                [
                    (Pin, "four four one two"),
                    (Birthdate, "the third of may nineteen seventy"),
                ],
            ),
        ] {
            check(text, &found);
        }
    }

    #[test]
    fn an_expiry_stays_beside_the_code() {
        for (answer, code) in [
            ("oh four twenty nine and one one eight", "one one eight"),
            ("11/28, 6021", "6021"),
            ("november twenty eight and six oh two", "six oh two"),
            (
                "it's six oh two and the date is oh nine thirty",
                "six oh two",
            ),
        ] {
            let text = format!("agent: and the expiry date and the cvc?\ncaller: {answer}");
            check(&text, &[(Cvv, code)]);
        }
    }

    #[test]
    fn an_answer_is_parted_by_its_form() {
        for (text, found) in [
            (
                "agent: house number and postcode?\ncaller: nine b e h six five n x",
                [(Address, "nine b"), (Zip, "e h six five n x")],
            ),
            (
                "agent: your name and postcode?\ncaller: lena harrow, e h six five n x",
                [(Name, "lena harrow"), (Zip, "e h six five n x")],
            ),
            (
                "agent: i need a car reg and an email\ncaller: y c twenty one w f u, mo at brightfold dot com",
                [
                    (Id, "y c twenty one w f u"),
                    (Email, "mo at brightfold dot com"),
                ],
            ),
            (
                "agent: your username and password please\ncaller: lena_h and bluebell77",
                [(Id, "lena_h"), (Secret, "bluebell77")],
            ),
            (
                "agent: we need two things, date of birth and mother's maiden name\ncaller: 9 June 1980 and it's pemberton",
                [(Birthdate, "9 June 1980"), (Name, "pemberton")],
            ),
        ] {
            check(text, &found);
        }
    }

    #[test]
    fn an_order_beside_a_zip_stays() {
        check(
            "agent: your order number and your zip\ncaller: 88213 and 60614",
            &[(Zip, "60614")],
        );
        check(
            "agent: your member number and the reference beside it?\ncaller: three five double two, oh nine one four eight, one",
            &[(Id, "three five double two, oh nine one four eight, one")],
        );
    }

    #[test]
    fn one_answer_is_not_parted() {
        check(
            "agent: how many guests and what time?\ncaller: four and seven thirty",
            &[],
        );
        check(
            "agent: your phone number and zip?\ncaller: five five five, oh one four, seven seven eight eight",
            &[(
                Phone,
                "five five five, oh one four, seven seven eight eight",
            )],
        );
    }
}
