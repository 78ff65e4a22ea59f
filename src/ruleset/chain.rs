//! A file of `tests/` beside the rules: tests that run all rules, on recorded requests.
//!
//! It reads no files itself; the recordings are handed in.

use std::error::Error;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use toml::Spanned;

use super::case::{Case, read_tests};
use crate::files::{Document, Problem, Source, without_echoes};

/// The fields of a file in `tests/`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChainFields {
    /// What the tests are about.
    #[serde(rename = "about")]
    _about: Option<String>,
    /// The tests, each read apart.
    #[serde(default, rename = "test")]
    _test: Option<IgnoredAny>,
}

/// Gives the text of a file beside the tests.
pub(super) type Load<'l> = dyn Fn(&str) -> Result<String, Box<dyn Error>> + 'l;

/// Reads a file of tests. `load` gives the text of a file beside it, or says why it can't be read.
pub fn read_chain(source: &Source, load: &Load<'_>) -> (Option<Vec<Case>>, Vec<Problem>) {
    let (mut document, broken) = Document::parse_what_can_be(source);
    let broken_line = broken.as_ref().map(|problem| problem.line);
    let mut problems = Vec::from_iter(broken);
    let (mut cases, found) = read_tests(&mut document);
    problems.extend(found);
    problems.extend(document.read_in_part::<ChainFields>().1);
    if let Some(line) = broken_line {
        without_echoes(&mut problems, line);
    }
    if cases.is_empty() && problems.is_empty() {
        let problem = source.error(0..0, "there is no test in it");
        problems.push(problem.with_help("add `[[test]]` with a `name`"));
    }
    for case in &mut cases {
        let Some(request) = &case.request else {
            continue;
        };
        match recorded(request, load) {
            Ok(body) => case.recorded = Some(body),
            Err(error) => problems.push(source.error(request.span(), error.to_string())),
        }
    }
    problems.sort_by_key(|problem| (problem.line, problem.column));
    let is_good = problems.is_empty();
    (is_good.then_some(cases), problems)
}

/// A file beside the tests has no request.
#[derive(Debug, thiserror::Error)]
enum RecordedError {
    #[error("`{name}`: {source}")]
    Unread {
        name: String,
        source: Box<dyn Error>,
    },
    #[error("`{name}` is no JSON: line {}", .source.line())]
    NoJson {
        name: String,
        source: serde_json::Error,
    },
    #[error("`{0}` is no chat request: it has no `messages`")]
    NoRequest(String),
}

fn recorded(request: &Spanned<String>, load: &Load<'_>) -> Result<Value, RecordedError> {
    let name = request.get_ref();
    let text = load(name).map_err(|source| RecordedError::Unread {
        name: name.clone(),
        source,
    })?;
    let body: Value = serde_json::from_str(&text).map_err(|source| RecordedError::NoJson {
        name: name.clone(),
        source,
    })?;
    match body.get("messages") {
        Some(Value::Array(_)) => Ok(body),
        _ => Err(RecordedError::NoRequest(name.clone())),
    }
}
