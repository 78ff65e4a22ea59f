//! What a reply leaves that its upstream will want back, noted as the reply goes by.
//!
//! It sees the reply as the upstream sent it, before any rule: private values are placeholders
//! there. What came whole is kept before the client hears of the end of its tool calls, so that it
//! is there for the next step; a reply that is cut keeps what it had.

use std::sync::Arc;

use serde_json::Value;

use super::{KeptReply, KeptStates};
use crate::chat::carried::{CallSignature, CarriedState};
use crate::chat::chunk::{Call, Choice, Chunk, TextField};
use crate::chat::json;
use crate::chat::reader::{Event, EventKind};
use crate::upstream::profiles::WantsBack;

/// The longest thought that is kept, in bytes: of a longer one a stand-in goes back.
const LONGEST_THOUGHT: usize = 64 << 10;
/// The longest signature.
const LONGEST_SIGNATURE: usize = 128 << 10;
/// So many tool calls are looked at.
const MOST_CALLS: usize = 64;

/// Notes what a reply leaves; it is kept when this is dropped, if not before.
#[derive(Debug)]
pub struct StateCapture {
    states: Arc<KeptStates>,
    /// The call's id, and whose it is.
    call: String,
    /// How many messages the request had, as it came.
    after: usize,
    upstream: Arc<str>,
    wants: WantsBack,
    thought: String,
    is_too_long: bool,
    calls: Vec<GatheredCall>,
    details: Vec<String>,
    /// Whether there is something new since it was kept.
    is_new: bool,
    is_whole: bool,
}

#[derive(Debug)]
struct GatheredCall {
    index: Option<u64>,
    id: String,
    signature: Option<String>,
}

impl KeptStates {
    /// Begins to note the reply of an upstream to a request of so many messages, in a call; none
    /// where it wants nothing back.
    pub fn capture(
        self: &Arc<KeptStates>,
        call: String,
        after: usize,
        upstream: &str,
        wants: WantsBack,
    ) -> Option<StateCapture> {
        (wants != WantsBack::Nothing).then(|| StateCapture {
            states: self.clone(),
            call,
            after,
            upstream: upstream.into(),
            wants,
            thought: String::new(),
            is_too_long: false,
            calls: Vec::new(),
            details: Vec::new(),
            is_new: false,
            is_whole: false,
        })
    }
}

impl StateCapture {
    /// Notes an event of the reply.
    pub fn event(&mut self, event: &Event) {
        if let EventKind::Chunk(chunk) = &event.kind {
            self.chunk(chunk, &event.data);
        }
    }

    /// Notes a reply that came at once.
    pub fn whole(mut self, completion: &str) {
        if let Some(chunk) = Chunk::parse(completion) {
            self.chunk(&chunk, completion);
        }
    }

    /// Only the first choice can be what a history goes on with.
    fn chunk(&mut self, chunk: &Chunk, data: &str) {
        let mut choices = chunk.choices.iter().enumerate();
        let Some((at, choice)) = choices.find(|(_, choice)| choice.index == 0) else {
            return;
        };
        if self.wants == WantsBack::Reasoning {
            self.think(choice, data);
        }
        let places: Vec<Option<usize>> = choice
            .calls
            .iter()
            .map(|call| self.call(call, data))
            .collect();
        if self.wants != WantsBack::Reasoning && data.contains("thought_signature")
            || self.wants == WantsBack::Details && data.contains("reasoning_details")
        {
            self.sign(at, &places, data);
        }
        if choice.finish.is_some() {
            self.is_whole = true;
            self.keep();
        }
    }

    /// Notes a piece of what the model thinks. Some servers send it under both names at once.
    fn think(&mut self, choice: &Choice, data: &str) {
        let text_of = |wanted: TextField| {
            let mut texts = choice.texts.iter();
            let (_, place) = texts.find(|(field, _)| *field == wanted)?;
            json::decode(data.get(place.clone())?).filter(|text| !text.is_empty())
        };
        let text = text_of(TextField::ReasoningContent).or_else(|| text_of(TextField::Reasoning));
        let Some(text) = text else { return };
        self.is_new = true;
        if self.thought.len() + text.len() > LONGEST_THOUGHT {
            (self.is_too_long, self.thought) = (true, String::new());
        }
        if !self.is_too_long {
            self.thought.push_str(&text);
        }
    }

    /// Notes a piece of a tool call; gives which it is of. A new id is a new call, whatever the
    /// index says.
    fn call(&mut self, call: &Call, data: &str) -> Option<usize> {
        if call.is_legacy {
            return None;
        }
        let id = call
            .id
            .clone()
            .and_then(|place| json::decode(data.get(place)?));
        let Some(id) = id.filter(|id| !id.is_empty()) else {
            let same = |known: &GatheredCall| call.index.is_some() && known.index == call.index;
            let by_index = self.calls.iter().rposition(same);
            return by_index.or(self.calls.len().checked_sub(1));
        };
        let known = self.calls.iter().position(|known| known.id == id);
        if known.is_some() || self.calls.len() == MOST_CALLS {
            return known;
        }
        self.is_new = true;
        self.calls.push(GatheredCall {
            index: call.index,
            id: id.into_owned(),
            signature: None,
        });
        Some(self.calls.len() - 1)
    }

    /// Notes the signatures in the choice at a place, whose pieces of tool calls are of these calls.
    fn sign(&mut self, choice: usize, calls: &[Option<usize>], data: &str) {
        let Ok(chunk) = serde_json::from_str::<Value>(data) else {
            return;
        };
        let choice = &chunk["choices"][choice];
        let delta = match &choice["delta"] {
            Value::Null => &choice["message"],
            delta => delta,
        };
        let pieces = delta["tool_calls"].as_array().into_iter().flatten();
        for (piece, at) in pieces.zip(calls) {
            let call = at.and_then(|at| self.calls.get_mut(at));
            if let Some(call) = call.filter(|call| call.signature.is_none()) {
                call.signature = signature_in(&piece["extra_content"]);
                self.is_new |= call.signature.is_some();
            }
        }
        if self.wants == WantsBack::Details {
            let details = delta["reasoning_details"].as_array().into_iter().flatten();
            for detail in details.filter_map(sealed_detail) {
                if !self.details.contains(&detail) && self.details.len() < MOST_CALLS {
                    self.details.push(detail);
                    self.is_new = true;
                }
            }
        }
    }

    fn keep(&mut self) {
        if !std::mem::take(&mut self.is_new) || self.calls.is_empty() {
            return;
        }
        let signatures = self.calls.iter().filter_map(|call| {
            Some(CallSignature {
                call: call.id.clone(),
                json: call.signature.clone()?,
            })
        });
        let is_thought = !self.thought.trim().is_empty();
        let state = CarriedState {
            from: self.upstream.clone(),
            reasoning: is_thought.then(|| self.thought.as_str().into()),
            signatures: signatures.collect(),
            details: (!self.details.is_empty())
                .then(|| format!("[{}]", self.details.join(",")).into()),
        };
        if state.is_empty() {
            return;
        }
        let reply = KeptReply {
            after: self.after,
            ids: self.calls.iter().map(|call| call.id.clone()).collect(),
            is_whole: self.is_whole,
            state: Arc::new(state),
        };
        self.states.keep(&self.call, reply);
    }
}

impl Drop for StateCapture {
    fn drop(&mut self) {
        self.keep();
    }
}

/// The signature in a call's extra content, with the name of whose it is and nothing else: what
/// stands beside it may be words.
fn signature_in(extra: &Value) -> Option<String> {
    let (whose, signature) = extra.as_object()?.iter().find_map(|(whose, content)| {
        let signature = content["thought_signature"].as_str()?;
        Some((whose, signature))
    })?;
    let is_good = !signature.is_empty() && signature.len() <= LONGEST_SIGNATURE;
    is_good.then(|| {
        let (whose, signature) = (json::encode(whose), json::encode(signature));
        format!(r#"{{{whose}:{{"thought_signature":{signature}}}}}"#)
    })
}

/// A detail that only Gemini can read, as OpenRouter hands it on, with nothing beside it.
fn sealed_detail(detail: &Value) -> Option<String> {
    let text = |name: &str| detail[name].as_str();
    let is_geminis = text("format").is_none_or(|format| format.starts_with("google-gemini"));
    let data = text("data").filter(|data| !data.is_empty() && data.len() <= LONGEST_SIGNATURE)?;
    if text("type") != Some("reasoning.encrypted") || !is_geminis {
        return None;
    }
    let mut sealed = format!(
        r#"{{"type":"reasoning.encrypted","data":{}"#,
        json::encode(data)
    );
    for name in ["id", "format", "index"] {
        let value = &detail[name];
        if value.is_string() || value.is_u64() {
            sealed.push_str(&format!(",\"{name}\":{value}"));
        }
    }
    sealed.push('}');
    Some(sealed)
}

#[cfg(test)]
mod tests;
