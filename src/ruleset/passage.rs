//! A turn's passage through its rules: out to the model, and its reply's way back. It is the only
//! one: the server, rules on trial, `explain`, `[[test]]`s, recordings and replays pass turns here
//! and differ only in what they hand in.
//!
//! ```text
//! TurnInput ── begin ──▶ Passage ── out ──▶ Passage ── back ──▶ request, Reply
//!            literals are           the rules in               the filters of those
//!            escaped                file-name order            that ran, in reverse
//! ```
//!
//! Pure and synchronous: it names no clock (when the time of the rules is over, and how long each
//! took, is asked of functions that are handed in), and does no I/O. A turn of which a rule failed
//! that must not fail never leaves it: there is a [`Refused`] then, and nothing to send.

use std::sync::Arc;
use std::time::Duration;

use super::step::{Step, StepOutcome, run_rule};
use super::{Reply, Ruleset};
use crate::chat::ChatRequest;
use crate::lang::facts::Facts;
use crate::rule::{Clock, Note, Turn, Vault};

/// What a turn brings.
#[derive(Debug, Clone)]
pub struct TurnInput {
    /// The request.
    pub request: ChatRequest,
    /// What is known.
    pub facts: Facts,
    /// What is to be said of what is old or missing in the facts.
    pub notes: Vec<Note>,
    /// The call's id, for rules that act in a share of calls.
    pub call: Option<String>,
    /// The most bytes that rules may inject.
    pub most_injected: usize,
    /// Says when the time of the rules is over.
    pub clock: Clock,
    /// How what only looks like a placeholder stands in the request.
    pub literals: Literals,
}

/// How literal placeholders, which a caller spoke or a tool echoed, stand in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Literals {
    /// As they came.
    AsTheyCame,
    /// Escaped before, as in a recording.
    Escaped {
        /// Whether there were any.
        any: bool,
    },
}

impl TurnInput {
    /// A turn of which this is known, and nothing else: no call, and no limits.
    pub fn new(request: ChatRequest, facts: Facts) -> TurnInput {
        TurnInput {
            request,
            facts,
            notes: Vec::new(),
            call: None,
            most_injected: usize::MAX,
            clock: Clock::default(),
            literals: Literals::AsTheyCame,
        }
    }
}

/// A turn on its way through the rules, and behind them. A clone goes its own way.
#[derive(Debug, Clone)]
pub struct Passage {
    /// The request as the rules up to here left it.
    pub request: ChatRequest,
    /// What is known of the turn, and its vault.
    pub turn: Turn,
    /// The call's id.
    pub call: Option<String>,
    /// What the rules did: one step a rule that acts, in order.
    pub steps: Vec<Step>,
    /// The rules that ran and touch the reply as well, by their places, in order.
    pub active: Vec<usize>,
    ruleset: Arc<Ruleset>,
    /// The rule that answers in the model's place, by its place.
    answered_by: Option<usize>,
    /// The rule for which the model's reply may be given again, by its place.
    repeated_by: Option<usize>,
    /// The rule in the shadow that runs as if it acted.
    tried: Option<usize>,
}

/// A rule failed that must not fail: nothing may go upstream.
#[derive(Debug, thiserror::Error)]
#[error("the rule `{rule}` failed: {why}")]
pub struct Refused {
    /// The rule's name.
    pub rule: String,
    /// Why it failed.
    pub why: String,
    /// What the rules did up to there.
    pub steps: Vec<Step>,
}

impl Passage {
    /// A turn before its first rule.
    pub fn begin(ruleset: &Arc<Ruleset>, input: TurnInput) -> Passage {
        let mut request = input.request;
        let came = ruleset.looks_back().then(|| request.messages().into());
        let escapes = ruleset.escapes.as_ref();
        let has_escapes = match input.literals {
            Literals::AsTheyCame => escapes.is_some_and(|escapes| escapes.escape(&mut request)),
            Literals::Escaped { any } => any,
        };
        let turn = Turn {
            notes: input.notes,
            injected_left: Some(input.most_injected),
            clock: input.clock,
            has_escapes,
            wants_json: request.wants_json(),
            came,
            ..Turn::new(input.facts)
        };
        Passage {
            request,
            turn,
            call: input.call,
            steps: Vec::new(),
            active: Vec::new(),
            ruleset: ruleset.clone(),
            answered_by: None,
            repeated_by: None,
            tried: None,
        }
    }

    /// The same with the rule in the shadow at a place, as if it acted.
    pub fn trying(mut self, rule: usize) -> Passage {
        self.tried = Some(rule);
        self
    }

    /// Runs all rules that act. `elapsed` gives the time since any fixed moment.
    pub fn out(mut self, elapsed: &mut dyn FnMut() -> Duration) -> Result<Passage, Refused> {
        let count = self.ruleset.rules().len();
        for at in 0..count {
            if self.runs(at) {
                self.run(at, elapsed)?;
            }
        }
        Ok(self)
    }

    fn runs(&self, rule: usize) -> bool {
        let file = self.ruleset.rules().get(rule);
        file.is_some_and(|file| !file.is_shadow) || self.tried == Some(rule)
    }

    /// Runs the rule at a place, whether it acts or not: who wants to see what each does runs one
    /// after the other.
    pub fn run(
        &mut self,
        rule: usize,
        elapsed: &mut dyn FnMut() -> Duration,
    ) -> Result<(), Refused> {
        let Some(file) = self.ruleset.rules().get(rule) else {
            return Ok(());
        };
        if let Some(answering) = self.answered_by() {
            let why = format!("answered by `{answering}`");
            self.steps.push(Step::skipped(file, why));
            return Ok(());
        }
        let (request, turn) = (&mut self.request, &mut self.turn);
        let step = run_rule(file, request, turn, self.call.as_deref(), elapsed);
        if step.has_run() {
            self.active.push(rule);
        }
        if step.outcome == StepOutcome::Answered {
            self.answered_by = Some(rule);
        }
        if turn.repeat.is_some() {
            self.repeated_by.get_or_insert(rule);
        }
        let has_failed = step.outcome == StepOutcome::Failed && file.fails_closed;
        let refusal = has_failed.then(|| step.why.clone().unwrap_or_default());
        self.steps.push(step);
        match refusal {
            None => Ok(()),
            Some(why) => Err(Refused {
                rule: file.name.clone(),
                why,
                steps: std::mem::take(&mut self.steps),
            }),
        }
    }

    /// The request that goes upstream, and the way back of what is said to it.
    pub fn back(self) -> (ChatRequest, Reply) {
        let turn = Turn {
            wants_json: self.request.wants_json(),
            ..self.turn
        };
        let reply = Reply::new(self.ruleset, self.active, turn);
        (self.request, reply)
    }

    /// The way back through some of the rules that ran, with another vault: for people, who see no
    /// value.
    pub fn back_for_people(&self, active: &[usize], vault: Arc<Vault>) -> Reply {
        let turn = Turn {
            vault,
            // A rule by itself leaves what the others look after, as it does beside them.
            labels: self.ruleset.labels_of(&self.active),
            wants_json: self.request.wants_json(),
            ..self.turn.clone()
        };
        Reply::new(self.ruleset.clone(), active.to_vec(), turn)
    }

    /// The rule that answers in the model's place; none: the model is asked.
    pub fn answered_by(&self) -> Option<&str> {
        let rule = self.ruleset.rules().get(self.answered_by?)?;
        Some(&rule.name)
    }

    /// Notes that the model's reply is given again, and no model is asked; gives the rule's name.
    pub fn note_repeated(&mut self) -> Option<&str> {
        let rule = self.ruleset.rules().get(self.repeated_by?)?;
        let mut steps = self.steps.iter_mut();
        if let Some(step) = steps.find(|step| step.rule == rule.name) {
            step.outcome = StepOutcome::Answered;
            step.why = Some("the model's reply to the same request is given again".to_owned());
        }
        Some(&rule.name)
    }

    /// The rules.
    pub fn ruleset(&self) -> &Arc<Ruleset> {
        &self.ruleset
    }
}

#[cfg(test)]
mod tests;
