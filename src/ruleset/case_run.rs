//! How a `[[test]]` is run, and what came otherwise than it expects.
//!
//! A reply is run in every way in which it may come: each must arrive the same. A rule that fails, or
//! whose condition can't be decided, fails its test, unless the test says that it must.

mod answered;
mod compared;
mod cuts;

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::case::{Case, FROM_REQUEST, GivenRoot, time};
use super::{Passage, Refused, Ruleset, Step, StepOutcome, TurnInput, facts_of_turn};
use crate::chat::ChatRequest;
use crate::chat::request::Takes;
use crate::chat::vapi::VapiFields;
use crate::detect::SharedNameFinder;
use crate::files::{Problem, Source};
use crate::lang::condition::Verdict;
use crate::lang::facts::{FETCH, Facts, ROOTS};
use compared::{differences, in_order_of, is_same_json};
use cuts::ModelAnswer;

/// How a test failed: what was expected and what came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestFailure {
    /// Which field of the test; `rule NAME` where that is not as it must be.
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
    pub failures: Vec<TestFailure>,
    /// What is to be said of it where it passed: why its rule did nothing.
    pub note: Option<String>,
}

/// What came of a test.
#[derive(Debug, Default)]
pub struct Ran {
    /// What came out otherwise.
    pub failures: Vec<TestFailure>,
    /// Why rules were skipped, with their names.
    pub skipped: Vec<(String, Skip)>,
    /// Whether any rule ran.
    pub has_run: bool,
}

/// Why a rule was skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Skip {
    /// Its condition does not hold, or it does not act in this call.
    Decided,
    /// Its condition speaks of what is absent or null.
    Absent(String),
}

impl Case {
    /// Runs the test against a ruleset, whose rules may inject so many bytes. It knows no clock: a
    /// slow machine fails no test.
    pub fn run(&self, ruleset: &Arc<Ruleset>, most_injected: usize) -> Ran {
        let case = &*self.fields;
        let mut ran = Ran::default();
        let request = match case.request(self.recorded.as_ref()) {
            Ok(request) => request,
            Err(error) => {
                ran.fail("messages", "a request", error.to_string());
                return ran;
            }
        };
        let facts = self.facts(&request, ruleset);
        let call = facts.root("call").and_then(|call| call.get("id")?.as_str());
        let call = call.map(str::to_owned);
        let call = call.or_else(|| self.told(&request).call_id.map(|id| id.to_string()));
        let pass = || {
            let input = TurnInput {
                call: Some(call.clone().unwrap_or_else(|| "test".to_owned())),
                most_injected,
                ..TurnInput::new(request.clone(), facts.clone())
            };
            Passage::begin(ruleset, input).out(&mut || Duration::ZERO)
        };
        let passed = pass();
        let steps = match &passed {
            Ok(Passage { steps, .. }) | Err(Refused { steps, .. }) => steps,
        };
        ran.judge_steps(steps, ruleset, &facts, case.fails);
        let answering = passed.as_ref().ok().and_then(Passage::answered_by);
        let answering = answering.map(str::to_owned);
        self.judge_asked(passed.as_ref().ok(), &mut ran);
        self.judge_upstream(passed.as_ref().ok(), &mut ran);
        let sent = passed.ok().filter(|_| answering.is_none());
        let sent = sent.map(|passage| passage.request);
        if sent.is_some() {
            let one_way = |way, said: &ModelAnswer<'_>| match pass() {
                Ok(passage) => said.heard(way, passage.back().1),
                Err(_) => cuts::ArrivedReply::default(),
            };
            ran.failures.extend(self.replies(&one_way));
        }
        self.judge_request(sent.as_ref(), answering.as_deref(), &mut ran);
        // What is wrong for want of the rule is not understood without it.
        if !ran.failures.is_empty() && !ran.has_run {
            let why = ran.why_skipped();
            if let Some(why) = why {
                ran.failures.insert(0, not_run(&why));
            }
        }
        ran
    }

    /// What arrives otherwise, in the first way in which it does.
    fn replies(
        &self,
        heard: &dyn Fn(cuts::Way, &ModelAnswer<'_>) -> cuts::ArrivedReply,
    ) -> Vec<TestFailure> {
        let case = &*self.fields;
        let text = case.model_says.as_deref();
        let Some(said) = ModelAnswer::of(text, case.model_calls.as_deref()) else {
            return Vec::new();
        };
        let expected = case.caller_hears.as_deref().or(text).unwrap_or_default();
        let calls = case.tool_gets.as_ref().or(case.model_calls.as_ref());
        let calls = calls.map(Vec::as_slice).unwrap_or_default();
        for way in said.ways() {
            let heard = heard(way, &said);
            let mut failures = Vec::new();
            let mut fail = |field: String, expected: String, actual: String| {
                failures.push(TestFailure {
                    field,
                    expected,
                    actual,
                    case: said.told(way),
                });
            };
            if heard.text != expected {
                let fault = heard.fault.map(|fault| format!(" (a rule fails: {fault})"));
                let actual = heard.text + fault.as_deref().unwrap_or_default();
                fail("caller_hears".to_owned(), expected.to_owned(), actual);
            }
            for (at, expected, came) in differences(calls, &heard.calls) {
                fail(format!("tool_gets[{at}]"), expected, came);
            }
            if !failures.is_empty() {
                return failures;
            }
        }
        Vec::new()
    }

    /// Who else is asked.
    fn judge_upstream(&self, passed: Option<&Passage>, ran: &mut Ran) {
        let asked = passed.and_then(|passage| passage.turn.upstream.as_deref());
        if let Some(expected) = &self.fields.upstream_asked
            && asked != Some(expected)
        {
            let asked = asked.unwrap_or("no rule says who is asked");
            ran.fail("upstream_asked", expected, asked.to_owned());
        }
    }

    /// What goes upstream otherwise; none: nothing goes. `answering`: the rule that answers.
    fn judge_request(&self, sent: Option<&ChatRequest>, answering: Option<&str>, ran: &mut Ran) {
        let case = &*self.fields;
        let nothing = || match answering {
            Some(rule) => format!("no model was asked: `{rule}` answers"),
            None => "nothing goes upstream".to_owned(),
        };
        if let Some(expected) = &case.model_gets {
            let newest = |sent: &ChatRequest| {
                let newest = sent.newest_user().and_then(|at| sent.messages().get(at));
                newest.map(|message| message.text().into_owned())
            };
            let actual = sent.map(|sent| newest(sent).unwrap_or_default());
            if actual.as_ref() != Some(expected) {
                ran.fail("model_gets", expected, actual.unwrap_or_else(nothing));
            }
        }
        let everything = Takes {
            all_fields: true,
            ..Takes::default()
        };
        let request = sent.map(|sent| {
            let written: Result<Value, _> = serde_json::from_slice(&sent.write(&everything));
            written.unwrap_or_default()
        });
        for (name, expected) in case.upstream_gets.iter().flatten() {
            let actual = request.as_ref().map(|request| {
                let actual = request.get(name).cloned();
                actual.unwrap_or_default()
            });
            let is_same = actual
                .as_ref()
                .is_some_and(|actual| is_same_json(expected, actual));
            if !is_same {
                let actual = actual.map(|actual| in_order_of(expected, &actual).to_string());
                ran.fail(
                    &format!("upstream_gets.{name}"),
                    &expected.to_string(),
                    actual.unwrap_or_else(nothing),
                );
            }
        }
        for name in case.upstream_lacks.iter().flatten() {
            let found = request.as_ref().and_then(|request| request.get(name));
            if let Some(found) = found {
                ran.fail(
                    &format!("upstream_lacks.{name}"),
                    "no such field",
                    found.to_string(),
                );
            }
        }
        if sent.is_none() && case.model_says.is_some() | case.model_calls.is_some() {
            ran.fail("model_says", "the model is asked", nothing());
        }
    }

    /// What its request says of its call; a test has nothing beside the body.
    fn told(&self, request: &ChatRequest) -> VapiFields {
        self.from.read(request, &|_| None)
    }

    fn facts(&self, request: &ChatRequest, ruleset: &Ruleset) -> Facts {
        let vapi = self.told(request);
        let mut facts = facts_of_turn(request, vapi, "", String::new());
        // A test knows neither, unless it says so.
        for root in ["route", "now"] {
            facts.set(root, Value::Null);
        }
        for (GivenRoot(at), value) in &self.fields.given {
            let root = ROOTS[*at];
            let mut value = value.clone();
            if FROM_REQUEST.contains(&root)
                && let (Some(Value::Object(told)), Value::Object(given)) =
                    (facts.root(root), &mut value)
            {
                let told = told.iter().filter(|(name, _)| !given.contains_key(*name));
                let told: Vec<_> = told.map(|(name, it)| (name.clone(), it.clone())).collect();
                given.extend(told);
            }
            if root == "now"
                && let Some(time) = time(&value)
            {
                value = time.into();
            }
            facts.set(root, value);
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

impl Ran {
    fn fail(&mut self, field: &str, expected: &str, actual: String) {
        self.failures.push(TestFailure {
            field: field.to_owned(),
            expected: expected.to_owned(),
            actual,
            case: None,
        });
    }

    /// Whether each rule did as a test expects of it; `fails`: one must not be able to work.
    fn judge_steps(&mut self, steps: &[Step], ruleset: &Ruleset, facts: &Facts, fails: bool) {
        let mut failed = Vec::new();
        let mut is_answered = false;
        for step in steps {
            let name = &step.rule;
            let mut files = ruleset.rules().iter();
            let file = files.find(|file| file.name == *name);
            let when = file.and_then(|file| file.when.as_ref());
            match step.outcome {
                StepOutcome::Failed => {
                    let why = step.why.as_deref().unwrap_or_default();
                    failed.push((name, format!("it failed: {why}")));
                }
                StepOutcome::Changed | StepOutcome::Unchanged => self.has_run = true,
                StepOutcome::Answered => (self.has_run, is_answered) = (true, true),
                // Whatever its condition says.
                StepOutcome::Skipped if is_answered => {
                    self.skipped.push((name.clone(), Skip::Decided));
                }
                StepOutcome::Skipped => match when.map(|when| when.evaluate(facts)) {
                    Some(Verdict::Undecided { why }) => {
                        let came = format!("it was skipped: its condition can't be decided: {why}");
                        failed.push((name, came));
                    }
                    Some(Verdict::Fails { note: Some(note) }) => {
                        self.skipped.push((name.clone(), Skip::Absent(note)));
                    }
                    _ => self.skipped.push((name.clone(), Skip::Decided)),
                },
            }
        }
        if fails && failed.is_empty() {
            let did = steps.iter().map(|step| {
                let outcome = match step.outcome {
                    StepOutcome::Skipped => "was skipped",
                    StepOutcome::Unchanged => "changed nothing",
                    StepOutcome::Changed => "changed the request",
                    StepOutcome::Answered => "answered",
                    StepOutcome::Failed => "failed",
                };
                format!("{} {outcome}", step.rule)
            });
            let did = did.collect::<Vec<_>>().join(", ");
            self.fail("fails", "a rule fails", did);
        }
        for (name, came) in failed.into_iter().filter(|_| !fails) {
            self.fail(&format!("rule {name}"), "it works", came);
        }
    }

    /// Why no rule ran; none where that needs no word.
    fn why_skipped(&self) -> Option<String> {
        let [(_, skip)] = self.skipped.as_slice() else {
            return None;
        };
        Some(match skip {
            Skip::Decided => "its condition does not hold".to_owned(),
            Skip::Absent(note) => note.clone(),
        })
    }
}

fn not_run(why: &str) -> TestFailure {
    TestFailure {
        field: "rule".to_owned(),
        expected: "it runs".to_owned(),
        actual: format!("it was skipped: {why}"),
        case: None,
    }
}

/// Runs the tests of one rule file, whose rule may inject so many bytes. A file that can't be read has no tests, but problems.
///
/// Where the rule runs in none of its tests, those in which what its condition speaks of is absent
/// fail: they would pass whatever the rule says.
pub fn try_alone(
    source: Source,
    env: &dyn Fn(&str) -> Option<String>,
    most_injected: usize,
    names: Option<&SharedNameFinder>,
) -> (Option<Vec<Tried>>, Vec<Problem>) {
    let (ruleset, problems) = Ruleset::read_alone(source, env);
    let ruleset = ruleset.map(|ruleset| ruleset.with_names(names));
    let tried = ruleset.map(Arc::new).map(|ruleset| {
        let files = ruleset.rules().iter();
        let cases = files.flat_map(|file| file.tests.iter().map(move |case| (file, case)));
        let ran: Vec<_> = cases
            .map(|(file, case)| (file, case, case.run(&ruleset, most_injected)))
            .collect();
        let has_run = ran.iter().any(|(_, _, ran)| ran.has_run);
        let tried = ran.into_iter().map(|(file, case, mut ran)| {
            let why = ran.why_skipped();
            let is_absent = matches!(ran.skipped.as_slice(), [(_, Skip::Absent(_))]);
            if let (Some(why), true) = (&why, !has_run && is_absent && ran.failures.is_empty()) {
                let why = format!("{why}, and the rule runs in none of its tests");
                ran.failures.push(not_run(&why));
            }
            Tried {
                rule: file.name.clone(),
                name: case.name.clone(),
                note: why.filter(|_| ran.failures.is_empty()),
                failures: ran.failures,
            }
        });
        tried.collect()
    });
    (tried, problems)
}

#[cfg(test)]
mod tests;
