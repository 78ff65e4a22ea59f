//! Many rules: how their files are read, and how a turn passes them in both directions.
//!
//! A ruleset is immutable. It reads no files itself; the texts are handed in.

mod apply;
pub mod case;
mod escape;
mod file;
mod reply;
mod tags;

use crate::chat::{ChatRequest, Role};
use crate::rule::KINDS;
use crate::text::{Problem, Source};
pub use apply::{Applied, Outcome, Refused, Step, apply};
use escape::Escapes;
pub use file::RuleFile;
pub use reply::{Ending, Reply};

/// All rules of a route, in file-name order.
#[derive(Debug, Default)]
pub struct Ruleset {
    rules: Vec<RuleFile>,
    escapes: Option<Escapes>,
}

impl Ruleset {
    /// Reads rule files. Every problem of every file is reported; without errors there is a
    /// ruleset, though there may be warnings.
    pub fn read(mut sources: Vec<Source>) -> (Option<Ruleset>, Vec<Problem>) {
        sources.sort_by(|one, other| one.name.cmp(&other.name));
        let mut rules: Vec<RuleFile> = Vec::new();
        let mut problems = Vec::new();
        for source in &sources {
            let (rule, mut found) = file::read(source);
            problems.append(&mut found);
            let Some(rule) = rule else { continue };
            problems.extend(label_taken_twice(&rules, &rule, source));
            rules.push(rule);
        }
        if problems.iter().any(Problem::is_error) {
            return (None, problems);
        }
        let labels: Vec<&str> = rules
            .iter()
            .flat_map(|file| file.rule.labels())
            .map(String::as_str)
            .collect();
        (
            Some(Ruleset {
                escapes: Escapes::of(&labels),
                rules,
            }),
            problems,
        )
    }

    /// The rules in order.
    pub fn rules(&self) -> &[RuleFile] {
        &self.rules
    }

    /// Whether any rule may touch a reply.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }
}

/// The root `turn` of conditions and templates: what a request says of its turn.
pub fn turn_facts(request: &ChatRequest) -> serde_json::Value {
    let newest = |role: Role| {
        let message = request
            .messages()
            .iter()
            .rev()
            .find(|message| message.role() == role)?;
        Some(message.text().into_owned())
    };
    serde_json::json!({
        "number": request.user_count(),
        "user": newest(Role::User),
        "assistant": newest(Role::Assistant),
    })
}

/// Two rules that give out the same placeholders could not tell whose value comes back.
fn label_taken_twice(rules: &[RuleFile], rule: &RuleFile, source: &Source) -> Option<Problem> {
    let labels = rule.rule.labels();
    rules
        .iter()
        .filter(|other| other.is_enabled && rule.is_enabled)
        .find_map(|other| {
            let label = labels
                .iter()
                .find(|label| other.rule.labels().contains(label))?;
            let message = format!("the label `{label}` belongs to `{}` already", other.name);
            let help =
                "one label belongs to one redact rule; put both into one rule, or drop it here";
            Some(source.error(rule.place.clone(), message).with_help(help))
        })
}

/// The names of all kinds, for messages.
fn kind_names() -> String {
    KINDS
        .iter()
        .map(|kind| format!("`[then.{}]`", kind.name))
        .collect::<Vec<_>>()
        .join(", ")
}
