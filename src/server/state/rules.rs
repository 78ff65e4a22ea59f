//! The rules as a turn takes them: one version for both directions.
//!
//! With `reload = "call"` a call keeps the version with which it began, as long as it speaks now
//! and then.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use tracing::{debug, warn};

use super::rule_meters::RuleMeters;
use super::rule_time::LastTook;
use crate::config::{Config, RuleFolders};
use crate::ruleset::{Ruleset, Step, StepOutcome};

/// So many calls keep their rules; of more, those that were silent longest go on with new ones.
const MOST_CALLS: u64 = 20_000;
/// So long may a call be silent.
const IDLE: Duration = Duration::from_secs(2 * 3600);

/// The rules of all routes, by the folders that they come from.
#[derive(Debug, Default)]
pub struct Rulesets(BTreeMap<RuleFolders, Arc<Ruleset>>);

impl Rulesets {
    /// The same rules for all routes of a config.
    pub fn same_for_all(config: &Config, ruleset: impl Into<Arc<Ruleset>>) -> Rulesets {
        let ruleset = ruleset.into();
        let all = config.rulesets().into_keys();
        Rulesets(all.map(|folders| (folders, ruleset.clone())).collect())
    }

    /// Those of one or more folders, with the folders.
    pub fn all(&self) -> impl Iterator<Item = (&RuleFolders, &Arc<Ruleset>)> {
        self.0.iter()
    }
}

impl FromIterator<(RuleFolders, Ruleset)> for Rulesets {
    fn from_iter<T: IntoIterator<Item = (RuleFolders, Ruleset)>>(all: T) -> Rulesets {
        let all = all.into_iter();
        Rulesets(
            all.map(|(folders, ruleset)| (folders, ruleset.into()))
                .collect(),
        )
    }
}

/// The rules that count now, by the folders that they come from.
pub(in crate::server) type CountedRulesets = BTreeMap<RuleFolders, Arc<CountedRuleset>>;

/// One version of the rules, with what is counted of it.
#[derive(Debug)]
pub(in crate::server) struct CountedRuleset {
    /// The rules.
    pub(in crate::server) ruleset: Arc<Ruleset>,
    /// What is counted of their steps.
    pub(in crate::server) meters: RuleMeters,
    /// How long they took at their last turn.
    pub(in crate::server) last_took: LastTook,
}

/// The rules with which calls began.
#[derive(Debug)]
pub(in crate::server) struct CallRulesets(Cache<String, Arc<CountedRuleset>>);

impl CountedRuleset {
    /// The rules of a ruleset. `folders`: whose they are, where that is to be told of what is
    /// counted.
    pub(in crate::server) fn new(
        ruleset: impl Into<Arc<Ruleset>>,
        folders: Option<&RuleFolders>,
    ) -> CountedRuleset {
        let ruleset = ruleset.into();
        CountedRuleset {
            meters: RuleMeters::new(&ruleset, folders.map(RuleFolders::to_string).as_deref()),
            last_took: LastTook::default(),
            ruleset,
        }
    }

    /// Counts and logs what each rule did in a turn.
    pub(in crate::server) fn note_steps(&self, turn: &str, call: Option<&str>, steps: &[Step]) {
        self.meters.count(steps);
        for step in steps {
            let (rule, why) = (&step.rule, step.why.as_deref());
            match step.outcome {
                StepOutcome::Failed => warn!(turn, call, rule, why, "the rule failed"),
                outcome => debug!(
                    turn,
                    call,
                    rule,
                    ?outcome,
                    why,
                    micros = step.micros,
                    "the rule was passed"
                ),
            }
        }
        self.warn_of_undecided(turn, call, steps);
    }

    /// Warns of conditions that could not be decided, once a rule and version of the rules: else
    /// an absent field would be a line in each turn.
    pub(in crate::server) fn warn_of_undecided(
        &self,
        turn: &str,
        call: Option<&str>,
        steps: &[Step],
    ) {
        for step in steps.iter().filter(|step| step.is_undecided()) {
            if self.meters.is_first_undecided(&step.rule) {
                let (rule, why) = (&step.rule, step.why.as_deref());
                warn!(
                    turn,
                    call,
                    rule,
                    why,
                    "the condition of the rule can't be decided; this is said once"
                );
            }
        }
    }
}

impl CallRulesets {
    /// The rules of a call on a route: those it has, else from now on these.
    pub(in crate::server) fn of(
        &self,
        call: &str,
        route: &str,
        rules: &Arc<CountedRuleset>,
    ) -> Arc<CountedRuleset> {
        // No name of a route has a slash.
        let key = format!("{route}/{call}");
        // A lookup by reference first: nearly every turn finds its call.
        self.0
            .get(&key)
            .unwrap_or_else(|| self.0.get_with(key, || rules.clone()))
    }
}

impl Default for CallRulesets {
    fn default() -> CallRulesets {
        let calls = Cache::builder().max_capacity(MOST_CALLS).time_to_idle(IDLE);
        CallRulesets(calls.build())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_keeps_what_it_began_with() {
        let begun = CallRulesets::default();
        let (old, new) = (
            Arc::new(CountedRuleset::new(Ruleset::default(), None)),
            Arc::new(CountedRuleset::new(Ruleset::default(), None)),
        );
        assert!(Arc::ptr_eq(&begun.of("a", "r", &old), &old));
        assert!(Arc::ptr_eq(&begun.of("a", "r", &new), &old));
        assert!(Arc::ptr_eq(&begun.of("b", "r", &new), &new));
        assert!(Arc::ptr_eq(&begun.of("a", "s", &new), &new));
    }
}
