//! Tables: rows of cells with bars between them.
//!
//! A bar is one of a table where its line is written as a row, or where the line behind it sets a
//! table's head apart: `|x| = 5` and `cat file | grep x` are none.

use super::super::state::{StripLine, StripState};
use crate::stream::sweep::{Glimpse, Swept};

/// No row is longer of which it is told whether it is one.
const LONGEST_ROW: usize = 400;

/// The first bar of a line: of a row, or a whole row that sets the head of a table apart.
pub(super) fn row(here: &Glimpse<'_>, state: &mut StripState) -> Option<Swept> {
    if let Some(rule) = rule(here) {
        state.is_in_table = true;
        return Some(Swept::Gone(rule));
    }
    if !state.is_in_table && !is_row(here) {
        return None;
    }
    state.line = StripLine::Row;
    state.is_in_table = true;
    Some(Swept::Gone(here.run(0, 80, |sign| "| \t".contains(sign))))
}

/// The bytes of a line that sets the head of a table apart, with its end: `|---|:--:|`, `--- | ---`.
pub(super) fn rule(here: &Glimpse<'_>) -> Option<usize> {
    rule_at(here, 0)
}

fn rule_at(here: &Glimpse<'_>, at: usize) -> Option<usize> {
    let len = here.run(at, LONGEST_ROW, |sign| "|:- \t".contains(sign));
    let text = here.text(at..at + len);
    if !text.contains("--") || !text.contains('|') {
        return None;
    }
    match here.letter(at + len) {
        None => Some(len),
        Some('\n') => Some(len + 1),
        Some(_) => None,
    }
}

/// Whether a line that begins with a bar is a row: `| Day | Time |`, or what stands above a rule.
fn is_row(here: &Glimpse<'_>) -> bool {
    let len = here.run(0, LONGEST_ROW, |sign| sign != '\n');
    let line = here.text(0..len).trim_end();
    if line.len() + 4 > LONGEST_ROW || line.matches('|').count() < 2 {
        return line.len() + 4 > LONGEST_ROW && here.byte(1) == Some(b' ');
    }
    let is_spaced = line.starts_with("| ") && line.ends_with('|');
    is_spaced || (here.byte(len) == Some(b'\n') && rule_at(here, len + 1).is_some())
}

/// A bar within a row, with the blanks around it.
pub(super) fn bar(here: &Glimpse<'_>) -> Option<Swept> {
    let len = here.run(0, 120, |sign| "| \t".contains(sign));
    if !here.text(0..len).contains('|') {
        return Some(Swept::Whole(len));
    }
    Some(match here.letter(len) {
        None | Some('\n') => Swept::Gone(len),
        Some(_) => Swept::Said(len, ", ".to_owned()),
    })
}

/// A bar in a line that begins with none: of a row where a table is under way or begins here.
pub(super) fn bar_of_line(here: &Glimpse<'_>, state: &mut StripState) -> Option<Swept> {
    if !here.last().is_some_and(char::is_whitespace) || here.byte(1) != Some(b' ') {
        return None;
    }
    let is_head = || {
        let len = here.run(0, LONGEST_ROW, |sign| sign != '\n');
        here.byte(len) == Some(b'\n') && rule_at(here, len + 1).is_some()
    };
    if !state.is_in_table && !is_head() {
        return None;
    }
    state.line = StripLine::Row;
    state.is_in_table = true;
    Some(Swept::Said(2, ", ".to_owned()))
}
