//! A place of a text that streams by, seen forward as far as one cares to look.
//!
//! Whoever looks behind the end of what has come is told that there is nothing, and it is noted:
//! what was concluded from that does not count while more may come.

use std::cell::Cell;
use std::ops::Range;

use super::CONTEXT;

/// A place of a text.
#[derive(Debug)]
pub struct Glimpse<'t> {
    text: &'t str,
    at: usize,
    is_first: bool,
    is_over: bool,
    is_beyond: Cell<bool>,
}

impl<'t> Glimpse<'t> {
    pub(super) fn new(text: &'t str, at: usize, is_first: bool, is_over: bool) -> Glimpse<'t> {
        Glimpse {
            text,
            at,
            is_first,
            is_over,
            is_beyond: Cell::new(false),
        }
    }

    /// Whether more of the text was wanted than has come.
    pub(super) fn wants_more(&self) -> bool {
        self.is_beyond.get()
    }

    fn note_end(&self) {
        self.is_beyond.set(!self.is_over);
    }

    /// Where what is seen of the text before begins.
    fn start(&self) -> usize {
        let mut start = self.at.saturating_sub(CONTEXT);
        while !self.text.is_char_boundary(start) {
            start += 1;
        }
        start
    }

    /// The last bytes before this place.
    pub fn before(&self) -> &'t str {
        &self.text[self.start()..self.at]
    }

    /// The letter before this place.
    pub fn last(&self) -> Option<char> {
        self.before().chars().next_back()
    }

    /// Whether the text begins here.
    pub fn begins_text(&self) -> bool {
        self.is_first && self.at == 0
    }

    /// Whether a line begins here: nothing stands before but what `is_margin` takes.
    pub fn begins_line(&self, is_margin: impl Fn(char) -> bool) -> bool {
        let before = self.before().trim_end_matches(is_margin);
        before.ends_with('\n') || (before.is_empty() && self.is_first && self.start() == 0)
    }

    /// The byte that stands so many bytes behind this place.
    pub fn byte(&self, offset: usize) -> Option<u8> {
        let byte = self.text.as_bytes().get(self.at + offset);
        if byte.is_none() {
            self.note_end();
        }
        byte.copied()
    }

    /// The letter that stands so many bytes behind this place.
    pub fn letter(&self, offset: usize) -> Option<char> {
        self.byte(offset)?;
        self.text.get(self.at + offset..)?.chars().next()
    }

    /// Whether a text stands so many bytes behind this place; ASCII in any case.
    pub fn has(&self, offset: usize, text: &str) -> bool {
        let mut bytes = text.bytes().enumerate();
        bytes.all(|(at, byte)| {
            let found = self.byte(offset + at);
            found.is_some_and(|found| found.eq_ignore_ascii_case(&byte))
        })
    }

    /// As [`Glimpse::has`], where no letter, digit or `_` follows.
    pub fn has_word(&self, offset: usize, text: &str) -> bool {
        self.has(offset, text) && self.is_apart(offset + text.len())
    }

    /// Whether no letter, digit or `_` stands so many bytes behind this place.
    pub fn is_apart(&self, offset: usize) -> bool {
        let letter = self.letter(offset);
        letter.is_none_or(|letter| !letter.is_alphanumeric() && letter != '_')
    }

    /// How many bytes from an offset on `takes` takes; no more than `most`.
    pub fn run(&self, offset: usize, most: usize, takes: impl Fn(char) -> bool) -> usize {
        let mut len = 0;
        while len < most {
            match self.letter(offset + len) {
                Some(letter) if takes(letter) => len += letter.len_utf8(),
                _ => break,
            }
        }
        len
    }

    /// Where a text stands, from an offset on and in the same paragraph; no farther than `most`
    /// bytes away.
    pub fn find(&self, offset: usize, text: &str, most: usize) -> Option<usize> {
        let mut at = offset;
        while at < offset + most {
            let letter = self.letter(at)?;
            if letter == '\n' && self.byte(at + 1) == Some(b'\n') {
                return None;
            }
            if self.has(at, text) {
                return Some(at);
            }
            at += letter.len_utf8();
        }
        None
    }

    /// The text that stands so many bytes behind this place, as far as it has come.
    pub fn text(&self, range: Range<usize>) -> &'t str {
        let place = self.at + range.start..self.at + range.end;
        self.text.get(place).unwrap_or_default()
    }
}
