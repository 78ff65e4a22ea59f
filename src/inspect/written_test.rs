//! A turn as a `[[test]]` for `tests/` beside the rules: what was said, what the model got, what it
//! said, and what the caller heard, with made-up values where something is hidden.

use serde_json::{Map, Value};

use super::samples::filled_in;
use super::toml_text::{written, written_text};
use crate::chat::ChatRequest;
use crate::detect::Detector;
use crate::record::Line;
use crate::ruleset::{StepOutcome, Texts};

/// Names of conditions that a request tells itself.
const FROM_REQUEST: &[&str] = &["turn", "request"];
/// Stands in a line for what the upstream did not get.
const LEFT_OUT: &str = "[…]";
/// So many characters of what the caller said are in the name.
const NAMED: usize = 50;

/// The test of a turn.
pub fn written_test(line: &Line) -> String {
    // What was known may have values that stand nowhere in the talk.
    let of_detectors = Detector::ALL.iter().map(|it| it.label().to_owned());
    let labels = line.hidden.keys().chain(line.labels.keys()).cloned();
    let labels: Vec<String> = labels.chain(of_detectors).collect();
    let fill = |text: &str| filled_in(text, &labels);
    // What only looks like a placeholder has an escape in the line, and none as it is said.
    let as_said = |text: &str| match line.escapes {
        true => fill(&unescaped(text, &labels)),
        false => fill(text),
    };
    let mut out = String::from("[[test]]\n");
    let mut entry = |name: &str, value: String| out.push_str(&format!("{name} = {value}\n"));
    let (messages, caller) = messages(line);
    entry("name", written_text(&name(line, caller.as_deref())));
    if let Some(given) = given(line) {
        entry("given", fill(&written(&given)));
    }
    if !messages.is_empty() {
        let mut listed = String::from("[\n");
        for message in &messages {
            listed.push_str(&format!("  {},\n", as_said(&written(message))));
        }
        entry("messages", listed + "]");
    }
    if let Some(caller) = &caller {
        entry("caller", written_text(&as_said(caller)));
    }
    let heard = content(&line.heard);
    let mut steps = line.steps.iter();
    if steps.any(|step| step.outcome == StepOutcome::Answered) {
        entry("model_asked", "false".to_owned());
        if let Some(heard) = heard {
            entry("caller_hears", written_text(&fill(heard)));
        }
        return out;
    }
    if let Some(got) = caller.as_ref().and_then(|_| model_gets(line)) {
        // What the model got has its placeholders.
        entry("model_gets", written_text(&got));
    }
    if let Some(said) = content(&line.said) {
        entry("model_says", written_text(said));
        entry(
            "caller_hears",
            written_text(&fill(heard.unwrap_or_default())),
        );
    }
    out
}

/// A text without the escapes of what only looks like a placeholder of these labels.
fn unescaped(text: &str, labels: &[String]) -> String {
    labels.iter().fold(text.to_owned(), |text, label| {
        text.replace(&format!("{label}_~"), &format!("{label}_"))
    })
}

/// What the test shows.
fn name(line: &Line, caller: Option<&str>) -> String {
    let said: String = caller.unwrap_or_default().chars().take(NAMED).collect();
    match said.trim() {
        "" => format!("as in {}", line.turn),
        said => format!("as in {}: {said}", line.turn),
    }
}

/// What was known, without what the line leaves out.
fn given(line: &Line) -> Option<Value> {
    let mut facts = line.facts.clone();
    facts.retain(|root, _| !FROM_REQUEST.contains(&root.as_str()));
    for value in facts.values_mut() {
        drop_left_out(value);
    }
    facts.retain(|_, value| !is_nothing(value));
    (!facts.is_empty()).then(|| Value::Object(facts))
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(entries) => entries.is_empty(),
        _ => false,
    }
}

fn drop_left_out(value: &mut Value) {
    if let Value::Object(entries) = value {
        entries.values_mut().for_each(drop_left_out);
        entries.retain(|_, value| !is_nothing(value) && value != LEFT_OUT);
    }
}

/// The history as it came, and the newest message apart where the caller said it.
fn messages(line: &Line) -> (Vec<Value>, Option<String>) {
    let came: Map<String, Value> = serde_json::from_str(line.came.get()).unwrap_or_default();
    let Some(Value::Array(mut messages)) = came.get("messages").cloned() else {
        return (Vec::new(), None);
    };
    let newest = messages.last().and_then(|message| {
        let is_callers = message["role"] == "user";
        message["content"].as_str().filter(|_| is_callers)
    });
    let newest = newest.map(str::to_owned);
    if newest.is_some() {
        messages.pop();
    }
    (messages, newest)
}

/// What the model got of what the caller said.
fn model_gets(line: &Line) -> Option<String> {
    let request = ChatRequest::parse(line.sent.get().to_owned().into()).ok()?;
    let newest = request.messages().get(request.newest_user()?)?;
    Some(newest.text().into_owned())
}

/// What is spoken, of the texts of a reply.
fn content(texts: &Texts) -> Option<&str> {
    let mut texts = texts.iter();
    let found = texts.find(|(name, _)| name == "content");
    found.map(|(_, text)| text.as_str())
}
