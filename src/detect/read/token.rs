//! A text cut into words, groups of digits, marks and line ends.
//!
//! Tokens never hold text, only its place, so they cost no copy.

use std::ops::Range;

use super::lexicon::{Lexicon, WordEntry};
use crate::detect::english::{AskingRole, Class};

/// One piece of a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    /// Its first byte.
    pub(crate) start: usize,
    /// The byte behind it.
    pub(crate) end: usize,
    /// What it is.
    pub(crate) kind: TokenKind,
    /// What the lexicon says of a word; nothing for the rest.
    pub(crate) entry: WordEntry,
    /// A bit for what a word begins with, in any case; see [`letter_bit`].
    pub(crate) letter: u32,
}

/// The bit that tells by the first letter, in any case, which words a word cannot be.
#[inline(always)]
pub(crate) const fn letter_bit(word: &[u8]) -> u32 {
    match word {
        [first, ..] => 1 << (*first & 31),
        [] => 0,
    }
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// Letters, with apostrophes between them.
    Word,
    /// Digits.
    Digits,
    /// One character that is none of the others; 0 for one beyond ASCII.
    Mark(u8),
    /// The end of a line.
    Line,
}

impl Token {
    /// Its length in bytes.
    pub(crate) fn len(&self) -> usize {
        self.end - self.start
    }

    /// Whether it is a word.
    pub(crate) fn is_word(&self) -> bool {
        self.kind == TokenKind::Word
    }

    /// Whether it is a single letter, as one spells.
    pub(crate) fn is_letter(&self) -> bool {
        self.is_word() && self.len() == 1
    }

    /// Whether it is this mark.
    pub(crate) fn is_mark(&self, mark: u8) -> bool {
        self.kind == TokenKind::Mark(mark)
    }

    /// Whether a word is in one of these classes.
    pub(crate) fn has(&self, classes: Class) -> bool {
        self.entry.classes.intersects(classes)
    }

    /// Whether a word does one of these where somebody asks.
    pub(crate) fn asks(&self, asking: AskingRole) -> bool {
        self.entry.asking.intersects(asking)
    }

    /// Whether it is digits or a word for them, whatever stands beside it.
    pub(crate) fn says_digits(&self) -> bool {
        self.kind == TokenKind::Digits || self.entry.number.says_digits()
    }

    /// Whether it is digits or a part of a spoken number or date, and hardly another word.
    pub(crate) fn says_number(&self) -> bool {
        self.kind == TokenKind::Digits || self.entry.number.says_number()
    }

    /// Whether it begins with a capital.
    pub(crate) fn is_capital(&self, text: &str) -> bool {
        self.of(text).starts_with(char::is_uppercase)
    }

    /// The text of the token.
    pub(crate) fn of<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// Cuts a text into tokens; blanks are left out.
pub(crate) fn tokenize(text: &str) -> Vec<Token> {
    let lexicon = Lexicon::get();
    let bytes = text.as_bytes();
    let mut tokens = Vec::with_capacity(text.len() / 4);
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let (end, kind) = match byte {
            b'\n' => (at + 1, TokenKind::Line),
            0..=b' ' => {
                at += 1;
                continue;
            }
            b'0'..=b'9' => (
                at + run_of(&bytes[at..], |b| b.is_ascii_digit()),
                TokenKind::Digits,
            ),
            b'a'..=b'z' | b'A'..=b'Z' => {
                let end = word_end(text, at);
                (joined_dot(text, at..end).unwrap_or(end), TokenKind::Word)
            }
            0x80.. => match text[at..].chars().next() {
                Some(c) if c.is_alphabetic() => (word_end(text, at), TokenKind::Word),
                Some(c) => (at + c.len_utf8(), TokenKind::Mark(0)),
                None => return tokens,
            },
            mark => (at + 1, TokenKind::Mark(mark)),
        };
        let entry = match kind {
            TokenKind::Word => {
                let mut entry = lexicon.entry(&text[at..end]);
                if bytes[at..end].ends_with(b"'s") {
                    entry.classes |= Class::POSSESSIVE;
                }
                entry
            }
            // "The last 4" is the phrase "the last four".
            TokenKind::Digits if end - at == 1 => WordEntry {
                id: lexicon.digit(byte - b'0'),
                ..WordEntry::default()
            },
            _ => WordEntry::default(),
        };
        if kind == TokenKind::Digits {
            no_filler(&mut tokens, text, at);
        }
        tokens.push(Token {
            start: at,
            end,
            kind,
            entry,
            letter: letter_bit(&bytes[at..end]),
        });
        at = end;
    }
    tokens
}

// "EH9": letters before digits are of a code, whatever else one says so.
fn no_filler(tokens: &mut [Token], text: &str, digits: usize) {
    if let Some(last) = tokens.last_mut()
        && last.end == digits
        && last.has(Class::FILLER)
        && last.of(text).bytes().all(|byte| byte.is_ascii_uppercase())
    {
        last.entry = WordEntry::default();
    }
}

/// The words from a token on, as the tree of phrases reads them.
pub(crate) fn phrase_words(
    tokens: &[Token],
    from: usize,
) -> impl Iterator<Item = (usize, u16)> + '_ {
    const STRANGE: u16 = u16::MAX;
    let number = Lexicon::get().number;
    tokens
        .iter()
        .enumerate()
        .skip(from)
        .map(move |(at, token)| {
            let glued = at > from && tokens[at - 1].end == token.start;
            let word = match token.kind {
                TokenKind::Word if token.entry.id != 0 => token.entry.id,
                TokenKind::Digits if token.entry.id != 0 => token.entry.id,
                TokenKind::Mark(b'.' | b'-' | b'_' | b'/' | b'\'') if glued => 0,
                // "Member #".
                TokenKind::Mark(b'#') if at > from => number,
                _ => STRANGE,
            };
            (at, word)
        })
}

fn run_of(bytes: &[u8], belongs: impl Fn(&u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| belongs(byte)).count()
}

fn word_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = start;
    loop {
        end += run_of(&bytes[end..], u8::is_ascii_alphabetic);
        match bytes.get(end) {
            Some(b'\'') if bytes.get(end + 1).is_some_and(u8::is_ascii_alphabetic) => end += 1,
            Some(0x80..) => match text[end..].chars().next() {
                Some(c) if c.is_alphabetic() => end += c.len_utf8(),
                _ => return end,
            },
            _ => return end,
        }
    }
}

// "Dotcom" is two words that were heard as one: the end of the first.
fn joined_dot(text: &str, word: Range<usize>) -> Option<usize> {
    const ENDS: [&str; 6] = ["com", "net", "org", "co", "uk", "edu"];
    let (dot, end) = text.get(word.clone())?.split_at_checked(3)?;
    (dot.eq_ignore_ascii_case("dot") && ENDS.iter().any(|known| known.eq_ignore_ascii_case(end)))
        .then_some(word.start + 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_digits_and_marks_are_cut() {
        let text = "It's été42, (ok)\nno.";
        let cut: Vec<_> = tokenize(text).iter().map(|token| token.of(text)).collect();
        assert_eq!(
            cut,
            ["It's", "été", "42", ",", "(", "ok", ")", "\n", "no", "."]
        );
    }
}
