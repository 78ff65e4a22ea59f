//! What may stand between two parts of one number: blanks and marks, sounds, "dash", "and then",
//! and corrections.
//!
//! Between written digits only what is written inside numbers: "5, 6" are two.

use super::reader::TokenReader;
use super::token::TokenKind;
use crate::detect::english::{Class, Gap, NumberWord};

/// What may lie between two parts of one dictated number, in tokens.
pub(crate) const LONGEST_GAP: usize = 9;

impl TokenReader<'_> {
    /// From the token behind a part to the first token of the next; and whether the speaker said
    /// in between of the part before.
    pub(super) fn across(
        &self,
        from: usize,
        taken: &dyn Fn(usize) -> bool,
    ) -> Option<(usize, Gap)> {
        let before = self.token(from.checked_sub(1)?)?;
        let (mut at, mut marks, mut turn, mut loose) = (from, 0, Gap::Nothing, false);
        while at < from + LONGEST_GAP {
            let token = self.token(at)?;
            if self.could_go_on(at) {
                let both_written =
                    before.kind == TokenKind::Digits && token.kind == TokenKind::Digits;
                let is_beside = at == from + marks;
                if both_written
                    && (loose || (is_beside && !is_written_gap(self.text, before.end, token.start)))
                {
                    return None;
                }
                return Some((at, turn));
            }
            if taken(at) {
                return None;
            }
            if let Some((last, gap)) = self.gap(at) {
                turn = turn.max(gap);
                at = last + 1;
                continue;
            }
            match token.kind {
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

    fn could_go_on(&self, at: usize) -> bool {
        self.says_digits(at)
            || matches!(
                self.number_word(at),
                NumberWord::Misheard(_) | NumberWord::Doubtful(_)
            )
    }
}

// What may stand between two groups of written digits.
fn is_written_gap(text: &str, from: usize, to: usize) -> bool {
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
    blanks <= 2 && marks <= 1 && count(b"()") <= 2 && !listed
}

#[cfg(test)]
mod tests {
    use super::super::token::tokenize;
    use super::*;

    fn check(text: &str, expected: Option<(usize, Gap)>) {
        assert_eq!(
            TokenReader::new(text, &tokenize(text)).across(1, &|_| false),
            expected,
            "{text}"
        );
    }

    #[test]
    fn sounds_and_marks_lead_to_the_next_part() {
        check("five uh and then six", Some((4, Gap::Nothing)));
        check("5 - 6", Some((2, Gap::Nothing)));
        check("five. Six", Some((2, Gap::Nothing)));
    }

    #[test]
    fn corrections_are_told() {
        check("five no wait six", Some((3, Gap::Correction)));
    }

    #[test]
    fn other_words_end_a_number() {
        check("five dogs six", None);
        check("5 and 6", None);
        check("five\nsix", None);
    }
}
