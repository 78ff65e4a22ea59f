//! Which fetches a turn needs, and what its rules see of them.
//!
//! It asks nobody. What was answered is handed in.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::defined::RuleFetches;
use super::section::Fetch;

/// A rule in one turn.
#[derive(Debug)]
pub struct FetchingRule<'r> {
    /// What it fetches.
    pub fetches: &'r RuleFetches,
    /// Whether what it makes of the turn counts.
    pub acts: bool,
    /// Whether it is only tried.
    pub is_tried: bool,
    /// Whether it may run in this turn, as far as that can be told before anything is fetched.
    pub may_run: bool,
}

/// What a turn needs: the fetches of every rule that acts and may run, each once, in the order of
/// the rules; those of a rule that is tried only where one that acts speaks of them.
pub fn needed(rules: &[FetchingRule<'_>]) -> Vec<Arc<Fetch>> {
    those_of(rules, &|rule, name| rule.acts || is_borrowed(rules, name))
}

/// What only the rules that are tried need.
pub fn needed_by_shadows(rules: &[FetchingRule<'_>]) -> Vec<Arc<Fetch>> {
    let acting = needed(rules);
    let mut tried = those_of(rules, &|rule, _| rule.is_tried);
    tried.retain(|fetch| !acting.iter().any(|other| other.name() == fetch.name()));
    tried
}

fn those_of(
    rules: &[FetchingRule<'_>],
    counts: &dyn Fn(&FetchingRule<'_>, &str) -> bool,
) -> Vec<Arc<Fetch>> {
    let mut those: Vec<Arc<Fetch>> = Vec::new();
    for rule in rules.iter().filter(|rule| rule.may_run) {
        for defined in &rule.fetches.defined {
            let name = defined.name();
            let is_known = those.iter().any(|known| known.name() == name);
            if !is_known && counts(rule, name) {
                those.push(defined.fetch.clone());
            }
        }
    }
    those
}

/// Whether a rule that acts speaks of a fetch that only another's file defines.
fn is_borrowed(rules: &[FetchingRule<'_>], name: &str) -> bool {
    let mut others = rules
        .iter()
        .filter(|rule| rule.acts && !rule.fetches.defines(name));
    others.any(|rule| rule.fetches.spoken_of.contains(name))
}

/// The JSON text of the root `fetch`: what was answered, by name, as JSON texts; null for every
/// other of the names.
pub fn fetch_facts<'v>(
    names: &BTreeSet<String>,
    answered: impl IntoIterator<Item = (&'v str, &'v str)>,
) -> String {
    let answered: Vec<(&str, &str)> = answered.into_iter().collect();
    let entries: Vec<String> = names
        .iter()
        .map(|name| {
            let found = answered.iter().find(|(known, _)| known == name);
            let value = found.map_or("null", |(_, value)| *value);
            format!("{}:{value}", serde_json::Value::from(name.as_str()))
        })
        .collect();
    format!("{{{}}}", entries.join(","))
}
