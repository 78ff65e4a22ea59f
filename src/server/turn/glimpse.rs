//! What the inspector tells of a turn that never went upstream: that it came, and how it ended.

use std::sync::Arc;

use super::request::now;
use super::turn_line::TurnLine;
use crate::inspect::{BegunTurn, Dark, EndedTurn, GlimpsedTurn, Inspector};
use crate::record::Timeline;
use crate::ruleset::Step;
use crate::server::state::meters::TurnEnd;
use crate::server::state::rules::CountedRuleset;
use crate::server::state::snapshot::Snapshot;

/// A turn of which only its ids are known yet. It is handed over when it is dropped, unless more of
/// it is watched by then.
#[derive(Debug)]
pub(super) struct TurnGlimpse {
    inspector: Arc<Inspector>,
    turn: Option<Box<GlimpsedTurn>>,
}

impl TurnGlimpse {
    /// A turn begins; none where nobody may look on.
    pub(super) fn begin(
        snapshot: &Snapshot,
        rules: &CountedRuleset,
        line: &TurnLine,
    ) -> Option<TurnGlimpse> {
        let inspector = snapshot.process.inspector.clone()?;
        let begun = BegunTurn {
            turn: line.turn().to_owned(),
            call: line.call().map(str::to_owned),
            route: line.route().to_owned(),
        };
        inspector.begun(|| begun.clone());
        let turn = GlimpsedTurn {
            at: now(),
            begun,
            rules: rules.ruleset.version().to_owned(),
            ended: TurnEnd::HungUp.name(),
            steps: Vec::new(),
            dark: Dark::EndedEarly,
            timeline: None,
        };
        Some(TurnGlimpse {
            inspector,
            turn: Some(Box::new(turn)),
        })
    }

    /// A rule failed that must not; its rules did this.
    pub(super) fn refused(&mut self, steps: &[Step]) {
        if let Some(turn) = &mut self.turn {
            turn.steps = steps.to_vec();
        }
    }

    /// It ends like this, and this happened when.
    pub(super) fn ended(&mut self, end: TurnEnd, timeline: &Timeline) {
        if let Some(turn) = &mut self.turn {
            turn.ended = end.name();
            turn.timeline = Some(timeline.clone());
            turn.dark = match end {
                TurnEnd::Refused => Dark::Refused,
                TurnEnd::Shed => Dark::TurnedAway,
                _ => Dark::EndedEarly,
            };
        }
    }

    /// More of it is watched from now on.
    pub(super) fn is_watched(&mut self) {
        self.turn = None;
    }
}

impl Drop for TurnGlimpse {
    fn drop(&mut self) {
        if let Some(turn) = self.turn.take() {
            self.inspector.take(EndedTurn::Glimpsed(turn));
        }
    }
}
