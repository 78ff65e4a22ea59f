//! Dates in digits with one mark between their parts: "14/05/1973", "1990-10-23", "18.07.65".

use super::{SaidDate, SaidParts};
use crate::detect::read::{Token, TokenKind, TokenReader};

/// The date that starts at a token.
pub(super) fn date_at(reader: TokenReader, start: usize) -> Option<SaidDate> {
    let parts = [start, start + 2, start + 4];
    let mark = reader.token(start + 1)?.kind;
    let is_marked = matches!(mark, TokenKind::Mark(b'/' | b'-' | b'.'));
    let is_whole = reader.token(start + 3)?.kind == mark
        && (start..start + 4).all(|at| reader.touches_next(at))
        && parts
            .iter()
            .all(|at| reader.token(*at).is_some_and(is_digits));
    if !is_marked || !is_whole || is_glued_before(reader, start) || goes_on(reader, start + 4) {
        return None;
    }
    let lengths = parts.map(|at| reader.word(at).len());
    let [a, b, c] = parts.map(|at| reader.word(at));
    let (said, is_long) = match lengths {
        [4, 1..=2, 1..=2] => (SaidParts::of_numbers(b, c, a)?, true),
        [1..=2, 1..=2, 4] => (SaidParts::of_numbers(a, b, c)?, true),
        [1..=2, 1..=2, 2] => (SaidParts::of_numbers(a, b, c)?, false),
        _ => return None,
    };
    Some(SaidDate {
        range: start..start + 5,
        value: said.value(),
        // "1.2.34" is a version as often.
        is_certain: is_long || mark != TokenKind::Mark(b'.'),
    })
}

fn is_digits(token: &Token) -> bool {
    token.kind == TokenKind::Digits
}

fn is_glued_before(reader: TokenReader, start: usize) -> bool {
    start.checked_sub(1).is_some_and(|before| {
        let opens = matches!(
            reader.tokens[before].kind,
            TokenKind::Mark(b'"' | b'\'' | b'(' | b'[' | b'{' | b'<' | b':' | b'=' | b'|' | b',')
        );
        reader.touches_next(before) && !opens
    })
}

// "1.2.3.4", "416-34-09x5"; but not the hour behind a day, "1990-10-23T00:00".
fn goes_on(reader: TokenReader, last: usize) -> bool {
    let mark = reader.token(last - 1).map(|mark| mark.kind);
    let next = reader.token(last + 1);
    let joins = next.is_some_and(|next| Some(next.kind) == mark || next.is_word());
    let is_hour = reader.says(last + 1, "t");
    reader.touches_next(last)
        && joins
        && !is_hour
        && reader.touches_next(last + 1)
        && reader.token(last + 2).is_some_and(is_digits)
}
