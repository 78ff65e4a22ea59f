//! The postal code behind a town: digits or letters among them, with "zip is" before it or not.

use super::AddressReader;
use crate::detect::english::{Class, Topic};
use crate::detect::read::{CodeReader, Lexicon, TokenKind, TokenReader, phrase_words};

impl AddressReader<'_> {
    /// The token behind the postal code at a token. Four digits are one behind a state only.
    pub(super) fn postcode(&self, at: usize, is_behind_state: bool) -> Option<usize> {
        let from = self.behind_label(at);
        let is_labelled = from > at;
        let digits = self.digits_end(from, is_behind_state || is_labelled);
        digits
            .or_else(|| self.parted_end(from))
            .or_else(|| self.lettered_end(from))
    }

    /// "101 Reykjavík": three digits and a town with a capital.
    pub(super) fn short_code(&self, at: usize) -> Option<usize> {
        let code = self.reader.token(at)?;
        let is_code = code.kind == TokenKind::Digits && code.len() == 3;
        let is_town = self.is_titled(at + 1..at + 2) && self.is_mark_or_end(at + 2);
        let is_word = self.is_no_town(at + 1);
        (is_code && is_town && !is_word).then_some(at + 1)
    }

    // "Zip code is", "postcode", "pin".
    fn behind_label(&self, at: usize) -> usize {
        let words = phrase_words(self.reader.tokens, at);
        let phrase = Lexicon::get().topics.longest(words);
        let Some((last, topic)) = phrase else {
            return at;
        };
        let is_pin = topic == Topic::Pin && self.reader.says_any(at, &["pin", "pincode"]);
        if topic != Topic::Zip && !is_pin {
            return at;
        }
        let mut from = last + 1;
        while from < last + 4
            && (self.is_silent(from)
                || self
                    .reader
                    .token(from)
                    .is_some_and(|token| token.has(Class::COPULA)))
        {
            from += 1;
        }
        from
    }

    /// "Seventeen, l s nine eight q t" to "house number and postcode": the end of the house, where a
    /// code with letters is all that follows; of "four a h e six five n x", that of the code.
    pub(super) fn house_before_code(&self, at: usize) -> Option<usize> {
        if !self.is_code_asked || !self.is_asked || !self.answers(at) {
            return None;
        }
        let unit = self.unit_end(at).map(|end| self.behind_silence(end));
        let is_house = |end: &usize| self.reader.says_digits(*end);
        let from = unit.filter(is_house).unwrap_or(at);
        let is_label = self.reader.says(from, "number");
        let house = self.house_number(from + usize::from(is_label))?;
        let code = |end: usize| {
            let next = self.behind_silence(end);
            let next = next + usize::from(self.reader.says(next, "and"));
            let code = self.lettered_end(self.behind_label(next))?;
            self.is_mark_or_end(code).then_some(code)
        };
        if code(house).is_some() {
            return Some(house);
        }
        let is_lettered = self.reader.is_letter(house);
        is_lettered.then(|| code(house + 1)).flatten()
    }

    // Five digits, six of India and Singapore, nine with the dash of the US; four elsewhere.
    fn digits_end(&self, from: usize, is_short: bool) -> Option<usize> {
        let reader = &self.reader;
        reader.token(from).filter(|token| token.says_digits())?;
        let mut digits = String::new();
        let (mut at, mut end) = (from, from);
        while digits.len() <= 9 {
            let Some(next) = reader.number(at, &mut digits) else {
                break;
            };
            end = next;
            let is_written = reader
                .token(end - 1)
                .is_some_and(|token| token.kind == TokenKind::Digits);
            at = if reader.is_mark(end, b'-') || reader.says(end, "dash") {
                end + 1
            } else if is_written && digits.len() != 3 {
                break;
            } else {
                self.behind_silence(end)
            };
        }
        // "105-0011", "01304-001".
        let is_dashed = |first| {
            let is_first = reader.token(from).is_some_and(|token| token.len() == first);
            is_first && reader.is_mark(from + 1, b'-') && end == from + 3
        };
        let fits = match digits.len() {
            5 | 6 | 9 => true,
            7 => is_dashed(3),
            8 => is_dashed(5),
            4 => is_short,
            _ => false,
        };
        let is_counted = reader
            .token(end)
            .is_some_and(|next| next.has(Class::UNIT | Class::MEASURE) && !next.has(Class::COPULA));
        let is_glued = reader.touches_next(end.saturating_sub(1))
            && reader
                .token(end)
                .is_some_and(|next| next.is_word() || next.is_mark(b'@'));
        (fits && !is_counted && !is_glued).then_some(end)
    }

    // "4050-262" of Portugal.
    fn parted_end(&self, from: usize) -> Option<usize> {
        let reader = &self.reader;
        let is_long = |at: usize, len: usize| {
            let token = reader.token(at);
            token.is_some_and(|token| token.kind == TokenKind::Digits && token.len() == len)
        };
        let is_glued = reader.is_mark(from + 1, b'-') && reader.touches_next(from);
        let is_code = is_long(from, 4) && is_glued && is_long(from + 2, 3);
        (is_code && self.is_titled(from + 3..from + 4)).then_some(from + 3)
    }

    /// "SW1A 1AA", "k one a oh b one", "D02 X285", "1012 AB".
    pub(super) fn lettered_end(&self, from: usize) -> Option<usize> {
        let token = self.reader.token(from)?;
        let is_short = token.is_word()
            && token.len() <= 4
            && (token.len() <= 2 || self.reader.says_digits(from + 1));
        let begins = is_short
            || token.has(Class::ALPHABET)
            || token.kind == TokenKind::Digits && token.len() == 4;
        if !begins {
            return None;
        }
        // "W9": the first half, as people in London say it.
        let is_half = token.len() <= 2
            && self.reader.touches_next(from)
            && self
                .reader
                .token(from + 1)
                .is_some_and(|next| next.kind == TokenKind::Digits && next.len() <= 2)
            && token
                .of(self.reader.text)
                .bytes()
                .all(|byte| byte.is_ascii_uppercase());
        let is_over = self.reader.is_mark(from + 2, b',') || !self.reader.touches_next(from + 1);
        if is_half && self.is_mark_or_end(from + 2) && is_over {
            return Some(from + 2);
        }
        let codes = CodeReader {
            reader: self.reader,
            is_iban: false,
            taken: &|_| false,
            named: &|_| false,
        };
        // "PR1 4QD now": words behind a code are none of it.
        let longest = codes.code(from)?.range.end;
        (from + 1..=longest).rev().find(|end| {
            let tokens = self.reader.tokens.get(..*end).unwrap_or(&[]);
            let reader = TokenReader {
                tokens,
                ..self.reader
            };
            let code = CodeReader { reader, ..codes }.code(from);
            code.is_some_and(|code| is_lettered(&code.value))
        })
    }
}

// Whether letters and digits stand as in the codes of the UK, Ireland, Canada or the Netherlands.
fn is_lettered(value: &str) -> bool {
    let shape: String = value
        .bytes()
        .map(|byte| if byte.is_ascii_digit() { '9' } else { 'A' })
        .collect();
    let is_british = matches!(
        shape.as_str(),
        "A99AA" | "A999AA" | "AA99AA" | "AA999AA" | "A9A9AA" | "AA9A9AA"
    );
    let is_irish = value.len() == 7 && (shape.starts_with("A99") || value.starts_with("D6W"));
    is_british || is_irish || matches!(shape.as_str(), "A9A9A9" | "9999AA")
}
