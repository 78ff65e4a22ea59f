//! Postal addresses: a house number before a street's name, and what follows "I live at".

use std::ops::Range;

use crate::detect::Detector;
use crate::detect::english::{Class, NumberWord};
use crate::detect::foreign::STREET_ENDS;
use crate::detect::growing::{NOWHERE, TextSoFar, ValueReach};
use crate::detect::hearing::Hearing;
use crate::detect::read::{Lexicon, Token, TokenKind, TokenReader};

/// Claims the addresses of a passage.
pub(crate) fn claim(hearing: &mut Hearing) {
    if !hearing.wanted.contains(Detector::Address) {
        return;
    }
    let address = AddressReader {
        reader: hearing.passage.reader(),
    };
    let mut at = hearing.passage.first;
    while at < hearing.passage.end {
        let found = address.address(at);
        match found.filter(|range| !hearing.claims.is_any_taken(range.clone())) {
            Some(range) => {
                at = range.end;
                let value = address.canonical(range.clone());
                hearing.claims.claim(range, Detector::Address, value);
            }
            None => at += 1,
        }
    }
}

/// How far back an address may still reach while a text grows.
pub(crate) const REACH: ValueReach = ValueReach {
    crosses,
    begins,
    ..NOWHERE
};

// "New Paula", "HI 84389": with a capital it may be a part of an address.
fn crosses(growing: &TextSoFar, at: usize) -> bool {
    growing.wants(Detector::Address)
        && growing.reader.tokens[at].is_capital(growing.reader.text)
        && growing.number_before(at).is_some()
}

// A street before the number of its house.
fn begins(growing: &TextSoFar) -> usize {
    let begins = growing.formed(&[Detector::Address]);
    let reader = &growing.reader;
    let last = growing.whole_tokens().checked_sub(1);
    let Some(last) = last.filter(|_| growing.wants(Detector::Address)) else {
        return begins;
    };
    let word = if reader.is_mark(last, b'.') {
        last.checked_sub(1)
    } else {
        Some(last)
    };
    if !word.is_some_and(|word| is_street(reader.word(word))) {
        return begins;
    }
    let before = reader.text.get(..reader.tokens[last].start).unwrap_or("");
    let street = before
        .rfind(char::is_whitespace)
        .map_or(0, |blank| blank + 1);
    begins.min(street)
}

// Whether a house's number may follow a word.
fn is_street(word: &str) -> bool {
    let word = word.to_lowercase();
    STREET_ENDS.iter().any(|end| word.ends_with(end))
}

struct AddressReader<'a> {
    reader: TokenReader<'a>,
}

impl AddressReader<'_> {
    fn canonical(&self, range: Range<usize>) -> String {
        self.reader.joined(range, |token| {
            token.is_word() || token.kind == TokenKind::Digits
        })
    }

    fn address(&self, at: usize) -> Option<Range<usize>> {
        if let Some(end) = self.street_first(at) {
            return Some(at..self.place_end(end));
        }
        let house = self.house_end(at)?;
        let led = self.is_led(at);
        let opens = led || self.opens(at);
        let street = self.street_end(house, led, opens)?;
        Some(at..self.place_end(street))
    }

    // A house's number: at most five digits, perhaps a letter.
    fn house_end(&self, at: usize) -> Option<usize> {
        if at > self.reader.floor && self.reader.is_number(at - 1) {
            return None;
        }
        let mut digits = String::new();
        let mut end = at;
        while let Some(next) = self.reader.number(end, &mut digits) {
            end = next;
            if digits.len() > 6 {
                return None;
            }
        }
        if digits.is_empty() || digits.len() > 6 {
            return None;
        }
        let glued =
            self.reader.tokens.get(end).is_some_and(|next| {
                next.is_word() && next.start == self.reader.tokens[end - 1].end
            });
        let letter = glued && self.reader.tokens[end].is_letter();
        (!glued || letter).then_some(end + usize::from(letter))
    }

    fn is_led(&self, at: usize) -> bool {
        let mut before = at;
        while before > self.reader.floor
            && !self.reader.tokens[before - 1].is_word()
            && at - before < 3
        {
            before -= 1;
        }
        Lexicon::get().at_home.iter().any(|lead| {
            before
                .checked_sub(lead.len())
                .filter(|start| *start >= self.reader.floor)
                .is_some_and(|start| {
                    lead.iter()
                        .zip(&self.reader.tokens[start..before])
                        .all(|(word, token)| token.of(self.reader.text).eq_ignore_ascii_case(word))
                })
        })
    }

    // Where an address without a lead may begin: on a line of its own, behind a mark or "at".
    fn opens(&self, at: usize) -> bool {
        let year = self.reader.tokens[at].len() == 4
            && ["19", "20"].iter().any(|century| {
                self.reader.tokens[at]
                    .of(self.reader.text)
                    .starts_with(century)
            });
        let Some(before) = at
            .checked_sub(1)
            .filter(|before| *before >= self.reader.floor)
        else {
            return !year;
        };
        let before = self.reader.tokens[before];
        let word = ["at", "to", "from", "near", "on"]
            .iter()
            .any(|word| before.of(self.reader.text).eq_ignore_ascii_case(word));
        !year
            && (word
                || matches!(
                    before.kind,
                    TokenKind::Line | TokenKind::Mark(b',' | b':' | b'?' | b'>')
                ))
    }

    // "Reinhold-Klotz-Allee 3898", "Andersstraße 8/9".
    fn street_first(&self, at: usize) -> Option<usize> {
        let first = self
            .reader
            .tokens
            .get(at)
            .filter(|token| token.of(self.reader.text).starts_with(char::is_uppercase))?;
        let hyphen = |at: usize| {
            self.reader
                .tokens
                .get(at)
                .is_some_and(|token| token.is_mark(b'-'))
        };
        if !first.is_word() || (at > self.reader.floor && hyphen(at - 1)) {
            return None;
        }
        let mut last = at;
        while last < at + 8
            && hyphen(last + 1)
            && self.reader.tokens.get(last + 2).is_some_and(Token::is_word)
        {
            last += 2;
        }
        let name = self.reader.tokens[last].of(self.reader.text).to_lowercase();
        let street = STREET_ENDS
            .iter()
            .any(|end| name.ends_with(end) && (last > at || name.len() > end.len() + 2));
        let mut end = if hyphen(last + 1) {
            return None;
        } else {
            last + 1
        };
        if self
            .reader
            .tokens
            .get(end)
            .is_some_and(|dot| dot.is_mark(b'.'))
        {
            end += 1;
        }
        let number = |at: usize| {
            self.reader
                .tokens
                .get(at)
                .is_some_and(|token| token.kind == TokenKind::Digits && token.len() <= 5)
        };
        if !street || !number(end) {
            return None;
        }
        let part = self
            .reader
            .tokens
            .get(end + 1)
            .is_some_and(|mark| mark.is_mark(b'/'))
            && number(end + 2);
        Some(if part { end + 3 } else { end + 1 })
    }

    // One to four words of a name, the last a word for street; or, behind "I live at", any name.
    fn street_end(&self, from: usize, led: bool, opens: bool) -> Option<usize> {
        const WORDS: usize = 4;
        let mut capitals = 0;
        for words in 0..=WORDS {
            let at = from + words;
            let named = opens && words >= 2 && capitals == words;
            let Some(token) = self.reader.tokens.get(at) else {
                return ((led || named) && words > 0).then_some(at);
            };
            // "35 each way".
            if ["each", "either"].contains(&token.of(self.reader.text)) {
                return None;
            }
            let measured = self
                .reader
                .tokens
                .get(at + 1)
                .is_some_and(|next| next.has(Class::UNIT));
            if token.has(Class::STREET) && words > 0 && !measured {
                return Some(at + 1);
            }
            let name = token.is_word()
                && !token.has(Class::CLOSED | Class::FLAT)
                && token.entry.number == NumberWord::None;
            let ordinal = token.kind == TokenKind::Digits && words == 0;
            if !name && !ordinal {
                let ends = named && (!token.is_word() || token.has(Class::FLAT));
                return ((led || ends) && words > 0).then_some(at);
            }
            capitals += usize::from(token.of(self.reader.text).starts_with(char::is_uppercase));
        }
        led.then_some(from + 2)
    }

    fn is_capital(&self, at: usize) -> bool {
        self.reader.tokens.get(at).is_some_and(|token| {
            token.is_word() && token.of(self.reader.text).starts_with(char::is_uppercase)
        })
    }

    // Flat, town, state and postal code, as long as they follow each other.
    fn place_end(&self, street: usize) -> usize {
        const TOKENS: usize = 24;
        let (mut at, mut end) = (street, street);
        while at < street + TOKENS {
            let Some(token) = self.reader.tokens.get(at) else {
                break;
            };
            let capital = token.of(self.reader.text).starts_with(char::is_uppercase);
            let after_flat = at > street && self.reader.tokens[at - 1].has(Class::FLAT);
            match token.kind {
                TokenKind::Mark(b',' | b'#' | b'.') => {
                    at += 1;
                    continue;
                }
                TokenKind::Line
                    if self
                        .reader
                        .tokens
                        .get(at + 1)
                        .is_some_and(|next| next.kind != TokenKind::Line) =>
                {
                    at += 1;
                    continue;
                }
                TokenKind::Word
                    if token.has(Class::FLAT)
                        || after_flat
                        || (token.has(Class::STATE) && (capital || token.len() > 2)) => {}
                TokenKind::Word
                    if capital && (!token.has(Class::CLOSED) || self.is_capital(at + 1)) => {}
                TokenKind::Digits
                    if token.len() == 5 && self.is_capital(at + 1) && at < street + 3 => {}
                TokenKind::Digits if token.len() <= 5 => {
                    let code =
                        self.reader
                            .tokens
                            .get(at + 1)
                            .is_some_and(|next| next.is_mark(b'-') && next.start == token.end)
                            && self.reader.tokens.get(at + 2).is_some_and(|next| {
                                next.kind == TokenKind::Digits && next.len() == 4
                            });
                    if token.len() == 5 {
                        return if code { at + 3 } else { at + 1 };
                    }
                }
                _ if after_flat && token.entry.id != 0 && self.reader.is_number(at) => {}
                _ => break,
            }
            at += 1;
            end = at;
        }
        end
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::read::{bytes_of, tokenize};

    use super::*;

    fn check(text: &str, expected: &str) {
        let tokens = tokenize(text);
        let address = AddressReader {
            reader: TokenReader::new(text, &tokens),
        };
        let found = (0..tokens.len())
            .find_map(|at| address.address(at))
            .unwrap_or(0..0);
        assert_eq!(&text[bytes_of(&tokens, found)], expected, "{text}");
    }

    #[test]
    fn streets_are_told_by_their_last_word() {
        check(
            "it is 12 Main Street, Springfield, IL 62704, ok",
            "12 Main Street, Springfield, IL 62704",
        );
        check(
            "forty two oak avenue apartment five is mine",
            "forty two oak avenue apartment five",
        );
    }

    #[test]
    fn behind_a_lead_any_name_is_a_street() {
        check("I live at 563 Courtney Landing.", "563 Courtney Landing");
        check("seven large pizzas", "");
    }
}
