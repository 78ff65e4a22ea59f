use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::chat::Role;
use crate::lang::facts::Facts;

fn read(toml: &str) -> Result<AnswerRule, String> {
    let fields: AnswerFields = toml::from_str(toml).map_err(|error| error.message().to_owned())?;
    AnswerRule::try_from(fields).map_err(|faults| faults.to_string())
}

fn request(body: Value) -> ChatRequest {
    ChatRequest::parse(body.to_string().into()).expect("a request")
}

fn hello() -> ChatRequest {
    request(json!({ "messages": [{ "role": "user", "content": "Hi." }] }))
}

/// What a rule answers to these facts, and its remark.
fn answer(
    toml: &str,
    facts: &[(&'static str, Value)],
    request: &mut ChatRequest,
) -> (Option<OwnReply>, Option<String>) {
    let rule = read(toml).unwrap_or_else(|error| panic!("{toml}: {error}"));
    let mut known = Facts::default();
    for (root, value) in facts {
        known.set(root, value.clone());
    }
    let mut turn = Turn::new(known);
    let before = format!("{request:?}");
    let change = rule.on_request(request, &mut turn).expect("it works");
    assert_eq!(format!("{request:?}"), before, "it changes no request");
    assert_eq!(change == Change::Answered, turn.answer.is_some(), "{toml}");
    (turn.answer, turn.remark)
}

fn said(toml: &str, turn: Value, call: &str) -> String {
    let facts = [("turn", turn), ("call", json!({ "id": call }))];
    let (answer, _) = answer(toml, &facts, &mut hello());
    answer.and_then(|answer| answer.text).unwrap_or_default()
}

#[test]
fn what_is_said_has_the_callers_own_values_and_is_never_rendered_again() {
    let turn = json!({ "user": "{{ customer.name }} and [CARD_1] <b>" });
    let text = said("say = \"You said: {{ turn.user }}\\n\"", turn, "c");
    assert_eq!(text, "You said: {{ customer.name }} and [CARD_1] <b>");
}

#[test]
fn every_text_of_a_call_is_a_template_and_everything_else_stays() {
    let toml = r#"call = { name = "book", arguments = { who = "{{ customer.name }}", at = 2026-11-23, seats = 2, ok = true, more = ["{{ turn.user }}", { x = 1.5 }] } }"#;
    let facts = [
        ("customer", json!({ "name": "Dana \"D\"\nW" })),
        ("turn", json!({ "user": "two" })),
    ];
    let (answer, _) = answer(toml, &facts, &mut hello());
    let call = answer.expect("an answer").call.expect("a call");
    let arguments: Value = serde_json::from_str(&call.arguments).expect("JSON");
    let expected = json!({
        "who": "Dana \"D\"\nW", "at": "2026-11-23", "seats": 2, "ok": true, "more": ["two", { "x": 1.5 }],
    });
    assert_eq!((call.tool.as_str(), arguments), ("book", expected));
    let (plain, _) = self::answer("call = { name = \"endCall\" }", &[], &mut hello());
    assert_eq!(
        plain.expect("an answer").call.expect("a call").arguments,
        "{}"
    );
}

#[test]
fn a_tool_that_the_request_does_not_declare_is_called_and_told_of() {
    let toml = "call = { name = \"endCall\" }";
    let tool = |name: &str| json!({ "type": "function", "function": { "name": name } });
    let messages = json!([{ "role": "user", "content": "Hi." }]);
    for (fields, is_declared) in [
        (json!({}), false),
        (json!({ "tools": [] }), false),
        (
            json!({ "tools": [tool("other"), 7, { "function": 1 }, null] }),
            false,
        ),
        (json!({ "tools": [tool("other"), tool("endCall")] }), true),
        (json!({ "functions": [{ "name": "endCall" }] }), true),
    ] {
        let mut body = fields.clone();
        body["messages"] = messages.clone();
        let (answer, remark) = answer(toml, &[], &mut request(body));
        assert!(answer.is_some());
        assert_eq!(remark.is_none(), is_declared, "{fields}: {remark:?}");
    }
}

#[test]
fn the_result_of_the_tool_does_not_call_it_again() {
    let toml = "say = 'One moment.'\ncall = { name = \"book\" }";
    let user = json!({ "role": "user", "content": "Book it." });
    let called = |name: &str| {
        let function = json!({ "name": name, "arguments": "{}" });
        json!({ "role": "assistant", "content": "One moment.",
            "tool_calls": [{ "id": "a", "type": "function", "function": function }] })
    };
    let old =
        json!({ "role": "assistant", "function_call": { "name": "book", "arguments": "{}" } });
    let result = json!({ "role": "tool", "tool_call_id": "a", "content": "booked" });
    for (messages, is_asked) in [
        (json!([user, called("book"), result]), true),
        (
            json!([user, called("book"), result, called("other"), result]),
            true,
        ),
        (json!([user, old]), true),
        (json!([user, called("other"), result]), false),
        (json!([user, called("book"), result, user]), false),
        (
            json!([user, { "role": "assistant", "tool_calls": [7, { "function": null }] }]),
            false,
        ),
    ] {
        let (answer, remark) = answer(toml, &[], &mut request(json!({ "messages": messages })));
        assert_eq!(answer.is_none(), is_asked, "{messages}");
        let told = remark.is_some_and(|remark| remark.contains("in this turn already"));
        assert_eq!(told, is_asked, "{messages}");
    }
}

#[test]
fn of_several_texts_the_one_that_was_said_last_is_never_said_again() {
    let toml = "say = ['One moment.', 'Just a second.', 'Hold on, please.']";
    for call in ["a", "b", "call-3", ""] {
        let mut last = String::new();
        let mut heard = std::collections::BTreeSet::new();
        for number in [1, 2, 3, 3, 3, 4, 7, 10, 13, 16] {
            let turn = json!({ "number": number, "assistant": last });
            let text = said(toml, turn.clone(), call);
            assert_eq!(text, said(toml, turn, call), "the same for the same turn");
            assert_ne!(text, last, "{call} {number}");
            heard.insert(text.clone());
            last = text;
        }
        assert_eq!(heard.len(), 3, "{call}: {heard:?}");
    }
    let turns = |last: &str| {
        let turn = json!({ "number": 1, "assistant": last });
        said("say = ['One moment.', 'Just a second.']", turn, "a")
    };
    let first = turns("");
    // As a voice wrote it, broken off, and behind something else.
    for last in [
        first.to_uppercase().replace('.', "!"),
        first[..first.len() - 3].to_owned(),
        format!("Well. {first}"),
    ] {
        assert_ne!(turns(&last), first, "{last}");
    }
}

#[test]
fn calls_do_not_all_begin_with_the_same_text() {
    let toml = "say = ['a', 'b', 'c', 'd']";
    let begin = |call: usize| said(toml, json!({ "number": 1 }), &format!("call-{call}"));
    let heard: std::collections::BTreeSet<String> = (0..60).map(begin).collect();
    assert_eq!(heard.len(), 4);
}

#[test]
fn where_nothing_comes_out_the_model_is_asked() {
    let toml = "say = '{% if customer.name %}Hi {{ customer.name }}{% endif %} '";
    let (none, remark) = answer(toml, &[], &mut hello());
    assert_eq!(none, None);
    assert!(remark.is_some_and(|remark| remark.contains("the model is asked")));
    let list = "say = ['{% if customer.name %}Hi{% endif %}', 'Yes?']";
    for number in 0..4 {
        let (answer, _) = answer(list, &[("turn", json!({ "number": number }))], &mut hello());
        assert_eq!(answer.and_then(|it| it.text).as_deref(), Some("Yes?"));
    }
}

#[test]
fn an_absent_value_fails_the_rule_and_the_error_has_no_value() {
    let rule = read("say = 'x'\ncall = { name = 'a', arguments = { b = '{{ customer.mail }}' } }");
    let mut turn = Turn::default();
    turn.facts.set("customer", json!({ "name": "Dana" }));
    let error = rule.expect("a rule").on_request(&mut hello(), &mut turn);
    let error = error.expect_err("it fails").to_string();
    assert_eq!(error, "`customer.mail` is absent");
    assert_eq!(turn.answer, None);
}

#[test]
fn odd_requests_are_answered_like_any_other() {
    let toml =
        "say = 'Hi.'\ncall = { name = 'endCall', arguments = { reason = '{{ turn.user }}' } }";
    let huge = "x".repeat(1 << 20);
    for messages in [
        json!([{ "role": "user", "content": null }]),
        json!([{ "role": "user" }]),
        json!([{ "role": "assistant", "content": "" }]),
        json!([{ "role": "user", "content": [{ "type": "text", "text": "a" }, { "type": "image_url" }] }]),
        json!([{ "role": "user", "content": huge }]),
    ] {
        let mut request = request(json!({ "messages": messages, "tools": null }));
        let (answer, _) = answer(toml, &[("turn", json!({ "user": null }))], &mut request);
        let answer = answer.expect("an answer");
        assert_eq!(answer.text.as_deref(), Some("Hi."));
        assert_eq!(answer.call.expect("a call").arguments, r#"{"reason":""}"#);
    }
}

#[test]
fn a_repeat_leaves_the_turn_to_the_model_and_says_for_how_long() {
    let rule = read("repeat = '10m'").expect("a rule");
    let mut turn = Turn::default();
    let change = rule.on_request(&mut hello(), &mut turn).expect("it works");
    assert_eq!((change, turn.answer), (Change::Unchanged, None));
    assert_eq!(turn.repeat, Some(Duration::from_secs(600)));
    assert_eq!(rule.about().answers, None);
}

#[test]
fn nothing_of_an_answer_shows_where_it_is_printed() {
    let (answer, _) = answer(
        "say = 'secret'\ncall = { name = 'pay', arguments = { card = 'secret' } }",
        &[],
        &mut hello(),
    );
    let printed = format!("{answer:?}");
    assert!(
        printed.contains("pay") && !printed.contains("secret"),
        "{printed}"
    );
}

#[test]
fn what_cannot_work_is_refused_with_a_reason() {
    for (toml, reason) in [
        ("", "answers nothing"),
        ("say = ''", "`say` is empty"),
        ("say = []", "an empty list"),
        ("say = ['a', ' ']", "text 2 of `say` is empty"),
        ("say = 7", "a text, or a list of texts"),
        ("say = ['a', '{{ custmer.name }}']", "text 2 of `say`"),
        ("say = '{{ custmer.name }}'", "custmer"),
        ("call = { name = '' }", "is no name of a tool"),
        (
            "call = { name = '{{ turn.user }}' }",
            "is no name of a tool",
        ),
        ("call = { arguments = {} }", "missing field `name`"),
        ("call = { name = 'a', arguments = 'b' }", "invalid type"),
        (
            "call = { name = 'a', arguments = { x = '{{ nope }}' } }",
            "nope",
        ),
        ("call = { name = 'a', tool = 'b' }", "unknown field `tool`"),
        ("repeat = '10m'\nsay = 'a'", "nothing to `say`"),
        ("repeat = '0s'", "more than nothing"),
        ("repeat = '48h'", "a day at most"),
        ("repeat = 'soon'", "no duration"),
    ] {
        let error = read(toml).expect_err(toml);
        assert!(error.contains(reason), "{toml}: {error}");
    }
}

/// What is said in a turn with this history, of these texts.
fn said_after(texts: &[&str], history: Value, call: &str) -> String {
    let rule = read(&format!("say = {}", json!(texts))).expect("a rule");
    let mut request = request(json!({ "messages": history }));
    let mut facts = Facts::default();
    let told = |role: Role| {
        let mut all = request.messages().iter().rev();
        let newest = all.find(|message| message.role() == role);
        newest.map(|message| message.text().into_owned())
    };
    facts.set(
        "turn",
        json!({ "number": request.user_count(), "user": told(Role::User), "assistant": told(Role::Assistant) }),
    );
    facts.set("call", json!({ "id": call }));
    let mut turn = Turn::new(facts);
    rule.on_request(&mut request, &mut turn).expect("it works");
    let answer = turn.answer.expect("an answer");
    answer.text.expect("a text")
}

#[test]
fn a_text_is_not_said_again_however_it_was_heard() {
    let user = |text: &str| json!({ "role": "user", "content": text });
    let heard = |text: &str| json!({ "role": "assistant", "content": text });
    let called = json!({ "role": "assistant", "content": null, "tool_calls": [
        { "id": "t", "type": "function", "function": { "name": "x", "arguments": "{}" } }] });
    let result = json!({ "role": "tool", "tool_call_id": "t", "content": "r" });
    let said = |text: &str| text.replace("SQL", "sequel").replace('2', "two");
    for texts in [
        &["One SQL two.", "Four SQL five."][..],
        &["Goodbye, take care!", "See you soon, bye."],
        &["Goodbye, take care!", "Goodbye, and thanks!", "Bye."],
        &["SQL.", "MySQL."],
        &["It is 2.", "2 it is, and nothing else."],
    ] {
        for call in ["a", "b", "c", "d"] {
            let first = said_after(texts, json!([user("bye")]), call);
            for since in [1, 2, 3] {
                let with = |mut last: Vec<Value>| {
                    last.insert(0, user("bye"));
                    last.extend((0..since).map(|_| user("um")));
                    said_after(texts, json!(last), call)
                };
                let case = format!("{texts:?} {call} {since}");
                assert_ne!(with(vec![heard(&said(&first))]), first, "spoken: {case}");
                let step = vec![heard(&first), called.clone(), result.clone()];
                assert_ne!(with(step), first, "a step between: {case}");
                let word = first.split([' ', ',', '.']).next().unwrap_or_default();
                if texts.iter().all(|it| *it == first || !it.starts_with(word)) {
                    assert_ne!(with(vec![heard(word)]), first, "cut in: {case}");
                    let half = &word[..word.len().div_ceil(2)];
                    assert_ne!(with(vec![heard(half)]), first, "within a word: {case}");
                }
            }
        }
    }
    // A text of which there is no other is said again, and one that can't be made is no other.
    assert_eq!(
        said_after(
            &["A.", "A!"],
            json!([user("x"), heard("A."), user("x")]),
            "a"
        )
        .len(),
        2
    );
}

#[test]
fn a_fault_is_shown_where_it_stands_in_its_list() {
    for (table, expected) in [
        ("say = [\n  \"fine\",\n  \"{{ turn.usr }}\",\n]", (3, 12)),
        ("say = [\"fine\", \" \"]", (1, 16)),
        (
            "call = { name = \"x\", arguments = { c = [\"a\",\n \"{{ nope }}\"] } }",
            (2, 6),
        ),
    ] {
        let source = crate::files::Source::new("a.toml", table);
        let document = crate::files::Document::parse(&source).expect("TOML");
        let (_, problems) = document.read_by::<AnswerFields, AnswerRule>();
        let told: Vec<_> = problems.iter().map(|it| (it.line, it.column)).collect();
        assert_eq!(told, [expected], "{table}: {problems:?}");
    }
}
