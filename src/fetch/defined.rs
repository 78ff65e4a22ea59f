//! The fetches that rule files define and speak of: one namespace for all rules.
//!
//! It asks nobody.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::section::Fetch;
use crate::files::problem::nearest;
use crate::files::{Document, Problem, Source};
use crate::lang::facts::FETCH;
use crate::net::host::Host;

/// `[fetch.NAME]` of one rule file.
#[derive(Debug, Clone)]
pub struct DefinedFetch {
    /// What it says. Rules that say the same share it.
    pub fetch: Arc<Fetch>,
    /// Where its name stands.
    pub place: Range<usize>,
    /// What is wrong where its host may not be asked, at the place of its url.
    not_listed: Problem,
}

/// What one rule has to do with fetches.
#[derive(Debug, Clone, Default)]
pub struct RuleFetches {
    /// Those that its file defines.
    pub defined: Vec<DefinedFetch>,
    /// The names of those that it speaks of, whoever defines them.
    pub spoken_of: BTreeSet<String>,
}

/// A rule file that could be read.
pub struct FetchingFile<'r> {
    /// The file.
    pub source: &'r Source,
    /// Where the rule stands in it.
    pub place: Range<usize>,
    /// What it fetches.
    pub fetches: &'r RuleFetches,
}

impl DefinedFetch {
    /// Reads the table `fetch` of a rule file.
    pub fn read_all(
        document: &mut Document<'_>,
        env: &dyn Fn(&str) -> Option<String>,
        problems: &mut Vec<Problem>,
    ) -> Vec<DefinedFetch> {
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
            defined.push(DefinedFetch {
                fetch: Arc::new(fetch),
                not_listed: source.error(url, message).with_help(help),
                place,
            });
        }
        defined
    }

    /// Its name, as in `fetch.NAME`.
    pub fn name(&self) -> &str {
        self.fetch.name()
    }
}

impl RuleFetches {
    /// Whether its file defines this one.
    pub fn defines(&self, name: &str) -> bool {
        self.defined.iter().any(|own| own.name() == name)
    }

    /// The names of those that it defines or speaks of.
    pub fn names(&self) -> BTreeSet<String> {
        let own = self.defined.iter().map(|own| own.name().to_owned());
        own.chain(self.spoken_of.iter().cloned()).collect()
    }

    /// One name has one meaning in all rules, and rules that say the same share one fetch. `rule` is
    /// this rule's name; the others are those before it, each with its name.
    pub fn share(
        &mut self,
        rule: &str,
        others: &[(&str, &RuleFetches)],
        source: &Source,
    ) -> Vec<Problem> {
        let mut problems = Vec::new();
        for defined in &mut self.defined {
            let name = defined.fetch.name();
            let same_name = others.iter().find_map(|(rule, other)| {
                let mut all = other.defined.iter();
                Some((rule, all.find(|other| other.name() == name)?))
            });
            let Some((other, first)) = same_name else {
                continue;
            };
            if first.fetch.is_same_as(&defined.fetch) {
                defined.fetch = first.fetch.clone();
                continue;
            }
            let message = format!("`fetch.{name}` of `{rule}` is not the one of `{other}`");
            let help = "give it another name, or write the same in both";
            problems.push(source.error(defined.place.clone(), message).with_help(help));
        }
        problems
    }
}

/// Fetches that a rule speaks of and no rule defines. A file that can't be read may define one.
pub fn undefined(files: &[FetchingFile<'_>], unread: &[&Source]) -> Vec<Problem> {
    let all = files.iter().flat_map(|file| &file.fetches.defined);
    let defined: BTreeSet<&str> = all.map(DefinedFetch::name).collect();
    let may_be_unread = |name: &str| {
        let header = format!("[fetch.{name}]");
        unread.iter().any(|source| source.text.contains(&header))
    };
    let mut problems = Vec::new();
    for file in files {
        for name in &file.fetches.spoken_of {
            if defined.contains(name.as_str()) || may_be_unread(name) {
                continue;
            }
            let help = match nearest(name, defined.iter().copied()) {
                Some(near) => format!("did you mean `fetch.{near}`?"),
                None => format!("add `[fetch.{name}]` with a `url` to the rule"),
            };
            let spelled = format!("fetch.{name}");
            let text = &file.source.text;
            let place = text.find(&spelled).map(|at| at..at + spelled.len());
            let place = place.unwrap_or(file.place.clone());
            let problem = file
                .source
                .error(place, format!("no rule has `[fetch.{name}]`"));
            problems.push(problem.with_help(help));
        }
    }
    problems
}

/// What is wrong with every fetch whose host is none of these, at its place.
pub fn not_listed<'d>(
    defined: impl Iterator<Item = &'d DefinedFetch>,
    hosts: &[Host],
) -> Vec<Problem> {
    defined
        .filter(|defined| !defined.fetch.origin().is_among(hosts))
        .map(|defined| defined.not_listed.clone())
        .collect()
}
