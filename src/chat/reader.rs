//! Reads an upstream's bytes into events of a reply.
//!
//! A plain event (one `data:` line, ended by LF) is read by a scan of its line, any other by
//! eventsource-stream; a test holds that both read the same.
//!
//! Chunks of one stream differ in little more than their text. The reader keeps the shape of the
//! last one: a chunk that is the same around its text needs no parser.

mod glued;

use std::collections::VecDeque;
use std::ops::Range;

use bytes::Bytes;
use bytestring::ByteString;

use super::chunk::{Chunk, FailureVerdict, Form, Mender, TextField, Tokens, is_error_event};
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
    /// Whether it says that the upstream failed.
    pub verdict: FailureVerdict,
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
    mender: Mender,
    /// What stood behind the last event in the same lines.
    next: VecDeque<Event>,
}

/// How an event came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EventSource<'n> {
    /// As data, with the name of the event; mostly none.
    Data(&'n str),
    /// As lines that belong to no event.
    Bare,
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
        if let Some(event) = self.next.pop_front() {
            return Ok(Some(event));
        }
        while let Some(bytes) = self.splitter.next_event()? {
            if let Some(event) = self.read(bytes) {
                return Ok(Some(event));
            }
        }
        Ok(None)
    }

    /// The stream is over: what is left, if its blank line is missing, event by event. Half an event
    /// is none.
    pub fn last_event(&mut self) -> Option<Event> {
        if let Some(event) = self.next.pop_front() {
            return Some(event);
        }
        let bytes = self.splitter.last_event()?;
        let is_half = |event: &Event| {
            event.kind == EventKind::Malformed && event.data.starts_with(['{', '['])
        };
        self.read(bytes).filter(|event| !is_half(event))
    }

    fn read(&mut self, bytes: Bytes) -> Option<Event> {
        let plain = sse::plain_data(&bytes).and_then(|data| ByteString::try_from(data).ok());
        if let Some(data) = plain {
            return Some(self.event(data, Some(bytes), EventSource::Data("")));
        }
        let around = sse::around_data(&bytes);
        let data = sse::parse_data(&bytes);
        // Lines of one event are one line of JSON: a break in it can only be a blank.
        let in_line = |lines: String| lines.replace(['\n', '\r'], " ");
        let data = data.map(in_line);
        let is_failed = data.is_none() && is_error_event(&around.name);
        let data = data.or_else(|| is_failed.then(String::new));
        let name = EventSource::Data(&around.name);
        let (mut of_data, mut bare) = (
            data.map(|data| (data, name)),
            around.bare.map(|bare| (in_line(bare), EventSource::Bare)),
        );
        if around.is_bare_first {
            std::mem::swap(&mut of_data, &mut bare);
        }
        let mut both = of_data.into_iter().chain(bare);
        let (data, source) = both.next()?;
        let first = self.event(data.into(), None, source);
        if let Some((data, source)) = both.next() {
            let second = self.event(data.into(), None, source);
            self.next.push_back(second);
        }
        Some(first)
    }

    fn event(&mut self, data: ByteString, raw: Option<Bytes>, source: EventSource<'_>) -> Event {
        if let Some(shape) = &self.shape
            && let Some(place) = shape.text_of(&data)
            && source == EventSource::Data("")
        {
            let choice = shape.choice;
            self.mender
                .note_text(choice, &data[place.start + 1..place.end - 1]);
            let kind = EventKind::Text { choice, place };
            return Event {
                data,
                raw,
                kind,
                verdict: FailureVerdict::No,
            };
        }
        if is_done(&data) {
            return Event {
                data,
                raw,
                kind: EventKind::Done,
                verdict: FailureVerdict::No,
            };
        }
        self.parsed(data, raw, source)
    }

    /// The first event of data that hold many.
    fn first_of_many(&mut self, data: &str, source: EventSource<'_>) -> Option<Event> {
        let values = glued::glued(data)?.into_iter();
        let events = values.map(|value| self.event(value.into(), None, source));
        let mut events: VecDeque<Event> = events.collect();
        let first = events.pop_front();
        self.next.append(&mut events);
        first
    }

    fn parsed(
        &mut self,
        mut data: ByteString,
        mut raw: Option<Bytes>,
        source: EventSource<'_>,
    ) -> Event {
        let is_named = !matches!(
            source,
            EventSource::Data("" | "message") | EventSource::Bare
        );
        let mut chunk = Chunk::parse_named(&data, is_named);
        if chunk.is_none()
            && let Some(json) = as_json(&data)
        {
            (data, raw) = (json.into(), None);
            if is_done(&data) {
                return self.event(data, raw, source);
            }
            chunk = Chunk::parse_named(&data, is_named);
        }
        if chunk.is_none()
            && let Some(first) = self.first_of_many(&data, source)
        {
            return first;
        }
        if let Some(found) = &chunk
            && (found.is_odd || found.is_whole)
            && !found.is_overfull
            && let Some(mended) = self.mender.mend(&data, form_of(&data, found, source))
        {
            (data, raw) = (mended.into(), None);
            chunk = Chunk::parse_named(&data, is_named);
        }
        let mut verdict = match &chunk {
            Some(chunk) => chunk.verdict,
            None if is_named => FailureVerdict::No,
            None => FailureVerdict::of_text(&data),
        };
        if matches!(source, EventSource::Data(name) if is_error_event(name)) {
            verdict = FailureVerdict::Failed;
        }
        let kind = match chunk {
            Some(chunk) => {
                self.mender.note(&data, &chunk);
                self.shape = ChunkShape::of(&data, &chunk).or(self.shape.take());
                EventKind::Chunk(chunk)
            }
            None => EventKind::Malformed,
        };
        Event {
            data,
            raw,
            kind,
            verdict,
        }
    }
}

/// What is no JSON, as JSON; none where nothing is known to be wrong with it.
fn as_json(data: &str) -> Option<String> {
    let unmarked = json::without_marks(data);
    json::repaired(unmarked.as_deref().unwrap_or(data)).or(unmarked)
}

/// Whether the data says that the stream is over.
fn is_done(data: &str) -> bool {
    matches!(data.trim(), "[DONE]" | "\"[DONE]\"")
}

/// A whole completion that is the body itself has no other end.
fn form_of(data: &str, chunk: &Chunk, source: EventSource<'_>) -> Form {
    let is_piece = || data.contains("\"chat.completion.chunk\"");
    match source {
        EventSource::Bare if chunk.is_whole && !is_piece() => Form::All,
        EventSource::Bare | EventSource::Data(_) => Form::Piece,
    }
}

impl Event {
    /// An event with these data, which are no bytes that came.
    pub fn of(data: String) -> Event {
        let kind = Chunk::parse(&data).map_or(EventKind::Malformed, EventKind::Chunk);
        Event {
            data: data.into(),
            raw: None,
            kind,
            verdict: FailureVerdict::No,
        }
    }

    /// Whether it is a piece that counts (see [`Chunk::counts`]).
    pub fn counts(&self) -> bool {
        match &self.kind {
            EventKind::Text { place, .. } => {
                let text = &self.data[place.start + 1..place.end - 1];
                !text.trim().is_empty()
            }
            EventKind::Chunk(chunk) => chunk.counts(&self.data),
            EventKind::Done | EventKind::Malformed => false,
        }
    }

    /// Whether the model thinks in it: a piece of reasoning, of which the caller hears nothing.
    pub fn reasons(&self) -> bool {
        matches!(&self.kind, EventKind::Chunk(chunk) if chunk.reasons(&self.data))
    }

    /// Whether it shows that the upstream is at work: it counts, or it reasons.
    pub fn is_alive(&self) -> bool {
        self.counts() || self.reasons()
    }

    /// How many bytes of text it brings (see [`Chunk::said`]).
    pub fn said(&self) -> usize {
        match &self.kind {
            EventKind::Text { place, .. } => place.len() - 2,
            EventKind::Chunk(chunk) => chunk.said(),
            EventKind::Done | EventKind::Malformed => 0,
        }
    }

    /// Whether a choice ends with it.
    pub fn finishes(&self) -> bool {
        let EventKind::Chunk(chunk) = &self.kind else {
            return false;
        };
        chunk.choices.iter().any(|choice| choice.finish.is_some())
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
        self.verdict == FailureVerdict::Failed
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
        let is_known = choice.details.is_none() && choice.unknown.is_empty();
        let is_plain = is_known && !chunk.is_whole && !chunk.is_odd;
        if !is_simple || !is_plain || chunk.has_usage || chunk.verdict != FailureVerdict::No {
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
