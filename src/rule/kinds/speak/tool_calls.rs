//! Tool calls that a model writes as text, since its server did not read them: nobody makes them,
//! and nobody is to hear them.
//!
//! It makes no call of them. A mark that proves to begin none is said as it came, with what is behind.

mod proof;
mod python;

use crate::stream::sweep::{Glimpse, SweepUntil, Swept};
use crate::stream::voice_tag;
use python::CodeEnd;

/// Tags around calls or their results.
const TAGS: &[(&str, &[&str])] = &[
    ("<tool_call>", &["</tool_call>"]),
    ("<seed:tool_call>", &["</seed:tool_call>"]),
    ("<minimax:tool_call>", &["</minimax:tool_call>"]),
    ("<longcat_tool_call>", &["</longcat_tool_call>"]),
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

/// Tags with a name behind a sign.
const NAMED: &[(&str, &[&str])] = &[("<function=", &["</function>"]), ("<tool=", &["</tool>"])];
/// Tags with attributes.
const WITH_ATTRIBUTES: &[(&str, &[&str])] = &[
    ("<invoke ", &["</invoke>"]),
    ("<function ", &["</function>"]),
    ("<function_call ", &["</function_call>"]),
    ("<tool_call ", &["</tool_call>"]),
];

/// What closes a call that went by itself.
const ALONE: &[&str] = &[
    "</tool_call>",
    "</seed:tool_call>",
    "</minimax:tool_call>",
    "</longcat_tool_call>",
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
const PYTHON_TAG: &str = "<|python_tag|>";
/// No calls between brackets are longer.
const LONGEST_LIST: usize = 1200;

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
    if here.has(0, PYTHON_TAG) {
        return Some(behind_python_tag(here));
    }
    for (tag, ends) in TAGS {
        if here.has(0, tag) {
            return call(here, tag.len(), ends);
        }
    }
    for (tag, ends) in NAMED {
        if here.has(0, tag) {
            let is_of_name = |sign: char| !sign.is_whitespace() && !"<>".contains(sign);
            let end = tag.len() + here.run(tag.len(), 80, is_of_name);
            let is_whole = end > tag.len() && here.byte(end) == Some(b'>');
            return is_whole.then(|| call(here, end + 1, ends)).flatten();
        }
    }
    for (tag, ends) in WITH_ATTRIBUTES {
        if here.has(0, tag) {
            return call(here, voice_tag::tag(here)?, ends);
        }
    }
    let alone = ALONE.iter().find(|tag| here.has(0, tag))?;
    Some(Swept::Gone(alone.len()))
}

/// A call whose first mark is so long; none: what follows is none.
fn call(here: &Glimpse<'_>, len: usize, ends: &'static [&'static str]) -> Option<Swept> {
    let blanks = here.run(len, 20, char::is_whitespace);
    // Behind whole JSON the closing tag is often forgotten.
    if proof::is_json(here, len + blanks) {
        return Some(Swept::Until(len, SweepUntil::Json(ends)));
    }
    proof::is_call(here, len, ends).then_some(Swept::Until(len, SweepUntil::Behind(ends)))
}

/// `<|python_tag|>{…}`, `<|python_tag|>x.call(q="…")`.
fn behind_python_tag(here: &Glimpse<'_>) -> Swept {
    let len = PYTHON_TAG.len();
    let begin = len + here.run(len, 20, char::is_whitespace);
    if proof::is_json(here, begin) {
        return Swept::Until(len, SweepUntil::Json(MESSAGE_ENDS));
    }
    match python::code(here, begin) {
        None => Swept::Gone(len),
        Some(CodeEnd::FarAway) => Swept::Until(len, SweepUntil::Behind(MESSAGE_ENDS)),
        Some(CodeEnd::At(end)) => {
            let blanks = here.run(end, 20, char::is_whitespace);
            let is_ended = |mark: &&&str| here.has(end + blanks, mark);
            let mark = MESSAGE_ENDS.iter().find(is_ended);
            Swept::Gone(mark.map_or(end, |mark| end + blanks + mark.len()))
        }
    }
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
            return Some(match proof::is_json(here, at) {
                true => Swept::Until(at, SweepUntil::Json(&["[/TOOL_CALLS]"])),
                false => Swept::Gone(token.len()),
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
    if key == 0 || here.byte(2 + name + key) != Some(b'=') {
        return None;
    }
    let end = here.find(2 + name, ")]", LONGEST_LIST)?;
    Some(Swept::Gone(end + 2))
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
    let is_key = |at: usize, keys: &[&str]| keys.iter().any(|key| has_key(here, at, key));
    if is_key(first, &SURE) {
        return true;
    }
    if !is_key(first, &begins) {
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
            Some('"') if is_key(at, &SURE) => return true,
            Some('"') if is_key(at, &["\"args\"", "\"input\""]) => return true,
            Some(_) => {}
        }
        at += here.letter(at).map_or(1, char::len_utf8);
    }
    false
}

fn has_key(here: &Glimpse<'_>, at: usize, key: &str) -> bool {
    let end = at + key.len();
    here.has(at, key) && here.byte(end + here.run(end, 8, char::is_whitespace)) == Some(b':')
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
