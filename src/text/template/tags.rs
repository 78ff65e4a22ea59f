//! The tags of a template as words, texts and signs, as the engine cuts them.

use std::ops::Range;

/// A word, a text or a sign of a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'s> {
    pub(super) kind: Kind,
    /// A text without its quotes.
    pub(super) text: &'s str,
    /// Its place in the template.
    pub(super) range: Range<usize>,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Text,
    Sign,
}

impl Token<'_> {
    /// Whether a tag begins with it.
    pub(super) fn opens_tag(&self) -> bool {
        self.kind == Kind::Sign && matches!(self.text, "{{" | "{%")
    }
}

/// The place behind the next `end`.
pub(super) fn after(source: &str, from: usize, end: &str) -> usize {
    let found = source.get(from..).and_then(|rest| rest.find(end));
    found.map_or(source.len(), |found| from + found + end.len())
}

/// Reads up to the end of a tag and returns the place behind it.
pub(super) fn read_tag<'s>(
    source: &'s str,
    from: usize,
    end: &str,
    tokens: &mut Vec<Token<'s>>,
) -> usize {
    let mut at = from;
    while let Some(rest) = source.get(at..) {
        let Some(first) = rest.chars().next() else {
            break;
        };
        if rest.starts_with(end) {
            return at + end.len();
        }
        let (kind, skipped, length, next) = match first {
            '"' | '\'' => {
                let inner = text_length(rest, first);
                (Kind::Text, 1, inner, inner + 2)
            }
            c if c.is_alphanumeric() || c == '_' => {
                let part = |c: char| c.is_alphanumeric() || c == '_';
                let length = rest.find(|c| !part(c)).unwrap_or(rest.len());
                (Kind::Word, 0, length, length)
            }
            c => (Kind::Sign, 0, c.len_utf8(), c.len_utf8()),
        };
        let range = at + skipped..at + skipped + length;
        if let (false, Some(text)) = (first.is_whitespace(), source.get(range.clone())) {
            tokens.push(Token { kind, text, range });
        }
        at += next;
    }
    source.len()
}

/// The length of a text in quotes, without them.
fn text_length(quoted: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in quoted.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at - 1,
            _ => {}
        }
    }
    quoted.len().saturating_sub(1)
}
