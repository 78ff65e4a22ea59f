//! One number after the other, put before the judge and claimed.
//!
//! It remembers the number before, since what follows a card, or a number like it, is told by that.

use std::ops::Range;

use super::edges::Edges;
use super::judge::NumberCase;
use super::kinds::NumberKind;
use super::place::{NumberPlace, Tie};
use super::{card, key, phone, split};
use crate::detect::Detector;
use crate::detect::english::{Class, NumberWord, Topic};
use crate::detect::hearing::Hearing;
use crate::detect::read::{Run, Token, TokenKind, bytes_of};

/// The most digits of a card.
const LONGEST_CARD: usize = 19;

/// Claims numbers.
pub(super) struct NumberClaimer<'c, 'h, 'a> {
    hearing: &'c mut Hearing<'h, 'a>,
    // The last number that was claimed: its end, its length and its kind.
    last: Option<(usize, usize, Detector)>,
    // The end of the card before, if nothing was said since.
    card_end: Option<usize>,
}

impl<'c, 'h, 'a> NumberClaimer<'c, 'h, 'a> {
    /// Claims nothing yet.
    pub(super) fn new(hearing: &'c mut Hearing<'h, 'a>) -> Self {
        Self {
            hearing,
            last: None,
            card_end: None,
        }
    }

    /// Claims what is private of a number, and says whether its extension is claimed with it.
    pub(super) fn hear(&mut self, run: &Run, extension: Option<&Run>) -> bool {
        let found = self.hearing.claims.count();
        let follows = self
            .card_end
            .is_some_and(|end| self.goes_on(end, run.first));
        if let Some(parts) = follows.then(|| split::behind_card(run)).flatten()
            && !self.edges().is_counted(run)
        {
            // No other number is compared with a card's code.
            let last = self.last;
            self.claim_parts(run, &parts);
            (self.last, self.card_end) = (last, Some(run.end));
            return false;
        }
        let takes_extension = self.judge(run, extension);
        let is_card = self.hearing.claims.has_new(found, Detector::Card);
        self.card_end = is_card.then_some(run.end);
        takes_extension
    }

    fn edges(&self) -> Edges<'a> {
        Edges::of(&self.hearing.passage)
    }

    // Only marks and empty words lie between a card and the next number.
    fn goes_on(&self, from: usize, to: usize) -> bool {
        let between = self.hearing.passage.tokens.get(from..to).unwrap_or(&[]);
        let named = self
            .hearing
            .passage
            .cues
            .iter()
            .any(|cue| cue.first >= from && cue.first < to);
        !named && are_empty_words(between) && between.len() <= 8
    }

    // Whether the run was a telephone number that took the extension behind it.
    fn judge(&mut self, run: &Run, extension: Option<&Run>) -> bool {
        let mut place = self.hearing.passage.place(run, &self.hearing.used);
        if place.topic.is_none() && self.edges().is_behind_state(run) {
            if !run.is_spoken() {
                // The end of an address whose street nobody could tell.
                self.claim_as(run, Detector::Address, None);
                return false;
            }
            (place.topic, place.tie) = (Some(Topic::Zip), Tie::Linked);
        }
        let is_count = place.topic.is_none() && run.is_counting();
        if is_count || self.claim_several(run, place.topic) {
            return false;
        }
        let case = self.case(run, place);
        let verdict = case.verdict().or_else(|| self.as_another(run, &case));
        let is_taken_by_phrase = matches!(place.topic, Some(Topic::Expiry | Topic::Reference));
        if verdict.is_some() || is_taken_by_phrase {
            self.use_phrase(place);
        }
        let Some(detector) = verdict else {
            return false;
        };
        self.note(place, detector, run);
        match detector {
            Detector::Phone => self.claim_as(run, detector, extension),
            Detector::Id if case.is_glued => self.claim_code(run),
            _ => self.claim_as(run, detector, None),
        }
        detector == Detector::Phone && extension.is_some()
    }

    // Several numbers in one breath, or a card among other digits.
    fn claim_several(&mut self, run: &Run, topic: Option<Topic>) -> bool {
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

    fn case<'r>(&self, run: &'r Run, place: NumberPlace) -> NumberCase<'r>
    where
        'h: 'r,
        'a: 'r,
    {
        let passage = &self.hearing.passage;
        let edges = self.edges();
        let end = passage.tokens[run.end - 1].end;
        NumberCase {
            run,
            place,
            written: passage.text.get(edges.opening(run)..end).unwrap_or(""),
            is_glued: edges.is_glued(run),
            is_counted: edges.is_counted(run),
            is_bare: passage.is_bare,
            is_addressed: key::is_of_a_person(passage.reader(), run.first),
            region: self.hearing.region,
        }
    }

    fn use_phrase(&mut self, place: NumberPlace) {
        if let Some(used) = place.cue.and_then(|cue| self.hearing.used.get_mut(cue)) {
            *used = true;
        }
    }

    // The letters that touch a number are the same code.
    fn claim_code(&mut self, run: &Run) {
        let passage = &self.hearing.passage;
        let code = self.code_around(run);
        let bytes = bytes_of(passage.tokens, code.clone());
        let written = passage.text.get(bytes).unwrap_or("");
        let value = written.replace('-', "").to_uppercase();
        self.hearing.claims.claim(code, Detector::Id, value);
    }

    // "Zip was 33064, customer lives in 33046": as many digits as the number before it.
    fn as_another(&self, run: &Run, case: &NumberCase) -> Option<Detector> {
        const REACH: usize = 12;
        const CONTRASTS: [&str; 8] = [
            "gave", "instead", "not", "should", "actually", "lives", "said", "changed",
        ];
        let (end, length, detector) = self.last.filter(|(end, ..)| run.first <= end + REACH)?;
        let is_contrast = self.hearing.passage.tokens[end..run.first]
            .iter()
            .any(|token| CONTRASTS.contains(&token.of(self.hearing.passage.text)));
        let is_free = case.place.topic.is_none() && !case.is_glued && !case.is_counted;
        let same = run.digits.len() == length && length >= 4 && !run.is_quantity;
        (is_free && same && is_contrast).then_some(detector)
    }

    fn claim_as(&mut self, run: &Run, detector: Detector, extension: Option<&Run>) {
        self.last = Some((run.end, run.digits.len(), detector));
        let (end, digits) = self.stretched(run, detector);
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

    // The last number of a run may be of something else: "… 0132, 3 nights".
    fn claim_parts(&mut self, run: &Run, parts: &[split::RunPart]) {
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

    fn note(&mut self, place: NumberPlace, detector: Detector, run: &Run) {
        let topic = match detector {
            Detector::Card => Topic::Card,
            Detector::Ssn => Topic::Ssn,
            Detector::Phone => Topic::Phone,
            _ => match place.topic {
                Some(topic) => topic,
                None => return,
            },
        };
        let named = place.topic == Some(topic)
            || (matches!(topic, Topic::Phone | Topic::Card) && place.topic == Some(Topic::Number));
        let tied = named && place.tie >= Tie::Linked && !place.is_ending;
        if tied || run.digits.len() >= 7 {
            self.hearing.given.push((topic, run.digits.len()));
        }
    }

    // "Five one to": the last word is a digit where the number is one short without it.
    fn stretched(&self, run: &Run, detector: Detector) -> (usize, String) {
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

/// Whether nothing is said but what one says around numbers.
pub(super) fn are_empty_words(tokens: &[Token]) -> bool {
    tokens.iter().all(|token| {
        !token.is_word() || token.has(Class::FILLER | Class::LEAD | Class::JOIN | Class::SEPARATOR)
    })
}
