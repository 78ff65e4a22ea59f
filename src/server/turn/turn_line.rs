//! The one line that the log has of each turn, written at its end, whatever way it ends.
//!
//! It has ids, names from the config and the rule files, and times: never what people said.

use std::time::{Duration, Instant};

use tracing::info;

use crate::chat::chunk::Usage;
use crate::ruleset::{Step, StepOutcome};

/// What is gathered of a turn for its line.
#[derive(Debug)]
pub(super) struct TurnLine {
    began: Instant,
    turn: String,
    call: Option<String>,
    route: String,
    arms: Option<String>,
    changed: Option<String>,
    answered_by: Option<String>,
    failed: Option<String>,
    upstream: Option<String>,
    shaped: Option<usize>,
    first_word: Option<Duration>,
    usage: Usage,
}

impl TurnLine {
    /// Of a turn that began then.
    pub(super) fn new(began: Instant, turn: &str, call: Option<&str>, route: &str) -> TurnLine {
        TurnLine {
            began,
            turn: turn.to_owned(),
            call: call.map(str::to_owned),
            route: route.to_owned(),
            arms: None,
            changed: None,
            answered_by: None,
            failed: None,
            upstream: None,
            shaped: None,
            first_word: None,
            usage: Usage::default(),
        }
    }

    /// The turn's id.
    pub(super) fn turn(&self) -> &str {
        &self.turn
    }

    /// The call's id.
    pub(super) fn call(&self) -> Option<&str> {
        self.call.as_deref()
    }

    /// Its route.
    pub(super) fn route(&self) -> &str {
        &self.route
    }

    /// Notes in which arm of each rule with `percent` the call is.
    pub(super) fn arms(&mut self, arms: &[(&str, &str)]) {
        self.arms = joined(arms.iter().map(|(rule, arm)| format!("{rule}={arm}")));
    }

    /// Notes which rules changed the turn, answered it or failed.
    pub(super) fn steps(&mut self, steps: &[Step]) {
        let with = |outcome| {
            let steps = steps.iter().filter(move |step| step.outcome == outcome);
            joined(steps.map(|step| step.rule.clone()))
        };
        self.changed = with(StepOutcome::Changed);
        self.answered_by = with(StepOutcome::Answered);
        self.failed = with(StepOutcome::Failed);
    }

    /// Notes who answers, or was asked last.
    pub(super) fn upstream(&mut self, name: &str) {
        self.upstream = Some(name.to_owned());
    }

    /// Notes how much of the request was changed for who answers.
    pub(super) fn shaped(&mut self, changes: usize) {
        self.shaped = (changes > 0).then_some(changes);
    }

    /// Notes that the caller has heard something; only the first time counts.
    pub(super) fn heard(&mut self) {
        self.first_word.get_or_insert_with(|| self.began.elapsed());
    }

    /// Notes what the upstream says that the reply took up to here; what it says last counts.
    pub(super) fn used(&mut self, usage: Usage) {
        let before = self.usage;
        self.usage = Usage {
            prompt: usage.prompt.or(before.prompt),
            completion: usage.completion.or(before.completion),
            cached: usage.cached.or(before.cached),
        };
    }

    /// What who answered says that the reply took.
    pub(super) fn usage(&self) -> Usage {
        self.usage
    }

    /// Writes it. `outcome`: in the words of `aside_turns_total`.
    pub(super) fn write(&self, outcome: &str) {
        info!(
            turn = self.turn,
            call = self.call,
            route = self.route,
            arms = self.arms,
            changed = self.changed,
            failed = self.failed,
            answered_by = self.answered_by,
            upstream = self.upstream,
            shaped = self.shaped,
            prompt_tokens = self.usage.prompt,
            completion_tokens = self.usage.completion,
            cached_tokens = self.usage.cached,
            first_word_ms = self.first_word.map(millis),
            total_ms = millis(self.began.elapsed()),
            outcome,
            "turn"
        );
    }
}

/// Names with commas between; none: there are none.
fn joined(names: impl Iterator<Item = String>) -> Option<String> {
    let names: Vec<String> = names.collect();
    (!names.is_empty()).then(|| names.join(","))
}

/// With a tenth of a millisecond.
fn millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 10_000.0).round() / 10.0
}
