//! A text as a model would read it: full-width digits, odd blanks and dashes made plain and
//! invisible characters left out, with a map back to the source.
//!
//! Plain text is borrowed, never copied.

use std::borrow::Cow;
use std::ops::Range;

/// A normalised text and the way back to its source.
#[derive(Debug)]
pub struct View<'t> {
    text: Cow<'t, str>,
    // For each byte of the view the source's bytes of its character; empty when both are the same.
    origins: Vec<(u32, u32)>,
}

impl<'t> View<'t> {
    /// Makes the view of a text.
    pub fn of(source: &'t str) -> Self {
        if source.is_ascii() || !source.chars().any(|c| fold(c) != Folded::Same) {
            return Self {
                text: Cow::Borrowed(source),
                origins: Vec::new(),
            };
        }
        let mut text = String::with_capacity(source.len());
        let mut origins = Vec::with_capacity(source.len());
        for (at, character) in source.char_indices() {
            match fold(character) {
                Folded::Same => text.push(character),
                Folded::As(plain) => text.push(plain),
                Folded::Gone => {}
            }
            let origin = (at as u32, (at + character.len_utf8()) as u32);
            origins.resize(text.len(), origin);
        }
        Self {
            text: Cow::Owned(text),
            origins,
        }
    }

    /// The normalised text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The source's range for a range of the view that is not empty.
    pub fn source_range(&self, range: Range<usize>) -> Range<usize> {
        let first = self.origins.get(range.start);
        let last = range
            .end
            .checked_sub(1)
            .and_then(|end| self.origins.get(end));
        match (first, last) {
            (Some(first), Some(last)) => first.0 as usize..last.1 as usize,
            _ => range,
        }
    }
}

#[derive(PartialEq)]
enum Folded {
    Same,
    As(char),
    Gone,
}

fn fold(character: char) -> Folded {
    let code = character as u32;
    let plain = match code {
        0..0x80 => return Folded::Same,
        0xAD | 0x300..=0x36F | 0x20E3 | 0xFE00..=0xFE0F | 0xFEFF | 0x180E => return Folded::Gone,
        0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x2064 | 0x115F | 0x1160 | 0x3164 => {
            return Folded::Gone;
        }
        0xA0 | 0x2000..=0x200A | 0x202F | 0x205F | 0x3000 => ' ',
        0x2010..=0x2015 | 0x2212 | 0xFE58 | 0xFE63 => '-',
        0x2018 | 0x2019 | 0x02BC => '\'',
        0x2024 | 0x3002 => '.',
        0x2044 => '/',
        0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(character),
        _ => match decimal_value(code) {
            Some(value) => char::from_digit(value, 10).unwrap_or(character),
            None => return Folded::Same,
        },
    };
    Folded::As(plain)
}

// The zeros of the scripts whose decimal digits a keyboard can produce.
fn decimal_value(code: u32) -> Option<u32> {
    const ZEROS: [u32; 12] = [
        0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xE50, 0xED0,
    ];
    match code {
        0x1D7CE..=0x1D7FF => Some((code - 0x1D7CE) % 10),
        0x2460..=0x2468 => Some(code - 0x245F),
        0x2070 | 0x2074..=0x2079 => Some(code - 0x2070),
        0x2080..=0x2089 => Some(code - 0x2080),
        _ => ZEROS
            .iter()
            .find(|&&zero| (zero..zero + 10).contains(&code))
            .map(|zero| code - zero),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_borrowed() {
        assert!(matches!(View::of("Ünïcode 4111").text, Cow::Borrowed(_)));
    }

    #[test]
    fn digits_of_other_scripts_blanks_and_dashes_become_plain() {
        assert_eq!(View::of("４１\u{a0}٣\u{2011}９＠").text(), "41 3-9@");
    }

    #[test]
    fn a_range_leads_back_to_whole_characters() {
        let source = "é４１\u{200b}１x";
        let view = View::of(source);
        assert_eq!(view.text(), "é411x");
        let range = view.source_range(2..5);
        assert_eq!(&source[range], "４１\u{200b}１");
    }
}
