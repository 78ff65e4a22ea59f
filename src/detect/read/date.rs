//! Dates with a month's name or in digits, written and spoken.

use std::ops::Range;

use super::reader::TokenReader;
use super::token::{Token, TokenKind};
use crate::detect::english::{Class, Gap, NumberWord};

/// The date that starts at a token, and the one form of its spellings. A date has a month's name
/// or is written with three groups of digits.
pub(crate) fn date_at(reader: TokenReader, start: usize) -> Option<(Range<usize>, String)> {
    let date = DateReader { reader };
    date.in_digits(start)
        .or_else(|| date.day_first(start))
        .or_else(|| date.month_first(start))
}

struct DateReader<'a> {
    reader: TokenReader<'a>,
}

impl DateReader<'_> {
    // Past fillers and marks between the parts of a date.
    fn skip(&self, from: usize) -> usize {
        let silent = |token: &Token| {
            token.has(Class::FILLER)
                || matches!(token.kind, TokenKind::Mark(b',' | b'-' | b'.' | b'/'))
        };
        let mut at = from;
        while at < from + 4 && self.reader.token(at).is_some_and(silent) {
            at += 1;
        }
        at
    }

    // "14/05/1973", "1990-10-23", "4/15/63".
    fn in_digits(&self, start: usize) -> Option<(Range<usize>, String)> {
        let (first, second, third) = (
            self.reader.token(start)?,
            self.reader.token(start + 2)?,
            self.reader.token(start + 4)?,
        );
        let mark = self.reader.token(start + 1)?;
        let digits = [first, second, third]
            .iter()
            .all(|token| token.kind == TokenKind::Digits);
        let glued = first.end == mark.start
            && mark.end == second.start
            && second.end == self.reader.token(start + 3)?.start;
        let same = self.reader.token(start + 3)?.kind == mark.kind
            && matches!(mark.kind, TokenKind::Mark(b'/' | b'-' | b'.'));
        if !digits || !glued || !same || self.reader.token(start + 3)?.end != third.start {
            return None;
        }
        let more = self.reader.token(start + 5).is_some_and(|token| {
            token.start == third.end && (token.kind == mark.kind || token.is_word())
        }) && self
            .reader
            .token(start + 6)
            .is_some_and(|token| token.kind == TokenKind::Digits && token.start == third.end + 1);
        let before = start
            .checked_sub(1)
            .map(|at| self.reader.tokens[at])
            .is_some_and(|token| {
                token.end == first.start
                    && token.kind != TokenKind::Mark(b'"')
                    && !token.is_mark(b'(')
                    && !token.is_mark(b'[')
                    && !token.is_mark(b':')
                    && !token.is_mark(b'=')
            });
        let part = |token: &Token| token.of(self.reader.text).parse::<u32>().unwrap_or(0);
        let (a, b, c) = (part(first), part(second), part(third));
        let small = |value: u32| (1..=31).contains(&value);
        let lengths = (first.len(), second.len(), third.len());
        let fits = match lengths {
            (4, 1..=2, 1..=2) => (1800..2100).contains(&a) && small(b) && small(c),
            (1..=2, 1..=2, 4) => (1800..2100).contains(&c) && small(a) && small(b),
            (1..=2, 1..=2, 2) => {
                small(a) && small(b) && (a <= 12 || b <= 12) && mark.kind != TokenKind::Mark(b'.')
            }
            _ => false,
        };
        (fits && !more && !before).then(|| (start..start + 5, format!("{a}-{b}-{c}")))
    }

    // A day: "8th", "eighth", "the twenty first", "22", "twenty two".
    fn day(&self, at: usize) -> Option<(usize, u32)> {
        let token = self.reader.token(at)?;
        match (token.kind, token.entry.number) {
            (TokenKind::Digits, _) if token.len() <= 2 => {
                let day = token
                    .of(self.reader.text)
                    .parse()
                    .ok()
                    .filter(|day| (1..=31).contains(day))?;
                let ordinal = self.reader.token(at + 1).is_some_and(|next| {
                    next.start == token.end
                        && ["st", "nd", "rd", "th"]
                            .iter()
                            .any(|end| next.of(self.reader.text).eq_ignore_ascii_case(end))
                });
                Some((at + 1 + usize::from(ordinal), day))
            }
            (_, NumberWord::Ordinal(day)) => Some((at + 1, u32::from(day))),
            (_, NumberWord::Ten(ten @ 2..=3)) => {
                let hyphen = usize::from(
                    self.reader
                        .token(at + 1)
                        .is_some_and(|next| next.is_mark(b'-')),
                );
                match self
                    .reader
                    .token(at + 1 + hyphen)
                    .map(|next| next.entry.number)
                {
                    Some(NumberWord::Ordinal(unit @ 1..=9) | NumberWord::Unit(unit @ 1..=9)) => {
                        Some((at + 2 + hyphen, u32::from(ten * 10 + unit)))
                            .filter(|(_, day)| *day <= 31)
                    }
                    _ => Some((at + 1, u32::from(ten) * 10)),
                }
            }
            (_, NumberWord::Teen(teen)) => {
                Some((at + 1, u32::from(teen) + if teen < 10 { 10 } else { 0 }))
            }
            (_, NumberWord::Unit(unit @ 1..)) => Some((at + 1, u32::from(unit))),
            _ => None,
        }
    }

    fn month(&self, at: usize) -> Option<u32> {
        let token = self.reader.token(at)?;
        match token.entry.number {
            // "May" and "march" are verbs too: only their places tell.
            NumberWord::Month(month) => Some(u32::from(month)),
            _ => None,
        }
    }

    // The year that counts: "nineteen ninety, no, ninety one".
    fn year(&self, at: usize) -> Option<(usize, String)> {
        let (end, digits) = self.plain_year(at)?;
        let from = self.skip(end);
        let found = self.reader.gap(from);
        let anew = found
            .filter(|(_, gap)| *gap == Gap::Correction)
            .and_then(|(last, _)| self.plain_year(self.skip(last + 1)));
        Some(anew.unwrap_or((end, digits)))
    }

    // "nineteen ninety seven", "twenty oh six", "two thousand and five", "1953", "'63", "seventy".
    fn plain_year(&self, at: usize) -> Option<(usize, String)> {
        let start = if self.reader.token(at)?.is_mark(b'\'') {
            at + 1
        } else {
            at
        };
        if self.reader.token(start)?.kind == TokenKind::Digits {
            let token = self.reader.token(start)?;
            return matches!(token.len(), 2 | 4)
                .then(|| (start + 1, token.of(self.reader.text).to_owned()));
        }
        let mut digits = String::new();
        let (mut at, mut end) = (start, start);
        while digits.len() < 4 {
            let before = digits.len();
            let Some(next) = self.reader.number(at, &mut digits) else {
                break;
            };
            if digits.len() > 4 {
                // "Two thousand five" says 2005.
                let said = digits.split_off(before);
                digits.truncate(4usize.saturating_sub(said.len()));
                digits.push_str(&said);
            }
            end = next;
            at = self.skip(next);
        }
        if digits == "2000" {
            let and = end + usize::from(self.reader.says(end, "and"));
            let mut rest = String::new();
            if let Some(next) = self
                .reader
                .number(and, &mut rest)
                .filter(|_| rest.len() <= 2)
            {
                return Some((next, format!("20{rest:0>2}")));
            }
        }
        (digits.len() >= 2).then_some((end, digits))
    }

    // "8th of December 1932", "the third of april twenty oh six", "11-Apr-1967", "seventh september seventy".
    fn day_first(&self, start: usize) -> Option<(Range<usize>, String)> {
        let at = if self.reader.says(start, "the") {
            self.skip(start + 1)
        } else {
            start
        };
        if start > 0 && at == start && self.is_inside_number(start) {
            return None;
        }
        let (next, day) = self.day(at)?;
        let next = self.skip(next);
        let next = if self.reader.says(next, "of") {
            self.skip(next + 1)
        } else {
            next
        };
        let month = self.month(next)?;
        let behind = if self.reader.is_mark(next + 1, b'.') {
            next + 2
        } else {
            next + 1
        };
        let year = self.skip(behind);
        let year = if self.reader.says(year, "of") || self.reader.says(year, "in") {
            year + 1
        } else {
            year
        };
        Some(match self.year(year) {
            Some((end, digits)) => (start..end, format!("{month}-{day}-{digits}")),
            None => (start..next + 1, format!("{month}-{day}")),
        })
    }

    // "January 25th, 1959", "april seventeen nineteen ninety seven".
    fn month_first(&self, start: usize) -> Option<(Range<usize>, String)> {
        let month = self.month(start)?;
        let at = self.skip(start + 1);
        // "In august on the tenth".
        let at = at + usize::from(self.reader.says(at, "on") && self.reader.says(at + 1, "the"));
        let at = if self.reader.says(at, "the") {
            self.skip(at + 1)
        } else {
            at
        };
        let (next, day) = match self.day(at) {
            Some((next, day)) if day <= 31 => (next, Some(day)),
            _ => (start + 1, None),
        };
        let year = self.skip(next);
        let year = if self.reader.says(year, "of") || self.reader.says(year, "in") {
            self.skip(year + 1)
        } else {
            year
        };
        match (day, self.year(year)) {
            (Some(day), Some((end, digits))) => {
                Some((start..end, format!("{month}-{day}-{digits}")))
            }
            (Some(day), None) => Some((start..next, format!("{month}-{day}"))),
            (None, Some((end, digits))) if digits.len() == 4 => {
                Some((start..end, format!("{month}-{digits}")))
            }
            _ => None,
        }
    }

    fn is_inside_number(&self, at: usize) -> bool {
        let before = self.reader.tokens[at - 1];
        before.kind == TokenKind::Digits && self.reader.tokens[at].kind == TokenKind::Digits
    }
}

#[cfg(test)]
mod tests {
    use super::super::run::bytes_of;
    use super::super::token::tokenize;
    use super::*;

    fn check(text: &str, expected: &str, value: &str) {
        let tokens = tokenize(text);
        let found =
            (0..tokens.len()).find_map(|start| date_at(TokenReader::new(text, &tokens), start));
        let (range, found) = found.unwrap_or_default();
        assert_eq!(
            (&text[bytes_of(&tokens, range)], found.as_str()),
            (expected, value),
            "{text}"
        );
    }

    #[test]
    fn written_dates_are_read() {
        for text in [
            "14/05/1973",
            "1990-10-23",
            "4/15/63",
            "Mar 8 1953",
            "January 25th, 1959",
            "11-Apr-1967",
            "8th of December 1932",
            "18.07.1965",
        ] {
            let tokens = tokenize(text);
            assert_eq!(
                date_at(TokenReader::new(text, &tokens), 0).map(|(range, _)| range),
                Some(0..tokens.len()),
                "{text}"
            );
        }
    }

    #[test]
    fn spoken_dates_are_read() {
        check(
            "on the third of april twenty oh six ok",
            "the third of april twenty oh six",
            "4-3-2006",
        );
        check(
            "june um twenty seventh nineteen fifty six",
            "june um twenty seventh nineteen fifty six",
            "6-27-1956",
        );
        check(
            "seventh september seventy",
            "seventh september seventy",
            "9-7-70",
        );
        check(
            "may first two thousand and five",
            "may first two thousand and five",
            "5-1-2005",
        );
    }

    #[test]
    fn other_numbers_are_no_dates() {
        for text in ["1.2.3", "10.0.0.1", "i may have two", "416-3499-09"] {
            check(text, "", "");
        }
    }
}
