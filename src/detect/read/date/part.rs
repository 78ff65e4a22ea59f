//! The parts of a date as they are said: days, months, years, and what stands between them.

use crate::detect::english::{Class, Gap, NumberWord};
use crate::detect::read::{DigitSink, FewDigits, Lexicon, Token, TokenKind, TokenReader};

/// A part that was read: the token behind it, and what it says.
pub(super) type ReadPart<T> = Option<(usize, T)>;

/// Reads the parts of dates.
#[derive(Clone, Copy)]
pub(super) struct PartReader<'a> {
    /// Where they stand.
    pub(super) reader: TokenReader<'a>,
}

impl PartReader<'_> {
    /// Past fillers, marks, spoken dashes and "let me see" between the parts of a date.
    pub(super) fn skip(&self, from: usize) -> usize {
        const LONGEST: usize = 6;
        let silent = |token: &Token| {
            token.has(Class::FILLER | Class::SEPARATOR)
                || matches!(
                    token.kind,
                    TokenKind::Mark(b',' | b'-' | b'.' | b'/' | b':')
                )
        };
        let mut at = from;
        while at < from + LONGEST {
            if self.reader.token(at).is_some_and(silent) {
                at += 1;
            } else if let Some(behind) = self.pause(at) {
                at = behind;
            } else {
                break;
            }
        }
        at
    }

    // "Let me see", "hold on", "you know".
    fn pause(&self, at: usize) -> Option<usize> {
        let opens = self
            .reader
            .says_any(at, &["let", "hold", "hang", "you", "just", "one"]);
        let (last, gap) = self.reader.gap(at).filter(|_| opens)?;
        (gap <= Gap::Pause).then_some(last + 1)
    }

    /// Reads a part, and the same part anew where it is taken back: "june third, no, the fourth".
    pub(super) fn anew<T>(&self, at: usize, read: impl Fn(usize) -> ReadPart<T>) -> ReadPart<T> {
        let (end, part) = read(at)?;
        let takes_back = |at: usize| {
            let gap = self.reader.gap(at).filter(|(_, gap)| *gap >= Gap::Again);
            gap.map(|(last, _)| self.skip(last + 1))
        };
        // "Sixty, sorry, no, sixty one".
        let first = takes_back(self.skip(end));
        let second = first.map(|at| takes_back(at).unwrap_or(at));
        let again = second.and_then(|at| read(self.past_the(at)));
        Some(again.unwrap_or((end, part)))
    }

    /// Past "the".
    pub(super) fn past_the(&self, at: usize) -> usize {
        if self.reader.says(at, "the") {
            self.skip(at + 1)
        } else {
            at
        }
    }

    /// Past "of the year", "in", "year".
    pub(super) fn before_year(&self, at: usize) -> usize {
        let at = if self.reader.says_any(at, &["of", "in"]) {
            self.skip(at + 1)
        } else {
            at
        };
        let year = self.past_the(at);
        if self.reader.says(year, "year") {
            self.skip(year + 1)
        } else {
            at
        }
    }

    /// A day: "8th", "eighth", "twenty first", "22", "twenty two", "oh four".
    pub(super) fn day(&self, at: usize) -> ReadPart<u32> {
        self.ordinal(at).or_else(|| self.small(at))
    }

    /// A day as one counts: "8th", "21 st", "twenty-first".
    pub(super) fn ordinal(&self, at: usize) -> ReadPart<u32> {
        let token = self.reader.token(at)?;
        match (token.kind, token.entry.number) {
            (TokenKind::Digits, _) if token.len() <= 2 && self.is_ending(at + 1) => {
                Some((at + 2, self.reader.word(at).parse().ok()?))
            }
            (_, NumberWord::Ordinal(day)) => Some((at + 1, u32::from(day))),
            (_, NumberWord::Ten(ten @ 2..=3)) => {
                let unit = at + 1 + usize::from(self.reader.is_mark(at + 1, b'-'));
                match self.reader.number_word(unit) {
                    NumberWord::Ordinal(day @ 1..=9) => Some((unit + 1, u32::from(ten * 10 + day))),
                    _ => None,
                }
            }
            _ => None,
        }
        .filter(|(_, day)| (1..=31).contains(day))
    }

    // "4th", and "21 st" as some recognisers write it.
    fn is_ending(&self, at: usize) -> bool {
        let is_near = self
            .reader
            .token(at)
            .zip(
                at.checked_sub(1)
                    .and_then(|before| self.reader.token(before)),
            )
            .is_some_and(|(ending, digits)| ending.start <= digits.end + 1);
        is_near && self.reader.says_any(at, &["st", "nd", "rd", "th"])
    }

    /// A number up to 31: "22", "04", "twenty two", "oh four", "ten".
    pub(super) fn small(&self, at: usize) -> ReadPart<u32> {
        let (end, digits) = self.digits(at)?;
        let is_zero = *digits == *b"0" && !self.is_written(at);
        let (end, digits) = if is_zero {
            self.digits(end).filter(|(_, unit)| unit.len() == 1)?
        } else {
            (end, digits)
        };
        let small = digits.value();
        (digits.len() <= 2 && (1..=31).contains(&small)).then_some((end, small))
    }

    fn is_written(&self, at: usize) -> bool {
        let token = self.reader.token(at);
        token.is_some_and(|token| token.kind == TokenKind::Digits)
    }

    fn digits(&self, at: usize) -> ReadPart<FewDigits> {
        let mut digits = FewDigits::default();
        // "O four", as a letter.
        if self.reader.says(at, "o") && self.reader.says_digits(at + 1) {
            digits.add("0");
            return Some((at + 1, digits));
        }
        let end = self.reader.number(at, &mut digits)?;
        Some((end, digits))
    }

    /// A month's name. "May" and "march" are verbs too: only their places tell.
    pub(super) fn month(&self, at: usize) -> ReadPart<u32> {
        match self.reader.number_word(at) {
            NumberWord::Month(month) => {
                let point =
                    usize::from(self.reader.is_mark(at + 1, b'.') && self.reader.touches_next(at));
                Some((at + 1 + point, u32::from(month)))
            }
            _ => None,
        }
    }

    /// The year that counts: "nineteen ninety, no, ninety one". A quantity is none.
    pub(super) fn year(&self, at: usize) -> ReadPart<String> {
        let start = at + usize::from(self.reader.is_mark(at, b'\''));
        let (end, year) = self.anew(start, |at| self.plain_year(at))?;
        let (end, year) = self.with_century(end, &year).unwrap_or((end, year));
        let is_counted = self
            .reader
            .token(end)
            .is_some_and(|unit| unit.has(Class::UNIT));
        (!is_counted || year.len() == 4).then_some((end, year))
    }

    // "Forty, yes, nineteen forty": the same year said wholly.
    fn with_century(&self, end: usize, year: &str) -> ReadPart<String> {
        let yes = self.skip(end);
        let is_yes = year.len() == 2 && self.reader.says_any(yes, &["yes", "yeah", "yep", "so"]);
        let whole = is_yes
            .then(|| self.plain_year(self.skip(yes + 1)))
            .flatten();
        whole.filter(|(_, whole)| whole.len() == 4 && whole.ends_with(year))
    }

    // "Nineteen ninety seven", "twenty oh six", "two thousand and five", "1953", "seventy".
    fn plain_year(&self, at: usize) -> ReadPart<String> {
        let (end, digits) = self.digits(at)?;
        let is_century = [b"18", b"19", b"20"].iter().any(|it| *digits == it[..]);
        let year = match digits.len() {
            4 if digits.ends_with(b"00") => self.with_rest(end, &digits.to_string()),
            2 if is_century => self
                .century(end, digits)
                .or_else(|| Some((end, digits.to_string()))),
            2 | 4 => Some((end, digits.to_string())),
            1 => self.singles(at),
            _ => None,
        };
        year.filter(|(_, year)| year.len() == 2 || is_year(year))
    }

    // "Two thousand and five", "two thousand oh five", "nineteen hundred and four".
    fn with_rest(&self, end: usize, century: &str) -> ReadPart<String> {
        let whole = || Some((end, century.to_owned()));
        let at = self.skip(end);
        let says_and = self
            .reader
            .token(at)
            .is_some_and(|and| and.entry.id == Lexicon::get().and);
        let behind = if says_and { self.skip(at + 1) } else { at };
        let written = self.reader.word(end.saturating_sub(1)) == century;
        if written && !says_and {
            return whole();
        }
        let rest = self.ordinal(behind).or_else(|| self.small(behind));
        let rest = rest.or_else(|| self.decade(behind));
        // "2000 and 4 people".
        let ends =
            |end: usize| !written || self.reader.token(end).is_none_or(|next| !next.is_word());
        rest.filter(|(end, _)| ends(*end))
            .map(|(end, rest)| (end, format!("{}{rest:02}", &century[..2])))
            .or_else(whole)
    }

    // "Ninety nine" behind "nineteen hundred and".
    fn decade(&self, at: usize) -> ReadPart<u32> {
        let (end, digits) = self.digits(at).filter(|(_, digits)| digits.len() == 2)?;
        Some((end, digits.value()))
    }

    // "Ninety nine" behind "nineteen", "oh six" behind "twenty", "81" behind "19".
    fn century(&self, end: usize, century: FewDigits) -> ReadPart<String> {
        let at = self.skip(end);
        let (end, rest) = self.digits(at)?;
        let (end, rest) = match rest.len() {
            2 => (end, rest.to_string()),
            1 if *rest == *b"0" => {
                let (end, unit) = self.digits(end).filter(|(_, unit)| unit.len() == 1)?;
                (end, format!("0{unit}"))
            }
            _ => return None,
        };
        Some((end, format!("{century}{rest}")))
    }

    // "One nine eight one", "oh four", "eight one".
    fn singles(&self, start: usize) -> ReadPart<String> {
        let (mut at, mut end, mut year) = (start, start, String::new());
        while year.len() <= 4 {
            let Some((next, digits)) = self.digits(at).filter(|_| !self.is_written(at)) else {
                break;
            };
            if digits.len() == 2 && !matches!(self.reader.number_word(at), NumberWord::Times(_)) {
                break;
            }
            year.push_str(&digits.to_string());
            end = next;
            at = self.skip(next);
        }
        matches!(year.len(), 2 | 4).then_some((end, year))
    }
}

/// Whether four digits may be a living or a dead person's year of birth.
pub(super) fn is_year(digits: &str) -> bool {
    digits.len() == 4 && ["18", "19", "20"].contains(&digits.get(..2).unwrap_or(""))
}
