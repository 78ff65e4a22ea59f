//! What is wrong with a script, before any turn and in one.

use super::*;

fn problems(toml: &str) -> Vec<String> {
    let (rule, problems) = read_rule(toml);
    assert_eq!(rule.is_none(), !problems.is_empty(), "{problems:?}");
    problems.iter().map(Problem::in_one_line).collect()
}

#[test]
fn what_is_wrong_is_told_with_its_place_before_any_turn() {
    for (script, expected) in [
        ("let x = ;", "10-s.toml:2:9: this is no script"),
        ("let x = 1", ""),
        ("if x { }", "10-s.toml:2:4: there is no variable `x` here"),
        (
            "\n  massages.pop();",
            "10-s.toml:3:3: there is no variable `massages` here; did you mean `messages`?",
        ),
        (
            "messages = text;",
            "10-s.toml:2:12: there is no variable `text` here; `text` is there in `reply`",
        ),
        (
            "fn f() { messages.len() }",
            "there is no variable `messages` here; a function sees its arguments alone",
        ),
        (
            "messages.popp();",
            "there is no function `popp`; did you mean `pop`?",
        ),
        (
            "foo(messages);",
            "10-s.toml:2:1: there is no function `foo`",
        ),
        (
            "messages.push();",
            "`push` takes another number of arguments",
        ),
        (
            "customer.name = \"x\";",
            "10-s.toml:2:1: `customer` is known, and can't be changed",
        ),
        ("turn.number += 1;", "`turn` is known, and can't be changed"),
        (
            "messages[0].content = turn.usr;",
            "`turn` has no `usr`; did you mean `turn.user`?",
        ),
        ("let x = fetch;", "`fetch` alone says not what is fetched"),
        ("let x = \"a\".matches(\"(\");", "10-s.toml:2:21: "),
        (
            "let x = \"a\".matches(turn.user);",
            "a pattern stands in the script as a text",
        ),
        ("eval(\"1\");", "'eval' is disabled"),
        ("sleep(1);", "there is no function `sleep`"),
        ("import \"x\" as y;", "10-s.toml:2:"),
        ("let x = timestamp();", "there is no function `timestamp`"),
        ("messages.pop(;", "10-s.toml:2:14: this is no script"),
        ("let x = `a${1;", "this is no script"),
        ("let x = \"a", "this is no script"),
    ] {
        let toml = format!("request = '''\n{script}'''\n");
        let found = problems(&toml);
        match expected {
            "" => assert!(found.is_empty(), "{script}: {found:?}"),
            expected => assert!(
                found.iter().any(|one| one.contains(expected)),
                "{script}: {found:?}"
            ),
        }
    }
    let deep = format!(
        "request = '''let x = {}1{};'''",
        "(".repeat(5_000),
        ")".repeat(5_000)
    );
    assert!(!problems(&deep).is_empty());
    for (toml, expected) in [
        ("", "a script rule does nothing"),
        (
            "reply = 'text = messages;'",
            "`messages` is there in `request`",
        ),
        ("file = \"x.rhai\"", "`x.rhai` was not read"),
        ("request = 3", "request"),
        ("requst = ''", "requst"),
    ] {
        let found = problems(toml);
        assert!(
            found.iter().any(|one| one.contains(expected)),
            "{toml}: {found:?}"
        );
    }
}

#[test]
fn names_of_a_script_s_own_are_no_faults() {
    for script in [
        "let turn = #{ nr: 1 }; turn.nr += 1;",
        "let f = |x| x + 1; let y = f.call(1); let z = f(1);",
        "let o = #{ run: |x| x }; o.run(1);",
        "for (m, i) in messages { print(`${i} ${m.role}`); debug(m); }",
        "fn add(a, b) { a + b } fn inc(b) { this + b } let x = add(1, 2); let y = 1.inc(2);",
        "try { throw \"x\"; } catch (e) { let y = e; }",
        "let s = \"a\"; s.trim(); s.len; let n = s.len(); let u = s.sub_string(0, 1);",
        "switch route { \"a\" => messages.len(), _ => 0 }",
        "let c = call.id; let d = call?.type; let e = call[\"id\"];",
        "while false { break; } do { continue; } while false; loop { break; }",
    ] {
        let toml = format!("request = '''\n{script}'''\n");
        assert_eq!(problems(&toml), Vec::<String>::new(), "{script}");
    }
}

#[test]
fn what_a_rule_speaks_of_is_known() {
    let toml = "request = '''\nlet a = context.call.note; let b = customer.name; let c = fetch.crm.tier; let d = fetch[\"shop\"].open; let f = |x| x + turn.number; let e = call[\"id\"]; let g = customer;'''";
    let (rule, problems) = read_rule(toml);
    let about = rule.unwrap_or_else(|| panic!("{problems:?}")).about();
    let paths: Vec<String> = about
        .names
        .paths
        .iter()
        .map(|path| path.join("."))
        .collect();
    for path in [
        "context.call.note",
        "customer.name",
        "fetch.crm.tier",
        "fetch.shop.open",
        "turn.number",
        "call.id",
        "customer",
    ] {
        assert!(
            paths.iter().any(|known| known == path),
            "{path} in {paths:?}"
        );
    }
    assert_eq!(
        about.names.fetches.into_iter().collect::<Vec<_>>(),
        ["crm", "shop"]
    );
    assert!(!about.names.roots.contains("metadata"));
    assert_eq!(about.doubts.len(), 1, "it does nothing");
}

#[test]
fn what_can_not_be_meant_is_doubted() {
    for (script, count) in [
        ("let a = customer.name;", 1),
        ("if customer.name == \"x\" { throw \"not for them\"; }", 0),
        (
            "fn guard(n) { if n == 1 { throw; } } guard(turn.number);",
            0,
        ),
        ("for m in messages { m.content = \"x\"; }", 1),
        (
            "let out = []; for m in messages { m.content = \"x\"; out.push(m); } messages = out;",
            0,
        ),
        (
            "for i in 0..messages.len() { messages[i].content = \"x\"; }",
            0,
        ),
        ("let x = 1;", 1),
    ] {
        let doubts = rule("request", script).about().doubts;
        assert_eq!(doubts.len(), count, "{script}: {doubts:?}");
    }
}

#[test]
fn a_script_that_fails_says_where_and_why_and_quotes_nobody() {
    let body = json!({ "messages": [user("4111 1111"), { "role": "assistant", "content": null }] })
        .to_string();
    for (script, expected) in [
        (
            "messages[7].content = \"x\";",
            "10-s.toml:2:10: there is no item 7 in an array of 2",
        ),
        (
            "\n  let x = messages[1].content.len();",
            "10-s.toml:3:31: there is no function `len` for (())",
        ),
        (
            "let x = messages[0].content + (1 / 0);",
            "10-s.toml:2:34: division by zero",
        ),
        (
            "let x = parse_int(messages[0].content);",
            "10-s.toml:2:9: error parsing integer number",
        ),
        (
            "throw messages[0].content;",
            "10-s.toml:2:1: it throws an error",
        ),
        ("throw \"no way\";", "it throws \"no way\""),
        (
            "let x = date(messages[0].content, \"%H\");",
            "10-s.toml:2:9: the value is no date",
        ),
        ("let x = parse_json(messages[0].content);", "is no JSON"),
        ("let m = #{}; let x = m[messages[0]];", "10-s.toml:2:"),
        ("let x = messages[0].content.no;", "10-s.toml:2:"),
        (
            "let f = |x| x.nope; f.call(messages[0].content);",
            "10-s.toml:2:",
        ),
        (
            "fn f(x) { x.content.nope }\nlet y = f(messages[0]);",
            "10-s.toml:2:",
        ),
    ] {
        let why = sent(script, &body).expect_err(script);
        assert!(why.contains(expected), "{script}: {why}");
        assert!(!why.contains("4111"), "{why}");
    }
}

#[test]
fn what_the_turn_may_not_carry_is_a_fault() {
    let calls = || json!({ "role": "assistant", "content": null, "tool_calls": [{ "id": "c1", "type": "function", "function": { "name": "f", "arguments": "{}" } }] });
    let body = json!({ "model": "m", "stream": true, "messages": [user("one"), calls(), { "role": "tool", "tool_call_id": "c1", "content": "7" }, user("two")] }).to_string();
    for (script, expected) in [
        ("messages = 1;", "`messages` is no array"),
        ("messages = ();", "`messages` is no array"),
        ("messages.clear();", "`messages` is empty"),
        ("messages.push(\"x\");", "`messages[4]` is no message"),
        (
            "messages.push(#{ content: \"x\" });",
            "`messages[4].role` is missing",
        ),
        (
            "messages.push(#{ role: \"sytem\", content: \"x\" });",
            "`messages[4].role` is no role",
        ),
        (
            "messages.push(#{ role: 1, content: \"x\" });",
            "`messages[4].role` must be a string",
        ),
        (
            "messages.push(#{ role: \"user\" });",
            "`messages[4].content` is missing",
        ),
        (
            "messages.push(#{ role: \"user\", content: () });",
            "`messages[4].content` is missing",
        ),
        (
            "messages[0].content = 1;",
            "`messages[0].content` must be a string, an array of parts or null",
        ),
        (
            "messages[0].content = #{};",
            "`messages[0].content` must be",
        ),
        (
            "messages[0].remove(\"content\");",
            "`messages[0].content` is missing",
        ),
        ("messages[0].x = || 1;", "`messages[0]` has a function"),
        (
            "messages[0].x = 0.0 / 0.0;",
            "`messages[0]` has a number that is none",
        ),
        (
            "messages.remove(1);",
            "`messages[1]` is the result of a tool call that is not before it",
        ),
        (
            "messages.remove(2);",
            "`messages[1]` calls a tool whose result does not follow",
        ),
        (
            "messages.insert(2, #{ role: \"user\", content: \"x\" });",
            "`messages[2]` stands between a tool call and its result",
        ),
        (
            "messages[2].tool_call_id = \"c2\";",
            "`messages[2]` is the result of a tool call that is not before it",
        ),
        (
            "messages[2].remove(\"tool_call_id\");",
            "`messages[2].tool_call_id` is missing",
        ),
        (
            "messages.reverse();",
            "`messages[1]` is the result of a tool call",
        ),
        (
            "messages[1].tool_calls = \"x\";",
            "`messages[1].tool_calls` must be an array",
        ),
        ("request = 1;", "`request` is no map"),
        (
            "request.messages = [];",
            "`request.messages` can't be set: the messages are the variable `messages`",
        ),
        ("request.stream = false;", "`request.stream` can't be set"),
        (
            "request.remove(\"stream\");",
            "`request.stream` can't be taken out",
        ),
        (
            "request.temperature = \"hot\";",
            "`request.temperature` must be a number",
        ),
        ("request.model = ();", "`request.model` must be a string"),
        ("request.call = #{};", "`request.call` is Vapi's own"),
        ("request.tools = || 1;", "`request.tools` has a function"),
    ] {
        let why = sent(script, &body).expect_err(script);
        assert!(why.contains(expected), "{script}: {why}");
    }
    for script in [
        "messages.remove(1); messages.remove(1);",
        "messages.extract(3); messages = messages.extract(3);",
    ] {
        assert!(sent(script, &body).is_ok(), "{script}");
    }
}

#[test]
fn what_a_script_adds_counts_as_injected() {
    let body = json!({ "messages": [user("one"), user("two")] }).to_string();
    let script = rule(
        "request",
        "messages[0].content += \"0123456789\"; messages.push(#{ role: \"user\", content: \"more\" });",
    );
    for (left, is_enough) in [(10, false), (200, true)] {
        let mut request = ChatRequest::parse(body.clone().into()).expect("a request");
        let mut turn = Turn {
            injected_left: Some(left),
            ..Turn::default()
        };
        let done = script.on_request(&mut request, &mut turn);
        assert_eq!(done.is_ok(), is_enough, "{done:?}");
        let used = left - turn.injected_left.unwrap_or(0);
        assert!(!is_enough || (30..60).contains(&used), "{used}");
        assert_eq!(request.messages().len(), if is_enough { 3 } else { 2 });
    }
}
