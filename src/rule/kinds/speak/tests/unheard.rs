//! What nobody is to hear at all: thoughts, and tool calls that are written as text.

use super::*;

#[test]
fn thoughts_of_any_length_go() {
    let long = "hm ".repeat(10_000);
    let toml = "strip = ['thinking']";
    assert_eq!(
        heard_in(&rule(toml), &["<think>", &long, "</thi", "nk>\n\nYes."]),
        "Yes."
    );
    check(
        toml,
        &[
            ("<think>\nno\n</think>\n\nYes.", "Yes."),
            ("One <thinking>no</thinking> two", "One two"),
            ("lost thought</think>Yes", "lost thoughtYes"),
            ("<think></think>Hi <Think>x</THINK>there", "Hi there"),
            ("Yes. <think>never closed", "Yes. "),
            ("I think <b>so</b> <thin> <t", "I think <b>so</b> <thin> <t"),
            ("[THINK]a[/THINK]b", "b"),
            ("◁think▷a◁/think▷b", "b"),
            (
                "<|channel|>analysis<|message|>They ask.<|end|><|start|>assistant<|channel|>final<|message|>Hello.<|return|>",
                "Hello.",
            ),
            (
                "<|start|>assistant<|channel|>commentary to=functions.f <|constrain|>json<|message|>{\"a\":1}<|call|>",
                "",
            ),
            (
                "<|channel|>commentary<|message|>One moment.<|end|>",
                "One moment.",
            ),
            ("analysisThe caller asks.assistantfinalHello.", "Hello."),
            ("analysis of it is done", "analysis of it is done"),
            ("Hello.<|im_end|> <|x|> a <|", "Hello. <|x|> a <|"),
        ],
    );
}

#[test]
fn a_reply_that_begins_within_thoughts_is_said_if_they_never_end() {
    check(
        "thinking_opened = true",
        &[
            ("They want it.\n</think>\n\nYes.", "Yes."),
            ("No thoughts at all.", "No thoughts at all."),
        ],
    );
}

#[test]
fn tool_calls_that_are_written_as_text_go() {
    check(
        "strip = ['tool_syntax']",
        &[
            (
                "One moment. <tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": \"}\"}}\n</tool_call> Done.",
                "One moment. Done.",
            ),
            (
                "<tool_call>{\"name\": \"f\", \"arguments\": {}} Then.",
                "Then.",
            ),
            ("<tool_call>f\n<arg_key>a</arg_key></tool_call>ok", "ok"),
            ("<function=f>{\"a\": 1}</function>ok", "ok"),
            (
                "Sure [TOOL_CALLS] [{\"name\": \"f\", \"arguments\": {\"a\": [1]}}] ok",
                "Sure ok",
            ),
            ("[TOOL_CALLS]f[ARGS]{\"a\": 1}ok", "ok"),
            (
                "<|python_tag|>{\"name\": \"f\", \"parameters\": {}}<|eom_id|>",
                "",
            ),
            (
                "```json\n{\"name\": \"f\", \"arguments\": {}}\n```\nok",
                "ok",
            ),
            ("{\"name\": \"f\", \"parameters\": {\"a\": 1}} ok", "ok"),
            (
                "{\"type\": \"function\", \"name\": \"f\", \"arguments\": {}}",
                "",
            ),
            ("[{\"name\": \"f\", \"arguments\": {}}]ok", "ok"),
            ("[get_weather(city=\"Paris\")] ok", "ok"),
            ("<｜tool▁calls▁begin｜>x<｜tool▁calls▁end｜>ok", "ok"),
            (
                "{\"name\": \"Dana\"} {a} [note (x)] ```js\nx\n```",
                "{\"name\": \"Dana\"} {a} [note (x)] ```js\nx\n```",
            ),
            ("<tool_call>{\"name\": \"f\", \"arg", ""),
            (
                "<function_calls><invoke name=\"f\"><parameter name=\"a\">1</parameter></invoke></function_calls>ok",
                "ok",
            ),
        ],
    );
}
