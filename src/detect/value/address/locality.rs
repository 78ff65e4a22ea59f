//! What follows a street: flat, town, state, postal code and country, as far as it is said in one
//! go, with what people say between; and what a house is near to.
//!
//! A town is told by its place: a capital where the street has one, a state or a code behind it,
//! or the end of what is said.

use super::AddressReader;
use crate::detect::english::{Class, Gap, NumberWord, Surety};
use crate::detect::read::TokenKind;

/// What follows a street.
pub(super) struct Locality {
    /// The token behind the last part.
    pub(super) end: usize,
    /// Whether a part says that it is one: a flat, a state, a code.
    pub(super) is_anchored: bool,
    // Whether one is a town.
    has_town: bool,
    /// Whether one is a postal code.
    pub(super) has_postcode: bool,
}

/// What stands before a part; the strongest last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum PartTie {
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
        let is_short = found.is_anchored || found.has_town && tie == PartTie::Comma;
        if !found.has_postcode
            && let Some(end) = self.postcode(at, is_short)
        {
            found.has_postcode = true;
            found.is_anchored = true;
            return Some((end, true));
        }
        if self.numbered(at, None).is_some() {
            return None;
        }
        let unit = self.unit_end(at).or_else(|| self.numbered_unit(at));
        if let Some(end) = unit.filter(|_| !found.has_postcode) {
            found.is_anchored |=
                self.reader.tokens[at].has(Class::FLAT) || self.reader.is_mark(at, b'#');
            return Some((end, true));
        }
        let street = (tie >= PartTie::Comma).then(|| self.street(at)).flatten();
        if let Some(street) =
            street.filter(|street| street.surety == Surety::Sure && !found.has_postcode)
        {
            return Some((street.end, true));
        }
        if let Some(end) = self.state_end(at, tie) {
            found.is_anchored = true;
            return Some((end, true));
        }
        if let Some(end) = self.landmark_end(at) {
            return Some((end, true));
        }
        let town = self.town(at, tie, is_titled, found);
        found.has_town |= town.is_some();
        town
    }

    // "Number 6" behind a street.
    fn numbered_unit(&self, at: usize) -> Option<usize> {
        let reader = &self.reader;
        let is_named = reader.says_any(at, &["number", "no"]);
        let mut digits = String::new();
        let end = is_named
            .then(|| reader.number(at + 1, &mut digits))
            .flatten()?;
        (digits.len() <= 4 && !reader.says_digits(end)).then_some(end)
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
                TokenKind::Mark(b'.') if reader.touches_next(at) => PartTie::Beside,
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
        const TIES: [&str; 16] = [
            "in", "that's", "it's", "and", "is", "the", "city", "town", "state", "so", "then",
            "of", "which", "that", "yeah", "country",
        ];
        let reader = &self.reader;
        // "City" behind a town belongs to it.
        reader.says_any(at, &TIES)
            && !(reader.says_any(at, &["city", "town"]) && !reader.says_any(at + 1, &["is", "of"]))
    }

    // What is said anew behind a correction.
    fn taken_back(&self, at: usize, tie: PartTie) -> Option<usize> {
        if tie != PartTie::Correction {
            return None;
        }
        self.numbered(at, Some(Surety::Sure))
            .or_else(|| self.behind_unit(at, Some(Surety::Likely)))
            .or_else(|| self.street(at).map(|street| street.end))
            .or_else(|| self.house_number(at))
    }

    // "IL", "new york", "county cork", "d c".
    fn state_end(&self, at: usize, tie: PartTie) -> Option<usize> {
        const WORDS: [&str; 14] = [
            "in", "or", "me", "hi", "ok", "oh", "id", "la", "ma", "pa", "de", "co", "as", "al",
        ];
        let reader = &self.reader;
        let token = reader.token(at).filter(|token| token.is_word())?;
        let is_prefix = reader.says_any(at, &["new", "north", "south", "west", "rhode", "county"]);
        if is_prefix
            && reader.token(at + 1)?.has(Class::STATE | Class::PLACE)
            && reader.word(at + 1).len() > 2
        {
            let is_long = reader.says(at, "rhode")
                || reader.says(at + 1, "south")
                || reader.says(at + 1, "rhode");
            return Some(at + 2 + usize::from(is_long));
        }
        if token.is_letter() && reader.is_letter(at + 1)
            || reader.is_letter(at) && reader.is_mark(at + 1, b'.')
        {
            return self.spelled_state(at);
        }
        let is_short = token.len() == 2;
        let is_capital = token
            .of(reader.text)
            .bytes()
            .all(|byte| byte.is_ascii_uppercase());
        let is_word = reader.says_any(at, &WORDS);
        let fits = !is_short
            || is_capital
            || tie != PartTie::Stop
                && !is_word
                && reader
                    .token(at + 1)
                    .is_none_or(|next| !next.is_word() || next.says_digits());
        let is_state = token.has(Class::STATE) && fits
            || token.has(Class::PLACE) && token.len() > 2
            || token.has(Class::PLACE) && is_capital;
        if !is_state {
            return self.province_end(at);
        }
        // "Dublin 4", "cork city".
        let end = at + 1 + usize::from(reader.says_any(at + 1, &["city", "island"]));
        Some(
            self.district_end(end)
                .filter(|_| token.has(Class::PLACE))
                .unwrap_or(end),
        )
    }

    // "ON" before a code or the end.
    fn province_end(&self, at: usize) -> Option<usize> {
        const PROVINCES: [&str; 11] = [
            "ON", "BC", "AB", "SK", "MB", "QC", "NB", "NS", "PE", "NL", "NT",
        ];
        let is_last = || self.is_mark_or_end(at + 1) || self.postcode(at + 1, true).is_some();
        (PROVINCES.contains(&self.reader.word(at)) && is_last()).then_some(at + 1)
    }

    // One or two digits behind a town.
    fn district_end(&self, at: usize) -> Option<usize> {
        let mut digits = String::new();
        let end = self.reader.number(at, &mut digits)?;
        (digits.len() <= 2 && self.is_mark_or_end(end)).then_some(end)
    }

    fn is_mark_or_end(&self, at: usize) -> bool {
        self.reader
            .token(at)
            .is_none_or(|next| !next.is_word() && !next.says_digits())
    }

    fn spelled_state(&self, at: usize) -> Option<usize> {
        let reader = &self.reader;
        let second = at + 1 + usize::from(reader.is_mark(at + 1, b'.'));
        let pair = [reader.word(at), reader.word(second)].concat();
        let is_state = crate::detect::read::Lexicon::get()
            .entry(&pair)
            .classes
            .contains(Class::STATE);
        (reader.is_letter(second) && is_state).then_some(second + 1)
    }

    // "Near metro pillar 42", "opposite the temple".
    fn landmark_end(&self, at: usize) -> Option<usize> {
        const LANDMARK_WORDS: usize = 6;
        let reader = &self.reader;
        let first = reader.token(at)?;
        let is_next = reader.says(at, "next") && reader.says(at + 1, "to");
        if !first.has(Class::LANDMARK) && !is_next {
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

    // A town of up to four words.
    fn town(
        &self,
        at: usize,
        tie: PartTie,
        is_titled: bool,
        found: &Locality,
    ) -> Option<(usize, bool)> {
        let end = self.town_words(at, is_titled)?;
        let next = self.reader.token(end);
        let is_over = next.is_none_or(|next| !next.is_word() && !next.says_digits());
        let is_name = is_titled && self.is_titled(at..end);
        let is_last = self.reader.token(end).is_none() || self.is_end(end);
        let is_short = end - at <= 3;
        // Behind a code only a country or a town that stood before it counts.
        if found.has_postcode {
            return (is_name && tie <= PartTie::Comma && is_over).then_some((end, true));
        }
        let follows = self.is_anchor(end);
        let is_sure = match tie {
            PartTie::Beside if is_name => is_over || follows,
            PartTie::Beside => is_short && is_last && end - at <= 2,
            PartTie::Comma | PartTie::Said if is_name => true,
            PartTie::Comma | PartTie::Said => is_short && is_over,
            PartTie::Stop => is_name && is_over && is_short && self.is_sentence(at, end),
            PartTie::Line | PartTie::Correction => is_name && is_over && follows,
        };
        (is_sure || follows)
            .then_some((end, true))
            .or_else(|| (is_over && is_name && tie == PartTie::Line).then_some((end, false)))
    }

    fn town_words(&self, at: usize, is_titled: bool) -> Option<usize> {
        const TOWN_WORDS: usize = 4;
        let reader = &self.reader;
        let mut end = at;
        while end < at + TOWN_WORDS {
            let Some(token) = reader.token(end).filter(|token| token.is_word()) else {
                break;
            };
            let is_capital = token.is_capital(reader.text);
            let is_prefix = reader.says_any(end, &["new", "old", "the", "saint", "st"]);
            let is_inner = end > at
                && reader.says_any(end, &["on", "upon", "of", "by", "le", "under", "in", "the"])
                && reader.token(end + 1).is_some_and(|next| {
                    next.is_word() && !next.has(Class::CLOSED) && next.is_capital(reader.text)
                });
            let is_closed = token.has(Class::CLOSED)
                && !is_prefix
                && !is_inner
                && !(is_titled
                    && is_capital
                    && reader
                        .token(end + 1)
                        .is_some_and(|next| next.is_word() && next.is_capital(reader.text)));
            let is_number = !matches!(token.entry.number, NumberWord::None);
            let is_small = is_titled && !is_capital && !is_inner;
            let is_anchor = end > at && self.is_state_word(end);
            // "MK40 2DD".
            let is_code = reader.touches_next(end) && reader.says_digits(end + 1);
            let is_unit = self.unit_end(end).is_some();
            if is_closed
                || is_number
                || is_small
                || is_anchor
                || is_code
                || is_unit
                || self.is_no_town(end)
            {
                break;
            }
            end += 1 + usize::from(reader.is_mark(end + 1, b'.') && reader.says(end, "st"));
        }
        (end > at).then_some(end)
    }

    fn is_state_word(&self, at: usize) -> bool {
        self.reader
            .token(at)
            .is_some_and(|token| token.has(Class::STATE | Class::PLACE) && token.len() > 2)
    }

    // Whether a state, a country or a code stands behind a town.
    pub(super) fn is_anchor(&self, at: usize) -> bool {
        let (next, tie) = self.tie(at);
        tie != PartTie::Correction
            && (self.state_end(next, tie).is_some() || self.postcode(next, true).is_some())
    }

    // Whether a full stop or the end stands behind words that are a sentence.
    fn is_sentence(&self, at: usize, end: usize) -> bool {
        let is_mark = self.reader.is_mark(end, b',');
        at < end && (is_mark || self.is_end(end) || self.reader.token(end).is_none())
    }

    /// Whether a word is none of a town's: a day, a goodbye, a quantity.
    pub(super) fn is_no_town(&self, at: usize) -> bool {
        self.reader.token(at).is_some_and(|token| {
            token.has(
                Class::NO_TOWN
                    | Class::NO_NAME
                    | Class::NO_ANSWER
                    | Class::LEAD
                    | Class::FILLER
                    | Class::MEASURE,
            ) && !token.has(Class::PLACE | Class::STATE)
        })
    }
}
