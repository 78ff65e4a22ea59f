//! Why a text is no expression, in plain words and with a place.
//!
//! The parser speaks of tokens and rules of its grammar; a writer of rules knows neither.

use std::ops::Range;

use cel::ParseErrors;

use super::ConditionError;

/// The first thing that makes a text no expression.
pub(super) fn explain(source: &str, errors: &ParseErrors) -> ConditionError {
    let first = errors.errors.first();
    let message = first.map_or("", |error| error.msg.as_str());
    let message = message.trim_start_matches("Syntax error: ");
    let range = first.and_then(|error| place(source, error.pos));
    let found = message
        .split_once('\'')
        .and_then(|(_, rest)| rest.rsplit_once('\'').or(Some((rest, ""))));
    let found = found.map(|(found, _)| found.split("' expecting").next().unwrap_or(found).trim());
    let message = match found {
        Some("<EOF>") if source.trim().is_empty() => "there is no condition".to_owned(),
        Some("<EOF>") => "the condition ends too early".to_owned(),
        Some(text) if text.starts_with(['"', '\'']) => "the text is not closed".to_owned(),
        Some(text) => format!("`{text}` does not fit here"),
        None if message.contains("has()") => "`has` takes a key, as in `has(call.id)`".to_owned(),
        None if message.contains("Recursion") => "it is nested too deeply".to_owned(),
        None => message.to_owned(),
    };
    ConditionError {
        message,
        range,
        help: habit(source),
    }
}

/// What other languages write and CEL does not.
fn habit(source: &str) -> Option<String> {
    let help = |right: &str, wrong: &str| Some(format!("write `{right}` instead of `{wrong}`"));
    let bare: String = source
        .split(['"', '\''])
        .step_by(2)
        .collect::<Vec<_>>()
        .join(" ");
    let mut words = bare.split_whitespace();
    if let Some(word) =
        words.find(|word| ["and", "or", "not", "is", "=", "&", "|", "<>"].contains(word))
    {
        return match word {
            "and" | "&" => help("&&", word),
            "or" | "|" => help("||", word),
            "not" => help("!", word),
            "<>" => help("!=", word),
            _ => help("==", word),
        };
    }
    None
}

/// The place of an error that is given by line and column, both from one.
fn place(source: &str, (line, column): (isize, isize)) -> Option<Range<usize>> {
    let line = usize::try_from(line).ok()?.checked_sub(1)?;
    let column = usize::try_from(column).ok()?.saturating_sub(1);
    let before: usize = source.split_inclusive('\n').take(line).map(str::len).sum();
    let from = (before + column).min(source.len());
    let next = source.get(from..)?.chars().next().map_or(0, char::len_utf8);
    Some(from..from + next)
}
