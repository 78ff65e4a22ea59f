//! What is counted of the steps of a ruleset; labels are the names of its files.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

use metrics::Counter;

use crate::ruleset::{ARMS, RuleFile, Ruleset, Step, StepOutcome};
use crate::telemetry::metrics::{RULE_ARMS, RULE_STEPS, SHADOW_STEPS, counter};

/// The counters of a ruleset's steps.
#[derive(Debug)]
pub(in crate::server) struct RuleMeters(HashMap<String, RuleMeter>);

#[derive(Debug)]
struct RuleMeter {
    steps: [Counter; 5],
    /// None: it acts in every call.
    arms: Option<[Counter; 2]>,
    was_undecided: AtomicBool,
}

impl RuleMeters {
    /// The counters of these rules. `folders`: whose they are, where they are not the usual ones;
    /// rules of different routes may share a name.
    pub(in crate::server) fn new(ruleset: &Ruleset, folders: Option<&str>) -> RuleMeters {
        let counters = |file: &RuleFile| {
            let metric = match file.is_shadow {
                true => &SHADOW_STEPS,
                false => &RULE_STEPS,
            };
            let labels = |kind, value| {
                let own = [("rule", file.name.as_str()), (kind, value)];
                let of = folders.map(|folders| ("folders", folders));
                own.into_iter().chain(of).collect::<Vec<_>>()
            };
            let outcomes = ["skipped", "unchanged", "changed", "answered", "failed"];
            let arms = |_| ARMS.map(|arm| counter(&RULE_ARMS, &labels("arm", arm)));
            RuleMeter {
                steps: outcomes.map(|outcome| counter(metric, &labels("outcome", outcome))),
                arms: file.percent.map(arms),
                was_undecided: AtomicBool::new(false),
            }
        };
        let files = ruleset.rules().iter();
        RuleMeters(
            files
                .map(|file| (file.name.clone(), counters(file)))
                .collect(),
        )
    }

    /// Counts what the rules did.
    pub(in crate::server) fn count(&self, steps: &[Step]) {
        for step in steps {
            let Some(meter) = self.0.get(&step.rule) else {
                continue;
            };
            let [skipped, unchanged, changed, answered, failed] = &meter.steps;
            let counter = match step.outcome {
                StepOutcome::Skipped => skipped,
                StepOutcome::Unchanged => unchanged,
                StepOutcome::Changed => changed,
                StepOutcome::Answered => answered,
                StepOutcome::Failed => failed,
            };
            counter.increment(1);
        }
    }

    /// Counts in which arm of each rule with `percent` a turn's call is.
    pub(in crate::server) fn count_arms(&self, arms: &[(&str, &str)]) {
        for (rule, arm) in arms {
            let counters = self.0.get(*rule).and_then(|meter| meter.arms.as_ref());
            let known = counters.into_iter().flatten().zip(ARMS);
            let counter = known.into_iter().find(|(_, known)| known == arm);
            if let Some((counter, _)) = counter {
                counter.increment(1);
            }
        }
    }

    /// Whether this is the first time that a rule's condition can't be decided.
    pub(in crate::server) fn is_first_undecided(&self, rule: &str) -> bool {
        let meter = self.0.get(rule);
        meter.is_some_and(|meter| !meter.was_undecided.swap(true, Ordering::Relaxed))
    }
}
