//! The way back: what the shape changed of a request is undone in its reply.
//!
//! A piece of the reply in which nothing is to be undone stays as it came.

mod function_call;

use bytestring::ByteString;

use crate::chat::chunk::{Chunk, Patch, write_patched};
use crate::chat::json;
use crate::chat::reader::{Event, EventKind};
use function_call::FunctionCalls;

/// Undoes in a reply what the shape changed in its request.
#[derive(Debug, Clone, Default)]
pub struct ShapeBack {
    /// Ids as the upstream knows them, and as they came.
    ids: Vec<(String, String)>,
    /// Makes a `function_call` of tool calls, where the client knows no others.
    functions: Option<FunctionCalls>,
}

impl ShapeBack {
    pub(super) fn new(ids: Vec<(String, String)>, is_legacy: bool) -> ShapeBack {
        ShapeBack {
            ids,
            functions: is_legacy.then(FunctionCalls::default),
        }
    }

    /// Whether there is nothing to undo.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.functions.is_none()
    }

    /// One event of a streamed reply.
    pub fn event(&mut self, event: Event) -> Event {
        if self.is_empty() {
            return event;
        }
        let EventKind::Chunk(chunk) = &event.kind else {
            return event;
        };
        match self.undone(&event.data, chunk) {
            Some(data) => Event::of(data),
            None => event,
        }
    }

    /// A reply that is not streamed.
    pub fn whole(&mut self, completion: String) -> String {
        if self.is_empty() {
            return completion;
        }
        let json = ByteString::from(completion);
        let undone = Chunk::parse(&json).and_then(|chunk| self.undone(&json, &chunk));
        undone.unwrap_or_else(|| json.to_string())
    }

    /// A piece with what was changed undone; none where there is nothing of it.
    fn undone(&mut self, json: &ByteString, chunk: &Chunk) -> Option<String> {
        if let Some(functions) = &mut self.functions {
            return functions.restore(json);
        }
        let calls = chunk.choices.iter().flat_map(|choice| &choice.calls);
        let mut patches: Vec<Patch> = calls
            .filter_map(|call| {
                let place = call.id.clone()?;
                let id = json::decode(json.get(place.clone())?)?;
                let (_, own) = self.ids.iter().find(|(theirs, _)| *theirs == id)?;
                Some(Patch {
                    place,
                    text: json::encode(own),
                })
            })
            .collect();
        if patches.is_empty() {
            return None;
        }
        let mut out = Vec::with_capacity(json.len() + 64);
        write_patched(json, &mut patches, &mut out);
        String::from_utf8(out).ok()
    }
}
