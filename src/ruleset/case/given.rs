//! What a test says is known: whether it is what conditions can see.

use jiff::Timestamp;
use serde_json::Value;

use crate::files::Faults;

/// The roots that a request tells as well, so that what is given stands beside that.
pub(in crate::ruleset) const FROM_REQUEST: &[&str] = &["turn", "request"];

/// What is wrong with the value of a root, whatever the rules, and what to do.
pub fn wrong_in_given(root: &str, value: &Value) -> Option<(String, String)> {
    let mut first = None;
    each_fault(root, value, &mut |_, message, help| {
        first.get_or_insert((message, help));
    });
    first
}

/// Adds what is wrong with the value of a root, whatever the rules, at its place.
pub(super) fn judge(root: &str, value: &Value, faults: &mut Faults) {
    each_fault(root, value, &mut |field, message, help| {
        faults.add_within(&format!("given.{field}"), None, message, Some(help));
    });
}

fn each_fault(root: &str, value: &Value, told: &mut dyn FnMut(&str, String, String)) {
    let Value::Object(members) = value else {
        let is_good = match root {
            "now" => time(value).is_some(),
            "route" => value.is_string(),
            _ => false,
        };
        let said = match value {
            Value::String(text) => format!("`{text}`"),
            value => kind(value).to_owned(),
        };
        let (message, help) = match root {
            "now" => (
                format!("`now` is a time, not {said}"),
                "write day, time and offset, as in `now = \"2026-11-22T10:00:00Z\"`".to_owned(),
            ),
            "route" => (
                format!("`route` is a text, not {said}"),
                "write the route's name, as in `route = \"default\"`".to_owned(),
            ),
            _ => (
                format!("`{root}` is a table of what is known, not {said}"),
                format!("write `{root} = {{ … }}`"),
            ),
        };
        if !is_good {
            told(root, message, help);
        }
        return;
    };
    if ["route", "now"].contains(&root) {
        let help = "write it between quotes".to_owned();
        return told(root, format!("`{root}` is a text, not a table"), help);
    }
    for (name, value) in members {
        let (is_good, what) = match (root, name.as_str()) {
            ("context", _) => (value.is_object(), "a table"),
            ("turn", "number" | "steps") => (value.is_u64(), "a whole number"),
            ("turn", "interrupted") => (value.is_boolean(), "true or false"),
            ("turn", "user" | "assistant") | ("request", "model") => (value.is_string(), "a text"),
            _ => (true, ""),
        };
        if !is_good {
            let message = format!("`{root}.{name}` is {what}, not {}", kind(value));
            let help = format!("give it {what}, or leave it out");
            told(&format!("{root}.{name}"), message, help);
        }
    }
}

/// The time that `now` says, as a turn has it.
pub(in crate::ruleset) fn time(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let time: Timestamp = text.parse().ok()?;
    Some(time.to_string())
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a table",
    }
}
