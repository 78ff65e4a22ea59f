//! Whether a template is too deep for the stack, found out before the engine compiles it.

use super::TemplateError;
use super::names::TemplateNames;
use super::tags::{TagKind, TagToken};
use crate::lang::depth::{Depth, Mark};

/// The deepest that an expression may be. Those of people stay below 20.
const DEEPEST: usize = 100;
/// The most `{% if %}`, `{% for %}` and the like in each other; each `elif` counts.
const MOST_BLOCKS: usize = 40;

/// Blocks that have an end of their own.
const BLOCKS: &[&str] = &["autoescape", "block", "filter", "for", "if", "with"];

/// Refuses a template that is too deep to be compiled and rendered.
pub(super) fn check_depth(names: &TemplateNames<'_>) -> Result<(), TemplateError> {
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
                TagKind::Sign => matches!(token.text, ")" | "]" | "}"),
                TagKind::Word | TagKind::Text => true,
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
            "set" => blocks.push(1),
            name if BLOCKS.contains(&name) => blocks.push(1),
            _ => {}
        }
        if blocks.iter().sum::<usize>() > MOST_BLOCKS {
            let help = "use fewer blocks in each other, or several rules";
            return Err(names.error_at(first, "the blocks are nested too deeply here", help));
        }
    }
    Ok(())
}

/// The tokens of each tag, with the sign that opens it.
pub(super) fn tags<'t, 's>(tokens: &'t [TagToken<'s>]) -> impl Iterator<Item = &'t [TagToken<'s>]> {
    tokens
        .chunk_by(|_, next| !next.opens_tag())
        .filter(|tag| !tag.is_empty())
}

/// The first word of a `{% … %}`, and what follows it.
pub(super) fn statement<'t, 's>(
    tag: &'t [TagToken<'s>],
) -> Option<(&'t TagToken<'s>, &'t [TagToken<'s>])> {
    let (open, rest) = tag.split_first()?;
    let at = rest.iter().position(|token| token.kind == TagKind::Word)?;
    (open.text == "{%").then(|| (&rest[at], &rest[at + 1..]))
}

fn mark(token: &TagToken<'_>, is_behind_value: bool) -> Option<Mark> {
    match (token.kind, token.text) {
        (TagKind::Text, _) => None,
        (TagKind::Word, "or" | "and" | "if" | "else") => Some(Mark::Loose),
        (TagKind::Word, "in" | "not" | "is") => Some(Mark::Tight),
        (TagKind::Word, _) => None,
        (TagKind::Sign, "{{" | "{%" | "=") => None,
        (TagKind::Sign, "(" | "[") if is_behind_value => Some(Mark::OpenBehind),
        (TagKind::Sign, "(" | "[" | "{") => Some(Mark::Open),
        (TagKind::Sign, ")" | "]" | "}") => Some(Mark::Close),
        (TagKind::Sign, "," | ":") => Some(Mark::Next),
        (TagKind::Sign, _) => Some(Mark::Tight),
    }
}

#[cfg(test)]
mod tests;
