//! Rules that are tried on turns that are kept, and never saved: what would have been otherwise.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use super::KeptTurn;
use crate::record::{Difference, Line, LineReading, Unknown, difference, play_within, unknown};
use crate::rule::Clock;
use crate::ruleset::{Ruleset, StepOutcome};

/// The most turns of which it is shown what changes.
const MOST_SHOWN: usize = 20;

/// Rules to try, and on what.
pub struct TrialOfTurns<'t> {
    /// The rules of the route, one of which is another.
    pub ruleset: &'t Arc<Ruleset>,
    /// The rule that is another.
    pub rule: &'t str,
    /// The turns, the newest first.
    pub turns: &'t [KeptTurn],
    /// The turn that is looked at.
    pub this: Option<&'t str>,
    /// When the time for all of it is over.
    pub clock: &'t Clock,
}

/// What came of it.
#[derive(Debug, Default, Serialize)]
pub struct TrialReport {
    /// What would be otherwise in the turn that is looked at.
    pub this: Option<TurnTrial>,
    /// So many turns were tried.
    pub tried: usize,
    /// Of so many.
    pub of: usize,
    /// So many would be otherwise.
    pub changed: usize,
    /// Of so many it is not known.
    pub unknown: usize,
    /// Why, and of how many turns each.
    pub why_unknown: Vec<(String, usize)>,
    /// Those that would be otherwise, the newest first; not all, where there are many.
    pub changes: Vec<Difference>,
}

/// What would be otherwise in one turn.
#[derive(Debug, Serialize)]
pub struct TurnTrial {
    /// What the rule would do: its outcome, and why.
    pub outcome: Option<(StepOutcome, Option<String>)>,
    /// What would be otherwise; none: nothing.
    pub difference: Option<Difference>,
    /// Why it is not known.
    pub unknown: BTreeSet<String>,
}

impl TrialOfTurns<'_> {
    /// Tries them, for as long as there is time.
    pub fn run(&self) -> TrialReport {
        let lines = self.turns.iter().filter(|turn| turn.line.is_some());
        let mut report = TrialReport {
            of: lines.clone().count(),
            ..TrialReport::default()
        };
        // The turn that is looked at comes first: for that there is time.
        let is_this = |turn: &&KeptTurn| Some(&*turn.head.turn) == self.this;
        if let Some(line) = lines.clone().find(is_this).and_then(read) {
            report.this = Some(self.try_one(&line));
        }
        let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
        for line in lines.filter_map(read) {
            if self.clock.is_over() {
                break;
            }
            let tried = self.try_one(&line);
            report.tried += 1;
            let is_unknown = !tried.unknown.is_empty();
            for why in tried.unknown {
                *reasons.entry(why).or_default() += 1;
            }
            match tried.difference {
                Some(difference) => {
                    report.changed += 1;
                    if report.changes.len() < MOST_SHOWN {
                        report.changes.push(difference);
                    }
                }
                None => report.unknown += usize::from(is_unknown),
            }
        }
        report.why_unknown = reasons.into_iter().collect();
        report
    }

    fn try_one(&self, line: &Line) -> TurnTrial {
        let played = play_within(self.ruleset, line, self.clock);
        let step = played.steps.iter().find(|step| step.rule == self.rule);
        TurnTrial {
            outcome: step.map(|step| (step.outcome, step.why.clone())),
            difference: difference(line, &played),
            unknown: unknown(self.ruleset, line).iter().map(told).collect(),
        }
    }
}

fn told(unknown: &Unknown) -> String {
    format!("{}: {}", unknown.rule, unknown.why)
}

fn read(turn: &KeptTurn) -> Option<Line> {
    LineReading(None).line(turn.line.as_deref()?).ok()
}
