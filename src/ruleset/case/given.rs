//! What a test says is known: whether it is what conditions can see, under names that some rule looks
//! at.

use std::collections::BTreeSet;
use std::ops::Range;

use jiff::Timestamp;
use serde_json::Value;

use super::Case;
use crate::files::problem::nearest;
use crate::files::{Faults, Problem, Source};
use crate::lang::facts::{FETCH, Facts, ROOTS};
use crate::ruleset::looked::Looked;

/// The roots that a request tells as well, so that what is given stands beside that.
pub(super) const FROM_REQUEST: &[&str] = &["turn", "request"];
/// A name of fewer letters is near to many others.
const SHORTEST: usize = 4;

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
            ("turn", "number") => (value.is_u64(), "a whole number"),
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
pub(super) fn time(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let time: Timestamp = text.parse().ok()?;
    Some(time.to_string())
}

/// Names under which no rule looks, as far as that is a mistake: members of what has a fixed set,
/// fetches that there are none of, and what is nearly the name that a rule looks for in vain.
pub(in crate::ruleset) fn misspelt(case: &Case, looked: &Looked, source: &Source) -> Vec<Problem> {
    let mut problems = Vec::new();
    let given: BTreeSet<&str> = case.places.iter().map(|(path, _)| &**path).collect();
    let fixed = Facts::new();
    for (path, place) in &case.places {
        let Some((parent, name)) = path.trim_start_matches("given.").rsplit_once('.') else {
            continue;
        };
        let members = ["context", "turn", "request"].contains(&parent);
        let members = fixed.root(parent).filter(|_| members);
        let mut told = |message: String, near: Option<&str>, else_help: String| {
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => else_help,
            };
            problems.push(at(source, place, message).with_help(help));
        };
        if let Some(members) = members.and_then(Value::as_object) {
            if !members.contains_key(name) {
                let names = members.keys().map(String::as_str);
                let known: Vec<String> = names.clone().map(|name| format!("`{name}`")).collect();
                let message = format!("there is no `{parent}.{name}`");
                let help = format!("`{parent}` has {}", known.join(", "));
                let near = nearest(name, names).map(|near| format!("{parent}.{near}"));
                told(message, near.as_deref(), help);
            }
        } else if parent == FETCH {
            if !looked.fetches.contains(name) {
                let near = nearest(name, looked.fetches.iter().map(String::as_str));
                let near = near.map(|near| format!("fetch.{near}"));
                let message = format!("no rule has or speaks of `[fetch.{name}]`");
                let help = "drop it, or add the fetch to a rule".to_owned();
                told(message, near.as_deref(), help);
            }
        } else if let Some(meant) = meant(parent, name, &given, looked) {
            let message = format!("no rule looks at `{parent}.{name}`");
            told(message, Some(&format!("{parent}.{meant}")), String::new());
        }
    }
    problems
}

/// The name that a rule looks for below `parent`, that is not given, and to which `name` is near.
fn meant<'l>(
    parent: &str,
    name: &str,
    given: &BTreeSet<&str>,
    looked: &'l Looked,
) -> Option<&'l str> {
    let parents: Vec<&str> = parent.split('.').collect();
    let below = looked.paths.iter().filter_map(|path| {
        let is_below = path.len() > parents.len() && path.iter().zip(&parents).all(|(a, b)| a == b);
        is_below.then(|| path[parents.len()].as_str())
    });
    let below: BTreeSet<&str> = below.collect();
    if below.contains(name) || !ROOTS.contains(&parents[0]) {
        return None;
    }
    // `line1` and `line2` are two things, not one misspelt.
    let bare = |name: &str| {
        name.to_lowercase()
            .replace(|c: char| c.is_ascii_digit(), "")
    };
    let is_near = |wanted: &&str| {
        let letters = wanted.chars().count();
        let differs_by_number = *wanted != name && bare(wanted) == bare(name);
        letters >= SHORTEST
            && (!differs_by_number || wanted.eq_ignore_ascii_case(name))
            && !given.contains(&*format!("given.{parent}.{wanted}"))
            && strsim::osa_distance(&wanted.to_lowercase(), &name.to_lowercase()) <= 1 + letters / 8
    };
    below.into_iter().find(is_near)
}

fn at(source: &Source, place: &Range<usize>, message: String) -> Problem {
    source.error(place.clone(), message)
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
