use super::*;
use crate::chat::Message;

/// A history of assistant messages with tool calls of these ids; a blank one is what the caller says.
fn history(ids: &[&str]) -> ChatRequest {
    let messages = ids.iter().map(|id| match *id {
        "" => serde_json::json!({"role": "user", "content": "Hi."}),
        id => serde_json::json!({"role": "assistant", "tool_calls": [
            {"id": id, "type": "function", "function": {"name": "look", "arguments": "{}"}}]}),
    });
    let body = serde_json::json!({"messages": messages.collect::<Vec<_>>()}).to_string();
    ChatRequest::parse(body.into()).expect("a request")
}

fn keep(states: &KeptStates, call: &str, after: usize, id: &str, thought: &str) {
    states.keep(call, reply(after, id, thought));
}

fn reply(after: usize, id: &str, thought: &str) -> KeptReply {
    let state = CarriedState {
        reasoning: Some(thought.into()),
        ..CarriedState::default()
    };
    KeptReply {
        after,
        ids: vec![id.to_owned()],
        is_whole: true,
        state: Arc::new(state),
    }
}

/// What is put on each message.
fn carried(states: &KeptStates, call: &str, ids: &[&str]) -> Vec<String> {
    let mut request = history(ids);
    states.carry_into(call, &mut request);
    let thought = |message: &Message| {
        let reasoning = message
            .carried()
            .and_then(|state| state.reasoning.as_deref());
        reasoning.unwrap_or("-").to_owned()
    };
    request.messages().iter().map(thought).collect()
}

#[test]
fn a_reply_is_known_again_by_the_ids_of_its_tool_calls() {
    let states = KeptStates::default();
    assert_eq!(carried(&states, "a", &["", "x"]), ["-", "-"]);
    keep(&states, "a", 1, "x", "one");
    keep(&states, "a", 3, "y", "two");
    assert_eq!(
        carried(&states, "a", &["", "x", "", "y", "z"]),
        ["-", "one", "-", "two", "-"]
    );
    assert_eq!(
        carried(&states, "b", &["", "x"]),
        ["-", "-"],
        "another call"
    );
    // A platform that says more before it, or cuts the beginning off.
    assert_eq!(carried(&states, "a", &["", "", "x"]), ["-", "-", "one"]);
    assert_eq!(carried(&states, "a", &["y"]), ["two"]);
}

#[test]
fn ids_that_are_counted_anew_in_each_reply_are_told_apart_by_their_places() {
    let states = KeptStates::default();
    keep(&states, "a", 1, "call_0", "one");
    keep(&states, "a", 4, "call_0", "two");
    let ids = ["", "call_0", "", "", "call_0"];
    assert_eq!(carried(&states, "a", &ids), ["-", "one", "-", "-", "two"]);

    // The first was made elsewhere, and so is one that follows.
    let states = KeptStates::default();
    keep(&states, "a", 4, "call_0", "two");
    let ids = ["", "call_0", "", "", "call_0", "", "call_0"];
    assert_eq!(
        carried(&states, "a", &ids),
        ["-", "-", "-", "-", "two", "-", "-"]
    );
}

#[test]
fn a_reply_that_was_superseded_gives_way_to_the_one_that_stands_there() {
    let states = KeptStates::default();
    keep(&states, "a", 1, "call_0", "cut");
    keep(&states, "a", 2, "call_0", "new");
    assert_eq!(
        carried(&states, "a", &["", "", "call_0"]),
        ["-", "-", "new"]
    );
    // The same request again.
    keep(&states, "a", 2, "call_0", "again");
    assert_eq!(
        carried(&states, "a", &["", "", "call_0"]),
        ["-", "-", "again"]
    );
}

#[test]
fn a_reply_that_was_cut_off_takes_no_place_from_the_one_that_followed_it() {
    let states = KeptStates::default();
    let cut = |thought: &str| KeptReply {
        is_whole: false,
        ..reply(1, "x", thought)
    };
    states.keep("a", cut("cut"));
    assert_eq!(carried(&states, "a", &["", "x"]), ["-", "cut"]);
    keep(&states, "a", 1, "x", "whole");
    states.keep("a", cut("late"));
    assert_eq!(carried(&states, "a", &["", "x"]), ["-", "whole"]);
}

#[test]
fn one_call_takes_no_more_than_its_share() {
    let states = KeptStates::default();
    for at in 0..=MOST_REPLIES {
        keep(&states, "a", at, &format!("id-{at}"), "thought");
    }
    let count = |call: &str| states.calls.get(call).expect("it is there").0.len();
    assert_eq!(count("a"), MOST_REPLIES.div_ceil(2) + 1);
    let newest = format!("id-{MOST_REPLIES}");
    assert_eq!(carried(&states, "a", &[&newest]), ["thought"]);
    for at in 0..40 {
        keep(&states, "b", at, "id", &"long".repeat(16 << 10));
        let weight = states.calls.get("b").expect("it is there").weight();
        assert!(weight <= MOST_OF_CALL, "{weight}");
    }
    assert!(count("b") >= 4);
}

#[test]
fn all_calls_together_are_bounded_and_the_newest_is_there() {
    let states = KeptStates::default();
    for at in 0..200 {
        let call = format!("call-{at}");
        for after in 0..8 {
            keep(
                &states,
                &call,
                after,
                &format!("id-{after}"),
                &"x".repeat(64 << 10),
            );
        }
    }
    states.calls.run_pending_tasks();
    assert!(states.calls.weighted_size() <= MOST_BYTES);
    assert!(states.calls.get("call-199").is_some());
    assert!(states.calls.get("call-0").is_none());
    assert!(!format!("{states:?}").contains('x'));
}
