//! Persons' names behind the phrases with which people give them.

use std::ops::Range;

use crate::detect::Detector;
use crate::detect::english::{Class, NumberWord, Surety};
use crate::detect::foreign::PARTICLES;
use crate::detect::growing::{NOWHERE, ValueReach};
use crate::detect::hearing::Hearing;
use crate::detect::read::{Lexicon, Token, TokenKind, TokenReader, phrase_words};

/// Claims the names of a passage.
pub(crate) fn claim(hearing: &mut Hearing) {
    if !hearing.wanted.contains(Detector::Name) {
        return;
    }
    let names = PersonReader {
        reader: hearing.passage.reader(),
    };
    let mut at = hearing.passage.first;
    while at < hearing.passage.end {
        let found = names.name_behind(at);
        let Some(range) = found.filter(|range| !hearing.claims.is_any_taken(range.clone())) else {
            at += 1;
            continue;
        };
        at = range.end;
        let value = names.reader.joined(range.clone(), Token::is_word);
        hearing.claims.claim(range, Detector::Name, value);
    }
}

/// How far back a name may still reach while a text grows.
pub(crate) const REACH: ValueReach = ValueReach {
    is_begun: |growing, _| {
        let is_wanted = growing.wants(Detector::Name);
        is_wanted
            && growing
                .last_tokens()
                .any(|at| is_awaited(growing.reader, at))
    },
    ..NOWHERE
};

// Whether a phrase for names begins at a token and what follows it may be a name still under way.
fn is_awaited(reader: TokenReader, at: usize) -> bool {
    const LOOK_BACK: usize = 2;
    let names = PersonReader { reader };
    let Some((last, surety)) = names.phrase(at) else {
        return false;
    };
    let start = names.start_behind(last + 1);
    let end = names.name_end(start, surety);
    end + LOOK_BACK >= reader.tokens.len()
}

struct PersonReader<'a> {
    reader: TokenReader<'a>,
}

impl PersonReader<'_> {
    // The last token of the phrase at a place behind which a name stands.
    fn phrase(&self, at: usize) -> Option<(usize, Surety)> {
        let words = phrase_words(self.reader.tokens, at);
        Lexicon::get().names.longest(words)
    }

    fn name_behind(&self, at: usize) -> Option<Range<usize>> {
        let (last, surety) = self.phrase(at)?;
        // "The caller's …" names a thing, "it's …" may name a person.
        let word = self.reader.word(last);
        let is_likely = surety == Surety::Likely;
        if is_likely && word.ends_with("'s") && !word.eq_ignore_ascii_case("it's") {
            return None;
        }
        let start = self.start_behind(last + 1);
        let end = self.name_end(start, surety);
        let is_name = end > start && (!is_likely || self.is_likely(at, last, start..end));
        is_name.then_some(start..end)
    }

    // "It's Monday", "I'm Italian": one word with a capital needs more to be a name.
    fn is_likely(&self, first: usize, last: usize, name: Range<usize>) -> bool {
        const WEAK: [&str; 5] = ["it's", "i'm", "am", "is", "it’s"];
        let words = self.reader.tokens[name.clone()]
            .iter()
            .filter(|token| token.is_word());
        let phrase = self.reader.word(last).to_ascii_lowercase();
        let is_weak = WEAK.contains(&phrase.as_str()) && last - first <= 1;
        if !is_weak || words.count() > 1 {
            return true;
        }
        let next = self.reader.token(name.end);
        let follows = next.is_some_and(|next| next.has(Class::CALLING));
        let ends = next.is_none_or(|next| !next.is_word() && next.kind != TokenKind::Digits);
        follows || (ends && phrase != "it's" && self.reader.tokens[name.start].entry.id == 0)
    }

    // Past marks and forms of address.
    fn start_behind(&self, from: usize) -> usize {
        const MOST: usize = 5;
        let mut start = from;
        while let Some(token) = self.reader.token(start).filter(|_| start < from + MOST) {
            let mark = matches!(
                token.kind,
                TokenKind::Mark(b':' | b'"' | b'\'' | b'.' | b'=')
            );
            if !(mark || token.has(Class::FILLER | Class::TITLE)) {
                break;
            }
            start += 1;
        }
        start
    }

    fn name_end(&self, start: usize, surety: Surety) -> usize {
        const WORDS: usize = 4;
        let (mut end, mut words) = (start, 0);
        for (at, token) in self
            .reader
            .tokens
            .iter()
            .enumerate()
            .skip(start)
            .take(2 * WORDS)
        {
            if at > start && words < WORDS && self.joins(at) {
                continue;
            }
            let is_capital = token.is_capital(self.reader.text);
            let is_particle = is_capital || PARTICLES.contains(&token.of(self.reader.text));
            let is_plain = self.is_plain(token, surety);
            let accepted = token.is_word()
                && match surety {
                    Surety::Likely => is_capital && is_plain || is_particle && words > 0,
                    Surety::Sure => is_plain || is_capital && words > 0,
                };
            // Where capitals are used, they tell where the name ends.
            let is_small_behind_capital =
                words > 0 && !is_particle && self.reader.tokens[start].is_capital(self.reader.text);
            if !accepted || is_small_behind_capital || words == WORDS {
                break;
            }
            words += 1;
            end = at + 1;
        }
        end
    }

    // The hyphen of "Jean-Luc", the full stop behind an initial.
    fn joins(&self, at: usize) -> bool {
        let hyphen = self.reader.is_mark(at, b'-') && self.reader.touches_next(at - 1);
        hyphen || (self.reader.is_mark(at, b'.') && self.reader.is_letter(at - 1))
    }

    // A word that is none of the common ones, or one of them that is a name as well.
    fn is_plain(&self, token: &Token, surety: Surety) -> bool {
        let common = Class::CLOSED
            | Class::LEAD
            | Class::COPULA
            | Class::FILLER
            | Class::JOIN
            | Class::UNIT
            | Class::SIGN;
        let is_common = token.has(common) || token.entry.number != NumberWord::None;
        let is_name_too = token.has(Class::NAME_TOO)
            && (surety == Surety::Sure || token.is_capital(self.reader.text));
        (!is_common || is_name_too) && !token.has(Class::NO_NAME)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::read::{bytes_of, tokenize};

    fn check(text: &str, expected: &str) {
        let tokens = tokenize(text);
        let names = PersonReader {
            reader: TokenReader::new(text, &tokens),
        };
        let found = (0..tokens.len())
            .find_map(|at| names.name_behind(at))
            .unwrap_or(0..0);
        assert_eq!(&text[bytes_of(&tokens, found)], expected, "{text}");
    }

    #[test]
    fn names_stand_behind_their_phrases() {
        check(
            "my name is michele farley and my number is",
            "michele farley",
        );
        check("My name is Jeremy Kim.", "Jeremy Kim");
        check("This is Isa de Man calling", "Isa de Man");
        check("name: \"Chaaya Modi\"", "Chaaya Modi");
    }

    #[test]
    fn other_words_are_no_names() {
        check("this is a test and it's fine", "");
        check("my name is on the list", "");
    }
}
