//! The name of a street: some words and one for street behind them, or before them where the
//! language has it so; and what stands in for one, the name of a house.

use std::ops::Range;

use super::AddressReader;

use crate::detect::english::{Class, NumberWord, Surety};
use crate::detect::foreign::PARTICLES;
use crate::detect::read::{Token, TokenKind};

/// The most words of a street's name.
const WORDS: usize = 5;

/// Before a road that has a number.
const OWNERS: [&str; 9] = [
    "county",
    "state",
    "rural",
    "us",
    "farm",
    "tampines",
    "old",
    "concession",
    "range",
];

/// A street.
pub(super) struct StreetName {
    /// The token behind it.
    pub(super) end: usize,
    /// Whether its last word says little else than a street.
    pub(super) surety: Surety,
    /// Whether it is written as names are.
    pub(super) is_titled: bool,
    /// Whether its last word is as well.
    pub(super) is_typed_title: bool,
    /// Whether its name is none of the commonest words.
    pub(super) is_plain: bool,
}

impl AddressReader<'_> {
    /// The street whose name begins at a token.
    pub(super) fn street(&self, from: usize) -> Option<StreetName> {
        if let Some(end) = self.typed_before(from) {
            let whole = self.behind_lot(from, end);
            let street = self.named(from..end, end - 1, Surety::Sure);
            return Some(StreetName {
                end: whole,
                ..street
            });
        }
        let (mut at, mut words, mut found) = (from, 0, None);
        while words < WORDS + 1 {
            let token = self.reader.token(at)?;
            if token.has(Class::FILLER) && words > 0 {
                at += 1;
                continue;
            }
            if words > 0 && self.ends_street(at) {
                found = Some(at);
                // "Oak Hill Road" goes on behind its "Hill".
                if !self.is_street_word(at + 1) {
                    break;
                }
            } else if found.is_some() {
                break;
            }
            let Some(next) = self.name_part(at, words) else {
                break;
            };
            // "Lekki-Epe Expressway".
            let is_glued = |at: usize| at > 0 && self.reader.touches_next(at - 1);
            let is_hyphen = self.reader.is_mark(next, b'-') && is_glued(next) && is_glued(next + 1);
            (at, words) = (next + usize::from(is_hyphen), words + 1);
        }
        let last = found?;
        // "Mill street gardens" is as sure as "mill street".
        let inner = self.reader.tokens.get(from + 1..=last).unwrap_or(&[]);
        let is_main = self.is_main(from, last + 1);
        let is_street = inner.iter().any(|token| token.has(Class::STREET));
        let surety = if is_street || from == last || is_main {
            Surety::Sure
        } else {
            Surety::Likely
        };
        let end = self.behind_street(last + 1);
        Some(self.named(from..end, last, surety))
    }

    /// "2nd main", "5th cross".
    pub(super) fn is_main(&self, from: usize, end: usize) -> bool {
        let is_ordinal = self.ordinal_end(from) == end.checked_sub(1);
        is_ordinal && self.reader.says_any(end - 1, &["main", "cross"])
    }

    fn named(&self, range: Range<usize>, last: usize, surety: Surety) -> StreetName {
        let is_title = |at: usize| self.reader.tokens[at].is_capital(self.reader.text);
        let common = Class::LEAD | Class::VAGUE | Class::GO_ON | Class::CLOSED | Class::NO_VALUE;
        let is_plain = self.reader.tokens[range.start..last].iter().all(|token| {
            let word = token.of(self.reader.text);
            let is_street = token.has(Class::STREET) && !token.is_capital(self.reader.text);
            let is_verb = word.len() > 6 && word.ends_with("ing");
            !token.has(common) && !is_street && !is_verb
        });
        StreetName {
            end: range.end,
            surety,
            is_titled: self.is_titled(range.start..last.max(range.start + 1)),
            is_typed_title: is_title(last),
            is_plain,
        }
    }

    /// Whether words are written as names are, with capitals and small letters.
    pub(super) fn is_titled(&self, range: Range<usize>) -> bool {
        // "Calle Mayor".
        let small = Class::CLOSED | Class::STREET_FIRST;
        let tokens = self.reader.tokens.get(range).unwrap_or(&[]);
        let mut words = tokens.iter().filter(|token| token.is_word()).peekable();
        words.peek().is_some()
            && words.all(|token| {
                let word = token.of(self.reader.text);
                let is_small =
                    PARTICLES.contains(&word) || ["na", "upon"].contains(&word) || token.has(small);
                token.is_capital(self.reader.text) || is_small || token.is_letter()
            })
            && tokens
                .iter()
                .any(|token| token.is_capital(self.reader.text))
    }

    // "Street", but not "street food" or "road trip".
    fn ends_street(&self, at: usize) -> bool {
        let Some(token) = self.reader.token(at).filter(|_| self.is_street_word(at)) else {
            return false;
        };
        let next = self.reader.token(at + 1);
        let is_other = next
            .is_some_and(|next| next.is_word() && next.has(Class::NO_TOWN) && self.is_trip(at + 1));
        // "Dr Smith" is a person, "St James" a saint.
        let is_title = token.has(Class::TITLE)
            && next.is_some_and(|next| {
                next.is_word()
                    && !next.has(Class::FLAT | Class::STATE | Class::CLOSED | Class::DIRECTION)
            });
        !is_other && !is_title
    }

    fn is_trip(&self, at: usize) -> bool {
        const OTHERS: [&str; 19] = [
            "trip", "trips", "food", "sign", "signs", "lamp", "lamps", "fair", "party", "blocks",
            "away", "closure", "closures", "works", "traffic", "parking", "rage", "through",
            "side",
        ];
        self.reader.says_any(at, &OTHERS)
    }

    /// Whether a word may end the name of a street.
    pub(super) fn is_street_word(&self, at: usize) -> bool {
        // "Ashfield Ind Est".
        let is_estate = || {
            let kinds = ["ind", "trading", "industrial", "business", "housing"];
            self.reader.says(at, "est") && at > 0 && self.reader.says_any(at - 1, &kinds)
        };
        let is_street = |token: &Token| token.has(Class::STREET | Class::STREET_TOO);
        self.reader.token(at).is_some_and(is_street) || is_estate()
    }

    // The token behind one word of a street's name.
    fn name_part(&self, at: usize, words: usize) -> Option<usize> {
        let token = self.reader.token(at)?;
        // "West twenty first street", "42nd street".
        if let Some(end) = self.ordinal_end(at) {
            return Some(end);
        }
        // "A Street", "the grove".
        if words == 0 && token.is_letter() && self.reader.token(at + 1)?.has(Class::STREET) {
            return Some(at + 1);
        }
        let is_dotted = self.reader.is_mark(at + 1, b'.') && token.len() <= 2;
        // "Wattle Flat Road".
        let is_inner = || {
            let is_street = |next: &Token| next.has(Class::STREET);
            let is_next = |at| self.reader.token(at).is_some_and(is_street);
            let is_box = || {
                self.reader
                    .says_any(at, &["box", "tower", "house", "villa", "flat"])
            };
            token.has(Class::FLAT) && (words > 0 && is_next(at + 1) || is_box() && is_next(at + 2))
        };
        (self.is_name_word(at, words) || is_inner()).then_some(at + 1 + usize::from(is_dotted))
    }

    /// Whether a word may be of the name of a street, behind so many others of it.
    pub(super) fn is_name_word(&self, at: usize, words: usize) -> bool {
        // Words of the closed class that streets are named with.
        const INNER: [&str; 12] = [
            "old", "new", "down", "back", "page", "bill", "up", "bell", "e", "brother", "best",
            "shop",
        ];
        const BETWEEN: [&str; 2] = ["and", "la"];
        const IN_TITLE: [&str; 4] = ["of", "the", "in", "on"];
        let Some(token) = self.reader.token(at).filter(|token| token.is_word()) else {
            return false;
        };
        let is_title = token.is_capital(self.reader.text) && !self.is_shouted(token);
        let before = at
            .checked_sub(1)
            .and_then(|before| self.reader.token(before));
        let is_behind_title = before.is_some_and(|before| before.is_capital(self.reader.text));
        let is_known = match words {
            0 => self.reader.says(at, "the"),
            _ => {
                self.reader.says_any(at, &BETWEEN)
                    || is_behind_title && self.reader.says_any(at, &IN_TITLE)
            }
        };
        let is_known = is_known || self.reader.says_any(at, &INNER) || is_title && token.len() > 3;
        let is_closed = token.has(Class::CLOSED) && !is_known;
        let is_number = !matches!(
            token.entry.number,
            NumberWord::None
                | NumberWord::Ordinal(_)
                | NumberWord::Month(_)
                | NumberWord::Misheard(_)
        );
        let is_number = is_number && !self.reader.says(at, "fore");
        // "Long street", "short lane".
        let is_before_street = || {
            let next = self.reader.token(at + 1);
            self.reader.says_any(at, &["long", "short"])
                && next.is_some_and(|next| next.has(Class::STREET))
        };
        let is_measured = token.has(Class::MEASURE) && !is_title && !is_before_street();
        !is_closed && !is_number && !is_measured && !token.has(Class::FLAT | Class::FILLER)
    }

    fn is_shouted(&self, token: &Token) -> bool {
        let word = token.of(self.reader.text);
        word.len() > 1 && word.bytes().all(|byte| !byte.is_ascii_lowercase())
    }

    /// The token behind "fifth", "twenty first" or "42nd".
    pub(super) fn ordinal_end(&self, at: usize) -> Option<usize> {
        let reader = &self.reader;
        match reader.number_word(at) {
            NumberWord::Ordinal(_) => return Some(at + 1),
            NumberWord::Ten(_) => {
                let hyphen = usize::from(reader.is_mark(at + 1, b'-'));
                let is_ordinal =
                    matches!(reader.number_word(at + 1 + hyphen), NumberWord::Ordinal(_));
                return is_ordinal.then_some(at + 2 + hyphen);
            }
            _ => {}
        }
        let is_written = reader
            .token(at)
            .is_some_and(|token| token.kind == TokenKind::Digits)
            && reader.touches_next(at)
            && reader.says_any(at + 1, &["st", "nd", "rd", "th"]);
        is_written.then_some(at + 2)
    }

    // "Avenue of the americas", "street north", "avenue D", "county road 12".
    fn behind_street(&self, from: usize) -> usize {
        let reader = &self.reader;
        let mut end = from;
        if reader.says(end, "of") && reader.says(end + 1, "the") {
            end += 3;
        }
        if reader.is_mark(end, b'.') && reader.touches_next(end - 1) && !self.ends_text(end + 1) {
            let goes_on = reader
                .token(end + 1)
                .is_some_and(|next| next.has(Class::DIRECTION));
            end += usize::from(goes_on);
        }
        let is_direction = |at: usize| {
            reader.token(at).is_some_and(|token| {
                let is_initial = reader.touches_next(at) && !reader.is_mark(at + 1, b',');
                token.has(Class::DIRECTION) && !(token.is_letter() && is_initial)
            })
        };
        while is_direction(end) {
            end += 1;
        }
        let is_route = end >= 2 && {
            let kinds = [
                "road", "route", "highway", "rd", "hwy", "avenue", "street", "main", "cross",
            ];
            reader.says_any(end - 1, &kinds) && reader.says_any(end - 2, &OWNERS)
        };
        if is_route && reader.says_digits(end) {
            let mut digits = String::new();
            let end = reader.number(end, &mut digits).unwrap_or(end);
            return end + usize::from(is_direction(end));
        }
        // "Serangoon avenue 4, #08-117", "Ang Mo Kio Avenue 1".
        let mut digits = String::new();
        let is_title = |at: usize| {
            reader
                .token(at)
                .is_some_and(|token| token.is_capital(reader.text))
        };
        if let Some(number) = reader
            .number(end, &mut digits)
            .filter(|_| digits.len() <= 2)
            && (self.unit_end(number).is_some()
                || reader.is_mark(number, b',') && self.unit_end(number + 1).is_some()
                || is_title(end - 1) && self.is_mark_or_end(number) && !reader.touches_next(end)
                || self.numbered_unit(number).is_some()
                || self.is_anchor(number))
        {
            return number;
        }
        // "Telegraph avenue D".
        let is_lettered = reader.is_letter(end)
            && reader
                .word(end)
                .bytes()
                .all(|byte| byte.is_ascii_uppercase())
            && !reader.says_any(end, &["i", "a"]);
        end + usize::from(is_lettered)
    }

    fn ends_text(&self, at: usize) -> bool {
        at >= self.reader.tokens.len()
    }
}
