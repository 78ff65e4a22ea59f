//! Server-sent events: splits an upstream's bytes into events, and reads an event's data.
//!
//! The parser is eventsource-stream; this is the guard before it. Whatever comes (byte order marks,
//! invalid UTF-8, an event of any size or of many lines, a last event without its blank line, a
//! thousand events at once), the parser is fed one whole event of valid UTF-8 at a time, and never
//! sees a byte order mark where a line begins.

mod around;

use std::convert::Infallible;

use bytes::{Buf, Bytes, BytesMut};
use eventsource_stream::Eventsource;
use futures::{FutureExt, StreamExt, stream};

pub use around::{AroundData, around_data};

/// The largest event, in bytes (TESTS.md R13).
pub const LARGEST_EVENT: usize = 4 << 20;

/// The most lines of one event: each costs the parser far more than its bytes.
pub const MOST_LINES: usize = 16_384;

/// An event grew beyond [`LARGEST_EVENT`] or [`MOST_LINES`].
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("an event of the stream has more than {LARGEST_EVENT} bytes or {MOST_LINES} lines")]
pub struct TooLarge;

/// U+FEFF. One may begin a stream, and the standard ignores it; some servers write one before each
/// event, whose words would be lost if it counted as a part of the line.
const MARK: &str = "\u{feff}";
/// Smaller events get bytes of their own: who keeps one must not keep all that came beside it.
const SHARED: usize = 16 << 10;
/// The parser copies the rest of a piece for each line that it takes, so it gets small ones.
const PIECE: usize = 4 << 10;

/// Splits bytes into whole events, however they were cut. Each byte is looked at once.
#[derive(Debug, Default)]
pub struct Splitter {
    buffer: BytesMut,
    /// No line ends before this offset, but for those that were counted.
    scanned: usize,
    /// Where the line that is under way begins.
    line: usize,
    /// The lines of the event that is under way.
    lines: usize,
    /// The last byte was a CR, so an LF that follows belongs to it.
    after_cr: bool,
    /// Whether a line has come that is not blank.
    has_begun: bool,
    /// Whether the whole stream is one JSON text over many lines, and no events.
    is_json: bool,
}

impl Splitter {
    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole event, blank line included.
    pub fn next_event(&mut self) -> Result<Option<Bytes>, TooLarge> {
        loop {
            if self.after_cr && self.scanned < self.buffer.len() {
                self.after_cr = false;
                if self.buffer[self.scanned] == b'\n' {
                    self.scanned += 1;
                    self.line = self.scanned;
                    if self.line == 1 {
                        // The LF of a CRLF whose CR has ended an event already.
                        self.buffer.advance(1);
                        (self.scanned, self.line) = (0, 0);
                    }
                }
            }
            let Some(found) = memchr::memchr2(b'\n', b'\r', &self.buffer[self.scanned..]) else {
                self.scanned = self.buffer.len();
                return if self.buffer.len() > LARGEST_EVENT {
                    Err(TooLarge)
                } else {
                    Ok(None)
                };
            };
            let end = self.scanned + found;
            let line = without_marks(&self.buffer[self.line..end]);
            let is_blank = line.is_empty();
            // A line of JSON where an event would begin is one, whether a blank line follows or not.
            let begins_json = self.lines == 0 && matches!(line.first(), Some(b'{' | b'['));
            let is_alone = begins_json && matches!(line.trim_ascii_end(), [.., b'}' | b']']);
            if !is_blank && !self.has_begun {
                self.has_begun = true;
                self.is_json = begins_json && !is_alone;
            }
            self.after_cr = self.buffer[end] == b'\r';
            let mut next = end + 1;
            if self.after_cr && self.buffer.get(next) == Some(&b'\n') {
                self.after_cr = false;
                next += 1;
            }
            (self.scanned, self.line) = (next, next);
            self.lines += 1;
            if next > LARGEST_EVENT || self.lines > MOST_LINES {
                return Err(TooLarge);
            }
            if is_alone || (is_blank && !self.is_json) {
                (self.scanned, self.line, self.lines) = (0, 0, 0);
                return Ok(Some(self.take(next)));
            }
        }
    }

    /// The stream is over: what is left is the last event, whose blank line never came.
    pub fn last_event(&mut self) -> Option<Bytes> {
        let rest = std::mem::take(self).buffer.freeze();
        (!rest.is_empty()).then_some(rest)
    }

    fn take(&mut self, length: usize) -> Bytes {
        if length >= SHARED {
            return self.buffer.split_to(length).freeze();
        }
        let event = Bytes::copy_from_slice(&self.buffer[..length]);
        self.buffer.advance(length);
        event
    }
}

/// A line without the byte order marks before it, which say nothing.
fn without_marks(mut line: &[u8]) -> &[u8] {
    while let Some(rest) = line.strip_prefix(MARK.as_bytes()) {
        line = rest;
    }
    line
}

/// The data of an event that is one line, `data: …`, and its blank line, both ended by LF. Such
/// an event can be passed on as it is.
pub fn plain_data(event: &Bytes) -> Option<Bytes> {
    let rest = event.strip_prefix(b"data:")?.strip_suffix(b"\n\n")?;
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    // Of one without data eventsource-stream knows whether it is an event.
    let is_plain = !rest.is_empty() && memchr::memchr2(b'\n', b'\r', rest).is_none();
    is_plain.then(|| event.slice_ref(rest))
}

/// The data of any event, read by eventsource-stream; none where it has no data.
/// Invalid UTF-8 becomes U+FFFD.
pub fn parse_data(event: &[u8]) -> Option<String> {
    // Most events without data are comments and blank lines, of which any number may come.
    memchr::memmem::find(event, b"data")?;
    let text = String::from_utf8_lossy(event);
    let mut pieces = vec![String::with_capacity(text.len().min(PIECE) + 2)];
    for line in text.split_inclusive(['\n', '\r']) {
        match pieces.last_mut() {
            Some(piece) if piece.len() < PIECE => piece.push_str(line.trim_start_matches(MARK)),
            _ => pieces.push(line.trim_start_matches(MARK).to_owned()),
        }
    }
    pieces.push("\n\n".to_owned());
    let pieces = stream::iter(pieces.into_iter().map(Ok::<_, Infallible>));
    let mut events = pieces.eventsource();
    events.next().now_or_never()??.ok().map(|event| event.data)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pieces: &[&[u8]]) -> Vec<String> {
        let mut splitter = Splitter::default();
        let mut data = Vec::new();
        for piece in pieces {
            splitter.push(piece);
            while let Some(event) = splitter.next_event().expect("small events") {
                data.extend(parse_data(&event));
            }
        }
        data.extend(splitter.last_event().and_then(|event| parse_data(&event)));
        data
    }

    fn check(stream: &[u8], expected: &[&str]) {
        assert_eq!(read(&[stream]), expected, "whole");
        for cut in 0..=stream.len() {
            assert_eq!(
                read(&[&stream[..cut], &stream[cut..]]),
                expected,
                "cut at {cut}"
            );
        }
        let bytes: Vec<&[u8]> = stream.chunks(1).collect();
        assert_eq!(read(&bytes), expected, "byte by byte");
    }

    #[test]
    fn r11_every_grammar_reads_the_same_at_every_cut() {
        check(b"data: a\n\ndata:b\n\n", &["a", "b"]);
        check(b"data: a\r\n\r\ndata: b\r\n\r\n", &["a", "b"]);
        check(b"data: a\r\rdata: b\r\r", &["a", "b"]);
        check(b"data: a\r\n\ndata: b\n\r\ndata: c\r\r\n", &["a", "b", "c"]);
        check(b"\xEF\xBB\xBFdata: a\n\n", &["a"]);
        check(
            b": comment\n\nevent: x\nid: 1\ndata: a\ndata: b\nretry: 3\n\n",
            &["a\nb"],
        );
        check(b"\n\n\ndata: a\n\n\n\n", &["a"]);
        check(b"data: last", &["last"]);
        check(b"data: last\n", &["last"]);
        check(
            "data: é€😀\u{2028}\u{85}\n\n".as_bytes(),
            &["é€😀\u{2028}\u{85}"],
        );
        check(b"colonless\nunknown: x\nid: \0\ndata: a\n\n", &["a"]);
        check(b"", &[]);
    }

    #[test]
    fn r11_a_byte_order_mark_before_any_line_takes_no_word_away() {
        for stream in [
            "\u{feff}data: a\n\n\u{feff}data: b\n\n\u{feff}data: c\n\n",
            "\u{feff}\u{feff}data: a\r\n\r\n\u{feff}\u{feff}data: b\r\n\r\ndata: c\r\n\r\n",
            "data: a\r\r\u{feff}data: b\r\r\u{feff}data: c",
            "\u{feff}: hi\n\ndata: a\n\n\u{feff}\n\u{feff}data: b\n\u{feff}\ndata: c\n\u{feff}",
            "\u{feff}event: x\n\u{feff}data: a\n\n: hi\n\u{feff}data: b\n\n\u{feff}\r\n\ndata: c\n\n",
            "data: a\n\n\u{feff}\u{feff}\n\n\u{feff}data:b\r\n\u{feff}\r\n\r\u{feff}data: c\n\n\u{feff}",
        ] {
            check(stream.as_bytes(), &["a", "b", "c"]);
        }
        check("\u{feff}".as_bytes(), &[]);
        check(b"data: a\n\n\xEF\xBB", &["a"]);
        // Within a text it is the text's.
        check("data: \"a\u{feff}b\"\n\n".as_bytes(), &["\"a\u{feff}b\""]);
    }

    #[test]
    fn r13_an_event_of_many_lines_is_read_in_time_and_one_of_too_many_is_refused() {
        let began = std::time::Instant::now();
        let line = format!("data: {}\r\n", "x".repeat(200));
        let event = line.repeat(MOST_LINES - 1) + "\n";
        let found = read(&[event.as_bytes()]);
        assert_eq!(found[0].lines().count(), MOST_LINES - 1);
        // The rest of the event copied for each of its lines took half a minute.
        let took = began.elapsed();
        assert!(took < std::time::Duration::from_secs(10), "{took:?}");
        for line in ["data:\n", ":\n", "x\r", "\u{feff}:\r\n"] {
            let mut splitter = Splitter::default();
            splitter.push(line.repeat(MOST_LINES + 1).as_bytes());
            assert_eq!(splitter.next_event(), Err(TooLarge), "{line:?}");
        }
    }

    #[test]
    fn an_event_that_is_kept_keeps_nothing_else() {
        let mut splitter = Splitter::default();
        let comment = format!(": {}\n\n", "x".repeat(8000));
        splitter.push((comment + "data: a\n\n").as_bytes());
        let event = |splitter: &mut Splitter| splitter.next_event().expect("small").expect("whole");
        let (one, two) = (event(&mut splitter), event(&mut splitter));
        let ends = one.as_ptr_range().end.addr();
        assert!(two.as_ptr().addr() != ends && two == "data: a\n\n");
    }

    #[test]
    fn r12_invalid_bytes_do_not_stop_the_stream() {
        assert_eq!(read(&[b"data: a\xFFb\n\ndata: c\n\n"]), ["a\u{FFFD}b", "c"]);
    }

    #[test]
    fn r13_an_event_has_a_largest_size() {
        let mut splitter = Splitter::default();
        splitter.push(b"data: ");
        let piece = vec![b'x'; 1 << 20];
        for _ in 0..4 {
            splitter.push(&piece);
        }
        assert_eq!(splitter.next_event(), Err(TooLarge));
    }

    #[test]
    fn r13_a_megabyte_fed_byte_by_byte_is_looked_at_once() {
        let event = format!("data: {}\n\n", "x".repeat(1 << 20));
        let began = std::time::Instant::now();
        let mut splitter = Splitter::default();
        let mut found = 0;
        for byte in event.as_bytes() {
            splitter.push(std::slice::from_ref(byte));
            found += usize::from(
                splitter
                    .next_event()
                    .expect("it is not too large")
                    .is_some(),
            );
        }
        assert_eq!(found, 1);
        // Looking at it from the start each time would take minutes.
        let took = began.elapsed();
        assert!(took < std::time::Duration::from_secs(10), "{took:?}");
    }

    #[test]
    fn only_a_plain_event_is_passed_as_it_is() {
        for (event, data) in [
            ("data: a\n\n", Some("a")),
            ("data:a\n\n", Some("a")),
            ("data: a\r\n\r\n", None),
            ("data: a\ndata: b\n\n", None),
            (": x\n\n", None),
        ] {
            let event = Bytes::from_static(event.as_bytes());
            assert_eq!(
                plain_data(&event).as_deref(),
                data.map(str::as_bytes),
                "{event:?}"
            );
        }
    }
}
