//! What stands before the number of a house, or in its place: flats, floors and blocks, "care of"
//! somebody, a box at the post office.

use super::AddressReader;
use crate::detect::english::{Class, NumberWord, Surety};

impl AddressReader<'_> {
    /// The token behind "flat 3b", "#04-56", "apartment twelve oh four" or "second floor".
    pub(super) fn unit_end(&self, at: usize) -> Option<usize> {
        let reader = &self.reader;
        let token = reader.token(at)?;
        if token.is_mark(b'#') || reader.says(at, "hash") {
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
        if !token.has(Class::FLAT) {
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
        let is_named = reader.says_any(
            at,
            &["ground", "top", "upper", "lower", "basement", "garden"],
        );
        let from = if is_named {
            at + 1
        } else {
            self.ordinal_end(at)?
        };
        let is_floor = reader.says_any(from, &["floor", "level", "storey", "flr"])
            || is_named && reader.says_any(from, &["flat", "apartment"]);
        let is_flat = is_floor && reader.says_any(from + 1, &["flat", "apartment"]);
        is_floor.then_some(from + 1 + usize::from(is_flat))
    }

    // "3b", "twelve oh four", "C", "04-56", "A-1", "b twelve".
    fn unit_code(&self, from: usize) -> Option<usize> {
        const PARTS: usize = 6;
        let reader = &self.reader;
        let mut end = from;
        let mut parts = 0;
        while parts < PARTS {
            let is_written = reader.token(end).is_some_and(|token| !token.is_word());
            let letter = reader.is_letter(end) && !self.is_word_like(end, parts > 0);
            let number = reader.number(end, &mut String::new());
            let Some(next) = number.or(letter.then_some(end + 1)) else {
                break;
            };
            end = next;
            parts += 1;
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
        let mut units = 1;
        for _ in 0..PARTS {
            let next = self.behind_tie(end);
            if let Some(core) = self.numbered(next, lead.or(Some(Surety::Likely))) {
                return Some(core);
            }
            if let Some(unit) = self.unit_end(next) {
                end = unit;
                units += 1;
                continue;
            }
            if let Some(street) = self.street(next).filter(|street| {
                street.surety == Surety::Sure || street.is_titled && street.is_typed_title
            }) {
                return Some(street.end);
            }
            // "Flat 302, Sai Residency, MG Road".
            match self.building(next) {
                Some(building) => end = building,
                None => break,
            }
        }
        if let Some(end) = self.loose(end) {
            return Some(end);
        }
        let is_led = lead == Some(Surety::Sure) && !self.is_asked || lead.is_some() && units > 1;
        (is_led || self.locality(end, false).has_postcode).then_some(end)
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
            let is_stop =
                token.has(Class::CLOSED | Class::UNIT) || self.is_end(at) || self.is_no_town(at);
            if is_stop {
                break;
            }
            if token.has(tells) && !token.has(Class::MEASURE) && token.len() > 2 {
                told = Some(at + 1);
            }
        }
        told
    }

    // The name of a building, up to its comma.
    fn building(&self, from: usize) -> Option<usize> {
        const BUILDING_WORDS: usize = 4;
        let mut end = from;
        while end < from + BUILDING_WORDS {
            let token = self.reader.token(end).filter(|token| token.is_word())?;
            if token.has(Class::CLOSED | Class::FILLER) || self.is_no_town(end) {
                return None;
            }
            end += 1;
            if self.reader.is_mark(end, b',') {
                return Some(end);
            }
        }
        None
    }

    /// Past what ties two parts of an address: marks, pauses, "at", "in the".
    pub(super) fn behind_tie(&self, from: usize) -> usize {
        const MOST: usize = 4;
        const TIES: [&str; 7] = ["at", "on", "in", "of", "and", "it's", "that's"];
        let mut at = from;
        while at < from + MOST && (self.is_silent(at) || self.reader.says_any(at, &TIES)) {
            at += 1;
        }
        at
    }

    /// "C/o jane doe, 12 oak road".
    pub(super) fn care_of(&self, at: usize) -> Option<usize> {
        const CARE_WORDS: usize = 5;
        let reader = &self.reader;
        let is_short =
            reader.says(at, "c") && reader.is_mark(at + 1, b'/') && reader.says(at + 2, "o");
        let is_long = reader.says(at, "care") && reader.says(at + 1, "of");
        let from = match (is_short, is_long) {
            (true, _) => at + 3,
            (_, true) => at + 2,
            _ => return None,
        };
        (from + 1..from + CARE_WORDS + 2).find_map(|next| {
            let next = self.behind_tie(next);
            self.numbered(next, Some(Surety::Likely))
                .or_else(|| self.behind_unit(next, Some(Surety::Likely)))
                .or_else(|| self.unnumbered(next, Some(Surety::Sure)))
        })
    }

    /// "P.O. Box 12", "private bag x 4", "rural route 2 box 15".
    pub(super) fn box_end(&self, at: usize, lead: Option<Surety>) -> Option<usize> {
        let reader = &self.reader;
        let token = reader.token(at).filter(|token| token.is_word())?;
        let first = token.of(reader.text).bytes().next()?.to_ascii_lowercase();
        if !b"pglcmr".contains(&first) {
            return None;
        }
        let dot = |at: usize| usize::from(reader.is_mark(at, b'.'));
        let behind = if reader.says_any(at, &["po", "pob", "gpo"]) {
            at + 1 + dot(at + 1)
        } else if reader.says(at, "p") {
            let second = at + 1 + dot(at + 1);
            if !reader.says(second, "o") {
                return None;
            }
            second + 1 + dot(second + 1)
        } else if reader.says(at, "post") && reader.says(at + 1, "office") {
            at + 2
        } else if reader.says_any(at, &["postal", "private", "locked", "community", "mail"]) {
            at + 1
        } else if reader.says_any(at, &["rural", "rr"]) {
            return self.rural_box(at, lead);
        } else {
            return None;
        };
        let is_bag = reader.says(behind, "bag") || reader.says(behind, "box");
        let numbered = behind + 1 + dot(behind + 1);
        let skipped = usize::from(
            reader.says_any(numbered, &["number", "no", "#"]) || reader.is_mark(numbered, b'#'),
        );
        is_bag.then(|| self.unit_code(numbered + skipped)).flatten()
    }

    fn rural_box(&self, at: usize, lead: Option<Surety>) -> Option<usize> {
        let reader = &self.reader;
        let from = at + 1 + usize::from(reader.says(at + 1, "route"));
        let route = reader.number(from, &mut String::new())?;
        let next = self.behind_tie(route);
        let is_box = reader.says(next, "box");
        let boxed = is_box.then(|| self.unit_code(next + 1)).flatten();
        boxed.or_else(|| lead.is_some().then_some(route))
    }

    /// Whether a token says nothing: a mark inside an address, or a pause.
    pub(super) fn is_silent(&self, at: usize) -> bool {
        use crate::detect::read::TokenKind::{Line, Mark};
        self.reader.token(at).is_some_and(|token| {
            token.has(Class::FILLER)
                || matches!(
                    token.kind,
                    Line | Mark(b',' | b'.' | b'-' | b':' | b'"' | b'(' | b'>' | b'=' | b';')
                )
        })
    }

    /// Whether an answer may begin with a word.
    pub(super) fn leads(&self, at: usize) -> bool {
        self.reader.token(at).is_some_and(|token| {
            token.is_word()
                && token.has(Class::LEAD | Class::COPULA | Class::JOIN)
                && token.entry.number == NumberWord::None
                && !token.has(Class::FLAT)
        }) || self
            .reader
            .says_any(at, &["at", "in", "no", "currently", "still", "address"])
    }

    /// Whether a sentence ends at a token.
    pub(super) fn is_end(&self, at: usize) -> bool {
        self.reader.ends_sentence(at)
    }

    /// The token behind a pause.
    pub(super) fn behind_silence(&self, from: usize) -> usize {
        let is_pause = |at: usize| {
            self.reader.is_mark(at, b',')
                || self.reader.is_mark(at, b'-') && !self.reader.touches_next(at)
                || self
                    .reader
                    .token(at)
                    .is_some_and(|token| token.has(Class::FILLER))
        };
        (from..from + 3)
            .find(|at| !is_pause(*at))
            .unwrap_or(from + 3)
    }

    /// The token behind a pause between a house's number and its street.
    pub(super) fn behind_pause(&self, from: usize) -> usize {
        self.behind_silence(from)
    }
}
