//! A `[[test]]`: what goes in and what is expected, and how it is run.
//!
//! In a rule file a test runs its rule alone; in a file of `tests/` it runs all rules. The reply is
//! run whole, cut in two at every place, and letter by letter: each must sound the same.

mod cuts;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::{Value, json};
use toml::Spanned;

use super::{Ruleset, apply, facts_of_turn};
use crate::chat::ChatRequest;
use crate::chat::request::{RequestError, Takes};
use crate::chat::vapi::VapiFields;
use crate::rule::Turn;
use crate::text::facts::{FETCH, Facts, ROOTS};
use crate::text::{Problem, Source};
use cuts::{cuts, hear, where_cut};

/// One test.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Fields")]
pub struct Case {
    /// What the test shows, in a sentence.
    pub name: String,
    /// The file with a recorded request, in tests of all rules.
    pub(super) request: Option<Spanned<String>>,
    /// What is in it.
    pub(super) recorded: Option<Value>,
    fields: Box<Fields>,
}

/// The fields of `[[test]]`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Fields {
    /// What the test shows, in a sentence.
    name: String,
    /// Only in `tests/`: the file with a request as Vapi posted it, beside the test file.
    #[schemars(with = "Option<String>")]
    request: Option<Spanned<String>>,
    /// What is known: `call`, `customer`, `context`, `fetch`, `now` and the other names of conditions.
    #[serde(default)]
    #[schemars(schema_with = "given")]
    given: BTreeMap<Given, Value>,
    /// The whole history, where more than one message matters.
    messages: Option<Vec<Value>>,
    /// What the caller says; added to `messages` as the newest.
    caller: Option<String>,
    /// What the model gets of what the caller said.
    model_gets: Option<String>,
    /// What the model answers.
    model_says: Option<String>,
    /// What the caller hears. Default: what the model says.
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
    /// In which case, where it is so in some only.
    pub case: Option<String>,
}

/// A test that was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// Its rule, or the file of its chain.
    pub rule: String,
    /// What it shows.
    pub name: String,
    /// What came out otherwise.
    pub failures: Vec<Failure>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
struct Given(usize);

impl Case {
    /// Runs the test against a ruleset; gives every field that came out otherwise.
    pub fn run(&self, ruleset: &Arc<Ruleset>) -> Vec<Failure> {
        let failure = |field: &str, expected: &str, actual: String| Failure {
            field: field.to_owned(),
            expected: expected.to_owned(),
            actual,
            case: None,
        };
        let case = &*self.fields;
        let request = match case.request(self.recorded.as_ref()) {
            Ok(request) => request,
            Err(error) => return vec![failure("messages", "a request", error.to_string())],
        };
        let call = VapiFields::of(&request).call_id;
        let call = call.as_deref().unwrap_or("test");
        let mut sent = request.clone();
        let mut run = || {
            let mut request = request.clone();
            let mut turn = Turn::new(self.facts(&request, ruleset));
            let applied = apply(ruleset, &mut request, &mut turn, Some(call), &mut || {
                Duration::ZERO
            });
            sent = request;
            applied.map(|applied| (applied, turn))
        };
        let mut failures = Vec::new();
        if let Err(refused) = run() {
            return vec![failure("rule", "it works", refused.to_string())];
        }
        if let Some(said) = &case.model_says {
            let expected = case.caller_hears.as_ref().unwrap_or(said);
            for pieces in cuts(said) {
                let Ok((applied, turn)) = run() else { continue };
                let heard = hear(ruleset, &applied, turn, &pieces);
                if heard != *expected {
                    failures.push(Failure {
                        case: where_cut(&pieces),
                        ..failure("caller_hears", expected, heard)
                    });
                    break;
                }
            }
        }
        if let Some(expected) = &case.model_gets {
            let newest = sent.newest_user().and_then(|at| sent.messages().get(at));
            let actual = newest
                .map(|message| message.text().into_owned())
                .unwrap_or_default();
            if actual != *expected {
                failures.push(failure("model_gets", expected, actual));
            }
        }
        for (name, expected) in case.upstream_gets.iter().flatten() {
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
        let vapi = VapiFields::of(request);
        let mut facts = facts_of_turn(request, vapi, "", String::new());
        // A test knows neither, unless it says so.
        for root in ["route", "now"] {
            facts.set(root, Value::Null);
        }
        for (Given(at), value) in &self.fields.given {
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

impl Fields {
    /// The request of the test; `recorded`: the one that `request` names.
    fn request(&self, recorded: Option<&Value>) -> Result<ChatRequest, RequestError> {
        let mut body = recorded.cloned().unwrap_or_else(|| json!({}));
        if let Some(messages) = &self.messages {
            body["messages"] = messages.clone().into();
        }
        if body.get("messages").is_none() {
            body["messages"] = json!([]);
        }
        if let Some(messages) = body["messages"].as_array_mut() {
            let caller = self.caller.as_deref();
            let is_needed = messages.is_empty().then_some("");
            messages.extend(
                caller
                    .or(is_needed)
                    .map(|text| json!({"role": "user", "content": text})),
            );
        }
        ChatRequest::parse(body.to_string().into())
    }
}

impl TryFrom<Fields> for Case {
    type Error = String;

    fn try_from(fields: Fields) -> Result<Case, String> {
        let told = |what: &str| Err(format!("the test `{}` {what}", fields.name));
        if fields.name.trim().is_empty() {
            return Err("a test has a `name` that says what it shows".to_owned());
        }
        if fields.caller_hears.is_some() && fields.model_says.is_none() {
            return told(
                "says what the caller hears, and not what the model says: add `model_says`",
            );
        }
        if fields.model_gets.is_none()
            && fields.model_says.is_none()
            && fields.upstream_gets.is_none()
        {
            return told(
                "checks nothing: add `model_gets`, `model_says` with `caller_hears`, or `upstream_gets`",
            );
        }
        if fields.request.is_some() && fields.messages.is_some() {
            return told("has a recorded `request` and `messages` of its own; keep one");
        }
        if fields.request.is_none() {
            let request = fields.request(None).map_err(|error| {
                format!(
                    "the test `{}` has `messages` that are none: {error}",
                    fields.name
                )
            })?;
            let says_something = fields.caller.is_some() || fields.messages.is_some();
            if fields.model_gets.is_some() && (request.newest_user().is_none() || !says_something) {
                return told(
                    "says what the model gets, and not what the caller says: add `caller`",
                );
            }
        }
        Ok(Case {
            name: fields.name.clone(),
            request: fields.request.clone(),
            recorded: None,
            fields: Box::new(fields),
        })
    }
}

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

/// Each name of conditions, with whatever value.
fn given(_: &mut SchemaGenerator) -> Schema {
    let names = ROOTS
        .iter()
        .map(|root| ((*root).to_owned(), Value::Bool(true)));
    let names: serde_json::Map<String, Value> = names.collect();
    json_schema!({ "type": "object", "properties": names, "additionalProperties": false })
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
mod tests;
