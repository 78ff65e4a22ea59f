//! What the rules of a ruleset fetch, and which of it a turn needs.
//!
//! It asks nobody. What was answered is handed in as facts.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::arms::not_in_share;
use super::{RuleFile, Ruleset};
use crate::fetch::defined::{DefinedFetch, FetchingFile, undefined};
use crate::fetch::needed::{FetchingRule, fetch_facts, needed, needed_by_shadows};
use crate::fetch::section::Fetch;
use crate::files::{Problem, Source};
use crate::lang::facts::Facts;

impl Ruleset {
    /// Whether any rule fetches anything.
    pub fn has_fetches(&self) -> bool {
        self.fetches().next().is_some()
    }

    /// All that the rules' files define.
    pub fn fetches(&self) -> impl Iterator<Item = &DefinedFetch> {
        self.rules.iter().flat_map(|rule| &rule.fetches.defined)
    }

    /// What this turn needs: the fetches of every rule that acts in this call and whose condition,
    /// as far as it does not speak of `fetch`, holds, or which may have held earlier. Each once, in the
    /// order of the rules.
    pub fn wanted_fetches(&self, facts: &Facts, call: Option<&str>) -> Vec<Arc<Fetch>> {
        needed(&self.fetching(facts, call))
    }

    /// As [`Ruleset::wanted_fetches`], for what only shadow rules need.
    pub fn wanted_by_shadows(&self, facts: &Facts, call: Option<&str>) -> Vec<Arc<Fetch>> {
        needed_by_shadows(&self.fetching(facts, call))
    }

    fn fetching(&self, facts: &Facts, call: Option<&str>) -> Vec<FetchingRule<'_>> {
        let may_run = |rule: &RuleFile| {
            !rule.fetches.defined.is_empty()
                && not_in_share(rule, call).is_none()
                && (rule.does.looks_back
                    || rule.when.as_ref().is_none_or(|when| when.may_hold(facts)))
        };
        let rules = self.rules.iter().map(|rule| FetchingRule {
            fetches: &rule.fetches,
            acts: rule.acts(),
            is_tried: rule.is_tried(),
            may_run: may_run(rule),
        });
        rules.collect()
    }

    /// The names that are facts of every turn, null where nothing was fetched.
    pub fn fetch_names(&self) -> BTreeSet<String> {
        // In a test of one rule the others' are missing, so that it counts what it speaks of.
        self.rules
            .iter()
            .flat_map(|rule| rule.fetches.names())
            .collect()
    }

    /// The JSON text of the root `fetch`: what was answered, by name, as JSON texts; null for every
    /// other name.
    pub fn fetch_facts<'v>(
        &self,
        answered: impl IntoIterator<Item = (&'v str, &'v str)>,
    ) -> String {
        fetch_facts(&self.fetch_names(), answered)
    }

    /// Fetches that a rule speaks of and no rule defines.
    pub(super) fn undefined_fetches(&self, sources: &[Source]) -> Vec<Problem> {
        let rule_of = |source: &Source| self.rules.iter().find(|rule| rule.file == source.name);
        let (mut files, mut unread) = (Vec::new(), Vec::new());
        for source in sources {
            match rule_of(source) {
                Some(rule) => files.push(FetchingFile {
                    source,
                    place: rule.place.clone(),
                    fetches: &rule.fetches,
                }),
                None => unread.push(source),
            }
        }
        undefined(&files, &unread)
    }
}

#[cfg(test)]
mod tests;
