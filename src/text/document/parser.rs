//! What the parser of TOML and serde say, in words that help.

use std::ops::Range;

use toml::de::Error;

use crate::text::problem::{Problem, Source, nearest};

/// What the parser says, and what to do about it.
const REMEDIES: &[(&str, &str)] = &[
    (
        "string values must be quoted",
        "write a value behind `=`; a text stands between quotes",
    ),
    (
        "invalid basic string",
        "close the text with `\"`; one of several lines stands between `\"\"\"`",
    ),
    (
        "invalid literal string",
        "close the text with `'`; one of several lines stands between three of them",
    ),
    ("unclosed array", "close it with `]`"),
    ("unclosed table", "close it with `]`"),
    ("unclosed inline table", "close it with `}`"),
    ("duplicate key", "a name stands once: take one of them out"),
    ("key with no value", "write `=` and a value behind it"),
    (
        "escape",
        "write two backslashes for one, or put the text between `'`",
    ),
];

/// An error of the parser or of serde, at a place.
pub(super) fn problem_of(source: &Source, error: &Error, span: Option<Range<usize>>) -> Problem {
    let span = span.unwrap_or_default();
    let message = error.message();
    let unknown = message.split_once(", expected ");
    let Some((fault, expected)) = unknown.filter(|(fault, _)| fault.starts_with("unknown ")) else {
        let help = remedy(message);
        // What the grammar expects there helps nobody who reads what to do.
        let brief = message.split(", expected").next().unwrap_or(message);
        let message = if help.is_some() { brief } else { message };
        return source.error(span, message).with_help_if(help);
    };
    let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    let word = fault.split('`').nth(1).unwrap_or_default();
    let help = match nearest(word, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "there is none to choose here".to_owned(),
        None => format!("known here: {}", known.join(", ")),
    };
    source.error(span, fault).with_help(help)
}

fn remedy(message: &str) -> Option<String> {
    if let Some(rest) = message.strip_prefix("missing field `") {
        let field = rest.split('`').next()?;
        return Some(format!("add `{field} = …`"));
    }
    let known = REMEDIES.iter().find(|(fault, _)| message.contains(fault));
    known.map(|(_, help)| (*help).to_owned())
}
