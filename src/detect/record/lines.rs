//! `key: value` lines of notes and YAML, and the pairs of query strings.

use std::ops::Range;

use super::cell::{RecordCell, RecordCells};
use super::key::{kind_of, words_of};
use crate::detect::Detector;
use crate::detect::dialogue::speaker_of;
use crate::detect::english::RecordKey;

/// No key of a line is longer.
const LONGEST_KEY: usize = 40;

/// Reads the lines and pairs in a text.
pub(super) fn read(text: &str, cells: &mut RecordCells) {
    let record = cells.record();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        read_line(text, start..start + line.len(), record, cells);
        start += line.len();
    }
    read_access(text, cells);
    read_sign_ins(text, cells);
    if text.contains('=') {
        read_log(text, cells);
    }
    if text.contains('=') && text.contains(['&', '?']) {
        let record = cells.record();
        read_pairs(text, record, cells);
    }
}

// "Phone: 415…", "- dob = …", also several in one line.
fn read_line(text: &str, line: Range<usize>, record: usize, cells: &mut RecordCells) {
    let mut at = line.start;
    for part in text
        .get(line)
        .unwrap_or("")
        .split_inclusive([';', '|', ',', '\n'])
    {
        let place = at..at + part.len();
        at = place.end;
        let Some(mark) = part.find([':', '=']).filter(|mark| *mark <= LONGEST_KEY) else {
            continue;
        };
        let key = part.get(..mark).unwrap_or("");
        // "Caller: 0412 555, um, 019" is what a person says.
        let is_said = speaker_of(key.trim()).is_some();
        if is_said || key.contains(['{', '"', '<', '/', '?', '&', '(']) {
            continue;
        }
        let Some(kind) = kind_of(&words_of(key)) else {
            continue;
        };
        let is_long = matches!(kind, RecordKey::Of(Detector::Address));
        let end = match is_long {
            true => line_end(text, place.start),
            false => place.end,
        };
        let value = place.start + mark + 1..end;
        let rest = text.get(value.clone()).unwrap_or("");
        let cut = rest.find([';', '|', '\n']).unwrap_or(rest.len());
        let cut = rest
            .find(" / ")
            .filter(|_| !is_long)
            .map_or(cut, |at| at.min(cut));
        cells.add(RecordCell {
            key: Some(kind),
            around: None,
            place: value.start..value.start + cut,
            record,
            is_line: true,
        });
    }
}

fn line_end(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or("");
    from + rest.find('\n').unwrap_or(rest.len())
}

// "&addr=5 Cnoc Mor, Staffin": an address goes on behind a blank, with a capital.
fn pair_end(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or("");
    let behind = rest.strip_prefix(' ').unwrap_or("");
    if !behind.starts_with(char::is_uppercase) {
        return from;
    }
    from + rest
        .find(|c| "&\n\"'#<>()".contains(c))
        .unwrap_or(rest.len())
}

// "?email=…&phone=…".
fn read_pairs(text: &str, record: usize, cells: &mut RecordCells) {
    let is_end = |c: char| c.is_whitespace() || "\"'#<>()".contains(c);
    let mut at = 0;
    for piece in text.split_inclusive(is_end) {
        let query = piece.find('?').map_or(0, |mark| mark + 1);
        let mut start = at + query;
        at += piece.len();
        if !piece.contains('=') || !piece.contains(['&', '?']) {
            continue;
        }
        for pair in piece.get(query..).unwrap_or("").split_inclusive(['&', ';']) {
            let own = pair.trim_end_matches(|c| is_end(c) || c == '&' || c == ';');
            if let Some(equals) = own.find('=').filter(|at| *at <= LONGEST_KEY) {
                let key = kind_of(&words_of(own.get(..equals).unwrap_or("")));
                let is_place = matches!(key, Some(RecordKey::Of(Detector::Address)));
                let end = start + own.len();
                cells.add(RecordCell {
                    key,
                    around: None,
                    place: start + equals + 1..if is_place { pair_end(text, end) } else { end },
                    record,
                    is_line: false,
                });
            }
            start += pair.len();
        }
    }
}

// `203.0.113.9 - jdoe [08/Mar/2024:09:14:11 +0000] "GET /"`: who asked, in the log of a server.
fn read_access(text: &str, cells: &mut RecordCells) {
    const LONGEST: usize = 40;
    let is_of_host = |byte: &u8| byte.is_ascii_alphanumeric();
    for dash in memchr::memmem::find_iter(text.as_bytes(), " - ") {
        let start = dash + 3;
        let rest = text.get(start..).unwrap_or("");
        let length = rest
            .bytes()
            .take(LONGEST)
            .take_while(|byte| *byte != b' ')
            .count();
        let is_dated = rest.get(length..).and_then(|rest| rest.strip_prefix(" ["));
        let is_dated = is_dated.is_some_and(|date| date.starts_with(|c: char| c.is_ascii_digit()));
        let has_host = dash > 0 && text.as_bytes().get(dash - 1).is_some_and(is_of_host);
        if is_dated && has_host {
            let record = cells.record();
            cells.add(RecordCell {
                key: Some(RecordKey::UserName),
                around: None,
                place: start..start + length,
                record,
                is_line: false,
            });
        }
    }
}

// "Failed password for rkessler from 198.51.100.7": who signs in, in the log of a machine.
fn read_sign_ins(text: &str, cells: &mut RecordCells) {
    const LONGEST: usize = 40;
    for from in memchr::memmem::find_iter(text.as_bytes(), " from ") {
        let host = text
            .get(from + 6..)
            .unwrap_or("")
            .split(' ')
            .next()
            .unwrap_or("");
        let is_address = host.len() <= LONGEST && host.parse::<std::net::IpAddr>().is_ok();
        let before = text.get(..from).filter(|_| is_address).unwrap_or("");
        let start = before.rfind(' ').map_or(0, |at| at + 1);
        let lead = before.get(..start).unwrap_or("").trim_end();
        if start < from && (lead.ends_with(" for") || lead.ends_with(" user")) {
            let record = cells.record();
            cells.add(RecordCell {
                key: Some(RecordKey::UserName),
                around: None,
                place: start..from,
                record,
                is_line: false,
            });
        }
    }
}

// "INFO user_id=88231 msisdn=263772409180": several pairs in a line, parted by blanks.
fn read_log(text: &str, cells: &mut RecordCells) {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let is_pair = |piece: &str| piece.find('=').is_some_and(|at| at > 0 && at < LONGEST_KEY);
        let record =
            (line.split(' ').filter(|piece| is_pair(piece)).nth(1)).map(|_| cells.record());
        for piece in line.split_inclusive(' ') {
            let place = start..start + piece.trim_end().len();
            start += piece.len();
            let is_program = piece.contains(['(', ')', '[', '{', '"', '\'', '`']);
            let equals = piece.find('=').filter(|_| is_pair(piece) && !is_program);
            let (Some(record), Some(equals)) = (record, equals) else {
                continue;
            };
            let key = kind_of(&words_of(piece.get(..equals).unwrap_or("")));
            cells.add(RecordCell {
                key,
                around: None,
                place: place.start + equals + 1..place.end.max(place.start + equals + 1),
                record,
                is_line: false,
            });
        }
    }
}
