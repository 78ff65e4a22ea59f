//! Streets whose word for street stands before their name, or whose name before the number of the
//! house: "rue de la paix", "calle mayor 5", "Reinhold-Klotz-Allee 3898", "highway 9".

use super::AddressReader;
use crate::detect::Speaker;
use crate::detect::english::{Class, Surety};
use crate::detect::foreign::{PARTICLES, STREET_ENDS};
use crate::detect::read::Token;

impl AddressReader<'_> {
    /// "Rue de la paix", "calle mayor", "highway 9", "county road 12".
    pub(super) fn typed_before(&self, from: usize) -> Option<usize> {
        let reader = &self.reader;
        let kinds = Class::STREET_FIRST | Class::STREET | Class::STREET_TOO;
        reader.token(from).filter(|token| token.has(kinds))?;
        if reader.says_any(from, &["highway", "route", "hwy", "interstate"])
            && reader.says_digits(from + 1)
        {
            let end = reader.number(from + 1, &mut ())?;
            let is_direction = reader
                .token(end)
                .is_some_and(|next| next.has(Class::DIRECTION));
            return Some(end + usize::from(is_direction));
        }
        let is_start = reader.token(from)?.has(Class::STREET_FIRST)
            || reader.says_any(from, &["avenue", "boulevard", "place"])
                && ["de", "du", "des", "la"].contains(&reader.word(from + 1));
        if !is_start {
            return None;
        }
        // "Ul. Marszałkowska", "Av. Corrientes".
        let is_dot = self.speaker != Speaker::Assistant && reader.is_mark(from + 1, b'.');
        let first = from + 1 + usize::from(is_dot);
        // "Ul listed".
        if reader.says(from, "ul") && !self.is_titled(first..first + 1) {
            return None;
        }
        const FOREIGN_WORDS: usize = 4;
        let (mut end, mut words) = (first, 0);
        while words < FOREIGN_WORDS {
            let word = reader.word(end);
            let is_inner =
                PARTICLES.contains(&word) || ["du", "des", "los", "las", "l", "d"].contains(&word);
            // "Rue Saint-Denis".
            let is_hyphen = reader.is_mark(end, b'-') && reader.touches_next(end);
            if is_hyphen && end > first && reader.touches_next(end - 1) {
                end += 1;
                continue;
            }
            if !is_inner && !self.is_name_word(end, 0) {
                break;
            }
            (end, words) = (end + 1, words + 1);
        }
        // "Lorong 5".
        if end == from + 1 && reader.token(from)?.has(Class::STREET_FIRST) {
            return reader.number(end, &mut ());
        }
        (end > first).then_some(end)
    }

    // "Via Garibaldi 8, 20121 Milano": with a code, as "via" is no street in English.
    fn via(&self, at: usize) -> Option<usize> {
        const WORDS: usize = 3;
        if self.reader.word(at) != "Via" {
            return None;
        }
        let is_name = |at: &usize| self.is_titled(*at..*at + 1);
        let name = (at + 1..at + 1 + WORDS).take_while(is_name).last()? + 1;
        let end = self.house_number(self.behind_pause(name))?;
        self.nested()
            .locality(end, true)
            .has_postcode
            .then_some(end)
    }

    /// "3/2" behind "Jalan Melati": the number of the street itself.
    pub(super) fn behind_lot(&self, from: usize, end: usize) -> usize {
        const MOST: usize = 3;
        let reader = &self.reader;
        if !reader.says_any(from, &["jalan", "jln", "lorong", "taman", "persiaran"]) {
            return end;
        }
        let mut digits = String::new();
        let Some(number) = reader.number(end, &mut digits) else {
            return end;
        };
        let is_slash = reader.is_mark(number, b'/') && reader.says_digits(number + 1);
        let second = is_slash
            .then(|| reader.number(number + 1, &mut digits))
            .flatten();
        match digits.len() <= MOST {
            true => second.unwrap_or(number),
            false => end,
        }
    }

    /// "Reinhold-Klotz-Allee 3898", "hauptstraße 12", "calle mayor 5": the number behind.
    pub(super) fn street_first(&self, at: usize) -> Option<usize> {
        let reader = &self.reader;
        let first = reader.token(at).filter(|token| token.is_word())?;
        let hyphen = |at: usize| reader.is_mark(at, b'-');
        if at > reader.floor && hyphen(at - 1) {
            return None;
        }
        if let Some(end) = self.via(at) {
            return Some(end);
        }
        if let Some(end) = self
            .typed_before(at)
            .filter(|_| !first.has(Class::STREET | Class::STREET_TOO))
        {
            let pause = self.behind_pause(end);
            let from = pause + usize::from(reader.says_any(pause, &["number", "no", "numero"]));
            return self
                .house_number(from)
                .filter(|_| !reader.says_any(at, &["highway", "route", "hwy", "interstate"]));
        }
        let is_title = first.is_capital(reader.text);
        let is_numbered = (at + 1..at + 4).any(|next| reader.says_digits(next) || hyphen(next));
        if !is_numbered || !is_title && first.len() < 8 {
            return None;
        }
        let mut last = at;
        while last < at + 8
            && hyphen(last + 1)
            && reader.token(last + 2).is_some_and(Token::is_word)
        {
            last += 2;
        }
        // "Berliner Str. 5", "Dussen vanallee 7".
        let is_next = last == at && is_title && self.is_next_german(at + 1);
        last += usize::from(is_next);
        if !is_next && !self.is_german(last, last > at)
            || hyphen(last + 1)
            || !is_title && last > at
        {
            return None;
        }
        let end = last + 1 + usize::from(reader.is_mark(last + 1, b'.'));
        self.house_number(end)
    }

    /// "Rynek Główny 12, 31-042 Kraków" behind "lives at": any words with capitals, a number, and a town
    /// with its code.
    pub(super) fn coded_street(&self, at: usize, lead: Option<Surety>) -> Option<usize> {
        const WORDS: usize = 4;
        let is_led = lead.is_some() && self.speaker == Speaker::Caller;
        if !is_led || !self.is_titled(at..at + 1) {
            return None;
        }
        let number = (at + 1..=at + WORDS).find(|at| self.reader.says_digits(*at))?;
        let is_name = |at: usize| self.is_titled(at..at + 1) && self.is_name_word(at, 0);
        let end = self.house_number(number)?;
        if !(at..number).all(is_name) || !self.reader.is_mark(end, b',') {
            return None;
        }
        let found = self.nested().locality(end, true);
        (found.has_postcode && found.has_town).then_some(end)
    }

    // "Str." behind a name, or a long word for street in small letters.
    fn is_next_german(&self, at: usize) -> bool {
        const LONG: usize = 5;
        let is_title = self
            .reader
            .token(at)
            .is_some_and(|token| token.is_capital(self.reader.text));
        let word = self.reader.word(at);
        let is_long = STREET_ENDS
            .iter()
            .any(|end| end.len() >= LONG && word.ends_with(end));
        (is_title || is_long) && self.is_german(at, true)
    }

    // Whether a word ends as German streets do.
    fn is_german(&self, at: usize, is_part: bool) -> bool {
        let name = self.reader.word(at);
        let is_title = self
            .reader
            .token(at)
            .is_some_and(|token| token.is_capital(self.reader.text));
        STREET_ENDS.iter().any(|end| {
            let is_long = name.len() > end.len() + 2;
            let fits = if is_title || is_part {
                is_part || is_long
            } else {
                is_long && end.len() > 4
            };
            let tail = name
                .len()
                .checked_sub(end.len())
                .and_then(|from| name.get(from..));
            fits && tail.is_some_and(|tail| tail.eq_ignore_ascii_case(end))
        })
    }
}
