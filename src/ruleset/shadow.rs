//! Shadow rules: what a turn would have been if they acted, found out after it.
//!
//! Rules are functions of the request and the facts, so a turn can be passed again: once as it
//! was, and once for each shadow rule. Nothing of that goes anywhere, and what is told of it holds
//! no value: how many messages would be others, and whether the caller would hear something else.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::arms::not_in_share;
use super::{Ending, Passage, Ruleset, Step, StepOutcome, TurnInput};
use crate::chat::chunk::ChunkHead;
use crate::chat::reader::Event;
use crate::chat::request::Takes;
use crate::rule::Clock;

/// A turn as it came, to be passed again.
#[derive(Debug)]
pub struct Trial {
    /// What it brought, with what only shadow rules ask for. Each pass has a clock of its own.
    pub input: TurnInput,
    /// What the model said.
    pub said: Said,
}

/// What a model said.
#[derive(Debug, Default)]
pub enum Said {
    /// Nothing that is known.
    #[default]
    Nothing,
    /// A stream, as far as it came.
    Events(Vec<Event>),
    /// A whole completion.
    Whole(String),
}

/// One way to pass a turn.
struct TriedTurn {
    request: Value,
    reply: Vec<u8>,
    /// Whether a rule answers, so that no model is asked.
    is_answered: bool,
    steps: Vec<Step>,
}

impl Ruleset {
    /// Whether any rule is only tried.
    pub fn has_shadows(&self) -> bool {
        self.rules.iter().any(|file| file.is_tried())
    }

    /// A step for each shadow rule where there is no time to try them.
    pub fn not_tried(&self, why: &str) -> Vec<Step> {
        let shadows = self.rules.iter().filter(|file| file.is_tried());
        let step = |file: &super::RuleFile| Step {
            rule: file.name.clone(),
            kind: file.kind.name,
            outcome: StepOutcome::Skipped,
            why: Some(why.to_owned()),
            micros: 0,
        };
        shadows.map(step).collect()
    }
}

/// What each shadow rule would have done, one step a rule.
///
/// `begin` gives the clock of a pass that begins now; `elapsed` the time since any fixed moment.
pub fn try_shadows(
    ruleset: &Arc<Ruleset>,
    trial: &Trial,
    begin: &dyn Fn() -> Clock,
    elapsed: &mut dyn FnMut() -> Duration,
) -> Vec<Step> {
    let Some(without) = pass(ruleset, trial, None, begin(), elapsed) else {
        return ruleset.not_tried("the turn failed without it");
    };
    let shadows = ruleset.rules.iter().enumerate();
    let shadows = shadows.filter(|(_, file)| file.is_tried());
    let steps = shadows.map(|(at, file)| {
        let own = |outcome, why: &str| Step {
            rule: file.name.clone(),
            kind: file.kind.name,
            outcome,
            why: Some(why.to_owned()),
            micros: 0,
        };
        if let Some(why) = not_in_share(file, trial.input.call.as_deref()) {
            return own(StepOutcome::Skipped, why);
        }
        let Some(with) = pass(ruleset, trial, Some(at), begin(), elapsed) else {
            return own(StepOutcome::Failed, "with it the turn would fail");
        };
        let step = with.steps.iter().find(|step| step.rule == file.name);
        let mut step = step
            .cloned()
            .unwrap_or_else(|| own(StepOutcome::Failed, "it did not run"));
        if step.has_run() {
            let difference = difference(&without, &with);
            step.outcome = match difference {
                Some(_) => StepOutcome::Changed,
                None => StepOutcome::Unchanged,
            };
            let why = difference.into_iter().chain(step.why).collect::<Vec<_>>();
            step.why = (!why.is_empty()).then(|| why.join("; "));
        }
        step
    });
    steps.collect()
}

/// Passes the turn through the rules that act and one that is tried; none: it would fail.
fn pass(
    ruleset: &Arc<Ruleset>,
    trial: &Trial,
    tried: Option<usize>,
    clock: Clock,
    elapsed: &mut dyn FnMut() -> Duration,
) -> Option<TriedTurn> {
    let input = TurnInput {
        clock,
        ..trial.input.clone()
    };
    let mut passage = Passage::begin(ruleset, input);
    if let Some(rule) = tried {
        passage = passage.trying(rule);
    }
    let mut passage = passage.out(elapsed).ok()?;
    let steps = std::mem::take(&mut passage.steps);
    if let Some(own) = passage.own_reply() {
        return Some(TriedTurn {
            request: Value::Null,
            reply: own.completion(&ChunkHead::default()),
            is_answered: true,
            steps,
        });
    }
    let (request, mut reply) = passage.back();
    let everything = Takes {
        all_fields: true,
        ..Takes::default()
    };
    let sent = serde_json::from_slice(&request.write(&everything)).unwrap_or_default();
    let mut heard = Vec::new();
    match &trial.said {
        Said::Nothing => {}
        Said::Whole(text) => heard = reply.whole(text).unwrap_or_default(),
        Said::Events(events) => {
            for event in events {
                reply.event(event, &mut heard);
            }
            reply.end(Ending::Whole, &mut heard);
        }
    }
    Some(TriedTurn {
        request: sent,
        reply: heard,
        is_answered: false,
        steps,
    })
}

/// How two ways to pass a turn differ, without a word of either.
fn difference(without: &TriedTurn, with: &TriedTurn) -> Option<String> {
    if with.is_answered && !without.is_answered {
        return Some("it would answer, and no model would be asked".to_owned());
    }
    let messages = |passed: &TriedTurn| {
        let messages = passed.request.get("messages").and_then(Value::as_array);
        messages.cloned().unwrap_or_default()
    };
    let (before, after) = (messages(without), messages(with));
    let same_at_start = before
        .iter()
        .zip(&after)
        .take_while(|(a, b)| a == b)
        .count();
    let (before, after) = (&before[same_at_start..], &after[same_at_start..]);
    let pairs = before.iter().rev().zip(after.iter().rev());
    let same_at_end = pairs.take_while(|(a, b)| a == b).count();
    let (before, after) = (before.len() - same_at_end, after.len() - same_at_end);
    let mut parts = Vec::new();
    for (count, what) in [
        (before.min(after), "change"),
        (after.saturating_sub(before), "add"),
        (before.saturating_sub(after), "remove"),
    ] {
        match count {
            0 => {}
            1 => parts.push(format!("{what} 1 message")),
            _ => parts.push(format!("{what} {count} messages")),
        }
    }
    if parts.is_empty() && without.request != with.request {
        parts.push("change the request's fields".to_owned());
    }
    if without.reply != with.reply {
        parts.push("change the reply".to_owned());
    }
    (!parts.is_empty()).then(|| format!("it would {}", parts.join(", ")))
}

#[cfg(test)]
mod tests;
