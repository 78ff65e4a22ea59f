//! A letter as people spell it: "v", "v as in victor", "victor", "capital v", "double l", "zed".
//!
//! Whether "a" and "i" are letters or words, their neighbours tell; that is for who asks.

use super::reader::TokenReader;
use super::token::TokenKind;
use crate::detect::english::{Class, LETTERS, NumberWord};

/// A letter that is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SpelledLetter {
    /// The letter, in capitals.
    pub(crate) letter: char,
    /// How many times it is meant.
    pub(crate) times: usize,
    /// The token behind it, and behind the word that explains it.
    pub(crate) end: usize,
}

impl TokenReader<'_> {
    /// The letter that is spelled at a token.
    pub(crate) fn spelled(&self, at: usize) -> Option<SpelledLetter> {
        let token = self.token(at).filter(|token| token.is_word())?;
        if let NumberWord::Times(times) = token.entry.number {
            return self.repeated(at + 1, times);
        }
        if token.is_letter() {
            let letter = self.initial(at)?;
            return Some(SpelledLetter {
                letter,
                times: 1,
                end: self.behind_example(at + 1, letter),
            });
        }
        // Few words begin as these do, and every word of an answer comes by here.
        let first = token
            .of(self.text)
            .bytes()
            .next()
            .unwrap_or(0)
            .to_ascii_lowercase();
        let is_case = self.says_any(at, &["upper", "lower"]) && self.says(at + 1, "case");
        if b"ul".contains(&first) && is_case {
            return self.spelled(at + 2);
        }
        let cases = ["capital", "uppercase", "lowercase", "letter"];
        if b"cul".contains(&first) && self.says_any(at, &cases) {
            let is_one = !self.says(at + 1, "letter") || first == b'c';
            return self.spelled(at + 1).filter(|_| is_one);
        }
        let is_named = |(name, _): &&(&str, char)| self.says(at, name);
        let named = if b"zah".contains(&first) {
            LETTERS.iter().find(is_named)
        } else {
            None
        };
        let letter = match named {
            Some((_, letter)) => *letter,
            None if token.has(Class::ALPHABET) => self.initial(at)?,
            None => return None,
        };
        let end = at + 1;
        Some(SpelledLetter {
            letter,
            times: 1,
            end: if named.is_some() {
                self.behind_example(end, letter)
            } else {
                end
            },
        })
    }

    // "Double l"; the W is heard as "double you" and as "double u".
    fn repeated(&self, at: usize, times: u8) -> Option<SpelledLetter> {
        if times == 2 && self.says_any(at, &["u", "you", "ewe"]) {
            return Some(SpelledLetter {
                letter: 'W',
                times: 1,
                end: self.behind_example(at + 1, 'W'),
            });
        }
        let spelled = self.spelled(at).filter(|one| one.times == 1)?;
        Some(SpelledLetter {
            times: usize::from(times),
            ..spelled
        })
    }

    // Past the word that explains a letter: "as in victor", "for victor", "like in victor", or its
    // word of the alphabet right behind it.
    fn behind_example(&self, at: usize, letter: char) -> usize {
        // "X-ray".
        let hyphen = usize::from(self.is_mark(at, b'-'));
        if letter == 'X' && self.says(at + hyphen, "ray") {
            return at + hyphen + 1;
        }
        let comma = usize::from(self.is_mark(at, b','));
        let is_example = |at: usize| self.initial(at) == Some(letter);
        let word = match at + comma {
            first if self.says_any(first, &["as", "like"]) && self.says(first + 1, "in") => {
                first + 2
            }
            first
                if self.says_any(first, &["as", "for", "like", "of"]) && is_example(first + 1) =>
            {
                first + 1
            }
            first if comma == 0 && is_example(first) && self.is_of_alphabet(first) => first,
            _ => return at,
        };
        let is_compound = self.is_mark(word + 1, b'-')
            && self.touches_next(word)
            && self.touches_next(word + 1)
            && self
                .token(word + 2)
                .is_some_and(|token| token.is_word() && !token.is_letter());
        let is_ray = self.says(word, "x") && self.says(word + 1, "ray");
        let length = if is_compound {
            3
        } else {
            1 + usize::from(is_ray)
        };
        (word + length).min(self.tokens.len())
    }

    fn is_of_alphabet(&self, at: usize) -> bool {
        self.token(at)
            .is_some_and(|token| token.has(Class::ALPHABET))
    }

    fn initial(&self, at: usize) -> Option<char> {
        let token = self
            .token(at)
            .filter(|token| token.kind == TokenKind::Word)?;
        let first = token.of(self.text).chars().next()?;
        first
            .is_ascii_alphabetic()
            .then(|| first.to_ascii_uppercase())
    }
}

#[cfg(test)]
mod tests {
    use super::super::token::tokenize;
    use super::*;

    fn check(text: &str, letters: &str, rest: &str) {
        let tokens = tokenize(text);
        let reader = TokenReader::new(text, &tokens);
        let found = reader.spelled(0);
        let spelled: String = found.map_or(String::new(), |one| {
            std::iter::repeat_n(one.letter, one.times).collect()
        });
        let end = found.map_or(0, |one| one.end);
        let left: Vec<_> = tokens[end..].iter().map(|token| token.of(text)).collect();
        assert_eq!(
            (spelled.as_str(), left.join(" ").as_str()),
            (letters, rest),
            "{text}"
        );
    }

    #[test]
    fn a_letter_is_spelled_in_many_ways() {
        check("v", "V", "");
        check("Capital b three", "B", "three");
        check("whiskey two", "W", "two");
        check("double l two", "LL", "two");
        check("double u two", "W", "two");
        check("zed four", "Z", "four");
    }

    #[test]
    fn the_word_that_explains_it_is_passed() {
        check("v as in victor one", "V", "one");
        check("m like mary two", "M", "two");
        check("P, for Peter, 2", "P", ", 2");
        check("x as in x-ray nine", "X", "nine");
        check("b bravo six", "B", "six");
        check("x-ray yankee", "X", "yankee");
        check("t for 2", "T", "for 2");
    }

    #[test]
    fn words_are_no_letters() {
        for text in ["victory", "letter", "double room", "capital one"] {
            check(text, "", text);
        }
    }
}
