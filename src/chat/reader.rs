//! Reads an upstream's bytes into events of a reply.
//!
//! A plain event (one `data:` line, ended by LF) is read by a scan of its line, any other by
//! eventsource-stream; a test holds that both read the same.
//!
//! Chunks of one stream differ in little more than their text. The reader keeps the shape of the
//! last one: a chunk that is the same around its text needs no parser.

use std::ops::Range;

use bytes::Bytes;
use bytestring::ByteString;

use super::chunk::{Chunk, TextField, Tokens};
use super::json;
use super::sse::{self, Splitter, TooLarge};

/// One event of a reply that says something; comments and blank events are left out.
#[derive(Debug, Clone)]
pub struct Event {
    /// The event's data.
    pub data: ByteString,
    /// The event as it came, where it can be passed on like that.
    pub raw: Option<Bytes>,
    /// What it is.
    pub kind: EventKind,
}

/// What an event is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventKind {
    /// A chunk that brings a piece of content to one choice, and nothing else.
    Text {
        /// The choice.
        choice: u64,
        /// The string in `data`, quotes included. Nothing in it is escaped.
        place: Range<usize>,
    },
    /// Any other chunk.
    Chunk(Chunk),
    /// `[DONE]`.
    Done,
    /// The data is no chunk.
    Malformed,
}

/// Reads one reply.
#[derive(Debug, Default)]
pub struct EventReader {
    splitter: Splitter,
    shape: Option<ChunkShape>,
}

impl EventReader {
    /// A reader for one stream.
    pub fn new() -> EventReader {
        EventReader::default()
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.splitter.push(bytes);
    }

    /// The next whole event.
    pub fn next_event(&mut self) -> Result<Option<Event>, TooLarge> {
        while let Some(bytes) = self.splitter.next_event()? {
            if let Some(event) = self.read(bytes) {
                return Ok(Some(event));
            }
        }
        Ok(None)
    }

    /// The stream is over: the last event, if its blank line is missing. Half an event is none.
    pub fn last_event(&mut self) -> Option<Event> {
        let bytes = self.splitter.last_event()?;
        self.read(bytes)
            .filter(|event| event.kind != EventKind::Malformed)
    }

    fn read(&mut self, bytes: Bytes) -> Option<Event> {
        let plain = sse::plain_data(&bytes).and_then(|data| ByteString::try_from(data).ok());
        let (mut data, mut raw) = match plain {
            Some(data) => (data, Some(bytes)),
            // Lines of one event are one line of JSON: a break in it can only be a blank.
            None => (sse::parse_data(&bytes)?.replace('\n', " ").into(), None),
        };
        let mut kind = self.kind_of(&data);
        if kind == EventKind::Malformed
            && let Some(unmarked) = json::without_marks(&data)
        {
            (data, raw) = (unmarked.into(), None);
            kind = self.kind_of(&data);
        }
        Some(Event { data, raw, kind })
    }

    fn kind_of(&mut self, data: &ByteString) -> EventKind {
        if let Some(shape) = &self.shape
            && let Some(place) = shape.text_of(data)
        {
            return EventKind::Text {
                choice: shape.choice,
                place,
            };
        }
        if data.trim() == "[DONE]" {
            return EventKind::Done;
        }
        let Some(chunk) = Chunk::parse(data) else {
            return EventKind::Malformed;
        };
        self.shape = ChunkShape::of(data, &chunk).or(self.shape.take());
        EventKind::Chunk(chunk)
    }
}

impl Event {
    /// Whether it is a piece that counts (see [`Chunk::counts`]).
    pub fn counts(&self) -> bool {
        match &self.kind {
            EventKind::Text { place, .. } => {
                let text = &self.data[place.start + 1..place.end - 1];
                !text.trim().is_empty()
            }
            EventKind::Chunk(chunk) => !chunk.is_whole && chunk.counts(&self.data),
            EventKind::Done | EventKind::Malformed => false,
        }
    }

    /// How many bytes of text it brings (see [`Chunk::said`]).
    pub fn said(&self) -> usize {
        match &self.kind {
            EventKind::Text { place, .. } => place.len() - 2,
            EventKind::Chunk(chunk) => chunk.said(),
            EventKind::Done | EventKind::Malformed => 0,
        }
    }

    /// About how many bytes of memory it takes; far more than its data where that is short.
    pub fn weight(&self) -> usize {
        let parts = match &self.kind {
            EventKind::Chunk(chunk) => chunk.weight(),
            EventKind::Text { .. } | EventKind::Done | EventKind::Malformed => 0,
        };
        let bytes = self.data.len() + self.raw.as_ref().map_or(0, Bytes::len);
        size_of::<Event>() + bytes + parts
    }

    /// Whether it has more choices and tool calls than any answer (see [`Chunk::is_overfull`]).
    pub fn is_overfull(&self) -> bool {
        matches!(&self.kind, EventKind::Chunk(chunk) if chunk.is_overfull)
    }

    /// Whether it says that the upstream failed.
    pub fn is_error(&self) -> bool {
        matches!(&self.kind, EventKind::Chunk(chunk) if chunk.is_error)
    }
}

/// What stands around the text in the chunks of one stream.
#[derive(Debug)]
struct ChunkShape {
    choice: u64,
    before: ByteString,
    /// What follows the text, up to the padding where there is one.
    between: ByteString,
    /// What follows the padding.
    after: Option<ByteString>,
}

impl ChunkShape {
    fn of(data: &ByteString, chunk: &Chunk) -> Option<ChunkShape> {
        let [choice] = chunk.choices.as_slice() else {
            return None;
        };
        let [(TextField::Content, text)] = choice.texts.as_slice() else {
            return None;
        };
        let is_simple = choice.finish.is_none()
            && choice.calls.is_empty()
            && choice.copy.is_none()
            && choice.tokens == Tokens::default();
        if !is_simple || chunk.has_usage || chunk.is_error {
            return None;
        }
        let slice = |range: Range<usize>| data.slice_ref(&data[range]);
        let (between, after) = match &chunk.padding {
            Some(padding) if padding.start < text.end => return None,
            Some(padding) => (
                slice(text.end..padding.start),
                Some(slice(padding.end..data.len())),
            ),
            None => (slice(text.end..data.len()), None),
        };
        Some(ChunkShape {
            choice: choice.index,
            before: slice(0..text.start),
            between,
            after,
        })
    }

    /// The place of the text in a chunk of this shape.
    fn text_of(&self, data: &str) -> Option<Range<usize>> {
        let rest = data.strip_prefix(&*self.before)?;
        let text = simple_string(rest)?;
        let rest = rest[text..].strip_prefix(&*self.between)?;
        let is_same = match &self.after {
            None => rest.is_empty(),
            Some(after) => rest[simple_string(rest)?..] == **after,
        };
        is_same.then(|| self.before.len()..self.before.len() + text)
    }
}

/// The length of a JSON string at the beginning, if nothing in it is escaped.
fn simple_string(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    if bytes.first() != Some(&b'"') {
        return None;
    }
    let end = json::string_end(bytes, 1);
    let inner = bytes.get(1..end.checked_sub(1)?)?;
    let is_simple = bytes.get(end - 1) == Some(&b'"')
        && inner.iter().all(|byte| *byte >= 0x20 && *byte != b'\\');
    (end >= 2 && is_simple).then_some(end)
}

#[cfg(test)]
mod tests;
