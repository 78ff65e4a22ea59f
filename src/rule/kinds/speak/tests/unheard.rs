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

#[test]
fn what_only_looks_like_a_thought_a_comment_or_a_call_is_said_as_it_came() {
    let texts = [
        "A <thinking about it> test. Your order is on its way.",
        "Hmm <thinking face> let me see. Your order ships today.",
        "See <reasoning behind prices> page. It costs.",
        "One <thought process> two.",
        "Two <think2> and <think-tank>, <thoughtful> and <reflections>.",
        "The markup <!-- starts a comment in HTML. Then you write your text. Thanks for asking!",
        "In that language <function=name opens a call. Then comes the rest. Thanks for asking!",
        "Or <function=name> opens a call. Then comes the rest. Thanks for asking!",
        "Or <invoke name=\"it\"> opens one, <tool=it> too. Thanks for asking!",
        "Llama writes <tool_call> before a call. Then JSON follows. Thanks for asking!",
        "It writes <tool_call>{ and then more. Thanks for asking!",
        "It writes <tool_code> before code, if you ask. Thanks for asking!",
        "And <｜tool▁calls▁begin｜> before others. Thanks for asking!",
        "The call [see(it=that is a note. Thanks for asking!",
        "The object {\"name\": \"f\", \"arguments\" are its keys. Thanks for asking!",
        "<tool_response> comes behind it. Thanks for asking!",
    ];
    check("", &texts.map(|text| (text, text)));
}

#[test]
fn marks_whose_tag_is_known_go_also_with_attributes_and_without_an_end() {
    check(
        "",
        &[
            ("<think type=\"deep\">no</think>Yes.", "Yes."),
            ("<antThinking>no</antThinking>Yes.", "Yes."),
            ("a <!-- no\n\n no --> b", "a b"),
            (
                "<seed:tool_call><function=x><parameter=a>1</parameter></function></seed:tool_call>Done.",
                "Done.",
            ),
            (
                "<function=x>\n<parameter=a>1</parameter></function>Done.",
                "Done.",
            ),
            ("<tool_call name=\"f\">{\"a\": 1}</tool_call>Done.", "Done."),
            ("<tool_code>\nprint(f(1))\n</tool_code>Done.", "Done."),
            ("<tool_response>It is warm.</tool_response>Done.", "Done."),
            ("<|tool_call>call:f{a:1}<tool_call|>Done.", "Done."),
            ("One moment. <tool_call>", "One moment. "),
        ],
    );
}

#[test]
fn of_a_call_in_python_the_text_behind_it_is_said() {
    check(
        "",
        &[
            ("<|python_tag|>x.call(q=\"a)\")\nDone.", "Done."),
            ("<|python_tag|>x.call(q='a') Done.", "Done."),
            ("<|python_tag|>x.call(q=\"a\")<|eom_id|>", ""),
            (
                "<|python_tag|>{\"name\":\"x\",\"parameters\":{}}\nDone.",
                "Done.",
            ),
            (
                "<|python_tag|>import requests\nr = requests.get(\"x\").json()\nfor a in r:\n  print(a)\n\nDone.",
                "Done.",
            ),
            ("<|python_tag|>print(1); print(2)\nDone.", "Done."),
            (
                "<|python_tag|> comes before a call, it says.",
                "comes before a call, it says.",
            ),
            ("<|python_tag|>f(\"never", ""),
        ],
    );
}
