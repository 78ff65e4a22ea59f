//! A reply that no model gives in this turn: what a rule answers, or what a model said before, in the
//! form in which a model's would come.
//!
//! It takes the way back that every reply takes, so it is framed and ended like any other. What a rule
//! answers has the caller's own values in clear: no rule that hides looks at it.

use super::{Ending, Passage, Reply};
use crate::chat::chunk::ChunkHead;
use crate::chat::json;
use crate::chat::reader::EventReader;
use crate::rule::{OwnReply, Turn};

/// Nothing was used: no model was asked.
const NO_USAGE: &str = r#"{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}"#;

/// A reply made here.
pub struct MadeReply {
    way_back: Reply,
    says: OwnReply,
}

impl Passage {
    /// What a rule answers in the model's place, on its way back through the rules that ran before it, but for those
    /// that hide: their placeholders are not in it.
    pub fn own_reply(&self) -> Option<MadeReply> {
        let says = self.turn.answer.clone()?;
        let rules = self.ruleset().rules();
        let active = self.active.iter().copied();
        let active = active.filter(|at| rules.get(*at).is_some_and(|file| !file.kind.hides));
        let turn = Turn {
            vault: Default::default(),
            has_escapes: false,
            wants_json: self.request.wants_json(),
            ..self.turn.clone()
        };
        let way_back = Reply::new(self.ruleset().clone(), active.collect(), turn);
        Some(MadeReply { way_back, says })
    }

    /// What a model said before to the same request, placeholders and all, on the way back through
    /// all rules that ran.
    pub fn said_again(&self, text: String) -> MadeReply {
        let turn = Turn {
            wants_json: self.request.wants_json(),
            ..self.turn.clone()
        };
        MadeReply {
            way_back: Reply::new(self.ruleset().clone(), self.active.clone(), turn),
            says: OwnReply {
                text: Some(text),
                call: None,
            },
        }
    }
}

impl MadeReply {
    /// As a stream; `head`: what its chunks share. It ends with what it used, where that is asked for.
    pub fn stream(mut self, head: &ChunkHead, wants_usage: bool) -> Vec<u8> {
        let mut reader = EventReader::new();
        for frame in self.frames(head) {
            reader.push(format!("data: {frame}\n\n").as_bytes());
        }
        let mut out = Vec::new();
        while let Ok(Some(event)) = reader.next_event() {
            self.way_back.event(&event, &mut out);
        }
        if wants_usage {
            let mut reader = EventReader::new();
            let usage = head.usage_chunk(NO_USAGE);
            reader.push(format!("data: {usage}\n\n").as_bytes());
            while let Ok(Some(event)) = reader.next_event() {
                self.way_back.event(&event, &mut out);
            }
        }
        self.way_back.end(Ending::Whole, &mut out);
        out
    }

    /// As one completion.
    pub fn completion(mut self, head: &ChunkHead) -> Vec<u8> {
        let text = self.says.text.as_deref();
        let content = text.map_or_else(|| "null".to_owned(), json::encode);
        let (calls, finish) = match self.call(head, "") {
            Some(call) => (format!(",\"tool_calls\":[{call}]"), "tool_calls"),
            None => (String::new(), "stop"),
        };
        let choice = format!(
            r#"{{"index":0,"message":{{"role":"assistant","content":{content},"refusal":null{calls}}},"logprobs":null,"finish_reason":"{finish}"}}"#
        );
        let completion = head.completion_of(&[choice], Some(NO_USAGE));
        let whole = self.way_back.whole(&completion);
        whole.unwrap_or_else(|| completion.into_bytes())
    }

    fn frames(&self, head: &ChunkHead) -> Vec<String> {
        let mut frames = Vec::new();
        let mut begin = "\"role\":\"assistant\",";
        if let Some(text) = &self.says.text {
            let delta = format!("{{{begin}\"content\":{}}}", json::encode(text));
            frames.push(head.chunk(0, &delta, None));
            begin = "";
        }
        let mut finish = "stop";
        if let Some(call) = self.call(head, "\"index\":0,") {
            let none = if begin.is_empty() {
                ""
            } else {
                "\"content\":null,"
            };
            let delta = format!("{{{begin}{none}\"tool_calls\":[{call}]}}");
            frames.push(head.chunk(0, &delta, None));
            finish = "tool_calls";
        }
        frames.push(head.chunk(0, "{}", Some(finish)));
        frames
    }

    /// The tool call, as JSON that begins with some fields.
    fn call(&self, head: &ChunkHead, begin: &str) -> Option<String> {
        let call = self.says.call.as_ref()?;
        let (name, arguments) = (json::encode(&call.tool), json::encode(&call.arguments));
        let id = json::encode(&head.call_id(0, 0));
        Some(format!(
            r#"{{{begin}"id":{id},"type":"function","function":{{"name":{name},"arguments":{arguments}}}}}"#
        ))
    }
}
