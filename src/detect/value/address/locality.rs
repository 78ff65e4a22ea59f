//! What follows a street: flat, town, state, postal code and country, as far as it is said in one
//! go, with what people say between; and what a house is near to.
//!
//! A town is told by its place: a capital where the street has one, a state or a code behind it,
//! or the end of what is said.

use super::AddressReader;
use crate::detect::english::{Class, Gap, Surety};
use crate::detect::read::{Token, TokenKind};

/// What follows a street.
pub(super) struct Locality {
    /// The token behind the last part.
    pub(super) end: usize,
    /// Whether a part says that it is one: a flat, a state, a code.
    pub(super) is_anchored: bool,
    /// Whether one is a town.
    pub(super) has_town: bool,
    /// Whether one is a postal code.
    pub(super) has_postcode: bool,
}

/// What stands before a part; the strongest last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PartTie {
    Beside,
    Comma,
    Said,
    Stop,
    Line,
    Correction,
}

impl AddressReader<'_> {
    /// Reads what follows a street. `is_titled` tells whether names have capitals there.
    pub(super) fn locality(&self, street: usize, is_titled: bool) -> Locality {
        const PARTS: usize = 12;
        let mut found = Locality {
            end: street,
            is_anchored: false,
            has_town: false,
            has_postcode: false,
        };
        let mut at = street;
        for _ in 0..PARTS {
            let (next, tie) = self.tie(at);
            let Some((end, is_sure)) = self.part(next, tie, is_titled, &mut found) else {
                break;
            };
            at = end;
            if is_sure {
                found.end = end;
            }
        }
        found
    }

    // The part at a token, and whether it counts without one behind it.
    fn part(
        &self,
        at: usize,
        tie: PartTie,
        is_titled: bool,
        found: &mut Locality,
    ) -> Option<(usize, bool)> {
        if let Some(end) = self.taken_back(at, tie) {
            return Some((end, true));
        }
        let is_short = self.may_be_short(at, tie, is_titled, found);
        if !found.has_postcode
            && let Some(end) = self.postcode(at, is_short)
        {
            found.has_postcode = true;
            found.is_anchored = true;
            return Some((end, true));
        }
        if let Some(end) = self
            .short_code(at)
            .filter(|_| is_short && !found.has_postcode)
        {
            (found.has_postcode, found.is_anchored) = (true, true);
            return Some((end, true));
        }
        if self.is_house(at) {
            return None;
        }
        let unit = self
            .unit_end(at)
            .or_else(|| self.numbered_unit(at))
            .or_else(|| self.round_end(at));
        if let Some(end) = unit.filter(|_| !found.has_postcode) {
            found.is_anchored |=
                self.reader.tokens[at].has(Class::FLAT) || self.reader.is_mark(at, b'#');
            return Some((end, true));
        }
        if let Some(end) = self.bare_unit(at).filter(|_| tie == PartTie::Comma) {
            return Some((end, true));
        }
        let street = self.street_part(at, tie).filter(|_| !found.has_postcode);
        if let Some(end) = street {
            return Some((end, true));
        }
        if let Some(end) = self.state_end(at, tie) {
            found.is_anchored = true;
            // "Orlando west, soweto".
            let way = self
                .reader
                .token(end)
                .filter(|_| self.is_mark_or_end(end + 1));
            let is_way = way.is_some_and(|way| way.has(Class::DIRECTION) && way.len() > 3);
            return Some((end + usize::from(is_way), true));
        }
        if let Some(end) = self.landmark_end(at) {
            return Some((end, true));
        }
        let town = self.town(at, tie, is_titled, found);
        found.has_town |= town.is_some();
        town
    }

    // Another street, "mill lane" behind a comma or "5th cross".
    fn street_part(&self, at: usize, tie: PartTie) -> Option<usize> {
        let street = self.street(at)?;
        let is_told = tie >= PartTie::Comma || self.is_main(at, street.end);
        (is_told && street.surety == Surety::Sure).then_some(street.end)
    }

    // Whether a code of few digits may stand at a token.
    fn may_be_short(&self, at: usize, tie: PartTie, is_titled: bool, found: &Locality) -> bool {
        found.is_anchored
            || tie == PartTie::Beside && self.follows_town(at, found)
            || tie == PartTie::Beside && self.follows_region(at)
            || found.has_town && tie == PartTie::Comma && self.is_mark_or_end(self.run_end(at))
            || is_titled
                && tie == PartTie::Comma
                && self.is_titled(at + 1..at + 2)
                && self.is_mark_or_end(at + 2)
    }

    // "Coober Pedy SA 5723".
    fn follows_region(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|at| self.reader.token(at));
        let is_region = |token: &Token| {
            let word = token.of(self.reader.text);
            token.is_word()
                && (2..=3).contains(&word.len())
                && word.bytes().all(|byte| byte.is_ascii_uppercase())
        };
        let is_code = (self.reader.token(at)).is_some_and(|token| token.len() == 4);
        before.is_some_and(is_region) && is_code && self.is_mark_or_end(at + 1)
    }

    // The token behind the digits at a place.
    fn run_end(&self, at: usize) -> usize {
        const MOST: usize = 6;
        let digits = &mut String::new();
        let mut end = at;
        while let Some(next) = self
            .reader
            .number(end, digits)
            .filter(|next| *next <= at + MOST)
        {
            end = next;
        }
        end.max(at + 1)
    }

    // "Matangi 3284": four digits behind a town with a capital, and no year.
    fn follows_town(&self, at: usize, found: &Locality) -> bool {
        let reader = &self.reader;
        let is_digits = |token: &&Token| token.kind == TokenKind::Digits && token.len() == 4;
        if at == 0 || reader.token(at).filter(is_digits).is_none() {
            return false;
        }
        let is_place = found.has_town || reader.tokens[at - 1].has(Class::PLACE);
        let is_year = reader.word(at).starts_with("19") || reader.word(at).starts_with("20");
        let is_sure = !is_year || self.is_mark_or_end(at + 1);
        is_place && is_sure && self.is_titled(at - 1..at)
    }

    // "Number 6" or a box's station behind a street.
    pub(super) fn numbered_unit(&self, at: usize) -> Option<usize> {
        let reader = &self.reader;
        // "Station B" behind a box.
        let is_station = reader.says_any(at, &["station", "stn"]) && reader.is_letter(at + 1);
        if is_station && self.is_mark_or_end(at + 2) {
            return Some(at + 2);
        }
        let is_named = reader.says_any(at, &["number", "no"]);
        // "Number oh three dash forty one", but no telephone's.
        let first = reader.token(at + 1).filter(|first| first.says_digits())?;
        let end = is_named.then(|| self.unit_code(at + 1)).flatten()?;
        let is_short = first.kind != TokenKind::Digits || first.len() <= 5;
        (is_short && !reader.says_digits(end)).then_some(end)
    }

    // "Four b": a number with a letter behind a street, and nothing more.
    fn bare_unit(&self, at: usize) -> Option<usize> {
        const MOST: usize = 4;
        self.reader.token(at).filter(|token| token.says_digits())?;
        // "3º izq", "5° B".
        let is_sign =
            self.reader.is_mark(at + 1, 0) || ["º", "ª"].contains(&self.reader.word(at + 1));
        if is_sign && self.reader.touches_next(at) {
            let side = self.reader.token(at + 2);
            let is_side = side.is_some_and(|side| side.is_word() && side.len() <= MOST);
            return Some(at + 2 + usize::from(is_side));
        }
        let mut digits = String::new();
        let end = self.reader.number(at, &mut digits)?;
        let is_lettered = self.reader.is_letter(end) && self.is_mark_or_end(end + 1);
        (is_lettered && digits.len() <= MOST).then_some(end + 1)
    }

    // What stands between two parts, and the token behind it.
    fn tie(&self, from: usize) -> (usize, PartTie) {
        const MOST: usize = 7;
        let reader = &self.reader;
        let (mut at, mut tie) = (from, PartTie::Beside);
        while at < from + MOST {
            let Some(token) = reader.token(at) else { break };
            if let Some((last, gap)) = reader.gap(at).filter(|(_, gap)| *gap >= Gap::Again) {
                if gap >= Gap::Correction {
                    tie = PartTie::Correction;
                }
                at = last + 1;
                continue;
            }
            tie = tie.max(match token.kind {
                TokenKind::Line => PartTie::Line,
                TokenKind::Mark(b'.') if reader.goes_on_glued(at) => PartTie::Beside,
                TokenKind::Mark(b'.') => PartTie::Stop,
                TokenKind::Mark(b',' | b';') => PartTie::Comma,
                TokenKind::Mark(b'-' | b'(' | b'>' | b')' | b'/') => PartTie::Beside,
                TokenKind::Word if token.has(Class::FILLER) => PartTie::Beside,
                TokenKind::Word if self.ties(at) => PartTie::Said,
                _ => break,
            });
            at += 1;
        }
        (at, tie)
    }

    // "That's in …", "and the city is …".
    fn ties(&self, at: usize) -> bool {
        const TIES: [&str; 19] = [
            "off", "thats", "its", "in", "that's", "it's", "and", "is", "the", "city", "town",
            "state", "so", "then", "of", "which", "that", "yeah", "country",
        ];
        let reader = &self.reader;
        // "City" behind a town belongs to it.
        let is_own = reader.says_any(at, &["city", "town"]);
        reader.says_any(at, &TIES) && (!is_own || reader.says_any(at + 1, &["is", "of"]))
    }

    // What is said anew behind a correction.
    fn taken_back(&self, at: usize, tie: PartTie) -> Option<usize> {
        if tie != PartTie::Correction || self.is_nested {
            return None;
        }
        self.numbered(at, Some(Surety::Sure))
            .or_else(|| self.behind_unit(at, Some(Surety::Likely)))
            .or_else(|| self.street(at).map(|street| street.end))
            .or_else(|| self.house_number(at))
    }

    // "Near metro pillar 42", "opposite the temple".
    fn landmark_end(&self, at: usize) -> Option<usize> {
        const LANDMARK_WORDS: usize = 6;
        let reader = &self.reader;
        let first = reader.token(at)?;
        let is_next = reader.says(at, "next") && reader.says(at + 1, "to");
        // "…, by Garve".
        let is_by = reader.says(at, "by")
            && at > 0
            && reader.is_mark(at - 1, b',')
            && reader
                .token(at + 1)
                .is_some_and(|next| next.is_word() && next.is_capital(reader.text));
        if !first.has(Class::LANDMARK) && !is_next && !is_by {
            return None;
        }
        let from = at + 1 + usize::from(is_next) + usize::from(reader.is_mark(at + 1, b'.'));
        let from = from + usize::from(reader.says(from, "to"));
        let from = from + usize::from(reader.says_any(from, &["the", "a", "an"]));
        let mut end = from;
        while end < from + LANDMARK_WORDS {
            let Some(token) = reader.token(end) else {
                break;
            };
            let is_plain =
                token.is_word() && !token.has(Class::CLOSED | Class::JOIN) && !self.is_no_town(end);
            if !is_plain && !token.says_digits() {
                break;
            }
            end += 1;
        }
        (end > from).then_some(end)
    }

    /// Whether a state, a country or a code stands behind a town.
    pub(super) fn is_anchor(&self, at: usize) -> bool {
        let (next, tie) = self.tie(at);
        tie != PartTie::Correction
            && (self.state_end(next, tie).is_some() || self.postcode(next, true).is_some())
    }
}
