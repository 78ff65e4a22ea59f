//! The rules as a turn takes them: one version for both directions.
//!
//! With `reload = "call"` a call keeps the version with which it began, as long as it speaks now
//! and then.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use tracing::{debug, warn};

use super::rule_meters::RuleMeters;
use super::rule_time::LastTook;
use crate::ruleset::{Ruleset, Step, StepOutcome};

/// So many calls keep their rules; of more, those that were silent longest go on with new ones.
const MOST_CALLS: u64 = 20_000;
/// So long may a call be silent.
const IDLE: Duration = Duration::from_secs(2 * 3600);

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
    /// The rules of a ruleset.
    pub(in crate::server) fn new(ruleset: impl Into<Arc<Ruleset>>) -> CountedRuleset {
        let ruleset = ruleset.into();
        CountedRuleset {
            meters: RuleMeters::new(&ruleset),
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
    /// The rules of a call: those it has, else from now on these.
    pub(in crate::server) fn of(
        &self,
        call: &str,
        rules: &Arc<CountedRuleset>,
    ) -> Arc<CountedRuleset> {
        // A lookup by reference first: nearly every turn finds its call.
        self.0
            .get(call)
            .unwrap_or_else(|| self.0.get_with(call.to_owned(), || rules.clone()))
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
            Arc::new(CountedRuleset::new(Ruleset::default())),
            Arc::new(CountedRuleset::new(Ruleset::default())),
        );
        assert!(Arc::ptr_eq(&begun.of("a", &old), &old));
        assert!(Arc::ptr_eq(&begun.of("a", &new), &old));
        assert!(Arc::ptr_eq(&begun.of("b", &new), &new));
    }
}
