//! A text cut into words, groups of digits, marks and line ends.
//!
//! Tokens never hold text, only its place, so they cost no copy.

use super::lexicon::{Entry, Lexicon};
use super::words::POSSESSIVE;

/// One piece of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    /// Its first byte.
    pub(super) start: usize,
    /// The byte behind it.
    pub(super) end: usize,
    /// What it is.
    pub(super) kind: Kind,
    /// What the lexicon says of a word; nothing for the rest.
    pub(super) entry: Entry,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
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
    pub(super) fn len(&self) -> usize {
        self.end - self.start
    }

    /// Whether it is a word.
    pub(super) fn is_word(&self) -> bool {
        self.kind == Kind::Word
    }

    /// Whether it is a single letter, as one spells.
    pub(super) fn is_letter(&self) -> bool {
        self.is_word() && self.len() == 1
    }

    /// Whether it is this mark.
    pub(super) fn is_mark(&self, mark: u8) -> bool {
        self.kind == Kind::Mark(mark)
    }

    /// Whether a word stands in one of these lists of the lexicon.
    pub(super) fn has(&self, flags: u32) -> bool {
        self.entry.flags & flags != 0
    }

    /// The text of the token.
    pub(super) fn of<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// Cuts a text into tokens; blanks are left out.
pub(super) fn tokenize(text: &str) -> Vec<Token> {
    let lexicon = Lexicon::get();
    let bytes = text.as_bytes();
    let mut tokens = Vec::with_capacity(text.len() / 4);
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let (end, kind) = match byte {
            b'\n' => (at + 1, Kind::Line),
            0..=b' ' => {
                at += 1;
                continue;
            }
            b'0'..=b'9' => (
                at + run_of(&bytes[at..], |b| b.is_ascii_digit()),
                Kind::Digits,
            ),
            b'a'..=b'z' | b'A'..=b'Z' => (word_end(text, at), Kind::Word),
            0x80.. => match text[at..].chars().next() {
                Some(c) if c.is_alphabetic() => (word_end(text, at), Kind::Word),
                Some(c) => (at + c.len_utf8(), Kind::Mark(0)),
                None => return tokens,
            },
            mark => (at + 1, Kind::Mark(mark)),
        };
        let entry = match kind {
            Kind::Word => {
                let mut entry = lexicon.entry(&text[at..end]);
                if bytes[at..end].ends_with(b"'s") {
                    entry.flags |= POSSESSIVE;
                }
                entry
            }
            // "The last 4" is the phrase "the last four".
            Kind::Digits if end - at == 1 => Entry {
                id: lexicon.digit(byte - b'0'),
                ..Entry::default()
            },
            _ => Entry::default(),
        };
        tokens.push(Token {
            start: at,
            end,
            kind,
            entry,
        });
        at = end;
    }
    tokens
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
