//! "Make this turn a test": the text that the inspector writes of a turn, put into the rule's own file
//! or into `tests/`, passes with `aside test`, and fails where the rule does something else.

use serde_json::{Value, json};

use crate::aside::{Aside, Finished, Setup, config};
use crate::fixtures;
use crate::inspect::{get, play, wait_for};
use crate::inspect_trials::with_all_rules;
use crate::recording::{VALUES, private_turn, upstream, without};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{choice_frame, frame, saying, streaming, turn_of, with};

const INJECT: &str =
    "about = \"x\"\n[then.inject]\nplace = \"system-end\"\ntext = \"The caller pays with gold.\"\n";
const REDACT: &str = "about = \"x\"\n[then.redact]\nfind = [\"card\", \"email\"]\npatterns = { ORDER = '\\bORD-\\d{8}\\b' }\nknown = [\"customer.name\"]\nrestore_tools = [\"pay.card\"]\n";

/// The test of a turn that is played before a server with this rule.
fn written(rule: &str, body: &[u8], reply: Vec<ScriptStep>) -> (Setup, String) {
    let upstream = Upstream::start(move |_, _| reply.clone());
    let setup = Setup::with_config(&config(&upstream, ""));
    let aside = Aside::serve(&setup.clone().rule("50-own", rule));
    let turn = play(&aside, &[], body);
    wait_for(&aside, &format!("/inspect/api/turns/{turn}"), |_| true);
    let test = get(&aside, &format!("/inspect/api/turns/{turn}/test")).json();
    assert_eq!(test["ran"]["passes"], json!(true), "{test:#}");
    (setup, test["text"].as_str().expect("text").to_owned())
}

/// What `aside test` says of the text in the rule's own file, and of that in `tests/`.
fn tried(setup: &Setup, rule: &str, text: &str) -> [Finished; 2] {
    let own = setup.clone().rule("50-own", &format!("{rule}\n{text}"));
    let beside = setup.clone().rule("50-own", rule);
    let beside = beside.file("rules/tests/turn.toml", text);
    [own.run(&["test"], ""), beside.run(&["test"], "")]
}

/// Plays a turn and looks whether its test passes; `other`: a rule with which it must not.
fn becomes(rule: &str, body: &[u8], reply: Vec<ScriptStep>, other: &str) -> String {
    let (setup, text) = written(rule, body, reply);
    for ran in tried(&setup, rule, &text) {
        assert_eq!(ran.code, Some(0), "{text}\n{}{}", ran.stdout, ran.stderr);
    }
    for ran in tried(&setup, other, &text) {
        assert_eq!(ran.code, Some(1), "{text}\n{}{}", ran.stdout, ran.stderr);
    }
    text
}

/// A stream that calls a tool with these arguments, in pieces.
fn calling(name: &str, pieces: &[&str]) -> Vec<ScriptStep> {
    let first = json!({ "tool_calls": [{ "index": 0, "id": "call_1", "type": "function", "function": { "name": name, "arguments": "" } }] });
    let mut frames = vec![frame(first)];
    frames.extend(pieces.iter().map(|piece| {
        frame(json!({ "tool_calls": [{ "index": 0, "function": { "arguments": piece } }] }))
    }));
    frames.push(choice_frame(0, json!({}), json!("tool_calls")));
    frames.push(b"data: [DONE]\n\n".to_vec());
    streaming(frames.iter().map(Vec::as_slice))
}

#[test]
fn a_plain_turn_is_a_test_that_checks_what_its_rule_writes() {
    let other = INJECT.replace("gold", "silver");
    let text = becomes(
        INJECT,
        &turn_of("c", "Hello."),
        saying(&["Hi", "!"]),
        &other,
    );
    for part in [
        "caller = \"Hello.\"",
        "upstream_gets",
        "pays with gold",
        "temperature = 0.5",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_redacted_turn_is_a_test_with_values_that_are_made_up_and_found() {
    let said =
        "I am Dana Whitfield: card 5425 2334 3010 9903, order ORD-83920174, kit@mail.example.com.";
    let body = with(
        &turn_of("c", said),
        json!({ "customer": { "name": "Dana Whitfield" } }),
    );
    let reply = saying(&[
        "Thanks, [NA",
        "ME_1]: [ORDER_1] on [CARD_1]",
        ", and [CARD_9].",
    ]);
    let other = REDACT.replace("patterns", "# patterns");
    let text = becomes(REDACT, &body, reply, &other);
    without(&["5425", "83920174", "kit@mail", "Whitfield"], &text);
    assert!(
        text.contains("model_gets = \"I am [NAME_1]: card [CARD_1], order [ORDER_1]"),
        "{text}"
    );
}

#[test]
fn a_turn_with_the_result_of_a_tool_is_a_test() {
    let messages = json!([
        { "role": "system", "content": "Be brief." },
        { "role": "user", "content": "Which card do you have?" },
        { "role": "assistant", "content": null, "tool_calls": [{ "id": "call_1", "type": "function",
            "function": { "name": "cards", "arguments": "{\"of\":null}" } }] },
        { "role": "tool", "tool_call_id": "call_1", "content": "5425 2334 3010 9903" },
    ]);
    let body = with(&turn_of("c", ""), json!({ "messages": messages }));
    let reply = saying(&["It is [CARD_1]."]);
    let other = REDACT.replace("\"card\", ", "");
    let text = becomes(REDACT, &body, reply, &other);
    assert!(
        text.contains("role = \"tool\"") && !text.contains("\ncaller ="),
        "{text}"
    );
    without(&["5425"], &text);
}

#[test]
fn a_turn_in_which_the_model_calls_a_tool_is_a_test_of_what_the_tool_gets() {
    let tools = json!([{ "type": "function", "function": { "name": "pay", "description": "Pays.",
        "parameters": { "type": "object", "properties": { "card": { "type": "string" } } } } }]);
    let body = with(
        &turn_of("c", "Use 5425 2334 3010 9903."),
        json!({ "tools": tools, "metadata": { "a": 1 } }),
    );
    let other = REDACT.replace("[\"pay.card\"]", "false");
    for pieces in [
        &["{\"card\":\"[CA", "RD_1]\",\"note\":\"of [CARD_1]\"}"][..],
        &["{\"card\":\"[CARD_1]\",\"note\":null,\"n\":[1,2.5]}"],
    ] {
        let text = becomes(REDACT, &body, calling("pay", pieces), &other);
        for part in ["model_calls = ", "tool_gets = ", "tools = ["] {
            assert!(text.contains(part), "{part}: {text}");
        }
        without(&["5425"], &text);
    }
}

#[test]
fn a_turn_that_a_rule_answers_is_a_test_that_asks_no_model() {
    let rule = "about = \"x\"\nwhen = 'says(turn.user, [\"open\"])'\n[then.answer]\nsay = \"Nine to five, {{ customer.name }}.\"\n";
    let body = with(
        &turn_of("c", "When are you open?"),
        json!({ "customer": { "name": "Ann" } }),
    );
    let other = rule.replace("Nine", "Ten");
    let text = becomes(rule, &body, saying(&["Never."]), &other);
    assert!(text.contains("model_asked = false"), "{text}");
    let calls = "about = \"x\"\n[then.answer]\nsay = \"Bye.\"\ncall = { name = \"endCall\" }\n";
    let tools = json!([{ "type": "function", "function": { "name": "endCall" } }]);
    let body = with(&turn_of("c", "Bye."), json!({ "tools": tools }));
    becomes(
        calls,
        &body,
        saying(&["Never."]),
        &calls.replace("Bye.", "Good-bye."),
    );
}

#[test]
fn a_turn_whose_rule_asks_for_the_call_the_caller_and_the_time_is_a_test() {
    let when =
        |condition: &str| INJECT.replace("[then", &format!("when = '''{condition}'''\n[then"));
    let body = with(
        &turn_of("c", "Hello."),
        json!({
            "call": { "id": "c", "type": "webCall" },
            "customer": { "number": "+4930555123", "name": "Dana Whitfield" },
            "metadata": { "plan": "gold", "tries": 7, "tags": ["old", "vip"], "vip": true },
        }),
    );
    for condition in [
        "call.type == \"webCall\" && metadata.vip",
        "customer.number.startsWith(\"+49\")",
        "customer.number.matches(\"^\\\\+49[0-9]{6,}$\")",
        "has(customer.name) && customer.name != \"\"",
        "metadata.plan in [\"gold\", \"silver\"] && metadata.tries > 3",
        "\"vip\" in metadata.tags",
        "now > timestamp(\"2020-01-01T00:00:00Z\") && now.getFullYear() >= 2020",
        "turn.number == 1 && request.model == \"gpt-4o\"",
    ] {
        let text = becomes(
            &when(condition),
            &body,
            saying(&["Hi."]),
            &when("metadata.plan == \"none\""),
        );
        without(&["30555123", "Whitfield"], &text);
    }
    // And where it did not act.
    for condition in [
        "metadata.plan == \"silver\"",
        "metadata.tries < 3",
        "customer.number.startsWith(\"+1\")",
    ] {
        becomes(&when(condition), &body, saying(&["Hi."]), INJECT);
    }
}

#[test]
fn a_turn_is_a_test_of_the_fields_that_rules_change() {
    let set = "about = \"x\"\n[then.set]\ntemperature = 0.1\nseed = 7\nunset = [\"user\"]\n";
    let body = with(
        &turn_of("c", "Hello."),
        json!({ "user": "u-1", "top_p": 0.9 }),
    );
    let text = becomes(
        set,
        &body,
        saying(&["Hi."]),
        &set.replace("seed = 7", "seed = 8"),
    );
    for part in ["seed = 7", "upstream_lacks", "top_p = 0.9"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn turns_through_rules_that_cut_shape_and_speak_are_tests() {
    let tool = |name: &str| json!({ "type": "function", "function": { "name": name, "description": "x" } });
    let said = |role: &str, text: &str| json!({ "role": role, "content": text });
    let messages = [
        said("system", "You help."),
        said("user", "One."),
        said("assistant", "Two."),
        said("user", "Three."),
        said("assistant", "Four."),
        said("user", "Five."),
    ];
    let more = json!({ "messages": messages, "tools": [tool("book"), tool("transferCall")] });
    let body = with(&turn_of("c", ""), more);
    for (does, other) in [
        (
            "[then.trim]\nmessages = 4\nsummary = \"It began before.\"\n",
            "[then.trim]\nmessages = 4\n",
        ),
        (
            "[then.tools]\nremove = [\"transferCall\"]\n",
            "[then.tools]\nremove = [\"book\"]\n",
        ),
        (
            "[then.speak]\nnumbers = true\n",
            "[then.speak]\nnumbers = false\n",
        ),
    ] {
        let [rule, other] = [does, other].map(|does| format!("about = \"x\"\n{does}"));
        let reply = saying(&["It is $5", ".50, **no", "w**."]);
        becomes(&rule, &body, reply, &other);
    }
}

#[test]
fn a_turn_within_a_share_of_calls_or_out_of_it_is_a_test_of_all_rules() {
    let rule = INJECT.replace("[then", "percent = 50\n[then");
    let mut acted = Vec::new();
    for call in ["c-1", "c-2", "c-3", "c-4", "c-5", "c-6"] {
        let (setup, text) = written(&rule, &turn_of(call, "Hello."), saying(&["Hi."]));
        let [_, beside] = tried(&setup, &rule, &text);
        assert_eq!(beside.code, Some(0), "{text}\n{}", beside.stdout);
        acted.push(text.contains("pays with gold"));
    }
    assert!(acted.contains(&true) && acted.contains(&false), "{acted:?}");
}

#[test]
fn real_turns_through_several_rules_are_tests_that_pass() {
    let upstream = upstream();
    let setup = with_all_rules(&upstream);
    let aside = Aside::serve(&setup);
    let mut bodies: Vec<Vec<u8>> = fixtures::bodies()
        .into_iter()
        .map(|(_, body)| body)
        .collect();
    bodies.push(private_turn("call-1"));
    let mut texts = String::new();
    for body in &bodies {
        let turn = play(&aside, &[], body);
        wait_for(&aside, &format!("/inspect/api/turns/{turn}"), |_| true);
        let test = get(&aside, &format!("/inspect/api/turns/{turn}/test")).json();
        assert_ne!(test["ran"]["passes"], json!(false), "{test:#}");
        let text = test["text"].as_str().expect("text");
        // What the condition of a rule asks for is in the rule.
        let values: Vec<&str> = VALUES
            .iter()
            .copied()
            .filter(|it| *it != "canary-plan")
            .collect();
        without(&values, text);
        texts.push_str(text);
        assert_ne!(test["text"], Value::Null);
    }
    let ran = setup
        .file("rules/tests/turns.toml", &texts)
        .run(&["test"], "");
    assert_eq!(ran.code, Some(0), "{} {}", ran.stdout, ran.stderr);
}
