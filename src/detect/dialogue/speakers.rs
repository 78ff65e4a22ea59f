//! Who says what: a text may itself be a transcript, "agent: …", "caller: …".

use std::ops::Range;

use crate::detect::Speaker;
use crate::detect::read::{TokenKind, TokenReader};

/// The passages of a text and who says each; its speaker says what no line gives to another.
pub(crate) fn passages(reader: TokenReader, speaker: Speaker) -> Vec<(Range<usize>, Speaker)> {
    let mut passages = Vec::new();
    let (mut start, mut current) = (0, speaker);
    let end = reader.tokens.len();
    for at in 0..end {
        if let Some(next) = named_speaker(&reader, at) {
            passages.push((start..at, current));
            (start, current) = (at + 2, next);
        }
    }
    passages.push((start.min(end)..end, current));
    passages.retain(|(range, _)| !range.is_empty());
    passages
}

// Whom a line names before its colon.
fn named_speaker(reader: &TokenReader, at: usize) -> Option<Speaker> {
    let starts = at == 0 || reader.tokens[at - 1].kind == TokenKind::Line;
    if !starts || !reader.is_mark(at + 1, b':') {
        return None;
    }
    speaker_of(reader.word(at))
}

/// Who speaks in the lines of a transcript that begin with a word.
pub(crate) fn speaker_of(label: &str) -> Option<Speaker> {
    match label.to_ascii_lowercase().as_str() {
        "agent" | "assistant" | "ai" | "bot" | "model" | "operator" | "representative" | "rep" => {
            Some(Speaker::Assistant)
        }
        "caller" | "user" | "customer" | "client" | "human" | "guest" => Some(Speaker::Caller),
        "system" | "tool" | "developer" => Some(Speaker::Other),
        _ => None,
    }
}
