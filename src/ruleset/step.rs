//! One rule of a turn on its way out: whether it runs, and what it did.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::RuleFile;
use super::arms::not_in_share;
use super::first_turn::first_turn;
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
    pub outcome: StepOutcome,
    /// Why, where it was skipped or failed; else what people may want to know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// How long it took, in microseconds.
    pub micros: u64,
}

/// How the reason of a step begins whose rule has a condition that can't be decided.
const UNDECIDED: &str = "its condition can't be decided";

impl Step {
    /// Of a rule that does not run, for this reason.
    pub(super) fn skipped(file: &RuleFile, why: String) -> Step {
        Step {
            rule: file.name.clone(),
            kind: file.kind.name,
            outcome: StepOutcome::Skipped,
            why: Some(why),
            micros: 0,
        }
    }

    /// Whether the rule ran, whatever it did.
    pub fn has_run(&self) -> bool {
        matches!(
            self.outcome,
            StepOutcome::Changed | StepOutcome::Unchanged | StepOutcome::Answered
        )
    }

    /// Whether the rule was run, also where that failed.
    pub fn has_been_run(&self) -> bool {
        self.outcome != StepOutcome::Skipped
    }

    /// Whether the rule's condition could not be decided.
    pub fn is_undecided(&self) -> bool {
        is_undecided(self.why.as_deref())
    }
}

/// Whether a step has this reason since its rule's condition could not be decided.
pub fn is_undecided(why: Option<&str>) -> bool {
    why.is_some_and(|why| why.starts_with(UNDECIDED))
}

/// What came of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StepOutcome {
    /// It did not run.
    Skipped,
    /// It ran and left the request as it was.
    Unchanged,
    /// It changed the request.
    Changed,
    /// It answered in the model's place. To whoever reads steps it has changed the turn, and why says
    /// how.
    #[serde(rename(serialize = "changed", deserialize = "answered"))]
    Answered,
    /// It could not do its work.
    Failed,
}

/// Why a rule fails for which no time is left.
pub const TIME_IS_OVER: &str = "the time of the turn's rules (`limits.rule_time`) was over";

/// What a step says whose rule answered.
const ANSWERS: &str = "it answers in the model's place, and no model is asked";

/// Runs one rule.
pub(super) fn run_rule(
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
) -> (StepOutcome, Option<String>) {
    if let Some(why) = not_in_share(file, call) {
        return (StepOutcome::Skipped, Some(why.to_owned()));
    }
    if turn.clock.is_over() {
        return (StepOutcome::Failed, Some(TIME_IS_OVER.to_owned()));
    }
    let mut why = None;
    let verdict = match file.does.looks_back {
        true => first_turn(file, turn).map_or_else(Some, |first| {
            turn.first = Some(first);
            None
        }),
        false => file.when.as_ref().map(|when| when.evaluate(&turn.facts)),
    };
    match verdict {
        None | Some(Verdict::Holds) => {}
        Some(Verdict::Fails { note }) => {
            return (
                StepOutcome::Skipped,
                Some(note.unwrap_or_else(|| "its condition does not hold".to_owned())),
            );
        }
        Some(Verdict::Undecided { why: reason }) if file.kind.fails_closed => {
            why = Some(format!("{UNDECIDED} ({reason}), so it runs"));
        }
        Some(Verdict::Undecided { why }) => {
            return (StepOutcome::Skipped, Some(format!("{UNDECIDED}: {why}")));
        }
    }
    let did = changed(file, request, turn);
    let remark = turn.remark.take();
    turn.first = None;
    let outcome = match did {
        Ok(Change::Changed) => StepOutcome::Changed,
        Ok(Change::Unchanged) => StepOutcome::Unchanged,
        Ok(Change::Answered) => StepOutcome::Answered,
        Err(error) => return (StepOutcome::Failed, Some(error.to_string())),
    };
    let answers = (outcome == StepOutcome::Answered).then(|| ANSWERS.to_owned());
    (
        outcome,
        joined(why.into_iter().chain(answers).chain(remark)),
    )
}

/// What is to be said of a step, with what its rule did without.
fn with_notes(why: Option<String>, file: &RuleFile, notes: &[Note]) -> Option<String> {
    let about = notes.iter().filter(|note| file.speaks_of(&note.about));
    joined(why.into_iter().chain(about.map(|note| note.text.clone())))
}

/// What is to be said of a step, in one text; none: nothing.
fn joined(parts: impl Iterator<Item = String>) -> Option<String> {
    let parts: Vec<String> = parts.collect();
    (!parts.is_empty()).then(|| parts.join("; "))
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
