//! Tries shadow rules on a thread of their own, when a turn is over.
//!
//! A turn gives what it no longer needs, and waits for nothing. If more turns wait than the thread
//! can try, the next ones are not tried, and say so.

use std::convert::Infallible;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use tracing::{debug, warn};

use super::gather::{self, Who};
use super::log;
use super::passing::clock_of;
use crate::chat::ChatRequest;
use crate::chat::reader::Event;
use crate::rule::Turn;
use crate::ruleset::{Outcome, Said, Step, Trial, try_shadows};
use crate::server::state::rules::Rules;
use crate::server::state::snapshot::Shared;

/// So many turns may wait to be tried.
const MOST_WAITING: usize = 32;
/// The most of one stream that is kept, in bytes of memory.
const LARGEST: usize = 1 << 20;

/// The thread; it starts with the first turn that has shadow rules.
#[derive(Debug, Default)]
pub(in crate::server) struct Shadows(OnceLock<Option<SyncSender<Job>>>);

/// What a turn keeps for its shadow rules. They are tried when this is dropped.
#[derive(Debug)]
pub(in crate::server) struct Shadow {
    shadows: Arc<Shadows>,
    /// None: it was handed over.
    job: Option<Job>,
    weight: usize,
}

#[derive(Debug)]
struct Job {
    rules: Arc<Rules>,
    turn: String,
    trial: Trial,
    rule_time: Duration,
}

impl Shadow {
    /// What there is to keep before the rules run; none where no rule is in the shadow.
    pub(in crate::server) fn of(
        shared: &Shared,
        rules: &Arc<Rules>,
        id: &str,
        request: &ChatRequest,
        turn: &Turn,
        call: Option<&str>,
    ) -> Option<Shadow> {
        let trial = || Trial {
            request: request.clone(),
            facts: turn.facts.clone(),
            notes: turn.notes.clone(),
            call: call.map(str::to_owned),
            most_injected: shared.most_injected,
            said: Said::Nothing,
        };
        rules.ruleset.has_shadows().then(|| Shadow {
            shadows: shared.process.shadows.clone(),
            job: Some(Job {
                rules: rules.clone(),
                turn: id.to_owned(),
                trial: trial(),
                rule_time: shared.rule_time,
            }),
            weight: 0,
        })
    }

    /// Asks for what only shadow rules speak of. It never ends: it is awaited beside what a turn
    /// waits for anyway, and dropped with it.
    pub(in crate::server) async fn gather(
        shadow: &mut Option<Shadow>,
        shared: &Shared,
        who: &Who,
    ) -> Infallible {
        if let Some(job) = shadow.as_mut().and_then(|shadow| shadow.job.as_mut()) {
            gather::gather_for_shadows(shared, &job.rules.ruleset, &mut job.trial, who).await;
        }
        std::future::pending().await
    }

    /// Keeps an event of the reply.
    pub(in crate::server) fn event(&mut self, event: Event) {
        self.weight = self.weight.saturating_add(event.weight());
        if let Some(job) = self.job.as_mut().filter(|_| self.weight <= LARGEST) {
            match &mut job.trial.said {
                Said::Events(events) => events.push(event),
                said => *said = Said::Events(vec![event]),
            }
        }
    }

    /// Keeps a reply that was not streamed.
    pub(in crate::server) fn whole(&mut self, text: &str) {
        if let Some(job) = self.job.as_mut().filter(|_| text.len() <= LARGEST) {
            job.trial.said = Said::Whole(text.to_owned());
        }
    }
}

impl Drop for Shadow {
    fn drop(&mut self) {
        if let Some(job) = self.job.take() {
            self.shadows.hand_over(job);
        }
    }
}

impl Shadows {
    fn hand_over(&self, job: Job) {
        let why = match self.0.get_or_init(start) {
            None => (job, "there is no thread to try it"),
            Some(thread) => match thread.try_send(job) {
                Ok(()) => return,
                Err(TrySendError::Full(job)) => (job, "too many turns wait to be tried"),
                Err(TrySendError::Disconnected(job)) => (job, "there is no thread to try it"),
            },
        };
        let (job, why) = why;
        tell(&job, &job.rules.ruleset.not_tried(why));
    }
}

fn start() -> Option<SyncSender<Job>> {
    let (sender, jobs) = sync_channel::<Job>(MOST_WAITING);
    let work = move || {
        for job in jobs {
            let began = Instant::now();
            let begin = || clock_of(job.rule_time);
            let elapsed = &mut || began.elapsed();
            let work = || try_shadows(&job.rules.ruleset, &job.trial, &begin, elapsed);
            // What a filter of a reply may do must not end the thread.
            let steps = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
            let steps = steps.unwrap_or_else(|_| job.rules.ruleset.not_tried("a rule panicked"));
            tell(&job, &steps);
        }
    };
    let thread = std::thread::Builder::new().name("shadow".to_owned());
    let started = thread.spawn(work);
    started
        .map_err(|error| warn!(%error, "no thread for shadow rules; they are not tried"))
        .ok()
        .map(|_| sender)
}

fn tell(job: &Job, steps: &[Step]) {
    job.rules.meters.count(steps);
    let (turn, call) = (job.turn.as_str(), job.trial.call.as_deref());
    log::undecided(&job.rules.meters, turn, call, steps);
    for step in steps {
        let (rule, why, micros) = (&step.rule, step.why.as_deref(), step.micros);
        match step.outcome {
            Outcome::Failed => warn!(turn, call, rule, why, "the shadow rule failed"),
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
    use crate::files::Source;
    use crate::lang::facts::Facts;
    use crate::ruleset::Ruleset;
    use crate::telemetry::metrics::{render, start_metrics};

    #[test]
    fn turns_that_find_no_room_wait_for_nobody_and_are_counted() {
        start_metrics();
        let text = "about = \"x\"\nshadow = true\n[then.inject]\ntext = \"a\"\n";
        let source = Source::new("10-no-room.toml", text);
        let (ruleset, problems) = Ruleset::read(vec![source], &|_| None);
        let ruleset = ruleset.unwrap_or_else(|| panic!("{problems:?}"));
        let rules = Arc::new(Rules::new(ruleset));
        let request = ChatRequest::parse(r#"{"messages":[{"role":"user","content":"a"}]}"#.into());
        let request = request.expect("a request");
        let (sender, waiting) = sync_channel(2);
        let shadows = Arc::new(Shadows(OnceLock::from(Some(sender))));
        for _ in 0..5 {
            drop(Shadow {
                shadows: shadows.clone(),
                job: Some(Job {
                    rules: rules.clone(),
                    turn: "turn_1".to_owned(),
                    trial: Trial {
                        request: request.clone(),
                        facts: Facts::new(),
                        notes: Vec::new(),
                        call: None,
                        most_injected: 1000,
                        said: Said::Nothing,
                    },
                    rule_time: Duration::from_secs(1),
                }),
                weight: 0,
            });
        }
        assert_eq!(waiting.try_iter().count(), 2);
        let series = "aside_shadow_steps_total{rule=\"10-no-room\",outcome=\"skipped\"} 3";
        assert!(render().contains(series), "{}", render());
    }
}
