use serde_json::{Value, json};

use super::*;
use crate::chat::request::Takes;
use crate::lang::facts::Facts;

mod bounds;
mod checks;
mod requests;

/// A rule of the table `[then.script]`.
pub(super) fn read_rule(toml: &str) -> (Option<Box<dyn Rule>>, Vec<Problem>) {
    let source = Source::new("rules/10-s.toml", toml);
    read(Document::parse(&source).expect("toml"))
}

/// The rule of a script over requests, or over replies.
pub(super) fn rule(field: &str, script: &str) -> Box<dyn Rule> {
    let toml = format!("{field} = '''\n{script}'''\n");
    let (rule, problems) = read_rule(&toml);
    rule.unwrap_or_else(|| panic!("{script}\n{problems:?}"))
}

/// What is known of the turn.
pub(super) fn facts() -> Facts {
    let mut facts = Facts::default();
    facts.set("call", json!({ "id": "c1", "type": "webCall" }));
    facts.set("customer", json!({ "name": "Dana", "age": 31 }));
    facts.set("turn", json!({ "number": 3, "user": "Good-bye, then!" }));
    facts.set("now", "2026-11-23T10:00:00Z".into());
    facts.set("route", "sales".into());
    facts
}

/// What a script makes of a body, as it goes upstream, or why it fails.
pub(super) fn sent(script: &str, body: &str) -> Result<String, String> {
    let mut request = ChatRequest::parse(body.to_owned().into()).expect("a request");
    let mut turn = Turn::new(facts());
    let before = written(&request);
    let done = rule("request", script).on_request(&mut request, &mut turn);
    let after = written(&request);
    match done {
        Ok(change) => {
            assert_eq!(change == Change::Changed, before != after, "{script}");
            Ok(after)
        }
        Err(error) => {
            assert_eq!(before, after, "a script that fails changes nothing");
            Err(error.to_string())
        }
    }
}

fn written(request: &ChatRequest) -> String {
    let takes = Takes {
        all_fields: true,
        message_fields: ["weight", "n", "m", "deep", "x"]
            .map(str::to_owned)
            .to_vec(),
        ..Takes::default()
    };
    String::from_utf8(request.write(&takes)).expect("JSON")
}

/// The same, as JSON.
#[track_caller]
pub(super) fn made(script: &str, body: Value) -> Value {
    let sent = sent(script, &body.to_string());
    serde_json::from_str(&sent.unwrap_or_else(|why| panic!("{script}: {why}"))).expect("JSON")
}

pub(super) fn user(text: &str) -> Value {
    json!({ "role": "user", "content": text })
}
