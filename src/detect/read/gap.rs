//! What may stand between two parts of one number: blanks and marks, sounds, "dash", "and then",
//! and corrections.
//!
//! Between written digits only what is written inside numbers: "5, 6" are two. Where more parts
//! one number, `series.rs` says.

use super::reader::TokenReader;
use super::token::{Token, TokenKind};
use crate::detect::english::{Class, Gap, NumberWord};

/// What may lie between two parts of one dictated number, in tokens.
pub(crate) const LONGEST_GAP: usize = 14;

impl TokenReader<'_> {
    /// From the token behind a part to the first token of the next; and whether the speaker said
    /// in between of the part before. Up to the end of a series, marks and lines part no numbers.
    pub(super) fn across(
        &self,
        from: usize,
        series: usize,
        taken: &dyn Fn(usize) -> bool,
    ) -> Option<(usize, Gap)> {
        let before = self.token(from.checked_sub(1)?)?;
        let (mut at, mut marks, mut turn, mut loose) = (from, 0, Gap::Nothing, false);
        while at < from + LONGEST_GAP {
            let token = self.token(at)?;
            if at < series && self.is_list_mark(at) {
                at += 2;
                continue;
            }
            if self.could_go_on(at) {
                let both_written =
                    before.kind == TokenKind::Digits && token.kind == TokenKind::Digits;
                let is_beside = at == from + marks;
                let is_one = !both_written
                    || at < series
                    || !(loose
                        || (is_beside && !is_written_gap(self.text, before.end, token.start)));
                let is_pronoun =
                    before.kind == TokenKind::Digits && is_beside && self.is_lone_one(at);
                let is_own = before.kind == TokenKind::Digits
                    && is_beside
                    && (self.is_counted_behind(at, before) || self.is_amount_behind(at, marks));
                return (is_one && !is_pronoun && !is_own).then_some((at, turn));
            }
            if taken(at) {
                return None;
            }
            if let Some((last, gap)) = self.gap(at) {
                turn = turn.max(gap);
                at = last + 1;
                continue;
            }
            if self.is_article(at) {
                at += 1;
                continue;
            }
            match token.kind {
                TokenKind::Line if self.goes_on_below(at) => marks += 1,
                TokenKind::Line | TokenKind::Mark(_) if at < series => marks += 1,
                TokenKind::Mark(
                    b'-' | b'.' | b',' | b'/' | b'(' | b')' | b'_' | b'|' | b'*' | b'~' | 0,
                ) if marks < 3 => marks += 1,
                TokenKind::Word if token.has(Class::FILLER | Class::JOIN | Class::SEPARATOR) => {
                    loose |= token.has(Class::LOOSE)
                }
                _ => return None,
            }
            at += 1;
        }
        None
    }

    // "Then there's a dash three oh six", "that's a four four one": of something that is read, and
    // not of a thing that is counted.
    fn is_article(&self, at: usize) -> bool {
        let is_said = |at: usize| self.token(at).is_some_and(Token::is_word);
        let is_dash = || {
            let next = self.token(at + 1);
            next.is_some_and(|next| next.is_word() && next.has(Class::SEPARATOR))
        };
        let says = |at: usize| is_said(at) && self.says_digits(at);
        self.says(at, "a") && (says(at + 1) || is_dash()) && says(at + 2)
    }

    // A dictation goes on in the next line, of nothing but digit words.
    fn goes_on_below(&self, line: usize) -> bool {
        let behind = self.token(line + 2);
        let is_over = behind.is_none_or(|token| !token.is_word()) || self.could_go_on(line + 2);
        let is_said =
            |at: usize| self.token(at).is_some_and(Token::is_word) && self.says_digits(at);
        is_over && is_said(line + 1)
    }

    // "Ending 4334, two times", "4334, two payments": a count behind a number that is written.
    fn is_counted_behind(&self, at: usize, before: &Token) -> bool {
        const FEWEST: usize = 4;
        let is_said = self.token(at).is_some_and(Token::is_word);
        let is_after_comma = at > 0 && self.is_mark(at - 1, b',');
        let ends = Class::LEAD | Class::FILLER | Class::JOIN | Class::SEPARATOR | Class::CLOSED;
        let counts = |next: &Token| {
            next.is_word() && (next.has(Class::UNIT) || is_after_comma && !next.has(ends))
        };
        is_said
            && before.len() >= FEWEST
            && !self.could_go_on(at + 1)
            && self.token(at + 1).is_some_and(counts)
    }

    // "Ending 4334, 62.17": an amount in a row.
    fn is_amount_behind(&self, at: usize, marks: usize) -> bool {
        const CENTS: usize = 2;
        let is_digits = |at: usize| {
            let token = self.token(at);
            token.is_some_and(|token| token.kind == TokenKind::Digits)
        };
        let is_listed = marks == 1 && self.is_mark(at - 1, b',') && !self.touches_next(at - 1);
        is_listed
            && is_digits(at)
            && self.touches_next(at)
            && self.is_mark(at + 1, b'.')
            && self.touches_next(at + 1)
            && is_digits(at + 2)
            && self.word(at + 2).len() == CENTS
            && !(self.touches_next(at + 2) && self.is_mark(at + 3, b'.') && is_digits(at + 4))
    }

    // "The 615 one": no digit.
    fn is_lone_one(&self, at: usize) -> bool {
        self.number_word(at) == NumberWord::Unit(1) && !self.could_go_on(at + 1)
    }

    fn could_go_on(&self, at: usize) -> bool {
        self.says_digits(at)
            || matches!(
                self.number_word(at),
                NumberWord::Misheard(_) | NumberWord::Doubtful(_)
            )
    }
}

/// What may stand between two groups of written digits.
pub(super) fn is_written_gap(text: &str, from: usize, to: usize) -> bool {
    let gap = text.get(from..to).unwrap_or("").as_bytes();
    let count = |mark: &[u8]| gap.iter().filter(|byte| mark.contains(byte)).count();
    let blanks = count(b" \t");
    let marks = count(b"-./,_|*~") + gap.iter().filter(|byte| **byte >= 0xC0).count();
    // Marks that no one puts into numbers hide one, where its groups are long enough.
    let odd = gap
        .iter()
        .any(|byte| *byte >= 0x80 || b"_|*~".contains(byte));
    let bytes = text.as_bytes();
    let left = bytes[..from]
        .iter()
        .rev()
        .take(5)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let right = bytes[to..]
        .iter()
        .take(5)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let in_groups = left <= 4 && right <= 4;
    if odd && (left < 2 || right < 2 || left + right < 5) {
        return false;
    }
    let listed = (gap == b", " && !in_groups) || gap == b"," || gap == b". ";
    let is_near = blanks <= 2 || blanks <= 4 && marks == 0 && in_groups;
    is_near && marks <= 1 && count(b"()") <= 2 && !listed
}

#[cfg(test)]
mod tests {
    use super::super::token::tokenize;
    use super::*;

    fn check(text: &str, expected: Option<(usize, Gap)>) {
        assert_eq!(
            TokenReader::new(text, &tokenize(text)).across(1, 0, &|_| false),
            expected,
            "{text}"
        );
    }

    #[test]
    fn sounds_and_marks_lead_to_the_next_part() {
        check("five uh and then six", Some((4, Gap::Nothing)));
        check("5 - 6", Some((2, Gap::Nothing)));
        check("five. Six", Some((2, Gap::Nothing)));
        check("five\nsix seven", Some((2, Gap::Nothing)));
        check("five and that's a six nine", Some((4, Gap::Nothing)));
        check("five then there's a dash six", Some((5, Gap::Nothing)));
        check("4334, two thanks", Some((2, Gap::Nothing)));
        check("4334, two five", Some((2, Gap::Nothing)));
    }

    #[test]
    fn corrections_are_told() {
        check("five no wait six", Some((3, Gap::Correction)));
    }

    #[test]
    fn other_words_end_a_number() {
        check("five dogs six", None);
        check("five and that's a six seater", None);
        check("5 and 6", None);
        check("4334, two times", None);
        check("4334 two times", None);
        check("4334, two payments", None);
        check("4334, 62.17 on", None);
        check("five\nsix dogs", None);
    }
}
