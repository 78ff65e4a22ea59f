//! What a model thought in earlier replies, which goes back to its upstream.

use std::sync::Arc;

use super::*;
use crate::chat::carried::CarriedState;
use serde_json::{Value, json};

fn request(caller: &[&str]) -> ChatRequest {
    let mut messages = vec![
        json!({"role": "system", "content": "Be brief."}),
        json!({"role": "assistant", "content": "", "tool_calls": [
            {"id": "x", "type": "function", "function": {"name": "look", "arguments": "{}"}}]}),
        json!({"role": "tool", "tool_call_id": "x", "content": "done"}),
    ];
    messages.extend(
        caller
            .iter()
            .map(|text| json!({"role": "user", "content": text})),
    );
    ChatRequest::parse(json!({"messages": messages}).to_string().into()).expect("a request")
}

fn thinking(mut request: ChatRequest, thought: &str) -> ChatRequest {
    let state = CarriedState {
        reasoning: Some(thought.into()),
        ..CarriedState::default()
    };
    request.carry([(1, Arc::new(state))]);
    request
}

/// What a rule leaves of the thought, and of the last message.
fn passed(rule: &RedactRule, mut request: ChatRequest, customer: Value) -> (String, String) {
    let mut turn = Turn::new(facts(customer));
    rule.hide(&mut request, &mut turn).expect("it runs");
    let thought = request.messages()[1]
        .carried()
        .and_then(|state| state.reasoning.clone());
    let last = request
        .messages()
        .last()
        .expect("a message")
        .text()
        .into_owned();
    (thought.as_deref().unwrap_or("-").to_owned(), last)
}

#[test]
fn what_became_private_meanwhile_is_hidden_in_a_thought_too() {
    let rule = rule("find = [\"card\"]\nknown = [\"customer.name\"]");
    let customer = json!({"name": "Dana Reed"});
    for (thought, expected) in [
        ("Dana Reed wants it.", "[NAME_1] wants it."),
        ("Charge 4111 1111 1111 1111.", "Charge [CARD_1]."),
        (
            "Use [CARD_1] for [NAME_7], [CARD_~1].",
            "Use [CARD_1] for [NAME_7], [CARD_~1].",
        ),
        ("Nothing.", "Nothing."),
    ] {
        let request = thinking(request(&["Go on."]), thought);
        assert_eq!(passed(&rule, request, customer.clone()).0, expected);
    }
}

#[test]
fn a_thought_renumbers_nothing_whether_it_is_there_or_not() {
    let rule = rule("find = [\"card\"]");
    let caller = ["Take 5555 5555 5555 4444."];
    for thought in [
        "First 4111 1111 1111 1111.",
        "None.",
        "5555555555554444, then 4111111111111111.",
    ] {
        let (thought, said) = passed(&rule, thinking(request(&caller), thought), json!({}));
        assert_eq!(said, "Take [CARD_1].");
        assert!(!thought.contains("4111"), "{thought}");
        assert!(!thought.contains("5555"), "{thought}");
    }
    let (_, said) = passed(&rule, request(&caller), json!({}));
    assert_eq!(said, "Take [CARD_1].");
    let thought = thinking(
        request(&caller),
        "4111 1111 1111 1111 or 5555 5555 5555 4444",
    );
    assert_eq!(passed(&rule, thought, json!({})).0, "[CARD_2] or [CARD_1]");
}

#[test]
fn a_thought_is_hidden_in_turns_that_are_remembered_and_never_remembered_itself() {
    let rule = rule("find = [\"card\"]");
    let says = "It is 5555 5555 5555 4444, or so.";
    let caller = vec![says; 30];
    for turn in 0..3 {
        for thought in ["Say 4111 1111 1111 1111.", "Say nothing."] {
            let request = thinking(request(&caller), thought);
            let (thought, said) = passed(&rule, request, json!({}));
            assert!(!thought.contains("4111"), "turn {turn}: {thought}");
            assert_eq!(said, "It is [CARD_1], or so.");
        }
    }
    let (thought, _) = passed(&rule, request(&caller), json!({}));
    assert_eq!(thought, "-");
    for past in rule.histories.all() {
        assert!(
            past.changed
                .iter()
                .all(|(_, message)| message.carried().is_none())
        );
    }
}

#[test]
fn where_the_assistant_is_not_searched_what_was_found_elsewhere_is_hidden_in_its_thoughts() {
    let rule = rule("find = [\"card\"]\nin = [\"user\"]");
    let caller = ["Take 5555 5555 5555 4444."];
    let thought = "5555 5555 5555 4444 it is, not 4111 1111 1111 1111";
    let (thought, _) = passed(&rule, thinking(request(&caller), thought), json!({}));
    assert_eq!(thought, "[CARD_1] it is, not 4111 1111 1111 1111");
}

#[test]
fn a_mask_hides_in_thoughts_as_well() {
    let rule = rule("find = [\"card\"]\nstyle = \"remove\"");
    let (thought, _) = passed(
        &rule,
        thinking(request(&["Go."]), "A 4111 1111 1111 1111 b"),
        json!({}),
    );
    assert!(!thought.contains("4111"), "{thought}");
}
