//! Server-sent events: splits an upstream's bytes into events, and reads an event's data.
//!
//! The parser is eventsource-stream; this is the guard before it. Whatever comes (a byte order
//! mark, invalid UTF-8, an event of any size, a last event without its blank line, a thousand
//! events at once), the parser is fed one whole event of valid UTF-8 at a time.

use std::borrow::Cow;
use std::convert::Infallible;
use std::future::ready;

use bytes::{Buf, Bytes, BytesMut};
use eventsource_stream::Eventsource;
use futures::{FutureExt, StreamExt, stream};

/// The largest event, in bytes (TESTS.md R13).
pub const LARGEST_EVENT: usize = 4 << 20;

/// An event grew beyond [`LARGEST_EVENT`].
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("an event of the stream has more than {LARGEST_EVENT} bytes")]
pub struct TooLarge;

/// Splits bytes into whole events, however they were cut. Each byte is looked at once.
#[derive(Debug, Default)]
pub struct Splitter {
    buffer: BytesMut,
    /// No line ends before this offset, but for those that were counted.
    scanned: usize,
    /// Where the line that is under way begins.
    line: usize,
    /// The last byte was a CR, so an LF that follows belongs to it.
    after_cr: bool,
    is_past_bom: bool,
}

impl Splitter {
    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole event, blank line included.
    pub fn next_event(&mut self) -> Result<Option<Bytes>, TooLarge> {
        if !self.is_past_bom && !self.pass_bom(false) {
            return Ok(None);
        }
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
            let is_blank = end == self.line;
            self.after_cr = self.buffer[end] == b'\r';
            let mut next = end + 1;
            if self.after_cr && self.buffer.get(next) == Some(&b'\n') {
                self.after_cr = false;
                next += 1;
            }
            (self.scanned, self.line) = (next, next);
            if is_blank {
                if next > LARGEST_EVENT {
                    return Err(TooLarge);
                }
                (self.scanned, self.line) = (0, 0);
                return Ok(Some(self.buffer.split_to(next).freeze()));
            }
        }
    }

    /// The stream is over: what is left is the last event, whose blank line never came.
    pub fn last_event(&mut self) -> Option<Bytes> {
        self.pass_bom(true);
        let rest = std::mem::take(&mut self.buffer).freeze();
        (self.scanned, self.line, self.after_cr) = (0, 0, false);
        (!rest.is_empty()).then_some(rest)
    }

    /// Drops a byte order mark; says whether the beginning is decided.
    fn pass_bom(&mut self, is_end: bool) -> bool {
        const BOM: &[u8] = b"\xEF\xBB\xBF";
        if !self.is_past_bom {
            let is_undecided = self.buffer.len() < BOM.len() && BOM.starts_with(&self.buffer);
            if is_undecided && !is_end {
                return false;
            }
            if self.buffer.starts_with(BOM) {
                self.buffer.advance(BOM.len());
            }
            self.is_past_bom = true;
        }
        true
    }
}

/// The data of an event that is one line, `data: …`, and its blank line, both ended by LF. Such
/// an event can be passed on as it is.
pub fn plain_data(event: &Bytes) -> Option<Bytes> {
    let rest = event.strip_prefix(b"data:")?.strip_suffix(b"\n\n")?;
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    (memchr::memchr2(b'\n', b'\r', rest).is_none()).then(|| event.slice_ref(rest))
}

/// The data of any event, read by eventsource-stream; none where it has no data.
/// Invalid UTF-8 becomes U+FFFD.
pub fn parse_data(event: &[u8]) -> Option<String> {
    let mut text: Vec<u8> = match String::from_utf8_lossy(event) {
        Cow::Borrowed(text) => text.as_bytes().to_vec(),
        Cow::Owned(text) => text.into_bytes(),
    };
    text.extend_from_slice(b"\n\n");
    let mut events = stream::once(ready(Ok::<_, Infallible>(text))).eventsource();
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
