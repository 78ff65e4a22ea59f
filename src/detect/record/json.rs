//! The fields of JSON, whole or not, escaped or not.
//!
//! It reads what stands between quotes and marks and never asks whether all of it is JSON.

use std::ops::Range;

use super::cell::{RecordCell, RecordCells};
use super::key::{kind_of, words_of};
use crate::detect::english::RecordKey;

/// An object or a list that is open.
struct OpenObject {
    /// What is known of the key before it.
    around: Option<RecordKey>,
    record: usize,
    is_list: bool,
}

struct JsonReader<'t, 'c> {
    text: &'t str,
    open: Vec<OpenObject>,
    /// The key before what comes next; none behind a value.
    key: Option<Option<RecordKey>>,
    cells: &'c mut RecordCells,
}

/// Reads the fields in a text.
pub(super) fn read(text: &str, cells: &mut RecordCells) {
    let is_open = memchr::memchr2(b'{', b'[', text.as_bytes()).is_some();
    if !is_open && memchr::memmem::find(text.as_bytes(), b"\":").is_none() {
        return;
    }
    let mut reader = JsonReader {
        text,
        open: Vec::new(),
        key: None,
        cells,
    };
    let mut at = 0;
    while at < text.len() {
        at = reader.read(at);
    }
}

impl JsonReader<'_, '_> {
    // Reads what stands at a byte; gives the byte behind.
    fn read(&mut self, at: usize) -> usize {
        match self.text.as_bytes()[at] {
            byte @ (b'{' | b'[') => self.open(byte == b'['),
            b'}' | b']' => {
                self.open.pop();
                self.key = None;
            }
            b',' if self.open.last().is_some_and(|open| !open.is_list) => self.key = None,
            quote @ (b'"' | b'\'') if !self.open.is_empty() => return self.string(at, quote),
            quote @ b'"' if self.is_key(at) => {
                self.open(false);
                return self.string(at, quote);
            }
            byte if (byte.is_ascii_digit() || byte == b'-') && self.is_value() => {
                return self.number(at);
            }
            _ => {}
        }
        at + 1
    }

    // Whether a key stands at a quote, of an object whose beginning was cut off.
    fn is_key(&self, at: usize) -> bool {
        const LONGEST: usize = 40;
        let inner = self.text.as_bytes().get(at + 1..).unwrap_or(&[]);
        let is_sign = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-. ".contains(byte);
        let length = inner.iter().take(LONGEST).take_while(|byte| is_sign(byte));
        let length = length.count();
        length > 0
            && inner
                .get(length..)
                .is_some_and(|rest| rest.starts_with(b"\":"))
    }

    fn open(&mut self, is_list: bool) {
        let outer = self.open.last().and_then(|open| open.around);
        let around = self.key.take().flatten().or(outer);
        let record = match (is_list, self.open.last()) {
            (true, Some(open)) => open.record,
            _ => self.cells.record(),
        };
        self.open.push(OpenObject {
            around,
            record,
            is_list,
        });
    }

    fn is_value(&self) -> bool {
        self.key.is_some() || self.open.last().is_some_and(|open| open.is_list)
    }

    // A key, or a value.
    fn string(&mut self, at: usize, quote: u8) -> usize {
        let bytes = self.text.as_bytes();
        let is_escaped = at > 0 && bytes[at - 1] == b'\\';
        let Some(end) = self.string_end(at + 1, quote, is_escaped) else {
            return at + 1;
        };
        let inner = at + 1..end - usize::from(is_escaped);
        let behind = self.text.get(end + 1..).unwrap_or("").trim_start();
        if behind.starts_with(':') {
            let key = self.text.get(inner).unwrap_or("");
            self.key = Some(kind_of(&words_of(key)));
        } else if self.is_value() {
            // JSON within a string is read as what it is.
            let value = self.text.get(inner.clone()).unwrap_or("");
            if value.trim_start().starts_with(['{', '[']) {
                return at + 1;
            }
            self.add(inner);
        }
        end + 1
    }

    fn string_end(&self, from: usize, quote: u8, is_escaped: bool) -> Option<usize> {
        const LONGEST: usize = 4096;
        let bytes = self.text.as_bytes();
        let mut at = from;
        while at < bytes.len().min(from + LONGEST) {
            match bytes[at] {
                b'\\' if !is_escaped => at += 1,
                byte if byte == quote && (!is_escaped || bytes[at - 1] == b'\\') => {
                    return Some(at);
                }
                _ => {}
            }
            at += 1;
        }
        None
    }

    fn number(&mut self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or("");
        let is_part = |c: char| c.is_ascii_digit() || "-+.eE".contains(c);
        let end = at + rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        self.add(at..end);
        end.max(at + 1)
    }

    fn add(&mut self, place: Range<usize>) {
        let Some(open) = self.open.last() else {
            return;
        };
        let (key, around) = match (self.key, open.is_list) {
            (Some(key), _) => (key, open.around),
            (None, true) => (open.around, None),
            (None, false) => return,
        };
        let record = open.record;
        if !open.is_list {
            self.key = None;
        }
        self.cells.add(RecordCell {
            key,
            around,
            place,
            record,
            is_line: false,
        });
    }
}
