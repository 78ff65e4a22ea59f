//! Reads an upstream's bytes into events of a reply.
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

/// Which parser reads the events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parser {
    /// A line scanner takes plain events; eventsource-stream reads the others.
    Scanner,
    /// eventsource-stream reads every event.
    EventSource,
}

/// Reads one reply.
#[derive(Debug)]
pub struct Reader {
    splitter: Splitter,
    parser: Parser,
    shape: Option<Shape>,
}

impl Reader {
    /// A reader for one stream.
    pub fn new(parser: Parser) -> Reader {
        Reader {
            splitter: Splitter::default(),
            parser,
            shape: None,
        }
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
        let (mut data, mut raw) = match (plain, self.parser) {
            (Some(data), Parser::Scanner) => (data, Some(bytes)),
            // The bytes are plain, so they can be passed on whoever reads them.
            (Some(_), Parser::EventSource) => (sse::parse_data(&bytes)?.into(), Some(bytes)),
            // Lines of one event are one line of JSON: a break in it can only be a blank.
            (None, _) => (sse::parse_data(&bytes)?.replace('\n', " ").into(), None),
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
        self.shape = Shape::of(data, &chunk).or(self.shape.take());
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
struct Shape {
    choice: u64,
    before: ByteString,
    /// What follows the text, up to the padding where there is one.
    between: ByteString,
    /// What follows the padding.
    after: Option<ByteString>,
}

impl Shape {
    fn of(data: &ByteString, chunk: &Chunk) -> Option<Shape> {
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
        Some(Shape {
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
mod tests {
    use super::*;

    fn kinds(parser: Parser, stream: &str) -> Vec<EventKind> {
        let mut reader = Reader::new(parser);
        reader.push(stream.as_bytes());
        let mut kinds = Vec::new();
        while let Some(event) = reader.next_event().expect("small events") {
            kinds.push(event.kind);
        }
        kinds.extend(reader.last_event().map(|event| event.kind));
        kinds
    }

    fn chunk(content: &str, rest: &str) -> String {
        format!(
            "data: {{\"id\":\"a\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":{content}}},\"finish_reason\":null}}]{rest}}}\n\n"
        )
    }

    #[test]
    fn chunks_of_one_shape_are_parsed_once() {
        let stream: String = [r#""Hel""#, r#""lo""#, r#""a\n""#, r#""""#]
            .iter()
            .map(|text| chunk(text, ""))
            .collect();
        let kinds = kinds(Parser::Scanner, &(stream + "data: [DONE]\n\n"));
        assert!(matches!(kinds[0], EventKind::Chunk(_)));
        assert_eq!(
            kinds[1],
            EventKind::Text {
                choice: 0,
                place: 51..55
            }
        );
        assert!(
            matches!(kinds[2], EventKind::Chunk(_)),
            "an escape needs the parser"
        );
        assert_eq!(
            kinds[3],
            EventKind::Text {
                choice: 0,
                place: 51..53
            }
        );
        assert_eq!(kinds[4], EventKind::Done);
    }

    #[test]
    fn padding_may_differ_and_nothing_else() {
        let stream = chunk(r#""a""#, r#","obfuscation":"xyz""#)
            + &chunk(r#""b""#, r#","obfuscation":"q""#)
            + &chunk(r#""b""#, r#","obfuscation":"q","usage":{}"#)
            + &chunk(r#""b","refusal":"x""#, r#","obfuscation":"q""#);
        let kinds = kinds(Parser::Scanner, &stream);
        assert!(matches!(kinds[1], EventKind::Text { .. }));
        assert!(matches!(kinds[2], EventKind::Chunk(_)));
        assert!(matches!(kinds[3], EventKind::Chunk(_)));
    }

    #[test]
    fn r11_a_byte_order_mark_within_an_event_takes_no_word_away() {
        let text = "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\u{feff}\"}}]}";
        for event in [
            format!("data: \u{feff}{text}\n\n"),
            format!("data:\u{feff}\u{feff} {text}\u{feff}\n\n"),
            format!("\u{feff}data: \u{feff}{text}\r\n\r\n"),
            format!("data: \u{feff}{{\ndata: \u{feff}{}\n\n", &text[1..]),
        ] {
            for parser in [Parser::Scanner, Parser::EventSource] {
                let mut reader = Reader::new(parser);
                reader.push(event.as_bytes());
                let read = reader.next_event().expect("it is small");
                let read = read.unwrap_or_else(|| panic!("{event:?}"));
                assert!(read.counts() && read.raw.is_none(), "{event:?}: {read:?}");
                assert!(!read.data.starts_with('\u{feff}'), "{event:?}");
                assert_eq!(read.data.matches('\u{feff}').count(), 1, "{event:?}");
            }
        }
        let done = kinds(Parser::Scanner, "data: \u{feff}[DONE]\n\n");
        assert_eq!(done, [EventKind::Done]);
    }

    #[test]
    fn both_parsers_read_the_same() {
        let stream = ": hi\n\n".to_owned()
            + &chunk(r#""a""#, "")
            + &chunk(r#""é""#, "").replace('\n', "\r\n")
            + "data: {half";
        assert_eq!(
            kinds(Parser::Scanner, &stream),
            kinds(Parser::EventSource, &stream)
        );
        assert_eq!(kinds(Parser::Scanner, &stream).len(), 2);
    }
}
