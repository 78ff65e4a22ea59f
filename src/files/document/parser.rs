//! What the parser of TOML and serde say, in words that help.

use std::ops::Range;

use toml::de::{DeTable, Error};

use super::plain::plainly;
use super::{quotes, tree};
use crate::files::problem::{Problem, Source, nearest};

/// No name of a value is longer.
const LONGEST_WORD: usize = 24;

/// What the parser says, what it means, and what to do about it.
const REMEDIES: &[(&str, &str, &str)] = &[
    (
        "string values must be quoted",
        "there is no value that can be read",
        "write a value behind `=`; a text stands between quotes",
    ),
    (
        "missing value",
        "there is no value",
        "write a value behind `=`; a text stands between quotes",
    ),
    (
        "basic string",
        "the text is not closed",
        "close the text with `\"`; one of several lines stands between `\"\"\"`",
    ),
    (
        "literal string",
        "the text is not closed",
        "close the text with `'`; one of several lines stands between three of them",
    ),
    (
        "unclosed array table",
        "the `[[` is not closed",
        "close it with `]]`",
    ),
    (
        "unclosed array",
        "the list is not closed",
        "close it with `]`",
    ),
    (
        "unclosed table",
        "the `[` is not closed",
        "close it with `]`",
    ),
    (
        "unclosed inline table",
        "the `{` is not closed",
        "close it with `}`",
    ),
    (
        "duplicate key",
        "the name stands here twice",
        "a name stands once: take one of them out",
    ),
    (
        "key with no value",
        "the name has no value",
        "write `=` and a value behind it",
    ),
    (
        "missing assignment",
        "there is no `=`",
        "write `NAME = VALUE`",
    ),
    ("missing key", "there is no name", "write `NAME = VALUE`"),
    (
        "missing comma",
        "there is no comma",
        "write a comma between two values",
    ),
    ("extra comma", "there is a comma too many", "take it out"),
    ("extra ", "there is a sign too many", "take it out"),
    (
        "escape",
        "a `\\` in a text stands before a sign that it can't",
        "write two backslashes for one, or put the text between `'`",
    ),
    (
        "unicode",
        "a `\\u` in a text needs four digits, a `\\U` eight",
        "write two backslashes for one, or put the text between `'`",
    ),
    (
        "carriage return",
        "a line ends in a lone carriage return",
        "save the file with the line ends of Unix or of Windows",
    ),
    (
        "unexpected",
        "this does not fit here",
        "each line has one `NAME = VALUE`; a text stands between quotes",
    ),
    (
        "recurse",
        "it is nested too deeply",
        "write fewer tables and lists within each other",
    ),
    (
        "leading zero",
        "a number can't begin with 0",
        "take the 0 out, or put the value between quotes",
    ),
    (
        "radix",
        "this is no number",
        "write it with the digits 0 to 9",
    ),
    (
        "invalid",
        "this can't be read",
        "write `NAME = VALUE`; a text stands between quotes",
    ),
];

/// What the parser says at a place.
pub(super) fn syntax_problem(source: &Source, error: &Error) -> Problem {
    let span = error.span().unwrap_or_default();
    if let Some((quote, help)) = quotes::ends_too_early(&source.text, span.start) {
        let message = "the text ends at this quote, and more follows";
        return source.error(quote, message).with_help(help);
    }
    let said = error.message();
    match REMEDIES.iter().find(|(fault, ..)| said.contains(fault)) {
        Some((_, message, help)) => source.error(span, *message).with_help(*help),
        None => source.error(span, said.split(", expected").next().unwrap_or(said)),
    }
}

/// What serde says of a value, at a place.
pub(super) fn value_problem(
    source: &Source,
    table: &DeTable<'_>,
    error: &Error,
    span: Option<Range<usize>>,
) -> Problem {
    let span = span.unwrap_or_default();
    let message = error.message();
    let unknown = message.split_once(", expected ");
    let Some((fault, expected)) = unknown.filter(|(fault, _)| fault.starts_with("unknown ")) else {
        let (field, found) = tree::found_at(table, &span).unzip();
        return match plainly(message, field, found) {
            Some(plain) => source.error(span, plain.message).with_help_if(plain.help),
            None => source.error(span, message),
        };
    };
    let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    let word = fault.split('`').nth(1).unwrap_or_default();
    let help = match nearest(word, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "there is none to choose here".to_owned(),
        None => format!("known here: {}", known.join(", ")),
    };
    // What stands in the wrong line of a config may be a key.
    let is_long = source.secrecy.is_some() && word.len() > LONGEST_WORD;
    let fault = match fault.strip_prefix("unknown variant ") {
        Some(_) if is_long => "there is no such value".to_owned(),
        Some(word) => format!("unknown value {word}"),
        None => fault.to_owned(),
    };
    source.error(span, fault).with_help(help)
}
