//! What a turn keeps for its shadow rules, which are tried on a thread of their own when it is over.
//!
//! A turn gives what it no longer needs, and waits for nothing.

use std::sync::Arc;

use super::gather::{self, CallIds};
use crate::chat::reader::Event;
use crate::ruleset::{Said, Trial, TurnInput};
use crate::server::state::rules::CountedRuleset;
use crate::server::state::snapshot::Snapshot;
use crate::server::state::trials::{FinishedTurn, ShadowThread};
use crate::upstream::Clients;

/// The most of one stream that is kept, in bytes of memory.
const LARGEST: usize = 1 << 20;

/// What a turn keeps for its shadow rules. They are tried when this is dropped.
#[derive(Debug)]
pub(super) struct ShadowTurn {
    shadows: Arc<ShadowThread>,
    /// None: it was handed over.
    finished: Option<FinishedTurn>,
    weight: usize,
}

impl ShadowTurn {
    /// What there is to keep before the rules run; none where no rule is in the shadow.
    pub(super) fn of(
        snapshot: &Snapshot,
        rules: &Arc<CountedRuleset>,
        id: &str,
        input: &TurnInput,
    ) -> Option<ShadowTurn> {
        let trial = || Trial {
            input: TurnInput {
                trail: None,
                ..input.clone()
            },
            said: Said::Nothing,
        };
        rules.ruleset.has_shadows().then(|| ShadowTurn {
            shadows: snapshot.process.shadows.clone(),
            finished: Some(FinishedTurn {
                rules: rules.clone(),
                turn: id.to_owned(),
                trial: trial(),
                rule_time: snapshot.rule_time,
            }),
            weight: 0,
        })
    }

    /// Asks for what only shadow rules speak of.
    pub(super) async fn gather(&mut self, snapshot: &Snapshot, clients: &Clients, who: &CallIds) {
        if let Some(finished) = &mut self.finished {
            let ruleset = &finished.rules.ruleset;
            gather::gather_for_shadows(snapshot, clients, ruleset, &mut finished.trial, who).await;
        }
    }

    /// Keeps an event of the reply.
    pub(super) fn event(&mut self, event: &Event) {
        self.weight = self.weight.saturating_add(event.weight());
        if let Some(finished) = self.finished.as_mut().filter(|_| self.weight <= LARGEST) {
            match &mut finished.trial.said {
                Said::Events(events) => events.push(event.clone()),
                said => *said = Said::Events(vec![event.clone()]),
            }
        }
    }

    /// Keeps a reply that was not streamed.
    pub(super) fn whole(&mut self, text: &str) {
        if let Some(finished) = self.finished.as_mut().filter(|_| text.len() <= LARGEST) {
            finished.trial.said = Said::Whole(text.to_owned());
        }
    }
}

impl Drop for ShadowTurn {
    fn drop(&mut self) {
        if let Some(finished) = self.finished.take() {
            self.shadows.hand_over(finished);
        }
    }
}
