//! What the words of a name are worth together, and whether it is a thing's.

use std::ops::Range;

use super::grade::NameGrade;
use super::reader::NameReader;
use crate::detect::english::Class;

/// What the words of a name are worth together.
pub(super) struct NameWords {
    /// How many there are.
    pub(super) count: usize,
    /// Those that are given names and nothing else.
    pub(super) given: usize,
    /// Those that the table does not have.
    pub(super) unknown: usize,
    /// Those with a capital that was chosen.
    pub(super) large: usize,
    clear: usize,
    common: usize,
    is_full: bool,
    is_soft: bool,
    is_initialed: bool,
    is_headed: bool,
}

impl NameWords {
    /// Counts them.
    pub(super) fn of(names: &NameReader, name: Range<usize>) -> Self {
        let count =
            |test: &dyn Fn(usize) -> bool| names.words(name.clone()).filter(|at| test(*at)).count();
        let mut words = names.full_words(name.clone());
        let (first, second) = (words.next(), words.next());
        let last = names.full_words(name.clone()).last();
        let is_soft = first.zip(last).is_some_and(|(first, last)| {
            first < last
                && names.sense(first).is_given()
                && (names.sense(last).is_family() || names.grade(last) == NameGrade::Unknown)
        });
        // "R. T. Macready".
        let is_initialed = second.is_none()
            && first.is_some_and(|first| {
                let sense = names.sense(first);
                let is_name = names.grade(first) == NameGrade::Unknown || sense.is_family();
                let is_dot = names.reader.is_mark(name.start + 1, b'.');
                names.grade(name.start) == NameGrade::Letter && is_dot && is_name
            });
        let is_full = first.zip(second).is_some_and(|(first, second)| {
            names.sense(first).is_given() && names.sense(second).is_family()
        });
        Self {
            count: count(&|_| true),
            given: count(&|at| names.grade(at) == NameGrade::Clear && names.sense(at).is_given()),
            unknown: count(&|at| names.grade(at) == NameGrade::Unknown),
            large: count(&|at| names.is_capital(at) && names.grade(at) >= NameGrade::Either),
            clear: count(&|at| names.grade(at) == NameGrade::Clear),
            common: names
                .full_words(name.clone())
                .filter(|at| names.grade(*at) == NameGrade::Common)
                .count(),
            is_full,
            is_soft,
            is_initialed,
            is_headed: names.is_headed(name.clone()),
        }
    }

    /// Whether they are a given name and a family name, be they words too.
    pub(super) fn is_soft(&self) -> bool {
        self.is_soft && self.common == 0
    }

    /// Whether the table or capitals say that they are a name.
    pub(super) fn is_likely(&self) -> bool {
        let is_table = self.clear > 0 || self.is_full;
        let is_large = self.large > 1 && self.unknown > 0;
        self.common == 0 && (is_table || is_large || self.is_initialed || self.is_headed)
    }
}

impl NameReader<'_> {
    /// Whether a given name and a family name stand there, each telling of the other.
    pub(super) fn is_full(&self, name: Range<usize>) -> bool {
        let mut words = self.full_words(name.clone());
        let Some(first) = words.next() else {
            return false;
        };
        let has_particle = self.words(name.clone()).any(|at| self.is_particle(at));
        let is_large = self
            .full_words(name.clone())
            .all(|at| self.begins_large(at));
        let is_clear = self
            .full_words(name.clone())
            .any(|at| self.grade(at) == NameGrade::Clear);
        let Some(second) = words.next() else {
            // "J. Whitfield".
            return first > name.start && is_large && self.sense(first).is_family();
        };
        // "Mary Ann O'Donnell".
        let is_middle = self.sense(second).is_given();
        let second = words.last().filter(|_| is_middle).unwrap_or(second);
        let ends_well = match self.grade(second) {
            NameGrade::Clear => true,
            NameGrade::Unknown => is_clear,
            NameGrade::Either => {
                let is_plain = self
                    .reader
                    .token(second)
                    .is_some_and(|token| token.entry.id == 0 && !token.has(Class::NO_NAME));
                let sense = self.sense(second);
                // "Roderick Plum and …".
                let is_over = self.reader.says(second + 1, "and");
                let is_plain = is_plain && (sense.is_often() || is_over);
                sense.is_family() && (is_large || has_particle || is_plain)
            }
            NameGrade::Common => is_large && self.is_capital(second),
            _ => false,
        };
        let begins_well = match self.grade(first) {
            NameGrade::Clear => true,
            NameGrade::Unknown => self.sense(second).is_family() || is_large,
            NameGrade::Either => {
                let is_said = is_large || self.is_given_before_family(first) || has_particle;
                is_said && self.sense(first).is_given()
            }
            _ => false,
        };
        (is_clear || has_particle) && ends_well && begins_well
    }

    /// Whether a given name that is a word too stands before a family name that is none.
    pub(super) fn is_given_before_family(&self, at: usize) -> bool {
        let next = self.sense(at + 1);
        let token = self.reader.token(at);
        let is_plain = token.is_some_and(|token| token.entry.id == 0)
            && token.is_some_and(|token| !token.has(Class::NAME_TOO | Class::NO_NAME));
        // "That's will akhtar".
        let is_verb = token.is_some_and(|token| token.has(Class::NAME_TOO));
        let is_name = is_plain || is_verb && !self.is_auxiliary(at) && !self.ends(at + 1);
        is_name && self.sense(at).is_given() && next.is_clear() && next.is_family()
    }

    /// Whether what stands behind a name or in it says that a thing is named: "… street",
    /// "… & sons", "….com".
    pub(super) fn names_thing(&self, name: Range<usize>) -> bool {
        let reader = &self.reader;
        let is_any = |at: usize, classes| reader.token(at).is_some_and(|token| token.has(classes));
        let (last, end) = (name.end.saturating_sub(1), name.end);
        // "Bethan Lane" is a person, "Amber Lane" a street.
        let is_person = self.sense(name.start).is_clear_given() && self.sense(last).is_family();
        let streets = Class::STREET | Class::STREET_TOO | Class::HOUSE;
        let is_glued = reader.touches_next(last);
        // "Felicity, well, she …".
        let is_well = reader.says(end, "well") && !self.begins_large(end);
        is_any(end, Class::THING | streets) && !is_well
            || is_any(name.start, Class::OF_THING)
            || name.len() > 1 && (is_any(last, Class::THING) || is_any(last, streets) && !is_person)
            || reader.is_mark(end, b'&')
            || is_glued
                && (reader.is_mark(end, b'_')
                    || reader.is_mark(end, b'@')
                    || reader.is_mark(end, b'.') && reader.goes_on_glued(end))
            || self.is_of_work(name)
    }

    // "Will show as", "it shows".
    fn is_shown(&self, at: usize) -> bool {
        const BEHIND: [&str; 5] = ["as", "up", "that", "me", "under"];
        const BEFORE: [&str; 7] = ["will", "should", "would", "it", "doesn't", "might", "may"];
        let is_before = at > 0 && self.reader.says_any(at - 1, &BEFORE);
        self.reader.says_any(at, &["show", "shows"])
            && (is_before || self.reader.says_any(at + 1, &BEHIND))
    }

    // Whether a film, a song or an event is spoken of near a name: it is known to everyone.
    fn is_of_work(&self, name: Range<usize>) -> bool {
        const BEFORE: usize = 7;
        const BEHIND: usize = 2;
        let is_work = |at: &usize| {
            let token = self.reader.token(*at).filter(|_| self.has(*at));
            token.is_some_and(|token| token.has(Class::WORK)) && !self.is_shown(*at)
        };
        let goes_on = |at: &usize| !self.reader.ends_sentence(*at);
        let before = (name.start.saturating_sub(BEFORE)..name.start).rev();
        let is_wall = |at: &usize| {
            let token = self.reader.token(*at);
            token.is_some_and(|token| token.has(Class::CLOSED))
        };
        let behind = (name.end..name.end + BEHIND).take_while(|at| !is_wall(at));
        before.take_while(goes_on).any(|at| is_work(&at))
            || behind.take_while(goes_on).any(|at| is_work(&at))
            || name.clone().any(|at| is_work(&at))
    }
}
