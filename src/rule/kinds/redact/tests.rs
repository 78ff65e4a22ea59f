mod beside_messages;
mod remembered;
mod spoken_names;
mod spread;
mod suggested_names;
mod thoughts;
mod voice;

use super::*;
use crate::detect::Detector;
use crate::lang::facts::Facts;
use crate::rule::Lane;

fn rule(toml: &str) -> RedactRule {
    toml::from_str(toml).unwrap_or_else(|error| panic!("{error}"))
}

fn facts(customer: serde_json::Value) -> Facts {
    let mut facts = Facts::default();
    facts.set("customer", customer);
    facts
}

/// The messages as they go upstream (JSON), and the turn.
fn sent(rule: &RedactRule, facts: Facts, body: serde_json::Value) -> (String, Turn) {
    let mut request = ChatRequest::parse(body.to_string().into()).expect("a request");
    let mut turn = Turn::new(facts);
    rule.on_request(&mut request, &mut turn).expect("it works");
    let everything = crate::chat::request::Takes {
        all_fields: true,
        message_fields: vec!["words".into()],
        ..Default::default()
    };
    (
        String::from_utf8(request.write(&everything)).expect("UTF-8"),
        turn,
    )
}

fn said(rule: &RedactRule, text: &str) -> (String, Turn) {
    let (sent, turn) = sent(
        rule,
        Facts::default(),
        serde_json::json!({"messages": [{"role": "user", "content": text}]}),
    );
    let sent: serde_json::Value = serde_json::from_str(&sent).expect("JSON");
    (
        sent["messages"][0]["content"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
        turn,
    )
}

/// What comes out of a lane, the same for every cut.
fn heard(rule: &RedactRule, turn: &Turn, kind: &LaneKind, text: &str) -> String {
    let run = |pieces: &[&str]| {
        let lane = Lane {
            choice: 0,
            kind: kind.clone(),
            is_json: matches!(kind, LaneKind::Arguments { .. }),
        };
        let Some(mut filter) = rule.on_reply(turn, &lane) else {
            return pieces.concat();
        };
        let mut out = String::new();
        pieces.iter().for_each(|piece| filter.push(piece, &mut out));
        filter.finish(&mut out);
        out
    };
    let whole = run(&[text]);
    for cut in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
        assert_eq!(run(&[&text[..cut], &text[cut..]]), whole, "cut at {cut}");
    }
    let letters: Vec<String> = text.chars().map(String::from).collect();
    assert_eq!(
        run(&letters.iter().map(String::as_str).collect::<Vec<_>>()),
        whole,
        "letter by letter"
    );
    whole
}

fn arguments(tool: &str) -> LaneKind {
    LaneKind::Arguments {
        tool: tool.to_owned(),
    }
}

#[test]
fn values_are_hidden_in_every_place_of_a_request() {
    let rule = rule("find = [\"card\", \"email\"]");
    let card = "4111 1111 1111 1111";
    let body = serde_json::json!({
        "messages": [
            {"role": "system", "content": format!("s {card}")},
            {"role": "user", "content": [{"type": "text", "text": format!("u {card}")}], "name": "a@example.com"},
            {"role": "assistant", "content": null, "refusal": card, "tool_calls": [
                {"id": "x", "type": "function", "function": {"name": "f", "arguments": format!("{{\"c\":\"{card}\"}}")}}]},
            {"role": "tool", "tool_call_id": "x", "content": format!("{{\"card\":\"{card}\"}}"), "words": [{"word": card}]},
            {"role": "function", "name": "f", "content": card},
        ],
        "user": card,
        "stop": [card],
        "tools": [{"type": "function", "function": {"name": "f", "description": card}}],
        "extra": {"deep": [card]},
    });
    let (sent, turn) = sent(&rule, Facts::default(), body);
    assert!(
        !sent.contains("4111") && !sent.contains("example.com"),
        "{sent}"
    );
    assert!(
        !sent.contains("words"),
        "what can't be searched stays here: {sent}"
    );
    assert_eq!(sent.matches("[CARD_1]").count(), 10, "{sent}");
    assert_eq!(
        turn.vault.counts(),
        [("CARD".to_owned(), 1), ("EMAIL".to_owned(), 1)]
    );
}

#[test]
fn values_come_back_in_their_first_spelling() {
    let rule = rule("find = [\"card\"]\nunknown = \"it\"");
    let (got, turn) = said(
        &rule,
        "4111 1111 1111 1111 or 4111-1111-1111-1111 or 5500 0000 0000 0004",
    );
    assert_eq!(got, "[CARD_1] or [CARD_1] or [CARD_2]");
    let text = "I have [CARD_1], **[card 2]**, CARD_1 and [CARD_9]; card 1 [x] [CARD";
    assert_eq!(
        heard(&rule, &turn, &LaneKind::Content, text),
        "I have 4111 1111 1111 1111, **5500 0000 0000 0004**, 4111 1111 1111 1111 and it; card 1 [x] [CARD"
    );
}

#[test]
fn tool_arguments_get_values_escaped_and_only_where_they_may() {
    let spoken = "my name is Q";
    let body = serde_json::json!({"messages": [{"role": "user", "content": spoken}]});
    let customer = serde_json::json!({"name": "Q\"uo\\te"});
    let quoted = serde_json::json!({"messages": [{"role": "user", "content": "It is Q\"uo\\te."}]});
    let all = rule("known = [\"customer.name\"]");
    let (_, turn) = sent(&all, facts(customer.clone()), quoted);
    assert_eq!(
        heard(
            &all,
            &turn,
            &arguments("t"),
            r#"{"a":"[NAME_1]","b":[NAME_1]}"#
        ),
        r#"{"a":"Q\"uo\\te","b":"Q\"uo\\te"}"#
    );

    let nested = r#"{"body":"{\"to\": \"[NAME_1]\"}","note":"see \"[NAME_1]\""}"#;
    let restored = heard(&all, &turn, &arguments("t"), nested);
    let outer: serde_json::Value = serde_json::from_str(&restored).expect("JSON");
    let inner: serde_json::Value =
        serde_json::from_str(outer["body"].as_str().expect("text")).expect("JSON within");
    assert_eq!(
        (inner["to"].as_str(), outer["note"].as_str()),
        (Some("Q\"uo\\te"), Some("see \"Q\"uo\\te\""))
    );

    let text = r#"{"to":"[NAME_1]","note":"[NAME_1]","deep":{"to":"[NAME_1]"}}"#;
    for (setting, expected) in [
        ("restore_tools = false", text.to_owned()),
        ("restore_tools = [\"other\"]", text.to_owned()),
        ("restore_tools = [\"send\"]", text.replace("[NAME_1]", "Q")),
        (
            "restore_tools = [\"send.to\"]",
            text.replacen("[NAME_1]", "Q", 1),
        ),
        ("restore = false", text.to_owned()),
        (
            "restore = false\nrestore_tools = true",
            text.replace("[NAME_1]", "Q"),
        ),
    ] {
        let rule = rule(&format!("known = [\"customer.name\"]\n{setting}"));
        let (_, turn) = sent(
            &rule,
            facts(serde_json::json!({"name": "Q "})),
            body.clone(),
        );
        let _ = (&turn, &customer);
        let name = serde_json::json!({"name": "Qu"});
        let (_, turn) = sent(
            &rule,
            facts(name),
            serde_json::json!({"messages": [{"role": "user", "content": "Qu"}]}),
        );
        let expected = expected.replace("\"Q\"", "\"Qu\"");
        assert_eq!(
            heard(&rule, &turn, &arguments("send"), text),
            expected,
            "{setting}"
        );
    }
}

#[test]
fn restore_chooses_labels() {
    let rule = rule("find = [\"card\", \"email\"]\nrestore = [\"EMAIL\"]");
    let (_, turn) = said(&rule, "4111 1111 1111 1111, a@example.com");
    assert_eq!(
        heard(&rule, &turn, &LaneKind::Content, "[CARD_1] [EMAIL_1]"),
        "that a@example.com"
    );
}

#[test]
fn other_styles_do_not_come_back() {
    for (style, expected) in [
        ("mask", "Use **** **** **** **** now"),
        ("remove", "Use  now"),
    ] {
        let rule = rule(&format!("find = [\"card\"]\nstyle = \"{style}\""));
        let (got, turn) = said(&rule, "Use 4111 1111 1111 1111 now");
        assert_eq!(got, expected);
        assert_eq!(heard(&rule, &turn, &LaneKind::Content, "[CARD_1]"), "that");
    }
}

#[test]
fn a_mask_leaves_the_last_ones_on_request() {
    let rule = rule("find = [\"card\", \"cvv\"]\nstyle = \"mask\"\nkeep_last = 4");
    let (got, _) = said(&rule, "Use 4111 1111 1111 1111, the cvv is 123");
    assert_eq!(got, "Use **** **** **** 1111, the cvv is ***");
}

#[test]
fn what_is_allowed_stays() {
    let rule = rule("find = [\"email\"]\nkeep = [\"Help@Example.com\"]");
    assert_eq!(
        said(&rule, "help@example.com or me@example.com").0,
        "help@example.com or [EMAIL_1]"
    );
}

#[test]
fn roles_say_where_to_look_and_what_was_found_is_hidden_everywhere() {
    let rule = rule("find = [\"card\"]\nin = [\"user\"]");
    let body = serde_json::json!({"messages": [
        {"role": "system", "content": "5500 0000 0000 0004"},
        {"role": "user", "content": "4111 1111 1111 1111"},
        {"role": "assistant", "content": "So 4111 1111 1111 1111?"},
    ]});
    let (sent, _) = sent(&rule, Facts::default(), body);
    assert!(
        sent.contains("5500 0000 0000 0004") && sent.contains("So [CARD_1]?"),
        "{sent}"
    );
}

#[test]
fn d15_earlier_messages_stay_as_they_were() {
    let rule = rule("find = [\"card\", \"email\", \"phone\"]");
    let mut messages = vec![serde_json::json!({"role": "system", "content": "Be brief."})];
    let mut before = String::new();
    for turn in 0..50 {
        messages.push(serde_json::json!({"role": "user", "content": format!("write to u{turn}@example.com or u{}@example.com", turn / 2)}));
        let (sent, _) = sent(
            &rule,
            Facts::default(),
            serde_json::json!({ "messages": messages }),
        );
        let prefix = sent.trim_end_matches(['}', ']']).to_owned();
        assert!(prefix.starts_with(&before), "turn {turn}");
        before = prefix;
        messages.push(serde_json::json!({"role": "assistant", "content": "Go on."}));
    }
}

#[test]
fn what_stands_at_the_tail_is_numbered_last() {
    let rule = rule("find = [\"email\"]");
    let body = serde_json::json!({"messages": [{"role": "user", "content": "u@example.com"}]});
    let mut request = ChatRequest::parse(body.to_string().into()).expect("a request");
    request.history().put(
        HistoryPlace::Tail,
        Message::new("system", "Known: s@example.com"),
    );
    rule.on_request(&mut request, &mut Turn::default())
        .expect("it works");
    let texts: Vec<String> = request
        .messages()
        .iter()
        .map(|message| message.text().into_owned())
        .collect();
    assert_eq!(texts, ["Known: [EMAIL_2]", "[EMAIL_1]"]);
}

#[test]
fn the_model_is_told_what_placeholders_are() {
    let rule = rule("find = [\"email\"]\nexplain = true");
    let body = serde_json::json!({"messages": [{"role": "system", "content": "a"}, {"role": "user", "content": "b"}]});
    let (sent, _) = sent(&rule, Facts::default(), body);
    let sent: serde_json::Value = serde_json::from_str(&sent).expect("JSON");
    assert_eq!(sent["messages"][1]["content"], EXPLANATION);
}

#[test]
fn what_the_model_says_is_hidden_where_that_is_asked() {
    let rule = rule(
        "find = [\"card\", \"email\"]\npatterns = { ORDER = 'ORD-\\d{4}' }\nreply = true\nunknown = \"something\"",
    );
    let (_, turn) = said(&rule, "a@example.com");
    let text = "Write to b@example.com, not [EMAIL_1]; ORD-1234 on 4111 1111 1111 1111. Done, it is 20 past.";
    assert_eq!(
        heard(&rule, &turn, &LaneKind::Content, text),
        "Write to something, not a@example.com; something on something. Done, it is 20 past."
    );
}

#[test]
fn mistakes_in_the_rule_are_told() {
    for (toml, reason) in [
        ("", "looks for nothing"),
        ("find = [\"crad\"]", "unknown detector `crad`"),
        (
            "find = [\"card\"]\nrestore = [\"NAME\"]",
            "`restore` names `NAME`",
        ),
        ("known = [\"custmer.name\"]", "names no known value"),
        ("known = [\"customer\"]", "names no single value"),
        ("patterns = { order = 'x' }", "is no label"),
        (
            "patterns = { ORDER = 'x+' }\nreply = true",
            "no longest match",
        ),
        ("find = [\"card\"]\nrestore = 3", "true, false or a list"),
    ] {
        let error = toml::from_str::<RedactRule>(toml).expect_err(toml);
        assert!(
            error.message().contains(reason),
            "{toml}: {}",
            error.message()
        );
    }
}

#[test]
fn arguments_that_are_no_string_are_searched_too() {
    let rule = rule("find = [\"card\"]\nknown = [\"customer.name\"]");
    let card = "4111 1111 1111 1111";
    for call in [
        serde_json::json!({"tool_calls": [{"id": "1", "function": {"name": "f", "arguments": {"c": card, "name": "Dana"}}}]}),
        serde_json::json!({"function_call": {"name": "f", "arguments": {"c": card}}}),
        serde_json::json!({"tool_calls": [{"id": "1", "type": "custom", "custom": {"name": "f", "input": card}}]}),
        serde_json::json!({"tool_calls": {"c": card}}),
        serde_json::json!({"tool_calls": [{"id": "1", "x": card}]}),
    ] {
        let mut message = call.clone();
        message["role"] = "assistant".into();
        let body = serde_json::json!({"messages": [message, {"role": "user", "content": "Hi"}]});
        let (sent, _) = sent(&rule, facts(serde_json::json!({"name": "Dana"})), body);
        assert!(!sent.contains("4111") && !sent.contains("Dana"), "{sent}");
        assert!(
            !call.to_string().contains("\"f\"") || sent.contains("\"name\":\"f\""),
            "{sent}"
        );
    }
}

#[test]
fn what_was_found_is_hidden_in_every_role_in_every_spelling() {
    let rule = rule("find = [\"card\"]\nin = [\"user\"]");
    let body = serde_json::json!({"messages": [
        {"role": "user", "content": "4111 1111 1111 1111"},
        {"role": "assistant", "content": "got 4111111111111111, not 5500 0000 0000 0004"},
    ]});
    let (sent, _) = sent(&rule, Facts::default(), body);
    assert!(
        sent.contains("got [CARD_1], not 5500 0000 0000 0004"),
        "{sent}"
    );
}
