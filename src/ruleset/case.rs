//! A `[[test]]` of a rule file: what goes in and what is expected, and how it is run.
//!
//! A test runs its rule alone. The reply is run whole, cut in two at every place, and letter by
//! letter: each must sound the same.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Applied, Ending, Reply, Ruleset, apply};
use crate::chat::ChatRequest;
use crate::chat::reader::Reader;
use crate::chat::request::Takes;
use crate::rule::Turn;
use crate::text::facts::{FETCH, Facts, ROOTS};
use crate::text::{Problem, Source};

/// One test of a rule file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What the test shows, in a sentence.
    pub name: String,
    /// What is known: `call`, `customer`, `context`, `now` and the other names of conditions.
    #[serde(default)]
    given: BTreeMap<Given, Value>,
    /// The whole history, where more than one message matters.
    messages: Option<Vec<Value>>,
    /// What the caller says; added to `messages` as the newest.
    caller: Option<String>,
    /// What the model gets of what the caller said.
    model_gets: Option<String>,
    /// What the model answers.
    model_says: Option<String>,
    /// What the caller hears.
    caller_hears: Option<String>,
    /// Fields of the request as it goes upstream.
    upstream_gets: Option<BTreeMap<String, Value>>,
}

/// How a test failed: what was expected and what came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Which field of the test.
    pub field: String,
    /// What the test expects.
    pub expected: String,
    /// What came.
    pub actual: String,
}

/// A test that was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// Its rule.
    pub rule: String,
    /// What it shows.
    pub name: String,
    /// What came out otherwise.
    pub failures: Vec<Failure>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
struct Given(usize);

/// Runs the tests of one rule file. A file that can't be read has no tests, but problems.
pub fn try_alone(
    source: Source,
    env: &dyn Fn(&str) -> Option<String>,
) -> (Option<Vec<Tried>>, Vec<Problem>) {
    let (ruleset, problems) = Ruleset::read_alone(source, env);
    let tried = ruleset.map(Arc::new).map(|ruleset| {
        let files = ruleset.rules().iter();
        let cases = files.flat_map(|file| file.tests.iter().map(move |case| (file, case)));
        let tried = cases.map(|(file, case)| Tried {
            rule: file.name.clone(),
            name: case.name.clone(),
            failures: case.run(&ruleset),
        });
        tried.collect()
    });
    (tried, problems)
}

impl Case {
    /// Runs the test against a ruleset; gives every field that came out otherwise.
    pub fn run(&self, ruleset: &Arc<Ruleset>) -> Vec<Failure> {
        let failure = |field: &str, expected: &str, actual: String| Failure {
            field: field.to_owned(),
            expected: expected.to_owned(),
            actual,
        };
        let mut messages = self.messages.clone().unwrap_or_default();
        messages.extend(
            self.caller
                .as_ref()
                .map(|text| json!({"role": "user", "content": text})),
        );
        if messages.is_empty() {
            messages.push(json!({"role": "user", "content": ""}));
        }
        let body = json!({ "messages": messages }).to_string();
        let request = match ChatRequest::parse(body.into()) {
            Ok(request) => request,
            Err(error) => return vec![failure("messages", "messages", error.to_string())],
        };
        let mut sent = request.clone();
        let mut run = || {
            let mut request = request.clone();
            let mut turn = Turn::new(self.facts(&request, ruleset));
            let applied = apply(ruleset, &mut request, &mut turn, Some("test"), &mut || {
                Duration::ZERO
            });
            sent = request;
            applied.map(|applied| (applied, turn))
        };
        let mut failures = Vec::new();
        if let Err(refused) = run() {
            return vec![failure("rule", "it works", refused.to_string())];
        }
        if let Some(said) = &self.model_says {
            let expected = self.caller_hears.as_ref().unwrap_or(said);
            for pieces in cuts(said) {
                let Ok((applied, turn)) = run() else { continue };
                let heard = hear(ruleset, &applied, turn, &pieces);
                if heard != *expected {
                    failures.push(failure("caller_hears", expected, heard));
                    break;
                }
            }
        }
        if let Some(expected) = &self.model_gets {
            let newest = sent.newest_user().and_then(|at| sent.messages().get(at));
            let actual = newest
                .map(|message| message.text().into_owned())
                .unwrap_or_default();
            if actual != *expected {
                failures.push(failure("model_gets", expected, actual));
            }
        }
        for (name, expected) in self.upstream_gets.iter().flatten() {
            let everything = Takes {
                all_fields: true,
                ..Takes::default()
            };
            let request: Value =
                serde_json::from_slice(&sent.write(&everything)).unwrap_or_default();
            let actual = request.get(name).cloned().unwrap_or_default();
            if actual != *expected {
                failures.push(failure(
                    &format!("upstream_gets.{name}"),
                    &expected.to_string(),
                    actual.to_string(),
                ));
            }
        }
        failures
    }

    fn facts(&self, request: &ChatRequest, ruleset: &Ruleset) -> Facts {
        let mut facts = Facts::new();
        facts.set("turn", super::turn_facts(request));
        for (Given(at), value) in &self.given {
            facts.set(ROOTS[*at], value.clone());
        }
        let mut fetched = facts.root(FETCH).cloned().unwrap_or_default();
        if let Value::Object(fetched) = &mut fetched {
            for name in ruleset.fetch_names() {
                fetched.entry(name).or_insert(Value::Null);
            }
        }
        facts.set(FETCH, fetched);
        facts
    }
}

/// The pieces of every way to cut a text in two, the whole, and its letters.
fn cuts(text: &str) -> Vec<Vec<&str>> {
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let mut cuts: Vec<Vec<&str>> = places
        .iter()
        .skip(1)
        .map(|at| vec![&text[..*at], &text[*at..]])
        .collect();
    let ends = places.iter().skip(1).copied().chain([text.len()]);
    cuts.push(
        places
            .iter()
            .zip(ends)
            .map(|(start, end)| &text[*start..end])
            .collect(),
    );
    cuts.push(vec![text]);
    cuts
}

/// What the caller hears when the model says these pieces.
fn hear(ruleset: &Arc<Ruleset>, applied: &Applied, turn: Turn, pieces: &[&str]) -> String {
    let mut reply = Reply::new(ruleset.clone(), applied, turn);
    let mut reader = Reader::new(reply.parser());
    let mut out = Vec::new();
    for piece in pieces {
        let chunk = json!({"id": "t", "choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": null}]});
        reader.push(format!("data: {chunk}\n\n").as_bytes());
    }
    while let Ok(Some(event)) = reader.next_event() {
        reply.event(&event, &mut out);
    }
    reply.end(Ending::Whole, &mut out);
    heard_in(&out)
}

/// The content of all chunks of a stream.
fn heard_in(stream: &[u8]) -> String {
    let text = String::from_utf8_lossy(stream);
    let chunks = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line.strip_prefix("data: ")?).ok());
    chunks
        .filter_map(|chunk| {
            chunk
                .pointer("/choices/0/delta/content")?
                .as_str()
                .map(str::to_owned)
        })
        .collect()
}

impl TryFrom<String> for Given {
    type Error = String;
    fn try_from(name: String) -> Result<Given, String> {
        ROOTS
            .iter()
            .position(|root| *root == name)
            .map(Given)
            .ok_or_else(|| {
                let names: Vec<String> = ROOTS.iter().map(|root| format!("`{root}`")).collect();
                format!(
                    "unknown name `{name}`, expected one of {}",
                    names.join(", ")
                )
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::KINDS;
    use crate::text::Source;

    #[test]
    fn the_example_of_every_kind_works() {
        for kind in KINDS {
            let source = Source::new(format!("{}.toml", kind.name), kind.example);
            let (ruleset, problems) = Ruleset::read(vec![source], &|_| None);
            let ruleset =
                Arc::new(ruleset.unwrap_or_else(|| panic!("{}: {problems:?}", kind.name)));
            for case in ruleset.rules().iter().flat_map(|file| &file.tests) {
                assert_eq!(case.run(&ruleset), [], "{}: {}", kind.name, case.name);
            }
        }
    }

    #[test]
    fn a_rule_on_trial_is_tested_as_if_it_acted() {
        for trial in ["enabled = false", "shadow = true", "percent = 0"] {
            let text = format!("{trial}\n{}", KINDS[1].example);
            let (tried, problems) = try_alone(Source::new("a.toml", text), &|_| None);
            let tried = tried.unwrap_or_else(|| panic!("{problems:?}"));
            assert_eq!(tried.len(), 2);
            for test in tried {
                assert_eq!(test.failures, [], "{trial}: {}", test.name);
            }
        }
    }

    #[test]
    fn a_test_can_fail() {
        let text = KINDS[0]
            .example
            .replace("The caller is Dana", "The caller is Dan");
        let (ruleset, _) = Ruleset::read(vec![Source::new("a.toml", text)], &|_| None);
        let ruleset = Arc::new(ruleset.expect("it is a rule"));
        let failures: usize = ruleset.rules()[0]
            .tests
            .iter()
            .map(|case| case.run(&ruleset).len())
            .sum();
        assert_eq!(failures, 1);
    }
}
