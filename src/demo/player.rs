//! Sample calls, posted as Vapi posts them.

use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::StreamExt;
use http::Request;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::net::http::{Addresses, AskError, BrokenOff, HttpClient, Reach};
use crate::net::tls::{self, RootsError};

/// How long a reply may take to begin.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// The server is on this machine.
const REACH: Reach = Reach {
    within: Duration::from_secs(5),
    addresses: Addresses::Any,
};

/// A sample call.
#[derive(Debug)]
pub struct Sample {
    /// What it shows.
    pub title: &'static str,
    /// What the caller says, turn by turn.
    pub says: &'static [&'static str],
    has_tool: bool,
}

/// The sample calls.
pub const SAMPLES: &[Sample] = &[
    Sample {
        title: "The model knows who calls, and never sees the name",
        says: &["Hi there, it's me again."],
        has_tool: false,
    },
    Sample {
        title: "A card number stays here, and the caller still hears it",
        says: &[
            "Please charge 4111 1111 1111 1111.",
            "Or rather the 5500 0000 0000 0004, and use 4111-1111-1111-1111 next time.",
        ],
        has_tool: false,
    },
    Sample {
        title: "A tool gets the real value, the model its placeholder",
        says: &["Send the receipt to dana.whitfield@example.com please."],
        has_tool: true,
    },
];

/// What happened in one turn.
#[derive(Debug)]
pub struct PlayedTurn {
    /// What the caller said.
    pub caller_says: String,
    /// What the caller hears, or the tool call that Vapi runs.
    pub caller_hears: String,
    /// Whether it is a tool call.
    pub is_tool_call: bool,
    /// How long after the request the first word came; none: there was no text.
    pub first_word: Option<Duration>,
    /// How long after the request the reply ended.
    pub took: Duration,
    /// Whether it ended as Vapi expects: one finish reason, then `[DONE]`.
    pub ended_well: bool,
}

/// Why a sample call could not be played, as it follows "failed to".
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    /// The client can't be made.
    #[error(transparent)]
    Roots(#[from] RootsError),
    /// The base URL is none.
    #[error("ask the server: {0}")]
    Url(#[from] http::Error),
    /// Nobody answers.
    #[error("ask the server: {0}")]
    Ask(#[from] AskError),
    /// No answer in time.
    #[error("ask the server: it does not answer")]
    Silent,
    /// The reply broke off.
    #[error("read the reply: {0}")]
    Reply(#[from] BrokenOff),
}

/// Plays one turn after the other against a base URL; `after` sees each.
pub async fn play(
    sample: &Sample,
    base: &str,
    after: &mut dyn FnMut(&PlayedTurn),
) -> Result<(), PlayError> {
    let client = HttpClient::new(tls::from_environment()?);
    let mut messages = vec![
        json!({"role": "system", "content": "You are the friendly assistant of a shop. Keep answers short."}),
        json!({"role": "assistant", "content": "Thanks for calling, how can I help?"}),
    ];
    for said in sample.says {
        messages.push(json!({"role": "user", "content": said}));
        let body = request(sample, &messages);
        let url = format!("{base}/chat/completions");
        let asked = Instant::now();
        let mut first_word = None;
        let request = Request::post(url)
            .header("content-type", "application/json")
            .body(Bytes::from(body.to_string()))?;
        let answer = timeout(LONGEST_WAIT, client.ask(request, REACH)).await;
        let mut answer = answer.map_err(|_| PlayError::Silent)??;
        let mut stream = Vec::new();
        while let Some(piece) = answer.body.next().await {
            stream.extend_from_slice(&piece?);
            if first_word.is_none() && !heard_in(&String::from_utf8_lossy(&stream)).is_empty() {
                first_word = Some(asked.elapsed());
            }
        }
        let stream = String::from_utf8_lossy(&stream);
        let heard = heard_in(&stream);
        messages.push(json!({"role": "assistant", "content": heard}));
        after(&PlayedTurn {
            caller_says: (*said).to_owned(),
            caller_hears: heard,
            is_tool_call: sample.has_tool,
            first_word,
            took: asked.elapsed(),
            ended_well: ended_well(&stream),
        });
    }
    Ok(())
}

/// A body as Vapi sends it (`metadataSendMode: "variable"`).
fn request(sample: &Sample, messages: &[Value]) -> Value {
    let customer = json!({"number": "+14155550123", "name": "Dana Whitfield"});
    let mut body = json!({
        "model": "demo",
        "messages": messages,
        "temperature": 0.5,
        "stream": true,
        "max_tokens": 250,
        "call": {"id": format!("demo-{}", sample.title.len()), "type": "inboundPhoneCall", "customer": customer},
        "customer": customer,
        "metadata": {"numModelRequestInTurn": 0},
    });
    if sample.has_tool {
        body["tools"] = json!([{"type": "function", "function": {
            "name": "send_receipt",
            "parameters": {"type": "object", "properties": {"email": {"type": "string"}}},
        }}]);
    }
    body
}

fn chunks_in(stream: &str) -> impl Iterator<Item = Value> {
    let data = stream
        .lines()
        .filter_map(|line| line.strip_prefix("data: "));
    data.filter_map(|data| serde_json::from_str(data).ok())
}

fn ended_well(stream: &str) -> bool {
    let reasons = chunks_in(stream).filter(|chunk| {
        let reason = chunk.pointer("/choices/0/finish_reason");
        reason.is_some_and(Value::is_string)
    });
    reasons.count() == 1 && stream.ends_with("data: [DONE]\n\n")
}

/// What the caller hears of a stream, or the tool call that Vapi runs.
fn heard_in(stream: &str) -> String {
    let chunks = chunks_in(stream);
    let (mut text, mut tool, mut arguments) = (String::new(), String::new(), String::new());
    for chunk in chunks {
        let Some(delta) = chunk.pointer("/choices/0/delta") else {
            continue;
        };
        let piece = |pointer: &str| {
            delta
                .pointer(pointer)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        text += &piece("/content");
        tool += &piece("/tool_calls/0/function/name");
        arguments += &piece("/tool_calls/0/function/arguments");
    }
    if tool.is_empty() {
        text
    } else {
        format!("{tool}({arguments})")
    }
}
