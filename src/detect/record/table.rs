//! Tables: CSV and its like, markdown, aligned columns, rows of HTML, elements of XML.
//!
//! A table is a line of keys and lines of as many cells; anything else is prose.

use std::ops::Range;

use super::cell::{RecordCell, RecordCells};
use super::key::{kind_of, words_of};
use crate::detect::english::RecordKey;

/// Reads the tables in a text.
pub(super) fn read(text: &str, cells: &mut RecordCells) {
    if memchr::memchr(b'\n', text.as_bytes()).is_some() {
        read_columns(text, cells);
    }
    if memchr::memmem::find(text.as_bytes(), b"</").is_some() {
        read_elements(text, cells);
    }
}

/// What parts the cells of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CellParting {
    Mark(char),
    /// Two blanks or more.
    Blanks,
}

/// The keys of a table.
struct TableHead {
    parting: CellParting,
    keys: Vec<Option<RecordKey>>,
}

fn read_columns(text: &str, cells: &mut RecordCells) {
    let mut head: Option<TableHead> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let place = start..start + line.trim_end_matches(['\n', '\r']).len();
        start += line.len();
        if let Some(table) = &head {
            let parts = cells_of(text, place.clone(), table.parting);
            if is_rule(text, &place) {
                continue;
            }
            if parts.len() == table.keys.len() {
                add_row(&table.keys, parts, cells);
                continue;
            }
        }
        head = head_of(text, place.clone());
        if head.is_none() {
            add_pair(text, place, cells);
        }
    }
}

fn add_row(keys: &[Option<RecordKey>], parts: Vec<Range<usize>>, cells: &mut RecordCells) {
    let record = cells.record();
    for (key, place) in keys.iter().zip(parts) {
        cells.add(RecordCell {
            key: *key,
            around: None,
            place,
            record,
            is_line: false,
        });
    }
}

// "cust_tel,08 9555 0163": a table of two columns, the first of which has the keys.
fn add_pair(text: &str, line: Range<usize>, cells: &mut RecordCells) {
    let written = text.get(line.clone()).unwrap_or("");
    let marks = [',', '\t', ';', '|'].into_iter();
    let partings = marks
        .filter(|mark| written.contains(*mark))
        .map(CellParting::Mark);
    for parting in partings {
        if let [key, place] = cells_of(text, line.clone(), parting).as_slice()
            && let Some(kind @ RecordKey::Of(_)) = kind_of(&words_of(&text[key.clone()]))
        {
            let record = cells.record();
            cells.add(RecordCell {
                key: Some(kind),
                around: None,
                place: place.clone(),
                record,
                is_line: true,
            });
        }
    }
}

// "|---|---|".
fn is_rule(text: &str, line: &Range<usize>) -> bool {
    let line = text.get(line.clone()).unwrap_or("");
    line.contains("--") && line.chars().all(|c| "|-:+ =".contains(c))
}

// A line of keys, one of which at least names something private.
fn head_of(text: &str, line: Range<usize>) -> Option<TableHead> {
    const MOST_WORDS: usize = 4;
    let written = text.get(line.clone())?;
    let partings = [
        CellParting::Mark('|'),
        CellParting::Mark('\t'),
        CellParting::Mark(';'),
        CellParting::Mark(','),
        CellParting::Blanks,
    ];
    partings.into_iter().find_map(|parting| {
        let has = match parting {
            CellParting::Mark(mark) => written.contains(mark),
            CellParting::Blanks => written.contains("  "),
        };
        if !has {
            return None;
        }
        let parts = cells_of(text, line.clone(), parting);
        let words = |part: &Range<usize>| words_of(text.get(part.clone()).unwrap_or(""));
        let is_key = |part: &Range<usize>| {
            let key = text.get(part.clone()).unwrap_or("");
            let digits = key.bytes().filter(u8::is_ascii_digit).count();
            digits < 3
                && key.split_whitespace().count() <= MOST_WORDS
                && !key.contains([':', '{', '.', '?', '@'])
        };
        if parts.len() < 2 || !parts.iter().all(is_key) {
            return None;
        }
        let keys: Vec<_> = parts.iter().map(|part| kind_of(&words(part))).collect();
        let told = keys.iter().flatten().count();
        (told > 0 && told * 3 >= keys.len()).then_some(TableHead { parting, keys })
    })
}

// The cells of a line; quoted ones may hold the mark.
fn cells_of(text: &str, line: Range<usize>, parting: CellParting) -> Vec<Range<usize>> {
    let written = text.get(line.clone()).unwrap_or("");
    let (mut cells, mut start, mut is_quoted, mut blanks) = (Vec::new(), 0, false, 0);
    for (at, letter) in written.char_indices() {
        if letter == '"' {
            is_quoted = !is_quoted;
        }
        match parting {
            CellParting::Mark(mark) if letter == mark && !is_quoted => {
                cells.push(start..at);
                start = at + letter.len_utf8();
            }
            CellParting::Blanks => {
                if letter != ' ' && blanks >= 2 {
                    cells.push(start..at);
                    start = at;
                }
                blanks = if letter == ' ' { blanks + 1 } else { 0 };
            }
            CellParting::Mark(_) => {}
        }
    }
    cells.push(start..written.len());
    // The marks around a line of markdown.
    let is_blank = |part: &Range<usize>| written.get(part.clone()).unwrap_or("").trim().is_empty();
    if matches!(parting, CellParting::Mark('|') | CellParting::Blanks) {
        if cells.last().is_some_and(is_blank) {
            cells.pop();
        }
        if cells.first().is_some_and(is_blank) {
            cells.remove(0);
        }
    }
    let in_text = |part: Range<usize>| line.start + part.start..line.start + part.end;
    cells.into_iter().map(in_text).collect()
}

/// An element without elements in it.
struct TextElement<'t> {
    name: &'t str,
    place: Range<usize>,
}

fn read_elements(text: &str, cells: &mut RecordCells) {
    let mut heads: Vec<Option<RecordKey>> = Vec::new();
    let (mut column, mut key, mut record) = (0, None, cells.record());
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('<')) {
        let open = at + found;
        let Some(element) = element_at(text, open) else {
            if text.get(open..).is_some_and(|rest| rest.starts_with("<tr")) {
                (column, key, record) = (0, None, cells.record());
            }
            at = open + 1;
            continue;
        };
        let words = words_of(text.get(element.place.clone()).unwrap_or(""));
        let own = match element.name {
            "th" | "dt" => {
                key = kind_of(&words);
                heads.push(key);
                None
            }
            "td" | "dd" => {
                let is_label = column == 0 && heads.is_empty() && kind_of(&words).is_some();
                column += 1;
                match (key.take(), is_label) {
                    (_, true) => {
                        key = kind_of(&words);
                        None
                    }
                    (Some(key), _) => Some(key),
                    (None, _) => heads.get(column - 1).copied().flatten(),
                }
            }
            name => kind_of(&words_of(name)),
        };
        at = element.place.end;
        if own.is_some() {
            cells.add(RecordCell {
                key: own,
                around: None,
                place: element.place,
                record,
                is_line: false,
            });
        }
    }
}

fn element_at(text: &str, open: usize) -> Option<TextElement<'_>> {
    const LONGEST: usize = 200;
    let rest = text.get(open + 1..)?;
    let close = rest.bytes().take(LONGEST).position(|byte| byte == b'>')?;
    let name = rest.get(..close)?.split(' ').next()?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_-:".contains(c);
    if name.is_empty() || !name.chars().all(is_name) {
        return None;
    }
    let inner = rest.get(close + 1..)?;
    let end = inner.bytes().take(LONGEST).position(|byte| byte == b'<')?;
    let is_closed = inner.get(end..)?.strip_prefix("</")?.starts_with(name);
    let start = open + 1 + close + 1;
    is_closed.then_some(TextElement {
        name,
        place: start..start + end,
    })
}
