//! Postal addresses: a house number before a street's name, and what follows "I live at".

use std::ops::Range;

use super::Detector;
use super::atom;
use super::claims::Claims;
use super::govern::Passage;
use super::tokens::{Kind, Token};
use super::words::{CLOSED, FLAT, Number, STATE, STREET, UNIT};

// Behind these an address stands, whatever its street is called.
const LEADS: &[&[&str]] = &[
    &["live", "at"],
    &["lives", "at"],
    &["living", "at"],
    &["live", "on"],
    &["address", "is"],
    &["address", "to"],
    &["deliver", "to"],
    &["delivered", "to"],
    &["ship", "to"],
    &["shipped", "to"],
    &["located", "at"],
    &["pick", "up", "from"],
    &["return", "to"],
    &["moved", "to"],
    &["mail", "it", "to"],
    &["send", "it", "to"],
    &["address"],
    &["reside", "at"],
    &["office", "is", "at"],
    &["house", "is", "at"],
    &["home", "is", "at"],
    &["we're", "at"],
    &["staying", "at"],
    &["new", "one", "to"],
];

/// Claims the addresses of a passage.
pub(super) fn claim(passage: &Passage, claims: &mut Claims) {
    let mut at = passage.first;
    while at < passage.end {
        let reader = Reader {
            text: claims.text,
            tokens: &passage.tokens[..passage.end],
            floor: passage.first,
        };
        match reader
            .address(at)
            .filter(|range| !claims.is_any_taken(range.clone()))
        {
            Some(range) => {
                at = range.end;
                let value = reader.canonical(range.clone());
                claims.claim(range, Detector::Address, value);
            }
            None => at += 1,
        }
    }
}

// How German streets end whose names stand before the house's number.
const ENDS: [&str; 10] = [
    "straße", "strasse", "str", "gasse", "platz", "allee", "weg", "ring", "ufer", "damm",
];

/// Whether a house's number may follow a word.
pub(super) fn is_street(word: &str) -> bool {
    let word = word.to_lowercase();
    ENDS.iter().any(|end| word.ends_with(end))
}

struct Reader<'a> {
    text: &'a str,
    tokens: &'a [Token],
    floor: usize,
}

impl Reader<'_> {
    fn canonical(&self, range: Range<usize>) -> String {
        let words = self.tokens[range]
            .iter()
            .filter(|token| token.is_word() || token.kind == Kind::Digits);
        words
            .map(|token| token.of(self.text).to_lowercase())
            .collect::<Vec<_>>()
            .join(" ")
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
        if at > self.floor
            && atom::read(self.text, self.tokens, at - 1, &mut String::new()).is_some()
        {
            return None;
        }
        let mut digits = String::new();
        let mut end = at;
        while let Some(next) = atom::read(self.text, self.tokens, end, &mut digits) {
            end = next;
            if digits.len() > 6 {
                return None;
            }
        }
        if digits.is_empty() || digits.len() > 6 {
            return None;
        }
        let glued = self
            .tokens
            .get(end)
            .is_some_and(|next| next.is_word() && next.start == self.tokens[end - 1].end);
        let letter = glued && self.tokens[end].is_letter();
        (!glued || letter).then_some(end + usize::from(letter))
    }

    fn is_led(&self, at: usize) -> bool {
        let mut before = at;
        while before > self.floor && !self.tokens[before - 1].is_word() && at - before < 3 {
            before -= 1;
        }
        LEADS.iter().any(|lead| {
            before
                .checked_sub(lead.len())
                .filter(|start| *start >= self.floor)
                .is_some_and(|start| {
                    lead.iter()
                        .zip(&self.tokens[start..before])
                        .all(|(word, token)| token.of(self.text).eq_ignore_ascii_case(word))
                })
        })
    }

    // Where an address without a lead may begin: on a line of its own, behind a mark or "at".
    fn opens(&self, at: usize) -> bool {
        let year = self.tokens[at].len() == 4
            && ["19", "20"]
                .iter()
                .any(|century| self.tokens[at].of(self.text).starts_with(century));
        let Some(before) = at.checked_sub(1).filter(|before| *before >= self.floor) else {
            return !year;
        };
        let before = self.tokens[before];
        let word = ["at", "to", "from", "near", "on"]
            .iter()
            .any(|word| before.of(self.text).eq_ignore_ascii_case(word));
        !year
            && (word
                || matches!(
                    before.kind,
                    Kind::Line | Kind::Mark(b',' | b':' | b'?' | b'>')
                ))
    }

    // "Reinhold-Klotz-Allee 3898", "Andersstraße 8/9".
    fn street_first(&self, at: usize) -> Option<usize> {
        let first = self
            .tokens
            .get(at)
            .filter(|token| token.of(self.text).starts_with(char::is_uppercase))?;
        let hyphen = |at: usize| self.tokens.get(at).is_some_and(|token| token.is_mark(b'-'));
        if !first.is_word() || (at > self.floor && hyphen(at - 1)) {
            return None;
        }
        let mut last = at;
        while last < at + 8
            && hyphen(last + 1)
            && self.tokens.get(last + 2).is_some_and(Token::is_word)
        {
            last += 2;
        }
        let name = self.tokens[last].of(self.text).to_lowercase();
        let street = ENDS
            .iter()
            .any(|end| name.ends_with(end) && (last > at || name.len() > end.len() + 2));
        let mut end = if hyphen(last + 1) {
            return None;
        } else {
            last + 1
        };
        if self.tokens.get(end).is_some_and(|dot| dot.is_mark(b'.')) {
            end += 1;
        }
        let number = |at: usize| {
            self.tokens
                .get(at)
                .is_some_and(|token| token.kind == Kind::Digits && token.len() <= 5)
        };
        if !street || !number(end) {
            return None;
        }
        let part = self
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
            let Some(token) = self.tokens.get(at) else {
                return ((led || named) && words > 0).then_some(at);
            };
            // "35 each way".
            if ["each", "either"].contains(&token.of(self.text)) {
                return None;
            }
            let measured = self.tokens.get(at + 1).is_some_and(|next| next.has(UNIT));
            if token.has(STREET) && words > 0 && !measured {
                return Some(at + 1);
            }
            let name =
                token.is_word() && !token.has(CLOSED | FLAT) && token.entry.number == Number::None;
            let ordinal = token.kind == Kind::Digits && words == 0;
            if !name && !ordinal {
                let ends = named && (!token.is_word() || token.has(FLAT));
                return ((led || ends) && words > 0).then_some(at);
            }
            capitals += usize::from(token.of(self.text).starts_with(char::is_uppercase));
        }
        led.then_some(from + 2)
    }

    fn is_capital(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| {
            token.is_word() && token.of(self.text).starts_with(char::is_uppercase)
        })
    }

    // Flat, town, state and postal code, as long as they follow each other.
    fn place_end(&self, street: usize) -> usize {
        const TOKENS: usize = 24;
        let (mut at, mut end) = (street, street);
        while at < street + TOKENS {
            let Some(token) = self.tokens.get(at) else {
                break;
            };
            let capital = token.of(self.text).starts_with(char::is_uppercase);
            let after_flat = at > street && self.tokens[at - 1].has(FLAT);
            match token.kind {
                Kind::Mark(b',' | b'#' | b'.') => {
                    at += 1;
                    continue;
                }
                Kind::Line
                    if self
                        .tokens
                        .get(at + 1)
                        .is_some_and(|next| next.kind != Kind::Line) =>
                {
                    at += 1;
                    continue;
                }
                Kind::Word
                    if token.has(FLAT)
                        || after_flat
                        || (token.has(STATE) && (capital || token.len() > 2)) => {}
                Kind::Word if capital && (!token.has(CLOSED) || self.is_capital(at + 1)) => {}
                Kind::Digits if token.len() == 5 && self.is_capital(at + 1) && at < street + 3 => {}
                Kind::Digits if token.len() <= 5 => {
                    let code = self
                        .tokens
                        .get(at + 1)
                        .is_some_and(|next| next.is_mark(b'-') && next.start == token.end)
                        && self
                            .tokens
                            .get(at + 2)
                            .is_some_and(|next| next.kind == Kind::Digits && next.len() == 4);
                    if token.len() == 5 {
                        return if code { at + 3 } else { at + 1 };
                    }
                }
                _ if after_flat
                    && token.entry.id != 0
                    && atom::read(self.text, self.tokens, at, &mut String::new()).is_some() => {}
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
    use super::super::spoken;
    use super::super::tokens::tokenize;
    use super::*;

    fn check(text: &str, expected: &str) {
        let tokens = tokenize(text);
        let reader = Reader {
            text,
            tokens: &tokens,
            floor: 0,
        };
        let found = (0..tokens.len())
            .find_map(|at| reader.address(at))
            .unwrap_or(0..0);
        assert_eq!(&text[spoken::bytes_of(&tokens, found)], expected, "{text}");
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
