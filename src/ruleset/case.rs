//! A `[[test]]` as it is written: what goes in and what is expected.
//!
//! In a rule file a test runs its rule alone; in a file of `tests/` it runs all rules. How it is run
//! is in `case_run.rs`.

mod fields;
mod given;
mod manual;
mod plain;
mod tool_call;

use std::ops::Range;

use serde_json::Value;
use toml::Spanned;

use crate::chat::call_from::CallFrom;
use crate::files::{Document, Problem};
pub(super) use fields::{CaseFields, GivenRoot};
pub use given::wrong_in_given;
pub(super) use given::{FROM_REQUEST, time};
#[cfg(test)]
pub(super) use manual::EXAMPLE;
pub use manual::manual;
pub(super) use tool_call::ToolCall;

/// One test.
#[derive(Debug, Clone)]
pub struct Case {
    /// What the test shows, in a sentence.
    pub name: String,
    /// The file with a recorded request, in tests of all rules.
    pub(super) request: Option<Spanned<String>>,
    /// What is in it.
    pub(super) recorded: Option<Value>,
    /// Where its request says of which call it is.
    pub(super) from: CallFrom,
    /// Where the names of what is given stand.
    pub(super) places: Vec<(String, Range<usize>)>,
    pub(super) fields: Box<CaseFields>,
}

impl Case {
    /// Reads a test. What could be read of it is there beside the problems.
    pub(super) fn read(document: Document<'_>) -> (Option<Case>, Vec<Problem>) {
        let places = document.places_below("given");
        let (fields, problems) = document.read_judged::<CaseFields>(&CaseFields::judge);
        let case = fields.map(|fields| Case {
            name: fields.name.clone(),
            request: fields.request.clone(),
            recorded: None,
            from: CallFrom::default(),
            places,
            fields: Box::new(fields),
        });
        (case, problems)
    }
}

impl Case {
    /// The same test for a route whose clients say elsewhere of which call a turn is.
    pub fn asked_from(&self, from: &CallFrom) -> Case {
        Case {
            from: from.clone(),
            ..self.clone()
        }
    }
}

/// Takes the tests out of a file: all that can be read, beside what is wrong with them.
pub(super) fn read_tests(document: &mut Document<'_>) -> (Vec<Case>, Vec<Problem>) {
    let (tests, mut problems) = document.take_tables("test");
    let mut cases = Vec::new();
    for test in tests {
        let (case, found) = Case::read(test);
        problems.extend(found);
        cases.extend(case);
    }
    (cases, problems)
}

/// As [`read_tests`] of a rule file, whose tests have no recorded request.
pub(super) fn read_own_tests(document: &mut Document<'_>) -> (Vec<Case>, Vec<Problem>) {
    let (cases, mut problems) = read_tests(document);
    for request in cases.iter().filter_map(|case| case.request.as_ref()) {
        let message = "a recorded `request` is for tests of all rules";
        let help =
            "write the test into a file of `tests/` beside the rules, or give `messages` here";
        let problem = document.source().error(request.span(), message);
        problems.push(problem.with_help(help));
    }
    (cases, problems)
}

#[cfg(test)]
mod tests;
