//! The turns that a probe plays: what Vapi sends on a call, in short, and all of it made up.
//!
//! No rule has a part in them, and nothing of anybody's is in them.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::chat::ChatRequest;

/// The word that a late system message asks for: who says it has read that message.
pub(super) const ASKED_FOR: &str = "lantern";

/// The name of the turn whose answer is to come as a whole.
const NOT_STREAMED: &str = "whole";

/// One turn of a probe.
#[derive(Debug)]
pub struct ProbeTurn {
    /// Its name, for machines.
    pub name: &'static str,
    /// What it is, for people.
    pub about: &'static str,
    /// What its answer should be.
    pub(super) wants: ProbeWish,
    messages: fn() -> Value,
    fields: fn() -> Value,
}

impl ProbeTurn {
    /// Whether its answer is asked for as a stream.
    pub(super) fn is_streamed(&self) -> bool {
        self.name != NOT_STREAMED
    }
}

/// What the answer to a turn should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ProbeWish {
    /// Words.
    Words,
    /// Words that show that a late system message was read.
    TheWord,
    /// A call of the tool.
    Call,
    /// Words that are JSON.
    Json,
    /// Words, and the usage.
    Usage,
}

/// All of them. The first says whether anything works.
pub(super) const TURNS: &[ProbeTurn] = &[
    ProbeTurn {
        name: "plain",
        about: "a turn as Vapi sends it",
        wants: ProbeWish::Words,
        messages: plain,
        fields: none,
    },
    ProbeTurn {
        name: "late_system",
        about: "late system messages",
        wants: ProbeWish::TheWord,
        messages: late_system,
        fields: none,
    },
    ProbeTurn {
        name: "last_system",
        about: "a system message at the end",
        wants: ProbeWish::Words,
        messages: last_system,
        fields: none,
    },
    ProbeTurn {
        name: "no_user",
        about: "the model speaks first",
        wants: ProbeWish::Words,
        messages: no_user,
        fields: none,
    },
    ProbeTurn {
        name: "tools",
        about: "tools",
        wants: ProbeWish::Call,
        messages: order,
        fields: tools,
    },
    ProbeTurn {
        name: "tool_result",
        about: "the result of a tool",
        wants: ProbeWish::Words,
        messages: tool_result,
        fields: tools,
    },
    ProbeTurn {
        name: "tool_history",
        about: "a caller who speaks on behind it",
        wants: ProbeWish::Words,
        messages: tool_history,
        fields: tools,
    },
    ProbeTurn {
        name: "json",
        about: "an answer in JSON",
        wants: ProbeWish::Json,
        messages: in_json,
        fields: json_format,
    },
    ProbeTurn {
        name: "usage",
        about: "usage in the stream",
        wants: ProbeWish::Usage,
        messages: plain,
        fields: with_usage,
    },
    ProbeTurn {
        name: NOT_STREAMED,
        about: "an answer that is not streamed",
        wants: ProbeWish::Words,
        messages: plain,
        fields: not_streamed,
    },
];

impl ProbeTurn {
    /// The request of this turn, as it would come out of the rules.
    pub(super) fn request(&self, model: &str) -> Option<ChatRequest> {
        let mut request = json!({
            "model": model,
            "messages": (self.messages)(),
            "temperature": 0.5,
            "max_tokens": 250,
            "stream": true,
        });
        if let (Some(request), Value::Object(more)) = (request.as_object_mut(), (self.fields)()) {
            request.extend(more);
        }
        ChatRequest::parse(Bytes::from(request.to_string())).ok()
    }
}

fn system() -> Value {
    said(
        "system",
        "You are on the phone for a bicycle shop. Answer in one short sentence.",
    )
}

fn said(role: &str, text: &str) -> Value {
    json!({ "role": role, "content": text })
}

fn hello() -> Value {
    said("assistant", "Hello, this is the bicycle shop.")
}

fn plain() -> Value {
    json!([
        system(),
        hello(),
        said("user", "Good morning! Are you open today?")
    ])
}

/// As Vapi's `add-message` leaves them, and the tail note of a rule behind.
fn late_system() -> Value {
    let word = format!("Say the word \"{ASKED_FOR}\" in your next answer.");
    json!([
        system(),
        hello(),
        said("user", "Good morning!"),
        said("assistant", "Good morning, how can I help?"),
        said("system", &word),
        said("system", "It is Monday, nine in the morning."),
        said("user", "What do you sell?"),
    ])
}

fn last_system() -> Value {
    json!([
        system(),
        hello(),
        said("user", "Good morning!"),
        said("assistant", "Good morning, how can I help?"),
        said("system", "Ask the caller whether the line is good."),
    ])
}

fn no_user() -> Value {
    json!([system()])
}

fn order() -> Value {
    json!([
        system(),
        hello(),
        said("user", "Where is my order 1042? Please look it up."),
    ])
}

/// A call of the tool and its result, as Vapi writes them.
fn looked_up() -> [Value; 3] {
    let id = "call_aZ3kQ8vXy2mN5pT7wB9cD1fG";
    let function = json!({ "name": "order_status", "arguments": "{\"order\":\"1042\"}" });
    [
        said("user", "Where is my order 1042? Please look it up."),
        json!({
            "role": "assistant",
            "content": "",
            "tool_calls": [{ "id": id, "type": "function", "function": function }],
        }),
        json!({ "role": "tool", "tool_call_id": id, "content": "The order left the shop today." }),
    ]
}

fn tool_result() -> Value {
    let [asked, call, result] = looked_up();
    json!([system(), hello(), asked, call, result])
}

fn tool_history() -> Value {
    let [asked, call, result] = looked_up();
    let more = said("user", "Hello? When will it be here?");
    json!([system(), hello(), asked, call, result, more])
}

fn in_json() -> Value {
    json!([
        said(
            "system",
            "Answer with a JSON object with the one key \"answer\"."
        ),
        said("user", "In JSON, please: how many wheels has a bicycle?"),
    ])
}

fn none() -> Value {
    json!({})
}

fn tools() -> Value {
    json!({
        "tools": [{
            "type": "function",
            "function": {
                "name": "order_status",
                "description": "Looks up where an order is.",
                "parameters": {
                    "type": "object",
                    "properties": { "order": { "type": "string", "description": "Its number." } },
                    "required": ["order"],
                },
            },
        }],
        "tool_choice": "auto",
    })
}

fn json_format() -> Value {
    json!({ "response_format": { "type": "json_object" } })
}

fn with_usage() -> Value {
    json!({ "stream_options": { "include_usage": true } })
}

fn not_streamed() -> Value {
    json!({ "stream": false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_turn_is_a_request_of_its_own_name() {
        let mut names: Vec<&str> = TURNS.iter().map(|turn| turn.name).collect();
        for turn in TURNS {
            let request = turn.request("m-1").expect(turn.name);
            assert_eq!(request.notes(), &[] as &[String], "{}", turn.name);
            assert_eq!(request.wants_stream(), turn.is_streamed());
            assert_eq!(request.field("max_tokens").map(|it| &**it), Some("250"));
            assert_eq!(request.field("model").map(|it| &**it), Some("\"m-1\""));
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), TURNS.len());
    }
}
