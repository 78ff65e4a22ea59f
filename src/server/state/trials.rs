//! The thread on which rules in the shadow are tried, when a turn is over.
//!
//! If more turns wait than the thread can try, the next ones are not tried, and say so.

use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use tracing::{debug, warn};

use super::rule_time::clock_of;
use super::rules::CountedRuleset;
use crate::ruleset::{Step, StepOutcome, Trial, try_shadows};

/// So many turns may wait to be tried.
const MOST_WAITING: usize = 32;

/// The thread; it starts with the first turn that has shadow rules.
#[derive(Debug, Default)]
pub(in crate::server) struct ShadowThread(OnceLock<Option<SyncSender<FinishedTurn>>>);

/// A turn that is over, and what its shadow rules are tried on.
#[derive(Debug)]
pub(in crate::server) struct FinishedTurn {
    /// Its rules.
    pub(in crate::server) rules: Arc<CountedRuleset>,
    /// Its id.
    pub(in crate::server) turn: String,
    /// What was known of it, asked and said.
    pub(in crate::server) trial: Trial,
    /// The longest that its rules may take.
    pub(in crate::server) rule_time: Duration,
}

impl ShadowThread {
    /// Has a turn tried, or says why not.
    pub(in crate::server) fn hand_over(&self, finished: FinishedTurn) {
        let why = match self.0.get_or_init(start) {
            None => (finished, "there is no thread to try it"),
            Some(thread) => match thread.try_send(finished) {
                Ok(()) => return,
                Err(TrySendError::Full(finished)) => (finished, "too many turns wait to be tried"),
                Err(TrySendError::Disconnected(finished)) => {
                    (finished, "there is no thread to try it")
                }
            },
        };
        let (finished, why) = why;
        tell(&finished, &finished.rules.ruleset.not_tried(why));
    }
}

fn start() -> Option<SyncSender<FinishedTurn>> {
    let (sender, all_finished) = sync_channel::<FinishedTurn>(MOST_WAITING);
    let work = move || {
        for finished in all_finished {
            let began = Instant::now();
            let begin = || clock_of(finished.rule_time);
            let elapsed = &mut || began.elapsed();
            let work = || try_shadows(&finished.rules.ruleset, &finished.trial, &begin, elapsed);
            // What a filter of a reply may do must not end the thread.
            let steps = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
            let steps =
                steps.unwrap_or_else(|_| finished.rules.ruleset.not_tried("a rule panicked"));
            tell(&finished, &steps);
        }
    };
    let thread = std::thread::Builder::new().name("shadow".to_owned());
    let started = thread.spawn(work);
    started
        .map_err(|error| warn!(%error, "no thread for shadow rules; they are not tried"))
        .ok()
        .map(|_| sender)
}

fn tell(finished: &FinishedTurn, steps: &[Step]) {
    finished.rules.meters.count(steps);
    let (turn, call) = (finished.turn.as_str(), finished.trial.input.call.as_deref());
    finished.rules.warn_of_undecided(turn, call, steps);
    for step in steps {
        let (rule, why, micros) = (&step.rule, step.why.as_deref(), step.micros);
        match step.outcome {
            StepOutcome::Failed => warn!(turn, call, rule, why, "the shadow rule failed"),
            outcome => debug!(
                turn,
                call,
                rule,
                ?outcome,
                why,
                micros,
                "the shadow rule was tried"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::ChatRequest;
    use crate::files::Source;
    use crate::lang::facts::Facts;
    use crate::ruleset::{Ruleset, Said, TurnInput};
    use crate::telemetry::metrics::{render, start_metrics};

    #[test]
    fn turns_that_find_no_room_wait_for_nobody_and_are_counted() {
        start_metrics();
        let text = "about = \"x\"\nshadow = true\n[then.inject]\ntext = \"a\"\n";
        let source = Source::new("10-no-room.toml", text);
        let (ruleset, problems) = Ruleset::read(vec![source], &|_| None);
        let ruleset = ruleset.unwrap_or_else(|| panic!("{problems:?}"));
        let rules = Arc::new(CountedRuleset::new(ruleset, None));
        let request = ChatRequest::parse(r#"{"messages":[{"role":"user","content":"a"}]}"#.into());
        let request = request.expect("a request");
        let (sender, waiting) = sync_channel(2);
        let shadows = ShadowThread(OnceLock::from(Some(sender)));
        for _ in 0..5 {
            shadows.hand_over(FinishedTurn {
                rules: rules.clone(),
                turn: "turn_1".to_owned(),
                trial: Trial {
                    input: TurnInput::new(request.clone(), Facts::default()),
                    said: Said::Nothing,
                },
                rule_time: Duration::from_secs(1),
            });
        }
        assert_eq!(waiting.try_iter().count(), 2);
        let series = "aside_shadow_outcome_total{rule=\"10-no-room\",outcome=\"skipped\"} 3";
        assert!(render().contains(series), "{}", render());
    }
}
