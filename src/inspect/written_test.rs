//! A turn as a `[[test]]` for `tests/` beside the rules: what was said and known, what the model got,
//! what it said or called, and what the caller heard and tools got, with made-up values where
//! something is hidden.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::made_facts::{ANYTHING, made_facts};
use super::samples::Samples;
use super::toml_text::{listed, written, written_entries, written_text};
use crate::chat::ChatRequest;
use crate::record::{LEFT_OUT, Line};
use crate::ruleset::{Ruleset, StepOutcome, Texts};

/// Fields of a request that say only how its reply comes, and those that a test has apart.
const APART: &[&str] = &["messages", "stream", "stream_options"];
/// So many characters of what the caller said are in the name.
const NAMED: usize = 50;

/// A request that rules left as it was is checked whole up to so many bytes.
const MOST_UNCHANGED: usize = 4 << 10;

/// How much of what went upstream a test checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestExtent {
    /// All that rules changed of the request.
    Request,
    /// What the model got of what the caller said.
    Newest,
}

/// The test of a turn. `ruleset`: the rules of its route, so that they do in the test what they did.
pub fn written_test(line: &Line, ruleset: Option<&Ruleset>, extent: TestExtent) -> String {
    let samples = Samples::of(line, ruleset);
    let asked = AskedInTurn::of(line, &samples);
    let mut test = TestText::default();
    test.entry("name", written_text(&name(line)));
    let (given, fails) = asked.given(line, ruleset, &samples);
    if !given.is_empty() {
        test.entry("given", written(&Value::Object(given)));
    }
    if !asked.fields.is_empty() {
        test.entry("fields", written_entries(&asked.fields));
    }
    if !asked.messages.is_empty() {
        test.entry("messages", listed(&asked.messages));
    }
    if let Some(caller) = &asked.caller {
        test.entry("caller", written_text(caller));
    }
    match line.is_answered() {
        true => test.own_answer(line, &samples),
        false => {
            test.upstream(line, extent);
            if let Some(name) = ruleset.and_then(|ruleset| upstream_asked(line, ruleset)) {
                test.check("upstream_asked", written_text(name));
            }
            test.reply(line, &samples);
        }
    }
    if fails {
        test.check("fails", "true".to_owned());
    }
    if !test.checks {
        test.check("model_asked", "true".to_owned());
    }
    test.text
}

/// What a test is asked with.
struct AskedInTurn {
    messages: Vec<Value>,
    /// The newest message, where the caller said it.
    caller: Option<String>,
    fields: Map<String, Value>,
}

impl AskedInTurn {
    fn of(line: &Line, samples: &Samples) -> AskedInTurn {
        // What only looks like a placeholder has an escape in the line, and none as it is said.
        let as_said = |text: &str| match line.escapes {
            true => samples.unescaped(&samples.filled_in(text)),
            false => samples.filled_in(text),
        };
        let mut fields = object(line.came.get());
        let messages = fields.get("messages").and_then(Value::as_array).cloned();
        let messages = messages.unwrap_or_default().into_iter();
        let mut messages: Vec<Value> = messages.map(|it| mapped(it, &as_said)).collect();
        let newest = messages.last().and_then(|message| {
            let is_plain = message["role"] == "user"
                && message
                    .as_object()
                    .is_some_and(|message| message.len() == 2);
            message["content"].as_str().filter(|_| is_plain)
        });
        let caller = newest.map(str::to_owned);
        if caller.is_some() {
            messages.pop();
        }
        fields.retain(|name, value| !APART.contains(&name.as_str()) && !value.is_null());
        let fields = fields.into_iter();
        AskedInTurn {
            messages,
            caller,
            fields: fields
                .map(|(name, it)| (name, mapped(it, &as_said)))
                .collect(),
        }
    }

    /// The request that a test makes of it.
    fn request(&self) -> Option<ChatRequest> {
        let mut body = self.fields.clone();
        let caller = self.caller.as_ref();
        let caller = caller.map(|text| json!({ "role": "user", "content": text }));
        let messages: Vec<Value> = self.messages.iter().cloned().chain(caller).collect();
        body.insert("messages".to_owned(), messages.into());
        ChatRequest::parse(Value::Object(body).to_string().into()).ok()
    }

    /// What was known, with what is made up, and whether a rule must fail with it.
    fn given(
        &self,
        line: &Line,
        ruleset: Option<&Ruleset>,
        samples: &Samples,
    ) -> (Map<String, Value>, bool) {
        let fill = |text: &str| samples.filled_in(text);
        let mut facts = line.facts.clone();
        // The request tells the rest of both.
        if self.fields.contains_key("model") {
            facts.remove("request");
        }
        if let Some(Value::Object(turn)) = facts.get_mut("turn") {
            turn.retain(|name, value| name == "interrupted" && value.is_boolean());
        }
        // By its id a call is in the share of a rule or not.
        if let (Some(id), false, Some(call)) =
            (&line.call, line.arms.is_empty(), facts.get_mut("call"))
            && call["id"].is_null()
            && let Some(call) = call.as_object_mut()
        {
            call.insert("id".to_owned(), id.clone().into());
        }
        for value in facts.values_mut() {
            *value = mapped(value.take(), &fill);
        }
        let mut fails = line
            .steps
            .iter()
            .any(|step| step.outcome == StepOutcome::Failed);
        if let (Some(ruleset), Some(request)) = (ruleset, self.request()) {
            let made = made_facts(line, facts, ruleset, &request);
            facts = made.facts;
            fails |= made.is_undecided;
        }
        facts.values_mut().for_each(drop_left_out);
        facts.retain(|_, value| !is_nothing(value));
        (facts, fails)
    }
}

/// The text of a test.
struct TestText {
    text: String,
    /// Whether it checks anything.
    checks: bool,
}

impl Default for TestText {
    fn default() -> TestText {
        TestText {
            text: "[[test]]\n".to_owned(),
            checks: false,
        }
    }
}

impl TestText {
    fn entry(&mut self, name: &str, value: String) {
        self.text.push_str(&format!("{name} = {value}\n"));
    }

    fn check(&mut self, name: &str, value: String) {
        self.checks = true;
        self.entry(name, value);
    }

    /// What a rule answered in the model's place.
    fn own_answer(&mut self, line: &Line, samples: &Samples) {
        self.check("model_asked", "false".to_owned());
        if let Some(heard) = content(&line.heard) {
            self.entry("caller_hears", written_text(&samples.filled_in(heard)));
        }
        let calls = calls(&line.heard, &|text| samples.filled_in(text));
        if !calls.is_empty() {
            self.entry("tool_gets", listed(&calls));
        }
    }

    /// What went upstream. It has its placeholders.
    fn upstream(&mut self, line: &Line, extent: TestExtent) {
        if let Some(got) = newest_text(line.sent.get()) {
            self.check("model_gets", written_text(&got));
        }
        if extent == TestExtent::Newest {
            return;
        }
        let (came, sent) = (object(line.came.get()), object(line.sent.get()));
        let names: BTreeSet<&String> = came.keys().chain(sent.keys()).collect();
        let mut gets = Map::new();
        let mut lacks = Vec::new();
        for name in names {
            let is_apart = APART.contains(&name.as_str());
            match (came.get(name), sent.get(name)) {
                (Some(Value::Array(came)), Some(Value::Array(sent))) if name == "messages" => {
                    let is_short = line.sent.get().len() <= MOST_UNCHANGED;
                    if is_short || is_more_than_newest(came, sent) {
                        gets.insert(name.clone(), sent.clone().into());
                    }
                }
                _ if is_apart => {}
                (came, Some(sent)) if came != Some(sent) && !sent.is_null() => {
                    gets.insert(name.clone(), sent.clone());
                }
                (Some(_), None) => lacks.push(Value::from(name.as_str())),
                _ => {}
            }
        }
        if !gets.is_empty() {
            self.check("upstream_gets", written_entries(&gets));
        }
        if !lacks.is_empty() {
            self.check("upstream_lacks", written(&lacks.into()));
        }
    }

    /// What the model answered, and what came of it.
    fn reply(&mut self, line: &Line, samples: &Samples) {
        let as_it_came = |text: &str| text.to_owned();
        let (said, called) = (content(&line.said), calls(&line.said, &as_it_came));
        if said.is_none() && called.is_empty() {
            return;
        }
        if let Some(said) = said {
            self.check("model_says", written_text(said));
        }
        let heard = samples.heard(content(&line.heard).unwrap_or_default());
        if said.is_some() || !heard.is_empty() {
            self.entry("caller_hears", written_text(&heard));
        }
        if !called.is_empty() {
            self.check("model_calls", listed(&called));
            let got = calls(&line.heard, &|text| samples.heard(text));
            self.entry("tool_gets", listed(&got));
        }
    }
}

/// What the test shows.
fn name(line: &Line) -> String {
    let said = newest_text(line.came.get()).unwrap_or_default();
    let said: String = said.chars().take(NAMED).collect();
    match said.trim() {
        "" => format!("as in {}", line.turn),
        said => format!("as in {}: {said}", line.turn),
    }
}

/// The upstream, or the route, that a rule says is asked.
fn upstream_asked<'r>(line: &Line, ruleset: &'r Ruleset) -> Option<&'r str> {
    let acted = line.steps.iter().rev();
    let mut acted = acted.filter(|step| step.outcome == StepOutcome::Changed);
    acted.find_map(|step| {
        let mut rules = ruleset.rules().iter();
        let rule = rules.find(|rule| rule.name == step.rule)?;
        rule.does.upstream.as_deref()
    })
}

fn object(json: &str) -> Map<String, Value> {
    serde_json::from_str(json).unwrap_or_default()
}

/// What the caller said last in a request.
fn newest_text(request: &str) -> Option<String> {
    let request = ChatRequest::parse(request.to_owned().into()).ok()?;
    let newest = request.messages().get(request.newest_user()?)?;
    Some(newest.text().into_owned())
}

/// Whether rules changed more of the history than the text of what the caller said last.
fn is_more_than_newest(came: &[Value], sent: &[Value]) -> bool {
    let newest = came.iter().rposition(|message| message["role"] == "user");
    let is_other = |(at, (came, sent)): (usize, (&Value, &Value))| {
        came != sent && !(Some(at) == newest && sent["role"] == "user")
    };
    came.len() != sent.len() || came.iter().zip(sent).enumerate().any(is_other)
}

/// A value with other texts in it.
fn mapped(value: Value, map: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => map(&text).into(),
        Value::Array(items) => items.into_iter().map(|item| mapped(item, map)).collect(),
        Value::Object(entries) => {
            let entries = entries.into_iter();
            let entries = entries.map(|(key, value)| (key, mapped(value, map)));
            Value::Object(entries.collect())
        }
        value => value,
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(entries) => entries.is_empty(),
        _ => false,
    }
}

fn drop_left_out(value: &mut Value) {
    match value {
        Value::Object(entries) => {
            entries.values_mut().for_each(drop_left_out);
            entries.retain(|_, value| !is_nothing(value) && value != LEFT_OUT);
        }
        // How many there were is known.
        Value::Array(items) => {
            for item in items {
                match item == LEFT_OUT {
                    true => *item = ANYTHING.into(),
                    false => drop_left_out(item),
                }
            }
        }
        _ => {}
    }
}

/// What is spoken, of the texts of a reply.
fn content(texts: &Texts) -> Option<&str> {
    let mut texts = texts.iter();
    let found = texts.find(|(name, _)| name == "content");
    found.map(|(_, text)| text.as_str())
}

/// The tools that a reply calls, in order, as a test has them; none, where one broke off.
fn calls(texts: &Texts, map: &dyn Fn(&str) -> String) -> Vec<Value> {
    let numbered = texts.iter().filter_map(|(name, text)| {
        let number: usize = name.strip_prefix("tool call ")?.parse().ok()?;
        Some((number, text))
    });
    let mut numbered: Vec<_> = numbered.collect();
    numbered.sort_unstable();
    let calls = numbered.into_iter().map(|(_, text)| {
        let (tool, arguments) = text.split_once(' ')?;
        let arguments = map(arguments);
        let read = match arguments.trim() {
            "" => Some(json!({})),
            text => serde_json::from_str::<Value>(text).ok(),
        };
        let read = read?;
        // TOML has no null, and a table is read best.
        let is_table = read.is_object() && !has_null(&read);
        let arguments = match is_table {
            true => read,
            false => arguments.into(),
        };
        Some(json!({ "name": tool, "arguments": arguments }))
    });
    calls.collect::<Option<_>>().unwrap_or_default()
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().any(has_null),
        Value::Object(entries) => entries.values().any(has_null),
        _ => false,
    }
}
