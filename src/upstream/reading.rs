//! What an upstream answered: read until it says something that counts, or until it is whole.
//!
//! It never asks, and never decides who is asked next.

use std::time::Duration;

use futures::{StreamExt, stream};
use tokio::time::{Instant, timeout_at};

use super::error::UpstreamError;
use super::events::{Events, NOTHING_COUNTS};
use super::refusal::{AskedWith, Refusal};
use super::shape::ShapeBack;
use crate::chat::chunk::{Chunk, mended_completion};
use crate::chat::collect::{Collected, collected};
use crate::chat::json;
use crate::chat::reader::{Event, EventKind};
use crate::net::coding::is_coded;
use crate::net::http::HttpAnswer;

/// The largest answer that is not streamed, and the most that may come before a first piece that
/// counts, in bytes.
const LARGEST_ANSWER: usize = 8 << 20;
/// Why an answer says nothing that ends at the limit of its tokens.
const USED_UP: &str = ": its tokens were used up before its first word, as by a model that thinks; let it think \
                       less (`default = { reasoning_effort = \"low\" }` or `\"none\"`), or raise `max_tokens`";
/// The most memory that what came before it may take, in bytes: small events take a multiple of
/// their size.
const LARGEST_EARLY: usize = 16 << 20;

/// How an answer begins that is text: as JSON, or as an event.
const BEGINNINGS: [&[u8]; 7] = [b"{", b"[", b":", b"data", b"event", b"id", b"retry"];
/// Why a compressed answer is not read.
const COMPRESSED: &str = "it is compressed";

/// What an upstream answered.
#[derive(Debug)]
pub enum UpstreamAnswer {
    /// A stream whose first piece that counts has come.
    Stream(Box<Events>),
    /// A whole completion.
    Whole(String),
}

impl UpstreamAnswer {
    /// The same, with what was changed in the request undone in it.
    /// Errors in it do not tell these keys.
    pub(super) fn of_asking(self, mut back: ShapeBack, keys: AskedWith) -> UpstreamAnswer {
        match self {
            UpstreamAnswer::Stream(mut events) => {
                events.is_of_asking(back, keys);
                UpstreamAnswer::Stream(events)
            }
            answer if back.is_empty() => answer,
            UpstreamAnswer::Whole(text) => UpstreamAnswer::Whole(back.whole(text)),
        }
    }
}

/// How long an upstream may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadlines {
    /// When it was asked.
    pub(super) asked: Instant,
    /// Until the first piece that counts.
    pub(super) first_token: Duration,
    /// In its place once reasoning has come within it.
    pub(super) think: Duration,
    /// The longest silence after that piece.
    pub(super) stall: Duration,
    /// Until an answer that is not streamed is there.
    pub(super) whole: Duration,
}

impl Deadlines {
    /// Until when the head of the answer must be there, and how long that is.
    pub(super) fn of_head(&self, wants_stream: bool) -> (Instant, Duration) {
        // A whole answer has no first token to wait for.
        let within = match wants_stream {
            true => self.first_token,
            false => self.whole,
        };
        (self.asked + within, within)
    }
}

/// Reads an answer whose status is good.
pub(super) async fn read_answer(
    response: HttpAnswer,
    wants_stream: bool,
    deadlines: &Deadlines,
) -> Result<UpstreamAnswer, UpstreamError> {
    let is_coded = is_coded(&response.head.headers);
    if !wants_stream {
        let (deadline, within) = deadlines.of_head(wants_stream);
        return timeout_at(deadline, read_whole(response, is_coded))
            .await
            .map_err(|_| UpstreamError::Silent(within))?;
    }
    let mut body = response.body;
    let mut first = None;
    if is_coded {
        let (deadline, within) = deadlines.of_head(wants_stream);
        let piece = timeout_at(deadline, body.next()).await;
        first = piece.map_err(|_| UpstreamError::Silent(within))?;
        if let Some(Ok(piece)) = &first
            && !is_plain(piece)
        {
            return Err(UpstreamError::Unusable(COMPRESSED));
        }
    }
    let mut events = Events::new(stream::iter(first).chain(body), LARGEST_ANSWER);
    let early = wait_for_first(&mut events, deadlines).await?;
    events.begin(early, deadlines.stall);
    Ok(UpstreamAnswer::Stream(Box::new(events)))
}

/// Waits for the first piece that counts; it, and what came before it.
async fn wait_for_first(
    events: &mut Events,
    deadlines: &Deadlines,
) -> Result<Vec<Event>, UpstreamError> {
    let (mut early, mut weight) = (Vec::new(), 0);
    let mut within = deadlines.first_token;
    let mut used_up = false;
    loop {
        let next = timeout_at(deadlines.asked + within, events.next()).await;
        let next = next.map_err(|_| UpstreamError::Silent(within))?;
        let Some(event) = next.transpose()? else {
            return Err(UpstreamError::Empty(of_nothing(used_up)));
        };
        if let EventKind::Chunk(chunk) = &event.kind {
            used_up |= is_used_up(&event.data, chunk);
        }
        if event.reasons() {
            within = deadlines.think;
        }
        let (counts, is_done) = (event.counts(), event.kind == EventKind::Done);
        // What is no chunk says nothing.
        if event.kind != EventKind::Malformed {
            weight += event.weight();
            early.push(event);
        }
        if counts {
            return Ok(early);
        }
        if weight > LARGEST_EARLY {
            return Err(UpstreamError::Unusable(NOTHING_COUNTS));
        }
        if is_done {
            return Err(UpstreamError::Empty(of_nothing(used_up)));
        }
    }
}

async fn read_whole(response: HttpAnswer, is_coded: bool) -> Result<UpstreamAnswer, UpstreamError> {
    let body = response
        .body
        .whole(LARGEST_ANSWER)
        .await
        .map_err(|error| UpstreamError::Broken(error.to_string()))?;
    if is_coded && !is_plain(&body) {
        return Err(UpstreamError::Unusable(COMPRESSED));
    }
    let text =
        String::from_utf8(body.into()).map_err(|_| UpstreamError::Unusable("it is not UTF-8"))?;
    let text = json::without_marks(&text).unwrap_or(text);
    let text = match Chunk::parse(&text) {
        Some(chunk) if needs_mending(&chunk) => mended_completion(&text).unwrap_or(text),
        Some(_) => text,
        None => collected_whole(&text)?,
    };
    match Chunk::parse(&text) {
        None => Err(UpstreamError::Unusable("it is no completion")),
        Some(chunk) if chunk.is_error() => Err(UpstreamError::Error(Refusal::of(&text))),
        Some(chunk) if chunk.is_overfull => Err(UpstreamError::overfull()),
        Some(chunk) if !chunk.counts(&text) => {
            Err(UpstreamError::Empty(of_nothing(is_used_up(&text, &chunk))))
        }
        Some(_) => Ok(UpstreamAnswer::Whole(text)),
    }
}

/// Whether an answer ends because its tokens are used up.
fn is_used_up(json: &str, chunk: &Chunk) -> bool {
    let places = chunk
        .choices
        .iter()
        .filter_map(|choice| choice.finish.clone());
    let mut ends = places.filter_map(|place| json.get(place));
    ends.any(|end| {
        let end = end.to_ascii_lowercase();
        matches!(
            &*end,
            "\"length\"" | "\"max_tokens\"" | "\"max_output_tokens\""
        )
    })
}

/// Why an answer says nothing, as far as it is known.
fn of_nothing(is_used_up: bool) -> &'static str {
    match is_used_up {
        true => USED_UP,
        false => "",
    }
}

/// Whether it is no completion as every client reads it; a piece of a stream is none either.
fn needs_mending(chunk: &Chunk) -> bool {
    let is_piece = !chunk.choices.is_empty() && !chunk.is_whole;
    (chunk.is_odd || is_piece) && !chunk.is_overfull
}

/// What is no completion may be one in pieces: some servers stream whatever they are asked.
fn collected_whole(text: &str) -> Result<String, UpstreamError> {
    match collected(text) {
        Collected::Completion(completion) => Ok(completion),
        Collected::Failed(_) if text.trim_start().starts_with('<') => {
            Err(UpstreamError::Unusable("it sent a page"))
        }
        Collected::Failed(error) => Err(UpstreamError::Error(Refusal::of(&error))),
        Collected::Overfull => Err(UpstreamError::overfull()),
        Collected::Cut => Err(UpstreamError::Unusable("its stream has no end")),
        Collected::Nothing => Err(UpstreamError::Unusable("it is no completion")),
    }
}

/// Whether the first bytes of an answer are text all the same.
fn is_plain(bytes: &[u8]) -> bool {
    let is_text = |byte: &u8| !byte.is_ascii_control() || byte.is_ascii_whitespace();
    // A piece may end within a letter.
    let is_utf8 = std::str::from_utf8(bytes).map_or_else(|it| it.error_len().is_none(), |_| true);
    let text = bytes.trim_ascii_start();
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let begins = |begin: &&[u8]| text.starts_with(begin);
    is_utf8 && bytes.iter().all(is_text) && BEGINNINGS.iter().any(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_told_from_what_is_compressed() {
        for text in [
            "data: {}",
            "\n\n{\"a\":1}",
            "\u{feff}event: x\ndata: é",
            "[1]",
            ": hi\n",
        ] {
            assert!(is_plain(text.as_bytes()), "{text}");
        }
        assert!(is_plain(b"data: \xC3"));
        for coded in [
            &b"\x1f\x8b\x08\x00"[..],
            b"\x28\xb5\x2f\xfd\x24",
            b"\x78\x9c\xab",
            b"{\x00\x80",
            b"",
            b"hello",
        ] {
            assert!(!is_plain(coded), "{coded:?}");
        }
    }
}
