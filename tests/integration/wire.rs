//! What goes over the wire: requests as Vapi posts them, streams as upstreams send them, and
//! what a client makes of a reply.

use serde_json::{Value, json};

use crate::upstream::ScriptStep;

/// What the caller hears when nobody answers, unless a config says otherwise.
pub(crate) const APOLOGY: &str = "Sorry, I did not get that. Could you say it again?";

/// The usual path.
pub(crate) const CHAT: &str = "/v1/chat/completions";

/// A request for a stream in which the caller says this.
pub(crate) fn turn(text: &str) -> Vec<u8> {
    let request = json!({
        "model": "gpt-4o",
        "messages": [{ "role": "system", "content": "Be brief." }, { "role": "user", "content": text }],
        "temperature": 0.5,
        "stream": true,
    });
    request.to_string().into_bytes()
}

/// The same as one turn of a call.
pub(crate) fn turn_of(call: &str, text: &str) -> Vec<u8> {
    with(&turn(text), json!({ "call": { "id": call } }))
}

/// A request with more fields, or other ones.
pub(crate) fn with(request: &[u8], more: Value) -> Vec<u8> {
    let mut request: Value = serde_json::from_slice(request).expect("a request");
    for (key, value) in more.as_object().expect("fields") {
        request[key] = value.clone();
    }
    request.to_string().into_bytes()
}

/// The head of a stream.
pub(crate) fn stream_head() -> ScriptStep {
    ScriptStep::Send(
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
            .to_vec(),
    )
}

/// A frame with a delta.
pub(crate) fn frame(delta: Value) -> Vec<u8> {
    choice_frame(0, delta, Value::Null)
}

/// A frame of a choice.
pub(crate) fn choice_frame(choice: usize, delta: Value, finish: Value) -> Vec<u8> {
    let chunk = json!({
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "gpt-4o",
        "choices": [{ "index": choice, "delta": delta, "finish_reason": finish }],
    });
    format!("data: {chunk}\n\n").into_bytes()
}

/// A chunk of a body with a frame that says this.
pub(crate) fn says(text: &str) -> ScriptStep {
    ScriptStep::Chunk(frame(json!({ "content": text })))
}

/// The end of a stream.
pub(crate) fn stop() -> ScriptStep {
    let mut end = choice_frame(0, json!({}), json!("stop"));
    end.extend_from_slice(b"data: [DONE]\n\n");
    ScriptStep::Chunk(end)
}

/// A whole stream that says these pieces.
pub(crate) fn saying(pieces: &[&str]) -> Vec<ScriptStep> {
    let mut steps = vec![stream_head()];
    steps.extend(pieces.iter().map(|piece| says(piece)));
    steps.extend([stop(), ScriptStep::EndChunks]);
    steps
}

/// A whole stream of these bytes, one chunk each.
pub(crate) fn streaming<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<ScriptStep> {
    let mut steps = vec![stream_head()];
    steps.extend(
        pieces
            .into_iter()
            .filter(|piece| !piece.is_empty())
            .map(|piece| ScriptStep::Chunk(piece.to_vec())),
    );
    steps.push(ScriptStep::EndChunks);
    steps
}

/// An answer that is no stream.
pub(crate) fn whole(status: &str, headers: &str, body: &str) -> Vec<ScriptStep> {
    let length = body.len();
    let answer = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n{headers}\r\n{body}");
    vec![ScriptStep::Send(answer.into_bytes())]
}

/// A whole completion that says this.
pub(crate) fn completion(text: &str) -> Vec<ScriptStep> {
    let body = json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-4o",
        "choices": [{ "index": 0, "message": { "role": "assistant", "content": text }, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2 },
    });
    whole(
        "200 OK",
        "content-type: application/json\r\n",
        &body.to_string(),
    )
}

/// What a client makes of a stream.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reply {
    /// The frames but `[DONE]`.
    pub(crate) frames: Vec<Value>,
}

impl Reply {
    /// Reads a stream, and checks all that Vapi's client insists on.
    pub(crate) fn read(body: &str) -> Reply {
        let body = body
            .strip_suffix("data: [DONE]\n\n")
            .unwrap_or_else(|| panic!("`[DONE]` is not last:\n{body}"));
        let events = body.split_terminator("\n\n");
        let frames = events.map(|event| {
            let data = event
                .strip_prefix("data:")
                .unwrap_or_else(|| panic!("no `data:` line: `{event}`"));
            let frame: Value = serde_json::from_str(data)
                .unwrap_or_else(|error| panic!("no JSON ({error}): `{data}`"));
            assert!(frame["choices"].is_array(), "no choices: `{data}`");
            assert!(frame["error"].is_null(), "an error: `{data}`");
            frame
        });
        let reply = Reply {
            frames: frames.collect(),
        };
        assert_eq!(reply.finishes(0).len(), 1, "one finish reason:\n{body}");
        reply
    }

    /// All finish reasons of a choice.
    pub(crate) fn finishes(&self, choice: u64) -> Vec<String> {
        let reasons = self
            .choices(choice)
            .filter_map(|choice| choice["finish_reason"].as_str());
        reasons.map(str::to_owned).collect()
    }

    /// The content of a choice.
    pub(crate) fn text(&self, choice: u64) -> String {
        let texts = self
            .choices(choice)
            .filter_map(|choice| choice["delta"]["content"].as_str());
        texts.collect()
    }

    /// What the caller hears.
    pub(crate) fn heard(&self) -> String {
        self.text(0)
    }

    /// Name and arguments of a tool call of the first choice.
    pub(crate) fn call(&self, index: u64) -> (String, String) {
        let mut call = (String::new(), String::new());
        let deltas = self
            .choices(0)
            .filter_map(|choice| choice["delta"]["tool_calls"].as_array());
        for delta in deltas.flatten().filter(|delta| delta["index"] == index) {
            call.0 += delta["function"]["name"].as_str().unwrap_or_default();
            call.1 += delta["function"]["arguments"].as_str().unwrap_or_default();
        }
        call
    }

    fn choices(&self, index: u64) -> impl Iterator<Item = &Value> {
        let all = self
            .frames
            .iter()
            .filter_map(|frame| frame["choices"].as_array());
        all.flatten().filter(move |choice| choice["index"] == index)
    }
}
