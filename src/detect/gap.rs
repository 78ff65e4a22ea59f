//! What may stand between two parts of one number: blanks and marks, sounds, "dash", "and then",
//! and corrections.
//!
//! Between written digits only what is written inside numbers: "5, 6" are two.

use super::atom;
use super::lexicon::Lexicon;
use super::tokens::{Kind, Token};
use super::topics;
use super::words::{FILLER, Gap, JOIN, LOOSE, Number, SEPARATOR};

/// From the token behind a part to the first token of the next; and whether the speaker said in
/// between of the part before.
pub(super) fn across(
    text: &str,
    tokens: &[Token],
    from: usize,
    taken: &dyn Fn(usize) -> bool,
) -> Option<(usize, Gap)> {
    const LONGEST: usize = 9;
    let before = tokens.get(from.checked_sub(1)?)?;
    let (mut at, mut marks, mut turn, mut loose) = (from, 0, Gap::Nothing, false);
    while at < from + LONGEST {
        let token = tokens.get(at)?;
        if could_go_on(tokens, at) {
            let both_written = before.kind == Kind::Digits && token.kind == Kind::Digits;
            if both_written
                && (loose || (at == from + marks && !is_written_gap(text, before.end, token.start)))
            {
                return None;
            }
            return Some((at, turn));
        }
        if taken(at) {
            return None;
        }
        if let Some((last, gap)) = Lexicon::get().gaps.longest(topics::words(tokens, at)) {
            turn = turn.max(gap);
            at = last + 1;
            continue;
        }
        match token.kind {
            Kind::Mark(b'-' | b'.' | b',' | b'/' | b'(' | b')' | b'_' | b'|' | b'*' | b'~' | 0)
                if marks < 3 =>
            {
                marks += 1
            }
            Kind::Word if token.has(FILLER | JOIN | SEPARATOR) => loose |= token.has(LOOSE),
            _ => return None,
        }
        at += 1;
    }
    None
}

fn could_go_on(tokens: &[Token], at: usize) -> bool {
    atom::says_digits(tokens, at)
        || matches!(
            atom::number(tokens, at),
            Number::Misheard(_) | Number::Doubtful(_)
        )
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
    use super::super::tokens::tokenize;
    use super::*;

    fn check(text: &str, expected: Option<(usize, Gap)>) {
        assert_eq!(
            across(text, &tokenize(text), 1, &|_| false),
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
