//! aside before one scripted provider, with the rules that ship.

use serde_json::{Value, json};

use super::Refuses;
use crate::aside::{Aside, Setup};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{CHAT, Reply, stream_head};

/// What each reply of the fixtures says.
pub(super) const HEARD: &str = "Nine it is, on Monday.";

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/providers");
const KEY: &str = "key-of-the-provider-0123";

/// A server before a provider that refuses what the real one refuses.
pub(super) struct Exchange {
    preset: &'static str,
    refuses: Refuses,
    provider: Upstream,
    aside: Aside,
    /// How often the provider was asked.
    asked: usize,
}

/// A turn as Vapi posts it: a message that was added late, a tool's history with empty content, its
/// usual parameters, and what it says of the call.
pub(super) fn vapi_turn(model: &str) -> Value {
    json!({
        "model": model,
        "messages": [
            { "role": "system", "content": "You book appointments for a clinic." },
            { "role": "assistant", "content": "Hello, how can I help?" },
            { "role": "user", "content": "What is free on Monday?" },
            { "role": "assistant", "content": "", "tool_calls": [{
                "id": "call_aB3dE5fG7hJ9kL1mN3pQ5rS7", "type": "function",
                "function": { "name": "find_slots", "arguments": "{\"day\":\"Monday\"}" },
            }] },
            { "role": "tool", "tool_call_id": "call_aB3dE5fG7hJ9kL1mN3pQ5rS7", "content": "nine, eleven" },
            { "role": "assistant", "content": "Nine or eleven." },
            { "role": "system", "content": "The clinic closes early on Monday." },
            { "role": "user", "content": "Take nine, please." },
        ],
        "temperature": 0.5,
        "tools": [{ "type": "function", "function": {
            "name": "find_slots", "description": "Finds free times.",
            "parameters": { "type": "object", "properties": { "day": { "type": "string" } }, "required": ["day"] },
        } }],
        "stream": true,
        "max_tokens": 250,
        "call": { "id": "call-of-providers", "type": "inboundPhoneCall" },
        "phoneNumber": { "number": "+14155550100" },
        "customer": { "name": "Dana Whitfield" },
        "metadata": { "numAssistantTurns": 3 },
    })
}

impl Exchange {
    /// Starts both. `manner`: whose replies the provider gives.
    pub(super) fn start(preset: &'static str, manner: &str, refuses: Refuses) -> Exchange {
        let reply = fixture(&format!("{manner}.sse"));
        let provider = Upstream::start(move |request, _| match refuses(&request.json()) {
            Some(refused) => refused.steps(),
            None => vec![
                stream_head(),
                ScriptStep::Chunk(reply.clone().into_bytes()),
                ScriptStep::EndChunks,
            ],
        });
        let url = provider.url();
        let config =
            format!("[upstream.it]\npreset = \"{preset}\"\nurl = \"{url}\"\nkey = \"{KEY}\"\n");
        let setup = Setup::with_config(&config)
            .rule(
                "10-caller-context",
                include_str!("../../../rules/10-caller-context.toml"),
            )
            .rule(
                "20-private-data",
                include_str!("../../../rules/20-private-data.toml"),
            )
            .rule(
                "30-spoken-style",
                include_str!("../../../rules/30-spoken-style.toml"),
            );
        let aside = Aside::serve(&setup);
        Exchange {
            preset,
            refuses,
            provider,
            aside,
            asked: 0,
        }
    }

    /// What is wrong with how a turn fares: it should be answered at the first try.
    pub(super) fn wrong_with(&mut self, turn: &Value) -> Option<String> {
        let (first, preset, model) = (self.asked, self.preset, &turn["model"]);
        let answer = self
            .aside
            .client()
            .post(CHAT, &[], turn.to_string().as_bytes());
        let heard = Reply::read(&answer.text()).heard();
        self.asked = self.provider.count();
        let told = self.provider.request(first).json();
        let refused = (self.refuses)(&told).map(|refused| refused.body);
        let tries = self.asked - first;
        let is_good = heard == HEARD && tries == 1;
        (!is_good)
            .then(|| format!("{preset} {model}: {tries} tries, `{heard}`, {refused:?} of {told}"))
    }

    /// What is wrong with the first request: it should be that of the fixtures, with the key where
    /// the row says.
    pub(super) fn wrong_with_first(&self) -> Option<String> {
        let request = self.provider.request(0);
        let (header, value) = match self.preset {
            "azure" => ("api-key", KEY.to_owned()),
            _ => ("authorization", format!("Bearer {KEY}")),
        };
        if request.header(header) != [value] {
            return Some(format!("{}: {}", self.preset, request.head));
        }
        let name = format!("{}.json", self.preset);
        if std::env::var_os("ASIDE_WRITE_FIXTURES").is_some() {
            let text = serde_json::to_string_pretty(&request.json()).expect("JSON");
            std::fs::write(format!("{FIXTURES}/{name}"), text + "\n").expect("a folder");
        }
        // As text, since the order counts as well.
        let came = request.json().to_string();
        let expected: Value = serde_json::from_str(&fixture(&name)).expect("JSON");
        let expected = expected.to_string();
        (came != expected).then(|| format!("{}: {came}", self.preset))
    }
}

fn fixture(name: &str) -> String {
    let path = format!("{FIXTURES}/{name}");
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("read {path}: {error}"))
}
