//! What a turn keeps for its shadow rules, which are tried on a thread of their own when it is over.
//!
//! A turn gives what it no longer needs, and waits for nothing.

use std::sync::Arc;

use super::gather::{self, Who};
use crate::chat::reader::Event;
use crate::ruleset::{Said, Trial, TurnInput};
use crate::server::state::rules::Rules;
use crate::server::state::snapshot::Shared;
use crate::server::state::trials::{Job, Shadows};
use crate::upstream::Clients;

/// The most of one stream that is kept, in bytes of memory.
const LARGEST: usize = 1 << 20;

/// What a turn keeps for its shadow rules. They are tried when this is dropped.
#[derive(Debug)]
pub(in crate::server) struct Shadow {
    shadows: Arc<Shadows>,
    /// None: it was handed over.
    job: Option<Job>,
    weight: usize,
}

impl Shadow {
    /// What there is to keep before the rules run; none where no rule is in the shadow.
    pub(in crate::server) fn of(
        shared: &Shared,
        rules: &Arc<Rules>,
        id: &str,
        input: &TurnInput,
    ) -> Option<Shadow> {
        let trial = || Trial {
            input: input.clone(),
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

    /// Asks for what only shadow rules speak of.
    pub(in crate::server) async fn gather(
        &mut self,
        shared: &Shared,
        clients: &Clients,
        who: &Who,
    ) {
        if let Some(job) = &mut self.job {
            let ruleset = &job.rules.ruleset;
            gather::gather_for_shadows(shared, clients, ruleset, &mut job.trial, who).await;
        }
    }

    /// Keeps an event of the reply.
    pub(in crate::server) fn event(&mut self, event: &Event) {
        self.weight = self.weight.saturating_add(event.weight());
        if let Some(job) = self.job.as_mut().filter(|_| self.weight <= LARGEST) {
            match &mut job.trial.said {
                Said::Events(events) => events.push(event.clone()),
                said => *said = Said::Events(vec![event.clone()]),
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
