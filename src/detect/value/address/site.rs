//! Land that is told by the numbers of its parts: "stand 418, soshanguve block l", "block 5 lot 12
//! phase 2 greenwoods village pasig", "gate 2, 77 marsh barton road".
//!
//! Behind the numbers a settlement must be named: a word for one, or words that are no common ones.

use std::ops::Range;

use super::AddressReader;
use crate::detect::Speaker;
use crate::detect::english::{Class, NumberWord, Surety};
use crate::detect::people::NameSense;
use crate::detect::read::Token;

impl AddressReader<'_> {
    /// The token behind a unit, or behind a part of a settlement that has a number: "extension 4".
    pub(super) fn site_part(&self, at: usize) -> Option<usize> {
        let is_part = |at: usize| {
            self.reader
                .says_any(at, &["extension", "ext", "zone", "ward", "unit"])
        };
        let part = || is_part(at).then(|| self.unit_code(at + 1)).flatten();
        self.unit_end(at).or_else(part)
    }

    /// The settlement behind the numbers of a site, of which there are so many.
    pub(super) fn settlement(
        &self,
        at: usize,
        from: usize,
        units: usize,
        lead: Option<Surety>,
    ) -> Option<usize> {
        const LAND: [&str; 16] = [
            "stand", "erf", "plot", "lot", "block", "blk", "phase", "sector", "site", "purok",
            "cabin", "caravan", "chalet", "berth", "pitch", "mooring",
        ];
        let reader = &self.reader;
        let is_told = lead.is_some() || units > 1 || self.is_asked || self.is_sought;
        if self.speaker == Speaker::Assistant || !is_told && !self.opens(at) {
            return None;
        }
        let is_land = reader.says_any(at, &LAND);
        let next = self.behind_silence(from);
        if let Some(street) = self.street(next) {
            // "Plot 14, admiralty way", "door number 23, 2nd main".
            let is_over = self.is_mark_or_end(street.end);
            let is_main = self.ordinal_end(next).is_some();
            if street.is_plain && is_over && (is_land || is_main) {
                return Some(street.end);
            }
        }
        if !is_land && (units < 2 || lead.is_none()) {
            return None;
        }
        // What is sold or shown has such numbers as well.
        let is_own = is_told || reader.says_any(at, &["stand", "erf", "plot"]);
        let next = next + usize::from(reader.says(next, "in"));
        let end = self.settled(next, is_own)?;
        let parts =
            std::iter::successors(Some(end), |end| self.site_part(self.behind_silence(*end)));
        const PARTS: usize = 4;
        parts.take(PARTS).last()
    }

    // Up to a word for a settlement, or words that are no others and with which it ends.
    fn settled(&self, from: usize, is_own: bool) -> Option<usize> {
        const MOST: usize = 5;
        const KINDS: [&str; 24] = [
            "village",
            "subdivision",
            "subd",
            "homes",
            "estate",
            "estates",
            "heights",
            "township",
            "residences",
            "compound",
            "gardens",
            "extension",
            "phase",
            "layout",
            "colony",
            "city",
            "town",
            "park",
            "scheme",
            "ville",
            "hills",
            "settlement",
            "marina",
            "complex",
        ];
        let reader = &self.reader;
        let (mut end, mut told, mut is_rare) = (from, None, true);
        while end < from + MOST && self.is_settled_word(end) {
            let is_kind = reader.says_any(end, &KINDS);
            is_rare &= is_kind || self.is_rare(end);
            let is_first = end == from;
            end += 1;
            // "Sta. rosa".
            let is_short = reader.word(end - 1).len() < 4;
            end += usize::from(is_short && reader.is_mark(end, b'.'));
            if is_kind && !is_first {
                told = Some(end);
            }
        }
        let is_over = self.is_mark_or_end(end)
            || self.goes_on(end)
            || self.site_part(end).is_some_and(|part| part > end + 1);
        let is_named = is_own && is_rare && end > from && end - from <= 3;
        told.max((is_named && is_over).then_some(end))
    }

    fn is_settled_word(&self, at: usize) -> bool {
        let other = Class::CLOSED | Class::FILLER | Class::UNIT | Class::MEASURE;
        let may_be = |token: &Token| {
            token.is_word()
                && !token.is_letter()
                && token.entry.number == NumberWord::None
                && !token.has(other)
        };
        let is_number = self.site_part(at).is_some_and(|end| end > at + 1);
        self.reader.token(at).is_some_and(may_be) && !self.is_no_town(at) && !is_number
    }

    // A word that is no common one.
    fn is_rare(&self, at: usize) -> bool {
        let word = self.reader.word(at);
        let token = self.reader.token(at);
        let is_saint = self.reader.says_any(at, &["sta", "sto", "san", "santa"]);
        let is_plain =
            |token: &Token| token.entry.id == 0 || token.has(Class::PLACE | Class::HOUSE);
        is_saint || token.is_some_and(is_plain) && !NameSense::of(word).is_word_only()
    }

    /// "33 ellerslie gardens": a number of two digits or more and a name that is no common word.
    pub(super) fn is_rare_street(&self, number: Range<usize>, from: usize, end: usize) -> bool {
        const KINDS: [&str; 12] = [
            "gardens", "grove", "close", "court", "drive", "place", "walk", "row", "hill",
            "square", "parade", "rise",
        ];
        let reader = &self.reader;
        let is_two = reader.word(number.start).len() > 1 && {
            let mut digits = String::new();
            let mut at = number.start;
            while at < number.end {
                at = reader.number(at, &mut digits).unwrap_or(number.end);
            }
            (2..=4).contains(&digits.len())
        };
        let is_name = || reader.word(from).len() > 4 && self.is_rare(from);
        let is_kind = end == from + 2 && reader.says_any(end - 1, &KINDS);
        let is_over = || self.is_mark_or_end(end) || self.goes_on(end);
        self.speaker == Speaker::Caller && is_kind && is_two && is_name() && is_over()
    }

    /// "2 chome 4 12 minami aoyama": a block of a Japanese town.
    pub(super) fn chome(&self, at: usize) -> Option<usize> {
        const MOST: usize = 2;
        let reader = &self.reader;
        let is_one = reader.says_digits(at) && reader.says(at + 1, "chome");
        if !is_one || self.speaker == Speaker::Assistant {
            return None;
        }
        let (mut end, mut digits) = (at + 2, String::new());
        while let Some(next) = reader.number(end, &mut digits) {
            end = next + usize::from(reader.is_mark(next, b'-') || reader.says(next, "dash"));
        }
        let words = (end..end + MOST).take_while(|at| self.is_rare(*at)).count();
        (end > at + 2).then_some(end + words)
    }

    /// "Gate 2, 77 marsh barton road": the way in, and the house.
    pub(super) fn behind_gate(&self, at: usize, lead: Option<Surety>) -> Option<usize> {
        let is_gate = self.reader.says(at, "gate");
        if !is_gate || self.speaker == Speaker::Assistant {
            return None;
        }
        let end = self.unit_code(at + 1)?;
        let house = self.behind_silence(end);
        let is_parted = house > end;
        let lead = lead.or(Some(Surety::Likely)).filter(|_| is_parted)?;
        self.numbered(house, Some(lead))
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::Address;
    use crate::detect::testing::{check, check_one};

    #[test]
    fn a_site_is_told_by_its_numbers_and_its_settlement() {
        for (text, address) in [
            (
                "we're at stand 418, soshanguve block l",
                "stand 418, soshanguve block l",
            ),
            (
                "it's stand 1207 extension 4 lenasia",
                "stand 1207 extension 4 lenasia",
            ),
            ("deliver to erf 55 kleinmond", "erf 55 kleinmond"),
            (
                "my home is block 5 lot 12 phase 2 greenwoods executive village pasig",
                "block 5 lot 12 phase 2 greenwoods executive village pasig",
            ),
            (
                "plot 14, admiralty way, lekki phase 1",
                "plot 14, admiralty way, lekki phase 1",
            ),
            (
                "it's 2 chome 4 12 minami aoyama",
                "2 chome 4 12 minami aoyama",
            ),
            (
                "can you do 33 ellerslie gardens by six",
                "33 ellerslie gardens",
            ),
            (
                "gate 2, 77 marsh barton road exeter",
                "gate 2, 77 marsh barton road exeter",
            ),
        ] {
            check_one(Address, text, address);
        }
    }

    #[test]
    fn what_is_sold_shown_or_planned_has_such_numbers_as_well() {
        for text in [
            "lot 12 sold for four hundred pounds",
            "lot 14 at the auction was a vase",
            "plot 3 of the film makes no sense",
            "phase 2 of the project starts monday",
            "stand 14 at the trade show",
            "can you block 2 numbers for me",
            "gate 22 boarding at ten",
            "the flight leaves from gate 4, 12 people are waiting",
            "block 3 my number please",
            "i want 12 yonex court shoes",
            "room 5 floor 2 mexico city",
        ] {
            check(text, &[]);
        }
    }
}
