//! The tags of a template as words, texts and signs, as the engine cuts them.

use std::ops::Range;

use minijinja::machinery::{Token as Lexed, tokenize};
use minijinja::syntax::SyntaxConfig;

/// A word, a text or a sign of a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TagToken<'s> {
    pub(super) kind: TagKind,
    /// A text without its quotes.
    pub(super) text: &'s str,
    /// Its place in the template.
    pub(super) range: Range<usize>,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TagKind {
    Word,
    Text,
    Sign,
}

impl TagToken<'_> {
    /// Whether a tag begins with it.
    pub(super) fn opens_tag(&self) -> bool {
        self.kind == TagKind::Sign && matches!(self.text, "{{" | "{%")
    }
}

/// What stands in the tags of a template, as the engine's own lexer cuts it: nothing that the
/// engine will read is hidden. It ends where the lexer finds no way on, as the engine does.
pub(super) fn tokens(source: &str) -> Vec<TagToken<'_>> {
    let mut tokens = Vec::new();
    for (token, span) in tokenize(source, false, SyntaxConfig::default()).map_while(Result::ok) {
        let (start, end) = (span.start_offset as usize, span.end_offset as usize);
        let (kind, range) = match token {
            Lexed::TemplateData(_) | Lexed::VariableEnd | Lexed::BlockEnd => continue,
            Lexed::VariableStart | Lexed::BlockStart => (TagKind::Sign, start..start + 2),
            Lexed::Str(_) | Lexed::String(_) => (TagKind::Text, start + 1..end.saturating_sub(1)),
            Lexed::Ident(_) | Lexed::Int(_) | Lexed::Int128(_) | Lexed::Float(_) => {
                (TagKind::Word, start..end)
            }
            _ => {
                let signs = (start..end).filter_map(|at| Some((at, source.get(at..at + 1)?)));
                tokens.extend(signs.map(|(at, text)| TagToken {
                    kind: TagKind::Sign,
                    text,
                    range: at..at + 1,
                }));
                continue;
            }
        };
        if let Some(text) = source.get(range.clone()) {
            tokens.push(TagToken { kind, text, range });
        }
    }
    tokens
}

/// Reads up to the end of a tag and returns the place behind it.
pub(super) fn read_tag<'s>(
    source: &'s str,
    from: usize,
    end: &str,
    tokens: &mut Vec<TagToken<'s>>,
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
                (TagKind::Text, 1, inner, inner + 2)
            }
            c if c.is_alphanumeric() || c == '_' => {
                let part = |c: char| c.is_alphanumeric() || c == '_';
                let length = rest.find(|c| !part(c)).unwrap_or(rest.len());
                (TagKind::Word, 0, length, length)
            }
            c => (TagKind::Sign, 0, c.len_utf8(), c.len_utf8()),
        };
        let range = at + skipped..at + skipped + length;
        if let (false, Some(text)) = (first.is_whitespace(), source.get(range.clone())) {
            tokens.push(TagToken { kind, text, range });
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
