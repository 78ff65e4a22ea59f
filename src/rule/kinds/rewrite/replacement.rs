//! What stands in the place of a match: a template, with the groups of its expression.
//!
//! The author alone names groups, outside of `{{ … }}`: a `$` in what a template prints is a dollar.

use std::borrow::Cow;
use std::ops::Range;

use regex::Regex;

use crate::lang::facts::Facts;
use crate::lang::template::{Escaping, Template, TemplateError};
use crate::rule::RuleError;

/// What begins a tag of a template, and what ends it.
const TAGS: [(&str, &str); 3] = [("{{", "}}"), ("{%", "%}"), ("{#", "#}")];

/// A template whose groups are all written in braces, and every other `$` as `$$`.
#[derive(Debug)]
pub(super) struct Replacement {
    /// Where a model reads it.
    prompt: Template,
    /// Where a caller hears it.
    spoken: Template,
}

/// What is written would add more than may be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooMuchAdded;

impl Replacement {
    /// Reads what stands in the place of a match of this expression.
    pub(super) fn parse(source: &str, regex: &Regex) -> Result<Replacement, TemplateError> {
        // The text as it is written, so that a place within it is the author's.
        Template::parse_for(Escaping::PromptReplacement, source)?;
        let braced = with_groups_in_braces(source, regex)?;
        Ok(Replacement {
            prompt: Template::parse_for(Escaping::PromptReplacement, &braced)?,
            spoken: Template::parse_for(Escaping::Replacement, &braced)?,
        })
    }

    /// The template, for what it speaks of.
    pub(super) fn template(&self) -> &Template {
        &self.prompt
    }

    /// Whether it is the same in each turn.
    pub(super) fn is_constant(&self) -> bool {
        self.prompt.is_constant()
    }

    /// What a model reads in this turn.
    pub(super) fn to_model(&self, facts: &Facts) -> Result<Cow<'_, str>, RuleError> {
        rendered(&self.prompt, facts)
    }

    /// What a caller hears in this turn.
    pub(super) fn heard(&self, facts: &Facts) -> Result<Cow<'static, str>, RuleError> {
        rendered(&self.spoken, facts).map(|text| Cow::Owned(text.into_owned()))
    }
}

fn rendered<'t>(template: &'t Template, facts: &Facts) -> Result<Cow<'t, str>, RuleError> {
    match template.is_constant() {
        true => Ok(Cow::Borrowed(template.source())),
        false => template
            .render(facts)
            .map(Cow::Owned)
            .map_err(|error| RuleError(error.to_string())),
    }
}

/// A text with all matches replaced; none where there is no match. `left` is how many bytes may be
/// added, and is less by those that were.
pub(super) fn replaced(
    regex: &Regex,
    text: &str,
    replace: &str,
    left: &mut usize,
) -> Result<Option<String>, TooMuchAdded> {
    // Most texts have no match, and to look for one alone is cheaper than for its groups.
    if !regex.is_match(text) {
        return Ok(None);
    }
    let most = text.len().saturating_add(*left);
    let mut out = String::with_capacity(text.len() + replace.len());
    let mut at = 0;
    let mut replace_one = |place: Range<usize>, expand: &dyn Fn(&mut String)| {
        out.push_str(&text[at..place.start]);
        expand(&mut out);
        at = place.end;
        match out.len() + (text.len() - at) > most {
            true => Err(TooMuchAdded),
            false => Ok(()),
        }
    };
    if replace.contains('$') {
        for found in regex.captures_iter(text) {
            let expand = |out: &mut String| found.expand(replace, out);
            replace_one(found.get_match().range(), &expand)?;
        }
    } else {
        for found in regex.find_iter(text) {
            replace_one(found.range(), &|out| out.push_str(replace))?;
        }
    }
    out.push_str(&text[at..]);
    *left -= out.len().saturating_sub(text.len());
    Ok(Some(out))
}

/// The template with `${1}` for `$1`, and `$$` for a `$` that names nothing; or the group that the
/// expression has not, with its place.
fn with_groups_in_braces(source: &str, regex: &Regex) -> Result<String, TemplateError> {
    let mut out = String::with_capacity(source.len() + 8);
    let mut at = 0;
    while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
        let tag = TAGS.iter().find(|(open, _)| rest.starts_with(open));
        let taken = match tag {
            Some((_, end)) => tag_length(rest, end),
            None if rest.starts_with("$$") => 2,
            None if rest.starts_with('$') => {
                let length = 1 + group_length(&rest[1..]);
                let name = rest[1..length].trim_matches(['{', '}']);
                if length > 1 && !is_group(name, regex) {
                    return Err(unknown_group(name, at..at + length));
                }
                match length {
                    1 => out.push_str("$$"),
                    _ => out.push_str(&format!("${{{name}}}")),
                }
                at += length;
                continue;
            }
            None => rest.chars().next().map_or(1, char::len_utf8),
        };
        out.push_str(&rest[..taken]);
        at += taken;
    }
    Ok(out)
}

/// How long a tag is that a text begins with. What stands in quotes ends none.
fn tag_length(text: &str, end: &str) -> usize {
    let mut quote = None;
    for (at, sign) in text.char_indices().skip(2) {
        match quote {
            Some(open) if sign == open => quote = None,
            Some(_) => {}
            None if matches!(sign, '"' | '\'') && end != "#}" => quote = Some(sign),
            None if text[at..].starts_with(end) => return at + end.len(),
            None => {}
        }
    }
    text.len()
}

/// How long the name of a group is that stands behind a `$`, with its braces; 0: there is none.
fn group_length(behind: &str) -> usize {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    match behind.strip_prefix('{') {
        Some(braced) => match braced.split_once('}') {
            Some((name, _)) if !name.is_empty() && !name.contains('{') => name.len() + 2,
            _ => 0,
        },
        None => behind.find(|c| !is_of_name(c)).unwrap_or(behind.len()),
    }
}

fn is_group(name: &str, regex: &Regex) -> bool {
    match name.parse::<usize>() {
        Ok(number) => number < regex.captures_len(),
        Err(_) => regex.capture_names().flatten().any(|known| known == name),
    }
}

fn unknown_group(name: &str, range: std::ops::Range<usize>) -> TemplateError {
    TemplateError {
        message: format!("`replace` speaks of the group `{name}`, which `find` has not"),
        line: None,
        range: Some(range),
        help: Some(
            "write `$$` for a dollar sign, and `${1}` where letters follow the number of a group"
                .to_owned(),
        ),
    }
}
