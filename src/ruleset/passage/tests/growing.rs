//! Conversations that grow: what was sent before the newest user message is sent so again, byte by
//! byte, whatever rules there are.

use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::chat::Role;
use crate::chat::vapi::VapiFields;
use crate::ruleset::facts_of_turn;

/// Rules of which each leaves the prefix as it was.
const RULES: &[&str] = &[
    "about = \"x\"\n[then.inject]\ntext = \"First of {{ customer.name }}: {{ turn.user }}.\"\nonce = \"call\"",
    "about = \"x\"\nwhen = 'says(turn.user, [\"refund\"])'\n[then.inject]\ntext = \"Refund {{ turn.number }}: 4000 0566 5566 5556, {{ turn.assistant | default(\\\"\\\") }}.\"\nonce = \"call\"\nmax_chars = 30",
    "about = \"x\"\nwhen = 'turn.steps > 1'\n[then.inject]\nmessages = [{ role = \"user\", text = \"So many steps?\" }, { role = \"assistant\", text = \"{{ turn.steps }}\" }]\nonce = \"call\"",
    "about = \"x\"\nwhen = 'turn.number > 2 && turn.assistant == \"Anything else?\"'\n[then.inject]\nexamples = [{ user = \"a\", assistant = \"b\" }]\nonce = \"call\"",
    "about = \"x\"\n[then.inject]\nexamples = [{ user = \"I am {{ customer.name }}.\", assistant = \"Hi.\" }, { user = \"c\", assistant = \"d\" }]",
    "about = \"x\"\n[then.inject]\nmessages = [{ text = \"e\" }, { role = \"assistant\", text = \"f\" }]\nplace = \"system-end\"",
    "about = \"x\"\n[then.inject]\ntext = \"Turn {{ turn.number }}.\"\nevery = 2",
    "about = \"x\"\n[then.inject]\ntext = \"Said {{ turn.user }}.\"\nrole = \"user\"",
    "about = \"x\"\n[then.rewrite]\npairs = [{ find = 'refund', replace = 'REFUND of {{ customer.name }}' }, { find = 'REFUND', replace = 'Refund' }]\nin = [\"user\", \"assistant\", \"tool\"]",
];
const REDACT: &str =
    "about = \"x\"\n[then.redact]\nfind = [\"card\", \"phone\"]\nknown = [\"customer.name\"]";
const SAYS: &[&str] = &[
    "Hi.",
    "I want a refund.",
    "My card is 4111 1111 1111 1111.",
    "It is Ann Lee, 202-555-0143.",
    "a refund, a refund, and [CARD_1]",
    "",
];
const REPLIES: &[&str] = &["Sure.", "Anything else?", "Is it Ann Lee?", ""];

/// A turn of the caller's: what is said, how often tools are called, what the reply is.
type SaidTurn = (usize, usize, usize);

/// The requests of a call, one for each time that the model is asked.
fn requests(greets: bool, turns: &[SaidTurn]) -> Vec<Vec<Value>> {
    let mut history = vec![json!({ "role": "system", "content": "You help." })];
    let mut requests = Vec::new();
    if greets {
        requests.push(history.clone());
        history.push(json!({ "role": "assistant", "content": "Hello!" }));
    }
    let mut calls = 0;
    for (says, steps, reply) in turns {
        history.push(json!({ "role": "user", "content": SAYS[*says] }));
        requests.push(history.clone());
        for _ in 0..*steps {
            calls += 1;
            let id = format!("call_{calls}");
            history.push(json!({ "role": "assistant", "content": null, "tool_calls": [
                { "id": id, "type": "function", "function": { "name": "f", "arguments": "{\"card\":\"4111111111111111\"}" } },
            ] }));
            history.push(json!({ "role": "tool", "tool_call_id": id, "content": "refund" }));
            requests.push(history.clone());
        }
        history.push(json!({ "role": "assistant", "content": REPLIES[*reply] }));
    }
    requests
}

/// What goes upstream: each message, and how many stand before the newest of the caller and what is
/// placed there.
fn sent(ruleset: &Arc<Ruleset>, messages: &[Value]) -> (Vec<String>, usize) {
    let body = json!({ "messages": messages, "customer": { "name": "Ann Lee" } });
    let request = ChatRequest::parse(body.to_string().into()).expect("a request");
    let vapi = VapiFields::of(&request);
    let facts = facts_of_turn(&request, vapi, "default", "2026-11-23T10:00:00Z".to_owned());
    let passage = Passage::begin(ruleset, TurnInput::new(request, facts))
        .out(&mut || Duration::ZERO)
        .expect("no rule fails");
    for step in &passage.steps {
        assert_ne!(step.outcome, StepOutcome::Failed, "{step:?}");
    }
    let messages = passage.request.messages();
    let is_clients = |it: &crate::chat::Message| {
        it.role() == Role::User && it.put_by() == crate::chat::message::PutBy::Client
    };
    let newest = messages
        .iter()
        .rposition(is_clients)
        .unwrap_or(messages.len());
    let before = messages[..newest].iter();
    let stable = newest - before.rev().take_while(|it| it.is_at_tail()).count();
    let written = messages.iter().map(|message| {
        let mut out = String::new();
        message.write(&|_| true, &mut out);
        out
    });
    (written.collect(), stable)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]
    #[test]
    fn what_was_sent_before_the_newest_message_is_sent_so_again(
        greets in any::<bool>(),
        turns in prop::collection::vec((0..SAYS.len(), 0_usize..3, 0..REPLIES.len()), 1..6),
        chosen in prop::collection::vec(0..RULES.len(), 1..5),
        redacts in 0_usize..3,
    ) {
        let mut rules: Vec<&str> = chosen.iter().map(|at| RULES[*at]).collect();
        match redacts {
            0 => rules.insert(0, REDACT),
            1 => rules.push(REDACT),
            _ => {}
        }
        let ruleset = ruleset_of(&rules);
        let mut before: Option<(Vec<String>, usize)> = None;
        for request in requests(greets, &turns) {
            let (now, stable) = sent(&ruleset, &request);
            if let Some((written, stable)) = &before {
                let kept = now.get(..*stable);
                prop_assert_eq!(kept, Some(&written[..*stable]), "{:?}", request);
            }
            before = Some((now, stable));
        }
    }
}
