//! What each word of a passage is worth as a part of a name, and how far a name goes.
//!
//! It knows no phrases: where a name may stand, `frame.rs` and `lone.rs` say.

use std::ops::Range;

use crate::detect::english::{Class, NumberWord};
use crate::detect::foreign::{NAME_HEADS, PARTICLES};
use crate::detect::people::NameSense;
use crate::detect::read::{Token, TokenKind, TokenReader};

/// What a word is worth as a part of a name; the best last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NameGrade {
    /// No word, or one that no name has.
    Never,
    /// A common word.
    Common,
    /// A single letter.
    Letter,
    /// A name and something else.
    Either,
    /// A word that the table does not have.
    Unknown,
    /// A name and nothing else.
    Clear,
}

/// Reads names among the tokens of a passage.
pub(super) struct NameReader<'a> {
    /// The tokens.
    pub(super) reader: TokenReader<'a>,
    first: usize,
    words: Vec<(NameGrade, NameSense)>,
    // Whether capitals tell something: there are small words and others.
    is_cased: bool,
}

impl<'a> NameReader<'a> {
    /// Looks at the words from a token on.
    pub(super) fn new(reader: TokenReader<'a>, first: usize) -> Self {
        let tokens = reader.tokens.get(first..).unwrap_or(&[]);
        let is_small =
            |token: &&Token| token.is_word() && token.len() > 1 && !token.is_capital(reader.text);
        let is_cased = tokens.iter().any(|token| is_small(&token));
        let grade = |token| grade(token, reader.text, is_cased);
        Self {
            reader,
            first,
            words: tokens.iter().map(grade).collect(),
            is_cased,
        }
    }

    /// What the word at a place is worth.
    pub(super) fn grade(&self, at: usize) -> NameGrade {
        self.word(at).0
    }

    /// What the table says of the word at a place.
    pub(super) fn sense(&self, at: usize) -> NameSense {
        self.word(at).1
    }

    fn word(&self, at: usize) -> (NameGrade, NameSense) {
        let word = at.checked_sub(self.first).and_then(|at| self.words.get(at));
        word.copied()
            .unwrap_or((NameGrade::Never, NameSense::default()))
    }

    /// Whether a token may be read.
    pub(super) fn has(&self, at: usize) -> bool {
        at >= self.first && at < self.reader.tokens.len()
    }

    /// Whether a word has a capital where one is chosen, not at the start of a sentence.
    pub(super) fn is_capital(&self, at: usize) -> bool {
        self.begins_large(at) && !self.starts_sentence(at)
    }

    /// Whether a word begins with a capital in a text that has small words too.
    pub(super) fn begins_large(&self, at: usize) -> bool {
        let token = self.reader.token(at);
        self.is_cased && token.is_some_and(|token| token.is_capital(self.reader.text))
    }

    /// Whether a sentence or the passage starts at a place.
    pub(super) fn starts_sentence(&self, at: usize) -> bool {
        at <= self.first || self.reader.ends_sentence(at - 1) || self.reader.is_mark(at - 1, b'"')
    }

    /// Whether what a speaker says ends at a place.
    pub(super) fn ends(&self, at: usize) -> bool {
        self.reader
            .token(at)
            .is_none_or(|token| !token.is_word() && token.kind != TokenKind::Digits)
    }

    /// The words of a name.
    pub(super) fn words(&self, name: Range<usize>) -> impl Iterator<Item = usize> + '_ {
        name.filter(|at| self.reader.token(*at).is_some_and(Token::is_word))
    }

    /// Those that are no initials.
    pub(super) fn full_words(&self, name: Range<usize>) -> impl Iterator<Item = usize> + '_ {
        self.words(name)
            .filter(|at| self.grade(*at) != NameGrade::Letter && !self.is_particle(*at))
    }

    /// Whether a given name and a family name stand there, each telling of the other.
    pub(super) fn is_full(&self, name: Range<usize>) -> bool {
        let mut words = self.full_words(name.clone());
        let Some(first) = words.next() else {
            return false;
        };
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
                sense.is_family() && (is_large || is_plain && sense.is_often())
            }
            NameGrade::Common => is_large && self.is_capital(second),
            _ => false,
        };
        let begins_well = match self.grade(first) {
            NameGrade::Clear => true,
            NameGrade::Unknown => self.sense(second).is_family() || is_large,
            NameGrade::Either => is_large && self.sense(first).is_given(),
            _ => false,
        };
        is_clear && ends_well && begins_well
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
        is_any(end, Class::THING | streets)
            || name.len() > 1 && (is_any(last, Class::THING) || is_any(last, streets) && !is_person)
            || reader.is_mark(end, b'&')
            || is_glued
                && (reader.is_mark(end, b'_')
                    || reader.is_mark(end, b'@')
                    || reader.is_mark(end, b'.') && reader.touches_next(end))
            || self.is_of_work(name)
    }

    // Whether a film, a song or an event is spoken of near a name: it is known to everyone.
    fn is_of_work(&self, name: Range<usize>) -> bool {
        const BEFORE: usize = 7;
        const BEHIND: usize = 4;
        let is_work = |at: &usize| {
            self.has(*at)
                && self
                    .reader
                    .token(*at)
                    .is_some_and(|token| token.has(Class::WORK))
        };
        let goes_on = |at: &usize| !self.reader.ends_sentence(*at);
        let before = (name.start.saturating_sub(BEFORE)..name.start).rev();
        let behind = name.end..name.end + BEHIND;
        before.take_while(goes_on).any(|at| is_work(&at))
            || behind.take_while(goes_on).any(|at| is_work(&at))
            || name.clone().any(|at| is_work(&at))
    }

    /// The token behind the name that starts at a place, if it starts with a word of one.
    pub(super) fn end(&self, start: usize) -> usize {
        const WORDS: usize = 6;
        let (mut at, mut end, mut words) = (start, start, 0);
        while words < WORDS && self.has(at) {
            if at > start && self.joins(at) {
                at += 1;
            } else if self.is_part(start, at) {
                at += 1;
                end = at;
                words += 1;
                // "Dave's missus".
                if self
                    .reader
                    .token(at - 1)
                    .is_some_and(|token| token.has(Class::POSSESSIVE))
                {
                    break;
                }
            } else if words > 0 && self.is_begun_anew(at) {
                at += 1;
            } else {
                break;
            }
        }
        end
    }

    /// The first token of the name that ends before a place.
    pub(super) fn start(&self, end: usize) -> usize {
        const TOKENS: usize = 6;
        let mut start = end;
        while start > self.first && end - start < TOKENS {
            let at = start - 1;
            let is_part = self.grade(at) > NameGrade::Letter
                || (self.grade(at) == NameGrade::Common && self.is_capital(at))
                || (start < end && (self.is_initial(at) || self.is_hyphen(at) || self.is_head(at)));
            if !is_part || self.is_auxiliary(at) && start == end {
                break;
            }
            start = at;
        }
        while start < end
            && self
                .reader
                .token(start)
                .is_some_and(|token| !token.is_word())
        {
            start += 1;
        }
        start
    }

    fn is_part(&self, start: usize, at: usize) -> bool {
        let is_first = at == start;
        // Where capitals are used, they tell where the name ends.
        let is_over = !is_first
            && self.begins_large(start)
            && !self.begins_large(at)
            && !self.is_hyphen(at - 1)
            && !self.is_particle(at);
        if is_over {
            return false;
        }
        match self.grade(at) {
            NameGrade::Never | NameGrade::Common if self.is_particle(at) => {
                (!is_first || self.is_head(at)) && self.leads_to_name(at)
            }
            NameGrade::Never => false,
            NameGrade::Common => self.is_capital(at),
            NameGrade::Letter => {
                self.leads_to_name(at) || (!is_first && self.is_capital(at) && self.ends(at + 1))
            }
            NameGrade::Either => {
                is_first || self.is_capital(at) || !self.is_auxiliary(at) || self.leads_to_name(at)
            }
            NameGrade::Unknown | NameGrade::Clear => true,
        }
    }

    /// Whether "will" is a verb at a place: where a name neither goes on nor ends.
    pub(super) fn is_auxiliary(&self, at: usize) -> bool {
        let is_verb = self.reader.says_any(at, &["will", "may", "can", "mark"]);
        is_verb && !self.begins_large(at) && !self.ends(at + 1)
    }

    // Whether a word of a name follows a letter or a particle, perhaps behind another.
    fn leads_to_name(&self, at: usize) -> bool {
        let mut next = at + 1;
        for _ in 0..3 {
            let is_between = self.reader.is_mark(next, b'.')
                || self.is_particle(next)
                || self.is_initial(next) && self.grade(at) == NameGrade::Letter;
            if !is_between {
                break;
            }
            next += 1;
        }
        let grade = self.grade(next);
        grade == NameGrade::Clear || grade == NameGrade::Unknown || grade == NameGrade::Either
    }

    fn is_particle(&self, at: usize) -> bool {
        let word = self.reader.word(at);
        PARTICLES.iter().any(|part| word.eq_ignore_ascii_case(part))
    }

    /// Whether a name may begin with the small word at a place: "de la Rosa".
    pub(super) fn is_head(&self, at: usize) -> bool {
        let word = self.reader.word(at);
        NAME_HEADS
            .iter()
            .any(|part| word.eq_ignore_ascii_case(part))
            && self.leads_to_name(at)
    }

    fn is_initial(&self, at: usize) -> bool {
        self.grade(at) == NameGrade::Letter
    }

    fn is_hyphen(&self, at: usize) -> bool {
        self.reader.is_mark(at, b'-')
            && self.reader.touches_next(at)
            && at > 0
            && self.reader.touches_next(at - 1)
    }

    // The hyphen of "Jean-Luc", the full stop behind an initial.
    fn joins(&self, at: usize) -> bool {
        self.is_hyphen(at) || (self.reader.is_mark(at, b'.') && self.is_initial(at - 1))
    }

    // "Juan um Juan Carlos".
    fn is_begun_anew(&self, at: usize) -> bool {
        let is_sound = |at| {
            self.reader
                .token(at)
                .is_some_and(|one: &Token| one.has(Class::FILLER))
        };
        is_sound(at) && self.grade(at + 1) == NameGrade::Clear
    }
}

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
}

impl NameWords {
    /// Counts them.
    pub(super) fn of(names: &NameReader, name: Range<usize>) -> Self {
        let count =
            |test: &dyn Fn(usize) -> bool| names.words(name.clone()).filter(|at| test(*at)).count();
        let mut words = names.full_words(name.clone());
        let (first, second) = (words.next(), words.next());
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
        }
    }

    /// Whether the table or capitals say that they are a name.
    pub(super) fn is_likely(&self) -> bool {
        let is_table = self.clear > 0 || self.is_full;
        let is_large = self.large > 1 && self.unknown > 0;
        self.common == 0 && (is_table || is_large)
    }
}

fn grade(token: &Token, text: &str, is_cased: bool) -> (NameGrade, NameSense) {
    const CLOSED: Class = Class::CLOSED
        .union(Class::LEAD)
        .union(Class::COPULA)
        .union(Class::FILLER)
        .union(Class::JOIN)
        .union(Class::SIGN)
        .union(Class::SEPARATOR)
        .union(Class::TITLE)
        .union(Class::WORK)
        .union(Class::NO_ANSWER);
    let none = NameSense::default();
    if !token.is_word() {
        return (NameGrade::Never, none);
    }
    if token.is_letter() {
        let is_word = ["a", "i", "I"].contains(&token.of(text));
        return (
            if is_word {
                NameGrade::Never
            } else {
                NameGrade::Letter
            },
            none,
        );
    }
    // "UK", "GBP": no name is written so among small words.
    if is_cased && token.len() <= 3 && token.of(text).bytes().all(|byte| byte.is_ascii_uppercase())
    {
        return (NameGrade::Never, none);
    }
    let is_number = !matches!(token.entry.number, NumberWord::None | NumberWord::Month(_));
    let is_closed = token.has(CLOSED) || is_number;
    if is_closed && !token.has(Class::NAME_TOO) {
        return (NameGrade::Never, none);
    }
    let sense = NameSense::of(token.of(text));
    let is_other = token.has(Class::UNIT | Class::NO_NAME);
    let grade = match sense {
        _ if token.has(Class::NAME_TOO) => NameGrade::Either,
        sense if is_other && sense.is_name() => NameGrade::Either,
        _ if is_other => NameGrade::Never,
        sense if sense.is_clear() => NameGrade::Clear,
        sense if sense.is_name() => NameGrade::Either,
        sense if sense.is_word_only() => NameGrade::Common,
        _ => NameGrade::Unknown,
    };
    (grade, sense)
}
