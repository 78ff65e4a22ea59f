//! Houses that are told by what kind of house they are: "number three ferry cottages", "saint
//! brendan's nursing home tralee road", "mr treadgold at the almshouses"; and a flat's number before
//! that of its block.
//!
//! What somebody hires or counts is none: a number, a street or a person must stand beside it.

use std::ops::Range;

use super::AddressReader;
use crate::detect::Speaker;
use crate::detect::english::{Class, NAMED_HOUSES, Surety};
use crate::detect::people::NameSense;
use crate::detect::read::Token;

impl AddressReader<'_> {
    /// Whether a word for a house ends at a token: "cottage", "nursing home".
    pub(super) fn is_house_word(&self, at: usize) -> bool {
        const CARE: [&str; 7] = [
            "nursing",
            "care",
            "rest",
            "retirement",
            "residential",
            "children's",
            "people's",
        ];
        let token = self.reader.token(at);
        let is_home =
            || at > 0 && self.reader.says(at, "home") && self.reader.says_any(at - 1, &CARE);
        token.is_some_and(|token| token.has(Class::HOUSE)) || is_home()
    }

    /// "Number three ferry cottages" behind the word "number".
    pub(super) fn cottage(&self, number: usize, lead: Option<Surety>) -> Option<usize> {
        if self.speaker == Speaker::Assistant {
            return None;
        }
        let label = number.checked_sub(1)?;
        let from = self.house_number(number)?;
        let end = self.named_house(from)?;
        // "The number two grange".
        let is_open = lead.is_some() || self.opens(label);
        (is_open && !self.reader.says(from, "the")).then_some(end)
    }

    /// The end of the street behind a house, said in one go: "hollybank nursing home mill lane".
    pub(super) fn along(&self, house: usize) -> Option<usize> {
        if self.speaker == Speaker::Assistant {
            return None;
        }
        let street = self.street(house)?;
        let is_whole = street.is_plain && street.end > house + 1;
        (street.surety == Surety::Sure && is_whole).then_some(street.end)
    }

    /// "The almshouses", where "mr treadgold at" stands before it.
    pub(super) fn home_of(&self, at: usize) -> Option<usize> {
        const NEAR: usize = 3;
        const HOMES: [&str; 15] = [
            "almshouses",
            "almshouse",
            "vicarage",
            "rectory",
            "presbytery",
            "lodge",
            "gatehouse",
            "farmhouse",
            "bungalow",
            "cottage",
            "cottages",
            "croft",
            "priory",
            "manor",
            "convent",
        ];
        let reader = &self.reader;
        let place = at.checked_sub(2).filter(|place| *place >= reader.floor)?;
        let is_there = reader.says(place + 1, "at") && reader.says(at, "the");
        if !is_there || self.speaker != Speaker::Caller {
            return None;
        }
        let mut before = (place.saturating_sub(NEAR).max(reader.floor)..place).rev();
        let is_person = before.any(|at| {
            reader
                .token(at)
                .is_some_and(|title| title.has(Class::TITLE))
        });
        let from = at + 1 + usize::from(reader.says(at + 1, "old"));
        let is_over = self.is_mark_or_end(from + 1) || self.goes_on(from + 1);
        let is_home = reader.says_any(from, &HOMES) && is_over;
        (is_person && is_home).then_some(from + 1)
    }

    /// "Oh the gables, thornhill": a house of a kind that has a name, and a town that is no common
    /// word, with nothing said before it.
    pub(super) fn the_house(&self, at: usize, lead: Option<Surety>) -> Option<usize> {
        let reader = &self.reader;
        let is_the = reader.token(at)?.has(Class::DETERMINER) && reader.says(at, "the");
        if !is_the || self.speaker != Speaker::Caller || self.is_nested {
            return None;
        }
        let is_old = reader.says(at + 1, "old");
        let house = at + 1 + usize::from(is_old);
        let is_kind = reader.says_any(house, NAMED_HOUSES) || is_old && self.is_house_word(house);
        if !is_kind || !reader.is_mark(house + 1, b',') {
            return None;
        }
        let before = at - usize::from(at > reader.floor && reader.says(at - 1, "oh"));
        let is_first = lead.is_some() || self.begins(before);
        let town = self.town_word(house + 2)?;
        let town = self.town_word(town).unwrap_or(town);
        (is_first && self.is_mark_or_end(town)).then_some(house + 1)
    }

    /// "At sunnybank care home": one that is called by a name.
    pub(super) fn care_home(&self, at: usize) -> Option<usize> {
        const MOST: usize = 5;
        let reader = &self.reader;
        let before = at.checked_sub(1).filter(|before| *before >= reader.floor)?;
        if self.speaker != Speaker::Caller || !reader.says_any(before, &["at", "to", "in"]) {
            return None;
        }
        let near = reader
            .tokens
            .get(at..(at + MOST).min(reader.tokens.len()))?;
        let is_home = |token: &&Token| token.len() == 4 && token.of(reader.text) == "home";
        near.iter().find(is_home)?;
        let end = self.named_house(at)?;
        let first = at + usize::from(reader.says_any(at, &["saint", "st", "the"]));
        let is_rare = !NameSense::of(reader.word(first)).is_word_only();
        let is_rare = is_rare || reader.says_any(first, NAMED_HOUSES);
        (is_rare && reader.says(end - 1, "home")).then_some(end)
    }

    /// "Oh four dash twelve block three oh one …": the flat's number first.
    pub(super) fn before_block(&self, at: usize, lead: Option<Surety>) -> Option<usize> {
        const NEAR: usize = 10;
        let reader = &self.reader;
        let near = reader
            .tokens
            .get(at..(at + NEAR).min(reader.tokens.len()))?;
        let is_number = near.first()?.says_digits();
        if !is_number || !near.iter().any(|token| token.has(Class::FLAT)) {
            return None;
        }
        if at > reader.floor && reader.is_number(at - 1) {
            return None;
        }
        let end = self.unit_code(at)?;
        let is_parted = (at..end).any(|at| reader.says(at, "dash") || reader.is_mark(at, b'-'));
        let next = self.behind_silence(end);
        let before = at.checked_sub(1).and_then(|before| reader.token(before));
        let is_other = before.is_some_and(|before| before.has(Class::NUMBERED));
        if !is_parted || is_other || !reader.says_any(next, &["block", "blk"]) {
            return None;
        }
        self.behind_unit(next, lead)
            .or_else(|| self.unit_end(next).filter(|end| *end > next + 1))
    }

    /// "We're at eight oh one sycamore": a long number and one word that is no common one.
    pub(super) fn is_one_name(&self, number: Range<usize>, from: usize) -> bool {
        let reader = &self.reader;
        let word = reader.word(from);
        let is_name = reader.token(from).is_some_and(|name| {
            let is_rare = !NameSense::of(word).is_word_only() && !word.ends_with('s');
            name.entry.id == 0 && name.len() > 3 && is_rare && !self.is_no_town(from)
        });
        let is_where = number.start > 0 && reader.says_any(number.start - 1, &["at", "from"]);
        let next = from + 1;
        let is_over = self.is_mark_or_end(next) || self.goes_on(next);
        let is_over = is_over || self.ordinal_end(next).is_some();
        let is_caller = self.speaker == Speaker::Caller;
        is_caller && is_where && is_name && is_over && self.is_long_number(number)
    }

    /// "It's thirty one the spinney": all that is said.
    pub(super) fn is_whole_name(&self, number: usize, from: usize) -> bool {
        let reader = &self.reader;
        let name = from + 1;
        let is_the = self.speaker == Speaker::Caller && reader.says(from, "the");
        let is_rare = || {
            let token = reader.token(name).filter(|token| token.is_word());
            let word = reader.word(name);
            token.is_some_and(|token| token.entry.id == 0 && !NameSense::of(word).is_word_only())
        };
        let is_it = number > reader.floor && reader.says_any(number - 1, &["it's", "its", "is"]);
        is_the && is_it && is_rare() && self.is_mark_or_end(name + 1)
    }

    /// "Two two oh seven magnolia" behind "the house on the corner": a number and one word.
    pub(super) fn on_corner(&self, number: usize, from: usize, name: usize) -> bool {
        let reader = &self.reader;
        let Some(first) = number.checked_sub(3).filter(|at| *at >= reader.floor) else {
            return false;
        };
        let is_corner = reader.says(first, "on")
            && reader.says(first + 1, "the")
            && reader.says(first + 2, "corner");
        self.speaker == Speaker::Caller && is_corner && name == from + 1
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::{Address, Name};
    use crate::detect::testing::{check, check_one};

    #[test]
    fn a_house_is_told_by_its_kind() {
        for (text, address) in [
            (
                "we're at number three ferry cottages kyleakin past the old slip",
                "number three ferry cottages kyleakin",
            ),
            (
                "deliver it to number nine railway cottages",
                "number nine railway cottages",
            ),
            (
                "flowers to hollybank nursing home mill lane ormskirk please",
                "hollybank nursing home mill lane ormskirk",
            ),
            (
                "it's oh four dash twelve block three oh one tampines street thirty two",
                "oh four dash twelve block three oh one tampines street thirty two",
            ),
            ("we're at eight oh one sycamore", "eight oh one sycamore"),
            ("it's thirty one the spinney", "thirty one the spinney"),
            (
                "my unit is oh nine dash eleven block five oh two bedok north",
                "oh nine dash eleven block five oh two bedok north",
            ),
            (
                "the house on the corner two two oh seven magnolia you'll see it",
                "two two oh seven magnolia",
            ),
        ] {
            check_one(Address, text, address);
        }
        check_one(Address, "oh the gables, thornhill", "the gables, thornhill");
        check_one(Address, "the old bakery, kilkee", "the old bakery, kilkee");
        check_one(
            Address,
            "she's at flat 3, the maltings, ware",
            "flat 3, the maltings, ware",
        );
        check_one(
            Address,
            "dad's room is at sunnybank care home not the hospital",
            "sunnybank care home",
        );
        check(
            "the cab's for mr treadgold at the almshouses",
            &[(Name, "treadgold"), (Address, "the almshouses")],
        );
        for text in [
            "three holiday cottages for hire",
            "we're at number three in the queue",
            "is there a nursing home nearby",
            "he's in a private care home",
            "we moved her to another nursing home",
            "we drove past the almshouses",
            "the match ended four dash two block it",
            "the house on the corner two minutes away",
            "we're at three hundred percent",
            "i'm at four hundred megabits",
            "it's thirty one the same",
            "oh the gables, what a film",
            "oh the steak house, manhattan",
            "oh the firs, we've lots of trees",
            "can i book the willows, burford for a day",
        ] {
            check(text, &[]);
        }
    }
}
