//! What stands before the number of a house: flats, floors, blocks and the names of buildings.

use super::AddressReader;
use crate::detect::Speaker;
use crate::detect::english::{Class, NAMED_HOUSES, NumberWord, Surety};
use crate::detect::read::TokenKind;

impl AddressReader<'_> {
    /// The token behind "flat 3b", "#04-56", "apartment twelve oh four" or "second floor".
    pub(super) fn unit_end(&self, at: usize) -> Option<usize> {
        let reader = &self.reader;
        let token = reader.token(at)?;
        if token.is_mark(b'#') || token.has(Class::PLACE_START) && reader.says(at, "hash") {
            return self.unit_code(at + 1);
        }
        // "B wing".
        if token.is_letter()
            && reader.says_any(at + 1, &["wing", "block", "tower"])
            && !self.is_word_like(at, false)
        {
            return Some(at + 2);
        }
        if let Some(floor) = self.floor_end(at) {
            return Some(floor);
        }
        // "House No. 12-B", "hall 4", but not "house of 12".
        let is_building = token.has(Class::PLACE_START)
            && reader.says_any(at, &["hall", "house", "ext", "comp"])
            && (reader.says_any(at + 1, &["number", "no"]) || reader.says_digits(at + 1));
        // "H no 22-4-56".
        let is_short = reader.says(at, "h") && reader.says(at + 1, "no");
        if !token.has(Class::FLAT) && !is_building && !is_short {
            return None;
        }
        let mut from = at + 1;
        while from < at + 4
            && (reader.is_mark(from, b'.')
                && reader.touches_next(from - 1 - usize::from(from > at + 1))
                || reader.is_mark(from, b'.')
                || reader.is_mark(from, b'#')
                || reader.says_any(from, &["number", "no", "nr", "num"]))
        {
            from += 1;
        }
        self.unit_code(from)
            .or_else(|| reader.says(at, "penthouse").then_some(at + 1))
    }

    // "Second floor", "2nd level", "ground floor flat".
    fn floor_end(&self, at: usize) -> Option<usize> {
        let reader = &self.reader;
        let is_named = reader.token(at)?.has(Class::PLACE_START)
            && reader.says_any(
                at,
                &["ground", "top", "upper", "lower", "basement", "garden"],
            );
        let from = if is_named {
            at + 1
        } else {
            self.ordinal_end(at)?
        };
        let is_floor = reader
            .says_any(from, &["floor", "level", "storey", "flr", "block", "stage"])
            || is_named && reader.says_any(from, &["flat", "apartment"]);
        let is_flat = is_floor && reader.says_any(from + 1, &["flat", "apartment"]);
        is_floor.then_some(from + 1 + usize::from(is_flat))
    }

    /// "3b", "twelve oh four", "C", "04-56", "A-1", "b twelve".
    pub(super) fn unit_code(&self, from: usize) -> Option<usize> {
        const PARTS: usize = 6;
        let reader = &self.reader;
        let mut end = from;
        let mut parts = 0;
        while parts < PARTS {
            let is_written = reader.token(end).is_some_and(|token| !token.is_word());
            let letter = reader.is_letter(end) && !self.is_word_like(end, parts > 0);
            let number = reader.number(end, &mut ());
            let Some(next) = number.or(letter.then_some(end + 1)) else {
                break;
            };
            end = next;
            parts += 1;
            // "Four hundred and six".
            let is_hundred = reader.number_word(end - 1) == NumberWord::Hundred;
            if is_hundred && reader.says(end, "and") && reader.says_digits(end + 1) {
                end += 1;
                continue;
            }
            let is_joined = (reader.is_mark(end, b'-') || reader.is_mark(end, b'/'))
                && reader.touches_next(end - 1)
                && reader.touches_next(end)
                || reader.says_any(end, &["dash", "slash"]);
            let is_touching = reader.touches_next(end - 1);
            // "Suite 094 3313 Kenneth Mill".
            if is_written && !is_joined && !is_touching && !reader.is_letter(end) {
                break;
            }
            end += usize::from(is_joined);
        }
        (parts > 0).then_some(end)
    }

    // "I", and "a" with a word behind it.
    fn is_word_like(&self, at: usize, is_inner: bool) -> bool {
        let reader = &self.reader;
        let goes_on = reader
            .token(at + 1)
            .is_some_and(|next| next.is_word() && !next.has(Class::FLAT));
        reader.says(at, "i") && !reader.word(at).starts_with('I')
            || reader.word(at) == "a" && goes_on && (is_inner || !reader.says_digits(at + 1))
            || is_inner
                && !reader.touches_next(at - 1)
                && goes_on
                && reader.says_any(at, &["s", "n", "e", "w"])
    }

    /// An address that begins with a unit: "flat two, ninety six harold road".
    pub(super) fn behind_unit(&self, at: usize, lead: Option<Surety>) -> Option<usize> {
        const PARTS: usize = 6;
        let mut end = self.unit_end(at)?;
        // "Block c, row fourteen": a seat.
        if self
            .reader
            .says_any(self.behind_tie(end), &["row", "seat", "seats"])
        {
            return None;
        }
        let mut unit = end;
        let mut units = 1;
        for _ in 0..PARTS {
            let next = self.behind_tie(end);
            // "Plot 7 off Adeola Road".
            let next = next + usize::from(self.reader.says_any(next, &["off", "on", "in"]));
            // "Unit six, rear of the old tannery".
            let is_rear = self.reader.says(next, "rear") && self.reader.says(next + 1, "of");
            let next = if is_rear { next + 2 } else { next };
            if let Some(core) = self.numbered_behind(next, lead.or(Some(Surety::Likely))) {
                return Some(core);
            }
            if let Some(next) = self.site_part(next) {
                (end, unit) = (next, next);
                units += 1;
                continue;
            }
            if let Some(street) = self.street(next).filter(|street| {
                // "Berth 14 on the night ferry".
                let is_ferry = self.reader.says(street.end - 1, "ferry");
                let is_title = street.is_titled && street.is_typed_title && !is_ferry;
                street.surety == Surety::Sure || is_title
            }) {
                return match self.is_main(next, street.end) {
                    // "Third cross sixth main hsr layout bangalore".
                    true => Some(self.loose(street.end).unwrap_or(street.end)),
                    false => Some(street.end),
                };
            }
            if is_rear && let Some(house) = self.named_house(next).or_else(|| self.listed(next)) {
                return Some(house);
            }
            // "Flat 302, Sai Residency, MG Road".
            match self.building(next) {
                Some(building) => end = building,
                None => break,
            }
        }
        // "#347" alone is a number of anything.
        if self.reader.is_mark(at, b'#') {
            return None;
        }
        if let Some(end) = self.behind_units(at, unit, units, lead) {
            return Some(end);
        }
        if let Some(end) = self.township(unit).filter(|_| units > 1 && self.opens(at)) {
            return Some(end);
        }
        // "Block 88 #04-12".
        let is_sign = |at: usize| self.reader.is_mark(at, b'#');
        if units > 1 && (at..end).any(is_sign) {
            return Some(end);
        }
        let is_flat = self.reader.tokens[at].has(Class::FLAT);
        let is_led =
            lead == Some(Surety::Sure) && is_flat && !self.is_asked || lead.is_some() && units > 1;
        (is_led || self.nested().locality(end, false).has_postcode).then_some(end)
    }

    // The place behind the last of some units, of which the first stands at a token.
    fn behind_units(
        &self,
        at: usize,
        unit: usize,
        units: usize,
        lead: Option<Surety>,
    ) -> Option<usize> {
        // "Room 5 floor 2 mexico city": of any building.
        let is_floor = self.reader.says_any(at, &["floor", "level"]);
        let is_room = units > 1 && self.reader.says_any(at, &["room", "shop", "suite"]);
        let is_inner = lead.is_none() && !self.is_asked && (is_floor || is_room);
        let settled = self.settlement(at, unit, units, lead);
        let loose = self.loose(unit).filter(|_| !is_inner);
        loose.max(settled).max(self.in_the_house(at, unit, lead))
    }

    // "Flat 3, the maltings".
    fn in_the_house(&self, at: usize, unit: usize, lead: Option<Surety>) -> Option<usize> {
        let reader = &self.reader;
        let the = self.behind_silence(unit);
        let is_told = lead.is_some() || self.is_asked || self.opens(at);
        if !is_told || !reader.says(the, "the") || self.speaker == Speaker::Assistant {
            return None;
        }
        let is_old = reader.says(the + 1, "old");
        let house = the + 1 + usize::from(is_old);
        let is_kind = reader.says_any(house, NAMED_HOUSES) || is_old && self.is_house_word(house);
        (is_kind && self.is_mark_or_end(house + 1)).then_some(house + 1)
    }

    // "Flat 302 sai residency 5th cross koramangala bengaluru": up to a word that tells a place.
    fn loose(&self, from: usize) -> Option<usize> {
        const MOST: usize = 12;
        let tells = Class::STREET | Class::HOUSE | Class::PLACE | Class::STATE;
        let mut told = None;
        for at in from..from + MOST {
            let Some(token) = self.reader.token(at) else {
                break;
            };
            // "Road number 12".
            if told.is_some_and(|end| at < end) {
                continue;
            }
            let is_street = self.is_street_word(at);
            let is_stop =
                token.has(Class::CLOSED | Class::UNIT) || self.is_end(at) || self.is_no_town(at);
            if is_stop && !is_street && !self.reader.says(at, "the") {
                break;
            }
            // "House 12, road 7".
            let is_named = self.reader.says_any(at + 1, &["number", "no"]);
            if is_street && let Some(number) = self.unit_code(at + 1 + usize::from(is_named)) {
                told = Some(number);
                continue;
            }
            if token.has(tells) && !token.has(Class::MEASURE) && token.len() > 2 {
                told = Some(at + 1);
            }
        }
        told
    }

    /// "B-702 Sai Krupa, Andheri East, Mumbai 400069": a flat by its code alone.
    pub(super) fn society(&self, at: usize) -> Option<usize> {
        let reader = &self.reader;
        if self.is_slashed(at) && reader.is_mark(at + 4, b',') {
            return self.placed(at + 5);
        }
        if let Some(end) = self.block_code(at) {
            return self.placed(end);
        }
        let is_glued = reader.is_letter(at)
            && reader.is_mark(at + 1, b'-')
            && reader.touches_next(at)
            && reader.touches_next(at + 1);
        let number = reader.token(at + 2).filter(|_| is_glued)?;
        let is_flat = number.kind == TokenKind::Digits && number.len() <= 4;
        let from = at + 3 + usize::from(reader.is_mark(at + 3, b','));
        is_flat.then(|| self.placed(from)).flatten()
    }

    // "4-2-8 Shibakoen": district, block and house.
    fn block_code(&self, at: usize) -> Option<usize> {
        let reader = &self.reader;
        let is_short = |at: usize| {
            let token = reader.token(at);
            token.is_some_and(|token| token.kind == TokenKind::Digits && token.len() <= 3)
        };
        let is_dash = |at: usize| reader.is_mark(at, b'-') && reader.touches_next(at);
        let is_free = at == reader.floor || !reader.touches_next(at - 1);
        let is_pair = is_free && is_short(at) && is_dash(at + 1) && is_short(at + 2);
        let is_triple = is_pair && is_dash(at + 3) && is_short(at + 4);
        is_triple.then_some(at + 5)
    }

    /// "TC 9/1147": a house of a ward, by its code.
    pub(super) fn is_slashed(&self, at: usize) -> bool {
        let reader = &self.reader;
        let is_code = || {
            let word = reader.word(at).as_bytes();
            (2..=3).contains(&word.len()) && word.iter().all(u8::is_ascii_uppercase)
        };
        reader.is_mark(at + 2, b'/')
            && reader.says_digits(at + 1)
            && reader.says_digits(at + 3)
            && is_code()
    }

    // "Stand 1184, Ext 6, Soshanguve 0152": a town and its code of four digits or more.
    fn township(&self, unit: usize) -> Option<usize> {
        let from = self.behind_tie(unit);
        let name = self.bare_name(from)?;
        let code = self.reader.token(name)?;
        let is_code = code.kind == TokenKind::Digits && (4..=6).contains(&code.len());
        (is_code && self.is_titled(from..name) && self.is_mark_or_end(name + 1)).then_some(name + 1)
    }

    // The name of a building, up to its comma.
    fn building(&self, from: usize) -> Option<usize> {
        const BUILDING_WORDS: usize = 4;
        // "The Old Chapel".
        let is_the = self.reader.says(from, "the") && self.is_titled(from + 1..from + 2);
        let from = from + usize::from(is_the);
        let mut end = from;
        while end < from + BUILDING_WORDS {
            let token = self.reader.token(end).filter(|token| token.is_word())?;
            let is_title = is_the && token.is_capital(self.reader.text);
            if !is_title && (token.has(Class::CLOSED | Class::FILLER) || self.is_no_town(end)) {
                return None;
            }
            end += 1;
            if self.reader.is_mark(end, b',') {
                return Some(end);
            }
        }
        None
    }
}
