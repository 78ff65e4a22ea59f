//! What a template may not be, found out before the engine sees it: too deep for the stack, or one
//! whose lists grow without end.
//!
//! The engine counts its steps, but not those of `+` on lists, and a text that is being rendered
//! can't be interrupted: a list that is added to itself 34 times would never end.

use std::collections::BTreeSet;

use super::TemplateError;
use super::names::Names;
use super::tags::{Kind, Token};
use crate::text::depth::{Depth, Mark};

/// The deepest that an expression may be. Those of people stay below 20.
const DEEPEST: usize = 100;
/// The most `{% if %}`, `{% for %}` and the like in each other; each `elif` counts.
const MOST_BLOCKS: usize = 40;
/// The most `+` on what may be a list.
const MOST_SUMS: usize = 16;

/// Blocks that have an end of their own.
const BLOCKS: &[&str] = &[
    "autoescape",
    "block",
    "call",
    "filter",
    "for",
    "if",
    "macro",
    "raw",
    "with",
];

/// Refuses a template that is too deep to be compiled and rendered.
pub(super) fn check_depth(names: &Names<'_>) -> Result<(), TemplateError> {
    let mut blocks: Vec<usize> = Vec::new();
    for tag in tags(names.tokens()) {
        let mut depth = Depth::up_to(DEEPEST);
        let mut is_behind_value = false;
        for token in tag {
            if let Some(mark) = mark(token, is_behind_value)
                && depth.is_beyond(mark)
            {
                let help = "set parts of it with `{% set … %}` before";
                return Err(names.error_at(
                    token,
                    "the expression is nested too deeply here",
                    help,
                ));
            }
            is_behind_value = match token.kind {
                Kind::Sign => matches!(token.text, ")" | "]" | "}"),
                Kind::Word | Kind::Text => true,
            };
        }
        let Some((first, rest)) = statement(tag) else {
            continue;
        };
        match first.text {
            "elif" => {
                if let Some(chain) = blocks.last_mut() {
                    *chain += 1;
                }
            }
            name if name.starts_with("end") => {
                blocks.pop();
            }
            "set" if rest.iter().any(|token| token.text == "=") => {}
            name if name == "set" || BLOCKS.contains(&name) => blocks.push(1),
            _ => {}
        }
        if blocks.iter().sum::<usize>() > MOST_BLOCKS {
            let help = "use fewer blocks in each other, or several rules";
            return Err(names.error_at(first, "the blocks are nested too deeply here", help));
        }
    }
    Ok(())
}

/// Refuses a template in which a list may grow by itself: by `+`, or the filter `chain`, of what
/// the template set itself, more often than a few times.
pub(super) fn check_growth(names: &Names<'_>) -> Result<(), TemplateError> {
    let tags: Vec<&[Token<'_>]> = tags(names.tokens()).collect();
    let all = names.tokens();
    let is_recursive = tags.iter().any(|tag| {
        tag.iter()
            .any(|token| token.text == "recursive" && token.kind == Kind::Word)
    });
    let mut repeats = 0_usize;
    let mut sums = 0;
    let plain = plain_names(&tags);
    for tag in &tags {
        let statement = statement(tag);
        let name = statement.map_or("", |(first, _)| first.text);
        // What it makes is only printed, or asked.
        let is_kept = matches!(name, "set" | "with" | "for" | "call")
            || calls_own(tag, all)
            || (is_recursive && has_word(tag, "loop"));
        if is_kept {
            for (at, token) in tag.iter().enumerate() {
                let is_sum = is_plus(tag, at)
                    || (token.text == "chain" && at > 0 && tag[at - 1].text == "|");
                if !is_sum || is_certainly_no_list(tag, at, &plain) {
                    continue;
                }
                sums += 1;
                if repeats > 0 || sums > MOST_SUMS {
                    let message = "`+` may add a list to itself here, again and again";
                    let help = "for a sum, begin with a number, as in `{% set total = 0 %}`; for lists, use `[a, b] | map(…)` or a loop that prints";
                    return Err(names.error_at(token, message, help));
                }
            }
        }
        match name {
            "for" | "macro" => repeats += 1,
            "endfor" | "endmacro" => repeats = repeats.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

/// The names that the template sets and that are numbers or texts whatever it adds to them: all
/// they are set to begins with one, or adds to what is one.
fn plain_names<'s>(tags: &[&[Token<'s>]]) -> BTreeSet<&'s str> {
    let mut sets: Vec<(&'s str, &[Token<'s>])> = Vec::new();
    for tag in tags {
        let Some((first, rest)) = statement(tag) else {
            continue;
        };
        if first.text != "set" && first.text != "with" {
            continue;
        }
        for (at, token) in rest.iter().enumerate() {
            let is_set = token.text == "="
                && at > 0
                && rest[at - 1].kind == Kind::Word
                && !matches!(rest.get(at + 1).map(|next| next.text), Some("="));
            if is_set {
                sets.push((rest[at - 1].text, &rest[at + 1..]));
            }
        }
    }
    // `namespace(total=0)` sets `total`, too.
    for tag in tags {
        for (at, token) in tag.iter().enumerate() {
            let is_argument = token.text == "=" && at > 0 && tag[at - 1].kind == Kind::Word;
            if is_argument && has_word(&tag[..at], "namespace") {
                sets.push((tag[at - 1].text, &tag[at + 1..]));
            }
        }
    }
    let mut plain: BTreeSet<&str> = sets.iter().map(|(name, _)| *name).collect();
    loop {
        let is_plain = |value: &[Token<'_>]| match value.first() {
            Some(first) if first.kind == Kind::Text || is_number(first) => true,
            Some(first) => plain.contains(last_of_path(value, first)),
            None => false,
        };
        let left: BTreeSet<&str> = plain
            .iter()
            .copied()
            .filter(|name| {
                let own = sets.iter().filter(|(set, _)| set == name);
                own.map(|(_, value)| *value).all(is_plain)
            })
            .collect();
        if left.len() == plain.len() {
            return left;
        }
        plain = left;
    }
}

/// `total` of `ns.total + 1`.
fn last_of_path<'t>(value: &'t [Token<'t>], first: &'t Token<'t>) -> &'t str {
    let mut last = first.text;
    let mut at = 1;
    while let (Some(dot), Some(key)) = (value.get(at), value.get(at + 1))
        && dot.text == "."
        && key.kind == Kind::Word
    {
        last = key.text;
        at += 2;
    }
    last
}

/// Whether one side of a `+` is a number or a text, so that a list on the other would be an error.
fn is_certainly_no_list(tag: &[Token<'_>], at: usize, plain: &BTreeSet<&str>) -> bool {
    let is_plain = |token: Option<&Token<'_>>| {
        token.is_some_and(|token| match token.kind {
            Kind::Text => true,
            Kind::Word => is_number(token) || plain.contains(token.text),
            Kind::Sign => false,
        })
    };
    if tag[at].text == "chain" {
        return false;
    }
    let before = at.checked_sub(1).and_then(|before| tag.get(before));
    let next = tag.get(at + 1..).unwrap_or_default();
    let behind = next.first().map(|first| (first, last_of_path(next, first)));
    is_plain(before)
        || behind.is_some_and(|(first, last)| {
            is_plain(Some(first)) || (first.kind == Kind::Word && plain.contains(last))
        })
}

fn is_number(token: &Token<'_>) -> bool {
    token.kind == Kind::Word && token.text.starts_with(|c: char| c.is_ascii_digit())
}

/// A `+` between two values, and not one that trims or signs.
fn is_plus(tag: &[Token<'_>], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| tag.get(before));
    let is_value = |token: &Token<'_>| match token.kind {
        Kind::Sign => matches!(token.text, ")" | "]" | "}"),
        Kind::Word | Kind::Text => true,
    };
    tag[at].text == "+" && tag[at].kind == Kind::Sign && at > 1 && before.is_some_and(is_value)
}

/// Whether a tag calls a macro of the template.
fn calls_own(tag: &[Token<'_>], all: &[Token<'_>]) -> bool {
    let macros = all
        .windows(2)
        .filter(|pair| pair[0].text == "macro" && pair[0].kind == Kind::Word);
    let names: BTreeSet<&str> = macros.map(|pair| pair[1].text).collect();
    let is_call = |pair: &[Token<'_>]| pair[1].text == "(" && names.contains(pair[0].text);
    has_word(tag, "caller") || tag.windows(2).any(is_call)
}

fn has_word(tag: &[Token<'_>], word: &str) -> bool {
    tag.iter()
        .any(|token| token.kind == Kind::Word && token.text == word)
}

/// The tokens of each tag, with the sign that opens it.
fn tags<'t, 's>(tokens: &'t [Token<'s>]) -> impl Iterator<Item = &'t [Token<'s>]> {
    tokens
        .chunk_by(|_, next| !next.opens_tag())
        .filter(|tag| !tag.is_empty())
}

/// The first word of a `{% … %}`, and what follows it.
fn statement<'t, 's>(tag: &'t [Token<'s>]) -> Option<(&'t Token<'s>, &'t [Token<'s>])> {
    let (open, rest) = tag.split_first()?;
    let at = rest.iter().position(|token| token.kind == Kind::Word)?;
    (open.text == "{%").then(|| (&rest[at], &rest[at + 1..]))
}

fn mark(token: &Token<'_>, is_behind_value: bool) -> Option<Mark> {
    match (token.kind, token.text) {
        (Kind::Text, _) => None,
        (Kind::Word, "or" | "and" | "if" | "else") => Some(Mark::Loose),
        (Kind::Word, "in" | "not" | "is") => Some(Mark::Tight),
        (Kind::Word, _) => None,
        (Kind::Sign, "{{" | "{%" | "=") => None,
        (Kind::Sign, "(" | "[") if is_behind_value => Some(Mark::OpenBehind),
        (Kind::Sign, "(" | "[" | "{") => Some(Mark::Open),
        (Kind::Sign, ")" | "]" | "}") => Some(Mark::Close),
        (Kind::Sign, "," | ":") => Some(Mark::Next),
        (Kind::Sign, _) => Some(Mark::Tight),
    }
}

#[cfg(test)]
mod tests;
