//! A text as the letters and digits that it says, whatever stands between them: "415-555", "4, 1,
//! 5, 5, 5, 5" and "four one five triple five" say the same.
//!
//! It keeps no text of its own accord and knows no kind of value: who compares two texts does.

use std::ops::Range;

use super::cue::cues;
use super::lexicon::Lexicon;
use super::reader::TokenReader;
use super::token::{Token, TokenKind, tokenize};
use super::view::View;
use crate::detect::english::{Class, NumberWord, Topic};

/// What a text says, sign by sign.
#[derive(Debug, Default)]
pub struct SaidSigns {
    text: String,
    words: Vec<SignWord>,
}

/// One word, group of digits or spelled letter.
#[derive(Debug, Clone)]
pub struct SignWord {
    /// Where its signs begin among all.
    pub at: usize,
    /// Its bytes in the text.
    pub source: Range<usize>,
    /// Whether it is a word of the language, no digits and no spelled letter.
    pub is_word: bool,
    /// Whether it is a word that many texts have.
    pub is_common: bool,
    /// Whether it is a word that is never a name by itself: "will", "you".
    pub is_closed: bool,
    /// Whether what stands before it is counted by it: "dollars".
    pub is_unit: bool,
    /// Whether only the last digits of something are spoken of before it.
    pub is_ending: bool,
}

impl SaidSigns {
    /// Reads a text.
    pub fn of(text: &str) -> Self {
        let view = View::of(text);
        let tokens = tokenize(view.text());
        let mut reading = SignReader {
            reader: TokenReader::new(view.text(), &tokens),
            signs: SaidSigns::default(),
        };
        let mut at = 0;
        while at < tokens.len() {
            at = reading.read(at);
        }
        let mut signs = reading.signs;
        signs.mark_endings(view.text(), &tokens);
        for word in &mut signs.words {
            word.source = view.source_range(word.source.clone());
        }
        signs
    }

    /// All signs in one, letters in capitals.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What they were read from, in order.
    pub fn words(&self) -> &[SignWord] {
        &self.words
    }

    /// Where the signs of a word end.
    pub fn end_of(&self, word: usize) -> usize {
        self.words
            .get(word + 1)
            .map_or(self.text.len(), |next| next.at)
    }

    fn mark_endings(&mut self, text: &str, tokens: &[Token]) {
        const REACH: usize = 24;
        for cue in cues(tokens) {
            // "Card ending in" is a phrase of its own.
            let says_end = |token: &Token| {
                let word = token.of(text);
                ["end", "finish"].iter().any(|verb| word.starts_with(verb))
            };
            let own = tokens.get(cue.first..cue.end).unwrap_or(&[]);
            if cue.topic != Topic::LastFour && !own.iter().any(says_end) {
                continue;
            }
            let end = own.last().map_or(0, |token| token.end);
            let next = self.words.partition_point(|word| word.source.start < end);
            let near = self.words[next..]
                .iter_mut()
                .take_while(|word| word.source.start <= end + REACH);
            if let Some(number) = near.filter(|word| !word.is_word).take(1).next() {
                number.is_ending = true;
            }
        }
    }
}

struct SignReader<'a> {
    reader: TokenReader<'a>,
    signs: SaidSigns,
}

impl SignReader<'_> {
    // Reads what stands at a token; gives the token behind.
    fn read(&mut self, at: usize) -> usize {
        let Some(token) = self.reader.token(at) else {
            return at + 1;
        };
        if token.kind == TokenKind::Digits {
            let text = token.of(self.reader.text).to_owned();
            let suffix = usize::from(self.is_suffix(at + 1));
            self.add(at..at + 1, &text, false);
            return at + 1 + suffix;
        }
        if !token.is_word() {
            return at + 1;
        }
        let mut digits = String::new();
        if let Some(end) = self.reader.number(at, &mut digits) {
            self.add(at..end, &digits, false);
            return end;
        }
        if let Some((end, day)) = self.ordinal(at) {
            self.add(at..end, &day.to_string(), false);
            return end;
        }
        if token.is_letter() {
            self.add(at..at + 1, self.reader.word(at), false);
            return self.behind_letter(at);
        }
        if self.is_between(token) {
            return at + 1;
        }
        let word = self.reader.word(at);
        if token.has(Class::ALPHABET) && self.is_among_signs(at) {
            self.add(at..at + 1, word.get(..1).unwrap_or(""), false);
        } else if let NumberWord::Month(_) = token.entry.number {
            self.add(at..at + 1, word.get(..3).unwrap_or(word), true);
        } else {
            let own = word.strip_suffix("'s").unwrap_or(word);
            self.add(at..at + 1, own, true);
        }
        at + 1
    }

    fn add(&mut self, tokens: Range<usize>, signs: &str, is_word: bool) {
        let (Some(first), Some(last)) = (
            self.reader.token(tokens.start),
            self.reader.token(tokens.end.saturating_sub(1)),
        ) else {
            return;
        };
        let is_owner = is_word && last.of(self.reader.text).ends_with("'s");
        let source = first.start..last.end - if is_owner { 2 } else { 0 };
        self.signs.words.push(SignWord {
            at: self.signs.text.len(),
            source,
            is_word,
            is_common: is_word && (first.entry.id != 0 || first.has(Class::NO_NAME)),
            is_closed: first.has(Class::CLOSED | Class::LEAD),
            is_unit: first.has(Class::UNIT),
            is_ending: false,
        });
        let letters = signs.chars().filter(|c| c.is_alphanumeric());
        self.signs.text.extend(letters.flat_map(char::to_uppercase));
    }

    // "9th", in which the letters say nothing.
    fn is_suffix(&self, at: usize) -> bool {
        at > 0
            && self.reader.touches_next(at - 1)
            && self.reader.says_any(at, &["st", "nd", "rd", "th"])
    }

    // "Ninth", "twenty first".
    fn ordinal(&self, at: usize) -> Option<(usize, u8)> {
        let ten = match self.reader.number_word(at) {
            NumberWord::Ordinal(day) => return Some((at + 1, day)),
            NumberWord::Ten(ten) => ten,
            _ => return None,
        };
        let unit = at + 1 + usize::from(self.reader.is_mark(at + 1, b'-'));
        match self.reader.number_word(unit) {
            NumberWord::Ordinal(day @ 1..=9) => Some((unit + 1, ten * 10 + day)),
            _ => None,
        }
    }

    // "B for bravo", "x as in x-ray".
    fn behind_letter(&self, at: usize) -> usize {
        let reader = &self.reader;
        if reader.says(at + 1, "as") && reader.says(at + 2, "in") {
            return at + 4;
        }
        let begins_alike = reader
            .word(at + 2)
            .as_bytes()
            .first()
            .zip(reader.word(at).as_bytes().first())
            .is_some_and(|(one, other)| one.eq_ignore_ascii_case(other));
        let is_for = reader.says_any(at + 1, &["for", "like", "as"]);
        at + if is_for && begins_alike { 3 } else { 1 }
    }

    // Sounds and spoken marks; between digits also what joins them.
    fn is_between(&self, token: &Token) -> bool {
        let is_mark = Class::FILLER | Class::SEPARATOR | Class::SIGN | Class::DOT;
        let is_at = token.entry.id == Lexicon::get().at;
        let is_behind_digits = self.signs.words.last().is_some_and(|word| !word.is_word);
        token.has(is_mark) || is_at || (is_behind_digits && token.has(Class::JOIN))
    }

    // "Bravo" beside digits, single letters or another of its kind.
    fn is_among_signs(&self, at: usize) -> bool {
        let is_sign =
            |token: &Token| token.is_letter() || token.has(Class::ALPHABET) || token.says_digits();
        let before = at
            .checked_sub(1)
            .and_then(|before| self.reader.token(before));
        before.is_some_and(is_sign) || self.reader.token(at + 1).is_some_and(is_sign)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(texts: &[&str], signs: &str) {
        for text in texts {
            assert_eq!(SaidSigns::of(text).text(), signs, "{text}");
        }
    }

    #[test]
    fn a_number_says_the_same_in_every_spelling() {
        check(
            &[
                "415-555-0123",
                "(415) 555 0123",
                "4, 1, 5, 5, 5, 5, 0, 1, 2, 3",
                "four one five, five five five, oh one two three",
                "four fifteen triple five uh zero one twenty three",
                "４１５.555.0123",
            ],
            "4155550123",
        );
    }

    #[test]
    fn letters_are_read_however_they_are_spelled() {
        check(
            &[
                "AB 12 34 56 C",
                "ab123456c",
                "a b one two three four five six c",
                "alpha b for bravo 12 dash 34 56 c as in cat",
            ],
            "AB123456C",
        );
        check(&["O'Brien's", "o brien"], "OBRIEN");
        check(
            &["March 9th 1981", "march ninth nineteen eighty one"],
            "MAR91981",
        );
    }

    #[test]
    fn words_lead_back_to_their_places() {
        let text = "my card's ending in 0123, 500 dollars";
        let signs = SaidSigns::of(text);
        let ending: Vec<_> = signs.words().iter().filter(|word| word.is_ending).collect();
        assert_eq!(ending.len(), 1);
        assert_eq!(&text[ending[0].source.clone()], "0123");
        assert!(signs.words().last().is_some_and(|word| word.is_unit));
    }
}
