//! One number after the other, put before the judge and claimed.
//!
//! It remembers the number before, since what follows a card, or a number like it, is told by that.

mod claimed;
mod several;

use super::business::is_of_business;
use super::edges::Edges;
use super::judge::NumberCase;
use super::kinds::NumberKind;
use super::place::{NumberPlace, Tie};
use super::{key, split};
use crate::detect::Detector;
use crate::detect::english::{Class, Gap, Topic};
use crate::detect::hearing::Hearing;
use crate::detect::placeholders::masked_before;
use crate::detect::read::{Run, Token};

/// Claims numbers.
pub(super) struct NumberClaimer<'c, 'h, 'a> {
    hearing: &'c mut Hearing<'h, 'a>,
    // The last number that was claimed: its end, its length and its kind.
    last: Option<(usize, usize, Detector)>,
    // The end of the card before, if nothing was said since.
    card_end: Option<usize>,
    // The bytes behind the cards that others claimed, in order.
    cards: Vec<usize>,
}

impl<'c, 'h, 'a> NumberClaimer<'c, 'h, 'a> {
    /// Claims nothing yet.
    pub(super) fn new(hearing: &'c mut Hearing<'h, 'a>) -> Self {
        let cards = hearing.claims.ends_of(Detector::Card);
        Self {
            hearing,
            last: None,
            card_end: None,
            cards,
        }
    }

    /// Claims what is private of a number, and says whether its extension is claimed with it.
    pub(super) fn hear(&mut self, run: &Run, extension: Option<&Run>) -> bool {
        let found = self.hearing.claims.count();
        let follows = self
            .card_end
            .or_else(|| self.card_before(run))
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

    // The token behind the last card that a record names before a number.
    fn card_before(&self, run: &Run) -> Option<usize> {
        let tokens = self.hearing.passage.tokens;
        let start = tokens.get(run.first)?.start;
        let before = self.cards.partition_point(|end| *end <= start);
        let end = *self.cards.get(before.checked_sub(1)?)?;
        Some(tokens.partition_point(|token| token.end <= end))
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
        place = self.masked(run, place);
        if place.topic.is_none() && self.edges().is_behind_state(run) {
            if !run.is_spoken() {
                // The end of an address whose street nobody could tell.
                self.claim_as(run, Detector::Address, None);
                return false;
            }
            (place.topic, place.tie) = (Some(Topic::Zip), Tie::Linked);
        }
        if let Some(parts) = self.behind_expiry(run, place) {
            self.claim_parts(run, &parts);
            return false;
        }
        let is_count = place.topic.is_none() && (run.is_counting() || self.are_prices(run))
            || place.cue.is_some() && place.topic == Some(Topic::Phone) && self.are_services(run);
        if is_count || self.claim_several(run, place.topic) {
            return false;
        }
        let case = self.case(run, place);
        let verdict = self
            .as_another(run, &case)
            .or_else(|| case.verdict())
            .or_else(|| self.as_rest(run, &case));
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

    // "SSN xxx-xx-6630", "•••• •••• •••• 4471": the last digits of what is hidden.
    fn masked(&self, run: &Run, place: NumberPlace) -> NumberPlace {
        const FEW: usize = 8;
        if run.is_spoken() || !(2..=6).contains(&run.digits.len()) {
            return place;
        }
        let masked = masked_before(self.hearing.passage.reader(), run.first);
        let count: usize = masked.iter().sum();
        let touches = run.first > 0 && self.hearing.passage.reader().touches_next(run.first - 1);
        if count < 2 || count < 4 && !touches {
            return place;
        }
        let topic = match place.topic {
            Some(Topic::Number | Topic::LastFour) | None if masked == [2, 3] => Some(Topic::Ssn),
            Some(Topic::Number | Topic::LastFour) | None if count >= FEW => Some(Topic::Card),
            topic => topic,
        };
        NumberPlace {
            topic,
            is_ending: topic.is_some() && topic != Some(Topic::Reference),
            ..place
        }
    }

    // "Eleven twenty nine, then it's nine oh two": a card's code behind its expiry.
    fn behind_expiry(&self, run: &Run, place: NumberPlace) -> Option<Vec<split::RunPart>> {
        const EXPIRY: usize = 4;
        let is_longer = place.topic == Some(Topic::Expiry) && run.digits.len() > EXPIRY;
        let parts = is_longer.then(|| split::behind_card(run)).flatten()?;
        let begins = parts.first().is_some_and(|part| part.detector.is_none());
        (begins && parts.len() > 1 && !self.edges().is_counted(run)).then_some(parts)
    }

    // "Six nine nine and nine nine nine": two prices.
    fn are_prices(&self, run: &Run) -> bool {
        const MOST: usize = 3;
        let reader = self.hearing.passage.reader();
        let and = (run.first..run.end).find(|at| reader.says(*at, "and"));
        let Some(and) = and.filter(|_| run.is_spoken()) else {
            return false;
        };
        let before = run.groups.iter().filter(|group| group.first < and);
        let length: usize = before.map(|group| group.length).sum();
        (2..=MOST).contains(&length) && run.digits.len() - length <= MOST
    }

    // "Ring one oh one and one one one": numbers that are everybody's.
    fn are_services(&self, run: &Run) -> bool {
        const LENGTH: usize = 3;
        let reader = self.hearing.passage.reader();
        let and = (run.first..run.end).find(|at| reader.says_any(*at, &["and", "or"]));
        let before = |and: usize| {
            let own = run.groups.iter().filter(move |group| group.first < and);
            own.map(|group| group.length).sum::<usize>()
        };
        let is_cut = and.is_some_and(|and| before(and) == LENGTH);
        is_cut && run.is_spoken() && run.digits.len() == 2 * LENGTH
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
            is_time: passage.asks_time,
            is_apart: edges.is_apart(run),
            is_clause: edges.is_clause(run),
            is_keyed: edges.keyed_end(run).is_some(),
            is_counted: edges.is_counted(run),
            is_bare: passage.is_bare,
            is_addressed: key::is_of_a_person(passage.reader(), run.first),
            is_of_business: is_of_business(passage, run, self.hearing.speaker),
            is_issued: passage.is_of_issued(place.cue),
            region: self.hearing.region,
        }
    }

    fn use_phrase(&mut self, place: NumberPlace) {
        if let Some(used) = place.cue.and_then(|cue| self.hearing.used.get_mut(cue)) {
            *used = true;
        }
    }

    // "Zip was 33064, customer lives in 33046": as many digits as the number before it.
    fn as_another(&self, run: &Run, case: &NumberCase) -> Option<Detector> {
        const REACH: usize = 12;
        let (end, length, detector) = self.last.filter(|(end, ..)| run.first <= end + REACH)?;
        let reader = self.hearing.passage.reader();
        let takes_back = |at: usize| {
            let gap = reader.gap(at);
            gap.is_some_and(|(_, gap)| gap >= Gap::Correction)
        };
        let is_contrast =
            (end..run.first).any(|at| reader.tokens[at].has(Class::CONTRAST) || takes_back(at));
        // "One eight two, not nine eight two".
        let puts_right = self.hearing.passage.puts_right;
        let fewest = if puts_right { 2 } else { 4 };
        let is_free = (case.place.topic.is_none() || puts_right) && case.is_free();
        let same = run.digits.len() == length && length >= fewest && !run.is_quantity;
        (is_free && same && is_contrast).then_some(detector)
    }

    // "4539 1488, mind the dog, 0343 6467": what makes the number before it whole, however the
    // speaker was kept from going on.
    fn as_rest(&self, run: &Run, case: &NumberCase) -> Option<Detector> {
        const REACH: usize = 24;
        const FEWEST: usize = 2;
        let (end, length, detector) = self.last.filter(|(end, ..)| run.first <= end + REACH)?;
        let kind = NumberKind::found_by(detector).filter(|kind| kind.in_parts == usize::MAX)?;
        let is_begun = length < kind.full;
        let whole = length + run.digits.len();
        let is_said =
            run.groups.iter().all(|group| group.length <= 4) && run.digits.len() >= FEWEST;
        let is_free = case.place.topic.is_none_or(|topic| topic == kind.topic)
            && !(case.is_glued || case.is_counted || run.is_quantity);
        let names = (self.hearing.passage.cues.iter())
            .any(|cue| (end..run.first).contains(&cue.first) && cue.topic != Topic::Nothing);
        let fits = kind.is_last_piece(whole);
        (is_begun && is_free && is_said && fits && !names).then_some(detector)
    }

    fn note(&mut self, place: NumberPlace, detector: Detector, run: &Run) {
        let topic = match detector {
            Detector::Card => Topic::Card,
            Detector::Ssn => Topic::Ssn,
            Detector::Phone => Topic::Phone,
            Detector::Id => Topic::Id,
            _ => match place.topic {
                Some(topic) => topic,
                // "So that's oh seven seven oh oh": more of it may follow.
                None if run.is_dictated() && run.is_spoken() => Topic::Number,
                None => return,
            },
        };
        if place.topic.is_none() && topic == Topic::Number {
            self.hearing.given.push((topic, run.digits.len()));
            return;
        }
        let named = place.topic == Some(topic)
            || (matches!(topic, Topic::Phone | Topic::Card) && place.topic == Some(Topic::Number));
        let tied = named && place.tie >= Tie::Linked && !place.is_ending;
        if tied || run.digits.len() >= 7 {
            self.hearing.given.push((topic, run.digits.len()));
        }
    }
}

/// Whether nothing is said but what one says around numbers.
pub(super) fn are_empty_words(tokens: &[Token]) -> bool {
    tokens.iter().all(|token| {
        !token.is_word() || token.has(Class::FILLER | Class::LEAD | Class::JOIN | Class::SEPARATOR)
    })
}
