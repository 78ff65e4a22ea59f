//! A request through all rules, in order.
//!
//! Pure and synchronous: the time of a step comes from a function that the caller hands in.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{RuleFile, Ruleset};
use crate::chat::ChatRequest;
use crate::lang::condition::Verdict;
use crate::rule::{Change, Note, RuleError, Turn};

/// What one rule did in one turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The rule's name.
    pub rule: String,
    /// Its kind.
    pub kind: &'static str,
    /// What came of it.
    pub outcome: Outcome,
    /// Why, where it was skipped or failed; else what people may want to know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// How long it took, in microseconds.
    pub micros: u64,
}

/// How the reason of a step begins whose rule has a condition that can't be decided.
const UNDECIDED: &str = "its condition can't be decided";

impl Step {
    /// Whether the rule's condition could not be decided.
    pub fn is_undecided(&self) -> bool {
        let why = self.why.as_deref();
        why.is_some_and(|why| why.starts_with(UNDECIDED))
    }
}

/// What came of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It did not run.
    Skipped,
    /// It ran and left the request as it was.
    Unchanged,
    /// It changed the request.
    Changed,
    /// It could not do its work.
    Failed,
}

/// Why a rule fails for which no time is left.
pub const TIME_IS_OVER: &str = "the time of the turn's rules (`limits.rule_time`) was over";

/// What the rules did.
#[derive(Debug, Default)]
pub struct Applied {
    /// One step a rule, in order.
    pub steps: Vec<Step>,
    /// The rules that ran and touch the reply as well, in order.
    pub active: Vec<usize>,
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

/// Runs the rules but those in the shadow. `call`: the call's id, for rules that act in a share of
/// calls. `elapsed` gives the time since any fixed moment.
pub fn apply(
    ruleset: &Ruleset,
    request: &mut ChatRequest,
    turn: &mut Turn,
    call: Option<&str>,
    elapsed: &mut dyn FnMut() -> Duration,
) -> Result<Applied, Refused> {
    escape(ruleset, request, turn);
    apply_escaped(ruleset, request, turn, call, elapsed)
}

/// Before the first rule: what only looks like a placeholder is escaped.
pub fn escape(ruleset: &Ruleset, request: &mut ChatRequest, turn: &mut Turn) {
    if let Some(escapes) = &ruleset.escapes {
        turn.has_escapes = escapes.escape(request);
    }
    turn.wants_json = request.wants_json();
}

/// Sees a request after the rule at a place.
pub(super) type Watch<'w> = dyn FnMut(usize, &ChatRequest, &Turn) + 'w;

/// As [`apply`], for a request that was escaped.
pub fn apply_escaped(
    ruleset: &Ruleset,
    request: &mut ChatRequest,
    turn: &mut Turn,
    call: Option<&str>,
    elapsed: &mut dyn FnMut() -> Duration,
) -> Result<Applied, Refused> {
    let runs = |at: usize| !ruleset.rules[at].is_shadow;
    let watch = &mut |_: usize, _: &ChatRequest, _: &Turn| {};
    apply_those(&runs, ruleset, request, turn, call, elapsed, watch)
}

/// Runs the rules at some places on a request that was escaped; the others are as if they were not
/// there.
pub(super) fn apply_those(
    runs: &dyn Fn(usize) -> bool,
    ruleset: &Ruleset,
    request: &mut ChatRequest,
    turn: &mut Turn,
    call: Option<&str>,
    elapsed: &mut dyn FnMut() -> Duration,
    watch: &mut Watch<'_>,
) -> Result<Applied, Refused> {
    let mut applied = Applied::default();
    let rules = ruleset.rules.iter().enumerate();
    for (at, file) in rules.filter(|(at, _)| runs(*at)) {
        let step = step(file, request, turn, call, elapsed);
        if matches!(step.outcome, Outcome::Changed | Outcome::Unchanged) {
            applied.active.push(at);
        }
        let has_failed = step.outcome == Outcome::Failed && file.fails_closed;
        let refusal = has_failed.then(|| step.why.clone().unwrap_or_default());
        applied.steps.push(step);
        watch(at, request, turn);
        if let Some(why) = refusal {
            return Err(Refused {
                rule: file.name.clone(),
                why,
                steps: applied.steps,
            });
        }
    }
    turn.wants_json = request.wants_json();
    Ok(applied)
}

/// Runs one rule.
pub(super) fn step(
    file: &RuleFile,
    request: &mut ChatRequest,
    turn: &mut Turn,
    call: Option<&str>,
    elapsed: &mut dyn FnMut() -> Duration,
) -> Step {
    let before = elapsed();
    let (outcome, why) = run(file, request, turn, call);
    let why = with_notes(why, file, &turn.notes);
    let took = elapsed().saturating_sub(before);
    Step {
        rule: file.name.clone(),
        kind: file.kind.name,
        outcome,
        why,
        micros: u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
    }
}

fn run(
    file: &RuleFile,
    request: &mut ChatRequest,
    turn: &mut Turn,
    call: Option<&str>,
) -> (Outcome, Option<String>) {
    if let Some(why) = not_in_share(file, call) {
        return (Outcome::Skipped, Some(why.to_owned()));
    }
    if turn.clock.is_over() {
        return (Outcome::Failed, Some(TIME_IS_OVER.to_owned()));
    }
    let mut why = None;
    match file.when.as_ref().map(|when| when.evaluate(&turn.facts)) {
        None | Some(Verdict::Holds) => {}
        Some(Verdict::Fails { note }) => {
            return (
                Outcome::Skipped,
                Some(note.unwrap_or_else(|| "its condition does not hold".to_owned())),
            );
        }
        Some(Verdict::Undecided { why: reason }) if file.kind.fails_closed => {
            why = Some(format!("{UNDECIDED} ({reason}), so it runs"));
        }
        Some(Verdict::Undecided { why }) => {
            return (Outcome::Skipped, Some(format!("{UNDECIDED}: {why}")));
        }
    }
    match changed(file, request, turn) {
        Ok(Change::Changed) => (Outcome::Changed, why),
        Ok(Change::Unchanged) => (Outcome::Unchanged, why),
        Err(error) => (Outcome::Failed, Some(error.to_string())),
    }
}

/// What is to be said of a step, with what its rule did without.
fn with_notes(why: Option<String>, file: &RuleFile, notes: &[Note]) -> Option<String> {
    let about = notes.iter().filter(|note| file.speaks_of(&note.about));
    let all: Vec<String> = why
        .into_iter()
        .chain(about.map(|note| note.text.clone()))
        .collect();
    (!all.is_empty()).then(|| all.join("; "))
}

/// Why a rule does not act in this call, whatever its condition says.
pub(super) fn not_in_share(file: &RuleFile, call: Option<&str>) -> Option<&'static str> {
    if !file.is_enabled {
        return Some("it is not enabled");
    }
    match (file.percent, call) {
        (None, _) => None,
        (Some(_), None) => Some("the call has no id, so it is in no share of calls"),
        (Some(percent), Some(call)) if share(call, &file.name) >= percent => {
            Some("the call is not in its share")
        }
        (Some(_), Some(_)) => None,
    }
}

/// Runs the rule. A panic hits this turn only.
fn changed(
    file: &RuleFile,
    request: &mut ChatRequest,
    turn: &mut Turn,
) -> Result<Change, RuleError> {
    catch_unwind(AssertUnwindSafe(|| file.rule.on_request(request, turn)))
        .unwrap_or_else(|_| Err(RuleError("the rule panicked".to_owned())))
}

/// Where a call stands among a hundred: the same on every machine and in every release. FNV-1a
/// reads the bytes; the finaliser of MurmurHash3 mixes them, since FNV alone leaves ids that differ
/// in their last signs at the same distance from each other, whatever the rule.
fn share(call: &str, rule: &str) -> u8 {
    let bytes = rule.bytes().chain([0]).chain(call.bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    // The remainder is below 100.
    ((hash ^ (hash >> 33)) % 100) as u8
}

#[cfg(test)]
mod injection;
#[cfg(test)]
mod tests;
