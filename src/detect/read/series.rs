//! One written number in pieces that are parted by marks which also part numbers: "4716. 1082.
//! 9934. 2271.", a card on four lines, "415 and 555 and 0132".
//!
//! Whether the pieces are one number, their sizes and what follows them tell; what it is of, its
//! finder.

use super::gap::is_written_gap;
use super::reader::TokenReader;
use super::token::TokenKind;
use crate::detect::english::Class;

/// What stands between two pieces.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Parting {
    /// What only numbers have inside.
    Inner,
    Stop,
    Comma,
    BareComma,
    Sign,
    Line,
    Word,
}

/// The pieces that were read so far.
#[derive(Default)]
struct Pieces {
    // The value of each, as far as it tells whether somebody counts.
    values: Vec<u64>,
    digits: usize,
    groups: usize,
    // The digits of the longest group, and of the piece that is read.
    longest: usize,
    piece: u64,
    end: usize,
    parting: Option<Parting>,
    is_thousands: bool,
    has_trunk_zero: bool,
}

impl TokenReader<'_> {
    /// The token behind the pieces from a token on, where they are one number.
    pub(super) fn series(&self, first: usize) -> Option<usize> {
        const MOST_GROUPS: usize = 24;
        let mut pieces = Pieces {
            is_thousands: true,
            has_trunk_zero: self.word(first).starts_with('0'),
            ..Pieces::default()
        };
        let mut at = first;
        for _ in 0..MOST_GROUPS {
            pieces.take(self.token(at)?.len(), self.word(at));
            pieces.end = at + 1;
            let Some((next, parting)) = self.parting(at) else {
                return pieces.end_of_one(self);
            };
            if parting != Parting::Inner {
                if pieces.parting.is_some_and(|other| other != parting) {
                    return pieces.end_of_one(self);
                }
                pieces.parting = Some(parting);
                pieces.close();
                pieces.is_thousands &= self.token(next)?.len() == 3;
            }
            at = next;
        }
        None
    }

    /// Whether digits only count the lines of a list: "1) …", "2. …".
    pub(super) fn is_list_mark(&self, at: usize) -> bool {
        const MOST_DIGITS: usize = 2;
        let is_short = self
            .token(at)
            .is_some_and(|token| token.kind == TokenKind::Digits && token.len() <= MOST_DIGITS);
        if !is_short || !self.touches_next(at) || self.touches_next(at + 1) {
            return false;
        }
        let starts = at == self.floor || at > 0 && self.is_line(at - 1);
        if !starts {
            return false;
        }
        self.is_mark(at + 1, b')') || self.is_mark(at + 1, b'.') && self.has_sibling(at)
    }

    // Whether a near line begins with the number before or behind and the same mark.
    fn has_sibling(&self, at: usize) -> bool {
        const NEAR: usize = 40;
        let own: u8 = self.word(at).parse().unwrap_or(0);
        let is_next = |other: usize| {
            other != at
                && (other == self.floor || other > 0 && self.is_line(other - 1))
                && self.is_mark(other + 1, b'.')
                && self.touches_next(other)
                && self
                    .word(other)
                    .parse()
                    .is_ok_and(|value: u8| value.abs_diff(own) == 1)
        };
        (at.saturating_sub(NEAR).max(self.floor)..at + NEAR).any(is_next)
    }

    fn is_line(&self, at: usize) -> bool {
        self.token(at)
            .is_some_and(|token| token.kind == TokenKind::Line)
    }

    // The next group behind one, and what parts them.
    fn parting(&self, at: usize) -> Option<(usize, Parting)> {
        const LONGEST: usize = 6;
        // Hours, minutes and the bytes of an address have two digits.
        const CLOCK: usize = 2;
        let before = self.token(at)?;
        let (mut next, mut parting) = (at + 1, None);
        while next <= at + LONGEST {
            let token = self.token(next)?;
            if self.is_list_mark(next) {
                next += 2;
                continue;
            }
            let is_glued = self.touches_next(next - 1) && self.touches_next(next);
            parting = match token.kind {
                TokenKind::Digits => {
                    let gap = self.text.get(before.end..token.start).unwrap_or("");
                    let inner =
                        is_written_gap(self.text, before.end, token.start) && !gap.contains('"');
                    let parts = |parting: &Parting| {
                        !inner || !matches!(parting, Parting::Stop | Parting::BareComma)
                    };
                    let parting = parting.filter(parts);
                    return Some((next, parting.unwrap_or(Parting::Inner)));
                }
                TokenKind::Line => Some(Parting::Line),
                TokenKind::Mark(b'.') => parting.or(Some(Parting::Stop)),
                TokenKind::Mark(b',') if is_glued => parting.or(Some(Parting::BareComma)),
                TokenKind::Mark(b',') => parting.or(Some(Parting::Comma)),
                TokenKind::Mark(b';' | b'|') => parting.or(Some(Parting::Sign)),
                TokenKind::Mark(b':') if before.len() > CLOCK => parting.or(Some(Parting::Sign)),
                TokenKind::Mark(b'-' | b'/' | b'(' | b')' | b'*' | b'"' | b'\'' | 0) => parting,
                TokenKind::Word if token.has(Class::JOIN | Class::SEPARATOR | Class::FILLER) => {
                    Some(Parting::Word)
                }
                _ => return None,
            };
            next += 1;
        }
        None
    }
}

impl Pieces {
    fn take(&mut self, length: usize, digits: &str) {
        self.digits += length;
        self.groups += 1;
        self.longest = self.longest.max(length);
        let value: u64 = digits.parse().unwrap_or(0);
        let shift = u32::try_from(length).unwrap_or(u32::MAX);
        self.piece = (self.piece)
            .saturating_mul(10u64.saturating_pow(shift))
            .saturating_add(value);
    }

    fn close(&mut self) {
        self.values.push(std::mem::take(&mut self.piece));
    }

    // Short pieces, as one says them, and enough of them; no steps of one who counts, and nothing
    // that is counted behind the last.
    fn end_of_one(mut self, reader: &TokenReader) -> Option<usize> {
        const LENGTHS: std::ops::RangeInclusive<usize> = 7..=24;
        // A number with a trunk zero has longer groups: "07700, 900, 123".
        let longest = if self.has_trunk_zero && (10..=11).contains(&self.digits) {
            6
        } else {
            4
        };
        let parting = self.parting?;
        self.close();
        let steps = self
            .values
            .windows(2)
            .map(|two| two[1].wrapping_sub(two[0]));
        let mut steps = steps.peekable();
        let first = steps.peek().copied();
        let is_counting = steps.all(|step| Some(step) == first) && first != Some(0);
        let is_counted = reader
            .token(self.end)
            .is_some_and(|next| next.has(Class::UNIT));
        // In two lines a number is broken, or one of several groups.
        let in_lines = parting == Parting::Line && self.groups > 2;
        let fewest = if self.longest == 1 || in_lines { 2 } else { 3 };
        let is_amount = parting == Parting::BareComma && self.is_thousands;
        let is_one = LENGTHS.contains(&self.digits)
            && self.longest <= longest
            && self.values.len() >= fewest
            && !(is_counting && self.values.len() > 2)
            && !is_counted
            && !is_amount;
        is_one.then_some(self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::super::token::tokenize;
    use super::*;

    fn check(text: &str, is_one: bool) {
        let tokens = tokenize(text);
        let found = TokenReader::new(text, &tokens).series(0);
        assert_eq!(found.is_some(), is_one, "{text}");
    }

    #[test]
    fn pieces_of_one_number_are_told() {
        for text in [
            "5318. 0074. 2291. 6650.",
            "5318\n0074\n2291\n6650",
            "415,263,0199",
            "415 and 263 and 0199",
            "4 1 5. 2 6 3. 0 1 9 9",
        ] {
            check(text, true);
        }
    }

    #[test]
    fn several_numbers_are_none() {
        for text in [
            "45. 12 people",
            "1,234,567",
            "9. 10. 11",
            "1200\n1300\n1400",
            "94110, 94117, 94121",
            "12 and 14",
            "412. 415. 9 nights",
        ] {
            check(text, false);
        }
    }

    #[test]
    fn the_marks_of_a_list_are_no_digits() {
        let text = "1. 4539\n2. 1488";
        let tokens = tokenize(text);
        let reader = TokenReader::new(text, &tokens);
        assert!(reader.is_list_mark(0) && reader.is_list_mark(4));
        let text = "4. 1488";
        assert!(!TokenReader::new(text, &tokenize(text)).is_list_mark(0));
    }
}
