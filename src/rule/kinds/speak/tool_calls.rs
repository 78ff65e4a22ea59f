//! Tool calls that a model writes as text, since its server did not read them: nobody makes them,
//! and nobody is to hear them.
//!
//! It makes no call of them.

use crate::stream::sweep::{Glimpse, SweepUntil, Swept};

/// Tags around calls or their results.
const TAGS: &[(&str, &[&str])] = &[
    ("<tool_call>", &["</tool_call>"]),
    ("<tool_calls>", &["</tool_calls>"]),
    ("<tool_use>", &["</tool_use>"]),
    ("<tool_code>", &["</tool_code>"]),
    ("<tool_response>", &["</tool_response>"]),
    ("<tool_result>", &["</tool_result>"]),
    ("<function_call>", &["</function_call>"]),
    ("<function_calls>", &["</function_calls>"]),
    ("<functioncall>", &["</functioncall>"]),
    (
        "<|tool_calls_section_begin|>",
        &["<|tool_calls_section_end|>"],
    ),
    ("<|tool_call_begin|>", &["<|tool_call_end|>"]),
    ("<|tool_call|>", &["<|/tool_call|>", "</tool_call|>"]),
    ("<|tool_call>", &["<tool_call|>"]),
    ("<|tool_call_start|>", &["<|tool_call_end|>"]),
    ("<｜tool▁calls▁begin｜>", &["<｜tool▁calls▁end｜>"]),
    ("<｜tool▁call▁begin｜>", &["<｜tool▁call▁end｜>"]),
];

/// Tags with a name or attributes.
const NAMED: &[(&str, &[&str])] = &[
    ("<function=", &["</function>"]),
    ("<tool=", &["</tool>"]),
    ("<invoke name=", &["</invoke>"]),
    ("<tool_call ", &["</tool_call>"]),
];

/// What closes a call that went by itself.
const ALONE: &[&str] = &[
    "</tool_call>",
    "</tool_calls>",
    "</tool_use>",
    "</function_call>",
    "</function_calls>",
    "</function>",
    "</invoke>",
    "</parameter>",
    "<|tool_calls_section_end|>",
    "<|tool_call_end|>",
    "<|/tool_call|>",
    "<tool_call|>",
    "<｜tool▁calls▁end｜>",
    "<｜tool▁call▁end｜>",
];

const MESSAGE_ENDS: &[&str] = &["<|eom_id|>", "<|eot_id|>"];
const FENCE: &[&str] = &["```", "~~~"];
const PYTHON_END: &[&str] = &[")]"];

/// The keys that only a call has.
const SURE: [&str; 6] = [
    "\"arguments\"",
    "\"parameters\"",
    "\"tool_calls\"",
    "\"tool_uses\"",
    "\"action_input\"",
    "\"tool_input\"",
];
/// No call names itself later than this.
const LATEST_KEY: usize = 240;

/// What begins here and is a tool call, or a mark around one.
pub(super) fn look(here: &Glimpse<'_>) -> Option<Swept> {
    match here.byte(0)? {
        b'<' => tagged(here),
        b'[' => bracketed(here),
        b'{' => is_call(here, 0).then_some(Swept::Until(0, SweepUntil::Json(&[]))),
        b'`' | b'~' => fenced(here),
        _ => None,
    }
}

fn tagged(here: &Glimpse<'_>) -> Option<Swept> {
    if here.has(0, "<|python_tag|>") {
        let len = "<|python_tag|>".len();
        let blanks = here.run(len, 20, char::is_whitespace);
        let is_json = matches!(here.byte(len + blanks), Some(b'{' | b'['));
        let until = match is_json {
            true => SweepUntil::Json(MESSAGE_ENDS),
            false => SweepUntil::Behind(MESSAGE_ENDS),
        };
        return Some(Swept::Until(len, until));
    }
    for (tag, ends) in TAGS {
        if here.has(0, tag) {
            let blanks = here.run(tag.len(), 20, char::is_whitespace);
            // Behind whole JSON the closing tag is often forgotten.
            let is_json = matches!(here.byte(tag.len() + blanks), Some(b'{' | b'['));
            let until = match is_json {
                true => SweepUntil::Json(ends),
                false => SweepUntil::Behind(ends),
            };
            return Some(Swept::Until(tag.len(), until));
        }
    }
    let named = NAMED.iter().find(|(tag, _)| here.has(0, tag));
    if let Some((tag, ends)) = named {
        return Some(Swept::Until(tag.len(), SweepUntil::Behind(ends)));
    }
    let alone = ALONE.iter().find(|tag| here.has(0, tag))?;
    Some(Swept::Gone(alone.len()))
}

/// `[TOOL_CALLS][{…}]`, `[TOOL_CALLS]name[ARGS]{…}`, `[{"name":…}]`, `[name(key="…")]`.
fn bracketed(here: &Glimpse<'_>) -> Option<Swept> {
    for token in ["[TOOL_CALLS]", "[TOOL_CALL]", "[ARGS]", "[TOOL_RESULTS]"] {
        if here.has(0, token) {
            let is_name = |sign: char| sign.is_ascii_alphanumeric() || "_-.".contains(sign);
            let mut at = token.len();
            for _ in 0..4 {
                at += here.run(at, 20, char::is_whitespace);
                at += here.run(at, 80, is_name);
                for mark in ["[ARGS]", "[CALL_ID]"] {
                    at += if here.has(at, mark) { mark.len() } else { 0 };
                }
            }
            return Some(match here.byte(at) {
                Some(b'{' | b'[') => Swept::Until(at, SweepUntil::Json(&["[/TOOL_CALLS]"])),
                _ => Swept::Gone(token.len()),
            });
        }
    }
    if here.has(0, "[/TOOL_CALLS]") {
        return Some(Swept::Gone("[/TOOL_CALLS]".len()));
    }
    let blanks = here.run(1, 20, char::is_whitespace);
    if here.byte(1 + blanks) == Some(b'{') {
        let is_call = is_call(here, 1 + blanks);
        return is_call.then_some(Swept::Until(0, SweepUntil::Json(&[])));
    }
    let is_name = |sign: char| sign.is_ascii_alphanumeric() || "_.".contains(sign);
    let name = here.run(1, 60, is_name);
    if name == 0 || here.byte(1 + name) != Some(b'(') {
        return None;
    }
    let key = here.run(2 + name, 40, is_name);
    let is_call = key > 0 && here.byte(2 + name + key) == Some(b'=');
    is_call.then_some(Swept::Until(2 + name, SweepUntil::Behind(PYTHON_END)))
}

/// Whether the object that begins so many bytes behind this place is a tool call.
fn is_call(here: &Glimpse<'_>, at: usize) -> bool {
    let blanks = here.run(at + 1, 20, char::is_whitespace);
    let first = at + 1 + blanks;
    if here.byte(first) != Some(b'"') {
        return false;
    }
    let begins = [
        "\"name\"",
        "\"type\"",
        "\"function\"",
        "\"tool\"",
        "\"tool_name\"",
        "\"action\"",
        "\"id\"",
        "\"recipient_name\"",
    ];
    if SURE.iter().any(|key| here.has(first, key)) {
        return true;
    }
    if !begins.iter().any(|key| here.has(first, key)) {
        return false;
    }
    let mut depth = 0;
    let mut at = at;
    let most = at + LATEST_KEY;
    while at < most {
        match here.letter(at) {
            None => return false,
            Some('{') => depth += 1,
            Some('}') if depth == 1 => return false,
            Some('}') => depth -= 1,
            Some('"') if SURE.iter().any(|key| here.has(at, key)) => return true,
            Some('"') if here.has(at, "\"args\"") || here.has(at, "\"input\"") => return true,
            Some(_) => {}
        }
        at += here.letter(at).map_or(1, char::len_utf8);
    }
    false
}

/// A block of code that has a call in it.
fn fenced(here: &Glimpse<'_>) -> Option<Swept> {
    let fence = FENCE.iter().find(|fence| here.has(0, fence))?;
    let info = here.run(fence.len(), 30, |sign| {
        sign != '\n' && sign != '{' && sign != '['
    });
    let name = here.text(fence.len()..fence.len() + info).trim();
    let is_tool = [
        "tool_code",
        "tool_call",
        "tool_calls",
        "tool",
        "function_call",
    ]
    .contains(&name);
    let inside = fence.len() + info;
    let inside = inside + here.run(inside, 20, char::is_whitespace);
    let is_call = || match here.byte(inside) {
        Some(b'{') => is_call(here, inside),
        Some(b'[') => {
            let blanks = here.run(inside + 1, 20, char::is_whitespace);
            here.byte(inside + 1 + blanks) == Some(b'{') && is_call(here, inside + 1 + blanks)
        }
        _ => false,
    };
    if !is_tool && !is_call() {
        return None;
    }
    Some(Swept::Until(fence.len(), SweepUntil::Behind(FENCE)))
}
