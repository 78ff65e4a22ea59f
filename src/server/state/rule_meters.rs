//! What is counted of the steps of a ruleset; labels are the names of its files.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use metrics::{Counter, Histogram};

use crate::ruleset::{ARMS, RuleFile, Ruleset, Step, StepOutcome};
use crate::telemetry::metrics::{
    PREFIX_BREAKS, RULE_ARMS, RULE_DURATION, RULE_OUTCOME, SHADOW_OUTCOME, counter, histogram,
};

/// The counters of a ruleset's steps.
#[derive(Debug)]
pub(in crate::server) struct RuleMeters {
    rules: HashMap<String, RuleMeter>,
    /// The models that its rules name.
    models: Vec<String>,
}

#[derive(Debug)]
struct RuleMeter {
    steps: [Counter; 4],
    /// None: it is in the shadow, where nobody waits for it.
    duration: Option<Histogram>,
    breaks: Option<Counter>,
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
                true => &SHADOW_OUTCOME,
                false => &RULE_OUTCOME,
            };
            let labels = |own: Option<(&'static str, &'static str)>| {
                let rule = std::iter::once(("rule", file.name.as_str()));
                let of = folders.map(|folders| ("folders", folders));
                rule.chain(own).chain(of).collect::<Vec<_>>()
            };
            let outcomes = ["skipped", "unchanged", "changed", "failed"];
            let arms = |_| ARMS.map(|arm| counter(&RULE_ARMS, &labels(Some(("arm", arm)))));
            RuleMeter {
                steps: outcomes.map(|outcome| counter(metric, &labels(Some(("outcome", outcome))))),
                duration: (!file.is_shadow).then(|| histogram(&RULE_DURATION, &labels(None))),
                breaks: (!file.is_shadow).then(|| counter(&PREFIX_BREAKS, &labels(None))),
                arms: file.percent.map(arms),
                was_undecided: AtomicBool::new(false),
            }
        };
        let files = ruleset.rules().iter();
        RuleMeters {
            models: files.clone().flat_map(models_named_by).collect(),
            rules: files
                .map(|file| (file.name.clone(), counters(file)))
                .collect(),
        }
    }

    /// Counts what the rules did.
    pub(in crate::server) fn count(&self, steps: &[Step]) {
        for step in steps {
            let Some(meter) = self.rules.get(&step.rule) else {
                continue;
            };
            let [skipped, unchanged, changed, failed] = &meter.steps;
            let counter = match step.outcome {
                StepOutcome::Skipped => skipped,
                StepOutcome::Unchanged => unchanged,
                StepOutcome::Changed | StepOutcome::Answered => changed,
                StepOutcome::Failed => failed,
            };
            counter.increment(1);
            if let Some(duration) = meter.duration.as_ref().filter(|_| step.has_been_run()) {
                duration.record(Duration::from_micros(step.micros).as_secs_f64());
            }
        }
    }

    /// Counts that a rule changed the beginning of a call's requests.
    pub(in crate::server) fn count_break(&self, rule: &str) {
        let meter = self.rules.get(rule);
        if let Some(breaks) = meter.and_then(|meter| meter.breaks.as_ref()) {
            breaks.increment(1);
        }
    }

    /// The name of a model, where a rule names it.
    pub(in crate::server) fn model(&self, model: &str) -> Option<&str> {
        let mut models = self.models.iter().map(String::as_str);
        models.find(|named| *named == model)
    }

    /// Counts in which arm of each rule with `percent` a turn's call is.
    pub(in crate::server) fn count_arms(&self, arms: &[(&str, &str)]) {
        for (rule, arm) in arms {
            let counters = self.rules.get(*rule).and_then(|meter| meter.arms.as_ref());
            let known = counters.into_iter().flatten().zip(ARMS);
            let counter = known.into_iter().find(|(_, known)| known == arm);
            if let Some((counter, _)) = counter {
                counter.increment(1);
            }
        }
    }

    /// Whether this is the first time that a rule's condition can't be decided.
    pub(in crate::server) fn is_first_undecided(&self, rule: &str) -> bool {
        let meter = self.rules.get(rule);
        meter.is_some_and(|meter| !meter.was_undecided.swap(true, Ordering::Relaxed))
    }
}

/// The models that a rule has asked, as far as its file tells: what a template prints may be anything.
fn models_named_by(file: &RuleFile) -> impl Iterator<Item = String> + use<> {
    let sends = file.rule.about().sends.into_iter();
    let models = sends.filter(|it| it.field == "model" && it.text.is_constant());
    models.map(|it| it.text.source().to_owned())
}
