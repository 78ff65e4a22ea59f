//! What stands glued behind a house's number: a letter, a storey.

use super::AddressReader;
use crate::detect::read::TokenKind;

impl AddressReader<'_> {
    /// The end of a number with its letter: "221b", but not "10th" or "5kg".
    pub(super) fn behind_letter(&self, end: usize) -> Option<usize> {
        let is_glued = self.reader.touches_next(end - 1);
        let Some(next) = self.reader.token(end).filter(|_| is_glued) else {
            return Some(end);
        };
        match next.kind {
            TokenKind::Word => {
                let is_early = self
                    .reader
                    .word(end)
                    .bytes()
                    .all(|byte| b"abcdefghABCDEFGH".contains(&byte));
                (next.is_letter() && is_early).then_some(end + 1)
            }
            TokenKind::Mark(b'%' | b':' | b'$') => None,
            TokenKind::Mark(b'-') if self.is_storey(end + 1) => Some(end + 2),
            _ => Some(end),
        }
    }

    // "1102-III", "12-b".
    fn is_storey(&self, at: usize) -> bool {
        let word = self.reader.word(at);
        let is_roman = word.bytes().all(|byte| b"IVX".contains(&byte));
        self.reader.is_letter(at) || is_roman && !word.is_empty()
    }
}
