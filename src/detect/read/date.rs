//! Dates, written and said: "14/05/1973", "the third of april twenty oh six", "the 27th of the
//! 9th 1979", and in numbers alone: "ten thirty seventy seven".
//!
//! It says whether a date is one wherever it stands, never whose it is. No year is too late or too
//! early but by its first two digits: the clock is not known here.

mod feast;
mod part;
mod written;

use std::ops::Range;

use super::reader::TokenReader;
use super::token::{Token, TokenKind};
use crate::detect::english::{Class, Gap, NumberWord};
pub(crate) use feast::feast_at;
use part::{PartReader, ReadPart, is_year};

/// A date in a text.
#[derive(Debug)]
pub(crate) struct SaidDate {
    /// Its tokens, with what the speaker took back.
    pub(crate) range: Range<usize>,
    /// The one form of its spellings: month, day and year as far as they are said.
    pub(crate) value: String,
    /// Whether it is a date wherever it stands. The rest are dates where one is spoken of.
    pub(crate) is_certain: bool,
}

/// The date that starts at a token.
pub(crate) fn date_at(reader: TokenReader, start: usize) -> Option<SaidDate> {
    let token = reader.token(start)?;
    let may_begin = token.says_number()
        || token.is_mark(b'\'')
        || token.is_letter() && reader.says(start, "o")
        || (token.len() == 3 && reader.says(start, "the"));
    if !may_begin {
        return None;
    }
    written::date_at(reader, start).or_else(|| DateReader::new(reader).with_corrections(start))
}

/// A year of four digits that is said or written at a token: the token behind it, and the year.
pub(crate) fn year_at(reader: TokenReader, at: usize) -> Option<(usize, String)> {
    let year = PartReader { reader }.year(at);
    year.filter(|(_, year)| is_year(year))
}

/// What is said of a date.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct SaidParts {
    month: Option<u32>,
    day: Option<u32>,
    year: Option<String>,
}

impl SaidParts {
    // Two small numbers and a year. Where both may be a month, the first is taken for it.
    fn of_numbers(first: &str, second: &str, year: &str) -> Option<Self> {
        let (first, second) = (first.parse().ok()?, second.parse().ok()?);
        let fits = year.len() == 2 || is_year(year);
        Self::of_pair(first, second, year.to_owned()).filter(|_| fits)
    }

    fn of_pair(first: u32, second: u32, year: String) -> Option<Self> {
        let (month, day) = if first <= 12 {
            (first, second)
        } else {
            (second, first)
        };
        let fits = (1..=12).contains(&month) && (1..=31).contains(&day);
        fits.then_some(Self {
            month: Some(month),
            day: Some(day),
            year: Some(year),
        })
    }

    // With what a correction says instead.
    fn replaced(mut self, by: Self) -> Self {
        self.month = by.month.or(self.month);
        self.day = by.day.or(self.day);
        self.year = by.year.or(self.year);
        self
    }

    fn value(&self) -> String {
        let numbers = [self.month, self.day].into_iter().flatten();
        let numbers = numbers.map(|number| number.to_string());
        let parts: Vec<_> = numbers.chain(self.year.clone()).collect();
        parts.join("-")
    }
}

// What is said, the token behind it, and whether it is certain.
type ReadDate = Option<(SaidParts, usize, bool)>;

struct DateReader<'a> {
    reader: TokenReader<'a>,
    part: PartReader<'a>,
}

impl<'a> DateReader<'a> {
    fn new(reader: TokenReader<'a>) -> Self {
        Self {
            reader,
            part: PartReader { reader },
        }
    }

    // "June third nineteen ninety, no, the fourth", "the twelfth, sorry, the thirteenth of june".
    fn with_corrections(&self, start: usize) -> Option<SaidDate> {
        const MOST: usize = 3;
        let (mut said, mut end, mut is_certain) = self.plain(start)?;
        for _ in 0..MOST {
            let found = self.reader.gap(self.part.skip(end));
            let Some((last, _)) = found.filter(|(_, gap)| *gap >= Gap::Again) else {
                break;
            };
            let from = self.part.skip(last + 1);
            let anew = self
                .plain(from)
                .or_else(|| self.one_part(from))
                .or_else(|| self.behind_aside(from, &said));
            let Some((parts, behind, certain)) = anew else {
                break;
            };
            (said, end, is_certain) = (said.replaced(parts), behind, is_certain || certain);
        }
        Some(SaidDate {
            range: start..end,
            value: said.value(),
            is_certain,
        })
    }

    // "No, what am i saying, june ninth nineteen seventy eight": behind a few words a date with a
    // year, as one says only of the same.
    fn behind_aside(&self, from: usize, said: &SaidParts) -> ReadDate {
        const WORDS: usize = 9;
        let is_of_aside = |at: &usize| {
            let token = self.reader.token(*at);
            token.is_some_and(|token| {
                let is_silent = token.is_mark(b',') || token.has(Class::FILLER);
                let is_said = token.is_word() && !token.has(Class::EVENT);
                is_silent || is_said && !token.says_number()
            })
        };
        let is_than = self.reader.says(from, "than");
        let at = from + (from..from + WORDS).take_while(is_of_aside).count();
        let the = usize::from(at > from && self.reader.says(at - 1, "the"));
        let (anew, end, is_certain) = self.plain(at - the).filter(|_| at > from && !is_than)?;
        let is_whole = anew.month.is_some() && anew.day.is_some() && anew.year.is_some();
        (is_whole && said.day.is_some()).then_some((anew, end, is_certain))
    }

    fn plain(&self, start: usize) -> ReadDate {
        self.day_first(start)
            .or_else(|| self.month_first(start))
            .or_else(|| self.year_first(start))
            .or_else(|| self.numbers(start))
    }

    // Said of a date again: "no, the fourth", "july, sorry".
    fn one_part(&self, start: usize) -> ReadDate {
        let at = self.part.past_the(start);
        let (end, said) = if let Some((end, day)) = self.part.ordinal(at) {
            let day = Some(day);
            (
                end,
                SaidParts {
                    day,
                    ..SaidParts::default()
                },
            )
        } else if let Some((end, month)) = self.part.month(at) {
            let month = Some(month);
            (
                end,
                SaidParts {
                    month,
                    ..SaidParts::default()
                },
            )
        } else {
            let (end, year) = self.part.year(at)?;
            let year = Some(year);
            (
                end,
                SaidParts {
                    year,
                    ..SaidParts::default()
                },
            )
        };
        Some((said, end, false))
    }

    // "8th of December 1932", "the third of april twenty oh six", "11-Apr-1967", "seventh
    // september seventy", "the 27th of the 9th 1979".
    fn day_first(&self, start: usize) -> ReadDate {
        let at = self.part.past_the(start);
        if at == start && self.is_inside_number(start) {
            return None;
        }
        let (end, day) = self.part.anew(at, |at| self.part.day(at))?;
        let next = self.part.skip(end);
        let (says_of, next) = if self.reader.says(next, "of") {
            (true, self.part.skip(next + 1))
        } else {
            (false, next)
        };
        let (end, month, is_named) = match self.month_name(next) {
            Some((end, month)) => (end, month, true),
            None => {
                let (end, month) = self.counted_month(at, next, says_of)?;
                (end, month, false)
            }
        };
        let year = self.year_behind(end);
        let is_certain = is_named || (says_of && year.is_some());
        // "The first of the second" alone may be of anything.
        let (year, end) = match year {
            Some((end, year)) => (Some(year), end),
            None => (None, end),
        };
        let said = SaidParts {
            month: Some(month),
            day: Some(day),
            year,
        };
        Some((said, end, is_certain))
    }

    fn month_name(&self, at: usize) -> ReadPart<u32> {
        let at = self.part.past_the(at);
        self.part.anew(at, |at| self.part.month(at))
    }

    // "Of the ninth", "14th 6th", and "of nine" behind a day that is counted.
    fn counted_month(&self, day: usize, at: usize, says_of: bool) -> ReadPart<u32> {
        let is_counted = self.part.ordinal(day).is_some();
        let read = |at| {
            let ordinal = self.part.ordinal(at).filter(|_| is_counted || says_of);
            let number = || self.part.small(at).filter(|_| is_counted && says_of);
            ordinal.or_else(number).filter(|(_, month)| *month <= 12)
        };
        self.part.anew(self.part.past_the(at), read)
    }

    fn year_behind(&self, end: usize) -> ReadPart<String> {
        self.part.year(self.part.before_year(self.part.skip(end)))
    }

    // "January 25th, 1959", "april seventeen nineteen ninety seven", "in august on the tenth",
    // "march eighty one".
    fn month_first(&self, start: usize) -> ReadDate {
        let (end, month) = self.part.anew(start, |at| self.part.month(at))?;
        let at = self.part.skip(end);
        let is_on = self.reader.says(at, "on") && self.reader.says(at + 1, "the");
        let at = self.part.past_the(at + usize::from(is_on));
        let day = self
            .part
            .anew(at, |at| self.part.day(at))
            .filter(|(end, _)| {
                !matches!(
                    self.reader.number_word(*end),
                    NumberWord::Thousand | NumberWord::Hundred
                ) && !self.is_thousand(*end)
            });
        let (behind, day) = day.map_or((end, None), |(end, day)| (end, Some(day)));
        let (behind, year) = self
            .year_behind(behind)
            .map_or((behind, None), |(end, year)| (end, Some(year)));
        let (behind, day, year) = self
            .late_day(behind, day, year.as_deref())
            .map_or((behind, day, year), |(end, day, year)| {
                (end, Some(day), Some(year))
            });
        let is_certain = match (&day, &year) {
            (None, None) => return None,
            (None, Some(year)) => year.len() == 4,
            _ => true,
        };
        let said = SaidParts {
            month: Some(month),
            day,
            year,
        };
        Some((said, behind, is_certain))
    }

    // "April nineteen sixty three, the twenty sixth", but not "…, the first time".
    fn late_day(
        &self,
        end: usize,
        day: Option<u32>,
        year: Option<&str>,
    ) -> Option<(usize, u32, String)> {
        let the = self.part.skip(end);
        let at = self.part.past_the(the);
        let (behind, late) = self.part.ordinal(at).filter(|_| at > the)?;
        let ends = |token: &Token| {
            !token.is_word() || token.has(Class::FILLER | Class::JOIN | Class::COPULA)
        };
        // What was taken for the day is of the year: "nineteen sixty three".
        let year = match (day, year?) {
            (None, year) => year.to_owned(),
            (Some(day @ 18..=20), year) if year.len() == 2 => format!("{day}{year}"),
            _ => return None,
        };
        let is_over = self.reader.token(behind).is_none_or(ends);
        is_over.then_some((behind, late, year))
    }

    // "Two thousand" is no day.
    fn is_thousand(&self, end: usize) -> bool {
        end.checked_sub(1)
            .is_some_and(|last| self.reader.number_word(last) == NumberWord::Thousand)
    }

    // "Nineteen ninety eight, january twenty"; in numbers "1979 4 9".
    fn year_first(&self, start: usize) -> ReadDate {
        if self.continues_number(start) {
            return None;
        }
        let (end, year) = self.part.year(start)?;
        let next = self.part.skip(end);
        if !is_year(&year) {
            return self.short_year_first(&year, next);
        }
        let named = self
            .day_first(next)
            .or_else(|| self.month_first(next))
            .filter(|(said, ..)| said.year.is_none());
        if let Some((said, end, _)) = named {
            let year = Some(year);
            return Some((SaidParts { year, ..said }, end, false));
        }
        let (end, first) = self.part.small(next)?;
        let (end, second) = self.part.small(self.part.skip(end))?;
        let said = SaidParts::of_pair(first, second, year)?;
        (!self.goes_on(end)).then_some((said, end, false))
    }

    // "Fifty eight, november, the fourth": no day and no hour.
    fn short_year_first(&self, year: &str, next: usize) -> ReadDate {
        let is_year = year.len() == 2 && year.parse::<u32>().is_ok_and(|year| year > 31);
        let named = is_year.then(|| self.month_first(next)).flatten();
        let (said, end, _) =
            named.filter(|(said, ..)| said.day.is_some() && said.year.is_none())?;
        let year = Some(year.to_owned());
        Some((SaidParts { year, ..said }, end, false))
    }

    // "Ten thirty seventy seven", "10 30 1977", "oh four oh nine two thousand and one".
    fn numbers(&self, start: usize) -> ReadDate {
        if self.continues_number(start) {
            return None;
        }
        let number = |at| self.part.anew(at, |at| self.part.day(at));
        let (end, first) = number(self.part.past_the(start))?;
        let (end, second) = number(self.part.past_the(self.part.skip(end)))?;
        let (end, year) = self.year_behind(end)?;
        let said = SaidParts::of_pair(first, second, year)?;
        (!self.goes_on(end)).then_some((said, end, false))
    }

    // Whether the number at a token began before it.
    fn continues_number(&self, at: usize) -> bool {
        let silent = |token: &&Token| {
            token.has(Class::FILLER | Class::SEPARATOR)
                || matches!(token.kind, TokenKind::Mark(b'-' | b'.' | b'/' | b','))
        };
        let before = self.reader.tokens.get(self.reader.floor..at).unwrap_or(&[]);
        before
            .iter()
            .rev()
            .take(4)
            .find(|token| !silent(token))
            .is_some_and(Token::says_digits)
    }

    // Whether the number that ends before a token has more digits.
    fn goes_on(&self, end: usize) -> bool {
        self.reader.says_digits(self.part.skip(end))
    }

    fn is_inside_number(&self, at: usize) -> bool {
        let is_digits = |at: usize| {
            let token = self.reader.token(at);
            token.is_some_and(|token| token.kind == TokenKind::Digits)
        };
        is_digits(at) && at.checked_sub(1).is_some_and(is_digits)
    }
}

#[cfg(test)]
mod tests;
