//! Several numbers said or written in one breath: "415-555-0132 415-555-0133", a card with its
//! expiry, its code and the zip.
//!
//! A run is cut where each part has the form of a private number. What is left over between such
//! parts is hidden too: no digit of a private number may stay because it was cut differently.

use std::ops::Range;

use super::spoken::{Piece, Run};
use super::tokens::Token;
use super::topics::Topic;
use super::words::LOOSE;
use super::{Detector, card, phone, ssn};

/// The most digits of an expiry, a security code and a zip together.
const MOST_BEHIND_CARD: usize = 15;

/// A part of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// Its pieces in the run.
    pub(super) pieces: Range<usize>,
    /// What it is; none for a card's expiry, which is nobody's secret.
    pub(super) detector: Option<Detector>,
}

/// Cuts a run into the numbers it is made of, where it is more than one.
pub(super) fn parts(
    text: &str,
    tokens: &[Token],
    run: &Run,
    topic: Option<Topic>,
    region: &str,
) -> Option<Vec<Part>> {
    const SHORTEST: usize = 10;
    let is_other = matches!(topic, Some(Topic::Reference | Topic::Iban | Topic::Id));
    if is_other || run.pieces.len() < 2 || run.digits.len() <= SHORTEST {
        return None;
    }
    // One breath of digit words is one number, unless it is longer than any.
    let longest = match topic {
        Some(Topic::Account) => 40,
        Some(Topic::Ssn | Topic::Phone) => 15,
        _ => 16,
    };
    if run.is_spoken() && run.digits.len() <= longest {
        return None;
    }
    let cutter = Cutter {
        text,
        tokens,
        run,
        topic,
        region,
    };
    if cutter.form(0..run.pieces.len()).is_some() {
        return None;
    }
    let found = cutter.cut();
    let (known, all) = (
        found.iter().filter(|part| part.detector.is_some()).count(),
        found.len(),
    );
    let is_card = found
        .iter()
        .any(|part| part.detector == Some(Detector::Card));
    let is_certain = known > 1 || is_card || !run.is_spoken();
    let fits_whole = topic == Some(Topic::Card) && card::fits(run.digits.len());
    (known > 0 && all > 1 && is_certain && (!fits_whole || is_card)).then(|| cutter.named(found))
}

/// Cuts what stands behind a card: its expiry, its security code and the zip, each once at most
/// and in any order.
pub(super) fn behind_card(run: &Run) -> Option<Vec<Part>> {
    const KINDS: usize = 3;
    fn go(run: &Run, from: usize, open: [bool; KINDS], found: &mut Vec<Part>) -> bool {
        const MOST: usize = 5;
        if from == run.pieces.len() {
            return true;
        }
        for end in from + 1..=run.pieces.len().min(from + MOST) {
            let Some(part) = run.slice(from..end) else {
                return false;
            };
            let kinds = [
                (is_expiry(&part), None),
                (matches!(part.digits.len(), 3 | 4), Some(Detector::Cvv)),
                (part.digits.len() == 5, Some(Detector::Zip)),
            ];
            for (at, (fits, detector)) in kinds.into_iter().enumerate() {
                if !fits || !open[at] {
                    continue;
                }
                let mut rest = open;
                rest[at] = false;
                found.push(Part {
                    pieces: from..end,
                    detector,
                });
                if go(run, end, rest, found) {
                    return true;
                }
                found.pop();
            }
        }
        false
    }
    let mut found = Vec::new();
    (run.digits.len() <= MOST_BEHIND_CARD && go(run, 0, [true; KINDS], &mut found)).then_some(found)
}

// Month and year: "11/26", "oh nine twenty eight".
fn is_expiry(part: &Run) -> bool {
    let number = |range: Range<usize>| {
        part.digits
            .get(range)
            .and_then(|digits| digits.parse::<u16>().ok())
    };
    let year = match part.digits.len() {
        4 => number(2..4),
        6 => number(2..6).and_then(|year| year.checked_sub(2000)),
        _ => None,
    };
    let month = number(0..2).is_some_and(|month| (1..=12).contains(&month));
    month && year.is_some_and(|year| (20..50).contains(&year))
}

struct Cutter<'a> {
    text: &'a str,
    tokens: &'a [Token],
    run: &'a Run,
    topic: Option<Topic>,
    region: &'a str,
}

#[derive(Clone, Copy)]
struct Step {
    cost: usize,
    end: usize,
    detector: Option<Detector>,
    // Whether all that follows is a card's expiry, code and zip.
    is_last: bool,
}

impl Cutter<'_> {
    // The cheapest way to make the run up of numbers, found from its end. A piece that fits into
    // none costs more than any cut.
    fn cut(&self) -> Vec<Part> {
        const LEFT_OVER: usize = 8;
        let pieces = &self.run.pieces;
        let mut best = vec![
            Step {
                cost: 0,
                end: pieces.len(),
                detector: None,
                is_last: false,
            };
            pieces.len() + 1
        ];
        for first in (0..pieces.len()).rev() {
            let mut step = Step {
                cost: LEFT_OVER + best[first + 1].cost,
                end: first + 1,
                detector: None,
                is_last: false,
            };
            if self.may_cut(first) {
                for (end, behind) in best.iter().enumerate().skip(first + 1) {
                    let length = self.length(first..end);
                    if length > 19 {
                        break;
                    }
                    if length < 9 || !self.may_cut(end) {
                        continue;
                    }
                    let Some((detector, cost)) = self.form(first..end) else {
                        continue;
                    };
                    let is_last = detector == Detector::Card && self.is_behind_card(end);
                    let rest = if is_last { 2 } else { behind.cost };
                    let cost = cost + self.cut_cost(end) + rest;
                    if cost < step.cost {
                        step = Step {
                            cost,
                            end,
                            detector: Some(detector),
                            is_last,
                        };
                    }
                }
            }
            best[first] = step;
        }
        let mut found: Vec<Part> = Vec::new();
        let mut at = 0;
        while at < pieces.len() {
            let step = best[at];
            match found.last_mut() {
                Some(last) if last.detector.is_none() && step.detector.is_none() => {
                    last.pieces.end = step.end
                }
                _ => found.push(Part {
                    pieces: at..step.end,
                    detector: step.detector,
                }),
            }
            at = step.end;
            if step.is_last {
                found.push(Part {
                    pieces: at..pieces.len(),
                    detector: None,
                });
                break;
            }
        }
        found
    }

    fn is_behind_card(&self, from: usize) -> bool {
        // A piece has a digit at least.
        if self.run.pieces.len() - from > MOST_BEHIND_CARD {
            return false;
        }
        let rest = self.run.slice(from..self.run.pieces.len());
        rest.is_some_and(|rest| behind_card(&rest).is_some())
    }

    // What is left over has a name too.
    fn named(&self, found: Vec<Part>) -> Vec<Part> {
        let mut named = Vec::with_capacity(found.len());
        let mut last = None;
        for part in found {
            let rest = part
                .detector
                .is_none()
                .then(|| self.run.slice(part.pieces.clone()))
                .flatten();
            let behind = rest
                .as_ref()
                .filter(|_| last == Some(Detector::Card))
                .and_then(behind_card);
            let first = part.pieces.start;
            match (rest, behind) {
                (Some(_), Some(parts)) => named.extend(parts.into_iter().map(|inner| Part {
                    pieces: first + inner.pieces.start..first + inner.pieces.end,
                    ..inner
                })),
                (Some(_), None) => named.push(Part {
                    detector: Some(Detector::Account),
                    ..part.clone()
                }),
                (None, _) => named.push(part.clone()),
            }
            last = part.detector;
        }
        named
    }

    fn length(&self, pieces: Range<usize>) -> usize {
        self.run.pieces[pieces]
            .iter()
            .map(|piece| piece.length)
            .sum()
    }

    // Written groups that marks glue together are one number.
    fn may_cut(&self, at: usize) -> bool {
        let Some((left, right)) = self.between(at) else {
            return true;
        };
        let gap = self.gap(left, right);
        !(left.is_written && right.is_written)
            || gap
                .bytes()
                .any(|byte| matches!(byte, b' ' | b'\t' | b',' | b';'))
    }

    // A comma, "and" or a change from words to digits parts two numbers better than nothing.
    fn cut_cost(&self, at: usize) -> usize {
        let Some((left, right)) = self.between(at) else {
            return 0;
        };
        let parted = self.tokens[left.end..right.first]
            .iter()
            .any(|token| token.has(LOOSE) || token.is_mark(b',') || token.is_mark(b'.'));
        usize::from(!parted && left.is_written == right.is_written)
    }

    fn between(&self, at: usize) -> Option<(&Piece, &Piece)> {
        let left = at.checked_sub(1)?;
        self.run.pieces.get(left).zip(self.run.pieces.get(at))
    }

    fn gap(&self, left: &Piece, right: &Piece) -> &str {
        let from = self.tokens[left.end - 1].end;
        self.text
            .get(from..self.tokens[right.first].start)
            .unwrap_or("")
    }

    // What some pieces are by their form, and how little it says.
    fn form(&self, pieces: Range<usize>) -> Option<(Detector, usize)> {
        let part = self.run.slice(pieces)?;
        let shape = part.shape();
        let digits = part.digits.as_str();
        let spoken_of = |topic: Topic| usize::from(self.topic != Some(topic));
        if !part.is_spoken() {
            if ssn::is_its_form(&shape) {
                return Some((Detector::Ssn, 1));
            }
            let start = self.tokens[part.first].start;
            let start = start - usize::from(self.text[..start].ends_with(['+', '(']));
            let written = self
                .text
                .get(start..self.tokens[part.end - 1].end)
                .unwrap_or("");
            let grouped = shape.len() > 1
                && shape.len() <= 8
                && phone::is_its_form(written, &shape, self.region);
            if grouped || (shape.len() == 1 && phone::is_american(digits)) {
                return Some((Detector::Phone, 1));
            }
        }
        if digits.len() >= 13 && card::is_valid(digits) {
            let usual = matches!(
                shape.as_slice(),
                [_] | [4, 4, 4, 4] | [4, 6, 5] | [4, 6, 4] | [4, 4, 4, 4, 3]
            );
            let odd = !usual && !part.is_spoken();
            return Some((Detector::Card, 1 + 3 * usize::from(odd)));
        }
        if matches!(shape.as_slice(), [4, 4, 4, 4]) && card::is_its_form(digits, &shape) {
            return Some((Detector::Card, 2));
        }
        match digits.len() {
            9 if part.is_spoken() || (shape.len() == 1 && self.topic == Some(Topic::Ssn)) => {
                Some((Detector::Ssn, 2 + spoken_of(Topic::Ssn)))
            }
            10 | 11 if part.is_spoken() && phone::is_american(digits) => {
                Some((Detector::Phone, 2 + spoken_of(Topic::Phone)))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
