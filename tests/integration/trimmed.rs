//! Rules that make a request smaller: `trim` bounds the history of a long call, `tools` the tools.

use serde_json::{Value, json};

use crate::aside::{Aside, Setup, config};
use crate::upstream::Upstream;
use crate::wire::{CHAT, Reply, saying};

fn says(role: &str, text: &str) -> Value {
    json!({ "role": role, "content": text })
}

/// A call of so many turns, as Vapi posts the newest.
fn call_of(turns: usize) -> Vec<Value> {
    let mut messages = vec![says("system", "You help.")];
    for turn in 0..turns {
        messages.push(says("user", &format!("Question {turn}.")));
        messages.push(says("assistant", &format!("Answer {turn}.")));
    }
    messages.push(says("user", "And now?"));
    messages
}

#[test]
fn a_long_call_goes_bounded_and_with_a_steady_beginning() {
    let upstream = Upstream::playing(saying(&["Ok."]));
    let trim = "about = \"x\"\n[then.trim]\nmessages = 16\ntokens = 2000\nsummary = \"Earlier: {{ context.call.summary | default('left out') }}.\"\n";
    let aside = Aside::serve(&Setup::with_config(&config(&upstream, "")).rule("10-trim", trim));
    let mut sent: Vec<Vec<Value>> = Vec::new();
    for turns in 0..30 {
        let body = json!({ "model": "gpt-4o", "stream": true, "call": { "id": "c" }, "messages": call_of(turns) });
        let answer = aside.client().post(CHAT, &[], body.to_string().as_bytes());
        assert_eq!(Reply::read(&answer.text()).heard(), "Ok.");
        let request = upstream.request(turns).json();
        sent.push(request["messages"].as_array().expect("messages").clone());
    }
    let mut same = 0;
    for (turns, messages) in sent.iter().enumerate() {
        assert_eq!(messages[0], says("system", "You help."));
        assert_eq!(messages.last(), Some(&says("user", "And now?")));
        let is_cut = 2 * turns + 1 > 16;
        let summary = says("system", "Earlier: left out.");
        assert_eq!(messages.get(1) == Some(&summary), is_cut, "{turns} turns");
        assert!(messages.len() <= 18, "{turns} turns: {}", messages.len());
        if is_cut {
            assert_eq!(messages[2]["role"], "user");
        }
        let before = turns.checked_sub(1).map(|before| &sent[before]);
        let begins = |before: &Vec<Value>| messages.starts_with(&before[..before.len() - 1]);
        same += usize::from(before.is_some_and(begins));
    }
    assert!(same >= 22, "{same} of 29 turns begin as the one before");
}

#[test]
fn tools_that_a_rule_takes_out_are_not_offered() {
    let upstream = Upstream::playing(saying(&["Ok."]));
    let tools = "about = \"x\"\n[then.tools]\nremove = [\"transfer*\"]\n[[then.tools.add]]\nname = \"look_up\"\nparameters = { type = \"object\", properties = { city = { type = \"string\" } } }\n";
    let setup = Setup::with_config(&config(&upstream, "")).rule("10-tools", tools);
    let checked = setup.run(&["check"], "");
    assert_eq!(checked.code, Some(0), "{}", checked.stderr);
    let told = "Vapi calls none but the tools that its assistant has";
    assert!(checked.stderr.contains(told), "{}", checked.stderr);
    let aside = Aside::serve(&setup);
    let tool =
        |name: &str| json!({ "type": "function", "function": { "name": name, "parameters": {} } });
    let body = json!({
        "model": "gpt-4o", "stream": true, "messages": call_of(0),
        "tools": [tool("transferCall"), tool("endCall")],
        "tool_choice": { "type": "function", "function": { "name": "transferCall" } },
    });
    let answer = aside.client().post(CHAT, &[], body.to_string().as_bytes());
    assert_eq!(answer.status, 200);
    answer.text();
    let sent = upstream.request(0).json();
    let names: Vec<&Value> = sent["tools"].as_array().expect("tools").iter().collect();
    assert_eq!(names[0], &tool("endCall"));
    assert_eq!(names[1]["function"]["name"], "look_up");
    assert_eq!((names.len(), sent.get("tool_choice")), (2, None));
}
