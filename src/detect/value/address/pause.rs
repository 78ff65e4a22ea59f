//! What lies between the parts of an address and says nothing: marks, sounds, "at", "it's".

use super::AddressReader;
use crate::detect::english::{Class, NumberWord};

impl AddressReader<'_> {
    /// Past what ties two parts of an address: marks, pauses, "at", "in the".
    pub(super) fn behind_tie(&self, from: usize) -> usize {
        const MOST: usize = 4;
        const TIES: [&str; 9] = [
            "at", "on", "in", "of", "and", "it's", "that's", "stroke", "oblique",
        ];
        let mut at = from;
        while at < from + MOST && (self.is_silent(at) || self.reader.says_any(at, &TIES)) {
            at += 1;
        }
        at
    }

    /// Whether a token says nothing: a mark inside an address, or a pause.
    pub(super) fn is_silent(&self, at: usize) -> bool {
        use crate::detect::read::TokenKind::{Line, Mark};
        self.reader.token(at).is_some_and(|token| {
            token.has(Class::FILLER)
                || matches!(
                    token.kind,
                    Line | Mark(b',' | b'.' | b'-' | b':' | b'"' | b'(' | b'>' | b'=' | b';')
                )
        })
    }

    /// Whether an answer may begin with a word.
    pub(super) fn leads(&self, at: usize) -> bool {
        self.reader.token(at).is_some_and(|token| {
            token.is_word()
                && token.has(Class::LEAD | Class::COPULA | Class::JOIN)
                && token.entry.number == NumberWord::None
                && !token.has(Class::FLAT)
        }) || self
            .reader
            .says_any(at, &["at", "in", "no", "currently", "still", "address"])
    }

    /// Whether a sentence ends at a token.
    pub(super) fn is_end(&self, at: usize) -> bool {
        self.reader.ends_sentence(at)
    }

    /// The token behind a pause.
    pub(super) fn behind_silence(&self, from: usize) -> usize {
        let is_pause = |at: usize| {
            self.reader.is_mark(at, b',')
                || self.reader.is_mark(at, b'-') && !self.reader.touches_next(at)
                || self
                    .reader
                    .token(at)
                    .is_some_and(|token| token.has(Class::FILLER))
        };
        (from..from + 3)
            .find(|at| !is_pause(*at))
            .unwrap_or(from + 3)
    }

    /// The token behind a pause between a house's number and its street.
    pub(super) fn behind_pause(&self, from: usize) -> usize {
        self.behind_silence(from)
    }
}
