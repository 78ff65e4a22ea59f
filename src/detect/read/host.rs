//! A host as it is written: "pinegate.io", "quinn-glass.ie/prices".
//!
//! Whether it is anybody's own, who asks knows.

use super::reader::TokenReader;
use super::token::{Token, TokenKind};
use crate::detect::english::Class;

impl TokenReader<'_> {
    /// The token behind the host, and its path, that is written at a place.
    pub(crate) fn written_host(&self, at: usize) -> Option<usize> {
        let is_label = |at: usize| {
            let is_one = |token: &Token| token.is_word() || token.kind == TokenKind::Digits;
            self.token(at).is_some_and(is_one)
        };
        let goes_on = |at: usize| self.touches_next(at) && self.touches_next(at + 1);
        let (mut end, mut dots) = (at + 1, 0);
        while is_label(end - 1) && goes_on(end - 1) && is_label(end + 1) {
            match (self.is_mark(end, b'.'), self.is_mark(end, b'-')) {
                (true, _) => dots += 1,
                (_, true) => {}
                _ => break,
            }
            end += 2;
        }
        let top = self.token(end - 1)?;
        if !is_label(at) || dots == 0 || !top.has(Class::TOP_DOMAIN | Class::TOP_SITE) {
            return None;
        }
        // "…/prices": up to the next blank.
        if self.is_mark(end, b'/') && self.touches_next(end - 1) {
            end += 1;
            while self.touches_next(end - 1) && self.token(end).is_some() {
                end += 1;
            }
            while self.token(end - 1).is_some_and(|last| !last.is_word())
                && self.ends_sentence(end - 1)
            {
                end -= 1;
            }
        }
        Some(end)
    }
}
