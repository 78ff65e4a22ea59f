//! One word of a spoken number, or one group of written digits.
//!
//! A word that is commonly another word ("to", "won") is a digit only beside digits.

use std::fmt::{self, Write};
use std::ops::Deref;

use super::reader::TokenReader;
use super::token::{Token, TokenKind};
use crate::detect::english::{Class, NumberWord};

/// One word or group of digits of a number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DigitGroup {
    /// Its first token.
    pub(crate) first: usize,
    /// The token behind it.
    pub(crate) end: usize,
    /// Where its digits are among those of the number.
    pub(crate) at: usize,
    /// How many they are; none when the speaker took them back.
    pub(crate) length: usize,
    /// Whether it was written with digits.
    pub(crate) is_written: bool,
}

/// Takes the digits that a number word says.
pub(crate) trait DigitSink {
    /// Takes more digits.
    fn add(&mut self, digits: &str);
}

impl DigitSink for String {
    fn add(&mut self, digits: &str) {
        self.push_str(digits);
    }
}

/// For those who ask only where a number ends.
impl DigitSink for () {
    fn add(&mut self, _: &str) {}
}

/// The digits of a short number: a day, a year, a house. It has no more than the first eight.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct FewDigits {
    digits: [u8; 8],
    length: usize,
}

impl DigitSink for FewDigits {
    fn add(&mut self, digits: &str) {
        let free = self.digits.iter_mut().skip(self.length);
        let added = free
            .zip(digits.bytes())
            .map(|(place, digit)| *place = digit);
        self.length += added.count();
    }
}

impl FewDigits {
    /// The number that they are.
    pub(crate) fn value(&self) -> u32 {
        let digits = self.iter().map(|digit| u32::from(digit - b'0'));
        digits.fold(0, |value, digit| value * 10 + digit)
    }
}

impl Deref for FewDigits {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.digits.get(..self.length).unwrap_or(&[])
    }
}

impl fmt::Display for FewDigits {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.iter()
            .try_for_each(|digit| f.write_char((*digit).into()))
    }
}

impl TokenReader<'_> {
    /// What a token says in a number.
    pub(crate) fn number_word(&self, at: usize) -> NumberWord {
        self.token(at)
            .map_or(NumberWord::None, |token| token.entry.number)
    }

    /// Whether a token is digits or a word for them, whatever stands beside it.
    pub(crate) fn says_digits(&self, at: usize) -> bool {
        self.token(at).is_some_and(Token::says_digits)
    }

    /// Whether a token is digits or a part of a spoken number or date.
    pub(crate) fn says_number(&self, at: usize) -> bool {
        self.token(at).is_some_and(Token::says_number)
    }

    /// Whether a number can be read at a token.
    pub(crate) fn is_number(&self, at: usize) -> bool {
        self.number(at, &mut ()).is_some()
    }

    /// Reads the number word or digits at a token. The digits are added to a string; the answer
    /// is the token behind.
    pub(crate) fn number(&self, at: usize, digits: &mut impl DigitSink) -> Option<usize> {
        self.number_after(at, None, digits)
    }

    /// The same behind the last part of the same number, if there is one.
    pub(super) fn number_after(
        &self,
        at: usize,
        last: Option<&DigitGroup>,
        digits: &mut impl DigitSink,
    ) -> Option<usize> {
        let token = self.token(at)?;
        if token.kind == TokenKind::Digits {
            return self.written(token, at, digits);
        }
        match token.entry.number {
            NumberWord::Unit(unit) => Some(self.unit(at, unit, digits)),
            NumberWord::Teen(teen) => {
                say(1, digits);
                say(teen, digits);
                Some(self.past_hundred(at + 1, digits))
            }
            NumberWord::Ten(ten) => self.ten(at, ten, digits),
            NumberWord::Times(times) => self.times(at, times, digits),
            NumberWord::Misheard(value) if self.is_beside_digits(at, last) => {
                say(value, digits);
                Some(at + 1)
            }
            NumberWord::Doubtful(value) if self.is_among_digits(at, last) => {
                say(value, digits);
                Some(at + 1)
            }
            _ => None,
        }
    }

    // Digits, but not "4th".
    fn written(&self, token: &Token, at: usize, digits: &mut impl DigitSink) -> Option<usize> {
        let is_ordinal = self.touches_next(at)
            && matches!(
                self.word(at + 1),
                "st" | "nd" | "rd" | "th" | "ST" | "ND" | "RD" | "TH"
            );
        if is_ordinal && !self.is_inward(token, at) {
            return None;
        }
        digits.add(token.of(self.text));
        Some(at + 1)
    }

    // "TR1 2ND", "SW1A 1ST": the second half of a postcode, but not "on the M25 2nd exit".
    fn is_inward(&self, token: &Token, at: usize) -> bool {
        let is_large = |word: &str| word.bytes().all(|byte| byte.is_ascii_uppercase());
        let before = |at: usize| at.checked_sub(1).filter(|at| *at >= self.floor);
        let is_digits = |at: &usize| {
            self.token(*at)
                .is_some_and(|it| it.kind == TokenKind::Digits)
        };
        let Some(last) = before(at).filter(|last| !self.touches_next(*last)) else {
            return false;
        };
        // "1A": a letter may end the first half.
        let lettered = Some(last)
            .filter(|last| self.is_letter(*last))
            .and_then(before);
        let lettered = lettered.filter(|at| self.touches_next(*at));
        let Some(district) = lettered.or(Some(last)).filter(is_digits) else {
            return false;
        };
        let Some(area) = before(district).filter(|area| self.touches_next(*area)) else {
            return false;
        };
        let (area, end) = (self.word(area), self.word(at + 1));
        let is_area =
            (1..=2).contains(&area.len()) && area.bytes().all(|b| b.is_ascii_alphabetic());
        let next = self.token(at + 2).filter(|next| next.is_word());
        // "1TH" is no ordinal at all.
        let is_odd = match token.of(self.text) {
            "1" => !end.eq_ignore_ascii_case("st"),
            "2" => !end.eq_ignore_ascii_case("nd"),
            "3" => !end.eq_ignore_ascii_case("rd"),
            _ => !end.eq_ignore_ascii_case("th"),
        };
        let is_over = is_odd
            || match is_large(area) {
                true => next.is_none_or(|next| !is_large(next.of(self.text))),
                false => next.is_none(),
            };
        token.len() == 1 && is_area && is_over && is_large(area) == is_large(end)
    }

    // "Eight", "eight hundred", "eight thousand".
    fn unit(&self, at: usize, unit: u8, digits: &mut impl DigitSink) -> usize {
        say(unit, digits);
        match self.number_word(at + 1) {
            NumberWord::Hundred => digits.add("00"),
            NumberWord::Thousand => digits.add("000"),
            _ => return at + 1,
        }
        at + 2
    }

    // "Forty", "forty-two", "forty two hundred"; "twenty first" is none.
    fn ten(&self, at: usize, ten: u8, digits: &mut impl DigitSink) -> Option<usize> {
        let hyphen = self.is_mark(at + 1, b'-') && self.touches_next(at);
        let unit = at + 1 + usize::from(hyphen);
        match self.number_word(unit) {
            NumberWord::Ordinal(1..=9) => None,
            NumberWord::Unit(value @ 1..) | NumberWord::Misheard(value @ 1..) => {
                say(ten, digits);
                say(value, digits);
                Some(self.past_hundred(unit + 1, digits))
            }
            _ => {
                say(ten, digits);
                say(0, digits);
                Some(at + 1)
            }
        }
    }

    // "Double five", "triple 9".
    fn times(&self, at: usize, times: u8, digits: &mut impl DigitSink) -> Option<usize> {
        let next = self.token(at + 1)?;
        let value = match next.entry.number {
            NumberWord::Unit(value) | NumberWord::Misheard(value) | NumberWord::Doubtful(value) => {
                value
            }
            _ if next.kind == TokenKind::Digits && next.len() == 1 => {
                next.of(self.text).parse().ok()?
            }
            _ => return None,
        };
        (0..times).for_each(|_| say(value, digits));
        Some(at + 2)
    }

    // "Twenty six hundred".
    fn past_hundred(&self, at: usize, digits: &mut impl DigitSink) -> usize {
        let is_hundred = self.number_word(at) == NumberWord::Hundred;
        if is_hundred {
            digits.add("00");
        }
        at + usize::from(is_hundred)
    }

    // "Five won four".
    fn is_beside_digits(&self, at: usize, last: Option<&DigitGroup>) -> bool {
        let next = self.token(at + 1);
        let separated = next.is_some_and(|next| next.has(Class::SEPARATOR));
        let goes_on = self.says_digits(at + 1 + usize::from(separated));
        let after_word = last.is_some_and(|group| !group.is_written);
        let before_word = goes_on && next.is_some_and(Token::is_word);
        after_word || before_word || (last.is_some() && goes_on)
    }

    // "Three too oh", but only among single digits: "at seven thirty for twenty" is a time and a
    // price.
    fn is_among_digits(&self, at: usize, last: Option<&DigitGroup>) -> bool {
        let is_single = |at: usize| {
            matches!(
                self.number_word(at),
                NumberWord::Unit(_) | NumberWord::Misheard(_) | NumberWord::Times(_)
            )
        };
        last.is_some_and(|group| !group.is_written && group.end == at)
            && at > 0
            && is_single(at - 1)
            && is_single(at + 1)
    }
}

fn say(number: u8, digits: &mut impl DigitSink) {
    let digit = usize::from(number % 10);
    digits.add(&"0123456789"[digit..=digit]);
}

#[cfg(test)]
mod tests {
    use super::super::token::tokenize;
    use super::*;

    fn check(text: &str, expected: &str) {
        let mut digits = String::new();
        TokenReader::new(text, &tokenize(text)).number(0, &mut digits);
        assert_eq!(digits, expected, "{text}");
    }

    #[test]
    fn one_word_or_two_are_read() {
        check("seven", "7");
        check("forty-two ten", "42");
        check("forty zero", "40");
        check("triple nine", "999");
        check("double 5", "55");
        check("eight hundred", "800");
        check("0042", "0042");
    }

    #[test]
    fn the_end_of_a_postcode_is_no_ordinal() {
        let digits = |text: &str, at| {
            let mut digits = String::new();
            TokenReader::new(text, &tokenize(text)).number(at, &mut digits);
            digits
        };
        assert_eq!(digits("TR1 2ND", 2), "2");
        assert_eq!(digits("SW1A 1ST, please", 3), "1");
        assert_eq!(digits("m4 3rd", 2), "3");
        assert_eq!(digits("bs8 1th from june", 2), "1");
        for text in ["M25 2nd exit", "m25 2nd exit", "B1 2ND FLOOR", "row 1 2nd"] {
            assert_eq!(digits(text, 2), "", "{text}");
        }
    }

    #[test]
    fn few_digits_hold_the_first_of_many() {
        let mut digits = FewDigits::default();
        for (added, held) in [("12", 12), ("345678", 12_345_678), ("9", 12_345_678)] {
            digits.add(added);
            assert_eq!(digits.value(), held);
            assert_eq!(digits.to_string(), held.to_string());
        }
    }

    #[test]
    fn ordinals_and_lone_homophones_are_none() {
        for text in ["twenty first", "4th", "to", "for two", "double room", "won"] {
            check(text, "");
        }
    }
}
