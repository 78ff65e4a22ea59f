//! What is counted of one turn, and its line in the log: both are written when it ends, whatever
//! way it does.

use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tracing::warn;

use super::turn_line::TurnLine;
use crate::rule::{ReplyFaults, Turn, UnknownCount};
use crate::server::state::meters::{OverheadPhase, RouteMeters, TurnEnd};
use crate::server::state::operation_meter::{ChunkMeter, OperationMeter};

/// Counts one turn when it is dropped, and writes its line into the log. One that nobody ended was
/// hung up.
#[derive(Debug)]
pub(super) struct TurnMeter {
    route: Arc<RouteMeters>,
    end: TurnEnd,
    unknown: UnknownCount,
    faults: ReplyFaults,
    /// What is counted of who answers; none: nobody does yet.
    operation: Option<Rc<OperationMeter>>,
    /// The same of the pieces of his stream; none: there is none.
    chunks: Option<ChunkMeter>,
    /// When the phase under way began.
    phase_began: Instant,
    /// What is logged of it.
    pub(super) line: TurnLine,
}

impl TurnMeter {
    /// A turn that begins.
    pub(super) fn begin(route: &Arc<RouteMeters>, line: TurnLine) -> TurnMeter {
        route.begin();
        TurnMeter {
            route: route.clone(),
            end: TurnEnd::HungUp,
            unknown: UnknownCount::default(),
            faults: ReplyFaults::default(),
            operation: None,
            chunks: None,
            phase_began: Instant::now(),
            line,
        }
    }

    /// From now on the reply of this turn is counted.
    pub(super) fn counts_reply_of(&mut self, turn: &Turn) {
        self.unknown = turn.unknown.clone();
        self.faults = turn.faults.clone();
    }

    /// Notes what was added to the turn in one phase of it.
    pub(super) fn overhead(&self, phase: OverheadPhase, time: Duration) {
        self.route.overhead(phase, time);
    }

    /// A phase is over, and the next begins.
    pub(super) fn phase_ends(&mut self, phase: OverheadPhase) {
        let now = Instant::now();
        let took = now.saturating_duration_since(self.phase_began);
        self.phase_began = now;
        self.route.overhead(phase, took);
    }

    /// Notes what the reply took of aside's own time, and the most that was held back of it.
    pub(super) fn replied(&self, took: Duration, most_held: usize) {
        self.route.overhead(OverheadPhase::Reply, took);
        self.route.held_back(most_held);
    }

    /// An upstream answers. `waited`: how long until the first piece of a stream.
    pub(super) fn answered(&mut self, operation: Rc<OperationMeter>, waited: Option<Duration>) {
        self.chunks = waited.map(|waited| operation.first_chunk(waited));
        self.operation = Some(operation);
    }

    /// A piece of the stream came then.
    pub(super) fn chunk(&mut self, at: Instant) {
        if let Some(chunks) = &mut self.chunks {
            chunks.chunk(at);
        }
    }

    /// How the turn ends, as far as is known.
    pub(super) fn how(&self) -> TurnEnd {
        match self.end {
            TurnEnd::HungUp if std::thread::panicking() => TurnEnd::Broken,
            end => end,
        }
    }

    /// Says how the turn ends.
    pub(super) fn end(&mut self, end: TurnEnd) {
        self.end = end;
    }
}

impl Drop for TurnMeter {
    fn drop(&mut self) {
        let end = self.how();
        self.line.write(end.name());
        if let Some(why) = self.faults.first() {
            let (turn, call) = (self.line.turn(), self.line.call());
            let count = self.faults.count();
            warn!(turn, call, count, why, "a rule failed over the reply");
        }
        if let Some(operation) = &self.operation {
            operation.tokens(self.line.usage());
        }
        self.route.end(end, self.unknown.get());
    }
}
