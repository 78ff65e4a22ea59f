//! A voice platform: what it keeps of a reply, and what it drops.

use serde_json::{Value, json};

use crate::client::Client;
use crate::wire::{CHAT, Reply};

/// A voice platform with one call: of a reply it keeps what it needs, and nothing else.
pub(crate) struct Platform {
    messages: Vec<Value>,
    call: Option<&'static str>,
    /// The key to aside.
    pub(crate) key: &'static str,
    /// Whether it asks for streams.
    pub(crate) streams: bool,
}

impl Platform {
    /// A call of this id in which the assistant has said hello.
    pub(crate) fn of(call: Option<&'static str>) -> Platform {
        let messages = json!([
            { "role": "system", "content": "Be brief." },
            { "role": "assistant", "content": "Hello, how may I help you?" },
        ]);
        Platform {
            messages: messages.as_array().expect("messages").clone(),
            call,
            key: "",
            streams: true,
        }
    }

    /// The caller says this.
    pub(crate) fn hears(&mut self, text: &str) -> &mut Platform {
        self.messages
            .push(json!({ "role": "user", "content": text }));
        self
    }

    /// One step; where the model calls tools, they are done. Gives what the model said.
    pub(crate) fn step(&mut self, client: &mut Client) -> String {
        let mut body = json!({
            "model": "any", "messages": self.messages, "temperature": 0.5, "max_tokens": 250,
            "stream": self.streams,
            "tools": [{ "type": "function", "function": { "name": "look", "parameters": { "type": "object" } } }],
        });
        if let Some(call) = self.call {
            body["call"] = json!({ "id": call });
        }
        let key = format!("Bearer {}", self.key);
        let answer = client.post(
            CHAT,
            &[("authorization", &key)],
            body.to_string().as_bytes(),
        );
        assert_eq!(answer.status, 200, "{}", answer.text());
        let (text, calls) = match self.streams {
            true => said(&Reply::read(&answer.text()).frames, "delta"),
            false => said(&[answer.json()], "message"),
        };
        self.messages
            .push(json!({ "role": "assistant", "content": text }));
        if !calls.is_empty() {
            self.messages.last_mut().expect("a message")["tool_calls"] = json!(calls);
        }
        for call in &calls {
            let result = json!({ "role": "tool", "tool_call_id": call["id"], "content": "done" });
            self.messages.push(result);
        }
        text
    }
}

/// The text and the tool calls of a reply, without what OpenAI's clients do not know.
fn said(frames: &[Value], field: &str) -> (String, Vec<Value>) {
    let parts = frames.iter().map(|frame| &frame["choices"][0][field]);
    let (mut text, mut calls) = (String::new(), Vec::new());
    for part in parts {
        text += part["content"].as_str().unwrap_or_default();
        for call in part["tool_calls"].as_array().into_iter().flatten() {
            let function = &call["function"];
            if call["id"].is_string() {
                calls.push(json!({ "id": call["id"], "type": "function",
                    "function": { "name": function["name"], "arguments": function["arguments"] } }));
            }
        }
    }
    (text, calls)
}
