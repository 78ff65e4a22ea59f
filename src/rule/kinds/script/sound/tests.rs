use serde_json::{Value, json};

use super::super::tests::sent;

fn body() -> String {
    let called =
        json!({ "id": "c1", "type": "function", "function": { "name": "f", "arguments": "{}" } });
    json!({
        "messages": [
            { "role": "user", "content": [{ "type": "text", "text": "p" }, { "odd": 1 }] },
            { "role": "assistant", "content": null, "tool_calls": [called] },
            { "role": "tool", "tool_call_id": "c1", "content": "done" },
        ],
        "tools": [{ "type": "function", "function": { "name": "f" } }, 7],
    })
    .to_string()
}

#[test]
fn broken_parts_are_a_fault_of_the_script() {
    for (script, expected) in [
        (
            "messages[0].content += \"!\";",
            "`messages[0].content[2]` is no part of a content",
        ),
        (
            "messages[0].content.push(5);",
            "`messages[0].content[2]` is no part",
        ),
        (
            "messages[0].content = [#{ type: \"text\" }];",
            "`messages[0].content[0].text` must be a string",
        ),
        (
            "messages[0].content = [#{ type: \"text\", text: 5 }];",
            "content[0].text` must be a string",
        ),
        (
            "messages[0].content = [#{ type: \"image_url\" }];",
            "content[0].image_url` is missing",
        ),
        ("messages[0].content = [[]];", "content[0]` is no part"),
        (
            "messages[1].tool_calls = [1];",
            "`messages[1].tool_calls[0]` is no tool call",
        ),
        (
            "messages[1].tool_calls.push(#{ id: \"x\" });",
            "tool_calls[1].function.name` must be a string",
        ),
        (
            "messages[1].tool_calls[0].id = 5;",
            "tool_calls[0].id` must be a string",
        ),
        (
            "messages[1].tool_calls[0].function.arguments = #{};",
            "tool_calls[0].function.arguments` must be a string",
        ),
        (
            "messages[1].function_call = #{ name: 1 };",
            "`messages[1].function_call.name` must be a string",
        ),
        ("request.tools.push(5);", "`request.tools[2]` is no tool"),
        (
            "request.tools = [#{ type: \"function\" }];",
            "`request.tools[0].function.name` must be a string",
        ),
        (
            "request.functions = [#{}];",
            "`request.functions[0].name` must be a string",
        ),
        (
            "request.stop = [\"a\", 5];",
            "`request.stop[1]` must be a string",
        ),
        (
            "request.max_tokens = 1.5;",
            "`request.max_tokens` must be a whole number",
        ),
        (
            "request.seed = 0.1;",
            "`request.seed` must be a whole number",
        ),
        (
            "request.tool_choice = \"maybe\";",
            "`request.tool_choice` is no choice",
        ),
        (
            "request.response_format = #{};",
            "`request.response_format` has no `type`",
        ),
        (
            "request.logit_bias = #{ a: \"x\" };",
            "`request.logit_bias` must be a map of numbers",
        ),
    ] {
        let why = sent(script, &body()).expect_err(script);
        assert!(why.contains(expected), "{script}: {why}");
    }
}

#[test]
fn what_came_stays_and_what_is_sound_is_sent() {
    for script in [
        "messages[0].content.push(#{ type: \"text\", text: \"x\" });",
        "messages[0].content[0].text += \"!\";",
        "messages[0].content = \"plain\";",
        "messages[0].content.push(#{ type: \"image_url\", image_url: #{ url: \"u\" } });",
        "messages[0].content.push(#{ type: \"of_an_upstream\", x: 1 });",
        "messages[1].tool_calls[0].function.arguments = \"{\\\"a\\\":1}\";",
        "messages[2].content = \"done, really\";",
        "request.tools.push(#{ type: \"function\", function: #{ name: \"g\" } });",
        "request.stop = [\"a\"]; request.max_tokens = 5; request.tool_choice = \"none\";",
        "request.tool_choice = #{ type: \"function\", function: #{ name: \"f\" } };",
        "request.response_format = #{ type: \"json_object\" }; request.seed = ();",
    ] {
        let after = sent(script, &body()).unwrap_or_else(|why| panic!("{script}: {why}"));
        assert!(serde_json::from_str::<Value>(&after).is_ok(), "{script}");
    }
}
