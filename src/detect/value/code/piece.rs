//! Letters and digits that are written in one piece, and what their form tells.
//!
//! It sees no word around them but what touches or follows them.

use std::ops::Range;

use crate::detect::english::{CURRENCIES, Class, PUBLIC_CODES};
use crate::detect::read::{Token, TokenKind, TokenReader};

/// Letters and digits that touch, with marks between.
pub(super) struct WrittenCode {
    /// Its tokens.
    pub(super) range: Range<usize>,
    digits: usize,
    letters: usize,
    /// How many marks are between its parts.
    marks: usize,
    /// The most digits in a row.
    longest: usize,
}

impl WrittenCode {
    /// What is written in one piece at a token; nothing where it is a word, a number, an address.
    pub(super) fn at(reader: TokenReader, start: usize) -> Option<Self> {
        const LONGEST: usize = 32;
        let mut code = Self {
            range: start..start,
            digits: 0,
            letters: 0,
            marks: 0,
            longest: 0,
        };
        code.take_piece(reader, start);
        let bytes = reader.token(code.range.end - 1)?.end - reader.token(start)?.start;
        let behind = reader.token(code.range.end);
        let is_glued = reader.touches_next(code.range.end - 1)
            && behind.is_some_and(|token| {
                matches!(
                    token.kind,
                    TokenKind::Mark(0 | b'@' | b'%' | b'_' | b'&' | b'+' | b'$')
                )
            });
        let is_begun = || {
            let is_word = reader
                .token(start)?
                .has(Class::CLOSED | Class::COPULA | Class::FILLER);
            let is_block = code.range.len() == 1 && code.letters <= 4 && !is_word;
            let is_capital = reader
                .word(start)
                .bytes()
                .all(|byte| byte.is_ascii_uppercase());
            (is_block && is_capital && code.is_group(reader, start + 1)).then_some(())
        };
        let is_code = (code.digits > 0 || is_begun().is_some()) && bytes <= LONGEST && !is_glued;
        is_code.then_some(code)
    }

    // Takes in what touches from a token on.
    fn take_piece(&mut self, reader: TokenReader, start: usize) {
        let is_sign = |at: usize| {
            reader
                .token(at)
                .is_some_and(|token| token.is_word() || token.kind == TokenKind::Digits)
        };
        let mut at = start;
        loop {
            self.take(reader, at);
            at += 1;
            if !reader.touches_next(at - 1) {
                break;
            }
            let is_mark = reader
                .token(at)
                .is_some_and(|token| matches!(token.kind, TokenKind::Mark(b'-' | b'/' | b'.')));
            if is_mark && reader.touches_next(at) && is_sign(at + 1) {
                self.marks += 1;
                at += 1;
            } else if !is_sign(at) {
                break;
            }
        }
    }

    fn take(&mut self, reader: TokenReader, at: usize) {
        if let Some(token) = reader.token(at) {
            match token.kind {
                TokenKind::Digits => {
                    self.digits += token.len();
                    self.longest = self.longest.max(token.len());
                }
                _ => self.letters += token.len(),
            }
        }
        self.range.end = at + 1;
    }

    /// Whether it has any letter.
    pub(super) fn has_letters(&self) -> bool {
        self.letters > 0
    }

    fn signs(&self) -> usize {
        self.letters + self.digits
    }

    // The parts that are words, as they are written.
    fn words<'t>(&self, reader: TokenReader<'t>) -> impl Iterator<Item = &'t str> {
        let words = self
            .range
            .clone()
            .filter(move |at| reader.token(*at).is_some_and(Token::is_word));
        words.map(move |at| reader.word(at))
    }

    /// Letters as "A", digits as "0".
    pub(super) fn form(&self, reader: TokenReader) -> String {
        let written = self.range.clone().flat_map(|at| reader.word(at).chars());
        written
            .map(|c| match c {
                c if c.is_ascii_digit() => '0',
                c if c.is_alphabetic() => 'A',
                c => c,
            })
            .collect()
    }

    /// Its letters and digits in capitals.
    pub(super) fn value(&self, reader: TokenReader) -> String {
        let written = self.range.clone().flat_map(|at| reader.word(at).chars());
        let signs = written.filter(|c| c.is_alphanumeric());
        signs.flat_map(char::to_uppercase).collect()
    }

    /// A sum, a standard, a model: what everybody may know.
    pub(super) fn is_public(&self, reader: TokenReader) -> bool {
        let is_known = |word: &str| {
            let small = word.to_ascii_lowercase();
            PUBLIC_CODES.contains(&small.as_str()) || CURRENCIES.contains(&small.as_str())
        };
        self.words(reader).next().is_some_and(is_known)
    }

    /// With the groups that follow it after a blank: "DH 774 1029 03", "LN19 ZHU".
    pub(super) fn grown(mut self, reader: TokenReader) -> Self {
        const LONGEST: usize = 24;
        if self.marks > 0 {
            return self;
        }
        while self.signs() < LONGEST && self.is_group(reader, self.range.end) {
            self.take_piece(reader, self.range.end);
        }
        self
    }

    // Whether what follows a code after a blank is the next group of it.
    fn is_group(&self, reader: TokenReader, at: usize) -> bool {
        const MOST: usize = 6;
        let Some(token) = reader.token(at).filter(|_| !reader.touches_next(at - 1)) else {
            return false;
        };
        let mut next = Self {
            range: at..at,
            digits: 0,
            letters: 0,
            marks: 0,
            longest: 0,
        };
        if !(token.is_word() || token.kind == TokenKind::Digits) {
            return false;
        }
        next.take_piece(reader, at);
        let behind = reader.token(next.range.end);
        let is_counted = behind.is_some_and(|behind| {
            behind.has(Class::UNIT)
                || behind.says_number() && behind.is_word()
                || behind.is_mark(b'%')
                || behind.is_mark(b':')
        });
        let is_capital = |word: &str| word.bytes().all(|byte| byte.is_ascii_uppercase());
        let is_word = next
            .words(reader)
            .any(|word| !is_capital(word) || word.len() > 3);
        let is_closed = next.digits == 0
            && (token.has(Class::CLOSED | Class::COPULA) && token.len() > 1
                || matches!(reader.word(at), "A" | "I") && behind.is_some_and(Token::is_word));
        let is_of_mixed = next.digits > 1 && self.has_letters();
        let is_letters = next.digits == 0 && self.digits > 0;
        next.marks == 0
            && next.signs() <= MOST
            && !is_counted
            && !is_word
            && !is_closed
            && (is_of_mixed || is_letters)
    }

    /// Whether behind a noun it is a code and no count, date or size.
    pub(super) fn is_named(&self, reader: TokenReader) -> bool {
        match self.letters {
            0 => self.is_compound(reader),
            _ if self.words(reader).any(is_of_text) => false,
            letters => {
                let is_long = self.digits >= 3 || self.digits == 2 && letters >= 4;
                self.signs() >= 5 && is_long || self.is_locator(reader)
            }
        }
    }

    // "6XQ2PL", "KLM7QX": capitals with a digit among them, as bookings have.
    fn is_locator(&self, reader: TokenReader) -> bool {
        let is_capital = |word: &str| word.bytes().all(|byte| byte.is_ascii_uppercase());
        let parts = self.range.len();
        self.marks == 0
            && (6..=8).contains(&self.signs())
            && parts >= 2
            && reader.touches_next(self.range.end - 2)
            && self.words(reader).all(is_capital)
    }

    // Digits with marks between: no date, no years, no decimals.
    fn is_compound(&self, reader: TokenReader) -> bool {
        const FEWEST: usize = 6;
        let groups: Vec<&str> = (self.range.clone())
            .filter(|at| {
                reader
                    .token(*at)
                    .is_some_and(|token| token.kind == TokenKind::Digits)
            })
            .map(|at| reader.word(at))
            .collect();
        let is_year = |group: &&str| group.len() == 4 && group.starts_with(['1', '2']);
        let is_short = |group: &&str| group.len() <= 2;
        let is_date = groups.iter().all(|one| is_short(one) || is_year(one));
        let is_mark = |at: usize| reader.is_mark(at, b'-') || reader.is_mark(at, b'/');
        let is_joined = self.range.clone().any(is_mark);
        is_joined && self.digits >= FEWEST && !is_date
    }

    /// Long, in capitals, and with more digits in a row than a model's name has.
    pub(super) fn is_unmistakable(&self, reader: TokenReader) -> bool {
        let is_capital = |word: &str| word.bytes().all(|byte| byte.is_ascii_uppercase());
        let begins = reader.token(self.range.start).is_some_and(Token::is_word);
        let is_long = self.longest >= 6 || self.marks >= 2 && self.digits >= 7;
        let before = self
            .range
            .start
            .checked_sub(1)
            .filter(|at| *at >= reader.floor);
        let is_a = before.is_some_and(|at| reader.says_any(at, &["a", "an"]));
        let behind = reader.token(self.range.end);
        let is_thing =
            behind.is_some_and(|noun| noun.has(Class::NUMBERED) && !noun.has(Class::CASE));
        let mut words = self.words(reader);
        begins
            && !is_thing
            && is_long
            && self.signs() >= 8
            && !is_a
            && words.all(|word| is_capital(word) && word.len() <= 4)
    }

    /// Whether it is a vehicle's number: seventeen letters and digits, none of which look alike.
    /// What a carrier of parcels begins its numbers with is none.
    pub(super) fn is_of_vehicle(&self, reader: TokenReader) -> bool {
        const LENGTH: usize = 17;
        let is_sign = |byte: u8| byte.is_ascii_uppercase() && !b"IOQ".contains(&byte);
        let mut words = self.words(reader);
        let first = self.range.start;
        let is_parcel = reader.word(first) == "1" && reader.word(first + 1) == "Z";
        self.signs() == LENGTH
            && !is_parcel
            && self.marks == 0
            && self.digits >= 4
            && self.letters >= 3
            && words.all(|word| word.bytes().all(is_sign))
    }

    /// "LN19 ZHU": with the last letters of a British plate.
    pub(super) fn with_plate(mut self, reader: TokenReader) -> Self {
        let end = self.range.end;
        let token = reader
            .token(end)
            .filter(|token| token.is_word() && token.len() == 3);
        let is_half = self.marks == 0 && self.letters == 2 && self.digits == 2;
        let is_tail = token.is_some_and(|token| {
            !token.has(Class::CLOSED | Class::COPULA) && !reader.touches_next(end - 1)
        });
        if is_half && is_tail && self.range.len() == 2 {
            self.take(reader, end);
        }
        self
    }

    /// Whether it is a British plate.
    pub(super) fn is_plate(&self, reader: TokenReader) -> bool {
        let parts = [(true, 2), (false, 2), (true, 3)];
        let is_part = |(at, (is_word, length)): (usize, (bool, usize))| {
            let word = reader.word(at);
            let is_sign = |byte: u8| match is_word {
                true => byte.is_ascii_uppercase(),
                false => byte.is_ascii_digit(),
            };
            word.len() == length && word.bytes().all(is_sign)
        };
        self.range.len() == parts.len() && self.range.clone().zip(parts).all(is_part)
    }
}

// A part of a file's name, of a program: no code has words in small letters.
fn is_of_text(word: &str) -> bool {
    let is_small = word.contains(|c: char| c.is_ascii_lowercase());
    word.len() > if is_small { 4 } else { 7 }
}
