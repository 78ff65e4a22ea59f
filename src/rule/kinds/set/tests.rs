//! Parameters, and what a rule makes of a request's.

use serde_json::{Value, json};

use super::*;
use crate::lang::facts::Facts;

fn read(toml: &str) -> Result<SetRule, String> {
    let fields: SetFields = toml::from_str(toml).map_err(|error| error.message().to_owned())?;
    SetRule::try_from(fields).map_err(|faults| faults.to_string())
}

/// The fields of a request behind a rule, and the upstream that it names.
fn run(toml: &str, fields: Value) -> (Value, Option<String>) {
    let mut body = fields;
    body["messages"] = json!([{ "role": "user", "content": "Hi." }]);
    let mut request = ChatRequest::parse(body.to_string().into()).expect("a request");
    let mut facts = Facts::default();
    facts.set("call", json!({ "type": "webCall" }));
    let mut turn = Turn::new(facts);
    let rule = read(toml).unwrap_or_else(|error| panic!("{toml}: {error}"));
    let change = rule.on_request(&mut request, &mut turn).expect("it works");
    let takes = crate::chat::request::Takes {
        all_fields: true,
        ..Default::default()
    };
    let mut sent: Value = serde_json::from_slice(&request.write(&takes)).expect("JSON");
    let is_other = sent != body || turn.upstream.is_some();
    assert_eq!(change == Change::Changed, is_other, "{toml}");
    sent.as_object_mut().expect("an object").remove("messages");
    (sent, turn.upstream)
}

#[test]
fn a_parameter_is_replaced_where_it_stands_or_put_at_the_end() {
    for (toml, fields, expected) in [
        (
            "temperature = 0.3",
            json!({"temperature": 1, "n": 1}),
            json!({"temperature": 0.3, "n": 1}),
        ),
        ("temperature = 1.0", json!({}), json!({"temperature": 1})),
        (
            "max_tokens = 60",
            json!({"max_tokens": 60}),
            json!({"max_tokens": 60}),
        ),
        (
            "model = \"m-{{ call.type }}\"",
            json!({"model": "a"}),
            json!({"model": "m-webCall"}),
        ),
        (
            "model = \"{{ call.model | default('') }}\"",
            json!({"model": "a"}),
            json!({"model": "a"}),
        ),
        (
            "stop = [\"a\", \"b\"]\nseed = -3",
            json!({}),
            json!({"stop": ["a", "b"], "seed": -3}),
        ),
        (
            "tool_choice = \"none\"",
            json!({}),
            json!({"tool_choice": "none"}),
        ),
        (
            "more = { provider = { order = [\"x\"] } }",
            json!({}),
            json!({"provider": {"order": ["x"]}}),
        ),
        (
            "unset = [\"temperature\", \"seed\", \"own\"]",
            json!({"temperature": 1, "own": 2, "top_p": 1}),
            json!({"top_p": 1}),
        ),
        ("unset = [\"temperature\"]", json!({}), json!({})),
        (
            "max_tokens = 5",
            json!({"max_completion_tokens": 9}),
            json!({"max_tokens": 5}),
        ),
        (
            "max_completion_tokens = 5",
            json!({"max_tokens": 9}),
            json!({"max_completion_tokens": 5}),
        ),
    ] {
        assert_eq!(run(toml, fields).0, expected, "{toml}");
    }
    let (_, upstream) = run("upstream = \"night\"", json!({}));
    assert_eq!(upstream.as_deref(), Some("night"));
}

#[test]
fn every_known_parameter_can_be_set_but_for_those_that_are_set_elsewhere() {
    let schema = SetFields::json_schema(&mut schemars::SchemaGenerator::default());
    for name in names() {
        let is_there = schema.pointer(&format!("/properties/{name}")).is_some();
        assert!(is_there, "{name}");
    }
}

#[test]
fn what_can_not_be_is_told() {
    for (toml, told) in [
        ("", "sets nothing"),
        ("temperature = 2.5", "`temperature` is from 0 to 2"),
        ("top_p = -0.1", "`top_p` is from 0 to 1"),
        ("max_tokens = 0", "1 at least"),
        ("presence_penalty = 3", "from -2 to 2"),
        ("top_logprobs = 21", "20 at most"),
        ("model = \" \"", "`model` is empty"),
        ("model = \"{{ call.type \"", "unexpected"),
        ("stop = [\"a\", \"b\", \"c\", \"d\", \"e\"]", "up to four"),
        ("stop = 3", "a text, or a list"),
        ("logit_bias = { 5 = 101 }", "from -100 to 100"),
        ("tool_choice = \"any\"", "`\"auto\"`"),
        (
            "temperature = 1\nunset = [\"temperature\"]",
            "set and unset",
        ),
        ("unset = [\"messages\"]", "`messages` can't be taken out"),
        ("more = { customer = 1 }", "none of the other fields"),
        ("more = { n = 2 }", "`n` is none of the other fields"),
        ("tool_choice = { type = \"function\" }", "names no tool"),
        ("more = { temperature = 1 }", "none of the other fields"),
        ("upstream = \"\"", "`upstream` is empty"),
    ] {
        let error = read(toml).expect_err(toml);
        assert!(error.contains(told), "{toml}: {error}");
    }
}

/// What is told of a table, with its place and help.
fn told(table: &str) -> Vec<(usize, usize, String, String)> {
    let source = crate::files::Source::new("a.toml", table);
    let document = Document::parse(&source).expect("TOML");
    let (_, problems) = super::read(document);
    let told = problems.into_iter();
    told.map(|it| (it.line, it.column, it.message, it.help.unwrap_or_default()))
        .collect()
}

#[test]
fn what_is_set_elsewhere_is_told_and_never_offered() {
    for (table, message, help) in [
        ("stream = true", "`stream` can't be set", "the client says"),
        ("messages = []", "`messages` can't be set", "`inject`"),
        ("n = 2", "`n` can't be set", "one answer"),
        (
            "metadata = { a = 1 }",
            "`metadata` can't be set",
            "Vapi's own",
        ),
        (
            "temprature = 1",
            "unknown field `temprature`",
            "did you mean `temperature`?",
        ),
        (
            "web_search_options = {}",
            "unknown field `web_search_options`",
            "`more = { web_search_options = … }`",
        ),
    ] {
        let told = told(table);
        let [(1, 1, said, helped)] = told.as_slice() else {
            panic!("{table}: {told:?}");
        };
        assert_eq!(said, message);
        assert!(helped.contains(help), "{table}: {helped}");
        let offered = helped.strip_prefix("known here: ").unwrap_or_default();
        let offered = offered.split(';').next().unwrap_or_default();
        let mut offered = offered.split(", ");
        let is_elsewhere = |name: &str| ELSEWHERE.iter().any(|(it, _)| *it == name);
        let wrong = offered.find(|name| *name != "model" && is_elsewhere(name));
        assert_eq!(wrong, None, "{table}: {helped}");
    }
}

#[test]
fn a_fault_is_shown_where_it_stands_in_its_list() {
    for (table, expected) in [
        ("unset = [\n  \"seed\",\n  \"messages\",\n]", (3, 3)),
        ("seed = 1\nunset = [\"user\", \"seed\"]", (2, 18)),
        ("stop = [\n  \"a\",\n  \"\",\n]", (3, 3)),
        ("logit_bias = { \"1\" = 5, \"2\" = 500 }", (1, 31)),
    ] {
        let told = told(table);
        let places: Vec<_> = told.iter().map(|it| (it.0, it.1)).collect();
        assert_eq!(places, [expected], "{table}: {told:?}");
    }
}

#[test]
fn a_name_that_is_nearly_a_parameter_is_doubted_and_works() {
    for (toml, expected) in [
        ("unset = [\"top_k\"]", None),
        ("more = { top_k = 40, min_tokens = 2 }", None),
        ("unset = [\"own\", \"seed\"]", None),
        (
            "unset = [\"seed\", \"temprature\"]",
            Some(("unset.1", "`temperature`")),
        ),
        (
            "more = { max_token = 4 }",
            Some(("more.max_token", "`max_tokens`")),
        ),
    ] {
        let doubts = read(toml).expect(toml).about().doubts;
        let told = doubts.first().map(|it| (&*it.field, &*it.message));
        match expected {
            None => assert_eq!(told, None, "{toml}"),
            Some((field, near)) => {
                let (at, message) = told.expect(toml);
                assert!(at == field && message.contains(near), "{toml}: {message}");
            }
        }
    }
}
