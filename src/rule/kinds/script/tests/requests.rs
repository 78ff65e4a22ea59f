//! What a script makes of a request, and what it leaves alone.

use super::*;

/// A body as clients write it: odd blanks, escapes and numbers, and fields in an odd order.
const ODD: &str = r#"{"seed": 12345678901234567890, "temperature":0.70, "messages":[ {"content":"Be \u0062rief.","role":"system"}, {"role":"user","content":[ {"type":"text","text":"a"}, {"image_url":{"url":"x","n":1.50},"type":"image_url"} ], "weight":1e2}, {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{ \"a\" : 1.0 }"}}]}, {"role":"tool","tool_call_id":"c1","content":"7"}, {"role":"user","content":"Hi"}], "metadata_x": {"b":1.0,"a":-0}, "stream":true}"#;

#[test]
fn what_a_script_leaves_alone_goes_as_it_came() {
    let plain = {
        let request = ChatRequest::parse(ODD.into()).expect("a request");
        written(&request)
    };
    for script in [
        "",
        "let x = messages; let y = request;",
        "messages = messages; request = request;",
        "for m in messages { m.content = \"x\"; m.role; }",
        "messages = messages.filter(|m| true); let n = 0; messages.for_each(|| n += this.len());",
        "messages[0].content = messages[0].content; request.seed = request.seed;",
        "let m = messages.shift(); messages.insert(0, m); let t = request.remove(\"seed\"); request.seed = t;",
        "let x = messages[1].content[1].image_url.n + 1;",
    ] {
        let sent = sent(script, ODD).unwrap_or_else(|why| panic!("{script}: {why}"));
        assert_eq!(sent, plain, "{script}");
    }
}

#[test]
fn what_is_changed_is_all_that_is_new() {
    for (script, old, new) in [
        (
            "messages[0].content = \"Be kind.\";",
            r#"{"content":"Be \u0062rief.","role":"system"}"#,
            r#"{"content":"Be kind.","role":"system"}"#,
        ),
        (
            "messages[1].content[1].image_url.url = \"y\";",
            r#"{"role":"user","content":[ {"type":"text","text":"a"}, {"image_url":{"url":"x","n":1.50},"type":"image_url"} ], "weight":1e2}"#,
            r#"{"role":"user","content":[{"type":"text","text":"a"},{"image_url":{"url":"y","n":1.50},"type":"image_url"}],"weight":1e2}"#,
        ),
        (
            "request.temperature = 0.2;",
            "\"temperature\":0.70",
            "\"temperature\":0.2",
        ),
        (
            "request.metadata_x.c = request.seed;",
            r#"{"b":1.0,"a":-0}"#,
            r#"{"b":1.0,"a":-0,"c":12345678901234567890}"#,
        ),
        (
            "request.remove(\"seed\");",
            "\"seed\":12345678901234567890,",
            "",
        ),
        (
            "request.user = customer.name;",
            ",\"stream\":true}",
            ",\"stream\":true,\"user\":\"Dana\"}",
        ),
        (
            "messages.insert(-1, #{ content: `It is ${turn.number}.`, role: \"system\" });",
            r#"{"role":"user","content":"Hi"}"#,
            r#"{"role":"system","content":"It is 3."},{"role":"user","content":"Hi"}"#,
        ),
        ("messages.pop();", r#",{"role":"user","content":"Hi"}"#, ""),
    ] {
        let sent = sent(script, ODD).unwrap_or_else(|why| panic!("{script}: {why}"));
        let request = ChatRequest::parse(ODD.into()).expect("a request");
        let mut expected = written(&request);
        if script.contains("messages") {
            // Blanks between messages are of the array, which is another one.
            expected = expected.replace("[ {\"content\":\"Be", "[{\"content\":\"Be");
            expected = expected.replace("}, {\"role\"", "},{\"role\"");
        }
        assert!(expected.contains(old), "{script}: {expected}");
        assert_eq!(sent, expected.replacen(old, new, 1), "{script}");
    }
}

#[test]
fn messages_are_moved_made_and_taken_out() {
    let body = || {
        json!({ "model": "m", "messages": [
            { "role": "system", "content": "S" },
            user("one"),
            { "role": "assistant", "content": "two" },
            user("three"),
        ] })
    };
    for (script, expected) in [
        (
            "messages = messages.filter(|m| m.role != \"assistant\");",
            json!(["S", "one", "three"]),
        ),
        (
            "let n = 2; messages = messages.filter(|m| m.content.len() > n);",
            json!(["one", "two", "three"]),
        ),
        ("messages = messages.extract(-2);", json!(["two", "three"])),
        (
            "messages.retain(|m| m.role == \"user\");",
            json!(["one", "three"]),
        ),
        (
            "messages = [messages[0], messages[-1]];",
            json!(["S", "three"]),
        ),
        (
            "messages.push(messages[0]);",
            json!(["S", "one", "two", "three", "S"]),
        ),
        (
            "messages = messages.map(|m| { m.content += \"!\"; m });",
            json!(["S!", "one!", "two!", "three!"]),
        ),
        (
            "fn loud(m) { m.content.make_upper(); m } messages[1] = loud(messages[1]);",
            json!(["S", "ONE", "two", "three"]),
        ),
        (
            "if route == \"sales\" && request.model == \"m\" { messages[0].content = call.type; }",
            json!(["webCall", "one", "two", "three"]),
        ),
        (
            "if customer?.address?.city == () { messages[0].content = customer.phone ?? \"none\"; }",
            json!(["none", "one", "two", "three"]),
        ),
        (
            "if turn.user.says([\"goodbye\", \"good bye\"]) { exit(); } messages.clear();",
            json!(["S", "one", "two", "three"]),
        ),
        (
            "if !now.within(\"Mon-Fri 9-17\", \"Europe/Berlin\") { return; } messages[0].content = date(now, \"%H:%M\", \"Europe/Berlin\");",
            json!(["11:00", "one", "two", "three"]),
        ),
        (
            "messages[1].content = `${messages[1].content} ${\"a1b2\".digits()} ${\"7\".spoken()}`;",
            json!(["S", "one 12 seven", "two", "three"]),
        ),
        (
            "messages[1].content = messages[1].content.replace_all(`(o)n`, \"$1-\");",
            json!(["S", "o-e", "two", "three"]),
        ),
        (
            "messages[1].content = \"a1, b2\".find_all(`[a-z]\\d`).join(\" \");",
            json!(["S", "a1 b2", "two", "three"]),
        ),
        (
            "messages[1].content = parse_json(`{\"a\":[1,{\"b\":\"x\"}]}`).a[1].b;",
            json!(["S", "x", "two", "three"]),
        ),
        (
            "let call = |x| x + \"?\"; messages[1].content = call.call(\"a\");",
            json!(["S", "a?", "two", "three"]),
        ),
    ] {
        let made = made(script, body());
        let texts: Vec<&Value> = made["messages"]
            .as_array()
            .expect("messages")
            .iter()
            .map(|m| &m["content"])
            .collect();
        assert_eq!(json!(texts), expected, "{script}");
    }
}

#[test]
fn every_kind_of_content_is_read_and_bad_input_does_no_harm() {
    let shout = "for i in 0..messages.len() { let c = messages[i].content; if type_of(c) == \"string\" { messages[i].content = c.to_upper(); } else if type_of(c) == \"array\" { for j in 0..c.len() { if c[j].text != () { messages[i].content[j].text = c[j].text.to_upper(); } } } }";
    for (message, expected) in [
        (user("é"), user("É")),
        (user(""), user("")),
        (
            json!({ "role": "user", "content": [{ "type": "text", "text": "a" }, { "type": "x" }] }),
            json!({ "role": "user", "content": [{ "type": "text", "text": "A" }, { "type": "x" }] }),
        ),
        (
            json!({ "role": "user", "content": [] }),
            json!({ "role": "user", "content": [] }),
        ),
        (
            json!({ "role": "assistant", "content": null }),
            json!({ "role": "assistant", "content": null }),
        ),
        (json!({ "role": "user" }), json!({ "role": "user" })),
        (
            json!({ "role": "narrator", "content": "a" }),
            json!({ "role": "narrator", "content": "A" }),
        ),
        (
            json!({ "role": "user", "content": "a", "deep": nested(100) }),
            json!({ "role": "user", "content": "A", "deep": nested(100) }),
        ),
    ] {
        let made = made(shout, json!({ "messages": [message] }));
        assert_eq!(made["messages"][0], expected);
    }
    let large = "word ".repeat(220_000);
    let made = made(shout, json!({ "messages": [user(&large)] }));
    assert_eq!(made["messages"][0]["content"], large.to_uppercase());
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(json!(1.5), |inner, _| json!([inner]))
}

#[test]
fn numbers_of_any_size_go_as_they_came_wherever_they_are_moved() {
    for number in [
        "0",
        "-0",
        "1.0",
        "1e400",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775809",
        "0.1000",
        "1E+2",
        "5e-324",
    ] {
        let body = format!(
            r#"{{"messages":[{{"role":"user","content":"x","n":{number}}}],"a":{{"n":{number}}}}}"#
        );
        let script = "request.b = [request.a.n, messages[0].n]; messages[0].m = messages[0].n; request.remove(\"a\");";
        let sent = sent(script, &body).expect("it works");
        let expected = format!(
            r#"{{"messages":[{{"role":"user","content":"x","n":{number},"m":{number}}}],"b":[{number},{number}]}}"#
        );
        assert_eq!(sent, expected);
    }
    let made = made(
        "request.a = [1, 2.5, 3.0, 7 / 2, true, (), 'x', \"y\"];",
        json!({ "messages": [user("x")] }),
    );
    assert_eq!(made["a"], json!([1, 2.5, 3.0, 3, true, null, "x", "y"]));
}

#[test]
fn new_messages_at_the_tail_stay_there_for_the_rules_behind() {
    let body = json!({ "messages": [{ "role": "system", "content": "S" }, user("one"), { "role": "assistant", "content": "two" }, user("three")] });
    let mut request = ChatRequest::parse(body.to_string().into()).expect("a request");
    let script = "messages.insert(-1, #{ role: \"system\", content: \"tail\" }); messages.insert(1, #{ role: \"system\", content: \"early\" });";
    rule("request", script)
        .on_request(&mut request, &mut Turn::default())
        .expect("it works");
    let tail: Vec<(String, bool)> = request
        .messages()
        .iter()
        .map(|m| (m.text().into_owned(), m.is_at_tail()))
        .collect();
    let expected = [
        ("S", false),
        ("early", false),
        ("one", false),
        ("two", false),
        ("tail", true),
        ("three", false),
    ];
    assert_eq!(tail, expected.map(|(text, at)| (text.to_owned(), at)));
}
