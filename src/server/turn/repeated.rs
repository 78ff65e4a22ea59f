//! The model's reply given again to the same request of the same call, where a rule has `repeat`.
//!
//! What is kept is what the model said, before any rule of the way back: placeholders stand in it.
//! Only text that came whole is kept; a reply with anything else in it is not.

use std::sync::Arc;
use std::time::Duration;

use crate::chat::chunk::{Choice, Chunk, TextField};
use crate::chat::reader::{Event, EventKind};
use crate::chat::request::Takes;
use crate::chat::{ChatRequest, json};
use crate::rule::Identity;
use crate::ruleset::Passage;
use crate::server::state::replies::{LONGEST_KEPT, RepeatableReplies};
use crate::server::state::snapshot::Snapshot;

/// Fields that say how a reply comes, not what it is.
const OF_TRANSPORT: [&str; 2] = ["stream", "stream_options"];

/// Where the reply of a turn is kept.
pub(super) struct RepeatPlace {
    replies: Arc<RepeatableReplies>,
    place: Identity,
    time: Duration,
}

/// Notes what the model says; it is kept when the reply has come whole.
pub(super) struct ReplyCapture {
    place: RepeatPlace,
    text: String,
    /// Whether it is text alone up to here.
    is_text: bool,
    is_whole: bool,
}

impl RepeatPlace {
    /// The place of a turn behind its rules; none: no rule says so, or the call has no id.
    pub(super) fn of(
        snapshot: &Snapshot,
        route: &str,
        call: Option<&str>,
        passage: &Passage,
    ) -> Option<RepeatPlace> {
        let (time, call) = (passage.turn.repeat?, call?);
        let replies = snapshot.process.replies.clone();
        let version = passage.ruleset().version();
        let mut request = all_that_goes(passage.request.clone());
        // Another model's reply is another one.
        request.extend_from_slice(passage.turn.upstream.as_deref().unwrap_or("").as_bytes());
        Some(RepeatPlace {
            place: replies.place(route, version, call, &request),
            replies,
            time,
        })
    }

    /// What the model said to the same request.
    pub(super) fn kept(&self) -> Option<Arc<str>> {
        self.replies.get(self.place)
    }

    /// Begins to note a reply.
    pub(super) fn capture(self) -> ReplyCapture {
        ReplyCapture {
            place: self,
            text: String::new(),
            is_text: true,
            is_whole: false,
        }
    }
}

/// All of a request that any upstream may get.
fn all_that_goes(mut request: ChatRequest) -> Vec<u8> {
    for field in OF_TRANSPORT {
        request.remove_field(field);
    }
    let everything = Takes {
        all_fields: true,
        ..Takes::default()
    };
    let mut all = request.write(&everything);
    if !request.has_plain_messages_only() {
        // Some upstreams take more fields of messages.
        let mut whole = String::new();
        for message in request.messages() {
            message.write(&|_| true, &mut whole);
        }
        all.extend_from_slice(whole.as_bytes());
    }
    all
}

impl ReplyCapture {
    /// Notes an event of the reply.
    pub(super) fn event(&mut self, event: &Event) {
        match &event.kind {
            EventKind::Text { choice: 0, place } => self.add(&event.data, place.clone()),
            EventKind::Text { .. } => self.is_text = false,
            EventKind::Chunk(chunk) => self.chunk(chunk, &event.data),
            EventKind::Done | EventKind::Malformed => {}
        }
    }

    /// Keeps a reply that came at once.
    pub(super) fn whole(mut self, completion: &str) {
        if let Some(chunk) = Chunk::parse(completion) {
            self.chunk(&chunk, completion);
            self.keep();
        }
    }

    /// The reply is over, and came whole.
    pub(super) fn keep(self) {
        if self.is_text && self.is_whole {
            let place = self.place;
            place.replies.keep(place.place, &self.text, place.time);
        }
    }

    fn chunk(&mut self, chunk: &Chunk, data: &str) {
        self.is_text &= !chunk.is_error() && !chunk.is_overfull;
        for choice in &chunk.choices {
            self.choice(choice, data);
        }
    }

    fn choice(&mut self, choice: &Choice, data: &str) {
        self.is_text &= choice.index == 0 && choice.calls.is_empty() && choice.unknown.is_empty();
        for (field, place) in &choice.texts {
            match field {
                TextField::Content => self.add(data, place.clone()),
                TextField::Refusal => self.is_text = false,
                _ => {}
            }
        }
        if let Some(finish) = choice.finish.clone() {
            self.is_text &= data.get(finish) == Some("\"stop\"");
            self.is_whole = true;
        }
    }

    /// Adds the text at a place of the JSON.
    fn add(&mut self, data: &str, place: std::ops::Range<usize>) {
        match data.get(place).and_then(json::decode) {
            Some(text) if self.text.len() + text.len() <= LONGEST_KEPT => {
                self.text.push_str(&text);
            }
            _ => self.is_text = false,
        }
    }
}
