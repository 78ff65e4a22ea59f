use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::chat::ChatRequest;
use crate::chat::vapi::VapiFields;
use crate::files::Source;
use crate::ruleset::{Passage, Ruleset, StepOutcome, TurnInput, facts_of_turn};

fn ruleset(rules: &[&str]) -> Arc<Ruleset> {
    let sources = rules.iter().enumerate();
    let sources = sources.map(|(at, text)| Source::new(format!("{at}.toml"), *text));
    let (ruleset, problems) = Ruleset::read(sources.collect(), &|_| None);
    Arc::new(ruleset.unwrap_or_else(|| panic!("{problems:?}")))
}

fn once(when: &str, text: &str) -> String {
    let when = match when {
        "" => String::new(),
        when => format!("when = '{when}'\n"),
    };
    format!("about = \"x\"\n{when}[then.inject]\ntext = \"{text}\"\nonce = \"call\"\n")
}

fn message(letter: &str) -> Value {
    let (role, text) = letter.split_once(':').expect("a role and a text");
    match role {
        "s" => json!({ "role": "system", "content": text }),
        "u" => json!({ "role": "user", "content": text }),
        "a" => json!({ "role": "assistant", "content": text }),
        "c" => json!({ "role": "assistant", "content": null, "tool_calls": [
            { "id": text, "type": "function", "function": { "name": "f", "arguments": "{}" } },
        ] }),
        _ => json!({ "role": "tool", "tool_call_id": text, "content": "1" }),
    }
}

/// The texts of the messages behind the rules, what a rule put in between brackets; and the first
/// step's reason where it was skipped.
fn passed(rules: &[&str], history: &str, more: Value) -> (String, Option<String>) {
    let messages: Vec<Value> = history.split(", ").map(message).collect();
    let mut body = more;
    body["messages"] = messages.into();
    let request = ChatRequest::parse(body.to_string().into()).expect("a request");
    let vapi = VapiFields::of(&request);
    let mut facts = facts_of_turn(&request, vapi, "default", "2026-11-23T10:00:00Z".to_owned());
    if let Some(context) = body.get("context") {
        facts.set("context", context.clone());
    }
    let passage = Passage::begin(&ruleset(rules), TurnInput::new(request, facts))
        .out(&mut || Duration::ZERO)
        .expect("no rule fails closed");
    let texts = passage
        .request
        .messages()
        .iter()
        .map(|it| match it.source() {
            Some(_) => it.text().into_owned(),
            None => format!("<{}>", it.text()),
        });
    let skipped = passage.steps.first();
    let skipped = skipped.filter(|step| step.outcome == StepOutcome::Skipped);
    (
        texts
            .filter(|text| !text.is_empty() && text != "1")
            .collect::<Vec<_>>()
            .join(" "),
        skipped.and_then(|step| step.why.clone()),
    )
}

#[test]
fn it_stands_where_its_condition_first_held_and_stays() {
    let refund = once(r#"says(turn.user, ["refund"])"#, "R");
    for (history, expected) in [
        ("s:S, u:hi", "S hi"),
        ("s:S, u:hi, a:yes, u:a refund", "S hi yes <R> a refund"),
        (
            "s:S, u:hi, a:yes, u:a refund, a:ok, u:thanks",
            "S hi yes <R> a refund ok thanks",
        ),
        (
            "s:S, u:a refund, a:ok, u:a refund, c:1, t:1",
            "S <R> a refund ok a refund",
        ),
        ("s:S, a:refund, u:hi", "S refund hi"),
        ("s:refund", "refund"),
    ] {
        assert_eq!(
            passed(&[&refund], history, json!({})).0,
            expected,
            "{history}"
        );
    }
    let (_, why) = passed(&[&refund], "u:hi, a:yes, u:no", json!({}));
    assert_eq!(why.as_deref(), Some("its condition held in no turn so far"));
    let (_, why) = passed(&[&refund], "s:S", json!({}));
    assert_eq!(why.as_deref(), Some("nobody has spoken yet"));
}

#[test]
fn without_a_condition_it_is_the_first_turn() {
    let rule = once("", "R");
    for (history, expected) in [
        ("s:S", "S"),
        ("s:S, a:hello", "S hello"),
        ("s:S, a:hello, u:one", "S hello <R> one"),
        (
            "s:S, a:hello, u:one, a:yes, u:two",
            "S hello <R> one yes two",
        ),
    ] {
        assert_eq!(
            passed(&[&rule], history, json!({})).0,
            expected,
            "{history}"
        );
    }
}

#[test]
fn the_past_is_asked_after_each_result_too() {
    let steps = once("turn.steps >= 2", "R");
    for (history, expected) in [
        ("u:one, c:1, t:1", "one"),
        ("u:one, c:1, t:1, c:2, t:2", "<R> one"),
        (
            "u:one, c:1, t:1, c:2, t:2, a:done, u:two",
            "<R> one done two",
        ),
        (
            "u:one, a:yes, u:two, c:1, t:1, c:2, t:2, a:done, u:three",
            "one yes <R> two done three",
        ),
        (
            "u:one, c:1, t:1, a:done, u:two, c:2, t:2, a:done, u:three",
            "one done two done three",
        ),
    ] {
        assert_eq!(
            passed(&[&steps], history, json!({})).0,
            expected,
            "{history}"
        );
    }
    let said = once(r#"turn.assistant == "which day?""#, "R");
    let history = "u:book, a:which day?, u:monday, a:done, u:thanks";
    assert_eq!(
        passed(&[&said], history, json!({})).0,
        "book which day? <R> monday done thanks"
    );
}

#[test]
fn its_text_is_that_of_its_turn() {
    let rule = once(
        "turn.number == 2",
        "{{ turn.number }} {{ turn.user }} {{ turn.assistant }}",
    );
    let history = "u:one, a:yes, u:two, a:no, u:three";
    assert_eq!(
        passed(&[&rule], history, json!({})).0,
        "one yes <2 two yes> two no three"
    );
}

#[test]
fn what_the_history_does_not_tell_is_as_it_is_now() {
    let vip = once("context.call.vip == true", "R");
    let more = json!({ "context": { "call": { "vip": true } } });
    assert_eq!(
        passed(&[&vip], "u:one, a:yes, u:two", more).0,
        "<R> one yes two"
    );
    let (text, why) = passed(&[&vip], "u:one, a:yes, u:two", json!({}));
    assert_eq!(text, "one yes two");
    assert_eq!(why.as_deref(), Some("`context.call.vip` is absent"));
    let cut_in = once("turn.interrupted == true", "R");
    let more = json!({ "metadata": { "assistantTurnInterrupted": true } });
    assert_eq!(
        passed(&[&cut_in], "u:one, a:yes, u:two", more).0,
        "one yes <R> two"
    );
}

#[test]
fn what_other_rules_do_does_not_move_it() {
    let rule = once(r#"turn.user.contains("4111")"#, "R");
    let redact = "about = \"x\"\n[then.redact]\nfind = [\"card\"]\n";
    let examples =
        "about = \"x\"\n[then.inject]\nexamples = [{ user = \"eu\", assistant = \"ea\" }]\n";
    let tail = "about = \"x\"\n[then.inject]\ntext = \"T\"\nrole = \"user\"\n";
    let history = "s:S, u:hi, a:yes, u:4111 1111 1111 1111, a:ok, u:bye";
    let (text, _) = passed(&[redact, examples, tail, &rule], history, json!({}));
    assert_eq!(text, "S <eu> <ea> hi yes <R> [CARD_1] ok <T> bye");
    // Where its turn is gone, it stands before what is left.
    let trim = "about = \"x\"\n[then.trim]\nmessages = 3\n";
    let first = once("", "R");
    let (text, _) = passed(
        &[trim, &first],
        "u:1a, a:1b, u:2a, a:2b, u:3a, a:3b, u:4a",
        json!({}),
    );
    let rest = text.strip_prefix("<R> ").expect("it is first");
    assert!(rest.ends_with("4a") && !rest.contains("1a"), "{text}");
}
