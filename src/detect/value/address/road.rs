//! Where somebody stands on a road of many miles: "the hard shoulder of the m 62 just past junction
//! 24", "interstate 80 at mile marker 212".
//!
//! The road alone is everybody's; a place on it must be told, and that a caller is there.

use super::AddressReader;
use crate::detect::Speaker;
use crate::detect::english::Class;

/// What stands on a road and has a number.
const MARKS: [&str; 12] = [
    "junction",
    "junctions",
    "exit",
    "exits",
    "marker",
    "markers",
    "milepost",
    "kilometre",
    "kilometer",
    "km",
    "interchange",
    "offramp",
];

/// What a road with a name is.
const WAYS: [&str; 6] = [
    "highway",
    "motorway",
    "freeway",
    "expressway",
    "turnpike",
    "parkway",
];

impl AddressReader<'_> {
    /// The end of a place on a road that begins at a token.
    pub(super) fn roadside(&self, at: usize) -> Option<usize> {
        let reader = &self.reader;
        // "The m 62", "princes highway"; most tokens are none.
        let token = reader.token(at).filter(|token| token.is_word())?;
        let kinds = Class::STREET | Class::STREET_TOO | Class::MEASURE | Class::DETERMINER;
        let next = reader.token(at + 1);
        let may_begin = token.is_letter()
            || token.has(kinds)
            || token.len() == 8
            || next.is_some_and(|next| next.has(Class::STREET));
        if !may_begin || self.speaker != Speaker::Caller {
            return None;
        }
        let is_the = reader.says(at, "the");
        let start = at;
        let at = at + usize::from(is_the);
        let shoulder = at + usize::from(reader.says(at, "hard"));
        if reader.says(shoulder, "shoulder") {
            let next = shoulder + 1;
            let next = next + usize::from(reader.says_any(next, &["of", "on"]));
            let road = self.road(next + usize::from(reader.says(next, "the")))?;
            return Some(self.place_on(road).unwrap_or(road));
        }
        let road = self.road(at)?;
        if !self.is_there(start) {
            return None;
        }
        self.place_on(road)
    }

    /// "The corner of elm and fourth", with the words before the first street.
    pub(super) fn whole_corner(&self, at: usize) -> Option<usize> {
        let reader = &self.reader;
        let kinds = Class::DETERMINER | Class::STREET_TOO;
        reader.token(at).filter(|token| token.has(kinds))?;
        let corner = at + usize::from(reader.says(at, "the"));
        let is_corner = reader.says_any(corner, &["corner", "intersection", "junction"]);
        let is_bare = corner > at || at == reader.floor || !reader.says(at - 1, "the");
        if !is_corner || !is_bare || self.speaker != Speaker::Caller {
            return None;
        }
        self.corner(corner + 2, None)
    }

    // "M 62", "i ninety five south", "interstate 80", "a 303 westbound".
    fn road(&self, at: usize) -> Option<usize> {
        const LETTERS: [&str; 7] = ["m", "a", "n", "i", "b", "e", "r"];
        const MOST: usize = 4;
        let reader = &self.reader;
        let is_named = reader.says_any(at, &["interstate", "highway", "route", "motorway"]);
        // "The princes highway".
        if reader.says_any(at + 1, &WAYS) && !is_named {
            return self.is_name_word(at, 0).then_some(at + 2);
        }
        let is_lettered = reader.is_letter(at) && reader.says_any(at, &LETTERS);
        if !is_named && !is_lettered {
            return None;
        }
        let mut digits = String::new();
        let mut end = at + 1;
        while let Some(next) = reader.number(end, &mut digits) {
            end = next;
        }
        let is_road = (1..=MOST).contains(&digits.len());
        let is_way = |at: usize| {
            let is_bound = reader.word(at).ends_with("bound");
            let token = reader.token(at);
            is_bound || token.is_some_and(|token| token.has(Class::DIRECTION) && token.len() > 3)
        };
        is_road.then(|| end + usize::from(is_way(end)))
    }

    // "Just past junction 24", "between junctions 4 and 5", "near stonehenge".
    fn place_on(&self, road: usize) -> Option<usize> {
        const WHERE: [&str; 11] = [
            "past", "near", "before", "after", "by", "at", "between", "outside", "around", "off",
            "beyond",
        ];
        let reader = &self.reader;
        let around = ["just", "about", "right", "somewhere", "the", "mile"];
        let is_bound = |at: usize| reader.word(at).ends_with("bound");
        let skip = |mut at: usize| {
            while reader.says_any(at, &around) || self.is_silent(at) || is_bound(at) {
                at += 1;
            }
            at
        };
        let place = skip(road);
        let is_where = reader.says_any(place, &WHERE);
        let from = skip(place + usize::from(is_where));
        if reader.says_any(from, &MARKS) {
            let number = |at: usize| reader.number(at, &mut String::new());
            let number = number(from + 1)?;
            let mut end = number;
            while let Some(next) = reader.number(end, &mut String::new()) {
                end = next;
            }
            let is_and = reader.says(end, "and");
            let second = is_and
                .then(|| reader.number(end + 1, &mut String::new()))
                .flatten();
            return second.or(Some(end));
        }
        let town = is_where.then(|| self.town_word(from)).flatten()?;
        (self.is_mark_or_end(town) || self.goes_on(town)).then_some(town)
    }

    // "I've broken down on the", "we're on".
    fn is_there(&self, at: usize) -> bool {
        const NEAR: usize = 8;
        const STUCK: [&str; 25] = [
            "car's",
            "car",
            "truck's",
            "van's",
            "vehicle",
            "broken",
            "broke",
            "breakdown",
            "stuck",
            "stranded",
            "flat",
            "puncture",
            "crash",
            "crashed",
            "accident",
            "parked",
            "pulled",
            "dead",
            "tow",
            "i'm",
            "we're",
            "am",
            "collision",
            "shoulder",
            "verge",
        ];
        let reader = &self.reader;
        if (self.is_sought || self.is_asked) && self.begins(at) {
            return true;
        }
        let is_on = at > reader.floor && reader.says_any(at - 1, &["on", "off", "at"]);
        let from = at.saturating_sub(NEAR).max(reader.floor);
        let near = (from..at).rev().take_while(|at| !reader.ends_sentence(*at));
        is_on && near.into_iter().any(|at| reader.says_any(at, &STUCK))
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::Address;
    use crate::detect::testing::{check, check_one};

    #[test]
    fn a_place_on_a_road_is_where_a_caller_stands() {
        for (text, address) in [
            (
                "i'm stuck on the hard shoulder of the m 62 just past junction 24",
                "the hard shoulder of the m 62 just past junction 24",
            ),
            (
                "i've broken down on the a 303 westbound near stonehenge",
                "the a 303 westbound near stonehenge",
            ),
            (
                "the car's dead on i ninety five south by exit twelve",
                "i ninety five south by exit twelve",
            ),
            (
                "i broke down on the princes highway near bulahdelah",
                "the princes highway near bulahdelah",
            ),
            (
                "we're on interstate 80 at mile marker 212",
                "interstate 80 at mile marker 212",
            ),
            (
                "send the truck to the corner of elm and fourth",
                "the corner of elm and fourth",
            ),
        ] {
            check_one(Address, text, address);
        }
    }

    #[test]
    fn a_road_alone_is_everybodys() {
        for text in [
            "we drove down the m 62 last week",
            "i was stuck on the m 25 for two hours",
            "traffic on the m six at junction 4 was awful",
            "on route nine near the end of my shift",
            "i'm on route 66 of the game map",
            "i turned the corner of the page and moved on",
        ] {
            check(text, &[]);
        }
    }
}
