//! The ways in which a reply can come, and what becomes of it then.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::{Value, json};

use crate::chat::reader::EventReader;
use crate::ruleset::case::ToolCall;
use crate::ruleset::{Ending, Reply};

/// What the model answers.
#[derive(Debug)]
pub(super) struct ModelAnswer<'c> {
    /// What it says.
    text: Option<&'c str>,
    /// The tools that it calls, each with its arguments as text.
    calls: Vec<(&'c str, String)>,
}

/// One way in which it comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Each text in one piece.
    Whole,
    /// As one completion, not streamed.
    Completion,
    /// One text in two pieces: which, and where.
    Cut(usize, usize),
    /// Letter by letter.
    Letters,
}

/// What arrives.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ArrivedReply {
    /// What the caller hears.
    pub(super) text: String,
    /// The tools that are called, each with its arguments.
    pub(super) calls: Vec<(String, String)>,
    /// Why a rule failed on the way; none: none did.
    pub(super) fault: Option<String>,
}

impl<'c> ModelAnswer<'c> {
    /// What a test's model answers; none where it says nothing of that.
    pub(super) fn of(
        text: Option<&'c str>,
        calls: Option<&'c [ToolCall]>,
    ) -> Option<ModelAnswer<'c>> {
        let is_said = text.is_some() || calls.is_some();
        let calls = calls.unwrap_or_default().iter();
        is_said.then(|| ModelAnswer {
            text,
            calls: calls.map(|call| (&*call.name, call.text())).collect(),
        })
    }

    /// Every way in which it may come.
    pub(super) fn ways(&self) -> Vec<Way> {
        let mut ways = vec![Way::Whole, Way::Completion];
        for (lane, text) in self.texts().iter().enumerate() {
            let places = text.char_indices().skip(1);
            ways.extend(places.map(|(at, _)| Way::Cut(lane, at)));
        }
        ways.push(Way::Letters);
        ways
    }

    /// How it came, for people; none: as it usually does.
    pub(super) fn told(&self, way: Way) -> Option<String> {
        match way {
            Way::Whole => None,
            Way::Completion => Some("the reply is not streamed".to_owned()),
            Way::Letters => Some("the reply comes letter by letter".to_owned()),
            Way::Cut(lane, at) => {
                let texts = self.texts();
                let first = texts.get(lane).and_then(|text| text.get(..at));
                let first = first.unwrap_or_default();
                let what = match self.text.is_some() && lane == 0 {
                    true => "the reply comes in two pieces, the first is",
                    false => "the arguments come in two pieces, the first is",
                };
                Some(format!("{what} `{first}`"))
            }
        }
    }

    /// What arrives of it on this way back; nothing, where a rule fails that must not.
    pub(super) fn heard(&self, way: Way, reply: Reply) -> ArrivedReply {
        let faults = reply.faults().clone();
        let arrived = catch_unwind(AssertUnwindSafe(|| self.arrived(way, reply)));
        ArrivedReply {
            fault: faults.first(),
            ..arrived.unwrap_or_default()
        }
    }

    fn arrived(&self, way: Way, mut reply: Reply) -> ArrivedReply {
        if way == Way::Completion {
            let whole = reply.whole(&self.completion()).unwrap_or_default();
            return ArrivedReply::of_completion(&whole);
        }
        let mut reader = EventReader::new();
        let mut out = Vec::new();
        for delta in self.deltas(way) {
            let chunk = json!({ "id": "t", "choices": [{ "index": 0, "delta": delta, "finish_reason": null }] });
            reader.push(format!("data: {chunk}\n\n").as_bytes());
        }
        while let Ok(Some(event)) = reader.next_event() {
            reply.event(&event, &mut out);
        }
        reply.end(Ending::Whole, &mut out);
        ArrivedReply::of_stream(&out)
    }

    /// The texts that stream by: what is said, then the arguments of each call.
    fn texts(&self) -> Vec<&str> {
        let calls = self.calls.iter().map(|(_, arguments)| &**arguments);
        self.text.into_iter().chain(calls).collect()
    }

    fn completion(&self) -> String {
        let calls = self.calls.iter().enumerate();
        let calls: Vec<Value> = calls
            .map(|(at, (name, arguments))| {
                json!({ "id": id(at), "type": "function", "function": { "name": name, "arguments": arguments } })
            })
            .collect();
        let mut message = json!({ "role": "assistant", "content": self.text });
        let finish = if calls.is_empty() {
            "stop"
        } else {
            "tool_calls"
        };
        if !calls.is_empty() {
            message["tool_calls"] = calls.into();
        }
        json!({ "id": "t", "choices": [{ "index": 0, "message": message, "finish_reason": finish }] })
            .to_string()
    }

    fn deltas(&self, way: Way) -> Vec<Value> {
        let mut deltas = Vec::new();
        let first_call = usize::from(self.text.is_some());
        if let Some(text) = self.text {
            let pieces = pieces(text, 0, way);
            deltas.extend(pieces.iter().map(|piece| json!({ "content": piece })));
        }
        for (at, (name, arguments)) in self.calls.iter().enumerate() {
            let pieces = pieces(arguments, first_call + at, way);
            // Some servers send a call in one piece, others its name before the first argument.
            let (head, rest) = match pieces.as_slice() {
                [whole] => (*whole, &[][..]),
                pieces => ("", pieces),
            };
            let function = json!({ "name": name, "arguments": head });
            let call =
                json!({ "index": at, "id": id(at), "type": "function", "function": function });
            deltas.push(json!({ "tool_calls": [call] }));
            deltas.extend(rest.iter().map(|piece| {
                json!({ "tool_calls": [{ "index": at, "function": { "arguments": piece } }] })
            }));
        }
        deltas
    }
}

impl ArrivedReply {
    /// What arrives of a stream of events.
    pub(super) fn of_stream(out: &[u8]) -> ArrivedReply {
        let mut heard = ArrivedReply::default();
        let out = String::from_utf8_lossy(out);
        let frames = out.lines().filter_map(|line| line.strip_prefix("data: "));
        frames.for_each(|frame| heard.add(frame));
        heard
    }

    /// What arrives of one completion.
    pub(super) fn of_completion(out: &[u8]) -> ArrivedReply {
        let mut heard = ArrivedReply::default();
        heard.add(&String::from_utf8_lossy(out));
        heard
    }

    /// Adds what one chunk, or a completion, brings.
    fn add(&mut self, chunk: &str) {
        let chunk: Value = serde_json::from_str(chunk).unwrap_or_default();
        let choice = &chunk["choices"][0];
        let Some(delta) = choice.get("delta").or(choice.get("message")) else {
            return;
        };
        self.text += delta["content"].as_str().unwrap_or_default();
        let calls = delta["tool_calls"].as_array();
        for (at, call) in calls.into_iter().flatten().enumerate() {
            let index = call["index"].as_u64().map_or(at, |index| index as usize);
            while self.calls.len() <= index.min(1000) {
                self.calls.push(Default::default());
            }
            let Some((name, arguments)) = self.calls.get_mut(index) else {
                continue;
            };
            let function = &call["function"];
            name.push_str(function["name"].as_str().unwrap_or_default());
            arguments.push_str(function["arguments"].as_str().unwrap_or_default());
        }
    }
}

/// The pieces of the text at a place among all.
fn pieces(text: &str, lane: usize, way: Way) -> Vec<&str> {
    match way {
        Way::Cut(cut, at) if cut == lane => vec![&text[..at], &text[at..]],
        Way::Letters if !text.is_empty() => {
            let letters = text.char_indices();
            let letter = |(at, sign): (usize, char)| &text[at..at + sign.len_utf8()];
            letters.map(letter).collect()
        }
        _ => vec![text],
    }
}

fn id(call: usize) -> String {
    format!("call_{}", call + 1)
}
