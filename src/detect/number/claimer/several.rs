//! Several numbers in one breath, or a card among other digits: each is claimed by itself.

use std::ops::Range;

use super::super::{card, split};
use super::NumberClaimer;
use crate::detect::Detector;
use crate::detect::english::{Class, Topic};
use crate::detect::read::Run;

/// The most digits of a card.
const LONGEST_CARD: usize = 19;

impl NumberClaimer<'_, '_, '_> {
    /// Claims the parts of what is several numbers, and says whether it is.
    pub(super) fn claim_several(&mut self, run: &Run, topic: Option<Topic>) -> bool {
        if self.edges().is_glued(run) {
            return false;
        }
        let passage = &self.hearing.passage;
        if !run.is_quantity
            && let Some(parts) = split::parts(passage, run, topic, self.hearing.region)
        {
            self.claim_parts(run, &parts);
            return true;
        }
        let Some(window) = card::find(&run.digits, &run.groups) else {
            return false;
        };
        let length = run.digits.len();
        let is_several = window != (0..run.groups.len())
            && (length > LONGEST_CARD || !run.is_spoken())
            && (topic != Some(Topic::Card) || !card::is_usual_length(length));
        if is_several {
            self.split(run, window);
        }
        is_several
    }

    // A card with other numbers before or behind it.
    fn split(&mut self, run: &Run, window: Range<usize>) {
        if let Some(left) = run.slice(0..window.start) {
            self.judge_rest(&left);
        }
        if let Some(found) = run.slice(window.clone()) {
            let place = self.hearing.passage.place(&found, &self.hearing.used);
            self.use_phrase(place);
            self.note(place, Detector::Card, &found);
            self.hearing
                .claims
                .claim(found.first..found.end, Detector::Card, found.digits);
        }
        let Some(right) = run.slice(window.end..run.groups.len()) else {
            return;
        };
        let Some(parts) = split::behind_card(&right) else {
            self.judge_rest(&right);
            return;
        };
        self.claim_parts(&right, &parts);
    }

    // What stands in one breath with a private number is no less private.
    fn judge_rest(&mut self, rest: &Run) {
        self.judge(rest, None);
        let untouched = (rest.first..rest.end).all(|at| !self.hearing.claims.is_taken(at));
        if untouched && !self.is_pronoun(rest) && !self.edges().is_counted(rest) {
            let digits = rest.digits.clone();
            self.hearing
                .claims
                .claim(rest.first..rest.end, Detector::Account, digits);
        }
    }

    // "The new one": no digit.
    fn is_pronoun(&self, rest: &Run) -> bool {
        let before = rest.first.checked_sub(1);
        rest.digits == "1"
            && rest.is_spoken()
            && before.is_some_and(|at| self.hearing.passage.tokens[at].has(Class::VAGUE))
    }

    /// Claims parts of a run. The last may be of something else: "… 0132, 3 nights".
    pub(super) fn claim_parts(&mut self, run: &Run, parts: &[split::RunPart]) {
        for part in parts {
            let (Some(found), Some(detector)) = (run.slice(part.groups.clone()), part.detector)
            else {
                continue;
            };
            let place = self.hearing.passage.place(&found, &self.hearing.used);
            if detector == Detector::Account
                && (self.edges().is_counted(&found) || self.is_pronoun(&found))
            {
                continue;
            }
            self.use_phrase(place);
            self.note(place, detector, &found);
            self.claim_as(&found, detector, None);
        }
    }
}
