//! Records: a cell is what its key says, in JSON, in `key: value` lines, in query strings and in
//! tables.
//!
//! A key alone decides nothing: what stands under it must look like what it names. What an
//! assistant says is no record.

mod cell;
mod json;
mod key;
mod lines;
mod row;
mod shape;
mod table;

use std::ops::Range;

use super::hearing::Hearing;
use super::number::canonical_phone;
use super::read::date_at;
use super::{Detector, Speaker};
use cell::RecordCells;

/// Claims the cells of the records in a text.
pub(crate) fn claim(hearing: &mut Hearing) {
    let text = hearing.passage.text;
    // Most of what people say has none of a record's marks.
    let has_marks = memchr::memchr3(b':', b'\t', b'=', text.as_bytes()).is_some()
        || memchr::memchr3(b'|', b'\n', b'<', text.as_bytes()).is_some();
    if !has_marks && !row::may_be_in(text) {
        return;
    }
    let mut cells = RecordCells::default();
    if has_marks {
        json::read(text, &mut cells);
        lines::read(text, &mut cells);
        table::read(text, &mut cells);
    }
    row::read(text, &mut cells);
    for range in cells.names_of_things(text) {
        let tokens = tokens_in(hearing, &range);
        hearing.claims.take(tokens);
    }
    let cells = match hearing.speaker {
        Speaker::Caller => cells,
        _ => cells.without_cases(),
    };
    for (range, detector) in cells.values(text) {
        let is_in_words = matches!(detector, Detector::Name | Detector::Address);
        if is_in_words && !hearing.wanted.contains(detector) {
            continue;
        }
        let value = canonical(hearing, detector, range.clone());
        hearing.claims.claim_bytes(range, detector, value);
    }
}

// The one form of all spellings, as the finder of its kind has it.
fn canonical(hearing: &Hearing, detector: Detector, range: Range<usize>) -> String {
    let written = hearing.passage.text.get(range.clone()).unwrap_or("");
    let signs = |keep: fn(&char) -> bool| -> String { written.chars().filter(keep).collect() };
    let Range { start: first, end } = tokens_in(hearing, &range);
    let reader = hearing.passage.reader();
    match detector {
        Detector::Phone => {
            let digits = signs(char::is_ascii_digit);
            canonical_phone(&digits, written.starts_with('+'), hearing.region, "")
        }
        Detector::Email => written.to_lowercase(),
        Detector::Secret => written.to_owned(),
        Detector::Birthdate => match date_at(reader, first) {
            Some(date) if date.range == (first..end) => date.value,
            _ => written.to_lowercase(),
        },
        Detector::Name => reader.joined(first..end, |token| token.is_word()),
        Detector::Address => reader.joined(first..end, |token| {
            token.is_word() || token.kind == super::read::TokenKind::Digits
        }),
        _ => signs(char::is_ascii_alphanumeric).to_uppercase(),
    }
}

fn tokens_in(hearing: &Hearing, range: &Range<usize>) -> Range<usize> {
    let tokens = hearing.passage.tokens;
    let first = tokens.partition_point(|token| token.end <= range.start);
    first..tokens.partition_point(|token| token.start < range.end)
}

#[cfg(test)]
mod tests;
