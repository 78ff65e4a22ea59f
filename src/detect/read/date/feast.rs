//! Days that have a name: "Boxing Day 1951", "leap day nineteen ninety two".
//!
//! They are nobody's birthday by themselves: who reads one knows that a birth is spoken of.

use std::sync::LazyLock;

use super::part::{PartReader, is_year};
use super::{SaidDate, SaidParts};
use crate::detect::english::FEASTS;
use crate::detect::read::TokenReader;

/// The day with a name that starts at a token, with its year.
pub(crate) fn feast_at(reader: TokenReader, start: usize) -> Option<SaidDate> {
    // Nearly no word begins one.
    let first = reader.token(start).filter(|token| token.is_word())?;
    let first = first.of(reader.text).as_bytes().first()?;
    let mut names = NAMES
        .iter()
        .filter(|feast| feast.letter.eq_ignore_ascii_case(first));
    let (end, (month, day)) =
        names.find_map(|feast| Some((behind(reader, start, &feast.words)?, feast.day)))?;
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

/// A day's name.
struct FeastName {
    words: Vec<&'static str>,
    /// What its first word begins with.
    letter: u8,
    /// Its month and its day in it.
    day: (u32, u32),
}

static NAMES: LazyLock<Vec<FeastName>> = LazyLock::new(|| {
    let names = FEASTS.iter().flat_map(|(day, names)| {
        names.split(", ").filter_map(|name| {
            Some(FeastName {
                words: name.split(' ').collect(),
                letter: *name.as_bytes().first()?,
                day: *day,
            })
        })
    });
    names.collect()
});

// The token behind a name that is said at a place.
fn behind(reader: TokenReader, start: usize, name: &[&str]) -> Option<usize> {
    let mut at = start;
    for word in name {
        // "St. Patrick's day".
        at += usize::from(at > start && reader.is_mark(at, b'.'));
        if !reader.says(at, word) {
            return None;
        }
        at += 1;
    }
    Some(at)
}
