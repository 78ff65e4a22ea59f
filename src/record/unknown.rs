//! What a recording can't tell of other rules than those that made it.
//!
//! A redacted line has placeholders for what was hidden, and lacks what the upstream did not get.
//! Where other rules may have made something else of that, nobody knows whether the turn changes;
//! then it is not said that it does not.

use serde_json::{Map, Value};

use super::Line;
use super::redacted::LEFT_OUT;
use crate::lang::facts::FETCH;
use crate::rule::Kind;
use crate::ruleset::{RuleFile, Ruleset, StepOutcome};
use crate::stream::placeholder::is_written;

/// Why it is not known what a rule would have done.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unknown {
    /// The rule.
    pub rule: String,
    /// Why.
    pub why: String,
}

/// What is not known of these rules for a line; nothing where they are those that made it.
pub fn unknown(ruleset: &Ruleset, line: &Line) -> Vec<Unknown> {
    if line.rules == ruleset.version() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let compared = Compared::of(ruleset, line);
    for (at, rule) in ruleset.rules().iter().enumerate() {
        if !rule.acts() {
            continue;
        }
        let of_change = match compared.is_same(rule) {
            true => [None, None, None],
            false => [
                compared.hides_otherwise(rule),
                compared.looks_at_what_is_left_out(rule),
                compared.reads_what_was_hidden(ruleset, at),
            ],
        };
        let reasons = std::iter::once(compared.fetches_otherwise(rule)).chain(of_change);
        found.extend(reasons.flatten().map(|why| Unknown {
            rule: rule.name.clone(),
            why,
        }));
    }
    let gone = compared.gone();
    // Of a rule that is another now was told before.
    let is_new = |one: &Unknown| found.iter().all(|other| other.rule != one.rule);
    let gone: Vec<Unknown> = gone.into_iter().filter(is_new).collect();
    found.extend(gone);
    found
}

/// A line beside rules.
struct Compared<'c> {
    line: &'c Line,
    /// The rules that act, by their digests, in order.
    new: Vec<&'c str>,
    /// Whether the rules that both have stand in another order.
    is_moved: bool,
    /// Whether the line has placeholders for what was hidden.
    has_hidden: bool,
}

impl<'c> Compared<'c> {
    fn of(ruleset: &'c Ruleset, line: &'c Line) -> Compared<'c> {
        let acting = ruleset.rules().iter().filter(|rule| rule.acts());
        let new: Vec<&str> = acting.map(|rule| &*rule.digest.rule).collect();
        let old: Vec<&str> = line.steps.iter().map(|step| &*step.digest).collect();
        let both = |these: &[&'c str], those: &[&str]| -> Vec<&'c str> {
            let these = these.iter().copied();
            these.filter(|digest| those.contains(digest)).collect()
        };
        let hid = |step: &super::RecordedStep| hides(step) && step.outcome == StepOutcome::Changed;
        // Of an older recording nothing is known of its rules.
        let may_hide = line.steps.is_empty() || line.steps.iter().any(hid);
        Compared {
            line,
            is_moved: both(&new, &old) != both(&old, &new),
            has_hidden: !line.raw && may_hide,
            new,
        }
    }

    fn is_same(&self, rule: &RuleFile) -> bool {
        let mut steps = self.line.steps.iter();
        !self.is_moved && steps.any(|step| step.digest == rule.digest.rule)
    }

    fn fetches_otherwise(&self, rule: &RuleFile) -> Option<String> {
        let asked = |name: &str| {
            let mut steps = self.line.steps.iter();
            steps.find_map(|step| step.fetches.get(name))
        };
        let mut own = rule.digest.fetches.iter();
        let (name, _) = own.find(|(name, digest)| asked(name).is_some_and(|it| it != *digest))?;
        Some(format!(
            "`fetch.{name}` is another, and the recording has what the one of the call answered"
        ))
    }

    fn hides_otherwise(&self, rule: &RuleFile) -> Option<String> {
        let why = "it hides otherwise than the rules of the call, and the recording has no value that those hid";
        (self.has_hidden && rule.hides()).then(|| why.to_owned())
    }

    fn looks_at_what_is_left_out(&self, rule: &RuleFile) -> Option<String> {
        let (facts, is_raw) = (&self.line.facts, self.line.raw);
        let (looked, deciding) = (rule.paths(), rule.paths_that_decide());
        let left_out = looked.iter().find(|path| is_left_out(facts, path, is_raw));
        if let Some(path) = left_out {
            let path = path.join(".");
            return Some(format!(
                "it looks at `{path}`, which the recording leaves out"
            ));
        }
        let hidden = deciding.iter().find(|path| is_hidden(facts, path))?;
        let path = hidden.join(".");
        Some(format!(
            "it decides by `{path}`, of which the recording has a placeholder"
        ))
    }

    /// A rule that works on texts before they are redacted, or asks what is said in them.
    fn reads_what_was_hidden(&self, ruleset: &Ruleset, at: usize) -> Option<String> {
        let rule = ruleset.rules().get(at)?;
        let mut later = ruleset.rules().iter().skip(at + 1);
        let later = later.find(|later| later.acts() && later.hides());
        if !self.has_hidden || rule.hides() {
            return None;
        }
        if let (Some(later), false) = (later, rule.does.is_blind) {
            return Some(format!(
                "it stands before `{}`, and the recording has placeholders for what was hidden",
                later.name
            ));
        }
        let asks = |path: &Vec<String>| {
            let said = ["user", "assistant"];
            path.first().is_some_and(|root| root == "turn")
                && path.get(1).is_none_or(|name| said.contains(&&**name))
        };
        rule.paths_that_decide().iter().any(asks).then(|| {
            "it decides by what was said, and the recording has placeholders for what was hidden"
                .to_owned()
        })
    }

    /// What rules did in the call that are not there any more.
    fn gone(&self) -> Vec<Unknown> {
        let gone = self.line.steps.iter().filter(|step| {
            !self.new.contains(&&*step.digest) && step.outcome == StepOutcome::Changed
        });
        let unknown = gone.filter_map(|step| {
            let why = if self.has_hidden && hides(step) {
                "it is gone, and the recording has no value that it hid"
            } else if step.again.is_some() {
                "it is gone or another, and what it did depended on what the recording leaves out"
            } else {
                return None;
            };
            Some(Unknown {
                rule: step.rule.clone(),
                why: why.to_owned(),
            })
        });
        unknown.collect()
    }
}

/// Whether the step is of a kind that hides values.
fn hides(step: &super::RecordedStep) -> bool {
    Kind::named(&step.kind).is_some_and(|kind| kind.hides)
}

/// Whether what stands at a path was known in the call, or may have been, and is not in the line.
fn is_left_out(facts: &Map<String, Value>, path: &[String], is_raw: bool) -> bool {
    let Some((root, keys)) = path.split_first() else {
        return false;
    };
    // The request tells it.
    if root == "turn" {
        return false;
    }
    let Some(mut value) = facts.get(root) else {
        return true;
    };
    // What no rule asked for has no name there.
    if root == FETCH
        && let Some(name) = keys.first()
        && value.get(name).is_none()
    {
        return true;
    }
    for key in keys {
        match value.get(key) {
            Some(below) => value = below,
            None => return false,
        }
    }
    // Null is what nobody answered, or, where a line is redacted, a number.
    let is_deep = keys.len() > 1 || ![FETCH, "context"].contains(&&**root);
    !is_raw && lacks(value, is_deep && !keys.is_empty())
}

/// Whether what stands at a path has a placeholder for what was known in the call.
fn is_hidden(facts: &Map<String, Value>, path: &[String]) -> bool {
    let Some((root, keys)) = path.split_first() else {
        return false;
    };
    let found = keys
        .iter()
        .try_fold(facts.get(root), |value, key| Some(value?.get(key)));
    has_placeholder(found.flatten().unwrap_or(&Value::Null))
}

fn has_placeholder(value: &Value) -> bool {
    match value {
        Value::String(text) => is_written(text),
        Value::Array(items) => items.iter().any(has_placeholder),
        Value::Object(entries) => entries.values().any(has_placeholder),
        _ => false,
    }
}

fn lacks(value: &Value, null_counts: bool) -> bool {
    match value {
        Value::Null => null_counts,
        Value::String(text) => text == LEFT_OUT,
        Value::Array(items) => items.iter().any(|item| lacks(item, true)),
        Value::Object(entries) => entries.values().any(|entry| lacks(entry, true)),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_a_redacted_line_leaves_out_is_known_by_its_path() {
        let facts = json!({
            "metadata": { "plan": "[…]", "city": "Berlin", "age": null, "vip": true },
            "customer": { "name": "[NAME_1]" },
            "fetch": { "crm": null, "shop": { "open": null } },
            "route": "default",
        });
        let facts = facts.as_object().expect("an object");
        for (path, raw, expected) in [
            ("metadata.plan", false, true),
            ("metadata.plan", true, false),
            ("metadata.city", false, false),
            ("metadata.age", false, true),
            ("metadata.vip", false, false),
            ("metadata", false, true),
            ("metadata.none", false, false),
            ("customer.name", false, false),
            ("fetch.crm.plan", false, false),
            ("fetch.shop.open", false, true),
            ("fetch.other.plan", false, true),
            ("fetch.other.plan", true, true),
            ("context.customer.plan", false, true),
            ("turn.user", false, false),
            ("route", false, false),
        ] {
            let path: Vec<String> = path.split('.').map(str::to_owned).collect();
            assert_eq!(is_left_out(facts, &path, raw), expected, "{path:?} {raw}");
            let is_name = path == ["customer", "name"];
            assert_eq!(is_hidden(facts, &path), is_name, "{path:?}");
        }
    }

    /// The line of a turn that passed a rule with a fetch, which was answered.
    fn line(ruleset: &std::sync::Arc<Ruleset>) -> Line {
        let watched = crate::record::Watched {
            body: r#"{"messages":[{"role":"user","content":"Hi."}]}"#.into(),
            ruleset: ruleset.clone(),
            steps: Vec::new(),
            at: String::new(),
            turn: "turn_1".to_owned(),
            call: None,
            route: "default".to_owned(),
            vapi: Default::default(),
            context: None,
            fetch: Some(r#"{"crm":{"plan":"gold"}}"#.into()),
            most_injected: 1 << 20,
            upstream: "main".to_owned(),
            takes: Default::default(),
            failures: Vec::new(),
            shaped: Vec::new(),
            got: None,
            reply: Vec::new(),
            ended: "answered",
            timeline: None,
        };
        watched.line(false).expect("a line")
    }

    #[test]
    fn a_fetch_that_asks_something_else_was_not_answered_in_the_call() {
        let rule = "about = \"x\"\n[then.inject]\ntext = \"{{ fetch.crm.plan }}\"\n[fetch.crm]\nurl = \"https://crm.example/a\"\nwithin = \"80ms\"\n";
        let read = |text: &str| {
            let source = crate::files::Source::new("10-crm.toml", text);
            let (ruleset, problems) = Ruleset::read(vec![source], &|_| None);
            std::sync::Arc::new(ruleset.unwrap_or_else(|| panic!("{problems:?}")))
        };
        let line = line(&read(rule));
        for (other, expected) in [
            (rule.replace("80ms", "90ms"), None),
            (rule.replace("/a", "/b"), Some("`fetch.crm` is another")),
            (
                format!("{rule}pick = \"/plan\"\n"),
                Some("`fetch.crm` is another"),
            ),
            (
                rule.replace("crm", "shop"),
                Some("it looks at `fetch.shop.plan`"),
            ),
        ] {
            let found = unknown(&read(&other), &line);
            let why = found.first().map(|one| one.why.as_str());
            assert_eq!(why.is_some(), expected.is_some(), "{other}: {found:?}");
            let starts = why.zip(expected);
            assert!(
                starts.is_none_or(|(why, start)| why.starts_with(start)),
                "{found:?}"
            );
        }
    }
}
