//! What a model thinks aloud: `<think>…</think>` and its like, channels of harmony, and the tokens
//! with which templates set messages apart.
//!
//! Thoughts may have any length; nothing behind them waits.

use crate::stream::sweep::{Glimpse, SweepUntil, Swept};
use crate::stream::voice_tag;

/// The bytes with which any of it can begin.
pub(super) const STARTS: &[u8] = b"<[a\xE2";

/// Tags around thoughts, each with what ends them.
const TAGS: &[(&str, &[&str])] = &[
    ("think", &["</think>", "</ think>", "</think >"]),
    ("thinking", &["</thinking>"]),
    ("thought", &["</thought>"]),
    ("thoughts", &["</thoughts>"]),
    ("reasoning", &["</reasoning>"]),
    ("reflection", &["</reflection>"]),
    ("scratchpad", &["</scratchpad>"]),
    ("inner_monologue", &["</inner_monologue>"]),
    ("antthinking", &["</antthinking>"]),
    ("seed:think", &["</seed:think>"]),
];

/// What ends thoughts that began before the reply.
pub(super) const OPENED_ENDS: &[&str] = &["</think>", "</thinking>", "[/THINK]", "◁/think▷"];

/// Thoughts between other marks.
const MARKS: &[(&str, &[&str])] = &[
    ("[THINK]", &["[/THINK]"]),
    ("◁think▷", &["◁/think▷"]),
    ("<|begin_of_thought|>", &["<|end_of_thought|>"]),
    ("<|start_thinking|>", &["<|end_thinking|>"]),
    ("<|channel>thought", &["<channel|>"]),
];

/// Marks that stand alone where the other of the pair is missing, or around what is said.
const ALONE: &[&str] = &[
    "[/THINK]",
    "◁/think▷",
    "<start_of_turn>model",
    "<start_of_turn>",
    "<end_of_turn>",
    "<bos>",
    "<eos>",
    "</s>",
    "<|begin_of_solution|>",
    "<|end_of_solution|>",
    "<channel|>",
    "<｜end▁of▁sentence｜>",
    "<｜begin▁of▁sentence｜>",
    "<｜Assistant｜>",
];

/// The ends of a channel's message: the first two begin another one, which counts.
const MESSAGE_ENDS: &[&str] = &[
    "<|channel|>",
    "<|start|>",
    "<|end|>",
    "<|return|>",
    "<|call|>",
];

/// Where harmony is written without its tokens, what is said begins behind this.
const BARE_FINAL: &[&str] = &["assistantfinal"];

/// What begins here and is thought, or a mark around it.
pub(super) fn look(here: &Glimpse<'_>) -> Option<Swept> {
    match here.letter(0)? {
        'a' => bare_harmony(here),
        '<' => tagged(here)
            .or_else(|| marked(here))
            .or_else(|| token(here)),
        '[' | '◁' => marked(here),
        _ => None,
    }
}

fn tagged(here: &Glimpse<'_>) -> Option<Swept> {
    let blanks = here.run(1, 2, |sign| sign == ' ');
    let is_closing = here.byte(1 + blanks) == Some(b'/');
    let begin = match is_closing {
        true => 2 + blanks + here.run(2 + blanks, 2, |sign| sign == ' '),
        false => 1 + blanks,
    };
    let is_of_name = |sign: char| sign.is_ascii_alphanumeric() || "_:-".contains(sign);
    // Most tags are decided by their first letters.
    let mut may_be = TAGS.iter().filter(|(name, _)| here.has(begin, name));
    may_be.next()?;
    let name = here.run(begin, 20, is_of_name);
    let end = begin + name;
    let name = here.text(begin..end);
    let (_, ends) = TAGS
        .iter()
        .find(|(known, _)| name.eq_ignore_ascii_case(known))?;
    // With attributes at most: `<thinking face>` is none.
    let len = voice_tag::tag(here)?;
    // Of a tag that somebody speaks of, nothing behind it is thought.
    let is_quoted = here.last().is_some_and(|sign| "`\"'“‘(".contains(sign));
    let is_empty = here.text(end..len).ends_with("/>");
    Some(match is_closing || is_empty || is_quoted {
        true => Swept::Gone(len),
        false => Swept::Until(len, SweepUntil::Behind(ends)),
    })
}

fn marked(here: &Glimpse<'_>) -> Option<Swept> {
    for (mark, ends) in MARKS {
        if here.has(0, mark) {
            return Some(Swept::Until(mark.len(), SweepUntil::Behind(ends)));
        }
    }
    let alone = ALONE.iter().find(|mark| here.has(0, mark))?;
    Some(Swept::Gone(alone.len()))
}

/// `<|…|>`: a channel, or another token of a template.
fn token(here: &Glimpse<'_>) -> Option<Swept> {
    if !here.has(0, "<|") {
        return None;
    }
    if here.has(0, "<|channel|>") || here.has(0, "<|message|>") || here.has(0, "<|start|>") {
        return Some(channel(here));
    }
    let len = token_len(here)?;
    let name = here.text(2..len - 2);
    let is_template = matches!(
        name,
        "end"
            | "return"
            | "im_end"
            | "eot_id"
            | "eom_id"
            | "eot"
            | "eom"
            | "header_start"
            | "header_end"
            | "begin_of_box"
            | "end_of_box"
            | "fim_prefix"
            | "fim_middle"
            | "fim_suffix"
            | "endoftext"
            | "end_of_text"
            | "end_of_turn"
            | "im_start"
            | "start_header_id"
            | "end_header_id"
            | "assistant"
            | "user"
            | "system"
            | "constrain"
            | "call"
            | "END_OF_TURN_TOKEN"
            | "START_RESPONSE"
            | "END_RESPONSE"
    );
    if !is_template {
        return None;
    }
    // Behind these stands who speaks.
    let begins = matches!(name, "im_start" | "start_header_id" | "header_start");
    let role = ["assistant", "user", "system"];
    let role = role.iter().find(|role| begins && here.has_word(len, role));
    Some(Swept::Gone(len + role.map_or(0, |role| role.len())))
}

fn token_len(here: &Glimpse<'_>) -> Option<usize> {
    let name = here.run(2, 40, |sign| {
        sign.is_ascii_alphanumeric() || "_-".contains(sign)
    });
    (name > 0 && here.has(2 + name, "|>")).then_some(name + 4)
}

/// `<|start|>assistant<|channel|>analysis<|message|>`: what a message is, up to its text.
fn channel(here: &Glimpse<'_>) -> Swept {
    let mut at = 0;
    let mut header = String::new();
    while at < 200 {
        if here.has(at, "<|message|>") {
            at += "<|message|>".len();
            // A channel with a recipient is a tool call, which nobody makes of a text.
            let is_said = !header.contains("analysis") && !header.contains(" to=");
            return match is_said {
                true => Swept::Gone(at),
                false => Swept::Until(at, SweepUntil::Before(MESSAGE_ENDS)),
            };
        }
        match here.letter(at) {
            Some('<') if here.has(at, "<|") => {
                let token = here.run(at + 2, 20, |sign| sign.is_ascii_alphabetic() || sign == '_');
                if !here.has(at + 2 + token, "|>") {
                    break;
                }
                at += token + 4;
            }
            Some(sign) if sign.is_ascii_alphanumeric() || " =._-:\n".contains(sign) => {
                header.push(sign);
                at += 1;
            }
            _ => break,
        }
    }
    let token = token_len(here).unwrap_or(1);
    Swept::Gone(token)
}

/// "analysisThe caller asks…assistantfinalGood morning!"
fn bare_harmony(here: &Glimpse<'_>) -> Option<Swept> {
    if !here.begins_text() || !here.has(0, "analysis") {
        return None;
    }
    let len = "analysis".len();
    let is_glued = here.letter(len).is_some_and(char::is_uppercase);
    is_glued.then_some(Swept::Until(len, SweepUntil::Behind(BARE_FINAL)))
}
