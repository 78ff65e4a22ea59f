//! Streets and houses that stand without a number, or whose name says no street: "rose cottage, mill
//! lane", "I live on maple street", "563 courtney".
//!
//! What leads to them or follows them must tell; their words alone are no address.

use super::AddressReader;
use crate::detect::Speaker;
use crate::detect::english::{Class, NumberWord, Surety};
use crate::detect::foreign::PARTICLES;
use crate::detect::people::NameSense;
use crate::detect::read::Token;

impl AddressReader<'_> {
    /// The words of a street or house that no word tells, as they stand behind a number.
    pub(super) fn bare_name(&self, from: usize) -> Option<usize> {
        const BARE_WORDS: usize = 3;
        let mut end = from;
        let is_the = |end: usize| end == from && self.reader.says(end, "the");
        while end < from + BARE_WORDS
            && self.is_name_word(end, 0)
            && (is_the(end) || !self.is_no_town(end) || self.is_green_lanes(from, end))
        {
            end += 1;
        }
        let token = self.reader.token(end);
        let is_verb = token.is_some_and(|token| token.has(Class::UNIT | Class::MEASURE));
        (end > from && !is_verb).then_some(end)
    }

    // "Green Lanes": colours and what is measured, with capitals.
    fn is_green_lanes(&self, from: usize, at: usize) -> bool {
        let is_own = match at > from {
            true => self.is_titled(from..at),
            false => self.is_titled(at + 1..at + 2),
        };
        let other = Class::MEASURE | Class::NO_NAME;
        let may_be = |token: &Token| token.has(other) && !token.has(Class::NO_TOWN);
        is_own && self.is_titled(at..at + 1) && self.reader.token(at).is_some_and(may_be)
    }

    /// A street or a house without a number, behind a phrase that leads to an address.
    pub(super) fn unnumbered(&self, at: usize, lead: Option<Surety>) -> Option<usize> {
        let Some(lead) = lead else {
            let is_at = at > self.reader.floor && self.reader.says(at - 1, "at");
            // "Deliver: Hen Felin, Llanrwst LL26 0AA".
            let is_label = at > self.reader.floor && self.reader.is_mark(at - 1, b':');
            let placed = (is_at || is_label).then(|| self.placed(at)).flatten();
            return placed
                .or_else(|| self.home_of(at))
                .or_else(|| self.the_house(at, None))
                .or_else(|| self.anchored(at))
                .or_else(|| self.townland(at))
                .or_else(|| self.care_home(at));
        };
        if let Some(end) = self.the_house(at, Some(lead)) {
            return Some(end);
        }
        let token = self.reader.token(at).filter(|token| token.is_word())?;
        if token.entry.number != NumberWord::None && self.ordinal_end(at).is_none() {
            return None;
        }
        if let Some(end) = self.named_house(at).filter(|_| lead == Surety::Sure) {
            return self.along(end).or(Some(end));
        }
        if let Some(end) = self.called(at).filter(|_| lead == Surety::Sure) {
            return Some(end);
        }
        let listed = || self.listed(at).filter(|_| self.speaker == Speaker::Caller);
        if let Some(end) = self
            .dwelling(at)
            .or_else(|| self.placed(at))
            .or_else(|| self.homestead(at))
            .or_else(|| self.care_home(at))
            .or_else(listed)
        {
            return Some(end);
        }
        let Some(street) = self.street(at) else {
            return self.anchored(at);
        };
        let is_sure = street.surety == Surety::Sure || street.is_titled && street.is_typed_title;
        // "Long Street", as one answers who was asked for it.
        let is_answer = self.is_asked && street.is_titled && street.is_typed_title;
        let is_name = (street.is_plain || is_answer) && !self.reader.says(at, "the");
        let fits = is_sure && is_name && (lead == Surety::Sure || street.is_titled);
        fits.then_some(street.end).or_else(|| self.anchored(at))
    }

    // "The house is called thistledown": any name, with nothing that goes on.
    fn called(&self, at: usize) -> Option<usize> {
        let before = at.checked_sub(1)?;
        let before = before - usize::from(before > 0 && self.reader.says(before, "the"));
        let is_behind = |first: &str, second: &str| {
            before > 0 && self.reader.says(before, second) && self.reader.says(before - 1, first)
        };
        let is_called = self.reader.says_any(before, &["called", "named"])
            || is_behind("name", "is")
            || is_behind("known", "as");
        let end = self.bare_name(at).filter(|_| is_called)?;
        let is_over = self.is_mark_or_end(end)
            || self
                .reader
                .token(end)
                .is_some_and(|next| next.has(Class::CLOSED | Class::FILLER));
        is_over.then_some(end)
    }

    /// "Hillcrest, mill lane, …" or "Hillcrest, 4 mill lane" behind "we're at" or as an answer.
    pub(super) fn listed(&self, at: usize) -> Option<usize> {
        let end = self.bare_name(at)?;
        let next = self.behind_silence(end);
        if !self.reader.is_mark(end, b',') {
            return None;
        }
        if self.reader.says_digits(next) {
            // "Ship to: Anya Petrova, 9 Birch Way" begins with a person.
            let is_person = NameSense::of(self.reader.word(at)).is_clear();
            let is_house = end == at + 1 || self.is_asked || self.is_sought;
            if is_person || !is_house {
                return None;
            }
            return self.numbered(next, Some(Surety::Likely));
        }
        let street = self.street(next)?;
        (street.surety == Surety::Sure && street.is_plain).then_some(street.end)
    }

    /// "Ivy Farm, Long Crendon, Buckinghamshire": a house, its town and its county.
    pub(super) fn homestead(&self, at: usize) -> Option<usize> {
        let house = self.named_house(at)?;
        let is_title = self.is_titled(at..house) && self.reader.is_mark(house, b',');
        if !is_title || self.speaker == Speaker::Assistant {
            return None;
        }
        let found = self.nested().locality(house, true);
        (found.has_town && found.is_anchored).then_some(house)
    }

    // "It's rose cottage, mill lane, …", "mill lane, BA5 2QR": a house or street without a number
    // that a street or a code stands behind.
    fn anchored(&self, at: usize) -> Option<usize> {
        const NEAR: usize = 5;
        // What an assistant says is not held back for words that only later become an address.
        if self.speaker == Speaker::Assistant {
            return None;
        }
        let near = self
            .reader
            .tokens
            .get(at + 1..(at + NEAR).min(self.reader.tokens.len()))?;
        let is_near = near.iter().any(|token| {
            token.has(Class::HOUSE | Class::STREET)
                || token.len() == 4 && token.of(self.reader.text) == "home"
        });
        if !is_near || !self.reader.tokens[at].is_word() || !self.opens(at) {
            return None;
        }
        if let Some(house) = self.named_house(at) {
            let next = self.behind_tie(house);
            let is_street = || {
                self.street(next)
                    .is_some_and(|street| street.surety == Surety::Sure)
            };
            let is_house = self.is_titled(next..next + 1) && self.named_house(next).is_some();
            let is_listed = self.reader.is_mark(house, b',');
            let is_placed = || {
                let found = self.nested().locality(house, self.is_titled(at..house));
                // "The gate lodge, ballinacurra, county cork".
                let is_told = is_listed && found.has_town && found.is_anchored;
                found.has_postcode || is_told && self.begins(at)
            };
            // "The old dairy, 3 church lane".
            let numbered = is_listed.then(|| self.numbered(next, Some(Surety::Likely)));
            let is_told = || is_listed && (is_house || is_street()) || is_placed();
            return numbered
                .flatten()
                .or_else(|| self.along(house))
                .or_else(|| is_told().then_some(house));
        }
        let street = self
            .street(at)
            .filter(|street| street.surety == Surety::Sure)?;
        let is_numbered = self.numbered_unit(self.behind_tie(street.end)).is_some();
        let is_anchored = is_numbered
            || self
                .nested()
                .locality(street.end, street.is_titled)
                .has_postcode;
        is_anchored.then_some(street.end)
    }

    /// Whether nothing but "it's", "yes, at" was said before a place.
    pub(super) fn begins(&self, at: usize) -> bool {
        let is_lead = |before: &usize| self.is_silent(*before) || self.leads(*before);
        let floor = self.reader.floor;
        let mut before = (floor..at).rev().skip_while(is_lead);
        before.next().is_none_or(|before| self.is_end(before))
    }

    // "Plum cottage" behind "I'm at", and nothing that goes on.
    fn dwelling(&self, at: usize) -> Option<usize> {
        const HOMES: [&str; 7] = [
            "cottage",
            "farmhouse",
            "bungalow",
            "vicarage",
            "rectory",
            "croft",
            "schoolhouse",
        ];
        let end = self.named_house(at)?;
        let is_home = self.reader.says_any(end - 1, &HOMES) && end - at == 2;
        let is_named = !self.reader.tokens[at].has(Class::DETERMINER);
        (is_home && is_named && self.is_mark_or_end(end)).then_some(end)
    }

    // "Cloonfad, Ballyhaunis, F35 KW21": words that are no others, a town and a code with letters.
    fn townland(&self, at: usize) -> Option<usize> {
        let token = self.reader.token(at).filter(|token| token.is_word())?;
        let is_listed = || (at + 1..at + 4).any(|at| self.reader.is_mark(at, b','));
        let is_plain = token.entry.id == 0 && token.len() > 3 && is_listed();
        if !is_plain || self.speaker != Speaker::Caller || self.is_nested || !self.opens(at) {
            return None;
        }
        let end = self.bare_name(at)?;
        let is_unknown = |at: usize| NameSense::of(self.reader.word(at)).is_unknown();
        if !self.reader.is_mark(end, b',') || !(at..end).all(is_unknown) {
            return None;
        }
        let found = self.nested().locality(end, self.is_titled(at..end));
        let is_lettered = (end..found.end)
            .rev()
            .any(|at| self.lettered_end(at) == Some(found.end));
        (found.has_town && found.has_postcode && is_lettered).then_some(end)
    }

    /// "Tigh na Mara, Isle of Eigg PH42 4RL": any name with a town and a code behind it.
    pub(super) fn placed(&self, at: usize) -> Option<usize> {
        const MOST: usize = 4;
        let is_name = |at: &usize| {
            self.reader.tokens.get(*at).is_some_and(|token| {
                let word = token.of(self.reader.text);
                let is_small = PARTICLES.contains(&word) || word == "na" || word == "the";
                token.is_word() && (token.is_capital(self.reader.text) || is_small)
            })
        };
        let is_title = self.reader.token(at)?.is_capital(self.reader.text);
        if !is_title || self.speaker == Speaker::Assistant {
            return None;
        }
        let end = (at..at + MOST).take_while(is_name).last()? + 1;
        if !self.reader.is_mark(end, b',') {
            return None;
        }
        let found = self.nested().locality(end, true);
        // A flat's code before it says as much as a town.
        let before = at - usize::from(at > 0 && self.reader.is_mark(at - 1, b','));
        let is_coded = before > self.reader.floor && self.reader.says_digits(before - 1);
        // "At Westpac, BSB 032-118": digits alone are a code of anything.
        let last = found.end.saturating_sub(2);
        let is_lettered = self.reader.touches_next(last)
            && self.reader.says_digits(last) != self.reader.says_digits(last + 1)
            && !self.reader.is_mark(last, b'-');
        let fits = is_coded || found.has_town && is_lettered;
        (found.has_postcode && fits).then_some(end)
    }

    /// "Rose cottage", "the old rectory".
    pub(super) fn named_house(&self, at: usize) -> Option<usize> {
        const HOUSE_WORDS: usize = 4;
        let is_house = |at: usize| self.is_house_word(at);
        let from = at + usize::from(self.reader.says(at, "the"));
        // "The bothy at hill farm".
        if is_house(from) && self.reader.says_any(from + 1, &["at", "on"]) && !self.is_nested {
            return self.nested().named_house(from + 2);
        }
        let hyphen = |at: usize| self.reader.is_mark(at, b'-') && self.reader.touches_next(at);
        let mut end = from;
        while end <= from + HOUSE_WORDS {
            let is_street = self.is_street_word(end + 1) && !self.is_street_word(end + 2);
            if end > from && is_house(end) && !is_street {
                // "Mill House Barn".
                let is_second = is_house(end + 1) && !self.is_street_word(end + 2);
                return Some(end + 1 + usize::from(is_second));
            }
            let is_hyphen = end > from && hyphen(end) && self.reader.touches_next(end - 1);
            if !is_hyphen && !self.is_name_word(end, 0) {
                break;
            }
            end += 1;
        }
        None
    }
}
