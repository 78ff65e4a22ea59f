//! Days that have a name: "Boxing Day 1951", "leap day nineteen ninety two".
//!
//! They are nobody's birthday by themselves: who reads one knows that a birth is spoken of.

use super::part::{PartReader, is_year};
use super::{SaidDate, SaidParts};
use crate::detect::english::FEASTS;
use crate::detect::read::TokenReader;

/// The day with a name that starts at a token, with its year.
pub(crate) fn feast_at(reader: TokenReader, start: usize) -> Option<SaidDate> {
    let (end, (month, day)) = FEASTS.iter().find_map(|(day, names)| {
        let mut names = names.split(", ");
        names.find_map(|name| Some((behind(reader, start, name)?, *day)))
    })?;
    let part = PartReader { reader };
    let at = part.skip(end);
    let at = at + usize::from(reader.says_any(at, &["of", "in"]));
    let year = part.year(part.before_year(at));
    let year = year.filter(|(_, year)| year.len() == 2 || is_year(year));
    let (end, year) = year.map_or((end, None), |(end, year)| (end, Some(year)));
    let said = SaidParts {
        month: Some(month),
        day: Some(day),
        year,
    };
    Some(SaidDate {
        range: start..end,
        value: said.value(),
        is_certain: false,
    })
}

// The token behind a name that is said at a place.
fn behind(reader: TokenReader, start: usize, name: &str) -> Option<usize> {
    let mut at = start;
    for word in name.split(' ') {
        // "St. Patrick's day".
        at += usize::from(at > start && reader.is_mark(at, b'.'));
        if !reader.says(at, word) {
            return None;
        }
        at += 1;
    }
    Some(at)
}
