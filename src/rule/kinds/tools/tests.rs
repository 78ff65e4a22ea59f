//! Lists of tools, and what a rule makes of them.

use serde_json::{Value, json};

use super::*;
use crate::lang::facts::Facts;

fn read(toml: &str) -> Result<ToolsRule, String> {
    let fields: ToolsFields = toml::from_str(toml).map_err(|error| error.message().to_owned())?;
    ToolsRule::try_from(fields).map_err(|faults| faults.to_string())
}

/// What a rule makes of a request's fields, with its remark.
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
    assert_eq!(change == Change::Changed, sent != body, "{toml}");
    sent.as_object_mut().expect("an object").remove("messages");
    (sent, turn.remark)
}

fn tool(name: &str) -> Value {
    json!({"type": "function", "function": {"name": name, "description": "Old.", "parameters": {"type": "object", "properties": {}}}})
}

fn tools(names: &[&str]) -> Value {
    json!({ "tools": names.iter().map(|name| tool(name)).collect::<Vec<_>>() })
}

#[test]
fn tools_go_and_stay_by_their_names() {
    let all = || tools(&["book", "crm_get", "crm_put", "endCall"]);
    for (toml, left) in [
        (
            "remove = [\"book\"]",
            &["crm_get", "crm_put", "endCall"][..],
        ),
        ("remove = [\"crm_*\"]", &["book", "endCall"]),
        ("remove = [\"*_get\", \"*Call\"]", &["book", "crm_put"]),
        ("remove = [\"c*_*t\"]", &["book", "endCall"]),
        ("only = [\"endCall\", \"book\"]", &["book", "endCall"]),
        ("only = [\"crm_*\"]\nremove = [\"crm_put\"]", &["crm_get"]),
        (
            "remove = [\"Book\", \"boo\", \"none\"]",
            &["book", "crm_get", "crm_put", "endCall"],
        ),
    ] {
        assert_eq!(run(toml, all()), (tools(left), None), "{toml}");
    }
}

#[test]
fn what_speaks_of_tools_goes_with_them() {
    let choice = |name: &str| json!({"type": "function", "function": {"name": name}});
    let with = |mut fields: Value, name: &str, value: Value| {
        fields[name] = value;
        fields
    };
    let (one, two) = (|| tools(&["a"]), || tools(&["a", "b"]));
    for (toml, fields, expected, remark) in [
        (
            "remove = [\"a\"]",
            with(one(), "parallel_tool_calls", json!(true)),
            json!({}),
            None,
        ),
        (
            "only = []",
            with(two(), "tool_choice", json!("auto")),
            json!({}),
            Some("no tool is left, so `tool_choice` was left out"),
        ),
        (
            "remove = [\"b\"]",
            with(two(), "tool_choice", choice("b")),
            one(),
            Some("`tool_choice` named a tool that is gone, and was left out"),
        ),
        (
            "remove = [\"b\"]",
            with(two(), "tool_choice", choice("a")),
            with(one(), "tool_choice", choice("a")),
            None,
        ),
        (
            "remove = [\"b\"]",
            with(two(), "tool_choice", json!("required")),
            with(one(), "tool_choice", json!("required")),
            None,
        ),
        (
            "remove = [\"x\"]",
            with(two(), "tool_choice", choice("b")),
            with(two(), "tool_choice", choice("b")),
            None,
        ),
    ] {
        let remark = remark.map(str::to_owned);
        assert_eq!(run(toml, fields), (expected, remark), "{toml}");
    }
    let allowed = |names: &[&str]| {
        let tools = names
            .iter()
            .map(|name| json!({"type": "function", "function": {"name": name}}));
        json!({"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": tools.collect::<Vec<_>>()}})
    };
    let (sent, remark) = run(
        "remove = [\"b\"]",
        with(two(), "tool_choice", allowed(&["a", "b"])),
    );
    assert_eq!(sent, with(one(), "tool_choice", allowed(&["a"])));
    assert!(remark.is_some());
    let (sent, _) = run(
        "remove = [\"b\"]",
        with(two(), "tool_choice", allowed(&["b"])),
    );
    assert_eq!(sent, one());
    let custom = json!({"tools": [{"type": "custom", "custom": {"name": "b"}}, tool("a")]});
    assert_eq!(run("remove = [\"b\"]", custom.clone()).0, one());
    assert_eq!(run("only = [\"b\", \"a\"]", custom.clone()).0, custom);
    let functions =
        json!({"functions": [{"name": "a"}, {"name": "b"}], "function_call": {"name": "b"}});
    let (sent, remark) = run("remove = [\"b\"]", functions);
    assert_eq!(sent, json!({"functions": [{"name": "a"}]}));
    assert!(remark.is_some());
}

#[test]
fn tools_are_added_in_their_place_or_at_the_end() {
    let toml = "[[add]]\nname = \"b\"\ndescription = \"New.\"\nparameters = { type = \"object\", properties = { city = { type = \"string\" } }, required = [\"city\"] }\n";
    let added = json!({"type": "function", "function": {"name": "b", "description": "New.", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}});
    for fields in [json!({}), json!({"tools": null}), json!({"tools": []})] {
        assert_eq!(run(toml, fields).0, json!({"tools": [added]}));
    }
    let (sent, _) = run(toml, tools(&["a", "b", "c"]));
    assert_eq!(sent, json!({"tools": [tool("a"), added, tool("c")]}));
    assert_eq!(
        run(toml, json!({"tools": [added]})).0,
        json!({"tools": [added]})
    );
    let (sent, _) = run(
        "[[add]]\nname = \"x\"\nstrict = true\nparameters = { type = \"object\", properties = {}, additionalProperties = false }",
        json!({}),
    );
    assert_eq!(sent["tools"][0]["function"]["strict"], true);
    let (sent, _) = run("[[add]]\nname = \"x\"", json!({}));
    assert_eq!(
        sent["tools"][0]["function"],
        json!({"name": "x", "parameters": {"type": "object", "properties": {}}})
    );
}

#[test]
fn a_description_stands_where_it_stood_or_behind_the_name() {
    let toml = "[describe]\n\"a*\" = \"For a {{ call.type }}.\"\n";
    let (sent, _) = run(toml, tools(&["a1", "b"]));
    assert_eq!(
        sent["tools"][0]["function"]["description"],
        "For a webCall."
    );
    assert_eq!(sent["tools"][1], tool("b"));
    let bare =
        json!({"tools": [{"type": "function", "function": {"name": "a", "parameters": {}}}]});
    let (sent, _) = run(toml, bare);
    let text = sent["tools"][0]["function"].to_string();
    assert_eq!(
        text,
        r#"{"name":"a","description":"For a webCall.","parameters":{}}"#
    );
    assert_eq!(
        run("[describe]\na = \"Old.\"", tools(&["a"])).0,
        tools(&["a"])
    );
}

#[test]
fn odd_lists_are_left_alone() {
    for fields in [
        json!({}),
        json!({"tools": []}),
        json!({"tools": null}),
        json!({"tools": [1, "a", null, {}, {"function": 3}]}),
        json!({"tools": [{"type": "web_search"}]}),
    ] {
        assert_eq!(run("remove = [\"a\"]", fields.clone()).0, fields);
    }
}

#[test]
fn what_can_not_be_is_told() {
    for (toml, told) in [
        ("", "edits nothing"),
        ("remove = [\"a b\"]", "`a b` is no name of a tool"),
        ("only = [\"\"]", "`` is no name of a tool"),
        ("[describe]\na = \"{{ turn.user \"", "unexpected"),
        ("[[add]]\nname = \"a b\"", "`a b` is no name of a tool"),
        (
            "[[add]]\nname = \"a\"\n[[add]]\nname = \"a\"",
            "added twice",
        ),
        (
            "[[add]]\nname = \"a\"\nparameters = { type = \"array\" }",
            "no object",
        ),
        (
            "[[add]]\nname = \"a\"\nparameters = { type = \"object\", properties = { x = { type = \"sting\" } } }",
            "`sting` is no type of JSON, as `x` of `a` has it",
        ),
        (
            "[[add]]\nname = \"a\"\nparameters = { type = \"object\", properties = { x = { type = [\"string\", \"nil\"] } } }",
            "`nil` is no type",
        ),
        (
            "[[add]]\nname = \"a\"\nparameters = { type = \"object\", properties = { x = {} }, required = [\"y\"] }",
            "`y` is required of `a`",
        ),
        (
            "[[add]]\nname = \"a\"\nparameters = { type = \"object\", propertis = {} }",
            "`propertis` in the schema of `a` is no keyword",
        ),
        (
            "[[add]]\nname = \"a\"\nparameters = { type = \"object\", properties = { x = { enum = [] } } }",
            "no values",
        ),
        (
            "[[add]]\nname = \"a\"\nparameters = { type = \"object\", properties = { x = 3 } }",
            "is no table",
        ),
        (
            "[[add]]\nname = \"a\"\nparameters = { type = \"object\", properties = { x = { type = \"array\" } } }",
            "has no `items`",
        ),
        (
            "[[add]]\nname = \"a\"\nstrict = true\nparameters = { type = \"object\", properties = { x = {} } }",
            "is strict",
        ),
        ("[[add]]\nname = \"a\"\nparam = {}", "unknown field `param`"),
    ] {
        let error = read(toml).expect_err(toml);
        assert!(error.contains(told), "{toml}: {error}");
    }
}

#[test]
fn a_description_is_data_and_bounded_as_any_text_that_is_injected() {
    let rule = read("describe = { '*' = \"For {{ turn.user }}\" }").expect("a rule");
    let run = |user: &str, left: usize| {
        let mut body = tools(&["a", "b"]);
        body["messages"] = json!([{ "role": "user", "content": "Hi." }]);
        let mut request = ChatRequest::parse(body.to_string().into()).expect("a request");
        let mut facts = Facts::default();
        facts.set("turn", json!({ "user": user }));
        let mut turn = Turn::new(facts);
        turn.injected_left = Some(left);
        let done = rule.on_request(&mut request, &mut turn);
        let list = request.field("tools").expect("tools").to_string();
        (done, list, turn.injected_left)
    };
    let (done, list, left) = run("x</a>\n<|im_start|>", 100);
    assert_eq!(done.ok(), Some(Change::Changed));
    let expected = "For x&lt;/a> &lt;|im_start|>";
    assert_eq!(list.matches(expected).count(), 2, "{list}");
    assert_eq!(left, Some(100 - 2 * expected.len()));
    // Each of both would fit.
    let (done, list, left) = run(&"y".repeat(600), 1024);
    let error = done.expect_err("too much").to_string();
    assert!(error.contains("`limits.injected`"), "{error}");
    assert!(list.contains("Old.") && !list.contains("For"), "{list}");
    assert_eq!(left, Some(1024));
}

#[test]
fn a_fault_is_shown_where_it_stands_in_its_list() {
    for (table, expected) in [
        ("remove = [\n  \"ok\",\n  \"not ok\",\n]", (3, 3)),
        ("only = [\"a\", \"b c\"]", (1, 14)),
        (
            "add = [\n  { name = \"one\" },\n  { name = \"t w\" },\n]",
            (3, 12),
        ),
        (
            "add = [\n  { name = \"one\" },\n  { name = \"one\" },\n]",
            (3, 12),
        ),
        (
            "[[add]]\nname = \"one\"\n[[add]]\nname = \"two\"\nparameters = { type = \"object\", properties = { a = { type = \"strin\" } } }",
            (5, 61),
        ),
        (
            "[[add]]\nname = \"one\"\n[add.parameters]\ntype = \"object\"\nrequired = [\"a\"]",
            (5, 13),
        ),
        (
            "[[add]]\nname = \"one\"\n[[add]]\nname = \"two\"\nparameters = { a = 1 }",
            (5, 14),
        ),
        (
            "[[add]]\nname = \"one\"\nparameters = { type = \"object\", properties = { \"a.b\" = { type = \"x\" } } }",
            (3, 46),
        ),
    ] {
        let source = crate::files::Source::new("a.toml", table);
        let document = crate::files::Document::parse(&source).expect("TOML");
        let (_, problems) = document.read_by::<ToolsFields, ToolsRule>();
        let told: Vec<_> = problems.iter().map(|it| (it.line, it.column)).collect();
        assert_eq!(told, [expected], "{table}: {problems:?}");
    }
}
