//! Rows of a table whose keys are not there: "Ina Lake,0851234567,ina@example.ie,14/03/1982,00482913".
//!
//! A row with an e-mail address and another cell that tells itself is a person's, and what its
//! other cells are, their form says. Prose with commas has no such cells.

use std::ops::Range;

use super::cell::{RecordCell, RecordCells};
use crate::detect::Detector;
use crate::detect::english::RecordKey;
use crate::detect::people::NameSense;

/// The least cells of a row.
const FEWEST: usize = 4;

/// Whether a row may be in a text.
pub(super) fn may_be_in(text: &str) -> bool {
    memchr::memchr(b'@', text.as_bytes()).is_some()
}

/// Reads the rows in a text.
pub(super) fn read(text: &str, cells: &mut RecordCells) {
    if !may_be_in(text) {
        return;
    }
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let marks = [b',', b';', b'\t', b'|'];
        let is_row = |mark: &u8| memchr::memchr_iter(*mark, line.as_bytes()).count() + 1 >= FEWEST;
        if line.contains('@')
            && let Some(mark) = marks.into_iter().find(is_row)
        {
            read_row(text, parts(line, start, mark), cells);
        }
        start += line.len();
    }
}

// What is between the marks, without blanks and quotes.
fn parts(line: &str, start: usize, mark: u8) -> Vec<Range<usize>> {
    let is_around = |c: char| c.is_whitespace() || c == '"';
    let mut at = start;
    let mut parts = Vec::new();
    for part in line.split(char::from(mark)) {
        let first = at + (part.len() - part.trim_start_matches(is_around).len());
        parts.push(first..first + part.trim_matches(is_around).len());
        at += part.len() + 1;
    }
    parts
}

fn read_row(text: &str, parts: Vec<Range<usize>>, cells: &mut RecordCells) {
    let written = |part: &Range<usize>| text.get(part.clone()).unwrap_or("");
    let kinds: Vec<_> = parts.iter().map(|part| kind_of(written(part))).collect();
    let count = |kind: RowCell| kinds.iter().filter(|one| **one == kind).count();
    let is_prose = count(RowCell::Prose) > 0 || count(RowCell::Email) != 1;
    let tells = count(RowCell::Phone) + count(RowCell::Date) + count(RowCell::Name);
    if is_prose || tells == 0 {
        return;
    }
    let (is_dated, is_named) = (count(RowCell::Date) == 1, count(RowCell::Name) == 1);
    let record = cells.record();
    for (kind, place) in kinds.into_iter().zip(parts) {
        let detector = match kind {
            RowCell::Phone => Detector::Phone,
            RowCell::Number => Detector::Account,
            RowCell::Date if is_dated => Detector::Birthdate,
            RowCell::Name if is_named => Detector::Name,
            _ => continue,
        };
        cells.add(RecordCell {
            key: Some(RecordKey::Of(detector)),
            around: None,
            place,
            record,
            is_line: false,
        });
    }
}

/// What a cell looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RowCell {
    Email,
    Phone,
    /// A day as people write it, and no time of a machine.
    Date,
    Name,
    /// Digits alone, as many as an account has.
    Number,
    /// More words than a cell has.
    Prose,
    Other,
}

fn kind_of(written: &str) -> RowCell {
    const MOST_WORDS: usize = 6;
    const ACCOUNT: usize = 6;
    let is_of = |signs: &str| {
        let mut own = written.chars();
        own.all(|c| c.is_ascii_digit() || signs.contains(c))
    };
    let digits = written.bytes().filter(u8::is_ascii_digit).count();
    let words = written.split_whitespace().count();
    match () {
        () if words > MOST_WORDS || written.contains(": ") => RowCell::Prose,
        () if written.contains('@') && words == 1 => RowCell::Email,
        () if written.contains('@') => RowCell::Prose,
        () if is_date(written) => RowCell::Date,
        () if is_of(" -()+")
            && (9..=15).contains(&digits)
            && written.starts_with(['0', '+', '(']) =>
        {
            RowCell::Phone
        }
        () if is_of("") && (ACCOUNT..=17).contains(&digits) => RowCell::Number,
        () if is_name(written) => RowCell::Name,
        () => RowCell::Other,
    }
}

// "14/03/1982", "3.4.61".
fn is_date(written: &str) -> bool {
    let parts: Vec<&str> = written.split(['/', '.']).collect();
    let is_part = |part: &&str| part.len() <= 2 && part.parse::<u8>().is_ok_and(|part| part > 0);
    match parts.as_slice() {
        [day, month, year] => {
            let is_year = matches!(year.len(), 2 | 4) && year.parse::<u16>().is_ok();
            is_part(day) && is_part(month) && is_year
        }
        _ => false,
    }
}

// Two or three words with capitals, of which one at least is somebody's name.
fn is_name(written: &str) -> bool {
    let words = || written.split_whitespace();
    let is_word = |word: &str| {
        word.starts_with(char::is_uppercase)
            && word
                .chars()
                .all(|c| c.is_alphabetic() || "'’.-".contains(c))
    };
    (2..=3).contains(&words().count())
        && words().all(is_word)
        && words().any(|word| NameSense::of(word).is_name())
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::{Account, Birthdate, Email, Name, Phone};
    use crate::detect::testing::check;

    #[test]
    fn a_row_without_keys_tells_its_cells() {
        check(
            "Siobhan Kelly,0851234567,siobhan.k@example.ie,14/03/2002,00482913",
            &[
                (Name, "Siobhan Kelly"),
                (Phone, "0851234567"),
                (Email, "siobhan.k@example.ie"),
                (Birthdate, "14/03/2002"),
                (Account, "00482913"),
            ],
        );
        check(
            "id;who\n17;amaka@example.ng;+234 803 555 0147;active\n",
            &[(Email, "amaka@example.ng"), (Phone, "+234 803 555 0147")],
        );
    }

    #[test]
    fn lists_in_prose_are_no_rows() {
        for text in [
            "widgets,1200000,blue,12,2026-03-04",
            "we have 3, 4, 5 and 10000000 left, mail sales @ noon, thanks",
        ] {
            check(text, &[]);
        }
    }
}
