//! Several numbers said or written in one breath: "415-555-0132 415-555-0133", a card with its
//! expiry, its code and the zip.
//!
//! A run is cut where each part has the form of a private number. What is left over between such
//! parts is hidden too: no digit of a private number may stay because it was cut differently.

use std::ops::Range;

use super::kinds::is_whole;
use super::{card, phone, ssn};
use crate::detect::Detector;
use crate::detect::english::{Class, Topic};
use crate::detect::read::{DigitGroup, Run, SpokenPassage};

/// The most digits of an expiry, a security code and a zip together.
const MOST_BEHIND_CARD: usize = 15;

/// A part of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RunPart {
    /// Its groups in the run.
    pub(crate) groups: Range<usize>,
    /// What it is; none for a card's expiry, which is nobody's secret.
    pub(crate) detector: Option<Detector>,
}

/// Cuts a run into the numbers it is made of, where it is more than one.
pub(crate) fn parts(
    passage: &SpokenPassage,
    run: &Run,
    topic: Option<Topic>,
    region: &str,
) -> Option<Vec<RunPart>> {
    const SHORTEST: usize = 10;
    let is_other = matches!(topic, Some(Topic::Reference | Topic::Iban | Topic::Id));
    if is_other || run.groups.len() < 2 || run.digits.len() <= SHORTEST {
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
        passage,
        run,
        topic,
        region,
    };
    if cutter.form(0..run.groups.len()).is_some() {
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
    let fits_whole = topic == Some(Topic::Card) && is_whole(Topic::Card, run.digits.len());
    (known > 0 && all > 1 && is_certain && (!fits_whole || is_card)).then(|| cutter.named(found))
}

/// Cuts what stands behind a card: its expiry, its security code and the zip, each once at most
/// and in any order.
pub(crate) fn behind_card(run: &Run) -> Option<Vec<RunPart>> {
    const KINDS: usize = 3;
    fn go(run: &Run, from: usize, open: [bool; KINDS], found: &mut Vec<RunPart>) -> bool {
        const MOST: usize = 5;
        if from == run.groups.len() {
            return true;
        }
        for end in from + 1..=run.groups.len().min(from + MOST) {
            let Some(part) = run.slice(from..end) else {
                return false;
            };
            let kinds = [
                (is_expiry(&part), None),
                (
                    // "62.17" is an amount, or an expiry.
                    matches!(part.digits.len(), 3 | 4) && !run.is_quantity,
                    Some(Detector::Cvv),
                ),
                (part.digits.len() == 5, Some(Detector::Zip)),
            ];
            for (at, (fits, detector)) in kinds.into_iter().enumerate() {
                if !fits || !open[at] {
                    continue;
                }
                let mut rest = open;
                rest[at] = false;
                found.push(RunPart {
                    groups: from..end,
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
    passage: &'a SpokenPassage<'a>,
    run: &'a Run,
    topic: Option<Topic>,
    region: &'a str,
}

#[derive(Clone, Copy)]
struct CutStep {
    cost: usize,
    end: usize,
    detector: Option<Detector>,
    // Whether all that follows is a card's expiry, code and zip.
    is_last: bool,
}

impl Cutter<'_> {
    // The run cut in the cheapest way; neighbours that fit into no number are one part.
    fn cut(&self) -> Vec<RunPart> {
        let all = self.run.groups.len();
        let best = self.cheapest();
        let mut found: Vec<RunPart> = Vec::new();
        let mut at = 0;
        while at < all {
            let step = best[at];
            match found.last_mut() {
                Some(last) if last.detector.is_none() && step.detector.is_none() => {
                    last.groups.end = step.end
                }
                _ => found.push(RunPart {
                    groups: at..step.end,
                    detector: step.detector,
                }),
            }
            at = step.end;
            if step.is_last {
                found.push(RunPart {
                    groups: at..all,
                    detector: None,
                });
                break;
            }
        }
        found
    }

    // The cheapest way to make the run up of numbers, from each group on, found from its end.
    fn cheapest(&self) -> Vec<CutStep> {
        let all = self.run.groups.len();
        let end = CutStep {
            cost: 0,
            end: all,
            detector: None,
            is_last: false,
        };
        let mut best = vec![end; all + 1];
        for first in (0..all).rev() {
            best[first] = self.cheapest_from(first, &best);
        }
        best
    }

    // A group that fits into no number costs more than any cut.
    fn cheapest_from(&self, first: usize, best: &[CutStep]) -> CutStep {
        const LEFT_OVER: usize = 8;
        const SHORTEST: usize = 9;
        const LONGEST: usize = 19;
        let mut step = CutStep {
            cost: LEFT_OVER + best[first + 1].cost,
            end: first + 1,
            detector: None,
            is_last: false,
        };
        if !self.may_cut(first) {
            return step;
        }
        for (end, behind) in best.iter().enumerate().skip(first + 1) {
            let length = self.length(first..end);
            if length > LONGEST {
                break;
            }
            if length < SHORTEST || !self.may_cut(end) {
                continue;
            }
            let Some((detector, cost)) = self.form(first..end) else {
                continue;
            };
            let is_last = detector == Detector::Card && self.is_behind_card(end);
            let rest = if is_last { 2 } else { behind.cost };
            let cost = cost + self.cut_cost(end) + rest;
            if cost < step.cost {
                step = CutStep {
                    cost,
                    end,
                    detector: Some(detector),
                    is_last,
                };
            }
        }
        step
    }

    fn is_behind_card(&self, from: usize) -> bool {
        // A piece has a digit at least.
        if self.run.groups.len() - from > MOST_BEHIND_CARD {
            return false;
        }
        let rest = self.run.slice(from..self.run.groups.len());
        rest.is_some_and(|rest| behind_card(&rest).is_some())
    }

    // What is left over has a name too.
    fn named(&self, found: Vec<RunPart>) -> Vec<RunPart> {
        let mut named = Vec::with_capacity(found.len());
        let mut last = None;
        for part in found {
            let rest = part
                .detector
                .is_none()
                .then(|| self.run.slice(part.groups.clone()))
                .flatten();
            let behind = rest
                .as_ref()
                .filter(|_| last == Some(Detector::Card))
                .and_then(behind_card);
            let first = part.groups.start;
            match (rest, behind) {
                (Some(_), Some(parts)) => named.extend(parts.into_iter().map(|inner| RunPart {
                    groups: first + inner.groups.start..first + inner.groups.end,
                    ..inner
                })),
                (Some(_), None) => named.push(RunPart {
                    detector: Some(Detector::Account),
                    ..part.clone()
                }),
                (None, _) => named.push(part.clone()),
            }
            last = part.detector;
        }
        named
    }

    fn length(&self, groups: Range<usize>) -> usize {
        self.run.groups[groups]
            .iter()
            .map(|group| group.length)
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
        let parted = self.passage.tokens[left.end..right.first]
            .iter()
            .any(|token| token.has(Class::LOOSE) || token.is_mark(b',') || token.is_mark(b'.'));
        usize::from(!parted && left.is_written == right.is_written)
    }

    fn between(&self, at: usize) -> Option<(&DigitGroup, &DigitGroup)> {
        let left = at.checked_sub(1)?;
        self.run.groups.get(left).zip(self.run.groups.get(at))
    }

    fn gap(&self, left: &DigitGroup, right: &DigitGroup) -> &str {
        let SpokenPassage { text, tokens, .. } = self.passage;
        let from = tokens[left.end - 1].end;
        text.get(from..tokens[right.first].start).unwrap_or("")
    }

    // What some groups are by their form, and how little it says.
    fn form(&self, groups: Range<usize>) -> Option<(Detector, usize)> {
        let part = self.run.slice(groups)?;
        let shape = part.shape();
        let digits = part.digits.as_str();
        let spoken_of = |topic: Topic| usize::from(self.topic != Some(topic));
        if !part.is_spoken() {
            if ssn::is_its_form(&shape) {
                return Some((Detector::Ssn, 1));
            }
            let SpokenPassage { text, tokens, .. } = self.passage;
            let start = tokens[part.first].start;
            let start = start - usize::from(text[..start].ends_with(['+', '(']));
            let written = text.get(start..tokens[part.end - 1].end).unwrap_or("");
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
