//! The reply of a turn for which no upstream is asked: what a rule answers, or what the model said
//! before to the same request.

use std::time::{SystemTime, UNIX_EPOCH};

use super::repeated::RepeatPlace;
use crate::chat::chunk::ChunkHead;
use crate::chat::{ChatRequest, json};
use crate::ruleset::{MadeReply, Passage};

/// Such a reply, with what its chunks share.
pub(super) struct MadeForTurn {
    reply: MadeReply,
    head: ChunkHead,
    wants_usage: bool,
}

impl MadeForTurn {
    /// The reply to a turn behind its rules; none: an upstream is asked. `again`: where the reply of
    /// the model is kept; `id`: the turn's.
    pub(super) fn of(
        passage: &mut Passage,
        again: Option<&RepeatPlace>,
        id: &str,
    ) -> Option<MadeForTurn> {
        let reply = match passage.own_reply() {
            Some(own) => own,
            None => {
                let text = again.and_then(RepeatPlace::kept)?;
                passage.note_repeated();
                passage.said_again(text.to_string())
            }
        };
        let request = &passage.request;
        Some(MadeForTurn {
            reply,
            head: head(id, request),
            wants_usage: wants_usage(request),
        })
    }

    /// As a stream.
    pub(super) fn stream(self) -> Vec<u8> {
        self.reply.stream(&self.head, self.wants_usage)
    }

    /// As one completion.
    pub(super) fn completion(self) -> Vec<u8> {
        self.reply.completion(&self.head)
    }
}

fn head(id: &str, request: &ChatRequest) -> ChunkHead {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.map_or(0, |now| now.as_secs());
    let model = request.field("model").and_then(json::decode_shared);
    ChunkHead::made(&format!("chatcmpl-{id}"), now, model.as_deref())
}

fn wants_usage(request: &ChatRequest) -> bool {
    let options = request.field("stream_options");
    options
        .and_then(|options| json::get(options, "include_usage"))
        .is_some_and(|wanted| &*wanted == "true")
}
