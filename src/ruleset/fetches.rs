//! What the rules fetch: one namespace for all of them, and which fetches a turn needs.
//!
//! It asks nobody. What was answered is handed in as facts.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::apply::not_in_share;
use super::{RuleFile, Ruleset};
use crate::files::problem::nearest;
use crate::files::{Document, Problem, Source};
use crate::lang::facts::{FETCH, Facts};
use crate::net::host::Host;
use crate::rule::fetch::Fetch;

/// `[fetch.NAME]` of one rule file.
#[derive(Debug, Clone)]
pub struct Defined {
    /// What it says. Rules that say the same share it.
    pub fetch: Arc<Fetch>,
    /// What is wrong where its host may not be asked, at the place of its url.
    not_listed: Problem,
    /// Where its name stands.
    pub(super) place: Range<usize>,
}

/// Reads the table `fetch` of a rule file.
pub(super) fn read(
    document: &mut Document<'_>,
    env: &dyn Fn(&str) -> Option<String>,
    problems: &mut Vec<Problem>,
) -> Vec<Defined> {
    let source = document.source();
    let mut table = match document.take_table(FETCH) {
        None => return Vec::new(),
        Some(Ok(table)) => table,
        Some(Err(problem)) => {
            problems.push(problem.with_help("write `[fetch.NAME]` with a `url`"));
            return Vec::new();
        }
    };
    let mut defined = Vec::new();
    for (name, place) in table.keys() {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if !name.chars().all(is_name) || name.starts_with(|c: char| c.is_ascii_digit()) {
            let message = format!("`{name}` can't be the name of a fetch");
            let help = "a name has letters, digits and `_`, and begins with no digit";
            problems.push(source.error(place, message).with_help(help));
            continue;
        }
        let fetch = match table.take_table(&name) {
            Some(Ok(table)) => Fetch::read(&name, table, env),
            Some(Err(problem)) => (None, vec![problem.with_help("write `[fetch.NAME]`")]),
            None => continue,
        };
        problems.extend(fetch.1);
        let Some((fetch, url)) = fetch.0 else {
            continue;
        };
        let host = fetch.origin().host();
        let message = format!("the host `{host}` may not be asked");
        let help = format!("add \"{host}\" to `hosts` of `[fetch]` in the config");
        defined.push(Defined {
            fetch: Arc::new(fetch),
            not_listed: source.error(url, message).with_help(help),
            place,
        });
    }
    defined
}

/// One name has one meaning in all rules. Rules that say the same share one fetch.
pub(super) fn share(rules: &[RuleFile], rule: &mut RuleFile, source: &Source) -> Vec<Problem> {
    let mut problems = Vec::new();
    for defined in &mut rule.fetches {
        let name = defined.fetch.name();
        let all = rules
            .iter()
            .flat_map(|other| other.fetches.iter().map(move |fetch| (other, fetch)));
        let mut same_name = all.filter(|(_, other)| other.fetch.name() == name);
        let Some((other, first)) = same_name.next() else {
            continue;
        };
        if first.fetch.is_same_as(&defined.fetch) {
            defined.fetch = first.fetch.clone();
            continue;
        }
        let message = format!(
            "`fetch.{name}` of `{}` is not the one of `{}`",
            rule.name, other.name
        );
        let help = "give it another name, or write the same in both";
        problems.push(source.error(defined.place.clone(), message).with_help(help));
    }
    problems
}

/// Rules that speak of fetches which no rule defines. A file that can't be read may define one.
pub(super) fn undefined(rules: &[RuleFile], sources: &[Source]) -> Vec<Problem> {
    let all = rules.iter().flat_map(|rule| &rule.fetches);
    let defined: BTreeSet<&str> = all.map(|defined| defined.fetch.name()).collect();
    let is_read = |source: &&Source| rules.iter().any(|rule| rule.file == source.name);
    let unread: Vec<&Source> = sources.iter().filter(|source| !is_read(source)).collect();
    let may_be_unread = |name: &str| {
        let header = format!("[fetch.{name}]");
        unread.iter().any(|source| source.text.contains(&header))
    };
    let source_of = |rule: &RuleFile| sources.iter().find(|source| source.name == rule.file);
    let mut problems = Vec::new();
    for (rule, source) in rules
        .iter()
        .filter_map(|rule| Some((rule, source_of(rule)?)))
    {
        for name in spoken_of(rule) {
            if defined.contains(name.as_str()) || may_be_unread(&name) {
                continue;
            }
            let help = match nearest(&name, defined.iter().copied()) {
                Some(near) => format!("did you mean `fetch.{near}`?"),
                None => format!("add `[fetch.{name}]` with a `url` to the rule"),
            };
            let spelled = format!("fetch.{name}");
            let place = source.text.find(&spelled).map(|at| at..at + spelled.len());
            let place = place.unwrap_or(rule.place.clone());
            let problem = source.error(place, format!("no rule has `[fetch.{name}]`"));
            problems.push(problem.with_help(help));
        }
    }
    problems
}

pub(super) fn spoken_of(rule: &RuleFile) -> BTreeSet<String> {
    let mut names = rule.rule.fetches();
    names.extend(rule.when.iter().flat_map(|when| when.fetches()));
    names
}

impl Ruleset {
    /// Whether any rule fetches anything.
    pub fn has_fetches(&self) -> bool {
        self.rules.iter().any(|rule| !rule.fetches.is_empty())
    }

    /// What this turn needs: the fetches of every rule that acts in this call and whose condition,
    /// as far as it does not speak of `fetch`, holds. Each once, in the order of the rules.
    pub fn wanted_fetches(&self, facts: &Facts, call: Option<&str>) -> Vec<Arc<Fetch>> {
        self.wanted(facts, call, &|rule, name| {
            rule.acts() || self.is_borrowed(name)
        })
    }

    /// As [`Ruleset::wanted_fetches`], for what only shadow rules need.
    pub fn wanted_by_shadows(&self, facts: &Facts, call: Option<&str>) -> Vec<Arc<Fetch>> {
        let acting = self.wanted_fetches(facts, call);
        let mut wanted = self.wanted(facts, call, &|rule, _| rule.is_tried());
        wanted.retain(|fetch| !acting.iter().any(|other| other.name() == fetch.name()));
        wanted
    }

    fn wanted(
        &self,
        facts: &Facts,
        call: Option<&str>,
        counts: &dyn Fn(&RuleFile, &str) -> bool,
    ) -> Vec<Arc<Fetch>> {
        let mut wanted: Vec<Arc<Fetch>> = Vec::new();
        for rule in self.rules.iter().filter(|rule| !rule.fetches.is_empty()) {
            let may_run = not_in_share(rule, call).is_none()
                && rule.when.as_ref().is_none_or(|when| when.may_hold(facts));
            if !may_run {
                continue;
            }
            for defined in &rule.fetches {
                let name = defined.fetch.name();
                let is_known = wanted.iter().any(|known| known.name() == name);
                if !is_known && counts(rule, name) {
                    wanted.push(defined.fetch.clone());
                }
            }
        }
        wanted
    }

    /// Whether a rule that acts speaks of a fetch that only another's file defines.
    fn is_borrowed(&self, name: &str) -> bool {
        let has = |rule: &RuleFile| rule.fetches.iter().any(|own| own.fetch.name() == name);
        let mut others = self.rules.iter().filter(|rule| rule.acts() && !has(rule));
        others.any(|rule| rule.speaks_of(&format!("fetch.{name}")))
    }

    /// The names that are facts of every turn, null where nothing was fetched.
    pub fn fetch_names(&self) -> BTreeSet<String> {
        // In a test of one rule the others' are missing, so that it counts what it speaks of.
        let names = self.rules.iter().flat_map(RuleFile::fetch_names);
        names.collect()
    }

    /// The JSON text of the root `fetch`: what was answered, by name, as JSON texts; null for every
    /// other name.
    pub fn fetch_facts<'v>(
        &self,
        answered: impl IntoIterator<Item = (&'v str, &'v str)>,
    ) -> String {
        let answered: Vec<(&str, &str)> = answered.into_iter().collect();
        let entries: Vec<String> = self
            .fetch_names()
            .iter()
            .map(|name| {
                let found = answered.iter().find(|(known, _)| known == name);
                let value = found.map_or("null", |(_, value)| *value);
                format!("{}:{value}", serde_json::Value::from(name.as_str()))
            })
            .collect();
        format!("{{{}}}", entries.join(","))
    }

    /// Every fetch whose host is none of these, at its place.
    pub fn check_hosts(&self, hosts: &[Host]) -> Vec<Problem> {
        let defined = self.rules.iter().flat_map(|rule| &rule.fetches);
        defined
            .filter(|defined| !defined.fetch.origin().is_among(hosts))
            .map(|defined| defined.not_listed.clone())
            .collect()
    }
}

#[cfg(test)]
mod tests;
